"""What a preview tells before it asks: the documents, their chunks, and what it takes."""

from collections.abc import Iterable, Mapping

from longhop.operations.previewing.choosing import Choice
from longhop.operations.previewing.telling import Teller
from longhop.records.accounts import Balance
from longhop.records.corpus import Document
from longhop.records.estimate import Estimate, Range, cost_of
from longhop.records.money import Prices
from longhop.spec import DatasetSpec

# Characters of a chunk that a terminal shows.
_CHUNK = 700


def tell_corpus(
    teller: Teller,
    spec: DatasetSpec,
    choice: Choice,
    documents: Iterable[Document],
    places: Mapping[str, str],
    balances: Iterable[Balance],
) -> None:
    """The chosen documents as cleaning left them, and those chunks of them that are asked."""
    page = teller.page
    page.heading("documents: what became of the corpus, and a few that name the same things")
    for each in balances:
        teller.tell_balance(each)
    page.say("chosen", f"{len(choice.documents):,} of {choice.of:,} documents")
    if spec.selection.bounded:
        page.say(
            "",
            f"a build asks {spec.selection.most(choice.of):,}, as its policy"
            f" {spec.selection.policy} chooses them: these need not be among them",
        )
    for document in documents:
        row = document.model_dump(mode="json", exclude={"text"})
        row |= {"characters": len(document.text), "from": places.get(document.id, "")}
        teller.tell_row({**row, "shares": list(choice.documents[document.id])})
    page.heading("chunks: what a model sees at once")
    page.say("asked", f"{len(choice.chunks):,} of the {choice.chunks_of:,} of these documents")
    for chunk in choice.chunks:
        teller.tell_row(chunk.model_dump(mode="json", exclude={"text"}))
        page.text("text", chunk.text, _CHUNK)


def tell_cost(teller: Teller, found: Estimate, limit: int, prices: Prices | None) -> None:
    """How many requests it takes at most, how many likely, and what money."""
    page = teller.page
    page.heading("what this takes")
    page.say(
        "at most",
        f"{2 * limit:,} requests: {limit:,} prompts, each once more where its reply is unreadable",
    )
    fresh = sum((each.fresh for each in found.stages), Range.exactly(0)).at_most(2 * limit)
    tokens = sum((each.tokens for each in found.stages), Range.exactly(0))
    page.say("likely", f"{fresh.likely:,.0f} requests, {tokens.likely:,.0f} tokens")
    cost = cost_of(found.stages, prices, ()) if prices else None
    if prices is None:
        page.say("cost", "unknown: set LONGHOP_PRICES to a price list")
    elif cost is None:
        page.say("cost", prices.told(None))
    else:
        low, likely, high = (prices.told(each) for each in (cost.low, cost.likely, cost.high))
        page.say("cost", f"{likely} ({low} to {high})")
    if found.remembered.likely > 0:
        page.say(
            "remembered",
            f"{100 * found.remembered.likely:.0f}% of the chunks were asked before: these are not"
            " paid again",
        )
