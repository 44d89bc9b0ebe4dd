"""Prefect's worker, which alone holds the keys, in its environment."""

import sys
from datetime import datetime

from infra.stack.deploying import POOL
from infra.stack.environment import bare, of_worker
from infra.stack.errors import StackError
from infra.stack.part import Part
from infra.stack.server import api_of


class Worker(Part):
    """A worker of the process work pool, and the flow runs that it has started."""

    name = "worker"

    def start(self) -> None:
        """Have it take work, with the variables of the user's own file over those of the stack."""
        if self.is_up:
            return
        before = self._last_seen()
        command = [sys.executable, "-m", "prefect", "worker", "start", "--pool", POOL]
        environment = bare() | of_worker(self.folder)
        self.process.start([*command, "--name", "stack"], environment)
        self.process.wait_until(lambda: self._last_seen() > before)

    def _last_seen(self) -> str:
        """When the server last heard of it, in a form that sorts."""
        try:
            found = api_of(self.folder).find(f"work_pools/{POOL}/workers", {})
        except StackError:
            return ""
        times = (datetime.fromisoformat(each["last_heartbeat_time"]) for each in found)
        return max((each.isoformat() for each in times), default="")
