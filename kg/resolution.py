"""What the phrases of a sentence stand for in a role: names, pronouns, new persons and places, states behind
capitals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from kg.binding import Binder, Bound
from kg.clauses import Clause, clause_at, find_clauses, is_finite
from kg.dates import DateMention
from kg.discourse import Discourse, Seen
from kg.ids import concept_iri
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
    Note,
    Sentence,
    Span,
    Token,
)
from kg.patterns import Match, TypedTest, compile_pattern
from kg.referents import OfficeHeld, Phrase, Referent
from kg.stance import Said, Stance, StanceReader
from kg.triggers import Found

OPENING_QUOTES = frozenset('"\u00ab\u201c\u201e')
SPEAKER_KINDS = frozenset({"Person", "CollectiveActor"})
LONGEST_KIND = 4  # words of a general noun before a name it explains


@dataclass(frozen=True, slots=True)
class Template:
    """The last claim told, for "did so" and "such a step"."""

    trigger: Trigger
    frame: Frame
    roles: tuple[tuple[str, tuple[Filler, ...]], ...]
    sentence: int
    date: ClaimDate | None = None
    noun: bool = False
    denied: bool = False
    verb: frozenset[str] = frozenset()
    partners: tuple[Filler, ...] = ()


@dataclass(frozen=True, slots=True)
class Opened:
    """An act told without one who takes part in it: a list after it may name them ("among them are A and B")."""

    trigger: Trigger
    frame: Frame
    roles: Mapping[str, tuple[Filler, ...]]
    role: str
    sentence: int
    date: ClaimDate | None
    stance: Stance
    speaker: Filler | None


@dataclass
class Resolver:
    """The words of one sentence with all that was seen in them, and what the document has told so far."""

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
    opened: Opened | None = None
    trace: list[str] | None = None
    tokens: tuple[Token, ...] = field(init=False)
    clauses: tuple[Clause, ...] = field(init=False)
    binder: Binder = field(init=False)
    stances: StanceReader = field(init=False)
    said: list[Said] = field(init=False)
    dates: list[DateMention] = field(init=False)
    notes: list[Note] = field(init=False, default_factory=list)
    templates: list[tuple[int, Template]] = field(init=False, default_factory=list)
    triggers: list[Found] = field(init=False, default_factory=list)
    told: list[Claim] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self.tokens = self.sentence.tokens
        self._type_phrases()
        self.clauses = find_clauses(self.tokens, self.phrases, self.pack)
        names = frozenset(
            t
            for m in self.mentions
            if m.kind == "name" or (m.kind == "unknown" and m.last - m.first > 1)
            for t in range(m.first, m.last)
        )
        self.binder = Binder(self.pack, self.tokens, self.phrases, self.clauses, self.typed, self._entities_for, names)
        subjects = frozenset(
            t
            for p in self.phrases
            if p.adposition is None and not p.possessive and not p.adjective and p.nominal is None
            for t in range(p.first, p.last)
        )
        self.stances = StanceReader(self.pack, self.tokens, self.clauses, self.typed, names, subjects)
        self.said = self.stances.said()
        self.dates = [m.date for m in self.mentions if m.date]

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

    def _entities_for(self, phrase: Phrase, role: FrameRole) -> tuple[Iri, ...]:
        """Return what a phrase gives a role, one entity a member; empty when any member does not fit.

        A list of bodies and persons gives those of its members that fit.
        """
        out: list[Iri] = []
        for member in phrase.members:
            found = self._repeated_filler(member, role) or self._antecedent(member, role)
            if not found and member.words and not member.entities:
                made = self._made(phrase, member, role)
                found = (made,) if made else None
            bodies = [self._coerced(self.discourse.entity(iri), role) for iri in found or ()]
            if not found or None in bodies:
                if phrase.mixed:
                    continue  # "against X and its minister Y": each role takes of them what fits
                return ()
            out += [body for body in bodies if body is not None]
        return tuple(dict.fromkeys(out))

    def _repeated_filler(self, member: Referent, role: FrameRole) -> tuple[Iri, ...] | None:
        """Return what filled the same role of the same frame just before, for a pronoun that can only repeat it."""
        anaphor, template = member.anaphor, self.template
        template = next((t for at, t in reversed(self.templates) if at < member.first), template)
        if anaphor is None or anaphor.count != 1 or template is None or template.sentence < self.sentence.index - 2:
            return None
        if not self.pack.sov and any(
            s.sentence == self.sentence.index
            and s.subject
            and s.place < member.first
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

        if member.anaphor is not None and (own := self._predicated(member, role)) is not None:
            return own
        bodiless = not member.of or member.of[0].anaphor is not None  # "envoys of four states"
        if member.office is not None and bodiless and self._several_hold(member):
            return None
        if member.anaphor is not None and member.anaphor.possessive and member.proxied and role.key:
            subjects = frozenset(
                s.entity for s in self.discourse.seen if s.sentence == self.sentence.index and s.subject
            )
            found = self.discourse.resolve(member, self.sentence.index, fits, subjects)
            if found:
                return found
        return self.discourse.resolve(member, self.sentence.index, fits, self._co_arguments(member))

    def _predicated(self, member: Referent, role: FrameRole) -> tuple[Iri, ...] | None:
        """Return what a description in the instrumental alone is said of: "X became the first country that ..."."""
        phrase = next((p for p in self.phrases if p.members[0] is member), None)
        if phrase is None or phrase.cases != {"Ins"} or phrase.adposition is not None or phrase.possessive:
            return None
        clause = clause_at(self.clauses, phrase.head)
        anaphor = member.anaphor
        for subject in self.phrases:
            bare = subject.adposition is None and not subject.adjective and not subject.possessive
            if not bare or subject.cases != {"Nom"} or not clause.first <= subject.head < clause.last:
                continue
            entities = self._entities_for(subject, role)
            if len(entities) == 1 and anaphor is not None:
                kinds = self.discourse.entity(entities[0]).kinds
                return entities if "any" in anaphor.refers or kinds & set(anaphor.refers) else None
        return None

    def _several_hold(self, member: Referent) -> bool:
        """Tell whether a title without a body is a plural: "the envoys" are no one envoy told of elsewhere."""
        words = self.tokens[member.first : member.last]
        if not self.pack.sov and self._counted(member):
            return True
        title = next((t for t in words if t.is_pos("NOUN", "PROPN")), words[0])
        nouns = [r for r in title.readings if r.pos in {"NOUN", "PROPN"}]
        return bool(nouns) and all("Number=Plur" in r.features for r in nouns)

    def _counted(self, member: Referent) -> bool:
        """Tell whether a number or "any" stands within or right after a title: "the envoys of 14 states"."""
        beside = self.tokens[member.first + 1 : member.last + 2]
        return any(t.kind == "number" or t.folded in self.pack.indefinite for t in beside[:3])

    def _co_arguments(self, member: Referent) -> frozenset[Iri]:
        """Return what is named in the clause of a pronoun: it cannot stand for that, unless it is possessive."""
        if member.anaphor is None or member.anaphor.possessive or member.anaphor.reciprocal:
            return frozenset()
        clause = clause_at(self.clauses, member.first)
        gerund = self._gerund_before(member, clause)
        if gerund >= 0:
            return frozenset(
                s.entity
                for s in self.discourse.seen
                if s.sentence == self.sentence.index
                and clause.first <= s.place < clause.last
                and ((s.subject and s.place < gerund) or s.place > gerund)
                and s.place != member.first
            )
        told = [(said.first, said.last) for said in self.said]
        if not self.pack.sov:  # "A asked B to leave the country": A is out of the question no more
            told += [(m.first, m.last) for m in self.stances.marks if m.modal.controls == "object"]
        first = max([clause.first, *(end for start, end in told if clause.first <= start < member.first)])
        owner = [p for p in self.phrases if p.last <= clause.first][-1:] if clause.participle else []
        owners = {
            s.entity
            for p in owner
            for s in self.discourse.seen
            if s.sentence == self.sentence.index and p.first <= s.place < p.last
        }
        named = {
            s.entity
            for s in self.discourse.seen
            if s.sentence == self.sentence.index
            and first <= s.place < clause.last
            and s.place != member.first
            and not (
                (member.proxied or self.pack.sov) and s.group < 0
            )  # "the president of X asks the country's senate"
            and not any(
                self.tokens[t].text == "," and not any(p.first <= t < p.last for p in self.phrases)
                for t in range(s.place, member.first)
            )
        }
        if self.pack.lemmatise_names:  # "Moscow gave the country ...": not its own
            capitals = [e for iri in named if "Capital" in (e := self.discourse.entity(iri)).kinds]
            named |= {e.located_in for e in capitals if e.located_in is not None}
        return frozenset(owners) | frozenset(named)

    def _gerund_before(self, member: Referent, clause: Clause) -> int:
        """Return the gerund after an adposition that a pronoun is the object of ("tied itself to X after recognising
        it"), -1 for none: what stands before it is no argument of the same verb."""
        for place in range(member.first - 1, clause.first, -1):
            readings = self.tokens[place].readings
            if readings and all("VerbForm=Ger" in r.features for r in readings):
                return place if self.tokens[place - 1].is_pos("ADP", "SCONJ") else -1
            if is_finite(self.tokens[place]) or any(p.first <= place < p.last for p in self.phrases):
                return -1
        return -1

    def _made(self, phrase: Phrase, member: Referent, role: FrameRole) -> Iri | None:
        """Return a new entity for an unknown name where the role takes one: a person of several names, a body, a
        place."""
        body = self._body(phrase, member, role)
        if body is not None:
            return body
        quoted = member.first > 0 and self.tokens[member.first - 1].text in OPENING_QUOTES
        listed = quoted and any(
            "Organisation" in self.discourse.entity(iri).kinds for m in phrase.members for iri in m.entities
        )  # "X and the 'Y'": what stands in one list with a body is one
        headed = "Organisation" in role.kinds and (listed or self._headed_name(phrase, member))
        if quoted and not headed:
            return None
        if "Person" in role.kinds and "Place" not in role.kinds and 2 <= len(member.words) <= 4 and not headed:
            titled = phrase.kind == "person"  # a title, or another person of the list, says what they are
            personal = titled or self._looks_personal(member) or self._gets_title(role)
            return self.discourse.person(member.words, member.cases).id if personal else None
        if any(p.nominal is not None and 0 <= p.first - phrase.last <= 1 for p in self.phrases):
            return None  # "at the X drill": the name of an event, no place
        if headed:
            return self.discourse.other(self.pack.morphology.nominative(member.words, "other"), "Organisation").id
        local = phrase.adposition is not None or bool(phrase.cases and phrase.cases <= {"Loc", "Dat", "Abl"})
        if "Place" in role.kinds and "Person" not in role.kinds and local:
            return self.discourse.other(self.pack.morphology.nominative(member.words, "other"), "Place").id
        return None

    def _gets_title(self, role: FrameRole) -> bool:
        """Tell whether a role holds nobody but a person and the sentence names an office without its holder."""
        alone = not role.kinds & {"State", "Organisation", "ArmedGroup", "CollectiveActor"}
        return (
            alone
            and not self.pack.sov
            and not self.pack.lemmatise_names
            and any(p.kind == "office" for p in self.phrases)
        )

    def _headed_name(self, phrase: Phrase, member: Referent) -> bool:
        """Tell whether a general noun before an unknown name says that it is a body ("the movement Free Dawn")."""
        return not self.pack.sov and any(
            found is not None and found[0].last >= member.first - 1
            for place in range(phrase.first, member.first)
            for found in [self.pack.name_heads.longest_at(self.tokens, place)]
        )

    def _body(self, phrase: Phrase, member: Referent, role: FrameRole) -> Iri | None:
        """Return a new body for an unknown name that a general noun beside it calls one ("the X company")."""
        first, last = phrase.first - 1, phrase.last + 1
        for place in (t for t in range(max(0, first), min(last + 1, len(self.tokens))) if t not in _span(member)):
            if place >= phrase.last and any(p is not phrase and p.first <= place < p.last for p in self.phrases):
                continue
            found = self.pack.body_kinds.longest_at(self.tokens, place, self.typed) or self._kind_ending(place)
            if found is None:
                continue
            kinds = self.knowledge.superclasses.get(found[1], frozenset({found[1]}))
            if kinds & role.kinds:
                return self.discourse.other(self.pack.morphology.nominative(member.words, "other"), found[1]).id
        return None

    def _kind_ending(self, place: int) -> tuple[Match, str] | None:
        """Return the general noun of several words that ends at a place ("công ty X"), None for none."""
        for start in range(max(0, place - LONGEST_KIND + 1), place):
            found = self.pack.body_kinds.longest_at(self.tokens, start, self.typed)
            if found is not None and found[0].last == place + 1:
                return found
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

    def _pseudo(self, first: int, last: int, trigger: Trigger | None = None, *, noun: bool = False) -> Found:
        """Return a trigger-like handle on any words, so that their grammatical functions can be found."""
        at = last - 1 if self.pack.sov else first
        handle = trigger or _NO_TRIGGER
        match = Match(first, last, tuple(range(first, last)), NO_PATTERN)
        return Found(handle, match, at, noun, "nominal" if noun else "active", clause_at(self.clauses, at))

    def _best(self, pseudo: Found, function: str, own: AbstractSet[int] = frozenset()) -> Phrase | None:
        """Return the cheapest phrase of a function that can speak; one of `own` (by id) only if there is no other."""
        role = FrameRole("speaker", Iri(""), SPEAKER_KINDS, coerce=("capitalOf",))
        options = [
            (cost, n, phrase)
            for n, (cost, phrase) in enumerate(self.binder.marked(pseudo, function))
            if self._entities_for(phrase, role)
        ]
        others = [o for o in options if id(o[2]) not in own]
        if not others and own and function == "subject":
            others = [
                (cost, n, p)
                for n, (cost, p) in enumerate(self.binder.inherited(pseudo))
                if id(p) not in own and self._entities_for(p, role)
            ]
        return min(others or options)[2] if others or options else None

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
            entity.id,
            entity.label("en"),
            tuple(sorted((k, tuple(v)) for k, v in labels.items())),
            entity.kinds,
            text,
            span,
            entity.organ_of,
        )

    def _concept(self, scheme: str, code: str, first: int, last: int) -> Filler:
        known = self.knowledge.concepts.get(scheme, {}).get(code)
        if known is not None:
            return self._filler(known, first, last)
        span = Span(self.tokens[first].span.start, self.tokens[last - 1].span.end)
        return Filler(concept_iri(scheme, code), code, (), frozenset({"Concept"}), span.slice(self.document.text), span)

    def _explain(self, line: str) -> None:
        if self.trace is not None:
            self.trace.append(line)

    def _note(self, first: int, last: int, kind: str, reason: str) -> None:
        span = Span(self.tokens[first].span.start, self.tokens[last - 1].span.end)
        self.notes.append(Note(kind, span, reason))
        self._explain(f"{kind}: {reason}: {span.slice(self.document.text)!r}")


def _span(member: Referent) -> range:
    return range(member.first, member.last)


NO_PATTERN = compile_pattern("*", str.casefold)
_NO_TRIGGER = Trigger("", "", (), (), (), (), (), (), None, False, False, (), False, (), ())
