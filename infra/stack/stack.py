"""The stack: its parts, in the order in which each needs those before it."""

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

from infra.stack import deploying, environment
from infra.stack.errors import StackError
from infra.stack.folder import ROOT, Folder
from infra.stack.gateway import Gateway
from infra.stack.model import Model
from infra.stack.mon import Mon
from infra.stack.osd import Osd
from infra.stack.packages import require_programs
from infra.stack.part import Part
from infra.stack.postgres import Postgres
from infra.stack.server import Server
from infra.stack.worker import Worker

_DATABASE: tuple[type[Part], ...] = (Postgres, Server)
_STORE: tuple[type[Part], ...] = (Mon, Osd, Gateway)
_ALL: tuple[type[Part], ...] = (*_DATABASE, *_STORE, Model, Worker)
# A name that stands for several parts.
_GROUPS = {"store": tuple(each.name for each in _STORE)}
NAMES = (*(each.name for each in _ALL), *_GROUPS)


class Stack:
    """A stack in a folder. Its commands may be given at any time, and again."""

    def __init__(self, folder: Folder, say: Callable[[str], None]) -> None:
        self.folder = folder
        self.say = say
        self.parts: list[Part] = [each(folder) for each in _ALL]

    def up(self) -> None:
        """Have all parts running and ready, on the data that is there, with everything deployed."""
        with self.folder.locked():
            require_programs(self.folder)
            if all(each.is_up for each in self.parts) and deploying.is_deployed(self.folder):
                self.say(f"the stack in {self.folder.path} is up already")
            else:
                self._start_all()
            environment.write(self.folder)
        self._tell()

    def down(self) -> None:
        """End all parts and whatever they have started; the data stays."""
        if not self.folder.run.exists():
            self.say(f"there is no stack in {self.folder.path}")
            return
        with self.folder.locked():
            ended = [self._stop(each) for each in reversed(self.parts)]
        self.say(f"the stack is down; its data stays in {self.folder.path}" if any(ended) else
                 f"the stack in {self.folder.path} is down already")  # fmt: skip

    def status(self) -> bool:
        """Whether all parts are running; said part by part."""
        for part in self.parts:
            pid = part.process.pid
            how = f"up    pid {pid:<8} {part.address}" if pid else "down"
            self.say(f"{part.name:<9} {how}".rstrip())
        return all(each.is_up for each in self.parts)

    def start(self, name: str) -> None:
        """Have the parts of this name running and ready."""
        with self.folder.locked():
            require_programs(self.folder)
            for part in self._named(name):
                self._start(part)
            environment.write(self.folder)

    def stop(self, name: str) -> None:
        """End the parts of this name, politely."""
        with self.folder.locked():
            for part in reversed(self._named(name)):
                self._stop(part)

    def kill(self, name: str, *, alone: bool) -> None:
        """End the parts of this name at once; `alone` spares what they have started."""
        with self.folder.locked():
            for part in reversed(self._named(name)):
                part.kill(alone=alone)
                self.say(f"{part.name}: killed")

    def _start_all(self) -> None:
        """Start what does not need each other side by side: most of it is waiting."""
        store, database = (self._of(each) for each in (_STORE, _DATABASE))

        def start_server() -> None:
            self._each(database)
            self._deploy()

        for part in self.parts:
            part.check()
        with ThreadPoolExecutor(1) as pool:
            side = pool.submit(self._each, store)
            start_server()
            side.result()
        self._each(self._of((Model, Worker)))

    def _deploy(self) -> None:
        began = time.monotonic()
        _have_demo_corpus(self.say)
        deploying.deploy(self.folder)
        self.say(f"deployed ({time.monotonic() - began:.1f} s)")

    def _each(self, parts: Iterable[Part]) -> None:
        for part in parts:
            self._start(part)

    def _start(self, part: Part) -> None:
        began, was_up = time.monotonic(), part.is_up
        part.start()
        took = time.monotonic() - began
        self.say(f"{part.name}: is up" if was_up else f"{part.name}: up ({took:.1f} s)")

    def _stop(self, part: Part) -> bool:
        left = bool(part.process.members)
        part.stop()
        if left:
            self.say(f"{part.name}: down")
        return left

    def _of(self, kinds: tuple[type[Part], ...]) -> list[Part]:
        return [each for each in self.parts if isinstance(each, kinds)]

    def _named(self, name: str) -> list[Part]:
        names = _GROUPS.get(name, (name,))
        found = [each for each in self.parts if each.name in names]
        if not found:
            raise StackError(f"there is no part {name!r}: there are {', '.join(NAMES)}")
        return found

    def _tell(self) -> None:
        (server,) = self._of((Server,))
        self.say(f"\nUI:        {server.address}")
        self.say(f"password:  PREFECT_API_AUTH_STRING in {self.folder.env}, whole, with admin:")
        self.say(f"shell:     . {self.folder.env}")


def _have_demo_corpus(say: Callable[[str], None]) -> None:
    """The deployments build from it until they are told of another."""
    if not (ROOT / "demo" / "corpus").exists():
        from longhop.rehearsal.demo_corpus import write_demo_inputs

        write_demo_inputs(ROOT / "demo")
        say("wrote demo/corpus, which the deployments build from")
