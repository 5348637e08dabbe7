"""Decisions are read strictly, mean what they name, and say when they mean nothing any more."""

from __future__ import annotations

import pytest
from making import KAZ, RUS, TALIBAN, claim

from kg.decisions import ClaimDecision, decision_of, quote_digest, read_decisions
from kg.errors import DataError
from kg.model import Knowledge
from kg.vocab import ID

WHO = 'editor = "A. Editor"\nday = 2026-01-15\nreason = "seen"\n'
REJECT = (
    '[[reject]]\ndocument = "en-01"\nframe = "Recognition"\nquote = "QUOTE"\n'
    f'roles = {{ recogniser = ["{RUS}"], recognised = ["{TALIBAN}"] }}\n{WHO}'
)


def test_pairs_of_entities_are_read_with_who_when_and_why() -> None:
    found = read_decisions(f'[[same]]\nentities = ["entity/c", "entity/a", "person/b"]\n{WHO}')
    assert found.why("same") == {
        (ID + "entity/a", ID + "entity/c"): "seen (A. Editor, 2026-01-15)",
        (ID + "entity/a", ID + "person/b"): "seen (A. Editor, 2026-01-15)",
        (ID + "entity/c", ID + "person/b"): "seen (A. Editor, 2026-01-15)",
    }
    assert found.why("different") == {}


@pytest.mark.parametrize("quote", ["x" * 10, quote_digest("x" * 10)])
def test_a_rejected_claim_is_found_by_its_words_or_their_digest(knowledge: Knowledge, quote: str) -> None:
    found = read_decisions(REJECT.replace("QUOTE", quote))
    meant = claim(knowledge, "Recognition", recogniser=RUS, recognised=TALIBAN)
    other = claim(knowledge, "Recognition", recogniser=KAZ, recognised=TALIBAN)
    assert found.standing([meant, other]) == [other]
    assert found.unmatched([meant, other], []) == []
    assert found.unmatched([other], []) == [
        "reject: en-01 makes no such Recognition claim (seen (A. Editor, 2026-01-15))"
    ]
    assert isinstance(decision_of(meant), ClaimDecision)


def test_a_decision_on_an_entity_that_is_gone_is_reported() -> None:
    found = read_decisions(f'[[different]]\nentities = ["entity/a", "entity/b"]\n{WHO}')
    assert found.unmatched([], [ID + "entity/a"]) == ["different: there is no entity/b (seen (A. Editor, 2026-01-15))"]


def test_no_decisions_are_no_error() -> None:
    assert read_decisions("") == read_decisions("# nothing yet\n")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[same]", "no TOML"),
        ("[[wedding]]\n", "unknown kind 'wedding'"),
        ('same = "a"', "write each decision under"),
        (f'[[same]]\nentities = ["a"]\n{WHO}', "fewer than two"),
        (f'[[same]]\nentities = "ab"\n{WHO}', "list of identifiers"),
        ('[[same]]\nentities = ["a", "b"]\n', "same 1: it lacks day, editor, reason"),
        (f'[[same]]\nentities = ["a", "b"]\ncolour = "red"\n{WHO}', "the unknown colour"),
        ('[[same]]\nentities = ["a", "b"]\neditor = "E"\nday = "today"\nreason = "r"', "day is a date"),
        (f'[[reject]]\ndocument = 1\nframe = "F"\nquote = "q"\nroles = {{}}\n{WHO}', "are strings"),
    ],
)
def test_a_wrong_entry_is_named(text: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        read_decisions(text)


CORRECT = REJECT.replace("[[reject]]", "[[correct]]").replace("QUOTE", "x" * 10) + "set = { SET }\n"


def test_a_corrected_claim_keeps_its_name_and_says_otherwise(knowledge: Knowledge) -> None:
    found = read_decisions(
        CORRECT.replace("SET", f'date = "2025-07-03", polarity = "negative", roles = {{ recogniser = ["{KAZ}"] }}')
    )
    meant = claim(knowledge, "Recognition", recogniser=RUS, recognised=TALIBAN)
    (corrected,) = found.standing([meant])
    assert (corrected.id, corrected.quote, corrected.polarity) == (meant.id, meant.quote, "negative")
    assert corrected.date is not None
    assert corrected.date.edtf == "2025-07-03"
    assert [f.id for f in corrected.fillers("recogniser")] == [ID + KAZ]
    assert corrected.fillers("recognised") == meant.fillers("recognised")


def test_a_decision_without_a_document_is_on_whatever_says_so(knowledge: Knowledge) -> None:
    text = REJECT.replace('document = "en-01"\n', "").replace('quote = "QUOTE"\n', "")
    found = read_decisions(text)
    told = [
        claim(knowledge, "Recognition", document, recogniser=RUS, recognised=TALIBAN) for document in ("en-01", "ru-01")
    ]
    assert found.standing(told) == []
    assert found.unmatched([], []) == ["reject: no document makes a Recognition claim (seen (A. Editor, 2026-01-15))"]


@pytest.mark.parametrize("wrong", ['date = "soon"', 'colour = "red"', 'former = "yes"', 'modality = "sure"', ""])
def test_a_wrong_correction_is_named(wrong: str) -> None:
    with pytest.raises(DataError, match="correct 1: set"):
        read_decisions(CORRECT.replace("SET", wrong))
