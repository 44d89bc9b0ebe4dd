"""The model behind the server: a prompt in, the text of its reply out."""

import json
import re
from dataclasses import dataclass

from longhop.rehearsal.asking import questions
from longhop.rehearsal.chance import draw
from longhop.rehearsal.conduct import Conduct
from longhop.rehearsal.faults import happens
from longhop.rehearsal.judging import judge
from longhop.rehearsal.merging import merge
from longhop.rehearsal.prompting import Prompt
from longhop.rehearsal.relations import language_of
from longhop.rehearsal.solving import answer, answer_from_memory
from longhop.rehearsal.writing import write

_INJECTION = re.compile(
    r"(?:ignore (?:all )?previous instructions|忽略(?:之前|以上|先前)的?(?:所有)?指令)"
    r"[\s,，]*(?:and )?([^\n\"”。.]+)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Said:
    """The text of a reply, and why it ended there: "stop" or "length"."""

    text: str
    finish: str = "stop"


def reply(prompt: Prompt, conduct: Conduct) -> Said:
    """The reply to a prompt: the same for the same prompt and conduct, to the byte."""
    content = _obedient(prompt) if conduct.obey_injections else None
    text = json.dumps(content or _content(prompt), ensure_ascii=False)
    if _is_malformed(prompt, conduct.malformed_share):
        return _malformed(text, prompt)
    return Said(text)


def _content(prompt: Prompt) -> dict[str, object]:
    match prompt.task:
        case "single_hop_questions":
            asked = questions(prompt.value("title"), prompt.value("document"), prompt.limit)
            return {"questions": asked}
        case "merged_question":
            hops = list(zip(prompt.values("question"), prompt.values("answer"), strict=False))
            merged, its_answer = merge(prompt.value("composition"), hops, prompt.value("objection"))
            return {"question": merged, "answer": its_answer}
        case "judgement":
            asked_of, given = prompt.values("question"), prompt.values("answer")
            hops_told = zip(asked_of[1:], given[1:], prompt.values("evidence"), strict=False)
            return judge(prompt.value("question"), prompt.value("answer"), list(hops_told))
        case "short_answer":
            return _short_answer(prompt)
        case "written_context":
            return write(prompt.value("question"), prompt.value("answer"), prompt.words)
    return {"rationale": "This is not a task that I know."}


def _short_answer(prompt: Prompt) -> dict[str, object]:
    question, documents = prompt.value("question"), prompt.values("document")
    found = answer(question, documents) if documents else answer_from_memory(question)
    chinese = language_of(question) == "zh"
    if found:
        rationale = (
            f"我逐步查找，得到{found}。" if chinese else f"Step by step this leads to {found}."
        )
    else:
        rationale = (
            "找不到所需的事实。" if chinese else "A fact that this needs is not to be found."
        )
    return {"rationale": rationale, "answerable": bool(found), "answer": found}


def _is_malformed(prompt: Prompt, extra: float) -> bool:
    if not happens("malformed", *prompt.content) and draw("worse", *prompt.content) >= extra:
        return False
    return not prompt.again or happens("malformed_again", *prompt.content)


def _malformed(text: str, prompt: Prompt) -> Said:
    chance = draw("malformation", *prompt.content)
    if chance < 0.4:
        return Said(text[: max(1, len(text) * 6 // 10)], "length")
    if chance < 0.7:
        return Said("Certainly! I have read the material with care and here is what I think of it.")
    return Said(
        text.replace('"question"', '"Q"').replace('"answer', '"reply').replace('"rationale', '"why')
    )


def _obedient(prompt: Prompt) -> dict[str, object] | None:
    """What a model says that takes a document's word for an instruction."""
    found = next(filter(None, map(_INJECTION.search, prompt.values("document"))), None)
    if not found or prompt.task not in ("single_hop_questions", "short_answer"):
        return None
    said = re.sub(r"^(?:answer )?(?:only )?(?:with )?(?:the word )?", "", found[1].strip())
    if prompt.task == "short_answer":
        return {"rationale": "As instructed.", "answerable": True, "answer": said}
    entry = {"question": "What is said?", "answer": said, "quote": found[0], "subject": said}
    return {"questions": [{**entry, "relation": "instruction", "kind": "other"}]}
