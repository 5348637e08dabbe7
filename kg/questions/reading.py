"""Question text -> tokens with what they name: entities, offices, dates; by the mention finder of the extractor.

People type questions in a hurry: a name in small letters is found too, and one with a letter wrong, which is said.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from rapidfuzz.distance import OSA

from kg.dates import DateMention
from kg.extract import Language
from kg.gazetteer import Gazetteer, family_names
from kg.language.pack import Pack
from kg.mentions import Mention, MentionFinder
from kg.model import Block, Entity, Iri, Sentence, Span, Token
from kg.questions.words import GROUP, QuestionWords
from kg.token_row import TokenRow

_ACTING = frozenset({"Nom", "Gen", "Ins"})  # who acts, and whose act it is
_SHORTEST_TYPED = 5  # letters of a name that may have one wrong
_LONG_NAME = 8  # letters of a name that may have two wrong
_SHORTEST_SMALL = 3  # letters of a name in small letters


@dataclass(frozen=True, slots=True)
class Named:
    """Something named in a question: half-open token range, the candidates best first, how it was written.

    `meant`: the name that was taken to be meant, where the question has it with a letter wrong; `acts`: it stands where
    the one who acts stands, or, False, where the one acted upon does; None where that cannot be told.
    """

    first: int
    last: int
    entities: tuple[Iri, ...]
    text: str
    cases: frozenset[str] = frozenset()
    meant: str = ""
    acts: bool | None = None


@dataclass(frozen=True, slots=True)
class Dated:
    """A date in a question; `as_of`: the question asks what held on it."""

    first: int
    last: int
    date: DateMention
    as_of: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """A question read in one language.

    `topics` are the places of the words that say what is asked; `unknown` the names nobody is known by; `frames` by
    place those that the lexicon's words there tell; `beyond` the words that ask for what no saved query gives; `asking`
    the forms of words without a topic.
    """

    language: str
    tokens: TokenRow
    named: tuple[Named, ...]
    offices: tuple[tuple[int, int, str], ...]
    dates: tuple[Dated, ...]
    topics: tuple[int, ...]
    unknown: tuple[str, ...]
    frames: Mapping[int, frozenset[str]]
    beyond: tuple[str, ...]
    asking: frozenset[str] = frozenset()
    negated: bool = False


class QuestionReader:
    """Reads questions in one language; `entities` are those of the reference data and of the register."""

    def __init__(
        self, language: Language, words: QuestionWords, entities: Mapping[Iri, Entity], discovered: Iterable[Entity]
    ) -> None:
        self._language, self._words = language, words
        self._pack: Pack = language.pack
        self._local = Gazetteer(self._pack, language.tokeniser)
        found = list(discovered)
        self._local.add_entities(found)
        for entity in found:
            if "Person" in entity.kinds:
                for family in family_names(entity, self._pack.names_from):
                    self._local.add(family, entity.id, "surname")
        self._finder = MentionFinder(self._pack, language.calendar, language.names, self._local, entities)

    def read(self, text: str, vocabulary: frozenset[str]) -> Reading:
        """Return the question with what it names; `vocabulary` are words of the saved queries, which are no names."""
        row = self.tokens(text)
        sentence = Sentence(0, Span(0, len(text)), Block(Span(0, len(text)), "body"), row)
        mentions = self._finder.find(text, sentence)
        fillers = self._without_topic(row)
        named = [
            self._named(row, m)
            for m in mentions
            if m.kind == "name" and m.entities and not self._plain(row, m, fillers)
        ]
        offices = tuple((m.first, m.last, m.office.office) for m in mentions if m.kind == "office" and m.office)
        dates = tuple(self._dated(row, m) for m in mentions if m.kind == "date" and m.date is not None)
        taken = {p for n in named for p in range(n.first, n.last)} | {p for d in dates for p in range(d.first, d.last)}
        frames = self._frames(row, taken)
        common = {p for p, t in enumerate(row) if t.keys & vocabulary or _alike(t)} | fillers | set(frames)
        held = {p for first, last, _ in offices for p in range(first, last)}
        common |= held
        named += self._in_small_letters(text, row, taken | common)
        taken |= {p for n in named for p in range(n.first, n.last)}
        runs = [m for m in mentions if m.kind == "unknown" and not set(range(m.first, m.last)) & taken]
        in_runs = {p for m in runs for p in range(m.first, m.last) if p}
        named += self._mistyped(row, taken | (common - in_runs))
        taken |= {p for n in named for p in range(n.first, n.last)}
        strange = [m for m in runs if not set(range(m.first, m.last)) & (taken | common)]
        unknown = tuple(text[row[m.first].span.start : row[m.last - 1].span.end] for m in strange)
        # They are given to parameters too, so that what is asked back is near to the question.
        named += [Named(m.first, m.last, (), name) for m, name in zip(strange, unknown, strict=True)]
        named = [replace(n, acts=self._acts(row, n)) for n in named]
        taken |= {p for m in strange for p in range(m.first, m.last)}
        beyond = tuple(" ".join(row[p].text for p in m.taken if p >= 0) for m, _ in self._words.beyond.search(row))
        topics = tuple(p for p, t in enumerate(row) if t.kind == "word" and p not in taken and p not in fillers)
        return Reading(
            self._pack.language, row, tuple(sorted(named, key=lambda n: n.first)), offices, dates, topics, unknown,
            frames, beyond, frozenset(row[p].folded for p in fillers - taken),
            self.negated(row),
        )  # fmt: skip

    def words(self, text: str) -> list[Token]:
        """Return the words of a wording that say what is asked."""
        row = self.tokens(text)
        fillers = self._without_topic(row)
        return [t for place, t in enumerate(row) if t.kind == "word" and place not in fillers]

    def negated(self, row: TokenRow) -> bool:
        """Tell whether a question or wording asks what did not happen."""
        return any(True for _ in self._words.negation.search(row))

    def asking(self, text: str) -> frozenset[str]:
        """Return the forms of the words of a wording that carry no topic."""
        row = self.tokens(text)
        return frozenset(row[place].folded for place in self._without_topic(row))

    def tokens(self, text: str) -> TokenRow:
        """Return the tokens of a question or wording."""
        tokeniser = self._language.tokeniser
        row = TokenRow(tokeniser.refined(tokeniser.tokens(text, 0, len(text))))
        alike: dict[int, set[str]] = {}
        for match, group in self._words.alike.search(row):
            for place in match.taken:
                if place >= 0:
                    alike.setdefault(place, set()).add(group)
        return TokenRow(replace(t, keys=t.keys | alike[n]) if n in alike else t for n, t in enumerate(row))

    def _without_topic(self, row: TokenRow) -> set[int]:
        """Return the places of words that say nothing of what is asked: those of the list, and support verbs."""
        said = [m for m, _ in self._words.fillers.search(row)] + [m for m, _ in self._pack.light.search(row)]
        return {p for m in said for p in m.taken if p >= 0 and not _alike(row[p])}

    def _plain(self, row: TokenRow, mention: Mention, fillers: set[int]) -> bool:
        """Tell whether what could be a name is a common word of questions."""
        return mention.first in fillers and not row[mention.first].capitalised

    def agents(self, frames: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
        """Return the roles of frames that are mostly the subject of their verbs, and those that mostly are not."""
        counts: dict[str, list[int]] = {}
        for trigger in self._pack.triggers:
            if trigger.frame in frames:
                for role, functions in trigger.roles:
                    counts.setdefault(role, [0, 0])["subject" in functions] += 1
        agents = frozenset(role for role, (other, subject) in counts.items() if subject > other)
        return agents, frozenset(counts) - agents

    def _acts(self, row: TokenRow, named: Named) -> bool | None:
        """Tell by case, adposition and neighbours whether a name stands where the one who acts does."""
        around = (named.last, named.last + 1) if self._pack.sov else (named.first - 2, named.first - 1)
        for place in around:
            for match, _ in self._pack.adpositions.at(row, place) if 0 <= place < len(row) else ():
                touches = match.first == named.last if self._pack.sov else match.last == named.first
                if touches and match.last <= len(row):
                    return row[match.first].folded in self._words.agents
        cases = {c.removeprefix("Case=") for c in named.cases}
        if self._pack.sov or self._pack.lemmatise_names:
            return True if cases and cases <= _ACTING else False if cases and not cases & _ACTING else None
        before = row[named.first - 1] if named.first else None
        if before is not None and before.keys & self._words.before_subject:
            return True
        return False if before is not None and before.is_pos("VERB") else None

    def _named(self, row: TokenRow, mention: Mention) -> Named:
        tokens = row[mention.first : mention.last]
        return Named(mention.first, mention.last, mention.entities, " ".join(t.text for t in tokens), _cases(tokens))

    def _dated(self, row: TokenRow, mention: Mention) -> Dated:
        assert mention.date is not None
        before = any(m.last == mention.first for m, _ in self._words.as_of.search(row))
        after = any(m.first == mention.last for m, _ in self._words.as_of.search(row))
        return Dated(mention.first, mention.last, mention.date, before or after)

    def _frames(self, row: TokenRow, taken: set[int]) -> dict[int, frozenset[str]]:
        """Return by place the frames that a verb, event noun or complement of the lexicon there can tell."""
        frames: dict[int, set[str]] = {}
        for index in (self._pack.verbs, self._pack.nouns):
            for match, trigger in index.search(row, typed=self._language.calendar.typed):
                for place in match.taken:
                    if place >= 0 and place not in taken:
                        frames.setdefault(place, set()).add(trigger.frame)
        for match, nominal in self._pack.nominals.search(row, typed=self._language.calendar.typed):
            for place in match.taken:
                if place >= 0 and place not in taken and nominal.frame:
                    frames.setdefault(place, set()).add(nominal.frame)
        return {place: frozenset(names) for place, names in frames.items()}

    def _common(self, token: Token) -> bool:
        """Tell whether a dictionary knows a word, and not as a name."""
        return self._pack.lemmatise_names and bool(token.readings) and not token.is_pos("PROPN", "X")

    def _in_small_letters(self, text: str, row: TokenRow, taken: set[int]) -> list[Named]:
        """Return the names that would be found if their words began with capital letters."""
        spelled = list(text)
        for place, token in enumerate(row):
            if place not in taken and token.kind == "word" and token.text.islower():
                spelled[token.span.start] = token.text[0].upper()
        titled = "".join(spelled)
        capital = self.tokens(titled)
        if len(titled) != len(text) or len(capital) != len(row):
            return []
        found: list[Named] = []
        place = 0
        while place < len(row):
            token = row[place]
            if place in taken or len(token.text) < _SHORTEST_SMALL or not token.text.islower() or self._common(token):
                place += 1
                continue
            hits = [h for g in (self._local, self._language.names) if (h := g.at(capital, place)) is not None]
            hit = max(hits, key=lambda h: h.last, default=None)
            if hit is None or set(range(hit.first, hit.last)) & taken:
                place += 1
                continue
            entities = tuple(dict.fromkeys(e.entity for e in hit.entries))
            tokens = capital[hit.first : hit.last]
            found.append(
                Named(
                    hit.first, hit.last, entities, " ".join(t.text for t in row[hit.first : hit.last]), _cases(tokens)
                )
            )
            place = hit.last
        return found

    def _mistyped(self, row: TokenRow, taken: set[int]) -> Iterator[Named]:
        """Yield the names that words may be meant to be, a letter or two being wrong."""
        for place, token in enumerate(row):
            if place in taken or token.kind != "word" or len(token.text) < _SHORTEST_TYPED:
                continue
            if self._common(token) and not (place and token.capitalised):
                continue
            if not token.text.isascii() and unicodedata.normalize("NFD", token.text)[0].isascii():
                continue  # a Latin word with its marks was written with care
            best = self._nearest(token)
            if best is not None:
                yield Named(place, place + 1, best[1], token.text, _cases((token,)), meant=best[0])

    def _nearest(self, token: Token) -> tuple[str, tuple[Iri, ...]] | None:
        """Return the name of one word nearest to a token, with what bears it; None where none or several are."""
        best: dict[str, set[Iri]] = {}
        least = 3
        for gazetteer in (self._local, self._language.names):
            for name, entities in gazetteer.single_words():
                allowed = 0 if len(name) < _SHORTEST_TYPED else 1 if len(name) < _LONG_NAME else 2
                distance = self._distance(token, name, min(allowed, least))
                if distance > min(allowed, least):
                    continue
                if distance < least:
                    least, best = distance, {}
                best.setdefault(name, set()).update(entities)
        everyone = set().union(*best.values()) if best else set()
        if not best or (len(everyone) > 1 and len(best) > 1):
            return None
        name = min(best)
        return name, tuple(sorted(everyone))

    def _distance(self, token: Token, name: str, most: int) -> int:
        """Return how many letters differ, endings of cases left aside; more than `most` if too many do."""
        forms = {token.folded, *token.keys}
        if self._pack.sov or self._pack.lemmatise_names:
            forms |= {token.folded[:length] for length in (len(name) - 1, len(name), len(name) + 1) if length > 3}
        return (
            min(OSA.distance(form, name, score_cutoff=most) for form in forms if form[:1] == name[:1] or most < 2)
            if (any(form[:1] == name[:1] or most < 2 for form in forms))
            else most + 1
        )


def _alike(token: Token) -> bool:
    """Tell whether a token belongs to a group of words that say one thing."""
    return any(key.endswith(GROUP) for key in token.keys)


def _cases(tokens: Sequence[Token]) -> frozenset[str]:
    return frozenset(f for t in tokens[-1:] for r in t.readings for f in r.features if f.startswith("Case="))
