"""Proofs as text, JSON and RDF."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, Literal

import pyoxigraph as ox

from kg import vocab
from kg.entailment import Axiom
from kg.ids import digest, document_iri
from kg.proof import ClaimProof, FactProof, Side, TripleProof
from kg.rulings import Ruling, ruling_in_words

Label = Callable[[str], str]


def axiom_in_words(axiom: Axiom, label: Label = vocab.local_name) -> str:
    """Return an axiom as a sentence.

    >>> axiom_in_words(Axiom("subclass", vocab.chy("State"), (vocab.chy("Actor"),)))
    'every State is a Actor'
    """
    name, others = label(axiom.subject), [label(value) for value in axiom.values]
    match axiom.rule:
        case "subclass":
            return f"every {name} is a {others[0]}" if not axiom.turned else f"every {others[0]} is a {name}"
        case "subproperty":
            return f"{name} means {others[0]}" if not axiom.turned else f"{others[0]} means {name}"
        case "inverse":
            return f"{name} is the inverse of {others[0]}"
        case "symmetric":
            return f"{name} goes both ways"
        case "transitive":
            return f"{name} passes on"
        case "domain":
            return f"what {name} starts from is a {others[0]}"
        case "range":
            return f"what {name} leads to is a {others[0]}"
        case "chain":
            return f"{' and then '.join(others)} means {name}"


def as_text(proof: FactProof | TripleProof, label: Label = vocab.local_name) -> str:
    """Return a proof as an indented tree; `label` names IRIs."""
    lines = _fact_lines(proof, label) if isinstance(proof, FactProof) else _triple_lines(proof, label)
    return "\n".join(lines) + "\n"


def _triple_lines(proof: TripleProof, label: Label) -> Iterator[str]:
    s, p, o = proof.triple
    yield f"{label(s)} {label(p)} {label(o) if isinstance(o, str) else o.value}  [{proof.origin}]"
    if proof.axiom is not None:
        yield f"  because {axiom_in_words(proof.axiom, label)}, and:"
    for reason in proof.reasons:
        yield f"  because {reason}"
    for premise in proof.premises:
        yield from ("  " + line for line in _triple_lines(premise, label))
    for fact in proof.facts:
        yield from ("  " + line for line in _fact_lines(fact, label))


def _fact_lines(proof: FactProof, label: Label) -> Iterator[str]:
    roles = ", ".join(
        f"{role} {' and '.join(label(f) if f.startswith('http') else f for f in fillers)}"
        for role, fillers in proof.roles
    )
    yield f"fact {vocab.local_name(proof.fact)}: {proof.frame}: {roles}; {proof.date or 'no date'}; {proof.status}"
    yield f"  because {proof.rule}"
    for side, claims in proof.sides:
        for claim in claims:
            yield from ("  " + line for line in _claim_lines(claim, side, label))
    for claim in proof.left_out:
        yield from ("  " + line for line in _claim_lines(claim, "left out", label))
    for ruling in proof.rulings:
        yield f"  {ruling_in_words(ruling, label)}"
    for coarser in proof.refines:
        yield "  and, less precisely:"
        yield from ("    " + line for line in _fact_lines(coarser, label))


def _claim_lines(proof: ClaimProof, side: Side | Literal["left out"], label: Label) -> Iterator[str]:
    said = [proof.document, proof.published or "no date"]
    if proof.speaker is not None:
        said.append(f"says {label(proof.speaker)}")
    if proof.relayed_by is not None:
        said.append(f"relayed by {label(proof.relayed_by)}")
    if proof.polarity != "positive":
        said.append("denied")
    if proof.modality != "actual":
        said.append(proof.modality)
    quote = " ".join(proof.quote.split())
    yield f"{side}: \u201c{quote}\u201d" if quote else f"{side}: (the quote was left out)"
    yield f"    ({', '.join(said)}; characters {proof.start}-{proof.end}; {proof.extractor})"
    if proof.ruling is not None:
        yield f"    {ruling_in_words(proof.ruling, label)}"


# -- JSON ---------------------------------------------------------------------------------------------------------


def as_json(proof: FactProof | TripleProof) -> str:
    """Return a proof as one JSON object, IRIs in full."""
    value = _fact_object(proof) if isinstance(proof, FactProof) else _triple_object(proof)
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _triple_object(proof: TripleProof) -> dict[str, Any]:
    s, p, o = proof.triple
    axiom = proof.axiom
    return {
        "subject": s,
        "predicate": p,
        "object": o if isinstance(o, str) else str(o),
        "origin": proof.origin,
        "axiom": axiom and {"rule": axiom.rule, "subject": axiom.subject, "values": list(axiom.values)},
        "premises": [_triple_object(premise) for premise in proof.premises],
        "facts": [_fact_object(fact) for fact in proof.facts],
        "reasons": list(proof.reasons),
    }


def _fact_object(proof: FactProof) -> dict[str, Any]:
    return {
        "fact": proof.fact,
        "frame": proof.frame,
        "roles": {role: list(fillers) for role, fillers in proof.roles},
        "status": proof.status,
        "rule": proof.rule,
        "date": proof.date,
        **{side: [_claim_object(claim) for claim in claims] for side, claims in proof.sides},
        "refines": [_fact_object(coarser) for coarser in proof.refines],
        "refined_by": proof.refined_by,
        "left_out": [_claim_object(claim) for claim in proof.left_out],
        "decisions": [_ruling_object(ruling) for ruling in proof.rulings],
    }


def _claim_object(proof: ClaimProof) -> dict[str, Any]:
    return {
        "claim": proof.claim,
        "document": proof.document,
        "published": proof.published,
        "language": proof.language,
        "date": proof.date,
        "polarity": proof.polarity,
        "modality": proof.modality,
        "speaker": proof.speaker,
        "relayed_by": proof.relayed_by,
        "evidence": {"start": proof.start, "end": proof.end, "quote": proof.quote},
        "extractor": proof.extractor,
        "decision": proof.ruling and _ruling_object(proof.ruling),
    }


def _ruling_object(ruling: Ruling) -> dict[str, Any]:
    return {
        "verdict": ruling.verdict,
        "editor": ruling.editor,
        "day": ruling.day,
        "reason": ruling.reason,
        "entities": list(ruling.entities),
        "changes": [
            {"name": c.name, "extracted": list(c.extracted), "corrected": list(c.corrected)} for c in ruling.changes
        ],
    }


# -- RDF ----------------------------------------------------------------------------------------------------------


def as_turtle(proof: FactProof | TripleProof) -> str:
    """Return a proof as Turtle: reified triples, facts and claims, each derived from what stands below it.

    A quote is the prov:value of its claim; rules and axioms are told in rdfs:comment. A decision of an editor is a
    prov:Activity that influenced the claim or fact, with dcterms:creator and dcterms:date.
    """
    out: dict[ox.Triple, None] = {}
    if isinstance(proof, FactProof):
        _fact_triples(proof, out)
    else:
        _proof_triples(proof, out)
    prefixes = {name: vocab.PREFIXES[name] for name in ("chy", "dcterms", "prov", "rdf", "rdfs", "xsd")}
    return (ox.serialize(sorted(out, key=str), format=ox.RdfFormat.TURTLE, prefixes=prefixes) or b"").decode()


def _say(out: dict[ox.Triple, None], subject: str, predicate: str, value: str | ox.Literal) -> None:
    node = value if isinstance(value, ox.Literal) else ox.NamedNode(value)
    out[ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), node)] = None


def _proof_triples(proof: TripleProof, out: dict[ox.Triple, None]) -> str:
    s, p, o = proof.triple
    me = f"{vocab.ID}statement/{digest(s, p, str(o))}"
    _say(out, me, vocab.RDF_TYPE, vocab.RDF + "Statement")
    for name, value in (("subject", s), ("predicate", p), ("object", o)):
        _say(out, me, vocab.RDF + name, value)
    words = [axiom_in_words(proof.axiom)] if proof.axiom is not None else [f"given: {proof.origin}"]
    for reason in (*words, *proof.reasons):
        _say(out, me, vocab.RDFS_COMMENT, ox.Literal(reason))
    for premise in proof.premises:
        _say(out, me, vocab.PROV_WAS_DERIVED_FROM, _proof_triples(premise, out))
    for fact in proof.facts:
        _say(out, me, vocab.PROV_WAS_DERIVED_FROM, _fact_triples(fact, out))
    return me


def _fact_triples(proof: FactProof, out: dict[ox.Triple, None]) -> str:
    _say(out, proof.fact, vocab.RDF_TYPE, vocab.FACT)
    _say(out, proof.fact, vocab.RDFS_COMMENT, ox.Literal(f"{proof.status}: {proof.rule}"))
    for link, claims in ((vocab.SUPPORTED_BY, proof.supporting), (vocab.OPPOSED_BY, proof.opposing)):
        for claim in claims:
            _say(out, proof.fact, link, claim.claim)
            _say(out, proof.fact, vocab.PROV_WAS_DERIVED_FROM, claim.claim)
            _say(out, claim.claim, vocab.PROV_WAS_DERIVED_FROM, document_iri(claim.document))
            _say(out, claim.claim, vocab.PROV + "value", ox.Literal(claim.quote))
            if claim.speaker is not None:
                _say(out, claim.claim, vocab.ATTRIBUTION, claim.speaker)
            if claim.ruling is not None:
                _ruling_triples(claim.claim, claim.ruling, out)
    for claim in proof.left_out:
        if claim.ruling is not None:
            _say(out, claim.claim, vocab.PROV + "value", ox.Literal(claim.quote))
            _ruling_triples(claim.claim, claim.ruling, out)
            _ruling_triples(proof.fact, claim.ruling, out)
    for ruling in proof.rulings:
        _ruling_triples(proof.fact, ruling, out)
    for coarser in proof.refines:
        _say(out, proof.fact, vocab.PROV_WAS_DERIVED_FROM, _fact_triples(coarser, out))
    return proof.fact


def _ruling_triples(influenced: str, ruling: Ruling, out: dict[ox.Triple, None]) -> None:
    words = ruling_in_words(ruling, lambda iri: iri.removeprefix(vocab.ID))
    me = f"{vocab.ID}decision/{digest(words)}"
    _say(out, influenced, vocab.PROV + "wasInfluencedBy", me)
    _say(out, me, vocab.RDF_TYPE, vocab.PROV + "Activity")
    _say(out, me, vocab.DCTERMS + "creator", ox.Literal(ruling.editor))
    _say(out, me, vocab.DCTERMS + "date", ox.Literal(ruling.day, datatype=ox.NamedNode(vocab.XSD_DATE)))
    _say(out, me, vocab.RDFS_COMMENT, ox.Literal(words))
    for entity in ruling.entities:
        _say(out, me, vocab.PROV + "used", entity)
