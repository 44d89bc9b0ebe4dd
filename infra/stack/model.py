"""The rehearsal model behind its OpenAI-compatible endpoint."""

import sys
import urllib.request
from pathlib import Path

from infra.stack.environment import bare
from infra.stack.part import Part


class Model(Part):
    """The server of `longhop rehearse`."""

    name = "model"

    @property
    def address(self) -> str:
        """Its endpoint."""
        return f"http://127.0.0.1:{self.folder.port(self.name)}/v1"

    @property
    def conduct(self) -> Path:
        """The file that a person has for how it misbehaves."""
        return self.folder.path / "conduct.yaml"

    def start(self) -> None:
        """Have it answer, as its conduct says if there is one."""
        port = self.folder.port(self.name)
        command = [sys.executable, "-m", "flows.command_line", "rehearse", "--port", str(port)]
        conduct = ["--conduct", self.conduct] if self.conduct.exists() else []
        self.process.start([*command, *conduct], bare(), port=port)
        self.process.wait_until(self._answers)

    def _answers(self) -> bool:
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            direct.open(f"{self.address}/models", timeout=5).close()
        except OSError:
            return False
        return True
