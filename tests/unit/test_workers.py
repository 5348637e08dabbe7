"""Worker processes: results in order, and a document that hangs or kills its worker costs only itself."""

from __future__ import annotations

import functools
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.documents import Refused
from kg.errors import ChanceryError, DataError
from kg.lexicon import example_document
from kg.model import Document
from kg.reading import read_over_workers
from kg.workers import FEW, Stopped, load_extract, run_each


def do_task(task: str) -> str:
    """Do what a task says: hang, die, fail, be slow, or give it back in capital letters."""
    if task == "hang":
        while True:
            time.sleep(0.01)
    if task == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if task == "leave":
        os._exit(3)
    if task == "fail":
        raise ValueError(task)
    if task == "wrong":
        raise DataError("the data is wrong")
    if task == "slow":
        time.sleep(0.3)
    return f"{task.upper()} {os.getpid()}" if task == "pid" else task.upper()


def load_task() -> Callable[[str], str]:
    """Return what does a task."""
    return do_task


def load_nothing() -> Callable[[str], str]:
    """Fail to load."""
    raise DataError("a pack is broken")


def load_dead() -> Callable[[str], str]:
    """Die while loading."""
    os._exit(7)


@pytest.mark.parametrize("jobs", [1, 2])
def test_results_come_in_order(jobs: int) -> None:
    """Results come in the order of the tasks, however long each takes."""
    tasks = ["slow", *(f"a{n}" for n in range(90)), "slow", "z"]
    assert list(run_each(tasks, load_task, jobs=jobs)) == [t.upper() for t in tasks]


def test_hanging_and_dying_workers_cost_only_their_task() -> None:
    """A task that hangs is stopped on time, one whose worker dies or leaves is reported, and the rest is done."""
    tasks = ["a", "hang", "b", "die", "c", "leave", "fail", "d"]
    started = time.monotonic()
    found = list(run_each(tasks, load_task, jobs=2, timeout=1.0))
    assert time.monotonic() - started < 30
    assert [f for f in found if not isinstance(f, Stopped)] == ["A", "B", "C", "D"]
    stopped = {t: f for t, f in zip(tasks, found, strict=True) if isinstance(f, Stopped)}
    assert stopped["hang"].reason == "reading it took more than 1 seconds"
    assert stopped["die"].reason == "the process that read it ended (signal 9)"
    assert stopped["leave"].reason == "the process that read it ended (exit code 3)"
    assert "ValueError('fail')" in stopped["fail"].reason
    assert any("do_task" in line for line in stopped["fail"].lines)


def test_a_failure_in_this_process_costs_only_its_task() -> None:
    """Without workers a failure is reported with its traceback, too."""
    first, second = run_each(["fail", "a"], load_task, jobs=1)
    assert isinstance(first, Stopped)
    assert "ValueError('fail')" in first.reason
    assert second == "A"


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_known_error_stops_the_batch(jobs: int) -> None:
    """Data that is wrong is no fault of a document."""
    with pytest.raises(ChanceryError, match="the data is wrong"):
        list(run_each(["a", "wrong", "b"], load_task, jobs=jobs))


@pytest.mark.parametrize(
    ("load", "message"),
    [(load_nothing, "a pack is broken"), (load_dead, "could not begin: .* exit code 7|exit code 7")],
)
def test_workers_that_cannot_begin(load: Callable[[], Callable[[str], str]], message: str) -> None:
    """A worker that cannot load its data stops the batch; no other is started for ever."""
    with pytest.raises(ChanceryError, match=message):
        list(run_each(["a", "b"], load, jobs=2))


def test_few_tasks_stay_in_this_process() -> None:
    """A few tasks are done here, many by workers, unless the number of workers is given."""
    mine = f"PID {os.getpid()}"
    assert list(run_each(["pid"], load_task)) == [mine]
    assert mine not in list(run_each(["pid"], load_task, jobs=2))
    many = list(run_each(["pid"] * FEW, load_task))
    assert len(many) == FEW


def test_stopping_early_ends_the_workers() -> None:
    """A reader that stops early leaves no process behind."""
    found = run_each(iter(["pid"] * 1000), load_task, jobs=2)
    first = next(found)
    assert isinstance(first, str)
    found.close()  # type: ignore[attr-defined]
    with pytest.raises(ProcessLookupError):
        os.kill(int(first.split()[1]), 0)


def test_tasks_are_taken_as_needed() -> None:
    """Tasks are not all taken before the first result is there."""
    taken = []

    def tasks() -> list[str]:
        for n in range(10_000):
            taken.append(n)
            yield "a"

    found = run_each(tasks(), load_task, jobs=2)
    next(found)
    found.close()  # type: ignore[attr-defined]
    assert len(taken) < 500


def test_documents_through_workers() -> None:
    """Documents come back as the extractions that this process makes of them."""
    texts = ["Peru recognised Palestine on 24 January 2011.", "Chile has not recognised Kosovo."]
    documents = [example_document(text, "en") for text in texts]
    load = functools.partial(load_extract, None)
    assert list(run_each(documents, load, jobs=2)) == list(run_each(documents, load, jobs=1))


def load_reader() -> Callable[[Document], str]:
    """Return what gives a document's id, and never comes back from one called `hang`."""

    def read(document: Document) -> str:
        while document.id == "hang":
            time.sleep(0.01)
        return document.id

    return read


def test_files_through_workers(tmp_path: Path) -> None:
    """Files are read in their order; one that hangs is refused with the reason, one that is no text too."""
    for name in ("a", "hang", "z"):
        (tmp_path / f"{name}.txt").write_text(
            "Peru recognised Palestine on 24 January 2011, the foreign ministry said.", encoding="utf-8"
        )
    (tmp_path / "b.txt").write_bytes(b"\x00\x01")
    found = list(read_over_workers([tmp_path], load_reader, jobs=2, timeout=1.0))
    refused = [f for f in found if isinstance(f, Refused)]
    assert [f if isinstance(f, str) else Path(f.path).stem for f in found] == ["a", "b", "hang", "z"]
    assert "took more than 1 seconds" in refused[1].reason
