"""Names of reference data -> a matcher over tokens, for one language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg.language.pack import Pack
from kg.model import Entity, Iri, Token
from kg.token_row import TokenRow
from kg.tokens import Tokeniser
from kg.unguarded import unguarded

APOSTROPHES = frozenset("'\u2019")  # in plural possessives: "Workers' Party", however it is written


@dataclass(frozen=True, slots=True)
class Entry:
    """One name: the keys each of its tokens must share, what it names, and as what kind of name."""

    keys: tuple[frozenset[str], ...]
    upper: tuple[bool, ...]
    acronym: bool
    entity: Iri
    kind: str
    text: str
    numbers: frozenset[str] = frozenset()
    owned: bool = False


@unguarded
@dataclass(frozen=True, slots=True)
class Hit:
    """Names found at a place: half-open token range, and the entries that match it equally well."""

    first: int
    last: int
    entries: tuple[Entry, ...]


class Gazetteer:
    """Finds names of entities in tokens, the longest first; several entities may share a name."""

    def __init__(self, pack: Pack, tokeniser: Tokeniser) -> None:
        self._pack = pack
        self._tokeniser = tokeniser
        self._by_key: dict[str, list[Entry]] = {}
        self._size = 0
        self._stems: dict[str, Iri | None] = {}

    def add_entities(self, entities: Iterable[Entity]) -> None:
        """Add every name an entity has in the pack's languages."""
        languages = frozenset(self._pack.names_from)
        own = self._pack.language
        for entity in entities:
            for name in entity.names:
                if name.language not in languages or name.kind == "family":
                    continue
                if name.language != own and name.kind not in {"preferred", "alternative"}:
                    continue
                self.add(name.text, entity.id, name.kind)

    def add(self, text: str, entity: Iri, kind: str) -> None:
        """Add one name."""
        kept = {"-", "&", "+", *APOSTROPHES}
        tokens = [t for t in self._tokeniser.tokens(text, 0, len(text)) if t.kind != "mark" or t.text in kept]
        if not tokens:
            return
        lemmatise = self._pack.lemmatise_names
        bare = self._pack.sov and len(tokens) == 1 and kind not in {"adjective", "demonym"}
        keys = tuple(self._label_keys(t) if lemmatise and not bare else _written(t) for t in tokens)
        acronym = len(tokens) == 1 and text.isupper() and len(text) <= 6
        whole = lemmatise and len(tokens) == 1 and kind not in {"adjective", "demonym"}
        numbers = numbers_of(tokens[0]) if whole else frozenset()
        owned = (
            self._pack.sov
            and len(tokens) > 1
            and bool(tokens[-1].readings)
            and all("Poss=3" in r.features for r in tokens[-1].readings)
        )
        entry = Entry(keys, tuple(t.text[:1].isupper() for t in tokens), acronym, entity, kind, text, numbers, owned)
        self._size += 1
        for key in keys[0]:
            self._by_key.setdefault(key, []).append(entry)

    def _label_keys(self, token: Token) -> frozenset[str]:
        """Return the keys of a word of a name in dictionary form: itself and the lemmas it has as a nominative."""
        fold = self._pack.morphology.fold
        lemmas = {
            fold(r.lemma)
            for r in token.readings
            if "Case=Nom" in r.features or not any(f.startswith("Case=") for f in r.features)
        }
        return frozenset({token.folded, *lemmas})

    def places(self, tokens: TokenRow) -> Iterator[int]:
        """Yield the places at which the first word of a name stands."""
        for key in self._by_key.keys() & tokens.places.keys():
            yield from tokens.places[key]

    def single_words(self) -> Iterator[tuple[str, tuple[Iri, ...]]]:
        """Yield each name of one word, in the form in which words are compared, with what bears it."""
        for word, entries in self._by_key.items():
            bearers = dict.fromkeys(e.entity for e in entries if len(e.keys) == 1)
            if bearers:
                yield word, tuple(bearers)

    def at(self, tokens: Sequence[Token], start: int) -> Hit | None:
        """Return the longest names that begin at `start`, or None; in the tokens of a sentence each is sought once."""
        if not self._by_key or not isinstance(tokens, TokenRow):
            return self._longest(tokens, start) if self._by_key else None
        asked = (self, self._size, start)
        if asked not in tokens.kept:
            tokens.kept[asked] = self._longest(tokens, start)
        hit: Hit | None = tokens.kept[asked]
        return hit

    def _longest(self, tokens: Sequence[Token], start: int) -> Hit | None:
        best = 0
        found: dict[tuple[Iri, str], Entry] = {}
        for key in tokens[start].keys:
            for entry in self._by_key.get(key, ()):
                length = len(entry.keys)
                if length < best or not self._fits(entry, tokens, start):
                    continue
                if length > best:
                    best, found = length, {}
                found.setdefault((entry.entity, entry.kind), entry)
        if not found:
            return None
        return Hit(start, start + best, self._prefer(tuple(found.values()), tokens[start : start + best]))

    def adjective_by_stem(self, stem: str) -> Iri | None:
        """Return the one entity whose adjectives begin with `stem` (at least four letters), None when none or
        several."""
        if len(stem) < 4:
            return None
        if stem not in self._stems:
            found = {
                e.entity
                for key, es in self._by_key.items()
                if key.startswith(stem)
                for e in es
                if e.kind == "adjective"
            }
            self._stems[stem] = found.pop() if len(found) == 1 else None
        return self._stems[stem]

    def _fits(self, entry: Entry, tokens: Sequence[Token], start: int) -> bool:
        if start + len(entry.keys) > len(tokens):
            return False
        # The first word is known to fit: what tells most names apart is their last.
        for place, keys in zip(range(start + len(entry.keys) - 1, start, -1), reversed(entry.keys), strict=False):
            if tokens[place].keys.isdisjoint(keys):
                return False
        for offset, (keys, upper) in enumerate(zip(entry.keys, entry.upper, strict=True)):
            token = tokens[start + offset]
            if self._pack.sov and offset < len(entry.keys) - 1 and token.folded not in keys:
                return False
            if entry.owned and offset == len(entry.keys) - 1 and token.readings and not token.has("Poss=3"):
                return False
            if entry.numbers and (found := numbers_of(token)) and not found & entry.numbers:
                return False
            if upper and offset == 0 and not token.text[:1].isupper():
                return False
            if len(entry.keys) == 1 and entry.acronym and not token.text[: len(entry.text)].isupper():
                return False
        return True

    def _prefer(self, entries: tuple[Entry, ...], tokens: Sequence[Token]) -> tuple[Entry, ...]:
        """Keep the names written just as they stand, where there are such; proper names before adjectives and
        demonyms."""
        folded = tuple(t.folded for t in tokens)
        exact = tuple(e for e in entries if all(f in k for f, k in zip(folded, e.keys, strict=True)))
        if exact:
            entries = exact
        proper = tuple(e for e in entries if e.kind not in {"adjective", "demonym"})
        plain = any(r.pos != "ADJ" for t in tokens[-1:] for r in t.readings) or not tokens[-1].readings
        return proper if proper and plain and len(proper) < len(entries) and not _adjectival(tokens) else entries


def _written(token: Token) -> frozenset[str]:
    return APOSTROPHES if token.text in APOSTROPHES else frozenset({token.folded})


def numbers_of(token: Token) -> frozenset[str]:
    """Return the grammatical numbers that the readings of a token allow."""
    return frozenset(f for r in token.readings for f in r.features if f.startswith("Number="))


def _adjectival(tokens: Sequence[Token]) -> bool:
    readings = tokens[-1].readings
    return bool(readings) and all(r.pos == "ADJ" for r in readings)


def family_names(entity: Entity, languages: Mapping[str, object] | Iterable[str]) -> set[str]:
    """Return the words by which a person is named later on: the stated family name, else the last word of each
    label."""
    wanted = set(languages)
    stated = {n.text for n in entity.names if n.kind == "family" and n.language in wanted}
    if stated:
        return stated
    return {
        n.text.split()[-1]
        for n in entity.names
        if n.language in wanted and n.kind in {"preferred", "alternative"} and len(n.text.split()) > 1
    }
