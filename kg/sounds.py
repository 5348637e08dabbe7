"""Names as they sound: what makes two spellings in two scripts comparable."""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final

from anyascii import anyascii

# Spellings of one sound in the romanisations of four languages, in order; marks in capitals stand for one sound each.
_SPELLINGS: Final = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"dzh|dj|zh", "J"),
        (r"(?<=[aeiou])j(?![aeiou])", "i"),
        (r"j", "J"),
        (r"s?h?tch|shch|sch|ch", "C"),
        (r"sh", "S"),
        (r"kh", "h"),
        (r"gh", "g"),
        (r"ph|ff", "f"),
        (r"(?<=[oe])f\b", "v"),
        (r"th", "t"),
        (r"dh", "d"),
        (r"ck|q", "k"),
        (r"x", "ks"),
        (r"w", "v"),
        (r"oo|ou", "u"),
        (r"ee", "i"),
        (r"y", "i"),
        (r"(?<=[aeiou])h\b", ""),
        (r"i(?=[aeou])", ""),
        (r"(.)\1+", r"\1"),
    )
)
_VOWELS: Final = re.compile(r"[aeiou]")
_NOT_WORD: Final = re.compile(r"[\W_]+")


@lru_cache(maxsize=65536)
def normalised(name: str) -> str:
    """Return a name without case, accents and punctuation.

    >>> normalised('\u00abKhamkorlik-2021\u00bb')
    'khamkorlik 2021'
    """
    bare = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    return _NOT_WORD.sub(" ", bare).strip()


@lru_cache(maxsize=65536)
def romanised(name: str) -> str:
    """Return how a name sounds, in Latin letters, whatever script and spelling it is in.

    >>> romanised("Kassym-Jomart Tokayev"), romanised("Muttaqi")
    ('kasim Jomart tokaev', 'mutaki')
    """
    latin = anyascii(unicodedata.normalize("NFC", name)).casefold().replace("'", "").replace("`", "")
    sounds = _NOT_WORD.sub(" ", latin).strip()
    for pattern, sound in _SPELLINGS:
        sounds = pattern.sub(sound, sounds)
    return sounds


@lru_cache(maxsize=65536)
def skeleton(name: str) -> tuple[str, ...]:
    """Return the consonants of each word of a name, the words sorted: vowels and the order of names differ too much.

    >>> skeleton("Amir Khan Muttaqi") == skeleton("Muttaki Amir Han")
    True
    """
    words = romanised(name).split()
    return tuple(sorted(_VOWELS.sub("", word) or word for word in words))


@lru_cache(maxsize=65536)
def likeness(first: str, second: str) -> float:
    """Return how alike two names sound, from 0 to 1, whatever the order of their words."""
    one, two = (" ".join(sorted(romanised(name).split())) for name in sorted((first, second)))
    return SequenceMatcher(None, one, two, autojunk=False).ratio()
