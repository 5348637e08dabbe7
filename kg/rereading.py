"""Quads back to records: what `kg.rdf` wrote of a document's claims."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import pyoxigraph as ox

from kg import vocab
from kg.dates import bounds
from kg.ids import document_id, position_iri, quote_iri
from kg.model import (
    Claim,
    ClaimDate,
    Document,
    Entity,
    Extraction,
    Filler,
    Frame,
    Iri,
    Knowledge,
    LanguageTag,
    Modality,
    Name,
    Polarity,
    Sha256,
    Span,
)
from kg.quads import Term
from kg.rdf import NAME_PROPERTIES

_MODALITIES: Final[Mapping[str, Modality]] = {
    "actual": "actual", "planned": "planned", "requested": "requested", "possible": "possible",
}  # fmt: skip

Description = Mapping[str, Sequence[Term]]


def claims_from_quads(quads: Iterable[ox.Quad], knowledge: Knowledge) -> list[Claim]:
    """Return the claims in the graph of one document, by id; spans and words of fillers and dates are not in RDF.

    Raises KeyError or ValueError for a graph that `document_quads` did not write.
    """
    nodes = nodes_of(quads)
    frames = {frame.id: frame for frame in knowledge.frames.values()}
    claims = [
        _read_claim(subject, nodes, frames, knowledge)
        for subject in nodes
        if vocab.CLAIM in values_of(nodes[subject], vocab.RDF_TYPE)
    ]
    return sorted(claims, key=lambda claim: claim.id)


def extraction_from_quads(quads: Iterable[ox.Quad], knowledge: Knowledge) -> Extraction:
    """Return what the graph of one document holds; blocks, notes and the signature of the text are not in RDF.

    Raises KeyError or ValueError for a graph that `document_quads` did not write.
    """
    found = list(quads)
    nodes = nodes_of(found)
    me, node = next((s, n) for s, n in nodes.items() if vocab.DOCUMENT in values_of(n, vocab.RDF_TYPE))
    document = Document(
        id=document_id(me),
        text="",
        language=LanguageTag(_get(node, vocab.SCHEMA_IN_LANGUAGE)),
        sha256=Sha256(_get(node, vocab.SHA256)),
        published=value_of(node, vocab.SCHEMA_DATE_PUBLISHED) or value_of(node, vocab.PUBLISHED_EDTF),
        title=value_of(node, vocab.DCTERMS_TITLE),
        publisher=value_of(node, vocab.SCHEMA_PUBLISHER),
        url=value_of(node, vocab.SCHEMA_URL),
        media_type=_get(node, vocab.DCTERMS_FORMAT),
    )
    return Extraction(
        document=document,
        claims=tuple(claims_from_quads(found, knowledge)),
        entities=tuple(
            _read_mention(Iri(s), n, knowledge) for s, n in sorted(nodes.items()) if vocab.MENTIONED_IN in n
        ),
        blocks=(),
        notes=(),
        sentences=int(_get(node, vocab.SENTENCE_COUNT)),
        silent_sentences=int(_get(node, vocab.SILENT_SENTENCE_COUNT)),
    )


def _read_mention(iri: Iri, node: Description, knowledge: Knowledge) -> Entity:
    names = [
        Name(term.value, term.language or "", kind)
        for kind, predicate in NAME_PROPERTIES.items()
        for term in node.get(predicate, ())
        if isinstance(term, ox.Literal)
    ]
    organ_of = value_of(node, vocab.ORGAN_OF)
    return Entity(
        iri,
        _kinds(node, knowledge),
        tuple(sorted(names, key=lambda name: (name.kind != "preferred", name.language, name.text))),
        organ_of=Iri(organ_of) if organ_of else None,
    )


def nodes_of(quads: Iterable[ox.Quad]) -> dict[str, dict[str, list[Term]]]:
    nodes: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for quad in quads:
        nodes[_value(quad.subject)][quad.predicate.value].append(quad.object)
    return nodes


def _value(term: Term) -> str:
    if isinstance(term, ox.NamedNode | ox.Literal | ox.BlankNode):
        return term.value
    raise ValueError(f"a statement about a statement cannot be read: {term}")


def values_of(node: Description, predicate: str) -> list[str]:
    return sorted(_value(term) for term in node.get(predicate, ()))


def value_of(node: Description, predicate: str) -> str | None:
    return next(iter(values_of(node, predicate)), None)


def _get(node: Description, predicate: str) -> str:
    found = value_of(node, predicate)
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
    edtf = value_of(node, vocab.EDTF)
    polarity: Polarity = "negative" if _get(node, vocab.POLARITY).endswith("/negative") else "positive"

    def fillers(values: Iterable[str]) -> tuple[Filler, ...]:
        return tuple(_read_filler(Iri(value), nodes, knowledge) for value in values)

    return Claim(
        id=vocab.local_name(subject),
        document=document_id(document_node),
        published=value_of(document, vocab.SCHEMA_DATE_PUBLISHED) or value_of(document, vocab.PUBLISHED_EDTF),
        language=LanguageTag(_get(document, vocab.SCHEMA_IN_LANGUAGE)),
        frame=frame.name,
        roles=tuple(sorted((r.name, fillers(v)) for r in frame.roles if (v := values_of(node, r.property)))),
        date=ClaimDate(edtf, *bounds(edtf), value_of(node, vocab.DATE_TEXT)) if edtf else None,
        polarity=polarity,
        modality=_MODALITIES[vocab.local_name(_get(node, vocab.MODALITY))],
        former=value_of(node, vocab.FORMER) == "true",
        attribution=next(iter(fillers(values_of(node, vocab.ATTRIBUTION))), None),
        relayed_by=next(iter(fillers(values_of(node, vocab.RELAYED_BY))), None),
        evidence=span,
        quote=quote,
        confidence=float(_get(node, vocab.CONFIDENCE)),
        extractor=_get(node, vocab.EXTRACTOR),
    )


def _read_evidence(nodes: Mapping[str, Description], evidence: str) -> tuple[Span, str]:
    position, quote = nodes[position_iri(Iri(evidence))], nodes.get(quote_iri(Iri(evidence)), {})
    span = Span(int(_get(position, vocab.OA_START)), int(_get(position, vocab.OA_END)))
    return span, value_of(quote, vocab.OA_EXACT) or ""  # a dump may leave the quotes out


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
    return Filler(iri, label, tuple(sorted((k, tuple(v)) for k, v in names.items() if v)), _kinds(node, knowledge))


def _kinds(node: Description, knowledge: Knowledge) -> frozenset[str]:
    return frozenset(
        up
        for kind in values_of(node, vocab.RDF_TYPE)
        for up in knowledge.superclasses.get(vocab.local_name(kind), frozenset({vocab.local_name(kind)}))
    )


def _concept(iri: Iri, knowledge: Knowledge) -> Entity | None:
    scheme, _, code = iri.removeprefix(vocab.ID).partition("/")
    return knowledge.concepts.get(scheme, {}).get(code)
