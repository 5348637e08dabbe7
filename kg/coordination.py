"""Lists of phrases, the adpositions that lists and phrases stand with, and the titles that a list or a verb shares
out, by the markings of one pack."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from kg.language.pack import Pack
from kg.mentions import QUOTES
from kg.model import Iri, Token
from kg.referents import OfficeHeld, Phrase

LOOK_BACK = 5
SHORTEST_NAME = 2  # words of an unknown name that a verb may give a title
TRANSPARENT = "transparent"  # "a contingent of", "hundreds of": the noun after it is what counts
NO_OFFICE = "none"  # words that look like a title ("candidate for president") and give none


class Coordination:
    """Joins phrases into lists; what builds phrases rests on it."""

    def __init__(
        self,
        pack: Pack,
        persons: frozenset[Iri] | set[Iri],
        belongs: Callable[[Iri, Iri], bool],
        states: frozenset[Iri] = frozenset(),
    ) -> None:
        self._states = states
        self._pack = pack
        self._persons = persons
        self._belongs = belongs
        self._told: list[Phrase] = []
        self._dated: frozenset[int] = frozenset()

    def _coordinate(self, tokens: Sequence[Token], phrases: list[Phrase], *, first_pass: bool) -> list[Phrase]:
        """Join phrases of one kind that a conjunction, or commas and a conjunction, put together."""
        out: list[Phrase] = []
        place = 0
        while place < len(phrases):
            run = [phrases[place]]
            links: list[str] = []
            while place + len(run) < len(phrases):
                following = phrases[place + len(run)]
                link = self._link(tokens, run[-1], following, first_pass=first_pass)
                if link is None:
                    break
                links.append(link)
                run.append(following)
            run = self._whole_list(tokens, run, links)
            out.append(run[0] if len(run) == 1 else self._list(run, links))
            place += len(run)
        return out

    def _whole_list(self, tokens: Sequence[Token], run: list[Phrase], links: list[str]) -> list[Phrase]:
        """Cut a run after its last conjunction: commas alone make a list only where headlines begin (dashes always
        do)."""
        if len(run) > 1 and run[0].first == 0 and not self._pack.sov and run[-1].last < len(tokens):
            following = tokens[run[-1].last]
            if all(p.kind == "entity" and not p.possessive for p in run) and following.kind == "word":
                return run
        if all(p.kind == "office" for p in run) and not any(
            m.side == "left" for m in self._pack.office_order.get("of", ())
        ):
            return run  # several titles of one holder, where titles come first: "Deputy Premier, Foreign Minister X"
        if len(run) > 1 and self._enumerated(tokens, run, links):
            return run
        for size in range(len(run), 1, -1):
            if links[size - 2] in {"and", "dash", "nor"}:
                return run[:size]
        return run[:1]

    def _enumerated(self, tokens: Sequence[Token], run: list[Phrase], links: list[str]) -> bool:
        """Tell whether names with commas alone between them are a list: after a word that opens one ("such as A, B,
        C"), or before words that end one ("A, B, C and two others")."""
        end = run[-1].last + (run[-1].last < len(tokens) and tokens[run[-1].last].text == ",")
        if set(links) == {"comma"} and end < len(tokens) and self._pack.list_closers.longest_at(tokens, end):
            return True
        _name, at = self._adposition_of(tokens, run[0])
        return set(links) == {"comma"} and at >= 0 and self._pack.list_openers.longest_at(tokens, at) is not None

    def _list(self, run: list[Phrase], links: list[str]) -> Phrase:
        members = [m for p in run for m in p.members]
        cases = run[-1].cases if self._pack.sov else frozenset.intersection(*[p.cases for p in run]) or run[0].cases
        joined = Phrase(
            run[0].first,
            run[-1].last,
            run[0].kind,
            members,
            cases,
            run[0].adposition,
            run[0].adposition_at,
            run[-1].possessive,
            run[-1].adjective,
            "nor" in links,
            coordinated=True,
            nominal=run[0].nominal,
            head=run[0].head,
            mixed=any(p.mixed or self._mixed(run[0], p) for p in run[1:]),
            parts=run,
        )
        if joined.mixed:
            joined.kind = "entity"
        if self._pack.sov:
            joined.head = run[-1].head
        return joined

    def _link(self, tokens: Sequence[Token], left: Phrase, right: Phrase, *, first_pass: bool) -> str | None:
        """Return how two neighbours are linked ("and", "comma", "dash", "nor"), None when they are not."""
        if not self._alike(left, right, first_pass=first_pass):
            return None
        between = [t for t in range(left.last, right.first) if tokens[t].text not in QUOTES]
        if first_pass and self._honoured(tokens, left.last, right.first):
            return None  # "Minister A and Mr B": the title is A's alone
        between = [t for t in between if tokens[t].folded not in self._pack.determiners]
        added = self._pack.sov and any(tokens[t].folded in self._pack.additive for t in between)
        if added:  # "with X too, with Y too"
            between = [t for t in between if tokens[t].folded not in self._pack.additive]
            return "and" if len(between) == 1 and tokens[between[0]].text == "," else None
        if between and tokens[between[0]].text == "(":  # "Chile (in May) and Peru (in June)"
            closed = next((n for n, t in enumerate(between) if tokens[t].text == ")"), -1)
            between = between[closed + 1 :]
        if not first_pass and not self._pack.sov:
            mine, _at = self._adposition_of(tokens, left)
            other, at = self._adposition_of(tokens, right)
            if mine is not None and mine == other:
                between = [t for t in between if t < at]
        if not self._pack.sov:  # "three X ships and five Y ships": what stands before the second head
            while len(between) > 1 and (
                self._counts(tokens[between[-1]]) or (not first_pass and self._heads(tokens, between[-1]))
            ):
                between.pop()
        if not between or len(between) > 4:
            return None
        place = between[0]
        if tokens[place].text == "," and "," in self._pack.list_marks:
            if len(between) == 1:
                return "comma"
            if not self._pack.sov and self._opens_clause(tokens, left, right):
                return None
            place = between[1]
        for index, name in ((self._pack.negative_conjunctions, "nor"), (self._pack.conjunctions, "and")):
            found = index.longest_at(tokens, place)
            if found and found[0].last - 1 >= between[-1]:
                return name
        text = tokens[place].text
        if len(between) == 1 and text in self._pack.list_marks and text != ",":
            member = self._pack.sov and self._spaced(tokens, place) and self._whole_and_part(left, right)
            return None if member else "dash"
        return None

    def _spaced(self, tokens: Sequence[Token], place: int) -> bool:
        """Tell whether a mark stands between spaces, as a dash does that stands for a verb."""
        before, mark, after = tokens[place - 1 : place + 2]
        return before.span.end < mark.span.start and mark.span.end < after.span.start

    def _whole_and_part(self, left: Phrase, right: Phrase) -> bool:
        """Tell whether the second phrase owns what comes after it and is of another kind: "X \u2014 Y's member"."""
        states = [all(m.entities and m.entities[0] in self._states for m in p.members) for p in (left, right)]
        if states == [False, True] and right.kind == "entity":
            return True  # "Agency X \u2014 State Y's president has come"
        return states == [True, False] and bool(right.cases & {"Gen", "Agt"}) and "Gen" not in left.cases - {"Nom"}

    def _honoured(self, tokens: Sequence[Token], first: int, last: int) -> bool:
        """Tell whether an honorific ends where a name begins."""
        return any(
            (found := self._pack.honorifics.longest_at(tokens, t)) is not None and found[0].last == last
            for t in range(first, last)
        )

    def _opens_clause(self, tokens: Sequence[Token], left: Phrase, right: Phrase) -> bool:
        """Tell whether the second phrase is the subject of a clause of its own ("... to X, and Y's ministry sent
        ...")."""
        if left.first == 0 or tokens[left.first - 1].text == ",":
            return False  # "X, Y, and Z sent ...": one list
        place = right.last
        while (
            place < len(tokens)
            and place - right.last < 4
            and tokens[place].is_pos("NOUN", "ADJ", "ADV")
            and not any("VerbForm=Fin" in r.features for r in tokens[place].readings)
        ):
            place += 1
        follows = place < len(tokens) and any("VerbForm=Fin" in r.features for r in tokens[place].readings)
        return follows and any("VerbForm=Fin" in r.features for t in tokens[: left.first] for r in t.readings)

    def _counts(self, token: Token) -> bool:
        """Tell whether a word is a number or nothing but an adjective."""
        return token.kind == "number" or (bool(token.readings) and all(r.pos in {"NUM", "ADJ"} for r in token.readings))

    def _heads(self, tokens: Sequence[Token], place: int) -> bool:
        """Tell whether a word is what a name is, before the name: "the journalists A and B", "the company C"."""
        return any(index.longest_at(tokens, place) for index in (self._pack.honorifics, self._pack.name_heads))

    def _pronoun(self, left: Phrase, right: Phrase) -> bool:
        """Tell whether one of two phrases can only be a person and the other is a name of something else."""
        one, other = (left, right) if left.kind == "anaphor" else (right, left)
        anaphor = one.members[0].anaphor
        return other.kind == "entity" and anaphor is not None and tuple(anaphor.refers) == ("Person",)

    def _alike(self, left: Phrase, right: Phrase, *, first_pass: bool) -> bool:
        if not self._pack.sov and right.kind == "anaphor" and right.possessive and not right.members[0].proxied:
            return False  # "X and his ...": the pronoun belongs to what follows
        if "anaphor" in (left.kind, right.kind) and self._pronoun(left, right):
            return False
        if left.nominal or right.nominal or ("anaphor" in (left.kind, right.kind) and left.kind != right.kind):
            return "anaphor" in (left.kind, right.kind) and {left.kind, right.kind} <= {"anaphor", "entity", "person"}
        if "office" in (left.kind, right.kind) and first_pass:
            titles = [m.office.office for p in (left, right) for m in p.members if m.office is not None]
            return left.kind == right.kind and NO_OFFICE not in titles
        persons = {"person", "unknown"}
        same = (
            left.kind == right.kind
            or {left.kind, right.kind} <= persons
            or (not first_pass and {left.kind, right.kind} <= {"person", "office", "unknown"})
            or (not first_pass and self._mixed(left, right))
        )
        if not same or (left.possessive and not right.possessive and not self._pack.sov):
            return False
        if first_pass and left.adjective != right.adjective:
            return False
        if self._pack.sov:
            return not left.cases or "Nom" in left.cases or bool(left.cases & right.cases)
        return not left.cases or not right.cases or bool(left.cases & right.cases)

    def _mixed(self, left: Phrase, right: Phrase) -> bool:
        """Tell whether a body and a person in one case may make a list ("against X and its minister Y")."""
        kinds = {left.kind, right.kind}
        cased = bool(left.cases and right.cases)
        two = len(kinds) > 1 and kinds in ({"entity", "person"}, {"entity", "office"}, {"entity", "unknown"})
        return two and cased and not self._pack.sov and not left.adjective and not right.adjective

    def _adposition_of(self, tokens: Sequence[Token], phrase: Phrase) -> tuple[str | None, int]:
        """Return the canonical adposition that governs a phrase and where it stands, (None, -1) for none."""
        if self._pack.sov:
            place = phrase.last
            while place < len(tokens) and tokens[place].text in QUOTES:
                place += 1
            found = self._pack.adpositions.longest_at(tokens, place) if place < len(tokens) else None
            return (found[1], place) if found else (None, -1)
        place = phrase.first - 1
        steps = 0
        while place >= 0 and steps <= LOOK_BACK:
            start, name = self._adposition_ending(tokens, place)
            if start in self._dated:
                return None, -1  # a word of a date ("the week to come") governs nothing
            if name is not None and name != TRANSPARENT:
                return name, start
            if name is None and not self._before_head(tokens[place]):
                named = phrase.kind in {"person", "unknown"}  # "to X's minister Y": the preposition is that of Y
                modifier = next(
                    (p for p in self._told if (p.adjective or (p.possessive and named)) and p.last == place + 1), None
                )
                start = self._participle_before(tokens, place)
                if modifier is not None and phrase.first == modifier.last:
                    start = modifier.first  # "from the West African bloc X"
                if start < 0:
                    return None, -1
            place = start - 1
            steps += 1
        return None, -1

    def _participle_before(self, tokens: Sequence[Token], place: int) -> int:
        """Return where a participle stands whose own complement ends here ("in the struck-by-a-quake country"), -1 for
        none."""
        if not self._pack.lemmatise_names or not tokens[place].is_pos("NOUN", "PROPN"):
            return -1
        for at in range(place - 1, max(0, place - LOOK_BACK), -1):
            if next(self._pack.adpositions.at(tokens, at), None) is not None:
                participle = tokens[at - 1].readings
                cased = any(
                    "VerbForm=Part" in r.features and any(f[:5] == "Case=" for f in r.features) for r in participle
                )
                return at - 1 if cased else -1
            if not tokens[at].is_pos("ADJ", "NOUN", "PROPN"):
                return -1
        return -1

    def _adposition_ending(self, tokens: Sequence[Token], place: int) -> tuple[int, str | None]:
        """Return where the longest adposition whose last token is `place` begins, and its name; (place, None) for
        none."""
        for start in range(max(0, place - 3), place + 1):
            found = self._pack.adpositions.longest_at(tokens, start)
            if found and found[0].last == place + 1:
                return start, found[1]
        return place, None

    def _before_head(self, token: Token) -> bool:
        """Tell whether a token can stand between an adposition and its noun: determiners, adjectives, numbers,
        quotes."""
        if token.folded in self._pack.relative_pronouns and not self._pack.sov and token.is_pos("PRON", "SCONJ"):
            return False
        if token.text in QUOTES or token.folded in self._pack.determiners or token.kind == "number":
            return True
        if token.kind != "word":
            return False
        readings = token.readings
        if token.has("VerbForm=Ger"):
            return False
        return any(r.pos in {"ADJ", "DET", "NUM", "ADV"} or "VerbForm=Part" in r.features for r in readings) or (
            token.folded in self._honorific_words
        )

    @property
    def _honorific_words(self) -> frozenset[str]:
        return self._pack.honorific_words


class SharedTitles(Coordination):
    """Finds the offices that words beyond a title and its holder tell; what builds phrases rests on it."""

    def _given_by_verbs(self, tokens: Sequence[Token], phrases: Sequence[Phrase]) -> list[OfficeHeld]:
        """Return the offices told by a verb that says what somebody is: "X was the envoy of Y", "the envoy is X"."""
        if not self._pack.copulas or any(t.text == "?" for t in tokens[-2:]):
            return []
        out: list[OfficeHeld] = []
        for number, title in enumerate(phrases):
            office = title.members[0].office if title.kind == "office" else None
            if office is None or title.possessive or len(title.members) > 1 or not title.members[0].of:
                continue
            before = phrases[number - 1] if number else None
            after = phrases[number + 1] if number + 1 < len(phrases) else None
            for holder, first, last in ((before, None, title.first), (after, title.last, None)):
                if holder is None or not self._may_hold(holder):
                    continue
                past = self._joined_by_verb(
                    tokens, holder.last if first is None else first, holder.first if last is None else last
                )
                if past is None:
                    continue
                former = office.former or past or self._pack.former_marks.longest_at(tokens, title.first) is not None
                held = OfficeHeld(
                    office.office,
                    former,
                    holder.members[0],
                    title.members[0].of,
                    min(title.first, holder.first),
                    max(title.last, holder.last),
                    True,
                )
                out.append(held)
                break
        return out

    def _may_hold(self, phrase: Phrase) -> bool:
        named = phrase.kind == "person" or (phrase.kind == "unknown" and len(phrase.members[0].words) >= SHORTEST_NAME)
        return named and len(phrase.members) == 1 and not phrase.possessive and not phrase.adjective

    def _joined_by_verb(self, tokens: Sequence[Token], first: int, last: int) -> bool | None:
        """Tell whether the words `[first, last)` are a verb that says what somebody is, and whether it is past; None
        for other words."""
        place = first
        if place < last and tokens[place].text == ",":
            place += 1
            if place < last and tokens[place].folded not in self._pack.relative_pronouns:
                return None
        if place < last and tokens[place].folded in self._pack.relative_pronouns:
            place += 1
        found = self._pack.copulas.longest_at(tokens, place) if place < last else None
        if found is None or found[0].last > last:
            return None
        verb = tokens[place : found[0].last]
        for at in range(found[0].last, last):
            skipped = self._pack.skip_marks.longest_at(tokens, at) or self._pack.former_marks.longest_at(tokens, at)
            known = tokens[at].folded in self._pack.determiners or tokens[at].folded in self._honorific_words
            if not (known or skipped or tokens[at].text == "."):
                return None
        return any(t.has("VerbForm=Fin") and t.has("Tense=Past") for t in verb[:1])

    def _shared(
        self, tokens: Sequence[Token], phrases: list[Phrase], held: list[OfficeHeld]
    ) -> tuple[list[Phrase], list[OfficeHeld]]:
        """Give a plural title to each name that follows with a body of its own: "ministers X of A and Y of B"."""
        gone: set[int] = set()
        more: list[OfficeHeld] = []
        for number, phrase in enumerate(phrases):
            told = next((h for h in held if h.last == phrase.last and h.of), None)
            if told is None or id(phrase) in gone or phrase.kind != "person" or not self._plural_title(tokens, phrase):
                continue
            at = number + 1
            while at + 1 < len(phrases):
                holder, body = phrases[at], phrases[at + 1]
                end = self._end_of_body(tokens, holder, body)
                if holder.kind not in {"person", "unknown"} or body.kind != "entity" or not end:
                    break
                if not self._joins(tokens, phrase.last, holder.first):
                    break
                one = replace(told, holder=holder.members[0], of=tuple(body.members), first=holder.first, last=end)
                more.append(one)
                phrase.members, phrase.last, phrase.coordinated = [*phrase.members, *holder.members], end, True
                gone |= {id(holder), id(body)}
                at += 2
        return [p for p in phrases if id(p) not in gone], [*held, *more]

    def _plural_title(self, tokens: Sequence[Token], phrase: Phrase) -> bool:
        words = tokens[phrase.first : phrase.members[0].first]
        return any(t.has("Number=Plur") and not t.has("Number=Sing") and t.is_pos("NOUN") for t in words)

    def _joins(self, tokens: Sequence[Token], first: int, last: int) -> bool:
        """Tell whether nothing but a comma or a conjunction stands between two members of a list."""
        place = first + (first < last and tokens[first].text == ",")
        found = self._pack.conjunctions.longest_at(tokens, place) if place < last else None
        return last > first and (place == last or (found is not None and found[0].last == last))

    def _end_of_body(self, tokens: Sequence[Token], holder: Phrase, body: Phrase) -> int:
        """Return where a body ends that a name has beside it, after an adposition or in brackets; 0 for none."""
        place = holder.last
        if place < len(tokens) and tokens[place].text == "(" and body.first == place + 1:
            closed = body.last < len(tokens) and tokens[body.last].text == ")"
            return body.last + 1 if closed else 0
        found = self._pack.adpositions.longest_at(tokens, place) if place < len(tokens) else None
        if found is None or found[1] not in self._owners:
            return 0
        rest = range(found[0].last, body.first)
        return body.last if all(tokens[t].folded in self._pack.determiners for t in rest) else 0

    @property
    def _owners(self) -> frozenset[str]:
        """The adpositions by which a title is told whose it is."""
        return frozenset(a for m in self._pack.office_order.get("of", ()) for a in m.adpositions)
