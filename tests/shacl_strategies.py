"""Graphs and shapes graphs in which every component and every form of path of SHACL Core occurs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox
from hypothesis import strategies as st

from kg.vocab import RDF, RDF_TYPE, RDFS, RDFS_SUBCLASS_OF, SH, XSD

X = "http://example.org/"
Node = ox.NamedNode | ox.BlankNode
Term = ox.NamedNode | ox.BlankNode | ox.Literal


def x(name: str) -> ox.NamedNode:
    return ox.NamedNode(X + name)


def sh(name: str) -> ox.NamedNode:
    return ox.NamedNode(SH + name)


def typed(text: str, datatype: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(XSD + datatype))


TYPE, SUBCLASS = ox.NamedNode(RDF_TYPE), ox.NamedNode(RDFS_SUBCLASS_OF)
IRIS = [x(name) for name in "abcd"]
CLASSES = [x(name) for name in ("C", "D", "E")]
PREDICATES = [x(name) for name in "pqr"]
BLANKS = [ox.BlankNode("one"), ox.BlankNode("two")]
LITERALS = [
    ox.Literal(""),
    ox.Literal("a"),
    ox.Literal("abc"),
    ox.Literal("Abc 1"),
    ox.Literal("a", language="en"),
    ox.Literal("abc", language="en"),
    ox.Literal("abc", language="en-gb"),
    ox.Literal("abc", language="de"),
    typed("1", "integer"),
    typed("01", "integer"),
    typed("5", "integer"),
    typed("abc", "integer"),
    typed("1", "byte"),
    typed("300", "byte"),
    typed("1.0", "decimal"),
    typed("0.50", "decimal"),
    typed("2.5", "decimal"),
    typed("1", "double"),
    typed("1E0", "double"),
    typed("true", "boolean"),
    typed("1", "boolean"),
    typed("2024-02-29", "date"),
    typed("2025-02-29", "date"),
    typed("2025-07-03", "date"),
    typed("2025-07-03T10:00:00", "dateTime"),
    typed("2025-07-03T10:00:00Z", "dateTime"),
    typed("2025-07-03T12:00:00+02:00", "dateTime"),
    ox.Literal("a", datatype=x("own")),
]
# Values that have an order: pyshacl has one for others as well, where SPARQL has none.
NUMBERS = [
    typed(text, kind)
    for text, kind in [
        ("1", "integer"),
        ("01", "integer"),
        ("5", "integer"),
        ("7", "byte"),
        ("-3", "int"),
        ("1.0", "decimal"),
        ("0.50", "decimal"),
        ("1E0", "double"),
        ("5.5", "double"),
        ("123456789012345678901234567890", "integer"),
    ]
]


@st.composite
def data_graphs(draw: st.DrawFn, *, ordered: bool) -> list[ox.Triple]:
    """Draw a small graph: a few nodes with values and classes, and perhaps an order among the classes."""
    subjects = st.sampled_from(IRIS if ordered else [*IRIS, *BLANKS])
    objects = st.sampled_from(NUMBERS) if ordered else st.one_of(subjects, st.sampled_from(LITERALS))
    triples = draw(st.lists(st.builds(ox.Triple, subjects, st.sampled_from(PREDICATES), objects), max_size=14))
    triples += draw(st.lists(st.builds(ox.Triple, subjects, st.just(TYPE), st.sampled_from(CLASSES)), max_size=5))
    below = st.builds(ox.Triple, st.sampled_from(CLASSES), st.just(SUBCLASS), st.sampled_from(CLASSES))
    triples += draw(st.lists(below, max_size=2))
    return list(dict.fromkeys(triples))


@dataclass
class Drawn:
    """A shapes graph as it is drawn, and the names of the components and forms of path in it."""

    draw: st.DrawFn
    ordered: bool
    triples: list[ox.Triple] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    names: int = 0

    @property
    def literals(self) -> list[ox.Literal]:
        return NUMBERS if self.ordered else LITERALS

    def say(self, subject: Node, predicate: str, value: Term) -> None:
        self.triples.append(ox.Triple(subject, sh(predicate), value))

    def node(self, *, named: bool) -> Node:
        self.names += 1
        return x(f"shape{self.names}") if named else ox.BlankNode(f"shape{self.names}")

    def listed(self, terms: Sequence[Term]) -> Node:
        head: Node = ox.NamedNode(RDF + "nil")
        for term in reversed(terms):
            self.names += 1
            cell = ox.BlankNode(f"cell{self.names}")
            self.triples.append(ox.Triple(cell, ox.NamedNode(RDF + "first"), term))
            self.triples.append(ox.Triple(cell, ox.NamedNode(RDF + "rest"), head))
            head = cell
        return head

    def path(self, depth: int = 2) -> Node:
        """Draw a property path."""
        forms = ["predicate"] * 3 + ["sequence", "inverse", "alternative", "zeroOrMore", "oneOrMore", "zeroOrOne"]
        form = self.draw(st.sampled_from(forms if depth else forms[:1]))
        self.used.add(form)
        if form == "predicate":
            return self.draw(st.sampled_from(PREDICATES))
        if form == "sequence":
            return self.listed([self.path(depth - 1), self.path(depth - 1)])
        node = self.node(named=False)
        several = form == "alternative"
        inner = self.listed([self.path(depth - 1), self.path(depth - 1)]) if several else self.path(depth - 1)
        self.say(node, f"{form}Path", inner)
        return node

    def shape(self, depth: int, *, path: bool | None = None, named: bool = False) -> Node:
        """Draw a shape with one to three kinds of constraint."""
        node = self.node(named=named)
        is_property = self.draw(st.booleans()) if path is None else path
        self.triples.append(ox.Triple(node, TYPE, sh("PropertyShape" if is_property else "NodeShape")))
        if is_property:
            self.say(node, "path", self.path())
        kinds = [*EVERYWHERE, *(ON_PATHS if is_property else ())]
        if not self.ordered:
            kinds = [kind for kind in kinds if kind not in ORDER]
        if depth == 0:
            kinds = [kind for kind in kinds if kind not in NESTING]
        for kind in self.draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=3, unique=True)):
            self.used.add(kind)
            CONSTRAINTS[kind](self, node, depth)
        if self.draw(st.integers(0, 11)) == 0:
            self.used.add("deactivated")
            self.say(node, "deactivated", ox.Literal(True))
        if self.draw(st.booleans()):
            self.used.add("severity")
            self.say(node, "severity", sh(self.draw(st.sampled_from(["Warning", "Info", "Violation"]))))
        self.used.add("message")
        self.say(node, "message", ox.Literal(f"broken: {node}", language="en"))
        return node

    def one(self, terms: Sequence[Term]) -> Term:
        return self.draw(st.sampled_from(terms))


def _takes(name: str, terms: Sequence[Term]) -> Callable[[Drawn, Node, int], None]:
    return lambda drawn, node, _depth: drawn.say(node, name, drawn.one(terms))


def _takes_number(name: str, *numbers: int) -> Callable[[Drawn, Node, int], None]:
    return _takes(name, [typed(str(number), "integer") for number in numbers])


def _takes_list(name: str, terms: Sequence[Term]) -> Callable[[Drawn, Node, int], None]:
    def constrain(drawn: Drawn, node: Node, _depth: int) -> None:
        drawn.say(node, name, drawn.listed(drawn.draw(st.lists(st.sampled_from(terms), max_size=4, unique=True))))

    return constrain


def _takes_shape(name: str, *, path: bool | None) -> Callable[[Drawn, Node, int], None]:
    return lambda drawn, node, depth: drawn.say(node, name, drawn.shape(depth - 1, path=path))


def _takes_shapes(name: str) -> Callable[[Drawn, Node, int], None]:
    def constrain(drawn: Drawn, node: Node, depth: int) -> None:
        shapes = [drawn.shape(depth - 1) for _ in range(drawn.draw(st.integers(1, 3)))]
        drawn.say(node, name, drawn.listed(shapes))

    return constrain


def _qualified(drawn: Drawn, node: Node, depth: int) -> None:
    drawn.say(node, "qualifiedValueShape", drawn.shape(depth - 1))
    for name in drawn.draw(st.sampled_from([("Min",), ("Max",), ("Min", "Max")])):
        drawn.say(node, f"qualified{name}Count", typed(str(drawn.draw(st.integers(0, 2))), "integer"))
    if drawn.draw(st.booleans()):
        drawn.used.add("qualifiedValueShapesDisjoint")
        drawn.say(node, "qualifiedValueShapesDisjoint", ox.Literal(True))


def _closed(drawn: Drawn, node: Node, _depth: int) -> None:
    drawn.say(node, "closed", ox.Literal(True))
    if drawn.draw(st.booleans()):
        drawn.used.add("ignoredProperties")
        ignored = drawn.draw(st.lists(st.sampled_from([TYPE, *PREDICATES]), max_size=2, unique=True))
        drawn.say(node, "ignoredProperties", drawn.listed(ignored))


def _pattern(drawn: Drawn, node: Node, _depth: int) -> None:
    expressions = ["^a", "b", "C$", "[0-9]", "^http://example.org/[ab]$", "(?<=a)b", "^.{3}$"]
    drawn.say(node, "pattern", ox.Literal(drawn.draw(st.sampled_from(expressions))))
    if drawn.draw(st.booleans()):
        drawn.used.add("flags")
        drawn.say(node, "flags", ox.Literal("i"))


def _equals(name: str) -> Callable[[Drawn, Node, int], None]:
    return _takes(name, PREDICATES)


_DATATYPES = [ox.NamedNode(XSD + n) for n in ("string", "integer", "byte", "decimal", "double", "boolean", "date")]
_DATATYPES += [ox.NamedNode(RDF + "langString"), x("own")]
_KINDS = [sh(n) for n in ("IRI", "BlankNode", "Literal", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRIOrLiteral")]
_LANGUAGES = [ox.Literal(tag) for tag in ("en", "en-gb", "de", "fr")]

CONSTRAINTS: dict[str, Callable[[Drawn, Node, int], None]] = {
    "class": _takes("class", CLASSES),
    "datatype": _takes("datatype", _DATATYPES),
    "nodeKind": _takes("nodeKind", _KINDS),
    "minCount": _takes_number("minCount", 0, 1, 2, 3),
    "maxCount": _takes_number("maxCount", 0, 1, 2),
    "minExclusive": _takes("minExclusive", NUMBERS),
    "minInclusive": _takes("minInclusive", NUMBERS),
    "maxExclusive": _takes("maxExclusive", NUMBERS),
    "maxInclusive": _takes("maxInclusive", NUMBERS),
    "minLength": _takes_number("minLength", 1, 2, 5, 20),
    "maxLength": _takes_number("maxLength", 0, 1, 3, 20),
    "pattern": _pattern,
    "languageIn": _takes_list("languageIn", _LANGUAGES),
    "uniqueLang": lambda drawn, node, _depth: drawn.say(node, "uniqueLang", ox.Literal(True)),
    "equals": _takes("equals", PREDICATES),
    "disjoint": _takes("disjoint", PREDICATES),
    "lessThan": _takes("lessThan", PREDICATES),
    "lessThanOrEquals": _takes("lessThanOrEquals", PREDICATES),
    "not": _takes_shape("not", path=None),
    "and": _takes_shapes("and"),
    "or": _takes_shapes("or"),
    "xone": _takes_shapes("xone"),
    "node": _takes_shape("node", path=False),
    "property": _takes_shape("property", path=True),
    "qualifiedValueShape": _qualified,
    "closed": _closed,
    "hasValue": _takes("hasValue", [*IRIS, *LITERALS]),
    "in": _takes_list("in", [*IRIS, *LITERALS]),
}
ORDER = frozenset("minExclusive minInclusive maxExclusive maxInclusive lessThan lessThanOrEquals".split())  # noqa: SIM905
NESTING = frozenset({"not", "and", "or", "xone", "node", "property", "qualifiedValueShape"})
ON_PATHS = ("minCount", "maxCount", "uniqueLang", "lessThan", "lessThanOrEquals", "qualifiedValueShape")
EVERYWHERE = tuple(kind for kind in CONSTRAINTS if kind not in ON_PATHS)
TARGETS: dict[str, Callable[[Drawn, Node], None]] = {
    "targetClass": lambda drawn, node: drawn.say(node, "targetClass", drawn.one(CLASSES)),
    "targetNode": lambda drawn, node: drawn.say(node, "targetNode", drawn.one([*IRIS, x("nowhere"), *drawn.literals])),
    "targetSubjectsOf": lambda drawn, node: drawn.say(node, "targetSubjectsOf", drawn.one(PREDICATES)),
    "targetObjectsOf": lambda drawn, node: drawn.say(node, "targetObjectsOf", drawn.one(PREDICATES)),
    "implicit class": lambda drawn, node: drawn.triples.append(ox.Triple(node, TYPE, ox.NamedNode(RDFS + "Class"))),
}


@st.composite
def shapes_graphs(draw: st.DrawFn, *, ordered: bool) -> tuple[list[ox.Triple], frozenset[str]]:
    """Draw a shapes graph and the names of what occurs in it."""
    drawn = Drawn(draw, ordered)
    for number in range(draw(st.integers(1, 2))):
        named = draw(st.booleans())
        node = drawn.shape(2, named=named)
        targets = draw(st.lists(st.sampled_from(list(TARGETS)), min_size=1, max_size=2, unique=True))
        for target in targets:
            if target != "implicit class" or named:
                drawn.used.add(target)
                TARGETS[target](drawn, node)
        if number and draw(st.booleans()) and drawn.triples:
            drawn.say(node, "targetNode", draw(st.sampled_from(IRIS)))
    return drawn.triples, frozenset(drawn.used)


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[ox.Triple], list[ox.Triple], frozenset[str]]:
    """Draw data, shapes, and the names of what occurs in the shapes; constraints on order stand with numbers only."""
    ordered = draw(st.booleans())
    shapes, used = draw(shapes_graphs(ordered=ordered))
    return draw(data_graphs(ordered=ordered)), shapes, used
