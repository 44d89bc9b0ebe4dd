"""A stand-in for a Hugging Face hub: what its own client asks of one, and faults on demand."""

import base64
import hashlib
import json
import re
import threading
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

TOKEN = "hf_standInTokenThatMayWrite"
# What the hub stores as large, whatever its size.
_LARGE = (".parquet", ".jsonl")


class StandInHub:
    """One hub with its repositories: `files` of the head of each, commits, tags, what was asked.

    `faults[route]` holds statuses that the next requests of a route are answered with; 0 cuts the
    connection.
    """

    def __init__(self) -> None:
        self.files: dict[str, dict[str, bytes]] = {}
        self.commits: dict[str, list[str]] = {}
        self.tags: dict[str, dict[str, str]] = {}
        self.private: dict[str, bool] = {}
        self.large: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.faults: dict[str, deque[int]] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> "StandInHub":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def fail(self, route: str, *statuses: int) -> None:
        self.faults[route] = deque(statuses)

    def create(self, asked: dict[str, Any]) -> tuple[int, Any]:
        name = f"{asked.get('organization') or 'me'}/{asked['name']}"
        if name in self.files:
            there = {"url": f"{self.url}/datasets/{name}", "name": name}
            return 409, {"error": "You already created this dataset repo", **there}
        self.files[name], self.commits[name], self.tags[name] = (
            {".gitattributes": b""},
            ["0" * 40],
            {},
        )
        self.private[name] = asked.get("visibility") == "private"
        return 200, {"url": f"{self.url}/datasets/{name}", "name": name}

    def preupload(self, name: str, asked: dict[str, Any]) -> tuple[int, Any]:
        there = self.files[name]
        return 200, {
            "files": [
                {
                    "path": each["path"],
                    "uploadMode": "lfs" if each["path"].endswith(_LARGE) else "regular",
                    "shouldIgnore": False,
                    "oid": _oid(there.get(each["path"]), each["path"]),
                }
                for each in asked["files"]
            ]
        }

    def batch(self, asked: dict[str, Any]) -> tuple[int, Any]:
        objects = []
        for each in asked["objects"]:
            found = {"oid": each["oid"], "size": each["size"]}
            if each["oid"] not in self.large:
                found["actions"] = {"upload": {"href": f"{self.url}/large/{each['oid']}"}}
            objects.append(found)
        return 200, {"transfer": "basic", "objects": objects}

    def put(self, oid: str, body: bytes) -> tuple[int, Any]:
        if hashlib.sha256(body).hexdigest() != oid:
            return 400, {"error": "the bytes are not those of the hash"}
        self.large[oid] = body
        return 200, {}

    def commit(self, name: str, lines: list[dict[str, Any]]) -> tuple[int, Any]:
        files = dict(self.files[name])
        for each in lines:
            value = each["value"]
            if each["key"] == "file":
                files[value["path"]] = base64.b64decode(value["content"])
            elif each["key"] == "lfsFile":
                files[value["path"]] = self.large[value["oid"]]
            elif each["key"] == "deletedFile":
                del files[value["path"]]
        self.files[name] = files
        oid = hashlib.sha1(json.dumps(sorted(files)).encode() + str(len(self.commits)).encode())
        self.commits[name].append(
            hashlib.sha1(oid.digest() + bytes([len(self.commits[name])])).hexdigest()
        )
        head = self.commits[name][-1]
        return 200, {
            "success": True,
            "commitOid": head,
            "commitUrl": f"{self.url}/datasets/{name}/commit/{head}",
        }


def _oid(content: bytes | None, path: str) -> str | None:
    """As git names a file: a large one by its own hash, another by that of its blob."""
    if content is None:
        return None
    if path.endswith(_LARGE):
        return hashlib.sha256(content).hexdigest()
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


def _handler(hub: StandInHub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            return

        def do_GET(self) -> None:
            self._answer("")

        def do_POST(self) -> None:
            self._answer(self._body())

        do_PUT = do_DELETE = do_POST  # noqa: N815

        def _body(self) -> bytes:
            if self.headers.get("Transfer-Encoding") != "chunked":
                return self.rfile.read(int(self.headers.get("Content-Length") or 0))
            parts = []
            while size := int(self.rfile.readline(), 16):
                parts.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(parts)

        def _answer(self, body: Any) -> None:
            path = unquote(urlsplit(self.path).path)
            route, name = _route(self.command, path)
            hub.asked.append(route)
            waiting = hub.faults.get(route)
            if waiting:
                status = waiting.popleft()
                if status == 0:
                    self.close_connection = True
                    self.connection.close()
                    return
                self._send(status, {"error": f"as wished: {status}"})
                return
            if route != "put" and self.headers.get("Authorization") != f"Bearer {TOKEN}":
                self._send(401, {"error": "Invalid username or password."})
                return
            self._send(*_done(hub, route, name, path, body))

        def _send(self, status: int, answer: Any) -> None:
            data = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    return Handler


_ROUTES = {
    ("POST", r"/api/repos/create()"): "create",
    ("POST", r"/api/validate-yaml()"): "validate",
    ("GET", r"/api/datasets/([^/]+/[^/]+)/refs"): "refs",
    ("GET", r"/api/datasets/([^/]+/[^/]+)/tree/.*"): "tree",
    ("POST", r"/api/datasets/([^/]+/[^/]+)/preupload/.*"): "preupload",
    ("POST", r"/datasets/([^/]+/[^/]+)\.git/info/lfs/objects/batch"): "batch",
    ("PUT", r"/large/(.+)"): "put",
    ("POST", r"/api/datasets/([^/]+/[^/]+)/commit/.*"): "commit",
    ("POST", r"/api/datasets/([^/]+/[^/]+)/tag/.*"): "tag",
    ("DELETE", r"/api/datasets/([^/]+/[^/]+)/tag/.*"): "untag",
    ("GET", r"/api/datasets/([^/]+/[^/]+)(?:/revision/.*)?"): "info",
}


def _route(method: str, path: str) -> tuple[str, str]:
    for (wanted, pattern), route in _ROUTES.items():
        if method == wanted and (found := re.fullmatch(pattern, path)):
            return route, found[1]
    return f"{method} {path}", ""


def _done(hub: StandInHub, route: str, name: str, path: str, body: bytes) -> tuple[int, Any]:
    if route == "create":
        return hub.create(json.loads(body))
    if route == "validate":
        return 200, {"errors": [], "warnings": []}
    if route == "batch":
        return hub.batch(json.loads(body))
    if route == "put":
        return hub.put(name, body)
    if name not in hub.files:
        return 404, {"error": "Repository not found"}
    if route == "refs":
        tags = [
            {"name": tag, "ref": f"refs/tags/{tag}", "targetCommit": commit}
            for tag, commit in hub.tags[name].items()
        ]
        return 200, {"branches": [], "converts": [], "tags": tags}
    if route == "tree":
        return 200, [
            {"type": "file", "path": each, "size": len(content), "oid": _oid(content, each)}
            for each, content in sorted(hub.files[name].items())
        ]
    if route == "preupload":
        return hub.preupload(name, json.loads(body))
    if route == "commit":
        return hub.commit(name, [json.loads(line) for line in body.splitlines()])
    if route == "tag":
        hub.tags[name][json.loads(body)["tag"]] = path.rsplit("/", 1)[1]
        return 200, {}
    if route == "untag":
        del hub.tags[name][path.rsplit("/", 1)[1]]
        return 200, {}
    if route == "info":
        return 200, {
            "id": name,
            "sha": hub.commits[name][-1],
            "tags": [],
            "siblings": [],
            "private": hub.private[name],
        }
    return 404, {"error": f"nothing at {path}"}
