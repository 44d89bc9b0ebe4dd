"""PostgreSQL, with a cluster of its own for Prefect's database."""

import os
import shutil
import signal
import time
from pathlib import Path

from infra.stack.environment import bare
from infra.stack.errors import StackError
from infra.stack.folder import write_private
from infra.stack.packages import program
from infra.stack.part import Part
from infra.stack.processes import run

_USER = "prefect"
_MAKE_DATABASE = "CREATE DATABASE prefect;\n"
_TRIES = 5


class Postgres(Part):
    """A server that asks everybody for a password, on loopback alone."""

    name = "postgres"
    address_form = "127.0.0.1:{port}"
    stops_by = signal.SIGINT  # at once, but cleanly; by SIGTERM it waits for its clients to leave

    @property
    def home(self) -> Path:
        """Its folder, which is another user's where we are root."""
        return self.folder.path / "postgres"

    def check(self) -> None:
        """Its user can enter the stack's folder, where that is not we."""
        user = _unprivileged()
        if user is not None:
            _require_way_in(self.folder.path, user)

    def start(self) -> None:
        """Have it take connections, with a database for Prefect in it.

        What it left when it was killed holds its shared memory for a moment longer, and it does
        not start beside that: then it is tried again.
        """
        if not self.home.exists():
            self._make()
        for attempt in range(1, _TRIES + 1):
            self._launch()
            try:
                self.process.wait_until(self._answers)
            except StackError:
                if self.is_up or attempt == _TRIES:
                    raise
                time.sleep(1)
            else:
                return

    def _launch(self) -> None:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",  # its path would be too long in a deep folder
            "max_connections": "200",
        }
        options = [each for pair in settings.items() for each in ("-c", "=".join(pair))]
        command = [program("postgres"), "-D", self.home / "data", *options]
        self.process.start(command, bare(), port=self.port, user=_unprivileged())

    def _answers(self) -> bool:
        host, _, port = self.address.partition(":")
        try:
            run([program("pg_isready"), "-q", "-h", host, "-p", port], environment=bare())
        except StackError:
            return False
        return True

    def _make(self) -> None:
        """Make the cluster beside its place, and move it there once it is whole."""
        user = _unprivileged()
        draft = self.home.with_name("postgres.new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        secret = draft / "password"
        write_private(secret, self.folder.secret(self.name) + "\n")
        if user is not None:
            shutil.chown(draft, user)
            shutil.chown(secret, user)
        make = [program("initdb"), "-D", draft / "data", "--username", _USER, "--pwfile", secret]
        ways = ["--auth", "scram-sha-256", "--encoding", "UTF8", "--no-locale"]
        run([*make, *ways], environment=bare(), user=user, log=self.process.log)
        secret.unlink()
        single = [program("postgres"), "--single", "-D", draft / "data", "template1"]
        log = self.process.log
        run(single, given=_MAKE_DATABASE, environment=bare(), user=user, log=log)
        draft.replace(self.home)


def _unprivileged() -> str | None:
    """Whom it runs as where we are root, which it refuses: the user that its package makes."""
    return "postgres" if os.geteuid() == 0 else None


def _require_way_in(folder: Path, user: str) -> None:
    try:
        run([program("test"), "-x", folder], user=user)
    except StackError:
        raise StackError(
            f"PostgreSQL does not run as root, and the user {user!r} cannot enter {folder}: choose"
            " a folder that all can (--folder)"
        ) from None
