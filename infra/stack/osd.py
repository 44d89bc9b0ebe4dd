"""Ceph's object storage daemon, which keeps the data in one sparse file."""

import shutil
import uuid
from pathlib import Path

from infra.stack.ceph import ceph, configuration, home
from infra.stack.environment import bare
from infra.stack.errors import StackError
from infra.stack.packages import program
from infra.stack.part import Part
from infra.stack.processes import run


class Osd(Part):
    """The one daemon; its file is in the stack's folder and takes the room that it fills."""

    name = "osd"

    def start(self) -> None:
        """Have the monitor count it as up."""
        conf = configuration(self.folder)
        if not self._data.exists():
            self._make(conf)
        if not self.is_up:
            ceph(self.folder, "osd", "down", "0")  # a killed one counts as up for some time
        command = [program("ceph-osd"), "-f", "--conf", conf, "--id", "0"]
        self.process.start(command, bare())
        self.process.wait_until(self._is_counted)

    @property
    def _data(self) -> Path:
        return home(self.folder) / "osd"

    def _is_counted(self) -> bool:
        try:
            return " 1 up" in ceph(self.folder, "osd", "stat")
        except StackError:
            return False

    def _make(self, conf: Path) -> None:
        """Make its data beside their place, and move them there once they are whole.

        The monitor knows it by an identity that stays the same, however often this is begun.
        """
        identity = self.folder.kept("osd", lambda: str(uuid.uuid4()))
        draft, keys = self._data.with_name("osd.new"), self._data.with_name("osd.0.keyring")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        ceph(self.folder, "osd", "new", identity)
        rights = ("mon", "allow profile osd", "osd", "allow *")
        ceph(self.folder, "auth", "get-or-create", "osd.0", *rights, "-o", str(keys))
        command = [program("ceph-osd"), "--conf", conf, "--id", "0", "--mkfs"]
        files = ["--osd-data", draft, "--osd-uuid", identity, "--osd-objectstore", "bluestore"]
        run([*command, *files], environment=bare(), log=self.process.log)
        draft.replace(self._data)
