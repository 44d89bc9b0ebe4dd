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
    taken = [(each, other) for each in RING for other in islice(siblings.of(each), 5)]

    assert set(Counter(other.document_id for _, other in taken).values()) == {5}
    assert len({(each.document_id, other.document_id) for each, other in taken}) == 5 * 17
    assert all(each != other for each, other in taken)


def test_all_others_come_in_the_end():
    assert {each.document_id for each in siblings_of(RING[0], RING, "data")} == {
        each.document_id for each in RING[1:]
    }


def test_siblings_are_of_one_task_language_and_split_and_of_other_seeds():
    others = [
        origin("t", task="b"),
        origin("l", language="zh"),
        origin("s", split=Split.TEST),
        origin("same", seed_id=RING[0].seed_id),
    ]
    found = list(siblings_of(RING[0], [*others, *RING], "data"))

    assert {each.document_id for each in found} == {each.document_id for each in RING[1:]}


def test_the_order_of_the_origins_changes_nothing_and_the_dataset_does():
    some = RING[:5]
    orders = {tuple(siblings_of(some[0], each, "data")) for each in permutations(some)}
    names = {tuple(siblings_of(RING[0], RING, name)) for name in "abc"}

    assert len(orders) == 1
    assert len(names) == 3


def test_one_alone_has_no_siblings():
    assert list(siblings_of(RING[0], RING[:1], "data")) == []
