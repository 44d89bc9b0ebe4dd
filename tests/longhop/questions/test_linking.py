"""Groups belong together by a link test, and do not depend on the order of anything."""

from random import Random

import pytest

from longhop.questions.linking import link_questions, links
from longhop.records.accounts import Reason
from longhop.records.corpus import Split
from longhop.records.questions import AnswerKind, Composition, HopGroup, SingleHop
from longhop.spec.sections import Questions
from tests.fakes import BORN, FOUNDED, STUDIED, single_hop, vector


def dated(subject: str, year: str, **options: object) -> SingleHop:
    question = f"When was {subject} founded?"
    options = {"relation": "year of foundation", "kind": AnswerKind.DATE, **options}
    return single_hop(question, year, subject, **options)


def link(*questions: SingleHop, base: tuple[HopGroup, ...] = (), **plan: object):
    vectors = {each.document_id: vector(each.document_id, 1, 2) for each in questions}
    return link_questions(questions, vectors, Questions(**plan), dataset="test", base=base)


def test_the_answer_of_one_is_what_the_next_asks_about():
    assert links(BORN, FOUNDED)
    assert links(FOUNDED, STUDIED)
    assert not links(FOUNDED, BORN)
    assert not links(BORN, STUDIED)


@pytest.mark.parametrize(
    "changes",
    [
        {"split": Split.TEST},
        {"language": "zh"},
        {"answer": "Ada Holm"},
        {"answer": "Orlin"},
        {"subject": "Orlin Mill", "question": "Who founded Orlin Mill?"},
        {"question": "Who founded the town?"},
    ],
)
def test_what_only_looks_linked_is_not(changes: dict[str, object]):
    assert not links(BORN, FOUNDED.model_copy(update=changes))


def test_a_date_leads_nowhere():
    """A year is an answer that thousands of questions mention; it identifies nothing."""
    head = BORN.model_copy(update={"kind": AnswerKind.DATE, "answer": "Orlin"})

    assert not links(head, FOUNDED)


def test_chains_of_two_and_three_are_proposed():
    linked = link(BORN, FOUNDED, STUDIED)

    lengths = sorted(len(each.hops) for each in linked.groups)
    assert lengths == [2, 2, 3]
    assert linked.proposed == 3


def test_comparisons_need_one_relation_two_documents_and_two_years():
    years = [dated("Orlin", "1640"), dated("Luvane", "1700"), dated("Tasmere", "1640")]
    linked = link(*years, dated("Orlin Mill", "1701", document_id="d-Orlin"))

    pairs = {frozenset(hop.subject for hop in each.hops) for each in linked.groups}
    assert {str(each.composition) for each in linked.groups} == {Composition.COMPARISON}
    assert frozenset({"Orlin", "Luvane"}) in pairs
    assert frozenset({"Orlin", "Tasmere"}) not in pairs, "equal years"
    assert frozenset({"Orlin", "Orlin Mill"}) not in pairs, "one document"


def test_hops_on_one_chunk_are_turned_away():
    """One chunk would answer it all: the hop count would promise more than is needed."""
    inner = FOUNDED.model_copy(update={"evidence": BORN.evidence})
    linked = link(BORN, inner)

    assert linked.groups == []
    assert [each.reason for each in linked.rejected] == [Reason.SHARED_EVIDENCE]


def test_the_order_of_questions_does_not_matter():
    questions = [BORN, FOUNDED, STUDIED, *(dated(f"Town{n}", str(1500 + n)) for n in range(30))]
    shuffled = list(questions)
    Random(1).shuffle(shuffled)

    assert link(*questions, groups=20).groups == link(*shuffled, groups=20).groups


def test_a_hub_is_reused_no_more_than_allowed():
    people = [single_hop(f"Where was Person{n} born?", "Orlin", f"Person{n}") for n in range(50)]
    linked = link(FOUNDED, *people, reuse=4)

    assert len(linked.groups) == 4
    assert linked.left == {"reuse_cap": 46}
    assert linked.proposed == 50


def test_groups_of_the_base_come_first():
    """A night's new questions must not push out last night's rows."""
    people = [single_hop(f"Where was Person{n} born?", "Orlin", f"Person{n}") for n in range(20)]
    everything = link(FOUNDED, *people, reuse=20).groups
    chosen = tuple(everything[-3:])

    linked = link(FOUNDED, *people, reuse=3, base=chosen)

    assert {each.id for each in linked.groups} == {each.id for each in chosen}


def test_a_pair_of_the_base_is_proposed_though_nearer_ones_have_come():
    old = link(dated("Orlin", "1640"), dated("Luvane", "1700")).groups
    towns = [dated(f"Town{n}", str(1500 + n)) for n in range(30)]
    linked = link(dated("Orlin", "1640"), dated("Luvane", "1700"), *towns, base=tuple(old))

    assert old[0] in linked.groups


def test_a_group_of_the_base_falls_with_any_of_its_questions():
    old = tuple(link(BORN, FOUNDED).groups)
    changed = FOUNDED.model_copy(update={"answer": "Ivo Sandar"})

    assert old[0].id not in {each.id for each in link(BORN, base=old).groups}
    assert all(hop != FOUNDED for each in link(BORN, changed, base=old).groups for hop in each.hops)


def test_all_that_was_proposed_is_accounted_for():
    towns = [dated(f"Town{n}", str(1500 + n)) for n in range(30)]
    linked = link(BORN, FOUNDED, *towns, groups=5, reuse=2)

    left = sum(linked.left.values())
    assert linked.proposed == len(linked.groups) + len(linked.rejected) + left
