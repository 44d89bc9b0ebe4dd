"""What the rehearsal model does with each task."""

import json
from itertools import product
from string import ascii_uppercase

import pytest

from longhop.rehearsal import faults
from longhop.rehearsal.asking import answers, questions
from longhop.rehearsal.conduct import Conduct
from longhop.rehearsal.judging import CRITERIA, judge
from longhop.rehearsal.merging import merge
from longhop.rehearsal.model import RuleBasedReader, reply
from longhop.rehearsal.prompting import Prompt
from longhop.rehearsal.solving import almanac, answer, answer_from_memory, solve
from longhop.rehearsal.writing import write, write_on

FILM = "Low Tide is a 1951 film directed by Ada Holt."
PERSON = "Ada Holt was born in Ulmen. She liked rain."
TOWN = "The mayor of Ulmen is Bo Dale. Ulmen was founded in 1204."
CHAIN = [
    ("Who directed Low Tide?", "Ada Holt"),
    ("Where was Ada Holt born?", "Ulmen"),
    ("Who is the mayor of Ulmen?", "Bo Dale"),
]
COMPARED = [("When was Ulmen founded?", "1204"), ("When was Corfe founded?", "1190")]


@pytest.fixture
def faultless(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faults, "SHARES", dict.fromkeys(faults.SHARES, 0.0))


def test_a_chain_is_one_question_that_names_no_bridge(faultless: None):
    """The nouns of the relations stand where the names were."""
    merged = merge("bridge", CHAIN)

    assert merged == (
        "Who is the mayor of the place where the director of Low Tide was born?",
        "Bo Dale",
    )


@pytest.mark.parametrize("left_out", [None, FILM, PERSON, TOWN])
def test_a_chain_needs_each_of_its_documents(faultless: None, left_out: str | None):
    """This is what a necessity certificate measures."""
    question, _ = merge("bridge", CHAIN)
    shown = [document for document in (TOWN, FILM, PERSON) if document != left_out]

    assert answer(question, shown) == ("" if left_out else "Bo Dale")


def test_a_chain_in_chinese_is_solved(faultless: None):
    """Chinese phrases nest the other way round."""
    hops = [("谁设计了听桥？", "顾衡"), ("顾衡出生于哪里？", "砚浦")]
    question, _ = merge("bridge", hops)

    assert question == "听桥的设计者出生于哪里？"
    assert answer(question, ["听桥由顾衡设计。", "顾衡出生于砚浦。"]) == "砚浦"
    assert answer(question, ["顾衡出生于砚浦。"]) == ""


def test_a_question_in_another_form_is_quoted(faultless: None):
    """Not every question that is merged was asked by this model."""
    hops = [("Which woman shot Low Tide?", "Ada Holt"), ("Where was Ada Holt born?", "Ulmen")]

    assert merge("bridge", hops)[0] == (
        'Where was the answer to "Which woman shot Low Tide?" born?'
    )


@pytest.mark.parametrize(
    "question",
    [
        'When was the answer to "Where was Ada Holt born?" founded?',
        'When was the answer to "Where was the answer to "Who directed Low Tide?" born?" founded?',
        'When was the answer to "Where was the director of Low Tide born?" founded?',
    ],
)
def test_quoted_questions_are_solved(question: str):
    """The library's own composer writes them."""
    assert solve(question, [FILM, PERSON, TOWN]) == "1204"


def test_a_comparison_names_the_earlier(faultless: None):
    """Dates are compared as dates, not as texts."""
    question, earlier = merge("comparison", COMPARED)

    assert (question, earlier) == ("Which was founded earlier, Ulmen or Corfe?", "Corfe")
    assert solve(question, [TOWN, "Corfe was founded in 1190."]) == "Corfe"
    assert solve(question, [TOWN]) == ""


@pytest.mark.parametrize(
    ("question", "documents", "wins"),
    [
        (
            "Which has the earlier year of foundation, Ulmen or Corfe?",
            ["Ulmen was founded in 1204.", "Corfe was founded in 1190."],
            "Corfe",
        ),
        (
            "砚浦和云禾中，哪一个的人口更大？",
            ["砚浦的人口为38600人。", "云禾的人口为214000人。"],
            "云禾",
        ),
    ],
)
def test_the_composers_comparisons_are_solved(question: str, documents: list[str], wins: str):
    """The library words them by the name of the relation."""
    assert solve(question, documents) == wins
    assert solve(question, documents[:1]) == ""


def test_a_title_is_taken_from_the_first_line():
    """Documents are shown with their titles, and their texts use short forms."""
    assert solve("Where was Newt Perry born?", ["Newt Perry\nPerry was born in Ocala."]) == "Ocala"


def test_the_larger_population_wins_across_units(faultless: None):
    """1.2 million is more than 41,300."""
    hops = [("How many live in Aa?", "1.2 million"), ("How many live in Bb?", "41,300")]

    assert merge("comparison", hops)[1] == "Aa"


def test_an_objection_is_heeded():
    """A second attempt is worth its price only if it is better than the first."""
    hops = [(f"Who directed Film {n}?", f"Ada Holt{n}") for n in range(300)]
    spoilt = 0
    for question, name in hops:
        pair = [(question, name), (f"Where was {name} born?", "Ulmen")]
        clean = merge("bridge", pair, objection="the bridge is named")
        assert name not in clean[0]
        assert clean[1] == "Ulmen"
        spoilt += merge("bridge", pair) != clean

    assert 10 < spoilt < 60


def test_the_almanac_is_known_by_heart_in_part():
    """A question that is answered without a document must be caught as such."""
    asked = [
        entry
        for page in almanac()
        for entry in questions("", page, 20)
        if solve(entry["question"], almanac()) == entry["answer"]
    ]
    known = sum(answer_from_memory(entry["question"]) == entry["answer"] for entry in asked)

    assert 0.04 < known / len(asked) < 0.18


def test_without_documents_nothing_else_is_known():
    """What is in no page of the almanac was never learnt."""
    assert not any(answer_from_memory(f"Who directed Film {n}?") for n in range(200))


def test_there_may_be_nothing_to_ask():
    """An empty list is a legal answer."""
    assert questions("Soup", "Cut the leeks. Stir until soft, then serve at once.", 3) == []


def test_questions_keep_to_the_limit_and_the_order_of_the_document(faultless: None):
    """A reader compares them with the text from top to bottom."""
    entries = questions("Ada Holt", f"{FILM} {PERSON} {TOWN}", 3)

    assert [entry["quote"] for entry in entries] == [
        "Low Tide is a 1951 film directed by Ada Holt.",
        "Ada Holt was born in Ulmen.",
        "The mayor of Ulmen is Bo Dale.",
    ]


def test_faults_of_asking_keep_to_their_table():
    """The checks need something to turn away, and the demo must not drown in it."""
    entries = [
        (document, entry)
        for first, second in product(ascii_uppercase, repeat=2)
        for document in [f"Hall {first}{second} was designed by Ada Holt. The roof leaks."]
        for entry in questions("", document, 3)
    ]
    missing = sum(entry["quote"] not in document for document, entry in entries)
    leaking = sum("Ada Holt" in entry["question"] for document, entry in entries)

    assert 0.01 < missing / len(entries) < 0.06
    assert 0.005 < leaking / len(entries) < 0.045


def test_a_sound_row_scores_higher_than_a_leaking_one():
    """The judge must be worth calibrating."""
    hops = [
        ("Who directed Low Tide?", "Ada Holt", FILM),
        ("Where was Ada Holt born?", "Ulmen", PERSON),
    ]
    sound = judge("Where was the director of Low Tide born?", "Ulmen", hops)
    leaking = judge("Where in Ulmen was Ada Holt of Low Tide born?", "Ulmen", hops)

    assert (
        sum(int(str(sound[c])) for c in CRITERIA) > sum(int(str(leaking[c])) for c in CRITERIA) + 6
    )


def test_most_sound_rows_are_judged_good():
    """About one in eight falls below 8.5."""
    means = []
    for n in range(400):
        hops = [
            (f"Who directed Film {n}?", "Ada Holt", f"{n} Ada Holt"),
            ("Where was Ada Holt born?", "Ulmen", PERSON),
        ]
        scores = judge(f"Where was the director of Film {n} born?", "Ulmen", hops)
        means.append(sum(int(str(scores[criterion])) for criterion in CRITERIA) / 4)

    assert 0.06 < sum(mean < 8.5 for mean in means) / 400 < 0.18


@pytest.mark.parametrize(
    ("question", "given"),
    [
        ("Where was Ada Holt born?", "Ulmen"),
        ("Who is the mayor of the place where the director of Low Tide was born?", "Bo Dale"),
        ("Which was founded earlier, Ulmen or Corfe?", "Corfe"),
        ("Which has the larger population, Ulmen or Corfe?", "Corfe"),
        ("Why did the clocks of Ulmen stop twice a year?", "the damp"),
        ("听桥的设计者出生于哪里？", "砚浦"),
        ("为什么云禾的钟楼每年停两次？", "潮气"),
        ('Where was the answer to "Who directed Low Tide?" born?', "Ulmen"),
    ],
)
def test_a_written_context_answers_its_question(faultless: None, question: str, given: str):
    """It does, with its evidence, and without it does not."""
    written = write(question, given, 300)
    sections, evidence = written["sections"], written["evidence"]
    assert isinstance(evidence, list) and isinstance(sections, list)
    text = "\n\n".join(each["text"] for each in sections)

    assert all(sentence in text for sentence in evidence)
    assert question not in text
    assert answer(question, [text]) == given
    for sentence in evidence:
        assert answer(question, [text.replace(sentence, "")]) != given
    length = len(text) if "？" in question else len(text.split())
    assert 250 < length < 350


TOWNS = ["Ulmen was founded in 1204.", "Corfe was founded in 1190."]


@pytest.mark.parametrize(
    ("composition", "hops", "documents", "expected"),
    [
        ("temporal", COMPARED, TOWNS[:2], "Corfe"),
        (
            "temporal",
            [*COMPARED, ("When was Dunmere founded?", "1250")],
            [*TOWNS[:2], "Dunmere was founded in 1250."],
            "Corfe, Ulmen, Dunmere",
        ),
        (
            "temporal",
            [*COMPARED, ("When was Ford and Pike founded?", "1300")],
            [*TOWNS[:2], "Ford and Pike was founded in 1300."],
            "Corfe; Ulmen; Ford and Pike",
        ),
        (
            "aggregate",
            [("How many live in Ulmen?", "1,200"), ("How many live in Corfe?", "900")],
            ["Ulmen has a population of 1,200.", "Corfe has a population of 900."],
            "2,100",
        ),
        (
            "aggregate",
            [("砚浦的人口是多少？", "38600人"), ("云禾的人口是多少？", "214000人")],
            ["砚浦的人口为38600人。", "云禾的人口为214000人。"],
            "252600人",
        ),
        (
            "intersection",
            [("Where was Ada Holt born?", "Ulmen"), ("Where did Ada Holt study?", "Corfe College")],
            ["Ada Holt was born in Ulmen.", "Ada Holt studied at Corfe College."],
            "Ada Holt",
        ),
        (
            "bridge_comparison",
            [
                ("Where was Ada Holt born?", "Ulmen"),
                ("Where was Bo Dale born?", "Corfe"),
                *COMPARED,
            ],
            ["Ada Holt was born in Ulmen.", "Bo Dale was born in Corfe.", *TOWNS[:2]],
            "Corfe",
        ),
    ],
)
def test_each_composition_is_merged_and_solved_and_needs_all_documents(
    faultless: None,
    composition: str,
    hops: list[tuple[str, str]],
    documents: list[str],
    expected: str,
):
    question, given = merge(composition, hops)

    assert given == expected
    assert solve(question, documents) == expected
    for left_out in range(len(documents)):
        assert solve(question, documents[:left_out] + documents[left_out + 1 :]) == ""


def test_questions_that_were_asked_first_are_answered_second(faultless: None):
    """In the words of the document, by their numbers; what it does not answer is said so."""
    asked = [each["question"] for each in questions("Ulmen", TOWN, 3)]
    found = answers("Ulmen", TOWN, [*asked, "Who wrote Low Tide?"])

    assert [each["number"] for each in found] == [1, 2, 3]
    assert [each["answer"] for each in found] == ["Bo Dale", "1204", ""]
    assert [each["answerable"] for each in found] == [True, True, False]


def written(question: str, words: int, *told: tuple[str, str]) -> Prompt:
    system = f"Write the first 3 of its sections, of about {words} words in all."
    return Prompt("written_context", system, (("question", question), *told), again=False)


@pytest.mark.parametrize("more", [(), (("section", "It began."),)])
def test_a_document_can_be_written_too_short_as_models_do(more: tuple[tuple[str, str], ...]):
    """30 to 60% of what is asked for, by the conduct, and the same to the same request."""
    sizes = []
    for number in range(40):
        prompt = written(f"Who directed Film {number}?", 1000, ("answer", "Ada Holt"), *more)
        short = reply(RuleBasedReader(), prompt, Conduct(short_share=1.0))
        if short.spoilt:
            continue
        assert short == reply(RuleBasedReader(), prompt, Conduct(short_share=1.0))
        sections = json.loads(short.text or "")["sections"]
        sizes.append(sum(len(each["text"].split()) for each in sections))
        whole = json.loads(reply(RuleBasedReader(), prompt, Conduct()).text or "")["sections"]
        assert 900 < sum(len(each["text"].split()) for each in whole) < 1150

    assert 280 < min(sizes) < 400 and 500 < max(sizes) < 700


def test_a_continuation_says_other_things_and_not_the_answer(faultless: None):
    first = write("Who directed Low Tide?", "Ada Holt", 300)["sections"]
    later = [write_on("Who directed Low Tide?", "Ada Holt", 300, n)["sections"] for n in (2, 4)]

    texts = [str(each) for each in (first, *later)]
    assert len(set(texts)) == 3
    assert "Ada Holt" in texts[0] and not any("Ada Holt" in each for each in texts[1:])


def test_facts_are_stated_one_a_section(faultless: None):
    facts = [("Where was Ada Holt born?", "Ulmen"), ("Who founded Ulmen?", "Bo Dale")]
    made = write("Who founded the town of Ada Holt?", "Bo Dale", 200, 2, facts)
    told = [str(each) for each in made["sections"]]  # type: ignore[attr-defined]

    assert made["evidence"] == ["Ada Holt was born in Ulmen.", "Ulmen was founded by Bo Dale."]
    assert [sum(each in text for text in told) for each in made["evidence"]] == [1, 1]
    assert not any(all(each in text for each in made["evidence"]) for text in told)


@pytest.mark.parametrize(
    ("question", "given"),
    [
        (
            "Summarise the report.",
            "The harbour board of Pellingford met twice in 1871, sold two of its boats, kept the"
            " third for the pilots and let the old rope house.",
        ),
        (
            "请总结这份报告。",
            "理事会在一八七一年开会两次，卖掉两条船，留下第三条给引航员，并出租旧绳屋。",
        ),
    ],
)
def test_a_long_answer_is_written_in_pieces_and_found_again(
    faultless: None, question: str, given: str
):
    made = write(question, given, 300)
    sections = [str(each["text"]) for each in made["sections"]]  # type: ignore[attr-defined]

    assert not any(given in each for each in sections)
    assert answer(question, sections) == given


def test_what_has_no_answer_is_written_about_without_one(faultless: None):
    made = write("Who sang in Ulmen in 1820?", "unanswerable", 200)

    assert answer("Who sang in Ulmen in 1820?", [str(made["sections"])]) == ""
