"""Rows to text: table, csv, tsv, json, jsonl or Markdown. Data goes to standard output, words to standard error."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, TextIO

from kg.printable import printable
from kg.queries import Answer, Cell, Evidence, Named, Row, columns_of
from kg.show import EntityView, FactView

if TYPE_CHECKING:
    from kg.show import EntityView, FactView

FORMATS = ("table", "csv", "tsv", "json", "jsonl", "md")
_EVIDENCE = ("fact", "stance", "quote", "document", "published", "date", "speaker")
_DECIDED = (*_EVIDENCE, "decision")  # where an editor corrected a claim of the answer
_FACT_DIGITS = 8  # enough for `kg why` to find a fact by
_WIDE = 100_000  # no terminal: lines are not broken


def write_rows(
    headings: Sequence[str], rows: Sequence[Sequence[object]], format_: str, stream: TextIO | None = None
) -> None:
    """Write plain rows under `headings`, in JSON as objects."""
    stream = stream or sys.stdout
    if format_ in ("json", "jsonl"):
        _write_objects([dict(zip(headings, row, strict=True)) for row in rows], format_, stream)
    else:
        _write_text(headings, [[_text(value) for value in row] for row in rows], format_, stream)


def write_answer(answer: Answer, format_: str, language: str, *, evidence: bool, stream: TextIO | None = None) -> None:
    """Write an answer; with `evidence`, text formats give a line for each claim, JSON a list in each row."""
    stream = stream or sys.stdout
    if format_ in ("json", "jsonl"):
        _write_objects([_object(answer, row, evidence=evidence) for row in answer.rows], format_, stream)
        return
    headings = list(columns_of(answer, language))
    identified = format_ in ("csv", "tsv")
    if identified:
        headings = [name for column in answer.columns for name in _csv_columns(column.name, column.kind)] + ["fact"]
    words = _words("en" if identified else language)
    decided = any(item.decision for row in answer.rows for item in row.evidence)
    shown = (_DECIDED if decided else _EVIDENCE) if evidence else ()
    headings += [words[name] for name in shown]
    kinds = [column.kind for column in answer.columns] if identified else []
    rows = [line for row in answer.rows for line in _lines(row, kinds, words, shown)]
    _write_text(headings, rows, format_, stream)


def write_object(values: Mapping[str, object], stream: TextIO | None = None) -> None:
    """Write one JSON object."""
    (stream or sys.stdout).write(_json_text(values, indent=2) + "\n")


def write_entity(entity: EntityView, format_: str, stream: TextIO | None = None) -> None:
    """Write what is known of an entity: a few lines and the table of its facts, or one JSON object."""
    stream = stream or sys.stdout
    if format_ == "json":
        write_object(asdict(entity), stream)
        return
    lines = [entity.label, entity.id, f"kinds: {', '.join(entity.kinds)}"]
    lines += [f"{language}: {', '.join(names)}" for language, names in entity.names]
    lines += [f"same as: {other}" for other in entity.same_as]
    lines += [f"possibly the same: {other.label} ({other.id})" for other in entity.possibly_same]
    stream.write(printable("\n".join(lines)) + "\n")
    rows = [[f.date or "", f.frame.label, _roles(f), f.status.label, _short(f.id)] for f in entity.facts]
    _write_text(["date", "what", "roles", "status", "fact"], rows, "table", stream)


def _roles(fact: FactView) -> str:
    return "; ".join(f"{role} {', '.join(f.label for f in fillers)}" for role, fillers in fact.roles)


def _object(answer: Answer, row: Row, *, evidence: bool) -> dict[str, Any]:
    cells: dict[str, Any] = {c.name: _json(cell) for c, cell in zip(answer.columns, row.cells, strict=True)}
    cells["facts"] = list(row.facts)
    if evidence:
        cells["evidence"] = [{**asdict(item), "speaker": _json(item.speaker)} for item in row.evidence]
    return cells


def _json(cell: Cell) -> Any:
    if isinstance(cell, Named):
        return {"id": cell.id, "label": cell.label}
    return [_json(one) for one in cell] if isinstance(cell, tuple) else cell


def _csv_columns(name: str, kind: str) -> list[str]:
    return [name, f"{name}_id"] if kind in ("entity", "entities") else [name]


def _words(language: str) -> dict[str, str]:
    from kg.folders import data_folder
    from kg.saved import load_headings

    return {name: labels[language] for name, labels in load_headings(data_folder("queries")).items()}


def _lines(row: Row, kinds: Sequence[str], words: Mapping[str, str], shown: Sequence[str]) -> list[list[str]]:
    """Return the row as text, once, or once for each claim where something of these is `shown`.

    With identifiers if `kinds` are given.
    """
    cells = [_text(cell) for cell in row.cells]
    if kinds:
        pairs = [
            [_text(c), _ids(c)] if len(_csv_columns("", k)) == 2 else [_text(c)]
            for c, k in zip(row.cells, kinds, strict=True)
        ]
        cells = [*(text for pair in pairs for text in pair), " ".join(row.facts)]
    if not shown:
        return [cells]
    # Rows without evidence still name the fact that they rest on.
    nothing = [[_short(fact), *[""] * (len(shown) - 1)] for fact in row.facts[:1]] or [[""] * len(shown)]
    return [cells + said for said in [_evidence(item, words, shown) for item in row.evidence] or nothing]


def _short(fact: str) -> str:
    return fact.rsplit("/", 1)[-1][:_FACT_DIGITS]


def _evidence(item: Evidence, words: Mapping[str, str], shown: Sequence[str]) -> list[str]:
    values = {
        **asdict(item),
        "fact": _short(item.fact),
        "stance": words[item.stance],
        "speaker": item.speaker.label if item.speaker else "",
        "quote": " ".join(item.quote.split()),
    }
    return [_text(values[name]) for name in shown]


def _text(value: object) -> str:
    if isinstance(value, Named):
        return value.label
    if isinstance(value, tuple):
        return ", ".join(_text(one) for one in value)
    return "" if value is None else str(value)


def _ids(cell: Cell) -> str:
    if isinstance(cell, Named):
        return cell.id
    return " ".join(one.id for one in cell) if isinstance(cell, tuple) else ""


def _json_text(value: object, indent: int | None = None) -> str:
    return printable(json.dumps(value, ensure_ascii=False, indent=indent))


def _write_objects(objects: Sequence[Mapping[str, object]], format_: str, stream: TextIO) -> None:
    if format_ == "jsonl":
        for one in objects:
            stream.write(_json_text(one) + "\n")
    else:
        stream.write(_json_text(objects, indent=2) + "\n")


def _write_text(headings: Sequence[str], rows: Sequence[Sequence[str]], format_: str, stream: TextIO) -> None:
    if format_ != "csv" or stream.isatty():  # in a file, a cell is what it is
        rows = [[printable(cell) for cell in row] for row in rows]
    if format_ == "csv":
        csv.writer(stream, lineterminator="\n").writerows([headings, *rows])
    elif format_ == "tsv":
        stream.writelines("\t".join(map(_one_line, line)) + "\n" for line in (headings, *rows))
    elif format_ == "md":
        for line in (headings, ["---"] * len(headings), *rows):
            stream.write("| " + " | ".join(_markdown(cell) for cell in line) + " |\n")
    elif format_ == "table":
        _write_table(headings, rows, stream)
    else:
        raise ValueError(f"no such format: {format_}")


def _write_table(headings: Sequence[str], rows: Sequence[Sequence[str]], stream: TextIO) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(file=stream) if stream.isatty() else Console(file=stream, width=_WIDE)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for heading in headings:
        table.add_column(Text(heading), overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    console.print(table)


def _one_line(cell: str) -> str:
    return cell.replace("\t", " ").replace("\r", " ").replace("\n", " ")


def _markdown(cell: str) -> str:
    return cell.replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ")
