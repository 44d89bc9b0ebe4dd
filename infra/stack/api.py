"""Prefect's API over HTTP, with the password."""

import json
import urllib.error
import urllib.request
import uuid
from base64 import b64encode
from typing import Any

from infra.stack.direct import direct
from infra.stack.errors import StackError

_PATIENCE = 30.0


class Api:
    """A server's API. What changes something carries the token that its CSRF protection wants."""

    def __init__(self, address: str, password: str) -> None:
        self.address = address
        self._headers = {"Authorization": f"Basic {b64encode(password.encode()).decode()}"}
        self._client = str(uuid.uuid4())
        self._token = ""

    def get(self, path: str) -> Any:
        """What is there."""
        return self._ask("GET", path)

    def post(self, path: str, body: object) -> Any:
        """What is answered to a JSON body."""
        return self._change("POST", path, body)

    def put(self, path: str, body: object) -> Any:
        """What is answered when a JSON body takes another's place."""
        return self._change("PUT", path, body)

    def delete(self, path: str) -> None:
        """Have it gone."""
        self._change("DELETE", path, None)

    def find(self, kind: str, body: dict[str, Any]) -> list[Any]:
        """All that a filter finds, over as many pages as they take."""
        found: list[Any] = []
        while page := self.post(f"{kind}/filter", {"limit": 200, **body, "offset": len(found)}):
            found += page
        return found

    def _change(self, method: str, path: str, body: object) -> Any:
        if not self._token:
            self._token = self._ask("GET", f"csrf-token?client={self._client}")["token"]
        return self._ask(method, path, body)

    def _ask(self, method: str, path: str, body: object = None) -> Any:
        headers = {**self._headers, "Content-Type": "application/json"}
        if method != "GET":
            headers |= {"Prefect-Csrf-Token": self._token, "Prefect-Csrf-Client": self._client}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            f"{self.address}/{path}", data=data, headers=headers, method=method
        )
        try:
            with direct(request, timeout=_PATIENCE) as answer:
                raw = answer.read()
        except urllib.error.HTTPError as error:
            said = error.read().decode(errors="replace")[:500]
            raise StackError(f"{method} {path}: Prefect answers {error.code}: {said}") from error
        except OSError as error:
            raise StackError(f"{method} {path}: Prefect cannot be reached: {error}") from error
        return json.loads(raw) if raw else None
