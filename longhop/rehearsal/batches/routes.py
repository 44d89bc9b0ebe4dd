"""The routes of the Batch API and its files."""

import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from longhop.rehearsal.batches.batch import Batch
from longhop.rehearsal.batches.desk import BatchDesk
from longhop.rehearsal.batches.files import StoredFile
from longhop.rehearsal.batches.lines import ENDPOINT
from longhop.rehearsal.completing import problem
from longhop.rehearsal.misbehaving import as_response


def batch_routes(desk: BatchDesk) -> list[web.RouteDef]:
    """The routes; none, so that all is not found, where batches are not supported."""
    if not desk.conduct.batch.supported:
        return []
    routes = _Routes(desk)
    return [
        web.post("/v1/files", routes.upload),
        web.get("/v1/files", routes.list_files),
        web.get("/v1/files/{id}", routes.file),
        web.get("/v1/files/{id}/content", routes.content),
        web.delete("/v1/files/{id}", routes.delete),
        web.post("/v1/batches", routes.open),
        web.get("/v1/batches", routes.list_batches),
        web.get("/v1/batches/{id}", routes.batch),
        web.post("/v1/batches/{id}/cancel", routes.cancel),
    ]


class _Routes:
    def __init__(self, desk: BatchDesk) -> None:
        self.desk = desk

    async def upload(self, request: web.Request) -> web.Response:
        form = await request.post()
        file = form.get("file")
        if not isinstance(file, web.FileField):
            return _refuse(400, "A multipart field 'file' is needed.", "file")
        if form.get("purpose") != "batch":
            return _refuse(400, "The only purpose that is served here is 'batch'.", "purpose")
        return web.json_response(
            self.desk.files.add(file.filename, "batch", file.file.read()).told()
        )

    async def list_files(self, request: web.Request) -> web.Response:
        purpose = request.query.get("purpose")
        files = self.desk.files.by_id
        wanted = {key: file for key, file in files.items() if purpose in (None, file.purpose)}
        return _page(request, wanted, most=10_000)

    async def file(self, request: web.Request) -> web.Response:
        file = self._file(request.match_info["id"])
        return _no_file(request) if file is None else web.json_response(file.told())

    async def content(self, request: web.Request) -> web.Response:
        file = self._file(request.match_info["id"])
        if file is None:
            return _no_file(request)
        return web.Response(body=file.content, content_type="application/octet-stream")

    async def delete(self, request: web.Request) -> web.Response:
        file = self.desk.files.by_id.pop(request.match_info["id"], None)
        if file is None:
            return _no_file(request)
        return web.json_response({"id": file.id, "object": "file", "deleted": True})

    async def open(self, request: web.Request) -> web.Response:
        try:
            body = json.loads(await request.read())
            file = self._file(body["input_file_id"])
            endpoint, window = body["endpoint"], body["completion_window"]
        except (ValueError, KeyError, TypeError):
            return _refuse(400, "The body does not describe a batch.")
        if file is None or file.purpose != "batch":
            return _refuse(400, f"No such input file: {body['input_file_id']}", "input_file_id")
        if endpoint != ENDPOINT:
            return _refuse(400, f"The only endpoint of batches is {ENDPOINT}.", "endpoint")
        if window != "24h":
            return _refuse(400, "The only completion window is '24h'.", "completion_window")
        return web.json_response(self.desk.open(file, body.get("metadata")).told())

    async def list_batches(self, request: web.Request) -> web.Response:
        return _page(request, self.desk.batches, most=100)

    async def batch(self, request: web.Request) -> web.Response:
        batch = self.desk.batches.get(request.match_info["id"])
        return _no_batch(request) if batch is None else web.json_response(batch.told())

    async def cancel(self, request: web.Request) -> web.Response:
        batch = self.desk.batches.get(request.match_info["id"])
        if batch is None:
            return _no_batch(request)
        if batch.is_over:
            return _refuse(400, f"A batch that is {batch.status} cannot be cancelled.")
        if batch.status != "cancelling":
            batch.move("cancelling")
        return web.json_response(batch.told())

    def _file(self, name: str) -> StoredFile | None:
        return self.desk.files.by_id.get(name)


def _page(
    request: web.Request, things: Mapping[str, StoredFile | Batch], *, most: int
) -> web.Response:
    """One page of a list, the newest first: `limit` of those that come `after` an id."""
    ids = list(things)[::-1]
    after = request.query.get("after")
    try:
        limit = int(request.query.get("limit", 20))
        start = ids.index(after) + 1 if after else 0
    except ValueError:
        return _refuse(400, "The limit is no number, or there is nothing to list after.")
    if not 1 <= limit <= most:
        return _refuse(400, f"The limit is not between 1 and {most}.", "limit")
    shown = ids[start : start + limit]
    content: dict[str, Any] = {
        "object": "list",
        "data": [things[each].told() for each in shown],
        "first_id": shown[0] if shown else None,
        "last_id": shown[-1] if shown else None,
        "has_more": start + limit < len(ids),
    }
    return web.json_response(content)


def _no_file(request: web.Request) -> web.Response:
    return _refuse(404, f"No such File object: {request.match_info['id']}", "id")


def _no_batch(request: web.Request) -> web.Response:
    return _refuse(404, f"No batch found with id '{request.match_info['id']}'.", "id")


def _refuse(status: int, message: str, param: str | None = None) -> web.Response:
    return as_response(problem(status, message, None, param))
