"""Names to identifiers and back, in the four languages, from what the register holds.

A name is matched without regard to case, accents and quotation marks; a preferred name counts more than another one,
most of all where it is written just so, and that more than an abbreviation, a metonym or an adjective. A family name
alone does where one person bears it.
Codes (`RUS`) are matched as they are written: "NGA" is Nigeria, "Nga" is Russia in Vietnamese.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from functools import cached_property

import pyoxigraph as ox

from kg import vocab
from kg.errors import InputError, UnknownName

_RANKS = {
    vocab.SKOS_PREF_LABEL: 0,
    vocab.SKOS_ALT_LABEL: 1,
    vocab.ABBREVIATION: 1,
    vocab.FAMILY_NAME: 2,
    vocab.SKOS_HIDDEN_LABEL: 3,
    vocab.METONYM: 3,
    vocab.DEMONYM: 3,
    vocab.ADJECTIVE: 3,
    vocab.MISSPELLING: 4,
}
_ARTICLE = "the "  # names are kept without it
_STROKE_D = "\u0111"  # has no decomposition
_SCHEMES = ("office", "act", "kind", "subject", "level", "modality", "polarity", "status", "frame")
_CODES = (vocab.ISO_ALPHA_3, vocab.ISO_ALPHA_2)
_LISTED = 5
_TAGS = ("en", "kk", "ru", "vi")
_CODE = re.compile(r"[\w-]+")
_IDENTIFIER = re.compile(r"[\w:/.#-]+")
_TYPE = ox.NamedNode(vocab.RDF_TYPE)
_PREFERRED = ox.NamedNode(vocab.SKOS_PREF_LABEL)
_LABEL = ox.NamedNode(vocab.RDFS_LABEL)
_IN_SCHEME = ox.NamedNode(vocab.SKOS_IN_SCHEME)
_JOINED = ox.NamedNode(vocab.JOINED_INTO)


class _Normal(dict[int, str]):
    """What each character becomes when names are compared; filled as characters are met."""

    def __missing__(self, code: int) -> str:
        plain = (c for c in unicodedata.normalize("NFKD", chr(code).casefold()) if not unicodedata.combining(c))
        self[code] = "".join("d" if c == _STROKE_D else c if c.isalnum() else " " for c in plain)
        return self[code]


_NORMAL = _Normal()


def normal(name: str) -> str:
    """Return a name as names are compared: no case, accents, punctuation or needless space.

    >>> normal("  The \u00abT\u00e0i Li\u1ec7u\u00bb-\u0110\u1ecf! ")
    'the tai lieu do'
    """
    return " ".join(name.translate(_NORMAL).split())


class Names:
    """The names in one store; built when first asked, and only as far as needed."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store
        self._labels: dict[tuple[str, str], str] = {}

    def label(self, iri: str, language: str) -> str:
        """Return the preferred label in `language`, else in English, else any, else the end of the IRI."""
        key = (iri, language)
        if key not in self._labels:
            self._labels[key] = self._find_label(iri, language)
        return self._labels[key]

    def _find_label(self, iri: str, language: str) -> str:
        if not iri.startswith(("http:", "https:")):
            return iri
        found: dict[str, list[tuple[bool, str]]] = {}
        for predicate in (_PREFERRED, _LABEL):  # properties have only the latter
            for quad in () if found else self._store.quads_for_pattern(ox.NamedNode(iri), predicate, None, None):
                if isinstance(quad.object, ox.Literal):
                    # What the joins chose comes before what single documents say.
                    chosen = getattr(quad.graph_name, "value", "") in (vocab.GRAPH_ENTITIES, vocab.GRAPH_REFERENCE)
                    found.setdefault(quad.object.language or "", []).append((not chosen, quad.object.value))
        for tag in (language, "en"):
            if tag in found:
                return min(found[tag])[1]
        return min((min(labels)[1] for labels in found.values()), default=vocab.local_name(iri))

    def find_entity(self, name: str, kinds: Iterable[str] = ()) -> str:
        """Return the IRI of the entity called `name`, or whose IRI or code it is.

        Of several, one of `kinds` is preferred. Raises UnknownName with the nearest names, or InputError when `name`
        may be several entities.
        """
        return self._written_so(name, tuple(kinds)) or self._find(name, "entity", self._entities, tuple(kinds))

    def find_concept(self, name: str, scheme: str) -> str:
        """Return the IRI of a concept of `scheme` by its code or a label. Raises as `find_entity` does."""
        coded = ox.NamedNode(f"{vocab.ID}{scheme}/{name}") if _CODE.fullmatch(name) else None
        if coded is not None and any(self._store.quads_for_pattern(coded, _PREFERRED, None, None)):
            return coded.value
        index = {iri: names for iri, names in self._concepts.items() if iri.startswith(f"{vocab.ID}{scheme}/")}
        return self._find(name, scheme, index, ())

    def _written_so(self, name: str, kinds: tuple[str, ...]) -> str | None:
        """Return the one entity whose identifier this is, or one of whose names is written just so."""
        for iri in (name, vocab.ID + name):
            if iri.startswith(vocab.ID) and _IDENTIFIER.fullmatch(iri) and self._is_entity(iri):
                return self._representative(iri)
        for rank in sorted(set(_RANKS.values())):
            found = self._spelled(name, rank) or self._spelled(name[:1].upper() + name[1:], rank)
            if len(found) > 1 and kinds:
                found = {iri for iri in found if self._kinds(iri) & set(kinds)} or found
            if found:
                return found.pop() if len(found) == 1 and name not in self._codes else None
        return None

    def _spelled(self, name: str, rank: int) -> set[str]:
        """Return the entities that have a name of a rank spelled just so, in any of our languages."""
        return {
            self._representative(quad.subject.value)
            for literal in (ox.Literal(name, language=tag) for tag in _TAGS)
            for predicate in (p for p, its_rank in _RANKS.items() if its_rank == rank)
            for quad in self._store.quads_for_pattern(None, ox.NamedNode(predicate), literal, None)
            if isinstance(quad.subject, ox.NamedNode) and self._is_entity(quad.subject.value)
        }

    def _is_entity(self, iri: str) -> bool:
        named = any(self._store.quads_for_pattern(ox.NamedNode(iri), _PREFERRED, None, None))
        return named and iri.startswith(vocab.ID) and not iri.startswith(_scheme_prefixes())

    def _find(self, name: str, what: str, index: dict[str, dict[str, int]], kinds: tuple[str, ...]) -> str:
        for iri in (name, vocab.ID + name, self._codes.get(name, "")):
            if iri in index:
                return self._representative(iri)
        wanted = normal(name)
        if not any(wanted in names for names in index.values()):
            wanted = wanted.removeprefix(_ARTICLE)
        ranked = [(names[wanted], iri) for iri, names in index.items() if wanted in names]
        first = min((rank for rank, _ in ranked), default=None)
        best = {self._representative(iri) for rank, iri in ranked if rank == first} or self._bearers(wanted, index)
        if len(best) > 1 and kinds:
            best = {iri for iri in best if self._kinds(iri) & set(kinds)} or best
        if len(best) > 1:
            choices = [f"{self.label(iri, 'en')} ({iri.removeprefix(vocab.ID)})" for iri in sorted(best)]
            more = ", ..." if len(choices) > _LISTED else ""
            raise InputError(f"{name!r} may be {', '.join(choices[:_LISTED])}{more}; give the identifier in brackets")
        if best:
            return best.pop()
        raise UnknownName(what, name, self._nearest(wanted, index))

    def _bearers(self, family: str, index: dict[str, dict[str, int]]) -> set[str]:
        """Return the persons whose name ends with this family name."""
        ending = " " + family
        found = {iri for iri, names in index.items() if family and any(name.endswith(ending) for name in names)}
        return {self._representative(iri) for iri in found if "Person" in self._kinds(iri)}

    def _nearest(self, wanted: str, index: dict[str, dict[str, int]]) -> list[str]:
        spelled = {name: self._spellings.get(name, name) for names in index.values() for name in names}
        return [spelled[near] for near in difflib.get_close_matches(wanted, sorted(spelled), n=3, cutoff=0.6)]

    def _kinds(self, iri: str) -> set[str]:
        quads = self._store.quads_for_pattern(ox.NamedNode(iri), _TYPE, None, None)
        return {vocab.local_name(quad.object.value) for quad in quads if isinstance(quad.object, ox.NamedNode)}

    def _representative(self, iri: str) -> str:
        for quad in self._store.quads_for_pattern(ox.NamedNode(iri), _JOINED, None, None):
            if isinstance(quad.object, ox.NamedNode):
                return quad.object.value
        return iri

    @cached_property
    def _index(self) -> dict[str, dict[str, int]]:
        """IRI -> normalised name -> rank, the best one; identifiers are names too."""
        return self._index_of([None])

    def _index_of(self, subjects: Iterable[ox.NamedNode | None]) -> dict[str, dict[str, int]]:
        index: dict[str, dict[str, int]] = {}
        for subject in subjects:
            for predicate, rank in _RANKS.items():
                for quad in self._store.quads_for_pattern(subject, ox.NamedNode(predicate), None, None):
                    if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.Literal):
                        self._add(index, quad.subject.value, quad.object.value, rank)
        for iri, names in index.items():
            code = vocab.local_name(iri)
            if not code.isupper():
                names.setdefault(normal(code), 1)
        return index

    @cached_property
    def _codes(self) -> dict[str, str]:
        return {
            quad.object.value: quad.subject.value
            for predicate in _CODES
            for quad in self._store.quads_for_pattern(None, ox.NamedNode(predicate), None, None)
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.Literal)
        }

    def _add(self, index: dict[str, dict[str, int]], iri: str, spelled: str, rank: int) -> None:
        if iri.startswith(vocab.ID):
            name = normal(spelled)
            self._spellings.setdefault(name, spelled)
            names = index.setdefault(iri, {})
            names[name] = min(rank, names.get(name, rank))

    @cached_property
    def _spellings(self) -> dict[str, str]:
        return {}

    @cached_property
    def _entities(self) -> dict[str, dict[str, int]]:
        return {iri: names for iri, names in self._index.items() if not iri.startswith(_scheme_prefixes())}

    @cached_property
    def _concepts(self) -> dict[str, dict[str, int]]:
        """Concepts are few beside entities, and every question with a status needs them: they have an index alone."""
        found = {quad.subject for quad in self._store.quads_for_pattern(None, _IN_SCHEME, None, None)}
        nodes = [node for node in found if isinstance(node, ox.NamedNode) and node.value.startswith(_scheme_prefixes())]
        return self._index_of(sorted(nodes, key=str))


def _scheme_prefixes() -> tuple[str, ...]:
    return tuple(f"{vocab.ID}{scheme}/" for scheme in (*_SCHEMES, "role"))
