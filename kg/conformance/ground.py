"""The data that is judged: a store, what is known of it beforehand, and how it is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Final

import pyoxigraph as ox

from kg.conformance.literals import Term, as_stored, as_written
from kg.errors import DataError
from kg.vocab import RDF_TYPE, RDFS_SUBCLASS_OF

Function = Callable[..., ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None]
Row = Sequence[Term | None]

_DEFAULT: Final = ox.DefaultGraph()
_TYPE: Final = ox.NamedNode(RDF_TYPE)


class Ground:
    """A store to be judged.

    `as_it_is` says that the store holds literals as any store does: how they were written is not known any more, and
    an ill-typed one is found only when it is looked at. Its graphs are judged as one.
    """

    def __init__(self, store: ox.Store, *, as_it_is: bool = True) -> None:
        self.store, self.as_it_is = store, as_it_is

    @classmethod
    def of(cls, triples: Iterable[ox.Quad | ox.Triple]) -> Ground:
        """Return triples in a store of their own, whatever their graphs, literals as written."""
        store = ox.Store()
        store.bulk_extend(_stored(triples))
        return cls(store, as_it_is=False)

    def triples(self) -> Iterator[ox.Triple]:
        """Yield the triples of all graphs, as written."""
        for quad in self.store:
            yield ox.Triple(quad.subject, quad.predicate, as_written(_term(quad.object)))

    def rows(self, query: str, functions: Mapping[str, Function] | None = None) -> Iterator[Row]:
        """Yield the rows of a SELECT query, terms as written. `functions` may be called in it, by IRI."""
        named = {ox.NamedNode(iri): function for iri, function in (functions or {}).items()}
        answer = self.store.query(query, use_default_graph_as_union=self.as_it_is, custom_functions=named)
        assert isinstance(answer, ox.QuerySolutions)
        for row in answer:
            yield [None if term is None else as_written(term) for term in row]

    def plain_rows(self, query: str) -> Iterator[dict[str, Term]]:
        """Yield the rows of a query of the user's, which computes with literals as any store holds them."""
        answer = self.plain.query(query, use_default_graph_as_union=self.as_it_is)
        assert isinstance(answer, ox.QuerySolutions)
        names = [variable.value for variable in answer.variables]
        for row in answer:
            yield {name: as_written(_term(row[name])) for name in names if row[name] is not None}

    @cached_property
    def predicates(self) -> frozenset[str]:
        """The predicates that occur."""
        return frozenset(str(row[0].value) for row in self.rows("SELECT DISTINCT ?p { ?s ?p ?o }") if row[0])

    @cached_property
    def classes(self) -> frozenset[Term]:
        """The classes that something is said to be of."""
        return frozenset(row[0] for row in self.rows(f"SELECT DISTINCT ?c {{ ?s {_TYPE} ?c }}") if row[0])

    @cached_property
    def _lower(self) -> Mapping[Term, Sequence[Term]]:
        lower: dict[Term, list[Term]] = {}
        for below, above in self.rows(f"SELECT DISTINCT ?a ?b {{ ?a <{RDFS_SUBCLASS_OF}> ?b }}"):
            if below is not None and above is not None:
                lower.setdefault(above, []).append(below)
        return lower

    def below(self, wanted: Term) -> list[Term]:
        """Return the class and every class below it, of those that something is of."""
        found: dict[Term, None] = {wanted: None}
        todo = [wanted]
        while todo and self._lower:
            for lower in self._lower.get(todo.pop(), ()):
                if lower not in found:
                    found[lower] = None
                    todo.append(lower)
        return [c for c in found if c in self.classes]

    @cached_property
    def plain(self) -> ox.Store:
        """The data with literals as any store holds them, for queries that compute with them."""
        if self.as_it_is:
            return self.store
        if all(quad.object == as_written(_term(quad.object)) for quad in self.store):
            return self.store
        store = ox.Store()
        store.bulk_extend(ox.Quad(q.subject, q.predicate, as_written(_term(q.object)), _DEFAULT) for q in self.store)
        return store


def _stored(triples: Iterable[ox.Quad | ox.Triple]) -> Iterator[ox.Quad]:
    literal, quad = ox.Literal, ox.Quad
    for triple in triples:
        value = triple.object
        if type(value) is literal:
            value = as_stored(value)
        elif type(value) is ox.Triple:
            raise DataError(f"a statement about a statement cannot be validated: {value}")
        yield quad(triple.subject, triple.predicate, value, _DEFAULT)


def _term(value: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Term:
    if isinstance(value, ox.Triple):
        raise DataError(f"a statement about a statement cannot be validated: {value}")
    return value
