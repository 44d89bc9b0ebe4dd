"""Prefect's server, with its API and its UI, on PostgreSQL."""

import sys
import urllib.request

from infra.stack.api import Api
from infra.stack.environment import bare, of_server, password
from infra.stack.folder import Folder
from infra.stack.part import Part


class Server(Part):
    """The server. All but its health is for those who know the password."""

    name = "server"

    @property
    def address(self) -> str:
        """The address of its UI; its API is below it."""
        return f"http://127.0.0.1:{self.folder.port(self.name)}"

    def start(self) -> None:
        """Have it answer."""
        port = self.folder.port(self.name)
        command = [sys.executable, "-m", "prefect", "server", "start"]
        where = ["--host", "127.0.0.1", "--port", str(port)]
        self.process.start([*command, *where], bare() | of_server(self.folder), port=port)
        self.process.wait_until(self._answers)

    def _answers(self) -> bool:
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            direct.open(f"{self.address}/api/health", timeout=5).close()
        except OSError:
            return False
        return True


def api_of(folder: Folder) -> Api:
    """The API of a stack's server."""
    return Api(f"{Server(folder).address}/api", password(folder))
