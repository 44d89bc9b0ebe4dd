"""The live things behind the ports: opened once a process, closed together."""

from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from longhop.activity import Activity
from longhop.llm.prices import read_prices
from longhop.llm.prompts import PromptBook
from longhop.ports import Progress, Sources
from longhop.records.artifacts import Artifact
from longhop.records.money import Prices
from longhop.records.status import ModelStatus
from longhop.secrets import keep_out_of_logs
from longhop.settings import Settings, load_settings
from longhop.storage.artifacts import ArtifactStore
from longhop.storage.datasets import DatasetStore
from longhop.storage.files import Files, open_files
from longhop.storage.memo import Memo
from longhop.storage.receipts import ReceiptStore
from longhop.storage.sources import FileSources
from longhop.storage.weights import unpack_weights

if TYPE_CHECKING:
    from longhop.llm.client import RememberingModel
    from longhop.selection.embedding import Precision, SentenceEmbedder


class Silence:
    """Progress that nobody watches."""

    def stage_done(self, stage: str, part: str, counts: str, *, reused: bool) -> None:
        """Say nothing."""


@dataclass
class Resources:
    """What tasks work with. A part is opened when it is first asked for."""

    settings: Settings
    files: Files
    progress: Progress

    @cached_property
    def activity(self) -> Activity:
        """What stages are at."""
        return Activity()

    @property
    def status(self) -> ModelStatus | None:
        """What the model layer is at, once it was needed."""
        return self.model.status if "model" in self.__dict__ else None

    @cached_property
    def store(self) -> ArtifactStore:
        """Artifacts."""
        return ArtifactStore(self.files)

    @cached_property
    def receipts(self) -> ReceiptStore:
        """Receipts."""
        return ReceiptStore(self.files)

    @cached_property
    def datasets(self) -> DatasetStore:
        """Published versions."""
        return DatasetStore(self.files)

    @cached_property
    def prompts(self) -> PromptBook:
        """Frozen prompts."""
        return PromptBook(self.files)

    @cached_property
    def answers(self) -> Memo:
        """The answers that were paid for."""
        return Memo(self.files, "answers", self.settings.journal_folder)

    @cached_property
    def sketches(self) -> Memo:
        """The sketches of documents."""
        return Memo(self.files, "sketches", self.settings.journal_folder)

    @cached_property
    def sources(self) -> Sources:
        """The input files that specs name."""
        return FileSources(endpoint_url=self.settings.s3_endpoint)

    @cached_property
    def vectors(self) -> Memo:
        """The vectors that were computed."""
        return Memo(self.files, "vectors", self.settings.journal_folder)

    @cached_property
    def model(self) -> "RememberingModel":
        """The model behind the settings' endpoint."""
        from longhop.llm.opening import open_model

        return open_model(self.settings, self.files, self.answers, self.prices)

    @cached_property
    def prices(self) -> Prices | None:
        """The user's price list, if there is one."""
        return read_prices(self.settings.prices) if self.settings.prices is not None else None

    def embedder(
        self, model: str | Artifact, precision: "Precision" = "full"
    ) -> "SentenceEmbedder":
        """The embedder of a name, or of adapted weights that lie in the store; one of each."""
        from longhop.selection.embedding import SentenceEmbedder

        key = (model if isinstance(model, str) else model.path, precision)
        if key not in self._embedders:
            name = model if isinstance(model, str) else str(self._unpacked(model))
            self._embedders[key] = SentenceEmbedder(name, self.vectors, precision=precision)
        return self._embedders[key]

    def _unpacked(self, weights: Artifact) -> Path:
        """A folder with adapted weights, which is there until the resources are closed."""
        scratch = TemporaryDirectory(prefix="longhop-weights-")
        self._scratch.callback(scratch.cleanup)
        unpack_weights(self.store, weights, Path(scratch.name))
        return Path(scratch.name)

    @cached_property
    def _embedders(self) -> dict[tuple[str, str], "SentenceEmbedder"]:
        return {}

    @cached_property
    def _scratch(self) -> ExitStack:
        return ExitStack()

    async def close(self) -> None:
        """Flush the memos and let go of connections; a part that was never opened stays shut."""
        self._scratch.close()
        if "model" in self.__dict__:
            await self.model.close()
        with ExitStack() as memos:  # all of them are closed, even if one cannot be flushed
            for memo in ("answers", "sketches", "vectors"):
                if memo in self.__dict__:
                    memos.callback(getattr(self, memo).close)


_open: Resources | None = None


def resources() -> Resources:
    """The resources of this process, from its environment if nobody has opened them yet."""
    global _open
    if _open is None:
        keep_out_of_logs()
        settings = load_settings()
        _open = Resources(settings, _files(settings), Silence())
    return _open


@asynccontextmanager
async def open_resources(progress: Progress | None = None) -> AsyncIterator[Resources]:
    """The resources of this process, closed at the end if they were opened here."""
    global _open
    if _open is not None:
        yield _open
        return
    keep_out_of_logs()
    settings = load_settings()
    _open = Resources(settings, _files(settings), progress or Silence())
    try:
        yield _open
    finally:
        live, _open = _open, None
        await live.close()


@contextmanager
def entered(live: Resources) -> Iterator[Resources]:
    """These resources for as long as the block lasts: how tests enter with fakes."""
    global _open
    before, _open = _open, live
    try:
        yield live
    finally:
        _open = before


def _files(settings: Settings) -> Files:
    return open_files(settings.store, endpoint_url=settings.s3_endpoint)
