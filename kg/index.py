"""What a register must find again when a document changes: an index beside the store, never part of what it says.

A named graph a document holds what its entities are compared by, who it says holds which office, what its claims name,
the unit of facts that each of them belongs to, and what its text is compared by. The default graph holds what was
concluded for each unit: its facts, what they make hold, and on which days to come they turn; and once, however many
documents tell it, who holds which office.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final

import pyoxigraph as ox

from kg.agreements import AGREEMENT_ACTS, parties_of
from kg.entities import keys_of, offices_told
from kg.ids import claim_iri, digest, document_graph, document_id, document_iri
from kg.model import Claim, Extraction, Fact, Iri, Knowledge
from kg.speakers import speaking
from kg.vocab import AGREEMENT, GRAPH, chy
from kg.wires import bands

_BASE: Final = GRAPH + "index#"
# Of documents.
KEY: Final = ox.NamedNode(_BASE + "key")  # entity -> what it is compared by
HOLDS: Final = ox.NamedNode(_BASE + "holds")  # entity -> office and body
HELD_BY: Final = ox.NamedNode(_BASE + "heldBy")  # body -> entity
SPEAKS_FOR: Final = ox.NamedNode(_BASE + "speaksFor")  # entity -> body
NAMES: Final = ox.NamedNode(_BASE + "names")  # claim -> entity
TOLD: Final = (HOLDS, HELD_BY, SPEAKS_FOR)
UNIT: Final = ox.NamedNode(_BASE + "unit")  # claim -> unit
BAND: Final = ox.NamedNode(_BASE + "band")  # document -> band of its signature
TEXT: Final = ox.NamedNode(_BASE + "text")  # document -> SHA-256 of its text
SIGNATURE: Final = ox.NamedNode(_BASE + "signature")  # document -> signature of its text
PUBLISHED: Final = ox.NamedNode(_BASE + "published")  # document -> last day on which it may have been published
# Of conclusions.
FACT: Final = ox.NamedNode(_BASE + "fact")  # unit -> fact
MAKES: Final = ox.NamedNode(_BASE + "makes")  # unit -> triple that holds
PARTIES: Final = ox.NamedNode(_BASE + "parties")  # unit -> parties of an agreement
TURNS: Final = ox.NamedNode(_BASE + "turns")  # unit -> day
REJECTED: Final = ox.NamedNode(_BASE + "rejected")  # unit -> fact that breaks a shape
STATES: Final = ox.NamedNode(_BASE + "states")  # the register -> what it was concluded with, by name
REGISTER: Final = ox.NamedNode(_BASE + "register")

Node = ox.NamedNode | ox.Literal


class Index:
    """Reads and writes the index."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store

    # -- reading --------------------------------------------------------------------------------------------------

    def values(self, subject: str, predicate: ox.NamedNode) -> set[str]:
        """Return what stands beside a node, in any graph."""
        return {_text(q.object) for q in self._store.quads_for_pattern(ox.NamedNode(subject), predicate, None, None)}

    def subjects(self, predicate: ox.NamedNode, value: str, *, literal: bool = False) -> set[str]:
        """Return the nodes that have a value."""
        node = ox.Literal(value) if literal else ox.NamedNode(value)
        return {_text(q.subject) for q in self._store.quads_for_pattern(None, predicate, node, None)}

    def documents(self, predicate: ox.NamedNode, value: str, *, literal: bool = False) -> set[str]:
        """Return the ids of documents in whose graph some node has a value."""
        node = ox.Literal(value) if literal else ox.NamedNode(value)
        found = self._store.quads_for_pattern(None, predicate, node, None)
        return {document_id(_text(q.graph_name)) for q in found if isinstance(q.graph_name, ox.NamedNode)}

    def claims_naming(self, entity: str) -> list[tuple[str, str]]:
        """Return the claims that name an entity, each after its document."""
        return self._with_document(NAMES, ox.Literal(entity))

    def claims_of(self, unit: str) -> list[tuple[str, str]]:
        """Return the claims of a unit, each after its document."""
        return self._with_document(UNIT, ox.NamedNode(unit))

    def homes(self, entity: str) -> list[str]:
        """Return the documents that speak of an entity that reference data does not know."""
        found = self._store.quads_for_pattern(ox.NamedNode(entity), KEY, None, None)
        return sorted({document_id(_text(q.graph_name)) for q in found})

    def _with_document(self, predicate: ox.NamedNode, value: Node) -> list[tuple[str, str]]:
        found = self._store.quads_for_pattern(None, predicate, value, None)
        return [(document_id(_text(q.graph_name)), _text(q.subject)) for q in found]

    def all(self, predicate: ox.NamedNode) -> Iterator[tuple[str, str]]:
        """Yield all nodes that have such a value, with it."""
        return ((_text(q.subject), _text(q.object)) for q in self._store.quads_for_pattern(None, predicate, None, None))

    def of_document(self, document: str, predicate: ox.NamedNode) -> set[tuple[str, str]]:
        """Return the nodes of a document that have such a value, with it."""
        graph = ox.NamedNode(document_graph(document))
        return {
            (_text(q.subject), _text(q.object)) for q in self._store.quads_for_pattern(None, predicate, None, graph)
        }

    def state(self, name: str) -> str | None:
        """Return what the register was concluded with."""
        found = [v.removeprefix(f"{name} ") for v in self.values(REGISTER.value, STATES) if v.startswith(f"{name} ")]
        return found[0] if found else None

    # -- writing --------------------------------------------------------------------------------------------------

    def clear(self) -> None:
        """Take out everything."""
        self._store.clear()

    def put_document(self, document: str, quads: Iterable[ox.Quad]) -> None:
        """Put what is known of a document in the place of what was."""
        graph = ox.NamedNode(document_graph(document))
        old = {q for told in TOLD for q in self._store.quads_for_pattern(None, told, None, graph)}
        self._store.remove_graph(graph)
        new = list(quads)
        self._store.extend(new)
        self._store.extend(ox.Quad(q.subject, q.predicate, q.object) for q in new if q.predicate in TOLD)
        for quad in old:
            if not self.told_by(quad):
                self._store.remove(ox.Quad(quad.subject, quad.predicate, quad.object))

    def told_by(self, quad: ox.Quad) -> bool:
        """Tell whether some document says who holds an office as `quad` does."""
        found = self._store.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)
        return any(isinstance(q.graph_name, ox.NamedNode) for q in found)

    def told(self, subject: str, predicate: ox.NamedNode) -> set[str]:
        """Return what documents together tell of the office of a node."""
        found = self._store.quads_for_pattern(ox.NamedNode(subject), predicate, None, ox.DefaultGraph())
        return {_text(q.object) for q in found}

    def put_unit(self, unit: str, values: Iterable[tuple[ox.NamedNode, Node]]) -> None:
        """Put what was concluded for a unit in the place of what was before."""
        node = ox.NamedNode(unit)
        old = set(self._store.quads_for_pattern(node, None, None, ox.DefaultGraph()))
        new = {ox.Quad(node, predicate, value) for predicate, value in values}
        for quad in old - new:
            self._store.remove(quad)
        self._store.extend(new - old)

    def put_claim_unit(self, document: str, claim: str, unit: str) -> None:
        """Move a claim to a unit."""
        graph, node = ox.NamedNode(document_graph(document)), ox.NamedNode(claim)
        for quad in list(self._store.quads_for_pattern(node, UNIT, None, graph)):
            self._store.remove(quad)
        self._store.add(ox.Quad(node, UNIT, ox.NamedNode(unit), graph))

    def put_states(self, states: Iterable[tuple[str, str | None]]) -> None:
        """Put what the register was concluded with in the place of what was."""
        found = [(STATES, ox.Literal(f"{name} {value}")) for name, value in states if value is not None]
        self.put_unit(REGISTER.value, found)


def unit_iri(unit: str) -> str:
    """Return the node of a unit (`kg.facts.unit_of`)."""
    return f"{_BASE}unit/{unit}"


def turning_days(fact: Fact) -> set[str]:
    """Return the days after the publication of its documents on which the standing of a fact may change."""
    return {
        day for m in fact.moments for day in (m.earliest, m.latest) if day is not None and day > (m.published or "")
    }


def unit_values(
    facts: Iterable[Fact],
    direct: Mapping[Iri, Sequence[ox.Quad]],
    rejected: Collection[str],
    knowledge: Knowledge,
) -> Iterator[tuple[ox.NamedNode, Node]]:
    """Yield what the index keeps of a unit with these facts; `direct`: what each makes hold."""
    for fact in facts:
        yield FACT, ox.NamedNode(fact.id)
        if fact.id in rejected:
            yield REJECTED, ox.NamedNode(fact.id)
        for quad in direct.get(fact.id, ()):
            yield MAKES, ox.Literal(triple_text(quad))
        for day in turning_days(fact):
            yield TURNS, ox.Literal(day)
        parties = agreement_parties(fact, knowledge)
        if parties is not None:
            yield PARTIES, ox.Literal(parties)


def agreement_parties(fact: Fact, knowledge: Knowledge) -> str | None:
    """Return the digest of the parties that tie a signing and the other acts of an agreement; None for other facts."""
    made = knowledge.frames[fact.frame].individual_class
    if made is None or (made not in AGREEMENT_ACTS and chy(made) != AGREEMENT):
        return None
    return digest(sorted(parties_of(fact, knowledge, key_only=chy(made) == AGREEMENT)))


def triple_text(quad: ox.Quad) -> str:
    """Return a triple as N-Triples has it."""
    return str(quad.triple)


def document_index(
    extraction: Extraction, units: dict[str, str], knowledge: Knowledge, published: str | None
) -> list[ox.Quad]:
    """Return the index of one document with the claims that count; `units`: the unit of each claim by its id."""
    document = extraction.document
    graph = ox.NamedNode(document_graph(document.id))
    me = document_iri(document.id)
    out: dict[ox.Quad, None] = {}

    def add(subject: str, predicate: ox.NamedNode, value: Node) -> None:
        out[ox.Quad(ox.NamedNode(subject), predicate, value, graph)] = None

    add(me, TEXT, ox.Literal(document.sha256))
    if published is not None and extraction.claims:
        add(me, PUBLISHED, ox.Literal(published))
    if extraction.signature:
        add(me, SIGNATURE, ox.Literal(extraction.signature))
    for band in bands(extraction.signature):
        add(me, BAND, ox.Literal(band))
    for entity in extraction.entities:
        for key in sorted(keys_of(entity)):
            add(entity.id, KEY, ox.Literal(key))
    for holder, office, of in offices_told(extraction.claims, knowledge):
        add(holder, HOLDS, ox.Literal(f"{office} {of}"))
        add(of, HELD_BY, ox.NamedNode(holder))
    for holder, of in speaking(extraction.claims, knowledge):
        add(holder, SPEAKS_FOR, ox.NamedNode(of))
    for claim in extraction.claims:
        node = claim_iri(claim.id)
        if claim.id in units:
            add(node, UNIT, ox.NamedNode(units[claim.id]))
        for named in entities_of(claim):
            add(node, NAMES, ox.Literal(named))
    return list(out)


def entities_of(claim: Claim) -> set[Iri]:
    """Return all that a claim names: fillers, who says it, and whose organs they are."""
    fillers = [filler for _, several in claim.roles for filler in several]
    fillers += [claim.attribution] if claim.attribution is not None else []
    return {f.id for f in fillers} | {f.organ_of for f in fillers if f.organ_of is not None}


def _text(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else ""
