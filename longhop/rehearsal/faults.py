"""How often the model fails, and how: the one table of its faults.

A share is of the occasions named beside it. Whether a fault happens hangs on the content
(the document and the fact, or the question), so the same prompt fails in the same way.
"""

from longhop.rehearsal.chance import draw

SHARES = {
    # Asking, of the questions.
    "misquotes": 0.03,  # the quote is altered and cannot be found in the document
    "quotes_elsewhere": 0.03,  # the quote is another sentence, without the answer
    "leaks": 0.02,  # the question holds its answer
    "other_language": 0.05,  # an English question about a Chinese document
    "too_short": 0.02,  # "Where?"
    "declines": 0.02,  # a question is said to have no answer in the document
    # Asking, of the sentences whose subject is a pronoun; in the others it is resolved.
    "keeps_pronoun": 0.30,  # "When was it founded?"
    # Merging, of the merges without an objection.
    "names_bridge": 0.05,  # the answer of an earlier hop stays in the question
    "answers_early": 0.04,  # the answer is that of an earlier hop
    "appends_answer": 0.02,  # the question ends with its answer in brackets
    # Answering from documents, of the questions.
    "overlooks": 0.04,  # the documents say it, and it is not found
    "guesses": 0.08,  # the documents do not say it, and something of them is named
    # Answering from memory, of the questions.
    "remembers": 0.10,  # an answer that only the almanac gives is known by heart
    "tosses": 0.20,  # one of the two things compared is named
    # Judging, of the rows.
    "is_strict": 0.11,  # every score is lower by two
    # Replies, of all requests, and of those asked again after it.
    "malformed": 0.015,
    "malformed_again": 0.5,
}


def happens(fault: str, *content: str) -> bool:
    """Whether a fault strikes here."""
    return draw(fault, *content) < SHARES[fault]
