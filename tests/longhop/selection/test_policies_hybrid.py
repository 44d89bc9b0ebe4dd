"""The default: similarity where it tells, a search among neighbours where it does not."""

from dataclasses import replace

import numpy as np
import pytest

from longhop.selection.field import Field
from longhop.selection.ledger import nothing_asked
from longhop.selection.policies import policy_of
from longhop.selection.policies.evidence import gather
from longhop.selection.policies.hybrid import foreseen_rates
from longhop.selection.policies.poisson import fit_poisson, predict
from longhop.selection.policies.prior import prior_rates
from tests.longhop.selection.made import after, answers, ask_all, made_field

CLUSTERS = 60


def looking(field: Field, good: tuple[int, ...], *, noise: float = 0.03) -> Field:
    """The field where the documents of those clusters are nearest to the reference."""
    rng = np.random.default_rng(2)
    near = 0.3 + 0.3 * np.isin(field.clusters, good) + noise * rng.normal(size=len(field))
    return replace(field, closeness=np.stack([near + 0.05, near, near / 2], axis=1))


def calls(name: str, field: Field, given: np.ndarray, share: float = 0.9) -> int:
    ledger = ask_all(policy_of(name), field, given, 20)
    found = np.cumsum(given[ledger.documents]) / given.sum()
    return int(np.searchsorted(found, share - 1e-9)) + 1


def test_where_documents_look_like_what_they_give_it_is_no_worse_than_similarity():
    """Its audit sample is all that it pays for not trusting similarity."""
    good = tuple(range(6))
    field = looking(made_field(1200, clusters=CLUSTERS), good)
    given = answers(field, good=good)

    assert calls("hybrid", field, given) <= 1.05 * calls("similarity", field, given) + 50


def test_decoys_cost_it_far_less_than_similarity():
    """They are nearest to the reference, and give nothing."""
    good, decoys = (3, 4, 5), (10, 11, 12, 13, 14, 15)
    field = looking(made_field(1200, clusters=CLUSTERS), decoys)
    given = answers(field, good=good, pairs=3)

    assert calls("hybrid", field, given) < 0.4 * calls("similarity", field, given)


def test_what_is_foreseen_of_a_document_does_not_rest_on_its_own_answer():
    """Or it would be right about all that answered, and no weight could be fitted on them."""
    field = made_field(200)
    ledger = ask_all(policy_of("random"), field, answers(field), 50)
    said = gather(field, ledger)
    changed = replace(ledger, rewards=np.where(ledger.documents == 3, 99.0, ledger.rewards))
    other = gather(field, changed)

    assert said.cluster_given[3] == other.cluster_given[3]
    assert said.near_given[3] == other.near_given[3]
    assert other.cluster_given[18] == said.cluster_given[18] + 97


def test_the_evidence_of_a_cluster_is_of_the_others():
    field = made_field(30, clusters=3)
    choice = policy_of("exhaustive").choose(field, nothing_asked(4), 6, np.random.default_rng(0))
    ledger = after(nothing_asked(4), choice, answers(field, good=(0,)))
    said = gather(field, ledger)

    assert said.cluster_given[[0, 3, 6, 1]].tolist() == [2, 2, 4, 0]
    assert said.cluster_cost[[0, 3, 6, 1]].tolist() == [1, 1, 2, 1]
    assert said.near_given[6] == pytest.approx(4)
    assert said.near_cost[6] == pytest.approx(2)


def test_where_nothing_answered_the_nearest_come_first():
    field = made_field(50)
    empty = nothing_asked(4)
    assert np.isfinite(foreseen_rates(field, empty)).all()

    alone = replace(field, clusters=np.arange(50))
    order = np.argsort(-prior_rates(alone, empty))
    assert order[0] == field.closeness[:, 1].argmax()


def test_where_all_gave_nothing_the_nearest_of_unknown_clusters_come_first():
    field = made_field(400, clusters=4)
    field = replace(field, neighbours=np.full((400, 1), -1, np.int32),
                    nearness=np.zeros((400, 1), np.float32))  # fmt: skip
    rows = np.flatnonzero(field.clusters != 2)[:60]
    choice = replace(
        policy_of("exhaustive").choose(field, nothing_asked(4), 60, np.random.default_rng(0)),
        documents=rows,
    )
    ledger = after(nothing_asked(4), choice, np.zeros(400))
    chosen = policy_of("hybrid").choose(field, ledger, 10, np.random.default_rng(0)).documents

    assert (field.clusters[chosen] == 2).mean() > 0.5


def test_rates_are_of_a_unit_of_cost():
    """A document that costs three times as much and gives as much has a third of the rate."""
    field = made_field(300, clusters=2, aimed=False)
    cost = np.where(field.clusters == 0, 1.5, 0.5)
    field = replace(field, cost=cost)
    ledger = ask_all(policy_of("random"), field, np.ones(300), 50)
    rates = foreseen_rates(field, ledger)

    ratio = rates[field.clusters == 1].mean() / rates[field.clusters == 0].mean()
    assert ratio == pytest.approx(3, rel=0.1)


def test_a_regression_finds_the_rates_that_counts_were_drawn_with():
    rng = np.random.default_rng(0)
    features = np.column_stack([np.ones(20_000), rng.normal(size=20_000)])
    exposure = rng.uniform(0.5, 2, 20_000)
    truth = np.asarray([-1.0, 0.7])
    counts = rng.poisson(exposure * np.exp(features @ truth)).astype(float)
    fitted = fit_poisson(features, counts, exposure, np.asarray([0.01, 0.01]))

    assert fitted == pytest.approx(truth, abs=0.05)


@pytest.mark.parametrize("counts", [np.zeros(50), np.eye(1, 50)[0], np.full(50, 1e4)])
def test_a_regression_ends_at_a_number(counts: np.ndarray):
    features = np.column_stack([np.ones(50), np.eye(1, 50)[0] * 1e3])
    fitted = fit_poisson(features, counts, np.ones(50), np.asarray([0.01, 1.0]))

    assert np.isfinite(predict(features, fitted)).all()
