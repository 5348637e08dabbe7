"""Which messages of the commands the tests provoked: every one that `kg.message_page` finds must be, or the run fails.

What makes a message (an error, a refusal, words on standard error) is told here as it is made, with the line of code.
Whether all were can be said of a whole run only: `pytest -n 2`; `pytest --unprovoked FILE` lists what a part leaves.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from typing import Any

import click
import pytest

import kg
from kg import documents, errors, foreign, headers, query_check, readers, soundness, workers
from kg.commands import common
from kg.conformance import reading
from kg.message_page import Message, messages
from kg.questions import understanding
from kg.shacl import Result

_KG = Path(kg.__file__).parent
MESSAGES: list[Message] = messages()
_BY_FILE: dict[str, list[int]] = {}
for _number, _message in enumerate(MESSAGES):
    _BY_FILE.setdefault(str(_KG / _message.file), []).append(_number)
provoked: set[int] = set()


def _note(said: str, *, beyond: str = "") -> None:
    """Note the messages whose words were said by the nearest line of `kg`, or by the one before those of errors.py."""
    frame = sys._getframe(2)
    while frame is not None:
        file = frame.f_code.co_filename
        if file in _BY_FILE and file != beyond:
            _match(file, frame.f_lineno, said)
        if file.startswith(str(_KG)) and not file.endswith(("errors.py", beyond or "errors.py")):
            return
        frame = frame.f_back  # type: ignore[assignment]


def _match(file: str, line: int | None, said: str) -> None:
    for number in _BY_FILE[file]:
        message = MESSAGES[number]
        if number not in provoked and (line is None or message.first <= line <= message.last) and message.fits(said):
            provoked.add(number)


def _watch_class(kind: type, place: int, name: str) -> None:
    made: Callable[..., None] = kind.__dict__.get("__init__") or kind.__init__  # type: ignore[misc]

    @wraps(made)
    def init(self: object, *args: Any, **kwargs: Any) -> None:
        words = args[place] if len(args) > place else kwargs.get(name)
        if isinstance(words, str) and words:
            _note(words)
        made(self, *args, **kwargs)

    kind.__init__ = init  # type: ignore[misc]


def _watch(holder: Any, name: str, place: int) -> None:
    called: Callable[..., Any] = getattr(holder, name)

    @wraps(called)
    def watched(*args: Any, **kwargs: Any) -> Any:
        words = args[place]
        for said in [words] if isinstance(words, str) else words:
            _note(said)
        return called(*args, **kwargs)

    setattr(holder, name, watched)


def _watch_speaker(module: Any, name: str, file: str) -> None:
    called: Callable[..., Any] = getattr(module, name)

    @wraps(called)
    def watched(*args: Any, **kwargs: Any) -> Any:
        given = called(*args, **kwargs)
        if isinstance(given, str) or given is None:
            words = [given] if given else []
        else:
            given = words = list(given)
        for said in words:
            _match(str(_KG / file), None, said)
        return given

    setattr(module, name, watched)


def watch() -> None:
    """Begin to note what is said; before any module of commands is imported."""
    _watch_class(errors.ChanceryError, 0, "")
    _watch_class(click.UsageError, 0, "message")
    for kind, place, name in (
        (documents.Refused, 1, "reason"),
        (documents.Remark, 1, "reason"),
        (workers.Stopped, 0, "reason"),
        (readers.Line, 99, "error"),
        (headers.Fault, 1, "message"),
        (query_check.FaultyFile, 2, "message"),
        (understanding.NotUnderstood, 0, "reason"),
        (reading.UnsupportedShape, 0, ""),
        (Result, 5, "message"),
    ):
        _watch_class(kind, place, name)
    _watch(common, "say", 0)
    _watch(common, "say_some", 0)
    _watch(soundness, "_broken", 2)
    _watch(headers._Check, "_add", 3)
    _watch(workers._Crew, "_give_up", 2)
    _watch_speaker(workers, "_bug", "workers.py")
    _watch_speaker(soundness, "_why_not", "soundness.py")
    _watch_speaker(reading, "why_not", "conformance/selecting.py")
    _watch_speaker(foreign, "_notes", "foreign.py")


# -- the run ----------------------------------------------------------------------------------------------------------


def missing() -> Iterator[str]:
    """Yield the messages that no test provoked, and where the code gives them."""
    for number in sorted(set(range(len(MESSAGES))) - provoked):
        message = MESSAGES[number]
        yield f"kg/{message.file}:{message.first}: {message.section}: {message.text}"


def is_whole(session: pytest.Session) -> bool:
    """Tell whether all tests were run, and passed."""
    config = session.config
    chosen = any(config.getoption(name, default=None) for name in ("keyword", "markexpr", "lf", "deselect", "ignore"))
    whole = config.args_source == pytest.Config.ArgsSource.TESTPATHS
    return whole and not chosen and not session.testsfailed and not session.shouldstop
