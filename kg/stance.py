"""How a clause puts what it says: polarity, modality, and who says it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kg.clauses import Clause, clause_at, is_finite, resumed
from kg.language.pack import Modal, Pack, Speech
from kg.model import Token
from kg.patterns import Match, TypedTest
from kg.triggers import Found
from kg.unguarded import unguarded

REACH = 16
CARRIED = 40
AFTER_REACH = 6
STRENGTH = ("planned", "possible", "requested", "refused", "denied", "question", "hypothetical")
DROPPED = frozenset({"hypothetical", "question"})
CHAIN_REACH = 3
_UNDONE = frozenset({"refused", "denied"})
_STOPS = frozenset({";", ":", "(", ")"})
_CARRIED_BACK = frozenset({"planned", "possible", *DROPPED})
_CLOSING_QUOTES = frozenset('\u00bb\u201d"')


@unguarded
@dataclass(frozen=True, slots=True)
class Mark:
    """A modal mark found: half-open token range."""

    first: int
    last: int
    modal: Modal


@unguarded
@dataclass(frozen=True, slots=True)
class Stance:
    """Polarity and modality of a claim.

    `dropped` says why it is no claim at all, `modal` what governs it, `words` the token ranges that tell all this.
    """

    negative: bool
    modality: str
    dropped: str = ""
    modal: Mark | None = None
    words: tuple[tuple[int, int], ...] = ()


@unguarded
@dataclass(frozen=True, slots=True)
class Said:
    """A place where speech is reported; `at` is the deciding token."""

    first: int
    last: int
    at: int
    speech: Speech


class StanceReader:
    """Reads polarity, modality and reported speech of one sentence."""

    def __init__(
        self,
        pack: Pack,
        tokens: Sequence[Token],
        clauses: Sequence[Clause],
        typed: TypedTest,
        names: frozenset[int] = frozenset(),
        subjects: frozenset[int] = frozenset(),
    ) -> None:
        self._pack = pack
        self._tokens = tokens
        self._clauses = clauses
        self._typed = typed
        self._names = names
        self._subjects = subjects
        self.marks = [
            Mark(m.first, m.last, modal)
            for m, modal in pack.modality.search(tokens, typed=typed)
            if not names & {t for t in m.taken if t >= 0}
        ]
        self._question = bool(tokens) and any(t.text == "?" for t in tokens[-2:])

    def said(self) -> list[Said]:
        """Return the places of the sentence where speech is reported, longest match first at each place."""
        out: list[Said] = []
        possible = set(self._pack.speech.places(self._tokens))
        place = 0
        while place < len(self._tokens):
            found = self._pack.speech.longest_at(self._tokens, place, self._typed) if place in possible else None
            if found is None or not self._speaks(found[0]):
                place += 1
                continue
            taken = [t for t in found[0].taken if t >= 0]
            verb = next((t for t in taken if self._tokens[t].is_pos("VERB", "AUX")), taken[0])
            out.append(Said(found[0].first, found[0].last, taken[-1] if self._pack.sov else verb, found[1]))
            place = found[0].last
        return out

    def _speaks(self, match: Match) -> bool:
        """Tell whether one word that could be a verb of speech is one here: no part of a name, no plain noun."""
        if self._names & set(match.taken):
            return False
        token = self._tokens[match.first]
        return (
            match.last - match.first > 1
            or not token.readings
            or token.is_pos("VERB", "AUX", "X", "ADP", "SCONJ", "ADV")
        )

    def of(self, found: Found, *, negated_phrase: bool = False) -> Stance:
        """Return the stance of the clause in which a trigger stands."""
        own = self._own_marks(found)
        marks = _outermost([*self.marks, *own])
        chained = self._chained(found)
        governing = [m for m in marks if m in own or self._governs(m, found) or self._chain_governed(m, chained)]
        values = {m.modal.value for m in governing}
        if self._question:
            return Stance(False, "actual", "a question")
        for value in ("hypothetical", "question"):
            if value in values:
                return Stance(False, "actual", f"a {value} clause")
        strongest = max(
            (m for m in governing if m.modal.value in STRENGTH),
            key=lambda m: STRENGTH.index(m.modal.value),
            default=None,
        )
        negative, told = self._negated(found, governing)
        negative = negative or negated_phrase
        if strongest is None and not governing and self._unasserted(found):
            return Stance(False, "actual", "a bare infinitive or verbal noun")
        modality = "actual"
        if strongest is not None:
            value = strongest.modal.value
            if value in {"denied", "refused"}:
                negative = True
            else:
                modality = value
        refused = strongest is not None and strongest.modal.value == "refused"
        if (
            modality == "actual"
            and "actual" not in values
            and not refused
            and (self._future(found) or self._ahead(chained))
        ):
            modality = "planned"
        if modality == "actual" and found.trigger.modality:
            modality = found.trigger.modality
        if found.trigger.negative:
            negative = not negative
        if strongest is not None:
            told.append((strongest.first, strongest.last))
        return Stance(negative, modality, "", strongest, (*told, (found.governor, found.governor + 1)))

    def _chained(self, found: Found) -> int:
        """Return the finite verb that a converb leaves its tense to ("meeting X, will sign Y"), -1 for none."""
        governor = found.governor
        if not self._pack.sov or not _converbal(self._tokens[governor]):
            return -1
        for place in range(governor + 1, len(self._tokens)):
            token = self._tokens[place]
            if token.text in _STOPS:
                return -1
            if is_finite(token) or token.has("Mood=Cnd"):
                return place if place > governor + 1 else -1
        return -1

    def _ahead(self, place: int) -> bool:
        readings = [r for r in self._tokens[place].readings if r.pos in {"VERB", "AUX"}] if place >= 0 else []
        return bool(readings) and all("Tense=Fut" in r.features for r in readings)

    def _chain_governed(self, mark: Mark, place: int) -> bool:
        """Tell whether a modal mark has the verb in its scope to which a converb leaves its tense."""
        if place < 0 or mark.modal.attributes or mark.modal.value not in _CARRIED_BACK:
            return False
        if mark.first <= place < mark.last:  # "meeting X, plans to": the mark itself is finite
            return mark.modal.value in DROPPED
        between = range(place + 1, mark.first)
        return (
            mark.modal.scope in {"left", "clause"}
            and 0 <= len(between) <= CHAIN_REACH
            and not any(is_finite(self._tokens[t]) and not self._tokens[t].is_pos("AUX") for t in between)
        )

    def _own_marks(self, found: Found) -> list[Mark]:
        """Return the modal marks whose pattern names the trigger itself ("a planned T", "say ... would T")."""
        own = {id(self._tokens[found.at]), id(self._tokens[found.governor])}

        def typed(token: Token, kind: str) -> bool:
            return id(token) in own if kind == "trigger" else self._typed(token, kind)

        return [
            Mark(m.first, m.last, modal)
            for m, modal in self._pack.modality.search(self._tokens, typed=typed)
            if any(item.kind == "trigger" for item in m.pattern.items)
        ]

    def _unasserted(self, found: Found) -> bool:
        """Tell whether a verb only names an act: an infinitive or verbal noun that nothing governs."""
        if found.noun:
            return False
        readings = [r for r in self._tokens[found.governor].readings if r.pos in {"VERB", "AUX"}]
        return bool(readings) and all(
            r.features & {"VerbForm=Inf", "VerbForm=Vnoun"}
            and not r.features & {"Case=Loc"}
            and (self._pack.sov or not any(f.startswith("Poss") for f in r.features))
            for r in readings
        )

    def _around(self, found: Found) -> list[Mark]:
        """Return the modal marks whose pattern names the trigger itself, found around it or around its support verb."""
        out: list[Mark] = []
        for head in {found.at, found.governor}:
            here = self._tokens[head]

            def typed(token: Token, kind: str, here: Token = here) -> bool:
                return token is here if kind == "trigger" else self._typed(token, kind)

            for place in range(max(found.clause.first - 1, head - REACH, 0), min(head + REACH, len(self._tokens))):
                for match, modal in self._pack.modality.at(self._tokens, place, typed):
                    if head in match.taken and any(i.kind == "trigger" for i in match.pattern.items):
                        if not self._names & {t for t in match.taken if t >= 0 and t != head}:
                            out.append(Mark(match.first, match.last, modal))
        return out

    def _future(self, found: Found) -> bool:
        readings = [r for r in self._tokens[found.governor].readings if r.pos in {"VERB", "AUX"}]
        if found.noun and found.light_at < 0 and self._tokens[found.match.first].is_pos("ADP"):
            clause = range(found.clause.first, found.clause.last)  # "during a visit to X, Y will meet Z"
            readings = [r for t in clause if is_finite(self._tokens[t]) for r in self._tokens[t].readings]
        return bool(readings) and all("Tense=Fut" in r.features for r in readings)

    def _governs(self, mark: Mark, found: Found) -> bool:
        """Tell whether a modal mark has the trigger in its scope."""
        first, last = min(found.at, found.governor), max(found.at, found.governor)
        if mark.modal.value == "actual" and not (found.clause.first <= mark.first < found.clause.last):
            return False
        scope = mark.modal.scope
        inside = set(range(mark.first, mark.last))
        opens = self._pack.sov and mark.first == found.at  # "was planned, but fell through"
        whole = mark.last - mark.first == 1 or (self._pack.lemmatise_names and not found.noun and not opens)
        denying = mark.modal.value == "refused" and not (found.noun or self._pack.sov)
        if found.at in inside and (whole or (denying and mark.first == found.at)):
            return False  # "barred X from ..." denies what follows, not itself
        if mark.modal.value in DROPPED and not found.noun and inside <= set(found.match.taken):
            return False  # "suspend the ban" is the act itself
        if scope == "sentence":
            return True
        mark_clause = clause_at(self._clauses, mark.first)
        if found.clause.opener and mark_clause.index != found.clause.index and self._over(found):
            return False  # "is set to join after Y ratified": what is past was not planned
        rest = None if self._pack.sov else resumed(self._clauses, self._tokens, found.clause)
        same = mark_clause.index == found.clause.index or (rest is not None and mark_clause.index == rest.index)
        if scope == "clause":
            return same
        if scope == "next":
            return mark_clause.index == found.clause.index - 1 or (same and mark.last <= first)
        if scope == "right" and same and mark.first > last and self._infinitive(found):
            return mark.first - last <= AFTER_REACH + 2
        if scope == "right":
            if self._carried(mark, found, first) or (same and self._argument_of(mark, found, last)):
                return True
            if mark.first > last or first - mark.last > REACH:
                return False
            if not same and not (self._leads_to(mark_clause, found.clause, mark.last) and self._depends(found)):
                return False
            return not self._verb_between(mark.last, first, inside, found)
        if mark.last <= first or mark.first - last > REACH:
            return False
        if not same and not (self._leads_to(found.clause, mark_clause, last + 1) and self._unfinished(found, last)):
            return False
        return not self._verb_between(last + 1, mark.first, inside, found)

    def _over(self, found: Found) -> bool:
        """Tell whether the verb of a trigger can only be in the past."""
        verbal = [r for r in self._tokens[found.governor].readings if r.pos == "VERB"]
        return bool(verbal) and all("Tense=Past" in r.features for r in verbal)

    def _unfinished(self, found: Found, last: int) -> bool:
        """Tell whether a clause can be governed by the next one: its verb is not finite, or "that" or a quote closes
        it."""
        following = self._tokens[found.governor + 1 : found.governor + 2]
        helped = any(t.is_pos("AUX") and is_finite(t) for t in following)  # "is holding, and does not plan to"
        if not self._pack.sov or not (is_finite(self._tokens[found.governor]) or helped):
            return True
        rest = self._tokens[last + 1 : found.clause.last]
        return any(t.is_pos("SCONJ") or t.text in _CLOSING_QUOTES for t in rest)

    def _argument_of(self, mark: Mark, found: Found, last: int) -> bool:
        """Tell whether a noun before a finite mark, with no support verb of its own, is its argument: free order has
        it so."""
        if not self._pack.lemmatise_names or not found.noun or found.light_at >= 0 or mark.first <= last:
            return False
        return (
            mark.first - last <= REACH
            and any(is_finite(t) for t in self._tokens[mark.first : mark.last])
            and (not self._verb_between(last + 1, mark.first, set(), found))
        )

    def _carried(self, mark: Mark, found: Found, first: int) -> bool:
        """Tell whether a verb goes on with what a mark governs: "will visit X and meet Y".

        From verb to verb, each is joined by a conjunction or comma after which no new subject stands, or is part of the
        one before it. Only verbs that show no time of their own, or the future, go on so.
        """
        if self._pack.sov or not mark.last <= first <= mark.last + CARRIED or mark.modal.value in DROPPED:
            return False
        if any("Tense=Past" in r.features for r in self._tokens[found.governor].readings):
            return False
        if self._pack.lemmatise_names and mark.modal.value in _UNDONE and is_finite(self._tokens[found.governor]):
            return False  # "refused to come, but will sign"
        modal = {t for m in self.marks for t in range(m.first, m.last)}
        chain = [
            t
            for t in range(mark.last, first)
            if is_finite(self._tokens[t]) and not self._tokens[t].is_pos("AUX") and t not in modal
        ]
        chain = chain or [mark.last - 1]
        if any(m.modal.value in {"actual", *DROPPED} and mark.last <= m.first < first for m in self.marks):
            return False
        if any(self._tokens[t].text in {";", ":", "(", ")"} for t in range(mark.last, first)):
            return False
        joints = [self._joint(before, after) for before, after in zip(chain, [*chain[1:], first], strict=True)]
        return joints[-1] is not None and not any(
            any(t in self._subjects for t in range(joint, after))
            for joint, after in zip(joints, [*chain[1:], first], strict=True)
            if joint is not None
        )

    def _joint(self, before: int, after: int) -> int | None:
        """Return where the last comma or conjunction between two verbs stands, None when there is none."""
        return next(
            (
                t
                for t in range(after - 1, before, -1)
                if t not in self._subjects
                and (self._tokens[t].text == "," or next(self._pack.conjunctions.at(self._tokens, t), None))
            ),
            None,
        )

    def _infinitive(self, found: Found) -> bool:
        readings = [r for r in self._tokens[found.governor].readings if r.pos in {"VERB", "AUX"}]
        return bool(readings) and all("VerbForm=Inf" in r.features for r in readings)

    def _depends(self, found: Found) -> bool:
        """Tell whether a clause can be the complement of the one before: opened by a conjunction, or without a finite
        verb."""
        finite = any("VerbForm=Fin" in r.features for r in self._tokens[found.governor].readings)
        opening = self._tokens[found.clause.first]
        if self._pack.lemmatise_names and opening.is_pos("CCONJ") and not opening.is_pos("SCONJ"):
            contrast = self._pack.clause_breaks.longest_at(self._tokens, found.clause.first)
            if contrast is not None:
                return False  # "X urges Y to stay, but Z does not mean to": what contrasts is no complement
        return self._pack.sov or not finite or opening.is_pos("SCONJ") or not opening.readings

    def _leads_to(self, first: Clause, second: Clause, place: int) -> bool:
        """Tell whether the second clause directly follows the first one, from `place` on, as its complement."""
        if first.index and resumed(self._clauses, self._tokens, self._clauses[first.index - 1]) is second:
            return False  # what is said of somebody between two commas governs not what he does
        if second.relative and place != second.first and not self._opens_content(second.first):
            return False  # but "dismissed the report that", "is possible that": the mark itself stands before "that"
        return (
            second.index == first.index + 1
            and first.last - place <= 6
            and self._tokens[first.last - 1].text not in {";", ":", "\u2014", "\u2013"}
        )

    def _opens_content(self, place: int) -> bool:
        """Tell whether a clause opens what is said or thought, after a verb or a noun of saying, and describes no
        thing."""
        before = place - 1
        while before >= 0 and self._tokens[before].text == ",":
            before -= 1
        if before < 0 or before in self._names or before in self._subjects:
            return False
        if self._tokens[before].is_pos("VERB", "AUX"):
            return True
        places = range(max(0, before - 3), before + 1)
        ends = {m.last for t in self._pack.object_terms for p in places for m, _ in t.at(self._tokens, p, self._typed)}
        ends |= {m.last for p in places for m, _ in self._pack.nominals.at(self._tokens, p, self._typed)}
        thing = before + 1 in ends
        return self._tokens[place].is_pos("SCONJ") and not thing

    def _verb_between(self, start: int, end: int, inside: set[int], found: Found) -> bool:
        modal_tokens = {t for m in self.marks for t in range(m.first, m.last)} | inside
        return any(
            is_finite(self._tokens[t])
            and not self._tokens[t].is_pos("AUX")
            and t not in modal_tokens
            and t not in (found.at, found.governor)
            and t not in found.match.taken
            and t not in found.clause.aside
            for t in range(start, end)
        )

    def _negated(self, found: Found, governing: Sequence[Mark]) -> tuple[bool, list[tuple[int, int]]]:
        """Tell whether a trigger is denied, and by which words."""
        governor = self._tokens[found.governor]
        verbal = [r for r in governor.readings if r.pos in {"VERB", "AUX"} or "VerbForm=Vnoun" in r.features]
        negative = bool(verbal) and all("Polarity=Neg" in r.features for r in verbal)
        told: list[tuple[int, int]] = []
        for match in (self._negation_of(found.governor, found, governing), *map(self._negation_beside, governing)):
            if match is not None:
                negative = True
                told.append((match.first, match.last))
        return negative or any(self._denies_itself(m) for m in governing), told

    def _denies_itself(self, mark: Mark) -> bool:
        """Tell whether a modal mark holds a verb in a negative form."""
        for token in self._tokens[mark.first : mark.last]:
            verbal = [r for r in token.readings if r.pos in {"VERB", "AUX"}]
            if verbal and all("Polarity=Neg" in r.features for r in verbal):
                return True
        return False

    def _negation_beside(self, mark: Mark) -> Match | None:
        """Return the negation right beside a modal mark ("does not plan"), None when there is none."""
        tokens = self._tokens
        if self._pack.sov:
            places = range(mark.last - 1, min(mark.last + 3, len(tokens)))
        else:
            places = range(max(0, mark.first - 3), mark.first)
        for place in places:
            for match, _scope in self._pack.negation.at(tokens, place, self._typed):
                if any(i.kind == "trigger" for i in match.pattern.items):
                    continue
                if self._pack.sov or match.last in {mark.first, mark.first - 1}:
                    return match
        return None

    def _negation_of(self, head: int, found: Found, governing: Sequence[Mark]) -> Match | None:
        """Return the negation that has a verb in its scope, None when there is none."""
        here = self._tokens[head]

        def typed(token: Token, kind: str) -> bool:
            return token is here if kind == "trigger" else self._typed(token, kind)

        clause = found.clause if head < found.clause.last else clause_at(self._clauses, head)
        before = any(clause_at(self._clauses, m.first).index == clause.index - 1 for m in governing)
        first = self._clauses[clause.index - 1].first if before else clause.first
        for place in range(first, clause.last):
            for match, scope in self._pack.negation.at(self._tokens, place, typed):
                if any(i.kind == "trigger" for i in match.pattern.items):
                    if head in match.taken:
                        return match
                elif self._negation_reaches(match.first, match.last, head, found, scope):
                    return match
        return None

    def _negation_reaches(self, first: int, last: int, head: int, found: Found, scope: str) -> bool:
        if scope == "next":
            return 0 <= head - last <= 1
        if set(range(first, last)) & set(found.match.taken):
            return False
        if any(
            m.first <= first and last <= m.last and m.last - m.first > last - first and not m.first <= head < m.last
            for m in self.marks
        ):
            return False  # "does not rule out" is a mark of its own
        modal = {t for m in self.marks for t in range(m.first, m.last)}
        if self._pack.sov:
            if first <= head:
                return False
            between = range(head + 1, first)
            return len(between) <= AFTER_REACH and not any(
                is_finite(self._tokens[t]) and not self._tokens[t].is_pos("AUX") and t not in modal for t in between
            )
        if found.match.first <= first and last <= found.match.last and first > head:
            return True
        if last > head:
            return False
        return head - last <= REACH and not any(
            is_finite(self._tokens[t])
            and not self._tokens[t].is_pos("AUX")
            and t not in modal
            and t not in found.match.taken
            for t in range(last, head)
        )


def _converbal(token: Token) -> bool:
    """Tell whether a word is a converb and nothing else that a verb can be."""
    verbal = [r for r in token.readings if r.pos == "VERB"]
    return bool(verbal) and all("VerbForm=Conv" in r.features for r in verbal)


def _outermost(marks: Sequence[Mark]) -> list[Mark]:
    """Return the marks that are no part of a longer one: the longer pattern knows better ("not rule out")."""
    return [
        m
        for m in marks
        if not any(o.first <= m.first and m.last <= o.last and o.last - o.first > m.last - m.first for o in marks)
    ]
