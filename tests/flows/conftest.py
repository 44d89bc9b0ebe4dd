"""Flows of a scripted model."""

from typing import Any

import pytest

from longhop.operations import preparing


@pytest.fixture
def no_endpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    """The scripted model has no endpoint to be looked at."""

    async def nothing(*_: Any) -> None:
        return None

    monkeypatch.setattr(preparing, "check_models", nothing)
