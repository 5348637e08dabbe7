"""Identifiers: stable, collision-free, and safe in an IRI."""

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import ids
from kg.model import Span
from kg.vocab import ID


def test_digest_is_the_same_everywhere() -> None:
    """A key keeps its hash from one release to the next: identifiers that were published stay true."""
    assert ids.digest("Recognition", ["a", "b"], None) == "a129b9589edba052c27e6bddea270441"


def test_digest_keeps_parts_apart() -> None:
    """Parts that read alike when joined give different hashes."""
    keys = [("a", "b"), ("ab",), ("a", "b", None), (["a", "b"],), ("a,b",), ('a","b',)]
    assert len({ids.digest(*key) for key in keys}) == len(keys)


@given(st.lists(st.text(max_size=8), max_size=4), st.lists(st.text(max_size=8), max_size=4))
def test_digest_of_different_keys_differs(one: list[str], other: list[str]) -> None:
    """Two keys have one hash only when they are one key."""
    assert (ids.digest(*one) == ids.digest(*other)) == (one == other)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_document_iri_round_trip(document: str) -> None:
    """Any document id gives an IRI that a store accepts unchanged and that gives the id back."""
    iri = ids.document_iri(document)
    assert ox.NamedNode(iri).value == iri
    assert ids.document_id(iri) == document
    assert ids.document_id(ids.document_graph(document)) == document


@pytest.mark.parametrize("document", [".", ".."])
def test_dots_are_no_folders(document: str) -> None:
    """A document called "." does not name the folder it stands in."""
    assert ids.document_iri(document).startswith(f"{ID}document/%2E")
    assert ids.document_id(ids.document_iri(document)) == document


def claim(**changes: object) -> str:
    given: dict[str, object] = {
        "document": "ru-07",
        "frame": "Relations",
        "span": Span(10, 20),
        "roles": [("party", ["b", "a"]), ("kind", ["trade"])],
        "polarity": "positive",
        "modality": "actual",
        "edtf": "2025",
    }
    return ids.claim_id(**{**given, **changes})  # type: ignore[arg-type]


def test_claim_id_does_not_depend_on_order() -> None:
    """The order in which roles and fillers were found does not name the claim."""
    assert claim() == claim(roles=[("kind", ["trade"]), ("party", ["a", "b"])])


@pytest.mark.parametrize(
    "change",
    [
        {"document": "ru-08"},
        {"frame": "Meeting"},
        {"span": Span(10, 21)},
        {"roles": [("party", ["a", "b", "trade"]), ("kind", [])]},
        {"polarity": "negative"},
        {"modality": "planned"},
        {"edtf": None},
    ],
)
def test_claim_id_depends_on_what_is_said(change: dict[str, object]) -> None:
    """A claim that says anything else, or elsewhere, has another id."""
    assert claim(**change) != claim()


def test_evidence_is_shared() -> None:
    """Claims that stand in one span share their evidence; its two selectors hang from it."""
    evidence = ids.evidence_iri("ru-07", Span(1, 2))
    assert evidence == ids.evidence_iri("ru-07", Span(1, 2)) != ids.evidence_iri("ru-07", Span(1, 3))
    assert {ids.position_iri(evidence), ids.quote_iri(evidence)} == {f"{evidence}/position", f"{evidence}/quote"}


def test_fact_iri_of_states_and_events() -> None:
    """A state's fact is its key; an event's is told apart by date and stated attributes too."""
    key = [("party", ["b", "a"])]
    assert ids.fact_iri("Relations", key) == ids.fact_iri("Relations", [("party", ["a", "b"])])
    assert (
        len(
            {
                ids.fact_iri("Exercise", key, date, attributes)
                for date in (None, "2025")
                for attributes in ((), [("place", ["x"])])
            }
        )
        == 4
    )


def test_individuals_are_named_after_their_class() -> None:
    """The individual of a fact carries the fact's hash under its class's name."""
    assert ids.individual_iri("AidAct", f"{ID}fact/abc") == f"{ID}aid-act/abc"


def test_reference_and_concept_iris() -> None:
    """Codes make readable IRIs."""
    assert ids.reference_iri("state", "RUS") == f"{ID}state/RUS"
    assert ids.concept_iri("act", "delist") == f"{ID}act/delist"
    assert ids.mention_iri("d", "n", "Person") != ids.mention_iri("d", "n", "City")
