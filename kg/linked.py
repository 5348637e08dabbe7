"""Things by number, and what links them: which of them hang together, by however many steps, and in parts of a size.

Of a thing only a few numbers are kept, so that there may be millions.
"""

from __future__ import annotations

import hashlib
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator

_SHARES = 16  # keys are compared in so many rounds, each of which needs a share of the memory


class Linked:
    """Things that hang together where they share a key."""

    def __init__(self) -> None:
        self._parent = array("q")
        self._keys, self._holders = array("Q"), array("q")

    def __len__(self) -> int:
        return len(self._parent)

    def add(self, keys: Iterable[str]) -> int:
        """Add a thing with its keys; return its number."""
        number = len(self._parent)
        self._parent.append(number)
        for key in keys:
            self._keys.append(_number(key))
            self._holders.append(number)
        return number

    def link(self, one: int, two: int) -> None:
        """Let two things hang together."""
        first, second = sorted((self.top(one), self.top(two)))
        self._parent[second] = first

    def top(self, number: int) -> int:
        """Return the first thing that a thing is known to hang together with."""
        parent = self._parent
        while parent[number] != number:
            parent[number] = number = parent[parent[number]]
        return number

    def follow(self) -> None:
        """Link what shares a key."""
        for share in range(_SHARES):
            first: dict[int, int] = {}
            for key, holder in zip(self._keys, self._holders, strict=True):
                if key % _SHARES == share:
                    other = first.setdefault(key, holder)
                    if other != holder:
                        self.link(other, holder)

    def sharing(self) -> Iterator[list[int]]:
        """Yield the numbers of the things that share a key, for each key that several have."""
        for share in range(_SHARES):
            found: dict[int, int | list[int]] = {}
            for key, holder in zip(self._keys, self._holders, strict=True):
                if key % _SHARES == share:
                    other = found.setdefault(key, holder)
                    if isinstance(other, list):
                        other.append(holder)
                    elif other != holder:
                        found[key] = [other, holder]
            yield from (several for several in found.values() if isinstance(several, list))

    def parts(self, size: int) -> array[int]:
        """Return for each thing the number of its part: what hangs together is in one, of at least `size` if it can."""
        self.follow()
        members: dict[int, int] = defaultdict(int)
        for number in range(len(self)):
            members[self.top(number)] += 1
        part_of: dict[int, int] = {}
        part = filled = 0
        for top, several in members.items():
            part_of[top] = part
            filled += several
            if filled >= size:
                part, filled = part + 1, 0
        return array("q", (part_of[self.top(number)] for number in range(len(self))))


def _number(key: str) -> int:
    """Return a number that stands for a key: two keys that share one would only make a part larger."""
    return int.from_bytes(hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")
