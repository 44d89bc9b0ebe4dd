"""What the rehearsal model reads out of sentences."""

import pytest

from longhop.rehearsal.reading import read, sentences
from longhop.rehearsal.relations import RELATIONS, Relation
from longhop.rehearsal.solving import solve

EVERY_RELATION = [
    pytest.param(relation, id=f"{language}-{relation.key}")
    for language, table in RELATIONS.items()
    for relation in table.values()
]
OBJECTS = {
    "en": {"date": "1846", "number": "1,204", "height": "1,204 metres", "length": "12 km",
           "record label": "Alder Records"},
    "zh": {"date": "1846年", "number": "1204人", "height": "1204米", "length": "12公里"},
}  # fmt: skip


def stated(relation: Relation) -> tuple[str, str, str]:
    english = relation.question.isascii()
    objects = OBJECTS["en" if english else "zh"]
    thing = objects.get(relation.key) or objects.get(relation.kind)
    thing = thing or ("Corwen Vale" if english else "青岚书院")
    subject = "Hester Lorne" if english else "沈望舒"
    first, middle, last = relation.sentence.split("{}")
    return subject, thing, f"{first}{subject}{middle}{thing}{last}"


@pytest.mark.parametrize("relation", EVERY_RELATION)
def test_a_sentence_of_a_relation_is_read_back(relation: Relation):
    """A context that the model writes must hold what its own solver finds."""
    subject, thing, sentence = stated(relation)

    assert (relation.key, subject, thing) in [
        (fact.key, fact.subject, fact.object) for fact in read(sentence)
    ]


@pytest.mark.parametrize("relation", EVERY_RELATION)
def test_a_question_of_a_relation_is_answered_from_its_sentence(relation: Relation):
    """Else no single-hop question could be proved."""
    subject, thing, sentence = stated(relation)

    assert solve(relation.question.replace("{}", subject), [sentence]) == thing


@pytest.mark.parametrize(
    ("sentence", "facts"),
    [
        (
            "Josef Mach (25 February 1909 in Prostějov – 7 July 1987 in Prague) was a director.",
            {
                ("date of birth", "25 February 1909"),
                ("place of birth", "Prostějov"),
                ("date of death", "7 July 1987"),
                ("place of death", "Prague"),
            },
        ),
        (
            '"Sunset Man" is the second studio album by American country music singer James Otto,'
            " released on April 8, 2008.",
            {("performer", "James Otto"), ("date of release", "April 8, 2008")},
        ),
        (
            "Glove Taps is a 1937 short comedy directed by Gordon Douglas and starring Ada Poe.",
            {("film director", "Gordon Douglas"), ("star", "Ada Poe")},
        ),
        ("Codo is a municipality located in the province of Zaragoza, Spain.",
         {("location", "Zaragoza")}),
        ("Ada Holt was born in Ulm and died in Bonn.",
         {("place of birth", "Ulm"), ("place of death", "Bonn")}),
    ],
)  # fmt: skip
def test_real_prose_yields_clean_names(sentence: str, facts: set[tuple[str, str]]):
    """Questions are linked by equal names, so a trailing clause would cut every chain."""
    assert {(fact.key, fact.object) for fact in read(sentence)} == facts


def test_a_capital_is_asked_of_its_country():
    """The sentence has them the other way round."""
    (fact,) = read("Ferno is the capital of Laland.")

    assert (fact.key, fact.subject, fact.object) == ("capital", "Laland", "Ferno")


def test_a_surname_stands_for_the_title():
    """A question about "Perry" could not be understood without the document."""
    (fact,) = read("Perry was born in Valdosta, Georgia.", "Newt Perry")

    assert fact.subject == "Newt Perry"


def test_a_longer_name_is_not_cut_at_the_title():
    """Orlin Mill is not Orlin."""
    (fact,) = read("Orlin Mill was built in 1711.", "Orlin")

    assert fact.subject == "Orlin Mill"


def test_several_authors_are_none():
    """Half an answer is a wrong answer."""
    assert not read("Low Tide is a song written by Ann Roe and Bo Dale.")


def test_sentences_are_copied_letter_by_letter():
    """Quotes must be found in the document."""
    text = (
        "Mr. J. R. Hale lived in St. Ives.  He left the U.S. in 1901! 他走了。然后呢？\nEnd of it."
    )

    assert list(sentences(text)) == [
        "Mr. J. R. Hale lived in St. Ives.",
        "He left the U.S. in 1901!",
        "他走了。",
        "然后呢？",
        "End of it.",
    ]
