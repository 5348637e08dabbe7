"""Texts that are one wire story: which documents say the same words, and so count as one voice.

Two texts are near-duplicates when their signatures share a band and agree in at least `ALIKE` of their places: MinHash
over runs of words, with a fixed seed. Both are properties of the two texts alone; groups are connected components, so
that neither the order of documents nor the way they came in matters.
"""

from __future__ import annotations

import base64
import struct
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Final

from kg.ids import digest
from kg.sounds import normalised

ALIKE: Final = 0.8
SEED: Final = 1
# Bands of rows: texts that agree in 0.8 of their places share a band in 998 of 1,000 cases, in 0.3 in 15 of 1,000.
BANDS: Final = 21
ROWS: Final = 6
SHINGLE: Final = 4  # words in a run
FEWEST: Final = 20  # words: below, only equal texts are one
_LAYOUT: Final = struct.Struct(f"<{BANDS * ROWS}I")


def signature(text: str) -> str:
    """Return what stands for the words of a text, in base64; empty where there are too few of them.

    >>> signature("two words")
    ''
    """
    words = normalised(text).split()
    if len(words) < FEWEST:
        return ""
    from datasketch import MinHash  # half a second, and only texts that are read need it

    made = MinHash(num_perm=BANDS * ROWS, seed=SEED, scheme="affine32")
    runs = {" ".join(words[at : at + SHINGLE]) for at in range(len(words) - SHINGLE + 1)}
    made.update_batch([run.encode() for run in sorted(runs)])
    return base64.b64encode(_LAYOUT.pack(*(int(value) for value in made.hashvalues))).decode()


def bands(sign: str) -> list[str]:
    """Return what near-duplicates share one of."""
    values = _values(sign)
    return [digest(band, list(values[band * ROWS : (band + 1) * ROWS])) for band in range(BANDS if values else 0)]


def alike(first: str, second: str) -> bool:
    """Tell whether two signatures that share a band are of near-duplicates."""
    one, two = _values(first), _values(second)
    return bool(one) and bool(two) and sum(a == b for a, b in zip(one, two, strict=True)) >= ALIKE * len(one)


def _values(sign: str) -> tuple[int, ...]:
    return _LAYOUT.unpack(base64.b64decode(sign)) if sign else ()


def groups(texts: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    """Return for each document the first of those that say the same; `texts`: its SHA-256 and signature."""
    return components(texts, pairs(texts))


def pairs(texts: Mapping[str, tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield documents that are near-duplicates of each other, two by two; equal texts each with the next only."""
    same: dict[str, list[str]] = defaultdict(list)
    sharing: dict[str, list[str]] = defaultdict(list)
    for document, (sha256, _) in sorted(texts.items()):
        same[sha256].append(document)
    for found in same.values():
        yield from pairwise(found)
        for band in bands(texts[found[0]][1]):
            sharing[band].append(found[0])
    seen = {(one, two) for found in sharing.values() for i, one in enumerate(found) for two in found[i + 1 :]}
    yield from (pair for pair in sorted(seen) if alike(texts[pair[0]][1], texts[pair[1]][1]))


def components(documents: Iterable[str], linked: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return for each document the smallest that it is linked to, by however many steps."""
    parent = {document: document for document in documents}

    def top(document: str) -> str:
        while parent[document] != document:
            parent[document] = parent[parent[document]]
            document = parent[document]
        return document

    for one, two in linked:
        first, second = sorted((top(one), top(two)))
        parent[second] = first
    return {document: top(document) for document in parent}
