"""Ceph's monitor, which knows what the cluster is made of."""

import shutil

from infra.stack.ceph import ceph, configuration, fsid, home
from infra.stack.environment import bare
from infra.stack.errors import StackError
from infra.stack.packages import program
from infra.stack.part import Part
from infra.stack.processes import run

_ALL = ("--cap", "mon", "allow *", "--cap", "osd", "allow *", "--cap", "mgr", "allow *")


class Mon(Part):
    """The one monitor."""

    name = "mon"
    address_form = "127.0.0.1:{port}"

    def start(self) -> None:
        """Have it answer the administrator."""
        conf = configuration(self.folder)
        if not (home(self.folder) / "mon").exists():
            self._make()
        command = [program("ceph-mon"), "-f", "--conf", conf, "--id", "a"]
        self.process.start(command, bare(), port=self.port)
        self.process.wait_until(self._answers)

    def _answers(self) -> bool:
        try:
            ceph(self.folder, "mon", "stat")
        except StackError:
            return False
        return True

    def _make(self) -> None:
        """Make its data beside their place, and move them there once they are whole."""
        place = home(self.folder)
        draft, keys, only = place / "mon.new", place / "mon.keyring", place / "monmap"
        admin = place / "client.admin.keyring"
        shutil.rmtree(draft, ignore_errors=True)
        for each in (keys, only, admin):
            each.unlink(missing_ok=True)
        tool = program("ceph-authtool")
        run([tool, keys, "--create-keyring", "--gen-key", "--name", "mon.", *_ALL[:3]])
        run([tool, admin, "--create-keyring", "--gen-key", "--name", "client.admin", *_ALL])
        run([tool, keys, "--import-keyring", admin])
        member = ("a", f"[v2:{self.address}]")
        mapping = [
            program("monmaptool"),
            "--create",
            "--fsid",
            fsid(self.folder),
            "--addv",
            *member,
        ]
        run([*mapping, only])
        command = [program("ceph-mon"), "--conf", place / "ceph.conf", "--mkfs", "--id", "a"]
        files = ["--mon-data", draft, "--monmap", only, "--keyring", keys]
        run([*command, *files], environment=bare(), log=self.process.log)
        for each in (keys, only):
            each.unlink()
        draft.replace(place / "mon")
