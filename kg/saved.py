"""Saved queries: one `.rq` file each, a header of `#+` lines in TOML (see `kg.headers`) and a body in plain SPARQL.

A parameter stands in the body as `VALUES ?recognised { UNDEF }`, which leaves it open; `bind` puts in serialised, typed
terms, never pasted text.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from kg.errors import DataError, QueryError, UnknownName
from kg.headers import LANGUAGES, read_header, slot
from kg.sparql import refuse_service

__all__ = ["Column", "Parameter", "SavedQuery", "find_query", "load_headings", "load_queries", "parse_query"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter; `kinds` are the classes of entity preferred for it, `scheme` where its concepts come from.

    `default`: the value, as a user would write it, that counts where none is given; "" for none.
    """

    name: str
    type: str
    example: str
    label: Mapping[str, str]
    required: bool = True
    kinds: tuple[str, ...] = ()
    scheme: str = ""
    default: str = ""

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
    """A question the register answers.

    `questions`: the wordings by language, the one that is shown first; `{name}` is the place of a parameter.
    `gives_way`: the queries that a question is for if it fits them as well as this one.
    `support`: the variables of the body for facts that a threshold of support narrows.
    """

    name: str
    title: Mapping[str, str]
    questions: Mapping[str, tuple[str, ...]]
    parameters: tuple[Parameter, ...]
    columns: tuple[Column, ...]
    body: str
    support: tuple[str, ...] = ("fact",)
    gives_way: tuple[str, ...] = ()

    def parameter(self, name: str) -> Parameter | None:
        """Return the parameter called `name`."""
        return next((parameter for parameter in self.parameters if parameter.name == name), None)

    def defaults(self) -> dict[str, str]:
        """Return the values, as a user would write them, of parameters that have one of their own."""
        return {parameter.name: parameter.default for parameter in self.parameters if parameter.default}

    def bind(self, values: Mapping[str, Sequence[ox.NamedNode | ox.Literal]]) -> str:
        """Return the query with `values` in the places of its parameters; the others stay open."""
        body = self.body
        for name, terms in values.items():
            inserted = f"VALUES ?{name} {{ {' '.join(str(term) for term in terms)} }}"
            body = slot(name).sub(lambda _, inserted=inserted: inserted, body)  # type: ignore[misc]
        return body


def load_queries(*folders: Path) -> dict[str, SavedQuery]:
    """Return the saved queries of folders by name, sorted; of one name in two folders, the later counts."""
    paths = {path.stem: path for folder in folders for path in _files(folder)}
    return {name: read_query(path) for name, path in sorted(paths.items())}


def find_query(name: str, *folders: Path) -> SavedQuery:
    """Return the saved query called `name`, reading no other. Raises UnknownName with the nearest ones."""
    import difflib

    paths = {path.stem: path for folder in folders for path in _files(folder)}
    if name not in paths:
        raise UnknownName("query", name, difflib.get_close_matches(name, sorted(paths), n=3, cutoff=0.0))
    return read_query(paths[name])


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise DataError(f"{folder} is no folder of saved queries; give one with --queries DIR")
    return sorted(folder.glob("*.rq"))


def load_headings(folder: Path, file: str = "headings.toml") -> dict[str, Mapping[str, str]]:
    """Return the words around answers, each in our languages. Raises DataError for a file that is not right."""
    try:
        values = tomllib.loads((folder / file).read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, ValueError) as error:
        raise DataError(f"{folder / file}: {error}") from None
    for name, labels in values.items():
        if set(labels) != set(LANGUAGES):
            raise DataError(f"{folder / file}: {name} is not in {', '.join(LANGUAGES)}")
    return values


def read_query(path: Path) -> SavedQuery:
    """Return the saved query in a file. Raises DataError that names the file and what is wrong with it."""
    try:
        return parse_query(path.stem, path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"saved query {path} cannot be read: {error}") from None


def parse_query(name: str, text: str) -> SavedQuery:
    """Return the saved query called `name`. Raises DataError with the line of what is wrong in its header."""
    header = read_header(text)
    for fault in header.faults:
        more = f" (and {len(header.faults) - 1} more: kg queries check)" if len(header.faults) > 1 else ""
        raise DataError(f"saved query {name}, line {fault.line}: {fault.message}{more}")
    try:
        refuse_service(text)
    except QueryError as error:
        raise DataError(f"saved query {name}: {error}") from None
    values = header.values
    return SavedQuery(
        name,
        values["title"],
        {language: tuple(values["question"][language]) for language in LANGUAGES},
        tuple(_parameter(key, value) for key, value in values.get("parameters", {}).items()),
        tuple(_column(key, value) for key, value in values["columns"].items()),
        text,
        tuple(values.get("support", ("fact",))),
        tuple(values.get("gives_way", ())),
    )


def _parameter(name: str, values: Mapping[str, Any]) -> Parameter:
    return Parameter(
        name,
        values["type"],
        values["example"],
        _labels(values),
        values.get("required", "default" not in values),
        tuple(values.get("kinds", ())),
        values.get("scheme", ""),
        values.get("default", ""),
    )


def _column(name: str, values: Mapping[str, Any]) -> Column:
    return Column(name, values.get("kind", "entity"), _labels(values), values.get("when", ""))


def _labels(values: Mapping[str, Any]) -> Mapping[str, str]:
    return {language: values[language] for language in LANGUAGES if language in values}
