"""Chancery: a register of international relations built from documents in four languages."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.api import Register

__version__ = "0.1.0"


def open(folder: str | Path = "register") -> Register:  # noqa: A001 - kg.open reads as open does
    """Return the register in a folder, open for reading; see `kg.api.Register`.

    Raises StoreError when there is none, or it is damaged.
    """
    from kg.api import Register

    return Register(Path(folder))
