"""Text that a terminal shows and does not obey."""

from __future__ import annotations

import re
from typing import Final

# Controls but tab and newline; what turns the direction of all that follows.
_OBEYED: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    r"""Return a text with its control characters written out; in JSON and Turtle it means what it meant.

    >>> printable("Lima\x1b[2J")
    'Lima\\u001b[2J'
    """
    return _OBEYED.sub(lambda match: f"\\u{ord(match.group()):04x}", text)
