"""The stack's folder: where its parts lie, and what is chosen once and kept."""

import fcntl
import json
import secrets
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import SystemRandom
from typing import Any

from infra.stack.errors import StackError

ROOT = Path(__file__).resolve().parents[2]
DEFAULT = ROOT / ".stack"

# Below the ports that the kernel gives to whoever connects to somewhere, so that none of those
# sits on a port of ours while the stack is down.
_PORTS = range(20_000, 32_000)


class Folder:
    """A stack's folder. Ports and secrets are made when first asked for, and stay what they are."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self._state = self.path / "state.json"
        self._changing = threading.Lock()  # parts are started side by side

    def make(self) -> None:
        """Have the folder, with what is secret in it readable by its owner alone.

        It can be entered by all: the database's data lies in it, and belongs to another user.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        self.path.chmod(0o711)
        for each in (self.run, self.logs, self.tmp):
            each.mkdir(mode=0o700, exist_ok=True)

    @property
    def run(self) -> Path:
        """Which processes there are."""
        return self.path / "run"

    @property
    def logs(self) -> Path:
        """What they say."""
        return self.path / "logs"

    @property
    def tmp(self) -> Path:
        """What the worker and its flow runs need for a while."""
        return self.path / "tmp"

    @property
    def env(self) -> Path:
        """The variables for whoever speaks to the stack."""
        return self.path / "env"

    def kept(self, name: str, make: Callable[[], Any]) -> Any:
        """What is remembered by this name; made, and remembered, at the first time."""
        with self._changing:
            state = self._read()
            if name not in state:
                state[name] = make()
                self._write(state)
            return state[name]

    def keep(self, name: str, value: Any) -> None:
        """Remember a value by this name."""
        with self._changing:
            self._write({**self._read(), name: value})

    def known(self, name: str) -> Any:
        """What is remembered by this name, or None."""
        return self._read().get(name)

    def port(self, name: str) -> int:
        """The port of a process, free when it was chosen."""
        taken = {value for key, value in self._read().items() if key.endswith("_port")}
        port: int = self.kept(f"{name}_port", lambda: _free_port(taken))
        return port

    def secret(self, name: str) -> str:
        """A random word."""
        word: str = self.kept(f"{name}_secret", lambda: secrets.token_hex(20))
        return word

    @contextmanager
    def locked(self) -> Iterator[None]:
        """No other command changes this stack meanwhile."""
        self.make()
        with (self.run / "lock").open("ab") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise StackError(f"another command is at work on {self.path}") from None
            yield

    def _read(self) -> dict[str, Any]:
        try:
            state: dict[str, Any] = json.loads(self._state.read_text())
        except FileNotFoundError:
            return {}
        return state

    def _write(self, state: dict[str, Any]) -> None:
        write_private(self._state, json.dumps(state, indent=1, sort_keys=True) + "\n")


def write_private(path: Path, text: str) -> None:
    """Put a file in place whole, readable by its owner alone from its first moment on."""
    draft = path.with_name(f".{path.name}.new")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    draft.write_text(text)
    draft.replace(path)


def is_free(port: int) -> bool:
    """Whether nobody listens on a port of loopback."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return True
    return False


def _free_port(taken: set[int]) -> int:
    chance = SystemRandom()
    for _ in range(1000):
        port = chance.choice(_PORTS)
        if port not in taken and is_free(port):
            return port
    raise StackError(f"no free port from {_PORTS.start} to {_PORTS.stop}")
