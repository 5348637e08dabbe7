"""Mentions, triggers and stance of one sentence -> claims. The engine knows no frame, class or word by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from kg.binding import Binder, Bound, Found
from kg.clauses import Clause, clause_at, find_clauses, is_finite
from kg.dates import DateMention, claim_date, resolve
from kg.discourse import MEMORY, Discourse, NominalSeen, Seen
from kg.ids import claim_id, concept_iri
from kg.language.pack import Pack, Trigger
from kg.mentions import Mention
from kg.model import (
    Claim,
    ClaimDate,
    Document,
    Entity,
    Filler,
    Frame,
    FrameRole,
    Iri,
    Knowledge,
    Modality,
    Note,
    Polarity,
    Sentence,
    Span,
    Token,
)
from kg.patterns import Match, TypedTest, compile_pattern
from kg.phrases import OfficeHeld, Phrase, Referent
from kg.stance import Said, Stance, StanceReader

SPEAKER_KINDS = frozenset({"Person", "CollectiveActor"})
VALUE_WINDOW = 9
QUOTATION = 4
REPEATED = "+repeated"
COST_WEIGHT = 0.04
INFERRED_STEP = 0.12


@dataclass(frozen=True, slots=True)
class Template:
    """The last claim told, for "did so" and "such a step"."""

    trigger: Trigger
    frame: Frame
    roles: tuple[tuple[str, tuple[Filler, ...]], ...]
    sentence: int
    date: ClaimDate | None = None
    noun: bool = False


@dataclass
class SentenceReader:
    """Reads the claims of one sentence with what the document has told so far."""

    document: Document
    knowledge: Knowledge
    pack: Pack
    discourse: Discourse
    sentence: Sentence
    mentions: Sequence[Mention]
    phrases: list[Phrase]
    offices: Sequence[OfficeHeld]
    typed: TypedTest
    template: Template | None = None
    trace: list[str] | None = None

    def __post_init__(self) -> None:
        self.tokens = self.sentence.tokens
        self._type_phrases()
        self.clauses = find_clauses(self.tokens, self.phrases, self.pack)
        self.notes: list[Note] = []
        self.templates: list[tuple[int, Template]] = []
        names = frozenset(
            t for m in self.mentions if m.kind == "name" or (m.kind == "unknown" and m.last - m.first > 1)
            for t in range(m.first, m.last)
        )
        self.binder = Binder(
            self.pack, self.tokens, self.phrases, self.clauses, self.typed, self._entities_for, names
        )
        subjects = frozenset(
            t for p in self.phrases
            if p.adposition is None and not p.possessive and not p.adjective and p.nominal is None
            for t in range(p.first, p.last)
        )
        self.stances = StanceReader(self.pack, self.tokens, self.clauses, self.typed, names, subjects)
        self.dates = [m.date for m in self.mentions if m.date]
        self._said = self.stances.said()
        self.speaker_options: dict[int, list[tuple[Phrase, tuple[Iri, ...]]]] = {}
        self.speakers = list(self._speakers())
        self.binder.leave_out(self._only_sources())
        self.triggers: list[Found] = []
        self.told: list[Claim] = []

    def _type_phrases(self) -> None:
        """Let patterns ask for words of a person (`<person>`) or of any entity (`<name>`)."""
        dated, kinds = self.typed, {"person": {"person"}, "name": {"person", "entity", "unknown"}}
        places = {
            kind: {id(self.tokens[t]) for p in self.phrases if p.kind in members for t in range(p.first, p.last)}
            for kind, members in kinds.items()
        }

        def typed(token: Token, kind: str) -> bool:
            return id(token) in places[kind] if kind in places else dated(token, kind)

        self.typed = typed

    # -- all claims of the sentence ------------------------------------------------------------------------------

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
            verbal = self.template is not None and self.template.sentence == self.sentence.index and not self.template.noun
            if last is not None and not (last.noun and verbal):
                self.template = last
        claims += self._repeated(taken={at for at, _frame in best})
        self._tell_last_date(claims)
        return claims

    def _describes(self, found: Found) -> bool:
        """Tell whether a noun only says what an agreement is about ("an agreement on military cooperation")."""
        if not found.noun:
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

    def previous_attribution(self) -> tuple[Filler | None, Filler | None] | None:
        """Return the speaker that this sentence gives to the sentence before, None when it gives none."""
        for said, speaker, outlet in self.speakers:
            if said.speech.scope == "previous" and (speaker or outlet):
                return speaker or outlet, outlet if speaker else None
        return None

    def next_attribution(self) -> Filler | None:
        """Return the speaker whose quotation goes on in the next sentence."""
        found = [speaker or outlet for said, speaker, outlet in self.speakers if said.speech.scope != "previous"]
        return next((f for f in found if f), None)

    def _explain(self, line: str) -> None:
        if self.trace is not None:
            self.trace.append(line)

    def _tell_last_date(self, claims: Sequence[Claim]) -> None:
        for claim in claims:
            if claim.date is not None:
                self.discourse.last_date = claim.date.edtf
        for date in self.dates:
            edtf = resolve(date, self.document.published, self.discourse.last_date, future=False)
            if edtf and date.role is None:
                self.discourse.last_date = edtf

    # -- offices -------------------------------------------------------------------------------------------------

    def _office(self, held: OfficeHeld) -> Iterator[Claim]:
        frame = next((f for f in self.knowledge.frames.values() if any(r.scheme == "office" for r in f.roles)), None)
        if frame is None:
            return
        holder = self._person(held.holder)
        if holder is None:
            return
        office = self._office_code(held)
        of = self.discourse.first_of(held.of, self.sentence.index) or self._body_of(holder, office, held)
        if office is None or of is None:
            self._note(held.first, held.last, "office", "the state or body of this office is not told")
            return
        self.discourse.note_office(replace(held, office=office), holder.id, of)
        former = held.former or self._over(holder.id, office, of)
        roles = {
            "holder": (self._filler(holder, held.holder.first, held.holder.last),),
            "office": (self._concept("office", office, held.first, held.last),),
            "of": (self._filler(self.discourse.entity(of), held.of[0].first, held.of[0].last) if held.of
                   else self._filler(self.discourse.entity(of)),),
        }
        yield self._claim(
            frame, roles, None, Stance(False, "actual"), None, None, held.first, held.last,
            0.95 if held.definite else 0.82, "offices/" + office, former=former and held.former,
        )

    def _office_code(self, held: OfficeHeld) -> str | None:
        known = self.knowledge.concepts.get("office", {})
        if held.office in known:
            return held.office
        for phrase in sorted((p for p in self.phrases if p.kind == "person" and p.last <= held.first), key=lambda p: -p.last):
            one = self.discourse.resolve(phrase.members[-1], self.sentence.index, lambda e: "Person" in e.kinds)
            told = [o for h, o, _of, former in self.discourse.offices if one and h == one[0] and not former and o in known]
            if told:
                return told[-1]
        before = [h.office for h in self.offices if h.office in known and h.first < held.first]
        after = [h.office for h in self.offices if h.office in known and h.first > held.first]
        if before or after:  # "his counterpart": the office named in the sentence, also where it comes later
            return before[-1] if before else after[0]
        return next((o for _h, o, _of, _f in reversed(self.discourse.offices) if o in known), None)

    def _over(self, holder: Iri, office: str, of: Iri) -> bool:
        del holder, office, of
        return True

    def _body_of(self, holder: Entity, office: str | None, held: OfficeHeld) -> Iri | None:
        """Return the state or body of an office that the phrase leaves open: told before, known, or the only one near."""
        for person, told, of, _former in reversed(self.discourse.offices):
            if person == holder.id and told == office and of is not None:
                return of
        known = {
            t.of for t in self.knowledge.terms
            if t.holder == holder.id and office is not None and t.office.endswith(f"/{office}")
        }
        if len(known) == 1:
            return known.pop()
        near = [
            (s, self._state_of(s.entity, subject=s.subject)) for s in self.discourse.seen
            if self.sentence.index - s.sentence <= 1 and (s.sentence, s.place) < (self.sentence.index, held.first)
        ]
        for distance in (0, 1):
            here = [(s, state) for s, state in near if state and self.sentence.index - s.sentence == distance]
            subjects = {state for s, state in here if s.subject} or {state for _s, state in here}
            if len(subjects) == 1:
                return subjects.pop()
            if subjects:
                return None
        return None

    def _state_of(self, iri: Iri, *, subject: bool) -> Iri | None:
        """Return the state an entity is, or, as the subject of a clause, the state whose capital it is."""
        entity = self.discourse.entity(iri)
        if "State" in entity.kinds:
            return iri
        return entity.located_in if subject and "Capital" in entity.kinds else None

    def _person(self, referent: Referent) -> Entity | None:
        found = self.discourse.resolve(referent, self.sentence.index, lambda e: "Person" in e.kinds)
        if found:
            return self.discourse.entity(found[0])
        if referent.words:
            return self.discourse.person(referent.words, referent.cases)
        return None

    # -- frames --------------------------------------------------------------------------------------------------

    def _claims_of(self, found: Found) -> tuple[float, list[Claim], Template | None] | None:
        frame = self.knowledge.frames.get(found.trigger.frame)
        if frame is None:
            return None
        after = found.trigger.after
        if after is not None and self.discourse.last_nominal(after, self.sentence.index, found.at) is None:
            return None  # "X did not take part": only where it was told in what
        stance = self.stances.of(found)
        if found.trigger.recalls and not (stance.negative and self._recalled(found.trigger.recalls)):
            return None
        controlled, barred = self._control(stance)
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

    def _recalled(self, name: str) -> bool:
        """Tell whether an event of that name was told of here or just before ("... but X did not take part")."""
        here = any(p.nominal is not None and p.nominal.name == name for p in self.phrases)
        return here or self.sentence.index - self.discourse.mentioned.get(name, -MEMORY - 1) <= MEMORY

    def _control(self, stance: Stance) -> tuple[Phrase | None, Phrase | None]:
        """Return the phrase a modal verb makes the subject of what it governs, and the phrase it bars from being it."""
        mark = stance.modal
        if mark is None or mark.modal.controls is None:
            return None, None
        if not any(t.is_pos("VERB", "AUX", "X") for t in self.tokens[mark.first : mark.last]):
            return None, None
        subject = self._best(self._pseudo(mark.first, mark.last), "subject")
        function = mark.modal.controls
        if function == "subject":
            return subject, None
        return self._addressee(self._pseudo(mark.first, mark.last), function, subject), subject

    def _addressee(self, pseudo: Found, function: str, subject: Phrase | None) -> Phrase | None:
        """Return who is asked: the nearest phrase of the function, the farthest where the verb comes last."""
        if not self.pack.sov:
            return self._best(pseudo, function)
        role = FrameRole("addressee", Iri(""), SPEAKER_KINDS, coerce=("capitalOf",))
        options = [
            p for _c, p in self.binder.marked(pseudo, function) if p is not subject and self._entities_for(p, role)
        ]
        return min(options, key=lambda p: p.first, default=None)

    def _assemble(self, frame: Frame, bound: Bound, stance: Stance) -> tuple[float, list[Claim], Template | None] | None:
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
        missing = [r.name for r in frame.roles if r.required and r.name not in roles]
        before: ClaimDate | None = None
        if missing and self._agentless(found, missing):
            roles.update(self._agent_before(frame, missing))
            missing = [r for r in missing if r not in roles]
            before = self.template.date if self.template is not None and not missing else None
            inferred += 1
        if not missing and stance.dropped:
            self._note(found.match.first, found.match.last, "no claim", stance.dropped)
            return None
        if missing:
            self._note(found.match.first, found.match.last, "no claim", f"{frame.name}: no {', '.join(missing)}")
            return None
        if any(any(p.negated for p, _e in parts) for parts in bound.roles.values()):
            stance = replace(stance, negative=True) if not found.trigger.negative else stance
        if found.trigger.both and any(len(functions) < 2 for functions in bound.functions.values()):
            self._note(found.match.first, found.match.last, "no claim", f"{frame.name}: one side only")
            return None
        if self._lonely(frame, roles, stance, found) or self._at_home(frame, roles, bound):
            return None
        date = self._date(found, stance) or self._date_of_chain(bound, frame, stance) or before
        attribution, relayed = self._attribution(found, stance, bound)
        first, last = self._extent(bound, found, stance)
        confidence = max(0.3, 0.95 - COST_WEIGHT * max(0.0, bound.cost) - INFERRED_STEP * inferred)
        claims = [
            self._claim(frame, one, date, stance, attribution, relayed, first, last, confidence,
                        f"{self._file(found.trigger)}/{found.trigger.name}", former=dict(found.trigger.fixed).get("former") == "true")
            for one in self._distributed(frame, roles, found, stance, bound)
        ]
        self._remember(found, frame, roles)
        template = None
        if found.trigger.each or sum(r.required for r in frame.roles) > 1:  # "did so" repeats what was done to something, not that someone spoke
            template = Template(
                found.trigger, frame, tuple(sorted(roles.items())), self.sentence.index, date, found.noun
            )
        self._explain(
            f"trigger {found.trigger.name!r} at {self.tokens[found.at].text!r} ({found.construction}), cost {bound.cost:.2f}"
        )
        return bound.cost + 2.0 * inferred, claims, template

    def _agentless(self, found: Found, missing: Sequence[str]) -> bool:
        subjects = {name for name, fs in found.trigger.roles if "subject" in fs}
        return found.construction == "passive" and set(missing) <= subjects

    def _agent_before(self, frame: Frame, missing: Sequence[str]) -> dict[str, tuple[Filler, ...]]:
        """Return who did the last thing of the same kind, told in the sentence before or in this one."""
        template = self.template
        if template is None or template.frame.name != frame.name or self.sentence.index - template.sentence > 1:
            return {}
        return {r: tuple(replace(f, text=None, span=None) for f in fs) for r, fs in template.roles if r in missing}

    def _file(self, trigger: Trigger) -> str:
        return "".join("-" + c.lower() if c.isupper() else c for c in trigger.frame).lstrip("-")

    def _at_home(self, frame: Frame, roles: Mapping[str, tuple[Filler, ...]], bound: Bound) -> bool:
        """Tell whether a description was taken for the state of the very person who acts on it (a visit to one's own)."""
        if frame.aspect != "event":
            return False
        own = {self.discourse.represented(f.id) for fs in roles.values() for f in fs if "Person" in f.kinds}
        return any(
            entities[:1] and entities[0] in own
            for name, parts in bound.roles.items() for phrase, entities in parts
            if phrase.kind == "anaphor" and not phrase.members[0].proxied
            and (role := frame.role(name)) is not None and not role.many
        )

    def _lonely(self, frame: Frame, roles: Mapping[str, tuple[Filler, ...]], stance: Stance, found: Found) -> bool:
        """Tell whether a thing that takes two is told of one only; a refusal, plea or plan of one side is a claim."""
        symmetric = next((r for r in frame.roles if r.symmetric and r.many and r.required), None)
        if symmetric is None or len(roles.get(symmetric.name, ())) > 1:
            return False
        if stance.modality == "requested" or found.trigger.each:
            return False
        self._note(found.match.first, found.match.last, "no claim", f"{frame.name}: one {symmetric.name} only")
        return True

    def _fillers(self, bound: Bound, role: FrameRole) -> Iterator[Filler]:
        seen: set[Iri] = set()
        for phrase, entities in bound.roles.get(role.name, ()):
            for number, iri in enumerate(entities):
                if iri in seen:
                    continue
                seen.add(iri)
                members = phrase.members
                member = members[number] if len(members) == len(entities) else members[0]
                if member.anaphor is not None and phrase.adposition is None and not phrase.possessive:
                    self.discourse.seen.append(Seen(self.sentence.index, member.first, iri, subject=True, group=0))
                yield self._filler(self.discourse.entity(iri), member.first, member.last)

    def _entities_for(self, phrase: Phrase, role: FrameRole) -> tuple[Iri, ...]:
        """Return what a phrase gives a role, one entity a member; empty when any member does not fit."""
        out: list[Iri] = []
        for member in phrase.members:
            found = self._repeated_filler(member, role) or self._antecedent(member, role)
            if not found and member.words and not member.entities:
                made = self._made(phrase, member, role)
                found = (made,) if made else None
            if not found:
                return ()
            for iri in found:
                coerced = self._coerced(self.discourse.entity(iri), role)
                if coerced is None:
                    return ()
                out.append(coerced)
        return tuple(dict.fromkeys(out))

    def _repeated_filler(self, member: Referent, role: FrameRole) -> tuple[Iri, ...] | None:
        """Return what filled the same role of the same frame just before, for a pronoun that can only repeat it."""
        anaphor, template = member.anaphor, self.template
        template = next((t for at, t in reversed(self.templates) if at < member.first), template)
        if anaphor is None or anaphor.count != 1 or template is None or template.sentence < self.sentence.index - 1:
            return None
        if not self.pack.sov and any(
            s.sentence == self.sentence.index and s.subject and s.place < member.first
            and s.place < clause_at(self.clauses, member.first).first
            and self.discourse.entity(s.entity).kinds & set(anaphor.refers)
            for s in self.discourse.seen
        ):
            return None  # the subject of the clause before is nearer than what another sentence told
        if role.key and not role.many and template.frame.role(role.name) is role and anaphor.refers != ("Person",):
            told = dict(template.roles).get(role.name, ())
            subject = next((n for n, fs in template.trigger.roles if "subject" in fs), None)
            fits = [f.id for f in told if "any" in anaphor.refers or f.kinds & set(anaphor.refers)]
            if len(fits) == 1 and role.name != subject:
                return (fits[0],)
        return None

    def _antecedent(self, member: Referent, role: FrameRole) -> tuple[Iri, ...] | None:
        """Return what a member stands for; "its government" is first looked for among what is no subject here."""
        def fits(entity: Entity) -> bool:
            return self._coerced(entity, role) is not None

        if member.anaphor is not None and member.anaphor.possessive and member.proxied and role.key:
            subjects = frozenset(s.entity for s in self.discourse.seen if s.sentence == self.sentence.index and s.subject)
            found = self.discourse.resolve(member, self.sentence.index, fits, subjects)
            if found:
                return found
        return self.discourse.resolve(member, self.sentence.index, fits, self._co_arguments(member))

    def _co_arguments(self, member: Referent) -> frozenset[Iri]:
        """Return what is named in the clause of a pronoun: it cannot stand for that, unless it is possessive."""
        if member.anaphor is None or member.anaphor.possessive:
            return frozenset()
        clause = clause_at(self.clauses, member.first)
        first = max([clause.first, *(said.last for said in self._said if clause.first <= said.first < member.first)])
        owner = [p for p in self.phrases if p.last <= clause.first][-1:] if clause.participle else []
        owners = {s.entity for p in owner for s in self.discourse.seen
                  if s.sentence == self.sentence.index and p.first <= s.place < p.last}
        return frozenset(owners) | frozenset(
            s.entity for s in self.discourse.seen
            if s.sentence == self.sentence.index and first <= s.place < clause.last
            and s.place != member.first
            and not (member.proxied and s.group < 0)  # "the president of X asks the country's senate"
            and not any(
                self.tokens[t].text == "," and not any(p.first <= t < p.last for p in self.phrases)
                for t in range(s.place, member.first)
            )
        )

    def _made(self, phrase: Phrase, member: Referent, role: FrameRole) -> Iri | None:
        """Return a new entity for an unknown name where the role takes one: a person of several names, a place."""
        if "Person" in role.kinds and "Place" not in role.kinds and 2 <= len(member.words) <= 4:
            return self.discourse.person(member.words, member.cases).id if self._looks_personal(member) else None
        if any(p.nominal is not None and 0 <= p.first - phrase.last <= 1 for p in self.phrases):
            return None  # "at the X drill": the name of an event, no place
        local = phrase.adposition is not None or bool(phrase.cases and phrase.cases <= {"Loc", "Dat", "Abl"})
        if "Place" in role.kinds and "Person" not in role.kinds and local:
            return self.discourse.other(self.pack.morphology.nominative(member.words, "other"), "Place").id
        return None

    def _looks_personal(self, member: Referent) -> bool:
        tokens = self.tokens[member.first : member.last]
        fold = self.pack.morphology.fold
        if any(t.has("Name=Given") or t.has("Name=Family") for t in tokens):
            return True
        if fold(member.words[0]) in self.pack.given_names:
            return True
        return member.first > 0 and self.tokens[member.first - 1].folded in self.pack.honorific_words

    def _coerced(self, entity: Entity, role: FrameRole) -> Iri | None:
        """Return the entity of the right kind that an entity stands for in a role, None when there is none."""
        if "organOf" in role.coerce and entity.organ_of is not None:
            return entity.organ_of
        if entity.kinds & role.kinds:
            return entity.id
        if "represents" in role.coerce and "Person" in entity.kinds:
            body = self.discourse.represented(entity.id)
            return self._coerced(self.discourse.entity(body), role) if body else None
        if "capitalOf" in role.coerce and "Capital" in entity.kinds:
            return entity.located_in
        if "locatedIn" in role.coerce and "Place" in entity.kinds:
            return entity.located_in
        return None

    # -- concept values, names, parties -------------------------------------------------------------------------

    def _concepts_of(self, found: Found, frame: Frame, role: FrameRole) -> Iterator[Filler]:
        fixed = dict(found.trigger.fixed)
        scheme = role.scheme or ""
        if role.name in fixed:
            yield self._concept(scheme, fixed[role.name], found.match.first, found.match.last)
            return
        if "title" in dict(found.trigger.roles).get(role.name, ()):
            title = self._title_near(found)
            office = title.members[0].office if title is not None else None
            if title is not None and office is not None:
                yield self._concept(scheme, office.office, title.first, title.last)
            return
        index = self.pack.values.get(frame.name, {}).get(role.name)
        told: dict[str, tuple[int, int]] = {}
        if index is not None:
            first, last = self._value_window(found)
            for match, value in index.search(self.tokens, first, last, self.typed):
                told.setdefault(value, (match.first, match.last))
        if not told:
            remembered = self._remembered_values(found)
            told = {v: (found.match.first, found.match.last) for r, v in remembered if r == role.name}
        default = dict(found.trigger.default).get(role.name)
        if not told and default:
            told = {default: (found.match.first, found.match.last)}
        known = self.knowledge.concepts.get(scheme, {})
        items = [(v, p) for v, p in told.items() if v in known]
        for value, (first, last) in items if role.many else items[:1]:
            yield self._concept(scheme, value, first, last)

    def _title_near(self, found: Found) -> Phrase | None:
        """Return the office title without a holder that stands in the clause of a trigger, the nearest one."""
        titles = [
            p for p in self.phrases
            if p.kind == "office" and p.members[0].office and found.clause.first <= p.head < found.clause.last
        ]
        return min(titles, key=lambda p: abs(p.head - found.at), default=None)

    def _title_body(self, found: Found, role: FrameRole) -> Iterator[Filler]:
        """Yield the state or body of the title near a trigger, as far as it is told or understood."""
        title = self._title_near(found)
        if title is None:
            return
        of = self.discourse.first_of(title.members[0].of, self.sentence.index)
        coerced = self._coerced(self.discourse.entity(of), role) if of else None
        if coerced is not None:
            yield self._filler(self.discourse.entity(coerced), title.first, title.last)

    def _value_window(self, found: Found) -> tuple[int, int]:
        """Return the tokens in which the kind or subject of a thing is told: on the side of its noun where modifiers stand."""
        noun = self._nominal_near(found)
        if noun is None:
            reach = VALUE_WINDOW // 2 + 3
            return max(0, found.match.first - reach), min(len(self.tokens), max(found.at + reach, found.match.last))
        if self.pack.sov:
            return max(0, noun.head - VALUE_WINDOW), noun.head + 1
        return max(0, noun.head - VALUE_WINDOW // 2 - 1), min(len(self.tokens), noun.head + VALUE_WINDOW)

    def _nominal_near(self, found: Found) -> Phrase | None:
        """Return the event noun (agreement, exercise) that a trigger acts on, the nearest in its clause or before it."""
        clause = found.clause
        near = [
            p for p in self.phrases
            if p.nominal is not None and self._may_carry(p.nominal.frame, found) and (clause.first <= p.head < clause.last
                                          or (clause.relative and clause.first - 12 <= p.head < clause.first))
        ]
        return min(near, key=lambda p: abs(p.head - found.at), default=None)

    def _may_carry(self, frame: str, found: Found) -> bool:
        """Tell whether the parties of an event noun are such as a trigger's frame has (a meeting has no parties to a treaty)."""
        mine = self.knowledge.frames.get(found.trigger.frame)
        theirs = self.knowledge.frames.get(frame)
        if mine is None or theirs is None:
            return True
        names = {r.name for r in mine.roles if r.symmetric}
        return not names or bool(names & {r.name for r in theirs.roles if r.symmetric})

    def _reference_to(self, found: Found) -> tuple[str, int] | None:
        """Return the name and place of the event noun, or of the words that stand for it ("the document")."""
        noun = self._nominal_near(found)
        if noun is not None and noun.nominal is not None:
            return noun.nominal.name, noun.head
        names = {n for n in self._nominal_names() if n}
        for phrase in self.phrases:
            anaphor = phrase.members[0].anaphor
            if phrase.kind == "anaphor" and anaphor and set(anaphor.refers) & names:
                if found.clause.first <= phrase.head < found.clause.last:
                    return next(n for n in anaphor.refers if n in names), phrase.head
        if found.trigger.after is not None:  # "has finished ratifying": what was told of before
            return found.trigger.after, found.at
        return None

    def _nominal_names(self) -> set[str]:
        return {n.name for n in self.discourse.nominals} | {p.nominal.name for p in self.phrases if p.nominal}

    def _remembered(self, found: Found) -> NominalSeen | None:
        reference = self._reference_to(found)
        if reference is None:
            return None
        if self._new_thing(reference[1]) or self._many(reference[1]):
            return None
        told = self.discourse.last_nominal(reference[0], self.sentence.index, reference[1])
        return None if told is not None and self._described_otherwise(found, told, reference[1]) else told

    def _described_otherwise(self, found: Found, told: NominalSeen, head: int) -> bool:
        """Tell whether the words before an event noun give it another subject than what was told has."""
        if self.pack.sov:
            return False
        first = max(0, head - 5)
        for role, index in self.pack.values.get(found.trigger.frame, {}).items():
            own = {v for _m, v in index.search(self.tokens, first, head + 1, self.typed)}
            if own and not own & {v for r, v in told.values if r == role}:
                return True
        return False

    def _many(self, head: int) -> bool:
        """Tell whether an event noun is a plural, which points back to no one thing told before."""
        readings = [r for r in self.tokens[head].readings if r.pos in {"NOUN", "PROPN"}]
        return bool(readings) and all("Number=Plur" in r.features for r in readings)

    def _new_thing(self, head: int) -> bool:
        """Tell whether an event noun is introduced as a new thing ("a pact"), which nothing told before can be."""
        for place in range(head - 1, max(-1, head - 6), -1):
            token = self.tokens[place]
            if token.folded in self.pack.indefinite:
                return True
            if not token.is_pos("ADJ", "NOUN", "NUM") or token.folded in self.pack.determiners:
                return False
        return False

    def _remembered_values(self, found: Found) -> tuple[tuple[str, str], ...]:
        remembered = self._remembered(found)
        return remembered.values if remembered is not None and self._same_thing(found, remembered) else ()

    def _same_thing(self, found: Found, remembered: NominalSeen) -> bool:
        noun = self._nominal_near(found)
        if noun is None:
            return True
        own = {i for p, _e in self._noun_parties(noun) for i in [p]}
        return not own or bool(own & set(remembered.parties))

    def _parties(
        self, found: Found, frame: Frame, role: FrameRole, fillers: tuple[Filler, ...], bound: Bound
    ) -> tuple[tuple[Filler, ...], int]:
        """Return the parties told anywhere in reach: by the verb, by the noun it acts on, by signatories, or earlier."""
        out = {f.id: f for f in fillers}
        guessed = 0
        noun = self._nominal_near(found)
        if noun is not None and not (found.trigger.each and out):
            for iri, phrase in self._noun_parties(noun, role):
                out.setdefault(iri, self._filler(self.discourse.entity(iri), phrase.first, phrase.last))
        if "represents" in role.coerce:
            for other in frame.roles:
                if other is role or "Person" not in other.kinds:
                    continue
                for phrase, entities in bound.roles.get(other.name, ()):
                    for iri in entities:
                        body = self._coerced(self.discourse.entity(iri), role)
                        if body is not None:
                            out.setdefault(body, self._filler(self.discourse.entity(body), phrase.first, phrase.last))
        bare_noun = found.noun and found.light_at < 0  # "the exercise will focus on ..." tells of no exercise
        if len(out) < 2 and not found.trigger.each and not bare_noun:
            remembered = self._remembered(found)
            if remembered is not None and len({*out, *remembered.parties}) > 1 and (
                not out or set(out) <= set(remembered.parties)
                or (len(remembered.parties) == 1 and self._nominal_near(found) is None)
            ):
                for iri in remembered.parties:
                    out.setdefault(iri, self._filler(self.discourse.entity(iri)))
                guessed = 1
        if len(out) == 1 and not found.noun and not found.trigger.each:
            for iri in self._companions(found, role, next(iter(out))):
                out.setdefault(iri, self._filler(self.discourse.entity(iri)))
                guessed = 1
        if not out and not found.trigger.each and self._passive_event(found):
            tied = self._tied_here(role)
            for iri in tied:
                out.setdefault(iri, self._filler(self.discourse.entity(iri)))
            guessed = 1 if tied else guessed
        return tuple(out.values()), guessed

    def _passive_event(self, found: Found) -> bool:
        return found.construction == "passive" or (found.noun and found.light_at < 0)

    def _tied_here(self, role: FrameRole) -> tuple[Iri, ...]:
        """Return the two bodies that another claim of this sentence ties: a visit on which an agreement was signed."""
        for claim in self.told:
            bodies = tuple(dict.fromkeys(
                body for name, fillers in claim.roles for f in fillers
                if not name.startswith("place") and f.kinds & SPEAKER_KINDS
                and (body := self._coerced(self.discourse.entity(f.id), role)) is not None
            ))
            if len(bodies) == 2 and claim.polarity == "positive":
                return bodies
        return ()

    def _companions(self, found: Found, role: FrameRole, subject: Iri) -> tuple[Iri, ...]:
        """Return with whom the subject of a joined verb acted just before: "X held talks with Y and signed a pact"."""
        for sentence, place, entities in reversed(self.discourse.groups):
            if sentence != self.sentence.index or place >= found.at or clause_at(self.clauses, found.at).index == 0:
                continue
            bodies = [self._coerced(self.discourse.entity(e), role) for e in entities]
            if subject in bodies and None not in bodies and len(set(bodies)) > 1:
                return tuple(b for b in bodies if b is not None)
        return ()

    def _noun_parties(self, noun: Phrase, role: FrameRole | None = None) -> list[tuple[Iri, Phrase]]:
        """Return the parties an event noun carries with it: "a treaty with X", "the X-Y pact"."""
        nominal = noun.nominal
        if nominal is None:
            return []
        wanted = role or FrameRole("party", Iri(""), frozenset({"State", "Government", "ArmedGroup", "Organisation"}),
                                   coerce=("represents", "organOf", "capitalOf"))
        pseudo = self._pseudo(noun.head, noun.head + 1, noun=True)
        out: dict[Iri, Phrase] = {}
        for function in nominal.parties:
            best: tuple[float, Phrase, tuple[Iri, ...]] | None = None
            for cost, phrase in self.binder.marked(pseudo, function):
                if phrase is noun or abs(phrase.head - noun.head) > 12:
                    continue
                entities = self._entities_for(phrase, wanted)
                if entities and (best is None or cost < best[0]):
                    best = (cost, phrase, entities)
            if best is not None:
                for iri in best[2]:
                    out.setdefault(iri, best[1])
        return list(out.items())

    def _event_name(self, found: Found, role: FrameRole) -> Iterator[Filler]:
        """Yield the proper name of an event: in quotes, or capitalised right after its noun."""
        noun = self._nominal_near(found)
        if noun is None:
            return
        kind = next(iter(sorted(role.kinds)), "Event")
        named = self._quoted_near(noun) or self._capitalised_after(noun)
        if named is None:
            return
        first, last = named
        text = Span(self.tokens[first].span.start, self.tokens[last - 1].span.end).slice(self.document.text)
        words = tuple(" ".join(text.split()).split(" "))
        entity = self.discourse.other(words, kind)
        yield self._filler(entity, first, last)

    def _figure(self, found: Found, frame: Frame, role: FrameRole) -> Iterator[Filler]:
        """Yield the plain value of a role: what the pack's value patterns say, else the number nearest to the trigger."""
        clause = found.clause
        index = self.pack.values.get(frame.name, {}).get(role.name)
        if index is not None:
            for match, value in index.search(self.tokens, clause.first, clause.last, self.typed):
                yield self._plain(value, match.first, match.last)
                return
        dated = {t for d in self.dates for t in range(d.first, d.last)}
        numbers = [
            t for t in range(clause.first, clause.last) if self.tokens[t].kind == "number" and t not in dated
        ]
        if numbers:
            at = min(numbers, key=lambda t: abs(t - found.at))
            yield self._plain("".join(c for c in self.tokens[at].text if c.isdigit()), at, at + 1)

    def _plain(self, value: str, first: int, last: int) -> Filler:
        span = Span(self.tokens[first].span.start, self.tokens[last - 1].span.end)
        return Filler(Iri(value), value, (), frozenset(), span.slice(self.document.text), span)

    def _described_thing(self, found: Found, role: FrameRole) -> Iterator[Filler]:
        """Yield a new entity for a thing told by its kind ("the Global Peace Index"): the head of the term named like
        the role, with the capitalised words before it and the names and genitives after it."""
        clause = found.clause
        spans = [
            (m.first, m.last)
            for m, _ in self.pack.terms[role.name].search(self.tokens, clause.first, clause.last, self.typed)
        ]
        if not spans:
            return
        first, last = max(spans, key=lambda s: s[1] - s[0])
        while first > clause.first and self.tokens[first - 1].capitalised and self.tokens[first - 1].kind == "word":
            first -= 1
        while last < clause.last and self._belongs_to_name(last):
            last += 1
        words = [t.text for t in self.tokens[first:last]]
        head = next((t for t in range(first, last) if not self.tokens[t].capitalised), None)
        if head is not None and self.tokens[head].readings and not self.pack.sov:
            words[head - first] = self.tokens[head].readings[0].lemma
        kind = next(iter(sorted(role.kinds)), "Thing")
        yield self._filler(self.discourse.other(tuple(words), kind), first, last)

    def _belongs_to_name(self, place: int) -> bool:
        token = self.tokens[place]
        if token.kind != "word" or any(d.first <= place < d.last for d in self.dates):
            return False
        genitive = token.has("Case=Gen") and token.is_pos("NOUN", "ADJ", "PROPN") and not self.pack.sov
        return token.capitalised or (genitive and not is_finite(token))

    def _quoted_near(self, noun: Phrase) -> tuple[int, int] | None:
        opening = frozenset("\"\u00ab\u201c\u201e")
        closing = frozenset("\"\u00bb\u201d\u201c")
        clause = clause_at(self.clauses, noun.head)
        spans: list[tuple[int, int]] = []
        place = clause.first
        while place < clause.last:
            if self.tokens[place].text in opening:
                end = next((t for t in range(place + 1, min(place + 9, len(self.tokens))) if self.tokens[t].text in closing), None)
                if end is not None and end > place + 1:
                    spans.append((place + 1, end))
                    place = end
            place += 1
        near = [
            s for s in spans
            if (abs(s[0] - noun.head) <= 6 or abs(noun.head - s[1]) <= 6) and not s[0] <= noun.head < s[1]
        ]
        named = [s for s in near if not any(m.kind == "name" and m.first >= s[0] and m.last <= s[1] for m in self.mentions)]
        return min(named, key=lambda s: min(abs(s[0] - noun.head), abs(noun.head - s[1])), default=None)

    def _capitalised_after(self, noun: Phrase) -> tuple[int, int] | None:
        for phrase in self.phrases:
            if phrase.kind == "unknown" and 0 <= phrase.first - noun.last <= 1 and phrase.adposition is None:
                return phrase.first, phrase.last
        return None

    def _remember(self, found: Found, frame: Frame, roles: Mapping[str, tuple[Filler, ...]]) -> None:
        symmetric = next((r for r in frame.roles if r.symmetric and r.many), None)
        if symmetric is None:
            return
        parties = tuple(f.id for f in roles.get(symmetric.name, ()))
        if len(parties) > 1:
            self.discourse.note_group(self.sentence.index, found.at, parties)
        reference = self._reference_to(found)
        if reference is None or len(parties) < 2:
            return
        values = tuple(
            (r.name, f.id.rsplit("/", 1)[-1]) for r in frame.roles if r.scheme for f in roles.get(r.name, ())
        )
        self.discourse.nominals.append(
            NominalSeen(reference[0], self.sentence.index, reference[1], parties, values)
        )

    def note_nominals(self) -> None:
        """Remember agreements and exercises that the sentence names with their parties, claim or no claim."""
        for phrase in self.phrases:
            if phrase.nominal is None:
                continue
            self.discourse.mentioned[phrase.nominal.name] = self.sentence.index
            parties = tuple(dict.fromkeys(i for i, _p in self._noun_parties(phrase)))
            told = any(
                n.sentence == self.sentence.index and n.place == phrase.head for n in self.discourse.nominals
            )
            if parties and not told:
                values = tuple(
                    (role, v)
                    for role, index in self.pack.values.get(phrase.nominal.frame, {}).items()
                    for _m, v in index.search(self.tokens, max(0, phrase.head - 5), phrase.head + 1, self.typed)
                ) if not self.pack.sov else ()
                self.discourse.nominals.append(
                    NominalSeen(phrase.nominal.name, self.sentence.index, phrase.head, parties, values)
                )

    # -- distribution --------------------------------------------------------------------------------------------

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
                ways = [(f,) for f in fillers]
            elif role.many:
                ways = [fillers]
            else:
                ways = [(f,) for f in fillers]
            options = [{**o, role.name: w} for o in options for w in ways]
        for option in options:
            keyed = [tuple(f.id for f in option.get(r.name, ())) for r in frame.roles if r.key and not r.scheme]
            if len(set(keyed)) == len(keyed) or len(keyed) < 2:
                yield option

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

    # -- "did so" ------------------------------------------------------------------------------------------------

    def _repeated(self, taken: set[int]) -> Iterator[Claim]:
        template = self.template
        if template is None:
            return
        subject_role = next((name for name, fs in template.trigger.roles if "subject" in fs), None)
        role = template.frame.role(subject_role) if subject_role else None
        if role is None:
            return
        untold = [f.at for f in self.triggers if f.at not in taken and f.trigger.frame != template.frame.name]
        for place in range(len(self.tokens)):
            found = self.pack.proforms.longest_at(self.tokens, place, self.typed)
            if found is None or any(t in taken for t in found[0].taken):
                continue
            if any(at < place and self._acts(at) for at in untold):
                continue  # what it repeats is the act before it, which gave no claim
            yield from self._repeat(template, role, found[0])

    def _acts(self, at: int) -> bool:
        """Tell whether a trigger that gave no claim is an act between two, and not that someone spoke or is something."""
        frames = (self.knowledge.frames.get(f.trigger.frame) for f in self.triggers if f.at == at)
        return any(f is not None and f.aspect == "event" and sum(r.required for r in f.roles) > 1 for f in frames)

    def _repeat(self, template: Template, role: FrameRole, match: Match) -> Iterator[Claim]:
        pseudo = self._pseudo(match.first, match.last, template.trigger)
        inverted = not self.pack.sov and self.tokens[match.last - 1].is_pos("AUX")  # "neither did X"
        if inverted and any(f.clause.index == pseudo.clause.index for f in self.triggers):
            return
        limit = 100.0 if self.pack.sov else 2.5  # an inherited subject is none: "no other capital has done the same"
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
        if not options or stance.dropped:
            return
        cost, phrase, entities = min(options, key=lambda o: o[0])
        symmetric = role.symmetric and role.many
        attribution, relayed = self._attribution(pseudo, stance)
        for number, iri in enumerate(entities):
            member = phrase.members[number] if len(phrase.members) == len(entities) else phrase.members[0]
            old = dict(template.roles)
            others = {f.id for name, fs in old.items() if name != role.name for f in fs}
            if iri in others or (symmetric and iri in {f.id for f in old.get(role.name, ())}):
                continue
            roles = {**old, role.name: (self._filler(self.discourse.entity(iri), member.first, member.last),)}
            first, last = min(match.first, phrase.first), max(match.last, phrase.last)
            yield self._claim(
                template.frame, roles, self._date(pseudo, stance), stance, attribution, relayed, first, last,
                max(0.3, 0.8 - COST_WEIGHT * cost), f"{self._file(template.trigger)}/{template.trigger.name}{REPEATED}",
            )

    # -- speakers and dates --------------------------------------------------------------------------------------

    def _pseudo(self, first: int, last: int, trigger: Trigger | None = None, *, noun: bool = False) -> Found:
        """Return a trigger-like handle on any words, so that their grammatical functions can be found."""
        at = last - 1 if self.pack.sov else first
        handle = trigger or _NO_TRIGGER
        match = Match(first, last, tuple(range(first, last)), _NO_PATTERN)
        return Found(handle, match, at, noun, "nominal" if noun else "active", clause_at(self.clauses, at))

    def _best(self, pseudo: Found, function: str, own: Set[int] = frozenset()) -> Phrase | None:
        """Return the cheapest phrase of a function that can speak; one of `own` (by id) only if there is no other."""
        role = FrameRole("speaker", Iri(""), SPEAKER_KINDS, coerce=("capitalOf",))
        options = [
            (cost, n, phrase) for n, (cost, phrase) in enumerate(self.binder.marked(pseudo, function))
            if self._entities_for(phrase, role)
        ]
        others = [o for o in options if id(o[2]) not in own]
        if not others and own and function == "subject":
            others = [
                (cost, n, p) for n, (cost, p) in enumerate(self.binder.inherited(pseudo))
                if id(p) not in own and self._entities_for(p, role)
            ]
        return min(others or options)[2] if others or options else None

    def _speakers(self) -> Iterator[tuple[Said, Filler | None, Filler | None]]:
        """Yield (where, speaker, outlet) for each report of speech in the sentence."""
        role = FrameRole("speaker", Iri(""), SPEAKER_KINDS, coerce=("capitalOf",))
        for said in self.stances.said():
            clause = clause_at(self.clauses, said.at)
            if self._unnamed(said, clause):
                yield said, None, None
                continue
            options: list[tuple[float, int, Phrase, tuple[Iri, ...]]] = []
            pseudo = self._pseudo(said.first, said.last)
            quoted = self._quoted_elsewhere(said)
            for order, function in enumerate(said.speech.speaker):
                for cost, phrase in self.binder.marked(pseudo, function):
                    if phrase.head in quoted:
                        continue
                    entities = self._entities_for(phrase, role) or self._new_speaker(phrase)
                    if entities:
                        options.append((cost + order, len(options), phrase, entities))
            options.sort()
            self.speaker_options[said.at] = [(phrase, entities) for _c, _n, phrase, entities in options]
            best = (options[0][0], options[0][2], options[0][3]) if options else None
            if best is None:
                goes_on = said.speech.continues or (self.pack.sov and bool(quoted))
                known = self.discourse.speaker if goes_on else None
                yield said, (self._filler(self.discourse.entity(known)) if known else None), None
                continue
            filler = self._source(best[1], best[2][0])
            if "MediaOutlet" in filler.kinds:
                yield said, None, filler
            else:
                self.discourse.speaker = filler.id
                yield said, filler, None

    def _only_sources(self) -> frozenset[int]:
        """Return the ids of phrases that stand for nothing but a source ("according to X"): they are no arguments."""
        out: set[int] = set()
        for said, _who, _outlet in self.speakers:
            words = self.tokens[said.first : said.last]
            if any(is_finite(t) if self.pack.sov else t.is_pos("VERB", "AUX") for t in words):
                continue
            out.update(id(phrase) for phrase, _entities in self.speaker_options.get(said.at, ())[:1])
        return frozenset(out)

    def _quoted_elsewhere(self, said: Said) -> frozenset[int]:
        """Return the tokens inside quotations that a report of speech stands outside of: no speaker stands there."""
        out: set[int] = set()
        opened: int | None = None
        for place, token in enumerate(self.tokens):
            if token.text in _OPENING and opened is None:
                opened = place
            elif token.text in _CLOSING and opened is not None:
                if place - opened > QUOTATION and not opened < said.at < place:
                    out.update(range(opened + 1, place))
                opened = None
        return frozenset(out)

    def _source(self, phrase: Phrase, iri: Iri) -> Filler:
        """Return who speaks: the entity of a phrase, or the organ of a state where the phrase names one."""
        member = phrase.members[0]
        if not member.organ or len(phrase.members) > 1:
            return self._filler(self.discourse.entity(iri), member.first, member.last)
        return self._filler(self.discourse.organ(self._organ_name(phrase), iri), phrase.first, phrase.last)

    def _organ_name(self, phrase: Phrase) -> str:
        """Return the words of a body's name with its head in the nominative, on one line, without determiners."""
        tokens = [t for t in self.tokens[phrase.first : phrase.last] if t.folded not in self.pack.determiners]
        words = [t.text for t in tokens]
        if phrase.cases and "Nom" not in phrase.cases:
            if self.pack.sov:
                words = list(self.pack.morphology.nominative(tuple(words), "other"))
            else:
                head = self.tokens[phrase.head]
                lemma = next((r.lemma for r in head.readings if r.pos in {"NOUN", "PROPN"}), head.text)
                plain = lemma.capitalize() if head.capitalised and not head.text.isupper() else lemma
                words = [(plain if t is head and not head.text.isupper() else t.text) for t in tokens]
        return " ".join(words).replace(" 's", "'s").replace(" \u2019s", "\u2019s")

    def _new_speaker(self, phrase: Phrase) -> tuple[Iri, ...]:
        if phrase.kind == "unknown" and len(phrase.members[0].words) in {2, 3} and self._looks_personal(phrase.members[0]):
            return (self.discourse.person(phrase.members[0].words, phrase.members[0].cases).id,)
        return ()

    def _unnamed(self, said: Said, clause: Clause) -> bool:
        first, last = max(clause.first, said.first - 5), min(clause.last, said.last + 5)
        found = next(iter(self.pack.unnamed.search(self.tokens, first, last, self.typed)), None)
        if found is None:
            return False
        return not any(
            p.kind in {"person", "entity"} and not p.adjective and p.adposition is None and first <= p.head < last
            and abs(p.head - said.at) < abs(found[0].first - said.at)
            for p in self.phrases
        )

    def _attribution(
        self, found: Found, stance: Stance, bound: Bound | None = None
    ) -> tuple[Filler | None, Filler | None]:
        """Return (speaker, relaying outlet) of what a trigger says; its own arguments speak only if nobody else does."""
        mark = stance.modal
        own = {id(p) for parts in bound.roles.values() for p, _e in parts} if bound is not None and self.pack.sov else set()
        if mark is not None and mark.modal.attributes:
            phrase = self._best(self._pseudo(mark.first, mark.last), "subject", own)
            if phrase is None and mark.modal.controls != "subject":
                phrase = next((p for _c, p in self.binder.inherited(self._pseudo(mark.first, mark.last))), None)
            role = FrameRole("speaker", Iri(""), SPEAKER_KINDS, coerce=("capitalOf",))
            if phrase is not None:
                entities = self._entities_for(phrase, role)
                if entities:
                    return self._source(phrase, entities[0]), None
        speaker: Filler | None = None
        outlet: Filler | None = None
        for said, who, relay in sorted(self.speakers, key=lambda s: abs(s[0].at - found.at)):
            if said.speech.scope == "previous" or {found.at, found.governor} & set(range(said.first, said.last)):
                continue
            if not self._in_report(said, found):
                continue
            if who is not None and speaker is None and own:
                who = self._other_speaker(said, own) or who
            speaker = speaker or who
            outlet = outlet or relay
        if speaker is None:
            return outlet, None
        return speaker, outlet

    def _other_speaker(self, said: Said, own: set[int]) -> Filler | None:
        """Return the best speaker of a report that is no argument of the claim reported."""
        for phrase, entities in self.speaker_options.get(said.at, ()):
            entity = self.discourse.entity(entities[0])
            if id(phrase) not in own and "MediaOutlet" not in entity.kinds:
                return self._source(phrase, entities[0])
        if "subject" not in said.speech.speaker:
            return None
        other = self._best(self._pseudo(said.first, said.last), "subject", own)
        if other is None or id(other) in own:
            return None
        entities = self._entities_for(other, FrameRole("speaker", Iri(""), SPEAKER_KINDS, coerce=("capitalOf",)))
        return self._source(other, entities[0]) if entities else None

    def _in_report(self, said: Said, found: Found) -> bool:
        """Tell whether a trigger belongs to what is reported: an earlier clause does only when the report trails it."""
        clause = clause_at(self.clauses, said.at)
        if found.clause.index >= clause.index:
            return True
        spoken = [p for p, _e in self.speaker_options.get(said.at, ())[:1]]
        if not self.pack.sov and found.clause.relative and any(p.head < found.clause.first for p in spoken):
            return False  # "X, which has signed ..., said that ...": that clause is the document's own
        full = any(f.clause.index == clause.index and not said.first <= f.at < said.last for f in self.triggers)
        opened = clause.first > 0 and self.tokens[clause.first - 1].text != "," and clause.first < said.first and (
            next(self.pack.conjunctions.at(self.tokens, clause.first), None) is not None
            or next(self.pack.clause_breaks.at(self.tokens, clause.first), None) is not None
        )
        return self.pack.sov or not (full or opened)

    def _date(self, found: Found, stance: Stance) -> ClaimDate | None:
        if found.trigger.stative:
            return None
        usable = [d for d in self.dates if d.role is None and (self.pack.sov or self._tells_when(d, found, stance))]
        clause = found.clause
        here = [d for d in usable if clause.first <= d.first < clause.last]
        if not here and stance.negative and not found.trigger.negative:
            return None  # what has not happened has no day of its own: "acceded in May but has not ratified"
        if not here:
            busy = {f.clause.index for f in self.triggers if f.trigger.frame and f.at != found.at}
            said = {clause_at(self.clauses, s.at).index for s, _w, _o in self.speakers}
            here = [
                d for d in usable
                if (c := clause_at(self.clauses, d.first)).index not in busy and c.index not in said
                and abs(c.index - clause.index) <= 1
            ]
        if not here and len({f.at for f in self.triggers}) <= 1 and not self.speakers:
            here = usable
        if not here:
            return None
        date = min(here, key=lambda d: min(abs(d.first - found.at), abs(d.last - found.at)))
        return self._resolved(date, future=stance.modality != "actual")

    def _date_of_chain(self, bound: Bound, frame: Frame, stance: Stance) -> ClaimDate | None:
        """Return the date of the clause whose subject a clause goes on with ("on Monday X came and met Y")."""
        found = bound.found
        if found.trigger.stative or (frame.aspect == "state" and stance.negative):
            return None
        earlier = {
            clause_at(self.clauses, p.head).index for parts in bound.roles.values() for p, _e in parts
            if clause_at(self.clauses, p.head).index < found.clause.index
        }
        dates = [d for d in self.dates if d.role is None and clause_at(self.clauses, d.first).index in earlier]
        return self._resolved(dates[-1], future=stance.modality != "actual") if dates else None

    def _tells_when(self, date: DateMention, found: Found, stance: Stance) -> bool:
        """Tell whether a date can be that of what a trigger says: not that of its report, plea, decision or another clause."""
        if any(0 <= date.first - s.last <= 3 and not s.first <= found.at < s.last for s in self._said):
            return False
        clause = clause_at(self.clauses, date.first)
        if clause.relative and clause.index != found.clause.index and any(
            is_finite(t) and not t.is_pos("AUX") for t in self.tokens[clause.first : clause.last]
        ):
            return False
        mark = stance.modal
        if mark is None or stance.modality == "actual" or self.tokens[mark.first].is_pos("AUX", "ADJ"):
            return True
        if self.pack.lemmatise_names and stance.modality == "planned" and not self.tokens[mark.first].has("Tense=Past"):
            return True  # free order: "in May X plans to visit Y"; a past verb dates the decision
        return date.first >= found.at or (clause.index != clause_at(self.clauses, mark.first).index)

    def _resolved(self, date: DateMention, *, future: bool) -> ClaimDate | None:
        previous = self.discourse.last_date
        for earlier in self.dates:
            if earlier.first >= date.first:
                break
            previous = resolve(earlier, self.document.published, previous, future=False) or previous
        edtf = resolve(date, self.document.published, previous, future=future)
        span = Span(self.tokens[date.first].span.start, self.tokens[date.last - 1].span.end)
        return claim_date(edtf, span.slice(self.document.text), span)

    # -- records -------------------------------------------------------------------------------------------------

    def _extent(self, bound: Bound, found: Found, stance: Stance) -> tuple[int, int]:
        """Return the token range of the evidence: trigger, roles, and the words of denial and modality."""
        ranges = [
            (found.match.first, found.match.last), *stance.words,
            *((p.first, p.last) for parts in bound.roles.values() for p, _e in parts),
        ]
        return min(first for first, _last in ranges), max(last for _first, last in ranges)

    def _filler(self, entity: Entity, first: int | None = None, last: int | None = None) -> Filler:
        labels: dict[str, list[str]] = {}
        for name in entity.names:
            if name.kind in {"preferred", "alternative", "abbreviation"}:
                labels.setdefault(name.language, []).append(name.text)
        span = None
        text = None
        if first is not None and last is not None:
            span = Span(self.tokens[first].span.start, self.tokens[last - 1].span.end)
            text = span.slice(self.document.text)
        return Filler(
            entity.id, entity.label("en"), tuple(sorted((k, tuple(v)) for k, v in labels.items())), entity.kinds, text, span,
            entity.organ_of,
        )

    def _concept(self, scheme: str, code: str, first: int, last: int) -> Filler:
        known = self.knowledge.concepts.get(scheme, {}).get(code)
        if known is not None:
            return self._filler(known, first, last)
        span = Span(self.tokens[first].span.start, self.tokens[last - 1].span.end)
        return Filler(concept_iri(scheme, code), code, (), frozenset({"Concept"}), span.slice(self.document.text), span)

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
                self.document.id, frame.name, span, [(r, [f.id for f in fs]) for r, fs in ordered], polarity, modality,
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

    def _note(self, first: int, last: int, kind: str, reason: str) -> None:
        span = Span(self.tokens[first].span.start, self.tokens[last - 1].span.end)
        self.notes.append(Note(kind, span, reason))
        self._explain(f"{kind}: {reason}: {span.slice(self.document.text)!r}")


def words_of(tokens: Sequence[Token], first: int, last: int) -> str:
    """Return the words of a token range as one line."""
    return " ".join(t.text for t in tokens[first:last])


_OPENING = frozenset("\"\u00ab\u201c\u201e")
_CLOSING = frozenset("\"\u00bb\u201d\u201c")
_MODALITIES = ("actual", "planned", "requested", "possible")
_NO_PATTERN = compile_pattern("*", str.casefold)
_NO_TRIGGER = Trigger("", "", (), (), (), (), (), (), None, False, False, (), False, (), ())
