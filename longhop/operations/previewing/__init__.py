"""What a build would do with a few documents, at a small cost that is known before it is paid."""

from longhop.operations.previewing.bounding import most_prompts
from longhop.operations.previewing.choosing import MOST_DOCUMENTS, Choice, choose_chunks
from longhop.operations.previewing.composing import Shelves, tell_context
from longhop.operations.previewing.html import Html
from longhop.operations.previewing.introducing import tell_corpus, tell_cost
from longhop.operations.previewing.pages import Markdown, Page, Terminal
from longhop.operations.previewing.recording import Exchange, Recorder
from longhop.operations.previewing.telling import ROWS, Teller
from longhop.operations.previewing.trying import trying

__all__ = [
    "MOST_DOCUMENTS",
    "ROWS",
    "Choice",
    "Exchange",
    "Html",
    "Markdown",
    "Page",
    "Recorder",
    "Shelves",
    "Teller",
    "Terminal",
    "choose_chunks",
    "most_prompts",
    "tell_context",
    "tell_corpus",
    "tell_cost",
    "trying",
]
