"""Triggers of a sentence -> roles bound to phrases, by the case frames of the lexicon.

Voice, nominalisation and support verbs choose the construction; the construction says how each grammatical function
is marked; every candidate phrase gets a cost (worse marking, distance, another clause), and the cheapest assignment
that fills what the frame requires wins.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, product

from kg.clauses import Clause, is_finite
from kg.language.pack import UNMARKED, Marking, Pack
from kg.mentions import QUOTES
from kg.model import Frame, FrameRole, Iri, Token
from kg.patterns import TypedTest
from kg.referents import Phrase
from kg.triggers import Found, TriggerFinder

CANDIDATES = 4
INHERITED = 3.0
OTHER_OBJECT = 2.0
OTHER_CLAUSE = 0.4
FUNCTION_STEP = 1.0
MARKING_STEP = 0.4
DISTANCE_STEP = 0.06
FIRST_STEP = 0.07
AMBIGUOUS_CASE = 0.08
UNMARKED_CASE = 0.5
INDECLINABLE = 5  # cases that a word of one form alone can stand in
MAIN = "main"  # the subject of the sentence, which may be the one who speaks: "at a meeting with X, Y said ..."
CROSSED_VERB = 0.7
POSSESSOR_GAP = 3
_CASED = ("Case=", "Poss=")
TERM_REACH = 6  # tokens in which a noun that a trigger needs may stand beside its owner
APPOSED_GAP = 2  # words between a place and the state it lies in


@dataclass(slots=True)
class Bound:
    """A trigger with its roles: phrase and the entities it gives, one tuple of entities a member that fits."""

    found: Found
    roles: dict[str, list[tuple[Phrase, tuple[Iri, ...]]]] = field(default_factory=dict)
    cost: float = 0.0
    inherited: bool = False
    functions: dict[str, set[str]] = field(default_factory=dict)


Resolve = Callable[[Phrase, FrameRole], tuple[Iri, ...]]


class Binder(TriggerFinder):
    """Binds the roles of the triggers of one sentence."""

    def __init__(
        self,
        pack: Pack,
        tokens: Sequence[Token],
        phrases: Sequence[Phrase],
        clauses: Sequence[Clause],
        typed: TypedTest,
        resolve: Resolve,
        names: frozenset[int],
    ) -> None:
        super().__init__(pack, tokens, phrases, clauses, typed, names)
        self._resolve = resolve
        self._words_before = _running(t.text not in QUOTES and t.folded not in pack.determiners for t in tokens)
        self._verbs_before = _running(is_finite(t) and not t.is_pos("AUX") for t in tokens)
        self._controlled: Phrase | None = None
        self._barred: Phrase | None = None
        self._left_out: frozenset[int] = frozenset()

    def control(self, controlled: Phrase | None, barred: Phrase | None) -> None:
        """Set the phrase that a governing verb makes the subject, and the one it keeps from being it."""
        self._controlled, self._barred = controlled, barred

    def leave_out(self, phrases: frozenset[int]) -> None:
        """Set the phrases (by identity) that no trigger may take as arguments."""
        self._left_out = phrases

    def marked(self, found: Found, function: str) -> Iterator[tuple[float, Phrase]]:
        """Yield (cost, phrase) for each phrase that has a function of any words given as a found trigger."""
        yield from self._marked(found, function, negated=False)

    def inherited(self, found: Found) -> Iterator[tuple[float, Phrase]]:
        """Yield the subjects of earlier clauses of the sentence, nearest first."""
        yield from self._inherited(found)

    def bind(self, found: Found, frame: Frame, *, negated: bool) -> Bound | None:
        """Return the best assignment of phrases to the roles of a trigger, None when a term it needs is missing."""
        trigger = found.trigger
        if not self._has_needs(found):
            return None
        single: list[tuple[FrameRole, list[tuple[float, Phrase | None, tuple[Iri, ...]]]]] = []
        many: list[tuple[FrameRole, list[tuple[float, Phrase, tuple[Iri, ...], str]]]] = []
        for name, functions in trigger.noun_roles if found.noun else trigger.roles:
            role = frame.role(name)
            if role is None or role.scheme:
                continue
            options = self._options(found, role, functions, negated=negated)
            if role.many:
                many.append((role, options))
            else:
                kept = [(c, p, e) for c, p, e, _f in sorted(options, key=lambda o: o[0])[:CANDIDATES]]
                single.append((role, [*kept, (4.0 if role.required else 1.5, None, ())]))
        bound = self._cheapest(found, single)
        if self._pack.sov:
            self._describe_subject(bound, frame)
        for role, options in many:
            self._gather(bound, role, options)
        return bound

    def _cheapest(
        self, found: Found, single: list[tuple[FrameRole, list[tuple[float, Phrase | None, tuple[Iri, ...]]]]]
    ) -> Bound:
        best: tuple[float, tuple[tuple[float, Phrase | None, tuple[Iri, ...]], ...]] | None = None
        for choice in product(*[options for _role, options in single]):
            # one phrase may fill two roles only by different entities: an envoy and the state that sends them
            used = {(id(p), e) for _c, p, es in choice if p is not None for e in es}
            if len(used) < sum(len(es) for _c, p, es in choice if p is not None):
                continue
            needed = [
                id(p) for (role, _o), (_c, p, _e) in zip(single, choice, strict=True) if p is not None and role.required
            ]
            if len(set(needed)) < len(needed):
                continue  # only what need not be said (the envoy) may share its words with what must
            cost = sum(
                0.0 if id(p) in needed and not role.required else c
                for (role, _o), (c, p, _e) in zip(single, choice, strict=True)
            )
            if best is None or cost < best[0]:
                best = (cost, choice)
        bound = Bound(found)
        if best is not None:
            bound.cost = best[0]
            for (role, _options), (_cost, phrase, entities) in zip(single, best[1], strict=True):
                if phrase is not None:
                    bound.roles[role.name] = [(phrase, entities)]
        return bound

    def _describe_subject(self, bound: Bound, frame: Frame) -> None:
        """Make the noun that a participle describes its subject, where all else it needs stands before it.

        "X is the heir of the Y that recognised Z": it was Y that did. A noun that names nobody leaves no subject.
        """
        found = bound.found
        name = next((n for n, functions in found.trigger.roles if "subject" in functions), None)
        role = frame.role(name) if name is not None else None
        if role is None or role.many or found.noun or found.construction != "active" or name not in bound.roles:
            return
        others = [r for r in frame.roles if r.required and not r.scheme and r is not role]
        if not others or any(p.head > found.at for r in others for p, _e in bound.roles.get(r.name, [])):
            return
        if any(r.name not in bound.roles for r in others) or bound.roles[role.name][0][0].head > found.at:
            return
        head = self._described_by(found)
        if head is None:
            return
        phrase = next((p for p in self._phrases if p.first <= head < p.last), None)
        entities = self._resolve(phrase, role) if phrase is not None else ()
        if phrase is not None and entities:
            bound.roles[role.name] = [(phrase, entities)]
        elif phrase is None:
            del bound.roles[role.name]

    def _described_by(self, found: Found) -> int | None:
        """Return the name after a bare participle, or a noun that cannot be the subject itself, None where there is
        none."""
        readings = self._tokens[found.at].readings
        if not readings or not all(
            r.pos == "VERB" and "VerbForm=Part" in r.features and not any(f.startswith(_CASED) for f in r.features)
            for r in readings
        ):
            return None
        named = {t for p in self._phrases for t in range(p.first, p.last)}
        for place in range(found.at + 1, min(found.at + 4, found.clause.last)):
            token = self._tokens[place]
            if place in named:
                return place
            if token.kind == "mark" or token.is_pos("AUX", "ADP", "SCONJ", "CCONJ", "PART"):
                return None
            if token.is_pos("NOUN", "PROPN") and not token.is_pos("ADJ", "NUM", "DET"):
                other = all(r.features & {"Case=Acc", "Case=Dat", "Case=Ins"} for r in token.readings)
                return place if other and not token.has("Poss=3") else None
        return None

    def _gather(self, bound: Bound, role: FrameRole, options: list[tuple[float, Phrase, tuple[Iri, ...], str]]) -> None:
        """Fill a role of many with the best phrase of each function, leaving out phrases that other roles took."""
        used = {id(p) for parts in bound.roles.values() for p, _e in parts}
        taken: set[str] = set()
        alone = [o for o in options if o[3].endswith("!") and len(o[2]) > 1]
        options = [min(alone, key=lambda o: o[0])] if alone else options  # "a meeting between A and B": nobody else met
        for cost, phrase, entities, function in sorted(options, key=lambda o: (o[3].endswith("?"), o[0])):
            if function.endswith("?") and role.name in bound.roles:
                break  # a function that counts only where no other is filled
            if cost >= INHERITED and sum(len(es) for _p, es in bound.roles.get(role.name, ())) > 1:
                continue  # two are told here: who acted in an earlier clause is no third
            if function in taken or (id(phrase) in used and function != "subject" and not role.symmetric):
                continue
            taken.add(function)
            used.add(id(phrase))
            bound.roles.setdefault(role.name, []).append((phrase, entities))
            bound.functions.setdefault(role.name, set()).add(function.rstrip("?!"))
            bound.cost += cost

    def _options(
        self, found: Found, role: FrameRole, functions: Sequence[str], *, negated: bool
    ) -> list[tuple[float, Phrase, tuple[Iri, ...], str]]:
        out: dict[int, tuple[float, Phrase, tuple[Iri, ...], str]] = {}
        unknown: list[Phrase] = []
        for order, function in enumerate(functions):
            if function == "subject" and self._controlled is not None:
                entities = self._resolve(self._controlled, role)
                if entities:
                    out[id(self._controlled)] = (0.1, self._controlled, entities, function)
                    continue
            for cost, phrase in self._marked(found, function.rstrip("?!"), negated=negated):
                if not role.required and not role.many and phrase.head < found.at and self._modifies_noun(phrase):
                    continue
                if (id(phrase) in self._left_out and function != MAIN) or (
                    phrase is self._barred and function == "subject"
                ):
                    continue
                total = cost + order * FUNCTION_STEP
                key = id(phrase)
                if key in out and out[key][0] <= total:
                    continue
                entities = self._resolve(phrase, role)
                if entities:
                    out[key] = (total, phrase, entities, function)
                elif phrase.kind == "unknown" and phrase.adposition is not None and role.required and not role.many:
                    unknown.append(phrase)
        return [o for o in out.values() if not any(self._taken_by(found, p, o[1]) for p in unknown)]

    def _taken_by(self, found: Found, unknown: Phrase, phrase: Phrase) -> bool:
        """Tell whether an unknown name that fits stands nearer than a known one ("arrived in X after his visit to
        Y")."""
        right = not self._pack.sov and found.match.last <= unknown.first < phrase.first
        return right and phrase.first - unknown.last > APPOSED_GAP

    def _marked(self, found: Found, function: str, *, negated: bool) -> Iterator[tuple[float, Phrase]]:
        """Yield (cost, phrase) for each phrase that can have a function of the trigger."""
        if function in UNMARKED:
            return
        construction, at_first, at_last = found.construction, found.match.first, found.match.last
        if found.noun and found.light_at >= 0 and function in {"subject", "object"}:
            if function == "subject":
                construction = "passive" if found.light_passive else "active"
                at_first, at_last = found.light_at, found.light_at + 1
            else:
                construction = "nominal"
        elif not found.noun:
            at_first, at_last = found.at, found.at + 1
            if function == ("object" if construction == "passive" else "subject") and self._attributive(found):
                yield from self._modified(found)
                return
        inside = False
        for order, marking in enumerate(self._pack.functions_of(construction, function)):
            for phrase in self._phrases:
                cost = self._fits(phrase, marking, found, at_first, at_last, negated=negated, function=function)
                if cost is not None:
                    sure = not phrase.cases or phrase.cases == {"Nom"} or function != "subject"
                    inside = inside or (sure and self._near(phrase, found))
                    # where cases leave it open, who comes first acts; in what is told of a verb, who comes last does
                    told = found.construction == "embedded" or (self._pack.sov and self._subordinate(found))
                    first_acts = function == "subject" and bool(phrase.cases) and self._near(phrase, found) and not told
                    order_of_words = 0.0
                    if first_acts:
                        order_of_words = FIRST_STEP * min(phrase.head - found.clause.first, 15)
                        order_of_words -= 0.8 * DISTANCE_STEP * self._gap(phrase, at_first, at_last)
                    yield cost + order * MARKING_STEP + order_of_words, phrase
        if function == "object" and not inside and construction == "passive" and not found.noun and not self._pack.sov:
            yield from self._inherited(found)  # "X met Y and was received by Z"
        if (function == "subject" and not inside and construction != "passive" and not found.noun) or (
            function == "subject"
            and found.noun
            and found.light_at >= 0
            and not inside
            and not found.light_passive
            and not (found.happens and self._pack.lemmatise_names)
        ):
            if not self._unnamed_subject(found):
                yield from self._inherited(found)
                yield from self._coming(found)

    def _coming(self, found: Found) -> Iterator[tuple[float, Phrase]]:
        """Yield the subject told after the comma, where the sentence opens with a clause that has none of its own
        ("after joining the bloc, X ...")."""
        opened = self._pack.forward.longest_at(self._tokens, 0)
        if opened is None or any(p.head < found.at and p.adposition is None for p in self._phrases):
            return
        for phrase in self._phrases:
            after_comma = phrase.first > found.at and self._tokens[phrase.first - 1].text == ","
            if after_comma and phrase.adposition is None and phrase.kind in {"entity", "person", "anaphor"}:
                yield INHERITED, phrase
                return

    def _subordinate(self, found: Found) -> bool:
        """Tell whether a verb is a participle or verbal noun with a case of its own ("after X met Y")."""
        verbal = [r for r in self._tokens[found.at].readings if r.pos == "VERB"]
        cases = {"Case=Abl", "Case=Dat", "Case=Acc", "Case=Gen"}
        return bool(verbal) and all(r.features & cases and "VerbForm=Part" in r.features for r in verbal)

    def _unnamed_subject(self, found: Found) -> bool:
        """Tell whether the clause has a subject that is no name ("the allies"), so that it inherits none."""
        for match, _source in self._pack.unnamed_openers.search(
            self._tokens, found.clause.first, found.governor, self._typed
        ):
            if (
                next(self._pack.adpositions.at(self._tokens, match.first - 1), None) is None
                or match.first == found.clause.first
            ):
                return not any(is_finite(self._tokens[t]) for t in range(found.clause.first, match.first))
        return False

    def _attributive(self, found: Found) -> bool:
        """Tell whether a trigger is an inflected participle before its noun: "the arrived-in-Minsk minister"."""
        verbal = [r for r in self._tokens[found.at].readings if r.pos == "VERB"]
        return (
            not self._pack.sov
            and not found.clause.participle
            and bool(verbal)
            and all("VerbForm=Part" in r.features and "Variant=Short" not in r.features for r in verbal)
            and all(any(f.startswith("Case=") for f in r.features) for r in verbal)
        )

    def _modified(self, found: Found) -> Iterator[tuple[float, Phrase]]:
        """Yield the noun that a participle before it modifies: the next one in its case."""
        cases = {f[5:] for r in self._tokens[found.at].readings for f in r.features if f.startswith("Case=")}
        for phrase in self._phrases:
            bare = phrase.adposition is None or phrase.adposition_at < found.at
            if phrase.first > found.at and self._near(phrase, found) and bare and not phrase.adjective:
                if not phrase.cases or phrase.cases & cases:
                    single = all("Number=Sing" in r.features for r in self._tokens[found.at].readings)
                    yield 0.1, phrase.parts[0] if single and phrase.parts else phrase  # "the X who had come and Y"
                    return

    def _near(self, phrase: Phrase, found: Found) -> bool:
        inside = found.clause.first <= phrase.head < found.clause.last
        return inside and (phrase.head in found.clause.aside) == (found.at in found.clause.aside)

    def _inherited(self, found: Found) -> Iterator[tuple[float, Phrase]]:
        """Yield the subjects of the clauses before: a clause without one goes on with that of the clause it follows."""
        before = [c for c in self._clauses[: found.clause.index] if not c.participle]
        joined = next(self._pack.conjunctions.at(self._tokens, found.clause.first), None) is not None
        if not self._pack.sov and not joined and not found.clause.relative:
            before = [c for c in before if not c.relative] or before  # "X, which does this, does that"
        subjective = {a for m in self._pack.functions_of("active", "subject") for a in m.adpositions} | {None}
        for back, clause in enumerate(reversed(before)):
            subjects = [
                p
                for p in self._phrases
                if clause.first <= p.head < clause.last
                and p.adposition in subjective
                and not p.possessive
                and not p.adjective
                and p.kind != "unknown"
                and (p.adposition is not None or "Nom" in p.cases if p.cases else self._before_verb(p, clause))
            ]
            if subjects and not self._pack.sov and not subjects[0].cases:
                subjects = [p for p in subjects if self._verb_follows(p, clause)][-1:] or subjects
            for phrase in subjects[:1]:
                yield INHERITED + min(back, 2) * OTHER_CLAUSE, phrase
            if subjects:
                return
            if back == 0:
                yield from self._speaking_place(clause)

    def _speaking_place(self, clause: Clause) -> Iterator[tuple[float, Phrase]]:
        """Yield the place or body in which they say something, without a subject: they go on as the subject of what is
        said."""
        if any(t.has("Number=Plur") and is_finite(t) for t in self._tokens[clause.first : clause.last]):
            for said in self._pack.speech.search(self._tokens, clause.first, clause.last):
                markings = [m for f in said[1].speaker for m in self._pack.functions_of("any", f) if m.adpositions]
                for phrase in self._phrases:
                    if clause.first <= phrase.head < clause.last and any(
                        phrase.adposition in m.adpositions and (not m.cases or phrase.cases & m.cases) for m in markings
                    ):
                        yield INHERITED + 1.0, phrase
                return

    def _before_verb(self, phrase: Phrase, clause: Clause) -> bool:
        """Tell whether a phrase without case can be a subject: before the first verb of its clause, or right before
        another."""
        return (
            self._pack.sov
            or self._verb_follows(phrase, clause)
            or not any(is_finite(self._tokens[t]) for t in range(clause.first, phrase.head))
        )

    def _verb_follows(self, phrase: Phrase, clause: Clause) -> bool:
        """Tell whether the next thing after a phrase is a verb of its clause, not another phrase or a conjunction."""
        end = min((p.first for p in self._phrases if p.first >= phrase.last), default=clause.last)
        for t in range(phrase.last, min(end, clause.last)):
            if is_finite(self._tokens[t]):
                return True
            if next(self._pack.conjunctions.at(self._tokens, t), None):
                return False
        return False

    def _fits(
        self,
        phrase: Phrase,
        marking: Marking,
        found: Found,
        first: int,
        last: int,
        *,
        negated: bool,
        function: str = "",
    ) -> float | None:
        """Return the cost of a phrase under a marking, None when the marking does not hold."""
        antecedent = self._antecedent(phrase, found) and self._fits_participle(found, function)
        cost = 0.0
        if not antecedent and marking.adpositions and self._tells_where(phrase, found):
            antecedent = phrase.adposition in marking.adpositions
        if not self._near(phrase, found):
            if not antecedent:
                return None
            cost += 0.3
        if first <= phrase.head < last and not found.match.first <= phrase.head < found.match.last:
            return None
        if marking.side == "left" and not phrase.head < first:
            return None
        if marking.side == "right" and not phrase.head >= last and not (antecedent and marking.bare):
            return None  # what a relative clause belongs to may be its object
        of_opener = 0 <= phrase.adposition_at - found.clause.first < found.clause.opener
        absorbed = of_opener or phrase.adposition_at in range(found.match.first, found.match.last)
        adposition = None if absorbed else phrase.adposition
        if function == "object" and not self._pack.sov and self._modifies_term(phrase, found):
            return None  # "adopted EU sanctions": whose they are, not whom they hit
        if marking.bare and not antecedent and (adposition is not None or phrase.possessive or phrase.adjective):
            return None
        opening = self._opening_adposition(found) if antecedent else None
        if opening is not None and opening not in marking.adpositions:
            return None  # "X, with which ...": what precedes is no subject
        if opening is not None and not found.clause.relative:
            opening = None
        if marking.adpositions and opening is None and phrase.adposition not in marking.adpositions:
            return None
        if marking.negated and not negated:
            return None
        owner = phrase.possessive and not marking.possessor and not self._pack.sov
        if owner and marking.adpositions and phrase.kind in {"person", "office"}:
            return None  # "on X's aides" is not on X
        if marking.cases and not antecedent:
            if not phrase.cases:
                cost += UNMARKED_CASE
            elif not phrase.cases & marking.cases:
                return None
            else:
                cost += AMBIGUOUS_CASE * (len(phrase.cases) - 1)
        gap = self._gap(phrase, first, last)
        if marking.adjacent and gap > 0:
            return None
        if function == "subject" and self._is_attribute(phrase, found):
            return None
        if function == "subject" and self._acted_on(phrase, found):
            cost += OTHER_OBJECT
        if function == "object" and self._has_object(phrase, found):
            return None
        if marking.owner and not self._owns_term(phrase, found):
            return None
        inside = found.match.first <= phrase.head < found.match.last and phrase.possessive
        if marking.possessor and not inside and not self._possesses(phrase, first, gap):
            return None
        before_noun = (
            self._pack.compounds and found.noun and phrase.last == found.match.first and phrase.kind == "entity"
        )
        if marking.adjective and (
            not (phrase.adjective or (before_noun and not phrase.possessive))
            or gap > POSSESSOR_GAP
            or self._adposition_between(phrase, first)
        ):
            return None
        if marking.adjective and found.noun and self._pack.lemmatise_names and phrase.head >= found.match.last:
            return None  # "drills at the Afghan border": the adjective of another noun
        if not (marking.possessor or marking.adjective) and phrase.adjective:
            return None
        if marking.inner and not (found.passive_at >= 0 and found.passive_at < phrase.head < found.at):
            return None
        if marking.outer and not (found.passive_at >= 0 and phrase.head < found.passive_at):
            return None
        crossed = self._verbs_between(phrase, first, last)
        speaks = function == MAIN and marking.side == "left"  # "X said during a trip to Y"
        if (
            crossed
            and found.noun
            and found.light_at < 0
            and found.trigger.name
            and function != "subject"
            and not speaks
        ):
            return None
        return cost + gap * DISTANCE_STEP + crossed

    def _modifies_term(self, phrase: Phrase, found: Found) -> bool:
        """Tell whether a name stands right before the noun that a trigger needs for its object."""
        term = found.trigger.object_term
        if term is None or phrase.possessive or phrase.last >= len(self._tokens):
            return False
        if any(m.proxied for m in phrase.members) or phrase.kind != "entity":
            return False
        return self._pack.terms[term].longest_at(self._tokens, phrase.last, self._typed) is not None

    def _is_attribute(self, phrase: Phrase, found: Found) -> bool:
        """Tell whether a name that shows no case only says more of a noun in the genitive before it, in a clause that
        has a subject of its own ("forces came to the flank of the alliance X")."""
        if len(phrase.cases) < INDECLINABLE or phrase.first == 0 or phrase.coordinated:
            return False
        before = self._tokens[phrase.first - 1]
        own = [r for r in before.readings if r.pos == "NOUN"]
        timed = any(self._typed(before, kind) for kind in ("weekday", "monthname", "season"))
        if before.capitalised or timed or not own or not all("Case=Gen" in r.features for r in own):
            return False
        named = {t for p in self._phrases for t in range(p.first, p.last)}
        return any(
            t not in named
            and bool(self._tokens[t].readings)
            and all(r.pos == "NOUN" and "Case=Nom" in r.features for r in self._tokens[t].readings)
            for t in range(found.clause.first, found.clause.last)
        )

    def _has_object(self, phrase: Phrase, found: Found) -> bool:
        """Tell whether a common noun that can be nothing but the object stands right after the verb, where a name
        before the verb shows no case ("X has removed the group")."""
        if len(phrase.cases) < INDECLINABLE or phrase.head > found.at or found.construction != "active":
            return False
        after = self._tokens[found.at + 1 : found.at + 2]
        return any(
            bool(t.readings) and all(r.pos == "NOUN" and "Case=Acc" in r.features for r in t.readings) for t in after
        )

    def _owns_term(self, phrase: Phrase, found: Found) -> bool:
        """Tell whether a phrase stands right after a noun that its trigger needs ("the sanctions list of X"), or as an
        adjective right before it."""
        trigger = found.trigger
        names = (*trigger.needs, *([trigger.object_term] if trigger.object_term else []))
        first = max(found.clause.first, phrase.first - TERM_REACH)
        last = min(found.clause.last, phrase.last + TERM_REACH)
        for name in names:
            for match, _source in self._pack.terms[name].search(self._tokens, first, last, self._typed):
                words = range(phrase.last, match.last)
                if match.last == phrase.start:
                    return True
                if (
                    phrase.adjective
                    and match.first <= phrase.last
                    and words
                    and not any(next(self._pack.adpositions.at(self._tokens, t), None) for t in words)
                ):
                    return True
        return False

    def _modifies_noun(self, phrase: Phrase) -> bool:
        """Tell whether an adpositional phrase only says more of the common noun right before it ("the situation in
        X")."""
        place = phrase.start - 1
        if self._pack.sov or place < 0 or any(p.first <= place < p.last for p in self._phrases):
            return False
        readings = self._tokens[place].readings
        if self._typed(self._tokens[place], "monthname"):
            return False  # "on 5 May in X"
        return bool(readings) and all(r.pos == "NOUN" for r in readings) and not self._tokens[place].capitalised

    def _gap(self, phrase: Phrase, first: int, last: int) -> int:
        between = range(phrase.last, first) if phrase.head < first else range(last, phrase.start)
        return _within(self._words_before, between)

    def _verbs_between(self, phrase: Phrase, first: int, last: int) -> float:
        between = range(phrase.last, first) if phrase.head < first else range(last, phrase.first)
        return CROSSED_VERB * _within(self._verbs_before, between)

    def _adposition_between(self, phrase: Phrase, first: int) -> bool:
        """Tell whether an adposition cuts a possessor off from its noun ("X's part in the drills" are not X's
        drills)."""
        return not self._pack.sov and any(
            next(self._pack.adpositions.at(self._tokens, t), None) is not None for t in range(phrase.last, first)
        )

    def _possesses(self, phrase: Phrase, first: int, gap: int) -> bool:
        if gap > POSSESSOR_GAP or self._adposition_between(phrase, first):
            return False
        if phrase.possessive or phrase.adjective:
            return phrase.head < first
        genitive = "Gen" in phrase.cases and phrase.adposition is None
        if self._pack.sov:
            return phrase.head < first and (genitive or "Nom" in phrase.cases)
        return genitive and phrase.head >= first

    def _opening_adposition(self, found: Found) -> str | None:
        """Return the adposition before the relative pronoun of a clause ("with which ..."), None for none."""
        opening = self._pack.adpositions.longest_at(self._tokens, found.clause.first)
        return opening[1] if opening else None

    def _antecedent(self, phrase: Phrase, found: Found) -> bool:
        """Tell whether a phrase stands right before the relative clause of the trigger."""
        if not found.clause.relative:
            return False
        before = [p for p in self._phrases if p.last <= found.clause.first]
        if not before or before[-1] is not phrase:
            return False
        gap = [t for t in range(phrase.last, found.clause.first) if self._tokens[t].text not in {*QUOTES, ","}]
        return not gap

    def _tells_where(self, phrase: Phrase, found: Found) -> bool:
        """Tell whether a place stands right before a clause that says what happened there ("in X, where Y met Z")."""
        first = found.clause.first
        if first == 0 or self._tokens[first].folded not in self._pack.relative_places:
            return False
        before = [p for p in self._phrases if p.last <= first]
        return (
            bool(before) and before[-1] is phrase and self._tokens[first - 1].text == "," and phrase.last == first - 1
        )

    def _acted_on(self, phrase: Phrase, found: Found) -> bool:
        """Tell whether a phrase is the object of what stands before it, and no subject of what follows ("X visited Y,
        met Z"); where verbs do not inflect."""
        place = phrase.first - 1
        if self._pack.sov or phrase.cases or place < found.clause.first or phrase.head > found.at:
            return False
        if any(f.startswith("VerbForm=") for r in self._tokens[found.at].readings for f in r.features):
            return False
        verb = next(self._pack.verbs.at(self._tokens, place, self._typed), None)
        return verb is not None and any(
            p.adposition is None and found.clause.first <= p.head < place and p.kind in {"entity", "person"}
            for p in self._phrases
        )

    def _fits_participle(self, found: Found, function: str) -> bool:
        """Tell whether the phrase before a clause can have a function in it: a participle leaves only one open."""
        if not found.clause.participle:
            return True
        passive = found.light_passive if found.noun else found.construction == "passive"
        return function == ("object" if passive else "subject")


def _running(flags: Iterable[bool]) -> list[int]:
    """Return how many flags are set before each place, and after the last one."""
    return list(accumulate(flags, initial=0))


def _within(before: Sequence[int], places: range) -> int:
    """Return how many flags are set in a range of places; an empty range has none."""
    return before[places.stop] - before[places.start] if places.start < places.stop else 0
