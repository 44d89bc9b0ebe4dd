"""Stopping a build by hand: at once, since nothing that was paid for can be lost by it.

Answers are journaled as they come and stages leave receipts, so the process may simply end. What
it started (Prefect's temporary server, the rehearsal model) is ended with it.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

_children: list["subprocess.Popen[Any]"] = []


def end_with_us(child: "subprocess.Popen[Any]") -> None:
    """End this process too when a person stops the build."""
    _children.append(child)


@contextmanager
def stopped_at_once() -> Iterator[None]:
    """Ctrl-C and a polite kill end the process inside with one message and status 130."""
    before = {each: signal.signal(each, _stop) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _stop(_number: int, _frame: FrameType | None) -> None:
    sys.stderr.write("\nlonghop: stopped; what was paid for is kept, build again to go on\n")
    sys.stderr.flush()
    for child in (*_children, *_prefect_servers()):
        with suppress(OSError):
            child.kill()
    os._exit(130)


def _prefect_servers() -> Iterator[Any]:
    module = sys.modules.get("prefect.server.api.server")
    instances: dict[Any, Any] = getattr(
        getattr(module, "SubprocessASGIServer", None), "_instances", {}
    )
    for server in list(instances.values()):
        process = getattr(server, "server_process", None)
        if process is not None:
            yield process
