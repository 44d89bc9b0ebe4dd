"""However a reply is damaged, what is read is what was sent, or nothing."""

import json
import re
import time
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longhop.llm.reading import Unreadable, read_reply
from longhop.records.replies import REPLIES, Judged, MergedQuestion, Reply, WrittenContext
from tests.damaged import DAMAGES, JSON, Damage, Sent, make_reply

KINDS = tuple(REPLIES.values())


def read(sent: Sent, kind: type[Reply]) -> Reply | None:
    try:
        return read_reply(sent.text, kind, is_cut=sent.is_cut)
    except Unreadable:
        return None


def check(damage: Damage, meant: Reply, rng: Random) -> tuple[bool, bool]:
    """Whether it can be told what was meant, and whether it was; nothing else may be read."""
    sent = damage.send(meant, rng)
    found = read(sent, type(meant))

    assert found in (None, meant, *sent.others), sent.text
    return sent.told and not sent.others, found == meant


@pytest.mark.parametrize("name", DAMAGES)
def test_no_field_is_ever_another_and_what_can_be_told_is_told(name: str):
    """At least 99% of what the text alone tells; a reply lost is asked for again."""
    told = recovered = 0
    for number in range(60):
        for kind in KINDS:
            rng = Random(f"{name} {kind.__name__} {number}")
            can_be_told, was_told = check(DAMAGES[name], make_reply(kind, rng), rng)
            told += can_be_told
            recovered += can_be_told and was_told

    assert recovered >= 0.99 * told


@given(
    st.sampled_from(sorted(DAMAGES)),
    st.sampled_from(KINDS),
    st.lists(st.text() | st.text("\"'“”\\,:{}[]/*# \nx"), min_size=1),
    st.integers(),
)
def test_no_field_is_ever_another_whatever_its_text(
    name: str, kind: type[Reply], pieces: list[str], seed: int
):
    rng = Random(seed)
    check(DAMAGES[name], make_reply(kind, rng, pieces), rng)


@pytest.mark.parametrize("kind", KINDS)
def test_a_reply_cut_anywhere_is_no_reply(kind: type[Reply]):
    """A verdict or a text must not end where the tokens did."""
    for number in range(4):
        rng = Random(f"cut {number}")
        meant = make_reply(kind, rng)
        content = meant.model_dump(mode="json")
        for whole in (JSON.write(content, rng), json.dumps(content, indent=2), repr(content)):
            for end in range(len(whole)):
                with pytest.raises(Unreadable):
                    read_reply("```json\n" + whole[:end], kind)


@given(st.text("{}[]\"'“”‘’:,\\/*#\n tTquestionanswer1.<>kh"))
def test_any_text_is_read_or_unreadable(text: str):
    """No other error leaves the reader, and what it gives is what was wanted."""
    for kind in KINDS:
        assert isinstance(read(Sent(text, told=False, others=(), is_cut=False), kind), kind | None)


@pytest.mark.parametrize(
    "piece",
    [
        *("{", "}", "{}", "[", "[[{", '{"a":', '{"question":', "{ ", '{"', "{question", "{/*"),
        *('"', "'", '\\"', "“a", 'x "y", ', '", "', '"}', '"]', "/*", '"/*', "//", "\t", " "),
        *("<think>", "</think>\n", '{"question": "a", "answer": "b"} ', '"question": "a", ', "9"),
    ],
)
@pytest.mark.parametrize("begin", ["", '{"question": ', "{'evidence': ['", '{"clarity": "'])
def test_a_hostile_reply_takes_no_time(begin: str, piece: str):
    """200 kB in well under a second: the time grows with the length, not with its square."""
    for length in (60_000, 200_000):
        text = begin + piece * (length // len(piece))
        began = time.process_time()
        for kind in (Judged, WrittenContext):
            read(Sent(text, told=False, others=(), is_cut=False), kind)

        assert time.process_time() - began < 1


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("I cannot answer that.", "no JSON object"),
        ('{"question": "Who?", "answer": "B', "breaks off"),
        ('<think>{"question": "Who?", "answer": "B"} so', "within its reasoning"),
        ('{"question": "A", "answer": "B", "answer": "C"}', "'answer' stands twice"),
        ('{"question": "A", "answer": NaN}', "NaN"),
        ('{"question": "A", "answer": "C:\\data"}', "near '"),
        ('{"question": "A", "answer": "B"} {"question": "A", "answer": "C"}', "that differ"),
        ('{"question": "A", "answer": "B"} and so on"}', "escape quotes"),
        ('{"question": "A", "answer": 5}', "answer: Input should be a valid string"),
        ('{"question": "A", "answer": "\\ud83d"}', "half of a character"),
        ('{"question": ' * 5_000, "too deep"),
    ],
)
def test_the_message_says_what_and_where(text: str, why: str):
    """It is what the model is told when it is asked again."""
    with pytest.raises(Unreadable, match=re.escape(why)) as error:
        read_reply(text, MergedQuestion)

    assert len(str(error.value)) <= 400


@pytest.mark.parametrize(
    ("score", "read_as"),
    [
        ("8", 8),
        ("8.0", 8),
        ("8.5", None),
        ('"8"', None),
        ("true", None),
        ("11", None),
        ("1e999", None),
    ],
)
def test_a_score_is_a_whole_number_and_nothing_like_it(score: str, read_as: int | None):
    text = (
        f'{{"rationale": "r", "clarity": {score}, "faithfulness": 1,'
        ' "coherence": 1, "complexity": 1}'
    )
    found = read(Sent(text, told=False, others=(), is_cut=False), Judged)

    assert (found.clarity if isinstance(found, Judged) else None) == read_as


def test_a_verdict_is_true_or_false_and_no_word_for_it():
    kind = REPLIES["short_answer"]
    for word in ('"yes"', '"true"', "1", "0", '"no"', "null"):
        with pytest.raises(Unreadable):
            read_reply(f'{{"rationale": "r", "answerable": {word}, "answer": ""}}', kind)


def test_of_a_cut_reply_only_whole_json_is_read():
    """What is cut after an unescaped quote can look whole."""
    text = '{"question": "A", "answer": "see "f" and "g"}'

    assert read_reply(text.replace('"f" and "g', ""), MergedQuestion, is_cut=True).answer == "see "
    with pytest.raises(Unreadable, match="cut at its limit"):
        read_reply(text.replace('and "g', ""), MergedQuestion, is_cut=True)
