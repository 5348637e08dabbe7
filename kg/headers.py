"""Headers of saved queries: `#+` lines of TOML -> checked values, or every fault with the line it stands on.

    #+ support = ["fact"]
    #+ [title]
    #+ en = "Who recognises a state or government"
    #+ [question]
    #+ en = ["Which states recognise {recognised}?", "Who has recognised {recognised}?"]
    #+ [parameters.recognised]
    #+ type = "entity"
    #+ example = "Taliban"
    #+ en = "who is recognised"
    #+ [columns.recogniser]
    #+ en = "who recognises"

`title`, `question` and the labels of parameters and columns are in all four languages. `question`: how people ask, the
first wording with every parameter that is required. A parameter has a `type` and an `example`, and may have a
`default` or `required = false`, `kinds` (classes of entity preferred for a name) and `scheme` (of concepts). A column
has a `kind`, "entity" unless stated, and may have `when`, the parameter that must be given for it to be shown.
`gives_way` names the queries that a question is for if it fits them as well as this one.
`support` names the variables of facts that a threshold of support narrows, `["fact"]` unless stated. Every parameter
and every such variable stands in the body as `VALUES ?name { UNDEF }`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

LANGUAGES = ("en", "kk", "ru", "vi")
PARAMETER_TYPES = ("entity", "concept", "date", "integer", "text")
COLUMN_KINDS = ("entity", "entities", "date", "integer", "text", "fact", "facts")
_TOP = ("title", "question", "parameters", "columns", "support", "gives_way")
_PARAMETER = ("type", "example", "default", "required", "kinds", "scheme", *LANGUAGES)
_COLUMN = ("kind", "when", *LANGUAGES)
_MARK = "#+"
_SLOT = re.compile(r"VALUES\s*\?(\w+)\s*\{\s*UNDEF\s*\}")
_TABLE = re.compile(r"\s*\[([\w.]+)\]")
_KEY = re.compile(r"\s*+(\w+)\s*=")


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """What is wrong in a query's file; lines count from 1."""

    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Header:
    """The values of a header, and what is wrong with it."""

    values: Mapping[str, Any]
    faults: tuple[Fault, ...]


def read_header(text: str) -> Header:
    """Return the header of a query's file with every fault of it and of the slots in the body."""
    # Lines of the body become empty ones, so that the parser counts lines as the file does.
    lines = [line[len(_MARK) :] if line.startswith(_MARK) else "" for line in text.splitlines()]
    try:
        values = tomllib.loads("\n".join(lines))
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        return Header({}, (Fault(int(found[1]) if found else len(lines), f"the header is no TOML: {error}"),))
    check = _Check(values, _lines(lines), text)
    check.all()
    return Header(values, tuple(sorted(check.faults)))


def slots(text: str) -> list[str]:
    """Return the names that stand in a body as `VALUES ?name { UNDEF }`."""
    return _SLOT.findall(text)


def slot(name: str) -> re.Pattern[str]:
    """Return what finds the place of a parameter in a body."""
    return re.compile(rf"VALUES\s*\?{re.escape(name)}\s*\{{\s*UNDEF\s*\}}")


def line_of(text: str, offset: int) -> int:
    """Return the line, from 1, on which a character stands.

    >>> line_of("a\\nb", 2)
    2
    """
    return text.count("\n", 0, offset) + 1


def _lines(lines: Iterable[str]) -> dict[tuple[str, str], int]:
    """Return the line of each key of each table, and of each table with the key ""."""
    table, found = "", {("", ""): 1}
    for number, line in enumerate(lines, 1):
        if opened := _TABLE.match(line):
            table = opened[1]
            found[table, ""] = number
        elif key := _KEY.match(line):
            found[table, key[1]] = number
    return found


class _Check:
    """One pass over the values of a header."""

    def __init__(self, values: Mapping[str, Any], lines: Mapping[tuple[str, str], int], text: str) -> None:
        self.values, self.lines, self.text = values, lines, text
        self.faults: list[Fault] = []
        self.parameters: Mapping[str, Any] = values.get("parameters", {})
        self.required = {
            name
            for name, value in self.parameters.items()
            if isinstance(value, dict) and value.get("required", "default" not in value)
        }

    def all(self) -> None:
        for key in self.values.keys() - set(_TOP):
            self._add("", key, f"unknown key {key!r}; expected {', '.join(_TOP)}")
        for key in ("title", "question", "columns"):
            if not isinstance(self.values.get(key), dict):
                self._add("", "", f"[{key}] is missing")
        self._labels("title", self.values.get("title", {}))
        self._questions(self.values.get("question", {}))
        for name, value in self.parameters.items():
            self._parameter(name, value)
        for name, value in self.values.get("columns", {}).items():
            self._column(name, value)
        self._support(self.values.get("support", ["fact"]))
        if not _is_names(self.values.get("gives_way", [])):
            self._add("", "gives_way", "gives_way is no list of names of queries")
        self._body()

    def _add(self, table: str, key: str, message: str) -> None:
        line = self.lines.get((table, key)) or self.lines.get((table, "")) or self.lines.get(("", key), 1)
        self.faults.append(Fault(line, message))

    def _labels(self, table: str, values: Mapping[str, Any], allowed: tuple[str, ...] = LANGUAGES) -> None:
        for language in LANGUAGES:
            if language not in values:
                self._add(table, "", f"[{table}] has no {language}; expected en, kk, ru, vi")
            elif not isinstance(values[language], str) or not values[language].strip():
                self._add(table, language, f"[{table}] {language} is no text")
        self._unknown(table, values, allowed)

    def _unknown(self, table: str, values: Mapping[str, Any], allowed: tuple[str, ...]) -> None:
        for key in values.keys() - set(allowed):
            self._add(table, key, f"[{table}] has the unknown key {key!r}; expected {', '.join(allowed)}")

    def _questions(self, values: Mapping[str, Any]) -> None:
        self._unknown("question", values, LANGUAGES)
        for language in LANGUAGES:
            wordings = values.get(language)
            if not isinstance(wordings, list) or not wordings or not all(isinstance(w, str) for w in wordings):
                self._add("question", language, f"[question] {language} is no list of wordings")
                continue
            for number, wording in enumerate(wordings):
                named = set(re.findall(r"\{(\w+)\}", wording))
                for name in sorted(named - self.parameters.keys()):
                    self._add("question", language, f"{wording!r} names {{{name}}}, which is no parameter")
                for name in sorted(self.required - named) if number == 0 else ():
                    self._add("question", language, f"the first wording, {wording!r}, does not name {{{name}}}")
            if len({wording.casefold() for wording in wordings}) < len(wordings):
                self._add("question", language, f"[question] {language} has a wording twice")

    def _parameter(self, name: str, values: Any) -> None:
        table = f"parameters.{name}"
        if not isinstance(values, dict):
            self._add("parameters", name, f"parameter {name} is no table")
            return
        self._labels(table, values, _PARAMETER)
        if values.get("type") not in PARAMETER_TYPES:
            expected = ", ".join(PARAMETER_TYPES)
            self._add(
                table, "type", f"parameter {name} has the type {values.get('type')!r}; expected one of {expected}"
            )
        for key in ("example", "default"):
            if key in values and not _fits(values[key], values.get("type")):
                self._add(table, key, f"the {key} of {name} is {values[key]!r}, no {values.get('type')}")
        if "example" not in values:
            self._add(table, "", f"parameter {name} has no example")
        if not isinstance(values.get("required", True), bool):
            self._add(table, "required", f"required of {name} is neither true nor false")
        if "default" in values and values.get("required"):
            self._add(table, "required", f"parameter {name} has a default, so it cannot be required")
        if values.get("type") == "concept" and not isinstance(values.get("scheme"), str):
            self._add(table, "", f"parameter {name} has no scheme to take its concepts from, such as scheme = 'office'")
        if not isinstance(values.get("kinds", []), list):
            self._add(table, "kinds", f"kinds of {name} is no list")

    def _column(self, name: str, values: Any) -> None:
        table = f"columns.{name}"
        if not isinstance(values, dict):
            self._add("columns", name, f"column {name} is no table")
            return
        kind = values.get("kind", "entity")
        if kind not in COLUMN_KINDS:
            expected = ", ".join(COLUMN_KINDS)
            self._add(table, "kind", f"column {name} has the kind {kind!r}; expected one of {expected}")
        # Facts are not shown in tables, so their column needs no heading.
        if kind in ("fact", "facts") and not set(values) & set(LANGUAGES):
            self._unknown(table, values, _COLUMN)
        else:
            self._labels(table, values, _COLUMN)
        if values.get("when", "") not in {"", *self.parameters}:
            self._add(table, "when", f"a column depends on {values['when']}, which is no parameter")

    def _support(self, names: Any) -> None:
        if not _is_names(names):
            self._add("", "support", "support is no list of variables of the body")
            return
        for name in names:
            if name not in slots(self.text):
                self._add(
                    "", "support", f"the body has no 'VALUES ?{name} {{ UNDEF }}' for the facts an answer rests on"
                )

    def _body(self) -> None:
        for name in self.parameters:
            if name not in slots(self.text):
                self._add(f"parameters.{name}", "", f"the body has no 'VALUES ?{name} {{ UNDEF }}'")
        support = self.values.get("support", ["fact"])
        known = {*self.parameters, *(support if isinstance(support, list) else ())}
        for found in _SLOT.finditer(self.text):
            if found[1] not in known:
                line = line_of(self.text, found.start())
                self.faults.append(Fault(line, f"the header declares no parameter {found[1]}"))
        if not re.search(r"ORDER\s+BY", self.text, re.IGNORECASE):
            last = len(self.text.splitlines())
            self.faults.append(Fault(last, "the body has no ORDER BY, so its answers have no fixed order"))


def _is_names(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) for name in value)


def _fits(value: Any, kind: Any) -> bool:
    """Tell whether a value in a header is text of a parameter's type."""
    if not isinstance(value, str) or not value.strip():
        return False
    if kind == "integer":
        return value.strip().lstrip("-").isdecimal()
    if kind == "date":
        try:
            date.fromisoformat(value)
        except ValueError:
            return False
    return True
