"""What is wrong in a folder of saved queries: every fault with its file and line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from kg.errors import DataError, QueryError
from kg.headers import LANGUAGES, Fault, Header, read_header
from kg.sparql import refuse_service

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST = 120  # characters of a parser's message
_PLACE = re.compile(r"error at (\d+):")


@dataclass(frozen=True, slots=True, order=True)
class FaultyFile:
    """A fault of a file."""

    file: str
    line: int
    message: str


def check_folder(folder: Path) -> tuple[int, list[FaultyFile]]:
    """Return how many queries a folder has, and what is wrong in them. Raises DataError when it is no folder."""
    if not folder.is_dir():
        raise DataError(f"{folder} is no folder of saved queries")
    paths = sorted(folder.glob("*.rq"))
    texts: dict[Path, str] = {}
    found: list[FaultyFile] = []
    for path in paths:
        try:
            texts[path] = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            found.append(FaultyFile(path.name, 1, f"cannot be read: {error}"))
    headers = {path: read_header(text) for path, text in texts.items()}
    for path, text in texts.items():
        found += [FaultyFile(path.name, f.line, f.message) for f in _faults(path.stem, text, headers[path])]
    return len(paths), sorted({*found, *_twice(headers, texts)})


def _faults(name: str, text: str, header: Header) -> Iterator[Fault]:
    if not _NAME.fullmatch(name):
        yield Fault(1, f"the name {name!r} is not made of small letters, digits and hyphens")
    yield from header.faults
    try:
        refuse_service(text)
        solutions = ox.Store().query(text)
    except QueryError as error:
        yield Fault(_line(text, "SERVICE"), str(error))
        return
    except SyntaxError as error:
        place = _PLACE.search(str(error))
        yield Fault(int(place[1]) if place else 1, f"the body is no SPARQL: {_short(error)}")
        return
    except (OSError, RuntimeError, ValueError) as error:
        yield Fault(1, f"the body cannot be run: {error}")
        return
    if not isinstance(solutions, ox.QuerySolutions):
        yield Fault(_line(text, "CONSTRUCT", "DESCRIBE", "ASK"), "the body is no SELECT")
        return
    shown = {variable.value for variable in solutions.variables}
    for column in header.values.get("columns", {}):
        if column not in shown:
            yield Fault(_line(text, f"[columns.{column}]"), f"the body selects no ?{column}")


def _short(error: SyntaxError) -> str:
    """Return the parser's words without the long list of all it expected."""
    words = " ".join(str(error).split())
    return words if len(words) <= _LONGEST else words[:_LONGEST] + "..."


def _line(text: str, *words: str) -> int:
    """Return the line where one of the words stands first."""
    places = [number for number, line in enumerate(text.splitlines(), 1) if any(word in line for word in words)]
    return places[0] if places else 1


def _twice(headers: dict[Path, Header], texts: dict[Path, str]) -> Iterator[FaultyFile]:
    """Yield each wording that an earlier query has too: a question of it could not be told apart."""
    first: dict[tuple[str, str], Path] = {}
    for path, header in headers.items():
        questions = header.values.get("question", {})
        for language in LANGUAGES:
            wordings = questions.get(language, ()) if isinstance(questions, dict) else ()
            for wording in wordings if isinstance(wordings, list) else ():
                other = first.setdefault((language, str(wording).casefold()), path)
                if other != path:
                    message = f"{wording!r} is a wording of {other.stem} too"
                    yield FaultyFile(path.name, _line(texts[path], str(wording)), message)
