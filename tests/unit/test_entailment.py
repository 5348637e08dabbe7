"""The ontology's axioms entail what an independent reasoner says they entail, each triple with its derivation."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.entailment import Axioms, Derivation, Entailments, Triple, find_violations, materialise, read_axioms
from kg.errors import DataError
from kg.resources import ontology_files, parse_turtle
from kg.skolem import graph_quads
from kg.vocab import CHY, GRAPH_INFERRED, GRAPH_ONTOLOGY, ID, OWL, RDF_TYPE

PREFIXES = f"""@prefix : <https://example.org/> . @prefix chy: <{CHY}> . @prefix owl: <{OWL}> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> ."""


@cache
def ontology() -> tuple[ox.Quad, ...]:
    return tuple(q for file in ontology_files() for q in graph_quads(parse_turtle(file), GRAPH_ONTOLOGY))


@cache
def axioms() -> Axioms:
    return read_axioms(ontology())


def turtle(text: str) -> list[ox.Quad]:
    return graph_quads(ox.parse(PREFIXES + text, format=ox.RdfFormat.TURTLE), GRAPH_ONTOLOGY)


def entailed(text: str, rules: str | None = None) -> Entailments:
    return materialise(axioms() if rules is None else read_axioms(turtle(rules)), turtle(text))


def short(found: Entailments) -> set[str]:
    """Return the entailed triples in few letters."""
    names = ("https://example.org/", CHY, ID)

    def bare(node: object) -> str:
        text = node if isinstance(node, str) else str(getattr(node, "value", node))
        for name in names:
            text = text.removeprefix(name)
        return "a" if text == RDF_TYPE else text

    return {" ".join(bare(part) for part in triple) for triple in found.derived}


# -- rule by rule -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rules", "data", "expected"),
    [
        (":A rdfs:subClassOf :B . :B rdfs:subClassOf :C .", ":x a :A .", {"x a B", "x a C"}),
        (":A owl:equivalentClass :B .", ":x a :A . :y a :B .", {"x a B", "y a A"}),
        (":p rdfs:subPropertyOf :q .", ":x :p :y .", {"x q y"}),
        (":p owl:equivalentProperty :q .", ":x :q :y .", {"x p y"}),
        (":p owl:inverseOf :q .", ":x :p :y . :z :q :w .", {"y q x", "w p z"}),
        (":p a owl:SymmetricProperty .", ":x :p :y .", {"y p x"}),
        (":p a owl:TransitiveProperty .", ":x :p :y . :y :p :z . :z :p :w .", {"x p z", "y p w", "x p w"}),
        (":p rdfs:domain :A ; rdfs:range :B .", ':x :p :y . :x :p "text" .', {"x a A", "y a B"}),
        (":p owl:propertyChainAxiom ( :q :r ) .", ":x :q :y . :y :r :z .", {"x p z"}),
        (":p owl:propertyChainAxiom ( :q :q :q ) .", ":a :q :b . :b :q :c . :c :q :d .", {"a p d"}),
        (":p owl:propertyChainAxiom ( :q :r ) .", ":x :q :y . :y :r :x .", set()),
        (":p rdfs:domain [ a owl:Class ; owl:unionOf ( :A :B ) ] .", ":x :p :y .", set()),
        (":A rdfs:subClassOf owl:Thing .", ":x a :A .", set()),
        (":p a owl:AnnotationProperty ; rdfs:subPropertyOf :q .", ":x :p :y .", set()),
    ],
)
def test_each_axiom_entails_what_it_says(rules: str, data: str, expected: set[str]) -> None:
    assert short(entailed(data, rules)) == expected


def test_a_construct_without_a_rule_is_an_error_that_names_it() -> None:
    with pytest.raises(DataError, match="hasKey"):
        read_axioms(turtle(":A owl:hasKey ( :p ) ."))


def test_parties_to_one_agreement_have_an_agreement_with_each_other_but_not_with_themselves() -> None:
    found = short(entailed(":t a chy:Agreement ; chy:hasParty :x, :y ."))
    assert {"x hasAgreementWith y", "y hasAgreementWith x", "x partyTo t", "x a CollectiveActor", "x a Actor"} <= found
    assert not any(line.split()[0] == line.split()[2] for line in found)


def test_who_holds_an_office_of_an_organ_represents_the_state() -> None:
    found = short(entailed(":t a chy:OfficeTerm ; chy:heldBy :x ; chy:officeOf :m . :m chy:organOf :s ."))
    assert {"x represents m", "x represents s", "x a Person"} <= found


def test_a_former_holder_represents_nobody() -> None:
    found = short(entailed(":t a chy:OfficeTerm ; chy:formerlyHeldBy :x ; chy:officeOf :s ."))
    assert "x a Person" in found
    assert not any("represents" in line for line in found)


def test_claims_and_facts_entail_nothing_about_the_world() -> None:
    found = short(entailed(":c a chy:Claim ; chy:party :x, :y ; chy:recogniser :x ; chy:recognised :y ."))
    assert not {line for line in found if not line.startswith("c a ")}


# -- derivations --------------------------------------------------------------------------------------------------


def test_every_derivation_follows_from_what_is_given_or_derived() -> None:
    found = entailed(
        ":e a chy:Exercise ; chy:hasExerciseParticipant :x, :y ; chy:takesPlaceIn :p . :p chy:locatedIn :s ."
    )
    for derivation in found.derived.values():
        assert isinstance(derivation, Derivation)
        assert all(premise in found.given or premise in found.derived for premise in derivation.premises)
    assert found.derivation(("https://example.org/x", CHY + "exercisedWith", "https://example.org/y")) is not None
    assert all(quad.graph_name == ox.NamedNode(GRAPH_INFERRED) for quad in found.quads())


def test_the_order_of_the_data_changes_neither_triples_nor_derivations() -> None:
    data = turtle(":t a chy:Agreement ; chy:hasParty :x, :y, :z . :r chy:carriedOutBy :x ; chy:ratifies :t .")
    one, two = materialise(axioms(), data), materialise(axioms(), data[::-1])
    assert one.derived == two.derived
    assert list(one.derived) == list(two.derived)


# -- constraints --------------------------------------------------------------------------------------------------


def test_a_person_that_is_a_state_is_found_with_its_classes() -> None:
    found = entailed(":x a chy:Person . :t chy:hasParty :x .")
    violations = find_violations(axioms(), found)
    assert ("disjoint", "https://example.org/x") in {(v.kind, v.node) for v in violations}


def test_what_recognises_itself_and_a_functional_property_with_two_values_are_found() -> None:
    rules = read_axioms(turtle(":p a owl:IrreflexiveProperty . :f a owl:FunctionalProperty ."))
    found = materialise(rules, turtle(":x :p :x ; :f :y, :z ."))
    assert [v.kind for v in find_violations(rules, found)] == ["irreflexive", "functional"]


# -- the independent reasoner -------------------------------------------------------------------------------------

PROPERTIES = [
    "hasParty",
    "partyTo",
    "signedBy",
    "ratifies",
    "carriedOutBy",
    "hasExerciseParticipant",
    "exercisedIn",
    "hasAttendee",
    "takesPlaceIn",
    "locatedIn",
    "capitalOf",
    "organOf",
    "heldBy",
    "officeOf",
    "holdsOffice",
    "recognises",
    "hasTradeRelationsWith",
    "accreditedFrom",
    "givenTo",
    "visitTo",
    "memberOf",
    "freezesAssetsOf",
    "governs",
    "exercisedWith",
    "possiblySame",
    "ofAgreement",
]
NODES = ("a", "b", "c", "d", "e")


def by_owlrl(data: list[ox.Quad]) -> set[tuple[str, str, str]]:
    """Return what owlrl adds about individuals, in our vocabulary, without what we leave out by name."""
    from owlrl import DeductiveClosure, OWLRL_Semantics

    graph = as_rdflib(data)
    DeductiveClosure(OWLRL_Semantics).expand(graph)
    return about_individuals(graph)


def by_reasonable(data: list[ox.Quad]) -> set[tuple[str, str, str]]:
    """Return the same of reasonable, a reasoner in Rust; skips where it is not installed."""
    reasonable = pytest.importorskip("reasonable", reason="reasonable, the OWL RL reasoner in Rust, is not installed")
    reasoner = reasonable.PyReasoner()
    reasoner.from_graph(as_rdflib(data))
    return about_individuals(reasoner.reason())


def as_rdflib(data: list[ox.Quad]) -> rdflib.Graph:
    """Return the ontology and the data for reasoners that know rdflib; literals are none of their business."""
    graph = rdflib.Graph()
    for quad in [*ontology(), *data]:
        if isinstance(quad.object, ox.NamedNode):
            graph.add(tuple(rdflib.URIRef(t.value) for t in (quad.subject, quad.predicate, quad.object)))
    return graph


def about_individuals(triples: Iterable[tuple[Any, Any, Any]]) -> set[tuple[str, str, str]]:
    """Return what is said of the individuals of a test in our vocabulary; annotations have no meaning in OWL."""
    found = list(triples)
    annotations = {s for s, p, o in found if (p, o) == (rdflib.RDF.type, rdflib.OWL.AnnotationProperty)}
    return {
        (str(s), str(p), str(o))
        for s, p, o in found
        if str(s).startswith("https://example.org/")
        and (str(p).startswith(CHY) or (p == rdflib.RDF.type and not str(o).startswith((OWL, ID))))
        and p not in annotations
        and isinstance(o, rdflib.URIRef)
        and "rdf-schema#" not in str(o)
    }


GRAPHS = st.lists(
    st.tuples(st.sampled_from(NODES), st.sampled_from(PROPERTIES), st.sampled_from(NODES)).filter(
        lambda t: t[0] != t[2]
    ),
    min_size=4,
    max_size=14,
)


def compare(lines: list[tuple[str, str, str]], reasoner: Callable[[list[ox.Quad]], set[tuple[str, str, str]]]) -> None:
    """Fail unless an independent reasoner and we agree on a graph, but for what follows from a thing and itself."""
    data = turtle(" ".join(f":{s} chy:{p} :{o} ." for s, p, o in lines))
    ours, all_theirs = materialise(axioms(), data), reasoner(data)
    mine = {(s, p, str(o)) for s, p, o in (*ours.derived, *ours.given) if s != o}
    theirs = {(s, p, o) for s, p, o in all_theirs if s != o}
    # What follows from a thing's relation to itself is left out with it.
    itself = any(s == o for s, _, o in all_theirs)
    assert not mine - theirs
    assert not {t for t in theirs - mine if t[1] != RDF_TYPE or not itself}


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(GRAPHS)
def test_the_same_follows_as_for_an_independent_reasoner(lines: list[tuple[str, str, str]]) -> None:
    """On random graphs of our vocabulary owlrl and we agree, but for pairs of a thing with itself."""
    compare(lines, by_owlrl)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(GRAPHS)
def test_a_second_independent_reasoner_finds_nothing_else_and_leaves_out_chains_alone(
    lines: list[tuple[str, str, str]],
) -> None:
    """Of what we find, reasonable (0.4.4) misses only what needs a property chain: it does not complete them all."""
    data = turtle(" ".join(f":{s} chy:{p} :{o} ." for s, p, o in lines))
    ours, all_theirs = materialise(axioms(), data), by_reasonable(data)
    mine = {(s, p, o): triple for triple in (*ours.derived, *ours.given) for s, p, o in [triple] if s != str(o)}
    theirs = {(s, p, o) for s, p, o in all_theirs if s != o}
    assert [t for t in mine if t not in theirs and not needs_chain(mine[t], ours)] == []
    itself = any(s == o for s, _, o in all_theirs)
    assert {t for t in theirs if t not in mine and (t[1] != RDF_TYPE or not itself)} == set()


def needs_chain(triple: Triple, found: Entailments) -> bool:
    """Return whether the derivation of a triple goes through a chain."""
    derivation = found.derivation(triple)
    if derivation is None:
        return False
    return derivation.axiom.rule == "chain" or any(needs_chain(premise, found) for premise in derivation.premises)
