"""Processes in the background, known again by later commands."""

import os
import pwd
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.stack.errors import StackError
from infra.stack.folder import ROOT, Folder, is_free

_MARK = "LONGHOP_STACK_PROCESS"
_LARGEST_LOG = 16 << 20
_PATIENCE = 120.0


@dataclass(frozen=True)
class Process:
    """A background process of a stack, by its name, with whatever it has started itself."""

    folder: Folder
    name: str

    @property
    def log(self) -> Path:
        """What it has said so far, over all of its starts."""
        return self.folder.logs / f"{self.name}.log"

    @property
    def pid(self) -> int | None:
        """Its process id, or None when it is not running."""
        try:
            pid, born = (self._note).read_text().split(maxsplit=1)
        except (FileNotFoundError, ValueError):
            return None
        return int(pid) if _born(int(pid)) == born else None

    @property
    def members(self) -> set[int]:
        """It, and what it started and is still running, whether or not it itself still is.

        Those are known by a variable of their environment, which they keep when their parent has
        gone, and by their parents, since some, PostgreSQL's among them, overwrite their variables.
        They may be in sessions of their own, as the flow runs of a worker are.
        """
        pids = list(_all_pids())
        found = {pid for pid in pids if _mark_of(pid) == self._marked} | self._leader_alone()
        while more := {pid for pid in pids if pid not in found and _parent(pid) in found}:
            found |= more
        return found

    def start(
        self,
        command: Sequence[object],
        environment: Mapping[str, str],
        *,
        port: int | None = None,
        user: str | None = None,
    ) -> None:
        """Start it, unless it is running."""
        if self.pid is not None:
            return
        if port is not None and not is_free(port):
            raise StackError(
                f"{self.name}: its port, {port}, was taken by another program; end that, or make"
                " a stack in another folder (--folder)"
            )
        self._turn_log()
        with self.log.open("ab") as log:
            child = subprocess.Popen(
                [str(each) for each in command],
                cwd=ROOT,
                env={**environment, _MARK: self._marked},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                umask=0o077,
                **as_user(user),
            )
        self._note.write_text(f"{child.pid} {_born(child.pid)}")

    def wait_until(self, ready: Callable[[], bool], *, patience: float = _PATIENCE) -> None:
        """Return once it is ready; raise, with the last it said, when it ends or never is."""
        end = time.monotonic() + patience
        while not ready():
            if self.pid is None:
                raise StackError(f"{self.name} ended while it started; {self._last_words()}")
            if time.monotonic() > end:
                raise StackError(
                    f"{self.name} was not ready after {patience:.0f} s; {self._last_words()}"
                )
            time.sleep(0.1)

    def stop(self, how: signal.Signals = signal.SIGTERM, *, patience: float = 15.0) -> None:
        """End it, politely at first, and what it left behind."""
        if (pid := self.pid) is not None:
            with suppress(ProcessLookupError):
                os.kill(pid, how)
            end = time.monotonic() + patience
            while self.pid is not None and time.monotonic() < end:
                time.sleep(0.05)
        self.kill()

    def kill(self, *, alone: bool = False) -> None:
        """End it at once, as a power cut does; `alone` spares what it has started."""
        targets = self._leader_alone if alone else lambda: self.members
        while pids := targets():
            for pid in pids:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.05)
        if not self.members:
            self._note.unlink(missing_ok=True)

    @property
    def _note(self) -> Path:
        return self.folder.run / f"{self.name}.pid"

    @property
    def _marked(self) -> str:
        return f"{self.folder.path}/{self.name}"

    def _leader_alone(self) -> set[int]:
        pid = self.pid
        return set() if pid is None else {pid}

    def _turn_log(self) -> None:
        with suppress(FileNotFoundError):
            if self.log.stat().st_size > _LARGEST_LOG:
                self.log.replace(self.log.with_suffix(".log.1"))

    def _last_words(self) -> str:
        lines = self.log.read_text(errors="replace").strip().splitlines()
        said = " | ".join(each.strip() for each in lines[-3:])
        return f"{self.log} ends with: {said}"


def as_user(name: str | None) -> dict[str, Any]:
    """What `subprocess` needs in order to run something as another user; nothing for our own."""
    if name is None:
        return {}
    return {"user": name, "group": pwd.getpwnam(name).pw_gid, "extra_groups": []}


def run(
    command: Sequence[object],
    *,
    environment: Mapping[str, str] | None = None,
    user: str | None = None,
    patience: float = _PATIENCE,
    given: str = "",
    log: Path | None = None,
) -> str:
    """What a command prints, given a text to read; with `log` that is kept there too.

    Raises:
        StackError: It did not end well, or not in time.
    """
    name = Path(str(command[0])).name
    try:
        done: subprocess.CompletedProcess[str] = subprocess.run(
            [str(each) for each in command],
            cwd=ROOT,
            env=environment,
            input=given,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=patience,
            check=False,
            **as_user(user),
        )
    except subprocess.TimeoutExpired:
        raise StackError(f"{name} did not end within {patience:.0f} s") from None
    if log is not None:
        with log.open("a") as file:
            file.write(done.stdout + done.stderr)
    if done.returncode:
        said = " | ".join((done.stderr or done.stdout).strip().splitlines()[-3:])
        raise StackError(f"{name} ended with status {done.returncode}: {said}")
    return done.stdout


def _all_pids() -> Iterator[int]:
    return (int(each.name) for each in Path("/proc").iterdir() if each.name.isdigit())


def _status(pid: int) -> list[str]:
    """The fields of a process's status from its state on; none if it is not there.

    One that has ended, and that nobody has waited for yet, is not there either.
    """
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
    return [] if fields[0] in "ZX" else fields


def _parent(pid: int) -> int | None:
    fields = _status(pid)
    return int(fields[1]) if fields else None


def _born(pid: int) -> str | None:
    """When a process began, in which boot; None if it is not there.

    Process ids are used again, so that time is what tells a process from a later one.
    """
    fields = _status(pid)
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    return f"{boot}/{fields[19]}" if fields else None


def _mark_of(pid: int) -> str:
    """The mark in the environment of a process, if it has one and may be looked at."""
    try:
        raw = Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return ""
    begin = f"{_MARK}=".encode()
    marks = (each for each in raw.split(b"\0") if each.startswith(begin))
    return next(marks, b"").removeprefix(begin).decode(errors="replace")
