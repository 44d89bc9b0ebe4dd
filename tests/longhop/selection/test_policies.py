"""What is true of every policy, whatever field and ledger it is given."""

from dataclasses import replace

import numpy as np
import pytest

from longhop.selection.field import Field
from longhop.selection.ledger import Ledger, Outcome, nothing_asked
from longhop.selection.policies import POLICIES, policy_of
from tests.longhop.selection.made import GOOD, after, answers, ask_all, made_field

LEARNING = ["thompson", "knn", "hybrid"]
PULLING = ["equal", "epsilon_greedy"]
every = pytest.mark.parametrize("name", sorted(POLICIES))


def chance(number: int = 0) -> np.random.Generator:
    return np.random.default_rng([5, number])


@every
@pytest.mark.parametrize("size", [1, 37, 10_000])
def test_every_document_is_asked_once_whatever_the_size_of_a_round(name: str, size: int):
    field = made_field(60)
    ledger = ask_all(policy_of(name), field, answers(field), size)

    assert sorted(ledger.documents) == list(range(60))


@every
def test_a_round_is_as_large_as_it_may_be(name: str):
    field = made_field()
    policy, ledger = policy_of(name), nothing_asked(4)
    for number, size in enumerate((40, 7, 100, 1000)):
        choice = policy.choose(field, ledger, size, chance(number))
        assert len(choice.documents) == min(size, len(field) - len(ledger))
        assert len(choice.scores) == len(choice.reasons) == len(choice.documents)
        assert np.isfinite(choice.scores).all()
        ledger = after(ledger, choice, answers(field))


@every
def test_nothing_is_chosen_where_nothing_is_left_or_wanted(name: str):
    field = made_field(20)
    ledger = ask_all(policy_of(name), field, answers(field), 20)

    assert not len(policy_of(name).choose(field, ledger, 5, chance()).documents)
    assert not len(policy_of(name).choose(field, nothing_asked(4), 0, chance()).documents)


@every
def test_a_policy_that_is_made_anew_chooses_as_one_that_went_on(name: str):
    """A build that was killed goes on as it would have gone on."""
    field = made_field()
    policy, ledger = policy_of(name), nothing_asked(4)
    for number in range(6):
        kept = policy.choose(field, ledger, 20, chance(number))
        anew = policy_of(name).choose(field, ledger, 20, chance(number))
        assert kept.documents.tolist() == anew.documents.tolist()
        assert kept.scores.tolist() == anew.scores.tolist()
        ledger = after(ledger, kept, answers(field))


@every
@pytest.mark.parametrize("aimed", [True, False])
@pytest.mark.parametrize("documents", [1, 2, 3])
def test_a_few_documents_are_asked_all(name: str, documents: int, aimed: bool):
    field = made_field(documents, clusters=1, aimed=aimed)

    assert len(ask_all(policy_of(name), field, answers(field, good=(0,)), 1)) == documents


@every
def test_clusters_of_one_and_documents_without_neighbours_are_no_trouble(name: str):
    field = made_field(40, clusters=40)
    assert (field.neighbours == -1).all()

    assert len(ask_all(policy_of(name), field, answers(field), 9)) == 40


@every
def test_a_field_that_nobody_found_neighbours_for_is_no_trouble(name: str):
    field = made_field(60)
    bare = replace(field, neighbours=field.neighbours[:, :0], nearness=field.nearness[:, :0])

    assert len(ask_all(policy_of(name), bare, answers(bare), 20)) == 60


@every
def test_identical_documents_are_taken_in_the_order_of_their_rank(name: str):
    """Nothing else tells them apart; by chance, where chance is what the policy goes by."""
    field = made_field(60, clusters=1)
    same = replace(field, closeness=np.full((60, 3), 0.4))
    choice = policy_of(name).choose(same, nothing_asked(4), 60, chance())

    assert sorted(choice.documents) == list(range(60))
    if name not in ("exhaustive", *LEARNING):
        assert same.rank[choice.documents].tolist() == list(range(60))


@every
def test_where_all_rewards_are_zero_it_goes_on(name: str):
    field = made_field()
    ledger = ask_all(policy_of(name), field, np.zeros(300), 50)

    assert len(ledger) == 300


@every
def test_without_a_reference_it_goes_on(name: str):
    field = made_field(aimed=False)

    assert len(ask_all(policy_of(name), field, answers(field), 50)) == 300


@pytest.mark.parametrize("name", [*LEARNING, *PULLING])
@pytest.mark.parametrize("aimed", [True, False])
def test_what_gave_pairs_is_asked_more_of(name: str, aimed: bool):
    """Of the good cluster's 20 documents, most come in the first half; a fifth would by chance."""
    if name == "equal" and not aimed:
        pytest.skip("without a reference it draws by chance")
    field = made_field(aimed=aimed)
    ledger = ask_all(policy_of(name), field, answers(field), 30)
    half = ledger.documents[:180]

    assert (field.clusters[half] == GOOD).sum() >= 19


@pytest.mark.parametrize("name", LEARNING)
def test_failed_documents_are_charged_and_say_nothing(name: str):
    """A cluster whose calls failed is foreseen as if they had not been made."""
    field = made_field()
    policy = policy_of(name)
    ledger = after(nothing_asked(4), policy.choose(field, nothing_asked(4), 60, chance()),
                   answers(field))  # fmt: skip
    rows = np.flatnonzero((field.clusters == GOOD) & ~np.isin(np.arange(300), ledger.documents))
    lost = asked_of(ledger, rows[:4], Outcome.FAILED)
    before = scores_of(policy, field, ledger)
    now = scores_of(policy, field, lost)

    assert not np.isin(rows[:4], list(now)).any()
    if name != "thompson":  # whose scores depend on who is left, by the mean of their priors
        assert all(now[row] == pytest.approx(before[row], rel=1e-6) for row in now)


def test_in_flight_documents_lower_what_is_foreseen_of_their_cluster_alone():
    """All of a cluster would be asked on the strength of one answer, before more is known."""
    field = made_field(600)
    policy = policy_of("hybrid")
    first = policy.choose(field, nothing_asked(4), 60, chance())
    ledger = after(nothing_asked(4), first, answers(field, good=(GOOD, 7)))
    rows = np.setdiff1d(np.flatnonzero(field.clusters == GOOD), first.documents)[:8]
    before = scores_of(policy, field, ledger)
    now = scores_of(policy, field, asked_of(ledger, rows, Outcome.IN_FLIGHT))
    of_cluster = {row for row in now if field.clusters[row] == GOOD}

    assert all(now[row] < 0.95 * before[row] for row in of_cluster)
    assert all(now[row] == pytest.approx(before[row]) for row in now.keys() - of_cluster)


def test_an_arm_with_many_documents_in_flight_wins_fewer_places():
    """Nothing is known of them yet, and there are other arms to learn of."""
    field = made_field(600, clusters=3)
    policy = policy_of("thompson")
    known = asked_of(nothing_asked(4), np.arange(6), Outcome.DONE)
    flying = np.setdiff1d(np.flatnonzero(field.clusters == 0), np.arange(6))[:100]

    def won(ledger: Ledger) -> int:
        chosen = policy.choose(field, ledger, 90, chance()).documents
        return int((field.clusters[chosen] == 0).sum())

    assert won(asked_of(known, flying, Outcome.IN_FLIGHT)) < won(known)


@pytest.mark.parametrize("name", ["knn", "hybrid"])
def test_of_two_that_give_the_same_the_cheaper_comes_first(name: str):
    field = made_field()
    dear = np.where(np.arange(300) % 2 == 0, 1.6, 0.4)
    field = replace(field, cost=dear, clusters=np.arange(300) % 2, closeness=None)
    neighbours = (np.arange(300)[:, None] + 2 * np.arange(1, 11)) % 300
    field = replace(field, neighbours=neighbours.astype(np.int32),
                    nearness=np.full((300, 10), 0.5, np.float32))  # fmt: skip
    policy = policy_of(name)
    ledger = nothing_asked(4)
    for number in range(3):
        ledger = after(ledger, policy.choose(field, ledger, 30, chance(number)), np.ones(300))
    choice = policy.choose(field, ledger, 50, chance(3))

    assert (field.cost[choice.documents[choice.by_chance == 0]] < 1).mean() > 0.9


@pytest.mark.parametrize("name", LEARNING)
def test_the_first_round_is_half_by_similarity_and_half_by_chance(name: str):
    field = made_field(1000)
    policy = policy_of(name)
    size = policy.warm_up(field)
    choice = policy.choose(field, nothing_asked(4), size, chance())
    reasons = np.asarray(choice.reasons)
    audit = choice.documents[reasons == "audit"]
    near = choice.documents[reasons == "warm-up"]

    assert size == 100
    assert sorted(field.rank[audit]) == list(range(50))
    others = np.setdiff1d(np.arange(1000), choice.documents)
    assert field.closeness[near, 1].min() >= field.closeness[others, 1].max()


@pytest.mark.parametrize(
    ("documents", "size"), [(1, 1), (5, 1), (50, 5), (999, 100), (10**6, 10**4)]
)
def test_the_warm_up_is_a_hundredth_or_a_hundred_of_at_most_a_tenth(documents: int, size: int):
    from longhop.selection.policies.warming import warm_up_size

    assert warm_up_size(documents) == size


def test_the_order_of_the_field_decides_nothing():
    """Documents are renumbered: the same ones are chosen."""
    field = made_field(200, clusters=10)
    order = np.random.default_rng(8).permutation(200)
    place = np.argsort(order)
    renamed = np.where(field.neighbours < 0, -1, place[field.neighbours]).astype(np.int32)
    other = replace(
        field,
        rank=field.rank[order],
        cost=field.cost[order],
        closeness=field.closeness[order],
        clusters=field.clusters[order],
        neighbours=renamed[order],
        nearness=field.nearness[order],
    )
    given = answers(field)
    for name in ("hybrid", "knn", "similarity", "random"):
        one = ask_all(policy_of(name), field, given, 20)
        two = ask_all(policy_of(name), other, given[order], 20)
        assert one.documents.tolist() == order[two.documents].tolist(), name


def test_an_unknown_policy_is_refused():
    with pytest.raises(KeyError):
        policy_of("best")


def asked_of(ledger: Ledger, rows: np.ndarray, outcome: Outcome) -> Ledger:
    return replace(
        ledger,
        documents=np.concatenate([ledger.documents, rows]),
        rounds=np.concatenate([ledger.rounds, np.full(len(rows), 1)]),
        outcomes=np.concatenate([ledger.outcomes, np.full(len(rows), outcome)]),
        rewards=np.concatenate([ledger.rewards, np.zeros(len(rows))]),
    )


def scores_of(policy, field: Field, ledger: Ledger) -> dict[int, float]:
    choice = policy.choose(field, ledger, len(field), chance())
    return dict(zip(choice.documents.tolist(), choice.scores.tolist(), strict=True))
