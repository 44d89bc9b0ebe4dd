"""What sort of thing a document's subject is."""

import pytest

from longhop.rehearsal.kinds import kind_of


@pytest.mark.parametrize(
    ("subject", "document", "kind"),
    [
        ("Orlin Falls", "Orlin Falls is a small seasonal waterfall in Tasby.", "waterfall"),
        ("Orlin Falls", "Orlin Falls (20 m) is one of the waterfalls of Tasby.", "waterfalls"),
        (
            "Holm House",
            "Holm House, also known as the Mill, is a listed house, built 1650.",
            "house",
        ),
        ("Low Tide", '"Low Tide" is a song written by Ada Holm.', "song"),
        ("Tasby", "Ada came from Tasby, a town in Orlin.", "town"),
        ("Tasby", "Ada came from Tasby. It is high.", ""),
        ("Luvane", "The Luvane rises in Tasby.", ""),
    ],
)
def test_the_noun_is_what_the_document_says(subject: str, document: str, kind: str):
    assert kind_of("height", subject, document, "en") == kind


def test_people_are_people_whatever_their_calling():
    assert kind_of("date of birth", "Ada Holm", "Ada Holm is a baker.", "en") == "person"
    assert kind_of("date of birth", "沈望舒", "沈望舒生于1820年。", "zh") == "人"


def test_chinese_says_it_last():
    assert kind_of("length", "听鹭桥", "听鹭桥是青石渡的一座石桥。", "zh") == "石桥"
