"""The mixed corpus of ../shared/data as a field, with a model that is made up but not its texts.

A call on a relevant document returns one to three questions of the reference's own source, other
ones than the reference; on any other document, questions of sets that have nothing to do with it;
and one call in ten does the opposite. What a document is about is known to the score alone. The
questions are fewer than the calls, so the same one comes often: near-duplicates are credited here,
or nothing would be left to find.
"""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from longhop.selection.coverage import find_modes
from longhop.selection.relevance import greatest_cosines, relevance_threshold
from selection.embedding import CACHE, corpus_texts, embed, question_texts, read_lines
from selection.fields import field_of, found_first, served_by_mode
from selection.replay import Task

_SWAPPED = 0.1
_CLUSTERS = 60
_HISTORY = ("Imperialism", "French and Indian War", "Martin Luther")


@dataclass(frozen=True)
class Target:
    """Where the reference comes from, which domains are relevant, and which are left out."""

    sources: tuple[str, ...]
    relevant: tuple[str, ...]
    left_out: tuple[str, ...]
    unlike: tuple[str, ...]


_OTHER = ("Oxygen", "Chloroplast", "Immune system", "Nikola Tesla", "Warsaw", "European Union law")
TARGETS = {
    "gsm8k": Target(
        ("gsm8k",), ("arithmetic_algebra",), ("precalculus", "statistics"), ("musique", *_OTHER)
    ),
    "code": Target(
        ("code",),
        ("python_exercises", "python_textbook"),
        ("numpy_docs", "python_peps"),
        ("musique", *_OTHER),
    ),
    "history": Target(
        _HISTORY, ("us_history",), ("government", "encyclopedia"), ("gsm8k", "code", *_OTHER)
    ),
}


@dataclass(frozen=True)
class Texts:
    """All vectors that the targets need: of documents, with their domains, and of questions."""

    documents: NDArray[np.float32]
    domains: NDArray[np.str_]
    questions: dict[str, NDArray[np.float32]]


def read_texts(cache: Path = CACHE) -> Texts:
    domains = np.asarray([each["domain"] for each in read_lines("mixed_corpus")])
    questions = {name: embed(texts, cache) for name, texts in question_texts().items()}
    return Texts(embed(corpus_texts(), cache), domains, questions)


def real_task(
    texts: Texts,
    name: str,
    seed: int,
    *,
    references: int = 100,
    prevalence: float | None = None,
    shuffled: bool = False,
) -> Task:
    """The corpus for one target; `truth` is 1 for each relevant document.

    With `prevalence`, only so many relevant documents are left that they are that share. With
    `shuffled` labels, what a call returns has nothing to do with its document.
    """
    rng = np.random.default_rng([seed, 11])
    target = TARGETS[name]
    kept = ~np.isin(texts.domains, target.left_out)
    relevant = np.isin(texts.domains, target.relevant)
    if prevalence is not None:
        rest = int((kept & ~relevant).sum())
        few = round(prevalence * rest / (1 - prevalence))
        kept[rng.permutation(np.flatnonzero(relevant))[few:]] = False
    documents, truth = texts.documents[kept], relevant[kept]
    if shuffled:
        truth = rng.permutation(truth)
    own = np.concatenate([texts.questions[each] for each in target.sources])
    own = own[rng.permutation(len(own))]
    unlike = np.concatenate([texts.questions[each] for each in target.unlike])
    given = rng.integers(1, 4, len(truth))
    pair_of = np.repeat(np.arange(len(truth)), given)
    near = (truth ^ (rng.random(len(truth)) < _SWAPPED))[pair_of]
    reference, others = own[:references], own[100:]
    pairs = np.where(
        near[:, None],
        others[rng.integers(0, len(others), len(pair_of))],
        unlike[rng.integers(0, len(unlike), len(pair_of))],
    )
    field = field_of(documents, reference, _CLUSTERS, seed)
    threshold = relevance_threshold(reference, pairs[found_first(field, pair_of)])
    counted = greatest_cosines(pairs, reference) > threshold
    return Task(
        field=field,
        rewards=np.bincount(pair_of[counted], minlength=len(truth)).astype(float),
        truth=truth.astype(float),
        pairs=pairs,
        pair_of=pair_of,
        served=served_by_mode(pairs[counted], pair_of[counted], len(truth), reference),
        modes=find_modes(reference),
    )


def proxy_quality(task: Task) -> tuple[float, float]:
    """Of documents with a counted pair, the relevant share; and of relevant ones, those counted."""
    counted = task.rewards > 0
    both = float((counted & (task.truth > 0)).sum())
    return both / max(1, counted.sum()), both / max(1.0, task.truth.sum())


def with_cost(task: Task, cost: NDArray[np.float64]) -> Task:
    """The same task where documents cost what is given."""
    return replace(task, field=replace(task.field, cost=cost / cost.mean()))
