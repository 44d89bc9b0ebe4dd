"""Collects the requests of a stage into batches, follows them, and hands out the answers.

What a batch has answered goes into the memo before anything else is made of it. A build that was
killed finds its batches again: they are listed at the first request, what has ended is collected,
and what is still running is waited for instead of being asked for again.
"""

import asyncio
import logging
import time
from collections.abc import Iterable
from contextlib import suppress
from functools import partial

from longhop.errors import EndpointError
from longhop.identity import digest
from longhop.llm.batching.collecting import Collector
from longhop.llm.batching.jobs import Job, file_of, key_named
from longhop.llm.batching.patience import Patience
from longhop.llm.batching.wire import Batch, BatchApi
from longhop.llm.endpoint import Endpoint, Refused, Unavailable
from longhop.llm.spending import Purse
from longhop.ports import Remembrance
from longhop.records.model import ModelAnswer, ModelRequest
from longhop.records.money import Usage

# A stage's requests come in one after the other; who waits this long for the next has them all.
QUIET_SECONDS = 2.0
# How soon a batch is first looked at.
FIRST_PAUSE = 1.0
# What endpoints take in one file.
_MOST_REQUESTS, _MOST_BYTES = 50_000, 100_000_000
# A batch may take its 24 hours; what has not ended an hour later is given up, and then has minutes.
OVERDUE_SECONDS, _GIVEN_UP_SECONDS = 25 * 3600.0, 900.0
_TRIES = 3
# So many requests are worth a batch where money allows for fewer than are wanted.
_FEWEST = 20
# How often an ended batch is looked at for the file of its answers: for some two minutes.
_LATE_LOOKS = 10

_log = logging.getLogger(__name__)


class Batches:
    """A way to the endpoint that is taken for the stages that settings name."""

    def __init__(
        self,
        endpoint: Endpoint,
        memo: Remembrance,
        purse: Purse,
        *,
        home: str,
        patience: float,
        quiet: float = QUIET_SECONDS,
        first_pause: float = FIRST_PAUSE,
    ) -> None:
        self.endpoint = endpoint
        self.memo = memo
        self.purse = purse
        self.quiet = quiet
        self._patience = Patience(endpoint.address, patience, first_pause)
        self._api = BatchApi(endpoint, digest("store", home)[:32])
        self._mark = digest("asked in batches", endpoint.address, home)
        self._collector = Collector(endpoint, self._api, memo, purse, self._patience)
        self._queue: list[Job] = []
        self._by_key: dict[str, Job] = {}
        self._running: dict[str, Batch] = {}
        self._under_way: dict[str, str] = {}
        self._committed: dict[str, float] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._found: asyncio.Task[None] | None = None
        self._submitter: asyncio.Task[None] | None = None
        self._began = 0.0

    async def send(self, request: ModelRequest, key: str, schema: str, stage: str) -> ModelAnswer:
        """The answer to a request, from the next batch or from one that is under way.

        Raises:
            Refused: It was refused.
            Unavailable: Three batches did not answer it.
            EndpointDown, EndpointError, SpendLimitReached: Nothing is answered any more.
        """
        await self._look_once()
        job = Job(key, request, schema, stage, asyncio.get_running_loop().create_future())
        self._by_key[key] = job
        try:
            kept = self.memo.get(key)
            if isinstance(kept, dict):
                return ModelAnswer.model_validate(kept)
            if key not in self._under_way:
                self._enqueue([job])
            return await job.answer
        finally:
            del self._by_key[key]
            self._queue = [each for each in self._queue if each is not job]

    async def has(self, key: str) -> bool:
        """Whether a batch that is under way, of this build or another of this store, holds a key.

        Only where a build of this store has ever asked in batches: else nobody is asked.
        """
        if self.memo.get(self._mark) is None:
            return False
        await self._look_once()
        return key in self._under_way

    @property
    def waiting_for(self) -> str:
        """The batches that are under way, or nothing."""
        if not self._running:
            return ""
        done = sum(each.completed for each in self._running.values())
        total = sum(each.total for each in self._running.values())
        minutes = (time.monotonic() - self._began) / 60
        stages = ", ".join(sorted({each.stage for each in self._running.values()}))
        count = len(self._running)
        return (
            f"{count} batch{'es' if count > 1 else ''} of {stages}: {done} of {total} answered"
            f" after {minutes:.0f} min"
        )

    async def close(self) -> None:
        """Stop looking: what is under way goes on at the endpoint, and the next build finds it."""
        tasks = [*self._tasks, *(each for each in (self._found, self._submitter) if each)]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _enqueue(self, jobs: Iterable[Job]) -> None:
        self._queue += jobs
        if self._submitter is None or self._submitter.done():
            self._submitter = asyncio.create_task(self._submit_all())

    async def _submit_all(self) -> None:
        """Submit what has come in, once nothing more comes."""
        while self._queue:
            waiting = -1
            while waiting != len(self._queue) < _MOST_REQUESTS:
                waiting = len(self._queue)
                await asyncio.sleep(self.quiet)
            try:
                await self._find_again()
            except Exception as error:
                jobs, self._queue = self._queue, []
                _settle(jobs, error)
                return
            self._queue = [each for each in self._queue if not self._is_held(each)]
            if not self._queue:
                return
            jobs = self._affordable()
            if jobs:
                try:
                    await self._submit(jobs)
                except Exception as error:
                    _settle(jobs, error)
            elif self._running:
                await asyncio.sleep(self.quiet)  # what runs may cost less than was set aside
            else:
                jobs, self._queue = self._queue, []
                _settle(jobs, self.purse.reached())

    async def _submit(self, jobs: list[Job]) -> None:
        """One batch of the jobs, all of one stage and model."""
        first = jobs[0]
        stage, model = first.stage, first.request.model
        ability = self.endpoint.abilities.of(model)
        bodies = [self.endpoint.body(job.request, job.schema) for job in jobs]
        keys = {job.key for job in jobs}
        self._under_way |= dict.fromkeys(keys, "")
        self.memo.put(self._mark, {"asked_in": "batches"})
        try:
            data = await asyncio.to_thread(file_of, jobs, bodies)
            file_id = await self._patience.until_done(partial(self._api.upload, data))
            batch = await self._patience.until_done(
                partial(self._api.make, file_id, stage=stage, model=model, ability=ability)
            )
        except BaseException:
            for key in keys:
                self._under_way.pop(key, None)
            raise
        for job in jobs:
            job.submitted += 1
        self._committed[batch.id] = sum(self._guess(job) for job in jobs)
        self._watch(batch, keys)

    def _affordable(self) -> list[Job]:
        """The next jobs of one stage and model that fit in a batch and in the purse."""
        first = self._queue[0]
        kind = (first.stage, first.request.model)
        left = float("inf")
        if self.purse.limit is not None:
            left = self.purse.limit - self.purse.spent - sum(self._committed.values())
        taken: list[Job] = []
        size = 0
        for job in self._queue:
            if (job.stage, job.request.model) != kind or len(taken) >= _MOST_REQUESTS:
                continue
            size += job.size
            left -= self._guess(job)
            if left < 0 or (taken and size > _MOST_BYTES):
                break
            taken.append(job)
        wanted = sum((job.stage, job.request.model) == kind for job in self._queue)
        if len(taken) < min(_FEWEST, wanted):
            return []  # a day's wait for a handful, and then another for the next
        chosen = set(map(id, taken))
        self._queue = [job for job in self._queue if id(job) not in chosen]
        return taken

    def _guess(self, job: Job) -> float:
        """What a request may cost at most, or nearly: it is set aside until its batch has ended."""
        price = self.purse.prices.models.get(job.request.model) if self.purse.prices else None
        if price is None:
            return 0.0
        read = job.size
        usage = Usage(input_tokens=read // 3, output_tokens=job.request.max_tokens)
        return price.cost(usage) * price.batch

    async def _find_again(self) -> None:
        """Collect what earlier builds of this store have left, and wait for what still runs."""
        for batch in await self._patience.until_done(self._listed):
            if batch.id in self._running or self._collector.has(batch):
                continue
            if batch.is_running:
                self._watch(batch, await self._keys_of(batch))
            else:
                with suppress(EndpointError):  # of an earlier build: this one submits its own
                    await self._collector.collect(batch)

    async def _keys_of(self, batch: Batch) -> set[str]:
        """What a batch asks for; nothing where its file has gone: then it is only waited for."""
        try:
            asked = await self._patience.until_done(partial(self._api.lines, batch.input_file))
        except EndpointError:
            return set()
        return {key for each in asked if (key := key_named(each.get("custom_id")))}

    def _is_held(self, job: Job) -> bool:
        """Whether a job has its answer by now, or a batch of another build has it."""
        kept = self.memo.get(job.key)
        if isinstance(kept, dict):
            job.settle(ModelAnswer.model_validate(kept))
            return True
        return job.key in self._under_way

    async def _look_once(self) -> None:
        """List the batches of earlier builds, once a process."""
        if self._found is None:
            self._began = time.monotonic()
            self._found = asyncio.create_task(self._find_again())
        await asyncio.shield(self._found)

    async def _listed(self) -> list[Batch]:
        return [each async for each in self._api.ours()]

    def _watch(self, batch: Batch, keys: set[str]) -> None:
        self._running[batch.id] = batch
        self._under_way |= dict.fromkeys(keys, batch.id)
        task = asyncio.create_task(self._follow(batch, keys))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _follow(self, batch: Batch, keys: set[str]) -> None:
        """Look at a batch until it has ended, then collect it; what it lacks goes into the next."""
        causes: dict[str, Exception] = {}
        error: Exception | None = None
        try:
            batch = await self._ended(batch)
            causes = await self._collector.collect(batch)
        except Exception as stopped:
            error = stopped
        finally:
            self._running.pop(batch.id, None)
            self._committed.pop(batch.id, None)
            for key in keys:
                self._under_way.pop(key, None)
        jobs = [self._by_key[key] for key in sorted(keys & self._by_key.keys())]
        if error is None:
            self._pass_on(jobs, causes, batch.status)
        else:
            _settle(jobs, error)

    async def _ended(self, batch: Batch) -> Batch:
        """The batch once it has ended."""
        given_up, late = False, 0
        for pause in self._patience.pauses():
            if not batch.is_running:
                late += 1
                if not batch.lacks_output or late > _LATE_LOOKS:
                    break
            await asyncio.sleep(pause)
            batch = await self._patience.until_done(partial(self._api.look, batch.id))
            self._running[batch.id] = batch
            age = time.time() - batch.created_at
            if age > OVERDUE_SECONDS and not given_up:
                given_up = True
                with suppress(Unavailable):
                    await self._api.cancel(batch.id)
            if age > OVERDUE_SECONDS + _GIVEN_UP_SECONDS:
                break
        return batch

    def _pass_on(self, jobs: list[Job], causes: dict[str, Exception], status: str) -> None:
        """Settle the jobs that an ended batch has decided, and ask the others again."""
        again: list[Job] = []
        for job in jobs:
            kept = self.memo.get(job.key)
            cause = causes.get(job.key) or Unavailable(f"missing from a batch that {status}")
            if isinstance(kept, dict):
                job.settle(ModelAnswer.model_validate(kept))
            elif isinstance(cause, Refused | EndpointError):
                job.settle(cause)
            elif job.submitted >= _TRIES:
                job.settle(Unavailable(f"no answer in {_TRIES} batches: {cause}"))
            else:
                again.append(job)
        if again:
            _log.info("%d requests were not answered by their batch: they go again", len(again))
            self._enqueue(again)


def _settle(jobs: Iterable[Job], error: Exception) -> None:
    for job in jobs:
        job.settle(error)
