"""The ontology: complete, honest about what carries axioms, and consistent."""

from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from rdflib import OWL, RDF, RDFS

from kg import ontology
from kg.errors import DataError, InconsistentOntology, NoJava, ReasonerTimedOut
from kg.ontology import (
    check_consistency,
    find_java,
    list_terms,
)
from kg.resources import data_folder, load_knowledge, ontology_files, reference_files
from kg.validate import load_shapes, validate_graph
from kg.vocab import CHY, ROLE_PROPERTY, chy

PREFIXES = (
    f"@prefix chy: <{CHY}> . @prefix owl: <{OWL}> . @prefix rdfs: <{RDFS}> . @prefix x: <http://example.org/> .\n"
)


@pytest.fixture(scope="module")
def graph() -> rdflib.Graph:
    return rdflib.Graph().parse(data_folder("ontology") / "chancery.ttl")


def triples(files: list[Path]) -> list[ox.Triple]:
    return [quad.triple for path in files for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)]


def test_the_ontology_keeps_its_own_shapes() -> None:
    """Every term is labelled in four languages and defined, every frame and concept complete."""
    report = validate_graph(triples(ontology_files()), load_shapes("ontology"), load_knowledge())
    assert report.results == (), report.as_text()


def test_reference_data_keeps_its_shapes() -> None:
    """Reference data has nothing that blocks."""
    report = validate_graph(triples(reference_files()), load_shapes("reference"), load_knowledge())
    assert report.violations == (), report.as_text()


def test_each_term_is_of_this_ontology(graph: rdflib.Graph) -> None:
    """A term without rdfs:isDefinedBy would escape the shapes."""
    ours = {s for s in graph.subjects(RDF.type, None) if str(s).startswith(CHY)}
    assert ours == set(graph.subjects(RDFS.isDefinedBy, rdflib.URIRef(CHY.removesuffix("#"))))


def test_nothing_is_imported(graph: rdflib.Graph) -> None:
    """The ontology reads nothing from the network."""
    assert list(graph.objects(None, OWL.imports)) == []
    assert list(graph.objects(None, OWL.versionIRI)) == [rdflib.URIRef("https://w3id.org/chancery/ontology/0.1.0")]


def test_role_properties_carry_no_axiom(graph: rdflib.Graph) -> None:
    """A denial with `party` entails nothing: a role has no domain, range, parent, inverse or chain."""
    frames = rdflib.Graph().parse(data_folder("ontology") / "frames.ttl")
    allowed = {RDF.type, RDFS.label, RDFS.isDefinedBy, rdflib.URIRef("http://www.w3.org/2004/02/skos/core#definition")}
    for role in set(frames.objects(None, rdflib.URIRef(ROLE_PROPERTY))):
        assert set(graph.predicates(role, None)) == allowed, role
        assert set(graph.objects(role, RDF.type)) <= {OWL.ObjectProperty, OWL.DatatypeProperty}, role
        # Nor does another property say anything about it.
        assert set(graph.subjects(None, role)) == set(), role


def test_properties_with_a_chain_stay_free(graph: rdflib.Graph) -> None:
    """OWL 2 DL forbids some characteristics for properties that a chain or a transitive property implies."""
    complex_ = set(graph.subjects(OWL.propertyChainAxiom, None)) | set(graph.subjects(RDF.type, OWL.TransitiveProperty))
    complex_ |= {parent for p in complex_ for parent in graph.transitive_objects(p, RDFS.subPropertyOf)}
    forbidden = {
        OWL.IrreflexiveProperty,
        OWL.AsymmetricProperty,
        OWL.FunctionalProperty,
        OWL.InverseFunctionalProperty,
    }
    for prop in complex_:
        assert not set(graph.objects(prop, RDF.type)) & forbidden, prop
        assert not list(graph.objects(prop, OWL.propertyDisjointWith)), prop


def test_alignments_speak_of_what_exists() -> None:
    """An alignment of a class, frame, act or state that is not ours to align would be a spelling mistake."""
    everything = rdflib.Graph()
    for path in [*ontology_files(), *reference_files()]:
        everything.parse(path)
    alignments = rdflib.Graph().parse(data_folder("ontology") / "alignments.ttl")
    for subject in set(alignments.subjects()):
        if str(subject).startswith("https://w3id.org/chancery/"):
            assert list(everything.objects(subject, RDF.type)), subject
    assert not list(alignments.triples((None, OWL.sameAs, None)))


def test_list_terms() -> None:
    """Classes come first; each term has its label and its parents."""
    found = list_terms([data_folder("ontology") / "chancery.ttl"])
    by_iri = {t.iri: t for t in found}
    assert [t.kind for t in found] == sorted(t.kind for t in found)
    assert by_iri[chy("Ministry")].parents == (chy("StateOrgan"),)
    assert by_iri[chy("recognises")].label == "recognises"
    assert all(t.label for t in found)


def test_broken_turtle_is_named(tmp_path: Path) -> None:
    """A file that is no Turtle is a data error with its name in it."""
    broken = tmp_path / "broken.ttl"
    broken.write_text("<a> <b>", encoding="utf-8")
    with pytest.raises(DataError, match=r"broken\.ttl"):
        list_terms([broken])


def test_no_java(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without Java the message says how to get it."""
    monkeypatch.setattr(ontology, "find_java", lambda: None)
    with pytest.raises(NoJava, match=r"chancery\[reasoner\]"):
        check_consistency(ontology_files())


def test_java_that_does_not_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A path where there is no Java is no Java either."""
    monkeypatch.setattr(ontology, "find_java", lambda: str(tmp_path / "java"))
    with pytest.raises(NoJava):
        check_consistency(ontology_files())


# --- with the reasoner ---


def written(folder: Path, turtle: str) -> list[Path]:
    path = folder / "more.ttl"
    path.write_text(PREFIXES + turtle, encoding="utf-8")
    return [*ontology_files(), path]


@pytest.mark.java
def test_consistent() -> None:
    """Ontology, frames, concepts, alignments and reference data fit together."""
    assert find_java() is not None
    check_consistency([*ontology_files(), *reference_files()])


@pytest.mark.java
def test_inconsistent_individual(tmp_path: Path) -> None:
    """A person that is also a state is found."""
    with pytest.raises(InconsistentOntology, match="contradicts the axioms") as caught:
        check_consistency(written(tmp_path, "x:a a chy:Person, chy:State ."))
    assert caught.value.unsatisfiable == ()


@pytest.mark.java
def test_unsatisfiable_class(tmp_path: Path) -> None:
    """A class that nothing can belong to is named."""
    with pytest.raises(InconsistentOntology) as caught:
        check_consistency(written(tmp_path, "x:Odd a owl:Class ; rdfs:subClassOf chy:Person, chy:Meeting ."))
    assert caught.value.unsatisfiable == ("http://example.org/Odd",)


@pytest.mark.java
def test_stopped_reasoner() -> None:
    """A reasoner that takes too long is stopped, and nothing is said about consistency."""
    with pytest.raises(ReasonerTimedOut, match="not known"):
        check_consistency(ontology_files(), timeout=0.01)


ENTAILED = {
    "hasAgreementWith": ("x:t chy:hasParty x:a, x:b .", "x:a", "x:b"),
    "exercisedWith": ("x:e chy:hasExerciseParticipant x:a, x:b .", "x:b", "x:a"),
    "metWith": ("x:m chy:hasAttendee x:a, x:b .", "x:a", "x:b"),
    "represents": ("x:o chy:heldBy x:p ; chy:officeOf x:a .", "x:p", "x:a"),
    "represents by an organ": ("x:o chy:heldBy x:p ; chy:officeOf x:k . x:k chy:organOf x:a .", "x:p", "x:a"),
    "visited": ("x:v chy:carriedOutBy x:p ; chy:visitTo x:a .", "x:p", "x:a"),
    "gaveAidTo": ("x:g chy:carriedOutBy x:a ; chy:givenTo x:b .", "x:a", "x:b"),
    "acceptedEnvoyOf": ("x:n chy:carriedOutBy x:a ; chy:accreditedFrom x:b .", "x:a", "x:b"),
    "partyTo": ("x:r chy:carriedOutBy x:a ; chy:ratifies x:t .", "x:a", "x:t"),
    "takesPlaceIn": ("x:e chy:takesPlaceIn x:c . x:c chy:capitalOf x:s .", "x:e", "x:s"),
    "locatedIn": ("x:c chy:locatedIn x:d . x:d chy:locatedIn x:s .", "x:c", "x:s"),
    "hasRelationsWith": ("x:a chy:hasTradeRelationsWith x:b .", "x:b", "x:a"),
    "sanctions": ("x:a chy:freezesAssetsOf x:b .", "x:a", "x:b"),
}


@pytest.mark.java
def test_premises(tmp_path: Path) -> None:
    """The premises below contradict nothing by themselves."""
    check_consistency(written(tmp_path, "\n".join(premise for premise, _, _ in ENTAILED.values())))


@pytest.mark.java
@pytest.mark.parametrize("name", ENTAILED)
def test_entailment(name: str, tmp_path: Path) -> None:
    """What the axioms are there for: denying the conclusion contradicts them."""
    premise, subject, object_ = ENTAILED[name]
    denial = (
        f"[] a owl:NegativePropertyAssertion ; owl:sourceIndividual {subject} ; "
        f"owl:assertionProperty chy:{name.split()[0]} ; owl:targetIndividual {object_} ."
    )
    with pytest.raises(InconsistentOntology):
        check_consistency(written(tmp_path, f"{premise} {denial}"))


@pytest.mark.java
def test_claims_entail_nothing(tmp_path: Path) -> None:
    """The roles of a claim, a denial for all the reasoner knows, do not make an agreement."""
    check_consistency(
        written(
            tmp_path,
            "x:c a chy:Claim ; chy:party x:a, x:b . [] a owl:NegativePropertyAssertion ; owl:sourceIndividual x:a ; "
            "owl:assertionProperty chy:hasAgreementWith ; owl:targetIndividual x:b .",
        )
    )


@pytest.mark.java
def test_a_former_holder_represents_nobody(tmp_path: Path) -> None:
    """A term that is over does not make its holder an official of today."""
    check_consistency(
        written(
            tmp_path,
            "x:t a chy:OfficeTerm ; chy:formerlyHeldBy x:p ; chy:officeOf x:a . [] a owl:NegativePropertyAssertion ; "
            "owl:sourceIndividual x:p ; owl:assertionProperty chy:represents ; owl:targetIndividual x:a .",
        )
    )
