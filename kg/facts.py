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

from kg.agreements import with_agreements
from kg.dates import bounds, contains
from kg.entities import Representing
from kg.ids import digest, fact_iri
from kg.language.pack import Pack
from kg.model import Claim, Fact, Frame, Iri, Knowledge, Moment, MomentStance
from kg.speakers import Speakers, speaking
from kg.timeline import Judgement, judge, narrowed, sharpened

_YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
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
    joins: Representing,
    *,
    outlets: Mapping[str, str | None] | None = None,
    texts: Mapping[str, str] | None = None,
    ending: frozenset[tuple[str, str, str]] = frozenset(),
    told: Iterable[tuple[Iri, Iri]] | None = None,
) -> list[Fact]:
    """Return the facts of all `claims`, sorted by IRI; each claim is for or against exactly one.

    `outlets`: document id -> publisher; `texts`: document id -> its group of near-duplicates (without: each its own);
    `ending`: the triggers whose negative claims tell an act that ends a state (`ending_rules`); without any, a
    negative claim of a state that gives its own date is taken for one; `told`: who speaks for what body, where `claims`
    are not all there are. Raises ValueError for a claim of no known frame.

    The facts of one unit (`unit_of`), and of units whose agreements have the same parties, depend on no other claims.
    """
    found = sorted(set(claims), key=lambda c: c.id)
    speakers = Speakers(speaking(found, knowledge) if told is None else told, knowledge, joins)
    return _Fusion(found, knowledge, joins, outlets or {}, texts or {}, ending, speakers).run()


def unit_of(claim: Claim, knowledge: Knowledge, joins: Representing) -> str:
    """Return the digest of what claims must share for their facts to have to do with each other: frame and key.

    Acts that begin and end one state (put on a list, taken off it) are of one unit.
    """
    frame = _frame_of(claim, knowledge)
    key, _, _ = _identity(claim, frame, _joined_roles(claim, joins))
    return unit_digest(frame, key, knowledge)


def unit_digest(frame: Frame, key: Roles, knowledge: Knowledge) -> str:
    """Return the unit of the facts of a frame and key."""
    return digest(frame.name, [[role, list(fillers)] for role, fillers in _without_acts(frame, key, knowledge)])


def _without_acts(frame: Frame, key: Roles, knowledge: Knowledge) -> Roles:
    if frame.aspect == "event":
        return key
    acts = knowledge.reverses.keys() | set(knowledge.reverses.values())
    return tuple((role, fillers) for role, fillers in key if not set(fillers) & acts)


def _frame_of(claim: Claim, knowledge: Knowledge) -> Frame:
    frame = knowledge.frames.get(claim.frame)
    if frame is None:
        raise ValueError(f"claim {claim.id}: there is no frame {claim.frame!r} in the ontology")
    return frame


def _joined_roles(claim: Claim, joins: Representing) -> Roles:
    return tuple((role, tuple(sorted({joins.representative(f.id) for f in fs}))) for role, fs in claim.roles)


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


class _Fusion:
    """One fusion at work."""

    def __init__(
        self,
        claims: Sequence[Claim],
        knowledge: Knowledge,
        joins: Representing,
        outlets: Mapping[str, str | None],
        texts: Mapping[str, str],
        ending: frozenset[tuple[str, str, str]],
        speakers: Speakers,
    ) -> None:
        self._knowledge, self._joins = knowledge, joins
        self._outlets, self._texts, self._ending = outlets, texts, ending
        self._speakers = speakers
        self._claims = claims

    def run(self) -> list[Fact]:
        nodes: dict[Iri, _Node] = {}
        groups: dict[tuple[str, Roles], list[_Node]] = defaultdict(list)
        for claim in self._claims:
            frame = _frame_of(claim, self._knowledge)
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
        return sorted(with_agreements(facts, self._knowledge), key=lambda fact: fact.id)

    # -- reading --------------------------------------------------------------------------------------------------

    def _read(self, claim: Claim, frame: Frame) -> _Reading:
        roles = _joined_roles(claim, self._joins)
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
                rest = _without_acts(node.frame, node.key, self._knowledge)
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
