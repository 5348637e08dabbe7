"""What a value must be, as a SPARQL expression that is true or false and never an error."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache

import pyoxigraph as ox

from kg.conformance.focus import Focus, walk_from
from kg.conformance.ground import Function, Ground
from kg.conformance.literals import (
    WRITTEN,
    Term,
    as_stored,
    as_written,
    comes_before,
    is_ordered,
    is_well_typed,
)
from kg.conformance.paths import Path, as_sparql, is_simple, may_be_empty, without_empty
from kg.conformance.shape import Count, HasValue, Shape, ShapeTest, ValueTest
from kg.errors import IllFormedShapes
from kg.vocab import RDF_TYPE, SH

# A condition that names more terms than this takes longer than looking them up.
_FEW = 24
_TRUE, _FALSE = ox.Literal(True), ox.Literal(False)
_FUNCTION = "urn:chancery:function:"


class Asker:
    """Writes the conditions on values, and keeps the functions that their queries call.

    `failing` gives, for a shape that no single condition expresses, the nodes at a focus that do not conform to it.
    """

    def __init__(self, ground: Ground, failing: Callable[[Shape, Focus], frozenset[Term]]) -> None:
        self._ground, self._failing = ground, failing
        self.functions: dict[str, Function] = {}

    def _call(self, name: str, function: Function, *arguments: str) -> str:
        iri = f"{_FUNCTION}{name}"
        self.functions[iri] = function
        return f"<{iri}>({', '.join(arguments)})"

    def _own(self, fits: Callable[[Term], bool], value: str) -> str:
        """Return the call of a function of its own for a condition that SPARQL cannot express."""
        return self._call(str(len(self.functions)), lambda term: _TRUE if fits(term) else _FALSE, value)

    def condition(self, constraint: ValueTest | ShapeTest, values: Focus) -> str:
        """Return an expression that is true of the values that fit and false of others, and never an error."""
        value = values.here
        if isinstance(constraint, ValueTest):
            return self._test(constraint, value)
        parts = [self.conforms(shape, values) for shape in constraint.shapes]
        match constraint.component:
            case "Node" | "And":
                return _all(parts)
            case "Not":
                return f"(!{parts[0]})"
            case "Or":
                return _any(parts)
            case _:
                return "((" + " + ".join(f"IF({part}, 1, 0)" for part in parts) + ") = 1)" if parts else "false"

    def conforms(self, shape: Shape, values: Focus) -> str:
        """Return an expression that is true of the values that conform to a shape."""
        if shape.deactivated:
            return "true"
        if is_expression(shape):
            return self._expression(shape, values)
        failing = self._failing(shape, values)
        if not failing:
            return "true"
        return self._own(lambda term: as_written(term) not in failing, values.here)

    def _expression(self, shape: Shape, values: Focus) -> str:
        further = values if shape.path is None else Focus("", (*values.variables, f"{values.here}n"), plain=False)
        tests, parts = [], []
        for constraint in shape.constraints:
            match constraint:
                case HasValue(term):
                    parts.append(has_value(values, shape.path, term, self))
                case Count("MinCount", 1):
                    parts.append(f"EXISTS {{ {self._step(values, shape)} }}")
                case Count("MaxCount", 0):
                    parts.append(f"!EXISTS {{ {self._step(values, shape)} }}")
                case ValueTest() | ShapeTest():
                    tests.append(self.condition(constraint, further))
        if tests and shape.path is not None:
            parts.append(f"!EXISTS {{ {self._step(values, shape)} FILTER(!{_all(tests)}) }}")
        return _all([*parts, *tests] if shape.path is None else parts)

    def _step(self, values: Focus, shape: Shape) -> str:
        assert shape.path is not None
        return walk_from(values.here, shape.path, f"{values.here}n")

    def same(self, value: str, term: Term) -> str:
        """Return an expression that is true of this term only."""
        if isinstance(term, ox.BlankNode):
            return self._own(lambda other: other == term, value)
        return f"sameTerm({value}, {as_stored(term)})"

    def _test(self, test: ValueTest, value: str) -> str:
        argument = test.arguments[0] if test.arguments else None
        match test.component:
            case "In":
                return self._in(test.arguments, value)
            case "LanguageIn":
                return _any([f'LANGMATCHES(LANG({value}), "{a.value}")' for a in test.arguments], total=False)
        assert argument is not None
        match test.component:
            case "Class":
                return self._class(argument, value)
            case "Datatype":
                return self._datatype(argument, value)
            case "NodeKind":
                return _node_kind(argument, value)
            case "MinLength":
                return f"COALESCE(STRLEN(STR({value})) >= {argument.value}, false)"
            case "MaxLength":
                return f"COALESCE(STRLEN(STR({value})) <= {argument.value}, false)"
            case "Pattern":
                return self._pattern(argument.value, test.flags, value)
            case "MinExclusive":
                return self._bound(argument, value, or_equal=False, from_below=True)
            case "MinInclusive":
                return self._bound(argument, value, or_equal=True, from_below=True)
            case "MaxExclusive":
                return self._bound(argument, value, or_equal=False, from_below=False)
            case "MaxInclusive":
                return self._bound(argument, value, or_equal=True, from_below=False)
            case other:
                raise AssertionError(other)

    def _class(self, wanted: Term, value: str) -> str:
        classes = self._ground.below(wanted)
        kind = f"{value}c"
        if not classes:
            return "false"
        if len(classes) > _FEW or any(isinstance(c, ox.BlankNode) for c in classes):
            among = self._own(frozenset(classes).__contains__, kind)
            return f"EXISTS {{ {value} <{RDF_TYPE}> {kind} FILTER({among}) }}"
        if len(classes) == 1:
            return f"EXISTS {{ {value} <{RDF_TYPE}> {classes[0]} }}"
        return f"EXISTS {{ {value} <{RDF_TYPE}> {kind} FILTER({kind} IN ({', '.join(map(str, classes))})) }}"

    def _datatype(self, wanted: Term, value: str) -> str:
        own = f"DATATYPE({value}) = {wanted}"
        if not self._ground.as_it_is:
            kept = as_stored_datatypes(wanted)
            return f"COALESCE(DATATYPE({value}) IN ({', '.join(kept)}), false)"
        fits = self._call("well-typed", lambda term: _TRUE if _is_well_typed(term) else _FALSE, value)
        return f"COALESCE({own} && {fits}, false)"

    def _in(self, members: Sequence[Term], value: str) -> str:
        if len(members) > _FEW or any(isinstance(m, ox.BlankNode) for m in members):
            allowed = frozenset(members)
            return self._own(lambda term: term in allowed, value)
        return _any([f"sameTerm({value}, {member})" for member in members])

    def _pattern(self, expression: str, flags: str, value: str) -> str:
        if not _is_common(expression) or not _is_native(expression, flags):
            found = _searched(expression, flags)
            return self._own(lambda t: not isinstance(t, ox.BlankNode) and found.search(t.value) is not None, value)
        return f"COALESCE(REGEX(STR({value}), {ox.Literal(expression)}, {ox.Literal(flags)}), false)"

    def _bound(self, bound: Term, value: str, *, or_equal: bool, from_below: bool) -> str:
        if not is_ordered(bound):
            return "false"
        limit = str(as_stored(bound))
        low, high = (limit, value) if from_below else (value, limit)
        return f"COALESCE({low} {'<=' if or_equal else '<'} {high}, {self._before(low, high, or_equal=or_equal)})"

    def in_order(self, low: str, high: str, *, or_equal: bool) -> str:
        """Return an expression that is true where one variable comes before another."""
        slow = self._before(low, high, or_equal=or_equal)
        if not or_equal:
            return f"COALESCE({low} < {high}, {slow})"
        # Oxigraph has any term before or equal to itself; SPARQL only those that have an order.
        ordered = self._call("ordered", lambda term: _TRUE if is_ordered(term) else _FALSE, low)
        return f"IF(sameTerm({low}, {high}), {ordered}, COALESCE({low} <= {high}, {slow}))"

    def _before(self, low: str, high: str, *, or_equal: bool) -> str:
        name = "before-or-equal" if or_equal else "before"
        return self._call(
            name, lambda one, other: _TRUE if comes_before(one, other, or_equal=or_equal) else _FALSE, low, high
        )


def _is_well_typed(term: Term) -> bool:
    return isinstance(term, ox.Literal) and is_well_typed(term)


def as_stored_datatypes(datatype: Term) -> list[str]:
    """Return the datatypes that well-typed literals of a datatype have in a store that keeps them as written."""
    return [str(datatype), str(ox.NamedNode(WRITTEN + datatype.value))]


def is_expression(shape: Shape) -> bool:
    """Return whether one condition on a node, with what it leads to, says that it conforms to the shape."""
    if shape.properties or (shape.path is not None and may_be_empty(shape.path)):
        return False
    return all(
        isinstance(c, ValueTest | HasValue)
        or (isinstance(c, Count) and (c.component, c.number) in (("MinCount", 0), ("MinCount", 1), ("MaxCount", 0)))
        or (isinstance(c, ShapeTest) and all(s.deactivated or is_expression(s) for s in c.shapes))
        for c in shape.constraints
    )


def _all(parts: Sequence[str]) -> str:
    return "(" + " && ".join(parts) + ")" if parts else "true"


def _any(parts: Sequence[str], *, total: bool = True) -> str:
    if not parts:
        return "false"
    text = "(" + " || ".join(parts) + ")"
    return text if total else f"COALESCE({text}, false)"


_KINDS = {"IRI": "ISIRI", "BlankNode": "ISBLANK", "Literal": "ISLITERAL"}


def _node_kind(kind: Term, value: str) -> str:
    names = kind.value.removeprefix(SH).split("Or")
    if not all(name in _KINDS for name in names):
        raise IllFormedShapes(f"shapes: sh:nodeKind {kind} is none of SHACL's node kinds")
    return _any([f"{_KINDS[name]}({value})" for name in names])


def _is_common(expression: str) -> bool:
    """Return whether Oxigraph and Python understand an expression alike: no special groups, no set operations."""
    return re.search(r"\(\?|\\[0-9]|&&|--|~~|\[[^\]]*\[|[*+?}]\+", expression) is None


@cache
def _is_native(expression: str, flags: str) -> bool:
    query = f"SELECT (REGEX('', {ox.Literal(expression)}, {ox.Literal(flags)}) AS ?r) {{}}"
    answer = ox.Store().query(query)
    assert isinstance(answer, ox.QuerySolutions)
    return next(iter(answer))["r"] is not None


@cache
def _searched(expression: str, flags: str) -> re.Pattern[str]:
    known = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL, "x": re.VERBOSE}
    try:
        chosen = re.NOFLAG
        for flag in flags:
            chosen |= known[flag]
        return re.compile(expression, chosen)
    except (re.error, KeyError) as fault:
        raise IllFormedShapes(
            f"shapes: sh:pattern {expression!r} with flags {flags!r} cannot be used: {fault}"
        ) from None


def has_value(focus: Focus, path: Path | None, term: Term, asker: Asker) -> str:
    """Return an expression that is true where a term is among the values of a path."""
    if path is None:
        return asker.same(focus.here, term)
    there = f"?v{len(focus.variables)}"
    further = without_empty(path)
    if isinstance(term, ox.Literal) and "^" not in as_sparql(further) and is_simple(path):
        reached = f"EXISTS {{ {walk_from(focus.here, further, str(as_stored(term)))} }}"
    else:
        reached = f"EXISTS {{ {walk_from(focus.here, further, there)} FILTER({asker.same(there, term)}) }}"
    return f"({asker.same(focus.here, term)} || {reached})" if may_be_empty(path) else reached
