"""Reference data on organisations, armed groups, organs, companies, media, parties and officials is consistent."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "ontology" / "reference"
FILES = sorted(
    p
    for name in ("organisations", "armed-groups", "organs", "companies-media", "officials", "officials-[0-9]*")
    for p in REFERENCE.glob(f"{name}.ttl")
)
CHY = "https://w3id.org/chancery/ontology#"
ID = "https://w3id.org/chancery/id/"
SKOS = "http://www.w3.org/2004/02/skos/core#"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
SAME_AS = "https://schema.org/sameAs"
LANGUAGES = {"en", "kk", "ru", "vi"}

OFFICES = frozenset(
    {
        "president",
        "prime-minister",
        "deputy-prime-minister",
        "foreign-minister",
        "deputy-foreign-minister",
        "defence-minister",
        "deputy-defence-minister",
        "interior-minister",
        "minister",
        "ambassador",
        "special-envoy",
        "security-council-secretary",
        "intelligence-director",
        "chief-of-general-staff",
        "press-secretary",
        "spokesperson",
        "parliament-speaker",
        "secretary-general",
        "head",
        "leader",
        "other",
    }
)
# One holder at a time. Parliaments of two houses and states with several services have several speakers and directors.
SINGLE_OFFICES = (
    "president",
    "prime-minister",
    "foreign-minister",
    "defence-minister",
    "secretary-general",
    "head",
    "leader",
)
# Nicaragua's constitution has had two co-presidents since 2025.
SHARED = frozenset({("president", "state/NIC")})

# The article belongs to the printed title: without it, the word is a common noun.
TITLES_WITH_ARTICLE = frozenset(
    {"The Economist", "The Guardian", "The Hindu", "The Insider", "The National Interest", "The Telegraph"}
)
# Two entities that really bear one name, and are told apart by the words around it.
SHARED_NAMES: frozenset[tuple[str, str]] = frozenset()

# Identifiers of other registers that were read in a public source; anything else would be invented.
VERIFIED = {
    "organisation/un": "Q1065",
    "organisation/un-security-council": "Q37470",
    "organisation/nato": "Q7184",
    "organisation/csto": "Q318693",
    "organisation/cis": "Q7779",
    "organisation/eu": "Q458",
    "organisation/osce": "Q81299",
    "organisation/oic": "Q47543",
    "organisation/arab-league": "Q7172",
    "armed-group/taliban": "Q42418",
}
NAMES = frozenset(
    {
        "abbreviation",
        "adjective",
        "demonym",
        "metonym",
        "misspelling",
        "familyName",
    }
)
RELATIONS = frozenset({"gender", "locatedIn", "organOf", "holder", "office", "of", "from", "until", "former"})
PREDICATES = frozenset(
    {RDF_TYPE, SAME_AS, f"{SKOS}prefLabel", f"{SKOS}altLabel"} | {CHY + name for name in NAMES | RELATIONS}
)


@cache
def quads() -> tuple[Quad, ...]:
    """Return every statement of the files under test."""
    store = Store()
    for path in FILES:
        store.load(path=path, format=RdfFormat.TURTLE)
    return tuple(store)


def short(iri: str) -> str:
    """Return the part of an identifier after the base."""
    return iri.removeprefix(ID)


@cache
def types() -> dict[str, frozenset[str]]:
    """Return subject -> local names of its classes."""
    found: dict[str, set[str]] = defaultdict(set)
    for q in quads():
        if q.predicate.value == RDF_TYPE:
            found[q.subject.value].add(q.object.value.removeprefix(CHY))
    return {s: frozenset(cs) for s, cs in found.items()}


def of_class(*names: str) -> set[str]:
    """Return the subjects that have one of the classes."""
    return {s for s, cs in types().items() if cs & set(names)}


@cache
def literals() -> tuple[tuple[str, str, str, str], ...]:
    """Return (subject, property, text, language) of every language-tagged literal."""
    return tuple(
        (q.subject.value, q.predicate.value.split("#")[1], q.object.value, q.object.language)
        for q in quads()
        if isinstance(q.object, Literal) and q.object.language
    )


@cache
def terms() -> dict[str, dict[str, str]]:
    """Return office term -> its properties, identifiers shortened."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for q in quads():
        if short(q.subject.value).startswith("term/") and q.predicate.value.startswith(CHY):
            value = q.object.value if isinstance(q.object, Literal) else short(q.object.value)
            found[short(q.subject.value)][q.predicate.value.removeprefix(CHY)] = value
    return dict(found)


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_each_file_is_read_alike_by_both_parsers(path: Path) -> None:
    """Pyoxigraph and rdflib find the same number of statements in every file."""
    store = Store()
    store.load(path=path, format=RdfFormat.TURTLE)
    assert len(rdflib.Graph().parse(path, format="turtle")) == len(store) > 0


@pytest.mark.parametrize(
    ("classes", "least"),
    [
        (("IntergovernmentalOrganisation", "Bloc"), 90),
        (("ArmedGroup",), 40),
        (("StateOrgan", "Ministry"), 100),
        (("Company", "Bank"), 40),
        (("MediaOutlet",), 60),
        (("PoliticalParty",), 20),
        (("Person",), 1000),
        (("OfficeTerm",), 1000),
    ],
    ids=lambda v: "-".join(v) if isinstance(v, tuple) else str(v),
)
def test_there_are_enough(classes: tuple[str, ...], least: int) -> None:
    """The register knows the bodies and people that a reader of world news expects."""
    assert len(of_class(*classes)) >= least


def test_no_subject_is_described_in_two_files() -> None:
    """Each entity is described once."""
    home: dict[str, Path] = {}
    for path in FILES:
        for subject in set(re.findall(r"^<([^>]+)> a ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)):
            assert subject not in home, f"{subject} is described in {home[subject].name} and {path.name}"
            home[subject] = path
    assert set(home) == set(types())


def test_only_known_properties_are_used() -> None:
    """No property is misspelt: all stand in the reference format."""
    assert {q.predicate.value for q in quads()} <= PREDICATES


def test_each_entity_has_one_preferred_label_per_language() -> None:
    """An entity has exactly one preferred label in each of the four languages, a term of office none."""
    labels: dict[str, list[str]] = defaultdict(list)
    for subject, name, _, language in literals():
        if name == "prefLabel":
            labels[subject].append(language)
    wrong = {
        short(s): labels[s]
        for s in types()
        if "OfficeTerm" not in types()[s] and sorted(labels[s]) != sorted(LANGUAGES)
    }
    assert not wrong


def test_labels_are_well_formed() -> None:
    """A name is normalised, has no quotes, brackets or stray blanks, and no leading English article."""
    wrong = [
        (short(s), text)
        for s, _, text, language in literals()
        if language not in LANGUAGES
        or unicodedata.normalize("NFC", text) != text
        or re.search(r"[\"«»“”„()]|^\s|\s$|\s\s|[,;:]$", text)
        or (language == "en" and re.match(r"(the|an?)\s", text, re.IGNORECASE) and text not in TITLES_WITH_ARTICLE)
    ]
    assert not wrong


def scripts(word: str) -> set[str]:
    """Return the scripts of the letters of a word."""
    return {unicodedata.name(c, "?").split()[0] for c in word if c.isalpha()}


def test_no_word_mixes_scripts() -> None:
    """No look-alike letter of another alphabet hides in a word."""
    wrong = [
        (short(s), text)
        for s, _, text, _ in literals()
        for word in re.findall(r"[^\W\d_]+", text)
        if len(scripts(word)) > 1
    ]
    assert not wrong


def test_names_are_written_in_the_script_of_their_language() -> None:
    """Russian and Kazakh names of persons are Cyrillic, but for regnal numbers; English and Vietnamese names Latin."""
    for subject, _, text, language in literals():
        used = scripts(re.sub(r"\b[IVX]+\b", "", text)) - {"MODIFIER"}
        if language in {"en", "vi"}:
            assert used <= {"LATIN"}, (short(subject), text)
        elif "Person" in types()[subject]:
            assert used <= {"CYRILLIC"}, (short(subject), text)


def test_russian_names_have_no_kazakh_letters() -> None:
    """A name tagged Russian is written in the Russian alphabet."""
    kazakh = set("әғқңөұүһі")
    assert not [(short(s), t) for s, _, t, language in literals() if language == "ru" and kazakh & set(t.lower())]


def test_a_name_means_one_entity() -> None:
    """No name or abbreviation in one language stands for two entities; metonyms do by nature, and are not compared."""
    bearers: dict[tuple[str, str], set[str]] = defaultdict(set)
    for subject, name, text, language in literals():
        if name in {"prefLabel", "altLabel", "abbreviation"}:
            bearers[text.casefold().replace("ё", "е"), language].add(short(subject))
    shared = {key: sorted(who) for key, who in bearers.items() if len(who) > 1 and key not in SHARED_NAMES}
    assert not shared


def test_no_person_is_named_by_one_word_that_is_only_a_surname() -> None:
    """A bare surname is no label, for mentions by surname are the engine's; who has one name or a byname is listed."""
    single = {"person/sugiono", "person/mohamed-hamdan-dagalo", "person/pope-francis"}
    wrong = {
        short(s)
        for s, name, text, _ in literals()
        if "Person" in types()[s] and name in {"prefLabel", "altLabel"} and not re.search(r"[\s.]", text)
    }
    assert wrong <= single


def test_each_family_name_is_part_of_a_label() -> None:
    """A family name given apart occurs, as whole words, in a label of the same person and language."""
    labels: dict[tuple[str, str], list[str]] = defaultdict(list)
    for subject, name, text, language in literals():
        if name in {"prefLabel", "altLabel"}:
            labels[subject, language].append(text)
    wrong = [
        (short(subject), text, language)
        for subject, name, text, language in literals()
        if name == "familyName"
        and not any(re.search(rf"(?<!\w){re.escape(text)}(?!\w)", label) for label in labels[subject, language])
    ]
    assert not wrong


def test_gender_is_female_or_male() -> None:
    """Where a gender is given, it is one of the two words the engine reads."""
    assert {q.object.value for q in quads() if q.predicate.value == f"{CHY}gender"} == {"female", "male"}


def test_the_taliban_are_one_entity() -> None:
    """The movement, its government and the Islamic Emirate are one entity, an armed group and a government."""
    taliban = f"{ID}armed-group/taliban"
    assert types()[taliban] >= {"ArmedGroup", "Government"}
    names = {text for s, _, text, _ in literals() if s == taliban}
    assert {
        "Taliban",
        "Islamic Emirate of Afghanistan",
        "Талибан",
        "талибы",
        "талибский",
        "тәліптер",
        "Ta-li-ban",
    } <= names
    assert not [s for s, _, text, _ in literals() if s != taliban and text in names]


def test_external_identifiers_are_verified_ones() -> None:
    """Only identifiers of other registers that were read in a public source are given."""
    found = {short(q.subject.value): q.object.value for q in quads() if q.predicate.value == SAME_AS}
    assert found == {s: f"http://www.wikidata.org/entity/{item}" for s, item in VERIFIED.items()}


def references(*properties: str) -> Iterator[tuple[str, str]]:
    """Yield (subject, object) of the properties, identifiers shortened."""
    wanted = {CHY + p for p in properties}
    for q in quads():
        if q.predicate.value in wanted:
            yield short(q.subject.value), short(q.object.value)


@cache
def described() -> frozenset[str]:
    """Return every subject of any reference file."""
    store = Store()
    for path in sorted(REFERENCE.glob("*.ttl")):
        store.load(path=path, format=RdfFormat.TURTLE)
    return frozenset(short(q.subject.value) for q in store if isinstance(q.subject, NamedNode))


def test_what_is_referred_to_exists() -> None:
    """States, holders and organisations that are referred to are described in the reference data."""
    missing = {o for _, o in references("holder", "of", "organOf", "locatedIn") if o not in described()}
    assert not missing


def test_each_organ_belongs_to_a_state() -> None:
    """A ministry or other state organ names the state it is an organ of; only bodies of organisations do the same."""
    organs = {short(s) for s in of_class("StateOrgan", "Ministry")}
    organisations = {short(s) for s in of_class("IntergovernmentalOrganisation", "Bloc")}
    assert organs <= {s for s, _ in references("organOf")}
    others = {(s, o) for s, o in references("organOf") if s not in organs}
    assert {end for pair in others for end in pair} <= organisations


def test_offices_are_listed_ones() -> None:
    """An office is one of the listed codes, and the concept scheme lists the same codes."""
    assert {o for _, o in references("office")} <= {f"office/{code}" for code in OFFICES}
    concepts = (ROOT / "ontology" / "concepts.ttl").read_text(encoding="utf-8")
    for code in OFFICES:
        assert re.search(rf"[/:]{code}[>\s]|\"{code}\"", concepts), code


def test_each_term_names_holder_office_and_body_in_its_identifier() -> None:
    """A term of office has a holder, an office and a body, and its identifier is made of these."""
    for term, data in terms().items():
        assert data.keys() >= {"holder", "office", "of"}, term
        body = data["of"].split("/")[1].lower()
        stem = f"term/{data['holder'].split('/')[1]}-{data['office'].split('/')[1]}-{body}"
        assert re.fullmatch(rf"{re.escape(stem)}(-[2-9])?", term), term


def test_dates_of_terms_are_days_in_order() -> None:
    """Days are real days, a term ends after it begins, and a term with an end day needs no mark that it is over."""
    for term, data in terms().items():
        begin, end = (date.fromisoformat(data[k]) if k in data else None for k in ("from", "until"))
        assert begin is None or end is None or begin < end, term
        assert not (end and "former" in data), term


def test_one_holder_at_a_time() -> None:
    """Of an office that one person holds at a time, the dated terms do not overlap, and only one is open."""
    by_office: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    for data in terms().values():
        by_office[data["office"].split("/")[1], data["of"]].append(data)
    for key, held in by_office.items():
        if key[0] not in SINGLE_OFFICES or key in SHARED:
            continue
        still = [d["holder"] for d in held if "until" not in d and "former" not in d]
        assert len(still) <= 1, (key, still)
        dated = sorted((d for d in held if "from" in d), key=lambda d: d["from"])
        for earlier, later in pairwise(dated):
            assert earlier.get("until", later["from"]) <= later["from"], (key, earlier, later)


@pytest.mark.parametrize(
    ("name", "language", "entity"),
    [
        ("БҰҰ", "kk", "organisation/un"),
        ("LHQ", "vi", "organisation/un"),
        ("Совбез ООН", "ru", "organisation/un-security-council"),
        ("Hội đồng Bảo an", "vi", "organisation/un-security-council"),
        ("ҰҚШҰ", "kk", "organisation/csto"),
        ("ТМҰ", "kk", "organisation/ots"),
        ("SNG", "vi", "organisation/cis"),
        ("phương Tây", "vi", "organisation/west"),
        ("ЦТАК", "ru", "media/kcna"),
        ("ҚОТА", "kk", "media/kcna"),
        ("Tân Hoa xã", "vi", "media/xinhua"),
        ("Госдепартамент", "ru", "ministry/us-state-department"),
        ("Cơ quan An ninh Liên bang Nga", "vi", "organ/fsb"),
        ("Мұхаммед Жақып", "kk", "person/mohammad-yaqoob"),
        ("Әмір Мұттақ", "kk", "person/amir-khan-muttaqi"),
        ("Sergei Lavrov", "en", "person/sergey-lavrov"),
        ("Джозеф Байден", "ru", "person/joe-biden"),
        ("Vương Nghị", "vi", "person/wang-yi"),
        ("Режеп Тайып Ердоған", "kk", "person/recep-tayyip-erdogan"),
        ("Қасым-Жомарт Тоқаев", "kk", "person/kassym-jomart-tokayev"),
        ("Lee Jae-myung", "vi", "person/lee-jae-myung"),
        ("Đô-nan Trăm", "vi", "person/donald-trump"),
        ("Xéc-gây La-vrốp", "vi", "person/sergey-lavrov"),
        ("Liên hiệp Âu châu", "vi", "organisation/eu"),
    ],
)
def test_well_known_names_lead_to_their_entity(name: str, language: str, entity: str) -> None:
    """A name as the press of that language writes it leads to the entity it means."""
    assert {short(s) for s, _, text, tag in literals() if (text, tag) == (name, language)} == {entity}
