"""Answers: a saved query asked of a store, its parameters bound, its rows labelled, with their evidence."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg import vocab
from kg.errors import InputError, QueryError, UnknownName
from kg.names import Names
from kg.saved import Column, Parameter, SavedQuery

if TYPE_CHECKING:
    from kg.decisions import Decisions

Term = ox.NamedNode | ox.Literal
_NAMED = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Named:
    """An entity or concept in an answer."""

    id: str
    label: str


Cell = Named | tuple[Named, ...] | str | int | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """One claim for or against a fact: the words, where they stand, who says them, and when it is said to have been.

    `decision` tells in words that an editor corrected the claim, who, when and why, and what it says as extracted.
    """

    fact: str
    stance: str
    quote: str
    document: str
    published: str | None
    date: str | None
    speaker: Named | None
    language: str | None
    start: int
    claim: str
    decision: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One row of an answer, in the order of its columns, with the facts it rests on and their evidence if asked for."""

    cells: tuple[Cell, ...]
    facts: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Support:
    """How well a fact must be supported to count: by how many documents, in claims of which least confidence."""

    documents: int = 0
    confidence: float = 0.0

    def __post_init__(self) -> None:
        """Raise InputError for numbers that mean nothing; "not a number" would let everything pass."""
        if self.documents < 0:
            raise InputError(f"min_documents is {self.documents}; expected a whole number from 0")
        if not 0 <= self.confidence <= 1:
            raise InputError(f"min_confidence is {self.confidence}; expected a number from 0 to 1")

    def __bool__(self) -> bool:
        return self.documents > 0 or self.confidence > 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a saved query answered; `columns` are those shown, `bound` the values given, as they were understood.

    `entities`: the IRIs among these, with the parameter of each.
    """

    query: SavedQuery
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    bound: Mapping[str, str]
    entities: Mapping[str, str] = field(default_factory=dict)


def ask(
    store: ox.Store,
    query: SavedQuery,
    values: Mapping[str, str],
    *,
    language: str = "en",
    evidence: bool = False,
    support: Support = Support(),
    names: Names | None = None,
    decisions: Decisions | None = None,
) -> Answer:
    """Return the answer of `query` in `store`, with `values` (as the user writes them) for its parameters.

    With `support`, rows rest on facts that are so supported and on no other. `names`: those of the store, where many
    questions are asked of it; `decisions`: those it was concluded by, for evidence to name. Raises UnknownName for a
    parameter or entity that does not exist, InputError for one that is missing or no value of its type, QueryError
    when the store cannot run the query.
    """
    names = names or Names(store)
    terms = bind_values(names, query, {**query.defaults(), **values})
    shown = tuple(c for c in query.columns if not c.is_evidence and (not c.when or c.when in values))
    rows = _rows(store, query, terms, shown, names, language)
    if support:
        strong = find_supported(store, {fact for row in rows for fact in row.facts}, support)
        kept = {name: [ox.NamedNode(fact) for fact in sorted(strong)] for name in query.support}
        # What rests on no document is not supported by any.
        rows = [row for row in _rows(store, query, {**terms, **kept}, shown, names, language) if row.facts]
    if evidence:
        found = find_evidence(store, {fact for row in rows for fact in row.facts}, names, language, decisions)
        rows = [
            Row(row.cells, row.facts, tuple(item for fact in row.facts for item in found.get(fact, ()))) for row in rows
        ]
    bound = {name: ", ".join(_shown(term, names, language) for term in terms[name]) for name in values}
    given = {p.name for p in query.parameters if p.type == "entity"} & set(values)
    entities = {term.value: name for name in sorted(given) for term in terms[name]}
    return Answer(query, shown, tuple(rows), bound, entities)


def _rows(
    store: ox.Store,
    query: SavedQuery,
    terms: Mapping[str, Sequence[Term]],
    shown: Sequence[Column],
    names: Names,
    language: str,
) -> list[Row]:
    return [_row(solution, query, shown, names, language) for solution in select(store, query.bind(terms))]


def bind_values(names: Names, query: SavedQuery, values: Mapping[str, str]) -> dict[str, list[Term]]:
    """Return the typed terms of each parameter that has a value; concepts may be several. Raises as `ask` does."""
    for name in values:
        if query.parameter(name) is None:
            raise UnknownName("parameter", name, [parameter.name for parameter in query.parameters])
    missing = [p for p in query.parameters if p.required and p.name not in values]
    if missing:
        hint = " ".join(f'--param {p.name}="{p.example}"' for p in missing)
        raise InputError(f"{query.name} needs {', '.join(p.name for p in missing)}; for example {hint}")
    return {name: _terms(names, query.parameter(name), value) for name, value in values.items()}


def select(store: ox.Store, sparql: str) -> list[dict[str, Term]]:
    """Return the solutions of a SELECT query. Raises QueryError with the parser's or the store's own words."""
    try:
        solutions = store.query(sparql)
        if not isinstance(solutions, ox.QuerySolutions):
            raise QueryError("the query is no SELECT")
        variables = [variable.value for variable in solutions.variables]
        return [
            {name: value for name in variables if isinstance(value := solution[name], (ox.NamedNode, ox.Literal))}
            for solution in solutions
        ]
    except SyntaxError as error:
        raise QueryError(f"the query is no SPARQL: {error}") from None
    except (OSError, RuntimeError, ValueError) as error:
        raise QueryError(f"the query cannot be run: {error}") from None


def with_certainty(
    certain: Answer, possible: Answer, headings: Mapping[str, Mapping[str, str]], language: str
) -> Answer:
    """Return the rows of `possible`, each with whether it is among those of `certain` in a column of its own."""
    sure = {row.facts or row.cells for row in certain.rows}
    column = Column("certainty", "text", headings["certainty"])
    words = {known: headings["certain" if known else "possible"][language] for known in (True, False)}
    rows = tuple(replace(row, cells=(*row.cells, words[(row.facts or row.cells) in sure])) for row in possible.rows)
    return replace(possible, columns=(*possible.columns, column), rows=rows)


def count_disputed(store: ox.Store, query: SavedQuery, values: Mapping[str, str]) -> int:
    """Return how many rows `query` would have of what is disputed, if it shows what is actual and nothing else."""
    if query.defaults().get("status") != "actual" or "status" in values:
        return 0
    return len(ask(store, query, {**values, "status": "disputed"}).rows)


def find_supported(store: ox.Store, facts: Iterable[str], support: Support) -> set[str]:
    """Return those of `facts` that enough documents support, with the support of less precise facts they refine."""
    wanted = " ".join(f"<{fact}>" for fact in sorted(facts))
    documents: dict[str, set[str]] = {}
    for row in select(store, _SUPPORT.replace("%FACTS%", wanted)) if wanted else []:
        if float(row["confidence"].value) >= support.confidence:
            documents.setdefault(row["fact"].value, set()).add(row["document"].value)
    return {fact for fact, found in documents.items() if len(found) >= support.documents}


def find_evidence(
    store: ox.Store, facts: Iterable[str], names: Names, language: str, decisions: Decisions | None = None
) -> dict[str, list[Evidence]]:
    """Return for each fact the claims for and against it, and for those less precise facts that it refines."""
    wanted = " ".join(f"<{fact}>" for fact in sorted(facts))
    ruled = _ruled(store, decisions, names, language)
    found: dict[str, list[Evidence]] = {}
    for row in select(store, _EVIDENCE.replace("%FACTS%", wanted)) if wanted else []:
        speaker, (date, decision) = row.get("speaker"), ruled(row["claim"].value)
        found.setdefault(row["fact"].value, []).append(
            Evidence(
                fact=row["fact"].value,
                stance=_stance(row),
                quote=_value(row.get("quote")) or "",
                document=row["document"].value,
                published=_value(row.get("published")),
                date=date or _value(row.get("date")),
                speaker=_named(speaker, names, language) if isinstance(speaker, ox.NamedNode) else None,
                language=_value(row.get("language")),
                start=int(row["start"].value),
                claim=row["claim"].value,
                decision=decision,
            )
        )
    return {fact: sorted(items, key=_first_shown) for fact, items in found.items()}


def _ruled(
    store: ox.Store, decisions: Decisions | None, names: Names, language: str
) -> Callable[[str], tuple[str | None, str | None]]:
    """Return what gives the date that an editor corrected a claim to, and the decision in words; None where none is."""
    if decisions is None or not decisions.claims:
        return lambda _: (None, None)
    from kg.rulings import Rulings, ruling_in_words

    rulings = Rulings(store, decisions)

    def ruled(claim: str) -> tuple[str | None, str | None]:
        ruling = rulings.on(claim)
        if ruling is None:
            return None, None
        return ruling.corrected("date"), ruling_in_words(ruling, lambda iri: names.label(iri, language))

    return ruled


def _stance(row: Mapping[str, Term]) -> str:
    """Return whether a claim supports a fact, opposes it, or was published before it began, which opposes nothing."""
    from kg.dates import ended_before  # brings the calendars of all languages along

    published, began = row.get("published"), row.get("began")
    early = ended_before(_value(published), _value(began))
    return "before" if early and row["stance"].value == "opposes" else row["stance"].value


def _first_shown(item: Evidence) -> tuple[int, int, str, str, int, str]:
    """Return what orders evidence: supporting claims first, and of these the ones with the most precise dates."""
    vague = 0 if item.date is None else 99 if "/" in item.date else len(item.date)
    precision = {10: 0, 7: 1, 4: 2, 99: 3}.get(vague, 4)
    stance = ("supports", "opposes", "before").index(item.stance)
    return stance, precision, item.published or "9999", item.document, item.start, item.claim


# What is negated is supported by the claims that deny it.
_SUPPORT = f"""
PREFIX chy: <{vocab.CHY}>
PREFIX graph: <{vocab.GRAPH}>
PREFIX prov: <{vocab.PROV}>
PREFIX status: <{vocab.ID}status/>
SELECT DISTINCT ?fact ?document ?confidence WHERE {{
  VALUES ?fact {{ %FACTS% }}
  GRAPH graph:facts {{
    {{ ?fact chy:supportedBy ?claim }}
    UNION {{ ?coarser chy:refinedBy ?fact ; chy:supportedBy ?claim }}
    UNION {{ ?fact chy:status status:negated ; chy:opposedBy ?claim }}
  }}
  GRAPH ?document {{ ?claim prov:wasDerivedFrom ?source ; chy:confidence ?confidence }}
}}
"""

_EVIDENCE = f"""
PREFIX chy: <{vocab.CHY}>
PREFIX graph: <{vocab.GRAPH}>
PREFIX oa: <{vocab.OA}>
PREFIX prov: <{vocab.PROV}>
PREFIX schema: <{vocab.SCHEMA}>
PREFIX dcterms: <{vocab.DCTERMS}>
SELECT DISTINCT ?fact ?stance ?claim ?quote ?start ?document ?published ?date ?speaker ?language ?began WHERE {{
  VALUES ?fact {{ %FACTS% }}
  VALUES (?stance ?link) {{ ("supports" chy:supportedBy) ("opposes" chy:opposedBy) }}
  GRAPH graph:facts {{
    {{ ?fact ?link ?claim }} UNION {{ ?coarser chy:refinedBy ?fact ; ?link ?claim }}
    OPTIONAL {{ ?fact chy:earliest ?began }}
  }}
  GRAPH ?g {{
    ?claim prov:wasDerivedFrom ?source ; chy:evidence ?span .
    ?span oa:hasSelector/oa:start ?start .
    OPTIONAL {{ ?span oa:hasSelector/oa:exact ?quote }}
    ?source dcterms:identifier ?document .
    OPTIONAL {{ ?source schema:datePublished ?day }}
    OPTIONAL {{ ?source chy:publishedEdtf ?edtf }}
    OPTIONAL {{ ?source schema:inLanguage ?language }}
    OPTIONAL {{ ?claim chy:edtf ?date }}
    OPTIONAL {{ ?claim chy:attribution ?speaker }}
  }}
  BIND(COALESCE(STR(?day), ?edtf) AS ?published)
}} ORDER BY ?fact DESC(?stance) ?published ?document ?start ?claim
"""


def _row(solution: Mapping[str, Term], query: SavedQuery, shown: Sequence[Column], names: Names, language: str) -> Row:
    cells = tuple(_cell(solution.get(column.name), column, names, language) for column in shown)
    bases = [solution[column.name].value for column in query.columns if column.is_evidence and column.name in solution]
    return Row(cells, tuple(dict.fromkeys(fact for base in bases for fact in sorted(base.split()))))


def _cell(term: Term | None, column: Column, names: Names, language: str) -> Cell:
    if column.kind == "entities":
        several = [_named(ox.NamedNode(iri), names, language) for iri in (term.value.split() if term else ())]
        return tuple(sorted(set(several), key=lambda named: (named.label, named.id)))
    if term is None or term.value == "":
        return None
    if isinstance(term, ox.NamedNode):
        return _named(term, names, language)
    return int(term.value) if column.kind == "integer" else term.value


def _named(node: ox.NamedNode, names: Names, language: str) -> Named:
    return Named(node.value, names.label(node.value, language))


def _terms(names: Names, parameter: Parameter | None, value: str) -> list[Term]:
    if parameter is None:
        raise ValueError("checked before")
    if parameter.type == "entity":
        return [ox.NamedNode(names.find_entity(value, parameter.kinds))]
    if parameter.type == "concept":
        found = [names.find_concept(one.strip(), parameter.scheme) for one in value.split(",")]
        return [ox.NamedNode(iri) for iri in dict.fromkeys(found)]
    if parameter.type == "date":
        return [ox.Literal(read_day(value, parameter.name), datatype=ox.NamedNode(vocab.XSD_DATE))]
    if parameter.type == "integer":
        if not value.strip().lstrip("-").isdecimal():
            raise InputError(f"{parameter.name} is {value!r}; expected a whole number such as {parameter.example}")
        return [ox.Literal(int(value))]
    return [ox.Literal(value)]


def read_day(value: str, what: str) -> str:
    """Return an ISO day. Raises InputError for anything else."""
    try:
        return datetime.date.fromisoformat(value.strip()).isoformat()
    except ValueError:
        raise InputError(f"{what} is {value!r}; expected a day such as 2024-12-31") from None


def _shown(term: Term, names: Names, language: str) -> str:
    return names.label(term.value, language) if isinstance(term, ox.NamedNode) else term.value


def _value(term: Term | None) -> str | None:
    return term.value if term is not None else None


def question_of(answer: Answer, language: str) -> str:
    """Return the wording that names what was given, with the values put in; the title where there is none."""
    given = set(answer.bound) - {"status"}
    named = [(set(_NAMED.findall(wording)), wording) for wording in answer.query.questions[language]]
    fitting = [(len(given - names), place) for place, (names, _) in enumerate(named) if names <= given]
    if not fitting:
        return answer.query.title[language]
    question = named[min(fitting)[1]][1]
    for name, value in answer.bound.items():
        question = question.replace(f"{{{name}}}", value)
    return question


def columns_of(answer: Answer, language: str) -> Sequence[str]:
    """Return the headings of an answer's columns."""
    return [column.label.get(language) or column.label["en"] for column in answer.columns]
