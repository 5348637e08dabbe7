"""Shapes -> checks in plain Python, with the report pyshacl would give, some thirty times sooner.

Only what this project's shapes use is understood; for anything else `compile_shapes` raises UnsupportedShape, and the
caller asks pyshacl. Where the two differ, this is on the specification's side: NaN is within no bounds, and values of
unlike types (a date and a date-time, a date and a boolean) come in no order.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Final

import pyoxigraph as ox

from kg.shacl import Result, Severity
from kg.vocab import OWL_CLASS, RDF, RDF_TYPE, RDFS, RDFS_SUBCLASS_OF, SH, XSD, local_name

Term = ox.NamedNode | ox.BlankNode | ox.Literal

_TYPE: Final = ox.NamedNode(RDF_TYPE)
_SUBCLASS: Final = ox.NamedNode(RDFS_SUBCLASS_OF)
_SEVERITIES: Final[Mapping[str, Severity]] = {SH + s: s for s in ("Violation", "Warning", "Info")}


class UnsupportedShape(Exception):  # noqa: N818 - not an error: pyshacl does it instead
    """A shape uses a part of SHACL that is not understood here."""


# --- the data ---


class Data:
    """A graph as indexes: values by subject and predicate, and subjects by predicate and value."""

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        self.forward: dict[Term, dict[ox.NamedNode, list[Term]]] = {}
        self.backward: dict[ox.NamedNode, dict[Term, list[Term]]] = {}
        for triple in triples:
            subject, predicate, value = _term(triple.subject), triple.predicate, _term(triple.object)
            self.forward.setdefault(subject, {}).setdefault(predicate, []).append(value)
            self.backward.setdefault(predicate, {}).setdefault(value, []).append(subject)

    def values(self, subject: Term, predicate: ox.NamedNode) -> Sequence[Term]:
        """Return the values of a property, each once."""
        return self.forward.get(subject, {}).get(predicate, ())

    def subjects(self, predicate: ox.NamedNode, value: Term) -> Sequence[Term]:
        """Return the subjects that have this value, each once."""
        return self.backward.get(predicate, {}).get(value, ())

    def is_a(self, node: Term, wanted: ox.NamedNode) -> bool:
        """Return whether the node is of the class or of one that the data says is below it."""
        types = self.values(node, _TYPE)
        return wanted in types or (_SUBCLASS in self.backward and any(c in self._below(wanted) for c in types))

    def instances(self, wanted: ox.NamedNode) -> list[Term]:
        """Return the nodes of the class or of one below it."""
        return list(dict.fromkeys(node for c in self._below(wanted) for node in self.subjects(_TYPE, c)))

    def _below(self, wanted: ox.NamedNode) -> dict[Term, None]:
        found: dict[Term, None] = {wanted: None}
        todo: list[Term] = [wanted]
        while todo:
            for lower in self.subjects(_SUBCLASS, todo.pop()):
                if lower not in found:
                    found[lower] = None
                    todo.append(lower)
        return found


def _term(term: object) -> Term:
    if isinstance(term, ox.NamedNode | ox.BlankNode | ox.Literal):
        return term
    raise UnsupportedShape(f"a statement about a statement: {term}")


# --- compiled shapes ---

Path = Callable[[Data, Term], Sequence[Term]]
# From the data, the focus node and its value nodes to the values that are wrong (None: no value in particular).
Check = Callable[[Data, Term, Sequence[Term]], Iterable[Term | None]]


@dataclass(frozen=True, slots=True)
class Shape:
    """A node or property shape: where to look, what to check there, and which shapes each value must keep as well."""

    iri: str
    path: Path | None
    path_text: str | None
    severity: Severity
    message: str
    checks: tuple[tuple[str, Check], ...]
    properties: tuple[Shape, ...]

    def failures(self, data: Data, focus: Term) -> Iterator[tuple[Shape, Term, Term | None, str]]:
        """Yield what is wrong with `focus`: the shape broken, the node, the value, the constraint."""
        values: Sequence[Term] = self.path(data, focus) if self.path is not None else (focus,)
        for component, check in self.checks:
            for value in check(data, focus, values):
                yield self, focus, value, component
        for shape in self.properties:
            for value in values:
                yield from shape.failures(data, value)


@dataclass(frozen=True, slots=True)
class CompiledShapes:
    """The shapes that have targets, each with its targets."""

    targeted: tuple[tuple[Shape, Targets], ...] = field(repr=False)

    def results(self, triples: Iterable[ox.Triple]) -> Iterator[Result]:
        """Yield every result on a graph, perhaps one twice."""
        data = Data(triples)
        for shape, targets in self.targeted:
            for focus in targets(data):
                for broken, node, value, component in shape.failures(data, focus):
                    yield Result(
                        focus=node.value,
                        path=broken.path_text,
                        value=None if value is None else str(value),
                        shape=broken.iri,
                        severity=broken.severity,
                        message=broken.message,
                        component=component,
                    )


def compile_shapes(triples: Iterable[ox.Triple]) -> CompiledShapes:
    """Return the shapes of a shapes graph, ready to run. Raises UnsupportedShape."""
    graph = Data(triples)
    _refuse_other_targets(graph)
    compiler = _Compiler(graph)
    targeted = []
    for node in graph.forward:
        targets = list(_targets(graph, node))
        if targets:
            targeted.append((compiler.shape(node, reported=True), _union(targets)))
    return CompiledShapes(tuple(targeted))


def _refuse_other_targets(graph: Data) -> None:
    """Raise UnsupportedShape for a way to find focus nodes that is not known here: its shape would go unchecked."""
    for predicate in graph.backward:
        name = predicate.value.removeprefix(SH)
        if predicate.value.startswith(SH) and name.startswith("target") and name not in _TARGETS:
            raise UnsupportedShape(f"sh:{name}")
    classes = [ox.NamedNode(OWL_CLASS), ox.NamedNode(RDFS + "Class")]
    if any(graph.subjects(_TYPE, c) for c in classes):
        raise UnsupportedShape("a class that is its own target")


def _sh(name: str) -> ox.NamedNode:
    return ox.NamedNode(SH + name)


Targets = Callable[[Data], Iterable[Term]]


def _targets(graph: Data, node: Term) -> Iterator[Targets]:
    for name, find in _TARGETS.items():
        yield from (find(_iri(argument)) for argument in graph.values(node, _sh(name)))


def _instances_of(wanted: ox.NamedNode) -> Targets:
    return lambda data: data.instances(wanted)


def _one_node(node: ox.NamedNode) -> Targets:
    return lambda _data: (node,)


def _subjects_of(predicate: ox.NamedNode) -> Targets:
    return lambda data: (s for subjects in data.backward.get(predicate, {}).values() for s in subjects)


_TARGETS: Final[Mapping[str, Callable[[ox.NamedNode], Targets]]] = {
    "targetClass": _instances_of,
    "targetNode": _one_node,
    "targetSubjectsOf": _subjects_of,
}


def _union(targets: Sequence[Targets]) -> Targets:
    return lambda data: dict.fromkeys(node for target in targets for node in target(data))


def _iri(term: Term) -> ox.NamedNode:
    if isinstance(term, ox.NamedNode):
        return term
    raise UnsupportedShape(f"an IRI was expected, not {term}")


# What a shape may say besides its constraints.
_DESCRIPTIONS: Final = frozenset(
    [RDF_TYPE]
    + [SH + n for n in ("path", "severity", "message", "property", "name", "description", "order", "group")]
    + [SH + n for n in ("targetClass", "targetNode", "targetSubjectsOf")]
)


class _Compiler:
    def __init__(self, graph: Data) -> None:
        self._graph = graph

    def shape(self, node: Term, *, reported: bool) -> Shape:
        """Return the shape at `node`; one whose results are `reported` must say what they mean."""
        said = self._graph.forward.get(node, {})
        checks = tuple(self._checks(said))
        path = next(iter(said.get(_sh("path"), ())), None)
        messages = said.get(_sh("message"), [])
        if reported and checks and (len(messages) != 1 or not isinstance(node, ox.NamedNode)):
            raise UnsupportedShape(f"{node} needs an IRI and one sh:message")
        severity = next(iter(said.get(_sh("severity"), ())), _sh("Violation")).value
        if severity not in _SEVERITIES:
            raise UnsupportedShape(f"{node}: severity {severity}")
        walk, text = (None, None) if path is None else self._path(path)
        return Shape(
            iri=node.value,
            path=walk,
            path_text=text[1:-1] if isinstance(path, ox.NamedNode) and text else text,
            severity=_SEVERITIES[severity],
            message=messages[0].value if messages else "",
            checks=checks,
            properties=tuple(self.shape(p, reported=reported) for p in said.get(_sh("property"), ())),
        )

    def _path(self, node: Term) -> tuple[Path, str]:
        """Return how to walk a path, and the path in SPARQL's syntax."""
        if isinstance(node, ox.NamedNode):
            return (lambda data, focus: data.values(focus, node)), str(node)
        if self._graph.values(node, ox.NamedNode(RDF + "first")):
            steps, texts = zip(*(self._path(step) for step in self.items(node)), strict=True)
            return _sequence(steps), "/".join(texts)
        for inverse in self._graph.values(node, _sh("inversePath")):
            return _inverse(_iri(inverse)), f"^{inverse}"
        for choices in self._graph.values(node, _sh("alternativePath")):
            paths, texts = zip(*(self._path(choice) for choice in self.items(choices)), strict=True)
            return _alternative(paths), f"({'|'.join(texts)})"
        raise UnsupportedShape("this kind of path")

    def items(self, head: Term) -> list[Term]:
        """Return the items of an RDF list."""
        found: list[Term] = []
        while head != ox.NamedNode(RDF + "nil"):
            found.append(self._graph.values(head, ox.NamedNode(RDF + "first"))[0])
            head = self._graph.values(head, ox.NamedNode(RDF + "rest"))[0]
        return found

    def _checks(self, said: Mapping[ox.NamedNode, Sequence[Term]]) -> Iterator[tuple[str, Check]]:
        for predicate, arguments in said.items():
            name = local_name(predicate.value)
            if predicate.value in _DESCRIPTIONS:
                continue
            component = name[0].upper() + name[1:]
            for argument in arguments:
                if predicate.value == SH + "or":
                    choices = [self.shape(c, reported=False) for c in self.items(argument)]
                    yield component, _or(choices)
                elif name in ("in", "languageIn"):
                    yield component, _LISTED[name](self.items(argument))
                elif name in _CONSTRAINTS and predicate.value.startswith(SH):
                    yield component, _CONSTRAINTS[name](argument)
                else:
                    raise UnsupportedShape(f"{predicate}")


def _inverse(predicate: ox.NamedNode) -> Path:
    return lambda data, focus: data.subjects(predicate, focus)


def _sequence(steps: Sequence[Path]) -> Path:
    def walk(data: Data, focus: Term) -> Sequence[Term]:
        nodes: Iterable[Term] = (focus,)
        for step in steps:
            nodes = dict.fromkeys(value for node in nodes for value in step(data, node))
        return list(nodes)

    return walk


def _alternative(paths: Sequence[Path]) -> Path:
    return lambda data, focus: list(dict.fromkeys(value for path in paths for value in path(data, focus)))


# --- constraints ---


def _each(fits: Callable[[Term], bool]) -> Check:
    """Return the check that every value by itself fits."""
    return lambda _data, _focus, values: (v for v in values if not fits(v))


def _min_count(argument: Term) -> Check:
    least = int(argument.value)
    return lambda _data, _focus, values: (None,) if len(values) < least else ()


def _max_count(argument: Term) -> Check:
    most = int(argument.value)
    return lambda _data, _focus, values: (None,) if len(values) > most else ()


def _class(argument: Term) -> Check:
    wanted = _iri(argument)
    return lambda data, _focus, values: (v for v in values if not data.is_a(v, wanted))


def _node_kind(argument: Term) -> Check:
    kinds: dict[str, type[Term]] = {"IRI": ox.NamedNode, "Literal": ox.Literal, "BlankNode": ox.BlankNode}
    kind = kinds.get(local_name(argument.value))
    if kind is None:
        raise UnsupportedShape(f"sh:nodeKind {argument}")
    return _each(lambda value: isinstance(value, kind))


def _datatype(argument: Term) -> Check:
    wanted = argument.value
    written = _LEXICAL.get(wanted)
    if written is None:
        raise UnsupportedShape(f"sh:datatype {argument}")
    return _each(
        lambda v: isinstance(v, ox.Literal) and v.datatype.value == wanted and v.language is None and written(v.value)
    )


def _pattern(argument: Term) -> Check:
    expression = re.compile(argument.value)
    return _each(lambda v: not isinstance(v, ox.BlankNode) and expression.search(v.value) is not None)


def _min_length(argument: Term) -> Check:
    least = int(argument.value)
    return _each(lambda v: not isinstance(v, ox.BlankNode) and len(v.value) >= least)


def _min_inclusive(argument: Term) -> Check:
    return _each(lambda v: _ordered(argument, v, or_equal=True))


def _max_inclusive(argument: Term) -> Check:
    return _each(lambda v: _ordered(v, argument, or_equal=True))


def _less_than(argument: Term) -> Check:
    return _before(_iri(argument), or_equal=False)


def _less_than_or_equals(argument: Term) -> Check:
    return _before(_iri(argument), or_equal=True)


def _before(other: ox.NamedNode, *, or_equal: bool) -> Check:
    return lambda data, focus, values: (
        v for v in values for later in data.values(focus, other) if not _ordered(v, later, or_equal=or_equal)
    )


def _equals(argument: Term) -> Check:
    other = _iri(argument)

    def check(data: Data, focus: Term, values: Sequence[Term]) -> Iterator[Term]:
        others = data.values(focus, other)
        yield from (v for v in values if v not in others)
        yield from (v for v in others if v not in values)

    return check


def _disjoint(argument: Term) -> Check:
    other = _iri(argument)
    return lambda data, focus, values: (v for v in values if v in data.values(focus, other))


def _unique_lang(argument: Term) -> Check:
    if argument.value != "true":
        raise UnsupportedShape("sh:uniqueLang false")

    def check(_data: Data, _focus: Term, values: Sequence[Term]) -> Iterator[None]:
        languages = [v.language for v in values if isinstance(v, ox.Literal) and v.language]
        yield from (None for language in set(languages) if languages.count(language) > 1)

    return check


def _in(arguments: Sequence[Term]) -> Check:
    allowed = frozenset(arguments)
    return _each(lambda v: v in allowed)


def _language_in(arguments: Sequence[Term]) -> Check:
    ranges = [a.value.lower() for a in arguments]

    def fits(value: Term) -> bool:
        tag = (value.language or "").lower() if isinstance(value, ox.Literal) else ""
        return any(tag == wanted or tag.startswith(f"{wanted}-") for wanted in ranges)

    return _each(fits)


def _or(choices: Sequence[Shape]) -> Check:
    return lambda data, _focus, values: (
        v for v in values if all(next(choice.failures(data, v), None) is not None for choice in choices)
    )


_CONSTRAINTS: Final[Mapping[str, Callable[[Term], Check]]] = {
    "minCount": _min_count,
    "maxCount": _max_count,
    "class": _class,
    "nodeKind": _node_kind,
    "datatype": _datatype,
    "pattern": _pattern,
    "minLength": _min_length,
    "minInclusive": _min_inclusive,
    "maxInclusive": _max_inclusive,
    "lessThan": _less_than,
    "lessThanOrEquals": _less_than_or_equals,
    "equals": _equals,
    "disjoint": _disjoint,
    "uniqueLang": _unique_lang,
}
_LISTED: Final[Mapping[str, Callable[[Sequence[Term]], Check]]] = {"in": _in, "languageIn": _language_in}


# --- literals ---


def _is_day(text: str) -> bool:
    return re.fullmatch(r"-?[0-9]{4,}-[0-9]{2}-[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2})?", text) is not None and (
        _parsed(date.fromisoformat, text[:10]) is not None
    )


def _is_moment(text: str) -> bool:
    return "T" in text and _parsed(datetime.fromisoformat, text) is not None


def _parsed(parse: Callable[[str], date], text: str) -> date | None:
    try:
        return parse(text)
    except ValueError:
        return None


_LEXICAL: Final[Mapping[str, Callable[[str], bool]]] = {
    XSD + "string": lambda _text: True,
    XSD + "boolean": lambda text: text in ("true", "false", "1", "0"),
    XSD + "integer": lambda text: re.fullmatch(r"[+-]?[0-9]+", text) is not None,
    XSD + "decimal": lambda text: re.fullmatch(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)", text) is not None,
    XSD + "date": _is_day,
    XSD + "dateTime": _is_moment,
}
_EXACT: Final = frozenset(XSD + name for name in ("integer", "decimal"))
_FLOATING: Final = frozenset(XSD + name for name in ("double", "float"))


def _ordered(low: Term, high: Term, *, or_equal: bool) -> bool:
    """Return whether `low` comes before `high`; two values that cannot be compared come in no order."""
    one, other = _measure(low), _measure(high)
    if one is None or other is None or type(one) is not type(other):
        return False
    try:
        return bool(one < other or (or_equal and one == other))  # type: ignore[operator]
    except TypeError:  # a moment with a time zone and one without
        return False


def _measure(term: Term) -> Decimal | datetime | date | str | None:
    if not isinstance(term, ox.Literal) or term.language:
        return None
    kind, text = term.datatype.value, term.value
    if kind in _EXACT:
        return Decimal(text) if _LEXICAL[kind](text) else None
    if kind in _FLOATING:
        return _floating(text)
    if kind == XSD + "date":
        return date.fromisoformat(text) if _is_day(text) and len(text) == len("2025-07-03") else None
    if kind == XSD + "dateTime":
        return datetime.fromisoformat(text) if _is_moment(text) else None
    return text if kind == XSD + "string" else None


def _floating(text: str) -> Decimal | None:
    try:
        number = Decimal(text.replace("INF", "Infinity"))
    except InvalidOperation:
        return None
    return None if number.is_nan() else number
