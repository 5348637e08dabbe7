"""Claims of all documents -> facts: one for what many documents say, with a status, and the claims for and against it.

Identity. A fact of a state is (frame, key); one fact has a timeline of all dated claims, from which its status on any
day is read. A fact of an event is (frame, key, EDTF, stated attributes). Which roles make the key is told by the frame.
Nothing here depends on the order of claims, and no frame is known by name.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from kg.dates import bounds, contains
from kg.entities import Joins
from kg.ids import fact_iri
from kg.language.pack import Pack
from kg.model import Claim, Fact, Frame, Iri, Knowledge, Moment, MomentStance
from kg.speakers import Speakers
from kg.timeline import Judgement, judge, narrowed, sharpened
from kg.vocab import AGREEMENT, OF_AGREEMENT, RATIFIES, chy

# The classes of acts in the life of an agreement -> the property that ties one to its agreement.
AGREEMENT_ACTS: Final[Mapping[str, Iri]] = {
    "Ratification": RATIFIES,
    "EntryIntoForce": OF_AGREEMENT,
    "Termination": OF_AGREEMENT,
}
_YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_FULL_DAY: Final = 10
# What a more precise fact must be for a less precise one of this status to be about the same thing.
_REFINING: Final[Mapping[str, frozenset[str]]] = {
    "actual": frozenset({"actual", "disputed"}),
    "disputed": frozenset({"actual", "disputed"}),
    "claimed": frozenset({"actual", "disputed", "claimed"}),
    "planned": frozenset({"actual", "disputed", "claimed", "planned"}),
    "requested": frozenset({"actual", "disputed", "claimed", "planned", "requested"}),
    "possible": frozenset({"actual", "disputed", "claimed", "planned", "requested", "possible"}),
    "negated": frozenset({"negated", "disputed"}),
}

Roles = tuple[tuple[str, tuple[Iri, ...]], ...]


@dataclass(frozen=True, slots=True)
class _Reading:
    """A claim, its entities joined, and its place among facts; `partial`: it denies the part of some, not the event."""

    claim: Claim
    roles: Roles
    key: Roles
    attributes: Roles
    moment: Moment
    partial: bool = False

    @property
    def edtf(self) -> str | None:
        return self.claim.date.edtf if self.claim.date else None


@dataclass(slots=True)
class _Node:
    """A fact in the making: all readings of one identity, and moments of other facts that bear on it."""

    id: Iri
    frame: Frame
    key: Roles
    edtf: str | None
    attributes: Roles
    readings: list[_Reading] = field(default_factory=list)
    foreign: list[Moment] = field(default_factory=list)
    judgement: Judgement = field(default_factory=Judgement)
    refined_by: Iri | None = None

    @property
    def positive(self) -> list[_Reading]:
        return [r for r in self.readings if r.claim.polarity == "positive"]

    @property
    def negative(self) -> list[_Reading]:
        return [r for r in self.readings if r.claim.polarity == "negative"]


def fuse(
    claims: Iterable[Claim],
    knowledge: Knowledge,
    joins: Joins,
    *,
    outlets: Mapping[str, str | None] | None = None,
    texts: Mapping[str, str] | None = None,
    ending: frozenset[tuple[str, str, str]] = frozenset(),
) -> list[Fact]:
    """Return the facts of all `claims`, sorted by IRI; each claim is for or against exactly one.

    `outlets`: document id -> publisher; `texts`: document id -> its group of near-duplicates (without: each its own);
    `ending`: the triggers whose negative claims tell an act that ends a state (`ending_rules`); without any, a
    negative claim of a state that gives its own date is taken for one. Raises ValueError for a claim of no known frame.
    """
    return _Fusion(sorted(set(claims), key=lambda c: c.id), knowledge, joins, outlets or {}, texts or {}, ending).run()


def ending_rules(packs: Mapping[str, Pack]) -> frozenset[tuple[str, str, str]]:
    """Return language, frame and name of each trigger that itself tells an end ("broke off", "withdrew")."""
    return frozenset(
        (language, trigger.frame, trigger.name)
        for language, pack in packs.items()
        for trigger in pack.triggers
        if trigger.negative
    )


def _trigger(claim: Claim) -> tuple[str, str, str]:
    """Return the trigger that made a claim, as its extractor names it: "en/relations/sever-relations+repeated"."""
    language, *_, name = claim.extractor.split("/")
    return language, claim.frame, name.split("+")[0]


def last_day(claims: Iterable[Claim]) -> str | None:
    """Return the latest day on which a document of the claims was published: the day the register stands at."""
    return max((day for c in claims if (day := _published(c)) is not None), default=None)


def known_by(claims: Iterable[Claim], day: str) -> tuple[list[Claim], int]:
    """Return the claims of documents published by `day`, and how many undated documents are left out."""
    claims = list(claims)
    known = [c for c in claims if (published := _published(c)) is not None and published <= day]
    return known, len({c.document for c in claims if c.published is None})


@dataclass(frozen=True, slots=True)
class Standing:
    """How a fact stands on a day: `status` as is certain by then (None: nothing is known by then), `possibly` where
    dates that are not sharp leave another one open.
    """

    status: str | None
    possibly: str | None = None
    former: bool = False
    edtf: str | None = None
    reason: str = ""

    @property
    def certainty(self) -> str:
        """Return whether the fact holds that day: "certain", "possible" or "no"."""
        if "actual" not in (self.status, self.possibly):
            return "no"
        return "certain" if self.status == "actual" and self.possibly is None else "possible"


def status_on(fact: Fact, day: str) -> Standing:
    """Return how `fact` stands on the ISO day `day`."""
    certain = judge([m for m in fact.moments if m.latest is not None and m.latest <= day])
    open_ = judge([m for m in fact.moments if m.earliest is None or m.earliest <= day])
    same = (certain.status, certain.former) == (open_.status, open_.former)
    return Standing(certain.status, None if same else open_.status, certain.former, certain.edtf, certain.reason)


def facts_on(facts: Iterable[Fact], day: str, *, possible: bool = False) -> list[Fact]:
    """Return the facts as they stood on `day`: what is certain by then; with `possible`, also what may be so."""
    found: dict[Iri, Fact] = {}
    for fact in facts:
        standing = status_on(fact, day)
        sure = standing.possibly is None or standing.certainty == "no"
        status = standing.status if sure else ("actual" if possible else None)
        if status is not None:
            found[fact.id] = _as_it_stood(fact, standing, status)
    return [replace(f, refined_by=None) if f.refined_by not in found else f for f in found.values()]


def _as_it_stood(fact: Fact, standing: Standing, status: str) -> Fact:
    event = fact.moments and fact.moments[0].event
    edtf = fact.edtf if event else standing.edtf
    earliest, latest = bounds(edtf) if edtf else (None, None)
    return replace(
        fact, status=status, former=standing.former, edtf=edtf, earliest=earliest, latest=latest, reason=standing.reason
    )


def beginning(fact: Fact) -> tuple[str | None, str | None]:
    """Return the full days on which a state began and ended, None where the claims do not give them."""
    day = fact.edtf if fact.edtf is not None and len(fact.edtf) == _FULL_DAY else None
    return (None, day) if fact.former else (day, None)


class _Fusion:
    """One fusion at work."""

    def __init__(
        self,
        claims: Sequence[Claim],
        knowledge: Knowledge,
        joins: Joins,
        outlets: Mapping[str, str | None],
        texts: Mapping[str, str],
        ending: frozenset[tuple[str, str, str]],
    ) -> None:
        self._knowledge, self._joins = knowledge, joins
        self._outlets, self._texts, self._ending = outlets, texts, ending
        self._speakers = Speakers(claims, knowledge, joins)
        self._claims = claims

    def run(self) -> list[Fact]:
        nodes: dict[Iri, _Node] = {}
        groups: dict[tuple[str, Roles], list[_Node]] = defaultdict(list)
        for claim in self._claims:
            frame = self._knowledge.frames.get(claim.frame)
            if frame is None:
                raise ValueError(f"claim {claim.id}: there is no frame {claim.frame!r} in the ontology")
            reading = self._read(claim, frame)
            node = _node(reading, frame)
            if node.id not in nodes:
                nodes[node.id] = node
                groups[frame.name, node.key].append(node)
            nodes[node.id].readings.append(reading)
        self._note_reversals(nodes.values())
        for group in groups.values():
            _judge_group(group)
        facts = {node.id: self._fact(node) for node in nodes.values()}
        facts |= _united(facts, self._knowledge)
        return sorted(_with_agreements(facts, self._knowledge), key=lambda fact: fact.id)

    # -- reading --------------------------------------------------------------------------------------------------

    def _read(self, claim: Claim, frame: Frame) -> _Reading:
        roles = tuple(
            (role, tuple(sorted({self._joins.representative(f.id) for f in fillers}))) for role, fillers in claim.roles
        )
        key, attributes, named = _identity(claim, frame, roles)
        partial = (
            named and claim.polarity == "negative" and any(r.symmetric and claim.fillers(r.name) for r in frame.roles)
        )
        return _Reading(claim, roles, key, attributes, self._moment(claim, frame, roles), partial)

    def _moment(self, claim: Claim, frame: Frame, roles: Roles) -> Moment:
        event = frame.aspect == "event"
        stance = _stance(claim, event=event, ending=self._ending)
        published = bounds(claim.published) if claim.published else (None, None)
        dated = claim.date is not None and claim.modality == "actual"
        if dated and claim.date is not None:
            earliest, latest = narrowed(claim.date.earliest, claim.date.latest, published[1], stance)
        elif event and stance == "holds":
            earliest, latest = None, published[1]  # it happened at some time before it was told
        else:
            earliest, latest = published
        return Moment(
            claim=claim.id,
            stance=stance,
            modality=claim.modality,
            earliest=earliest,
            latest=latest,
            published=published[1],
            source=self._source(claim),
            edtf=claim.date.edtf if claim.date else None,
            allegation=self._speakers.alleges(claim, [filler for _, fillers in roles for filler in fillers]),
            dated=dated,
            event=event,
        )

    def _source(self, claim: Claim) -> str:
        if claim.attribution is not None:
            return self._joins.representative(claim.attribution.id)
        outlet = self._outlets.get(claim.document)
        return f"outlet {outlet}" if outlet else f"document {claim.document}"

    def _note_reversals(self, nodes: Iterable[_Node]) -> None:
        """Let the act that ends a state (taken off the list) stand on the timeline of that state (on the list)."""
        reverses = self._knowledge.reverses
        acts = reverses.keys() | set(reverses.values())
        families: dict[tuple[str, Roles], list[tuple[Iri | None, _Node]]] = defaultdict(list)
        for node in nodes:
            if node.frame.aspect == "state":
                stated = [filler for _, fillers in node.key for filler in fillers if filler in acts]
                rest = tuple((role, fillers) for role, fillers in node.key if not set(fillers) & acts)
                families[node.frame.name, rest].append((stated[0] if stated else None, node))
        for family in families.values():
            for act, node in family:
                for other, ender in family:
                    if (
                        other is not None
                        and other in reverses
                        and act not in reverses
                        and act in (None, reverses[other])
                    ):
                        node.foreign += [
                            replace(r.moment, stance="ended", own=False)
                            for r in ender.readings
                            if r.moment.stance == "holds" and not r.moment.allegation
                        ]

    # -- concluding -----------------------------------------------------------------------------------------------

    def _fact(self, node: _Node) -> Fact:
        judgement = node.judgement
        edtf = node.edtf if node.frame.aspect == "event" else judgement.edtf
        earliest, latest = bounds(edtf) if edtf else (None, None)
        stated, denied = _stated(node)
        supporting = [r.claim for r in node.positive]
        documents = {claim.document for claim in supporting}
        return Fact(
            id=node.id,
            frame=node.frame.name,
            roles=stated,
            status=judgement.status or "possible",
            edtf=edtf,
            earliest=earliest,
            latest=latest,
            former=judgement.former,
            supporting=tuple(claim.id for claim in supporting),
            opposing=tuple(r.claim.id for r in node.negative),
            refined_by=node.refined_by,
            documents=len(documents),
            languages=len({claim.language for claim in supporting}),
            outlets=len({outlet for d in documents if (outlet := self._outlets.get(d))}),
            texts=len({self._texts.get(d, d) for d in documents}),
            reason=judgement.reason,
            denied=denied,
            moments=judgement.moments,
        )


def _published(claim: Claim) -> str | None:
    return bounds(claim.published)[1] if claim.published else None


def _stance(claim: Claim, *, event: bool, ending: frozenset[tuple[str, str, str]]) -> MomentStance:
    if claim.modality != "actual":
        return claim.modality if claim.polarity == "positive" else "unplanned"
    if claim.polarity == "positive":
        return "over" if claim.former and not event else "holds"
    ends = _trigger(claim) in ending if ending else claim.date is not None
    return "ended" if ends and not event else "denied"


# -- identity -----------------------------------------------------------------------------------------------------


def _identity(claim: Claim, frame: Frame, roles: Roles) -> tuple[Roles, Roles, bool]:
    """Return key and attributes of a claim's fact, and whether a proper name stands for the other roles of the key."""
    stated = dict(roles)
    names = [role.name for role in frame.roles if role.key and role.attribute and role.name in stated]
    attributes = tuple(
        (role.name, stated[role.name])
        for role in sorted(frame.roles, key=lambda r: r.name)
        if role.attribute and not role.key and role.name in stated
    )
    if names:
        year = _year(claim, names)
        return (*((name, stated[name]) for name in names), ("year", (Iri(year),) if year else ())), attributes, True
    key = tuple(
        (role.name, stated[role.name])
        for role in sorted(frame.roles, key=lambda r: r.name)
        if role.key and role.name in stated
    )
    return key, attributes, False


def _year(claim: Claim, names: Iterable[str]) -> str | None:
    """Return the year of a named event: the one in its name ("Hamkorlik-2021"), else that of its date."""
    told: set[str] = {year for name in names for filler in claim.fillers(name) for year in _YEAR.findall(filler.label)}
    if len(told) == 1:
        return told.pop()
    if claim.date is None or claim.date.earliest is None or claim.date.latest is None:
        return None
    return claim.date.earliest[:4] if claim.date.earliest[:4] == claim.date.latest[:4] else None


def _node(reading: _Reading, frame: Frame) -> _Node:
    if frame.aspect == "state":
        return _Node(fact_iri(frame.name, reading.key), frame, reading.key, None, ())
    iri = fact_iri(frame.name, reading.key, reading.edtf, reading.attributes)
    return _Node(iri, frame, reading.key, reading.edtf, reading.attributes)


# -- a key's facts ------------------------------------------------------------------------------------------------


def _judge_group(group: Sequence[_Node]) -> None:
    """Give each node of one key its status, then its refinement."""
    for node in group:
        own = [r.moment for r in node.readings if not (r.partial and not _leaves_nobody(node))]
        if node.frame.aspect == "event":
            told = any(r.moment.stance == "holds" for r in node.readings)  # a denial elsewhere is of what is told here
            others = [n for n in group if told and n is not node and _is_coarser(n, node)]
            node.foreign += [
                replace(r.moment, own=False)
                for n in others
                for r in n.readings
                if r.moment.stance == "denied" and not r.partial
            ]
            node.judgement = judge([*own, *node.foreign])
        else:
            node.judgement = judge(sharpened([*own, *node.foreign]))
    if len(group) > 1 and group[0].frame.aspect == "event":
        _refine(group)


def _refine(group: Sequence[_Node]) -> None:
    finer = {id(n): [m for m in group if m is not n and _is_coarser(n, m) and _is_about(n, m)] for n in group}
    for node in group:
        finest = [m for m in finer[id(node)] if not finer[id(m)]]
        if len(finest) == 1:
            node.refined_by = finest[0].id


def _is_coarser(coarse: _Node, fine: _Node) -> bool:
    """Tell whether a node's date contains the other's and each attribute it states is equal or unstated there.

    Of two with the same date, the one that states less is the coarser.
    """
    if not contains(coarse.edtf, fine.edtf):
        return False
    mine, theirs = dict(coarse.attributes), dict(fine.attributes)
    if any(theirs.get(role, fillers) != fillers for role, fillers in mine.items()):
        return False
    return not contains(fine.edtf, coarse.edtf) or mine.keys() < theirs.keys()


def _is_about(coarse: _Node, fine: _Node) -> bool:
    """Tell whether what an undated node says, and when it was said, allows that it means the other node's event."""
    if fine.judgement.status not in _REFINING.get(coarse.judgement.status or "", frozenset()):
        return False
    earliest, latest = bounds(fine.edtf) if fine.edtf else (None, None)
    for reading in coarse.readings if coarse.edtf is None else ():
        published = reading.moment.published
        if published is None:
            continue
        if reading.moment.stance == "holds" and earliest is not None and published < earliest:
            return False
        if reading.moment.stance == "planned" and latest is not None and latest < published:
            return False
    return True


# -- roles --------------------------------------------------------------------------------------------------------


def _leaves_nobody(node: _Node) -> bool:
    """Tell whether the claims that deny somebody's part in a named event leave no participant."""
    return not _participants(node, node.positive) - _taken_out(node)


def _participants(node: _Node, readings: Iterable[_Reading]) -> set[tuple[str, Iri]]:
    many = {role.name for role in node.frame.roles if role.symmetric}
    return {(role, filler) for r in readings for role, fillers in r.roles if role in many for filler in fillers}


def _taken_out(node: _Node) -> set[tuple[str, Iri]]:
    """Return the participants, with their roles, whose own part is denied: each is judged like a fact of its own."""
    out = set()
    for role, filler in _participants(node, [r for r in node.readings if r.partial]):
        part = [r.moment for r in node.readings if filler in dict(r.roles).get(role, ())]
        if judge(part).status in {"negated", "disputed"}:
            out.add((role, filler))
    return out


def _stated(node: _Node) -> tuple[Roles, Roles]:
    """Return the roles of a fact, united over the claims for it (without any, against it), and who is taken out."""
    ranks = ("actual", "planned", "requested", "possible")
    told = node.positive or node.negative
    strongest = min((ranks.index(r.claim.modality) for r in told), default=0)
    told = [r for r in told if ranks.index(r.claim.modality) == strongest]
    united: dict[str, set[Iri]] = defaultdict(set)
    for reading in told:
        for role, fillers in reading.roles:
            united[role].update(fillers)
    denied: dict[str, set[Iri]] = defaultdict(set)
    for role, filler in _taken_out(node) if node.positive and not _leaves_nobody(node) else ():
        denied[role].add(filler)
    stated = {role: fillers - denied.get(role, set()) for role, fillers in united.items()}
    return _sorted_roles(stated), _sorted_roles(denied)


def _sorted_roles(roles: Mapping[str, Iterable[Iri]]) -> Roles:
    return tuple((role, tuple(sorted(fillers))) for role, fillers in sorted(roles.items()) if fillers)


def _united(facts: Mapping[Iri, Fact], knowledge: Knowledge) -> dict[Iri, Fact]:
    """Return those facts that less precise ones add something to: signatories, or an attribute they alone state."""
    coarser: dict[Iri, list[Fact]] = defaultdict(list)
    for fact in facts.values():
        if fact.refined_by is not None and facts[fact.refined_by].status == fact.status:
            coarser[fact.refined_by].append(fact)
    changed = {}
    for iri, others in coarser.items():
        fact = facts[iri]
        frame = knowledge.frames[fact.frame]
        roles: dict[str, set[Iri]] = {role: set(fillers) for role, fillers in fact.roles}
        for role in frame.roles:
            found = {other.fillers(role.name) for other in others} - {()}
            if not role.attribute or role.key:
                taken = {f for fillers in found for f in fillers} - {
                    f for r, fs in fact.denied if r == role.name for f in fs
                }
                roles.setdefault(role.name, set()).update(taken)
            elif role.name not in roles and len(found) == 1:
                roles[role.name] = set(found.pop())
        changed[iri] = replace(fact, roles=_sorted_roles(roles))
    return changed


# -- agreements ---------------------------------------------------------------------------------------------------


def _with_agreements(facts: Mapping[Iri, Fact], knowledge: Knowledge) -> list[Fact]:
    """Return all facts, acts of an agreement tied to the only signing of the same parties that may be meant."""
    signings: dict[frozenset[Iri], list[Fact]] = defaultdict(list)
    for fact in facts.values():
        made = knowledge.frames[fact.frame].individual_class
        if made and chy(made) == AGREEMENT and fact.status == "actual" and fact.refined_by is None:
            signings[_parties(fact, knowledge, key_only=True)].append(fact)
    out = []
    for fact in facts.values():
        if knowledge.frames[fact.frame].individual_class in AGREEMENT_ACTS:
            parties = _parties(fact, knowledge, key_only=False)
            meant = [s for s in signings.get(parties, ()) if _may_be_of(fact, s, knowledge)]
            out.append(replace(fact, agreement=meant[0].id) if len(meant) == 1 else fact)
        else:
            out.append(fact)
    return out


def _parties(fact: Fact, knowledge: Knowledge, *, key_only: bool) -> frozenset[Iri]:
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
