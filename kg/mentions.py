"""Sentence -> mentions: dates, names of reference data and of this document, office titles, pronouns, unknown names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from kg.dates import Calendar, DateMention
from kg.gazetteer import Gazetteer
from kg.language.pack import Anaphor, Nominal, Office, Pack
from kg.model import Entity, Iri, Sentence, Token
from kg.patterns import Match
from kg.token_row import TokenRow
from kg.unguarded import unguarded

SENTENCE_ENDS = frozenset({".", "!", "?"})
QUOTES = frozenset("\"'\u00ab\u00bb\u201c\u201d\u201e\u2018\u2019")
OPENING = frozenset('"\u00ab\u201c\u201e')
CLOSING = frozenset('"\u00bb\u201d\u201c')
INITIAL_TAIL = frozenset({"Jr", "Sr"})
NAME_LENGTH = 5
FAMILY_LENGTH = 4  # words of a name that begins with a family name of the pack's list
LONGEST_SYLLABLE = 7
REST_OF_NAME = 2  # words of a name in quotes after a known one
ABBREVIATION = (2, 5)  # letters of an abbreviation, at least and at most
_NAME_GIVERS = frozenset({"State", "Waters", "Region"})  # whose names begin those of bodies and exercises
_ROMAN = re.compile("[IVXLC]{2,}|[IVX]")
CLOSED_CLASSES = frozenset({"ADV", "ADP", "DET", "PRON", "CCONJ", "SCONJ", "PART", "AUX", "NUM"})


@unguarded
@dataclass(frozen=True, slots=True)
class Mention:
    """Words that name or stand for something. Token range half-open; `entities` are the candidates, best first."""

    first: int
    last: int
    kind: str
    entities: tuple[Iri, ...] = ()
    via: str = ""
    date: DateMention | None = None
    office: Office | None = None
    anaphor: Anaphor | None = None
    nominal: Nominal | None = None
    words: tuple[str, ...] = ()
    keys: frozenset[str] = frozenset()

    @property
    def adjective(self) -> bool:
        """Tell whether the mention can only modify a noun."""
        return self.via == "adjective"


class MentionFinder:
    """Finds the mentions of sentences of one document."""

    def __init__(
        self,
        pack: Pack,
        calendar: Calendar,
        names: Gazetteer,
        local: Gazetteer,
        entities: Mapping[Iri, Entity],
    ) -> None:
        self._pack = pack
        self._calendar = calendar
        self._names = names
        self._local = local
        self._entities = entities

    def find(self, text: str, sentence: Sentence, start: int = 0) -> list[Mention]:
        """Return the mentions of a sentence in order, not overlapping; tokens before `start` (a dateline) are
        skipped."""
        tokens = sentence.tokens
        dates = {d.first: d for d in self._calendar.find(text, tokens)}
        out: list[Mention] = []
        possible = self._possible(tokens, dates)
        place = start
        while place < len(tokens):
            found = self._best_at(tokens, place, dates) if place in possible else None
            if found is None:
                place += 1
                continue
            if found.kind == "name" and self._bodies_precede:
                found = self._before_title(tokens, found)
            if found.kind == "name" and self._pack.lemmatise_names:
                found = self._whole_quote(tokens, found)
            if found.anaphor is not None and found.anaphor.count == 1:
                better = self._inside(tokens, found, dates)
                found = better or found
            out.append(found)
            if found.kind == "office":
                out += self._in_gap(tokens, found)
            place = found.last
        return self._with_unknown_names(tokens, out, start)

    def _possible(self, tokens: Sequence[Token], dates: Mapping[int, DateMention]) -> set[int]:
        """Return the places at which a mention can begin, so that the others need not be looked at."""
        row = tokens if isinstance(tokens, TokenRow) else TokenRow(tokens)
        hyphenated = (place for place, token in enumerate(row) if "-" in token.text)
        families = (p for w in self._pack.family_names for p in row.places.get(w, ()))
        return {*dates, *hyphenated, *families}.union(
            self._local.places(row), self._names.places(row),
            self._pack.offices.places(row), self._pack.anaphors.places(row), self._pack.nominals.places(row),
        )  # fmt: skip

    def _best_at(self, tokens: Sequence[Token], place: int, dates: Mapping[int, DateMention]) -> Mention | None:
        candidates: list[Mention] = []
        if place in dates:
            candidates.append(Mention(place, dates[place].last, "date", date=dates[place]))
        candidates += self._named_at(tokens, place)
        if self._pack.family_names and tokens[place].folded in self._pack.family_names:
            candidates += self._family(tokens, place)
        office = self._pack.offices.longest_at(tokens, place)
        if office:
            candidates.append(Mention(place, office[0].last, "office", office=office[1]))
        anaphor = self._pack.anaphors.longest_at(tokens, place)
        if anaphor and not self._addresses(tokens, place, anaphor[0].last) and not self._complemented(tokens, anaphor):
            candidates.append(Mention(place, anaphor[0].last, "anaphor", anaphor=anaphor[1]))
        nominal = self._pack.nominals.longest_at(tokens, place)
        if nominal and any(t.is_pos("NOUN", "PROPN", "X") for t in tokens[place : nominal[0].last]):
            candidates.append(Mention(place, nominal[0].last, "nominal", nominal=nominal[1]))
        if not candidates:
            return None
        return max(candidates, key=lambda m: (m.last, m.kind != "anaphor"))

    def _family(self, tokens: Sequence[Token], place: int) -> list[Mention]:
        """Return the person whose family name stands here: its other words may be names of states ("Le Duc Anh")."""
        last = place + 1
        while last < min(len(tokens), place + FAMILY_LENGTH) and tokens[last].capitalised:
            if tokens[last].kind != "word" or len(tokens[last].text) > LONGEST_SYLLABLE:
                break
            last += 1
        if not tokens[place].capitalised or last - place < 3:
            return []
        return [Mention(place, last, "unknown", words=tuple(t.text for t in tokens[place:last]))]

    def _complemented(self, tokens: Sequence[Token], anaphor: tuple[Match, Anaphor]) -> bool:
        """Tell whether a plural description has a genitive of its own ("the states of the bloc"): it points back to
        nothing."""
        match, what = anaphor
        if not (self._pack.sov or self._pack.lemmatise_names) and match.last + 1 < len(tokens):
            owned = what.count != 1 and not what.possessive and tuple(what.refers) == ("Person",)
            places = [t for t in range(match.last + 1, match.last + 3) if t < len(tokens)]
            named = any(tokens[t].capitalised for t in places[:1] + places[1:] * (tokens[places[0]].is_pos("DET")))
            adposition = self._pack.adpositions.longest_at(tokens, match.last)
            noun = tokens[match.last - 1].is_pos("NOUN")
            if owned and named and noun and adposition is not None and adposition[0].last == match.last + 1:
                return adposition[1] in self._owners
        if not self._pack.lemmatise_names or match.last >= len(tokens):
            return False
        head, following = tokens[match.last - 1], tokens[match.last]
        return (
            head.is_pos("NOUN")
            and (what.count != 1 or (head.has("Number=Plur") and not following.capitalised))
            and bool(following.readings)
            and all(r.pos in {"NOUN", "PROPN", "ADJ"} and "Case=Gen" in r.features for r in following.readings)
        )

    @cached_property
    def _owners(self) -> frozenset[str]:
        """The adpositions by which a title is told whose it is."""
        return frozenset(a for m in self._pack.office_order.get("of", ()) for a in m.adpositions)

    def _addresses(self, tokens: Sequence[Token], first: int, last: int) -> bool:
        """Tell whether words that can stand for a person are the honorific of the name that follows them."""
        found = self._pack.honorifics.longest_at(tokens, first)
        return (
            found is not None
            and found[0].last >= last
            and found[0].last < len(tokens)
            and (tokens[found[0].last].capitalised)
        )

    @property
    def _bodies_precede(self) -> bool:
        """Tell whether the body of an office can stand before its title in this language."""
        return any(m.side == "left" for m in self._pack.office_order.get("of", ()))

    def _before_title(self, tokens: Sequence[Token], found: Mention) -> Mention:
        """Cut a name of a body short where a title begins inside it and goes beyond ("X Security Council
        secretary")."""
        for place in range(found.first + 1, found.last):
            title = self._pack.offices.longest_at(tokens, place)
            if title is not None and title[0].last > found.last:
                shorter = self._named_at(tokens[:place], found.first)
                return shorter[0] if shorter else found
        return found

    def _whole_quote(self, tokens: Sequence[Token], found: Mention) -> Mention:
        """Return all of a short name in quotes that a known name begins: it names something else ("Gazprom Neft")."""
        if found.first == 0 or tokens[found.first - 1].text not in OPENING or found.last >= len(tokens):
            return found
        reach = range(found.last, min(found.last + REST_OF_NAME + 1, len(tokens)))
        end = next((t for t in reach if tokens[t].text in QUOTES), None)
        if end is None or end == found.last:
            return found
        plain = all(
            t.is_pos("NOUN", "ADJ", "X", "PROPN") and not t.has("VerbForm=Fin") for t in tokens[found.last : end]
        )
        return self._unknown(tokens, found.first, end) if plain else found

    def _inside(self, tokens: Sequence[Token], found: Mention, dates: Mapping[int, DateMention]) -> Mention | None:
        """Return a title or name that begins inside a description ("the president") and reaches its end or beyond."""
        for place in range(found.first + 1, found.last):
            other = self._best_at(tokens, place, dates)
            if other is not None and other.kind in {"office", "name", "nominal"} and other.last >= found.last:
                return other
        return None

    def _in_gap(self, tokens: Sequence[Token], office: Mention) -> list[Mention]:
        """Return the names inside a title ("chairman of X's Senate"), where its pattern leaves a gap."""
        match = self._pack.offices.longest_at(tokens, office.first)
        gap = set(range(office.first, office.last)) - set(match[0].taken if match else ())
        ends = {t: next(e for e in range(t, office.last + 1) if e not in gap) for t in gap}
        return [m for t in sorted(gap) for m in self._named_at(tokens[: ends[t]], t)]

    def _named_at(self, tokens: Sequence[Token], place: int) -> list[Mention]:
        out: list[Mention] = []
        for gazetteer in (self._local, self._names):
            hit = gazetteer.at(tokens, place)
            if hit is None:
                continue
            kinds = {e.kind for e in hit.entries}
            via = "adjective" if kinds == {"adjective"} else next(iter(sorted(kinds - {"adjective"})))
            ranked = sorted(hit.entries, key=lambda e: (e.kind == "adjective", self._rank(e.entity), e.entity))
            entities = tuple(dict.fromkeys(e.entity for e in ranked))
            keys = frozenset().union(*(k for e in hit.entries for k in e.keys))
            out.append(Mention(hit.first, hit.last, "name", entities, via, keys=keys))
        if not out and tokens[place].capitalised is False and "-" in tokens[place].text:
            out += self._compound_adjective(tokens[place], place)
        return out

    def _rank(self, iri: Iri) -> int:
        kinds = self._entities[iri].kinds if iri in self._entities else frozenset()
        return 0 if "State" in kinds else 1 if "CollectiveActor" in kinds else 2 if "Person" in kinds else 3

    def _compound_adjective(self, token: Token, place: int) -> list[Mention]:
        """Return both states of a compound adjective (first-second), when both parts are known adjectives."""
        parts = token.folded.split("-")
        if len(parts) != 2 or len(parts[0]) < 4:
            return []
        first = self._names.adjective_by_stem(parts[0][:-1])
        second = next(
            (e for key in sorted(token.keys) for e in [self._names.adjective_by_stem(key.split("-")[-1][:-2])] if e),
            None,
        )
        if first is None or second is None:
            return []
        return [Mention(place, place + 1, "name", (first, second), "compound")]

    def _with_unknown_names(self, tokens: Sequence[Token], known: list[Mention], start: int) -> list[Mention]:
        taken = [False] * len(tokens)
        for m in known:
            taken[m.first : m.last] = [True] * (m.last - m.first)
        runs: list[Mention] = [] if self._pack.sov else self._quoted_names(tokens, taken)
        for run in runs:
            taken[run.first : run.last] = [True] * (run.last - run.first)
        known = [m for m in known if not any(r.first <= m.first < r.last for r in runs)]
        place = start
        while place < len(tokens):
            last = self._quoted_body(tokens, taken, place) or place
            if last == place and not taken[place] and not self._common_opening(tokens, place, start):
                last = self._name_run(tokens, taken, place)
            if last > place:
                runs.append(self._unknown(tokens, place, last))
                place = last
            else:
                place += 1
        mentions = self._with_first_names(tokens, sorted([*known, *runs], key=lambda m: m.first))
        return self._longer_names(tokens, mentions)

    def _quoted_names(self, tokens: Sequence[Token], taken: Sequence[bool]) -> list[Mention]:
        """Return the unknown names in quotes after a general noun that says what they name ("the company 'Black
        Bone'")."""
        out: list[Mention] = []
        for place, token in enumerate(tokens[1:-1], 1):
            if token.text not in OPENING or not tokens[place + 1].capitalised:
                continue
            head = self._pack.name_heads.longest_at(tokens, place - 1)
            end = next((t for t in range(place + 1, min(place + 8, len(tokens))) if tokens[t].text in CLOSING), None)
            if head is None or end is None or end == place + 1:
                continue
            if not any(taken[t] and self._names.at(tokens, t) for t in range(place + 1, end)):
                out.append(self._unknown(tokens, place + 1, end))
        return out

    def _quoted_body(self, tokens: Sequence[Token], taken: Sequence[bool], place: int) -> int:
        """Return the end of a name in quotes that a general noun beside it calls a body, 0 for none: not all of its
        words need a capital."""
        if place == 0 or tokens[place - 1].text not in QUOTES or not tokens[place].capitalised:
            return 0
        last = next((t for t in range(place + 1, min(place + 8, len(tokens))) if tokens[t].text in QUOTES), 0)
        if not last or any(taken[place:last]) or any(t.kind == "mark" for t in tokens[place:last]):
            return 0
        beside = last + 1 if self._pack.sov else place - 2
        if not 0 <= beside < len(tokens):
            return 0
        return last if self._pack.body_kinds.longest_at(tokens, beside) is not None else 0

    def _longer_names(self, tokens: Sequence[Token], mentions: list[Mention]) -> list[Mention]:
        """Join the name of a state, sea or region and the unknown name right after it: what is called so, not the
        place."""
        if (
            self._pack.sov
            or self._pack.lemmatise_names
            or not self._bodies_precede
            or all(t.capitalised for t in tokens if len(t.text) > 3)
        ):
            return mentions
        out: list[Mention] = []
        for m in mentions:
            before = out[-1] if out else None
            if (
                before is not None
                and m.kind == "unknown"
                and before.kind == "name"
                and before.last == m.first
                and before.via in {"preferred", "alternative"}
                and tokens[before.first].text.istitle()
                and not (before.first and next(self._pack.adpositions.at(tokens, before.first - 1), None))
                and any(_NAME_GIVERS & self._entities[e].kinds for e in before.entities if e in self._entities)
            ):
                out[-1] = self._unknown(tokens, before.first, m.last)
                continue
            out.append(m)
        return out

    def _common_opening(self, tokens: Sequence[Token], place: int, start: int) -> bool:
        """Tell whether a capital letter only marks the beginning of a sentence: the word is known as a common one."""
        if place != start and tokens[place - 1].text not in QUOTES | {":"}:
            return False
        readings = tokens[place].readings
        if any(f.startswith("Name=") for r in readings for f in r.features):
            return False
        run = place + 1 < len(tokens) and (tokens[place + 1].capitalised or tokens[place + 1].text == ".")
        return any(r.pos in CLOSED_CLASSES or (not run and r.pos not in {"PROPN", "X"}) for r in readings)

    def _with_first_names(self, tokens: Sequence[Token], mentions: list[Mention]) -> list[Mention]:
        """Join a surname with the initials or first names before it; another first name makes it another person."""
        out: list[Mention] = []
        for mention in mentions:
            before = out[-1] if out else None
            if (
                mention.via == "surname"
                and before is not None
                and before.kind == "unknown"
                and before.last == mention.first
            ):
                out.pop()
                words = (*before.words, *(t.text for t in tokens[mention.first : mention.last]))
                if self._initials_of(before.words, mention.entities[0]):
                    out.append(replace(mention, first=before.first))
                else:
                    out.append(Mention(before.first, mention.last, "unknown", words=words))
            elif (
                mention.kind == "unknown"
                and before is not None
                and before.via == "surname"
                and mention.first - before.last <= 2
                and all(t.folded in self._pack.particles for t in tokens[before.last : mention.first])
            ):
                out.pop()
                words = (*(t.text for t in tokens[before.first : mention.first]), *mention.words)
                out.append(Mention(before.first, mention.last, "unknown", words=words))
            elif (
                mention.via == "surname"
                and before is not None
                and before.via == "surname"
                and before.last == mention.first
                and tokens[before.last - 1].has("Name=Given")
            ):
                words = tuple(t.text for t in tokens[before.first : mention.last])
                out[-1] = (
                    replace(mention, first=before.first)
                    if self._called(tokens[before.first : before.last], mention.entities[0])
                    else Mention(before.first, mention.last, "unknown", words=words)
                )
            elif (
                mention.via == "surname"
                and before is not None
                and before.kind == "name"
                and before.last == mention.first == before.first + 1
                and self._pack.lemmatise_names
                and self._called(tokens[before.first : before.last], mention.entities[0])
            ):
                out[-1] = replace(mention, first=before.first)  # a first name that is that of a town too
            elif mention.via == "surname" and before is not None and self._one_name(tokens, before, mention):
                words = tuple(t.text for t in tokens[before.first : mention.last] if t.text not in QUOTES)
                out[-1] = Mention(before.first, mention.last, "unknown", words=words)
            elif (
                self._pack.sov
                and before is not None
                and before.via == "surname"
                and before.last == mention.first
                and mention.kind == "name"
                and mention.via != "surname"
                and any(self._is_person(e) for e in mention.entities)
            ):
                out[-1] = replace(mention, first=before.first)  # a first name that is somebody else's surname
            elif (
                self._pack.sov
                and before is not None
                and before.kind == "unknown"
                and before.last == mention.first == before.first + 1
                and all("Case=Nom" in r.features and "Poss=3" not in r.features for r in tokens[before.first].readings)
                and mention.via in {"preferred", "alternative"}
                and any(self._is_person(e) for e in mention.entities)
            ):
                out[-1] = replace(mention, first=before.first)  # a fuller name than the reference data has
            elif (
                self._pack.lemmatise_names
                and before is not None
                and before.kind == "unknown"
                and before.last == mention.first == before.first + 1
                and mention.via in {"preferred", "alternative"}
                and any(self._is_person(e) for e in mention.entities)
                and not (before.first and tokens[before.first - 1].text in QUOTES)
            ):
                out[-1] = replace(mention, first=before.first)  # a first name more than the reference data has
            elif mention.kind == "unknown" and before is not None and self._first_name(tokens, before, mention):
                out[-1] = self._unknown(tokens, before.first, mention.last)
            else:
                out.append(mention)
        return [self._with_last_names(tokens, m) for m in out]

    def _one_name(self, tokens: Sequence[Token], before: Mention, mention: Mention) -> bool:
        """Tell whether a surname goes on with the name before it: "A bin B", "A 'B"."""
        between = tokens[before.last : mention.first]
        if before.kind == "unknown":
            mark = between[0] if len(between) == 1 else None
            return mark is not None and mark.text in QUOTES and mark.span.end == tokens[mention.first].span.start
        if before.via != "surname" or not between or before.entities == mention.entities:
            return False
        return len(between) <= 2 and all(t.folded in self._pack.particles for t in between)

    def _with_last_names(self, tokens: Sequence[Token], mention: Mention) -> Mention:
        """Take a last part joined by a hyphen into an unknown name that ends before it ("... al-X")."""
        last = mention.last
        while mention.kind == "unknown" and last < len(tokens) and self._joined_particle(tokens[last]):
            last += 1
        if last == mention.last:
            return mention
        return replace(mention, last=last, words=(*mention.words, *(t.text for t in tokens[mention.last : last])))

    def _is_person(self, iri: Iri) -> bool:
        return iri in self._entities and "Person" in self._entities[iri].kinds

    def _first_name(self, tokens: Sequence[Token], before: Mention, mention: Mention) -> bool:
        """Tell whether the name of a town right before an unknown name is a first name in the nominative."""
        first = tokens[before.first]
        return (
            before.kind == "name"
            and before.last == mention.first == before.first + 1
            and not any("State" in self._entities[e].kinds for e in before.entities if e in self._entities)
            and not (before.first and next(self._pack.adpositions.at(tokens, before.first - 1), None))
            and any({"Name=Given", "Case=Nom"} <= r.features for r in first.readings)
        )

    def _called(self, tokens: Sequence[Token], person: Iri) -> bool:
        """Tell whether words stand in some name of a person."""
        fold = self._pack.morphology.fold
        entity = self._entities.get(person)
        own = {fold(w) for n in entity.names for w in n.text.split()} if entity else set()
        return all(t.keys & own for t in tokens)

    def _initials_of(self, words: Sequence[str], person: Iri) -> bool:
        entity = self._entities.get(person)
        if entity is None or not all(w.endswith(".") or len(w) == 1 for w in words):
            return False
        wanted = words[0][0].casefold()
        return any(part[:1].casefold() == wanted for n in entity.names for part in n.text.split()[:-1])

    def _name_run(self, tokens: Sequence[Token], taken: Sequence[bool], place: int) -> int:
        """Return the end of a run of capitalised words that may be a name, `place` when there is none."""
        last = place
        if self._opens_sentence(tokens, place) and self._common(tokens[place]):
            return place
        if self._describes_next(tokens, place):
            return place
        head = None if self._pack.sov else self._pack.proxies.longest_at(tokens, place)
        if head is not None and head[0].last - place > 1:
            return place  # "Japan's Maritime Self-Defence Force" is no name of its own
        while last < len(tokens) and last - place < 2 * NAME_LENGTH:
            token = tokens[last]
            numeral = _ROMAN.fullmatch(token.text) and not (last == place and self._initial(tokens, last))
            if taken[last] or numeral:
                break
            common = token.folded in self._pack.not_names or (
                self._pack.sov and bool(token.keys & self._pack.not_names)
            )
            barred = common and (last == place or not self._goes_on(tokens, taken, last))
            barred = barred or (token.capitalised and self._headline_verb(tokens, last))
            barred = barred or (last == place and self._abbreviation(tokens, last))
            if token.capitalised and not barred and not self._is_title_word(tokens, last):
                last += 1
                if self._initial(tokens, last - 1):
                    last += 1
                continue
            if token.folded in self._pack.particles and last > place and self._goes_on(tokens, taken, last):
                last += 1
                continue
            if last > place and self._joined_particle(token):
                last += 1
                continue
            break
        while last > place and tokens[last - 1].folded in self._pack.particles and not tokens[last - 1].capitalised:
            last -= 1
        return last

    def _describes_next(self, tokens: Sequence[Token], place: int) -> bool:
        """Tell whether a capitalised word is an adjective of the common noun after it: part of a body's name."""
        if not self._pack.lemmatise_names or place + 1 >= len(tokens) or tokens[place + 1].capitalised:
            return False
        own, following = tokens[place].readings, tokens[place + 1].readings
        return (
            bool(own)
            and all(r.pos == "ADJ" for r in own)
            and bool(following)
            and all(r.pos == "NOUN" for r in following)
        )

    def _abbreviation(self, tokens: Sequence[Token], place: int) -> bool:
        """Tell whether a word in capitals stands before a name that is not: a body, no first name ("the SSG chief
        X")."""
        if not self._pack.lemmatise_names or place + 1 >= len(tokens):
            return False
        word, following = tokens[place].text, tokens[place + 1].text
        return ABBREVIATION[0] <= len(word) <= ABBREVIATION[1] and word.isupper() and following.istitle()

    def _headline_verb(self, tokens: Sequence[Token], place: int) -> bool:
        """Tell whether a word of a headline in capitals is a finite verb of the dictionary, and no given name."""
        token = tokens[place]
        if self._pack.sov or self._pack.lemmatise_names or not token.has("VerbForm=Fin"):
            return False
        if token.has("Name=Given") or token.folded in self._pack.given_names:
            return False
        long = [t for t in tokens if t.kind == "word" and len(t.text) > 4]
        return len(long) > 2 and all(t.capitalised for t in long)

    def _opens_sentence(self, tokens: Sequence[Token], place: int) -> bool:
        return not any(t.kind == "word" for t in tokens[:place]) or tokens[place - 1].text in QUOTES

    def _common(self, token: Token) -> bool:
        """Tell whether a dictionary knows a word, and not as a name: where a sentence opens its capital says
        nothing."""
        return self._pack.lemmatise_names and bool(token.readings) and not token.is_pos("PROPN", "X")

    def _joined_particle(self, token: Token) -> bool:
        """Tell whether a word is a particle and a name joined by a hyphen: "al-Sudani" in lower case."""
        particle, hyphen, rest = token.text.partition("-")
        return bool(hyphen) and particle in self._pack.particles and rest[:1].isupper()

    def _initial(self, tokens: Sequence[Token], place: int) -> bool:
        token = tokens[place]
        following = tokens[place + 1] if place + 1 < len(tokens) else None
        if following is None or following.text != "." or following.span.start != token.span.end:
            return False
        return (len(token.text) <= 2 and token.text[0].isupper() and place + 2 < len(tokens)) or (
            token.text in INITIAL_TAIL
        )

    def _goes_on(self, tokens: Sequence[Token], taken: Sequence[bool], place: int) -> bool:
        following = place + 1
        return (
            following < len(tokens)
            and not taken[following]
            and (tokens[following].capitalised or tokens[following].folded in self._pack.particles)
        )

    def _is_title_word(self, tokens: Sequence[Token], place: int) -> bool:
        found = self._pack.honorifics.longest_at(tokens, place)
        if found is not None and self._pack.lemmatise_names and place and tokens[place].text.istitle():
            return not tokens[place - 1].capitalised  # "Francine Baron": titles are written small
        return found is not None

    def _unknown(self, tokens: Sequence[Token], first: int, last: int) -> Mention:
        words: list[str] = []
        for token in tokens[first:last]:
            if token.text == "." and words:
                words[-1] += "."
            else:
                words.append(token.text)
        return Mention(first, last, "unknown", words=tuple(words))


def mask(mentions: Iterable[Mention], length: int) -> list[Mention | None]:
    """Return for each token the mention it belongs to."""
    out: list[Mention | None] = [None] * length
    for mention in mentions:
        for place in range(mention.first, mention.last):
            out[place] = mention
    return out


def with_entities(mention: Mention, entities: tuple[Iri, ...]) -> Mention:
    """Return the mention with other candidates."""
    return replace(mention, entities=entities)
