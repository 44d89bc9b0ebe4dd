"""Every layout becomes one thing: a question, its answers, a context, and its evidence."""

import json
from pathlib import Path
from typing import Any

import pytest

from longhop.auditing.items import Item
from longhop.auditing.layouts import find_layout, named_layout, renamed
from longhop.auditing.parting import find_parts, take_apart
from longhop.auditing.plan import AuditPlan
from longhop.auditing.reading import Counts, read_items
from longhop.errors import ConfigError
from longhop.storage.sources import FileSources

ORLIN = "Orlin was founded by Brisa Holm in 1833."
ADA = "Ada Marr was born in Orlin."
TOLD = {"question": "Who founded the town where Ada Marr was born?", "answer": "Brisa Holm"}
PAGES = [("Orlin", ORLIN), ("Ada Marr", ADA), ("Tasby", "Tasby has a harbour.")]
ROWS: dict[str, dict[str, Any]] = {
    "musique": {
        **TOLD,
        "hops": 2,
        "decomposition": [{"paragraph_idx": 1}, {"paragraph_idx": 0}],
        "paragraphs": [
            {"idx": at, "title": title, "text": text, "is_supporting": at < 2}
            for at, (title, text) in enumerate(PAGES)
        ],
    },
    "hotpotqa": {
        **TOLD,
        "supporting_facts": [
            {"title": "Ada Marr", "sentence": 0},
            {"title": "Orlin", "sentence": 0},
        ],
        "paragraphs": [{"title": title, "sentences": [text]} for title, text in PAGES],
    },
    "longmit": {
        **TOLD,
        "all_docs": [text for _, text in PAGES],
        "clue_docs": [ADA, ORLIN],
        "type": "inter_doc",
        "language": "english",
        "hop": 2,
    },
    "loogle": {"context": f"{ORLIN} {ADA}", "qas": [{**TOLD, "evidence": [ADA, ORLIN]}]},
    "squad": {
        "paragraphs": [
            {
                "context": ORLIN,
                "qas": [
                    {
                        "question": "Who founded Orlin?",
                        "answers": [{"text": "Brisa Holm", "answer_start": 21}],
                    }
                ],
            }
        ]
    },
    "plain": {**TOLD, "context": f"{ORLIN}\n\n{ADA}"},
    "messages": {
        "messages": [
            {"role": "system", "content": "Be brief."},
            {
                "role": "user",
                "content": f"Document 1: Orlin\n{ORLIN}\n\nDocument 2: Ada Marr\n{ADA}\n\n"
                f"Answer the question from the documents above.\n\nQuestion: {TOLD['question']}",
            },
            {"role": "assistant", "content": "Brisa Holm"},
        ]
    },
    "sharegpt": {
        "conversations": [
            {"from": "human", "value": f"{ORLIN}\n\n{ADA}\n\n{TOLD['question']}"},
            {"from": "gpt", "value": "Brisa Holm"},
        ]
    },
    "prompt": {"prompt": f"{ORLIN}\n\n{ADA}\n\n{TOLD['question']}", "completion": "Brisa Holm"},
}  # fmt: skip


def items_of(name: str) -> list[Item]:
    return list(find_layout(ROWS[name], "here:1").read(ROWS[name]))


@pytest.mark.parametrize("name", ROWS)
def test_a_layout_is_told_by_its_fields(name: str):
    assert find_layout(ROWS[name], "here:1").name == name
    (item,) = items_of(name)

    assert item.answers[0] == "Brisa Holm"
    assert item.question in (TOLD["question"], "Who founded Orlin?")
    assert "Brisa Holm" in item.context.text
    assert item.question not in item.context.text


@pytest.mark.parametrize("name", ["musique", "hotpotqa", "longmit", "loogle"])
def test_stated_evidence_is_where_its_text_stands(name: str):
    (item,) = items_of(name)
    said = {each.hop: item.context.text[each.start : each.end] for each in item.spans}

    assert said == {1: ADA, 2: ORLIN}
    assert (item.states, item.lost) == (True, 0)


def test_a_stated_place_is_that_of_its_answer():
    (item,) = items_of("squad")
    (span,) = item.spans

    assert item.context.text[span.start : span.end] == "Brisa Holm"


def test_evidence_that_is_not_there_is_counted_as_lost():
    """A clue that is none of the documents, and a sentence that its paragraph has not."""
    mit = {**ROWS["longmit"], "clue_docs": [ADA, "Nothing of this is there."]}
    hotpot = {**ROWS["hotpotqa"], "supporting_facts": [{"title": "Orlin", "sentence": 7}]}

    (first,) = named_layout("longmit").read(mit)
    (second,) = named_layout("hotpotqa").read(hotpot)
    assert (len(first.spans), first.lost) == (1, 1)
    assert (len(second.spans), second.lost) == (0, 1)


def test_hotpotqa_as_published_is_read_like_ours():
    """Lists of title and sentences, or a table of both, as the hub has it."""
    facts = [["Ada Marr", 0], ["Orlin", 0]]
    listed = {**TOLD, "context": [[title, [text]] for title, text in PAGES],
              "supporting_facts": facts}  # fmt: skip
    table = {
        **TOLD,
        "context": {"title": [t for t, _ in PAGES], "sentences": [[s] for _, s in PAGES]},
        "supporting_facts": {"title": ["Ada Marr", "Orlin"], "sent_id": [0, 0]},
    }
    for row in (listed, table):
        assert find_layout(row, "x").name == "hotpotqa"
        (item,) = named_layout("hotpotqa").read(row)
        assert item.spans == items_of("hotpotqa")[0].spans


def test_turns_are_taken_apart_and_what_is_asked_to_be_done_is_neither():
    (item,) = items_of("messages")

    assert item.context.text.startswith("Document 1") and item.context.text.endswith(ADA)
    assert item.around == "Answer the question from the documents above."
    text = item.context.text
    assert [(each.title, text[each.start : each.end]) for each in item.context.parts] == [
        ("Orlin", ORLIN),
        ("Ada Marr", ADA),
    ]  # fmt: skip


def test_later_turns_are_questions_on_the_same_context():
    turns = [*ROWS["messages"]["messages"], {"role": "user", "content": "And when?"},
             {"role": "assistant", "content": "1833"}]  # fmt: skip
    first, second = named_layout("messages").read({"messages": turns})

    assert (second.question, second.answers) == ("And when?", ("1833",))
    assert second.context is first.context


@pytest.mark.parametrize(
    ("turn", "context", "question"),
    [
        ("Who is it?", "", "Who is it?"),
        ("A text.\n\nWho is it?", "A text.", "Who is it?"),
        ("Who is it?\n\n" + "A long text. " * 200, "A long text. " * 200, "Who is it?"),
        ("正文。\n\n问题：谁？", "正文。", "谁？"),
        ("A text.\n\nQuestion: Who is it?\nAnswer:", "A text.", "Who is it?"),
    ],
)
def test_a_question_stands_at_an_end_or_behind_its_name(turn: str, context: str, question: str):
    taken = take_apart(turn)

    assert (taken.context, taken.question) == (context.strip(), question)


def test_numbers_that_do_not_follow_each_other_head_no_documents():
    """A page may speak of Document 7 at the start of a line."""
    text = "Document 1: A\nOne.\nDocument 7 says otherwise.\n\nDocument 2: B\nTwo."

    assert [each.title for each in find_parts(text)] == ["A", "B"]
    assert find_parts("Document 4: A\nOne.\n\nDocument 5: B\nTwo.") == ()


def test_an_unknown_layout_names_the_fields_that_were_found():
    with pytest.raises(ConfigError, match=r"x.jsonl:1: no layout .* fields gold, query"):
        find_layout({"query": "?", "gold": "!"}, "x.jsonl:1")


def test_columns_map_other_names_into_nested_ones():
    row = renamed(
        {"query": "Who?", "gold": {"text": "Ada"}, "page": "Ada."},
        {"question": "query", "answer": "gold.text", "context": "page"},
    )
    (item,) = find_layout(row, "x").read(row)

    assert (item.question, item.answers, item.context.text) == ("Who?", ("Ada",), "Ada.")


def read(folder: Path, lines: list[str], **changes: Any) -> tuple[list[Item], Counts]:
    (folder / "dev.jsonl").write_text("\n".join(lines))
    counts = Counts()
    plan = AuditPlan((str(folder / "dev.jsonl"),), **changes)
    found = [item for _, items in read_items(plan, FileSources(), counts) for item in items]
    return found, counts


def test_bad_lines_are_counted_with_file_and_line(tmp_path: Path):
    """In = accepted + rejected; the split is that of the file's name."""
    good = json.dumps(ROWS["plain"])
    found, counts = read(
        tmp_path, [good, "{broken", '{"question": "Who?", "context": "x"}', "", good]
    )

    assert [each.split for each in found] == ["dev", "dev"]
    assert counts.balance.model_dump(include={"taken", "accepted", "rejected"}) == {
        "taken": 4,
        "accepted": 2,
        "rejected": {"broken_line": 1, "missing_text": 1},
    }
    assert [each.item.rsplit(":", 1)[1] for each in counts.lost] == ["2", "3"]


def test_rows_of_wrong_types_are_turned_away_not_raised(tmp_path: Path):
    """A row may hold anything under a name we know."""
    good = json.dumps(ROWS["musique"])
    wrong = [
        {**ROWS["musique"], "paragraphs": value}
        for value in (3, "x", [1], [{"title": 1}], [{"text": None}], {"a": 1}, [[]])
    ] + [{**ROWS["musique"], "question": value} for value in (3, None, [], {}, "  ")]
    _, counts = read(tmp_path, [good, *map(json.dumps, wrong)])

    assert (counts.accepted, counts.reasons["missing_text"]) == (1, len(wrong))


def test_nothing_that_can_be_read_is_one_message(tmp_path: Path):
    with pytest.raises(ConfigError, match=r"not one row can be audited \(broken_line 2\).*:1"):
        read(tmp_path, ["{broken", "[]"])


def test_a_sample_is_the_same_wherever_rows_stand(tmp_path: Path):
    """It is drawn by the hash of what a row holds."""
    lines = [json.dumps({**ROWS["plain"], "question": f"Who is {at}?"}) for at in range(40)]
    one, counts = read(tmp_path, lines, rows=7)
    other, _ = read(tmp_path, lines[::-1], rows=7)

    assert {each.question for each in one} == {each.question for each in other}
    assert (len(one), counts.balance.left) == (7, {"not_drawn": 33})
