"""Shapes and data -> findings, by SPARQL inside Oxigraph."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from kg.conformance.asking import Question, questions
from kg.conformance.conditions import Asker
from kg.conformance.finding import Finding
from kg.conformance.focus import Focus, targets_focus
from kg.conformance.ground import Function, Ground, Row
from kg.conformance.literals import Term, as_written
from kg.conformance.paths import Path, Predicate, can_lead
from kg.conformance.reading import ShapesGraph, read_shapes
from kg.conformance.selecting import query_for
from kg.conformance.shape import Constraint, Select, Shape, ShapeTest, ValueTest
from kg.errors import IllFormedShapes


@dataclass(frozen=True, slots=True)
class CompiledShapes:
    """Shapes that can be asked of data; `unsupported` are the nodes of those that cannot, with the reason."""

    shapes: tuple[Shape, ...]
    unsupported: tuple[tuple[Term, str], ...]

    def nodes(self) -> list[Term]:
        """Return the nodes of all shapes that have targets."""
        return [*(shape.node for shape in self.shapes), *(node for node, _ in self.unsupported)]

    def findings(self, data: Ground | Iterable[ox.Quad | ox.Triple]) -> Iterator[Finding]:
        """Yield every result on the data, its graphs taken as one.

        A result that two shapes, or two ways through shapes, lead to is yielded for each. Raises IllFormedShapes for
        a pattern or query that cannot be used.
        """
        ground = data if isinstance(data, Ground) else Ground.of(data)
        judge = _Judge(ground)
        for shape in self.shapes:
            focus = targets_focus(shape.targets, ground)
            if focus is not None:
                yield from judge.results(shape, focus)


def compile_shapes(triples: Iterable[ox.Triple]) -> CompiledShapes:
    """Return the shapes of a shapes graph, compiled. Raises IllFormedShapes."""
    graph: ShapesGraph = read_shapes(triples)
    return CompiledShapes(graph.shapes, graph.unsupported)


class _Judge:
    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def results(self, shape: Shape, focus: Focus) -> Iterator[Finding]:
        """Yield the results of a shape, and of the property shapes that its values go on to."""
        work = list(self._work(shape, focus))
        answers = self._ground.answers([(question.select(), functions) for _, _, question, functions in work])
        for (asking, at, question, _), rows in zip(work, answers, strict=True):
            for row in rows:
                yield from _findings(asking, at, question, row)
        for asking, at in self._ways(shape, focus):
            for constraint in asking.constraints:
                if isinstance(constraint, Select):
                    yield from self._selected(asking, constraint, at)

    def _work(self, shape: Shape, focus: Focus) -> Iterator[tuple[Shape, Focus, Question, Mapping[str, Function]]]:
        for asking, at in self._ways(shape, focus):
            asker = Asker(self._ground, self._failing)
            for question in questions(asking, at, asker, leads=_leads(asking, self._ground)):
                yield asking, at, question, asker.functions

    def _ways(self, shape: Shape, focus: Focus) -> Iterator[tuple[Shape, Focus]]:
        """Yield a shape and the property shapes that its values go on to, with where each is asked."""
        if not shape.deactivated:
            yield shape, focus
            if _leads(shape, self._ground):
                for inner in shape.properties:
                    yield from self._ways(inner, focus.with_values(shape.path))

    def _failing(self, shape: Shape, focus: Focus) -> frozenset[Term]:
        """Return the nodes at a focus that do not conform to a shape."""
        return frozenset(self._broken(shape, focus, focus.here))

    def _broken(self, shape: Shape, focus: Focus, start: str) -> Iterator[Term]:
        work = list(self._work(shape, focus))
        asked = [(question.select_only(start), functions) for _, _, question, functions in work]
        for rows in self._ground.answers(asked):
            yield from (row[0] for row in rows if row[0] is not None)
        for asking, at in self._ways(shape, focus):
            for constraint in asking.constraints:
                if isinstance(constraint, Select):
                    yield from self._unselected(constraint, at, start)

    # --- SPARQL constraints ---

    def _selected(self, shape: Shape, constraint: Select, focus: Focus) -> Iterator[Finding]:
        for row in self._rows_for(constraint, focus):
            yield _selected_finding(shape, constraint, row["this"], row)

    def _unselected(self, constraint: Select, focus: Focus, start: str) -> Iterator[Term]:
        found = {row["this"] for row in self._rows_for(constraint, focus)}
        if found:
            for row in self._ground.rows(f"SELECT DISTINCT {start} {focus.here} WHERE {{ {focus.text} }}"):
                if row[-1] in found and row[0] is not None:
                    yield row[0]

    def _rows_for(self, constraint: Select, focus: Focus) -> Iterator[dict[str, Term]]:
        query = query_for(constraint.text, focus.text, focus.here)
        try:
            yield from self._ground.plain_rows(query)
        except SyntaxError as fault:
            raise IllFormedShapes(f"shapes: the query of {constraint.node} cannot be read: {fault}") from None


def _leads(shape: Shape, ground: Ground) -> bool:
    """Return whether the shape can have values in this data."""
    return shape.path is None or can_lead(shape.path, ground.has)


def _findings(shape: Shape, focus: Focus, question: Question, row: Row) -> Iterator[Finding]:
    columns = question.columns()
    node = row[columns.index(focus.here)]
    assert node is not None
    value = row[columns.index(question.value)] if question.value else None
    path: Path | None = shape.path
    if question.path:
        found = row[columns.index(question.path)]
        assert isinstance(found, ox.NamedNode)
        path = Predicate(found)
    for constraint in _broken_constraints(question, row[len(columns) :]):
        messages = shape.messages or (default_message(constraint),)
        yield Finding(node, path, value, shape.node, constraint.component, shape.severity, messages)


def _broken_constraints(question: Question, flags: Sequence[Term | None]) -> Iterator[Constraint]:
    if question.constraint is not None:
        yield question.constraint
    else:
        for (constraint, _), flag in zip(question.tests, flags, strict=True):
            if flag is None or flag.value != "true":
                yield constraint


def default_message(constraint: Constraint) -> ox.Literal:
    """Return what a result says where its shape says nothing."""
    match constraint:
        case ValueTest(component, arguments):
            return ox.Literal(f"the value breaks {component}: {', '.join(str(as_written(a)) for a in arguments)}")
        case ShapeTest(component, shapes):
            return ox.Literal(f"the value breaks {component}: {', '.join(str(s.node) for s in shapes)}")
        case other:
            return ox.Literal(f"the node breaks {other.component}")


def _selected_finding(shape: Shape, constraint: Select, node: Term, row: dict[str, Term]) -> Finding:
    value = row.get("value")
    if value is None and shape.path is None:
        value = node
    path = row.get("path")
    texts = [row["message"]] if "message" in row else [*constraint.messages] or [*shape.messages]
    messages = tuple(_filled(text, {**row, "this": node}) for text in texts if isinstance(text, ox.Literal))
    return Finding(
        focus=row.get("this", node),
        path=Predicate(path) if isinstance(path, ox.NamedNode) else shape.path,
        value=value,
        shape=shape.node,
        component=constraint.component,
        severity=shape.severity,
        messages=messages or (default_message(constraint),),
        constraint=constraint.node,
    )


def _filled(message: ox.Literal, row: dict[str, Term]) -> ox.Literal:
    """Return a message with {?variable} and {$variable} replaced by the row's values."""

    def value(match: re.Match[str]) -> str:
        return row[match[1]].value if match[1] in row else match[0]

    text = re.sub(r"\{[?$](\w+)\}", value, message.value)
    return ox.Literal(text, language=message.language) if message.language else ox.Literal(text)
