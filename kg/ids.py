"""Identifiers: hashes of JSON arrays, and the IRIs made of them or of codes.

A joined string as hash input would let two different keys collide; an array in JSON does not.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from typing import Final
from urllib.parse import quote, unquote

from kg.model import Iri, Span
from kg.vocab import GRAPH, ID, local_name

# What JSON can hold, as far as keys need it.
Part = str | int | bool | None | Sequence["Part"]

_DIGITS: Final = 32  # of the hash, in hexadecimal: 128 bits
_WORD_START: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def digest(*parts: Part) -> str:
    """Return 32 hexadecimal digits that stand for `parts`, the same on every machine.

    >>> digest("a", "b") == digest("a", "b"), digest("ab") == digest("a", "b")
    (True, False)
    """
    array = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(array.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]


def path_segment(text: str) -> str:
    """Return `text` as one segment of an IRI's path, all but unreserved characters percent-encoded as UTF-8.

    >>> path_segment("a b/ru-07")
    'a%20b%2Fru-07'
    """
    # A segment "." or ".." would be resolved away, so their dots are encoded too.
    return text.replace(".", "%2E") if text in (".", "..") else quote(text, safe="")


def document_iri(document: str) -> Iri:
    """Return the IRI of the document with this id."""
    return Iri(f"{ID}document/{path_segment(document)}")


def document_id(iri: str) -> str:
    """Return the document id that `document_iri` or `document_graph` made `iri` from.

    >>> document_id(document_iri("a b/ru-07"))
    'a b/ru-07'
    """
    return unquote(local_name(iri))


def document_graph(document: str) -> Iri:
    """Return the named graph that holds the document, its mention entities and its claims."""
    return Iri(f"{GRAPH}document/{path_segment(document)}")


def run_iri(run: str) -> Iri:
    """Return the IRI of a build."""
    return Iri(f"{ID}run/{path_segment(run)}")


def run_graph(run: str) -> Iri:
    """Return the named graph of a build's history."""
    return Iri(f"{GRAPH}run/{path_segment(run)}")


def concept_iri(scheme: str, code: str) -> Iri:
    """Return the IRI of a concept: an office, an act, a status, a frame.

    >>> concept_iri("office", "president")
    'https://w3id.org/chancery/id/office/president'
    """
    return Iri(f"{ID}{scheme}/{code}")


def reference_iri(folder: str, code: str) -> Iri:
    """Return the IRI of a reference entity: `reference_iri("state", "RUS")`."""
    return Iri(f"{ID}{folder}/{path_segment(code)}")


def mention_iri(document: str, name: str, kind: str) -> Iri:
    """Return the IRI of an entity one document speaks of: `name` nominative and normalised, `kind` a class name."""
    return Iri(f"{ID}entity/{digest(document, name, kind)}")


def claim_id(
    document: str,
    frame: str,
    span: Span,
    roles: Iterable[tuple[str, Iterable[str]]],
    polarity: str,
    modality: str,
    edtf: str | None,
) -> str:
    """Return the hash that names a claim, whatever rule found it and however sure it was.

    `roles` are pairs of role name and filler ids; the order of either does not matter.
    """
    sorted_roles = sorted((role, sorted(fillers)) for role, fillers in roles)
    return digest(document, frame, [span.start, span.end], sorted_roles, polarity, modality, edtf)


def claim_iri(claim: str) -> Iri:
    """Return the IRI of the claim whose id is the hash `claim`."""
    return Iri(f"{ID}claim/{claim}")


def evidence_iri(document: str, span: Span) -> Iri:
    """Return the IRI of a span of a document, shared by all claims that stand in it."""
    return Iri(f"{ID}evidence/{digest(document, span.start, span.end)}")


def position_iri(evidence: Iri) -> Iri:
    """Return the IRI of the selector that gives the offsets of a piece of evidence."""
    return Iri(f"{evidence}/position")


def quote_iri(evidence: Iri) -> Iri:
    """Return the IRI of the selector that gives the words of a piece of evidence."""
    return Iri(f"{evidence}/quote")


def fact_iri(
    frame: str,
    key: Iterable[tuple[str, Iterable[str]]],
    edtf: str | None = None,
    attributes: Iterable[tuple[str, Iterable[str]]] = (),
) -> Iri:
    """Return the IRI of a fact: of a state by frame and key; of an event by date and stated attributes as well."""
    sorted_key = sorted((role, sorted(fillers)) for role, fillers in key)
    sorted_attributes = sorted((role, sorted(fillers)) for role, fillers in attributes)
    return Iri(f"{ID}fact/{digest(frame, sorted_key, edtf, sorted_attributes)}")


def individual_iri(class_name: str, fact: str) -> Iri:
    """Return the IRI of the individual that stands for `fact` (an IRI) in the direct graph.

    >>> individual_iri("EntryIntoForce", "https://w3id.org/chancery/id/fact/00ff")
    'https://w3id.org/chancery/id/entry-into-force/00ff'
    """
    return Iri(f"{ID}{_WORD_START.sub('-', class_name).lower()}/{local_name(fact)}")
