"""The models behind the server: a prompt in, the text of its reply out."""

import json
import re
from typing import Protocol

from longhop.rehearsal.asking import NOTHING, answers, mend, questions
from longhop.rehearsal.chance import VERSION
from longhop.rehearsal.conduct import Conduct
from longhop.rehearsal.faults import happens
from longhop.rehearsal.judging import classify, compare, judge
from longhop.rehearsal.merging import merge
from longhop.rehearsal.prompting import Prompt
from longhop.rehearsal.relations import language_of
from longhop.rehearsal.solving import answer, answer_from_memory
from longhop.rehearsal.spoiling import Said, malform, refuse, spoil
from longhop.rehearsal.writing import write, write_on

_INJECTION = re.compile(
    r"(?:ignore (?:all )?previous instructions|忽略(?:之前|以上|先前)的?(?:所有)?指令)"
    r"[\s,，]*(?:and )?([^\n\"”。.]+)",
    re.IGNORECASE,
)


# What a model that writes too little writes of what is asked for: 30 to 60%.
_SHORT, _SHORTER = 0.3, 0.3


class Model(Protocol):
    """What the server serves: a name that begins with "rehearsal-", and contents of replies."""

    @property
    def name(self) -> str:
        """The name that it answers to."""

    def content(self, prompt: Prompt) -> dict[str, object]:
        """The fields of the reply to a prompt: always the same for the same prompt."""

    def garbles(self, prompt: Prompt) -> bool:
        """Whether it cannot keep to JSON here, of itself."""


class RuleBasedReader:
    """The rehearsal model: it reads sentences by their patterns, with the faults of its table."""

    name = f"rehearsal-{VERSION}"

    def content(self, prompt: Prompt) -> dict[str, object]:
        """The fields of the reply to a prompt, by the prompt's task."""
        return _content(prompt)

    def garbles(self, prompt: Prompt) -> bool:
        """Whether it cannot keep to JSON here; for half of those it can when asked again."""
        return happens("malformed", *prompt.content) and (
            not prompt.again or happens("malformed_again", *prompt.content)
        )


def reply(model: Model, prompt: Prompt, conduct: Conduct) -> Said:
    """The reply to a prompt: the same for the same prompt and conduct, to the byte."""
    if conduct.strikes(conduct.refuse_share, "refuse", *prompt.content):
        return refuse()
    if prompt.task == "written_context" and conduct.strikes(
        conduct.short_share, "short", str(prompt.words), *prompt.content
    ):
        prompt = prompt.cut_short(_SHORT + _SHORTER * conduct.draw("how short", *prompt.content))
    obeyed = _obedient(prompt) if conduct.obey_injections else None
    content = obeyed or model.content(prompt)
    if spoilt := spoil(content, prompt, conduct):
        return spoilt
    if model.garbles(prompt):
        return malform(content, prompt)
    return Said(json.dumps(content, ensure_ascii=False), spoilt="obeyed" if obeyed else "")


def _content(prompt: Prompt) -> dict[str, object]:
    match prompt.task:
        case "asked_questions" | "single_hop_questions" | "reasoned_questions":
            return _asked(prompt)
        case "found_answers" | "reasoned_answers":
            about = prompt.value("title"), prompt.value("document")
            found = answers(*about, prompt.values("question"))
            return {"answers": [_reasoned(each, prompt) for each in found]}
        case "mended_questions":
            about = prompt.value("title"), prompt.value("document")
            return {"questions": mend(*about, prompt.values("question"))}
        case "merged_question" | "reasoned_merge":
            hops = list(zip(prompt.values("question"), prompt.values("answer"), strict=False))
            merged, its_answer = merge(prompt.value("composition"), hops, prompt.value("objection"))
            return _reasoned({"question": merged, "answer": its_answer}, prompt)
        case "judgement":
            asked_of, given = prompt.values("question"), prompt.values("answer")
            hops_told = zip(asked_of[1:], given[1:], prompt.values("evidence"), strict=False)
            return judge(prompt.value("question"), prompt.value("answer"), list(hops_told))
        case "classification":
            asked_of, given = prompt.values("question"), prompt.values("answer")
            hops_told = zip(asked_of[1:], given[1:], prompt.values("evidence"), strict=False)
            return classify(prompt.value("question"), prompt.value("answer"), list(hops_told))
        case "compared_answers":
            return compare(prompt.value("answer"), prompt.value("given"))
        case "short_answer":
            return _short_answer(prompt)
        case "written_context":
            return _written(prompt)
    return {"rationale": "This is not a task that I know."}


def _written(prompt: Prompt) -> dict[str, object]:
    question, answer, words = prompt.value("question"), prompt.value("answer"), prompt.words
    if told := prompt.values("section"):
        return write_on(question, answer, words, len(told))
    facts = list(zip(prompt.values("fact"), prompt.values("fact_answer"), strict=False))
    return write(question, answer, words, prompt.sections, facts)


def _asked(prompt: Prompt) -> dict[str, object]:
    asked = questions(prompt.value("title"), prompt.value("document"), prompt.limit)
    if prompt.task == "asked_questions":
        return {"questions": [each["question"] for each in asked]}
    return {"questions": [_reasoned(each, prompt) for each in asked]}


def _reasoned(content: dict[str, object], prompt: Prompt) -> dict[str, object]:
    return {"rationale": "The document says so.", **content} if prompt.reasons else content


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


def _obedient(prompt: Prompt) -> dict[str, object] | None:
    """What a model says that takes a document's word for an instruction."""
    found = next(filter(None, map(_INJECTION.search, prompt.values("document"))), None)
    asks = ("asked_questions", "single_hop_questions", "short_answer")
    if not found or prompt.task not in asks:
        return None
    said = re.sub(r"^(?:answer )?(?:only )?(?:with )?(?:the word )?", "", found[1].strip())
    if prompt.task == "short_answer":
        return {"rationale": "As instructed.", "answerable": True, "answer": said}
    if prompt.task == "asked_questions":
        return {"questions": [f"What is said of {said}?"]}
    entry = {**NOTHING, "question": "What is said?", "answer": said, "quote": found[0]}
    return {"questions": [{**entry, "subject": said, "relation": "instruction"}]}
