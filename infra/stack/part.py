"""What the parts of the stack have in common."""

import signal
from abc import ABC, abstractmethod
from typing import ClassVar

from infra.stack.folder import Folder
from infra.stack.processes import Process


class Part(ABC):
    """A part of the stack: a background process that can be started, stopped and killed."""

    name: ClassVar[str]
    address_form: ClassVar[str] = ""
    stops_by: ClassVar[signal.Signals] = signal.SIGTERM

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self.process = Process(folder, self.name)

    @property
    def is_up(self) -> bool:
        """Whether its process is running."""
        return self.process.pid is not None

    @property
    def address(self) -> str:
        """Where it is spoken to, if it is."""
        return self.address_form.format(port=self.port) if self.address_form else ""

    @property
    def port(self) -> int:
        """The port that it has to itself."""
        return self.folder.port(self.name)

    def check(self) -> None:  # noqa: B027  (few have anything to check)
        """Raise where it could never start, before anything else does."""

    @abstractmethod
    def start(self) -> None:
        """Have it running and ready. One that is running is left as it is."""

    def stop(self) -> None:
        """End it, and what it has started."""
        self.process.stop(self.stops_by)

    def kill(self, *, alone: bool = False) -> None:
        """End it at once, as a power cut does; `alone` spares what it has started."""
        self.process.kill(alone=alone)
