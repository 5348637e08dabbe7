"""What was kept out of a register, and why: a row for each fault."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence

from kg.errors import UnknownName
from kg.records import SetAside
from kg.shacl import shorten
from kg.store import Generation

HEADINGS = ("document", "reason", "severity", "node", "path", "value", "repair", "shape", "source")


def find_set_aside(generation: Generation, documents: Sequence[str] = ()) -> list[SetAside]:
    """Return the records of documents that were set aside, of all where none is named. Raises UnknownName."""
    for document in documents:
        if document not in generation.set_aside:
            nearest = difflib.get_close_matches(document, list(generation.set_aside))
            raise UnknownName("document among those set aside", document, nearest)
    return [generation.set_aside[d] for d in documents] if documents else generation.set_aside.every()


def faults_of(record: SetAside) -> Iterator[tuple[str | None, ...]]:
    """Yield a row of HEADINGS for each thing that is wrong with a document, one where its reading came to no graph."""
    for result in record.results:
        terms = (result.focus, result.path, result.value)
        node, path, value = (shorten(term) if term is not None else None for term in terms)
        yield (
            record.id, record.reason, result.severity, node, path, value, result.message, shorten(result.shape),
            record.source,
        )  # fmt: skip
    if not record.results:
        yield record.id, record.reason, None, None, None, None, "\n".join(record.report) or None, None, record.source
