"""A small world with a model that knows it: enough to run every stage without a server."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from longhop.ports import NoReply
from longhop.records.examples import Example
from longhop.records.manifest import Manifest
from longhop.records.model import Prompt
from longhop.records.replies import (
    AskedQuestions,
    FoundAnswers,
    Judged,
    MergedQuestion,
    Reply,
    ShortAnswer,
    SingleHopQuestions,
    WrittenContext,
    WrittenSection,
)
from longhop.resources import Resources, Silence
from longhop.selection.vectors import to_steps
from longhop.settings import Settings
from longhop.spec import DatasetSpec
from longhop.storage.columns import from_parquet
from longhop.storage.files import LocalFiles
from tests.fakes import ScriptedModel

# Sentence, question, answer, subject, relation, kind.
FACTS = [
    (f"{name} was born in {town}.", f"Where was {name} born?", town, name, "birth", "place")
    for name, town in (("Ada Holm", "Orlin"), ("Ben Roke", "Tasby"), ("Cleo Marr", "Luvane"))
] + [
    (f"{town} was founded by {who}.", f"Who founded {town}?", who, town, "founder", "person")
    for town, who in (("Orlin", "Brisa Tolle"), ("Tasby", "Ivo Sandar"), ("Luvane", "Ada Holm"))
]
FACTS += [
    (f"{mill} was built in {year}.", f"When was {mill} built?", year, mill, "building", "date")
    for mill, year in (("Orlin Mill", "1640"), ("Ford Mill", "1702"), ("Weir Mill", "1755"))
]


def write_corpus(path: Path, *, fillers: int = 12, reverse: bool = False) -> Path:
    """One page a fact, among pages that hold none."""
    rows = [
        {"id": f"p{n}", "title": subject, "license": "CC0-1.0", "text": _page(sentence, n)}
        for n, (sentence, _, _, subject, *_) in enumerate(FACTS)
    ]
    rows += [
        {"id": f"f{n}", "title": f"Filler {n}", "license": "MIT", "text": _page("", 100 + n)}
        for n in range(fillers)
    ]
    rows = rows[::-1] if reverse else rows
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def _page(sentence: str, number: int) -> str:
    words = " ".join(
        f"Entry {hashlib.sha256(f'{number}/{n}'.encode()).hexdigest()[:9]} is kept on shelf {n}."
        for n in range(14)
    )
    return f"Page {number} of the register of mills and towns. {sentence} {words}"


def make_spec(corpus: Path, **changes: Any) -> DatasetSpec:
    """A spec that this world can meet."""
    return DatasetSpec.model_validate(
        {
            "name": "world",
            "corpus": {"paths": [str(corpus)]},
            "models": {"default": {"name": "scripted"}},
            "splits": {"train": 1.0, "validation": 0.0, "test": 0.0},
            "contexts": {"tokens": [1024]},
            "clustering": {"min_size": 4},
            "shards": 2,
            **changes,
        }
    )


class WorldModel(ScriptedModel):
    """Knows the facts, words questions plainly, answers from the documents it is shown."""

    def __init__(self) -> None:
        super().__init__(self.reply)

    def reply(self, prompt: Prompt, values: Mapping[str, Any]) -> Reply | NoReply:
        return getattr(self, f"_{prompt.name}")(values)

    def _ask(self, values: Mapping[str, Any]) -> Reply:
        asked = tuple(fact[1] for fact in FACTS if fact[0] in values["document"])
        return AskedQuestions(questions=asked)

    def _find(self, values: Mapping[str, Any]) -> Reply:
        known = {each.pop("question"): each for each in _entries(values["document"])}
        found = [
            {"number": number, "answerable": True, **known[question]}
            for number, question in enumerate(values["questions"], 1)
        ]
        return FoundAnswers.model_validate({"answers": found})

    def _single_hop(self, values: Mapping[str, Any]) -> Reply:
        return SingleHopQuestions.model_validate({"questions": _entries(values["document"])})

    def _merge(self, values: Mapping[str, Any]) -> Reply:
        first, *_, last = values["hops"]
        if values["composition"] == "temporal":
            names = [
                re.sub(r"When was (.*) built\?", r"\1", each["question"]) for each in values["hops"]
            ]
            years = [each["answer"] for each in values["hops"]]
            return MergedQuestion(
                question=f"Which was built earlier, {names[0]} or {names[1]}?",
                answer=min(zip(years, names, strict=True))[1],
            )
        inner = first["question"].removeprefix("Where was ").removesuffix(" born?")
        if values["objection"]:
            return MergedQuestion(
                question=f"Who founded the town that {inner} was born in?", answer=last["answer"]
            )
        leak = f", {first['answer']}" if "Ben" in inner else ""
        return MergedQuestion(
            question=f"Who founded the birthplace of {inner}{leak}?", answer=last["answer"]
        )

    def _judge(self, values: Mapping[str, Any]) -> Reply:
        return Judged(rationale="Sound.", clarity=9, faithfulness=9, coherence=9, complexity=9)

    def _answer(self, values: Mapping[str, Any]) -> Reply:
        shown = "\n".join(values["documents"])
        known = [fact for fact in FACTS if fact[0] in shown]
        return _short(_solve(values["question"], known))

    def _closed_book(self, values: Mapping[str, Any]) -> Reply:
        return _short("")

    def _context(self, values: Mapping[str, Any]) -> Reply:
        said = f"It is on record that this concerns {values['answer']} alone."
        if values["facts"]:
            known = {fact[1]: fact[0] for fact in FACTS}
            told = [known[each["question"]] for each in values["facts"]]
        else:
            told = [said]
        count = len(values["written"])
        texts = [] if count else told
        fill = (values["words"] - sum(len(each.split()) for each in texts)) // 2
        sections = [
            WrittenSection(
                heading="",
                text=" ".join([*texts[at : at + 1], _words(values["question"], count + at, fill)]),
            )
            for at in range(max(2, len(texts)))
        ]
        return WrittenContext(title="A record", sections=tuple(sections), evidence=tuple(texts))


def _words(question: str, number: int, count: int) -> str:
    """Sentences of so many words that no other section has, of this document or another."""
    keys = (f"{question}/{number}/{n}" for n in range(max(0, count)))
    told = [hashlib.sha256(each.encode()).hexdigest()[:6] for each in keys]
    return " ".join(f"{word}." if n % 9 == 8 else word for n, word in enumerate(told)) + "."


def _entries(document: str) -> list[dict[str, Any]]:
    """What there is to ask about a page, with its answers."""
    names = ("quote", "question", "answer", "subject", "relation", "kind")
    found = [dict(zip(names, fact, strict=True)) for fact in FACTS if fact[0] in document]
    more = {"aliases": [], "entities": [], "subject_kind": "mill"}
    return [{**each, **more} for each in found]


def _solve(question: str, known: Sequence[tuple[str, ...]]) -> str:
    compared = re.fullmatch(r"Which was built earlier, (.*) or (.*)\?", question)
    if compared:
        years = {fact[3]: fact[2] for fact in known if fact[3] in compared.groups()}
        return min(years, key=lambda each: years[each]) if len(years) == 2 else ""
    born = next((fact for fact in known if fact[4] == "birth" and fact[3] in question), None)
    if born is None:
        return ""
    return next((f[2] for f in known if f[4] == "founder" and f[3] == born[2]), "")


def _short(answer: str) -> ShortAnswer:
    return ShortAnswer(rationale="", answerable=bool(answer), answer=answer)


class HashEmbedder:
    """Vectors from hashes of words: texts that share words lie near each other."""

    weights = "hash"

    def embed(self, texts: Sequence[str]) -> Any:
        rows = np.zeros((len(texts), 16), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in text.split():
                row[int(hashlib.sha256(word.encode()).hexdigest(), 16) % 16] += 1
        return to_steps(rows)


@dataclass
class WorldResources(Resources):
    """Resources whose model and embedder are the world's."""

    def __post_init__(self) -> None:
        self.__dict__["model"] = WorldModel()

    def embedder(self, model: Any, precision: str = "full") -> Any:
        return HashEmbedder()


def make_live(folder: Path) -> WorldResources:
    """The world's resources on a store of their own."""
    settings = Settings(store=str(folder / "store"))
    return WorldResources(settings, LocalFiles(folder / "store"), Silence())


def rows_of(live: Resources, manifest: Manifest) -> list[Example]:
    """The published rows of a version."""
    folder = live.datasets.folder(manifest.name, manifest.version)
    paths = [each.path for each in manifest.files if each.path.startswith("data/")]
    return [
        row for path in paths for row in from_parquet(live.files.read(f"{folder}/{path}"), Example)
    ]
