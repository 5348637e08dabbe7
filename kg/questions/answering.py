"""What of an answer lies in the period a question names, and the SPARQL behind it."""

from __future__ import annotations

from dataclasses import replace

import pyoxigraph as ox

from kg.dates import bounds
from kg.names import Names
from kg.queries import Answer, bind_values
from kg.questions.understanding import Understood

_HEADER = "#+"


def in_period(answer: Answer, within: tuple[str, str] | None) -> tuple[Answer, int]:
    """Return the rows whose date may lie in a period of two ISO days, and how many others there were."""
    place = next((n for n, column in enumerate(answer.columns) if column.kind == "date"), None)
    if within is None or place is None:
        return answer, 0
    rows = tuple(row for row in answer.rows if _overlaps(row.cells[place], within))
    return replace(answer, rows=rows), len(answer.rows) - len(rows)


def _overlaps(cell: object, within: tuple[str, str]) -> bool:
    if not isinstance(cell, str):
        return False
    first, last = bounds(cell)
    return (first or "") <= within[1] and (last or "9999") >= within[0]


def sparql_of(store: ox.Store, understood: Understood) -> str:
    """Return the query that answers, with its parameters bound and without its header."""
    bound = understood.query.bind(bind_values(Names(store), understood.query, dict(understood.values)))
    return "\n".join(line for line in bound.splitlines() if not line.startswith(_HEADER)).strip()
