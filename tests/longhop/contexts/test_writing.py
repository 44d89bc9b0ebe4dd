"""Documents are written section by section to a measured length; the pair stays to the byte."""

from random import Random

import pytest

from longhop.contexts.drafting import Order, Refused, Writer
from longhop.contexts.drafts import Draft
from longhop.contexts.measuring import Measure
from longhop.contexts.writing import Written, write_contexts
from longhop.corpus.tokenizing import open_tokenizer
from longhop.ports import NoReply
from longhop.records.accounts import FailureReason, Reason
from longhop.records.corpus import Split
from longhop.records.replies import WrittenContext
from longhop.records.seeds import SeedPair
from longhop.verification.checks import check_row
from tests.fakes import ScriptedModel
from tests.longhop.contexts.seeding import CLOCK, SAID, context, plan, seed, words, writer

TOKENIZER = open_tokenizer("tekken")
FIRST = context(words(20, "a"), f"{words(8, 'b')} {SAID} {words(8, 'c')}", evidence=[SAID])


async def written(
    model: ScriptedModel, *seeds: SeedPair, split: Split = Split.TRAIN, **changes: object
) -> Written:
    given = [(each, split) for each in (seeds or (CLOCK,))]
    return await write_contexts(given, plan(**changes), model=model, tokenizer=TOKENIZER)


async def refused(first: WrittenContext | NoReply, *seeds: SeedPair) -> Reason:
    (rejected,) = (await written(writer(first), *seeds)).rejected
    return rejected.reason


async def test_a_short_reply_is_continued_until_the_measured_length_is_met():
    model = writer(FIRST, share=0.3)
    made = await written(model, tokens=6000)
    (document,), (draft,) = made.documents, made.drafts

    assert draft.lengths[0] < 600
    assert 5400 <= TOKENIZER.count(document.text) <= 6600
    assert 2 < len(model.asked) <= 6
    asked = [values["words"] for _, values in model.asked]
    assert all(isinstance(each, int) for each in asked)
    continued = [values["written"] for _, values in model.asked[1:]]
    assert all(continued), "each has what it continues, so that it is remembered by it"


@pytest.mark.parametrize("share", [0.3, 0.6, 1.0, 1.7, 4.0])
async def test_a_length_in_words_is_met_too_whatever_comes(share: float):
    made = await written(writer(FIRST, share=share), words=200, requests=12)
    (document,) = made.documents

    assert 180 <= len(document.text.split()) <= 220


async def test_what_is_too_long_is_cut_at_sentence_ends_and_never_in_the_evidence():
    first = context(f"{SAID} {words(30, 'a')}", words(200, "b"), words(150, "c"), evidence=[SAID])
    made = await written(writer(first), words=100)
    (document,), (row,) = made.documents, made.kept

    assert 90 <= len(document.text.split()) <= 110
    assert SAID in document.text
    assert document.text.endswith(".")
    assert row.hops[0].quote == SAID


async def test_what_never_gets_there_is_turned_away_with_its_figures():
    idle = writer(FIRST, later=lambda _: context())
    few = writer(FIRST, share=0.05)
    (first,) = (await written(idle, words=300)).rejected
    (second,) = (await written(few, words=900, requests=3)).rejected

    assert first.reason is second.reason is Reason.BAD_LENGTH
    assert first.detail == "47 of 300 words after 3 requests, the last 2 without gain"
    assert second.detail.endswith("of 900 words after 3 requests")


async def test_evidence_that_fills_more_than_the_document_is_no_document():
    long = words(200, "a").replace(". ", " ").replace(".", "") + " Mira Tolle."
    (rejected,) = (await written(writer(context(long, evidence=[long])))).rejected

    assert rejected.reason is Reason.BAD_LENGTH
    assert "no more can be cut but evidence" in rejected.detail


async def test_a_continuation_that_repeats_or_refuses_gains_nothing():
    told = iter(
        [
            context(*(each.text for each in FIRST.sections)),
            context(words(60, "new")),
            context("I'm sorry, but I can't help with that."),
            context(words(60, "other")),
        ]
    )
    made = await written(writer(FIRST, later=lambda _: next(told)), words=160)
    (document,) = made.documents

    assert "sorry" not in document.text
    assert document.text.count(SAID) == 1


async def test_an_unreadable_continuation_is_asked_for_less():
    lost = NoReply(refused=False, detail="cut off", raw="{")
    told = iter([lost, context(words(60, "new"))])
    model = writer(FIRST, later=lambda _: next(told))
    made = await written(model, words=100)

    assert len(made.kept) == 1
    (_, _), (_, second), (_, third) = model.asked
    assert third["words"] < second["words"]  # type: ignore[operator]


async def test_a_request_has_room_in_its_reply():
    """Else every reply would be cut off at the limit of its tokens."""
    small = plan().prompt.model_copy(update={"max_tokens": 400})
    model = writer(FIRST, share=1.0)
    await written(model, prompt=small, tokens=2000, requests=20)

    assert all(values["words"] <= 0.6 * 400 for _, values in model.asked)  # type: ignore[operator]


async def test_each_section_is_a_chunk_and_each_piece_of_evidence_a_hop():
    """So a proof can leave one out."""
    bridge = "Low Tide was directed by Ada Holt."
    said = "The mayor of the town where Ada Holt was born is Bo Dale."
    first = context(
        f"{words(30, 'a')} {bridge}", f"{said} {words(50, 'b')}", evidence=[bridge, said]
    )
    pair = seed("Who is mayor where the director of Low Tide was born?", "Bo Dale")
    made = await written(writer(first), pair)
    (row,) = made.kept
    chunks = {each.id: each for each in made.chunks}

    assert [hop.quote for hop in row.hops] == [bridge, said]
    assert len(row.evidence_chunks) == 2
    assert check_row(row, chunks) is None
    (document,) = made.documents
    for each in made.chunks:
        assert document.text[each.start : each.end] == each.text


async def test_question_answer_and_origin_are_the_seeds_to_the_byte():
    odd = seed(
        "Who repaired  the Halden\tclock?\n",
        " Mira Tolle ",
        task="squad",
        form="log",
        anchored=True,
    )
    made = await written(writer(FIRST), odd, split=Split.TEST)
    (row,), (origin,), (document,) = made.kept, made.origins, made.documents

    assert (row.question, row.answer) == (odd.question, odd.answer)
    assert origin.model_dump(mode="json") == {
        "document_id": document.id,
        "seed_id": odd.id,
        "task": "squad",
        "form": "log",
        "split": "test",
        "anchored": True,
        "language": "en",
    }


@pytest.mark.parametrize(
    ("first", "reason"),
    [
        (context(words(90), evidence=[SAID]), Reason.EVIDENCE_MISSING),
        (context(words(90), evidence=[]), Reason.EVIDENCE_MISSING),
        (context(), Reason.EVIDENCE_MISSING),
        (context(f"Ben did it. {words(90)}", evidence=["Ben did it."]),
         Reason.ANSWER_NOT_IN_EVIDENCE),
        (context(f"{SAID} Who repaired the Halden clock? {words(90)}", evidence=[SAID]),
         Reason.ANSWER_LEAK),
        (context("I'm sorry, I can't help with that."), Reason.RESIDUE),
        (context(f"{SAID} <|im_end|> {words(90)}", evidence=[SAID]), Reason.RESIDUE),
        (context(f"{SAID} {words(90)}", evidence=[SAID], title="As an AI model, I write"),
         Reason.RESIDUE),
        (context(f"Мира Толле. Mira Tolle. {'Часы починены. ' * 40}", evidence=["Mira Tolle."]),
         Reason.WRONG_LANGUAGE),
        (NoReply(refused=False, detail="cut off", raw="{"), Reason.UNPARSABLE),
    ],
)  # fmt: skip
async def test_what_is_no_document_is_turned_away(first: WrittenContext, reason: Reason):
    assert await refused(first) is reason


async def test_a_long_answer_must_be_told_in_other_words():
    answer = "The board of Pellingford met twice in 1871 and then sold two of its boats to Bo Dale."
    pair = seed("Summarise the report.", answer, anchored=True)
    told = "In 1871 two meetings of the Pellingford board ended with boats going to Bo Dale."
    pasted = context(f"{answer} {words(80)}", evidence=[answer])
    bare = context(f"They met. {words(90)}", evidence=["They met."])
    made = await written(writer(context(f"{told} {words(80)}", evidence=[told])), pair)

    assert len(made.kept) == 1
    assert await refused(pasted, pair) is Reason.ANSWER_COPIED
    assert await refused(bare, pair) is Reason.ANSWER_NOT_COVERED


async def test_yes_needs_evidence_and_no_word_of_it():
    pair = seed("Is Bramwick older than Tolverton?", "yes")
    told = "Bramwick was founded in 1204, Tolverton in 1300."
    made = await written(writer(context(f"{told} {words(90)}", evidence=[told])), pair)

    assert made.kept[0].hops[0].quote == told
    assert check_row(made.kept[0], {each.id: each for each in made.chunks}) is None


async def test_that_there_is_no_answer_rests_on_the_whole_document():
    pair = seed("Who sang in Orlin in 1820?", "unanswerable")
    told = "In 1820 there was singing in Orlin."
    first = context(f"{told} {words(40, 'a')}", words(50, "b"), evidence=[told])
    made = await written(writer(first), pair)

    assert [hop.quote for hop in made.kept[0].hops] == [each.text for each in made.chunks]


async def test_replies_in_any_order_missing_or_doubled_give_the_same_records():
    """Each belongs to its own seed; what did not come is counted."""
    pairs = [seed(f"Who repaired clock {n} of Halden?", f"Mira T{n}") for n in range(12)]

    def first(values: object) -> WrittenContext | NoReply:
        name = values["answer"]  # type: ignore[index]
        if name == "Mira T3":
            return NoReply(refused=True, detail="400: policy", raw="")
        if name == "Mira T5":
            return NoReply(refused=False, detail="no object", raw="well")
        said = f"It was set going by {name}."
        return context(words(40, name), f"{said} {words(50, name + 'b')}", evidence=[said])

    model = ScriptedModel(lambda _, values: first(values))
    straight = await written(model, *pairs)
    shuffled = Random(7).sample(pairs, len(pairs))
    other = await written(model, *shuffled, *pairs[:4])

    assert {each.id: each for each in straight.kept} == {each.id: each for each in other.kept}
    assert [each.reason for each in straight.failed] == [FailureReason.REQUEST_REFUSED]
    assert [each.reason for each in straight.rejected] == [Reason.UNPARSABLE]
    assert len(straight.kept) == len(straight.documents) == len(straight.origins) == 10


async def test_evidence_does_not_always_come_first():
    """Half of the continuations come before what they continue."""
    firsts = 0
    for number in range(40):
        order = Order(f"s{number}", CLOCK.question, CLOCK.answer, "en", "report")
        measure = Measure(100, TOKENIZER)
        draft = await Writer(plan().prompt, 6, measure, writer(FIRST)).write(order)
        assert isinstance(draft, Draft) and not isinstance(draft, Refused)
        firsts += draft.text.startswith("wax0")

    assert 10 < firsts < 30


@pytest.mark.parametrize("junk", [".", " , ", "Halden", "“”"])
async def test_a_quote_that_says_nothing_is_no_evidence(junk: str):
    """It stands in every document, and would be a hop that nothing is proved by."""
    first = context(words(60, "a"), f"{words(30, 'b')} {SAID}", evidence=[junk, SAID])
    made = await written(writer(first))
    alone = context(words(60, "a"), f"{words(30, 'b')} {SAID}", evidence=[junk])
    (rejected,) = (await written(writer(alone))).rejected

    assert [hop.quote for hop in made.kept[0].hops] == [SAID]
    assert rejected.reason is Reason.EVIDENCE_MISSING
    assert "says nothing" in rejected.detail


def test_a_section_whose_text_is_cut_leaves_no_heading_behind():
    """A heading at the end announces what does not come."""
    sections = [f"Before\n\n{SAID}", "Later on\n\nIt stood. It fell.", "After that\n\nNo."]
    for wanted in range(10, 30):
        draft = Draft("A page", "en", list(sections), (SAID,), 100)
        draft.trim(lambda text: len(text.split()), wanted, 0, wanted)

        assert not {"Later on", "After that"} & set(draft.sections)
        assert all(each.endswith(".") for each in draft.sections)
