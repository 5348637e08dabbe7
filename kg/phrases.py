"""Mentions -> noun phrases that can be arguments: what they refer to, their case, adposition and coordination.

A phrase is built inwards out: names, the heads that stand for the state they belong to ("Kazakh troops"), office
titles with their holders, then lists of phrases.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from kg.language.pack import Anaphor, Marking, Nominal, Office, Pack
from kg.mentions import QUOTES, Mention
from kg.model import Iri, Reading, Token

OBLIQUE_CASES = frozenset({"Acc", "Dat", "Loc", "Abl", "Ins"})
LOOK_BACK = 5
TRANSPARENT = "transparent"  # "a contingent of", "hundreds of": the noun after it is what counts
MODIFIERS_BETWEEN = 3
_OBLIQUE = frozenset({"Case=Dat", "Case=Acc", "Case=Loc", "Case=Abl", "Case=Ins"})
INDECLINABLE = 5
NO_OFFICE = "none"  # words that look like a title ("candidate for president") and give none


@dataclass(frozen=True, slots=True)
class Referent:
    """One thing a phrase refers to: known candidates, an unknown name, or words to be resolved in the discourse."""

    first: int
    last: int
    entities: tuple[Iri, ...] = ()
    words: tuple[str, ...] = ()
    anaphor: Anaphor | None = None
    office: Office | None = None
    of: tuple[Referent, ...] = ()
    proxied: bool = False
    via: str = ""
    organ: bool = False
    cases: frozenset[str] = frozenset()
    head: str = ""


@dataclass(slots=True)
class Phrase:
    """A noun phrase; half-open token range, `members` in the order of the text."""

    first: int
    last: int
    kind: str
    members: list[Referent]
    cases: frozenset[str] = frozenset()
    adposition: str | None = None
    adposition_at: int = -1
    possessive: bool = False
    adjective: bool = False
    negated: bool = False
    coordinated: bool = False
    nominal: Nominal | None = None
    head: int = -1
    mixed: bool = False
    parts: list[Phrase] = field(default_factory=list)

    @property
    def start(self) -> int:
        """First token including the adposition before it."""
        return min(self.first, self.adposition_at) if self.adposition_at >= 0 else self.first


@dataclass(frozen=True, slots=True)
class OfficeHeld:
    """An office found with its holder: what the sentence says of it, before anything is resolved."""

    office: str
    former: bool
    holder: Referent
    of: tuple[Referent, ...]
    first: int
    last: int
    definite: bool
    title: str = ""


class PhraseParts:
    """Names, lists and heads of phrases, by the order and markings of one pack; `kg.titles` puts them together."""

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
                return cases_of(own)
        common = self._cases(words)
        if phrase.kind == "person" and m.keys and len(words) > 1 and self._pack.lemmatise_names:
            fold = self._pack.morphology.fold
            last = cases_of(tuple(r for r in words[-1].readings if fold(r.lemma) in m.keys))
            if last:  # where the first words of a name stay as they are, the last one tells
                return common & last or last
        if phrase.kind in {"person", "unknown"} or len(words) == 1:
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
            genitive = left.possessive or left.adjective or (self._pack.sov and left.cases == {"Gen"})
            if between or not genitive or not left.members[0].entities or not right.members[0].entities:
                continue
            if self._belongs(right.members[0].entities[0], left.members[0].entities[0]):
                gone.add(id(left))
                right.first = left.first
        return [p for p in phrases if id(p) not in gone]

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
            return "dash"
        return None

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
            if modifier is not None:
                self._take_head(tokens, modifier, first, last, organ=organ)
                taken.update(range(modifier.first, modifier.last))
            place = last
        return phrases

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
        if self._pack.compounds and phrase.adposition is not None and phrase.kind == "entity" and not phrase.possessive:
            phrase.adjective = phrase.adjective or self._modifies_next(tokens, phrase)

    def _modifies_next(self, tokens: Sequence[Token], phrase: Phrase) -> bool:
        """Tell whether a name only modifies the common noun right after it ("by 97 UN member states")."""
        if any(m.proxied for m in phrase.members) or phrase.last >= len(tokens):
            return False
        following = tokens[phrase.last]
        return (
            bool(following.readings) and not following.capitalised and all(r.pos == "NOUN" for r in following.readings)
        )

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
            if name is not None and name != TRANSPARENT:
                return name, start
            if name is None and not self._before_head(tokens[place]):
                modifier = next((p for p in self._told if p.adjective and p.last == place + 1), None)
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


def in_cases(members: Sequence[Referent], cases: frozenset[str]) -> list[Referent]:
    """Return the members with the cases they stand in, which tell the nominative of an unknown name."""
    return [replace(m, cases=cases) if m.words else m for m in members]


def _oblique(token: Token) -> bool:
    """Tell whether a word is a noun in a case that ends its phrase, so that no owner reaches over it."""
    return bool(token.readings) and all(r.pos in {"NOUN", "PROPN"} and r.features & _OBLIQUE for r in token.readings)


def cases_of(readings: Sequence[Reading]) -> frozenset[str]:
    """Return the cases that the readings of one word allow.

    >>> sorted(cases_of((Reading("x", "NOUN", frozenset({"Case=Nom"})), Reading("x", "NOUN", frozenset({"Case=Acc"})))))
    ['Acc', 'Nom']
    """
    return frozenset[str]().union(*(_cases(r.features) for r in readings))


@lru_cache(maxsize=65536)
def _cases(features: frozenset[str]) -> frozenset[str]:
    return frozenset(f[5:] for f in features if f.startswith("Case="))
