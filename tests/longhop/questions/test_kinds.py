"""Things of one sort, and relations by whatever words."""

import pytest

from longhop.questions.kinds import sort_of
from longhop.questions.relations import relation_key
from tests.fakes import BORN


@pytest.mark.parametrize(
    ("kind", "sort"),
    [
        ("lake", "lake"),
        ("glacial lakes", "lake"),
        ("Lake of glacial origin", "lake"),
        ("pass", "pass"),
        ("town", "settlement"),
        ("cities", "settlement"),
        ("silent film", "film"),
        ("Movies", "film"),
        ("series", "series"),
        ("", ""),
        ("?!", ""),
    ],
)
def test_the_noun_says_what_sort_of_thing_it_is(kind: str, sort: str):
    assert sort_of(BORN.model_copy(update={"subject_kind": kind})) == sort


def test_chinese_has_one_word():
    chinese = BORN.model_copy(update={"language": "zh"})

    assert sort_of(chinese.model_copy(update={"subject_kind": "人物"})) == "人"
    assert sort_of(chinese.model_copy(update={"subject_kind": "湖泊"})) == "湖泊"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("birthplace", "place of birth"),
        ("year of birth", "birth date"),
        ("date founded", "year of foundation"),
        ("elevation", "height"),
        ("number of inhabitants", "number of residents"),
    ],
)
def test_one_relation_has_many_names(one: str, other: str):
    assert relation_key(one) == relation_key(other)


def test_other_relations_keep_their_names():
    assert relation_key("place of birth") != relation_key("place of death")
    assert relation_key("date of birth") != relation_key("place of birth")
    assert relation_key("of the") == ()
