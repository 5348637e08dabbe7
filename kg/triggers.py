"""Triggers of the lexicon in a sentence, each with the construction it stands in: active, passive, nominal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kg.clauses import Clause, clause_at, is_finite, resumed
from kg.language.pack import Pack, Trigger
from kg.model import Token
from kg.patterns import Match, TypedTest
from kg.referents import Phrase
from kg.unguarded import unguarded

LIGHT_REACH = 24  # tokens between an event noun and the support verb that tells it


@unguarded
@dataclass(frozen=True, slots=True)
class Found:
    """A trigger in a sentence: its tokens, the token that decides position, and the construction it stands in."""

    trigger: Trigger
    match: Match
    at: int
    noun: bool
    construction: str
    clause: Clause
    passive_at: int = -1
    light_at: int = -1
    light_passive: bool = False
    happens: bool = False  # the event is the subject of its support verb ("the drill began"): nobody else is

    @property
    def governor(self) -> int:
        """The token that carries tense and negation: the support verb of a noun, else the trigger itself."""
        return self.light_at if self.light_at >= 0 else self.at


class TriggerFinder:
    """Finds the triggers of one sentence, their voice and their support verbs."""

    def __init__(
        self,
        pack: Pack,
        tokens: Sequence[Token],
        phrases: Sequence[Phrase],
        clauses: Sequence[Clause],
        typed: TypedTest,
        names: frozenset[int],
    ) -> None:
        self._pack = pack
        self._tokens = tokens
        self._phrases = phrases
        self._clauses = clauses
        self._typed = typed
        self._names = names
        self._modal = frozenset(t for m, _ in pack.modality.search(tokens, typed=typed) for t in range(m.first, m.last))

    def triggers(self) -> list[Found]:
        """Return the triggers of the sentence; where two entries of a frame fire on one token, both are returned."""
        out: list[Found] = []
        for index, noun in ((self._pack.verbs, False), (self._pack.nouns, True)):
            for place in sorted(index.places(self._tokens)):
                if place in self._names:
                    continue
                for match, trigger in index.at(self._tokens, place, self._typed):
                    found = self._found(match, trigger, noun=noun)
                    if found is not None and self._has_needs(found):
                        out.append(found)
        return self._longest(out)

    def _has_needs(self, found: Found) -> bool:
        """Tell whether the terms a trigger needs are in its clause, and none of those it forbids."""
        trigger = found.trigger
        needs = (*trigger.needs, *([trigger.object_term] if trigger.object_term else []))
        return all(self._has_term(found, n) or self._goes_on_with(found, n) for n in needs) and not any(
            self._forbids(found, t) for t in trigger.without
        )

    def _goes_on_with(self, found: Found, term: str) -> bool:
        """Tell whether a clause without a subject goes on with that of the clause before, where a term stands."""
        clause = found.clause
        if found.noun or term == found.trigger.object_term or not self._pack.lemmatise_names or not clause.index:
            return False
        own = any(clause.first <= p.head < clause.last and "Nom" in p.cases for p in self._phrases)
        before = self._clauses[clause.index - 1]
        if own or clause.relative or not any(is_finite(t) for t in self._tokens[before.first : before.last]):
            return False
        return any(True for _ in self._pack.terms[term].search(self._tokens, before.first, before.last, self._typed))

    def _forbids(self, found: Found, term: str) -> bool:
        """Tell whether a term stands in the clause, not only as words of a name ("Rapid Support Forces")."""
        clause = found.clause
        here = list(self._pack.terms[term].search(self._tokens, clause.first, clause.last, self._typed))
        if here and all({t for t in m.taken if t >= 0} <= self._names for m, _ in here):
            return False
        return self._has_term(found, term)

    def _longest(self, found: list[Found]) -> list[Found]:
        """Drop a trigger whose words are all part of a longer one of another entry that shares its deciding token."""

        def length(f: Found) -> int:
            return sum(1 for t in f.match.taken if t >= 0)

        return [
            f
            for f in found
            if not any(
                o is not f and f.noun and not o.noun and f.at in o.match.taken and o.trigger.frame == f.trigger.frame
                for o in found
            )
            and not any(
                (
                    o is not f
                    and not (o.trigger.recalls and not f.trigger.recalls)
                    and (
                        o.at == f.at
                        or (self._pack.sov and f.at in o.match.taken)
                        or (o.trigger.frame == f.trigger.frame and f.at in o.match.taken and self._governed_form(f.at))
                    )
                    and length(o) > length(f)
                    and {t for t in f.match.taken if t >= 0} <= set(o.match.taken)
                    and (o.trigger.frame != f.trigger.frame or o.noun == f.noun)
                )
                or (
                    o.noun
                    and not f.noun
                    and o.trigger.frame == f.trigger.frame
                    and set(f.match.taken) < set(o.match.taken)
                )
                for o in found
            )
        ]

    def _governed_form(self, at: int) -> bool:
        """Tell whether a word is an infinitive or gerund, which another verb of a pattern governs ("voted to X")."""
        verbal = [r for r in self._tokens[at].readings if r.pos == "VERB"]
        return bool(verbal) and all(r.features & {"VerbForm=Inf", "VerbForm=Ger"} for r in verbal)

    def _found(self, match: Match, trigger: Trigger, *, noun: bool) -> Found | None:
        taken = [t for t in match.taken if t >= 0]
        at = taken[-1] if self._pack.sov else next((t for t in taken if self._right_word(t, noun=noun)), taken[0])
        clause = clause_at(self._clauses, at)
        bracketed = any(self._tokens[t].text == "(" for t in taken)
        if (not bracketed and any(not (clause.first <= t < clause.last) for t in taken)) or not self._right_word(
            at, noun=noun
        ):
            return None
        if self._pack.sov and any(self._governs_between(t) for t in range(match.first, at) if t not in match.taken):
            return None
        if noun:
            circumstance = self._tokens[match.first].is_pos("ADP") and not self._pack.sov  # "during a visit to X"
            light_at, light_passive, happens = (-1, False, False) if circumstance else self._light(match, clause)
            return Found(trigger, match, at, True, "nominal", clause, -1, light_at, light_passive, happens)
        passive_at = self._passive(at, clause, match)
        voice = "passive" if passive_at >= -1 else "embedded" if self._embedded(at) else "active"
        return Found(trigger, match, at, False, voice, clause, max(passive_at, -1))

    def _governs_between(self, place: int) -> bool:
        """Tell whether a word in the gap of a pattern is a verb that takes what stands before it: finite, or with a
        case."""
        verbal = [r for r in self._tokens[place].readings if r.pos == "VERB"]
        return len(verbal) == len(self._tokens[place].readings) > 0 and all(
            r.features & {"VerbForm=Fin", "VerbForm=Vnoun", "Case=Acc", "Case=Dat", "Case=Abl"} for r in verbal
        )

    def _embedded(self, at: int) -> bool:
        """Tell whether a verb is a noun with a possessive, where the pack says how such a one takes its subject."""
        verbal = [r for r in self._tokens[at].readings if r.pos == "VERB"]
        return "embedded" in self._pack.functions and bool(verbal) and all("Poss=3" in r.features for r in verbal)

    def _right_word(self, at: int, *, noun: bool) -> bool:
        readings = self._tokens[at].readings
        if not readings or any(r.pos == "X" for r in readings):
            return True
        if noun:
            return any(r.pos in {"NOUN", "PROPN"} or r.features & {"VerbForm=Vnoun", "VerbForm=Ger"} for r in readings)
        token = self._tokens[at]
        return any(r.pos in {"VERB", "AUX"} or (r.pos == "ADJ" and r.lemma != token.folded) for r in readings) or (
            any(r.pos == "ADJ" for r in readings) and token.keys <= {token.folded}
        )

    def _passive(self, at: int, clause: Clause, match: Match | None = None) -> int:
        """Return where the passive mark stands (-1: in the verb itself), -2 for an active verb."""
        here = self._tokens[at]

        def typed(token: Token, kind: str) -> bool:
            return token is here if kind == "trigger" else self._typed(token, kind)

        for start in range(max(clause.first, at - 12), min(at + 4, clause.last)):
            for match, _source in self._pack.passives.at(self._tokens, start, typed, clause.last):
                if at in match.taken and not self._other_verb(match.first + 1, at):
                    return match.first if match.first != at else -1
        verbal = [r for r in here.readings if r.pos in {"VERB", "AUX", "ADJ"}]
        if match is not None:  # of two verbs with one form, the one that the pattern names
            walked = [i for i in match.pattern.items if not i.gap]
            words = {w for item, t in zip(walked, match.taken, strict=True) if t == at for w in item.words}
            verbal = [r for r in verbal if self._pack.morphology.fold(r.lemma) in words] or verbal
        return -1 if verbal and any("Voice=Pass" in r.features for r in verbal) else -2

    def _other_verb(self, first: int, last: int) -> bool:
        """Tell whether a passive mark belongs to a verb that stands before the trigger; where verbs come first only."""
        return not self._pack.sov and any(
            is_finite(self._tokens[t]) and not self._tokens[t].is_pos("AUX") for t in range(first, last)
        )

    def _light(self, match: Match, clause: Clause) -> tuple[int, bool, bool]:
        """Return where the support verb of a noun trigger stands, whether it is passive, and whether the event is its
        subject; -1 for none."""
        best = (-1, False, False)
        nearest = LIGHT_REACH
        rest = None if self._pack.sov else resumed(self._clauses, self._tokens, clause)
        places = [*range(clause.first, clause.last), *(range(rest.first, rest.last) if rest else ())]
        end = rest.last if rest else clause.last
        for place in places:
            for found, noun in self._pack.light.at(self._tokens, place, self._typed, end):
                at = [t for t in found.taken if t >= 0]
                verb = at[-1] if self._pack.sov else at[0]
                distance = min(abs(verb - match.first), abs(verb - (match.last - 1)))
                blocked = any(
                    is_finite(self._tokens[t])
                    and not self._tokens[t].is_pos("AUX")
                    and t != verb
                    and not self._takes_infinitive(t, verb)
                    and t not in self._modal
                    for t in range(min(verb, match.last), max(verb, match.first))
                    if clause.first <= t < clause.last or (rest is not None and t >= rest.first)
                )
                if self._may_depend(match) and self._governed(match.first, frozenset(at)):
                    continue
                if distance < nearest and not blocked and self._right_word(verb, noun=False):
                    nearest = distance
                    passive = self._passive(verb, clause if verb < clause.last else rest or clause) >= -1
                    best = (verb, passive, "subject" in noun)
        return best

    def _takes_infinitive(self, place: int, verb: int) -> bool:
        """Tell whether a finite verb stands right before an infinitive, which it only helps ("may take place")."""
        readings = [r for r in self._tokens[verb].readings if r.pos in {"VERB", "AUX"}]
        return 0 < verb - place <= 2 and bool(readings) and all("VerbForm=Inf" in r.features for r in readings)

    def _may_depend(self, match: Match) -> bool:
        """Tell whether the noun of a pattern can depend on the noun before it: where nouns have cases, in the
        genitive."""
        words = [self._tokens[t] for t in match.taken if t >= 0 and self._tokens[t].is_pos("NOUN")]
        cases = {f for r in (words[0].readings if words else ()) for f in r.features if f.startswith("Case=")}
        return not self._pack.lemmatise_names or not cases or "Case=Gen" in cases

    def _governed(self, first: int, own: frozenset[int]) -> bool:
        """Tell whether a noun only says more of another one that an adposition governs ("after the outcome of
        talks")."""
        if self._pack.sov or first == 0 or not self._tokens[first - 1].is_pos("NOUN"):
            return False
        for place in range(first - 1, max(-1, first - 4), -1):
            token = self._tokens[place]
            if (
                place in own
                or token.kind == "mark"
                or is_finite(token)
                or any(p.first <= place < p.last for p in self._phrases)
            ):
                return False
            if next(self._pack.adpositions.at(self._tokens, place), None) is not None:
                return True
        return False

    def _has_term(self, found: Found, term: str) -> bool:
        """Tell whether a term stands in the clause, or in the phrase a relative clause belongs to, or as its
        pronoun."""
        index = self._pack.terms[term]
        clause = found.clause
        if any(True for _ in index.search(self._tokens, clause.first, clause.last, self._typed)):
            return True
        if any(
            p.kind == "anaphor"
            and p.members[0].anaphor
            and term in p.members[0].anaphor.refers
            and clause.first <= p.head < clause.last
            for p in self._phrases
        ):
            return True
        if clause.relative and clause.index:
            before = self._clauses[clause.index - 1]
            return any(
                m.last >= before.last - 12
                for m, _ in index.search(self._tokens, before.first, before.last, self._typed)
            )
        return False
