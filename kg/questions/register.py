"""A register and the packs -> what understands questions to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import pyoxigraph as ox

from kg import vocab
from kg.extract import prepare
from kg.model import Entity, Iri, Knowledge, Name
from kg.questions.reading import QuestionReader
from kg.questions.understanding import Understanding
from kg.resources import LANGUAGES, load_pack, load_question_words
from kg.saved import SavedQuery

_KNOWN_GRAPHS = frozenset({vocab.GRAPH_REFERENCE, vocab.GRAPH_ONTOLOGY})
_NAME_KINDS = {vocab.SKOS_PREF_LABEL: "preferred", vocab.SKOS_ALT_LABEL: "alternative", vocab.FAMILY_NAME: "family"}


def load_understanding(
    store: ox.Store, knowledge: Knowledge, queries: Sequence[SavedQuery], languages: Iterable[str] = LANGUAGES
) -> Understanding:
    """Return what understands questions in `languages`, with the names of the reference data and of the register."""
    discovered = list(discovered_entities(store, knowledge))
    entities = {**{e.id: e for e in discovered}, **knowledge.entities}
    readers = {}
    for tag in languages:
        pack = load_pack(tag)
        readers[tag] = QuestionReader(prepare(pack, knowledge), load_question_words(tag, pack), entities, discovered)
    return Understanding(queries, readers, entities)


def discovered_entities(store: ox.Store, knowledge: Knowledge) -> Iterator[Entity]:
    """Yield the entities that documents of the register name, each with all names of those joined into it."""
    names: dict[str, set[Name]] = {}
    kinds: dict[str, set[str]] = {}
    for predicate, kind in _NAME_KINDS.items():
        for quad in store.quads_for_pattern(None, ox.NamedNode(predicate), None, None):
            if getattr(quad.graph_name, "value", "") in _KNOWN_GRAPHS or not isinstance(quad.object, ox.Literal):
                continue
            if isinstance(quad.subject, ox.NamedNode):
                iri = _representative(store, quad.subject)
                names.setdefault(iri, set()).add(Name(quad.object.value, quad.object.language or "", kind))
                kinds.setdefault(iri, set()).update(_kinds(store, quad.subject))
    for iri in sorted(names):
        above = {k for kind in kinds[iri] for k in knowledge.superclasses.get(kind, frozenset({kind}))}
        known = knowledge.entities.get(Iri(iri))
        everyone = frozenset(above) | (known.kinds if known else frozenset())
        spelled = sorted(names[iri], key=lambda n: (n.kind != "preferred", n.language, n.text))
        yield Entity(Iri(iri), everyone, tuple(spelled))


def _representative(store: ox.Store, node: ox.NamedNode) -> str:
    for quad in store.quads_for_pattern(node, ox.NamedNode(vocab.JOINED_INTO), None, None):
        if isinstance(quad.object, ox.NamedNode):
            return quad.object.value
    return node.value


def _kinds(store: ox.Store, node: ox.NamedNode) -> Iterator[str]:
    for quad in store.quads_for_pattern(node, ox.NamedNode(vocab.RDF_TYPE), None, None):
        if isinstance(quad.object, ox.NamedNode) and quad.object.value.startswith(vocab.CHY):
            yield vocab.local_name(quad.object.value)
