"""Whether a solver's answer is the right one: by words, aliases and numbers, else by a judge."""

from longhop.matching import normalise, same_answer
from longhop.ports import ChatModel, NoReply
from longhop.questions.composed import other_answers
from longhop.records.model import Prompt
from longhop.records.questions import AnswerKind
from longhop.records.replies import Compared
from longhop.records.verification import ComparedBy, MultiHop
from longhop.verification.answers import says_nothing

# Answers that can be right in other words.
_FREE = (AnswerKind.DESCRIPTION, AnswerKind.REASON, AnswerKind.PROCEDURE)
# Of more words the answer of a hop is a text, whatever its kind is said to be.
_LONGEST_NAME = 8


async def compare_answers(
    given: str, candidate: MultiHop, prompt: Prompt, *, model: ChatModel
) -> tuple[bool, ComparedBy] | NoReply:
    """Whether an answer is right, and what said so.

    A name, a date and a number are held against the answer and its aliases by their words and
    values alone: a judge is lenient. Free text that its words do not decide goes to the judge.
    Where the right answer is that there is none, no answer is right.
    """
    if says_nothing(candidate.answer):
        return not normalise(given) or says_nothing(given), ComparedBy.WORDS
    accepted = (candidate.answer, *other_answers(candidate.composition, candidate.hops))
    if any(same_answer(given, each) for each in accepted):
        return True, ComparedBy.WORDS
    if not normalise(given) or not is_free_text(candidate):
        return False, ComparedBy.WORDS
    values = {"question": candidate.question, "answer": candidate.answer, "given": given}
    reply = await model.ask(prompt, candidate.language, values, Compared)
    return reply if isinstance(reply, NoReply) else (reply.same, ComparedBy.JUDGE)


def is_free_text(candidate: MultiHop) -> bool:
    """Whether the right answer can be said in other words."""
    last = candidate.hops[-1]
    return normalise(candidate.answer) == normalise(last.answer) and (
        last.kind in _FREE or len(normalise(last.answer)) > _LONGEST_NAME
    )
