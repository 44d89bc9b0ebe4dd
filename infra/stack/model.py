"""The rehearsal model behind its OpenAI-compatible endpoint."""

import sys
from pathlib import Path

from infra.stack.direct import status_of
from infra.stack.environment import bare
from infra.stack.part import Part


class Model(Part):
    """The server of `longhop rehearse`."""

    name = "model"
    address_form = "http://127.0.0.1:{port}/v1"

    @property
    def conduct(self) -> Path:
        """The file that a person has for how it misbehaves."""
        return self.folder.path / "conduct.yaml"

    def start(self) -> None:
        """Have it answer, as its conduct says if there is one."""
        command = [sys.executable, "-m", "flows.command_line", "rehearse", "--port", self.port]
        conduct = ["--conduct", self.conduct] if self.conduct.exists() else []
        self.process.start([*command, *conduct], bare(), port=self.port)
        self.process.wait_until(lambda: status_of(f"{self.address}/models") == 200)
