"""Shapes as SPARQL: where to look, what to ask of values there, and which rows are results."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

import pyoxigraph as ox

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
from kg.conformance.paths import Path, Predicate, as_sparql, is_simple, may_be_empty, without_empty
from kg.conformance.shape import (
    Closed,
    Constraint,
    Count,
    HasValue,
    Pair,
    Qualified,
    Select,
    Shape,
    ShapeTest,
    Target,
    UniqueLang,
    ValueTest,
)
from kg.conformance.statements import IllFormedShapes
from kg.vocab import RDF_TYPE, RDFS_SUBCLASS_OF, SH

# A condition that names more terms than this takes longer than looking them up.
_FEW = 24
_TRUE, _FALSE = ox.Literal(True), ox.Literal(False)
_FUNCTION = "urn:chancery:function:"


@dataclass(frozen=True, slots=True)
class Focus:
    """Where the query is: a pattern, and the variables that it binds on its way, the last of them the nodes judged.

    `plain` patterns can be joined in any order; of others, what follows is asked node by node.
    """

    text: str
    variables: tuple[str, ...]
    plain: bool

    @property
    def here(self) -> str:
        """The variable of the nodes."""
        return self.variables[-1]

    def with_values(self, path: Path | None, *, to: str | None = None) -> Focus:
        """Return the focus at the values of a path, in a further variable."""
        if path is None:
            return self
        there = to or f"?v{len(self.variables)}"
        step = step_of(self.here, path, there)
        plain = self.plain and is_simple(path)
        text = f"{self.text} {step}" if plain else f"{self.text} LATERAL {{ {step} }}"
        return Focus(text, (*self.variables, there), plain)


def step_of(here: str, path: Path, there: str) -> str:
    """Return the pattern that leads from one variable to the values of a path in another."""
    if not may_be_empty(path):
        return f"{here} {as_sparql(path)} {there} ."
    further = f"{here} {as_sparql(without_empty(path))} {there} ."
    return f"{{ BIND({here} AS {there}) }} UNION {{ {further} }}"


def targets_focus(targets: Sequence[Target], ground: Ground) -> Focus | None:
    """Return where the targets of a shape are; None where the data has none of them."""
    parts = [part for target in targets for part in _target(target, ground)]
    nodes = " ".join(
        str(as_stored(t.term)) for t in targets if t.kind == "Node" and not isinstance(t.term, ox.BlankNode)
    )
    if nodes:
        parts.append(f"VALUES ?v0 {{ {nodes} }}")
    if not parts:
        return None
    if len(parts) == 1 and not parts[0].startswith("VALUES"):
        return Focus(parts[0], ("?v0",), plain=True)
    union = " UNION ".join(f"{{ {part} }}" for part in parts)
    return Focus(f"{{ SELECT DISTINCT ?v0 {{ {union} }} }}", ("?v0",), plain=False)


def _target(target: Target, ground: Ground) -> Iterator[str]:
    match target.kind:
        case "Class":
            classes = ground.below(target.term)
            if any(isinstance(c, ox.BlankNode) for c in classes):
                yield f"?v0 <{RDF_TYPE}>/<{RDFS_SUBCLASS_OF}>* {target.term} ."
            elif len(classes) == 1:
                yield f"?v0 <{RDF_TYPE}> {classes[0]} ."
            elif classes:
                yield f"VALUES ?any0 {{ {' '.join(map(str, classes))} }} ?v0 <{RDF_TYPE}> ?any0 ."
        case "SubjectsOf":
            if ground.has(target.term.value):
                yield f"?v0 {target.term} ?any0 ."
        case "ObjectsOf":
            if ground.has(target.term.value):
                yield f"?any0 {target.term} ?v0 ."
        case "Node":
            pass


# --- what a value must be by itself ---


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
                    parts.append(_has(values, shape.path, term, self))
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
        return f"{values.here} {as_sparql(shape.path)} {values.here}n ."

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


# --- queries ---


@dataclass(frozen=True, slots=True)
class Question:
    """A query whose rows are results.

    `focus` are the variables up to the nodes judged; `value` and `path` those that a result shows; `apart` further ones
    that tell results apart. `tests` are the conditions a row may break, each with its constraint; none where any row is
    a result of `constraint`.
    """

    where: str
    focus: tuple[str, ...]
    constraint: Constraint | None = None
    value: str | None = None
    path: str | None = None
    apart: tuple[str, ...] = ()
    having: str | None = None
    tests: tuple[tuple[Constraint, str], ...] = ()

    def columns(self) -> list[str]:
        """Return the variables of the query for results, before the columns of its tests."""
        return [*self.focus, *(v for v in (self.value, self.path) if v and v not in self.focus), *self.apart]

    def select(self) -> str:
        """Return the query for results: the nodes judged, the value, the path, then a column for each test."""
        shown = self.columns()
        flags = [f"({test} AS ?t{i})" for i, (_, test) in enumerate(self.tests)] if len(self.tests) > 1 else []
        return f"SELECT DISTINCT {' '.join([*shown, *flags])} WHERE {{ {self.where} }}{self._grouped(shown)}"

    def select_only(self, variable: str) -> str:
        """Return the query for one variable's nodes that have results."""
        return f"SELECT DISTINCT {variable} WHERE {{ {self.where} }}{self._grouped([*self.focus, *self.apart])}"

    def _grouped(self, variables: Sequence[str]) -> str:
        return f" GROUP BY {' '.join(variables)} HAVING ({self.having})" if self.having else ""


def questions(shape: Shape, focus: Focus, asker: Asker, *, leads: bool) -> Iterator[Question]:
    """Yield the queries for a shape's own constraints at a focus; where its path `leads` nowhere, those without it."""
    values = focus.with_values(shape.path)
    tests = [
        (constraint, asker.condition(constraint, values))
        for constraint in shape.constraints
        if leads and isinstance(constraint, ValueTest | ShapeTest)
    ]
    if tests:
        where = f"{values.text} FILTER(!({' && '.join(test for _, test in tests)}))"
        only = tests[0][0] if len(tests) == 1 else None
        yield Question(where, focus.variables, only, value=values.here, tests=tuple(tests))
    for constraint in shape.constraints:
        if not isinstance(constraint, ValueTest | ShapeTest | Select):
            for question in _questions(constraint, shape, focus, values, asker):
                yield replace(question, constraint=constraint)


def _questions(constraint: Constraint, shape: Shape, focus: Focus, values: Focus, asker: Asker) -> Iterator[Question]:
    match constraint:
        case Count("MinCount", number):
            yield from _too_few(focus, shape.path, number)
        case Count(_, number):
            yield from _too_many(focus, shape.path, number)
        case HasValue(term):
            yield Question(f"{focus.text} FILTER(!{_has(focus, shape.path, term, asker)})", focus.variables)
        case UniqueLang():
            where = f'{values.text} BIND(LANG({values.here}) AS ?lang) FILTER(?lang != "")'
            yield Question(where, focus.variables, apart=("?lang",), having=f"COUNT(DISTINCT {values.here}) > 1")
        case Pair():
            yield from _pair(constraint, shape.path, focus, values, asker)
        case Closed(allowed):
            here, predicate, value = values.here, "?p", "?o"
            others = f" FILTER(?p NOT IN ({', '.join(map(str, allowed))}))" if allowed else ""
            step = f"{here} {predicate} {value} .{others}"
            where = f"{values.text} {step}" if values.plain else f"{values.text} LATERAL {{ {step} }}"
            yield Question(where, values.variables, value=value, path=predicate)
        case Qualified(component, inner, siblings, number):
            fits = [asker.conforms(inner, values), *(f"!{asker.conforms(s, values)}" for s in siblings)]
            count = _too_few if component == "QualifiedMinCount" else _too_many
            yield from count(focus, shape.path, number, f" FILTER({' && '.join(fits)})")


def _too_few(focus: Focus, path: Path | None, number: int, condition: str = "") -> Iterator[Question]:
    assert path is not None
    here, there = focus.here, f"?v{len(focus.variables)}"
    if number == 0 or (number == 1 and may_be_empty(path) and not condition):
        return
    if number == 1 and not may_be_empty(path):
        step = f"{here} {as_sparql(path)} {there} .{condition}"
        yield Question(f"{focus.text} FILTER NOT EXISTS {{ {step} }}", focus.variables)
        return
    step = f"{step_of(here, path, there)}{condition}"
    text = f"{focus.text} LATERAL {{ OPTIONAL {{ {step} }} }}"
    yield Question(text, focus.variables, having=f"COUNT(DISTINCT {there}) < {number}")


def _too_many(focus: Focus, path: Path | None, number: int, condition: str = "") -> Iterator[Question]:
    assert path is not None
    here, there = focus.here, f"?v{len(focus.variables)}"
    step = f"{step_of(here, path, there)}{condition}"
    if number == 0:
        yield Question(f"{focus.text} LATERAL {{ {step} }}", focus.variables)
    elif number == 1 and isinstance(path, Predicate) and not condition:
        other = f"{here} {as_sparql(path)} ?w FILTER(!sameTerm(?w, {there}))"
        yield Question(f"{focus.text} LATERAL {{ {step} }} FILTER EXISTS {{ {other} }}", focus.variables)
    elif may_be_empty(path):
        text = f"{focus.text} LATERAL {{ {step} }}"
        yield Question(text, focus.variables, having=f"COUNT(DISTINCT {there}) > {number}")
    else:
        counted = f"SELECT {here} (COUNT(DISTINCT {there}) AS ?n) {{ {step} }} GROUP BY {here}"
        yield Question(f"{focus.text} LATERAL {{ {counted} }} FILTER(?n > {number})", focus.variables)


def _has(focus: Focus, path: Path | None, term: Term, asker: Asker) -> str:
    if path is None:
        return asker.same(focus.here, term)
    there = f"?v{len(focus.variables)}"
    found = f"{focus.here} {as_sparql(without_empty(path))}"
    if isinstance(term, ox.BlankNode):
        reached = f"EXISTS {{ {found} {there} FILTER({asker.same(there, term)}) }}"
    elif isinstance(term, ox.Literal) and "^" not in found and is_simple(path):
        reached = f"EXISTS {{ {found} {as_stored(term)} }}"
    else:
        reached = f"EXISTS {{ {found} {there} FILTER({asker.same(there, term)}) }}"
    return f"({asker.same(focus.here, term)} || {reached})" if may_be_empty(path) else reached


def _pair(pair: Pair, path: Path | None, focus: Focus, values: Focus, asker: Asker) -> Iterator[Question]:
    here, value = focus.here, values.here
    match pair.component:
        case "Equals":
            where = f"{values.text} FILTER NOT EXISTS {{ {here} {pair.predicate} {value} }}"
            yield Question(where, focus.variables, value=value)
            missing = f"{focus.text} LATERAL {{ {here} {pair.predicate} ?o }}"
            yield Question(f"{missing} FILTER(!{_reaches(here, path, '?o')})", focus.variables, value="?o")
        case "Disjoint":
            where = f"{values.text} FILTER EXISTS {{ {here} {pair.predicate} {value} }}"
            yield Question(where, focus.variables, value=value)
        case _:
            step = f"{here} {pair.predicate} ?o ."
            joined = f"{values.text} {step}" if values.plain else f"{values.text} LATERAL {{ {step} }}"
            order = asker.in_order(value, "?o", or_equal=pair.component == "LessThanOrEquals")
            yield Question(f"{joined} FILTER(!{order})", focus.variables, value=value, apart=("?o",))


def _reaches(here: str, path: Path | None, there: str) -> str:
    if path is None:
        return f"sameTerm({here}, {there})"
    reached = f"EXISTS {{ {here} {as_sparql(without_empty(path))} {there} }}"
    return f"(sameTerm({here}, {there}) || {reached})" if may_be_empty(path) else reached
