"""Tables: which answers a name stands for, and which questions mention it, as columns."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np

from longhop.questions.bridging.finding import subject_of
from longhop.questions.bridging.forms import forms_of
from longhop.questions.bridging.surroundings import Asked, Spot
from longhop.records.questions import SingleHop

# A name as it is looked up: language, split and words. Questions of others never meet.
Name = tuple[str, str, tuple[str, ...]]

# The subject of a question that tells none, and one that is no question's answer.
NO_SUBJECT, OTHER_SUBJECT = -1, -2


class Answers:
    """The forms of all answers: a row each, with the number of the name that it is."""

    def __init__(self, questions: Sequence[SingleHop]) -> None:
        self.numbers: dict[Name, int] = {}
        rows = [
            (place, self._number(question, form.words), at, form.worth, form.in_lower_case)
            for place, question in enumerate(questions)
            for at, form in enumerate(forms_of(question))
        ]
        head, name, at, worth, lower = zip(*rows, strict=True) if rows else ((),) * 5
        self.head = np.asarray(head, np.int64)
        self.name = np.asarray(name, np.int64)
        self.form = np.asarray(at, np.int64)  # its place among the forms of the answer
        self.worth = np.asarray(worth, np.float64)
        self.in_lower_case = np.asarray(lower, np.float64)  # what is left of its worth there

    def subject_number(self, question: SingleHop) -> int:
        """The number of the name that a question is about."""
        words = subject_of(question)
        if not words:
            return NO_SUBJECT
        return self.numbers.get(_name(question, words), OTHER_SUBJECT)

    def _number(self, question: SingleHop, words: tuple[str, ...]) -> int:
        return self.numbers.setdefault(_name(question, words), len(self.numbers))


class Mentions:
    """The names that stand in questions: a row for each name of each question."""

    def __init__(self, questions: Sequence[SingleHop], numbers: dict[Name, int]) -> None:
        widths: dict[str, set[int]] = defaultdict(set)
        for _, _, words in numbers:
            widths[words[0]].add(len(words))
        ordered = {word: sorted(each) for word, each in widths.items()}
        rows = [
            (place, number, spot.start, spot.end, spot.share, spot.capital, bool(spot.doubt))
            for place, question in enumerate(questions)
            for number, spot in _named_in(question, numbers, ordered)
        ]
        tail, name, start, end, share, capital, doubt = (
            zip(*rows, strict=True) if rows else ((),) * 7
        )
        self.tail = np.asarray(tail, np.int64)
        self.name = np.asarray(name, np.int64)
        self.start = np.asarray(start, np.int64)
        self.end = np.asarray(end, np.int64)
        self.share = np.asarray(share, np.float64)
        self.capital = np.asarray(capital, bool)
        self.doubt = np.asarray(doubt, bool)


def _name(question: SingleHop, words: tuple[str, ...]) -> Name:
    return question.language, question.split.value, words


def _named_in(
    question: SingleHop, numbers: dict[Name, int], widths: dict[str, list[int]]
) -> Iterator[tuple[int, Spot]]:
    """Each name that stands in a question, where it is the least doubtful."""
    asked = Asked(question)
    best: dict[int, Spot] = {}
    for at, word in enumerate(asked.words):
        for width in widths.get(word, ()):
            number = numbers.get(_name(question, asked.words[at : at + width]))
            if number is not None and at + width <= len(asked.words):
                spot = asked.spot(at, width)
                known = best.get(number)
                if known is None or _surer(spot, known):
                    best[number] = spot
    yield from best.items()


def _surer(spot: Spot, known: Spot) -> bool:
    return (not spot.doubt, spot.capital, spot.share) > (
        not known.doubt,
        known.capital,
        known.share,
    )
