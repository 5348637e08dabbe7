"""Everything concluded anew in parts, so that memory holds a part and a few numbers of each document, never all.

The way is that of `kg.conclusions`, and so is the result. Each document is looked at once: it goes into the index, and
its entities and claims are put aside. Then entities are joined, part by part, with all that they may be joined with in
one part; claims go to their units, and units to parts; the facts of each part are made, judged and written, and those
of agreements put aside again, until all of the same parties are together. What follows is drawn last, in the store.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from typing import Any, Protocol

import pyoxigraph as ox

from kg import index as ix
from kg.agreements import with_agreements
from kg.conclusions import Grounds, held_anyway
from kg.decisions import Decisions, EntityDecision
from kg.direct import direct_by_fact
from kg.entailment import materialise
from kg.entities import join_mentions, keys_of, offices_told
from kg.facts import fuse, unit_of
from kg.ids import claim_iri, document_graph
from kg.index import Index, unit_iri
from kg.joined import Joined
from kg.linked import Linked
from kg.model import Claim, Entity, Extraction, Fact, Iri, Knowledge
from kg.rdf import entity_quads, fact_quads, stance_quads
from kg.standing import last_day
from kg.upkeep import Upkeep
from kg.vocab import GRAPH_DIRECT, GRAPH_ENTITIES, GRAPH_FACTS, GRAPH_INFERRED
from kg.wires import alike, bands

PART = 2000  # claims, mentions or facts in a part; more where they hang together
_AT_ONCE = 50_000  # quads written at a time
_REMEMBERED = 100_000  # what entities are joined into, as it was looked up

# What is being done, how much of it is done, and how much there is, where that is known.
Told = Callable[[str, int, int | None], None]
Office = tuple[Iri, Iri, Iri]


class Spool(Protocol):
    """Keeps records by part until that part is worked on."""

    def put(self, part: int, record: Any) -> None:
        """Put a record aside."""

    def take(self, part: int) -> Iterator[Any]:
        """Yield the records of a part in the order they came in, and forget them."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How many facts there are, and which break a shape."""

    facts: int
    rejected: tuple[str, ...]


def rebuild_in_parts(
    store: ox.Store,
    index: ox.Store,
    extractions: Iterable[Extraction],
    grounds: Grounds,
    decisions: Decisions,
    spool: Callable[[str], Spool],
    told: Told,
    *,
    size: int = PART,
) -> Rebuilt:
    """Conclude everything anew, and write it to `store` and `index`, whatever they held; `spool` makes one by name."""
    return _Rebuild(store, index, grounds, decisions, spool, told, size).run(extractions)


class _Rebuild:
    """One rebuilding at work."""

    def __init__(
        self,
        store: ox.Store,
        index: ox.Store,
        grounds: Grounds,
        decisions: Decisions,
        spool: Callable[[str], Spool],
        told: Told,
        size: int,
    ) -> None:
        self.store, self.grounds, self.knowledge = store, grounds, grounds.knowledge
        self.decisions, self.spool, self.told, self.size = decisions, spool, told, size
        self.index = Index(index)
        self.index_out, self.out = _Bulk(index), _Bulk(store)
        self.joined = _Remembering(store, self.index, self.knowledge)
        self.partners = {iri for decision in decisions.entities for iri in decision.entities}
        self.day: str | None = None
        self.claims = self.facts = 0
        self.rejected: list[str] = []

    def run(self, extractions: Iterable[Extraction]) -> Rebuilt:
        clear(self.store)
        self.index.clear()
        entities, claims, stories = self._look_at(extractions)
        self._join(entities)
        parts = max(1, -(-self.claims // self.size))
        units = self._to_units(claims, stories, parts)
        agreements, tied = self._fuse(units, parts)
        self._tie(agreements, tied)
        self.out.extend(held_anyway(self.grounds, self.day))
        self.out.flush()
        states = (("day", self.day), ("facts", str(self.facts)), ("decisions", self.decisions.text))
        self.index.put_states(states)
        self._infer()
        return Rebuilt(self.facts, tuple(sorted(self.rejected)))

    # -- documents ------------------------------------------------------------------------------------------------

    def _look_at(self, extractions: Iterable[Extraction]) -> tuple[Spool, Spool, dict[str, str]]:
        """Put documents into the index; put aside their entities with the offices told, and their claims."""
        entities, claims, stories = self.spool("entities"), self.spool("claims"), _Stories(self.index)
        for number, extraction in enumerate(map(self.decisions.counting, extractions)):
            self.told("concluding: documents", number, None)
            day = last_day(extraction.claims)
            self.day = max(filter(None, (self.day, day)), default=None)
            for quad in ix.document_index(extraction, {}, self.knowledge, day):
                self.index_out.add(quad)
                if quad.predicate in ix.TOLD:
                    self.index_out.add(ox.Quad(quad.subject, quad.predicate, quad.object))
            entities.put(0, (extraction.entities, list(offices_told(extraction.claims, self.knowledge))))
            claims.put(0, (extraction.claims, extraction.document.publisher))
            self.claims += len(extraction.claims)
            stories.add(extraction)
        self.index_out.flush()
        return entities, claims, stories.firsts()

    # -- entities -------------------------------------------------------------------------------------------------

    def _join(self, aside: Spool) -> None:
        """Join entities: those that may be joined, and who is told to hold an office of them, in one part."""
        linked, again, sorted_out = Linked(), self.spool("entities-again"), self.spool("entities-by-part")
        for decision in self.decisions.entities:
            linked.add(_me(iri) for iri in decision.entities)
            again.put(0, decision)
        for entity in self.knowledge.entities.values():
            linked.add((_me(entity.id), *keys_of(entity)))
        first = len(linked)
        for entities, offices in aside.take(0):
            for entity in entities:
                linked.add((_me(entity.id), *keys_of(entity)))
                again.put(0, entity)
            for holder, office, of in offices:
                linked.add([_me(holder), _me(of)] if self._may_move(of) else [_me(holder)])
                again.put(0, (holder, office, of))
        part_of = linked.parts(self.size)
        decided = len(self.decisions.entities)
        numbers = (number for number in range(len(linked)) if number < decided or number >= first)
        for number, record in zip(numbers, again.take(0), strict=True):
            sorted_out.put(part_of[number], record)
        parts = max(part_of, default=-1) + 1
        for part in range(parts):
            self.told("concluding: names", part, parts)
            self._join_part(list(sorted_out.take(part)))
        self.out.flush()

    def _may_move(self, body: Iri) -> bool:
        return body not in self.knowledge.entities or body in self.partners

    def _join_part(self, records: Sequence[Entity | Office | EntityDecision]) -> None:
        if records:
            mentions = [r for r in records if isinstance(r, Entity)]
            offices = [r for r in records if isinstance(r, tuple)]
            decisions = Decisions(tuple(r for r in records if isinstance(r, EntityDecision)))
            self.out.extend(entity_quads(join_mentions(mentions, offices, self.knowledge, decisions)))

    # -- facts ----------------------------------------------------------------------------------------------------

    def _to_units(self, aside: Spool, stories: dict[str, str], parts: int) -> Spool:
        """Put each claim, with its unit and what fusion must know of its document, to those of its unit's part."""
        units = self.spool("units")
        done = 0
        for claims, publisher in aside.take(0):
            self.told("concluding: claims", done, self.claims)
            done += len(claims)
            for claim in claims:
                unit = unit_of(claim, self.knowledge, self.joined)
                graph = ox.NamedNode(document_graph(claim.document))
                node = ox.NamedNode(unit_iri(unit))
                self.index_out.add(ox.Quad(ox.NamedNode(claim_iri(claim.id)), ix.UNIT, node, graph))
                story = stories.get(claim.document, claim.document)
                units.put(int(unit, 16) % parts, (unit_iri(unit), claim, publisher, story))
        self.index_out.flush()
        return units

    def _fuse(self, units: Spool, parts: int) -> tuple[Spool, Linked]:
        """Make the facts of each part; return those of agreements, which wait for others of the same parties."""
        aside, tied = self.spool("agreements"), Linked()
        for part in range(parts):
            self.told("concluding: facts", part, parts)
            homes: dict[str, str] = {}
            claims: list[Claim] = []
            outlets: dict[str, str | None] = {}
            texts: dict[str, str] = {}
            for unit, claim, publisher, story in units.take(part):
                homes[claim.id] = unit
                claims.append(claim)
                texts[claim.document] = story
                if publisher:
                    outlets[claim.document] = publisher
            facts = fuse(
                claims,
                self.knowledge,
                self.joined,
                outlets=outlets,
                texts=texts,
                ending=self.grounds.ending,
                told=self.joined.told_by_speakers(claims),
            )
            rejected = self._write_facts(facts, claims)
            alone = []
            for fact in facts:
                unit = homes[(fact.supporting or fact.opposing)[0]]
                parties = ix.agreement_parties(fact, self.knowledge)
                if parties is None:
                    alone.append((unit, fact, fact.id in rejected))
                else:
                    tied.add((unit, parties))
                    aside.put(0, (unit, replace(fact, agreement=None), fact.id in rejected))
            self._write_what_holds(alone)
        return aside, tied

    def _write_facts(self, facts: Sequence[Fact], claims: Sequence[Claim]) -> set[str]:
        """Write facts; return those that break a shape."""
        quads = fact_quads(facts, self.knowledge)
        self.out.extend(quads)
        self.facts += len(facts)
        rejected = self.grounds.gate([*quads, *self.joined.types(facts), *stance_quads(claims)]) if facts else set()
        self.rejected += rejected
        return rejected

    def _tie(self, aside: Spool, tied: Linked) -> None:
        """Tie the acts of agreements to their signings, and write what holds by them."""
        part_of, by_part = tied.parts(self.size), self.spool("agreements-by-part")
        for number, record in enumerate(aside.take(0)):
            by_part.put(part_of[number], record)
        parts = max(part_of, default=-1) + 1
        for part in range(parts):
            self.told("concluding: agreements", part, parts)
            records = list(by_part.take(part))
            facts = {f.id: f for f in with_agreements({f.id: f for _, f, _ in records}, self.knowledge)}
            self._write_what_holds([(unit, facts[fact.id], bad) for unit, fact, bad in records])

    def _write_what_holds(self, found: Sequence[tuple[str, Fact, bool]]) -> None:
        rejected = {fact.id for _, fact, bad in found if bad}
        direct = direct_by_fact([f for _, f, _ in found if f.id not in rejected], self.knowledge, self.day)
        for quads in direct.values():
            self.out.extend(quads)
        by_unit: dict[str, list[Fact]] = defaultdict(list)
        for unit, fact, _ in found:
            by_unit[unit].append(fact)
        for unit, facts in by_unit.items():
            for predicate, value in ix.unit_values(facts, direct, rejected, self.knowledge):
                self.index_out.add(ox.Quad(ox.NamedNode(unit), predicate, value))
        self.index_out.flush()

    # -- what follows ---------------------------------------------------------------------------------------------

    def _infer(self) -> None:
        """Draw what follows: from what is known anyway in memory, from the rest in the store."""
        anyway = [*self.grounds.reference, *held_anyway(self.grounds, self.day)]
        known = materialise(self.grounds.axioms, anyway).derived
        upkeep = Upkeep(self.store, self.grounds.axioms)
        upkeep.begin(known)
        upkeep.go_on(self._given())

    def _given(self) -> Iterator[ox.Quad]:
        done = 0
        for graph in (GRAPH_ENTITIES, GRAPH_DIRECT):
            for quad in self.store.quads_for_pattern(None, None, None, ox.NamedNode(graph)):
                self.told("concluding: what follows", done, None)
                done += 1
                yield quad


def clear(store: ox.Store) -> None:
    """Take out all that was concluded: a large graph quad by quad, since a transaction would hold it in memory."""
    for graph in map(ox.NamedNode, (GRAPH_ENTITIES, GRAPH_FACTS, GRAPH_DIRECT, GRAPH_INFERRED)):
        if sum(1 for _ in islice(store.quads_for_pattern(None, None, None, graph), _AT_ONCE + 1)) > _AT_ONCE:
            for quad in store.quads_for_pattern(None, None, None, graph):
                store.remove(quad)
        store.remove_graph(graph)


def _me(iri: str) -> str:
    """Return the key by which all that is told of an entity hangs together with it."""
    return f"id {iri}"


class _Remembering(Joined):
    """Entities as they are joined, once that is settled: what was looked up is remembered."""

    def __init__(self, store: ox.Store, index: Index, knowledge: Knowledge) -> None:
        super().__init__(store, index, knowledge)
        self._remembered = lru_cache(_REMEMBERED)(super().representative)

    def representative(self, iri: Iri) -> Iri:
        """Return what the store has an entity joined into."""
        return self._remembered(iri)


class _Bulk:
    """Writes quads past the transaction, which would hold them in memory, some thousand at a time."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store
        self._quads: list[ox.Quad] = []

    def add(self, quad: ox.Quad) -> None:
        """Write a quad, at the latest at the next `flush`."""
        self._quads.append(quad)
        if len(self._quads) >= _AT_ONCE:
            self.flush()

    def extend(self, quads: Iterable[ox.Quad]) -> None:
        """Write quads, at the latest at the next `flush`."""
        for quad in quads:
            self.add(quad)

    def flush(self) -> None:
        """Write what waits."""
        if self._quads:
            self._store.bulk_extend(self._quads)
            self._quads = []


class _Stories:
    """Documents of one wire story."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._ids: list[str] = []
        self._same, self._bands = Linked(), Linked()
        self._sign = lru_cache(_REMEMBERED // 10)(self._look_up)

    def add(self, extraction: Extraction) -> None:
        """Add a document, which is to be in the index by `firsts`."""
        self._ids.append(extraction.document.id)
        self._same.add((extraction.document.sha256,))
        self._bands.add(bands(extraction.signature))

    def firsts(self) -> dict[str, str]:
        """Return for each document that is not the first of its story which one is."""
        self._same.follow()
        for sharing in self._bands.sharing():
            for at, one in enumerate(sharing):
                for two in sharing[at + 1 :]:
                    if self._same.top(one) != self._same.top(two) and alike(self._sign(one), self._sign(two)):
                        self._same.link(one, two)
        firsts: dict[int, str] = {}
        for number, document in enumerate(self._ids):
            top = self._same.top(number)
            firsts[top] = min(document, firsts.get(top, document))
        tops = ((document, firsts[self._same.top(number)]) for number, document in enumerate(self._ids))
        return {document: first for document, first in tops if first != document}

    def _look_up(self, number: int) -> str:
        return next((sign for _, sign in self._index.of_document(self._ids[number], ix.SIGNATURE)), "")
