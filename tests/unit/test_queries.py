"""Saved queries: their header, their parameters, entities by name in four languages, rows with labels and evidence."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import ids, vocab
from kg.errors import DataError, InputError, QueryError, UnknownName
from kg.model import Span
from kg.names import Names, normal
from kg.output import write_answer
from kg.queries import Answer, Named, Support, ask, question_of, select
from kg.saved import SavedQuery, find_query, parse_query

N = ox.NamedNode
DECIMAL = N("http://www.w3.org/2001/XMLSchema#decimal")


def iri(short: str) -> ox.NamedNode:
    return N(vocab.ID + short)


HEADER = """
#+ [title]
#+ en = "Who"
#+ kk = "Кім"
#+ ru = "Кто"
#+ vi = "Ai"
#+ [question]
#+ en = ["Who recognises {recognised}?", "Who has recognised {recognised} since {since}?"]
#+ kk = ["{recognised} – кім мойындады?"]
#+ ru = ["Кто признал {recognised}?"]
#+ vi = ["Ai công nhận {recognised}?"]
#+ [parameters.recognised]
#+ type = "entity"
#+ example = "Taliban"
#+ kinds = ["Government"]
#+ en = "whom"
#+ kk = "кімді"
#+ ru = "кого"
#+ vi = "ai"
#+ [parameters.since]
#+ type = "date"
#+ example = "2025-01-01"
#+ required = false
#+ en = "since"
#+ kk = "бастап"
#+ ru = "с"
#+ vi = "từ"
#+ [columns.recogniser]
#+ en = "state"
#+ kk = "мемлекет"
#+ ru = "государство"
#+ vi = "nước"
#+ [columns.date]
#+ kind = "date"
#+ en = "date"
#+ kk = "күні"
#+ ru = "дата"
#+ vi = "ngày"
#+ [columns.fact]
#+ kind = "fact"
"""
BODY = f"""
PREFIX chy: <{vocab.CHY}>
PREFIX graph: <{vocab.GRAPH}>
SELECT ?recogniser ?date ?fact WHERE {{
  VALUES ?fact {{ UNDEF }}
  VALUES ?recognised {{ UNDEF }}
  VALUES ?since {{ UNDEF }}
  GRAPH graph:facts {{
    ?fact chy:recogniser ?recogniser ; chy:recognised ?recognised .
    OPTIONAL {{ ?fact chy:edtf ?date }}
    OPTIONAL {{ ?fact chy:earliest ?earliest }}
  }}
  FILTER(!BOUND(?since) || ?earliest >= ?since)
}} ORDER BY ?recogniser
"""
LABELS = {
    "state/RUS": ["Russia@en", "Россия@ru", "Ресей@kk", "Nga@vi"],
    "state/NGA": ["Nigeria@en", "Нигерия@ru"],
    "state/COD": ["Congo@en"],
    "state/COG": ["Congo@en"],
    "armed-group/taliban": ["Taliban@en", "Талибан@ru"],
    "person/sergey-lavrov": ["Sergey Lavrov@en", "Сергей Лавров@ru"],
    "place/kabul": ["Kabul@en"],
    "office/president": ["president@en", "президент@ru"],
}
KINDS = {"armed-group/taliban": "Government", "person/sergey-lavrov": "Person", "state/COG": "State"}


@pytest.fixture
def query() -> SavedQuery:
    return parse_query("who", HEADER + BODY)


@pytest.fixture
def store() -> ox.Store:
    """One fact with a claim for it and one against it, and another that is less precise and for it."""
    store, reference = ox.Store(), N(vocab.GRAPH_REFERENCE)
    for short, labels in LABELS.items():
        for label in labels:
            text, _, tag = label.rpartition("@")
            store.add(ox.Quad(iri(short), N(vocab.SKOS_PREF_LABEL), ox.Literal(text, language=tag), reference))
    for short, kind in KINDS.items():
        store.add(ox.Quad(iri(short), N(vocab.RDF_TYPE), N(vocab.chy(kind)), reference))
    store.add(ox.Quad(iri("office/president"), N(vocab.SKOS_IN_SCHEME), iri("scheme/office"), reference))
    store.add(ox.Quad(iri("state/NGA"), N(vocab.ISO_ALPHA_3), ox.Literal("NGA"), reference))
    store.add(ox.Quad(iri("armed-group/taliban"), N(vocab.DEMONYM), ox.Literal("талибы", language="ru"), reference))
    store.add(ox.Quad(iri("place/kabul"), N(vocab.METONYM), ox.Literal("талибы", language="ru"), reference))
    facts = N(vocab.GRAPH_FACTS)
    for short, claims in (("fact/1", {"SUPPORTED_BY": "a", "OPPOSED_BY": "b"}), ("fact/2", {"SUPPORTED_BY": "c"})):
        for link, claim in claims.items():
            store.add(ox.Quad(iri(short), N(getattr(vocab, link)), N(ids.claim_iri(claim)), facts))
            _add_claim(store, claim)
    store.add(ox.Quad(iri("fact/2"), N(vocab.REFINED_BY), iri("fact/1"), facts))
    store.add(ox.Quad(iri("fact/1"), N(vocab.chy("recogniser")), iri("state/RUS"), facts))
    store.add(ox.Quad(iri("fact/1"), N(vocab.chy("recognised")), iri("armed-group/taliban"), facts))
    store.add(ox.Quad(iri("fact/1"), N(vocab.EDTF), ox.Literal("2025-07-03"), facts))
    day = ox.Literal("2025-07-03", datatype=N(vocab.XSD_DATE))
    store.add(ox.Quad(iri("fact/1"), N(vocab.EARLIEST), day, facts))
    return store


def _add_claim(store: ox.Store, claim: str) -> None:
    document, evidence = N(ids.document_iri("ru-" + claim)), N(ids.evidence_iri("ru-" + claim, Span(3, 9)))
    position, quote = N(ids.position_iri(evidence.value)), N(ids.quote_iri(evidence.value))  # type: ignore[arg-type]
    for subject, predicate, value in (
        (N(ids.claim_iri(claim)), vocab.PROV_WAS_DERIVED_FROM, document),
        (N(ids.claim_iri(claim)), vocab.EVIDENCE, evidence),
        (N(ids.claim_iri(claim)), vocab.ATTRIBUTION, iri("person/sergey-lavrov")),
        (evidence, vocab.OA_HAS_SELECTOR, position),
        (evidence, vocab.OA_HAS_SELECTOR, quote),
        (position, vocab.OA_START, ox.Literal(3)),
        (quote, vocab.OA_EXACT, ox.Literal(f"слова\n{claim}")),
        (N(ids.claim_iri(claim)), vocab.CONFIDENCE, ox.Literal("0.8" if claim == "a" else "0.5", datatype=DECIMAL)),
        (document, vocab.DCTERMS_IDENTIFIER, ox.Literal("ru-" + claim)),
        (document, vocab.PUBLISHED_EDTF, ox.Literal("2025-07")),
    ):
        store.add(ox.Quad(subject, N(predicate), value, N(ids.document_graph("ru-" + claim))))


def test_answer(store: ox.Store, query: SavedQuery) -> None:
    """Rows carry labels in the language asked for, and the facts they rest on."""
    answer = ask(store, query, {"recognised": "талибан"}, language="kk")
    assert answer.bound == {"recognised": "Taliban"}  # no Kazakh label: English
    assert [(row.cells, row.facts) for row in answer.rows] == [
        ((Named(vocab.ID + "state/RUS", "Ресей"), "2025-07-03"), (vocab.ID + "fact/1",))
    ]
    assert question_of(answer, "ru") == "Кто признал Taliban?"


def test_evidence(store: ox.Store, query: SavedQuery) -> None:
    """Evidence is what supports, also less precisely, then what opposes, with speaker and document."""
    (row,) = ask(store, query, {"recognised": "Taliban"}, evidence=True).rows
    assert [(e.stance, e.document, e.published) for e in row.evidence] == [
        ("supports", "ru-a", "2025-07"),
        ("supports", "ru-c", "2025-07"),
        ("opposes", "ru-b", "2025-07"),
    ]
    assert row.evidence[0].speaker == Named(vocab.ID + "person/sergey-lavrov", "Sergey Lavrov")


def test_typed_parameters(store: ox.Store, query: SavedQuery) -> None:
    """A parameter is bound as a term of its type; what is no such value is refused."""
    assert len(ask(store, query, {"recognised": "Taliban", "since": "2025-01-01"}).rows) == 1
    assert ask(store, query, {"recognised": "Taliban", "since": "2026-01-01"}).rows == ()
    with pytest.raises(InputError, match=r"since is '2025-02-30'; expected a day"):
        ask(store, query, {"recognised": "Taliban", "since": "2025-02-30"})


def test_parameters_that_are_wrong(store: ox.Store, query: SavedQuery) -> None:
    """A missing parameter is named with an example, an unknown one with those there are."""
    with pytest.raises(InputError, match='who needs recognised; for example --param recognised="Taliban"'):
        ask(store, query, {})
    with pytest.raises(UnknownName, match=r"unknown parameter 'recognized'; did you mean 'recognised', 'since'"):
        ask(store, query, {"recognized": "Taliban"})


def test_values_are_never_pasted(store: ox.Store, query: SavedQuery) -> None:
    """A value with SPARQL in it is a name like another."""
    with pytest.raises(UnknownName):
        ask(store, query, {"recognised": "x } INSERT DATA { <a> <b> <c> "})


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Taliban", "armed-group/taliban"),
        ("«ТАЛИБАН»", "armed-group/taliban"),
        ("талибы", "armed-group/taliban"),
        ("armed-group/taliban", "armed-group/taliban"),
        (vocab.ID + "armed-group/taliban", "armed-group/taliban"),
        ("Nga", "state/RUS"),
        ("NGA", "state/NGA"),
        ("Ресей", "state/RUS"),
        ("Лавров", "person/sergey-lavrov"),
        ("sergey-lavrov", "person/sergey-lavrov"),
    ],
)
def test_names(store: ox.Store, name: str, found: str) -> None:
    """An entity is found by its name in any language, by code or identifier, a person by the family name too."""
    assert Names(store).find_entity(name, ("Government",)) == vocab.ID + found


def test_ambiguous_name(store: ox.Store) -> None:
    """A name of several entities is not guessed at, unless one alone is of the kind that fits."""
    with pytest.raises(
        InputError, match=r"'Congo' may be Congo \(state/COD\), Congo \(state/COG\); give the identifier"
    ):
        Names(store).find_entity("Congo")
    assert Names(store).find_entity("Congo", ("State",)) == vocab.ID + "state/COG"


def test_a_name_written_just_so_is_no_other(store: ox.Store) -> None:
    """Two preferred names that only accents or signs tell apart are told apart where the name is written in full."""
    for short, name in (("organisation/a", "OPEC"), ("organisation/b", "OPEC+")):
        label = ox.Literal(name, language="en")
        store.add(ox.Quad(iri(short), N(vocab.SKOS_PREF_LABEL), label, N(vocab.GRAPH_REFERENCE)))
    assert Names(store).find_entity("OPEC+") == vocab.ID + "organisation/b"
    assert Names(store).find_entity("OPEC") == vocab.ID + "organisation/a"
    with pytest.raises(InputError, match="may be OPEC"):
        Names(store).find_entity("opec")


def test_unknown_name(store: ox.Store) -> None:
    """An unknown name is answered with the nearest ones, as they are spelled; concepts are no entities."""
    with pytest.raises(UnknownName, match="unknown entity 'Talebann'; did you mean 'Taliban'"):
        Names(store).find_entity("Talebann")
    with pytest.raises(UnknownName):
        Names(store).find_entity("president")
    assert Names(store).find_concept("Президент", "office") == vocab.ID + "office/president"
    with pytest.raises(UnknownName, match="unknown office 'presidente'; did you mean 'president'"):
        Names(store).find_concept("presidente", "office")


def test_joined_entity(store: ox.Store) -> None:
    """A name that one document gives finds the entity that it was joined into."""
    mention = iri("entity/00")
    graph = N(ids.document_graph("en"))
    store.add(ox.Quad(mention, N(vocab.SKOS_PREF_LABEL), ox.Literal("S. V. Lavrov", language="en"), graph))
    store.add(ox.Quad(mention, N(vocab.JOINED_INTO), iri("person/sergey-lavrov"), N(vocab.GRAPH_ENTITIES)))
    assert Names(store).find_entity("S. V. Lavrov") == vocab.ID + "person/sergey-lavrov"


def test_normal() -> None:
    """Names are compared without case, accents and marks, in every script."""
    assert normal("Đặng Văn Lâm") == normal("dang van lam")
    assert normal("«Серёжа»") == normal("СЕРЕЖА")
    assert normal("Қазақстан") != normal("Казакстан")


def test_a_query_is_found_in_several_folders(tmp_path: Path) -> None:
    """The later folder counts; an unknown query is answered with the nearest ones."""
    for number, folder in enumerate(("ours", "own")):
        (tmp_path / folder).mkdir()
        text = (HEADER + BODY).replace('en = "Who"', f'en = "Who {number}"')
        (tmp_path / folder / "who.rq").write_text(text, encoding="utf-8")
    assert find_query("who", tmp_path / "ours", tmp_path / "own").title["en"] == "Who 1"
    with pytest.raises(UnknownName, match="unknown query 'whom'; did you mean 'who'"):
        find_query("whom", tmp_path / "ours")
    with pytest.raises(DataError, match="is no folder of saved queries"):
        find_query("who", tmp_path / "there-is-none")


def test_the_question_that_names_what_was_given_is_shown(store: ox.Store, query: SavedQuery) -> None:
    """A wording with a parameter that was left open is not shown; the title is where no wording fits."""
    both = {"recognised": "Taliban", "since": "2025-01-01"}
    assert question_of(ask(store, query, both), "en") == "Who has recognised Taliban since 2025-01-01?"
    assert question_of(ask(store, query, {"recognised": "Taliban"}), "en") == "Who recognises Taliban?"
    open_one = replace(query, parameters=tuple(replace(p, required=False) for p in query.parameters))
    assert question_of(ask(store, open_one, {}), "en") == "Who"


def test_a_default_counts_where_nothing_is_given(store: ox.Store) -> None:
    """The default of a parameter narrows the answer like a value that the user writes, and gives way to one."""
    text = (HEADER + BODY).replace("#+ required = false", '#+ default = "2026-01-01"')
    query = parse_query("who", text)
    assert ask(store, query, {"recognised": "Taliban"}).rows == ()
    assert len(ask(store, query, {"recognised": "Taliban", "since": "2025-01-01"}).rows) == 1


@pytest.mark.parametrize(
    ("support", "rows"),
    [(Support(2), 1), (Support(3), 0), (Support(2, 0.6), 0), (Support(1, 0.6), 1), (Support(0, 0.9), 0)],
)
def test_rows_rest_on_facts_that_are_supported(store: ox.Store, query: SavedQuery, support: Support, rows: int) -> None:
    """Two documents support the fact, one of them through a less precise fact, with confidence 0.8 and 0.5."""
    assert len(ask(store, query, {"recognised": "Taliban"}, support=support).rows) == rows


@pytest.mark.parametrize("sparql", ["SELECT", "ASK {}", "INSERT DATA { <http://a> <http://b> <http://c> }"])
def test_no_select(store: ox.Store, sparql: str) -> None:
    """What is no SELECT query is a known error."""
    with pytest.raises(QueryError):
        select(store, sparql)


def written(answer: Answer, format_: str, *, evidence: bool = False) -> str:
    stream = io.StringIO()
    write_answer(answer, format_, "en", evidence=evidence, stream=stream)
    return stream.getvalue()


def test_formats(store: ox.Store, query: SavedQuery) -> None:
    """An answer is written as a table, csv with identifiers, json, jsonl and Markdown."""
    answer = ask(store, query, {"recognised": "Taliban"})
    assert [line.split() for line in written(answer, "table").splitlines()[::2]] == [
        ["state", "date"],
        ["Russia", "2025-07-03"],
    ]
    assert written(answer, "csv") == (
        "recogniser,recogniser_id,date,fact\n"
        f"Russia,{vocab.ID}state/RUS,2025-07-03,{vocab.ID}fact/1\n"
    )  # fmt: skip
    assert written(answer, "md") == "| state | date |\n| --- | --- |\n| Russia | 2025-07-03 |\n"
    row = {
        "recogniser": {"id": vocab.ID + "state/RUS", "label": "Russia"},
        "date": "2025-07-03",
        "facts": [vocab.ID + "fact/1"],
    }
    assert json.loads(written(answer, "json")) == [row]
    assert json.loads(written(answer, "jsonl")) == row


def test_formats_with_evidence(store: ox.Store, query: SavedQuery) -> None:
    """With evidence, text has a line for each claim, its quote in one line; JSON nests them."""
    answer = ask(store, query, {"recognised": "Taliban"}, evidence=True)
    lines = written(answer, "md", evidence=True).splitlines()[2:]
    assert lines[0] == "| Russia | 2025-07-03 | 1 | supports | слова a | ru-a | 2025-07 |  | Sergey Lavrov |"
    assert len(lines) == 3
    (row,) = json.loads(written(answer, "json", evidence=True))
    assert [e["stance"] for e in row["evidence"]] == ["supports", "supports", "opposes"]
    assert row["evidence"][0]["speaker"]["label"] == "Sergey Lavrov"


def test_empty_answer(query: SavedQuery) -> None:
    """An answer without rows still has its headings."""
    store = ox.Store()
    store.add(ox.Quad(iri("state/X"), N(vocab.SKOS_PREF_LABEL), ox.Literal("X"), N(vocab.GRAPH_REFERENCE)))
    answer = ask(store, query, {"recognised": "X"})
    assert written(answer, "csv") == "recogniser,recogniser_id,date,fact\n"
    assert written(answer, "json") == "[]\n"


def test_evidence_of_before_a_fact_began_does_not_oppose_it() -> None:
    """Claims for it come first, and of those the ones with the most precise dates."""
    from kg.queries import Evidence, _first_shown, _stance

    row = {"stance": ox.Literal("opposes"), "published": ox.Literal("2024-06"), "began": ox.Literal("2025-07-03")}
    assert _stance(row) == "before"
    assert _stance({**row, "published": ox.Literal("2026-01-10")}) == "opposes"
    assert _stance({**row, "stance": ox.Literal("supports")}) == "supports"
    said = [("opposes", None), ("supports", None), ("supports", "2025"), ("before", None), ("supports", "2025-07-03")]
    items = [Evidence("f", stance, "q", "d", "2025", date, None, "en", 0, "c") for stance, date in said]
    assert [(i.stance, i.date) for i in sorted(items, key=_first_shown)] == [
        ("supports", "2025-07-03"), ("supports", "2025"), ("supports", None), ("opposes", None), ("before", None),
    ]  # fmt: skip
