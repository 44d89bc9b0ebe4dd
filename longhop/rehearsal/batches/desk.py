"""Takes batches in, and works through each in a task of its own."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b

from longhop.rehearsal.batches.batch import WINDOW_S, Batch
from longhop.rehearsal.batches.files import Files, StoredFile
from longhop.rehearsal.batches.lines import (
    Line,
    errors_told,
    failed_whole,
    output_line,
    read_lines,
)
from longhop.rehearsal.completing import Answer, complete, object_to, problem, read_request
from longhop.rehearsal.conduct import Conduct
from longhop.rehearsal.log import Log
from longhop.rehearsal.model import Model

_AT_ONCE = 20  # so many answers, then others have their turn
_TICK_S = 0.01


@dataclass
class _Results:
    """The lines of a batch's two files."""

    output: list[bytes] = field(default_factory=list)
    errors: list[bytes] = field(default_factory=list)


class BatchDesk:
    """All files and batches, the oldest first: they outlive the clients that sent them."""

    def __init__(
        self, conduct: Conduct, models: Mapping[str, Model], log: Callable[[], Log]
    ) -> None:
        self.conduct = conduct
        self.files = Files()
        self.batches: dict[str, Batch] = {}
        self._models = models
        self._log = log
        self._submissions: Counter[str] = Counter()
        self._tasks: set[asyncio.Task[None]] = set()

    def open(self, file: StoredFile, metadata: dict[str, str] | None) -> Batch:
        """Take a batch in."""
        expires = self.conduct.batch.expires_after_s
        batch = Batch(len(self.batches), file, metadata, WINDOW_S if expires is None else expires)
        self.batches[batch.id] = batch
        self._log().batches += 1
        task = asyncio.get_running_loop().create_task(self._work(batch))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return batch

    async def close(self, _: object) -> None:
        """Leave all work where it is."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _work(self, batch: Batch) -> None:
        conduct = self.conduct
        file = blake2b(batch.input_file.content, digest_size=16).hexdigest()
        key = (file, self._submission(file))
        lines, errors = read_lines(batch.input_file.content, conduct.batch.most_requests)
        if not errors and self._strikes(conduct.batch.fail_whole_share, "batch_failed", *key):
            errors = [failed_whole()]
        if errors:
            batch.errors = errors_told(errors)
            batch.move("failed")
            return
        batch.total, batch.model = len(lines), str(lines[0].body.get("model"))
        self._log().batch_requests += len(lines)
        if batch.status == "validating":
            batch.move("in_progress")
        lines.sort(key=lambda line: conduct.draw("order", line.custom_id, *key))
        results = _Results()
        last = len(lines)
        if self._strikes(conduct.batch.expired_share, "batch_expired", *key):
            last = int(conduct.draw("answered part", *key) * len(lines))
        done = await self._answer_until(batch, lines[:last], results)
        self._finish(batch, lines[done:], results)

    async def _answer_until(self, batch: Batch, lines: list[Line], results: _Results) -> int:
        """Answer at the batch's pace; how many, since it may be cancelled or expire on the way."""
        done, delay = 0, self.conduct.batch.delay_s
        while batch.status == "in_progress":
            elapsed = time.time() - batch.started
            due = len(lines) if elapsed >= delay else int(len(lines) * elapsed / delay)
            for line in lines[done : min(due, done + _AT_ONCE)]:
                self._answer(batch, line, results)
                done += 1
            if (done == len(lines) and elapsed >= delay) or elapsed >= batch.lives_s:
                break
            await asyncio.sleep(0 if done < due else _TICK_S)
        return done

    def _answer(self, batch: Batch, line: Line, results: _Results) -> None:
        conduct, asked = self.conduct.batch, read_request(line.body)
        if isinstance(asked, Answer):
            self._fail(batch, output_line(line.custom_id, asked), results)
            return
        log = self._log()
        log.by_task[asked.task] += 1
        log.asked[asked.key] += 1
        submission = self._submission(asked.key)
        refused = object_to(asked, self._models, self.conduct)
        failed = submission == "0" and self._strikes(
            conduct.failed_share, "batch_request_failed", asked.key
        )
        if failed and self.conduct.draw("failure", asked.key) < 0.5:
            line_of = output_line(line.custom_id, None, "server_error", "No answer was written.")
            self._fail(batch, line_of, results)
        elif refused is not None or failed:
            answer = refused or problem(500, "The server had an error.", "server_error")
            log.note(answer.misbehaves)
            self._fail(batch, output_line(line.custom_id, answer), results)
        else:
            batch.completed += 1
            if not self._strikes(conduct.missing_share, "batch_missing", asked.key, submission):
                answer = complete(asked, self._models[asked.body["model"]], self.conduct)
                log.answered[asked.key] += 1
                log.note(answer.misbehaves)
                results.output.append(output_line(line.custom_id, answer))

    def _fail(self, batch: Batch, line: bytes, results: _Results) -> None:
        batch.failed += 1
        results.errors.append(line)

    def _finish(self, batch: Batch, left: list[Line], results: _Results) -> None:
        ending = "cancelled" if batch.status == "cancelling" else "expired" if left else "completed"
        if ending == "expired":
            for line in left:
                message = "This request was not answered before the batch expired."
                expired = output_line(line.custom_id, None, "batch_expired", message)
                self._fail(batch, expired, results)
        if ending != "cancelled":
            batch.move("finalizing")
        batch.output_file_id = self._write(batch, "output", results.output)
        batch.error_file_id = self._write(batch, "error", results.errors)
        batch.move(ending)

    def _write(self, batch: Batch, kind: str, lines: list[bytes]) -> str | None:
        if not lines:
            return None
        content = b"".join(line + b"\n" for line in lines)
        return self.files.add(f"{batch.id}_{kind}.jsonl", "batch_output", content).id

    def _strikes(self, share: float, kind: str, *content: str) -> bool:
        struck = self.conduct.strikes(share, kind, *content)
        self._log().note(kind if struck else "")
        return struck

    def _submission(self, key: str) -> str:
        """Which submission of the same file or body this is."""
        self._submissions[key] += 1
        return str(self._submissions[key] - 1)
