"""A language that nobody speaks, added as a folder: the engine extracts with it and knows nothing of it."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from kg.errors import DataError
from kg.extract import Extractor
from kg.lexicon import check_pack, describe, example_document
from kg.model import Knowledge, Reading
from kg.resources import load_pack_from

GRAMMAR = """
language = "en"
order = "SVO"
conjunctions = ["ha"]
list_marks = [","]
clause_breaks = ["olo"]
[adpositions]
by = ["ze"]
[functions.active]
subject = ["left bare"]
object = ["right bare"]
[functions.passive]
subject = ["right adp:by"]
object = ["left bare"]
[functions.any]
[[passive]]
pattern = "wu T"
"""
WORDS = """
negation = [{ pattern = "mi" }]
[[modality]]
value = "planned"
patterns = ["tol"]
scope = "right"
examples = [["Peru tol genoba Kosovo.", "Recognition recogniser=PER recognised=XKX planned"]]
[[speech]]
verbs = ["suno"]
speaker = ["subject"]
scope = "sentence"
examples = [["Chile suno olo Peru genoba Kosovo.", "Recognition recogniser=PER recognised=XKX by=CHL"]]
"""
OFFICES = """
[order]
of = ["right bare"]
complement = []
person = ["right"]
[[office]]
office = "president"
titles = ["barok"]
examples = [["Barok Peru Ana Quiroga genoba Kosovo.", "holder=\\"Ana Quiroga\\" office=president of=PER"]]
"""
RECOGNITION = """
frame = "Recognition"
[[trigger]]
name = "genoba"
verbs = ["genoba"]
roles = { recogniser = ["subject"], recognised = ["object"] }
examples = [
  ["Peru ha Chile genoba Kosovo.", "recogniser=PER recognised=XKX & recogniser=CHL recognised=XKX"],
  ["Kosovo wu genoba ze Peru.", "recogniser=PER recognised=XKX"],
  ["Peru mi genoba Kosovo.", "recogniser=PER recognised=XKX negative"],
]
counterexamples = ["Peru, Kosovo ha Chile."]
"""
VERBS = {"genoba", "suno"}


def analyse(word: str) -> tuple[Reading, ...]:
    """Return a reading by a list of two verbs; everything else could be anything."""
    folded = word.casefold()
    return (Reading(folded, "VERB", frozenset({"VerbForm=Fin"})) if folded in VERBS else Reading(folded, "X"),)


MORPHOLOGY = SimpleNamespace(analyse=analyse, nominative=lambda words, kind: words, fold=str.casefold)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The pack as a folder."""
    (tmp_path / "frames").mkdir()
    for name, text in (
        ("grammar", GRAMMAR),
        ("words", WORDS),
        ("offices", OFFICES),
        ("frames/recognition", RECOGNITION),
    ):
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    return tmp_path


def test_an_invented_language_is_read(folder: Path, knowledge: Knowledge) -> None:
    """Coordination, voice, negation, plans, reported speech and offices come from the pack alone."""
    pack = load_pack_from(folder, MORPHOLOGY)
    failures = [(f.text, f.wanted, f.got) for f in check_pack(pack, Extractor(knowledge, {"en": pack}))]
    assert not failures


def test_an_entry_without_an_example_is_refused(folder: Path) -> None:
    """No example, no entry: the error names the file and the entry."""
    path = folder / "frames/recognition.toml"
    path.write_text(path.read_text(encoding="utf-8").split("examples")[0], encoding="utf-8")
    with pytest.raises(DataError, match=r"recognition\.toml.*genoba.*no examples"):
        load_pack_from(folder, MORPHOLOGY)


def test_an_undefined_function_is_refused(folder: Path) -> None:
    """A role marked by a function that the grammar does not define is an error that names it."""
    path = folder / "frames/recognition.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('["object"]', '["bystander"]'), encoding="utf-8")
    with pytest.raises(DataError, match="'bystander' is not defined"):
        load_pack_from(folder, MORPHOLOGY)


def test_a_claim_names_its_rule(folder: Path, knowledge: Knowledge) -> None:
    """The extractor of a claim says language, frame and entry."""
    pack = load_pack_from(folder, MORPHOLOGY)
    claims = Extractor(knowledge, {"en": pack}).extract(example_document("Peru genoba Kosovo.", "en")).claims
    assert [describe(c) for c in claims] == ["Recognition recognised=XKX recogniser=PER [en/recognition/genoba]"]
