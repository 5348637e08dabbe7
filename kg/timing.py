"""When it happened: which date of a sentence belongs to which trigger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date as day_of

from kg.binding import Bound
from kg.clauses import Clause, clause_at, is_finite
from kg.dates import OVER, DateMention, bounds, claim_date, resolve
from kg.model import (
    Claim,
    ClaimDate,
    Frame,
    Span,
    Token,
)
from kg.quotations import QuotationReader
from kg.stance import Stance
from kg.triggers import Found

OTHER_SIDE = 6
REPORT_REACH = 14  # tokens between a date that opens a sentence and the verb of its report


def _days(first: str, last: str) -> int:
    """Return how many days lie between two EDTF dates, from the first day of each."""
    one, other = (day_of.fromisoformat(bounds(d)[0] or d) for d in (first, last))
    return (other - one).days


def _decided(token: Token) -> bool:
    """Tell whether a modal word tells of a decision taken in the past; short participles tell what stands planned."""
    return any({"Tense=Past"} <= r.features and "Variant=Short" not in r.features for r in token.readings)


class DateReader(QuotationReader):
    """Finds the date of what a trigger tells."""

    def _date(self, found: Found, stance: Stance) -> ClaimDate | None:
        if found.trigger.stative:
            return None
        tells = self._may_tell_when if self.pack.sov else self._tells_when
        usable = [d for d in self.dates if (d.role is None or self._begins(d)) and tells(d, found, stance)]
        clause = found.clause
        here = [d for d in usable if clause.first <= d.first < clause.last]
        if not here and stance.negative and not found.trigger.negative:
            return None  # what has not happened has no day of its own: "acceded in May but has not ratified"
        if not here:
            busy = {
                f.clause.index
                for f in self.triggers
                if f.trigger.frame
                and f.at != found.at
                and not (clause.relative and f.noun and f.trigger.frame == found.trigger.frame)
            }
            said = {clause_at(self.clauses, s.at).index for s, _w, _o in self.speakers}
            here = [
                d
                for d in usable
                if (c := clause_at(self.clauses, d.first)).index not in busy
                and c.index not in said
                and abs(c.index - clause.index) <= 1
            ]
        if not here and len({f.at for f in self.triggers}) <= 1 and not self.speakers:
            here = usable
        if not here:
            return None
        date = min(here, key=lambda d: self._remoteness(d, found))
        if stance.modality == "actual" and date.direction is None and date.role is None and self._past(found):
            date = replace(date, direction=OVER)
        return self._resolved(date, future=stance.modality != "actual")

    def _begins(self, date: DateMention) -> bool:
        """Tell whether a state begins only after the document's day ("recognises it from 28 May on")."""
        published = self._published
        if date.role != "since" or published is None or not self.pack.lemmatise_names:
            return False
        day = resolve(date, published, self.discourse.last_date, future=False)
        return day is not None and day > published

    @property
    def _published(self) -> str | None:
        """The day from which dates of the sentence are counted: of the heading above it, else of the document."""
        above, published = self.discourse.above, self.document.published
        return above if above is not None and (published is None or len(above) == len(published)) else published

    def _date_above(self, found: Found, stance: Stance) -> ClaimDate | None:
        """Return the date under which an act stands that its own sentence does not date."""
        above = self.discourse.above
        told = found.trigger.stative or any(d.role != "vague" for d in self.dates)
        if above is None or told or stance.negative or stance.modality != "actual":
            return None
        return claim_date(above)

    def _past(self, found: Found) -> bool:
        """Tell whether a verb can only tell of the past: what it dates is not still to come."""
        verbal = [r for r in self.tokens[found.governor].readings if r.pos == "VERB"]
        return bool(verbal) and all("Tense=Past" in r.features for r in verbal)

    def _may_tell_when(self, date: DateMention, found: Found, stance: Stance) -> bool:
        """Tell whether a date can be that of what is planned or asked for; what is over is when they said so.

        Where the verb comes last, the day of a plea stands before what is asked for.
        """
        verbal = [r for r in self.tokens[found.governor].readings if r.pos == "VERB"]
        embedded = bool(verbal) and all(r.features & {"Case=Acc", "Case=Dat", "Case=Abl"} for r in verbal)
        if embedded and date.first > found.governor:
            return False  # "has said on Monday that": the day after what is told is that of telling
        published = self._published
        if stance.modality == "actual" or published is None or date.direction == "future":
            return True
        past = resolve(date, published, self.discourse.last_date, future=False)
        if past is None or past[: len(published)] >= published[: len(past)]:
            return True
        ahead = resolve(date, published, self.discourse.last_date, future=True)
        if ahead is None or ahead <= past:
            return False  # a time that is over however it is read
        return not self._reported_in_past(found, stance) or _days(past, published) > _days(published, ahead)

    def _reported_in_past(self, found: Found, stance: Stance) -> bool:
        """Tell whether the verb that governs what is planned or asked for is in the past ("has called on X to")."""
        start = stance.modal.first if stance.modal is not None else found.governor + 1
        if stance.modal is None and is_finite(self.tokens[found.governor]):
            return False
        following = (t for t in self.tokens[start:] if is_finite(t))
        return any("Tense=Past" in r.features for t in list(following)[:1] for r in t.readings)

    def _remoteness(self, date: DateMention, found: Found) -> int:
        """Return how far a date stands from a trigger; one that a comma cuts off before it counts as far."""
        distance = min(abs(date.first - found.at), abs(date.last - found.at))
        apart = (
            not self.pack.sov
            and 3 < date.last <= found.at
            and any(t.text == "," for t in self.tokens[date.last : found.at])
        )
        return distance + (OTHER_SIDE if apart else 0)

    def _date_of_chain(self, bound: Bound, frame: Frame, stance: Stance) -> ClaimDate | None:
        """Return the date of the clause whose subject a clause goes on with ("on Monday X came and met Y")."""
        found = bound.found
        if found.trigger.stative or (frame.aspect == "state" and stance.negative):
            return None
        earlier = {
            clause_at(self.clauses, p.head).index
            for parts in bound.roles.values()
            for p, _e in parts
            if clause_at(self.clauses, p.head).index < found.clause.index
        }
        if self.pack.lemmatise_names:  # the day of saying is not that of what is said of the speaker
            earlier -= {clause_at(self.clauses, s.at).index for s in self.said}
        dates = [
            d
            for d in self.dates
            if d.role is None and clause_at(self.clauses, d.first).index in earlier and not self._elsewhen(d, found)
        ]
        return self._resolved(dates[-1], future=stance.modality != "actual") if dates else None

    def _tells_when(self, date: DateMention, found: Found, stance: Stance) -> bool:
        """Tell whether a date can be that of what a trigger says: not that of its report, plea, decision or another
        clause."""
        if any(
            0 <= date.first - s.last <= 3
            and not (s.first <= found.at < s.last or s.last <= found.at < date.first)
            and (self.pack.sov or not any(t.text == "," for t in self.tokens[s.last : date.first]))
            for s in self.said
        ):
            if not self._announced(found, date):
                return False
        if self._elsewhen(date, found) or self._of_another_verb(date, found):
            return False
        if stance.modality != "actual" and self._day_of_decision(date, found):
            return False
        clause = clause_at(self.clauses, date.first)
        between = self.tokens[min(date.first, found.at) : max(date.first, found.at)]
        if any(t.text == ";" for t in between):
            return False
        if (
            clause.relative
            and clause.index != found.clause.index
            and any(is_finite(t) and not t.is_pos("AUX") for t in self.tokens[clause.first : clause.last])
        ):
            return False
        if clause.participle and clause.index != found.clause.index and not self._modifies(clause, found):
            return False
        mark = stance.modal
        if mark is not None and stance.modality != "actual" and self._dates_report(date, found):
            return False
        decided = mark is not None and any(_bare_verb(t) for t in self.tokens[mark.first : mark.last])
        if (
            mark is None
            or stance.modality == "actual"
            or (self.tokens[mark.first].is_pos("AUX", "ADJ") and not decided)
        ):
            return True
        if self.pack.lemmatise_names and stance.modality == "planned" and not _decided(self.tokens[mark.first]):
            return True  # free order: "in May X plans to visit Y"; a past verb dates the decision
        return date.first >= found.at or (clause.index != clause_at(self.clauses, mark.first).index)

    def _dates_report(self, date: DateMention, found: Found) -> bool:
        """Tell whether a date opens the report of what is planned ("on 19 June X said he would meet Y")."""
        return not (self.pack.sov or self.pack.lemmatise_names) and any(
            date.last <= s.first and s.last <= found.at and s.first - date.last <= REPORT_REACH for s in self.said
        )

    def _of_another_verb(self, date: DateMention, found: Found) -> bool:
        """Tell whether a date follows a participle of its own ("under a deal struck in May, X withdrew")."""
        place = date.first - 1
        if self.pack.sov or found.noun or place < 0 or place in {found.at, found.governor, *found.match.taken}:
            return False
        verbal = [r for r in self.tokens[place].readings if r.pos in {"VERB", "ADJ"}]
        told = bool(verbal) and any("VerbForm=Part" in r.features and "Voice=Pass" in r.features for r in verbal)
        return told and not (place and self.tokens[place - 1].is_pos("AUX", "ADV", "CCONJ"))

    def _day_of_decision(self, date: DateMention, found: Found) -> bool:
        """Tell whether a day of the week belongs to the verb in the past that governs a plan ("signed on Tuesday a
        deal to ...")."""
        if self.pack.sov or date.weekday is None or date.direction is not None or date.month is not None:
            return False
        before = (t for t in reversed(self.tokens[found.clause.first : found.governor]) if is_finite(t))
        verb = next(before, None)
        return (
            verb is not None
            and all("Tense=Past" in r.features for r in verb.readings if r.pos == "VERB")
            and (verb.is_pos("VERB") and not verb.is_pos("AUX"))
        )

    def _announced(self, found: Found, date: DateMention) -> bool:
        """Tell whether the verb before a date does what it says of a noun: "announced on Monday its withdrawal"."""
        return (
            found.noun
            and not self.pack.sov
            and any(
                s.last <= date.first < found.at
                and clause_at(self.clauses, s.at).index == found.clause.index
                and next(self.pack.light.at(self.tokens, s.first, self.typed), None) is not None
                for s in self.said
            )
        )

    def _elsewhen(self, date: DateMention, found: Found) -> bool:
        """Tell whether words that lead to another time ("after the election of") part a date from a trigger."""
        clause = clause_at(self.clauses, date.first)
        if clause.index != found.clause.index and (clause.opener or found.clause.opener):
            return True
        first, last = min(date.last, found.match.last), max(date.first, found.match.first)
        if self.pack.lemmatise_names and date.first < found.match.first:
            return False  # free order: "on 5 May, after the attack, X did it"
        return any(
            not date.first <= m.first < date.last
            for m, _ in self.pack.elsewhen.search(self.tokens, first, last, self.typed)
        )

    def _modifies(self, clause: Clause, found: Found) -> bool:
        """Tell whether a participle that opens a clause can belong to an event noun ("the visit, planned for May")."""
        if not found.noun:
            return False
        participle, noun = self.tokens[clause.first], self.tokens[found.at]
        return any(
            all(
                not {f for f in a.features if f.startswith(name)} ^ {f for f in b.features if f.startswith(name)}
                for name in ("Case=", "Number=")
            )
            for a in participle.readings
            for b in noun.readings
            if b.pos in {"NOUN", "PROPN"}
        )

    def previous_date(self, previous: Sequence[Claim]) -> ClaimDate | None:
        """Return the date this sentence gives to the act told in the one before, None when it gives none."""
        acts = {(c.frame, c.polarity) for c in previous if c.date is None and c.extractor.split("/")[1] != "offices"}
        dates = [d for d in self.dates if d.role is None]
        if len(acts) != 1 or len(dates) != 1 or not self._retells():
            return None
        return self._resolved(dates[0], future=False)

    def _resolved(self, date: DateMention, *, future: bool) -> ClaimDate | None:
        previous = self.discourse.last_date
        for earlier in self.dates:
            if earlier.first >= date.first:
                break
            previous = resolve(earlier, self._published, previous, future=False) or previous
        edtf = resolve(date, self._published, previous, future=future)
        span = Span(self.tokens[date.first].span.start, self.tokens[date.last - 1].span.end)
        return claim_date(edtf, span.slice(self.document.text), span)

    def _tell_last_date(self, claims: Sequence[Claim]) -> None:
        for claim in claims:
            if claim.date is not None:
                self.discourse.last_date = claim.date.edtf
        for date in self.dates:
            edtf = resolve(date, self._published, self.discourse.last_date, future=False)
            if edtf and date.role is None:
                self.discourse.last_date = edtf


def _bare_verb(token: Token) -> bool:
    """Tell whether a word is a verb of a language that does not inflect."""
    return token.is_pos("VERB") and not any(
        f.startswith(("VerbForm=", "Tense=")) for r in token.readings for f in r.features
    )
