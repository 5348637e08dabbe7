"""What follows, kept up with what is given: only what a change bears on is inferred again.

When given triples go, what may rest on them is taken out, and put back where it follows from what is left; then what is
new is followed up. The result is what `kg.entailment.materialise` gives from the start.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from kg.entailment import Axioms, Node, Triple, concluding, consequences, derivations, relevant, term_of, triple_of
from kg.vocab import GRAPH_DIRECT, GRAPH_ENTITIES, GRAPH_INFERRED, GRAPH_REFERENCE

_GIVEN = tuple(ox.NamedNode(graph) for graph in (GRAPH_REFERENCE, GRAPH_ENTITIES, GRAPH_DIRECT))
_INFERRED = ox.NamedNode(GRAPH_INFERRED)


_KNOWN = 50_000  # conclusions kept in memory


class Upkeep:
    """The inferred graph of a store, and what changes in it."""

    def __init__(self, store: ox.Store, axioms: Axioms) -> None:
        self._store, self._axioms = store, axioms
        self._concluding = concluding(axioms)
        self._relevant = relevant(axioms)
        self._beside: dict[tuple[str, str], set[Node]] = {}
        self._beside_before: dict[tuple[str, Node], set[str]] = {}

    def update(self, removed: Iterable[ox.Quad], added: Iterable[ox.Quad]) -> int:
        """Bring the inferred graph up to date, after `removed` left the store's given graphs and `added` came.

        Return by how many triples it grew.
        """
        lost = {t for t in self._about(removed) if not self._is_given(t)}
        new = {t for t in self._about(added) if self._is_given(t)}
        doubted = self._resting_on(lost)
        out = [triple for triple in {*doubted, *new} if _quad(triple) in self._store]
        for triple in out:
            self._store.remove(_quad(triple))
        held = [t for t in (*doubted, *lost) if self._follows(t)]
        for triple in held:
            self._store.add(_quad(triple))
        return len(held) - len(out) + self._follow_up([*new, *held])

    def begin(self, derived: Iterable[Triple]) -> None:
        """Put what follows from given triples that are there whatever else is; after it `go_on` with the others."""
        self._store.bulk_extend(_quad(triple) for triple in derived if not self._is_given(triple))

    def go_on(self, quads: Iterable[ox.Quad]) -> None:
        """Follow up given triples that are all in the store already."""
        pending: dict[Triple, None] = {}
        known: set[Triple] = set()
        for quad in quads:
            todo = deque([triple_of(quad)] if quad.predicate.value in self._relevant else ())
            while todo:
                for conclusion, _ in list(consequences(todo.popleft(), self._axioms, self)):
                    if conclusion not in known:
                        known.add(conclusion)
                        if not self._holds(conclusion):
                            pending[conclusion] = None
                            self._remember([conclusion])
                            todo.append(conclusion)
            if len(known) > _KNOWN:
                self._write(pending)
                known.clear()
        self._write(pending)

    def _write(self, pending: dict[Triple, None]) -> None:
        """Put new conclusions into the store, past the transaction, and let them be joined with from there."""
        self._store.bulk_extend(map(_quad, pending))
        pending.clear()
        self._beside, self._beside_before = {}, {}

    def _about(self, quads: Iterable[ox.Quad]) -> Iterator[Triple]:
        return (triple_of(quad) for quad in quads if quad.predicate.value in self._relevant)

    def _resting_on(self, lost: set[Triple]) -> list[Triple]:
        """Return the inferred triples to whose derivations `lost` ones, or such that rest on them, may belong."""
        self._remember(lost)
        doubted: dict[Triple, None] = {}
        todo = deque(sorted(lost, key=str))
        while todo:
            for conclusion, _ in consequences(todo.popleft(), self._axioms, self):
                if conclusion not in doubted and _quad(conclusion) in self._store and not self._is_given(conclusion):
                    doubted[conclusion] = None
                    todo.append(conclusion)
        self._beside, self._beside_before = {}, {}
        return list(doubted)

    def _remember(self, lost: Iterable[Triple]) -> None:
        """Let triples be joined with that are not in the store: lost ones, or such as are yet to be written."""
        for s, p, o in lost:
            self._beside.setdefault((p, s), set()).add(o)
            self._beside_before.setdefault((p, o), set()).add(s)

    def _follows(self, triple: Triple) -> bool:
        if self._is_given(triple):
            return False
        found = derivations(triple, self._concluding, self)
        return any(all(self._holds(premise) for premise in derivation.premises) for derivation in found)

    def _follow_up(self, triples: Iterable[Triple]) -> int:
        todo, number = deque(triples), 0
        while todo:
            for conclusion, _ in list(consequences(todo.popleft(), self._axioms, self)):
                if not self._holds(conclusion):
                    self._store.add(_quad(conclusion))
                    todo.append(conclusion)
                    number += 1
        return number

    # -- what the store holds -------------------------------------------------------------------------------------

    def _is_given(self, triple: Triple) -> bool:
        s, p, o = triple
        one, two, three = ox.NamedNode(s), ox.NamedNode(p), term_of(o)
        return any(ox.Quad(one, two, three, graph) in self._store for graph in _GIVEN)

    def _holds(self, triple: Triple) -> bool:
        return _quad(triple) in self._store or self._is_given(triple)

    def after(self, prop: str, subject: str) -> list[Node]:
        """Return the objects that `subject` has for `prop`, given or inferred."""
        found = {
            triple_of(quad)[2]
            for graph in (*_GIVEN, _INFERRED)
            for quad in self._store.quads_for_pattern(ox.NamedNode(subject), ox.NamedNode(prop), None, graph)
        }
        return list(found | self._beside.get((prop, subject), set()))

    def before(self, prop: str, value: Node) -> list[str]:
        """Return the subjects that have `value` for `prop`, given or inferred."""
        found = {
            triple_of(quad)[0]
            for graph in (*_GIVEN, _INFERRED)
            for quad in self._store.quads_for_pattern(None, ox.NamedNode(prop), term_of(value), graph)
        }
        return list(found | self._beside_before.get((prop, value), set()))


def _quad(triple: Triple) -> ox.Quad:
    s, p, o = triple
    return ox.Quad(ox.NamedNode(s), ox.NamedNode(p), term_of(o), _INFERRED)
