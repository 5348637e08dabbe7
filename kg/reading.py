"""Paths to what a reader makes of each document, without a register: here, or over worker processes."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, TypeVar

from kg.detect import language_of
from kg.documents import RawDocument, Refused, Remark, read_documents
from kg.errors import UnsupportedLanguage
from kg.model import Document
from kg.workers import TIMEOUT, Stopped, run_each

T = TypeVar("T")


def read_over_workers(
    paths: Sequence[str | Path],
    load: Callable[[], Callable[[Document], T]],
    *,
    jobs: int | None = None,
    timeout: float = TIMEOUT,
    stdin: BinaryIO | None = None,
    here: Callable[[Document], T] | None = None,
) -> Iterator[T | Refused | Remark]:
    """Yield what `read_each` does, in its order, each document read by a worker; `Refused` also for one stopped."""
    waiting: deque[str | Refused | Remark] = deque()  # a path waits for its outcome

    def documents() -> Iterator[Document]:
        for found in _readable(paths, stdin):
            if isinstance(found, tuple):
                waiting.append(found[0])
                yield found[1]
            else:
                waiting.append(found)

    for outcome in run_each(documents(), load, jobs=jobs, timeout=timeout, here=here):
        while not isinstance(first := waiting.popleft(), str):
            yield first
        yield Refused(first, outcome.reason) if isinstance(outcome, Stopped) else outcome
    yield from (item for item in waiting if not isinstance(item, str))


def read_each(
    paths: Sequence[str | Path], read: Callable[[Document], T], *, stdin: BinaryIO | None = None
) -> Iterator[T | Refused | Remark]:
    """Yield what `read` makes of each document, without a register; `Refused` also for a language that is not read."""
    for found in _readable(paths, stdin):
        yield read(found[1]) if isinstance(found, tuple) else found


def _readable(paths: Sequence[str | Path], stdin: BinaryIO | None) -> Iterator[tuple[str, Document] | Refused | Remark]:
    """Yield each document with its path as the user would write it, or why there is none."""
    for found in read_documents(paths, stdin=stdin):
        if isinstance(found, (Refused, Remark)):
            yield found
        elif isinstance(found, RawDocument):
            try:
                yield found.path, document_of(found)
            except UnsupportedLanguage as error:
                yield Refused(found.path, f"the text {error}", found.origin)


def document_of(raw: RawDocument) -> Document:
    """Return a document with its language. Raises UnsupportedLanguage."""
    return Document(
        id=raw.id,
        text=raw.text,
        language=language_of(raw.text, stated=raw.language, hint=raw.language_hint),
        sha256=raw.sha256,
        published=raw.published,
        title=raw.title,
        publisher=raw.publisher,
        url=raw.url,
        source=raw.source,
        media_type=raw.media_type,
    )
