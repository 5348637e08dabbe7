"""The data that is judged: a store, what is known of it beforehand, and how it is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import Final

import pyoxigraph as ox

from kg.conformance.literals import Term, as_stored, as_written, is_kept
from kg.errors import DataError
from kg.vocab import RDF_TYPE, RDFS_SUBCLASS_OF

Function = Callable[..., ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None]
Row = Sequence[Term | None]

# Oxigraph lets other threads run while it answers; for few triples, that costs more than it gains.
_MANY, _AT_A_TIME = 100_000, 4
_DEFAULT: Final = ox.DefaultGraph()
_TYPE: Final = ox.NamedNode(RDF_TYPE)


class Ground:
    """A store to be judged.

    `as_it_is` says that the store holds literals as any store does: how they were written is not known any more, and
    an ill-typed one is found only when it is looked at. Its graphs are judged as one.
    """

    def __init__(self, store: ox.Store, *, as_it_is: bool = True) -> None:
        self.store, self.as_it_is = store, as_it_is
        self._found: dict[str, bool] = {}

    @classmethod
    def of(cls, triples: Iterable[ox.Quad | ox.Triple]) -> Ground:
        """Return triples in a store of their own, whatever their graphs, literals as written."""
        store = ox.Store()
        store.bulk_extend(_stored(triples))
        return cls(store, as_it_is=False)

    def triples(self) -> Iterator[ox.Triple]:
        """Yield the triples of all graphs, as written; one that stands in two graphs comes twice."""
        for quad in self.store:
            yield ox.Triple(quad.subject, quad.predicate, as_written(_term(quad.object)))

    def rows(self, query: str, functions: Mapping[str, Function] | None = None) -> Iterator[Row]:
        """Yield the rows of a SELECT query, terms as written. `functions` may be called in it, by IRI."""
        named = {ox.NamedNode(iri): function for iri, function in (functions or {}).items()}
        answer = self.store.query(query, use_default_graph_as_union=True, custom_functions=named)
        assert isinstance(answer, ox.QuerySolutions)
        for row in answer:
            yield [None if term is None else as_written(term) for term in row]

    def answers(self, queries: Sequence[tuple[str, Mapping[str, Function]]]) -> Iterator[Iterable[Row]]:
        """Yield the rows of each query, in order; over many triples, some queries are asked at the same time."""
        if len(queries) < 2 or self._is_small:
            yield from (self.rows(query, functions) for query, functions in queries)
        else:
            with ThreadPoolExecutor(_AT_A_TIME) as pool:
                yield from pool.map(lambda asked: list(self.rows(*asked)), queries)

    def plain_rows(self, query: str) -> Iterator[dict[str, Term]]:
        """Yield the rows of a query of the user's, which computes with literals as any store holds them."""
        answer = self.plain.query(query, use_default_graph_as_union=True)
        assert isinstance(answer, ox.QuerySolutions)
        names = [variable.value for variable in answer.variables]
        for row in answer:
            yield {name: as_written(_term(row[name])) for name in names if row[name] is not None}

    def has(self, predicate: str) -> bool:
        """Return whether anything has this property."""
        return self._any(f"?s <{predicate}> ?o")

    def _any(self, pattern: str) -> bool:
        if pattern not in self._found:
            self._found[pattern] = bool(self.store.query(f"ASK {{ {pattern} }}", use_default_graph_as_union=True))
        return self._found[pattern]

    @cached_property
    def _is_small(self) -> bool:
        return not self.as_it_is and len(self.store) < _MANY

    @cached_property
    def _lower(self) -> Mapping[Term, Sequence[Term]]:
        lower: dict[Term, list[Term]] = {}
        for below, above in self.rows(f"SELECT DISTINCT ?a ?b {{ ?a <{RDFS_SUBCLASS_OF}> ?b }}"):
            if below is not None and above is not None:
                lower.setdefault(above, []).append(below)
        return lower

    def below(self, wanted: Term) -> list[Term]:
        """Return the class and every class below it, of those that something is of; blank nodes always."""
        found: dict[Term, None] = {wanted: None}
        todo = [wanted]
        while todo and self._lower:
            for lower in self._lower.get(todo.pop(), ()):
                if lower not in found:
                    found[lower] = None
                    todo.append(lower)
        return [c for c in found if not isinstance(c, ox.NamedNode) or self._any(f"?s {_TYPE} {c}")]

    @cached_property
    def plain(self) -> ox.Store:
        """The data as one graph, literals as any store holds them, for queries that compute with them."""
        if not any(True for _ in self.store.named_graphs()) and (
            self.as_it_is or all(_term(quad.object) == as_written(_term(quad.object)) for quad in self.store)
        ):
            return self.store
        store = ox.Store()
        store.bulk_extend(ox.Quad(t.subject, t.predicate, t.object, _DEFAULT) for t in self.triples())
        return store


def _stored(triples: Iterable[ox.Quad | ox.Triple]) -> Iterator[ox.Quad]:
    """Yield the quads to store. Those that need no change are passed on: making another takes as long as storing it."""
    literal, quad, kept = ox.Literal, ox.Quad, is_kept
    for triple in triples:
        value = triple.object
        if type(value) is literal:
            if not kept(value):
                triple = ox.Triple(triple.subject, triple.predicate, as_stored(value))
        elif type(value) is ox.Triple:
            raise DataError(f"a statement about a statement cannot be validated: {value}")
        yield triple if type(triple) is quad else quad(triple.subject, triple.predicate, triple.object, _DEFAULT)


def _term(value: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Term:
    if isinstance(value, ox.Triple):
        raise DataError(f"a statement about a statement cannot be validated: {value}")
    return value
