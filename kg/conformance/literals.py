"""Literals as they are written: which are ill-typed, which a store would change, and which comes before which.

Oxigraph keeps the value of a literal and forgets how it was written: 0.50 becomes 0.5, an xsd:byte an xsd:integer.
SHACL asks for the written term, so what a store would change goes into it under another datatype, in which nothing is
changed (`as_stored`), and comes out as it was (`as_written`). An ill-typed literal is marked in the same way, so that
a query for a datatype finds only what is well-typed.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Final

import pyoxigraph as ox

from kg.vocab import XSD

Term = ox.NamedNode | ox.BlankNode | ox.Literal

WRITTEN: Final = "urn:chancery:written:"
ILL_TYPED: Final = "urn:chancery:ill-typed:"

# --- what is well-typed ---

_WHOLE: Final[Mapping[str, tuple[int | None, int | None]]] = {
    "integer": (None, None),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
    "long": (-(2**63), 2**63 - 1),
    "int": (-(2**31), 2**31 - 1),
    "short": (-(2**15), 2**15 - 1),
    "byte": (-(2**7), 2**7 - 1),
    "nonNegativeInteger": (0, None),
    "unsignedLong": (0, 2**64 - 1),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedShort": (0, 2**16 - 1),
    "unsignedByte": (0, 2**8 - 1),
    "positiveInteger": (1, None),
}
_ZONE: Final = r"(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)?"
_YEAR: Final = r"(-?([1-9][0-9]{3,}|0[0-9]{3}))"
_DAY: Final = re.compile(_YEAR + r"-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")
_CLOCK: Final = r"(([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?|24:00:00(\.0+)?)"
_DURATION: Final = r"-?P(?=.)([0-9]+Y)?([0-9]+M)?([0-9]+D)?(T(?=.)([0-9]+H)?([0-9]+M)?([0-9]+(\.[0-9]+)?S)?)?"

_FORMS: Final[Mapping[str, str]] = {
    "boolean": "true|false|1|0",
    "decimal": r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)",
    "double": r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([Ee][+-]?[0-9]+)?|[+-]?INF|NaN",
    "float": r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([Ee][+-]?[0-9]+)?|[+-]?INF|NaN",
    "time": _CLOCK + _ZONE,
    "gYear": _YEAR + _ZONE,
    "gYearMonth": _YEAR + "-(0[1-9]|1[0-2])" + _ZONE,
    "gMonth": "--(0[1-9]|1[0-2])" + _ZONE,
    "gDay": "---(0[1-9]|[12][0-9]|3[01])" + _ZONE,
    "gMonthDay": "--((0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-9])|(0[13-9]|1[0-2])-30|(0[13578]|1[02])-31)" + _ZONE,
    "duration": _DURATION,
    "yearMonthDuration": r"-?P(?=.)([0-9]+Y)?([0-9]+M)?",
    "dayTimeDuration": r"-?P(?=.)([0-9]+D)?(T(?=.)([0-9]+H)?([0-9]+M)?([0-9]+(\.[0-9]+)?S)?)?",
    "hexBinary": "([0-9a-fA-F]{2})*",
    "base64Binary": "(([A-Za-z0-9+/] ?){4})*(([A-Za-z0-9+/] ?){2}([A-Za-z0-9+/] ?= ?|= ?= ?))?",
}


def _whole(low: int | None, high: int | None) -> Callable[[str], bool]:
    written = re.compile("[+-]?[0-9]+")

    def fits(text: str) -> bool:
        if written.fullmatch(text) is None:
            return False
        if low is None and high is None:
            return True
        number = Decimal(text)
        return (low is None or number >= low) and (high is None or number <= high)

    return fits


def _has_form(form: str) -> Callable[[str], bool]:
    written = re.compile(form)
    return lambda text: written.fullmatch(text) is not None


def _dated(rest: str) -> Callable[[str], bool]:
    written = re.compile(rest)

    def fits(text: str) -> bool:
        day = _DAY.match(text)
        if day is None or written.fullmatch(text, day.end()) is None:
            return False
        year, month, date = text[: day.end()].rsplit("-", 2)
        # The calendar repeats after 400 years, and the library knows years from 1.
        return int(date) <= monthrange(int(year) % 400 + 400, int(month))[1]

    return fits


_WELL_TYPED: Final[Mapping[str, Callable[[str], bool]]] = {
    **{XSD + name: _whole(*bounds) for name, bounds in _WHOLE.items()},
    **{XSD + name: _has_form(form) for name, form in _FORMS.items()},
    XSD + "date": _dated(_ZONE),
    XSD + "dateTime": _dated("T" + _CLOCK + _ZONE),
    XSD + "dateTimeStamp": _dated("T" + _CLOCK + _ZONE.removesuffix("?")),
}


# SPARQL 1.1 knows nothing of these, so that SHACL asks for their name only (4.1.2).
_UNCHECKED: Final = frozenset(
    XSD + name for name in ("gYear", "gYearMonth", "gMonth", "gDay", "gMonthDay", "dateTimeStamp")
)


def is_well_typed(literal: ox.Literal) -> bool:
    """Return whether the text can be written for the datatype; a datatype that is not checked here has any text.

    >>> is_well_typed(ox.Literal("2025-02-30", datatype=ox.NamedNode(XSD + "date")))
    False
    """
    return literal.datatype.value in _UNCHECKED or _has_value(literal)


def _has_value(literal: ox.Literal) -> bool:
    known = _WELL_TYPED.get(literal.datatype.value)
    return known is None or known(literal.value)


# --- what a store changes ---

# Texts that are certainly well-typed and certainly kept; any other is tried.
_KEPT: Final[Mapping[str, Callable[[str], object]]] = {
    XSD + "integer": re.compile("-?[1-9][0-9]{0,17}|0").fullmatch,
    XSD + "decimal": re.compile(
        r"-?[1-9][0-9]{0,14}(\.[0-9]{0,14}[1-9])?|-?0\.[0-9]{0,14}[1-9]|0",
    ).fullmatch,
    XSD + "boolean": re.compile("true|false").fullmatch,
    XSD + "date": re.compile("[1-9][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])Z?").fullmatch,
    XSD + "dateTime": re.compile(
        "[1-9][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])"
        r"T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{0,5}[1-9])?Z?"
    ).fullmatch,
    XSD + "gYear": re.compile("[1-9][0-9]{3}").fullmatch,
    XSD + "double": re.compile(r"-?[1-9][0-9]{0,6}(\.[0-9]{0,6}[1-9])?|-?0\.[0-9]{0,6}[1-9]|0|NaN").fullmatch,
    XSD + "float": re.compile(r"-?[1-9][0-9]{0,2}(\.[0-9][1-9])?|-?0\.[0-9]{0,2}[1-9]|0|NaN").fullmatch,
    **{XSD + name: (lambda _text: None) for name in _WHOLE if name != "integer"},
    **{
        XSD + name: (lambda _text: None)
        for name in [
            "time",
            "dateTimeStamp",
            "gYearMonth",
            "gMonth",
            "gDay",
            "gMonthDay",
            "duration",
            "yearMonthDuration",
            "dayTimeDuration",
            "hexBinary",
            "base64Binary",
        ]
    },
}


def is_kept(literal: ox.Literal) -> bool:
    """Return whether a literal is certainly well-typed and certainly kept by a store as it is."""
    kept = _KEPT.get(literal.datatype.value)
    return kept is None or kept(literal.value) is not None


def as_stored(term: Term) -> Term:
    """Return the term that stands for this one in a store: itself, or a literal that no store changes."""
    return term if type(term) is not ox.Literal or is_kept(term) else _tried(term)


@lru_cache(maxsize=65536)
def _tried(literal: ox.Literal) -> ox.Literal:
    if not is_well_typed(literal):
        return ox.Literal(literal.value, datatype=ox.NamedNode(ILL_TYPED + literal.datatype.value))
    if _stored(literal) != literal:
        return ox.Literal(literal.value, datatype=ox.NamedNode(WRITTEN + literal.datatype.value))
    return literal


def _stored(literal: ox.Literal) -> ox.Literal:
    store, node = ox.Store(), ox.NamedNode(WRITTEN)
    store.add(ox.Quad(node, node, literal))
    (kept,) = store
    assert isinstance(kept.object, ox.Literal)
    return kept.object


def as_written(term: Term) -> Term:
    """Return the term that `term` stands for in a store."""
    if type(term) is ox.Literal:
        name = term.datatype.value
        for mark in (WRITTEN, ILL_TYPED):
            if name.startswith(mark):
                return ox.Literal(term.value, datatype=ox.NamedNode(name.removeprefix(mark)))
    return term


# --- order ---

_EXACT: Final = frozenset(XSD + name for name in ("decimal", *_WHOLE))
_FLOATING: Final = frozenset(XSD + name for name in ("double", "float"))
_ORDERED: Final = frozenset(
    XSD + name
    for name in [
        "string",
        "boolean",
        "date",
        "dateTime",
        "dateTimeStamp",
        "time",
        "gYear",
        "gYearMonth",
        "duration",
        "yearMonthDuration",
        "dayTimeDuration",
    ]
)


def is_ordered(term: Term) -> bool:
    """Return whether the term comes before or after others: a well-typed literal of an ordered datatype, not NaN."""
    term = as_written(term)
    if not isinstance(term, ox.Literal) or not _has_value(term):
        return False
    kind = term.datatype.value
    return term.language is not None or kind in _EXACT | _ORDERED or (kind in _FLOATING and term.value != "NaN")


def comes_before(low: Term, high: Term, *, or_equal: bool) -> bool:
    """Return whether `low` is less than `high` as SPARQL compares; two terms that cannot be compared come in no order.

    Slower than the store's own comparison, for the terms that it cannot compare: numbers that are too long for it,
    and literals that were stored under another datatype.
    """
    low, high = as_written(low), as_written(high)
    if not (isinstance(low, ox.Literal) and isinstance(high, ox.Literal) and is_ordered(low) and is_ordered(high)):
        return False
    kinds = low.datatype.value, high.datatype.value
    if all(kind in _EXACT for kind in kinds):
        one, other = Decimal(low.value), Decimal(high.value)
        return one < other or (or_equal and one == other)
    if all(kind in _EXACT | _FLOATING for kind in kinds):
        return _less(float(low.value), float(high.value), or_equal=or_equal)
    if all(kind == XSD + "boolean" for kind in kinds):
        return _less(low.value in ("true", "1"), high.value in ("true", "1"), or_equal=or_equal)
    return _asked(low, high, or_equal=or_equal)


def _less(low: float, high: float, *, or_equal: bool) -> bool:
    return low < high or (or_equal and low == high)


@lru_cache(maxsize=4096)
def _asked(low: ox.Literal, high: ox.Literal, *, or_equal: bool) -> bool:
    sign = "<=" if or_equal else "<"
    answer = ox.Store().query(f"ASK {{ FILTER({low} {sign} {high}) }}")
    return bool(answer)
