"""A shapes graph -> shapes. What is neither SHACL Core nor a SPARQL constraint is refused, shape by shape."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from kg.conformance.literals import Term, as_stored
from kg.conformance.paths import Path, as_sparql
from kg.conformance.selecting import why_not
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
    Target,
    TargetKind,
    UniqueLang,
    ValueTest,
)
from kg.conformance.statements import Statements, read_path
from kg.errors import IllFormedShapes
from kg.vocab import OWL, PREFIXES, RDF_TYPE, RDFS, SH, XSD

_TYPE, _CLASS = ox.NamedNode(RDF_TYPE), ox.NamedNode(RDFS + "Class")

SEVERITIES: Final = tuple(ox.NamedNode(SH + name) for name in ("Violation", "Warning", "Info"))
_TARGETS: Final[Mapping[str, TargetKind]] = {
    "targetClass": "Class",
    "targetNode": "Node",
    "targetSubjectsOf": "SubjectsOf",
    "targetObjectsOf": "ObjectsOf",
}
# What a shape may say that asks nothing of data.
_SAYS_NOTHING: Final = frozenset(
    """path property severity message deactivated name description order group defaultValue entailment
    targetClass targetNode targetSubjectsOf targetObjectsOf flags ignoredProperties rule
    qualifiedMinCount qualifiedMaxCount qualifiedValueShapesDisjoint prefixes declare select""".split()  # noqa: SIM905
)


class UnsupportedShape(Exception):
    """A shape uses a part of SHACL that is not compiled here; another engine has to judge it."""


@dataclass(frozen=True, slots=True)
class ShapesGraph:
    """The shapes that have targets, and the nodes of those that are not compiled here with the reason."""

    shapes: tuple[Shape, ...]
    unsupported: tuple[tuple[Term, str], ...]


def read_shapes(triples: Iterable[ox.Triple]) -> ShapesGraph:
    """Return the shapes of a shapes graph. Raises IllFormedShapes."""
    reader = _Reader(Statements(triples))
    shapes, unsupported = [], []
    for node in reader.roots():
        try:
            shapes.append(reader.shape(node))
        except UnsupportedShape as reason:
            unsupported.append((node, str(reason)))
    return ShapesGraph(tuple(shapes), tuple(unsupported))


class _Reader:
    def __init__(self, graph: Statements) -> None:
        self._graph = graph
        self._classes = graph.below(_CLASS)
        self._done: dict[Term, Shape | UnsupportedShape] = {}
        self._open: list[Term] = []
        self._custom = frozenset(self._custom_parameters())

    def _custom_parameters(self) -> Iterator[str]:
        for component in self._graph.below(ox.NamedNode(SH + "ConstraintComponent")):
            for node in self._graph.subjects(_TYPE.value, component):
                for parameter in self._graph.values(node, SH + "parameter"):
                    for path in self._graph.values(parameter, SH + "path"):
                        if not path.value.startswith(SH):
                            yield path.value

    def roots(self) -> Iterator[Term]:
        """Yield the nodes that have targets, of a kind known here or not."""
        for node, said in self._graph.said.items():
            ways = [p for p in said if p.startswith(SH + "target")]
            if ways or (self._is_class(node) and self._is_shape(said)):
                yield node

    def _is_class(self, node: Term) -> bool:
        return isinstance(node, ox.NamedNode) and any(
            kind in self._classes for kind in self._graph.values(node, _TYPE.value)
        )

    def _is_shape(self, said: Mapping[str, list[Term]]) -> bool:
        kinds = {kind for name in ("NodeShape", "PropertyShape") for kind in self._graph.below(ox.NamedNode(SH + name))}
        parameters = _PARAMETERS.keys() | {"property"}
        return any(kind in kinds for kind in said.get(_TYPE.value, ())) or any(
            p.removeprefix(SH) in parameters or p in self._custom for p in said if p.startswith(SH) or p in self._custom
        )

    def shape(self, node: Term) -> Shape:
        """Return the shape at a node. Raises UnsupportedShape, and IllFormedShapes for one that refers to itself."""
        if node in self._open:
            around = " -> ".join(map(str, [*self._open[self._open.index(node) :], node]))
            raise IllFormedShapes(
                f"shapes: a shape refers to itself, which SHACL leaves undefined: {around}; "
                "take one of these references out"
            )
        if node not in self._done:
            self._open.append(node)
            try:
                self._done[node] = self._read(node)
            except UnsupportedShape as reason:
                self._done[node] = reason
            finally:
                self._open.pop()
        done = self._done[node]
        if isinstance(done, UnsupportedShape):
            raise done
        return done

    def _read(self, node: Term) -> Shape:
        said = self._graph.said.get(node, {})
        paths = said.get(SH + "path", [])
        if len(paths) > 1:
            raise IllFormedShapes(f"shapes: {node} has more than one sh:path")
        path = read_path(self._graph, paths[0], node) if paths else None
        deactivated = self._switch(node, "deactivated")
        severity = said.get(SH + "severity", [SEVERITIES[0]])[0]
        return Shape(
            node=node,
            path=path,
            targets=tuple(self._targets(node, said)),
            severity=_iri(severity, node, "severity"),
            messages=tuple(_literal(m, node, "message") for m in said.get(SH + "message", [])),
            deactivated=deactivated,
            constraints=() if deactivated else tuple(self._constraints(node, said, path)),
            properties=() if deactivated else tuple(self._property(p, node) for p in said.get(SH + "property", [])),
        )

    def _property(self, node: Term, holder: Term) -> Shape:
        if not self._graph.values(node, SH + "path"):
            raise IllFormedShapes(f"shapes: {holder} has the sh:property {node}, which has no sh:path")
        return self.shape(node)

    def _targets(self, node: Term, said: Mapping[str, list[Term]]) -> Iterator[Target]:
        for predicate, terms in said.items():
            if predicate.startswith(SH + "target"):
                kind = _TARGETS.get(predicate.removeprefix(SH))
                if kind is None:
                    raise UnsupportedShape(f"{_short(predicate)} is no part of SHACL Core")
                if any(isinstance(term, ox.BlankNode) for term in terms):
                    raise IllFormedShapes(f"shapes: {node} has a blank node as {_short(predicate)}; name it by an IRI")
                yield from (Target(kind, term) for term in terms)
        if self._is_class(node):
            yield Target("Class", node)

    def _constraints(self, node: Term, said: Mapping[str, list[Term]], path: Path | None) -> Iterator[Constraint]:
        for predicate, values in said.items():
            if predicate in self._custom:
                raise UnsupportedShape(f"{_short(predicate)} is a parameter of a constraint component of its own")
            if not predicate.startswith(SH):
                continue
            name = predicate.removeprefix(SH)
            read = _PARAMETERS.get(name)
            if read is not None:
                if path is None and name in _ONLY_WITH_PATH:
                    raise IllFormedShapes(f"shapes: {node} has sh:{name} and no sh:path; only property shapes may")
                if len(values) > 1 and name in _ONLY_ONE:
                    raise IllFormedShapes(f"shapes: {node} has more than one sh:{name}")
                for value in values:
                    yield from read(self, node, value)
            elif name not in _SAYS_NOTHING:
                raise UnsupportedShape(f"sh:{name} is no part of SHACL Core")

    # --- parameters; each takes the shape's node and one value ---

    def number(self, node: Term, name: str, value: Term) -> int:
        """Return a whole number that is not negative. Raises IllFormedShapes."""
        literal = _literal(value, node, name)
        if re.fullmatch(r"\+?[0-9]+", literal.value) is None:
            raise IllFormedShapes(f"shapes: {node} has sh:{name} {value}; expected a whole number from 0")
        return int(literal.value)

    def listed(self, node: Term, head: Term) -> list[Term]:
        """Return the members of a list that a parameter has."""
        return self._graph.items(head, node)

    def _switch(self, node: Term, name: str) -> bool:
        return any(value.value in ("true", "1") for value in self._graph.values(node, SH + name))

    def closed(self, node: Term, value: Term) -> Iterator[Constraint]:
        """Yield what a closed shape allows: the properties of its property shapes, and those it ignores."""
        if value.value not in ("true", "1"):
            return
        paths = [p for s in self._graph.values(node, SH + "property") for p in self._graph.values(s, SH + "path")]
        ignored = [i for head in self._graph.values(node, SH + "ignoredProperties") for i in self.listed(node, head)]
        yield Closed(tuple(dict.fromkeys(p for p in [*paths, *ignored] if isinstance(p, ox.NamedNode))))

    def pattern(self, node: Term, value: Term) -> Iterator[Constraint]:
        """Yield a regular expression with the flags of its shape."""
        flags = "".join(dict.fromkeys("".join(f.value for f in self._graph.values(node, SH + "flags"))))
        yield ValueTest("Pattern", (_literal(value, node, "pattern"),), flags)

    def qualified(self, node: Term, value: Term) -> Iterator[Constraint]:
        """Yield the counts of values that conform to a shape, and where that is asked, to none of its siblings."""
        shape = self.shape(value)
        siblings: tuple[Shape, ...] = ()
        if self._switch(node, "qualifiedValueShapesDisjoint"):
            others = dict.fromkeys(
                other
                for parent in self._graph.subjects(SH + "property", node)
                for sibling in self._graph.values(parent, SH + "property")
                for other in self._graph.values(sibling, SH + "qualifiedValueShape")
                if other != value
            )
            siblings = tuple(self.shape(other) for other in others)
        for name in ("qualifiedMinCount", "qualifiedMaxCount"):
            for count in self._graph.values(node, SH + name):
                yield Qualified(_capital(name), shape, siblings, self.number(node, name, count))

    def select(self, node: Term, value: Term) -> Iterator[Constraint]:
        """Yield a SPARQL constraint with its prefixes and path filled in."""
        if self._switch(value, "deactivated"):
            return
        texts = self._graph.values(value, SH + "select")
        if len(texts) != 1:
            raise IllFormedShapes(f"shapes: {node} has an sh:sparql without one sh:select")
        text = texts[0].value
        reason = why_not(text)
        if reason is not None:
            raise UnsupportedShape(reason)
        paths = self._graph.values(node, SH + "path")
        if paths:
            path = as_sparql(read_path(self._graph, paths[0], node))
            text = re.sub(r"[$?]PATH\b", lambda _match: path, text)
        elif re.search(r"[$?]PATH\b", text):
            raise IllFormedShapes(f"shapes: {node} has a SPARQL constraint with $PATH, and no path")
        messages = tuple(_literal(m, node, "message") for m in self._graph.values(value, SH + "message"))
        yield Select(value, "".join(self._prefixes(value)) + text, messages)

    def _prefixes(self, node: Term) -> Iterator[str]:
        declared = {name: PREFIXES[name] for name in ("rdf", "rdfs", "owl", "xsd", "sh")} | {"owl": OWL}
        holders = self._graph.values(node, SH + "prefixes")
        seen: set[Term] = set()
        while holders:
            holder = holders[0]
            holders = holders[1:]
            if holder in seen:
                continue
            seen.add(holder)
            holders = [*holders, *self._graph.values(holder, OWL + "imports")]
            for declaration in self._graph.values(holder, SH + "declare"):
                for prefix in self._graph.values(declaration, SH + "prefix"):
                    for namespace in self._graph.values(declaration, SH + "namespace"):
                        declared[prefix.value] = namespace.value
        return (f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in declared.items())


def _short(iri: str) -> str:
    return f"sh:{iri.removeprefix(SH)}" if iri.startswith(SH) else f"<{iri}>"


def _capital(name: str) -> str:
    return name[0].upper() + name[1:]


def _iri(value: Term, node: Term, name: str) -> ox.NamedNode:
    if isinstance(value, ox.NamedNode):
        return value
    raise IllFormedShapes(f"shapes: {node} has sh:{name} {value}; expected an IRI")


def _literal(value: Term, node: Term, name: str) -> ox.Literal:
    if isinstance(value, ox.Literal):
        return value
    raise IllFormedShapes(f"shapes: {node} has sh:{name} {value}; expected a literal")


_Read = Callable[[_Reader, Term, Term], Iterable[Constraint]]


def _with_iri(name: str) -> _Read:
    return lambda _reader, node, value: (ValueTest(_capital(name), (_iri(value, node, name),)),)


def _with_literal(name: str) -> _Read:
    return lambda _reader, node, value: (ValueTest(_capital(name), (_literal(value, node, name),)),)


def _with_number(name: str) -> _Read:
    def read(reader: _Reader, node: Term, value: Term) -> Iterable[Constraint]:
        number = reader.number(node, name, value)
        if name.endswith("Count"):
            return (Count(_capital(name), number),)
        return (ValueTest(_capital(name), (ox.Literal(number),)),)

    return read


def _with_list(name: str) -> _Read:
    return lambda reader, node, value: (ValueTest(_capital(name), tuple(map(as_stored, reader.listed(node, value)))),)


def _with_shapes(name: str) -> _Read:
    return lambda reader, node, value: (
        ShapeTest(_capital(name), tuple(reader.shape(member) for member in reader.listed(node, value))),
    )


def _with_shape(name: str) -> _Read:
    return lambda reader, _node, value: (ShapeTest(_capital(name), (reader.shape(value),)),)


def _with_pair(name: str) -> _Read:
    return lambda _reader, node, value: (Pair(_capital(name), _iri(value, node, name)),)


def _unique_lang(_reader: _Reader, _node: Term, value: Term) -> Iterable[Constraint]:
    # "1" is true as well, and the test suite of the W3C has it not switch this on.
    return (UniqueLang(),) if value == ox.Literal("true", datatype=ox.NamedNode(XSD + "boolean")) else ()


_PARAMETERS: Final[Mapping[str, _Read]] = {
    **{name: _with_iri(name) for name in ("class", "datatype", "nodeKind")},
    **{name: _with_literal(name) for name in ("minInclusive", "maxInclusive", "minExclusive", "maxExclusive")},
    **{name: _with_number(name) for name in ("minCount", "maxCount", "minLength", "maxLength")},
    **{name: _with_list(name) for name in ("in", "languageIn")},
    **{name: _with_shapes(name) for name in ("and", "or", "xone")},
    **{name: _with_shape(name) for name in ("node", "not")},
    **{name: _with_pair(name) for name in ("equals", "disjoint", "lessThan", "lessThanOrEquals")},
    "hasValue": lambda _reader, _node, value: (HasValue(value),),
    "uniqueLang": _unique_lang,
    "closed": _Reader.closed,
    "pattern": _Reader.pattern,
    "qualifiedValueShape": _Reader.qualified,
    "sparql": _Reader.select,
}
_ONLY_WITH_PATH: Final = frozenset(
    """minCount maxCount uniqueLang lessThan lessThanOrEquals qualifiedValueShape""".split()  # noqa: SIM905
)
_ONLY_ONE: Final = frozenset(
    """datatype nodeKind minCount maxCount minLength maxLength languageIn uniqueLang in closed minInclusive
    maxInclusive minExclusive maxExclusive""".split()  # noqa: SIM905
)
