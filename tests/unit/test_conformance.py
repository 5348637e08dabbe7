"""Shapes compiled to SPARQL, on matters that a drawn case seldom meets; expected results are from the specification."""

import pyoxigraph as ox
import pytest

from kg.conformance.finding import Finding, read_report, report_triples, report_turtle
from kg.conformance.focus import walk_from
from kg.conformance.ground import Ground
from kg.conformance.judging import compile_shapes
from kg.conformance.literals import as_stored, as_written, comes_before, is_well_typed
from kg.conformance.paths import Inverse, Predicate, Repeated, Steps, as_sparql, without_empty
from kg.conformance.statements import Statements, read_path
from kg.errors import IllFormedShapes
from kg.validate import Shapes, findings, findings_by_pyshacl, validate_graph
from kg.vocab import RDFS, SH, XSD

X = "http://example.org/"
PREFIXES = f"@prefix sh: <{SH}> . @prefix xsd: <{XSD}> . @prefix rdfs: <{RDFS}> . @prefix x: <{X}> .\n"


def parse(turtle: str) -> list[ox.Triple]:
    return [quad.triple for quad in ox.parse((PREFIXES + turtle).encode(), format=ox.RdfFormat.TURTLE)]


def found(data: str, shapes: str) -> list[Finding]:
    compiled = Shapes(parse(shapes))
    assert compiled.compiled.unsupported == ()
    return findings(parse(data), compiled)


def summary(results: list[Finding]) -> list[tuple[str, str, str]]:
    """Return component, focus and value of each result, in order."""
    return sorted((f.component, short(f.focus), short(f.value)) for f in results)


def short(term: object) -> str:
    return "" if term is None else str(term).replace(f"<{X}", "<").replace(XSD, "")


def typed(text: str, kind: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(XSD + kind))


# --- literals ---


@pytest.mark.parametrize(
    ("text", "kind", "fits"),
    [
        ("300", "byte", False),
        ("-128", "byte", True),
        ("+05", "integer", True),
        ("5.", "decimal", True),
        ("5e0", "decimal", False),
        ("5e0", "double", True),
        ("-INF", "float", True),
        ("inf", "float", False),
        ("TRUE", "boolean", False),
        ("2024-02-29", "date", True),
        ("2100-02-29", "date", False),
        ("2024-2-9", "date", False),
        ("2024-02-29+14:00", "date", True),
        ("2024-02-29+14:30", "date", False),
        ("2024-02-29T24:00:00", "dateTime", True),
        ("2024-02-29T25:00:00", "dateTime", False),
        ("2024-02-29T10:00:00", "dateTimeStamp", True),
        ("-0044", "gYear", True),
        ("--02-30", "gMonthDay", True),
        ("P1Y2MT3H", "duration", True),
        ("P", "duration", False),
        ("P1DT", "duration", False),
        ("abc", "hexBinary", False),
        ("anything", "anyURI", True),
        (" 1", "integer", False),
    ],
)
def test_well_typed_literals(text: str, kind: str, *, fits: bool) -> None:
    """XML Schema says what can be written for a datatype; of one that SPARQL 1.1 does not know, anything can."""
    assert is_well_typed(typed(text, kind)) is fits


@pytest.mark.parametrize(
    ("text", "kind"),
    [("01", "integer"), ("1", "int"), ("0.50", "decimal"), ("1.0E0", "double"), ("1", "boolean"), ("abc", "integer")],
)
def test_a_store_gives_back_what_was_written(text: str, kind: str) -> None:
    """What a store would change, or what is ill-typed, goes in under another datatype and comes out as it was."""
    written = typed(text, kind)
    store = ox.Store()
    node = ox.NamedNode(X + "n")
    value = as_stored(written)
    store.add(ox.Quad(node, node, value))
    [quad] = store
    assert value != written
    assert not isinstance(quad.object, ox.Triple)
    assert as_written(quad.object) == written


@pytest.mark.parametrize(
    ("low", "high", "before"),
    [
        (typed("9", "integer"), typed("123456789012345678901234567890", "integer"), True),
        (typed("123456789012345678901234567890", "integer"), typed("9", "integer"), False),
        (typed("01", "byte"), typed("1.5", "decimal"), True),
        (typed("1", "int"), typed("1E0", "double"), True),
        (typed("NaN", "double"), typed("NaN", "double"), False),
        (typed("false", "boolean"), typed("1", "boolean"), True),
        (typed("2025-07-03", "date"), typed("2025-07-03T10:00:00", "dateTime"), False),
        (typed("2025-07-03T12:00:00+02:00", "dateTime"), typed("2025-07-03T10:00:00Z", "dateTime"), True),
        (typed("2025-02-30", "date"), typed("2025-07-03", "date"), False),
        (ox.Literal("a"), ox.Literal("b"), True),
        (ox.Literal("1"), typed("2", "integer"), False),
        (ox.NamedNode(X + "a"), ox.NamedNode(X + "a"), False),
    ],
)
def test_order(low: ox.NamedNode | ox.Literal, high: ox.NamedNode | ox.Literal, *, before: bool) -> None:
    """Values compare as SPARQL's <= does; where it gives an error, they come in no order."""
    assert comes_before(low, high, or_equal=True) is before


BOUNDS = "x:S sh:targetSubjectsOf x:p ; sh:property [ sh:path x:p ; sh:maxInclusive 10.0 ; sh:minExclusive 0 ] ."


def test_bounds_know_every_number() -> None:
    """Numbers out of the store's range, and those whose type it would forget, are compared like any other."""
    data = (
        'x:a x:p "7"^^xsd:byte , "1234567890123456789012345"^^xsd:integer , "NaN"^^xsd:double , "0010"^^xsd:integer .'
    )
    assert summary(found(data, BOUNDS)) == [
        ("MaxInclusive", "<a>", '"1234567890123456789012345"^^<integer>'),
        ("MaxInclusive", "<a>", '"NaN"^^<double>'),
        ("MinExclusive", "<a>", '"NaN"^^<double>'),
    ]


def test_terms_are_compared_as_written() -> None:
    """1, 1.0 and 01 are one value and three terms; SHACL asks for terms."""
    shapes = "x:S sh:targetNode x:a ; sh:property [ sh:path x:p ; sh:in ( 1 ) ; sh:hasValue 1.0 ] ."
    data = 'x:a x:p 1 , 1.0 , "01"^^xsd:integer .'
    assert summary(found(data, shapes)) == [
        ("In", "<a>", '"01"^^<integer>'),
        ("In", "<a>", '"1.0"^^<decimal>'),
    ]


def test_a_store_is_judged_as_it_is() -> None:
    """In a store that others filled, an ill-typed literal is found, and the graphs are one."""
    store = ox.Store()
    graph = ox.NamedNode(X + "graph")
    for triple in parse('x:a x:p "2025-02-30"^^xsd:date , "2025-02-03"^^xsd:date .'):
        store.add(ox.Quad(triple.subject, triple.predicate, triple.object, graph))
        store.add(ox.Quad(triple.subject, triple.predicate, triple.object))
    shapes = Shapes(
        parse("x:S sh:targetNode x:a ; sh:property [ sh:path x:p ; sh:datatype xsd:date ; sh:maxCount 2 ] .")
    )
    assert summary(findings(store, shapes)) == [("Datatype", "<a>", '"2025-02-30"^^<date>')]
    assert len(store) == 4


# --- nodes and paths ---


def test_blank_nodes_are_those_of_the_data() -> None:
    """A blank node that is a focus or a value keeps its name, so that a result can be traced."""
    data = "_:one x:p _:two ."
    [result] = found(data, "x:S sh:targetSubjectsOf x:p ; sh:property [ sh:path x:p ; sh:nodeKind sh:IRI ] .")
    assert (result.focus, result.value) == (ox.BlankNode("one"), ox.BlankNode("two"))


def test_an_empty_path_starts_anywhere() -> None:
    """A node that no triple has, and a literal, are their own values by a path that may be empty."""
    shapes = """x:S sh:targetNode x:nowhere , "text" ; sh:property [
        sh:path ( [ sh:zeroOrMorePath x:p ] [ sh:zeroOrOnePath x:q ] ) ; sh:nodeKind sh:BlankNode ] ."""
    assert summary(found("x:a x:p x:b .", shapes)) == [
        ("NodeKind", '"text"', '"text"'),
        ("NodeKind", "<nowhere>", "<nowhere>"),
    ]


@pytest.mark.parametrize(
    ("turtle", "path", "further"),
    [
        ("x:p", "<p>", "<p>"),
        ("( [ sh:inversePath x:p ] x:q )", "^<p>/<q>", "^<p>/<q>"),
        ("[ sh:inversePath ( x:p x:q ) ]", "^(<p>/<q>)", "^(<p>/<q>)"),
        ("[ sh:oneOrMorePath ( x:p x:q ) ]", "(<p>/<q>)+", "(<p>/<q>)+"),
        ("[ sh:zeroOrMorePath [ sh:inversePath x:p ] ]", "(^<p>)*", "(^<p>)+"),
        ("[ sh:alternativePath ( x:p [ sh:zeroOrOnePath x:q ] ) ]", "(<p>|<q>?)", "(<p>|<q>)"),
        ("( [ sh:zeroOrOnePath x:p ] x:q )", "<p>?/<q>", "(<p>/<q>|<q>)"),
    ],
)
def test_paths_in_sparql(turtle: str, path: str, further: str) -> None:
    """A path reads as in SPARQL, whole and without its empty way."""
    statements = Statements(parse(f"x:S sh:path {turtle} ."))
    [node] = statements.values(ox.NamedNode(X + "S"), SH + "path")
    read = read_path(statements, node, node)
    assert as_sparql(read).replace(X, "") == path
    assert as_sparql(without_empty(read)).replace(X, "") == further


def test_classes_below_are_followed_once_and_in_circles() -> None:
    """Instances of a class below are meant too, and two classes below each other are no endless way."""
    data = "x:C rdfs:subClassOf x:D . x:D rdfs:subClassOf x:C . x:a a x:C . x:b a x:E . x:E rdfs:subClassOf x:D ."
    assert summary(found(data, "x:S sh:targetClass x:D ; sh:class x:F .")) == [
        ("Class", "<a>", "<a>"),
        ("Class", "<b>", "<b>"),
    ]


def test_many_classes_and_classes_without_a_name() -> None:
    """A class has any number of classes below it, and one between may be a blank node."""
    many = " ".join(f"x:C{n} rdfs:subClassOf x:C{n // 2} . x:i{n} a x:C{n} ." for n in range(1, 100))
    shapes = "x:S sh:targetClass x:C0 ; sh:class x:C1 . x:T sh:targetNode x:i5 ; sh:class x:C2 , x:C3 ."
    assert summary(found(many, shapes)) == [("Class", "<i5>", "<i5>")]
    unnamed = "_:c rdfs:subClassOf x:C0 . x:a a _:c . x:b a x:D ."
    shapes = "x:S sh:targetClass x:C0 ; sh:nodeKind sh:Literal . x:T sh:targetNode x:a , x:b ; sh:class x:C0 ."
    assert summary(found(unnamed, shapes)) == [("Class", "<b>", "<b>"), ("NodeKind", "<a>", "<a>")]


def test_each_way_gives_a_result() -> None:
    """A property shape that two property shapes lead to reports twice; two equal languages once."""
    shapes = """x:S sh:targetNode x:a ; sh:property [ sh:path x:p ; sh:property x:T ] , x:R .
        x:R sh:path x:q ; sh:property x:T .
        x:T sh:path x:r ; sh:uniqueLang true ."""
    data = 'x:a x:p x:b ; x:q x:b . x:b x:r "one"@en , "two"@EN , "drei"@de .'
    assert summary(found(data, shapes)) == [("UniqueLang", "<b>", "")] * 2


# --- what is refused, and what goes elsewhere ---


@pytest.mark.parametrize(
    ("turtle", "said"),
    [
        ("x:S sh:targetNode x:a ; sh:node x:T . x:T sh:property [ sh:path x:p ; sh:node x:S ] .", "refers to itself"),
        ("x:S sh:targetNode x:a ; sh:not x:S .", "refers to itself"),
        ("x:S sh:targetNode x:a ; sh:minCount 1 .", "no sh:path"),
        ("x:S sh:targetNode x:a ; sh:path x:p ; sh:minCount 1 , 2 .", "more than one sh:minCount"),
        ("x:S sh:targetNode x:a ; sh:path x:p ; sh:maxCount -1 .", "a whole number"),
        ("x:S sh:targetNode x:a ; sh:in x:b .", "a list that is none"),
        ("x:S sh:targetNode x:a ; sh:path [ sh:inversePath _:b ] . _:b sh:inversePath _:b .", "no property path"),
        ("x:S sh:targetNode x:a ; sh:property x:P .", "which has no sh:path"),
        ("x:S sh:targetNode x:a ; sh:class 'text' .", "expected an IRI"),
        ("x:S sh:targetNode x:a ; sh:pattern '(' .", "cannot be used"),
        ("x:S sh:targetNode [] ; sh:nodeKind sh:IRI .", "name it by an IRI"),
        ("x:S sh:targetNode x:a ; sh:nodeKind sh:Node .", "none of SHACL's node kinds"),
    ],
)
def test_ill_formed_shapes_are_refused(turtle: str, said: str) -> None:
    """A shapes graph against the rules is an error with its place, never a report."""
    with pytest.raises(IllFormedShapes, match=said):
        list(compile_shapes(parse(turtle)).findings(parse("x:a x:p x:b .")))


def test_imports_are_left_alone() -> None:
    """Nothing is fetched; what a shapes graph imports is the user's to give."""
    shapes = "<http://example.org/> <http://www.w3.org/2002/07/owl#imports> <http://example.org/no> . " + BOUNDS
    assert found("x:a x:p 5 .", shapes) == []


def test_only_what_is_not_compiled_goes_to_pyshacl() -> None:
    """Each engine judges its own shapes, each once; together they find what pyshacl finds of all."""
    turtle = """
        x:Same a sh:ConstraintComponent ; sh:parameter [ sh:path x:same ] ;
            sh:validator [ a sh:SPARQLAskValidator ; sh:ask "ASK { FILTER ($value = $same) }" ] .
        x:S sh:targetClass x:C ; sh:property x:P . x:P sh:path x:p ; x:same x:b ; sh:minCount 1 .
        x:T sh:targetClass x:C ; sh:property x:Q . x:Q sh:path x:p ; sh:maxCount 1 ."""
    shapes, data = Shapes(parse(turtle)), parse("x:a a x:C ; x:p x:b , x:c . x:d a x:C .")
    report = validate_graph(data, shapes)
    assert [shape for shape, _ in report.by_pyshacl] == [X + "S"]
    assert f"<{X}same>" in report.by_pyshacl[0][1]
    assert len(findings(data, shapes)) == len(findings_by_pyshacl(data, shapes)) == 3


@pytest.mark.parametrize(
    ("select", "goes"),
    [
        ("SELECT $this WHERE { $this x:p ?o MINUS { $this x:q ?o } }", "MINUS"),
        ("SELECT $this WHERE { VALUES ?o { 1 } $this x:p ?o }", "VALUES"),
        ("SELECT ?o WHERE { $this x:p ?o }", "does not select"),
        ("SELECT $this (COUNT(?o) AS ?value) WHERE { $this x:p ?o }", "COUNT"),
        ("SELECT $this WHERE { { SELECT ?o WHERE { $this x:p ?o } } }", "query inside"),
        ("SELECT $this WHERE { GRAPH $shapesGraph { $this x:p ?o } }", "GRAPH|shapes graph"),
    ],
)
def test_queries_that_hang_on_one_node_go_to_pyshacl(select: str, goes: str) -> None:
    """A SPARQL constraint that cannot be asked of all nodes at once is not asked here."""
    compiled = compile_shapes(parse(f'x:S sh:targetNode x:a ; sh:sparql [ sh:select """{select}""" ] .'))
    [(_, reason)] = compiled.unsupported
    assert any(word in reason for word in goes.split("|"))


SPARQL = """
x: sh:declare [ sh:prefix "x" ; sh:namespace "http://example.org/"^^xsd:anyURI ] .
x:S sh:targetClass x:C ; sh:sparql x:Q ; sh:property x:P .
x:Q sh:prefixes x: ; sh:message "{?value} of {$this} is too much"@en ;
    sh:select "SELECT $this ?value WHERE { $this x:p ?value FILTER (?value > 3 # not }\\n) }" .
x:P sh:path ( x:p x:q ) ; sh:severity sh:Warning ; sh:message "m" ; sh:sparql [ sh:prefixes x: ;
    sh:select "SELECT $this ?value { OPTIONAL { $this $PATH ?value } BIND ($this AS ?t) FILTER (!bound(?value)) }" ] .
"""


def test_sparql_constraints() -> None:
    """$this, $PATH, prefixes, ?value and messages are filled in, for all nodes at once and as pyshacl has it."""
    shapes, data = (
        Shapes(parse(SPARQL)),
        parse('x:a a x:C ; x:p 1 , 5 , "7"^^xsd:int . _:b a x:C ; x:p x:d . x:d x:q 1 .'),
    )
    assert shapes.compiled.unsupported == ()
    ours, theirs = findings(data, shapes), findings_by_pyshacl(data, shapes)
    assert summary(ours) == [
        ("SPARQL", "<a>", ""),
        ("SPARQL", "<a>", '"5"^^<integer>'),
        ("SPARQL", "<a>", '"7"^^<integer>'),
    ]
    assert {m.value for f in ours if f.severity.value.endswith("Violation") for m in f.messages} == {
        "5 of http://example.org/a is too much",
        "7 of http://example.org/a is too much",
    }
    assert sorted(map(said, ours)) == sorted(map(said, theirs))


def said(finding: Finding) -> tuple[str, ...]:
    return (
        short(finding.focus),
        finding.path_text() or "",
        str(finding.constraint),
        *(m.value for m in finding.messages),
    )


# --- reports ---


def test_a_report_can_be_read_again() -> None:
    """The report in RDF holds every field of every result, complex paths too."""
    shapes = """x:S sh:targetNode x:a ; sh:severity x:Grave ; sh:message "m"@en , "n"@ru ;
        sh:path [ sh:alternativePath ( x:p [ sh:inversePath ( x:q x:r ) ] ) ] ; sh:class x:C ; sh:minCount 3 ."""
    results = found('x:a x:p "v", _:b .', shapes)
    assert len(results) == 3
    again = read_report(report_triples(results))
    assert sorted(map(repr, again)) == sorted(map(repr, results))
    text = report_turtle(results)
    assert "sh:ValidationReport" in text
    assert "sh:alternativePath" in text
    assert '"n"@ru' in text


def test_a_report_without_results_conforms() -> None:
    """sh:conforms is true only where nothing was found; a warning is a result too."""
    [conforms] = [t.object for t in report_triples([]) if t.predicate.value == SH + "conforms"]
    assert conforms == ox.Literal(value=True)
    warning = found("x:a x:p x:b .", "x:S sh:targetNode x:a ; sh:severity sh:Warning ; sh:nodeKind sh:Literal .")
    [conforms] = [t.object for t in report_triples(warning) if t.predicate.value == SH + "conforms"]
    assert conforms == ox.Literal(value=False)


def test_one_ground_serves_several_shapes_graphs() -> None:
    """Data are stored once, however many shapes graphs are asked of them."""
    ground = Ground.of(parse("x:a x:p x:b ."))
    first = compile_shapes(parse("x:S sh:targetNode x:a ; sh:nodeKind sh:Literal ."))
    second = compile_shapes(parse("x:T sh:targetObjectsOf x:p ; sh:nodeKind sh:Literal ."))
    assert [f.focus.value for compiled in (first, second) for f in compiled.findings(ground)] == [X + "a", X + "b"]


def test_a_chain_inside_a_condition_is_asked_link_by_link() -> None:
    """Not from its far end: all claims of a modality, again for each fact, is work that grows with the square."""
    p, q, r = (ox.NamedNode(X + name) for name in "pqr")
    nested = Steps((Predicate(p), Steps((Inverse(Predicate(q)), Predicate(r)))))
    assert walk_from("?v1", nested, "?v2") == (
        f"?v1 {p} ?v1_1 . LATERAL {{ ?v1_1 ^{q} ?v1_2 . LATERAL {{ ?v1_2 {r} ?v2 . }} }}"
    )
    assert walk_from("?v1", Repeated(Predicate(p), 1), "?v2") == f"?v1 {p}+ ?v2 ."


def test_a_value_at_the_end_of_a_chain_is_found_whatever_the_chain_passes() -> None:
    """sh:hasValue over nested chains, of a node and of a literal, judged as pyshacl does."""
    shapes = """
        x:S a sh:NodeShape ; sh:targetObjectsOf x:of ; sh:property
            [ sh:path ( x:p ( [ sh:inversePath x:q ] x:r ) ) ; sh:hasValue x:end ] ,
            [ sh:path ( x:p x:t ) ; sh:hasValue "z" ] ;
            sh:not [ sh:path ( x:p x:t ) ; sh:hasValue "bad" ] .
    """
    data = """
        x:m x:of x:a , x:b , x:c . x:a x:p x:a1 . x:a2 x:q x:a1 ; x:r x:end . x:a1 x:t "z" .
        x:b x:p x:b1 . x:b2 x:q x:b1 ; x:r x:other . x:b1 x:t "z" , "bad" . x:c x:p x:c1 . x:end x:q x:c1 .
    """
    compiled = Shapes(parse(shapes))
    expected = [("HasValue", "<b>", ""), ("HasValue", "<c>", ""), ("HasValue", "<c>", ""), ("Not", "<b>", "<b>")]
    assert summary(findings(parse(data), compiled)) == expected
    assert summary(findings_by_pyshacl(parse(data), compiled)) == expected
