"""What a shape can ask of values: each constraint as a function over indexed data. `kg.shapes` puts them together.

Where pyshacl differs, this is on the specification's side: NaN is within no bounds, and values of unlike types (a date
and a date-time, a date and a boolean) come in no order.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Final

import pyoxigraph as ox

from kg.errors import DataError
from kg.vocab import RDF_TYPE, RDFS_SUBCLASS_OF, XSD, local_name

Term = ox.NamedNode | ox.BlankNode | ox.Literal

_TYPE: Final = ox.NamedNode(RDF_TYPE)
_SUBCLASS: Final = ox.NamedNode(RDFS_SUBCLASS_OF)


class UnsupportedShape(Exception):
    """A shape uses a part of SHACL that is not understood here."""


# --- the data ---


class Data:
    """A graph as indexes: values by subject and predicate, and subjects by predicate and value."""

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        self.forward: dict[Term, dict[ox.NamedNode, list[Term]]] = {}
        self.backward: dict[ox.NamedNode, dict[Term, list[Term]]] = {}
        for triple in triples:
            subject, predicate, value = as_term(triple.subject), triple.predicate, as_term(triple.object)
            self.forward.setdefault(subject, {}).setdefault(predicate, []).append(value)
            self.backward.setdefault(predicate, {}).setdefault(value, []).append(subject)

    def values(self, subject: Term, predicate: ox.NamedNode) -> Sequence[Term]:
        """Return the values of a property, each once."""
        return self.forward.get(subject, {}).get(predicate, ())

    def subjects(self, predicate: ox.NamedNode, value: Term) -> Sequence[Term]:
        """Return the subjects that have this value, each once."""
        return self.backward.get(predicate, {}).get(value, ())

    def is_a(self, node: Term, wanted: ox.NamedNode) -> bool:
        """Return whether the node is of the class or of one that the data says is below it."""
        types = self.values(node, _TYPE)
        return wanted in types or (_SUBCLASS in self.backward and any(c in self._below(wanted) for c in types))

    def instances(self, wanted: ox.NamedNode) -> list[Term]:
        """Return the nodes of the class or of one below it."""
        return list(dict.fromkeys(node for c in self._below(wanted) for node in self.subjects(_TYPE, c)))

    def _below(self, wanted: ox.NamedNode) -> dict[Term, None]:
        found: dict[Term, None] = {wanted: None}
        todo: list[Term] = [wanted]
        while todo:
            for lower in self.subjects(_SUBCLASS, todo.pop()):
                if lower not in found:
                    found[lower] = None
                    todo.append(lower)
        return found


def as_term(term: object) -> Term:
    """Return the term if it can stand in a graph of RDF 1.1; raise DataError for a statement about a statement."""
    if isinstance(term, ox.NamedNode | ox.BlankNode | ox.Literal):
        return term
    raise DataError(f"a statement about a statement cannot be validated: {term}")


# From the data, the focus node and its value nodes to the values that are wrong (None: no value in particular).
Check = Callable[[Data, Term, Sequence[Term]], Iterable[Term | None]]


def as_iri(term: Term) -> ox.NamedNode:
    """Return the term if it is an IRI; raise UnsupportedShape if not."""
    if isinstance(term, ox.NamedNode):
        return term
    raise UnsupportedShape(f"an IRI was expected, not {term}")


# --- constraints ---


def _each(fits: Callable[[Term], bool]) -> Check:
    """Return the check that every value by itself fits."""
    return lambda _data, _focus, values: (v for v in values if not fits(v))


def _min_count(argument: Term) -> Check:
    least = int(argument.value)
    return lambda _data, _focus, values: (None,) if len(values) < least else ()


def _max_count(argument: Term) -> Check:
    most = int(argument.value)
    return lambda _data, _focus, values: (None,) if len(values) > most else ()


def _class(argument: Term) -> Check:
    wanted = as_iri(argument)
    return lambda data, _focus, values: (v for v in values if not data.is_a(v, wanted))


def _node_kind(argument: Term) -> Check:
    kinds: dict[str, type[Term]] = {"IRI": ox.NamedNode, "Literal": ox.Literal, "BlankNode": ox.BlankNode}
    kind = kinds.get(local_name(argument.value))
    if kind is None:
        raise UnsupportedShape(f"sh:nodeKind {argument}")
    return _each(lambda value: isinstance(value, kind))


def _datatype(argument: Term) -> Check:
    wanted = argument.value
    written = _LEXICAL.get(wanted)
    if written is None:
        raise UnsupportedShape(f"sh:datatype {argument}")
    return _each(
        lambda v: isinstance(v, ox.Literal) and v.datatype.value == wanted and v.language is None and written(v.value)
    )


def _pattern(argument: Term) -> Check:
    expression = re.compile(argument.value)
    return _each(lambda v: not isinstance(v, ox.BlankNode) and expression.search(v.value) is not None)


def _min_length(argument: Term) -> Check:
    least = int(argument.value)
    return _each(lambda v: not isinstance(v, ox.BlankNode) and len(v.value) >= least)


def _min_inclusive(argument: Term) -> Check:
    return _each(lambda v: _ordered(argument, v, or_equal=True))


def _max_inclusive(argument: Term) -> Check:
    return _each(lambda v: _ordered(v, argument, or_equal=True))


def _less_than(argument: Term) -> Check:
    return _before(as_iri(argument), or_equal=False)


def _less_than_or_equals(argument: Term) -> Check:
    return _before(as_iri(argument), or_equal=True)


def _before(other: ox.NamedNode, *, or_equal: bool) -> Check:
    return lambda data, focus, values: (
        v for v in values for later in data.values(focus, other) if not _ordered(v, later, or_equal=or_equal)
    )


def _equals(argument: Term) -> Check:
    other = as_iri(argument)

    def check(data: Data, focus: Term, values: Sequence[Term]) -> Iterator[Term]:
        others = data.values(focus, other)
        yield from (v for v in values if v not in others)
        yield from (v for v in others if v not in values)

    return check


def _disjoint(argument: Term) -> Check:
    other = as_iri(argument)
    return lambda data, focus, values: (v for v in values if v in data.values(focus, other))


def _unique_lang(argument: Term) -> Check:
    if argument.value != "true":
        raise UnsupportedShape("sh:uniqueLang false")

    def check(_data: Data, _focus: Term, values: Sequence[Term]) -> Iterator[None]:
        languages = [v.language for v in values if isinstance(v, ox.Literal) and v.language]
        yield from (None for language in set(languages) if languages.count(language) > 1)

    return check


def _in(arguments: Sequence[Term]) -> Check:
    allowed = frozenset(arguments)
    return _each(lambda v: v in allowed)


def _language_in(arguments: Sequence[Term]) -> Check:
    ranges = [a.value.lower() for a in arguments]

    def fits(value: Term) -> bool:
        tag = (value.language or "").lower() if isinstance(value, ox.Literal) else ""
        return any(tag == wanted or tag.startswith(f"{wanted}-") for wanted in ranges)

    return _each(fits)


CONSTRAINTS: Final[Mapping[str, Callable[[Term], Check]]] = {
    "minCount": _min_count,
    "maxCount": _max_count,
    "class": _class,
    "nodeKind": _node_kind,
    "datatype": _datatype,
    "pattern": _pattern,
    "minLength": _min_length,
    "minInclusive": _min_inclusive,
    "maxInclusive": _max_inclusive,
    "lessThan": _less_than,
    "lessThanOrEquals": _less_than_or_equals,
    "equals": _equals,
    "disjoint": _disjoint,
    "uniqueLang": _unique_lang,
}
LISTED: Final[Mapping[str, Callable[[Sequence[Term]], Check]]] = {"in": _in, "languageIn": _language_in}


# --- literals ---


def _is_day(text: str) -> bool:
    return re.fullmatch(r"-?[0-9]{4,}-[0-9]{2}-[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2})?", text) is not None and (
        _parsed(date.fromisoformat, text[:10]) is not None
    )


def _is_moment(text: str) -> bool:
    return "T" in text and _parsed(datetime.fromisoformat, text) is not None


def _parsed(parse: Callable[[str], date], text: str) -> date | None:
    try:
        return parse(text)
    except ValueError:
        return None


_LEXICAL: Final[Mapping[str, Callable[[str], bool]]] = {
    XSD + "string": lambda _text: True,
    XSD + "boolean": lambda text: text in ("true", "false", "1", "0"),
    XSD + "integer": lambda text: re.fullmatch(r"[+-]?[0-9]+", text) is not None,
    XSD + "decimal": lambda text: re.fullmatch(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)", text) is not None,
    XSD + "date": _is_day,
    XSD + "dateTime": _is_moment,
}
_EXACT: Final = frozenset(XSD + name for name in ("integer", "decimal"))
_FLOATING: Final = frozenset(XSD + name for name in ("double", "float"))


def _ordered(low: Term, high: Term, *, or_equal: bool) -> bool:
    """Return whether `low` comes before `high`; two values that cannot be compared come in no order."""
    one, other = _measure(low), _measure(high)
    if one is None or other is None or type(one) is not type(other):
        return False
    try:
        return bool(one < other or (or_equal and one == other))  # type: ignore[operator]
    except TypeError:  # a moment with a time zone and one without
        return False


def _measure(term: Term) -> Decimal | datetime | date | str | None:
    if not isinstance(term, ox.Literal) or term.language:
        return None
    kind, text = term.datatype.value, term.value
    if kind in _EXACT:
        return Decimal(text) if _LEXICAL[kind](text) else None
    if kind in _FLOATING:
        return _floating(text)
    if kind == XSD + "date":
        return date.fromisoformat(text) if _is_day(text) and len(text) == len("2025-07-03") else None
    if kind == XSD + "dateTime":
        return datetime.fromisoformat(text) if _is_moment(text) else None
    return text if kind == XSD + "string" else None


def _floating(text: str) -> Decimal | None:
    try:
        number = Decimal(text.replace("INF", "Infinity"))
    except InvalidOperation:
        return None
    return None if number.is_nan() else number
