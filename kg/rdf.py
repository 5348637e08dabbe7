"""Records to quads and back: the only module that knows how a record looks in RDF (see `kg.vocab`).

Every function returns quads with their graph, each once, in an order that depends on the records alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

import pyoxigraph as ox

from kg import vocab
from kg.agreements import AGREEMENT_ACTS
from kg.dates import bounds
from kg.entities import Joins, lowest_kinds
from kg.errors import DataError
from kg.ids import (
    claim_iri,
    concept_iri,
    digest,
    document_graph,
    document_id,
    document_iri,
    evidence_iri,
    individual_iri,
    position_iri,
    quote_iri,
    run_graph,
    run_iri,
)
from kg.model import (
    Claim,
    ClaimDate,
    Document,
    Entity,
    Extraction,
    Fact,
    Filler,
    Frame,
    FrameRole,
    Iri,
    Knowledge,
    LanguageTag,
    Modality,
    OfficeTerm,
    Polarity,
    Span,
)
from kg.standing import beginning, status_on

Object = ox.NamedNode | ox.Literal
Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

_NAME_PROPERTIES: Final = {
    "preferred": vocab.SKOS_PREF_LABEL,
    "alternative": vocab.SKOS_ALT_LABEL,
    "abbreviation": vocab.ABBREVIATION,
    "adjective": vocab.ADJECTIVE,
    "demonym": vocab.DEMONYM,
    "metonym": vocab.METONYM,
    "misspelling": vocab.MISSPELLING,
    "family": vocab.FAMILY_NAME,
}
_MODALITIES: Final[Mapping[str, Modality]] = {
    "actual": "actual", "planned": "planned", "requested": "requested", "possible": "possible",
}  # fmt: skip
_FULL_DAY: Final = 10


class _Writer:
    """Collects the quads of one graph, each once, in order."""

    def __init__(self, graph: Iri) -> None:
        self._graph = ox.NamedNode(graph)
        self._quads: dict[ox.Quad, None] = {}

    def add(self, subject: str, predicate: str, value: Object | str) -> None:
        """Add a triple; a bare string is an IRI."""
        node = ox.NamedNode(value) if isinstance(value, str) else value
        self._quads[ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), node, self._graph)] = None

    def text(self, subject: str, predicate: str, value: str | None, language: str | None = None) -> None:
        """Add a string, language-tagged if a language is given, unless it is None."""
        if value is not None:
            self.add(subject, predicate, ox.Literal(value, language=language) if language else ox.Literal(value))

    def day(self, subject: str, predicate: str, value: str | None) -> None:
        """Add an ISO day, unless it is None."""
        if value is not None:
            self.add(subject, predicate, ox.Literal(value, datatype=ox.NamedNode(vocab.XSD_DATE)))

    def number(self, subject: str, predicate: str, value: int) -> None:
        """Add an integer."""
        self.add(subject, predicate, ox.Literal(value))

    def truth(self, subject: str, predicate: str) -> None:
        """Add `true`."""
        self.add(subject, predicate, ox.Literal("true", datatype=ox.NamedNode(vocab.XSD_BOOLEAN)))

    def quads(self) -> list[ox.Quad]:
        """Return what was added."""
        return list(self._quads)


# -- documents ----------------------------------------------------------------------------------------------------


def document_quads(extraction: Extraction, knowledge: Knowledge) -> list[ox.Quad]:
    """Return the graph of one document: its description, its mention entities, its claims and their evidence."""
    document = extraction.document
    out = _Writer(document_graph(document.id))
    _describe(out, document, extraction)
    for entity in extraction.entities:
        _write_mention(out, entity, document.id, knowledge)
    for claim in extraction.claims:
        _write_claim(out, claim, knowledge.frames[claim.frame])
    return out.quads()


def _describe(out: _Writer, document: Document, extraction: Extraction) -> None:
    me = document_iri(document.id)
    out.add(me, vocab.RDF_TYPE, vocab.DOCUMENT)
    out.add(me, vocab.RDF_TYPE, vocab.SCHEMA_NEWS_ARTICLE)
    out.text(me, vocab.DCTERMS_IDENTIFIER, document.id)
    out.text(me, vocab.SCHEMA_IN_LANGUAGE, document.language)
    out.text(me, vocab.SHA256, document.sha256)
    out.text(me, vocab.DCTERMS_FORMAT, document.media_type)
    out.text(me, vocab.DCTERMS_TITLE, document.title, document.language)
    out.text(me, vocab.SCHEMA_PUBLISHER, document.publisher)
    out.text(me, vocab.SCHEMA_URL, document.url)
    if document.published and len(document.published) == _FULL_DAY:
        out.day(me, vocab.SCHEMA_DATE_PUBLISHED, document.published)
    else:
        out.text(me, vocab.PUBLISHED_EDTF, document.published)
    out.number(me, vocab.SENTENCE_COUNT, extraction.sentences)
    out.number(me, vocab.SILENT_SENTENCE_COUNT, extraction.silent_sentences)


def _write_mention(out: _Writer, entity: Entity, document: str, knowledge: Knowledge) -> None:
    for kind in lowest_kinds(entity.kinds, knowledge):
        out.add(entity.id, vocab.RDF_TYPE, vocab.chy(kind))
    for name in entity.names:
        out.text(entity.id, _NAME_PROPERTIES[name.kind], name.text, name.language)
    out.add(entity.id, vocab.MENTIONED_IN, document_iri(document))
    if entity.organ_of is not None:
        out.add(entity.id, vocab.ORGAN_OF, entity.organ_of)


def _write_claim(out: _Writer, claim: Claim, frame: Frame) -> None:
    me = claim_iri(claim.id)
    out.add(me, vocab.RDF_TYPE, vocab.CLAIM)
    out.add(me, vocab.PROV_WAS_DERIVED_FROM, document_iri(claim.document))
    out.add(me, vocab.FRAME, frame.id)
    _write_roles(out, me, frame, [(role, [f.id for f in fillers]) for role, fillers in claim.roles])
    out.add(me, vocab.POLARITY, concept_iri("polarity", claim.polarity))
    out.add(me, vocab.MODALITY, concept_iri("modality", claim.modality))
    if claim.former:
        out.truth(me, vocab.FORMER)
    if claim.date is not None:
        _write_date(out, me, claim.date.edtf, claim.date.earliest, claim.date.latest)
        out.text(me, vocab.DATE_TEXT, claim.date.text)
    if claim.attribution is not None:
        out.add(me, vocab.ATTRIBUTION, claim.attribution.id)
    if claim.relayed_by is not None:
        out.add(me, vocab.RELAYED_BY, claim.relayed_by.id)
    out.add(me, vocab.CONFIDENCE, ox.Literal(f"{Decimal(str(claim.confidence)):f}", datatype=_DECIMAL))
    out.text(me, vocab.EXTRACTOR, claim.extractor)
    _write_evidence(out, me, claim)


_DECIMAL: Final = ox.NamedNode(vocab.XSD_DECIMAL)


def _write_evidence(out: _Writer, claim_node: Iri, claim: Claim) -> None:
    evidence = evidence_iri(claim.document, claim.evidence)
    position, quote = position_iri(evidence), quote_iri(evidence)
    out.add(claim_node, vocab.EVIDENCE, evidence)
    out.add(evidence, vocab.RDF_TYPE, vocab.OA_SPECIFIC_RESOURCE)
    out.add(evidence, vocab.OA_HAS_SOURCE, document_iri(claim.document))
    out.add(evidence, vocab.OA_HAS_SELECTOR, position)
    out.add(evidence, vocab.OA_HAS_SELECTOR, quote)
    out.add(position, vocab.RDF_TYPE, vocab.OA_TEXT_POSITION_SELECTOR)
    out.number(position, vocab.OA_START, claim.evidence.start)
    out.number(position, vocab.OA_END, claim.evidence.end)
    out.add(quote, vocab.RDF_TYPE, vocab.OA_TEXT_QUOTE_SELECTOR)
    out.text(quote, vocab.OA_EXACT, claim.quote)


def _write_roles(out: _Writer, node: Iri, frame: Frame, roles: Iterable[tuple[str, Iterable[Iri]]]) -> None:
    for name, fillers in roles:
        role = frame.role(name)
        if role is None:
            raise ValueError(f"{node}: the frame {frame.name} has no role {name!r}")
        for filler in fillers:
            out.add(node, role.property, ox.Literal(filler) if role.literal else filler)


def _write_date(out: _Writer, node: Iri, edtf: str, earliest: str | None, latest: str | None) -> None:
    out.text(node, vocab.EDTF, edtf)
    out.day(node, vocab.EARLIEST, earliest)
    out.day(node, vocab.LATEST, latest)


# -- and back -----------------------------------------------------------------------------------------------------

Description = Mapping[str, Sequence[Term]]


def claims_from_quads(quads: Iterable[ox.Quad], knowledge: Knowledge) -> list[Claim]:
    """Return the claims in the graph of one document, by id; spans and words of fillers and dates are not in RDF.

    Raises KeyError or ValueError for a graph that `document_quads` did not write.
    """
    nodes = _nodes(quads)
    frames = {frame.id: frame for frame in knowledge.frames.values()}
    claims = [
        _read_claim(subject, nodes, frames, knowledge)
        for subject in nodes
        if vocab.CLAIM in _values(nodes[subject], vocab.RDF_TYPE)
    ]
    return sorted(claims, key=lambda claim: claim.id)


def _nodes(quads: Iterable[ox.Quad]) -> dict[str, dict[str, list[Term]]]:
    nodes: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for quad in quads:
        nodes[_value(quad.subject)][quad.predicate.value].append(quad.object)
    return nodes


def _value(term: Term) -> str:
    if isinstance(term, ox.NamedNode | ox.Literal | ox.BlankNode):
        return term.value
    raise ValueError(f"a statement about a statement cannot be read: {term}")


def _values(node: Description, predicate: str) -> list[str]:
    return sorted(_value(term) for term in node.get(predicate, ()))


def _one(node: Description, predicate: str) -> str | None:
    return next(iter(_values(node, predicate)), None)


def _get(node: Description, predicate: str) -> str:
    found = _one(node, predicate)
    if found is None:
        raise ValueError(f"a node lacks {predicate}")
    return found


def _read_claim(
    subject: str, nodes: Mapping[str, Description], frames: Mapping[Iri, Frame], knowledge: Knowledge
) -> Claim:
    node = nodes[subject]
    document_node = _get(node, vocab.PROV_WAS_DERIVED_FROM)
    document = nodes[document_node]
    frame = frames[Iri(_get(node, vocab.FRAME))]
    span, quote = _read_evidence(nodes, _get(node, vocab.EVIDENCE))
    edtf = _one(node, vocab.EDTF)
    polarity: Polarity = "negative" if _get(node, vocab.POLARITY).endswith("/negative") else "positive"

    def fillers(values: Iterable[str]) -> tuple[Filler, ...]:
        return tuple(_read_filler(Iri(value), nodes, knowledge) for value in values)

    return Claim(
        id=vocab.local_name(subject),
        document=document_id(document_node),
        published=_one(document, vocab.SCHEMA_DATE_PUBLISHED) or _one(document, vocab.PUBLISHED_EDTF),
        language=LanguageTag(_get(document, vocab.SCHEMA_IN_LANGUAGE)),
        frame=frame.name,
        roles=tuple(sorted((r.name, fillers(v)) for r in frame.roles if (v := _values(node, r.property)))),
        date=ClaimDate(edtf, *bounds(edtf), _one(node, vocab.DATE_TEXT)) if edtf else None,
        polarity=polarity,
        modality=_MODALITIES[vocab.local_name(_get(node, vocab.MODALITY))],
        former=_one(node, vocab.FORMER) == "true",
        attribution=next(iter(fillers(_values(node, vocab.ATTRIBUTION))), None),
        relayed_by=next(iter(fillers(_values(node, vocab.RELAYED_BY))), None),
        evidence=span,
        quote=quote,
        confidence=float(_get(node, vocab.CONFIDENCE)),
        extractor=_get(node, vocab.EXTRACTOR),
    )


def _read_evidence(nodes: Mapping[str, Description], evidence: str) -> tuple[Span, str]:
    position, quote = nodes[position_iri(Iri(evidence))], nodes[quote_iri(Iri(evidence))]
    return Span(int(_get(position, vocab.OA_START)), int(_get(position, vocab.OA_END))), _get(quote, vocab.OA_EXACT)


def _read_filler(iri: Iri, nodes: Mapping[str, Description], knowledge: Knowledge) -> Filler:
    """Return a filler with its names: of a mention from the graph itself, of others from what is known."""
    known = knowledge.entities.get(iri) or _concept(iri, knowledge)
    names: dict[str, list[str]] = defaultdict(list)
    if known is not None:
        for name in known.names:
            if name.kind in {"preferred", "alternative"}:
                names[name.language].append(name.text)
        return Filler(iri, known.label("en"), tuple(sorted((k, tuple(v)) for k, v in names.items())), known.kinds)
    node: Description = nodes.get(iri, {})
    for term in node.get(vocab.SKOS_PREF_LABEL, ()):
        if isinstance(term, ox.Literal):
            names[term.language or ""].append(term.value)
    label = names["en"][0] if "en" in names else min((n[0] for n in names.values()), default=str(iri))
    kinds = frozenset(
        up
        for kind in _values(node, vocab.RDF_TYPE)
        for up in knowledge.superclasses.get(vocab.local_name(kind), frozenset({vocab.local_name(kind)}))
    )
    return Filler(iri, label, tuple(sorted((k, tuple(v)) for k, v in names.items() if v)), kinds)


def _concept(iri: Iri, knowledge: Knowledge) -> Entity | None:
    scheme, _, code = iri.removeprefix(vocab.ID).partition("/")
    return knowledge.concepts.get(scheme, {}).get(code)


# -- ontology and reference data ----------------------------------------------------------------------------------


def graph_quads(data: Iterable[ox.Quad | ox.Triple], graph: Iri) -> list[ox.Quad]:
    """Return the triples of one file in `graph`, with IRIs made of their content in the places of blank nodes.

    Blank nodes of the same content are one: what OWL and SHACL build of them (lists, unions) means the same then.
    """
    triples = [t.triple if isinstance(t, ox.Quad) else t for t in data]
    names = _skolem_names(triples)
    target = ox.NamedNode(graph)

    def grounded(term: Term) -> ox.NamedNode | ox.Literal:
        if isinstance(term, ox.BlankNode):
            return names[term]
        if isinstance(term, ox.NamedNode | ox.Literal):
            return term
        raise ValueError(f"a statement about a statement cannot be kept: {term}")

    found: dict[ox.Quad, None] = {}
    for triple in triples:
        subject = grounded(triple.subject)
        if isinstance(subject, ox.NamedNode):
            found[ox.Quad(subject, triple.predicate, grounded(triple.object), target)] = None
    return list(found)


def _skolem_names(triples: Sequence[ox.Triple]) -> dict[ox.BlankNode, ox.NamedNode]:
    """Return an IRI for each blank node, made of what hangs below it, from the leaves up."""
    about: dict[ox.BlankNode, list[ox.Triple]] = {}
    for triple in triples:
        if isinstance(triple.object, ox.BlankNode):
            about.setdefault(triple.object, [])
        if isinstance(triple.subject, ox.BlankNode):
            about.setdefault(triple.subject, []).append(triple)
    names: dict[ox.BlankNode, ox.NamedNode] = {}
    while len(names) < len(about):
        ready = {
            node: ox.NamedNode(f"{vocab.ID}node/{digest(*sorted(_parts(outgoing, names)))}")
            for node, outgoing in about.items()
            if node not in names and all(t.object in names for t in outgoing if isinstance(t.object, ox.BlankNode))
        }
        if not ready:
            raise DataError(
                "blank nodes refer to each other in a circle, so that nothing can name them: give them IRIs"
            )
        names |= ready
    return names


def _parts(outgoing: Iterable[ox.Triple], names: Mapping[ox.BlankNode, ox.NamedNode]) -> Iterator[tuple[str, str]]:
    for triple in outgoing:
        end = triple.object
        yield triple.predicate.value, str(names[end] if isinstance(end, ox.BlankNode) else end)


# -- entities -----------------------------------------------------------------------------------------------------


def entity_quads(joins: Joins) -> list[ox.Quad]:
    """Return the entities graph: which mentions are one, why, and the names chosen for what only documents name."""
    out = _Writer(vocab.GRAPH_ENTITIES)
    for group in joins.groups:
        for member in group.members:
            if member != group.representative:
                out.add(member, vocab.JOINED_INTO, group.representative)
                for reason in joins.reasons.get(member, ()):
                    out.text(member, vocab.JOIN_REASON, reason)
        for kind in group.kinds:
            out.add(group.representative, vocab.RDF_TYPE, vocab.chy(kind))
        for language, label in group.labels:
            out.text(group.representative, vocab.SKOS_PREF_LABEL, label, language)
    for first, second in joins.possibly_same:
        out.add(first, vocab.POSSIBLY_SAME, second)
    return out.quads()


# -- facts --------------------------------------------------------------------------------------------------------


def fact_quads(facts: Iterable[Fact], knowledge: Knowledge) -> list[ox.Quad]:
    """Return the facts graph."""
    out = _Writer(vocab.GRAPH_FACTS)
    for fact in facts:
        frame = knowledge.frames[fact.frame]
        out.add(fact.id, vocab.RDF_TYPE, vocab.FACT)
        out.add(fact.id, vocab.FRAME, frame.id)
        _write_roles(out, fact.id, frame, fact.roles)
        out.add(fact.id, vocab.STATUS, concept_iri("status", fact.status))
        if fact.edtf is not None:
            _write_date(out, fact.id, fact.edtf, fact.earliest, fact.latest)
        if fact.former:
            out.truth(fact.id, vocab.FORMER)
        if fact.refined_by is not None:
            out.add(fact.id, vocab.REFINED_BY, fact.refined_by)
        for claim in fact.supporting:
            out.add(fact.id, vocab.SUPPORTED_BY, claim_iri(claim))
        for claim in fact.opposing:
            out.add(fact.id, vocab.OPPOSED_BY, claim_iri(claim))
        out.number(fact.id, vocab.SUPPORTING_CLAIM_COUNT, len(fact.supporting))
        out.number(fact.id, vocab.OPPOSING_CLAIM_COUNT, len(fact.opposing))
        out.number(fact.id, vocab.SUPPORTING_DOCUMENT_COUNT, fact.documents)
        out.number(fact.id, vocab.SUPPORTING_LANGUAGE_COUNT, fact.languages)
        out.number(fact.id, vocab.SUPPORTING_OUTLET_COUNT, fact.outlets)
        out.number(fact.id, vocab.SUPPORTING_TEXT_COUNT, fact.texts)
    return out.quads()


# -- what holds ---------------------------------------------------------------------------------------------------


def direct_quads(facts: Sequence[Fact], knowledge: Knowledge, day: str | None = None) -> list[ox.Quad]:
    """Return what holds on `day` (None: on any): individuals and plain triples of actual facts, and terms of office.

    A fact that a more precise one refines makes nothing of its own: it is a further reason for what that one makes.
    """
    out = _Writer(vocab.GRAPH_DIRECT)
    holding = {f.id: f for f in facts if _holds(f, day)}
    coarser: dict[Iri, list[Iri]] = defaultdict(list)
    for fact in holding.values():
        if fact.refined_by in holding:
            coarser[fact.refined_by].append(fact.id)
    terms = _terms_by_office(knowledge.terms, day)
    for fact in holding.values():
        if fact.refined_by not in holding:
            frame = knowledge.frames[fact.frame]
            _write_individual(out, fact, frame, [fact.id, *coarser[fact.id]], holding, terms)
            _write_links(out, fact, frame)
    for term in knowledge.terms:
        _write_term(out, term, day)
    return out.quads()


def _holds(fact: Fact, day: str | None) -> bool:
    if fact.status != "actual":
        return False
    if day is None or not fact.moments:
        return True
    standing = status_on(fact, day)
    return standing.status == "actual" and standing.certainty == "certain"


# What tells terms of office apart: holder, office, body, and whether it is over.
OfficeKey = tuple[Iri | None, Iri | None, Iri | None, bool]


def _terms_by_office(terms: Iterable[OfficeTerm], day: str | None) -> dict[OfficeKey, list[OfficeTerm]]:
    found: dict[OfficeKey, list[OfficeTerm]] = defaultdict(list)
    for term in terms:
        if _has_begun(term, day):
            found[term.holder, term.office, term.of, _is_over(term, day)].append(term)
    return found


def _office_key(fact: Fact, frame: Frame) -> OfficeKey:
    def only(prop: Iri) -> Iri | None:
        return next((f for role in frame.roles if role.property == prop for f in fact.fillers(role.name)), None)

    return only(vocab.HOLDER), only(vocab.OFFICE), only(vocab.OF), fact.former


def _write_individual(
    out: _Writer,
    fact: Fact,
    frame: Frame,
    reasons: Sequence[Iri],
    holding: Mapping[Iri, Fact],
    terms: Mapping[OfficeKey, Sequence[OfficeTerm]],
) -> None:
    if frame.individual_class is None:
        return
    me = individual_iri(frame.individual_class, fact.id)
    known = terms.get(_office_key(fact, frame), ()) if vocab.chy(frame.individual_class) == vocab.OFFICE_TERM else ()
    if len(known) == 1:  # the term that reference data knows already: the fact is one more reason for it
        for reason in reasons:
            out.add(term_iri(known[0]), vocab.ESTABLISHED_BY, reason)
        return
    out.add(me, vocab.RDF_TYPE, vocab.chy(frame.individual_class))
    for name, fillers in fact.roles:
        prop = _individual_property(frame.role(name), fact)
        for filler in fillers if prop else ():
            out.add(me, prop or "", filler)
    if vocab.chy(frame.individual_class) == vocab.OFFICE_TERM:
        _write_stretch(out, me, fact)
    elif fact.edtf is not None:
        _write_date(out, me, fact.edtf, fact.earliest, fact.latest)
    for reason in reasons:
        out.add(me, vocab.ESTABLISHED_BY, reason)
    act = AGREEMENT_ACTS.get(frame.individual_class)
    if act is not None and fact.agreement is not None and fact.agreement in holding:
        out.add(me, act, individual_iri(vocab.local_name(vocab.AGREEMENT), fact.agreement))


def _individual_property(role: FrameRole | None, fact: Fact) -> Iri | None:
    if role is None:
        return None
    return (role.former_individual_property if fact.former else None) or role.individual_property


def _write_stretch(out: _Writer, node: Iri, fact: Fact) -> None:
    """Write the days on which a term began or ended, where a claim gives the full day."""
    start, end = beginning(fact)
    out.day(node, vocab.FROM, start)
    out.day(node, vocab.UNTIL, end)


def _write_links(out: _Writer, fact: Fact, frame: Frame) -> None:
    if fact.former:
        return
    stated = {filler for _, fillers in fact.roles for filler in fillers}
    for link in frame.links:
        if (link.when is not None and link.when not in stated) or link.unless in stated:
            continue
        for source in fact.fillers(link.source):
            for target in fact.fillers(link.target):
                if source != target:
                    out.add(source, link.property, target)


def _write_term(out: _Writer, term: OfficeTerm, day: str | None) -> None:
    """Write a term of office that reference data knows: held on the day, or formerly held."""
    if not _has_begun(term, day):
        return
    me = term_iri(term)
    out.add(me, vocab.RDF_TYPE, vocab.OFFICE_TERM)
    out.add(me, vocab.FORMERLY_HELD_BY if _is_over(term, day) else vocab.HELD_BY, term.holder)
    out.add(me, vocab.OFFICE, term.office)
    out.add(me, vocab.OFFICE_OF, term.of)
    out.day(me, vocab.FROM, term.start)
    out.day(me, vocab.UNTIL, term.end)


def _has_begun(term: OfficeTerm, day: str | None) -> bool:
    return day is None or term.start is None or term.start <= day


def _is_over(term: OfficeTerm, day: str | None) -> bool:
    return term.former or (term.end is not None and (day is None or term.end < day))


def term_iri(term: OfficeTerm) -> Iri:
    """Return the IRI that a term of office of the reference data has in the direct graph."""
    return Iri(f"{vocab.ID}office-term/{digest('reference', term.holder, term.office, term.of, term.start, term.end)}")


def governance_quads(reference: Iterable[ox.Quad], day: str | None = None) -> list[ox.Quad]:
    """Return who governs what on `day`, as plain triples of the direct graph, from the reference graph."""
    out = _Writer(vocab.GRAPH_DIRECT)
    nodes = _nodes(reference)
    for subject in sorted(s for s in nodes if vocab.GOVERNANCE in _values(nodes[s], vocab.RDF_TYPE)):
        node = nodes[subject]
        start, end = _one(node, vocab.FROM), _one(node, vocab.UNTIL)
        if (end is not None and (day is None or end < day)) or (day is not None and start is not None and start > day):
            continue
        prop = vocab.GOVERNS if _one(node, vocab.GOVERNANCE_KIND) == "governs" else vocab.CLAIMS_TO_GOVERN
        for government in _values(node, vocab.GOVERNMENT_ROLE):
            for governed in _values(node, vocab.GOVERNED):
                out.add(government, prop, governed)
    return out.quads()


# -- history ------------------------------------------------------------------------------------------------------


def run_quads(run: str, generation: int, started: str, ended: str, documents: Iterable[str]) -> list[ox.Quad]:
    """Return the history of one build; `started` and `ended` are ISO date-times with a zone, `documents` ids."""
    out = _Writer(run_graph(run))
    me = run_iri(run)
    out.add(me, vocab.RDF_TYPE, vocab.RUN)
    out.number(me, vocab.GENERATION, generation)
    for predicate, moment in ((vocab.PROV_STARTED_AT_TIME, started), (vocab.PROV_ENDED_AT_TIME, ended)):
        out.add(me, predicate, ox.Literal(moment, datatype=ox.NamedNode(vocab.XSD_DATE_TIME)))
    for document in sorted(documents):
        out.add(me, vocab.PROV_USED, document_iri(document))
    return out.quads()


def redirect_quads(redirects: Mapping[Iri, Iri]) -> list[ox.Quad]:
    """Return the redirects graph: IRIs that joins or refinements replaced, with what replaces them."""
    out = _Writer(vocab.GRAPH_REDIRECTS)
    for old, new in sorted(redirects.items()):
        out.add(old, vocab.DCTERMS_IS_REPLACED_BY, new)
    return out.quads()
