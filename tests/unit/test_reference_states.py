"""States, territories and places of the reference data: names, codes, and the files that hold them."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pymorphy3
import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, RdfFormat, Store

ONTOLOGY = Path(__file__).parents[2] / "ontology"
REFERENCE = ONTOLOGY / "reference"
FILES = ("states.ttl", "states-supplement.ttl", "places.ttl")
LANGUAGES = ("en", "kk", "ru", "vi")
IDENTIFIERS = "https://w3id.org/chancery/id/"
CHY = "https://w3id.org/chancery/ontology#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
HIDDEN = ("abbreviation", "adjective", "demonym", "metonym", "misspelling")
NAMING = (SKOS + "prefLabel", SKOS + "altLabel", *(CHY + kind for kind in HIDDEN))

# Names that two entities may share, and why; a capital named like its state needs no line.
SHARED = {
    "Congo": "two states, told apart only by their longer names",
    "Конго": "two states, told apart only by their longer names",
    "Jerusalem": "the city, and the government that the press means by it",
    "Иерусалим": "the city, and the government that the press means by it",
    "Tel Aviv": "the city, and the government that the press means by it",
    "Тель-Авив": "the city, and the government that the press means by it",
}
# States that need no seat of government here.
WITHOUT_CAPITAL = {
    "state/ISR": "the seat's status is disputed: see place/jerusalem",
    "state/donetsk-peoples-republic": "the city's status is disputed: see place/donetsk",
    "state/luhansk-peoples-republic": "the city's status is disputed: see place/luhansk",
    "state/northern-cyprus": "its part of Nicosia has the name of the whole",
    "state/sahrawi-republic": "governs from camps abroad",
    "state/soviet-union": "no longer exists",
}


@cache
def reference() -> Store:
    """Return all three files in one store."""
    store = Store()
    for name in FILES:
        store.load((REFERENCE / name).read_bytes(), RdfFormat.TURTLE)
    return store


def short(node: object) -> str:
    """Return an identifier without its base, or the text of a literal."""
    assert isinstance(node, NamedNode | Literal)
    return node.value.removeprefix(IDENTIFIERS)


def typed(*classes: str) -> set[str]:
    """Return the entities typed as one of the classes."""
    return {
        short(q.subject) for c in classes for q in reference().quads_for_pattern(None, TYPE, NamedNode(CHY + c), None)
    }


def values(term: str) -> dict[str, list[str]]:
    """Return the values of a property of our vocabulary, by entity."""
    found: dict[str, list[str]] = defaultdict(list)
    for q in reference().quads_for_pattern(None, NamedNode(CHY + term), None, None):
        found[short(q.subject)].append(short(q.object))
    return found


def names(*properties: str) -> list[tuple[str, str, Literal]]:
    """Return entity, property and name, for the given naming properties or all."""
    return [
        (short(q.subject), q.predicate.value, q.object)
        for p in properties or NAMING
        for q in reference().quads_for_pattern(None, NamedNode(p), None, None)
        if isinstance(q.object, Literal)
    ]


def build_states() -> ModuleType:
    """Return ontology/build_states.py as a module."""
    spec = spec_from_file_location("build_states", ONTOLOGY / "build_states.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def folded(text: str) -> str:
    """Return the form in which names are compared."""
    return text.lower().replace("ё", "е").replace("\u2019", "'")


@pytest.mark.parametrize("name", FILES)
def test_rdflib_and_oxigraph_read_the_same_number_of_triples(name: str) -> None:
    """Both parsers read each file, and agree."""
    store = Store()
    store.load((REFERENCE / name).read_bytes(), RdfFormat.TURTLE)
    assert len(rdflib.Graph().parse(REFERENCE / name, format="turtle")) == len(store) > 0


def test_each_entity_has_one_preferred_label_in_each_language() -> None:
    """States, territories and places are labelled in four languages, once."""
    labels = defaultdict(list)
    for entity, _, label in names(SKOS + "prefLabel"):
        labels[entity].append(str(label.language))
    everything = typed("State", "Territory", "Place", "City", "Region", "Waters")
    assert {e: sorted(labels[e]) for e in everything if sorted(labels[e]) != list(LANGUAGES)} == {}
    assert set(labels) == everything


@pytest.mark.parametrize("code", ["iso3166Alpha2", "iso3166Alpha3", "iso3166Numeric"])
def test_codes_are_unique(code: str) -> None:
    """No two entries share a code, and none has two."""
    codes = [c for found in values(code).values() for c in found]
    assert len(codes) == len(set(codes)) == len(values(code))


def test_identifiers_carry_the_alpha_3_code() -> None:
    """A state or territory with a code is named by it."""
    assert {e: c for e, [c] in values("iso3166Alpha3").items() if e.split("/")[1] != c} == {}


def test_states_are_the_members_of_the_united_nations_and_six_others() -> None:
    """199 states have a code; every other entry of ISO 3166-1 is a territory."""
    coded = set(values("iso3166Alpha3"))
    assert len(typed("State") & coded) == 193 + len({"VAT", "PSE", "XKX", "TWN", "COK", "NIU"})
    assert typed("State") & typed("Territory") == set()
    assert coded <= typed("State") | typed("Territory")
    assert typed("Territory") <= coded


def test_a_state_that_is_no_member_of_the_united_nations_has_a_note() -> None:
    """What is disputed about statehood is said in the data."""
    uncoded = typed("State") - set(values("iso3166Alpha3"))
    others = {"state/VAT", "state/PSE", "state/XKX", "state/TWN", "state/COK", "state/NIU"}
    assert uncoded | others == typed("State") & set(values("statehoodNote"))


def test_shared_names_have_a_reason() -> None:
    """Two entities share a name only if one is the capital of the other, or the list says why."""
    capital = values("capitalOf")
    owners: dict[tuple[str, str], set[str]] = defaultdict(set)
    for entity, _, name in names():
        owners[folded(name.value), str(name.language)].add(entity)
    excused = {folded(name) for name in SHARED}
    shared = {key: sorted(entities) for key, entities in owners.items() if len(entities) > 1}
    unexplained = {
        key: entities
        for key, entities in shared.items()
        if key[0] not in excused and not any(set(capital.get(e, [])) & set(entities) for e in entities)
    }
    assert unexplained == {}
    assert excused <= {text for text, _ in shared}


def test_a_name_is_of_one_kind_per_entity() -> None:
    """SKOS keeps preferred, alternative and hidden labels apart."""
    kinds: dict[tuple[str, str, str | None], list[str]] = defaultdict(list)
    for entity, kind, name in names():
        kinds[entity, name.value, name.language].append(kind)
    assert {key: found for key, found in kinds.items() if len(found) > 1} == {}


def test_names_are_clean() -> None:
    """No menu forms, brackets, stray blanks or decomposed letters."""
    menu = re.compile(r"[()&\[\]/;]|\bо-ва?\b|\s{2}|^\s|\s$|^the ")
    dirty = [n.value for _, _, n in names() if menu.search(n.value) or unicodedata.normalize("NFC", n.value) != n.value]
    assert dirty == []


def test_names_are_in_the_script_of_their_language() -> None:
    """No look-alike letters: Kazakh and Russian names are Cyrillic, English and Vietnamese Latin."""
    script = {"en": "LATIN", "kk": "CYRILLIC", "ru": "CYRILLIC", "vi": "LATIN"}
    foreign = [
        n.value
        for _, _, n in names()
        if any(c.isalpha() and not unicodedata.name(c).startswith(script[str(n.language)]) for c in n.value)
    ]
    assert foreign == []


def test_kazakh_letters_stay_out_of_russian_names() -> None:
    """A Kazakh form under @ru is a slip."""
    assert [n.value for _, _, n in names() if n.language == "ru" and set(n.value.lower()) & set("әғқңөұүһі")] == []


def test_russian_adjectives_are_nominative_masculine_singular() -> None:
    """The morphology gives each Russian adjective itself as lemma."""
    morphology = pymorphy3.MorphAnalyzer()
    wrong = [
        n.value
        for _, _, n in names(CHY + "adjective")
        if n.language == "ru"
        and not any(r.tag.POS == "ADJF" and folded(r.normal_form) == folded(n.value) for r in morphology.parse(n.value))
    ]
    assert wrong == []


def test_russian_demonyms_are_nominative_singular() -> None:
    """The morphology gives each Russian demonym itself as lemma."""
    morphology = pymorphy3.MorphAnalyzer()
    wrong = [
        n.value
        for _, _, n in names(CHY + "demonym")
        if n.language == "ru"
        and not any(
            {"NOUN", "nomn", "sing"} in r.tag and folded(r.normal_form) == folded(n.value)
            for r in morphology.parse(n.value)
        )
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("word", "language"),
    [
        ("Korean", "en"),
        ("Congolese", "en"),
        ("Dominican", "en"),
        ("корейский", "ru"),
        ("конголезский", "ru"),
        ("доминиканский", "ru"),
        ("кореялық", "kk"),
        ("корей", "kk"),
    ],
)
def test_an_adjective_of_two_states_is_of_none(word: str, language: str) -> None:
    """A word that cannot tell two states apart is not in the data."""
    assert [e for e, _, n in names() if n.value == word and n.language == language] == []


def test_every_state_has_a_capital_or_a_reason() -> None:
    """Each state has a place that is its capital."""
    capitals = {state for states in values("capitalOf").values() for state in states}
    assert typed("State") - capitals == set(WITHOUT_CAPITAL)


def test_places_lie_in_states_that_exist() -> None:
    """What a place lies in, or is the capital of, is a state."""
    targets = {state for term in ("locatedIn", "capitalOf") for found in values(term).values() for state in found}
    assert targets - typed("State") == set()


def test_a_city_outside_every_state_says_why() -> None:
    """A city without a state has a comment that tells whose claim is disputed."""
    comment = NamedNode("http://www.w3.org/2000/01/rdf-schema#comment")
    commented = {short(q.subject) for q in reference().quads_for_pattern(None, comment, None, None)}
    placed = set(values("locatedIn")) | set(values("capitalOf"))
    assert typed("City") - placed - commented == set()


def test_the_supplement_speaks_of_known_entries_only() -> None:
    """A block of the supplement belongs to a state it declares or to a territory of ISO 3166-1."""
    subjects = {short(q.subject) for q in reference()}
    assert {s for s in subjects if s.startswith("state/")} == typed("State")
    assert {s for s in subjects if s.startswith("territory/")} == typed("Territory")


def test_build_states_reproduces_its_file() -> None:
    """states.ttl is what build_states.py makes of the supplement, byte for byte."""
    module = build_states()
    written = (REFERENCE / "states.ttl").read_bytes().decode()
    if not written.startswith(module.header()):
        pytest.skip("made with another Babel or pycountry: run build_states.py and look at what changed")
    assert module.states_turtle(REFERENCE / "states-supplement.ttl") == written
