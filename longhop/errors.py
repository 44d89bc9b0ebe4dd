"""What can go wrong, sorted by who can act.

A message names the thing, the limit and the miss, and says what to do where that is known.
"""


class LongHopError(Exception):
    """Something that a user is told in one message, without a traceback.

    `share` and `item` say where it came up first: a stage's share of the work, a document's id.
    """

    share = ""
    item = ""

    @property
    def told(self) -> str:
        """The message, after where it came up."""
        place = ", ".join(each for each in (self.share, self.item) if each)
        return f"{place}: {self}" if place else str(self)


class ConfigError(LongHopError):
    """A person must change the spec, the settings or the input."""


class CorpusError(LongHopError):
    """The corpus cannot give what the spec wants; a person must change one of them."""


class ContextOverflow(LongHopError):
    """The evidence of a row does not fit its token budget."""


class EndpointError(LongHopError):
    """The model's endpoint refuses what is asked: a wrong model, key or address."""


class EndpointDown(LongHopError):
    """The endpoint stopped answering. Every answer so far is kept; the same build goes on later."""


class SpendLimitReached(LongHopError):
    """The money of this run is spent. Every answer is kept; the same build goes on later."""


class NotApproved(LongHopError):
    """Nobody approved a version in time; it is kept, and `latest` has not moved."""


class NotReleased(LongHopError):
    """A version misses what its spec demands of it; it is kept, and `latest` has not moved."""


class TakenDown(LongHopError):
    """Documents were taken down while a version was made that may hold them."""


class StorageError(LongHopError):
    """The object store refuses or has lost something; a person must look."""


class TransientError(LongHopError):
    """Only time is needed: the one kind that a task tries again."""
