"""Saved queries: one `.rq` file each, a header of `#+` lines in TOML and a body in plain SPARQL.

    #+ [title]
    #+ en = "Which states recognise a state or government?"
    #+ [parameters.recognised]
    #+ type = "entity"
    #+ example = "Taliban"
    #+ [columns.recogniser]
    #+ en = "state"

A parameter stands in the body as `VALUES ?recognised { UNDEF }`, which leaves it open, or with a default in the place
of UNDEF; `bind` puts in serialised, typed terms, never pasted text.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from kg.errors import DataError

LANGUAGES = ("en", "kk", "ru", "vi")
PARAMETER_TYPES = ("entity", "concept", "date", "integer", "text")
COLUMN_KINDS = ("entity", "entities", "date", "integer", "text", "fact", "facts")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter; `kinds` are the classes of entity preferred for it, `scheme` where its concepts come from."""

    name: str
    type: str
    example: str
    label: Mapping[str, str]
    required: bool = True
    kinds: tuple[str, ...] = ()
    scheme: str = ""

    def usage(self) -> str:
        """Return how the parameter is given, in brackets where it may be left out."""
        shown = f'{self.name}="{self.example}"' if " " in self.example else f"{self.name}={self.example}"
        return shown if self.required else f"[{shown}]"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the answer; `entities` and `facts` hold several IRIs, separated by spaces.

    `when`: the parameter that must be given for the column to be shown.
    """

    name: str
    kind: str
    label: Mapping[str, str]
    when: str = ""

    @property
    def is_evidence(self) -> bool:
        """Tell whether the column holds the facts that a row rests on."""
        return self.kind in ("fact", "facts")


@dataclass(frozen=True, slots=True)
class SavedQuery:
    """A question the register answers."""

    name: str
    title: Mapping[str, str]
    question: Mapping[str, str]
    parameters: tuple[Parameter, ...]
    columns: tuple[Column, ...]
    body: str

    def parameter(self, name: str) -> Parameter | None:
        """Return the parameter called `name`."""
        return next((parameter for parameter in self.parameters if parameter.name == name), None)

    def bind(self, values: Mapping[str, Sequence[ox.NamedNode | ox.Literal]]) -> str:
        """Return the query with `values` in the places of its parameters; the others stay as they are."""
        body = self.body
        for name, terms in values.items():
            inserted = f"VALUES ?{name} {{ {' '.join(str(term) for term in terms)} }}"
            body = _slot(name).sub(lambda _, inserted=inserted: inserted, body)  # type: ignore[misc]
        return body


def load_queries(folder: Path) -> dict[str, SavedQuery]:
    """Return the saved queries of a folder by name, sorted."""
    return {path.stem: read_query(path) for path in sorted(folder.glob("*.rq"))}


def load_headings(folder: Path) -> dict[str, Mapping[str, str]]:
    """Return the words around answers, each in our languages. Raises DataError for a file that is not right."""
    try:
        values = tomllib.loads((folder / "headings.toml").read_text(encoding="utf-8"))
        return {name: _labels(labels) for name, labels in values.items()}
    except (OSError, tomllib.TOMLDecodeError, ValueError) as error:
        raise DataError(f"{folder / 'headings.toml'}: {error}") from None


def read_query(path: Path) -> SavedQuery:
    """Return the saved query in a file. Raises DataError that names the file and what is wrong with it."""
    try:
        text = path.read_text(encoding="utf-8")
        return parse_query(path.stem, text)
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"saved query {path} cannot be read: {error}") from None


def parse_query(name: str, text: str) -> SavedQuery:
    """Return the saved query called `name`. Raises DataError for a header that is not right."""
    header = "\n".join(line[2:].removeprefix(" ") for line in text.splitlines() if line.startswith("#+"))
    try:
        values = tomllib.loads(header)
        query = SavedQuery(
            name,
            _labels(values.pop("title")),
            _labels(values.pop("question")),
            tuple(_parameter(key, value) for key, value in values.pop("parameters", {}).items()),
            tuple(_column(key, value) for key, value in values.pop("columns").items()),
            text,
        )
        if values:
            raise ValueError(f"unknown keys: {', '.join(sorted(values))}")
        _check_body(query)
    except (tomllib.TOMLDecodeError, KeyError, ValueError, TypeError) as error:
        what = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        raise DataError(f"saved query {name}: {what}") from None
    return query


def _parameter(name: str, values: dict[str, Any]) -> Parameter:
    type_ = values.pop("type")
    if type_ not in PARAMETER_TYPES:
        raise ValueError(f"parameter {name} has the type {type_!r}; expected one of {', '.join(PARAMETER_TYPES)}")
    parameter = Parameter(
        name,
        type_,
        str(values.pop("example")),
        _labels({language: values.pop(language) for language in LANGUAGES}),
        values.pop("required", True),
        tuple(values.pop("kinds", ())),
        values.pop("scheme", ""),
    )
    if values:
        raise ValueError(f"parameter {name} has unknown keys: {', '.join(sorted(values))}")
    return parameter


def _column(name: str, values: dict[str, Any]) -> Column:
    kind, when = values.pop("kind", "entity"), values.pop("when", "")
    if kind not in COLUMN_KINDS:
        raise ValueError(f"column {name} has the kind {kind!r}; expected one of {', '.join(COLUMN_KINDS)}")
    # Facts are not shown in tables, so their column needs no heading.
    return Column(name, kind, {} if kind in ("fact", "facts") and not values else _labels(values), when)


def _labels(values: Mapping[str, str]) -> Mapping[str, str]:
    if set(values) != set(LANGUAGES):
        raise ValueError(f"labels in {', '.join(sorted(values)) or 'no language'}; expected {', '.join(LANGUAGES)}")
    return dict(values)


def _check_body(query: SavedQuery) -> None:
    for parameter in query.parameters:
        if not _slot(parameter.name).search(query.body):
            raise ValueError(f"the body has no 'VALUES ?{parameter.name} {{ UNDEF }}'")
    unknown = {column.when for column in query.columns if column.when} - {p.name for p in query.parameters}
    if unknown:
        raise ValueError(f"a column depends on {', '.join(sorted(unknown))}, which is no parameter")
    slots = set(re.findall(r"VALUES\s*\?(\w+)\s*\{\s*UNDEF\s*\}", query.body))
    undeclared = slots - {parameter.name for parameter in query.parameters}
    if undeclared:
        raise ValueError(f"the header declares no parameter {', '.join(sorted(undeclared))}")
    if not re.search(r"ORDER\s+BY", query.body, re.I):
        raise ValueError("the body has no ORDER BY, so its answers have no fixed order")


def _slot(name: str) -> re.Pattern[str]:
    return re.compile(rf"VALUES\s*\?{re.escape(name)}\s*\{{[^{{}}]*\}}")
