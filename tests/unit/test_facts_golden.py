"""Written-down cases: claims of several documents give exactly the facts that stand beside them."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from making import claim, extraction, mention

from kg.entities import Joins, join
from kg.facts import fuse
from kg.model import Claim, Entity, Extraction, Fact, Iri, Knowledge
from kg.standing import status_on
from kg.vocab import ID

CASES = sorted((Path(__file__).parents[1] / "golden" / "facts").glob("*.toml"))
PERSON = "person: "


class Register:
    """The documents of a case, read, joined and fused."""

    def __init__(self, case: dict[str, Any], knowledge: Knowledge, *, backwards: bool = False) -> None:
        self.documents: dict[str, dict[str, str]] = case["documents"]
        self.people: dict[str, Entity] = {}
        claims = [self._claim(values, number, knowledge) for number, values in enumerate(case["claims"])]
        names = sorted(self.documents, reverse=backwards)
        self.extractions = [self._extraction(name, claims) for name in names]
        self.joins: Joins = join(self.extractions, knowledge)
        self.facts: list[Fact] = fuse(
            claims[::-1] if backwards else claims,
            knowledge,
            self.joins,
            outlets={name: about["publisher"] for name, about in self.documents.items()},
            texts={name: about.get("wire", name) for name, about in self.documents.items()},
        )
        self.told_in = {c.id: c.document for c in claims}

    def _claim(self, values: dict[str, Any], number: int, knowledge: Knowledge) -> Claim:
        document = values["document"]
        here: list[Entity] = []

        def filled(text: str) -> str:
            if not text.startswith(PERSON):
                return text
            person = mention(document, text.removeprefix(PERSON), "Person", knowledge)
            self.people[person.id] = person
            here.append(person)
            return person.id

        roles = {role: [filled(text) for text in fillers] for role, fillers in values["roles"].items()}
        return claim(
            knowledge,
            values["frame"],
            document,
            self.documents[document].get("published"),
            values.get("date"),
            polarity=values.get("polarity", "positive"),
            modality=values.get("modality", "actual"),
            former=values.get("former", False),
            by=values.get("said_by"),
            start=number * 20,
            extra=here,
            **roles,
        )

    def _extraction(self, name: str, claims: list[Claim]) -> Extraction:
        own = [c for c in claims if c.document == name]
        used = {f.id for c in own for _, fillers in c.roles for f in fillers}
        return extraction(
            name, own, [p for iri, p in self.people.items() if iri in used], self.documents[name].get("published")
        )

    def name(self, iri: Iri) -> str:
        """Return an identifier as the case writes it, a person of no reference data by its English name."""
        for group in self.joins.groups:
            if iri == group.representative and group.labels:
                return PERSON + dict(group.labels)["en"]
        return iri.removeprefix(ID)

    def shown(self, fact: Fact) -> dict[str, Any]:
        """Return a fact as the case writes it, without `why`, `on`, and counts that follow from the rest."""
        out: dict[str, Any] = {
            "frame": fact.frame,
            "roles": {role: sorted(self.name(f) for f in fillers) for role, fillers in fact.roles},
            "status": fact.status,
            "for": sorted(self.told_in[c] for c in fact.supporting),
            "against": sorted(self.told_in[c] for c in fact.opposing),
            "refined": fact.refined_by is not None,
        }
        return out | ({"date": fact.edtf} if fact.edtf else {})


def expected(values: dict[str, Any]) -> dict[str, Any]:
    return {
        "frame": values["frame"],
        "roles": {role: sorted(fillers) for role, fillers in values["roles"].items()},
        "status": values["status"],
        "for": sorted(values.get("for", [])),
        "against": sorted(values.get("against", [])),
        "refined": values.get("refined", False),
    } | ({"date": values["date"]} if "date" in values else {})


def by_text(facts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(facts, key=str)


@pytest.fixture(scope="module", params=CASES, ids=lambda path: path.stem)
def case(request: pytest.FixtureRequest) -> dict[str, Any]:
    return tomllib.loads(request.param.read_text(encoding="utf-8"))


@pytest.mark.parametrize("backwards", [False, True])
def test_the_register_is_exactly_what_was_written_down(
    case: dict[str, Any], knowledge: Knowledge, backwards: bool
) -> None:
    register = Register(case, knowledge, backwards=backwards)
    assert by_text([register.shown(fact) for fact in register.facts]) == by_text([expected(f) for f in case["facts"]])


def test_each_fact_stands_on_each_day_as_was_written_down(case: dict[str, Any], knowledge: Knowledge) -> None:
    register = Register(case, knowledge)
    for values in case["facts"]:
        (fact,) = (f for f in register.facts if register.shown(f) == expected(values))
        for day, status in values.get("on", {}).items():
            standing = status_on(fact, day)
            shown = "former" if standing.former else (standing.status or "no")
            assert (day, shown) == (day, status), values["why"]
        assert fact.outlets == values.get("outlets", fact.outlets)
        assert fact.texts == values.get("texts", fact.texts)
