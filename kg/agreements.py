"""The life of an agreement: which signing a ratification, an entry into force or a termination belongs to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from kg.model import Fact, Iri, Knowledge
from kg.vocab import AGREEMENT, OF_AGREEMENT, RATIFIES, chy

# The classes of acts in the life of an agreement -> the property that ties one to its agreement.
AGREEMENT_ACTS: Final[Mapping[str, Iri]] = {
    "Ratification": RATIFIES,
    "EntryIntoForce": OF_AGREEMENT,
    "Termination": OF_AGREEMENT,
}


def with_agreements(facts: Mapping[Iri, Fact], knowledge: Knowledge) -> list[Fact]:
    """Return all facts, acts of an agreement tied to the only signing of the same parties that may be meant."""
    signings: dict[frozenset[Iri], list[Fact]] = defaultdict(list)
    for fact in facts.values():
        made = knowledge.frames[fact.frame].individual_class
        if made and chy(made) == AGREEMENT and fact.status == "actual" and fact.refined_by is None:
            signings[parties_of(fact, knowledge, key_only=True)].append(fact)
    out = []
    for fact in facts.values():
        if knowledge.frames[fact.frame].individual_class in AGREEMENT_ACTS:
            parties = parties_of(fact, knowledge, key_only=False)
            meant = [s for s in signings.get(parties, ()) if _may_be_of(fact, s, knowledge)]
            out.append(replace(fact, agreement=meant[0].id) if len(meant) == 1 else fact)
        else:
            out.append(fact)
    return out


def parties_of(fact: Fact, knowledge: Knowledge, *, key_only: bool) -> frozenset[Iri]:
    roles = knowledge.frames[fact.frame].roles
    return frozenset(
        filler
        for role in roles
        if role.scheme is None and not role.literal and (role.key or not key_only)
        for filler in fact.fillers(role.name)
    )


def _may_be_of(act: Fact, signing: Fact, knowledge: Knowledge) -> bool:
    told_by = act.latest or max((m.latest for m in act.moments if m.latest is not None), default=None)
    if signing.earliest is not None and told_by is not None and told_by < signing.earliest:
        return False
    for role in knowledge.frames[act.frame].roles:
        mine, theirs = set(act.fillers(role.name)), set(signing.fillers(role.name))
        if role.scheme is not None and mine and theirs and not mine & theirs:
            return False
    return True
