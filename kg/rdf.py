"""Records to quads (see `kg.vocab` for how they look); what holds is in `kg.direct`, the way back in `kg.rereading`.

Every function returns quads with their graph, each once, in an order that depends on the records alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final

import pyoxigraph as ox

from kg import vocab
from kg.entities import Joins, lowest_kinds
from kg.ids import (
    claim_iri,
    concept_iri,
    document_graph,
    document_iri,
    evidence_iri,
    position_iri,
    quote_iri,
    run_graph,
    run_iri,
)
from kg.model import (
    Claim,
    Document,
    Entity,
    Extraction,
    Fact,
    Frame,
    Iri,
    Knowledge,
)
from kg.quads import Writer

NAME_PROPERTIES: Final = {
    "preferred": vocab.SKOS_PREF_LABEL,
    "alternative": vocab.SKOS_ALT_LABEL,
    "abbreviation": vocab.ABBREVIATION,
    "adjective": vocab.ADJECTIVE,
    "demonym": vocab.DEMONYM,
    "metonym": vocab.METONYM,
    "misspelling": vocab.MISSPELLING,
    "family": vocab.FAMILY_NAME,
}
_FULL_DAY: Final = 10


# -- documents ----------------------------------------------------------------------------------------------------


def document_quads(extraction: Extraction, knowledge: Knowledge) -> list[ox.Quad]:
    """Return the graph of one document: its description, its mention entities, its claims and their evidence."""
    document = extraction.document
    out = Writer(document_graph(document.id))
    _describe(out, document, extraction)
    for entity in extraction.entities:
        _write_mention(out, entity, document.id, knowledge)
    for claim in extraction.claims:
        _write_claim(out, claim, knowledge.frames[claim.frame])
    return out.quads()


def _describe(out: Writer, document: Document, extraction: Extraction) -> None:
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
    if document.text:
        out.number(me, vocab.CHARACTER_COUNT, len(document.text))
    out.number(me, vocab.SENTENCE_COUNT, extraction.sentences)
    out.number(me, vocab.SILENT_SENTENCE_COUNT, extraction.silent_sentences)


def _write_mention(out: Writer, entity: Entity, document: str, knowledge: Knowledge) -> None:
    for kind in lowest_kinds(entity.kinds, knowledge):
        out.add(entity.id, vocab.RDF_TYPE, vocab.chy(kind))
    for name in entity.names:
        out.text(entity.id, NAME_PROPERTIES[name.kind], name.text, name.language)
    out.add(entity.id, vocab.MENTIONED_IN, document_iri(document))
    if entity.organ_of is not None:
        out.add(entity.id, vocab.ORGAN_OF, entity.organ_of)


def _write_claim(out: Writer, claim: Claim, frame: Frame) -> None:
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
        out.date(me, claim.date.edtf, claim.date.earliest, claim.date.latest)
        out.text(me, vocab.DATE_TEXT, claim.date.text)
    if claim.attribution is not None:
        out.add(me, vocab.ATTRIBUTION, claim.attribution.id)
    if claim.relayed_by is not None:
        out.add(me, vocab.RELAYED_BY, claim.relayed_by.id)
    out.add(me, vocab.CONFIDENCE, ox.Literal(f"{Decimal(str(claim.confidence)):f}", datatype=_DECIMAL))
    out.text(me, vocab.EXTRACTOR, claim.extractor)
    _write_evidence(out, me, claim)


_DECIMAL: Final = ox.NamedNode(vocab.XSD_DECIMAL)


def _write_evidence(out: Writer, claim_node: Iri, claim: Claim) -> None:
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


def _write_roles(out: Writer, node: Iri, frame: Frame, roles: Iterable[tuple[str, Iterable[Iri]]]) -> None:
    for name, fillers in roles:
        role = frame.role(name)
        if role is None:
            raise ValueError(f"{node}: the frame {frame.name} has no role {name!r}")
        for filler in fillers:
            out.add(node, role.property, ox.Literal(filler) if role.literal else filler)


# -- entities -----------------------------------------------------------------------------------------------------


def entity_quads(joins: Joins) -> list[ox.Quad]:
    """Return the entities graph: which mentions are one, why, and the names chosen for what only documents name."""
    out = Writer(vocab.GRAPH_ENTITIES)
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
    out = Writer(vocab.GRAPH_FACTS)
    for fact in facts:
        frame = knowledge.frames[fact.frame]
        out.add(fact.id, vocab.RDF_TYPE, vocab.FACT)
        out.add(fact.id, vocab.FRAME, frame.id)
        _write_roles(out, fact.id, frame, fact.roles)
        out.add(fact.id, vocab.STATUS, concept_iri("status", fact.status))
        if fact.edtf is not None:
            out.date(fact.id, fact.edtf, fact.earliest, fact.latest)
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


def stance_quads(claims: Iterable[Claim]) -> list[ox.Quad]:
    """Return what the gate of facts must know of the claims for and against them: no roles, which are judged before."""
    out = Writer(vocab.GRAPH_FACTS)
    for claim in claims:
        me = claim_iri(claim.id)
        out.add(me, vocab.RDF_TYPE, vocab.CLAIM)
        out.add(me, vocab.POLARITY, concept_iri("polarity", claim.polarity))
        out.add(me, vocab.MODALITY, concept_iri("modality", claim.modality))
        if claim.attribution is not None:
            out.add(me, vocab.ATTRIBUTION, claim.attribution.id)
    return out.quads()


# -- history ------------------------------------------------------------------------------------------------------


def run_quads(run: str, generation: int, started: str, ended: str, documents: Iterable[str]) -> list[ox.Quad]:
    """Return the history of one build; `started` and `ended` are ISO date-times with a zone, `documents` ids."""
    out = Writer(run_graph(run))
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
    out = Writer(vocab.GRAPH_REDIRECTS)
    for old, new in sorted(redirects.items()):
        out.add(old, vocab.DCTERMS_IS_REPLACED_BY, new)
    return out.quads()
