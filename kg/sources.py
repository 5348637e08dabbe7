"""Who says it: speakers and outlets of a sentence, and which of its claims are theirs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from kg.binding import INHERITED, Bound
from kg.clauses import Clause, clause_at, is_finite
from kg.model import (
    Filler,
    FrameRole,
    Iri,
    Token,
)
from kg.referents import Phrase
from kg.resolution import SPEAKER_KINDS, Resolver
from kg.stance import Said, Stance
from kg.triggers import Found

QUOTATION = 4


@dataclass
class SourceReader(Resolver):
    """Finds the speakers of a sentence and attributes its claims."""

    speaker_options: dict[int, list[tuple[Phrase, tuple[Iri, ...]]]] = field(init=False, default_factory=dict)
    speakers: list[tuple[Said, Filler | None, Filler | None]] = field(init=False)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.speakers = list(self._speakers())
        self.binder.leave_out(self._only_sources())

    def _speakers(self) -> Iterator[tuple[Said, Filler | None, Filler | None]]:
        """Yield (where, speaker, outlet) for each report of speech in the sentence."""
        role = FrameRole("speaker", Iri(""), SPEAKER_KINDS, coerce=("capitalOf",))
        here: Iri | None = None
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
                    if phrase.head in quoted or self._acts_in_report(said, phrase) or self._beyond(said, phrase):
                        continue
                    if cost >= INHERITED and self._common_subject(said, clause):
                        continue
                    entities = self._who_speaks_on(phrase, here) or self._entities_for(phrase, role)
                    entities = entities or self._new_speaker(phrase)
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
                self.discourse.speaker = here = filler.id
                yield said, filler, None

    def _who_speaks_on(self, phrase: Phrase, here: Iri | None) -> tuple[Iri, ...]:
        """Return whom a pronoun of the third person means as a speaker, where it tells neither person nor thing: who
        spoke in the sentence before it, else the last person told of."""
        anaphor = phrase.members[0].anaphor if len(phrase.members) == 1 else None
        if not self.pack.sov or anaphor is None or anaphor.refers != ("any",) or anaphor.count != 1:
            return ()
        if here is not None:
            return (here,)
        return self._entities_for(phrase, FrameRole("speaker", Iri(""), frozenset({"Person"})))

    def _common_subject(self, said: Said, clause: Clause) -> bool:
        """Tell whether a common noun before a verb of speech is its subject: no earlier one speaks."""
        if self.pack.sov or self.pack.lemmatise_names:
            return False
        inside = {t for p in self.phrases for t in range(p.first, p.last)}
        for place in range(said.first - 1, max(clause.first, said.first - 4) - 1, -1):
            token = self.tokens[place]
            if place in inside or token.kind == "mark" or is_finite(token):
                return False
            if token.is_pos("NOUN"):
                return not any(
                    next(self.pack.adpositions.at(self.tokens, t), None) for t in range(max(0, place - 3), place)
                )
        return False

    def _beyond(self, said: Said, phrase: Phrase) -> bool:
        """Tell whether a comma cuts a phrase off from words that only name a source ("according to the paper, X")."""
        if self.pack.sov or phrase.first < said.last:
            return False
        if "subject" in said.speech.speaker:
            return False
        inside = {t for p in self.phrases for t in range(p.first, p.last)}
        return any(self.tokens[t].text == "," and t not in inside for t in range(said.last, phrase.first))

    def _acts_in_report(self, said: Said, phrase: Phrase) -> bool:
        """Tell whether a bare phrase after a verb of speech has a verb of its own: "said Peru would sign"."""
        after = not self.pack.sov and phrase.adposition is None and phrase.first >= said.last
        return after and phrase.last < len(self.tokens) and is_finite(self.tokens[phrase.last])

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
        tokens = list(self.tokens[phrase.first : phrase.last])
        while len(tokens) > 1 and tokens[0].folded in self.pack.determiners and not tokens[0].capitalised:
            tokens = tokens[1:]
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
        if (
            phrase.kind == "unknown"
            and len(phrase.members[0].words) in {2, 3}
            and self._looks_personal(phrase.members[0])
        ):
            return (self.discourse.person(phrase.members[0].words, phrase.members[0].cases).id,)
        return ()

    def _unnamed(self, said: Said, clause: Clause) -> bool:
        first, last = max(clause.first, said.first - 5), min(clause.last, said.last + 5)
        found = next(iter(self.pack.unnamed.search(self.tokens, first, last, self.typed)), None)
        if found is None:
            return False
        if self.pack.sov and any(
            p.kind == "unknown" and found[0].last in {p.first, p.first + 1} and self._new_speaker(p)
            for p in self.phrases
        ):
            return False  # "says the expert A B"
        return not any(
            p.kind in {"person", "entity"}
            and not p.adjective
            and p.adposition is None
            and first <= p.head < last
            and (p.first <= found[0].first < p.last or abs(p.head - said.at) < abs(found[0].first - said.at))
            for p in self.phrases
        )

    def _attribution(
        self, found: Found, stance: Stance, bound: Bound | None = None
    ) -> tuple[Filler | None, Filler | None]:
        """Return (speaker, relaying outlet) of what a trigger says; its own arguments speak only if nobody
        else does."""
        mark = stance.modal
        own = {id(p) for parts in bound.roles.values() for p, _e in parts} if bound is not None else set()
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
            if {found.at, found.governor} & set(range(said.first, said.last)):
                continue
            if said.speech.scope == "previous" and not self._told_here(said, found):
                continue
            if not self._in_report(said, found) or (own and self._leads_to_speech(said, found, own)):
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
        first = next((p for p, _e in self.speaker_options.get(said.at, ())), None)
        clause = clause_at(self.clauses, said.at)
        if self.pack.lemmatise_names and first is not None and id(first) in own:
            if clause.first <= first.head < clause.last and first.adposition is None and "Nom" in first.cases:
                return None  # "X promises to do it": nobody before X says so
        other = self._best(self._pseudo(said.first, said.last), "subject", own)
        if other is None or id(other) in own:
            return None
        entities = self._entities_for(other, FrameRole("speaker", Iri(""), SPEAKER_KINDS, coerce=("capitalOf",)))
        return self._source(other, entities[0]) if entities else None

    def _told_here(self, said: Said, found: Found) -> bool:
        """Tell whether words that report what was told before stand behind a comma in the same sentence (", this X
        said")."""
        return (
            (self.pack.sov or self.pack.lemmatise_names)
            and found.at < said.first
            and self.tokens[said.first - 1].text in {",", ":", "\u2013", "\u2014"}
        )

    def _in_report(self, said: Said, found: Found) -> bool:
        """Tell whether a trigger belongs to what is reported: an earlier clause does only when the report trails it."""
        clause = clause_at(self.clauses, said.at)
        if any(t.text == ";" for t in self.tokens[min(found.at, said.at) : max(found.at, said.at)]):
            return False
        if self._circumstance(found) and any(
            s.at < found.at and found.clause.index == clause_at(self.clauses, s.at).index for s in self.said
        ):
            return False

        if self._describes_speaker(said, found):
            return False
        if not self.pack.sov and found.at < said.at and _converb(self.tokens[said.at]):
            return False  # "X did this, saying that ...": only what comes after is said
        if found.clause.index >= clause.index:
            return not (found.clause.opener and found.clause.index == clause.index + 1)
        spoken = [p for p, _e in self.speaker_options.get(said.at, ())[:1]]
        if not self.pack.sov and found.clause.relative and any(p.head < found.clause.first for p in spoken):
            return False  # "X, which has signed ..., said that ...": that clause is the document's own
        full = any(
            f.clause.index == clause.index
            and not said.first <= f.at < said.last
            and not (f.noun and f.light_at < 0 and f.at > said.at)  # "..., X said after talks with Y"
            for f in self.triggers
        )
        opened = (
            clause.first > 0
            and self.tokens[clause.first - 1].text != ","
            and clause.first < said.first
            and (
                next(self.pack.conjunctions.at(self.tokens, clause.first), None) is not None
                or next(self.pack.clause_breaks.at(self.tokens, clause.first), None) is not None
            )
        )
        return self.pack.sov or not (full or opened)

    def _leads_to_speech(self, said: Said, found: Found, own: set[int]) -> bool:
        """Tell whether who speaks did first what a converb tells, where verbs come last: "X came and said"."""
        spoken = self.speaker_options.get(said.at, ())[:1]
        return (
            self.pack.sov
            and found.governor < said.first
            and found.clause.index < clause_at(self.clauses, said.at).index
            and _converb(self.tokens[found.governor])
            and any(id(p) in own and p.head < found.governor for p, _e in spoken)
        )

    def _describes_speaker(self, said: Said, found: Found) -> bool:
        """Tell whether a clause only says more of who speaks ("..., said X, who is on a visit to Y")."""
        clause = found.clause
        if not self.pack.lemmatise_names or not (clause.relative or clause.participle) or said.at >= clause.first:
            return False
        before = [p for p in self.phrases if p.last <= clause.first][-1:]
        spoken = {id(p) for p, _e in self.speaker_options.get(said.at, ())[:1]}
        return any(id(p) in spoken for p in before)

    def _circumstance(self, found: Found) -> bool:
        """Tell whether a noun only says when or where someone spoke ("X said during a trip to Y")."""
        if self.pack.sov or not found.noun or found.light_at >= 0:
            return False
        place = found.match.first
        while (
            place and not self.tokens[place].is_pos("ADP") and self.tokens[place - 1].is_pos("DET", "ADJ", "NUM", "ADP")
        ):
            place -= 1
        return self.tokens[place].is_pos("ADP")

    def _own_voice(self, speaker: Filler | None, roles: Mapping[str, tuple[Filler, ...]]) -> Filler | None:
        """Return who of several that speak together speaks for a claim: the one it is about ("A and B said
        they ...")."""
        for options in self.speaker_options.values():
            phrase, entities = options[0] if options else (None, ())
            if speaker is None or phrase is None or len(entities) < 2 or speaker.id not in entities:
                continue
            told = {f.id for fillers in roles.values() for f in fillers}
            own = [(n, e) for n, e in enumerate(entities) if e in told]
            if len(own) == 1 and len(phrase.members) == len(entities):
                number, entity = own[0]
                member = phrase.members[number]
                return self._filler(self.discourse.entity(entity), member.first, member.last)
            if len(own) == 1:
                return self._filler(self.discourse.entity(own[0][1]), phrase.first, phrase.last)
        return speaker

    def previous_attribution(self) -> tuple[Filler | None, Filler | None] | None:
        """Return the speaker that this sentence gives to the sentence before, None when it gives none."""
        echo = bool(self.speakers) and self._retells()
        for said, speaker, outlet in self.speakers:
            if (said.speech.scope == "previous" or echo) and (speaker or outlet):
                return speaker or outlet, outlet if speaker else None
        return None

    def _retells(self) -> bool:
        """Tell whether the sentence only says more of the act told in the one before ("the decree was signed on")."""
        if self.told or self.stances.marks or any(_to_come(t) for t in self.tokens):
            return False
        return any(True for _ in self.pack.echoes.search(self.tokens, typed=self.typed))


def _to_come(token: Token) -> bool:
    """Tell whether a word can only be a verb in the future."""
    finite = [r for r in token.readings if "VerbForm=Fin" in r.features]
    return bool(finite) and all("Tense=Fut" in r.features for r in finite)


def _converb(token: Token) -> bool:
    """Tell whether a word can be nothing but a converb: what is done beside the act of another verb."""
    verbal = [r for r in token.readings if r.pos in {"VERB", "AUX"}]
    return bool(verbal) and all("VerbForm=Conv" in r.features for r in verbal)


_OPENING = frozenset('"\u00ab\u201c\u201e')
_CLOSING = frozenset('"\u00bb\u201d\u201c')
