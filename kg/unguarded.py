"""Frozen records that are made quickly: what mypy forbids is not forbidden a second time while the program runs."""

from __future__ import annotations

from dataclasses import MISSING, Field, field, fields, make_dataclass
from typing import Any, TypeVar

Record = TypeVar("Record")


def unguarded(cls: type[Record]) -> type[Record]:
    """Return a frozen dataclass without the guard of its attributes; to be put above `@dataclass(frozen=True, ...)`.

    A frozen dataclass is made with a call for each attribute, which takes more than twice the time of an assignment;
    a document of 8 KB has thousands of tokens and spans. That nobody assigns to them afterwards, mypy checks.
    """
    twin = make_dataclass(cls.__name__, [(f.name, f.type, _default(f)) for f in fields(cls)])  # type: ignore[arg-type]
    cls.__init__ = twin.__init__  # type: ignore[method-assign, misc]
    del cls.__setattr__, cls.__delattr__
    return cls


def _default(known: Field[Any]) -> Any:
    if known.default_factory is not MISSING:
        return field(default_factory=known.default_factory)
    return field(default=known.default) if known.default is not MISSING else field()
