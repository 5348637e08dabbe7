"""Shapes as SPARQL queries: one for all conditions on single values, one for each count, pair or language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kg.conformance.conditions import Asker, has_value
from kg.conformance.focus import Focus, step_of, walk_from
from kg.conformance.paths import Path, Predicate, as_sparql, may_be_empty, without_empty
from kg.conformance.shape import (
    Closed,
    Constraint,
    Count,
    HasValue,
    Pair,
    Qualified,
    Select,
    Shape,
    ShapeTest,
    UniqueLang,
    ValueTest,
)


@dataclass(frozen=True, slots=True)
class Question:
    """A query whose rows are results.

    `focus` are the variables up to the nodes judged; `value` and `path` those that a result shows; `apart` further ones
    that tell results apart. `tests` are the conditions a row may break, each with its constraint; none where any row is
    a result of `constraint`.
    """

    where: str
    focus: tuple[str, ...]
    constraint: Constraint | None = None
    value: str | None = None
    path: str | None = None
    apart: tuple[str, ...] = ()
    having: str | None = None
    tests: tuple[tuple[Constraint, str], ...] = ()

    def columns(self) -> list[str]:
        """Return the variables of the query for results, before the columns of its tests."""
        return [*self.focus, *(v for v in (self.value, self.path) if v and v not in self.focus), *self.apart]

    def select(self) -> str:
        """Return the query for results: the nodes judged, the value, the path, then a column for each test."""
        shown = self.columns()
        flags = [f"({test} AS ?t{i})" for i, (_, test) in enumerate(self.tests)] if len(self.tests) > 1 else []
        return f"SELECT DISTINCT {' '.join([*shown, *flags])} WHERE {{ {self.where} }}{self._grouped(shown)}"

    def select_only(self, variable: str) -> str:
        """Return the query for one variable's nodes that have results."""
        return f"SELECT DISTINCT {variable} WHERE {{ {self.where} }}{self._grouped([*self.focus, *self.apart])}"

    def _grouped(self, variables: Sequence[str]) -> str:
        return f" GROUP BY {' '.join(variables)} HAVING ({self.having})" if self.having else ""


def questions(shape: Shape, focus: Focus, asker: Asker, *, leads: bool) -> Iterator[Question]:
    """Yield the queries for a shape's own constraints at a focus; where its path `leads` nowhere, those without it."""
    values = focus.with_values(shape.path)
    tests = [
        (constraint, asker.condition(constraint, values))
        for constraint in shape.constraints
        if leads and isinstance(constraint, ValueTest | ShapeTest)
    ]
    if tests:
        where = f"{values.text} FILTER(!({' && '.join(test for _, test in tests)}))"
        only = tests[0][0] if len(tests) == 1 else None
        yield Question(where, focus.variables, only, value=values.here, tests=tuple(tests))
    for constraint in shape.constraints:
        if not isinstance(constraint, ValueTest | ShapeTest | Select):
            for question in _questions(constraint, shape, focus, values, asker):
                yield replace(question, constraint=constraint)


def _questions(constraint: Constraint, shape: Shape, focus: Focus, values: Focus, asker: Asker) -> Iterator[Question]:
    match constraint:
        case Count("MinCount", number):
            yield from _too_few(focus, shape.path, number)
        case Count(_, number):
            yield from _too_many(focus, shape.path, number)
        case HasValue(term):
            yield Question(f"{focus.text} FILTER(!{has_value(focus, shape.path, term, asker)})", focus.variables)
        case UniqueLang():
            where = f'{values.text} BIND(LANG({values.here}) AS ?lang) FILTER(?lang != "")'
            yield Question(where, focus.variables, apart=("?lang",), having=f"COUNT(DISTINCT {values.here}) > 1")
        case Pair():
            yield from _pair(constraint, shape.path, focus, values, asker)
        case Closed(allowed):
            here, predicate, value = values.here, "?p", "?o"
            others = f" FILTER(?p NOT IN ({', '.join(map(str, allowed))}))" if allowed else ""
            step = f"{here} {predicate} {value} .{others}"
            where = f"{values.text} {step}" if values.plain else f"{values.text} LATERAL {{ {step} }}"
            yield Question(where, values.variables, value=value, path=predicate)
        case Qualified(component, inner, siblings, number):
            fits = [asker.conforms(inner, values), *(f"!{asker.conforms(s, values)}" for s in siblings)]
            count = _too_few if component == "QualifiedMinCount" else _too_many
            yield from count(focus, shape.path, number, f" FILTER({' && '.join(fits)})")


def _too_few(focus: Focus, path: Path | None, number: int, condition: str = "") -> Iterator[Question]:
    assert path is not None
    here, there = focus.here, f"?v{len(focus.variables)}"
    if number == 0 or (number == 1 and may_be_empty(path) and not condition):
        return
    if number == 1 and not may_be_empty(path):
        step = f"{walk_from(here, path, there)}{condition}"
        yield Question(f"{focus.text} FILTER NOT EXISTS {{ {step} }}", focus.variables)
        return
    step = f"{step_of(here, path, there)}{condition}"
    text = f"{focus.text} LATERAL {{ OPTIONAL {{ {step} }} }}"
    yield Question(text, focus.variables, having=f"COUNT(DISTINCT {there}) < {number}")


def _too_many(focus: Focus, path: Path | None, number: int, condition: str = "") -> Iterator[Question]:
    assert path is not None
    here, there = focus.here, f"?v{len(focus.variables)}"
    step = f"{step_of(here, path, there)}{condition}"
    if number == 0:
        yield Question(f"{focus.text} LATERAL {{ {step} }}", focus.variables)
    elif number == 1 and isinstance(path, Predicate) and not condition:
        other = f"{here} {as_sparql(path)} ?w FILTER(!sameTerm(?w, {there}))"
        yield Question(f"{focus.text} LATERAL {{ {step} }} FILTER EXISTS {{ {other} }}", focus.variables)
    elif may_be_empty(path):
        text = f"{focus.text} LATERAL {{ {step} }}"
        yield Question(text, focus.variables, having=f"COUNT(DISTINCT {there}) > {number}")
    else:
        counted = f"SELECT {here} (COUNT(DISTINCT {there}) AS ?n) {{ {step} }} GROUP BY {here}"
        yield Question(f"{focus.text} LATERAL {{ {counted} }} FILTER(?n > {number})", focus.variables)


def _pair(pair: Pair, path: Path | None, focus: Focus, values: Focus, asker: Asker) -> Iterator[Question]:
    here, value = focus.here, values.here
    match pair.component:
        case "Equals":
            where = f"{values.text} FILTER NOT EXISTS {{ {here} {pair.predicate} {value} }}"
            yield Question(where, focus.variables, value=value)
            missing = f"{focus.text} LATERAL {{ {here} {pair.predicate} ?o }}"
            yield Question(f"{missing} FILTER(!{_reaches(here, path, '?o')})", focus.variables, value="?o")
        case "Disjoint":
            where = f"{values.text} FILTER EXISTS {{ {here} {pair.predicate} {value} }}"
            yield Question(where, focus.variables, value=value)
        case _:
            step = f"{here} {pair.predicate} ?o ."
            joined = f"{values.text} {step}" if values.plain else f"{values.text} LATERAL {{ {step} }}"
            order = asker.in_order(value, "?o", or_equal=pair.component == "LessThanOrEquals")
            yield Question(f"{joined} FILTER(!{order})", focus.variables, value=value, apart=("?o",))


def _reaches(here: str, path: Path | None, there: str) -> str:
    if path is None:
        return f"sameTerm({here}, {there})"
    reached = f"EXISTS {{ {walk_from(here, without_empty(path), there)} }}"
    return f"(sameTerm({here}, {there}) || {reached})" if may_be_empty(path) else reached
