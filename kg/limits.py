"""Work that can be stopped: in this process by time, in a process of its own by time and by memory.

A query inside Oxigraph cannot be interrupted: a thread would go on. So it runs in a forked process, which begins in
milliseconds since it has all that is loaded, and which is killed when its time is over. What it found comes back
whole or not at all.
"""

from __future__ import annotations

import faulthandler
import math
import os
import pickle
import resource
import select
import signal
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn, TypeVar, cast

from kg.errors import ChanceryError, QueryError, Stopped

T = TypeVar("T")
_MEGABYTE = 1024 * 1024
_THREADS = 1024  # megabytes of address space that a store's threads set aside for their stacks, and never use
_ASK_FOR_LESS = "nothing is shown, since it would not be complete: ask for less (LIMIT, a narrower pattern, a day)"


class TooSlow(BaseException):
    """Work was not done in time; no Exception, so that nothing on its way takes it for a fault of a document."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raise TooSlow in what is done here when it takes longer: the interpreter and its regular expressions ask for it.

    An outer limit stays in force. Outside the main thread nothing can be stopped, and nothing is.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_signal: int, _frame: FrameType | None) -> NoReturn:
        raise TooSlow

    begun = time.monotonic()
    before = signal.signal(signal.SIGALRM, stop)
    outer, _ = signal.setitimer(signal.ITIMER_REAL, seconds)
    if outer:
        signal.setitimer(signal.ITIMER_REAL, min(seconds, outer))
    try:
        yield
    finally:
        left = max(outer - (time.monotonic() - begun), 0.001) if outer else 0.0
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, before)
        signal.setitimer(signal.ITIMER_REAL, left)


def limited(do: Callable[[], T], *, seconds: float, megabytes: int) -> T:
    """Return what `do` gives (it must be picklable) within these limits; known errors come back as QueryError.

    Raises Stopped when it takes longer, or needs more memory than it has now by so much. Call it before any store is
    opened in this process: their threads do not come along.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    ours, theirs = os.pipe()
    with tempfile.TemporaryFile() as words:
        child = os.fork()
        if child == 0:
            os.close(ours)
            os.dup2(words.fileno(), 2)
            _work(do, theirs, seconds, megabytes)
        os.close(theirs)
        try:
            data = _read(ours, time.monotonic() + seconds)
        finally:
            os.close(ours)
            os.kill(child, signal.SIGKILL)  # it has nothing more to do
            os.waitpid(child, 0)
        if data:  # else they are the last words of the libraries that it was in
            words.seek(0)
            sys.stderr.write(words.read().decode(errors="replace"))
    if data is None:
        raise Stopped(f"stopped after {seconds:g} seconds; {_ASK_FOR_LESS}, or give more time with --timeout")
    kind, value = pickle.loads(data) if data else ("memory", None)
    if kind == "done":
        return cast("T", value)
    if kind == "known":
        raise QueryError(value)
    if kind == "memory":
        raise Stopped(f"stopped: it needed more than {megabytes} MB; {_ASK_FOR_LESS}, or give more with --memory")
    raise RuntimeError(value)


def _read(pipe: int, deadline: float) -> bytes | None:
    """Return all that comes through a pipe until its end; None when that has not come by the deadline."""
    parts: list[bytes] = []
    while True:
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([pipe], [], [], left)[0]:
            return None
        part = os.read(pipe, _MEGABYTE)
        if not part:
            return b"".join(parts)
        parts.append(part)


def _work(do: Callable[[], object], pipe: int, seconds: float, megabytes: int) -> NoReturn:
    """Do it, send the result, and end without the parent's ways of ending."""
    faulthandler.disable()  # a library that gets no memory aborts: that is no fault to be shown
    try:
        most = _size() + (_THREADS + megabytes) * _MEGABYTE
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        # Should the parent be killed, this ends all the same.
        cores = os.cpu_count() or 1
        resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(seconds) * cores + 1,) * 2)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        answer: tuple[str, object] = ("done", do())
    except ChanceryError as error:
        answer = ("known", str(error))
    except MemoryError:
        answer = ("memory", None)
    except RuntimeError as error:
        answer = ("failed", str(error) if str(error).startswith("Corruption") else traceback.format_exc())
    except BaseException:
        answer = ("failed", traceback.format_exc())
    try:
        with os.fdopen(pipe, "wb") as stream:
            pickle.dump(answer, stream)
        sys.stderr.flush()
    except (MemoryError, OSError):
        pass  # an empty answer says so
    os._exit(0)


def _size() -> int:
    """Return the bytes of address space in use."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    except OSError:  # no Linux: a generous guess
        return 1024 * _MEGABYTE
