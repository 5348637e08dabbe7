"""All that documents say -> what the register concludes: entities joined, facts, what holds, and what follows.

The whole way in memory. `kg.increments` goes the same way for what changed alone, and must end in the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pyoxigraph as ox

from kg.decisions import Decisions
from kg.direct import direct_by_fact, governance_quads, term_quads
from kg.entailment import Axioms, Entailments, materialise
from kg.entities import Joins, join
from kg.facts import fuse
from kg.model import Entity, Extraction, Fact, Iri, Knowledge
from kg.rdf import entity_quads, fact_quads, stance_quads
from kg.standing import facts_on, last_day
from kg.vocab import RDF_TYPE, chy
from kg.wires import groups

# The quads of facts, of what they name, and of their claims' stance -> the facts among them that break a shape.
Gate = Callable[[Sequence[ox.Quad | ox.Triple]], set[str]]


@dataclass(frozen=True, slots=True)
class Grounds:
    """What conclusions rest on beside documents: see `kg.facts.fuse` for `ending`; `reference` is its graph."""

    knowledge: Knowledge
    axioms: Axioms
    reference: Sequence[ox.Quad]
    ending: frozenset[tuple[str, str, str]]
    gate: Gate


@dataclass(frozen=True)
class Concluded:
    """What follows from documents; `direct`: what each fact makes hold; `day`: the day it holds on."""

    grounds: Grounds
    joins: Joins
    facts: Sequence[Fact]
    rejected: frozenset[str]
    direct: Mapping[Iri, Sequence[ox.Quad]]
    day: str | None

    @cached_property
    def entity_quads(self) -> list[ox.Quad]:
        """The entities graph."""
        return entity_quads(self.joins)

    @property
    def fact_quads(self) -> list[ox.Quad]:
        """The facts graph; made anew each time, since it is large."""
        return fact_quads(self.facts, self.grounds.knowledge)

    @cached_property
    def direct_quads(self) -> list[ox.Quad]:
        """The direct graph."""
        made = [quad for quads in self.direct.values() for quad in quads]
        return list(dict.fromkeys([*made, *held_anyway(self.grounds, self.day)]))

    @cached_property
    def entailments(self) -> Entailments:
        """What follows by the axioms."""
        return materialise(self.grounds.axioms, [*self.grounds.reference, *self.entity_quads, *self.direct_quads])


def conclude(
    extractions: Iterable[Extraction],
    grounds: Grounds,
    decisions: Decisions,
    day: str | None = None,
    *,
    possible: bool = False,
) -> Concluded:
    """Return what `extractions` let the register conclude: as of `day`, else of the last day of publication.

    With `possible`, what may have held on `day` counts as well.
    """
    counting = [decisions.counting(extraction) for extraction in extractions]
    joins = join(counting, grounds.knowledge, decisions)
    claims = [claim for extraction in counting for claim in extraction.claims]
    found = fuse(
        claims,
        grounds.knowledge,
        joins,
        outlets=outlets_of(counting),
        texts=groups({e.document.id: (e.document.sha256, e.signature) for e in counting}),
        ending=grounds.ending,
    )
    held = facts_on(found, day, possible=possible) if day is not None else found
    types = [quad for extraction in counting for quad in type_triples(extraction.entities)]
    quads = fact_quads(held, grounds.knowledge)
    rejected = grounds.gate([*quads, *entity_quads(joins), *types, *stance_quads(claims)])
    today = day or last_day(claims)
    good = [fact for fact in held if fact.id not in rejected]
    direct = direct_by_fact(good, grounds.knowledge, today, possible=possible)
    return Concluded(grounds, joins, held, frozenset(rejected), direct, today)


def outlets_of(extractions: Iterable[Extraction]) -> dict[str, str | None]:
    """Return who published each document, where it is known."""
    return {e.document.id: e.document.publisher for e in extractions if e.document.publisher}


def held_anyway(grounds: Grounds, day: str | None) -> list[ox.Quad]:
    """Return what holds on a day whatever documents say: terms of office, and who governs what."""
    return [*term_quads(grounds.knowledge, day), *governance_quads(grounds.reference, day)]


def type_triples(entities: Iterable[Entity]) -> list[ox.Triple]:
    """Return the classes of entities that documents speak of and reference data does not know."""
    return [
        ox.Triple(ox.NamedNode(entity.id), ox.NamedNode(RDF_TYPE), ox.NamedNode(chy(kind)))
        for entity in entities
        for kind in sorted(entity.kinds)
    ]
