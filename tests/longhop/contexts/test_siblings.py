"""Documents of a task serve each other as distractors, each as often as the others."""

from collections import Counter
from itertools import islice, permutations

from longhop.contexts.siblings import Siblings, siblings_of
from longhop.records.corpus import Split
from longhop.records.seeds import Origin


def origin(name: str, **changes: object) -> Origin:
    fields = {
        "document_id": name,
        "seed_id": f"seed-{name}",
        "task": "a",
        "form": "report",
        "split": Split.TRAIN,
        "anchored": False,
        "language": "en",
    }
    return Origin.model_validate(fields | changes)


RING = [origin(f"d{n}") for n in range(17)]


def test_each_is_taken_as_often_as_the_others():
    siblings = Siblings(RING, "data")
    names = [each.document_id for each in RING]
    taken = [(each.document_id, it) for each in RING for it in islice(siblings.of(each), 5)]

    assert Counter(other for _, other in taken) == dict.fromkeys(names, 5)
    assert len(set(taken)) == 5 * 17
    assert all(each != other for each, other in taken)


def test_all_others_come_in_the_end():
    assert set(siblings_of(RING[0], RING, "data")) == {each.document_id for each in RING[1:]}


def test_siblings_are_of_one_task_language_and_split_and_of_other_seeds():
    others = [
        origin("t", task="b"),
        origin("l", language="zh"),
        origin("s", split=Split.TEST),
        origin("same", seed_id=RING[0].seed_id),
    ]
    found = set(siblings_of(RING[0], [*others, *RING], "data"))

    assert found == {each.document_id for each in RING[1:]}


def test_the_order_of_the_origins_changes_nothing_and_the_dataset_does():
    some = RING[:5]
    orders = {tuple(siblings_of(some[0], each, "data")) for each in permutations(some)}
    names = {tuple(siblings_of(RING[0], RING, name)) for name in "abc"}

    assert len(orders) == 1
    assert len(names) == 3


def test_one_alone_has_no_siblings():
    assert list(siblings_of(RING[0], RING[:1], "data")) == []


def test_the_ring_is_the_one_that_earlier_versions_drew():
    """Else every context with a written document beside the evidence would change."""
    assert list(islice(siblings_of(RING[3], RING, "data"), 6)) == [
        "d10",
        "d5",
        "d1",
        "d6",
        "d11",
        "d0",
    ]
