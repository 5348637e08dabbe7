"""Office titles with their body and holder -> phrases of persons, and the offices that a sentence gives them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from kg.bodies import bare_bodies
from kg.clauses import is_finite
from kg.coordination import NO_OFFICE
from kg.ids import reference_iri
from kg.language.pack import Marking
from kg.mentions import QUOTES, Mention
from kg.model import Token
from kg.phrases import PhraseParts
from kg.referents import OfficeHeld, Phrase, Referent, in_cases

BUSINESS_LENGTH = 8
PORTFOLIO_LENGTH = 10
DASHES = frozenset({"\u2014", "\u2013", "-"})
OPENING_QUOTES = frozenset('"\u00ab\u201c\u201e')
QUOTED = "quoted"  # a body that only its name in quotes tells


class PhraseBuilder(PhraseParts):
    """Builds the phrases of a sentence: names, then lists, heads, titles with their holders, and lists of those."""

    def build(self, tokens: Sequence[Token], mentions: Sequence[Mention]) -> tuple[list[Phrase], list[OfficeHeld]]:
        """Return the argument phrases of a sentence in order, and the offices it gives to persons."""
        self._dated = frozenset(t for m in mentions if m.kind == "date" for t in range(m.first, m.last))
        phrases = self._headed(tokens, [self._single(tokens, m) for m in mentions if m.kind != "date"])
        phrases = self._abbreviated(tokens, phrases)
        phrases = self._absorbed(tokens, self._described(tokens, phrases))
        phrases = phrases if self._pack.sov or self._pack.lemmatise_names else self._located(tokens, phrases)
        phrases = self._coordinate(tokens, phrases, first_pass=True)
        self._told = [p for p in phrases if p.kind in {"entity", "person", "unknown"}]
        phrases = self._proxies(tokens, phrases)
        phrases, offices = self._offices(tokens, phrases)
        phrases = self._coordinate(tokens, phrases, first_pass=False)
        if bodies := bare_bodies(self._pack, tokens, phrases):
            phrases = sorted([*phrases, *bodies], key=lambda p: p.first)
        if self._pack.outsiders:
            phrases = self._outsiders(tokens, phrases)
        if self._pack.apposed_heads:
            phrases = self._apposed_lists(tokens, phrases)
        for phrase in phrases:
            self._mark(tokens, phrase)
        if self._pack.sov:
            self._own_nouns(tokens, phrases)
        return phrases, offices

    def _own_nouns(self, tokens: Sequence[Token], phrases: Sequence[Phrase]) -> None:
        """Mark as owners the names after a subject that stand before a noun in a local case ("X from the Y's hall")."""
        for before, phrase in pairwise(phrases):
            subject = before.kind in {"person", "entity"} and "Nom" in before.cases and before.adposition is None
            if not subject or phrase.kind != "entity" or "Nom" not in phrase.cases or phrase.last >= len(tokens):
                continue
            head = tokens[phrase.last].readings
            local = bool(head) and all(
                r.pos == "NOUN" and "Poss=3" in r.features and r.features & {"Case=Abl", "Case=Loc"} for r in head
            )
            if local and before.last == phrase.first and phrase.adposition is None and not phrase.coordinated:
                phrase.cases, phrase.possessive = frozenset({"Gen"}), True

    def _offices(self, tokens: Sequence[Token], phrases: list[Phrase]) -> tuple[list[Phrase], list[OfficeHeld]]:
        held: list[OfficeHeld] = []
        used: set[int] = set()
        out: list[Phrase] = []
        for number, phrase in enumerate(phrases):
            if phrase.kind != "office":
                continue
            found = self._office(tokens, phrases, phrase, used, out)
            if found is None:
                continue
            joined, offices, parts = found
            held += offices
            out = [p for p in out if not any(p is part for part in parts)]
            used |= {id(p) for p in parts}
            used.add(id(phrase))
            out.append(joined)
            del number
        out += [p for p in phrases if id(p) not in used]
        out.sort(key=lambda p: p.first)
        if self._pack.sov:
            return out, held
        held += self._given_by_verbs(tokens, out)
        return self._gapped(tokens, out, held) if self._pack.lemmatise_names else self._shared(tokens, out, held)

    def _owner(self, tokens: Sequence[Token], joined: Sequence[Phrase], first: int) -> Phrase | None:
        """Return the office that owns the one that begins at `first` ("the X president's envoy")."""
        if self._pack.sov:
            return None
        owner = next((p for p in joined if p.kind == "office" and p.possessive and p.last <= first), None)
        if owner is None or not all(self._modifier(tokens, t) for t in range(owner.last, first)):
            return None
        return owner

    def _office(
        self,
        tokens: Sequence[Token],
        phrases: list[Phrase],
        office: Phrase,
        used: set[int],
        joined: Sequence[Phrase] = (),
    ) -> tuple[Phrase, list[OfficeHeld], list[Phrase]] | None:
        """Return the phrase of an office with all that belongs to it, the offices it states, and the phrases
        it took."""
        first, last = office.first, office.last
        parts: list[Phrase] = []
        free = [p for p in phrases if id(p) not in used and p is not office and p.kind != "office" and not p.nominal]
        of: tuple[Referent, ...] = ()
        owner = self._owner(tokens, joined, first)
        if owner is not None:
            of = owner.members[0].of
            first = owner.first
            parts.append(owner)
        inner = next((p for p in free if first <= p.first and p.last <= last and p.kind == "entity"), None)
        if inner is not None:
            parts.append(inner)
        owned = office.possessive and not self._pack.sov  # "the president's ...": what follows belongs to another head
        if not owned:
            last = self._portfolio(tokens, office, phrases)
            if last + 2 < len(tokens) and tokens[last].text == "(" and tokens[last + 1].text.isupper():
                last += 3 if tokens[last + 2].text == ")" else 0  # "the committee (SC) of"
        grown = True
        complements = 0
        while grown:
            grown = False
            if not of:
                for marking in self._pack.office_order.get("of", ()):
                    if marking.side == "right" and owned:
                        continue
                    match = next(
                        (
                            p
                            for p in free
                            if p not in parts
                            and p.kind in {"entity", "anaphor"}
                            and not (self._pack.sov and p.kind == "anaphor" and p.cases == {"Nom"})
                            and self._stands(tokens, p, marking, first, last)
                        ),
                        None,
                    )
                    if match is not None:
                        of = tuple(match.members)
                        parts.append(match)
                        first, last = min(first, match.first), max(last, match.last)
                        grown = True
                        break
            if complements < 2 and not owned:
                for marking in self._pack.office_order.get("complement", ()):
                    match = next(
                        (
                            p
                            for p in free
                            if p not in parts
                            and p.kind in {"entity", "anaphor", "unknown"}
                            and self._stands(tokens, p, marking, first, last)
                        ),
                        None,
                    )
                    if match is not None:
                        if not of and match.members[0].proxied:
                            of = tuple(match.members)
                        parts.append(match)
                        complements += 1
                        first, last = min(first, match.first), max(last, match.last)
                        grown = True
                        break
        if inner is not None and not of:
            of = tuple(inner.members)
        quoted = self._quoted_body(tokens, free, last) if not of and not owned else None
        if quoted is not None:
            of = tuple(replace(m, via=QUOTED) for m in quoted.members)
            parts.append(quoted)
            last = quoted.last + 1
        if self._pack.lemmatise_names and not owned:
            last = self._business(tokens, free, last)
        whose = next(
            (p for p in free if p not in parts and p.kind == "anaphor" and p.possessive and p.last == first), None
        )
        if whose is not None and not self._pack.sov:  # "his Finnish counterpart"
            parts.append(whose)
            first = whose.first
        fixed = next((m.office.of for m in office.members if m.office and m.office.of), None)
        if fixed and not of:
            of = (Referent(office.first, office.last, (reference_iri("state", fixed),)),)
        holder = None
        if not owned:
            holder = self._holder(
                tokens,
                [p for p in free if p not in parts],
                first,
                last,
                office.cases if self._pack.lemmatise_names else frozenset(),
            )
        if holder is not None and not of and holder.first >= last and not self._pack.sov:
            after = next(
                (
                    p
                    for p in free
                    if p not in parts
                    and p is not holder
                    and p.kind == "entity"
                    and (
                        self._bracketed(tokens, holder, p)
                        or any(
                            m.adpositions
                            and m.side == "right"
                            and self._stands(tokens, p, m, holder.first, holder.last)
                            for m in self._pack.office_order.get("of", ())
                            if not m.comma
                        )
                    )
                ),
                None,
            )
            if after is not None:
                of = tuple(after.members)
                parts.append(after)
                last = max(last, after.last + self._bracketed(tokens, holder, after))
        if holder is not None and self._relative_of(office, holder):
            # "against the daughter of President X": whose name it is, is not told; nobody is
            parts.append(holder)
            last, of, holder = max(last, holder.last), (), None
        former, first_mark = self._former(tokens, first, office.first)
        first = min(first, first_mark)
        titles = [m for m in office.members if m.office]
        if holder is not None:
            parts.append(holder)
            members = holder.members
            cases = holder.cases if self._acting(tokens, office.first) else self._holder_cases(office, holder)
            members = in_cases(members, cases)
            phrase = Phrase(min(first, holder.first), max(last, holder.last), "person", list(members), cases)
            phrase.possessive = holder.possessive
            phrase.coordinated = len(members) > 1
            phrase.head = (
                holder.head if self._pack.sov else (office.head if office.first < holder.first else holder.head)
            )
            title = tokens[office.last - 1]
            if self._pack.lemmatise_names:  # heads come first: "the heads of the ministry"
                title = next((t for t in tokens[office.first : office.last] if t.is_pos("NOUN")), title)
            if (
                not self._pack.sov
                and holder.first >= last
                and title.has("Number=Sing")
                and not title.has("Number=Plur")
            ):
                members = members[:1]  # "envoy X and Y": the title is X's
            held = [
                OfficeHeld(
                    t.office.office,
                    former or t.office.former,
                    m,
                    of[n : n + 1] if len(of) == len(members) else of,  # "the ministers of A and B, X and Y"
                    phrase.first,
                    phrase.last,
                    bool(of),
                    self._title_noun(tokens, t),
                )
                for t in titles
                if t.office and t.office.office != NO_OFFICE
                for n, m in enumerate(members)
            ]
            return phrase, held, parts
        ending = tokens[office.last - 1]
        several = not self._pack.sov and ending.has("Number=Plur") and not ending.has("Number=Sing")
        known = titles[0].office if titles and (of or not several) else None  # "leaders" of nobody are nobody
        those = self._pack.anaphors.longest_at(tokens, office.first) if self._pack.sov and not of else None
        if those is not None and those[0].last == office.last and those[1].count != 1:  # "the ministers have signed"
            referent = Referent(office.first, office.last, anaphor=those[1])
            return Phrase(first, last, "anaphor", [referent], office.cases, head=office.head), [], parts
        head = self._title_noun(tokens, titles[0]) if titles else ""
        member = Referent(office.first, office.last, office=known, of=of, head=head)
        phrase = Phrase(first, last, "office", [member], office.cases)
        phrase.possessive = office.possessive
        phrase.head = office.head
        return phrase, [], parts

    def _relative_of(self, office: Phrase, holder: Phrase) -> bool:
        """Tell whether a name may be that of him whose kin or rival a title names, both being in the genitive."""
        bare = all(m.office is not None and m.office.office == NO_OFFICE for m in office.members)
        return bare and not self._pack.sov and "Gen" in office.cases & holder.cases

    def _quoted_body(self, tokens: Sequence[Token], free: Sequence[Phrase], last: int) -> Phrase | None:
        """Return the unknown name in quotes right after a title: the body it is of ("the head of 'X' Y")."""
        return next(
            (
                p
                for p in free
                if p.kind == "unknown"
                and p.first == last + 1
                and tokens[last].text in OPENING_QUOTES
                and p.last < len(tokens)
                and tokens[p.last].text in QUOTES
            ),
            None,
        )

    def _portfolio(self, tokens: Sequence[Token], office: Phrase, phrases: Sequence[Phrase]) -> int:
        """Return where a title ends with what it is for in common words ("the minister of mines, oil and gas")."""
        found = self._pack.portfolios.longest_at(tokens, office.first)
        if found is None or found[0].last != office.last:
            return office.last
        taken = {p.first for p in phrases if p is not office}
        place = end = office.last
        while place < min(office.last + PORTFOLIO_LENGTH, len(tokens)) and place not in taken:
            token = tokens[place]
            genitive = token.has("Case=Gen") and token.is_pos("NOUN", "ADJ") and not token.capitalised
            if not genitive and not (token.text == "," or token.is_pos("CCONJ")):
                break
            place += 1
            end = place if genitive else end
        return end

    def _business(self, tokens: Sequence[Token], free: Sequence[Phrase], last: int) -> int:
        """Return where the name of a holder begins after common words that say what the office is about ("the
        commissioner for international questions X"), `last` when there are none or no name follows them."""
        if last >= len(tokens) or next(self._pack.adpositions.at(tokens, last), None) is None:
            return last
        place = last + 1
        while place < min(last + BUSINESS_LENGTH, len(tokens)) and not tokens[place].capitalised:
            if not tokens[place].is_pos("ADJ", "NOUN", "CCONJ") or is_finite(tokens[place]):
                return last
            place += 1
        named = any(p.first == place and p.kind in {"person", "unknown"} for p in free)
        return place if named and place > last + 1 else last

    def _gapped(
        self, tokens: Sequence[Token], phrases: Sequence[Phrase], held: Sequence[OfficeHeld]
    ) -> tuple[list[Phrase], list[OfficeHeld]]:
        """Return the phrases, and the offices told by a body and a name alone, under the title before them.

        "The envoy of A X, of B \u2014 Y"; "the presidents of A X and of B Y".
        """
        more: list[OfficeHeld] = []
        taken: set[int] = set()
        lists: dict[int, Phrase] = {}
        for before, body, holder in zip(phrases, phrases[1:], phrases[2:], strict=False):
            told = next((h for h in (*more, *held) if h.last == before.last), None)
            if told is None or not told.of or body.kind != "entity" or "Gen" not in body.cases:
                continue
            whole = lists.get(id(before), before)
            if holder.kind not in {"person", "unknown"} or not self._follows_gap(tokens, whole, before, body, holder):
                continue
            of, first = tuple(body.members), body.first
            more.append(replace(told, holder=holder.members[0], of=of, first=first, last=holder.last))
            lists[id(holder)] = whole
            whole.members, whole.last = [*whole.members, *in_cases(holder.members, whole.cases)], holder.last
            whole.coordinated = True
            taken |= {id(body), id(holder)}
        return [p for p in phrases if id(p) not in taken], [*held, *more]

    def _follows_gap(
        self, tokens: Sequence[Token], titled: Phrase, before: Phrase, body: Phrase, holder: Phrase
    ) -> bool:
        """Tell whether marks show that a body and a name repeat a title: a dash between, or a title in the plural."""
        marks = tokens[before.last : body.first]
        if len(marks) != 1:
            return False
        joined = marks[0].text == "," or next(self._pack.conjunctions.at(tokens, before.last), None) is not None
        if [t.text for t in tokens[body.last : holder.first] if t.text in DASHES]:
            return (marks[0].text == ";" or joined) and holder.first - body.last == 1
        return joined and body.last == holder.first and tokens[titled.first].has("Number=Plur")

    def _title_noun(self, tokens: Sequence[Token], title: Referent) -> str:
        """Return the noun that ends a title, by which its holder is called later ("the minister"); where heads come
        last."""
        if not self._pack.sov:
            return ""
        token = tokens[title.last - 1]
        return next((r.lemma for r in token.readings if r.pos in {"NOUN", "PROPN"}), token.folded)

    def _holder_cases(self, office: Phrase, holder: Phrase) -> frozenset[str]:
        if self._pack.sov:
            return holder.cases if holder.first >= office.first else office.cases
        if office.cases and holder.cases:
            return office.cases & holder.cases or office.cases
        return office.cases or holder.cases

    def _holder(
        self, tokens: Sequence[Token], free: list[Phrase], first: int, last: int, cases: frozenset[str] = frozenset()
    ) -> Phrase | None:
        for marking in self._pack.office_order.get("person", ()):
            for phrase in free:
                if phrase.kind not in {"person", "unknown"} or phrase.adjective:
                    continue
                if phrase.kind == "unknown" and (
                    self._abbreviates(tokens, phrase) or self._owns(tokens, phrase, cases)
                ):
                    continue
                if phrase.kind == "unknown" and phrase.last - phrase.first == 1 and _acronym(tokens[phrase.first].text):
                    continue
                if marking.side == "left" and phrase.possessive:
                    continue
                if not self._stands_near(tokens, phrase, marking, first, last):
                    continue
                if marking.comma and marking.side == "right" and self._open_apposition(tokens, phrase, first):
                    continue
                if (
                    not self._pack.sov
                    and cases
                    and phrase.kind == "person"
                    and (phrase.cases == {"Nom"} and "Nom" not in cases and not self._acting(tokens, first))
                ):
                    continue  # a title and its holder agree; "acting minister" does not, being "filling the duties of"
                return phrase
        return None

    def _owns(self, tokens: Sequence[Token], phrase: Phrase, cases: frozenset[str]) -> bool:
        """Tell whether an unknown name of one word is a common noun in another case than the title: the body it is
        of."""
        readings = tokens[phrase.first].readings
        single = self._pack.lemmatise_names and phrase.last - phrase.first == 1
        return single and bool(cases) and not cases & phrase.cases and all(r.pos == "NOUN" for r in readings)

    def _abbreviates(self, tokens: Sequence[Token], phrase: Phrase) -> bool:
        """Tell whether an unknown name is one short word in capitals: what an office is for, and nobody ("the minister
        for ES")."""
        word = tokens[phrase.first].text
        return self._pack.lemmatise_names and phrase.last - phrase.first == 1 and word.isupper() and len(word) <= 4

    def _open_apposition(self, tokens: Sequence[Token], phrase: Phrase, first: int) -> bool:
        """Tell whether a name after "their minister," is the subject of a verb and no apposition ("by his aide, X
        came")."""
        owned = any(r.features & {"Poss=3"} for t in tokens[max(0, first - 1) : first + 1] for r in t.readings)
        following = tokens[phrase.last] if phrase.last < len(tokens) else None
        return owned and following is not None and any("VerbForm=Fin" in r.features for r in following.readings)

    def _bracketed(self, tokens: Sequence[Token], holder: Phrase, body: Phrase) -> bool:
        """Tell whether a body stands in brackets right after a name ("Presidents X (A) and Y (B)")."""
        opened = holder.last < len(tokens) and tokens[holder.last].text == "(" and body.first == holder.last + 1
        return opened and body.last < len(tokens) and tokens[body.last].text == ")"

    def _acting(self, tokens: Sequence[Token], first: int) -> bool:
        """Tell whether words that are skipped before a title end right before it."""
        return any(
            found[0].last == first
            for start in range(max(0, first - 3), first)
            for found in [self._pack.skip_marks.longest_at(tokens, start)]
            if found and not tokens[start].is_pos("ADJ")
        )

    def _stands_near(self, tokens: Sequence[Token], phrase: Phrase, marking: Marking, first: int, last: int) -> bool:
        """Tell whether a person stands directly beside a title: honorifics and quotes may come between, and
        one comma."""
        if marking.side == "right" and phrase.first >= last:
            between = range(last, phrase.first)
        elif marking.side == "left" and phrase.last <= first:
            between = range(phrase.last, first)
        else:
            return False
        if len(between) > 4:
            return False
        commas = 0
        for place in between:
            token = tokens[place]
            if token.text in {",", "\u2013", "\u2014", "-", "(", ":"}:
                commas += 1
            elif not (
                token.text in QUOTES
                or token.folded in self._pack.determiners
                or token.folded in self._honorific_words
                or token.text == "."
                or self._pack.skip_marks.longest_at(tokens, place)
                or (not self._pack.sov and self._pack.former_marks.longest_at(tokens, place))
            ):
                return False
        if marking.comma:
            return commas == 1 and not (marking.side == "right" and self._fronted(tokens, first, phrase.last))
        return commas == 0

    def _fronted(self, tokens: Sequence[Token], first: int, last: int) -> bool:
        """Tell whether the comma after a title only ends what opens the sentence: "after meeting the envoy, X left"."""
        opening = next((t for t in range(first) if tokens[t].kind != "mark"), None)
        if opening is None or not (
            tokens[opening].is_pos("ADP", "SCONJ") or next(self._pack.adpositions.at(tokens, opening), None)
        ):
            return False
        closed = last < len(tokens) and tokens[last].kind == "mark" and tokens[last].text not in QUOTES
        return not closed and not any(t.text == "," for t in tokens[opening:first])

    def _former(self, tokens: Sequence[Token], first: int, title: int) -> tuple[bool, int]:
        """Tell whether a mark of a past office stands before the title, and where the office phrase then begins."""
        former = False
        start = first
        place = title - 1
        while place >= max(0, first - 3):
            if self._pack.former_marks.longest_at(tokens, place):
                former = True
                start = min(start, place)
            elif self._pack.skip_marks.longest_at(tokens, place):
                start = min(start, place)
            elif place < first:
                break
            place -= 1
        return former, start


def _acronym(word: str) -> bool:
    """Tell whether a word is a sign of capitals alone, which names no person ("commander of RIMPAC")."""
    return len(word) > 1 and word.isupper() and "." not in word
