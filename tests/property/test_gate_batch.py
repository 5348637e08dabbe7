"""A batch of documents through the gate in one pass: each gets the report it would get alone, whatever is in it."""

from __future__ import annotations

import random
from collections.abc import Iterable

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from making import KAZ, RUS, UZB, claim, extraction, mention

from kg.gate import judge_batch
from kg.ids import document_iri
from kg.model import Knowledge
from kg.rdf import document_quads
from kg.resources import load_knowledge
from kg.shacl import Report, Result, make_report
from kg.validate import load_shapes, validate_graph
from kg.vocab import CHY, ID, RDF_TYPE, XSD

KNOWLEDGE = load_knowledge()
STRANGERS = [
    ox.NamedNode(f"{ID}{KAZ}"),
    ox.NamedNode(f"{ID}frame/Meeting"),
    ox.NamedNode(document_iri("en-0")),
    ox.NamedNode(document_iri("en-1")),
    ox.NamedNode(f"{CHY}Claim"),
    ox.Literal("text"),
    ox.Literal("2025-02-30", datatype=ox.NamedNode(XSD + "date")),
    ox.Literal("-3", datatype=ox.NamedNode(XSD + "integer")),
]


def document(number: int, knowledge: Knowledge) -> list[ox.Quad]:
    """Return the graph of a document that conforms: a visit, an agreement, and who the visitor is."""
    name = f"en-{number}"
    who = mention(name, "Ivan Petrov", "Person", knowledge)
    claims = [
        claim(knowledge, "Visit", name, start=0, visitor=who.id, destination=UZB, extra=[who], date="2025-07"),
        claim(knowledge, "AgreementSigning", name, start=20, party=[KAZ, RUS]),
    ]
    return document_quads(extraction(name, claims, [who]), knowledge)


DOCUMENTS = {f"en-{number}": document(number, KNOWLEDGE) for number in range(5)}


def judge(quads: Iterable[ox.Quad | ox.Triple]) -> Report:
    return validate_graph(list(quads), load_shapes("document"), KNOWLEDGE)


def spoiled(quads: list[ox.Quad], others: list[ox.Quad], chance: random.Random) -> list[ox.Quad]:
    """Return the graph with something taken out, changed, or said of what another document describes."""
    at = chance.randrange(len(quads))
    old, other = quads[at], chance.choice(others)
    changed = chance.choice(
        [
            [],
            [ox.Quad(old.subject, old.predicate, chance.choice(STRANGERS), old.graph_name)],
            [old, ox.Quad(old.subject, old.predicate, chance.choice(STRANGERS), old.graph_name)],
            [old, ox.Quad(other.subject, old.predicate, old.object, old.graph_name)],
            [ox.Quad(old.subject, old.predicate, other.object, old.graph_name)],
            [old, ox.Quad(ox.NamedNode(ID + KAZ), ox.NamedNode(RDF_TYPE), STRANGERS[4], old.graph_name)],
        ]
    )
    return [*quads[:at], *changed, *quads[at + 1 :]]


@given(seed=st.integers(0, 2**32))
@settings(max_examples=60, deadline=None)
def test_a_batch_is_judged_like_each_alone(seed: int) -> None:
    """Also where documents speak of each other's nodes, or of entities that all of them name."""
    chance = random.Random(seed)
    graphs = dict(DOCUMENTS)
    for name in chance.sample(sorted(graphs), chance.randint(0, 3)):
        others = graphs[chance.choice(sorted(graphs))]
        for _ in range(chance.randint(1, 3)):
            graphs[name] = spoiled(graphs[name], others, chance)
    assert judge_batch(graphs, judge) == {name: judge(quads) for name, quads in graphs.items()}


def test_documents_that_conform_take_one_pass() -> None:
    """A batch without faults is one call of the judge."""
    calls = 0

    def counted(quads: Iterable[ox.Quad | ox.Triple]) -> Report:
        nonlocal calls
        calls += 1
        return judge(quads)

    assert all(report.results == () for report in judge_batch(DOCUMENTS, counted).values())
    assert calls == 1


def test_a_violation_belongs_to_its_document() -> None:
    """A fault in one document is in its report, and in no other."""
    quads = [q for q in DOCUMENTS["en-3"] if q.predicate.value != CHY + "polarity"]
    reports = judge_batch({**DOCUMENTS, "en-3": quads}, judge)
    assert [name for name, report in reports.items() if not report.conforms] == ["en-3"]
    assert {r.focus.split("/")[-2] for r in reports["en-3"].results} == {"claim"}


def test_a_result_that_is_of_no_document() -> None:
    """Where a focus node is in no document, each document is judged by itself: nothing is left out or guessed."""
    elsewhere = Result(f"{ID}frame/Visit", None, None, "s", "Violation", "m", "MinCount")

    def strange(quads: Iterable[ox.Quad | ox.Triple]) -> Report:
        documents = {q.graph_name.value for q in quads if isinstance(q, ox.Quad)}  # type: ignore[union-attr]
        return make_report([elsewhere] if any(name.endswith("/en-2") for name in documents) else [])

    reports = judge_batch(DOCUMENTS, strange)
    assert [name for name, report in reports.items() if not report.conforms] == ["en-2"]


@pytest.mark.parametrize("number", [0, 1])
def test_small_batches(number: int) -> None:
    """No document, or one, is a batch too."""
    graphs = {name: DOCUMENTS[name] for name in sorted(DOCUMENTS)[:number]}
    assert {name: report.results for name, report in judge_batch(graphs, judge).items()} == dict.fromkeys(graphs, ())
