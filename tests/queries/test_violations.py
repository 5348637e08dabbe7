"""What breaks an axiom is reported with the claims that cause it."""

from __future__ import annotations

import pyoxigraph as ox

from kg import vocab
from kg.resources import load_knowledge
from kg.violations import check_axioms


def test_the_register_breaks_no_axiom(register: ox.Store) -> None:
    report = check_axioms(register, load_knowledge())
    assert report.conforms, report.as_text()


def test_a_thing_of_disjoint_classes_is_reported_with_the_claims_behind_it(register: ox.Store) -> None:
    """Russia recognises the Taliban: called a person, the Taliban is of disjoint classes."""
    store = ox.Store()
    store.extend(register)
    direct = ox.NamedNode(vocab.GRAPH_DIRECT)
    recognition = store.query(
        f"SELECT ?s ?o WHERE {{ GRAPH <{vocab.GRAPH_DIRECT}> {{ ?s <{vocab.chy('recognises')}> ?o }} }} LIMIT 1"
    )
    (found,) = list(recognition)  # type: ignore[arg-type]
    person = ox.NamedNode(vocab.PERSON)
    agreement = next(store.quads_for_pattern(None, ox.NamedNode(vocab.RDF_TYPE), ox.NamedNode(vocab.AGREEMENT), direct))
    for node in (found["o"], agreement.subject):
        store.add(ox.Quad(node, ox.NamedNode(vocab.RDF_TYPE), person, direct))
    report = check_axioms(store, load_knowledge())
    assert not report.conforms
    by_focus = {result.focus: result for result in report.results}
    assert by_focus[found["o"].value].component == "disjoint"
    assert any("characters" in result.message for result in report.results)
