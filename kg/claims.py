"""Mentions, triggers and stance of one sentence -> claims. The engine knows no frame, class or word by name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from kg.binding import Bound
from kg.clauses import is_finite
from kg.discourse import MEMORY
from kg.model import (
    Claim,
    ClaimDate,
    Filler,
    Frame,
    FrameRole,
    Iri,
)
from kg.office_claims import OfficeReader
from kg.referents import Phrase
from kg.repeats import COST_WEIGHT
from kg.resolution import SPEAKER_KINDS, Opened, Template
from kg.stance import Stance
from kg.triggers import Found

_COMING = re.compile(r"(?:day|week|month|year) [1-9]")  # relative dates that lie ahead of the document
INFERRED_STEP = 0.12
ONE_SIDE = frozenset({"with", "with_any"})  # functions that name only the other side


class SentenceReader(OfficeReader):
    """Reads the claims of one sentence with what the document has told so far."""

    def read(self) -> list[Claim]:
        """Return the claims of the sentence, offices first."""
        claims = [c for held in self.offices for c in self._office(held)]
        if self.sentence.block.kind == "caption":
            return claims
        self.triggers = [f for f in self.binder.triggers() if not self._describes(f)]
        self.triggers.sort(key=lambda f: f.construction == "passive")
        best: dict[tuple[int, str], tuple[float, list[Claim], Template | None]] = {}
        for found in self.triggers:
            result = self._claims_of(found)
            if result is None:
                continue
            cost, made, template = result
            self.told += made
            if template is not None and made:
                self.templates.append((found.at, template))
            key = (found.at, found.trigger.frame)
            if key not in best or (cost, -len(made)) < (best[key][0], -len(best[key][1])):
                best[key] = (cost, made, template)
        for key in sorted(best):
            claims += best[key][1]
            last = best[key][2]
            verbal = (
                self.template is not None and self.template.sentence == self.sentence.index and not self.template.noun
            )
            if last is not None and not (last.noun and verbal):
                self.template = last
            frame = self.knowledge.frames.get(key[1])
            if last is None and best[key][1] and frame is not None and frame.aspect == "state" and _mutual(frame):
                self.template = None  # "did the same" would mean this, which cannot be repeated by one alone
        claims += self._repeated(taken={at for at, _frame in best})
        claims += self._enumerated()
        claims += self._excepted()
        claims += self._dashed()
        claims = _without_parts(claims, self.knowledge.frames)
        self._tell_last_date(claims)
        return claims

    def _describes(self, found: Found) -> bool:
        """Tell whether a noun only says what an agreement is about ("an agreement on military cooperation")."""
        if not found.noun or self._on_occasion(found):
            return False
        for phrase in self.phrases:
            if phrase.nominal is None or phrase.first <= found.at < phrase.last:
                continue
            between = range(found.match.last, phrase.first) if self.pack.sov else range(phrase.last, found.match.first)
            if found.light_at >= 0 and len(between) > 2:
                continue
            if len(between) <= 4 and (found.at < phrase.first if self.pack.sov else found.at >= phrase.last):
                if not any(is_finite(self.tokens[t]) or self.tokens[t].text in {",", ";", ":"} for t in between):
                    return True
        return False

    def _on_occasion(self, found: Found) -> bool:
        """Tell whether words before a noun say when an act was done ("signed a pact during a visit")."""
        first = max(found.clause.first, found.match.first - 4)
        return any(True for _ in self.pack.occasions.search(self.tokens, first, found.match.first + 1, self.typed))

    # -- frames -----------------------------------------------------------------------------------------------------

    def _claims_of(self, found: Found) -> tuple[float, list[Claim], Template | None] | None:
        frame = self.knowledge.frames.get(found.trigger.frame)
        if frame is None:
            return None
        after = found.trigger.after
        here = any(c.frame == found.trigger.frame for c in self.told)  # "X and Y held a drill; Z did not take part"
        if after is not None and not here and self.discourse.last_nominal(after, self.sentence.index, found.at) is None:
            return None  # "X did not take part": only where it was told in what
        stance = self.stances.of(found)
        if found.trigger.recalls and not (
            (stance.negative or self._points_back(found) or not found.trigger.each)
            and self._recalled(found.trigger.recalls)
        ):
            return None
        controlled, barred = self._control(stance, found)
        self.binder.control(controlled, barred)
        bound = self.binder.bind(found, frame, negated=stance.negative)
        self.binder.control(None, None)
        result = self._assemble(frame, bound, stance) if bound is not None else None
        if result is None and controlled is not None:
            self.binder.control(None, barred)
            bound = self.binder.bind(found, frame, negated=stance.negative)
            self.binder.control(None, None)
            result = self._assemble(frame, bound, stance) if bound is not None else None
        return result

    def _points_back(self, found: Found) -> bool:
        """Tell whether a trigger names what it means by a pronoun ("took part in it")."""
        return any(self.tokens[t].is_pos("PRON", "DET") for t in found.match.taken if t >= 0)

    def _recalled(self, name: str) -> bool:
        """Tell whether an event of that name was told of here or just before ("... but X did not take part")."""
        here = any(p.nominal is not None and p.nominal.name == name for p in self.phrases)
        return here or self.sentence.index - self.discourse.mentioned.get(name, -MEMORY - 1) <= MEMORY

    def _control(self, stance: Stance, found: Found) -> tuple[Phrase | None, Phrase | None]:
        """Return the phrase a modal verb makes the subject of what it governs, and the phrase it bars from being it."""
        mark = stance.modal
        if mark is None or mark.modal.controls is None:
            return None, None
        if not any(t.is_pos("VERB", "AUX", "X") for t in self.tokens[mark.first : mark.last]):
            if mark.modal.controls == "possessor":  # "X's decision to recognise Y"
                return self._best(self._pseudo(mark.first, mark.last, noun=True), "possessor"), None
            return None, None
        function = mark.modal.controls
        if function == "possessor":
            return None, None
        subject = self._best(self._pseudo(mark.first, mark.last), "subject")
        if function == "subject":
            return subject, None
        return self._addressee(self._pseudo(mark.first, mark.last), function, subject, found), subject

    def _addressee(self, pseudo: Found, function: str, subject: Phrase | None, found: Found) -> Phrase | None:
        """Return who is asked: the nearest phrase of the function, the farthest where the verb comes last."""
        if not self.pack.sov:
            own = {id(p) for p in self.phrases if p.head > found.at}  # what follows the act is more likely its object
            return self._best(pseudo, function, own)
        role = FrameRole("addressee", Iri(""), SPEAKER_KINDS, coerce=("capitalOf",))
        options = [
            p for _c, p in self.binder.marked(pseudo, function) if p is not subject and self._entities_for(p, role)
        ]
        return min(options, key=lambda p: p.first, default=None)

    def _assemble(
        self, frame: Frame, bound: Bound, stance: Stance
    ) -> tuple[float, list[Claim], Template | None] | None:
        found = bound.found
        roles: dict[str, tuple[Filler, ...]] = {}
        inferred = 0
        for role in frame.roles:
            fillers = tuple(self._fillers(bound, role))
            if not fillers and role.scheme:
                fillers = tuple(self._concepts_of(found, frame, role))
            if role.symmetric and role.many:
                more, guessed = self._parties(found, frame, role, fillers, bound)
                fillers, inferred = more, inferred + guessed
            if not fillers and "title.of" in dict(found.trigger.roles).get(role.name, ()):
                fillers = tuple(self._title_body(found, role))
            if not fillers and role.name == "name":
                fillers = tuple(self._event_name(found, role))
            if not fillers and role.literal:
                fillers = tuple(self._figure(found, frame, role))
            if not fillers and role.required and role.name in self.pack.terms:
                fillers = tuple(self._described_thing(found, role))
            if fillers:
                roles[role.name] = fillers
        inferred += self._speak_for_themselves(found, frame, roles)
        title = self._title_near(found) if any("title" in fs for _n, fs in found.trigger.roles) else None
        if title is not None and self.pack.sov and any(p is title for ps in bound.roles.values() for p, _e in ps):
            return None  # "appoints its ambassador": the title names nobody
        self._drop_lone_parties(frame, roles)
        inferred += self._take_partners(found, frame, roles)
        missing = [r.name for r in frame.roles if r.required and r.name not in roles]
        before: ClaimDate | None = None
        if missing and self._agentless(found, missing, stance):
            roles.update(self._agent_before(frame, missing, found=found))
            missing = [r for r in missing if r not in roles]
            agentless = self.template is not None and not missing and not found.trigger.inherits
            before = self.template.date if self.template is not None and agentless else None
            inferred += 1
        if missing and self._goes_on(found, missing, bound):
            roles.update(self._agent_before(frame, missing, self._told_before(found)))
            missing = [r for r in missing if r not in roles]
            inferred += 1
        if not missing and stance.dropped:
            self._note(found.match.first, found.match.last, "no claim", stance.dropped)
            return None
        if missing:
            if len(missing) == 1 and self._may_open() and not (stance.dropped or stance.negative):
                date = self._date(found, stance)
                who, _relay = self._attribution(found, stance, bound)
                self.opened = Opened(found.trigger, frame, roles, missing[0], self.sentence.index, date, stance, who)
            self._note(found.match.first, found.match.last, "no claim", f"{frame.name}: no {', '.join(missing)}")
            return None
        if any(any(p.negated for p, _e in parts) for parts in bound.roles.values()):
            stance = replace(stance, negative=True) if not found.trigger.negative else stance
        if found.trigger.both and any(len(functions) < 2 for functions in bound.functions.values()):
            self._note(found.match.first, found.match.last, "no claim", f"{frame.name}: one side only")
            return None
        if self._lonely(frame, roles, found, bound) or self._at_home(frame, roles, bound):
            return None
        date = self._date(found, stance) or self._date_of_chain(bound, frame, stance) or before
        date = date or self._date_above(found, stance)
        if self._still_to_come(date, stance, found):
            stance = replace(stance, modality="planned")
        attribution, relayed = self._attribution(found, stance, bound)
        first, last = self._extent(bound, found, stance)
        confidence = max(0.3, 0.95 - COST_WEIGHT * max(0.0, bound.cost) - INFERRED_STEP * inferred)
        acts = self.gapped(bound, frame, future=stance.modality != "actual")
        acts = acts or [(own, date) for own in self._several_things(found, frame, roles, bound)] or [({}, date)]
        claims = [
            self._claim(
                frame,
                one,
                day,
                stance,
                self._own_voice(attribution, one),
                relayed,
                first,
                last,
                confidence,
                f"{self._file(found.trigger)}/{found.trigger.name}",
                former=dict(found.trigger.fixed).get("former") == "true",
            )
            for own, day in acts
            for one in self._distributed(frame, {**roles, **own}, found, stance, bound)
        ]
        self._remember(found, frame, roles)
        template = None
        partners = self._partners(bound, frame)
        lasting = frame.aspect == "state" and _mutual(frame)
        if (
            found.trigger.each or partners or lasting or sum(r.required for r in frame.roles) > 1
        ):  # "did so" repeats what was done to something, not that someone spoke
            template = Template(
                found.trigger,
                frame,
                tuple(sorted(roles.items())),
                self.sentence.index,
                date,
                found.noun,
                stance.negative and not found.trigger.negative,
                frozenset() if found.noun else self._lemmas(found.at),
                partners,
            )
        self._explain(
            f"trigger {found.trigger.name!r} at {self.tokens[found.at].text!r} "
            f"({found.construction}), cost {bound.cost:.2f}"
        )
        return bound.cost + 2.0 * inferred, claims, template

    def _speak_for_themselves(self, found: Found, frame: Frame, roles: dict[str, tuple[Filler, ...]]) -> int:
        """Fill in the state of who says "we have done it" without a subject; return how much had to be inferred."""
        verbal = [r for r in self.tokens[found.governor].readings if r.pos in {"VERB", "AUX"}]
        if not self.pack.sov or not verbal or not all({"Person=1", "Number=Plur"} <= r.features for r in verbal):
            return 0
        who = next((w for _said, w, _outlet in self.speakers if w is not None), None)
        state = self.discourse.represented(who.id) if who is not None and "Person" in who.kinds else None
        for name, functions in found.trigger.roles if state is not None else ():
            role = frame.role(name)
            own = roles.get(name, ())
            if role is None or "subject" not in functions or state is None or (own and not role.symmetric):
                continue
            if len(own) < 2 and state not in {f.id for f in own} and self._coerced(self.discourse.entity(state), role):
                roles[name] = (*own, self._filler(self.discourse.entity(state)))
                return 1
        return 0

    def _partners(self, bound: Bound, frame: Frame) -> tuple[Filler, ...]:
        """Return with whom the subject of a lasting tie has it: those that another phrase than the subject gives."""
        role = next((r for r in frame.roles if r.symmetric and r.many and r.required), None)
        parts = bound.roles.get(role.name, []) if role is not None and frame.aspect == "state" else []
        if len(parts) != 2:
            return ()
        subject = min(self.binder.marked(bound.found, "subject"), key=lambda o: o[0], default=(0.0, None))[1]
        others = [(p, entities) for p, entities in parts if p is not subject]
        if len(others) != 1:
            return ()
        return tuple(self._filler(self.discourse.entity(iri)) for iri in others[0][1])

    def _take_partners(self, found: Found, frame: Frame, roles: dict[str, tuple[Filler, ...]]) -> int:
        """Fill in with whom a lasting tie is, where it was told just before; return how much had to be inferred.

        Only where verbs come last: there what was told need not be said again ("Y has not broken off its relations").
        """
        template = self._told_before(found)
        role = next((r for r in frame.roles if r.symmetric and r.many and r.required), None)
        if role is None or template is None or not self.pack.sov or frame.aspect != "state":
            return 0
        if template.frame is not frame or self.sentence.index - template.sentence > 1:
            return 0
        own = roles.get(role.name, ())
        if len(own) == 1 and template.partners and own[0].id not in {f.id for f in template.partners}:
            roles[role.name] = (*own, *(replace(f, text=None, span=None) for f in template.partners))
            return 1
        if not own and template.sentence == self.sentence.index:
            roles[role.name] = tuple(replace(f, text=None, span=None) for f in dict(template.roles).get(role.name, ()))
            return 1
        return 0

    def _goes_on(self, found: Found, missing: Sequence[str], bound: Bound) -> bool:
        """Tell whether a clause leaves out what the one before it told: "..., and X will send some", "X too has sent".

        Only where verbs come last, and where another subject stands in the clause.
        """
        template = self._told_before(found)
        if template is None or not self.pack.sov or template.frame.name != found.trigger.frame:
            return False
        subjects = {name for name, functions in found.trigger.roles if "subject" in functions}
        if subjects & set(missing):
            return False
        acting = [p for name in subjects for p, _e in bound.roles.get(name, ())]
        own = [p for p in acting if found.clause.first <= p.head]
        if self._names_other(found, missing):
            return False
        if template.sentence == self.sentence.index:
            return bool(acting) and template.trigger.fixed == found.trigger.fixed
        following = {self.tokens[p.last].folded for p in own if p.last < len(self.tokens)}
        return self.sentence.index - template.sentence == 1 and bool(following & self.pack.additive)

    def _names_other(self, found: Found, missing: Sequence[str]) -> bool:
        """Tell whether a common noun stands where a missing role would: "came to X, then went to the theatre"."""
        markings = [
            m
            for name, functions in found.trigger.roles
            if name in missing
            for function in functions
            for m in self.pack.functions_of(found.construction, function.rstrip("?!"))
        ]
        cases = {f"Case={c}" for m in markings if not m.adpositions for c in m.cases} - {"Case=Nom"}
        inside = {t for p in self.phrases for t in range(p.first, p.last)} | set(found.match.taken)
        inside |= {t for d in self.dates for t in range(d.first, d.last)}
        return any(
            bool(self.tokens[t].readings)
            and all(r.pos == "NOUN" and r.features & cases for r in self.tokens[t].readings)
            for t in range(found.clause.first, found.at)
            if t not in inside
        )

    def _still_to_come(self, date: ClaimDate | None, stance: Stance, found: Found) -> bool:
        """Tell whether an act is dated after the document's own day: whatever its tense, it has not happened yet."""
        day = self.document.published
        if stance.modality == "actual" and date is not None and self._ahead(date):
            return True
        if date is None or date.earliest is None or day is None or len(day) < len("2000-01-01"):
            return False
        if not self.pack.lemmatise_names:  # only where verbs have a present that looks ahead, or no tense at all
            forms = (f for r in self.tokens[found.governor].readings for f in r.features)
            if any(f.startswith(("VerbForm=", "Tense=")) for f in forms) or len(date.edtf) > len("2000-01"):
                return False
        return stance.modality == "actual" and date.earliest > day

    def _ahead(self, date: ClaimDate) -> bool:
        """Tell whether a date is told as one to come ("next week X visits Y")."""
        return any(
            (_COMING.match(d.relative or "") is not None or d.direction == "future")
            and date.span is not None
            and self.tokens[d.first].span.start == date.span.start
            for d in self.dates
        )

    def _drop_lone_parties(self, frame: Frame, roles: dict[str, tuple[Filler, ...]]) -> None:
        """Take away parties that only repeat who acts ("X has ratified the convention"): its other parties are not
        told."""
        for role in frame.roles:
            only = roles.get(role.name, ())
            if (
                role.symmetric
                and not role.required
                and len(only) == 1
                and any(only[0].id == f.id for name, fs in roles.items() if name != role.name for f in fs)
            ):
                del roles[role.name]

    def _agentless(self, found: Found, missing: Sequence[str], stance: Stance) -> bool:
        subjects = {name for name, fs in found.trigger.roles if "subject" in fs}
        if set(missing) <= set(found.trigger.inherits):
            return True  # "X has declined to join": what was told just before
        if self.pack.sov and (stance.negative or not is_finite(self.tokens[found.governor])):
            return False  # "a state that has not been recognised": by whom is not said
        unsaid = found.construction == "passive" or (found.construction == "active" and self._impersonal(found))
        return unsaid and (
            set(missing) <= subjects or (stance.modality == "actual" and self._handed_on(found, missing, subjects))
        )

    def _handed_on(self, found: Found, missing: Sequence[str], subjects: set[str]) -> bool:
        """Tell whether a passive only says more of what the sentence before told ("... gave X cars. The cars were
        handed over on Friday"); where verbs come last."""
        told = self.template
        return (
            self.pack.sov
            and bool(subjects & set(missing))
            and told is not None
            and told.frame.name == found.trigger.frame
            and told.trigger.fixed == found.trigger.fixed
            and self.sentence.index - told.sentence == 1
            and not self._names_other(found, [name for name in missing if name not in subjects])
        )

    def _impersonal(self, found: Found) -> bool:
        """Tell whether a finite plural verb has no subject: somebody does it, who is told before or not at all."""
        readings = [r for r in self.tokens[found.governor].readings if r.pos == "VERB"]
        plural = bool(readings) and all({"Number=Plur", "VerbForm=Fin"} <= r.features for r in readings)
        return (
            plural
            and self.pack.lemmatise_names
            and not any(
                p.adposition is None and p.cases == {"Nom"} and found.clause.first <= p.head < found.clause.last
                for p in self.phrases
            )
        )

    def _told_before(self, found: Found) -> Template | None:
        """Return what was told last before a trigger, in its sentence or an earlier one."""
        return next((t for at, t in reversed(self.templates) if at < found.at), self.template)

    def _agent_before(
        self, frame: Frame, missing: Sequence[str], template: Template | None = None, found: Found | None = None
    ) -> dict[str, tuple[Filler, ...]]:
        """Return who did the last thing of the same kind, told in the sentence before or in this one."""
        template = template or self.template
        if template is None or template.frame.name != frame.name or self.sentence.index - template.sentence > 2:
            return {}
        if found is not None and template.trigger.fixed and template.trigger.fixed != found.trigger.fixed:
            bodies = {r.name for r in frame.roles if r.name in found.trigger.inherits and "State" not in r.kinds}
            missing = [name for name in missing if name not in bodies]  # left one body, joined another
        # "X has joined the sanctions": those against a state, not against the company told of last
        inherits = found.trigger.inherits if found is not None else ()
        states = {r.name for r in frame.roles if r.name in inherits and "State" in r.kinds and "Person" in r.kinds}
        told = {r: tuple(replace(f, text=None, span=None) for f in fs) for r, fs in template.roles if r in missing}
        return {r: fs for r, fs in told.items() if r not in states or all("State" in f.kinds for f in fs)}

    def _at_home(self, frame: Frame, roles: Mapping[str, tuple[Filler, ...]], bound: Bound) -> bool:
        """Tell whether a description was taken for the state of the very person who acts on it (a visit to
        one's own)."""
        if frame.aspect != "event":
            return False
        own = {self.discourse.represented(f.id) for fs in roles.values() for f in fs if "Person" in f.kinds}
        return any(
            entities[:1] and entities[0] in own
            for name, parts in bound.roles.items()
            for phrase, entities in parts
            if phrase.kind == "anaphor"
            and not phrase.members[0].proxied
            and (role := frame.role(name)) is not None
            and not role.many
        )

    def _lonely(self, frame: Frame, roles: Mapping[str, tuple[Filler, ...]], found: Found, bound: Bound) -> bool:
        """Tell whether a thing that takes two is told of one side only ("talks with A and B": whose is not told)."""
        symmetric = next((r for r in frame.roles if r.symmetric and r.many and r.required), None)
        if symmetric is None:
            return False
        one_side = (
            bound.functions.get(symmetric.name, set()) <= ONE_SIDE and len(bound.roles.get(symmetric.name, ())) == 1
        )
        unnamed = bound.functions.get(symmetric.name) == {"subject"} and self._with_somebody(found)
        if len(roles.get(symmetric.name, ())) > 1 and (self.pack.sov or not (one_side or unnamed)):
            return False
        if found.trigger.each:
            return False
        self._note(found.match.first, found.match.last, "no claim", f"{frame.name}: one {symmetric.name} only")
        return True

    def _with_somebody(self, found: Found) -> bool:
        """Tell whether the clause names the other side by a common noun ("A and B have relations with the island")."""
        if not self.pack.lemmatise_names or found.noun:
            return False
        told = {t for p in self.phrases for t in (*range(p.first, p.last), p.adposition_at)}
        for place in range(found.clause.first, found.clause.last - 1):
            match = self.pack.adpositions.longest_at(self.tokens, place) if place not in told else None
            if match is not None and match[1] in ONE_SIDE and match[0].last < len(self.tokens):
                following = self.tokens[match[0].last]
                if following.is_pos("NOUN", "ADJ") and following.has("Case=Ins"):
                    return True
        return False

    # -- distribution -----------------------------------------------------------------------------------------------

    def _distributed(
        self, frame: Frame, roles: dict[str, tuple[Filler, ...]], found: Found, stance: Stance, bound: Bound
    ) -> Iterator[dict[str, tuple[Filler, ...]]]:
        """Yield one set of roles a claim: roles of one filler share out; a lasting tie is told of each pair."""
        options: list[dict[str, tuple[Filler, ...]]] = [{}]
        for role in frame.roles:
            fillers = roles.get(role.name, ())
            if not fillers:
                continue
            if role.symmetric and role.many and frame.aspect == "state":
                ways = self._pairs(fillers, bound.roles.get(role.name, []))
            elif role.symmetric and role.many and found.trigger.each and stance.negative:
                ways = [(f,) for f in self._refusing(fillers, bound.roles.get(role.name, []), found)]
            elif role.many:
                ways = [fillers]
            else:
                ways = [(f,) for f in fillers]
            options = [{**o, role.name: w} for o in options for w in ways]
        for option in options:
            keyed = [tuple(f.id for f in option.get(r.name, ())) for r in frame.roles if r.key and not r.scheme]
            if not _paired(option, roles, bound):
                continue
            if len(set(keyed)) == len(keyed) or len(keyed) < 2:
                yield option

    def _refusing(
        self, fillers: tuple[Filler, ...], parts: list[tuple[Phrase, tuple[Iri, ...]]], found: Found
    ) -> tuple[Filler, ...]:
        """Return who took no part: not those with whom ("X has never taken part in drills with Y")."""
        before = {e for phrase, entities in parts for e in entities if self.pack.sov or phrase.head < found.at}
        return tuple(f for f in fillers if f.id in before) or fillers

    def _pairs(
        self, fillers: tuple[Filler, ...], parts: list[tuple[Phrase, tuple[Iri, ...]]]
    ) -> list[tuple[Filler, ...]]:
        by_id = {f.id: f for f in fillers}
        if len(parts) == 2:
            pairs = [(a, b) for a in parts[0][1] for b in parts[1][1] if a != b]
        else:
            ids = list(by_id)
            pairs = [(a, b) for i, a in enumerate(ids) for b in ids[i + 1 :]]
        return [(by_id[a], by_id[b]) for a, b in pairs if a in by_id and b in by_id] or [fillers]


def _without_parts(claims: Sequence[Claim], frames: Mapping[str, Frame]) -> list[Claim]:
    """Leave out an event told with fewer of its participants than another claim about the same words tells."""

    def partial(one: Claim, other: Claim) -> bool:
        frame = frames.get(one.frame)
        role = next((r.name for r in frame.roles if r.symmetric and r.many), None) if frame is not None else None
        if role is None or frame is None or frame.aspect != "event" or other.frame != one.frame:
            return False
        mine, theirs = ({f.id for f in c.fillers(role)} for c in (one, other))
        same = one.polarity == other.polarity == "positive" and one.modality == other.modality
        near = one.evidence.start < other.evidence.end and other.evidence.start < one.evidence.end
        return (
            mine < theirs
            and same
            and near
            and one.polarity == "positive"
            and (one.date is None or one.date == other.date)
        )

    return [c for c in claims if not any(partial(c, other) for other in claims)]


def _paired(option: Mapping[str, tuple[Filler, ...]], roles: Mapping[str, tuple[Filler, ...]], bound: Bound) -> bool:
    """Tell whether fillers that the same list gave to two roles stand at one place in it (envoys and who sent them)."""
    places: dict[int, set[int]] = {}
    for name, (one,) in ((n, fs) for n, fs in option.items() if len(fs) == 1):
        parts = bound.roles.get(name, [])
        if len(parts) == 1 and len(parts[0][0].members) == len(roles[name]) > 1:
            places.setdefault(id(parts[0][0]), set()).add([f.id for f in roles[name]].index(one.id))
    return all(len(found) == 1 for found in places.values())


def _mutual(frame: Frame) -> bool:
    """Tell whether a frame holds between parties that are interchangeable."""
    return any(role.symmetric for role in frame.roles)
