"""What the ontology's axioms entail of the data, each entailed triple with the axiom and the triples it follows from.

The rules are read from the ontology itself: sub-classes, sub-properties, equivalents, domains, ranges, inverses,
symmetry, transitivity and property chains, as OWL 2 RL has them for individuals. Left out: what says nothing
(owl:Thing, reflexive owl:sameAs), classes without a name, annotation properties, which OWL gives no meaning, and the
pairs of a thing with itself that chains give ("X has an agreement with X"). An axiom that is no rule here is known by
name, or it is an error.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, Protocol

import pyoxigraph as ox

from kg.errors import DataError
from kg.model import Iri
from kg.vocab import GRAPH_INFERRED, ID, OWL, RDF, RDF_TYPE, RDFS, RDFS_SUBCLASS_OF

Node = str | ox.Literal  # an IRI, or a literal
Triple = tuple[str, str, Node]
Rule = Literal["subclass", "subproperty", "inverse", "symmetric", "transitive", "domain", "range", "chain"]

_FIRST: Final = RDF + "first"
_REST: Final = RDF + "rest"
_NIL: Final = RDF + "nil"
_THING: Final = OWL + "Thing"
_CHAIN: Final = OWL + "propertyChainAxiom"
_ANONYMOUS: Final = ID + "node/"
_PAIRWISE: Final[Mapping[str, tuple[Rule, bool]]] = {  # predicate -> rule, and whether it works both ways
    RDFS_SUBCLASS_OF: ("subclass", False),
    OWL + "equivalentClass": ("subclass", True),
    RDFS + "subPropertyOf": ("subproperty", False),
    OWL + "equivalentProperty": ("subproperty", True),
    OWL + "inverseOf": ("inverse", True),
    RDFS + "domain": ("domain", False),
    RDFS + "range": ("range", False),
}
_CHARACTERISTICS: Final[Mapping[str, Rule]] = {
    OWL + "SymmetricProperty": "symmetric",
    OWL + "TransitiveProperty": "transitive",
}
# What entails no triple: constraints (see `find_violations`), declarations, descriptions of the ontology, and the
# building blocks of classes without a name.
_NO_RULE: Final = frozenset(
    OWL + name
    for name in (
        "AllDisjointClasses", "AnnotationProperty", "AsymmetricProperty", "Class", "DatatypeProperty",
        "FunctionalProperty", "InverseFunctionalProperty", "IrreflexiveProperty", "NamedIndividual", "ObjectProperty",
        "Ontology", "Thing", "deprecated", "disjointWith", "members", "unionOf", "versionIRI", "versionInfo",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class Axiom:
    """A rule that the ontology states; `subject` and `values` as in its triple, a chain's values in order.

    `turned`: an axiom that works both ways, read from its value to its subject.
    """

    rule: Rule
    subject: Iri
    values: tuple[Iri, ...] = ()
    turned: bool = False


@dataclass(frozen=True, slots=True)
class Axioms:
    """The axioms of an ontology by what they start from, and its constraints."""

    of_class: Mapping[str, tuple[Axiom, ...]]
    of_property: Mapping[str, tuple[Axiom, ...]]
    chains: Mapping[str, tuple[tuple[Axiom, int], ...]]
    disjoint: tuple[tuple[Iri, ...], ...] = ()
    irreflexive: frozenset[Iri] = frozenset()
    functional: frozenset[Iri] = frozenset()

    def all(self) -> list[Axiom]:
        """Return every axiom, sorted."""
        chains = {axiom for found in self.chains.values() for axiom, _ in found}
        single = {axiom for table in (self.of_class, self.of_property) for found in table.values() for axiom in found}
        return sorted(chains | single)


@dataclass(frozen=True, slots=True)
class Derivation:
    """Why a triple holds: the axiom, and the triples it was applied to, in the axiom's order."""

    axiom: Axiom
    premises: tuple[Triple, ...]


@dataclass(frozen=True, slots=True)
class Violation:
    """A constraint that the data breaks: `kind` disjoint, irreflexive or functional, and the triples that break it."""

    kind: str
    node: str
    triples: tuple[Triple, ...]


@dataclass(frozen=True, slots=True)
class Entailments:
    """All triples that follow and are not given, each with one derivation (the shortest that was found first)."""

    derived: Mapping[Triple, Derivation]
    given: frozenset[Triple] = field(repr=False)

    def derivation(self, triple: Triple) -> Derivation | None:
        """Return why `triple` follows; None when it is given or does not follow."""
        return self.derived.get(triple)

    def quads(self) -> list[ox.Quad]:
        """Return the inferred graph, sorted."""
        graph = ox.NamedNode(GRAPH_INFERRED)
        return [
            ox.Quad(ox.NamedNode(s), ox.NamedNode(p), term_of(o), graph)
            for s, p, o in sorted(self.derived, key=_sort_key)
        ]


# -- reading ------------------------------------------------------------------------------------------------------


def read_axioms(ontology: Iterable[ox.Quad]) -> Axioms:
    """Return the axioms in the ontology graph. Raises DataError for a construct of OWL that is not known here."""
    triples = sorted({_plain(quad) for quad in ontology}, key=_sort_key)
    of_class: dict[str, list[Axiom]] = defaultdict(list)
    of_property: dict[str, list[Axiom]] = defaultdict(list)
    chains: dict[str, list[tuple[Axiom, int]]] = defaultdict(list)
    about: dict[str, dict[str, list[Node]]] = defaultdict(lambda: defaultdict(list))
    for s, p, o in triples:
        about[s][p].append(o)
    notes = _characterised(triples, "AnnotationProperty")
    for s, p, o in triples:
        if not isinstance(o, str) or s in notes:
            continue
        if p == _CHAIN:
            axiom = Axiom("chain", Iri(s), tuple(_list(o, about)))
            for place, step in enumerate(axiom.values):
                chains[step].append((axiom, place))
        for axiom in _single(s, p, o):
            start = axiom.values[0] if axiom.turned else axiom.subject
            (of_class if axiom.rule == "subclass" else of_property)[start].append(axiom)
        _check_known(s, p, o)
    return Axioms(
        {k: tuple(v) for k, v in of_class.items()},
        {k: tuple(v) for k, v in of_property.items()},
        {k: tuple(v) for k, v in chains.items()},
        disjoint=tuple(_disjoint(triples, about)),
        irreflexive=_characterised(triples, "IrreflexiveProperty"),
        functional=_characterised(triples, "FunctionalProperty"),
    )


def _single(s: str, p: str, o: str) -> Iterator[Axiom]:
    if p == RDF_TYPE and o in _CHARACTERISTICS:
        yield Axiom(_CHARACTERISTICS[o], Iri(s))
    elif p in _PAIRWISE and not s.startswith(_ANONYMOUS) and not o.startswith(_ANONYMOUS) and o != _THING:
        rule, both_ways = _PAIRWISE[p]
        if s != o or rule == "inverse":
            yield Axiom(rule, Iri(s), (Iri(o),))
        if both_ways and s != o:
            yield Axiom(rule, Iri(s), (Iri(o),), turned=True)


def _check_known(s: str, p: str, o: str) -> None:
    term = o if p == RDF_TYPE else p
    known = term in _NO_RULE or term in _CHARACTERISTICS or term in _PAIRWISE or term == _CHAIN
    if term.startswith(OWL) and not known:
        raise DataError(f"the ontology uses {term} for {s}, for which there is no rule: add one, or take it out")


def _list(node: Node, about: Mapping[str, Mapping[str, Sequence[Node]]]) -> Iterator[Iri]:
    while isinstance(node, str) and node != _NIL:
        cell = about[node]
        if not cell.get(_FIRST) or not cell.get(_REST):
            raise DataError(f"the ontology has a list without an end at {node}")
        yield Iri(str(cell[_FIRST][0]))
        node = cell[_REST][0]


def _disjoint(
    triples: Sequence[Triple], about: Mapping[str, Mapping[str, Sequence[Node]]]
) -> Iterator[tuple[Iri, ...]]:
    for s, p, o in triples:
        if p == OWL + "disjointWith":
            yield (Iri(s), Iri(str(o)))
        elif p == OWL + "members":
            yield tuple(_list(o, about))


def _characterised(triples: Sequence[Triple], name: str) -> frozenset[Iri]:
    return frozenset(Iri(s) for s, p, o in triples if p == RDF_TYPE and o == OWL + name)


# -- applying -----------------------------------------------------------------------------------------------------


def materialise(axioms: Axioms, data: Iterable[ox.Quad]) -> Entailments:
    """Return what `axioms` entail of the triples of `data`, whatever their graphs."""
    about = relevant(axioms)
    return _Reasoner(axioms).run({_plain(quad) for quad in data if quad.predicate.value in about})


def relevant(axioms: Axioms) -> frozenset[str]:
    """Return what an axiom or constraint is about, properties among it."""
    return frozenset(
        {RDF_TYPE, *axioms.of_property, *axioms.chains, *axioms.irreflexive, *axioms.functional, *concluding(axioms)}
    )


class View(Protocol):
    """Triples to join with, by property: what comes after a subject, and before an object."""

    def after(self, prop: str, subject: str) -> Iterable[Node]:
        """Return the objects that `subject` has for `prop`."""

    def before(self, prop: str, value: Node) -> Iterable[str]:
        """Return the subjects that have `value` for `prop`."""


def consequences(triple: Triple, axioms: Axioms, view: View) -> Iterator[tuple[Triple, Derivation]]:
    """Yield what one axiom makes of `triple`, by itself or together with triples of `view`."""
    s, p, o = triple
    if p == RDF_TYPE:
        for axiom in axioms.of_class.get(o, ()) if isinstance(o, str) else ():
            yield (s, RDF_TYPE, axiom.subject if axiom.turned else axiom.values[0]), Derivation(axiom, (triple,))
        return
    for axiom in axioms.of_property.get(p, ()):
        other = axiom.subject if axiom.turned else (axiom.values[0] if axiom.values else p)
        match axiom.rule:
            case "subproperty":
                yield (s, other, o), Derivation(axiom, (triple,))
            case "domain":
                yield (s, RDF_TYPE, other), Derivation(axiom, (triple,))
            case "range" if isinstance(o, str):
                yield (o, RDF_TYPE, other), Derivation(axiom, (triple,))
            case "inverse" | "symmetric" if isinstance(o, str):
                yield (o, other, s), Derivation(axiom, (triple,))
            case "transitive" if isinstance(o, str):
                for end in view.after(p, o):
                    yield (s, p, end), Derivation(axiom, (triple, (o, p, end)))
                for start in view.before(p, s):
                    yield (start, p, o), Derivation(axiom, ((start, p, s), triple))
            case _:
                pass  # a literal is the subject of nothing
    for axiom, place in axioms.chains.get(p, ()):
        yield from _completed(triple, axiom, place, view)


def _completed(triple: Triple, axiom: Axiom, place: int, view: View) -> Iterator[tuple[Triple, Derivation]]:
    """Yield the chains in which `triple` is the link at `place`; what leads back to its start says nothing."""
    paths: list[tuple[Triple, ...]] = [(triple,)]
    for step in axiom.values[place + 1 :]:
        paths = [
            (*path, (end, step, o))
            for path in paths
            if isinstance(end := path[-1][2], str)
            for o in view.after(step, end)
        ]
    for step in reversed(axiom.values[:place]):
        paths = [((s, step, path[0][0]), *path) for path in paths for s in view.before(step, path[0][0])]
    for path in paths:
        if path[0][0] != path[-1][2]:
            yield (path[0][0], axiom.subject, path[-1][2]), Derivation(axiom, path)


def concluding(axioms: Axioms) -> dict[str, list[Axiom]]:
    """Return the axioms by the class or property that their conclusion is about."""
    found: dict[str, list[Axiom]] = defaultdict(list)
    for axiom in axioms.all():
        own = axiom.rule in {"symmetric", "transitive", "chain"} or axiom.turned
        found[axiom.subject if own else axiom.values[0]].append(axiom)
    return found


def derivations(triple: Triple, axioms: Mapping[str, Sequence[Axiom]], view: View) -> Iterator[Derivation]:
    """Yield each way one axiom (by `concluding`) may give `triple`; premises in the middle of a step may not hold."""
    _, p, o = triple
    for axiom in axioms.get(str(o) if p == RDF_TYPE else p, ()):
        yield from (Derivation(axiom, premises) for premises in _premises(axiom, triple, view))


def _premises(axiom: Axiom, triple: Triple, view: View) -> Iterator[tuple[Triple, ...]]:
    s, p, o = triple
    start = axiom.values[0] if axiom.turned else axiom.subject
    match axiom.rule:
        case "subclass":
            yield ((s, RDF_TYPE, start),)
        case "subproperty":
            yield ((s, start, o),)
        case "inverse" | "symmetric" if isinstance(o, str):
            yield ((o, start, s),)
        case "domain":
            yield from (((s, start, value),) for value in view.after(start, s))
        case "range":
            yield from (((before, start, s),) for before in view.before(start, s))
        case "transitive":
            for middle in view.after(p, s):
                if isinstance(middle, str) and middle not in (s, o):
                    yield (s, p, middle), (middle, p, o)
        case "chain" if s != o:
            yield from _paths(axiom.values, s, o, view)
        case _:
            return


def _paths(steps: Sequence[Iri], s: str, o: Node, view: View) -> Iterator[tuple[Triple, ...]]:
    if len(steps) == 1:
        yield ((s, steps[0], o),)
        return
    for middle in view.after(steps[0], s):
        if isinstance(middle, str):
            yield from (((s, steps[0], middle), *rest) for rest in _paths(steps[1:], middle, o, view))


class _Reasoner:
    """Forward chaining: each triple is looked at once, and joined with those that were looked at before it."""

    def __init__(self, axioms: Axioms) -> None:
        self._axioms = axioms
        self._derived: dict[Triple, Derivation] = {}
        self._todo: deque[Triple] = deque()
        self._after: dict[str, dict[str, list[Node]]] = defaultdict(lambda: defaultdict(list))
        self._before: dict[str, dict[Node, list[str]]] = defaultdict(lambda: defaultdict(list))
        transitive = {p for p, found in axioms.of_property.items() if any(a.rule == "transitive" for a in found)}
        self._joined = transitive | set(axioms.chains)

    def after(self, prop: str, subject: str) -> Sequence[Node]:
        return self._after[prop].get(subject, ())

    def before(self, prop: str, value: Node) -> Sequence[str]:
        return self._before[prop].get(value, ())

    def run(self, given: set[Triple]) -> Entailments:
        self._todo.extend(sorted(given, key=_sort_key))
        while self._todo:
            triple = self._todo.popleft()
            s, p, o = triple
            if p in self._joined:
                self._after[p][s].append(o)
                self._before[p][o].append(s)
            for conclusion, derivation in consequences(triple, self._axioms, self):
                if conclusion not in given and conclusion not in self._derived:
                    self._derived[conclusion] = derivation
                    self._todo.append(conclusion)
        return Entailments(self._derived, frozenset(given))


# -- constraints --------------------------------------------------------------------------------------------------


def find_violations(axioms: Axioms, entailments: Entailments) -> list[Violation]:
    """Return where given and entailed triples break a constraint of the ontology."""
    types: dict[str, set[str]] = defaultdict(set)
    values: dict[tuple[str, str], set[Node]] = defaultdict(set)
    found = []
    for s, p, o in sorted({*entailments.given, *entailments.derived}, key=_sort_key):
        if p == RDF_TYPE and isinstance(o, str):
            types[s].add(o)
        elif p in axioms.irreflexive and s == o:
            found.append(Violation("irreflexive", s, ((s, p, o),)))
        if p in axioms.functional:
            values[s, p].add(o)
    for node, classes in types.items():
        for group in axioms.disjoint:
            clash = sorted(classes & set(group))
            if len(clash) > 1:
                found.append(Violation("disjoint", node, tuple((node, RDF_TYPE, one) for one in clash)))
    for (node, prop), objects in values.items():
        if len(objects) > 1:
            triples: list[Triple] = [(node, prop, o) for o in objects]
            found.append(Violation("functional", node, tuple(sorted(triples, key=_sort_key))))
    return found


# -- terms --------------------------------------------------------------------------------------------------------


def triple_of(quad: ox.Quad | ox.Triple) -> Triple:
    """Return a quad's triple in the form used here."""
    return _plain(quad)


def _plain(quad: ox.Quad | ox.Triple) -> Triple:
    if not isinstance(quad.subject, ox.NamedNode):
        raise DataError(f"only nodes with an IRI can be reasoned over, and this one has none: {quad.subject}")
    o = quad.object
    if isinstance(o, ox.NamedNode):
        return quad.subject.value, quad.predicate.value, o.value
    if isinstance(o, ox.Literal):
        return quad.subject.value, quad.predicate.value, o
    raise DataError(f"only nodes with an IRI can be reasoned over, and this one has none: {o}")


def term_of(node: Node) -> ox.NamedNode | ox.Literal:
    """Return a node as the store has it."""
    return ox.NamedNode(node) if isinstance(node, str) else node


def _sort_key(triple: Triple) -> tuple[str, str, str]:
    s, p, o = triple
    return s, p, o if isinstance(o, str) else str(o)
