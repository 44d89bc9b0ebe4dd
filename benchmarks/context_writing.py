"""Writing documents for trusted pairs with a model that writes too little (arXiv 2502.15592).

    python benchmarks/context_writing.py [--seeds 400] [--tokens 600] [--requests 8]

Seeds are questions of people with their answers: MuSiQue, HotpotQA, 2WikiMultihopQA, SQuAD (some of
them unanswerable) and XQuAD in Chinese, and as summaries paragraphs of SQuAD under one constant
instruction, from the folder in LONGHOP_DATA or beside the checkout; without it, those of the demo.
The rehearsal model plays the model, over HTTP, and writes 30 to 60% of what each request asks for.
It understands few real questions: of the others its evidence is a note on their words. So lengths,
bookkeeping and the checks are measured here, and not how well a model writes.

The last line is one JSON object:
- seeds, gate: pairs read, and what became of them at the gate; written, rejected: of those it took
- raw_ratio: length of the first reply by the target, the mean, the lowest and the highest
- in_words: raw_ratio, met_share and requests with a target of so many words instead, `--words`
- met_share: documents within a tenth of their target, of all that were begun (n6); kept_met_share:
  of those that were kept; within_2: of those, within 2%
- requests, read_tokens, written_tokens: of a document; most_requests: of any
- n1: pairs that are the seeds' to the byte; n2: whether shuffled, doubled and partly missing
  replies give the same records and count what is missing; rerun_requests: with the same memo
- n10: short answers in their documents, and in their questions; n11: the longest run, the largest
  share of runs of eight and the least coverage of long answers; n12: questions restated, and the
  share of pairs whose evidence has more than half of the question's words; n13: documents with
  residue; n14: of rows whose instruction others have, too, those that are anchored
- n15: of `siblings`, nine for each document: of the same seed, the highest Jaccard with the
  document, the most uses by the mean, pairs that come twice, and those that hold a short answer
- depth: documents by the third of them that their last evidence lies in
- proved: the share of candidates that stand the proof
"""

import argparse
import asyncio
import gzip
import json
import os
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import Random
from statistics import fmean
from typing import Any

from longhop.contexts.copying import longest_run, restates, share_of_runs, told_of, untold
from longhop.contexts.drafting import Kind
from longhop.contexts.gating import GatePlan, gate_seeds
from longhop.contexts.residue import cut_residue, find_residue
from longhop.contexts.siblings import Siblings
from longhop.contexts.writing import WritePlan, Written, order_of, write_contexts
from longhop.corpus.pairs import read_pairs
from longhop.corpus.shingles import shingle_hashes, words_of
from longhop.corpus.tokenizing import open_tokenizer
from longhop.llm.meter import metered
from longhop.matching import mentions, normalise
from longhop.ports import ChatModel, NoReply, Tokenizer
from longhop.records.corpus import Document, Split
from longhop.records.model import Prompt
from longhop.records.money import total
from longhop.records.seeds import Origin, SeedPair
from longhop.records.verification import MultiHop
from longhop.rehearsal.conduct import Conduct
from longhop.rehearsal.demo_corpus import write_demo_inputs
from longhop.rehearsal.server import RehearsalServer
from longhop.resources import Resources, Silence
from longhop.settings import Settings
from longhop.spec.sections import Model
from longhop.storage.files import LocalFiles
from longhop.verification.proving import ProvePlan, prove_questions

HERE = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("LONGHOP_DATA", HERE.parent / "shared" / "data"))
_MODEL = Model(name="rehearsal-1", max_tokens=4096)
_DISTRACTORS = 9
_MISSING = 7  # of the seeds, one in so many gets no reply
_LICENSE = "CC BY-SA 4.0"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=400)
    parser.add_argument("--tokens", type=int, default=600)
    parser.add_argument("--words", type=int, default=400)
    parser.add_argument("--requests", type=int, default=8)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="longhop-bench-") as folder,
        RehearsalServer(Conduct(short_share=1.0)) as server,
    ):
        print(json.dumps(asyncio.run(measure(Path(folder), server.url, options))))


async def measure(home: Path, url: str, options: argparse.Namespace) -> dict[str, Any]:
    settings = Settings(store=str(home / "store"), LONGHOP_BASE_URL=url)  # type: ignore[call-arg]
    live = Resources(settings, LocalFiles(home / "store"), Silence())
    try:
        return await _measure(home, live, options)
    finally:
        await live.close()


async def _measure(home: Path, live: Resources, options: argparse.Namespace) -> dict[str, Any]:
    tokenizer = open_tokenizer("tekken")
    prompts = {name: live.prompts.freeze(name, _MODEL) for name in _PROMPTS}
    plan = WritePlan(
        prompt=prompts["context"],
        words=options.words,
        tokens=options.tokens,
        form="encyclopedia article",
        requests=options.requests,
    )
    pairs, unread = read_pairs(str(write_seeds(home, options.seeds)), live.sources, license="")
    caps = GatePlan(yes_no=0.1, unanswerable=0.1)
    kept, refused = gate_seeds(pairs, caps, plan.measure(tokenizer))
    began = time.monotonic()
    with metered("write") as meter:
        written = await write(kept, plan, live.model, tokenizer)
    seconds, used = time.monotonic() - began, total(meter.bill)
    fresh = live.model.fresh
    again = await write(kept, plan, live.model, tokenizer)
    same = all(same_records(written, again, frozenset()))
    rerun = live.model.fresh - fresh
    wholes = [draft.lengths[0] / options.tokens for draft in written.drafts]
    sizes = [tokenizer.count(each.text) / options.tokens for each in written.documents]
    seeds = {each.id: each for each in kept}
    proved = await prove(written, prompts, live.model)
    begun = len(kept)
    return {
        "source": "people's questions" if DATA.is_dir() else "the demo's seeds",
        "seeds": len(pairs) + len(unread),
        "gate": Counter(str(each.reason) for each in (*unread, *refused)) | {"taken": len(kept)},
        "written": len(written.kept),
        "rejected": Counter(str(each.reason) for each in written.rejected),
        "target_tokens": options.tokens,
        "raw_ratio": spread(wholes),
        "met_share": share(sum(0.9 <= each <= 1.1 for each in sizes), begun),
        "kept_met_share": share(sum(0.9 <= each <= 1.1 for each in sizes), len(sizes)),
        "within_2": share(sum(0.98 <= each <= 1.02 for each in sizes), len(sizes)),
        "requests": round(used.answers / begun, 2),
        "most_requests": max(len(draft.lengths) for draft in written.drafts),
        "read_tokens": round(used.input_tokens / begun),
        "written_tokens": round(used.output_tokens / begun),
        "seconds": round(seconds, 1),
        "in_words": await measure_words(kept, plan, live.model, tokenizer),
        "n1": share(sum(is_verbatim(row, seeds) for row in written.kept), len(written.kept)),
        "n2": same and await endures(kept, written, plan, live.model, tokenizer),
        "rerun_requests": rerun,
        **measure_copying(written, seeds),
        "n13": sum(has_residue(each) for each in written.documents),
        "n14": measure_anchors(written),
        "n15": measure_distractors(written),
        "depth": depths(written),
        "proved": share(proved, len(written.kept)),
    }


async def write(
    seeds: Sequence[SeedPair], plan: WritePlan, model: ChatModel, tokenizer: Tokenizer
) -> Written:
    given = [(each, Split.TRAIN) for each in seeds]
    return await write_contexts(given, plan, model=model, tokenizer=tokenizer)


async def measure_words(
    seeds: Sequence[SeedPair], plan: WritePlan, model: ChatModel, tokenizer: Tokenizer
) -> dict[str, Any]:
    """The same seeds with a target in words: what is asked for is what is measured."""
    plan = plan.model_copy(update={"tokens": None})
    with metered("write") as meter:
        written = await write(seeds, plan, model, tokenizer)
    firsts = [draft.lengths[0] / plan.words for draft in written.drafts]
    return {
        "target_words": plan.words,
        "raw_ratio": spread(firsts),
        "met_share": share(len(written.kept), len(seeds)),
        "requests": round(total(meter.bill).answers / len(seeds), 2),
    }


async def prove(written: Written, prompts: Mapping[str, Prompt], model: ChatModel) -> int:
    """How many candidates stand the proof."""
    plan = ProvePlan(**{name: prompts[name] for name in ("answer", "closed_book", "compare")})
    chunks = {each.id: each for each in written.chunks}
    return len((await prove_questions(written.kept, chunks, plan, model=model)).kept)


@dataclass(frozen=True)
class Losing:
    """A model that gives no reply for some of the seeds."""

    model: ChatModel
    lost: frozenset[str]

    async def ask(self, prompt: Prompt, language: str, values: Any, reply: type[Any]) -> Any:
        if values["question"] in self.lost and values["answer"] in self.lost:
            return NoReply(refused=True, detail="500: lost", raw="")
        return await self.model.ask(prompt, language, values, reply)


async def endures(
    seeds: Sequence[SeedPair],
    written: Written,
    plan: WritePlan,
    model: ChatModel,
    tokenizer: Tokenizer,
) -> bool:
    """Whether shuffled, doubled and missing replies give the same records, and are counted."""
    gone = seeds[::_MISSING]
    lost = frozenset(text for each in gone for text in (each.question, each.answer))
    missing = {each.id for each in seeds if {each.question, each.answer} <= lost}
    given = Random(5).sample(list(seeds), len(seeds)) + list(seeds[:20])
    other = await write(given, plan, Losing(model, lost), tokenizer)
    counted = {each.item for each in other.failed}
    return all(same_records(written, other, frozenset(missing))) and counted == missing


def same_records(one: Written, other: Written, without: frozenset[str]) -> Iterator[bool]:
    """Whether two runs made the same of all seeds, but for some."""
    for name, key in (("kept", "group_id"), ("origins", "seed_id"), ("rejected", "item")):
        first, second = (
            {getattr(each, key): each for each in getattr(run, name)} for run in (one, other)
        )
        yield {at: each for at, each in first.items() if at not in without} == second
    yield {each.id for each in other.documents} <= {each.id for each in one.documents}


def is_verbatim(row: MultiHop, seeds: Mapping[str, SeedPair]) -> bool:
    seed = seeds[row.group_id]
    return (row.question.encode(), row.answer.encode()) == (
        seed.question.encode(),
        seed.answer.encode(),
    )


def measure_copying(written: Written, seeds: Mapping[str, SeedPair]) -> dict[str, Any]:
    """N10, N11 and N12."""
    texts = {each.id: each.text for each in written.documents}
    told, named, short, runs, shares, covered, restated, alike = 0, 0, 0, [], [], [], 0, 0
    for row in written.kept:
        text, seed = texts[row.hops[0].document_id], seeds[row.group_id]
        kind = order_of(seed, "").kind
        if kind is Kind.SHORT and len(normalise(row.answer)) <= 5:
            short += 1
            told += mentions(text, row.answer)
            named += mentions(row.question, row.answer) and " or " not in row.question
        if kind is Kind.LONG:
            runs.append(longest_run(row.answer, text))
            shares.append(share_of_runs(row.answer, text))
            wanted = len(told_of(row.answer, row.language))
            lost = len(untold(row.answer, text, row.language))
            covered.append(1 - lost / wanted if wanted else 1.0)
        restated += restates(row.question, text)
        asked = set(words_of(row.question))
        said = {word for hop in row.hops for word in words_of(hop.quote)}
        alike += len(asked & said) > 0.5 * len(asked)
    return {
        "n10": {"short": short, "in_document": share(told, short), "in_question": named},
        "n11": {
            "long": len(runs),
            "longest_run": max(runs, default=0),
            "share_of_runs": round(max(shares, default=0.0), 3),
            "least_covered": round(min(covered, default=1.0), 3),
        },
        "n12": {"restated": restated, "alike_share": share(alike, len(written.kept))},
    }


def has_residue(document: Document) -> bool:
    return bool(find_residue(document.text)) or cut_residue(document.text) != document.text


def measure_anchors(written: Written) -> dict[str, Any]:
    """N14: of the rows whose instruction others have, too, those that are anchored."""
    asked = Counter((row.language, normalise(row.question)) for row in written.kept)
    anchored = {each.seed_id: each.anchored for each in written.origins}
    shared = [row for row in written.kept if asked[row.language, normalise(row.question)] > 1]
    count = sum(anchored[row.group_id] for row in shared)
    return {"shared": len(shared), "anchored_share": share(count, len(shared))}


def measure_distractors(
    written: Written, of_each: int = _DISTRACTORS, dataset: str = "benchmark"
) -> dict[str, Any]:
    """N15, of the first siblings of every document."""
    rings = Siblings(written.origins, dataset)
    taken = {each.document_id: list(islice(rings.of(each), of_each)) for each in written.origins}
    return judge_distractors(written, taken)


def judge_distractors(written: Written, taken: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """N15 of distractors that were taken in whatever way: by document, the ids of its own."""
    texts = {each.id: each.text for each in written.documents}
    shingles = {name: frozenset(map(int, shingle_hashes(each, 5))) for name, each in texts.items()}
    origin: dict[str, Origin] = {each.document_id: each for each in written.origins}
    rows = {row.hops[0].document_id: row for row in written.kept}
    pairs = [(own, other) for own, others in taken.items() for other in others]
    # Only tasks with enough documents are used evenly: a ring of six has no nine others.
    full = max(map(len, taken.values()))
    uses = Counter(other for own, other in pairs if len(taken[own]) == full)
    holding = sum(
        order_of_row(rows[own]) is Kind.SHORT and mentions(texts[other], rows[own].answer)
        for own, other in pairs
    )
    return {
        "pairs": len(pairs),
        "same_seed": sum(origin[own].seed_id == origin[other].seed_id for own, other in pairs),
        "highest_jaccard": round(max(_jaccard(shingles[a], shingles[b]) for a, b in pairs), 3),
        "most_uses_by_mean": round(max(uses.values()) / fmean(uses.values()), 3),
        "repeated_pairs": len(pairs) - len(set(pairs)),
        "holding_the_answer": holding,
    }


def order_of_row(row: MultiHop) -> Kind:
    seed = SeedPair(id="", question=row.question, answer=row.answer, license="", language="en")
    return order_of(seed, "").kind


def depths(written: Written) -> list[float]:
    """The shares of documents whose last piece of evidence begins in each third of them."""
    chunks = {each.id: each for each in written.chunks}
    texts = {each.id: len(each.text) for each in written.documents}
    thirds: Counter[int] = Counter()
    for row in written.kept:
        hop = row.hops[-1]
        start = chunks[hop.chunk_id].start + hop.evidence[0].start
        thirds[min(2, 3 * start // texts[hop.document_id])] += 1
    return [share(thirds[at], len(written.kept)) for at in range(3)]


def _jaccard(one: frozenset[int], other: frozenset[int]) -> float:
    return len(one & other) / len(one | other)


def spread(values: Sequence[float]) -> list[float]:
    return [round(each, 3) for each in (fmean(values), min(values), max(values))]


def share(count: int, of: int) -> float:
    return round(count / of, 4) if of else 1.0


# Seeds.


def write_seeds(home: Path, most: int) -> Path:
    """A table of seeds: an even part of each source, always the same."""
    if not DATA.is_dir():
        print(f"{DATA} is not here: writing for the demo's seeds; LONGHOP_DATA names the data")
        write_demo_inputs(home)
        return home / "seeds.jsonl"
    parts = {name: reader() for name, reader in _READERS.items()}
    each = max(1, most // len(parts))
    rows = [
        {**row, "task": name, "license": _LICENSE}
        for name, found in parts.items()
        for row in Random(name).sample(found, min(each, len(found)))
    ]
    path = home / "seeds.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def read_lines(name: str) -> list[dict[str, Any]]:
    with gzip.open(DATA / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def composed(name: str, form: str) -> list[dict[str, Any]]:
    return [
        {"question": each["question"], "answer": each["answer"], "form": form}
        for each in read_lines(name)
    ]


def asked_of(name: str, *, unanswerable: bool = False) -> list[dict[str, Any]]:
    return [
        {
            "question": each["question"],
            "answer": "unanswerable" if unanswerable else first(each["answers"]),
        }
        for article in read_lines(name)
        for paragraph in article["paragraphs"]
        for each in paragraph["qas"]
        if bool(each.get("is_impossible")) is unanswerable and (unanswerable or each["answers"])
    ]


def first(answers: Sequence[Any]) -> str:
    return answers[0] if isinstance(answers[0], str) else answers[0]["text"]


def summaries() -> list[dict[str, Any]]:
    """Paragraphs that stand in for summaries: long answers to one constant instruction."""
    return [
        {"question": "Summarise the report.", "answer": paragraph["text"], "form": "report"}
        for article in read_lines("squad_sample")
        for paragraph in article["paragraphs"]
        if 60 <= len(paragraph["text"].split()) <= 160
    ]


_READERS = {
    "musique": lambda: composed("musique_dev_sample", "encyclopedia set"),
    "hotpotqa": lambda: composed("hotpotqa_sample", "encyclopedia article"),
    "twowiki": lambda: composed("twowiki_sample", "encyclopedia set"),
    "squad": lambda: asked_of("squad_sample"),
    "squad_without": lambda: asked_of("squad_sample", unanswerable=True),
    "xquad_zh": lambda: asked_of("xquad_zh_sample"),
    "summaries": summaries,
}
_PROMPTS = ("context", "answer", "closed_book", "compare")


if __name__ == "__main__":
    main()
