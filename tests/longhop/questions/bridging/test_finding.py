"""The link test: a question asks about another's answer, by whatever form of its name."""

import pytest

from longhop.questions.bridging import Mention, find_bridge, find_name
from longhop.records.corpus import Split
from longhop.records.questions import AnswerKind, SingleHop
from tests.fakes import BORN, FOUNDED, STUDIED, single_hop


def asking(answer: str, kind: AnswerKind = AnswerKind.OTHER, **options: object) -> SingleHop:
    """A question that is answered by that."""
    return single_hop("Which one do the papers mean?", answer, "", kind=kind, **options)


def about(question: str, subject: str = "", answer: str = "Qopel", **options: object) -> SingleHop:
    """A question that names something."""
    return single_hop(question, answer, subject, kind=AnswerKind.OTHER, **options)


def named(head: SingleHop, tail: SingleHop) -> str | None:
    """The words by which the tail names the head's answer."""
    found = find_bridge(head, tail)
    return found and tail.question[found.start : found.end]


def test_the_answer_of_one_is_what_the_next_asks_about():
    assert find_bridge(BORN, FOUNDED) == Mention(12, 17, 1.0, "named in full")
    assert find_bridge(FOUNDED, STUDIED)


def test_a_bridge_has_a_direction():
    """Whoever founded the town does not lead to where Ada was born."""
    assert find_bridge(FOUNDED, BORN) is None
    assert find_bridge(BORN, STUDIED) is None
    assert find_bridge(BORN, BORN) is None


@pytest.mark.parametrize(
    ("answer", "question", "mention"),
    [
        ("Orlin", "Who founded Orlin?", "Orlin"),
        ("the Salt Mill", "Who built the Salt Mill?", "Salt Mill"),
        ("Salt Mill", "who built the salt mill", "salt mill"),
        ("Beyoncé", "Who is Beyonce's mother?", "Beyonce"),
        ("The Beatles", "What was the Beatles' first song?", "Beatles"),
        ("St. Louis", "Who founded Saint Louis?", "Saint Louis"),
        ("Marks & Spencer", "Who runs Marks and Spencer?", "Marks and Spencer"),
        ("J. K. Rowling", "Where was J.K. Rowling born?", "J.K. Rowling"),
        ("Texas,", "Who governs Texas?", "Texas"),
        ("in Chile", "Who governs Chile?", "Chile"),
        ("Houston, Texas", "Who founded Houston?", "Houston"),
        ("Orlin (town)", "Who founded Orlin?", "Orlin"),
        ("United States", "Who leads the US?", "US"),
        ("USA", "Who leads the United States?", "United States"),
        ("the United States", "Who leads the U.S.?", "U.S"),
        ("United Kingdom", "Who leads Britain?", "Britain"),
        ("Major League Baseball", "When does the MLB begin?", "MLB"),
        ("American", "What do Americans earn?", "Americans"),
    ],
)
def test_a_name_is_known_by_its_forms(answer: str, question: str, mention: str):
    """The article before it is no part of the mention, so that it can be replaced as it is."""
    assert named(asking(answer), about(question)) == mention


@pytest.mark.parametrize(
    ("answer", "question", "mention"),
    [
        ("Barack Obama", "Where was Obama born?", "Obama"),
        ("Barack Obama", "Where was President Obama born?", "Obama"),
        ("President Obama", "Where was Barack Obama born?", None),
        ("Walter Scott", "Where was Sir Walter Scott born?", "Walter Scott"),
        ("Sir Walter Scott", "Where was Walter Scott born?", "Walter Scott"),
        ("Michael J. Fox", "Where was Michael Fox born?", "Michael Fox"),
        ("Raymond Carver", "Where was R. Carver born?", "R. Carver"),
        ("Joanne Kathleen Rowling", "Where was J. K. Rowling born?", "J. K. Rowling"),
        ("Vincent van Gogh", "Where was van Gogh born?", "van Gogh"),
        ("Martin Luther King Jr.", "Where was Martin Luther King born?", "Martin Luther King"),
    ],
)
def test_a_person_is_known_by_the_surname(answer: str, question: str, mention: str | None):
    assert named(asking(answer, AnswerKind.PERSON), about(question)) == mention


def test_a_surname_in_lower_case_is_a_word():
    """Who wrote the carver's song does not ask about Raymond Carver."""
    assert named(asking("Raymond Carver"), about("Who taught the carver of Orlin?")) is None


def test_a_place_has_no_surname():
    assert named(asking("Salt Lake", AnswerKind.PLACE), about("How deep is Lake?")) is None


def test_other_names_of_the_answer_lead_on_too():
    head = asking("Orlin").model_copy(update={"aliases": ("Old Harbour",)})

    found = find_bridge(head, about("Who founded Old Harbour?"))

    assert found and found.why == "by another of its names"


@pytest.mark.parametrize(
    ("answer", "question"),
    [
        ("York", "Who founded New York?"),
        ("York", "who founded new york"),
        ("Washington", "Where was Washington Irving born?"),
        ("Orlin", "Who built Orlin Bridge?"),
        ("Joe Jackson", "Where was Michael Jackson born?"),
        ("John Fox", "Where was Michael J. Fox born?"),
        ("George", "Who played King George VI?"),
        ("Apollo", "Who flew on Apollo 11?"),
        ("American", "Who won the Mexican-American war?"),
        ("Bank", "Who runs the Bank of Orlin?"),
        ("Albert Einstein", "Where did Hans Albert Einstein teach?"),
        ("Lorenzo Costa", "When did Lorenzo Costa the Younger die?"),
        ("Johnson", "Who owns Johnson & Smith?"),
    ],
)
def test_a_part_of_a_longer_name_is_no_mention(answer: str, question: str):
    assert named(asking(answer), about(question)) is None


@pytest.mark.parametrize(
    ("answer", "question"),
    [
        ("Honda", "When did Honda, Toyota and Nissan open plants?"),
        ("Toyota", "Did Toyota 2017 sales fall?"),
        ("Toyota", "What Is The Capital Of Toyota?"),
        ("Palembang", "When did the Battle of Palembang end?"),
        ("Michael Jackson", "Who is in Michael Jackson: The Life of an Icon?"),
    ],
)
def test_a_name_beside_others_is_one_of_its_own(answer: str, question: str):
    assert named(asking(answer), about(question)) == answer


def test_a_longer_name_that_the_question_is_said_to_have_counts_as_one():
    """Capitals do not tell in every language, nor in what is all in lower case."""
    tail = about("who runs the old mill of orlin")
    told = tail.model_copy(update={"entities": ("Old Mill of Orlin",)})

    assert named(asking("Orlin"), tail) == "orlin"
    assert named(asking("Orlin"), told) is None


@pytest.mark.parametrize(
    "answer",
    ["yes", "No", "five", "2", "1833", "March 29, 2018", "early in the 20th century", "$59,039",
     "12–14 years old", "about 575 feet", "music", "Who", "May"],
)  # fmt: skip
def test_an_answer_that_names_nothing_leads_nowhere(answer: str):
    assert named(asking(answer), about(f"What came of {answer} in Orlin?")) is None


@pytest.mark.parametrize("kind", [AnswerKind.DATE, AnswerKind.NUMBER, AnswerKind.REASON])
def test_what_is_no_name_leads_nowhere_whatever_it_looks_like(kind: AnswerKind):
    """A year is an answer that thousands of questions mention; it identifies nothing."""
    assert named(asking("Orlin", kind), about("Who founded Orlin?")) is None


def test_a_pronoun_is_no_country():
    assert named(asking("United States"), about("Who told us of Orlin?")) is None


@pytest.mark.parametrize(
    ("head", "tail"),
    [
        # Its answer is the head's own.
        (asking("Orlin"), about("What is Orlin?", answer="orlin")),
        (asking("Barack Obama"), about("Who is Obama?", answer="President Barack Obama")),
        # Its answer is what the head asks about.
        (
            single_hop("Who is the wife of Ada Holm?", "Brisa Tolle", "Ada Holm"),
            about("Who is the wife of Brisa Tolle?", answer="Ada Holm"),
        ),
        (
            single_hop("Who passed a law in honour of Ada West?", "Brisa Tolle", ""),
            about("Which law did Brisa Tolle pass?", answer="Ada West Law"),
        ),
        # It names what the head asks about, and so needs no head.
        (
            single_hop("Who is the wife of Ada Holm?", "Brisa Tolle", "Ada Holm"),
            about("Where did Brisa Tolle and Ada Holm meet?"),
        ),
    ],
)
def test_a_circle_leads_nowhere(head: SingleHop, tail: SingleHop):
    assert find_bridge(head, tail) is None


def test_a_subject_within_the_answer_is_no_circle():
    head = single_hop("What is the capital of Mexico?", "Mexico City", "Mexico")

    assert named(head, about("How large is Mexico City?")) == "Mexico City"


@pytest.mark.parametrize("changes", [{"split": Split.TEST}, {"language": "zh"}])
def test_questions_of_two_splits_or_languages_never_meet(changes: dict[str, object]):
    assert find_bridge(BORN, FOUNDED.model_copy(update=changes)) is None


def test_what_the_tail_is_said_to_be_about_is_the_surest():
    """Then nothing is said; then it is about something else, and names the answer all the same."""
    question = "Who founded Orlin after the fire?"
    worths = [
        find_bridge(BORN, about(question, subject)).worth for subject in ("Orlin", "", "the fire")
    ]

    assert worths == sorted(worths, reverse=True)
    assert len(set(worths)) == 3


def test_another_name_in_the_question_makes_it_less_sure():
    """With a second name it may be answered without the first."""
    alone = find_bridge(BORN, about("Who founded Orlin?"))
    beside = find_bridge(BORN, about("When did Brisa Tolle found Orlin?"))

    assert alone.worth > beside.worth


def zh(question: str, answer: str, subject: str = "", **options: object) -> SingleHop:
    return single_hop(question, answer, subject, language="zh", **options)


@pytest.mark.parametrize(
    ("answer", "question", "mention"),
    [
        ("奥林", "奥林由谁建立？", "奥林"),
        ("《红楼梦》", "红楼梦的作者是谁？", "红楼梦"),
        ("红楼梦", "《红楼梦》的作者是谁？", "红楼梦"),
        ("“盐磨坊”", "盐磨坊位于哪里？", "盐磨坊"),
        ("美国", "美利坚合众国的首都是哪里？", "美利坚合众国"),
        ("马丁·路德", "路德在哪里讲道？", "路德"),
        ("奥林", "谁建造了奥林大桥？", None),
        ("奥林", "《奥林往事》的作者是谁？", None),
        ("路德", "马丁·路德生于哪里？", None),
        ("林", "奥林由谁建立？", None),
        ("1833年", "1833年发生了什么？", None),
        ("三百人", "三百人住在哪里？", None),
        ("是", "谁是市长？", None),
    ],
)
def test_a_chinese_name_is_found_without_spaces(answer: str, question: str, mention: str | None):
    head = zh("它指的是什么？", answer, kind=AnswerKind.OTHER)

    assert named(head, zh(question, "甲乙")) == mention


def test_a_chinese_circle_leads_nowhere():
    head = zh("阿达·霍姆的妻子是谁？", "布丽莎", "阿达·霍姆")

    assert find_bridge(head, zh("布丽莎的丈夫是谁？", "阿达·霍姆")) is None


@pytest.mark.parametrize(
    ("answer", "question", "subject"),
    [
        ("Texas", "Who starred in Murder in Texas?", "Murder in Texas"),
        ("Gone", "Who wrote Gone with the Wind?", "Gone with the Wind"),
        ("John", "When did John I, Count of Foix die?", "John I, Count of Foix"),
        ("John", "When was St. John's University founded?", "St. John's University"),
        ("Taylor", "Which team did Taylor King play for?", "Taylor King"),
        ("栖篱", "栖篱大学成立于何时？", "栖篱大学"),
    ],
)
def test_a_part_of_what_the_question_is_about_is_another_thing(
    answer: str, question: str, subject: str
):
    """To describe Texas in the title of a film leads nobody to the film."""
    language = "zh" if "大" in question else "en"
    tail = single_hop(question, "Qopel", subject, kind=AnswerKind.OTHER, language=language)

    assert find_bridge(asking(answer, language=language), tail) is None


def test_what_only_begins_with_a_name_is_asked_about_all_the_same():
    tail = about("What is the capital of Texas?", "capital of Texas")

    assert named(asking("Texas"), tail) == "Texas"


def test_a_surname_alone_needs_the_whole_name_in_the_evidence():
    """Thelma Houston sings, and Houston is in Texas."""
    singer = asking("Thelma Houston", AnswerKind.PERSON)
    town = about("Where is Houston located?", "Houston")
    herself = town.model_copy(update={"quote": "Thelma Houston lived in Tasby."})

    assert find_bridge(singer, town) is None
    assert find_bridge(singer, herself)
    assert find_bridge(singer, town.model_copy(update={"document_id": singer.document_id}))


def test_a_ruler_of_a_country_is_not_called_by_it():
    king = asking("Edward I of England", AnswerKind.PERSON)

    assert find_bridge(king, about("Who is a parent of Eleanor of England?")) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Who founded the town of Orlin?", "Orlin"),
        ("Who taught Mrs Holm to sail?", "Holm"),
        ("Who built Orlin Mill?", ""),
        ("Who founded the place where she was born?", ""),
    ],
)
def test_a_name_is_found_in_any_text_by_any_of_its_forms(text: str, name: str):
    """A merged question must not say it under another name either."""
    head = asking("Orlin") if "Orlin" in text else asking("Ada Holm", AnswerKind.PERSON)

    assert find_name(head, text) == name


@pytest.mark.parametrize("answer", ["Eleanor", "Prince Edward", "William I"])
def test_a_first_name_is_nobodys_in_another_document(answer: str):
    """Matthew married one Eleanor, and another was of the House of Trastámara."""
    head = asking(answer, AnswerKind.PERSON)
    tail = about(f"When was {answer} born?", answer)

    assert find_bridge(head, tail) is None
    assert find_bridge(head, tail.model_copy(update={"document_id": head.document_id}))
    assert find_bridge(asking(answer, AnswerKind.PLACE), tail)
