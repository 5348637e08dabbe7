"""What the claims about one thing say of it, placed in time -> its status: the rules, and nothing else.

A status is read from moments. Read from all of them, it is the status of the fact; read from those that lie before a
day, it is the status on that day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from kg.dates import contains
from kg.model import Moment

_TENTATIVE: Final = ("planned", "requested", "possible")  # the strongest first


@dataclass(frozen=True, slots=True)
class Judgement:
    """A status (None: no moment at all) and the rule that gave it; `edtf` dates it, where a claim does."""

    status: str | None = None
    reason: str = ""
    former: bool = False
    edtf: str | None = None
    moments: tuple[Moment, ...] = ()


def judge(moments: Iterable[Moment]) -> Judgement:
    """Return the status that follows from `moments`, all of an event or all of a state."""
    found = tuple(sorted(moments, key=lambda m: (m.latest or "", m.claim, m.own)))
    event = any(m.event for m in found)
    judged = _judge_event(found) if event else _judge_state(found)
    return replace(judged, edtf=None if event else _date(judged, found), moments=found)


def narrowed(
    earliest: str | None, latest: str | None, published: str | None, stance: str
) -> tuple[str | None, str | None]:
    """Return the bounds of a date that a claim gives: what was told as done was done by the day it was told."""
    past = stance in {"holds", "ended", "over"} and published is not None
    if past and published is not None and (earliest is None or earliest <= published):
        return earliest, published if latest is None or published < latest else latest
    return earliest, latest


def sharpened(moments: Iterable[Moment]) -> list[Moment]:
    """Return the moments of a state, the vague beginnings ("in 2025") given the days of sharper ones they contain."""
    found = list(moments)
    begun = [m for m in found if m.stance == "holds" and m.dated]
    return [_sharpened(m, begun) if m in begun else m for m in found]


def _sharpened(moment: Moment, begun: Sequence[Moment]) -> Moment:
    inside = [m for m in begun if m.edtf != moment.edtf and contains(moment.edtf, m.edtf)]
    finest = [m for m in inside if not any(n.edtf != m.edtf and contains(m.edtf, n.edtf) for n in inside)]
    starts = [m.earliest for m in finest if m.earliest is not None]
    ends = [m.latest for m in finest if m.latest is not None]
    if not finest or len(starts) < len(finest) or len(ends) < len(finest):
        return moment
    return replace(moment, earliest=min(starts), latest=max(ends))


# -- events -------------------------------------------------------------------------------------------------------


def _judge_event(moments: Sequence[Moment]) -> Judgement:
    standing = _not_superseded(moments)
    told = [m for m in standing if m.stance == "holds"]
    denials = [m for m in standing if m.stance in {"denied", "ended"}]
    if told:
        against = [d for d in denials if _opposes(d, told)]
        if against:
            return Judgement("disputed", "a denial of the same or a later time stands against it")
        return _asserted(told, "told as done, and no denial of the same or a later time stands")
    if denials:
        return _still_planned(moments, denials) or Judgement(
            "negated", "nothing that stands says that it happened, and a denial does"
        )
    return _tentative(moments)


def _not_superseded(moments: Sequence[Moment]) -> list[Moment]:
    """Return the moments without what the same speaker or outlet said otherwise later."""

    def withdrawn(moment: Moment) -> bool:
        return any(
            m.source == moment.source
            and (m.stance == "holds") != (moment.stance == "holds")
            and m.modality == moment.modality == "actual"
            and None not in (m.published, moment.published)
            and (m.published or "") > (moment.published or "")
            for m in moments
        )

    return [m for m in moments if not withdrawn(m)]


def _opposes(denial: Moment, told: Sequence[Moment]) -> bool:
    """Tell whether a denial is of the same or a later time than the event; one that was made before never is."""
    times = [m.latest for m in told if m.latest is not None]
    starts = [m.earliest for m in told if m.earliest is not None]
    if denial.latest is None:
        return False
    if denial.published is not None and starts and denial.published < min(starts):
        return False
    return not times or denial.latest >= max(times)


# -- states -------------------------------------------------------------------------------------------------------


def _judge_state(moments: Sequence[Moment]) -> Judgement:
    holds = [m for m in moments if m.stance == "holds"]
    over = [m for m in moments if m.stance == "over"]
    last = _last(holds)
    ended = _last([m for m in moments if m.stance == "ended"])
    denied = _last([m for m in moments if m.stance == "denied"])
    if not holds and not over:
        against = [m for m in moments if m.stance in {"ended", "denied"}]
        if against:
            return _still_planned(moments, against) or Judgement(
                "negated", "nothing says that it is so, and a claim says that it is not"
            )
        return _tentative(moments)
    if holds and ended is not None and (last is None or ended >= last):
        return Judgement("negated", "an act that ends it came after the last claim that it is so")
    finished = _last(over)
    if not holds or (finished is not None and (last is None or finished > last)):
        return replace(_asserted([*holds, *over], "said to be over after the last claim that it is so"), former=True)
    if denied is not None and (last is None or denied >= last):
        return Judgement("disputed", "a later claim says that it is not so, but tells no act that ended it")
    return _asserted([*holds, *over], "said to be so, and nothing later says otherwise")


def _last(moments: Iterable[Moment]) -> str | None:
    return max((m.latest for m in moments if m.latest is not None), default=None)


def _date(judged: Judgement, moments: Sequence[Moment]) -> str | None:
    """Return the date of a state: its beginning, its end where it is over, or the time it is planned for."""
    if judged.status in _TENTATIVE:
        told = [m for m in moments if m.stance == judged.status and m.edtf is not None]
        return max(told, key=lambda m: (m.published or "", m.edtf or "")).edtf if told else None
    dated = [m for m in moments if m.dated]
    if judged.status == "negated" or judged.former:
        ends = [m for m in dated if m.stance in {"ended", "denied", "over"}]
        return max(ends, key=lambda m: (m.latest or "", m.edtf or "")).edtf if ends else None
    ended = _last([m for m in moments if m.stance in {"ended", "over"}])
    begun = [m for m in dated if m.stance == "holds" and (ended is None or (m.latest or "") > ended)]
    sharp = [m for m in begun if not any(n.edtf != m.edtf and contains(m.edtf, n.edtf) for n in begun)]
    return min(sharp, key=lambda m: (m.earliest or "", m.edtf or "")).edtf if sharp else None


# -- both ---------------------------------------------------------------------------------------------------------


def _asserted(told: Sequence[Moment], reason: str) -> Judgement:
    if all(m.allegation for m in told):
        return Judgement("claimed", "all who say so are neither parties to it nor officials of a party")
    return Judgement("actual", reason)


def _tentative(moments: Sequence[Moment]) -> Judgement:
    """Return the strongest of planned, requested, possible; what is denied only opposes its own modality."""
    for modality in _TENTATIVE:
        told = [m for m in moments if m.stance == modality]
        against = [m for m in moments if m.stance == "unplanned" and m.modality == modality]
        standing = [m for m in told if not any(_supersedes(n, m) for n in against)]
        opposing = [n for n in against if not any(_supersedes(m, n) for m in told)]
        if standing:
            if opposing:
                return Judgement("disputed", f"one says that it is {modality}, another that it is not")
            return Judgement(modality, f"nothing is told as done; the strongest that is said is {modality}")
    if any(m.stance == "unplanned" for m in moments):
        return Judgement("negated", "it is said not to be planned, requested or possible")
    return Judgement()


def _still_planned(moments: Sequence[Moment], denials: Sequence[Moment]) -> Judgement | None:
    """Return that it is planned, if a plan was told no earlier than it was last denied: "not yet, but it will"."""
    denied = max((d.published for d in denials if d.published is not None), default="")
    plans = [m for m in moments if m.stance == "planned" and (m.published or "") >= denied]
    judged = _tentative([*plans, *(m for m in moments if m.stance == "unplanned")])
    return judged if judged.status == "planned" else None


def _supersedes(later: Moment, earlier: Moment) -> bool:
    return (
        later.source == earlier.source
        and later.published is not None
        and earlier.published is not None
        and later.published > earlier.published
    )
