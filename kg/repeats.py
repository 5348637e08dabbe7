"""What is told again with a new subject ("did so", "..., but X did not"), and the records of claims."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from kg.binding import Bound
from kg.clauses import clause_at, is_finite
from kg.gapping import GapReader
from kg.ids import claim_id
from kg.language.pack import Trigger
from kg.mentions import QUOTES
from kg.model import Claim, ClaimDate, Filler, Frame, FrameRole, Iri, Modality, Polarity, Span
from kg.patterns import Match
from kg.phrases import OBLIQUE_CASES
from kg.referents import Phrase
from kg.resolution import NO_PATTERN, Opened, Template
from kg.stance import Stance
from kg.triggers import Found

REPEATED = "+repeated"
COST_WEIGHT = 0.04
REPEAT_REACH = 2  # sentences after an act in which "the same" can mean it
ENUMERATION_STARTS = 4
INCLUDING = "including"  # the adposition that opens a list of some of those named before
ENUMERATED = 0.75
_DASHES = frozenset({"\u2014", "\u2013"})
_GAP_ENDS = frozenset({",", ";", ".", "!", "\u2014", "\u2013", ":"})


class RepeatReader(GapReader):
    """Reads what words repeat of the claim told last, and writes claims."""

    # -- "did so" ---------------------------------------------------------------------------------------------------

    def _repeated(self, taken: set[int]) -> Iterator[Claim]:
        template = self.template
        if template is None:
            return
        subject_role = next((name for name, fs in template.trigger.roles if "subject" in fs), None)
        role = template.frame.role(subject_role) if subject_role else None
        if role is None or (self.pack.lemmatise_names and self.sentence.index - template.sentence > REPEAT_REACH):
            return
        untold = [f.at for f in self.triggers if f.at not in taken and f.trigger.frame != template.frame.name]
        for place in range(len(self.tokens)):
            found = self.pack.proforms.longest_at(self.tokens, place, self.typed)
            if found is None or any(t in taken for t in found[0].taken):
                continue
            if any(at < place and self._acts(at) for at in untold):
                continue  # what it repeats is the act before it, which gave no claim
            yield from self._repeat(template, role, found[0])
        for place in self._echoes(template):
            yield from self._repeat(template, role, Match(place, place + 1, (place,), NO_PATTERN), others=True)

    def _lemmas(self, place: int) -> frozenset[str]:
        """Return the verbs a token can be a form of."""
        return frozenset(r.lemma for r in self.tokens[place].readings if r.pos == "VERB")

    def _echoes(self, template: Template) -> Iterator[int]:
        """Yield where the verb of what was just told stands again in the sentence, alone: "..., but X has not imposed".

        Only where verbs come last, which are repeated there without what they act on.
        """
        at = max((f.at for f in self.triggers if f.trigger is template.trigger), default=-1)
        if not self.pack.sov or template.sentence != self.sentence.index or at < 0:
            return
        taken = {t for f in self.triggers if f.trigger.frame == template.frame.name for t in f.match.taken}
        for place in range(at + 1, len(self.tokens)):
            clause = clause_at(self.clauses, place)
            if place in taken or not clause.first > at or not template.verb & self._lemmas(place):
                continue
            bare = not any(
                p.cases & OBLIQUE_CASES and clause.first <= p.head < place and not p.cases & {"Nom"}
                for p in self.phrases
            )
            if bare:
                yield place

    def _acts(self, at: int) -> bool:
        """Tell whether a trigger that gave no claim is an act between two, and not that someone spoke or is
        something."""
        frames = (self.knowledge.frames.get(f.trigger.frame) for f in self.triggers if f.at == at)
        return any(f is not None and f.aspect == "event" and sum(r.required for r in f.roles) > 1 for f in frames)

    def _repeat(self, template: Template, role: FrameRole, match: Match, *, others: bool = False) -> Iterator[Claim]:
        pseudo = self._pseudo(match.first, match.last, template.trigger)
        inverted = not self.pack.sov and self.tokens[match.last - 1].is_pos("AUX")  # "neither did X"
        rest = self.tokens[match.last : pseudo.clause.last]
        if inverted and (
            any(f.clause.index == pseudo.clause.index for f in self.triggers) or any(t.is_pos("VERB") for t in rest)
        ):
            return  # "nor has X reopened ..." says what X did itself
        limit = (
            100.0 if self.pack.sov and not others else 2.5
        )  # an inherited subject is none: "no other capital has done the same"
        options = [
            (cost + 0.5 * order, phrase, entities)
            for order, function in enumerate(("subject", "object")[: 1 + inverted])
            for cost, phrase in self.binder.marked(pseudo, function)
            for entities in [self._entities_for(phrase, role)]
            if entities and cost < limit
        ]
        stance = self.stances.of(pseudo)
        if inverted and any(
            next(self.pack.negation.at(self.tokens, t, self.typed), None) for t in range(match.first, match.last)
        ):
            stance = replace(stance, negative=True)
        if not options or stance.dropped or (template.denied and not stance.negative):
            return  # "X will not; Y did the same" repeats something else, told before
        if self.pack.lemmatise_names and stance.modality == "planned" and self._names_one(template, role):
            return  # "promised to follow suit": with sanctions on a state, hardly with the companies listed last
        cost, phrase, entities = min(options, key=lambda o: o[0])
        symmetric = role.symmetric and role.many
        attribution, relayed = self._attribution(pseudo, stance)
        for number, iri in enumerate(entities):
            member = phrase.members[number] if len(phrase.members) == len(entities) else phrase.members[0]
            old = dict(template.roles)
            taken = {f.id for name, fs in old.items() if name != role.name for f in fs}
            if iri in taken or (symmetric and iri in {f.id for f in old.get(role.name, ())}):
                continue
            partners = template.partners if symmetric and template.frame.aspect == "state" else ()
            if symmetric and template.frame.aspect == "state" and (not partners or iri in {f.id for f in partners}):
                continue
            told = tuple(replace(f, text=None, span=None) for f in partners)
            roles = {**old, role.name: (self._filler(self.discourse.entity(iri), member.first, member.last), *told)}
            first, last = min(match.first, phrase.first), max(match.last, phrase.last)
            for one in _shared_out(template.frame, roles):
                yield self._claim(
                    template.frame,
                    one,
                    self._date(pseudo, stance),
                    stance,
                    attribution,
                    relayed,
                    first,
                    last,
                    max(0.3, 0.8 - COST_WEIGHT * cost),
                    f"{self._file(template.trigger)}/{template.trigger.name}{REPEATED}",
                )
        if self.pack.sov:
            self.template = replace(template, sentence=self.sentence.index)

    def _names_one(self, template: Template, subject: FrameRole) -> bool:
        """Tell whether an act was done to a person or body where it could have been done to a state."""
        return any(
            r is not subject and {"State", "Person"} <= r.kinds and not any("State" in f.kinds for f in fillers)
            for name, fillers in template.roles
            for r in [template.frame.role(name)]
            if r is not None
        )

    # -- "X gave Y tanks, Z -- guns" --------------------------------------------------------------------------------

    def _dashed(self) -> Iterator[Claim]:
        """Yield the claims of clauses in which a dash stands for the verb of the clause before."""
        template = self.template
        if not self.pack.lemmatise_names or template is None or template.sentence != self.sentence.index:
            return
        base = next((c for c in reversed(self.told) if c.frame == template.frame.name), None)
        name = next((n for n, fs in template.trigger.roles if "subject" in fs), None)
        role = template.frame.role(name) if name else None
        if base is None or role is None or template.noun or (role.symmetric and role.many):
            return
        for place, token in enumerate(self.tokens):
            subject = next((p for p in self.phrases if p.last == place), None)
            if token.text not in _DASHES or subject is None or not self._opens_gap(subject, base):
                continue
            end = next((t for t in range(place + 1, len(self.tokens)) if self.tokens[t].text in _GAP_ENDS), place + 1)
            rest = range(place + 1, end)
            if any(is_finite(self.tokens[t]) for t in rest) or self._names_another(rest, template, role):
                continue
            dates = [d for d in self.dates if d.role is None and d.first in rest]
            date = self._resolved(dates[0], future=base.modality != "actual") if dates else base.date
            for iri in self._entities_for(subject, role):
                roles = {
                    **dict(base.roles),
                    role.name: (self._filler(self.discourse.entity(iri), subject.first, place),),
                }
                stance = Stance(base.polarity == "negative", base.modality)
                yield self._claim(
                    template.frame,
                    roles,
                    date,
                    stance,
                    base.attribution,
                    base.relayed_by,
                    subject.first,
                    end,
                    ENUMERATED,
                    f"{self._file(template.trigger)}/{template.trigger.name}{REPEATED}",
                )

    def _opens_gap(self, subject: Phrase, base: Claim) -> bool:
        """Tell whether a phrase before a dash can be the subject of a clause without its verb, after a told one."""
        start = self.tokens[subject.first].span.start
        before = self.tokens[subject.first - 1] if subject.first else None
        bare = subject.adposition is None and not subject.adjective and not subject.possessive
        parted = before is not None and (before.text in {",", ";"} or before.is_pos("CCONJ"))
        named = subject.kind in {"entity", "person"} and (not subject.cases or "Nom" in subject.cases)
        return bare and parted and named and start >= base.evidence.end

    def _names_another(self, rest: range, template: Template, role: FrameRole) -> bool:
        """Tell whether words name what could fill another key role: then it is not the same that is done."""
        keys = [r for r in template.frame.roles if r.key and r is not role and not r.scheme and not r.attribute]
        return any(
            self._entities_for(p, r)
            for p in self.phrases
            for r in keys
            if p.first in rest and p.kind in {"entity", "person"}
        )

    # -- "but not by X" ---------------------------------------------------------------------------------------------

    def _excepted(self) -> Iterator[Claim]:
        """Yield the denials of an act told of others: "was recognised by X, but not by Y"."""
        if not self.pack.exceptions:
            return
        for match, _source in self.pack.exceptions.search(self.tokens, typed=self.typed):
            phrase = next(
                (p for p in self.phrases if match.last <= p.start <= match.last + 1 and not p.adjective), None
            )
            if phrase is None or any(
                is_finite(t) for t in self.tokens[phrase.last : clause_at(self.clauses, phrase.head).last]
            ):
                continue
            base = next(
                (c for c in reversed(self.told) if c.evidence.start < self.tokens[match.first].span.start), None
            )
            if base is None or base.polarity != "positive" or base.modality != "actual":
                continue
            frame = self.knowledge.frames[base.frame]
            for name in self._parallel(base, frame, phrase):
                role = frame.role(name)
                for iri in self._entities_for(phrase, role) if role is not None else ():
                    yield replace(
                        self._claim(
                            frame,
                            {
                                **dict(base.roles),
                                name: (self._filler(self.discourse.entity(iri), phrase.first, phrase.last),),
                            },
                            base.date,
                            Stance(True, "actual"),
                            base.attribution,
                            base.relayed_by,
                            match.first,
                            phrase.last,
                            ENUMERATED,
                            "",
                        ),
                        extractor=f"{base.extractor}{REPEATED}",
                    )

    def _parallel(self, base: Claim, frame: Frame, phrase: Phrase) -> list[str]:
        """Return the role of a claim that a phrase stands parallel to: filled by one with the same adposition."""
        out: list[str] = []
        for name, fillers in base.roles:
            role = frame.role(name)
            if role is None or role.scheme or (role.symmetric and role.many and len(fillers) > 1):
                continue
            spans = [f.span for f in fillers if f.span is not None]
            like = any(
                p.adposition == phrase.adposition
                and any(
                    self.tokens[p.first].span.start <= s.start and s.end <= self.tokens[p.last - 1].span.end
                    for s in spans
                )
                for p in self.phrases
                if p is not phrase
            )
            if like and self._entities_for(phrase, role):
                out.append(name)
        return out[:1] if len(out) == 1 else []

    # -- "among them" ------------------------------------------------------------------------------------------------

    def _enumerated(self) -> Iterator[Claim]:
        """Yield the claims of a list that names those whom the sentence before left unnamed ("among them are ...")."""
        opened = self.opened
        if opened is None or self.sentence.index - opened.sentence not in {0, 1, 2}:
            return
        role, mark = opened.frame.role(opened.role), self._enumeration()
        if role is None or any(c.frame == opened.frame.name for c in self.told):
            return
        same = opened.sentence == self.sentence.index
        begins = mark.last if mark is not None and (same or mark.first <= ENUMERATION_STARTS) else None
        last = -1
        for phrase in self.phrases:
            if last >= 0 and any(
                t.text not in {",", *QUOTES} and not t.is_pos("CCONJ") for t in self.tokens[last : phrase.first]
            ):
                return  # the list is over
            listed = same and not phrase.adjective and (phrase.adposition == INCLUDING or phrase.first == begins)
            bare = phrase.adposition is None and not phrase.adjective and not phrase.possessive
            named = bare and (not phrase.cases or "Nom" in phrase.cases)
            if not listed and not (begins is not None and phrase.first >= begins and named):
                continue
            told = {f.id for fs in opened.roles.values() for f in fs}
            entities = [e for e in self._entities_for(phrase, role) if e not in told]
            first = phrase.start if listed or mark is None else mark.first
            for among in self._together(role, entities):
                fillers = tuple(self._filler(self.discourse.entity(e), phrase.first, phrase.last) for e in among)
                yield self._listed(opened, {**opened.roles, role.name: fillers}, first, phrase.last)
            if entities:
                last = phrase.last

    def _listed(self, opened: Opened, roles: Mapping[str, tuple[Filler, ...]], first: int, last: int) -> Claim:
        """Return the claim of an open act with one of those whom a list after it names."""
        rule = f"{self._file(opened.trigger)}/{opened.trigger.name}{REPEATED}"
        return self._claim(
            opened.frame, roles, opened.date, opened.stance, opened.speaker, None, first, last, ENUMERATED, rule
        )

    def _together(self, role: FrameRole, entities: Sequence[Iri]) -> list[list[Iri]]:
        """Return who acts in each claim: each for itself, or in a role of several all together and never one alone."""
        if not role.many:
            return [[entity] for entity in entities]
        return [list(entities)] if len(entities) > 1 else []

    def _may_open(self) -> bool:
        """Tell whether an act of this sentence may be left open: none is, and no list of the last one stands here."""
        if self.opened is None:
            return True
        behind = self.sentence.index - self.opened.sentence
        return behind > 1 or (behind == 1 and self._enumeration() is None)

    def _enumeration(self) -> Match | None:
        """Return the words of this sentence that open a list of those left unnamed, None where there are none."""
        return next((m for m, _source in self.pack.enumerations.search(self.tokens, typed=self.typed)), None)

    # -- records ----------------------------------------------------------------------------------------------------

    def _extent(self, bound: Bound, found: Found, stance: Stance) -> tuple[int, int]:
        """Return the token range of the evidence: trigger, roles, and the words of denial and modality."""
        ranges = [
            (found.match.first, found.match.last),
            *stance.words,
            *((p.first, p.last) for parts in bound.roles.values() for p, _e in parts),
        ]
        return min(first for first, _last in ranges), max(last for _first, last in ranges)

    def _claim(
        self,
        frame: Frame,
        roles: Mapping[str, tuple[Filler, ...]],
        date: ClaimDate | None,
        stance: Stance,
        attribution: Filler | None,
        relayed: Filler | None,
        first: int,
        last: int,
        confidence: float,
        rule: str,
        *,
        former: bool = False,
    ) -> Claim:
        span = Span(self.tokens[first].span.start, self.tokens[last - 1].span.end)
        polarity: Polarity = "negative" if stance.negative else "positive"
        modality: Modality = stance.modality if stance.modality in _MODALITIES else "actual"  # type: ignore[assignment]
        ordered = tuple(sorted(roles.items()))
        return Claim(
            id=claim_id(
                self.document.id,
                frame.name,
                span,
                [(r, [f.id for f in fs]) for r, fs in ordered],
                polarity,
                modality,
                date.edtf if date else None,
            ),
            document=self.document.id,
            published=self.document.published,
            language=self.document.language,
            frame=frame.name,
            roles=ordered,
            date=date,
            polarity=polarity,
            modality=modality,
            former=former,
            attribution=attribution,
            relayed_by=relayed,
            evidence=span,
            quote=span.slice(self.document.text),
            confidence=round(confidence, 2),
            extractor=f"{self.pack.language}/{rule}",
        )

    def _file(self, trigger: Trigger) -> str:
        return "".join("-" + c.lower() if c.isupper() else c for c in trigger.frame).lstrip("-")


def _shared_out(frame: Frame, roles: Mapping[str, tuple[Filler, ...]]) -> Iterator[dict[str, tuple[Filler, ...]]]:
    """Yield one set of roles for each filler of a role that holds one only."""
    options: list[dict[str, tuple[Filler, ...]]] = [{}]
    for name, fillers in roles.items():
        role = frame.role(name)
        ways = [fillers] if role is None or role.many else [(f,) for f in fillers]
        options = [{**o, name: w} for o in options for w in ways]
    yield from options


_MODALITIES = ("actual", "planned", "requested", "possible")
