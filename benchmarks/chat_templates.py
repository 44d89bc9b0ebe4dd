"""What chat templates add to a conversation of one question and one answer, in tokens.

    python benchmarks/chat_templates.py

Every chat template that TRL brings, and Mistral's own encoding of conversations (version 3 and 7,
with tekken), over conversations in English and Chinese, of few and of many documents. Templates are
applied with tekken, to which the tags of all of them were added as tokens of their own, as the
tokenizers of their models have them. What is counted is what `publishing.template_tokens` allows
for: the tokens of the whole less those of the prompt and of the answer.

A template that leaves out words of the conversation, or cannot be applied to text alone, is named
apart. The last line is one JSON object.
"""

import json
import re
from pathlib import Path
from typing import Any

import mistral_common
import trl
from mistral_common.protocol.instruct.messages import AssistantMessage, UserMessage
from mistral_common.protocol.instruct.request import ChatCompletionRequest
from mistral_common.tokens.tokenizers.mistral import MistralTokenizer
from transformers.integrations.mistral import convert_tekken_tokenizer

from longhop.publishing.prompting import prompt_of
from longhop.spec.sections import Publishing

TAGS = re.compile(
    r"<\|[^|>\s]+\|>|<｜[^｜]+｜>|<\|\w+>|<\w+\|>|<\w+_of_turn>|\[/?INST\]|</?s>|<[be]os>"
)
TEKKEN = Path(mistral_common.__path__[0]) / "data" / "tekken_240911.json"
LETTER = {
    "en": ("river", "mill", "founded", "1640", "Orlin’s"),
    "zh": ("磨坊", "建立", "于", "1640"),
}
SHARES = (0, 0.5, 0.9)


def main() -> None:
    said = list(conversations())
    found: dict[str, list[int]] = {}
    apart: dict[str, str] = {}
    templates = {
        each.stem: each.read_text()
        for each in sorted((Path(trl.__file__).parent / "chat_templates").glob("*.jinja"))
    }
    tags = {tag for source in templates.values() for tag in TAGS.findall(source)}
    tokenizer = convert_tekken_tokenizer(str(TEKKEN))
    tokenizer.add_tokens(sorted(tags), special_tokens=True)
    for name, source in templates.items():
        try:
            added = by_template(tokenizer, source, said)
        except Exception as error:
            apart[name] = f"cannot be applied: {str(error)[:60]}"
            continue
        if min(added) < 0:
            apart[name] = "leaves out words"
            continue
        found[name] = added
    for name, mistral in (
        ("mistral v3", MistralTokenizer.v3(is_tekken=True)),
        ("mistral v7", MistralTokenizer.from_file(str(TEKKEN))),
    ):
        found[name] = by_mistral(mistral, said)
    worst = dict(sorted(((name, max(each)) for name, each in found.items()), key=lambda it: it[1]))
    allowed = Publishing.model_fields["template_tokens"].default
    counts = sorted(worst.values())
    print(
        json.dumps(
            {
                "conversations": len(said),
                "templates": len(worst),
                "added": {str(share): counts[int(share * len(counts))] for share in SHARES},
                "most": dict(list(worst.items())[-5:]),
                "default_allowance": allowed,
                "above_it": [name for name, most in worst.items() if most > allowed],
                "apart": apart,
            },
            ensure_ascii=False,
        )
    )


def conversations() -> list[tuple[str, str]]:
    """Prompts as they are published, and answers."""
    made = []
    for language, words in LETTER.items():
        for many in (3, 60):
            between = " " if language == "en" else ""
            context = "\n\n".join(
                f"Document {n}\n{between.join(words * 12)}." for n in range(1, many)
            )
            for answer in (words[0], between.join(words * 20)):
                question = f"{words[1]} {words[0]}?"
                made.append((prompt_of(question, answer, context, language), answer))
    return made


def by_template(tokenizer: Any, source: str, said: list[tuple[str, str]]) -> list[int]:
    tokenizer.chat_template = source
    added = []
    for prompt, answer in said:
        turns = [{"role": "user", "content": prompt}, {"role": "assistant", "content": answer}]
        whole = tokenizer.apply_chat_template(turns, tokenize=True, return_dict=True)["input_ids"]
        text = tokenizer.decode(whole)
        if answer not in text or prompt not in text:
            return [-1]
        added.append(len(whole) - count(tokenizer, prompt) - count(tokenizer, answer))
    return added


def count(tokenizer: Any, text: str) -> int:
    return len(tokenizer.encode(text, add_special_tokens=False))


def by_mistral(tokenizer: Any, said: list[tuple[str, str]]) -> list[int]:
    inner = tokenizer.instruct_tokenizer.tokenizer
    added = []
    for prompt, answer in said:
        turns = [UserMessage(content=prompt), AssistantMessage(content=answer)]
        request = ChatCompletionRequest(messages=turns)
        # An answer that comes last may go on; a turn behind it shows what its end takes.
        request.messages.append(UserMessage(content="?"))
        more = len(tokenizer.encode_chat_completion(request).tokens)
        alone = ChatCompletionRequest(messages=[UserMessage(content="?")])
        after = len(tokenizer.encode_chat_completion(alone).tokens) - 1  # it begins the text once
        texts = sum(len(inner.encode(each, bos=False, eos=False)) for each in (prompt, answer))
        added.append(more - after - texts)
    return added


if __name__ == "__main__":
    main()
