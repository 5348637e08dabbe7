"""Documents to extractions over worker processes that can be stopped: one task at a time for each, through a pipe.

A task that takes too long costs its worker: the parent kills it, reports the task as `Stopped` and starts another; so
does one whose worker dies. (`multiprocessing.Pool` hangs and `ProcessPoolExecutor` fails when a worker is killed.)
Workers are spawned, never forked: they hold none of the parent's files and locks, and end when the parent is gone.
"""

from __future__ import annotations

import contextlib
import itertools
import multiprocessing
import os
import signal
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Generic, Literal, TypeVar

from kg.errors import ChanceryError
from kg.extract import Extractor, SentenceTrace
from kg.limits import TooSlow, within
from kg.model import Document, Extraction

T = TypeVar("T")
R = TypeVar("R")
TIMEOUT = 60.0  # seconds for one document
START_TIMEOUT = 300.0  # seconds for a worker to load its data
FEW = 48  # documents that one process reads sooner than others could begin
AHEAD = 32  # results of one worker that may wait for an earlier one
_CONTEXT = multiprocessing.get_context("spawn")


@dataclass(frozen=True, slots=True)
class Stopped:
    """Why a task gave no result; `lines`: the traceback of a failure, none for a time-out or a death."""

    reason: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Failure:
    """An exception as it comes through a pipe; `known`: a ChanceryError, which stops the whole batch."""

    reason: str
    lines: tuple[str, ...]
    known: bool


# -- what a worker is to do -------------------------------------------------------------------------------------------


def load_extract(reference: Path | None) -> Callable[[Document], Extraction]:
    """Return what makes a document an extraction, with the user's own names; a worker calls this once."""
    return _extractor(reference).extract


def load_explain(reference: Path | None) -> Callable[[Document], tuple[Extraction, list[SentenceTrace]]]:
    """Return what makes a document an extraction with all that led to it; a worker calls this once."""
    return _extractor(reference).explain


def _extractor(reference: Path | None) -> Extractor:
    from kg.resources import load_knowledge, load_packs

    return Extractor(load_knowledge(reference), load_packs())


# -- running ----------------------------------------------------------------------------------------------------------


def run_each(
    tasks: Iterable[T],
    load: Callable[[], Callable[[T], R]],
    *,
    jobs: int | None = None,
    timeout: float = TIMEOUT,
    here: Callable[[T], R] | None = None,
) -> Iterator[R | Stopped]:
    """Yield what each task gives, in the order of the tasks.

    `load` is called once in each worker (it must be picklable, and so must tasks and results) and returns what does a
    task; `here` does so in this process. `jobs`: 1 works in this process, where a task is stopped between two steps of
    the interpreter; None takes a worker for each core, or this process for a few tasks. Raises ChanceryError when a
    task or `load` raises one, or when a worker cannot begin.
    """
    tasks = iter(tasks)
    if jobs is None:
        jobs = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        first = list(itertools.islice(tasks, FEW))
        jobs = 1 if len(first) < FEW else jobs
        tasks = itertools.chain(first, tasks)
    if jobs == 1:
        yield from _in_process(tasks, load, here, timeout)
    else:
        yield from _Crew(load, jobs, timeout).run(tasks)


def _in_process(
    tasks: Iterable[T], load: Callable[[], Callable[[T], R]], do: Callable[[T], R] | None, timeout: float
) -> Iterator[R | Stopped]:
    for task in tasks:
        do = do or load()
        try:
            with within(timeout):
                result: R | Stopped = do(task)
        except ChanceryError:
            raise
        except TooSlow:
            result = Stopped(f"reading it took more than {timeout:g} seconds")
        except Exception as error:  # a fault of ours: it must not cost the rest of the batch, and must not hide
            result = Stopped(_bug(error), tuple(traceback.format_exc().splitlines()))
        yield result


def _bug(error: Exception) -> str:
    return f"reading it failed, which is a bug: {error!r}"


@dataclass(slots=True)
class _Worker:
    """One worker process; `task`: the number of the task it is at, None while it loads or waits."""

    process: BaseProcess
    pipe: Connection
    deadline: float
    task: int | None = None
    ready: bool = False

    def stop(self) -> None:
        """End the process, whatever it does."""
        self.process.kill()
        self.process.join()
        self.pipe.close()


@dataclass
class _Crew(Generic[T, R]):
    """The parent's side: workers, what they are at, and results that wait for earlier ones."""

    load: Callable[[], Callable[[T], R]]
    jobs: int
    timeout: float
    workers: list[_Worker] = field(default_factory=list)
    done: dict[int, R | Stopped] = field(default_factory=dict)

    def run(self, tasks: Iterator[T]) -> Iterator[R | Stopped]:
        numbered = enumerate(tasks)
        waiting: list[tuple[int, T]] = []
        taken = following = 0
        more = True
        try:
            while True:
                while more and len(waiting) < self.jobs and taken - following < AHEAD * self.jobs:
                    task = next(numbered, None)
                    if task is None:
                        more = False
                    else:
                        waiting.append(task)
                        taken += 1
                self._hand_out(waiting)
                while following in self.done:
                    yield self.done.pop(following)
                    following += 1
                if not (more or waiting or self._busy()):
                    return
                if self._busy() or waiting:
                    self._collect()
        finally:
            for worker in self.workers:
                worker.stop()

    def _busy(self) -> list[_Worker]:
        return [w for w in self.workers if w.task is not None]

    def _hand_out(self, waiting: list[tuple[int, T]]) -> None:
        idle = [w for w in self.workers if w.ready and w.task is None]
        while waiting and idle:
            number, task = waiting.pop(0)
            worker = idle.pop()
            try:
                worker.pipe.send(task)
            except OSError:  # it died while it waited: no fault of the task
                self._dismiss(worker)
                waiting.insert(0, (number, task))
                continue
            worker.task, worker.deadline = number, time.monotonic() + self.timeout
        loading = sum(not w.ready for w in self.workers)
        for _ in range(min(len(waiting) - loading, self.jobs - len(self.workers))):
            self.workers.append(self._start())

    def _start(self) -> _Worker:
        ours, theirs = _CONTEXT.Pipe()
        process = _CONTEXT.Process(target=_work, args=(self.load, theirs), daemon=True)
        process.start()
        theirs.close()
        return _Worker(process, ours, time.monotonic() + START_TIMEOUT)

    def _dismiss(self, worker: _Worker) -> None:
        worker.stop()
        self.workers.remove(worker)

    def _collect(self) -> None:
        """Wait until a worker says something, dies, or is late; take what it says, and end it if it is late."""
        watched = {w.pipe: w for w in self.workers if w.task is not None or not w.ready}
        if not watched:
            return
        patience = max(0.0, min(w.deadline for w in watched.values()) - time.monotonic())
        for pipe in wait(list(watched), patience):
            assert isinstance(pipe, Connection)
            self._take(watched.pop(pipe))
        now = time.monotonic()
        for worker in watched.values():
            if worker.deadline <= now:
                self._dismiss(worker)
                self._give_up(worker, f"reading it took more than {self.timeout:g} seconds")

    def _take(self, worker: _Worker) -> None:
        try:
            kind, value = worker.pipe.recv()
        except (EOFError, OSError):
            self._dismiss(worker)
            self._give_up(worker, f"the process that read it ended ({_ending(worker.process.exitcode)})")
            return
        if kind == "failed" and value.known:
            raise ChanceryError(value.reason)
        if not worker.ready:
            if kind == "failed":
                raise ChanceryError(f"a worker process could not begin: {value.reason}\n" + "\n".join(value.lines))
            worker.ready = True
            return
        assert worker.task is not None
        self.done[worker.task] = Stopped(value.reason, value.lines) if kind == "failed" else value
        worker.task = None

    def _give_up(self, worker: _Worker, reason: str) -> None:
        if worker.task is None:
            raise ChanceryError(f"a worker process could not begin: {reason.replace('reading it', 'loading its data')}")
        self.done[worker.task] = Stopped(reason)


def _ending(code: int | None) -> str:
    return f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"


# -- the worker's side ------------------------------------------------------------------------------------------------

_Kind = Literal["ready", "done", "failed"]


def _work(load: Callable[[], Callable[[Any], Any]], pipe: Connection) -> None:
    """Load, say so, then do one task after another until the parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    kind, do = _attempt(load)
    with contextlib.suppress(EOFError, OSError):
        pipe.send((kind if kind == "failed" else "ready", do if kind == "failed" else None))
        while kind != "failed":
            task = pipe.recv()
            pipe.send(_attempt(lambda task=task: do(task)))  # type: ignore[misc]


def _attempt(do: Callable[[], Any]) -> tuple[_Kind, Any]:
    try:
        return "done", do()
    except ChanceryError as error:
        return "failed", _Failure(str(error), (), True)
    except Exception as error:
        return "failed", _Failure(_bug(error), tuple(traceback.format_exc().splitlines()), False)
