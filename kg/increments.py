"""A register brought up to date: what changed documents bear on is concluded again, and nothing else.

The way is that of `kg.conclusions`, and so is the result: entities that share a key with those of changed documents are
joined again; units of facts with a claim that changed, or whose entities, speakers or wire groups did, are fused again;
of what holds and follows, the difference is made. What a change touches is found in the index (`kg.index`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pyoxigraph as ox

from kg import index as ix
from kg.conclusions import Concluded, Grounds, conclude, held_anyway, outlets_of
from kg.decisions import Decisions
from kg.direct import direct_by_fact, terms_that_turn
from kg.entities import join_mentions, keys_of, office_frames
from kg.facts import fuse, unit_digest, unit_of
from kg.gradual import clear
from kg.ids import claim_iri, document_iri
from kg.index import Index, unit_iri
from kg.joined import Joined
from kg.model import Claim, Extraction, Fact, Iri
from kg.rdf import entity_quads, fact_quads, stance_quads
from kg.standing import last_day
from kg.upkeep import Upkeep
from kg.vocab import (
    GRAPH_DIRECT,
    GRAPH_ENTITIES,
    GRAPH_FACTS,
    HOLDER,
    JOINED_INTO,
    OF,
    OFFICE,
    POSSIBLY_SAME,
)
from kg.wires import alike

# Ids of documents -> what was read in them; those that are not in the register are left out.
Load = Callable[[Iterable[str]], Iterable[Extraction]]
_ENTITIES, _FACTS, _DIRECT = (ox.NamedNode(graph) for graph in (GRAPH_ENTITIES, GRAPH_FACTS, GRAPH_DIRECT))


def rebuild(
    store: ox.Store, index: ox.Store, extractions: Sequence[Extraction], grounds: Grounds, decisions: Decisions
) -> Concluded:
    """Conclude everything anew, and write it to `store` and `index`, whatever they held."""
    found = conclude(extractions, grounds, decisions)
    # One graph after the other, and past the transaction, which would hold a whole graph in memory: a draft needs none.
    clear(store)
    store.bulk_extend(found.entity_quads)
    store.bulk_extend(found.fact_quads)
    store.bulk_extend(found.direct_quads)
    store.bulk_extend(found.entailments.quads())
    index.clear()
    index.bulk_extend(_index_quads(extractions, found, decisions))
    return found


def _index_quads(extractions: Iterable[Extraction], found: Concluded, decisions: Decisions) -> Iterable[ox.Quad]:
    knowledge, told = found.grounds.knowledge, ix.TOLD
    units: dict[str, str] = {}
    for extraction in map(decisions.counting, extractions):
        own = {c.id: unit_iri(unit_of(c, knowledge, found.joins)) for c in extraction.claims}
        units |= own
        for quad in ix.document_index(extraction, own, knowledge, last_day(extraction.claims)):
            yield quad
            if quad.predicate in told:
                yield ox.Quad(quad.subject, quad.predicate, quad.object)
    by_unit: dict[str, list[Fact]] = defaultdict(list)
    for fact in found.facts:
        by_unit[units[_a_claim(fact)]].append(fact)
    for unit, facts in by_unit.items():
        for predicate, value in ix.unit_values(facts, found.direct, found.rejected, knowledge):
            yield ox.Quad(ox.NamedNode(unit), predicate, value)
    for name, state in (("day", found.day), ("facts", str(len(found.facts))), ("decisions", decisions.text)):
        if state is not None:
            yield ox.Quad(ix.REGISTER, ix.STATES, ox.Literal(f"{name} {state}"))


def _a_claim(fact: Fact) -> str:
    return (fact.supporting or fact.opposing)[0]


@dataclass(frozen=True, slots=True)
class Updated:
    """What an update did: how many facts there are, which break a shape, how many units it touched; quads come in."""

    facts: int
    rejected: tuple[str, ...]
    units: int
    quads: int


def update(
    store: ox.Store,
    index: ox.Store,
    changed: Mapping[str, Extraction | None],
    load: Load,
    grounds: Grounds,
    decisions: Decisions,
    before: Decisions,
) -> Updated | None:
    """Conclude what `changed` documents (None: removed) bear on; `before`: the decisions of the last time.

    `store` holds the graphs of the documents as they are now. None: this change is of a kind for which everything must
    be concluded anew (`rebuild`), and nothing was written.
    """
    return _Update(store, Index(index), load, grounds, decisions, before).run(changed)


class _Update:
    """One update at work."""

    def __init__(
        self, store: ox.Store, index: Index, load: Load, grounds: Grounds, decisions: Decisions, before: Decisions
    ) -> None:
        self.store, self.index, self.load = store, index, load
        self.grounds, self.knowledge = grounds, grounds.knowledge
        self.decisions, self.before = decisions, before
        self.loaded: dict[str, Extraction] = {}
        self.grown = 0
        self.removed: list[ox.Quad] = []
        self.added: list[ox.Quad] = []
        self.old_keys: dict[str, set[str]] = defaultdict(set)
        self.joined = Joined(store, self.index, self.knowledge)
        self.partners = _partners([*decisions.entities, *before.entities])

    def run(self, changed: Mapping[str, Extraction | None]) -> Updated | None:
        decided = self._newly_decided(changed)
        day = self.index.state("day")
        if decided is None or day is None:
            return None
        self.loaded |= {d: self.decisions.counting(e) for d, e in changed.items() if e is not None}
        changed = {**changed, **{document: self._counting([document]).get(document) for document in decided}}
        today = self._today(day, changed)
        if today is None:
            return None
        self.old_units = {unit for d in changed for _, unit in self.index.of_document(d, ix.UNIT)}
        wires = _Wires(self.index)
        stories = {document for d in changed for document in wires.story(d)}
        entities, speakers = self._reindex(changed)
        self.wires = _Wires(self.index)
        stories |= {document for d in changed for document in self.wires.story(d)}
        moved = self._join(entities)
        units = self._units(changed, stories, moved, speakers) | self._turned(day, today)
        return self._conclude(units, day, today)

    # -- what changed ---------------------------------------------------------------------------------------------

    def _newly_decided(self, changed: Collection[str]) -> set[str] | None:
        """Return the documents that decisions are newly on, or no more; None where a decision names no document."""
        found = set()
        for decision in set(self.decisions.claims) ^ set(self.before.claims):
            if decision.document is None:
                return None
            found.add(decision.document)
        if self.decisions.claims != self.before.claims and not found:
            return None  # the same ones in another order: of two on one claim the last counts
        return found - set(changed)

    def _counting(self, documents: Iterable[str]) -> dict[str, Extraction]:
        """Return what was read in documents, with the claims that count; read once."""
        wanted = set(documents)
        for extraction in self.load(sorted(wanted - self.loaded.keys())):
            self.loaded[extraction.document.id] = self.decisions.counting(extraction)
        return {document: self.loaded[document] for document in wanted if document in self.loaded}

    def _today(self, day: str, changed: Mapping[str, Extraction | None]) -> str | None:
        """Return the last day on which a document with claims was published, with the changes."""
        new = [d for document in changed if (e := self.loaded.get(document)) and (d := last_day(e.claims))]
        gone = {published for document in changed for _, published in self.index.of_document(document, ix.PUBLISHED)}
        if max(new, default="") >= day or day not in gone:
            return max([day, *new])
        there = {document_iri(document) for document in changed}
        others = [published for node, published in self.index.all(ix.PUBLISHED) if node not in there]
        return max([*others, *new], default=None)

    def _reindex(self, changed: Mapping[str, Extraction | None]) -> tuple[set[str], set[str]]:
        """Put the new documents into the index; return the entities to join again, and those that speak for others."""
        before: dict[ox.NamedNode, set[tuple[str, str]]] = {told: set() for told in (ix.HOLDS, ix.SPEAKS_FOR)}
        for document in changed:
            for entity, key in self.index.of_document(document, ix.KEY):
                self.old_keys[entity].add(key)
            for told, pairs in before.items():
                pairs |= self.index.of_document(document, told)
        entities = set(self.old_keys)
        known = {told: self._told_of(pairs, told) for told, pairs in before.items()}
        new = {told: set(pairs) for told, pairs in before.items()}
        for document in changed:
            extraction = self.loaded.get(document) if changed[document] is not None else None
            quads: list[ox.Quad] = []
            if extraction is not None:
                quads = ix.document_index(extraction, {}, self.knowledge, last_day(extraction.claims))
                entities |= {entity.id for entity in extraction.entities}
                for quad in quads:
                    for told in new:
                        if quad.predicate == told:
                            pair = (_value(quad.subject), _value(quad.object))
                            if pair not in known[told] and pair[1] not in self.index.told(pair[0], told):
                                new[told].add(pair)
            self.index.put_document(document, quads)
        differing = {
            told: {s for s, value in pairs if (value in self.index.told(s, told)) != ((s, value) in known[told])}
            for told, pairs in new.items()
        }
        decided = {iri for d in set(self.decisions.entities) ^ set(self.before.entities) for iri in d.entities}
        return entities | differing[ix.HOLDS] | decided, differing[ix.SPEAKS_FOR]

    def _told_of(self, pairs: set[tuple[str, str]], told: ox.NamedNode) -> set[tuple[str, str]]:
        return {(s, value) for s, value in pairs if value in self.index.told(s, told)}

    # -- entities -------------------------------------------------------------------------------------------------

    def _join(self, entities: set[str]) -> dict[str, str]:
        """Join again whatever `entities` may be joined with; return what moved, with what it was joined into."""
        near = self._near(entities)
        homes = {e: self.index.homes(e) for e in near}
        read = self._counting({d for documents in homes.values() for d in documents})
        mentions = [m for e in read.values() for m in e.entities if m.id in near]
        told = [
            (Iri(holder), Iri(office), Iri(of))
            for holder in near
            for pair in self.index.told(holder, ix.HOLDS)
            for office, of in [pair.split(" ", 1)]
        ]
        about = Decisions(tuple(d for d in self.decisions.entities if near & set(d.entities)))
        joins = join_mentions(mentions, told, self.knowledge, about)
        old = {quad for entity in near for quad in self._entity_quads(entity)}
        were = {_value(q.subject): _value(q.object) for q in old if q.predicate.value == JOINED_INTO}
        self._replace(old, set(entity_quads(joins)))
        return {
            entity: were.get(entity, entity)
            for entity in near
            if joins.representative(Iri(entity)) != were.get(entity, entity)
        }

    def _near(self, entities: set[str]) -> set[str]:
        """Return the entities that those may be joined with, by however many steps, and themselves."""
        todo, found, keys = list(entities), set[str](), set[str]()
        while todo:
            entity = todo.pop()
            if entity in found:
                continue
            found.add(entity)
            own = self.index.values(entity, ix.KEY) | self.old_keys.get(entity, set())
            known = self.knowledge.entities.get(Iri(entity))
            own |= keys_of(known) if known is not None else set()
            for key in own - keys:
                todo += self.index.subjects(ix.KEY, key, literal=True)
                todo += self._references.get(key, ())
            keys |= own
            todo += self.partners.get(entity, ())
            todo += self.joined.joined_with(entity)
            if self._may_move(entity):  # a body that may be joined anew: whose office is of it?
                todo += self.index.told(entity, ix.HELD_BY)
            bodies = (pair.split(" ", 1)[1] for pair in self.index.told(entity, ix.HOLDS))
            todo += (body for body in bodies if self._may_move(body))
        return found

    def _may_move(self, entity: str) -> bool:
        """Tell whether an entity may be joined into another: a reference entity only where a decision says so."""
        return entity not in self.knowledge.entities or entity in self.partners

    @cached_property
    def _references(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for entity in self.knowledge.entities.values():
            for key in keys_of(entity):
                found[key].append(entity.id)
        return found

    def _entity_quads(self, entity: str) -> Iterable[ox.Quad]:
        node = ox.NamedNode(entity)
        yield from self.store.quads_for_pattern(node, None, None, _ENTITIES)
        yield from self.store.quads_for_pattern(None, ox.NamedNode(POSSIBLY_SAME), node, _ENTITIES)

    # -- units ----------------------------------------------------------------------------------------------------

    def _units(
        self, changed: Mapping[str, Extraction | None], stories: set[str], moved: Mapping[str, str], speakers: set[str]
    ) -> set[str]:
        """Return the units to fuse again, and move claims to the units they now belong to."""
        told_anew = set(moved) | set(moved.values()) | speakers
        told_anew |= {h for e in moved for h in self.index.told(e, ix.HELD_BY)}
        told_anew |= {m for e in list(told_anew) for m in self.joined.joined_with(e)}
        told_anew |= {m for e in list(told_anew) for m in self.joined.joined_with(e)}
        claims: dict[str, set[str]] = defaultdict(set)
        for entity in told_anew:
            for document, node in self.index.claims_naming(entity):
                claims[document].add(node)
        for document in stories | set(changed):
            claims[document] |= {node for node, _ in self.index.of_document(document, ix.NAMES)}
        units = set(self.old_units)
        for document, extraction in self._counting(claims).items():
            old = dict(self.index.of_document(document, ix.UNIT))
            units |= {old[node] for node in claims[document] if node in old}
            for claim in extraction.claims:
                node = claim_iri(claim.id)
                if node in claims[document]:
                    unit = unit_iri(unit_of(claim, self.knowledge, self.joined))
                    units.add(unit)
                    if old.get(node) != unit:
                        self.index.put_claim_unit(document, node, unit)
        return units

    def _turned(self, day: str, today: str) -> set[str]:
        """Return the units that stand otherwise since the day the register stands at is another one."""
        if day == today:
            return set()
        first, last = sorted((day, today))
        units = {unit for unit, turn in self.index.all(ix.TURNS) if first < turn <= last}
        for term in terms_that_turn(self.knowledge, day, today):
            values = {HOLDER: term.holder, OFFICE: term.office, OF: term.of}
            for frame in office_frames(self.knowledge):
                key = tuple((r.name, (values[r.property],)) for r in frame.roles if r.key and r.property in values)
                units.add(unit_iri(unit_digest(frame, tuple(sorted(key)), self.knowledge)))
        return units

    # -- conclusions ----------------------------------------------------------------------------------------------

    def _conclude(self, units: set[str], day: str, today: str) -> Updated:
        facts = self._fused(units)
        units |= facts.keys()
        found = [fact for those in facts.values() for fact in those]
        quads = fact_quads(found, self.knowledge)
        rejected = self.grounds.gate([*quads, *self.joined.types(found), *self._stances(found)]) if found else set()
        direct = direct_by_fact([f for f in found if f.id not in rejected], self.knowledge, today)
        old_facts = {fact for unit in units for fact in self.index.values(unit, ix.FACT)}
        self._replace_facts(old_facts, quads)
        self._replace_direct(units, direct, day, today)
        for unit in units:
            values = ix.unit_values(facts.get(unit, ()), direct, rejected, self.knowledge)
            self.index.put_unit(unit, values)
        total = int(self.index.state("facts") or 0) - len(old_facts) + len(found)
        self.index.put_states([("day", today), ("facts", str(total)), ("decisions", self.decisions.text)])
        self.grown += len(self.added) - len(self.removed)
        self.grown += Upkeep(self.store, self.grounds.axioms).update(self.removed, self.added)
        rejected_ones = tuple(sorted(fact for _, fact in self.index.all(ix.REJECTED)))
        return Updated(total, rejected_ones, len(units), self.grown)

    def _fused(self, units: Collection[str]) -> dict[str, list[Fact]]:
        """Return the facts of units, and of those whose agreements have the same parties, by unit."""
        wanted = set(units)
        while True:
            claims, homes = self._claims_of(wanted)
            extractions = self._counting({claim.document for claim in claims})
            found = fuse(
                claims,
                self.knowledge,
                self.joined,
                outlets=outlets_of(extractions.values()),
                texts={document: self.wires.first(document) for document in extractions},
                ending=self.grounds.ending,
                told=self.joined.told_by_speakers(claims),
            )
            parties = {p for unit in wanted for p in self.index.values(unit, ix.PARTIES)}
            parties |= {p for fact in found if (p := ix.agreement_parties(fact, self.knowledge)) is not None}
            more = {unit for p in parties for unit in self.index.subjects(ix.PARTIES, p, literal=True)} - wanted
            if not more:
                break
            wanted |= more
        facts: dict[str, list[Fact]] = {unit: [] for unit in wanted}
        for fact in found:
            facts[homes[_a_claim(fact)]].append(fact)
        return facts

    def _claims_of(self, units: Iterable[str]) -> tuple[list[Claim], dict[str, str]]:
        where: dict[str, dict[str, str]] = defaultdict(dict)
        for unit in units:
            for document, node in self.index.claims_of(unit):
                where[document][node] = unit
        claims: list[Claim] = []
        homes: dict[str, str] = {}
        for document, extraction in self._counting(where).items():
            for claim in extraction.claims:
                home = where[document].get(claim_iri(claim.id))
                if home is not None:
                    claims.append(claim)
                    homes[claim.id] = home
        return claims, homes

    def _stances(self, facts: Iterable[Fact]) -> list[ox.Quad]:
        wanted = {claim for fact in facts for claim in (*fact.supporting, *fact.opposing)}
        return stance_quads(c for e in self.loaded.values() for c in e.claims if c.id in wanted)

    # -- writing --------------------------------------------------------------------------------------------------

    def _replace(self, old: set[ox.Quad], new: set[ox.Quad]) -> None:
        """Put quads of a graph that is reasoned over in the place of others."""
        for quad in old - new:
            self.store.remove(quad)
        self.store.extend(new - old)
        self.removed += old - new
        self.added += new - old

    def _replace_facts(self, old_facts: Iterable[str], quads: Iterable[ox.Quad]) -> None:
        old = {q for fact in old_facts for q in self.store.quads_for_pattern(ox.NamedNode(fact), None, None, _FACTS)}
        new = set(quads)
        for quad in old - new:
            self.store.remove(quad)
        self.store.extend(new - old)
        self.grown += len(new) - len(old)

    def _replace_direct(
        self, units: Collection[str], direct: Mapping[Iri, Sequence[ox.Quad]], day: str, today: str
    ) -> None:
        anyway = set(held_anyway(self.grounds, today))
        new = {quad for quads in direct.values() for quad in quads} | anyway
        old = set() if day == today else set(held_anyway(self.grounds, day))
        old_texts = {text for unit in units for text in self.index.values(unit, ix.MAKES)}
        old |= {_parsed(text) for text in old_texts}
        gone = {q for q in old - new if not self.index.subjects(ix.MAKES, ix.triple_text(q), literal=True) - set(units)}
        self._replace(gone, {q for q in new if q not in self.store})


def _parsed(text: str) -> ox.Quad:
    (triple,) = (q.triple for q in ox.parse(f"{text} .", format=ox.RdfFormat.N_TRIPLES))
    return ox.Quad(triple.subject, triple.predicate, triple.object, _DIRECT)


class _Wires:
    """Documents of one wire story, found by the index."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._stories: dict[str, frozenset[str]] = {}

    def first(self, document: str) -> str:
        """Return the first document of the story."""
        return min(self.story(document))

    def story(self, document: str) -> frozenset[str]:
        """Return the documents that say the same, by however many steps; itself alone when it is not in the index."""
        if document not in self._stories:
            found, todo = {document}, [document]
            while todo:
                near = self._near(todo.pop()) - found
                found |= near
                todo += near
            self._stories |= dict.fromkeys(found, frozenset(found))
        return self._stories[document]

    def _near(self, document: str) -> set[str]:
        same = {
            d
            for _, text in self._index.of_document(document, ix.TEXT)
            for d in self._index.documents(ix.TEXT, text, literal=True)
        }
        sign = self._sign(document)
        sharing = {
            d
            for _, band in self._index.of_document(document, ix.BAND)
            for d in self._index.documents(ix.BAND, band, literal=True)
        }
        return same | {d for d in sharing if d != document and alike(sign, self._sign(d))}

    def _sign(self, document: str) -> str:
        return next((sign for _, sign in self._index.of_document(document, ix.SIGNATURE)), "")


def _partners(decisions: Iterable[object]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for decision in decisions:
        for one, two in decision.pairs():  # type: ignore[attr-defined]
            found[one].add(two)
            found[two].add(one)
    return found


def _value(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else ""
