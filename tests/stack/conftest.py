"""The stack of `make stack`, for the tests that drive it."""

import uuid
from collections.abc import Iterator

import pytest

from infra.stack.environment import own_file
from infra.stack.folder import Folder
from infra.stack.model import Model
from tests.stack.driving import RunningStack, named_folder


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """The running stack, left as it was found."""
    found = named_folder()
    if found is None:
        pytest.skip("LONGHOP_STACK names no folder of a running stack: `make stack`")
    prefix = f"test-{uuid.uuid4().hex[:8]}"
    running = RunningStack(Folder(found), tmp_path_factory.mktemp("stack"), prefix)
    running.command("up")
    own, conduct = own_file(running.folder), Model(running.folder).conduct
    before = {path: path.read_text() if path.exists() else None for path in (own, conduct)}
    yield running
    for path, text in before.items():
        path.unlink(missing_ok=True)
        if text is not None:
            path.write_text(text)
    for part in ("worker", "model"):
        running.command("stop", part)
    running.command("up")
