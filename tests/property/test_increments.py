"""Any sequence of additions, changes, removals and decisions ends in the register that a build from the start gives."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from making import BLR, CHN, KAZ, RUS, TALIBAN, UKR, UZB, claim, extraction, mention

from kg.conclusions import Grounds
from kg.decisions import Decisions, EntityDecision, decision_of
from kg.entailment import read_axioms
from kg.gradual import rebuild_in_parts
from kg.increments import rebuild, update
from kg.model import Entity, Extraction, Iri, Knowledge, Sha256
from kg.resources import ontology_files, parse_turtle, reference_files
from kg.skolem import graph_quads
from kg.vocab import GRAPH_DIRECT, GRAPH_ENTITIES, GRAPH_FACTS, GRAPH_INFERRED, GRAPH_ONTOLOGY, GRAPH_REFERENCE, ID

CONCLUDED = (GRAPH_ENTITIES, GRAPH_FACTS, GRAPH_DIRECT, GRAPH_INFERRED)
DOCUMENTS = ("en-1", "en-2", "ru-1", "kk-1", "vi-1")
STATES = (RUS, KAZ, UZB, CHN, UKR, BLR)
DATES = (None, "2021", "2021-11", "2021-11-15", "2021-11-20", "2022-01/2022-03")
PUBLISHED = (None, "2021", "2021-11-16", "2021-12-01", "2022-02-01", "2023-05-05")
PEOPLE = ("Ivan Petrov", "Иван Петров", "Ivan Petroff", "Li Peng", "Sergei Lavrov", "Boris Pistorius")
BODIES = ("Border Service of Kazakhstan", "Border Service", "Kazakh Border Service")
OFFICES = ("office/minister", "office/foreign-minister")
# Words of a wire story, from its beginning to its end: neighbours are near-duplicates, the ends are not.
WIRES = tuple(" ".join(f"w{n}" for n in range(start, start + 60)) for start in (0, 4, 8, 12, 500))


@pytest.fixture(scope="module")
def grounds(knowledge: Knowledge) -> Grounds:
    """Knowledge of a few states and persons: the rest would only be carried along."""
    axioms = read_axioms(q for f in ontology_files() for q in graph_quads(parse_turtle(f), GRAPH_ONTOLOGY))
    reference = [q for f in reference_files() for q in graph_quads(parse_turtle(f), GRAPH_REFERENCE)]
    used = {Iri(ID + short) for short in (*STATES, TALIBAN, "person/sergey-lavrov", "person/boris-pistorius")}
    small = replace(
        knowledge,
        entities={iri: entity for iri, entity in knowledge.entities.items() if iri in used},
        terms=tuple(term for term in knowledge.terms if term.holder in used),
    )
    about = [q for q in reference if q.subject.value in used or "governance" in str(q.subject)]
    return Grounds(small, axioms, about, frozenset(), breaking)


def breaking(quads: Sequence[ox.Quad | ox.Triple]) -> set[str]:
    """Let facts about Belarus break a shape."""
    return {q.subject.value for q in quads if str(q.object).endswith("BLR>") and "/fact/" in str(q.subject)}


words = st.one_of(st.sampled_from(WIRES), st.integers(0, 10**6).map(str))


@st.composite
def drawn_documents(draw: st.DrawFn) -> list[dict[str, object]]:
    """Draw the makings of one document: its day, words and claims."""
    claims = []
    for _ in range(draw(st.integers(0, 4))):
        one, two = draw(st.permutations(STATES))[:2]
        person, body = draw(st.sampled_from(PEOPLE)), draw(st.sampled_from(BODIES))
        frame, roles = draw(
            st.sampled_from(
                [
                    ("Recognition", {"recogniser": one, "recognised": TALIBAN}),
                    ("AgreementSigning", {"party": [KAZ, UZB], "subject": "subject/military"}),
                    ("AgreementSigning", {"party": [KAZ, UZB]}),
                    ("AgreementRatification", {"ratifier": KAZ, "party": [KAZ, UZB]}),
                    ("AgreementRatification", {"ratifier": KAZ}),
                    ("Meeting", {"participant": [one, f"Person {person}"]}),
                    ("Exercise", {"participant": [one, two], "name": "EventName Unity-2021"}),
                    (
                        "OfficeHolding",
                        {"holder": f"Person {person}", "office": draw(st.sampled_from(OFFICES)), "of": one},
                    ),
                    ("OfficeHolding", {"holder": f"Person {person}", "office": OFFICES[0], "of": f"StateOrgan {body}"}),
                    ("OfficeHolding", {"holder": "person/sergey-lavrov", "office": OFFICES[0], "of": one}),
                    ("Designation", {"authority": KAZ, "target": TALIBAN, "act": "act/list"}),
                    ("Designation", {"authority": KAZ, "target": TALIBAN, "act": "act/delist"}),
                    ("Aid", {"donor": one, "recipient": two}),
                ]
            )
        )
        options = {
            "date": draw(st.sampled_from(DATES)),
            "polarity": draw(st.sampled_from(["positive", "positive", "negative"])),
            "modality": draw(st.sampled_from(["actual", "actual", "actual", "planned"])),
            "former": frame == "OfficeHolding" and draw(st.booleans()),
            "by": draw(st.sampled_from([None, UKR, "person/sergey-lavrov", f"Person {person}"])),
        }
        claims.append({"frame": frame, "roles": roles, "options": options})
    return [{"published": draw(st.sampled_from(PUBLISHED)), "words": draw(words), "claims": claims}]


def made(document: str, drawn: dict[str, object], knowledge: Knowledge) -> Extraction:
    """Return the extraction of a drawn document."""
    from kg.wires import signature

    entities: dict[str, Entity] = {}

    def known(short: object) -> object:
        if isinstance(short, list):
            return [known(one) for one in short]
        kind, _, name = str(short).partition(" ")
        if not name:
            return short
        entity = mention(document, name, kind, knowledge)
        entities[entity.id] = entity
        return entity.id

    claims = []
    for number, values in enumerate(drawn["claims"]):  # type: ignore[arg-type, var-annotated]
        roles = {role: known(filler) for role, filler in values["roles"].items()}
        options = {**values["options"], "by": known(values["options"]["by"]) if values["options"]["by"] else None}
        claims.append(
            claim(
                knowledge, values["frame"], document, drawn["published"], start=number * 20,  # type: ignore[arg-type]
                extra=entities.values(), **options, **roles,
            )
        )  # fmt: skip
    words = str(drawn["words"])
    found = extraction(document, claims, list(entities.values()), drawn["published"], document[:4])  # type: ignore[arg-type]
    record = replace(found.document, sha256=Sha256(str(hash(words)) if " " in words else words))
    return replace(found, document=record, signature=signature(words))


class Aside:
    """Records put aside in memory."""

    def __init__(self) -> None:
        self.records: dict[int, list[object]] = defaultdict(list)

    def put(self, part: int, record: object) -> None:
        self.records[part].append(record)

    def take(self, part: int) -> Iterator[object]:
        yield from self.records.pop(part, ())


class Register:
    """A register of extractions, kept up to date step by step."""

    def __init__(self, grounds: Grounds) -> None:
        self.grounds, self.decisions = grounds, Decisions()
        self.extractions: dict[str, Extraction] = {}
        self.store, self.index = ox.Store(), ox.Store()
        self.store.extend(grounds.reference)
        self.rebuilt = 0

    def change(self, changed: dict[str, Extraction | None], decisions: Decisions | None = None) -> None:
        for document, new in changed.items():
            if new is None:
                self.extractions.pop(document, None)
            else:
                self.extractions[document] = new
            _put_types(self.store, document, new)
        before, self.decisions = self.decisions, self.decisions if decisions is None else decisions
        done = update(self.store, self.index, changed, self.load, self.grounds, self.decisions, before)
        if done is None:
            self.rebuilt += 1
            rebuild(self.store, self.index, list(self.extractions.values()), self.grounds, self.decisions)

    def load(self, documents: Iterable[str]) -> list[Extraction]:
        return [self.extractions[d] for d in documents if d in self.extractions]

    def in_parts(self, size: int, over: Register | None = None) -> dict[str, set[str]]:
        fresh = over or Register(self.grounds)
        for document, one in self.extractions.items():
            _put_types(fresh.store, document, one)
        extractions = iter([self.extractions[d] for d in sorted(self.extractions)])
        ends = self.grounds, self.decisions, lambda _name: Aside(), lambda *_: None
        done = rebuild_in_parts(fresh.store, fresh.index, extractions, *ends, size=size)
        shown = fresh.shown()
        assert done.facts == len({quad.split()[0] for quad in shown[GRAPH_FACTS]})
        return shown

    def shown(self) -> dict[str, set[str]]:
        graphs = {graph: self.store.quads_for_pattern(None, None, None, ox.NamedNode(graph)) for graph in CONCLUDED}
        return {
            **{graph: {str(q) for q in quads} for graph, quads in graphs.items()},
            "index": {str(q) for q in self.index},
        }

    def from_the_start(self) -> dict[str, set[str]]:
        fresh = Register(self.grounds)
        fresh.extractions, fresh.decisions = self.extractions, self.decisions
        for document, one in self.extractions.items():
            _put_types(fresh.store, document, one)
        rebuild(fresh.store, fresh.index, list(self.extractions.values()), self.grounds, self.decisions)
        return fresh.shown()


def _put_types(store: ox.Store, document: str, extraction: Extraction | None) -> None:
    from kg.conclusions import type_triples
    from kg.ids import document_graph

    graph = ox.NamedNode(document_graph(document))
    store.remove_graph(graph)
    for t in type_triples(extraction.entities) if extraction else ():
        store.add(ox.Quad(t.subject, t.predicate, t.object, graph))


def decided(draw: random.Random, extractions: dict[str, Extraction]) -> Decisions:
    """Return decisions on some entities and claims there are."""
    people = sorted({e.id for x in extractions.values() for e in x.entities if "Person" in e.kinds})
    claims = [c for x in extractions.values() for c in x.claims]
    found = [
        EntityDecision(verdict, tuple(draw.sample(people, 2)), "seen")  # type: ignore[arg-type]
        for verdict in ("same", "different", "unsure")
        if len(people) > 1 and draw.random() < 0.5
    ]
    rejected = tuple(decision_of(c, "seen") for c in claims if draw.random() < 0.2)
    return Decisions(tuple(found), rejected)


steps = st.lists(
    st.tuples(
        st.sampled_from(["put", "put", "put", "remove", "decide", "both"]),
        st.sampled_from(DOCUMENTS), st.sampled_from(DOCUMENTS), drawn_documents(), drawn_documents(),
        st.integers(0, 99),
    ),
    min_size=1, max_size=7,
)  # fmt: skip


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(steps)
def test_any_sequence_ends_where_a_build_from_the_start_does(grounds: Grounds, steps: list[tuple[object, ...]]) -> None:
    """Graphs and index are the same after each step."""
    register = Register(grounds)
    anchor = {"published": "2020-01-01", "words": "anchor", "claims": []}
    told = {"frame": "Aid", "roles": {"donor": RUS, "recipient": CHN}, "options": {"by": None}}
    register.change({"en-0": made("en-0", {**anchor, "claims": [told]}, grounds.knowledge)})
    for what, one, two, first, second, seed in steps:
        changed: dict[str, Extraction | None] = {}
        decisions = None
        if what in ("put", "both"):
            changed[str(one)] = made(str(one), first[0], grounds.knowledge)  # type: ignore[index]
        if what == "both":
            changed[str(two)] = made(str(two), second[0], grounds.knowledge)  # type: ignore[index]
        if what == "remove":
            changed[str(one)] = None
        if what == "decide":
            decisions = decided(random.Random(seed), register.extractions)
        register.change(changed, decisions)
        assert register.shown() == register.from_the_start()


def told(frame: str, roles: dict[str, object], **options: object) -> dict[str, object]:
    return {"frame": frame, "roles": roles, "options": {"date": None, "by": None, **options}}


def document(*claims: dict[str, object], published: str | None = "2021-12-01", words: str = "") -> dict[str, object]:
    return {"published": published, "words": words or str(hash(str((claims, published)))), "claims": list(claims)}


RECOGNISED = told("Recognition", {"recogniser": RUS, "recognised": TALIBAN})
MINISTER = {"holder": "Person Ivan Petrov", "office": OFFICES[0], "of": KAZ}
ARMED = told("Aid", {"donor": KAZ, "recipient": UZB}, by="Person Ivan Petrov")
SIGNED = told("AgreementSigning", {"party": [KAZ, UZB]}, date="2021-11-15")
RATIFIED = told("AgreementRatification", {"ratifier": KAZ, "party": [KAZ, UZB]}, date="2022-01/2022-03")
GUARD = "StateOrgan Border Service of Kazakhstan"
GUARDED = told("OfficeHolding", {**MINISTER, "of": GUARD})
GUARDED_RU = told("OfficeHolding", {**MINISTER, "holder": "Person Иван Петров", "of": GUARD})
SEQUENCES = {
    "another of the name comes to two whom only the office of a joined body makes one": [
        {"en-1": document(GUARDED), "ru-1": document(GUARDED_RU)},
        {"en-2": document(told("Meeting", {"participant": [RUS, "Person Ivan Petrov"]}))},
        {"en-1": None},
    ],
    "the middle of a wire story comes and goes": [
        {"en-1": document(RECOGNISED, words=WIRES[0]), "en-2": document(RECOGNISED, words=WIRES[2])},
        {"ru-1": document(words=WIRES[1])},
        {"ru-1": None},
    ],
    "it is told that who alleges something speaks for a party": [
        {"en-1": document({**ARMED, "options": {"by": "person/sergey-lavrov"}})},
        {"en-2": document(told("OfficeHolding", {**MINISTER, "holder": "person/sergey-lavrov"}))},
        {"en-2": None},
    ],
    "who alleges something is joined with one who speaks for a party": [
        {"en-1": document(ARMED, told("OfficeHolding", {**MINISTER, "of": RUS}))},
        {"ru-1": document(told("OfficeHolding", {**MINISTER, "of": RUS}), told("OfficeHolding", MINISTER))},
        {"ru-1": None},
    ],
    "a day comes that something was told of beforehand": [
        {"en-1": document({**RECOGNISED, "options": {"date": "2022", "by": None}})},
        {"en-2": document(told("Aid", {"donor": RUS, "recipient": CHN}), published="2023-05-05")},
        {"en-2": None},
    ],
    "a signing is told after its ratification, and a second one makes it unclear": [
        {"en-1": document(RATIFIED, published="2022-05-01")},
        {"en-2": document(SIGNED)},
        {"ru-1": document({**SIGNED, "options": {"date": "2021-11-20", "by": None}})},
        {"en-2": None},
    ],
}


@pytest.mark.parametrize("name", SEQUENCES)
def test_a_change_reaches_what_it_bears_on(grounds: Grounds, name: str) -> None:
    """A change of one document alters conclusions from others, and the update finds them."""
    register = Register(grounds)
    register.change({"en-0": made("en-0", document(told("Aid", {"donor": RUS, "recipient": CHN})), grounds.knowledge)})
    rebuilt, altered = register.rebuilt, 0
    for step in SEQUENCES[name]:
        before = register.shown()[GRAPH_FACTS] | register.shown()[GRAPH_DIRECT]
        old = {fact.split()[0] for fact in before}
        register.change({d: made(d, drawn, grounds.knowledge) if drawn else None for d, drawn in step.items()})
        assert register.shown() == register.from_the_start()
        after = register.shown()[GRAPH_FACTS] | register.shown()[GRAPH_DIRECT]
        altered += bool({quad.split()[0] for quad in before ^ after} & old) or bool(after - before)
    assert register.rebuilt == rebuilt
    assert altered


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.lists(drawn_documents(), min_size=1, max_size=9), st.integers(1, 3), st.integers(0, 99))
def test_parts_of_any_size_end_where_one_go_does(
    grounds: Grounds, drawn: list[list[dict[str, object]]], size: int, seed: int
) -> None:
    """Graphs and index are the same, with decisions and without."""
    register = Register(grounds)
    register.extractions = {f"en-{n}": made(f"en-{n}", one[0], grounds.knowledge) for n, one in enumerate(drawn)}
    assert register.in_parts(size) == register.from_the_start()
    register.decisions = decided(random.Random(seed), register.extractions)
    assert register.in_parts(size) == register.from_the_start()


@pytest.mark.parametrize("name", SEQUENCES)
@pytest.mark.parametrize("size", [1, 2, 3])
def test_what_hangs_together_stays_together_in_parts(
    grounds: Grounds, name: str, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wire stories, speakers and agreements that several documents make are found in parts of any size, each time."""
    monkeypatch.setattr("kg.gradual._AT_ONCE", 5)  # so that what is there already counts as much
    register, over = Register(grounds), Register(grounds)
    for step in SEQUENCES[name]:
        register.extractions |= {d: made(d, drawn, grounds.knowledge) for d, drawn in step.items() if drawn}
        assert register.in_parts(size, over) == register.from_the_start()
