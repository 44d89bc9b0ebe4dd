"""Those whom a notification reaches: somebody's webhook, somebody's mailbox."""

import json
from base64 import b64decode
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler
from queue import Queue
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread
from typing import Any, Self

LOGIN = b"watch@example.org", b"a-secret-word"


class Receiver(ThreadingTCPServer):
    """A server on loopback that keeps what it is sent, for as long as the block lasts."""

    daemon_threads = True
    handler: type[StreamRequestHandler]

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), self.handler)
        self.received: Queue[Any] = Queue()
        self.host = f"127.0.0.1:{self.server_address[1]}"

    def __enter__(self) -> Self:
        Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()


class _Posted(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.put(json.loads(body))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Keep the output of the tests as it is."""


class _Sent(StreamRequestHandler):
    """As much of SMTP (RFC 5321, RFC 4954) as a client needs to hand over one letter."""

    server: Receiver

    def handle(self) -> None:
        known = False
        self._say(b"220 mailbox")
        for line in self.rfile:
            verb, *words = line.split()
            match verb.upper():
                case b"EHLO":
                    self._say(b"250-mailbox", b"250 AUTH PLAIN")
                case b"AUTH":
                    known = b64decode(words[1]).split(b"\0")[1:] == [*LOGIN]
                    self._say(b"235 welcome" if known else b"535 who is that?")
                case b"DATA" if known:
                    self._say(b"354 go on")
                    self.server.received.put(self._letter())
                    self._say(b"250 taken")
                case b"QUIT":
                    self._say(b"221 goodbye")
                    return
                case _:
                    self._say(b"250 well" if known else b"530 who is that?")

    def _letter(self) -> EmailMessage:
        """All before the line of a single dot; where others begin with one, it was doubled."""
        lines = iter(self.rfile.readline, b".\r\n")
        raw = b"".join(each.removeprefix(b".") for each in lines)
        letter = message_from_bytes(raw, policy=default)
        assert isinstance(letter, EmailMessage)
        return letter

    def _say(self, *lines: bytes) -> None:
        self.wfile.write(b"".join(each + b"\r\n" for each in lines))


class Webhook(Receiver):
    """An address that takes JSON."""

    handler = _Posted

    @property
    def address(self) -> str:
        """As LONGHOP_NOTIFY takes it."""
        return f"http://{self.host}/told"


class Mailbox(Receiver):
    """A mail server that takes letters from whoever knows its password."""

    handler = _Sent

    @property
    def address(self) -> str:
        """As LONGHOP_NOTIFY takes it."""
        user, word = (each.decode() for each in LOGIN)
        letter = f"from={user}&to=on-call@example.org"
        return f"mailto://{user.replace('@', '%40')}:{word}@{self.host}?{letter}"
