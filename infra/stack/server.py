"""Prefect's server, with its API and its UI, on PostgreSQL."""

import sys

from infra.stack.api import Api
from infra.stack.direct import status_of
from infra.stack.environment import bare, of_server, password
from infra.stack.folder import Folder
from infra.stack.part import Part


class Server(Part):
    """The server. All but its health is for those who know the password."""

    name = "server"
    address_form = "http://127.0.0.1:{port}"  # of its UI; its API is below it

    def start(self) -> None:
        """Have it answer."""
        command = [sys.executable, "-m", "prefect", "server", "start"]
        where = ["--host", "127.0.0.1", "--port", self.port]
        self.process.start([*command, *where], bare() | of_server(self.folder), port=self.port)
        self.process.wait_until(lambda: status_of(f"{self.address}/api/health") == 200)


def api_of(folder: Folder) -> Api:
    """The API of a stack's server."""
    return Api(f"{Server(folder).address}/api", password(folder))
