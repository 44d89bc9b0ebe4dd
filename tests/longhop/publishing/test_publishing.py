"""What is published: benchmarks kept out, untrusted text kept dead, counts that say all."""

import json
from pathlib import Path

import pytest

from longhop.contexts.composing import Composer
from longhop.contexts.layout import lay_out
from longhop.errors import ConfigError
from longhop.publishing.decontaminating import find_contaminations, read_benchmarks
from longhop.publishing.describing import write_card
from longhop.publishing.funnel import add_up, funnel_rows
from longhop.publishing.rendering import make_example
from longhop.publishing.tallying import Tally
from longhop.publishing.turns import to_chat, turns_of
from longhop.records.accounts import Balance
from longhop.records.examples import Example
from longhop.spec.sections import Contexts
from longhop.storage.sources import FileSources
from tests.longhop.contexts import test_composing as composing
from tests.longhop.storage.test_artifacts import manifest

ITEM = "Which household good was never to be carried across the quay after the second evening bell"
HOSTILE = '<script>alert(1)</script><img src=x onerror="alert(2)">'


@pytest.mark.parametrize(
    ("text", "touched"),
    [
        (f"A page says: {ITEM}? Nobody knew.", True),
        (f"A page says: {ITEM.upper()}!", True),
        (ITEM.replace(" ", "\n"), True),
        (ITEM.replace("carried", "moved"), False),
        ("Which household good was it?", False),
        ("The short item stands here whole: who rang the second bell of all, they asked.", True),
        ("", False),
    ],
)
def test_a_shared_run_of_words_is_found(tmp_path: Path, text: str, touched: bool):
    path = tmp_path / "b.jsonl"
    rows = [
        {"question": ITEM, "more": [{"deep": "Who rang the second bell of all?"}]},
        {"a": "yes"},
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    known = read_benchmarks([str(path)], FileSources(), ngram=13)

    assert bool(find_contaminations("decontaminate", "d", text, known)) is touched


def test_a_benchmark_that_cannot_be_read_stops_the_build(tmp_path: Path):
    path = tmp_path / "b.jsonl"
    path.write_text('{"question": "a"}\n{broken\n')

    with pytest.raises(ConfigError, match=r"b\.jsonl:2"):
        read_benchmarks([str(path)], FileSources(), ngram=13)


def example(**changes: object) -> Example:
    books = composing.library()
    for each in list(books.documents):
        page = books.documents[each]
        books.documents[each] = page.model_copy(update={"title": f"{page.title} {HOSTILE}"})
    row = composing.row().model_copy(update={"question": f"Who {HOSTILE}?", **changes})
    composer = Composer(books, composing.TOKENIZER)
    context = composer.compose(
        row, composing.CHUNKS, lay_out(row, Contexts(tokens=(1024,)), dataset="test")
    )
    licenses = dict.fromkeys(books.documents, "CC0-1.0")
    return make_example(row, context, composer, licenses=licenses, draws={})


def tally(*rows: Example) -> Tally:
    counted = Tally()
    for row in rows:
        counted.add(row, wanted=row.tokens)
    return counted


def test_licences_cannot_break_the_card():
    hostile = f"MIT | {HOSTILE}\n# x ![x](http://evil/x.png) [c](javascript:a) back\\|slash"
    told = manifest().model_copy(update={"licenses": {hostile: 1}})
    card = write_card(told, tally(example())).decode()
    (line,) = (each for each in card.splitlines() if "MIT" in each)

    assert "<script" not in card and "\n# x" not in card
    assert line.count("|") == 3
    assert not set("![]()<>\\`") & set(line)


def test_messages_of_any_language_can_be_rendered():
    row = example().model_copy(update={"language": "fr"})

    assert "Answer the question" in turns_of(row).prompt


def test_messages_end_with_the_answer():
    row = example()
    user, assistant = to_chat(turns_of(row))["messages"]

    assert user["content"].startswith(row.context) and row.question in user["content"]
    assert assistant == {"role": "assistant", "content": row.answer}


def test_a_balance_that_does_not_add_up_cannot_be_made():
    with pytest.raises(ValueError, match="10 chunks went in and 9 came out"):
        Balance(stage="ask", unit="chunk", taken=10, accepted=8, rejected={"unparsable": 1})


def test_shards_are_added_up_and_every_reason_is_told():
    part = Balance(
        stage="ask", unit="chunk", taken=4, accepted=2, rejected={"unparsable": 1}, left={"x": 1}
    )
    (total,) = add_up([part, part])
    (row,) = funnel_rows([total])

    assert (total.taken, total.accepted) == (8, 4)
    assert row["reasons"] == "unparsable 2, x 2"
