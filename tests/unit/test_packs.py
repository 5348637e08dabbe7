"""The lexicons of all languages, in both directions: every example gives what it promises, no counterexample gives a
claim."""

from __future__ import annotations

import pytest

from kg.extract import Extractor
from kg.language.pack import Pack
from kg.lexicon import check_pack
from kg.model import Knowledge
from kg.resources import LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_entry_keeps_its_promises(language: str, packs: dict[str, Pack], extractor: Extractor) -> None:
    """Each trigger, office, modal and speech entry holds on its own examples and counterexamples."""
    failures = [
        f"{f.file} {f.entry}: {f.text!r} wanted {f.wanted!r} got {f.got}"
        for f in check_pack(packs[language], extractor)
    ]
    assert not failures


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_frame_has_a_lexicon(language: str, packs: dict[str, Pack], knowledge: Knowledge) -> None:
    """No frame of the ontology is left without a way to say it."""
    assert {t.frame for t in packs[language].triggers} == set(knowledge.frames)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_entry_has_counterexamples(language: str, packs: dict[str, Pack]) -> None:
    """Each trigger says which sentence that looks like it tells nothing."""
    assert [t.name for t in packs[language].triggers if not t.counterexamples] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_value_is_a_concept(language: str, packs: dict[str, Pack], knowledge: Knowledge) -> None:
    """Fixed and default values of roles are codes of the scheme the role draws from."""
    for trigger in packs[language].triggers:
        roles = {r.name: r.scheme for r in knowledge.frames[trigger.frame].roles}
        for role, value in (*trigger.fixed, *trigger.default):
            scheme = roles.get(role)
            assert scheme is None or value in knowledge.concepts[scheme], (trigger.name, role, value)
