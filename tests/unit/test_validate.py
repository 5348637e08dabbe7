"""The gate: what it sees, what it reports, and what blocks."""

import json
from itertools import pairwise

import pyoxigraph as ox
import pytest

from kg.errors import DataError
from kg.model import Entity, Iri, Knowledge
from kg.shacl import GATES, Gate, Report, Result, gate_triples, make_report, shorten
from kg.validate import Shapes, load_shapes, validate_graph
from kg.vocab import CHY, DCTERMS, ID, OA, PROV, SCHEMA, SH, SHAPE, XSD

PREFIXES = (
    f"@prefix chy: <{CHY}> . @prefix dcterms: <{DCTERMS}> . @prefix oa: <{OA}> . @prefix prov: <{PROV}> . "
    f"@prefix schema: <{SCHEMA}> . @prefix xsd: <{XSD}> . @base <{ID}> .\n"
)
DOCUMENT = """
<document/d> a chy:Document ; dcterms:identifier "d" ; schema:inLanguage "en" ; dcterms:format "text/plain" ;
    chy:sha256 "0000000000000000000000000000000000000000000000000000000000000000" .
<evidence/e> a oa:SpecificResource ; oa:hasSource <document/d> ;
    oa:hasSelector <evidence/e/position>, <evidence/e/quote> .
<evidence/e/position> a oa:TextPositionSelector ; oa:start 0 ; oa:end 4 .
<evidence/e/quote> a oa:TextQuoteSelector ; oa:exact "text" .
"""
CLAIM = """
<claim/c> a chy:Claim ; chy:frame <frame/Visit> ; chy:visitor <person/p> ; chy:destination <state/UZB> ;
    prov:wasDerivedFrom <document/d> ; chy:evidence <evidence/e> ; chy:polarity <polarity/positive> ;
    chy:modality <modality/actual> ; chy:confidence 0.9 ; chy:extractor "en/visit-1" .
"""
STATE = frozenset({"State", "CollectiveActor", "Actor"})
KNOWN = Knowledge(
    entities={Iri(f"{ID}state/UZB"): Entity(Iri(f"{ID}state/UZB"), STATE, ())},
    frames={},
    concepts={},
    superclasses={
        "Person": frozenset({"Person", "Actor"}),
        "Ministry": frozenset({"Ministry", "StateOrgan", "Organisation", "CollectiveActor", "Actor"}),
    },
)
PERSON = (
    '<person/p> a chy:Person ; chy:mentionedIn <document/d> ; <http://www.w3.org/2004/02/skos/core#prefLabel> "P"@en .'
)


def parse(turtle: str) -> list[ox.Quad]:
    graph = ox.NamedNode("https://w3id.org/chancery/graph/document/d")
    text = PREFIXES + turtle
    return [ox.Quad(*q.triple, graph) for q in ox.parse(text.encode(), format=ox.RdfFormat.TURTLE)]


def judge(turtle: str, knowledge: Knowledge | None = KNOWN) -> Report:
    return validate_graph(parse(turtle), load_shapes("document"), knowledge)


def test_a_good_document_conforms() -> None:
    """A document with a claim about known and mentioned entities gives no result."""
    report = judge(DOCUMENT + CLAIM + PERSON)
    assert report.results == (), report.as_text()
    assert report.conforms


def test_classes_of_known_entities_are_seen() -> None:
    """Without what is known of the state, the claim's destination would be of no kind."""
    without = judge(DOCUMENT + CLAIM + PERSON, Knowledge({}, {}, {}, superclasses=KNOWN.superclasses))
    assert [r.shape for r in without.results] == [SHAPE + "Visit-destination"]


def test_superclasses_are_seen() -> None:
    """An entity typed with a narrow class is of the wider ones too."""
    ministry = "<claim/c> chy:attribution <ministry/m> . <ministry/m> a chy:Ministry ."
    assert judge(DOCUMENT + CLAIM + PERSON + ministry).conforms


def test_gate_triples_keep_the_data() -> None:
    """What goes with the data is types only."""
    data = parse(CLAIM)
    seen = gate_triples(data, KNOWN)
    added = seen - {q.triple for q in data}
    assert {q.triple for q in data} <= seen
    assert {(t.subject.value, t.object.value) for t in added} == {(f"{ID}state/UZB", CHY + k) for k in STATE}


def test_a_store_is_data_too() -> None:
    """A pyoxigraph store is judged like the quads in it."""
    store = ox.Store()
    store.extend(parse(DOCUMENT + CLAIM + PERSON))
    assert validate_graph(store, load_shapes("document"), KNOWN).conforms


def test_shapes_are_used_again() -> None:
    """Shapes are parsed once, and a bad document leaves no trace in them."""
    assert load_shapes("document") is load_shapes("document")
    assert not judge(DOCUMENT + CLAIM).conforms
    assert judge(DOCUMENT + CLAIM + PERSON).conforms


def test_a_statement_about_a_statement() -> None:
    """RDF 1.2 triple terms are refused with a message, by no crash."""
    term = ox.Triple(ox.NamedNode(f"{ID}a"), ox.NamedNode(f"{ID}b"), ox.NamedNode(f"{ID}c"))
    with pytest.raises(DataError, match="statement about a statement"):
        validate_graph([ox.Triple(ox.NamedNode(f"{ID}x"), ox.NamedNode(f"{ID}y"), term)], load_shapes("document"))


SHAPES = f"@prefix sh: <{SH}> . @prefix xsd: <{XSD}> . @prefix x: <http://example.org/> .\n"


def shapes(turtle: str) -> Shapes:
    return Shapes(q.triple for q in ox.parse((SHAPES + turtle).encode(), format=ox.RdfFormat.TURTLE))


# A constraint component that the shapes define themselves: no part of SHACL Core.
OWN_COMPONENT = (
    "x:Even a sh:ConstraintComponent ; sh:parameter [ sh:path x:even ] ; sh:validator x:EvenQuery . "
    'x:EvenQuery a sh:SPARQLAskValidator ; sh:ask "ASK { FILTER (FLOOR($value / 2) * 2 = $value) }" . '
)


def test_what_is_not_understood_goes_to_pyshacl() -> None:
    """A shape that the compiler cannot express is never unchecked, and the report says who judged it, and why."""
    odd = shapes(
        OWN_COMPONENT + "x:S sh:targetNode x:n ; sh:property x:P . x:P sh:path x:q ; x:even true ; "
        'sh:message "m"@en . x:T sh:targetNode x:n ; sh:nodeKind sh:Literal ; sh:message "t"@en .'
    )
    bad = [q.triple for q in ox.parse(b"<http://example.org/n> <http://example.org/q> 1 .", format=ox.RdfFormat.TURTLE)]
    report = validate_graph(bad, odd)
    assert {(r.shape, r.message) for r in report.results} == {
        ("http://example.org/P", "m"),
        ("http://example.org/T", "t"),
    }
    assert [shape for shape, _ in report.by_pyshacl] == ["http://example.org/S"]


@pytest.mark.parametrize("gate", GATES)
def test_our_own_shapes_are_understood(gate: Gate) -> None:
    """None of our gates needs pyshacl, so that a large build is not slow."""
    assert load_shapes(gate).compiled.unsupported == ()


def test_a_result_says_what_where_and_how_to_repair() -> None:
    """Every field of a result is filled from the report."""
    report = judge(DOCUMENT + CLAIM.replace("0.9", "1.9") + PERSON)
    [result] = report.results
    assert result.focus == f"{ID}claim/c"
    assert result.path == CHY + "confidence"
    assert result.value == f'"1.9"^^<{XSD}decimal>'
    assert result.shape == SHAPE + "Claim-confidence"
    assert (result.severity, result.component) == ("Violation", "MaxInclusive")
    assert "from 0 to 1" in result.message


def test_a_complex_path_is_written_as_in_sparql() -> None:
    """A path of two steps reads as such."""
    report = judge(DOCUMENT + CLAIM.replace("wasDerivedFrom <document/d>", "wasDerivedFrom <document/e>") + PERSON)
    paths = {r.path for r in report.results if r.shape == SHAPE + "Claim-evidence-document"}
    assert paths == {f"<{CHY}evidence>/<{OA}hasSource>"}


def test_a_warning_does_not_block() -> None:
    """Warnings are kept and shown; only violations keep a document out."""
    meeting = CLAIM.replace("frame/Visit", "frame/Meeting").replace("chy:visitor", "chy:participant")
    report = judge(DOCUMENT + meeting.replace("chy:destination <state/UZB> ;", "") + PERSON)
    assert [r.severity for r in report.results] == ["Warning"]
    assert report.conforms
    assert report.violations == ()


def test_literals_are_judged_as_written() -> None:
    """A day that is in no calendar is no date, however it is typed."""
    report = judge(DOCUMENT.replace('"d" ;', '"d" ; schema:datePublished "2020-02-30"^^xsd:date ;'))
    assert {r.shape for r in report.results} == {SHAPE + "Document-datePublished"}
    assert {r.value for r in report.results} == {f'"2020-02-30"^^<{XSD}date>'}


@pytest.mark.parametrize("value", ['"NaN"^^xsd:double', '"INF"^^xsd:double', '"high"', "1", '"x"^^xsd:decimal'])
def test_a_confidence_that_is_no_decimal(value: str) -> None:
    """Whatever stands where a number should is reported, and stops nothing."""
    report = judge(DOCUMENT + CLAIM.replace("0.9", value) + PERSON)
    assert SHAPE + "Claim-confidence" in {r.shape for r in report.violations}


def example() -> Report:
    return make_report(
        [
            Result(f"{ID}fact/b", CHY + "party", None, SHAPE + "Meeting-two", "Warning", "Name the other.", "MinCount"),
            Result(
                f"{ID}claim/a",
                CHY + "polarity",
                '"yes"',
                SHAPE + "Claim-polarity",
                "Violation",
                'Say "positive".',
                "In",
            ),
        ]
    )


def test_reports_are_sorted_and_without_repetition() -> None:
    """The gravest first; the same result once."""
    first, second = example().results
    assert (first.severity, second.severity) == ("Violation", "Warning")
    assert make_report([second, first, first]) == example()


def test_text() -> None:
    """The text is short enough to read: a summary, then what, where and how."""
    assert example().as_text().splitlines() == [
        "does not conform: 1 violation, 1 warning",
        'Violation claim/a chy:polarity "yes"',
        '    Say "positive".',
        "    [shape:Claim-polarity]",
        "Warning fact/b chy:party",
        "    Name the other.",
        "    [shape:Meeting-two]",
    ]
    assert Report().as_text() == "conforms\n"


def test_json() -> None:
    """The JSON holds every field."""
    read = json.loads(example().as_json())
    assert read["conforms"] is False
    assert read["results"][0]["shape"] == SHAPE + "Claim-polarity"
    assert read["results"][1]["value"] is None


def test_turtle_is_a_validation_report() -> None:
    """The Turtle is a SHACL report without blank nodes, the same each time."""
    triples = [q.triple for q in ox.parse(example().as_turtle().encode(), format=ox.RdfFormat.TURTLE)]
    by_predicate = {t.predicate.value: t.object for t in triples}
    assert by_predicate[SH + "conforms"].value == "false"
    assert len([t for t in triples if t.predicate.value == SH + "result"]) == 2
    assert not [t for t in triples if isinstance(t.subject, ox.BlankNode)]
    assert example().as_turtle() == example().as_turtle()


def test_turtle_of_a_clean_report() -> None:
    """A report without results conforms in SHACL's sense as well."""
    triples = list(ox.parse(Report().as_turtle().encode(), format=ox.RdfFormat.TURTLE))
    assert [t.object.value for t in triples if t.predicate.value == SH + "conforms"] == ["true"]


def test_every_value_survives_in_turtle() -> None:
    """Quotes and line ends in values and messages do not break the report."""
    nasty = str(ox.Literal('a "quote"\nand \\ more', language="en"))
    report = make_report([Result(f"{ID}claim/a", None, nasty, SHAPE + "X", "Info", 'say "so"\n', "Or")])
    values = [q.object for q in ox.parse(report.as_turtle().encode(), format=ox.RdfFormat.TURTLE)]
    assert ox.Literal('a "quote"\nand \\ more', language="en") in values


def test_shorten() -> None:
    """Known namespaces shorten, literals and foreign IRIs stay."""
    assert shorten(f"<{ID}state/UZB>") == "state/UZB"
    assert shorten('"x"@en') == '"x"@en'
    assert shorten("https://example.org/x") == "https://example.org/x"


def test_severities_order_reports() -> None:
    """Violation before Warning before Info, whatever the node."""
    results = [
        Result(f"{ID}claim/{n}", None, None, SHAPE + "X", severity, "m", "In")  # type: ignore[arg-type]
        for n, severity in enumerate(("Info", "Warning", "Violation"))
    ]
    ordered = make_report(results).results
    assert all(one.sort_key() <= other.sort_key() for one, other in pairwise(ordered))
    assert [r.severity for r in ordered] == ["Violation", "Warning", "Info"]
