"""What differs between two generations: facts that appeared, vanished or changed, each with the reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from kg import vocab
from kg.ids import document_id
from kg.index import Index
from kg.names import Names
from kg.store import Generation

_FACTS = ox.NamedNode(vocab.GRAPH_FACTS)


@dataclass(frozen=True, slots=True)
class Change:
    """One fact: `what` appeared, vanished or changed; its status before and after, and why."""

    fact: str
    what: str
    before: str | None
    after: str | None
    frame: str
    roles: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class _State:
    """What a generation says of a fact: all of it (`told`), and the documents with a claim for or against."""

    status: str
    frame: str
    roles: tuple[str, ...]
    told: frozenset[tuple[str, str]]
    documents: frozenset[str]


def find_changes(old: Generation, new: Generation, language: str = "en") -> list[Change]:
    """Return the facts that differ between two generations, sorted by what happened to them."""
    before, after = _facts(old.store), _facts(new.store)
    causes = _document_causes(old, new)
    general = list(_general_causes(old, new))
    names_old, names_new = Names(old.store), Names(new.store)
    found = []
    for fact in sorted(before.keys() | after.keys()):
        one, two = before.get(fact), after.get(fact)
        shown = two or one
        if shown is None or (one is not None and two is not None and one.told == two.told):
            continue
        names = names_new if two is not None else names_old
        what = "appeared" if one is None else "vanished" if two is None else "changed"
        documents = (one.documents if one else frozenset()) | (two.documents if two else frozenset())
        reasons = [f"{causes[d]}: {d}" for d in sorted(documents) if d in causes] or general
        found.append(
            Change(
                fact,
                what,
                names.label(one.status, language) if one else None,
                names.label(two.status, language) if two else None,
                names.label(shown.frame, language),
                tuple(names.label(iri, language) for iri in shown.roles),
                "; ".join(reasons) or "what other facts say of the same parties, speakers or entities",
            )
        )
    return sorted(found, key=lambda change: (change.what, change.frame, change.roles, change.fact))


def _facts(store: ox.Store) -> dict[str, _State]:
    told: dict[str, set[tuple[str, str]]] = {}
    for quad in store.quads_for_pattern(None, None, None, _FACTS):
        told.setdefault(_value(quad.subject), set()).add((quad.predicate.value, _value(quad.object)))
    return {fact: _state(store, values) for fact, values in told.items() if (vocab.RDF_TYPE, vocab.FACT) in values}


def _state(store: ox.Store, values: set[tuple[str, str]]) -> _State:
    def of(predicate: str) -> list[str]:
        return sorted(value for one, value in values if one == predicate)

    claims = of(vocab.SUPPORTED_BY) + of(vocab.OPPOSED_BY)
    sources = (
        q.object
        for claim in claims
        for q in store.quads_for_pattern(ox.NamedNode(claim), ox.NamedNode(vocab.PROV_WAS_DERIVED_FROM), None, None)
    )
    others = {vocab.FRAME, vocab.STATUS, vocab.RDF_TYPE, vocab.REFINED_BY, vocab.SUPPORTED_BY, vocab.OPPOSED_BY}
    roles = sorted(value for p, value in values if p not in others and value.startswith(vocab.ID))
    documents = frozenset(document_id(_value(source)) for source in sources)
    return _State(of(vocab.STATUS)[0], of(vocab.FRAME)[0], tuple(roles), frozenset(values), documents)


def _document_causes(old: Generation, new: Generation) -> dict[str, str]:
    """Return what happened to each document that is not the same in both."""
    causes = {}
    for document in old.documents.keys() | new.documents.keys():
        one, two = old.documents.get(document), new.documents.get(document)
        if one is None or two is None:
            causes[document] = "added" if one is None else "removed"
        elif one.sha256 != two.sha256:
            causes[document] = "changed"
        elif one.fingerprint != two.fingerprint and old.info.versions == new.info.versions:
            causes[document] = "its description changed"
    return causes


def _general_causes(old: Generation, new: Generation) -> Iterator[str]:
    one, two = _states(old), _states(new)
    if one.get("decisions") != two.get("decisions"):
        yield "a decision"
    if old.info.versions != new.info.versions:
        yield "a new version of rules, names or ontology"
    if one.get("day") != two.get("day"):
        yield f"the register now stands at {two.get('day') or 'no day'}"


def _states(generation: Generation) -> Mapping[str, str | None]:
    folder = generation.folder / "index"
    if not folder.is_dir():
        return {}
    index = Index(ox.Store.read_only(str(folder)))
    return {name: index.state(name) for name in ("decisions", "day")}


def _value(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else ""
