"""Groups belong together by a link test, and do not depend on the order of anything."""

from collections import Counter
from random import Random
from zlib import crc32

import numpy as np
import pytest

from longhop.questions.bridging import BridgeIndex
from longhop.questions.linking import link_questions
from longhop.questions.linking.closeness import VectorCloseness
from longhop.records.accounts import Reason
from longhop.records.questions import AnswerKind, Composition, HopGroup, Scope, SingleHop
from longhop.selection.vectors import to_steps
from longhop.spec.sections import Questions
from tests.fakes import BORN, FOUNDED, STUDIED, single_hop


def dated(subject: str, year: str, **options: object) -> SingleHop:
    question = f"When was {subject} founded?"
    known = {"relation": "year of foundation", "kind": AnswerKind.DATE, "subject_kind": "town"}
    options = {**known, **options}
    return single_hop(question, year, subject, **options)


def counted(
    subject: str, number: str, relation: str = "population", sort: str = "town"
) -> SingleHop:
    question = f"What is the {relation} of {subject}?"
    options = {"relation": relation, "kind": AnswerKind.NUMBER, "subject_kind": sort}
    return single_hop(question, number, subject, **options)


def link(*questions: SingleHop, base: tuple[HopGroup, ...] = (), **plan: object):
    rows = [np.random.default_rng(crc32(each.id.encode())).random(8) for each in questions]
    closeness = VectorCloseness(to_steps(np.array(rows, np.float32)))
    index = BridgeIndex(questions)
    chosen = Questions.model_validate(plan)
    return link_questions(questions, closeness, index, chosen, dataset="test", base=base)


def test_chains_of_two_and_three_are_proposed():
    linked = link(BORN, FOUNDED, STUDIED)

    lengths = sorted(len(each.hops) for each in linked.groups)
    assert lengths == [2, 2, 3]
    assert linked.proposed == 3


def test_comparisons_need_one_relation_two_documents_and_two_years():
    years = [dated("Orlin", "1640"), dated("Luvane", "1700"), dated("Tasmere", "1640")]
    linked = link(*years, dated("Orlin Mill", "1701", document_id="d-Orlin"))

    pairs = {frozenset(hop.subject for hop in each.hops) for each in linked.groups}
    assert {str(each.composition) for each in linked.groups} == {Composition.TEMPORAL}
    assert frozenset({"Orlin", "Luvane"}) in pairs
    assert frozenset({"Orlin", "Tasmere"}) not in pairs, "equal years"
    assert frozenset({"Orlin", "Orlin Mill"}) not in pairs, "one document"


def test_only_things_of_one_sort_are_compared():
    """A house is high, and so is a waterfall: nobody asks which is higher."""
    heights = [("Orlin Falls", "20 m", "waterfall"), ("Holm House", "30 m", "house")]
    mixed = [counted(name, high, "height", sort) for name, high, sort in heights]
    unknown = [counted("A", "10 m", "height", ""), counted("B", "12 m", "height", "")]
    alike = counted("Tas Falls", "40 m", "height", "waterfalls")

    assert link(*mixed, *unknown).groups == []
    (group,) = link(*mixed, *unknown, alike, compositions=("comparison",)).groups
    assert {each.subject for each in group.hops} == {"Orlin Falls", "Tas Falls"}


@pytest.mark.parametrize("name", ["Emily", "Frederick William", "William III"])
def test_who_could_be_anybody_is_not_put_in_order(name: str):
    born = {"relation": "date of birth", "subject_kind": "person"}

    assert link(dated(name, "1822", **born), dated("Ada Holm", "1900", **born)).groups == []
    assert link(dated(f"{name} of Orlin", "1822", **born), dated("Ada Holm", "1900", **born)).groups


def test_a_singer_is_not_the_album_of_that_name():
    wrote = single_hop("Who wrote Low Tide?", "Ada Holm", "Low Tide", kind=AnswerKind.PERSON)
    released = single_hop("When was Ada Holm released?", "1999", "Ada Holm", kind=AnswerKind.DATE)

    def about(sort: str):
        return link(wrote, released.model_copy(update={"subject_kind": sort})).groups

    assert about("album") == []
    assert len(about("person")) == len(about("")) == 1


def test_a_series_is_not_the_album_of_that_name():
    work = {"relation": "series", "kind": AnswerKind.WORK}
    played = single_hop("Which series is Ada Holm from?", "Low Tide", "Ada Holm", **work)
    released = single_hop("When was Low Tide released?", "1999", "Low Tide", kind=AnswerKind.DATE)

    def about(sort: str):
        return link(played, released.model_copy(update={"subject_kind": sort})).groups

    assert about("album") == []
    assert len(about("sitcom")) == len(about("")) == 1


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
    assert linked.left == {"reuse_cap": 28}
    assert linked.proposed == 32, "the surest of fifty"


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


def kinds(linked) -> dict[tuple[str, int], int]:
    found = Counter((str(each.composition), len(each.hops)) for each in linked.groups)
    return dict(found)


def test_a_question_that_names_two_answers_makes_a_tree():
    taught = single_hop("Who taught Cleo?", "Ivo Sandar", "Cleo")
    raised = single_hop("Who raised Dan?", "Ada Holm", "Dan")
    both = single_hop("What did Ada Holm and Ivo Sandar build?", "the Weir", "Ada Holm")
    linked = link(taught, raised, both)

    (tree,) = [each for each in linked.groups if len(each.hops) == 3]
    assert tree.hops[-1] == both
    assert {(each.tail, each.mention) for each in tree.links} == {
        (2, "Ada Holm"),
        (2, "Ivo Sandar"),
    }


def test_an_answer_that_a_later_hop_shares_makes_no_chain():
    """It would be named in the merged question, and nothing would be left to find."""
    back = single_hop("Where did Brisa Tolle die?", "Orlin", "Brisa Tolle")
    linked = link(BORN, FOUNDED, back)

    assert max(len(each.hops) for each in linked.groups) == 2


def test_evidence_that_tells_the_next_answer_is_a_shortcut():
    """Who reads "born in Orlin, which Brisa Tolle founded" needs the second hop no more."""
    told = BORN.model_copy(update={"quote": "She was born in Orlin, which Brisa Tolle founded."})
    linked = link(told, FOUNDED)

    assert linked.groups == []
    assert [each.reason for each in linked.rejected] == [Reason.SHORTCUT]


def test_numbers_are_compared_and_added_up_where_a_total_means_something():
    people = link(counted("Orlin", "1,200"), counted("Tasby", "800"))
    heights = link(
        counted("Orlin Hill", "120 m", "height"), counted("Tasby Hill", "80 m", "height")
    )

    assert kinds(people) == {("comparison", 2): 1, ("aggregate", 2): 1}
    assert kinds(heights) == {("comparison", 2): 1}


def test_units_are_one_under_all_of_their_names_and_different_ones_are_not_compared():
    same = link(counted("A Road", "12 km", "length"), counted("B Road", "9 kilometres", "length"))
    other = link(counted("A Road", "12 km", "length"), counted("B Road", "9 miles", "length"))

    assert ("comparison", 2) in kinds(same)
    assert kinds(other) == {}


def test_three_dates_are_put_in_order():
    linked = link(dated("Orlin", "1640"), dated("Luvane", "1700"), dated("Tasby", "1755"))

    assert kinds(linked)[("temporal", 3)] == 1


def test_both_sides_of_a_comparison_can_be_described():
    born = single_hop("Where was Ben Roke born?", "Tasby", "Ben Roke")
    linked = link(BORN, born, dated("Orlin", "1640"), dated("Tasby", "1755"), reuse=9)

    (whole,) = [each for each in linked.groups if len(each.hops) == 4]
    assert whole.composition is Composition.BRIDGE_COMPARISON
    assert {each.mention for each in whole.links} == {"Orlin", "Tasby"}


def test_an_intersection_needs_two_facts_that_neither_tells_alone():
    """One fact that holds of a single thing names it: the other would not be needed."""

    def fact(subject: str, relation: str, answer: str) -> SingleHop:
        return single_hop(
            f"What is the {relation} of {subject}?",
            answer,
            subject,
            relation=relation,
            chunk_id=f"c-{subject}-{relation}",
        )

    ada = fact("Ada", "birthplace", "Orlin"), fact("Ada", "school", "Marrow College")
    others = fact("Ben", "birthplace", "Orlin"), fact("Cleo", "school", "Marrow College")
    wanted = {"compositions": ["intersection"]}

    (found,) = link(*ada, *others, **wanted).groups
    assert {each.subject for each in found.hops} == {"Ada"}
    assert link(*ada, others[0], **wanted).groups == []
    assert link(*ada, *others, fact("Ben", "school", "Marrow College"), **wanted).groups == []


def test_only_the_wanted_scopes_are_proposed():
    inner = FOUNDED.model_copy(update={"document_id": BORN.document_id})
    linked = link(BORN, inner, scopes=["intra"])

    assert {each.scope for each in linked.groups} == {Scope.INTRA}
    assert link(BORN, inner, scopes=["inter"]).groups == []


def test_the_wanted_mix_comes_out():
    towns = [dated(f"Town{n}", str(1500 + n)) for n in range(60)]
    people = [single_hop(f"Where was Person{n} born?", f"Town{n}", f"Person{n}") for n in range(60)]
    linked = link(
        *towns,
        *people,
        groups=40,
        reuse=9,
        compositions=["bridge", "temporal"],
        mix={"composition": {"bridge": 0.75, "temporal": 0.25}},
    )

    found = Counter(str(each.composition) for each in linked.groups)
    assert found == {"bridge": 30, "temporal": 10}
    assert linked.notes == []


def test_a_mix_that_cannot_be_met_is_told_with_what_there_was():
    towns = [dated(f"Town{n}", str(1500 + n)) for n in range(60)]
    wanted = {"composition": {"bridge": 0.5, "temporal": 0.5}}
    linked = link(BORN, FOUNDED, *towns, groups=20, reuse=9, mix=wanted)
    exact = link(BORN, FOUNDED, *towns, groups=20, reuse=9, mix={**wanted, "exact": True})

    assert len(linked.groups) == 20
    assert linked.notes == [
        "questions.mix wants 50% composition bridge and 1 of 20 groups are (5%): 1 were proposed,"
        " of which 0 met the reuse cap of 9"
    ]
    assert Counter(str(each.composition) for each in exact.groups) == {"bridge": 1, "temporal": 1}
    assert any("exact" in each for each in exact.notes)
    assert exact.proposed == len(exact.groups) + len(exact.rejected) + sum(exact.left.values())


def test_a_hub_that_thousands_of_questions_answer_costs_no_more_than_another():
    """Every question about it could follow any of them: only the surest few are tried."""
    born = [
        single_hop(f"Where was Person{n} born?", "the United States", f"Person{n}")
        for n in range(3000)
    ]
    capital = single_hop(
        "What is the capital of the United States?", "Washington, D.C.", "United States"
    )
    linked = link(*born, capital, groups=50, reuse=5)

    assert 0 < len(linked.groups) <= 5
    assert linked.proposed <= 100


def test_what_is_asked_of_different_years_is_not_weighed():
    """ "Who scored more?" would lose the year."""

    def goals(name: str, year: str, number: str) -> SingleHop:
        question = f"How many goals did {name} score in {year}?"
        return single_hop(
            question, number, name, relation="goals", kind=AnswerKind.NUMBER, subject_kind="person"
        )

    ada, ben, cleo = (
        goals("Ada", "2012", "91"),
        goals("Ben", "2015", "57"),
        goals("Cleo", "2012", "3"),
    )

    assert link(ada, ben).groups == []
    assert kinds(link(ada, cleo)) == {("comparison", 2): 1, ("aggregate", 2): 1}


def test_evidence_that_stands_in_the_chunk_of_another_hop_is_shared():
    """Whoever shows that chunk alone has shown both."""
    twice = BORN.model_copy(update={"evidence": (*BORN.evidence, *FOUNDED.evidence)})
    linked = link(twice, FOUNDED)

    assert [each.reason for each in linked.rejected] == [Reason.SHARED_EVIDENCE]


def test_groups_of_the_base_fall_where_the_spec_wants_them_no_more():
    old = tuple(link(BORN, FOUNDED, dated("Orlin", "1640"), dated("Luvane", "1700")).groups)
    linked = link(
        BORN,
        FOUNDED,
        dated("Orlin", "1640"),
        dated("Luvane", "1700"),
        base=old,
        compositions=["temporal"],
    )

    assert {each.composition for each in linked.groups} == {Composition.TEMPORAL}


def test_a_group_of_an_earlier_release_is_tested_by_the_rules_of_today():
    """It called two dates a comparison, and knew no links."""
    pair = dated("Orlin", "1640"), dated("Luvane", "1700")
    (group,) = link(*pair, compositions=["temporal"]).groups
    old = group.model_copy(update={"composition": Composition.COMPARISON, "id": "g-old"})

    assert "g-old" not in {each.id for each in link(*pair, base=(old,)).groups}


def test_two_exact_axes_are_both_kept():
    towns = [dated(f"Town{n}", str(1500 + n)) for n in range(60)]
    people = [single_hop(f"Where was Person{n} born?", f"Town{n}", f"Person{n}") for n in range(60)]
    wanted = {
        "composition": {"bridge": 0.5, "temporal": 0.5},
        "hops": {"2": 0.9, "3": 0.1},
        "exact": True,
    }
    linked = link(*towns, *people, groups=40, reuse=9, mix=wanted, hops=[2, 3])

    count = len(linked.groups)
    bridges = sum(each.composition is Composition.BRIDGE for each in linked.groups)
    assert count > 10
    assert abs(bridges / count - 0.5) <= max(0.02, 1 / count)
    assert linked.proposed == count + len(linked.rejected) + sum(linked.left.values())


def test_a_mix_that_takes_nothing_is_told():
    linked = link(BORN, FOUNDED, mix={"language": {"zh": 1.0}})

    assert linked.groups == []
    assert "0 of 0 groups" in linked.notes[0]


def test_partners_outside_the_bounds_are_passed_over():
    """What is too near is nearly the same question; what is too far has nothing to do with it."""
    questions = BORN, FOUNDED, dated("Orlin", "1640"), dated("Luvane", "1700")

    assert link(*questions, max_similarity=0.01).proposed == 0
    assert link(*questions, min_similarity=1.0).proposed == 0
    assert link(*questions).proposed > 2
