"""Mentions -> noun phrases that can be arguments: what they refer to, their case, adposition and coordination.

A phrase is built inwards out: names, the heads that stand for the state they belong to ("Kazakh troops"), office
titles with their holders, then lists of phrases.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

from kg.coordination import TRANSPARENT, SharedTitles
from kg.language.pack import Marking
from kg.mentions import QUOTES, Mention
from kg.model import Token
from kg.referents import Phrase, Referent, cases_of, in_cases

OBLIQUE_CASES = frozenset({"Acc", "Dat", "Loc", "Abl", "Ins"})
INDECLINABLE = 5
COUNT_WORDS = 3  # the longest number or quantifier looked at before a name
EASTERN = (2, 5)  # an eastern name has more words, of so few letters each
MODIFIERS_BETWEEN = 3
_OBLIQUE = frozenset({"Case=Dat", "Case=Acc", "Case=Loc", "Case=Abl", "Case=Ins"})


class PhraseParts(SharedTitles):
    """Names, lists and heads of phrases, by the order and markings of one pack; `kg.titles` puts them together."""

    # -- names ---------------------------------------------------------------------------------------------------

    def _abbreviated(self, tokens: Sequence[Token], phrases: list[Phrase]) -> list[Phrase]:
        """Take the abbreviation in brackets that follows a name into the phrase of the name."""
        out: list[Phrase] = []
        for phrase in phrases:
            before = out[-1] if out else None
            if (
                before is not None
                and before.kind == "entity"
                and phrase.kind in {"entity", "unknown"}
                and phrase.first == before.last + 1
                and tokens[before.last].text == "("
                and phrase.last < len(tokens)
                and tokens[phrase.last].text == ")"
                and (
                    set(phrase.members[0].entities) & set(before.members[0].entities)
                    or (phrase.kind == "unknown" and tokens[phrase.first].text.isupper())
                )
            ):
                before.last = phrase.last + 1
                continue
            out.append(phrase)
        return out

    def _single(self, tokens: Sequence[Token], m: Mention) -> Phrase:
        if m.kind == "name" and m.via == "compound":
            members = [Referent(m.first, m.last, (e,), via="adjective") for e in m.entities]
            phrase = Phrase(m.first, m.last, "entity", members, adjective=True, coordinated=True)
        else:
            body = self._pack.bodies.longest_at(tokens, m.first) if m.kind == "name" else None
            member = Referent(
                m.first, m.last, m.entities, m.words, m.anaphor, m.office, via=m.via, head=body[1] if body else ""
            )
            kind = {"name": "entity"}.get(m.kind, m.kind)
            phrase = Phrase(m.first, m.last, kind, [member], adjective=m.adjective, nominal=m.nominal)
            if m.kind == "name" and m.entities and m.entities[0] in self._persons:
                phrase.kind = "person"
        phrase.cases = self._head_cases(tokens, m, phrase)
        phrase.members = in_cases(phrase.members, phrase.cases)
        phrase.possessive = self._possessive_after(tokens, phrase) or (m.anaphor is not None and m.anaphor.possessive)
        phrase.head = m.last - 1 if self._pack.sov else m.first
        return phrase

    def _head_cases(self, tokens: Sequence[Token], m: Mention, phrase: Phrase) -> frozenset[str]:
        """Return the cases of a mention's head: the first noun where heads come first (persons agree), else the last
        word."""
        words = tokens[m.first : m.last]
        if self._pack.sov:
            return self._last_cases(words[-1], m)
        if m.keys and len(words) == 1 and self._pack.lemmatise_names:
            fold = self._pack.morphology.fold
            own = tuple(r for r in words[0].readings if fold(r.lemma) in m.keys)
            if own:
                cases = cases_of(own)
                thing = phrase.kind == "entity" and all("Gender=Masc" in r.features for r in own[:1])
                return cases | {"Acc"} if thing and cases == {"Nom"} else cases  # a dictionary takes it for a person
        common = self._cases(words)
        if phrase.kind == "person" and m.keys and len(words) > 1 and self._pack.lemmatise_names:
            fold = self._pack.morphology.fold
            last = cases_of(tuple(r for r in words[-1].readings if fold(r.lemma) in m.keys))
            if last:  # where the first words of a name stay as they are, the last one tells
                return common & last or last
        if phrase.kind in {"person", "unknown"} or len(words) == 1:
            last = cases_of(words[-1].readings)
            eastern = len(words) > EASTERN[0] and all(len(t.text) <= EASTERN[1] for t in words)
            if self._pack.lemmatise_names and eastern and len(last) >= INDECLINABLE:
                return last  # the first words of eastern names are not inflected: they tell nothing
            return common
        head = next((t for t in words if t.is_pos("NOUN", "PROPN")), words[0])
        until = words[: words.index(head) + 1]  # what follows the head is in a case of its own
        shared = frozenset.intersection(
            *[c for t in until if t.kind == "word" and (c := cases_of(t.readings))] or [common]
        )
        return (shared & cases_of(head.readings)) or cases_of(head.readings)

    def _last_cases(self, word: Token, m: Mention) -> frozenset[str]:
        """Return the cases of a name's last word where endings stand only there: those of the readings that give the
        name."""
        fold = self._pack.morphology.fold
        own = tuple(r for r in word.readings if fold(r.lemma) in m.keys)
        if not own and word.folded in m.keys:
            return frozenset({"Nom"})
        return cases_of(own or word.readings)

    def _absorbed(self, tokens: Sequence[Token], phrases: list[Phrase]) -> list[Phrase]:
        """Take a state into the name of what belongs to it ("Afghanistan's Taliban"), so that it is no argument
        itself."""
        gone: set[int] = set()
        for left, right in itertools.pairwise(phrases):
            if left.kind != "entity" or right.kind != "entity" or id(left) in gone:
                continue
            between = [t for t in range(left.last, right.first) if tokens[t].text not in QUOTES]
            if left.possessive and between and self._parts_of(tokens, between):
                gone.add(id(left))  # "X's breakaway regions of Y and Z"
                right.first = left.first
                continue
            genitive = left.possessive or left.adjective or (self._pack.sov and left.cases == {"Gen"})
            if between or not genitive or not left.members[0].entities or not right.members[0].entities:
                continue
            if self._belongs(right.members[0].entities[0], left.members[0].entities[0]):
                gone.add(id(left))
                right.first = left.first
        return [p for p in phrases if id(p) not in gone]

    def _located(self, tokens: Sequence[Token], phrases: list[Phrase]) -> list[Phrase]:
        """Take the state after a town and a comma into the town's phrase ("in Havana, Cuba"): it is no argument."""
        gone: set[int] = set()
        for left, right in itertools.pairwise(phrases):
            if right.kind != "entity" or right.possessive or right.adjective or right.first != left.last + 1:
                continue
            if tokens[left.last].text != "," or not right.members[0].entities or left.possessive or left.adjective:
                continue
            if right.members[0].entities[0] not in self._states:
                continue
            known = left.kind == "entity" and bool(left.members[0].entities)
            inside = known and self._belongs(left.members[0].entities[0], right.members[0].entities[0])
            governed = left.first > 0 and self._adposition_of(tokens, left)[0] is not None
            closes = right.last >= len(tokens) or tokens[right.last].kind == "mark" or tokens[right.last].is_pos("ADP")
            if inside or (left.kind == "unknown" and governed and closes):
                gone.add(id(right))
                left.last = right.last
        return [p for p in phrases if id(p) not in gone]

    def _outsiders(self, tokens: Sequence[Token], phrases: list[Phrase]) -> list[Phrase]:
        """Drop a body or person who only owns what is not they themselves: "Syria's opposition", "the king's foes"."""

        def owns_other(phrase: Phrase) -> bool:
            if phrase.kind not in {"entity", "person"} or not (phrase.possessive or phrase.adjective):
                return False
            if any(m.proxied for m in phrase.members):
                return False
            place = phrase.last
            while place < len(tokens) and place - phrase.last < MODIFIERS_BETWEEN and self._before_head(tokens[place]):
                place += 1
            return place < len(tokens) and self._pack.outsiders.longest_at(tokens, place) is not None

        return [p for p in phrases if not owns_other(p)]

    def _parts_of(self, tokens: Sequence[Token], between: Sequence[int]) -> bool:
        """Tell whether words say that what follows them is a part of what they belong to: "breakaway regions of"."""
        if self._pack.sov:
            return False
        for place in between:
            found = self._pack.adpositions.longest_at(tokens, place)
            if found is not None:
                rest = range(found[0].last, between[-1] + 1)
                return found[1] == TRANSPARENT and all(tokens[t].folded in self._pack.determiners for t in rest)
            if not (self._before_head(tokens[place]) or tokens[place].is_pos("NOUN")):
                return False
        return False

    def _headed(self, tokens: Sequence[Token], phrases: list[Phrase]) -> list[Phrase]:
        """Give a name in apposition ('of the movement "X"') the case of the general noun it follows, and take that
        noun in."""
        gone: set[int] = set()
        for phrase in phrases:
            if phrase.kind not in {"entity", "unknown"} or phrase.adjective:
                continue
            if self._pack.sov:
                self._headed_after(tokens, phrase)
                continue
            place = phrase.first - 1
            quoted = place >= 0 and tokens[place].text in QUOTES
            place -= quoted
            caseless = not phrase.cases and not self._pack.lemmatise_names
            direct = phrase.cases & {"Nom", "Acc"} & (cases_of(tokens[place].readings) if place >= 0 else frozenset())
            apposed = bool(direct) and phrase.kind == "entity" and self._pack.lemmatise_names
            if place < 0 or not (quoted or caseless or apposed or len(phrase.cases) >= INDECLINABLE):
                continue
            found = self._pack.name_heads.longest_at(tokens, place)
            if found is None or found[0].last != place + 1:
                continue
            gone |= {id(p) for p in phrases if p is not phrase and p.first <= place < p.last and p.kind == "anaphor"}
            phrase.first, phrase.cases = place, cases_of(tokens[place].readings)
            phrase.head = phrase.head if self._pack.sov else place
            if phrase.last < len(tokens) and quoted and tokens[phrase.last].text in QUOTES:
                phrase.last += 1
        return [p for p in phrases if id(p) not in gone]

    def _headed_after(self, tokens: Sequence[Token], phrase: Phrase) -> None:
        """Take in the general noun that follows a name and carries its case; a state only owns what such a
        noun names."""
        entities = phrase.members[0].entities
        if (entities and entities[0] in self._states) or not (phrase.cases & {"Nom", "Gen"} or not phrase.cases):
            return
        place = phrase.last
        while place < len(tokens) and tokens[place].text in QUOTES:
            place += 1
        found = self._pack.name_heads.longest_at(tokens, place) if place < len(tokens) else None
        if found is None or (
            place == phrase.last and not entities and not self._pack.body_kinds.longest_at(tokens, place)
        ):
            return
        phrase.last = found[0].last
        phrase.head = phrase.last - 1
        phrase.cases = cases_of(tokens[phrase.head].readings)

    def _possessive_after(self, tokens: Sequence[Token], phrase: Phrase) -> bool:
        """Tell whether a possessive mark of its own follows, and take it into the phrase."""
        if phrase.last < len(tokens):
            token = tokens[phrase.last]
            if token.is_pos("PART") and token.has("Case=Gen") and token.span.start == tokens[phrase.last - 1].span.end:
                phrase.last += 1
                return True
        return False

    def _cases(self, tokens: Sequence[Token]) -> frozenset[str]:
        """Return the cases the words allow together; the last word decides where endings stand only there."""
        sets = [cases_of(t.readings) for t in tokens if t.kind == "word"]
        known = [s for s in sets if s]
        if not known:
            return frozenset()
        if self._pack.sov:
            return sets[-1]
        common = frozenset.intersection(*known)
        return common or known[-1]

    def _described(self, tokens: Sequence[Token], phrases: list[Phrase]) -> list[Phrase]:
        """Put a name and the general noun it modifies ("Palestinian state", "the state of Palestine") into one
        phrase."""
        gone: set[int] = set()
        for phrase in phrases:
            anaphor = phrase.members[0].anaphor
            if (
                anaphor is None
                or anaphor.count != 1
                or anaphor.possessive
                or anaphor.refers == ("Person",)
                or not tokens[phrase.last - 1].is_pos("NOUN", "PROPN", "X")
            ):
                continue
            modifier = self._modifier_of(tokens, [p for p in phrases if p.kind == "entity"], phrase.first, phrase.last)
            if modifier is not None and (
                modifier.adjective
                or modifier.possessive
                or (self._pack.sov and modifier.cases == {"Gen"})
                or (modifier.first >= phrase.last and self._only_adposition(tokens, phrase, modifier))
            ):
                self._take_head(tokens, modifier, phrase.first, phrase.last)
                gone.add(id(phrase))
        return [p for p in phrases if id(p) not in gone]

    def _only_adposition(self, tokens: Sequence[Token], head: Phrase, modifier: Phrase) -> bool:
        between = range(head.last, modifier.first)
        adposition, at = self._adposition_of(tokens, modifier)
        return all(t == at or tokens[t].folded in self._pack.determiners for t in between) and (
            adposition is not None or not between
        )

    # -- lists ---------------------------------------------------------------------------------------------------

    def _apposed_lists(self, tokens: Sequence[Token], phrases: list[Phrase]) -> list[Phrase]:
        """Give a list of names the place of the plural noun before it that they explain ("on two X firms, A and B")."""
        gone: set[int] = set()
        for phrase in phrases:
            place = phrase.first - 2
            if place < 0 or len(phrase.members) < 2 or phrase.nominal is not None or phrase.kind == "office":
                continue
            if tokens[place + 1].text not in {",", ":"} or phrase.adposition is not None:
                continue
            found = self._pack.apposed_heads.longest_at(tokens, place)
            if found is None or found[0].last != place + 1:
                continue
            first = place
            modifier = next((p for p in phrases if p.first <= place < p.last and p is not phrase), None)
            if modifier is not None:
                if modifier.last != place + 1 or len(modifier.members) > 1:
                    continue
                gone.add(id(modifier))
                first = modifier.first
            while first and (tokens[first - 1].kind == "number" or self._before_head(tokens[first - 1])):
                first -= 1
            phrase.first = first
        return [p for p in phrases if id(p) not in gone]

    # -- heads that stand for the state they belong to ----------------------------------------------------------

    def _proxies(self, tokens: Sequence[Token], phrases: list[Phrase]) -> list[Phrase]:
        """Put a modifier and the head that stands for it into one phrase that has the head's case."""
        possible = set(self._pack.proxies.places(tokens))
        if not possible:
            return phrases
        taken = {t for p in phrases for t in range(p.first, p.last)}
        place = 0
        while place < len(tokens):
            found = [] if place in taken or place not in possible else list(self._pack.proxies.at(tokens, place))
            if not found:
                place += 1
                continue
            match, organ = max(found, key=lambda f: (f[0].last, f[1]))
            first, last = match.first, match.last
            if not self._pack.sov and tokens[last - 1].is_pos("VERB") and not tokens[last - 1].is_pos("NOUN", "PROPN"):
                place += 1
                continue  # "Peru stated": the verb of that form is no head
            modifier = self._modifier_of(tokens, phrases, first, last)
            if modifier is not None and self._some_of(tokens, modifier, min(first, modifier.first)):
                modifier.adjective = True
            elif modifier is not None:
                self._take_head(tokens, modifier, first, last, organ=organ)
                taken.update(range(modifier.first, modifier.last))
            place = last
        return phrases

    def _some_of(self, tokens: Sequence[Token], phrase: Phrase, first: int) -> bool:
        """Tell whether words that begin at `first` count members of a body ("17 EU countries"): then it is not the body
        that acts."""
        if all(e in self._states for m in phrase.members for e in m.entities):
            return False
        return any(
            match.last == first
            for place in range(max(0, first - COUNT_WORDS), first)
            for match, _source in self._pack.counts.at(tokens, place)
        )

    def _modifier_of(self, tokens: Sequence[Token], phrases: list[Phrase], first: int, last: int) -> Phrase | None:
        """Return the name that modifies a head, the nearest for each way to attach; never across another phrase."""
        for marking in self._pack.office_order.get("of", ()):
            near = [
                p
                for p in phrases
                if p.kind in {"entity", "anaphor"}
                and not p.nominal
                and self._stands(tokens, p, marking, first, last)
                and not (
                    self._pack.sov and p.members[0].proxied and p.cases & OBLIQUE_CASES
                )  # it has its head and its case
                and not any(
                    q is not p and min(p.last, last) <= q.first and q.last <= max(p.first, first) for q in phrases
                )
            ]
            if near:
                return min(near, key=lambda p: min(abs(p.last - first), abs(p.first - last)))
        return None

    def _take_head(
        self, tokens: Sequence[Token], phrase: Phrase, first: int, last: int, *, organ: bool = False
    ) -> None:
        head = range(first, last)
        phrase.cases = self._cases([tokens[t] for t in head][-1:] if self._pack.sov else [tokens[first]])
        phrase.head = last - 1 if self._pack.sov else first
        phrase.first, phrase.last = min(phrase.first, first), max(phrase.last, last)
        phrase.adjective = False
        phrase.possessive = False
        phrase.adposition, phrase.adposition_at = None, -1
        phrase.possessive = self._possessive_after(tokens, phrase)
        body = self._pack.bodies.longest_at(tokens, first)
        name = body[1] if body is not None else ""
        phrase.members = [replace(m, proxied=True, organ=organ, head=name) for m in phrase.members]

    def _stands(self, tokens: Sequence[Token], phrase: Phrase, marking: Marking, first: int, last: int) -> bool:
        """Tell whether `phrase` stands to the words `[first, last)` as `marking` says, with nothing but modifiers
        between."""
        if marking.side == "left" and phrase.last <= first:
            between = range(phrase.last, first)
        elif marking.side == "right" and phrase.first >= last:
            between = range(last, phrase.first)
        else:
            return False
        if len(between) > (MODIFIERS_BETWEEN + (2 if marking.adpositions else 0)):
            return False
        if any(o is not phrase and o.first < between.stop and o.last > between.start for o in self._told):
            return False  # never across another name
        if marking.adjective and not (phrase.adjective and not phrase.possessive):
            return False
        if marking.proxied and not phrase.members[0].proxied:
            return False
        if marking.possessor and not (
            phrase.possessive or phrase.cases & {"Gen"} or (self._pack.sov and "Nom" in phrase.cases)
        ):
            return False
        if marking.cases and phrase.cases and not (phrase.cases & marking.cases):
            return False
        if not (marking.adjective or marking.possessor) and phrase.adjective:
            return False
        adposition, at = self._adposition_of(tokens, phrase)
        if marking.adpositions:
            if adposition not in marking.adpositions or at not in between:
                return False
            between = range(between.start, at)
        elif at in between:
            return False
        if marking.adjacent and any(tokens[t].text not in QUOTES for t in between):
            return False
        commas = [t for t in between if tokens[t].text in {",", "(", "\u2013", "\u2014", "-"}]
        if marking.comma:
            return len(commas) == 1 and all(self._modifier(tokens, t) or t in commas for t in between)
        return all(self._modifier(tokens, t) for t in between)

    def _modifier(self, tokens: Sequence[Token], place: int) -> bool:
        """Tell whether a token may stand between a name and its head without cutting them apart."""
        token = tokens[place]
        if token.text in QUOTES or token.folded in self._pack.determiners:
            return True
        if self._only_verb(token):
            return self._pack.skip_marks.longest_at(tokens, place) is not None
        if token.folded in self._pack.additive:
            return False  # "X too has sent its troops": X is no owner, but who acts
        if token.kind == "mark" or (token.has("VerbForm=Fin") and not token.is_pos("ADJ", "NOUN", "DET", "X")):
            return False
        if token.readings and all(r.pos == "AUX" for r in token.readings):
            return False
        if token.readings and all("VerbForm=Inf" in r.features for r in token.readings):
            return False  # "X's decision to remove the group" is not X's group
        if token.is_pos("SCONJ", "CCONJ") and not token.is_pos("ADJ", "NOUN", "DET", "X"):
            return False
        if self._pack.sov and _oblique(token):
            return self._pack.skip_marks.longest_at(tokens, place) is not None
        return next(self._pack.conjunctions.at(tokens, place), None) is None and (
            next(self._pack.adpositions.at(tokens, place), None) is None
            or self._pack.skip_marks.longest_at(tokens, place) is not None
        )

    def _only_verb(self, token: Token) -> bool:
        """Tell whether a word is nothing but a verb, in a language whose verbs have no forms."""
        return bool(token.readings) and all(r.pos == "VERB" and not r.features for r in token.readings)

    # -- adpositions ---------------------------------------------------------------------------------------------

    def _mark(self, tokens: Sequence[Token], phrase: Phrase) -> None:
        phrase.adposition, phrase.adposition_at = self._adposition_of(tokens, phrase)
        if phrase.adposition is not None and self._pack.lemmatise_names and "Nom" in phrase.cases:
            phrase.cases = (phrase.cases - {"Nom"}) or frozenset({"Acc"})  # no adposition takes a nominative
        if self._pack.compounds and phrase.kind == "entity" and not phrase.possessive:
            if phrase.adposition is not None or self._some_of(tokens, phrase, phrase.first):
                phrase.adjective = phrase.adjective or self._modifies_next(tokens, phrase)
            if not phrase.coordinated:
                modifies = phrase.last < len(tokens) and self._pack.compound_heads.longest_at(tokens, phrase.last)
                phrase.adjective = phrase.adjective or bool(modifies)  # "the first EU member to join"
        elif phrase.kind == "entity" and phrase.first and tokens[phrase.first - 1].is_pos("NOUN"):
            phrase.adjective = phrase.adjective or self._some_of(tokens, phrase, phrase.first - 1)

    def _modifies_next(self, tokens: Sequence[Token], phrase: Phrase) -> bool:
        """Tell whether a name only modifies the common noun right after it ("by 97 UN member states")."""
        if any(m.proxied for m in phrase.members) or phrase.last >= len(tokens):
            return False
        following = tokens[phrase.last]
        return (
            bool(following.readings) and not following.capitalised and all(r.pos == "NOUN" for r in following.readings)
        )


def _oblique(token: Token) -> bool:
    """Tell whether a word is a noun in a case that ends its phrase, so that no owner reaches over it."""
    return bool(token.readings) and all(r.pos in {"NOUN", "PROPN"} and r.features & _OBLIQUE for r in token.readings)
