"""One POST of a JSON body, with next to no work around it.

The OpenAI client takes a millisecond for a request that aiohttp alone sends in a fifth of one, so
the many requests of a build go by this way; lists, files and batches go through the client.
"""

import asyncio
import json
import os
import ssl
from collections.abc import Mapping
from typing import Any
from urllib.request import getproxies, proxy_bypass

import aiohttp
import certifi
from openai import AsyncOpenAI
from yarl import URL

# A connection is reused unless it has been idle for longer: servers close them at their own time.
_IDLE_SECONDS = 15.0


class Failed(Exception):
    """The endpoint answered with an error."""

    def __init__(self, status: int, body: object, headers: Mapping[str, str]) -> None:
        super().__init__(status)
        self.status = status
        self.body = body
        self.headers = headers


class NoAnswer(Exception):
    """The endpoint did not answer, or its answer is not whole; the cause says why."""


class Untrusted(Exception):
    """The endpoint's certificate is not one that is trusted here."""


class Poster:
    """Posts to a path of the client's endpoint, with the client's headers."""

    def __init__(self, client: AsyncOpenAI, path: str, timeout: float) -> None:
        base = URL(str(client.base_url))
        self.url = (base / path).with_query(base.query)
        self._headers = {
            name: value
            for name, value in client.default_headers.items()
            if isinstance(value, str) and not name.startswith("X-Stainless")
        } | client.auth_headers
        self._proxy = _proxy_for(self.url)
        self._timeout = aiohttp.ClientTimeout(total=timeout)
        self._session: aiohttp.ClientSession | None = None

    async def post(self, body: object) -> Any:
        """The JSON that comes back.

        Raises:
            Failed: It came with an error's status.
            NoAnswer: None came, or what came is no JSON.
        """
        data = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
        try:
            session = self._opened()
            # A prompt goes where it was sent, and nowhere else.
            async with session.post(
                self.url, data=data, proxy=self._proxy, allow_redirects=False
            ) as response:
                raw = await response.read()
                if response.status >= 300:
                    raise Failed(response.status, _body(raw), _lowered(response.headers))
        except aiohttp.ClientConnectorCertificateError as error:
            raise Untrusted(
                f"its certificate is not trusted ({error.certificate_error}); SSL_CERT_FILE may"
                " name a file of those that are"
            ) from None
        except TimeoutError as error:
            raise NoAnswer(f"no answer within {self._timeout.total:g} s") from error
        except aiohttp.ClientConnectorError as error:
            raise NoAnswer(f"{type(error).__name__}: {_why(error.os_error)}") from error
        except aiohttp.ClientError as error:
            raise NoAnswer(f"{type(error).__name__}: {error}") from error
        try:
            return json.loads(raw)
        except (ValueError, RecursionError) as error:
            raise NoAnswer("the answer broke off, or is no JSON") from error

    async def close(self) -> None:
        """Let go of the connections."""
        if self._session is not None:
            await self._session.close()

    def _opened(self) -> aiohttp.ClientSession:
        """The session, which belongs to the event loop that it is first used in."""
        if self._session is None or self._session._loop is not asyncio.get_running_loop():
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=0, keepalive_timeout=_IDLE_SECONDS, ssl=self._trusted()
                ),
                headers=self._headers,
                timeout=self._timeout,
            )
        return self._session

    def _trusted(self) -> ssl.SSLContext | bool:
        if self.url.scheme != "https":
            return True
        trusted = os.environ.get("SSL_CERT_FILE") or certifi.where()
        try:
            return ssl.create_default_context(cafile=trusted)
        except OSError as error:
            raise Untrusted(f"certificates {trusted}: {error.strerror or error}") from None


def _proxy_for(url: URL) -> str | None:
    """The proxy that the environment names; aiohttp would look for it at every request."""
    host = url.host or ""
    return None if proxy_bypass(host) else getproxies().get(url.scheme)


def _why(error: OSError) -> str:
    """What the system says, without the address, which is told already."""
    if error.errno is not None and error.errno > 0:
        return os.strerror(error.errno)
    return error.strerror or str(error)


def _body(raw: bytes) -> object:
    """The error as it was sent: an object if it is one, else its text."""
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return raw.decode("utf-8", "replace")


def _lowered(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}
