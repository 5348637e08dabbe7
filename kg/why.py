"""Why the register says something: finds the fact or triple that a user means, and its proof."""

from __future__ import annotations

import pyoxigraph as ox

from kg import vocab
from kg.decisions import Decisions
from kg.entailment import read_axioms
from kg.errors import InputError, UnknownName
from kg.model import Knowledge
from kg.names import Names, normal
from kg.proof import FactProof, Prover, TripleProof


def prove(
    store: ox.Store, knowledge: Knowledge, words: tuple[str, ...], decisions: Decisions | None = None
) -> FactProof | TripleProof:
    """Return the proof of a fact (its identifier, or how it begins) or of a triple (subject, property, object).

    `decisions` are those the store was concluded by; the proof names the ones that bear on it.
    Raises UnknownName for what does not exist, InputError when the register does not say it.
    """
    ontology = store.quads_for_pattern(None, None, None, ox.NamedNode(vocab.GRAPH_ONTOLOGY))
    prover = Prover(store, read_axioms(ontology), knowledge, decisions)
    if len(words) == 1:
        proof = prover.fact(find_fact(store, words[0]))
        if proof is None:
            raise UnknownName("fact", words[0])
        return proof
    if len(words) != 3:
        raise InputError("name one fact, or subject, property and object, such as Russia recognises Taliban")
    names = Names(store)
    subject, object_ = names.find_entity(words[0]), names.find_entity(words[2])
    predicate = find_property(store, words[1])
    found = prover.triple(subject, predicate, object_)
    if found is None:
        what = f"{names.label(subject, 'en')} {names.label(predicate, 'en')} {names.label(object_, 'en')}"
        raise InputError(f"the register does not say that {what}")
    return found


def find_fact(store: ox.Store, fact: str) -> str:
    """Return the IRI of the fact whose IRI this is, or the only one whose hash begins like this."""
    base = f"{vocab.ID}fact/"
    start = fact.removeprefix(base).removeprefix("fact/")
    quads = store.quads_for_pattern(None, ox.NamedNode(vocab.STATUS), None, ox.NamedNode(vocab.GRAPH_FACTS))
    subjects = {quad.subject.value for quad in quads if isinstance(quad.subject, ox.NamedNode)}
    found = sorted(subject for subject in subjects if subject.startswith(base + start))
    if len(found) == 1 and start:
        return found[0]
    raise UnknownName("fact", fact, found[:3] if start else ())


def find_property(store: ox.Store, name: str) -> str:
    """Return the IRI of our property called `name`, by its term or a label."""
    labels: dict[str, str] = {}
    for kind in ("ObjectProperty", "DatatypeProperty"):
        for typed in store.quads_for_pattern(None, ox.NamedNode(vocab.RDF_TYPE), ox.NamedNode(vocab.OWL + kind), None):
            if not isinstance(typed.subject, ox.NamedNode):
                continue
            iri = typed.subject.value
            labels[normal(vocab.local_name(iri))] = iri
            for quad in store.quads_for_pattern(typed.subject, ox.NamedNode(vocab.RDFS_LABEL), None, None):
                if isinstance(quad.object, ox.Literal):
                    labels.setdefault(normal(quad.object.value), iri)
    wanted = normal(name.removeprefix("chy:").removeprefix(vocab.CHY))
    if wanted in labels:
        return labels[wanted]
    import difflib

    raise UnknownName("property", name, difflib.get_close_matches(wanted, sorted(labels), n=3, cutoff=0.5))
