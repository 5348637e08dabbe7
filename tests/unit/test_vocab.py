"""Every constant names a term that exists; every term is used."""

import re

import pytest
import rdflib

from kg import vocab
from kg.resources import data_folder, ontology_files, reference_files

CONSTANTS = {name: value for name, value in vars(vocab).items() if name.isupper() and isinstance(value, str)}
OURS = {name: value for name, value in CONSTANTS.items() if value.startswith(vocab.CHY) and value != vocab.CHY}


@pytest.fixture(scope="module")
def ontology() -> rdflib.Graph:
    return rdflib.Graph().parse(data_folder("ontology") / "chancery.ttl")


def terms(ontology: rdflib.Graph) -> set[str]:
    return {str(s) for s in ontology.subjects(rdflib.RDFS.isDefinedBy, None)}


def test_each_constant_of_ours_exists(ontology: rdflib.Graph) -> None:
    """A constant whose term is missing from the ontology would be a spelling mistake that nobody sees."""
    assert set(OURS.values()) - terms(ontology) == set()


def test_no_two_constants_mean_the_same() -> None:
    """One name a term."""
    values = list(CONSTANTS.values())
    assert len(values) == len(set(values))


def test_prefixes_are_the_namespaces() -> None:
    """Whatever a module writes with a prefix, it writes with a namespace of this file."""
    assert set(vocab.PREFIXES.values()) <= set(CONSTANTS.values())


def mentioned(text: str) -> set[str]:
    return {vocab.CHY + name for name in re.findall(r"\bchy:([A-Za-z][A-Za-z0-9]*)", text)}


def test_data_mentions_only_terms_that_exist(ontology: rdflib.Graph) -> None:
    """Queries, shapes, frames and reference data use no term that the ontology lacks."""
    queries, shapes = data_folder("queries"), data_folder("shapes")
    for path in [*queries.rglob("*.rq"), *shapes.glob("*.ttl"), *ontology_files(), *reference_files()]:
        assert mentioned(path.read_text(encoding="utf-8")) - terms(ontology) == set(), path.name


def test_each_term_is_used(ontology: rdflib.Graph) -> None:
    """A term that no query, shape, frame, axiom, reference entry or module uses is an ornament."""
    places = [
        *data_folder("queries").rglob("*.rq"),
        *data_folder("shapes").glob("*.ttl"),
        *(p for p in ontology_files() if p.name != "chancery.ttl"),
        *reference_files(),
    ]
    used = set(OURS.values()).union(*(mentioned(p.read_text(encoding="utf-8")) for p in places))
    by_axioms = {str(o) for o in ontology.objects()}
    assert terms(ontology) - used - by_axioms == set()


def test_local_name() -> None:
    """The part after the last separator, whichever it is."""
    assert vocab.local_name(vocab.CHY + "State") == "State"
    assert vocab.local_name(vocab.ID + "state/RUS") == "RUS"
