"""Mention entities of many documents are joined with reasons, in any order, and what is unsure stays apart."""

from __future__ import annotations

from itertools import permutations

import pytest
from making import KAZ, RUS, UZB, claim, extraction, mention

from kg.decisions import Decisions, EntityDecision, Verdict
from kg.entities import Joins, join, lowest_kinds
from kg.model import Entity, Extraction, Iri, Knowledge, Name
from kg.sounds import likeness, romanised, skeleton
from kg.vocab import ID


def holding(document: str, name: str, knowledge: Knowledge, office: str | None = None, of: str = KAZ) -> Extraction:
    """Return a document that names a person, with an office if one is given."""
    person = mention(document, name, "Person", knowledge)
    claims = (
        [claim(knowledge, "OfficeHolding", document, holder=person.id, office=office, of=of, extra=[person])]
        if office
        else []
    )
    return extraction(document, claims, [person])


def named(*extractions: Extraction) -> list[str]:
    return [e.id for x in extractions for e in x.entities]


def decided(verdict: Verdict, *entities: str) -> Decisions:
    return Decisions(
        (EntityDecision(verdict, tuple(Iri(e) for e in entities), "seen on a photograph (A. E., 2026-01-15)"),)
    )


def one_group(joins: Joins, *extractions: Extraction) -> bool:
    return len({joins.representative(e.id) for x in extractions for e in x.entities}) == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Сергей Лавров", "Sergei Lavrov"),
        ("Қасым-Жомарт Тоқаев", "Kassym-Jomart Tokayev"),
        ("Шавкат Мирзиёев", "Shavkat Mirziyoyev"),
        ("Әмір Хан Мұттақи", "Amir Khan Muttaqi"),
        ("Юрий Щербаков", "Yuri Shcherbakov"),
        ("Чыңгыз Айтматов", "Chinghiz Aitmatov"),
        ("Гульнара Алиева", "Aliyeva Gulnara"),
        ("Хамкорлик-2021", "Hamkorlik-2021"),
        ("Nguyễn Phú Trọng", "Nguyen Phu Trong"),
    ],
)
def test_one_name_in_two_scripts_has_one_skeleton(first: str, second: str) -> None:
    assert skeleton(first) == skeleton(second)
    assert likeness(first, second) >= 0.8


@pytest.mark.parametrize(
    ("first", "second"), [("Sergey Lavrov", "Sergey Naryshkin"), ("Дмитрий Песков", "Дмитрий Медведев")]
)
def test_other_names_have_other_skeletons(first: str, second: str) -> None:
    assert skeleton(first) != skeleton(second)


def test_romanising_leaves_only_latin_letters_and_figures() -> None:
    assert romanised("Ұлттық қауіпсіздік комитеті, 2021").replace(" ", "").isascii()


def test_a_name_of_one_reference_entity_joins_to_it(knowledge: Knowledge) -> None:
    document = holding("vi-1", "SERGEY LAVROV", knowledge)
    joins = join([document], knowledge)
    assert joins.representative(document.entities[0].id) == ID + "person/sergey-lavrov"
    assert joins.reasons[document.entities[0].id] == ("'SERGEY LAVROV' is a name of sergey-lavrov",)
    assert joins.groups[0].labels == (), "a reference entity keeps its own names"


def test_one_name_in_three_scripts_with_one_office_of_one_state_is_one_person(knowledge: Knowledge) -> None:
    documents = [
        holding("en-1", "Yerlan Zhumabekov", knowledge, "office/minister"),
        holding("ru-1", "Ерлан Жумабеков", knowledge, "office/minister"),
        holding("kk-1", "Ерлан Жұмабеков", knowledge, "office/minister"),
        holding("ru-2", "Ерлан Жумабеков", knowledge, "office/minister"),
    ]
    results = [join(order, knowledge) for order in permutations(documents)]
    assert all(found == results[0] for found in results)
    (group,) = results[0].groups
    assert group.representative == min(named(*documents))
    assert group.kinds == ("Person",)
    assert dict(group.labels) == {"en": "Yerlan Zhumabekov", "kk": "Ерлан Жұмабеков", "ru": "Ерлан Жумабеков"}
    assert all("sound alike and hold the office minister of KAZ" in r for rs in results[0].reasons.values() for r in rs)


def test_a_like_name_with_the_office_of_a_reference_person_joins_to_that_person(knowledge: Knowledge) -> None:
    document = holding("ru-1", "Сергэй Лавроф", knowledge, "office/foreign-minister", RUS)
    joins = join([document], knowledge)
    assert joins.representative(document.entities[0].id) == ID + "person/sergey-lavrov"


def test_homonyms_of_two_states_stay_apart(knowledge: Knowledge) -> None:
    documents = [
        holding("en-1", "Ivan Petrov", knowledge, "office/minister", KAZ),
        holding("en-2", "Ivan Petrov", knowledge, "office/minister", UZB),
    ]
    joins = join(documents, knowledge)
    assert not one_group(joins, *documents)
    assert joins.possibly_same == ()


def test_one_name_without_an_office_is_only_possibly_one_person(knowledge: Knowledge) -> None:
    documents = [holding("en-1", "Ivan Petrov", knowledge), holding("ru-1", "Иван Петров", knowledge)]
    joins = join(documents, knowledge)
    assert not one_group(joins, *documents)
    assert joins.possibly_same == (tuple(sorted(named(*documents))),)


def test_event_names_are_one_where_they_sound_alike(knowledge: Knowledge) -> None:
    documents = [
        extraction("ru-1", [], [mention("ru-1", "Хамкорлик-2021", "EventName", knowledge)]),
        extraction("en-1", [], [mention("en-1", "Hamkorlik-2021", "EventName", knowledge)]),
        extraction("en-2", [], [mention("en-2", "Hamkorlik-2022", "EventName", knowledge)]),
    ]
    joins = join(documents, knowledge)
    assert one_group(joins, *documents[:2])
    assert not one_group(joins, *documents[1:])


def test_two_reference_entities_never_become_one(knowledge: Knowledge) -> None:
    name = "Sergey Lavrov"
    person = mention("en-1", name, "Person", knowledge)
    both = Entity(person.id, person.kinds, (*person.names, Name("Dmitry Peskov", "en", "alternative")))
    joins = join([extraction("en-1", [], [both])], knowledge)
    peskov, lavrov = ID + "person/dmitry-peskov", ID + "person/sergey-lavrov"
    assert joins.representative(both.id) in (peskov, lavrov)
    assert (peskov, lavrov) in joins.possibly_same


def test_decisions_come_first(knowledge: Knowledge) -> None:
    alike = [
        holding("en-1", "Yerlan Zhumabekov", knowledge, "office/minister"),
        holding("ru-1", "Ерлан Жумабеков", knowledge, "office/minister"),
    ]
    one, two = named(*alike)
    assert not one_group(join(alike, knowledge, decided("different", one, two)), *alike)
    unsure = join(alike, knowledge, decided("unsure", two, one))
    assert not one_group(unsure, *alike)
    assert unsure.possibly_same == (tuple(sorted((one, two))),)
    other = [holding("en-1", "A B", knowledge), holding("ru-1", "C D", knowledge)]
    by_hand = join(other, knowledge, decided("same", *named(*other)))
    assert one_group(by_hand, *other)
    assert by_hand.reasons[Iri(named(*other)[0])] == ("decided: seen on a photograph (A. E., 2026-01-15)",)


def test_a_decision_joins_reference_entities_too(knowledge: Knowledge) -> None:
    peskov, lavrov = ID + "person/dmitry-peskov", ID + "person/sergey-lavrov"
    joins = join([], knowledge, decided("same", lavrov, peskov))
    assert joins.representative(Iri(lavrov)) == peskov


def test_a_decision_keeps_two_apart_even_where_a_third_would_bring_them_together(knowledge: Knowledge) -> None:
    documents = [holding(f"en-{i}", "Yerlan Zhumabekov", knowledge, "office/minister") for i in range(3)]
    ids = sorted(named(*documents))
    joins = join(documents, knowledge, decided("different", ids[0], ids[2]))
    assert joins.representative(ids[0]) != joins.representative(ids[2])


def test_only_the_lowest_classes_are_kept(knowledge: Knowledge) -> None:
    assert lowest_kinds(knowledge.superclasses["Ministry"], knowledge) == ("Ministry",)
