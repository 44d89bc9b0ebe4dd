"""A finished version in a folder, of rows made up for it: three splits, two languages, any length.

It is written by the code that publishes, and read by the trainers' own.
"""

from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

from longhop.contexts.headers import BETWEEN, header_of
from longhop.publishing.describing import write_card
from longhop.publishing.drafting import Drafts, Rendering
from longhop.publishing.longmit import longmit_form
from longhop.publishing.rendered import Measures, Renderings
from longhop.publishing.sizing import open_ruler
from longhop.publishing.tallying import Tally
from longhop.publishing.trainers import write_trainer_files
from longhop.publishing.turns import forms_of, turns_of
from longhop.publishing.weighing import Weights, kind_of_example
from longhop.records.corpus import Split
from longhop.records.examples import Example, Role, Segment, Template
from longhop.records.manifest import Manifest
from longhop.records.questions import Composition
from longhop.records.renderings import Format
from longhop.spec.sections import Publishing
from longhop.storage.files import LocalFiles
from tests.fakes import document
from tests.longhop.publishing.test_publishing import example
from tests.longhop.storage.test_artifacts import manifest

ANSWERS = {
    "en": ("Brisa Tolle", "1833", "Ada's own mill – “the old one”"),
    "zh": ("布里萨", "一八三三年"),
}
ASKED = {"en": "Who founded town {} <b>?", "zh": "谁建立了第{}座城镇？"}
WORDS = {
    "en": ["river", "mill", "the", "1640", "Orlin's", "founded", "(weir)", "naïve", "x=1;"],
    "zh": ["磨坊", "建立", "于", "1640", "河", "、", "城镇"],
}
KINDS = [Composition.BRIDGE] * 6 + [Composition.TEMPORAL] * 2 + [Composition.COMPARISON]


def make_rows(count: int = 24) -> list[Example]:
    """Rows of few and of many words, in the order of their ids."""
    return [_row(number) for number in range(count)]


def _row(number: int) -> Example:
    rng = Random(number)
    language = "zh" if number % 5 == 4 else "en"
    split = (Split.TRAIN, Split.TRAIN, Split.VALIDATION, Split.TEST)[number % 4]
    text, segments = "", []
    for at in range(3 + number % 3):
        words = rng.choices(WORDS[language], k=30 * (1 + number % 7))
        page = document(f"d{number}-{at}", ("" if language == "zh" else " ").join(words) + ".")
        head = header_of(page, at + 1, language, Template.NUMBERED)
        text += (BETWEEN if text else "") + head
        begin, text = len(text), text + page.text
        segments.append(
            Segment(
                document_id=page.id, start=0, end=len(page.text), context_start=begin,
                context_end=len(text), role=Role.SUPPORTING if at < 2 else Role.RANDOM,
            )
        )  # fmt: skip
    return example().model_copy(
        update={
            "id": f"m-{number:03}", "split": split, "language": language, "context": text,
            "question": ASKED[language].format(number), "segments": tuple(segments),
            "answer": rng.choice(ANSWERS[language]), "composition": KINDS[number % len(KINDS)],
        }
    )  # fmt: skip


def publish(folder: Path, rows: Sequence[Example], **publishing: Any) -> Manifest:
    """The version of these rows in a folder, its card and the trainers' files beside it."""
    plan = Publishing.model_validate(publishing)
    titles = {each.document_id: "" for row in rows for each in row.segments}
    forms = {**forms_of(turns_of), Format.LONGMIT: longmit_form(titles)}
    ruler = open_ruler(plan, "tekken")
    measures = None
    if ruler is not None:
        kinds = ((row.split, kind_of_example(row, plan.weigh_by)) for row in rows)
        weights = Weights(kinds, plan.evenness)
        measures = Measures(ruler, weights, kind_of_example)
    tally = Tally()
    (folder / "drafts").mkdir(parents=True)
    with Drafts(LocalFiles(folder / "drafts").draft) as drafts:
        rendering = Rendering(drafts, Example)
        renderings = Renderings(drafts, plan, forms, measures)
        for row in rows:
            rendering.add(row)
            renderings.add(row)
            tally.add(row, wanted=row.tokens)
        counts, sizes = rendering.finish(), renderings.finish()
        told = manifest().model_copy(
            update={
                "rows": counts,
                "files": drafts.files,
                "sizes": sizes,
            }
        )
        pages = {"README.md": write_card(told, tally), **write_trainer_files(told)}
        for path, at in drafts.contents.items():
            pages[path] = at.read_bytes()
    for path, data in pages.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return told
