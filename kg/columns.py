"""Answers as columns of plain values, for data frames and Parquet: labels and identifiers stand apart."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

from kg.errors import InputError
from kg.queries import Answer, Cell, Evidence, Named

_EVIDENCE = (
    "fact",
    "stance",
    "quote",
    "document",
    "published",
    "date",
    "speaker",
    "language",
    "start",
    "claim",
    "decision",
)


@dataclass(frozen=True, slots=True)
class PlainColumn:
    """A column of plain values; `type` is "text", "integer", "texts" (a list) or "evidence" (a list of records)."""

    name: str
    type: str


def columns_of(answer: Answer, *, evidence: bool) -> list[PlainColumn]:
    """Return the columns: those of the answer, identifiers beside labels, `facts`, and `evidence` if asked for."""
    found = []
    for column in answer.columns:
        many = column.kind == "entities"
        found.append(PlainColumn(column.name, "texts" if many else "integer" if column.kind == "integer" else "text"))
        if column.kind in ("entity", "entities"):
            found.append(PlainColumn(f"{column.name}_id", "texts" if many else "text"))
    return [*found, PlainColumn("facts", "texts"), *([PlainColumn("evidence", "evidence")] if evidence else [])]


def records_of(answer: Answer, *, evidence: bool) -> list[dict[str, Any]]:
    """Return each row as plain values by column."""
    return [
        {
            **{
                name: value
                for column, cell in zip(answer.columns, row.cells, strict=True)
                for name, value in _plain(column.name, column.kind, cell)
            },
            "facts": list(row.facts),
            **({"evidence": [_said(item) for item in row.evidence]} if evidence else {}),
        }
        for row in answer.rows
    ]


def write_parquet(answer: Answer, target: Path | BinaryIO, *, evidence: bool) -> None:
    """Write an answer as a Parquet file. Raises InputError where pyarrow is not installed."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise InputError("Parquet needs pyarrow: pip install 'chancery[parquet]'") from None
    said = pyarrow.struct([(name, pyarrow.int64() if name == "start" else pyarrow.string()) for name in _EVIDENCE])
    types = {
        "text": pyarrow.string(),
        "integer": pyarrow.int64(),
        "texts": pyarrow.list_(pyarrow.string()),
        "evidence": pyarrow.list_(said),
    }
    schema = pyarrow.schema([(c.name, types[c.type]) for c in columns_of(answer, evidence=evidence)])
    table = pyarrow.Table.from_pylist(records_of(answer, evidence=evidence), schema=schema)
    pyarrow.parquet.write_table(table, target)  # type: ignore[no-untyped-call, unused-ignore]


def _plain(name: str, kind: str, cell: Cell) -> list[tuple[str, Any]]:
    if kind == "entities":
        several = [one for one in (cell if isinstance(cell, tuple) else ()) if isinstance(one, Named)]
        return [(name, [one.label for one in several]), (f"{name}_id", [one.id for one in several])]
    if kind == "entity":
        label, iri = (cell.label, cell.id) if isinstance(cell, Named) else (cell, None)
        return [(name, label), (f"{name}_id", iri)]
    return [(name, cell.label if isinstance(cell, Named) else cell)]


def _said(item: Evidence) -> dict[str, Any]:
    values = {**asdict(item), "speaker": item.speaker.label if item.speaker else None}
    return {name: values[name] for name in _EVIDENCE}
