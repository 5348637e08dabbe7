"""The tokens of a sentence as one record that remembers what was looked up in them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from kg.model import Token


class TokenRow(tuple[Token, ...]):
    """The tokens of a sentence, with what was looked up in them, so that each look-up is done once.

    What is kept depends on the tokens alone; it goes with them.
    """

    @cached_property
    def places(self) -> Mapping[str, list[int]]:
        """The tokens that carry each key."""
        places: dict[str, list[int]] = {}
        for place, token in enumerate(self):
            for key in token.keys:
                places.setdefault(key, []).append(place)
        return places

    @cached_property
    def kept(self) -> dict[object, Any]:
        """What was looked up, by what asked for it."""
        return {}

    def __reduce__(self) -> tuple[type[TokenRow], tuple[tuple[Token, ...]]]:
        """Pickle the tokens alone."""
        return TokenRow, (tuple(self),)
