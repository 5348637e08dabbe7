"""Claims and extractions made by hand for the tests of facts, entities and proofs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from kg.dates import claim_date
from kg.ids import claim_id, mention_iri
from kg.model import Claim, Document, Entity, Extraction, Filler, Iri, Knowledge, LanguageTag, Name, Sha256, Span
from kg.vocab import ID

RUS, KAZ, UZB, CHN, UKR, BLR = (f"state/{code}" for code in ("RUS", "KAZ", "UZB", "CHN", "UKR", "BLR"))
TALIBAN = "armed-group/taliban"


def filler(short: str, knowledge: Knowledge, extra: Mapping[str, Entity] | None = None) -> Filler:
    """Return the filler for "state/RUS", a concept "act/list", a mention entity's IRI, or a plain value."""
    iri = Iri(short if short.startswith("http") else ID + short)
    scheme, _, code = short.partition("/")
    entity = knowledge.entities.get(iri) or knowledge.concepts.get(scheme, {}).get(code) or (extra or {}).get(iri)
    if entity is None:
        return Filler(Iri(short), short, ())
    return Filler(entity.id, entity.label(), (), entity.kinds)


def claim(
    knowledge: Knowledge,
    frame: str,
    document: str = "en-01",
    published: str | None = "2025-07-04",
    date: str | None = None,
    *,
    polarity: str = "positive",
    modality: str = "actual",
    former: bool = False,
    by: str | None = None,
    start: int = 0,
    extractor: str = "en/test/rule",
    extra: Iterable[Entity] = (),
    **roles: str | Sequence[str],
) -> Claim:
    """Return a claim; roles as `party=["state/KAZ", "state/UZB"]` or `recogniser="state/RUS"`."""
    known = {entity.id: entity for entity in extra}
    filled = tuple(
        sorted(
            (role, tuple(filler(f, knowledge, known) for f in ([fillers] if isinstance(fillers, str) else fillers)))
            for role, fillers in roles.items()
        )
    )
    span = Span(start, start + 10)
    ids = [(role, [f.id for f in fillers]) for role, fillers in filled]
    return Claim(
        id=claim_id(document, frame, span, ids, polarity, modality, date),
        document=document,
        published=published,
        language=LanguageTag(document[:2]),
        frame=frame,
        roles=filled,
        date=claim_date(date),
        polarity=polarity,  # type: ignore[arg-type]
        modality=modality,  # type: ignore[arg-type]
        former=former,
        attribution=filler(by, knowledge, known) if by else None,
        relayed_by=None,
        evidence=span,
        quote="x" * 10,
        confidence=0.9,
        extractor=extractor,
    )


def mention(document: str, name: str, kind: str, knowledge: Knowledge) -> Entity:
    """Return the entity that a document speaks of under a name; its language is the start of the document's id."""
    kinds = knowledge.superclasses[kind]
    return Entity(mention_iri(document, name, kind), kinds, (Name(name, document[:2], "preferred"),))


def extraction(
    document: str,
    claims: Sequence[Claim] = (),
    entities: Sequence[Entity] = (),
    published: str | None = "2025-07-04",
    publisher: str | None = None,
) -> Extraction:
    """Return the extraction of a document with these claims and mention entities."""
    record = Document(
        document, "x" * 500, LanguageTag(document[:2]), Sha256("0" * 64), published, "A title", publisher,
        "https://example.org/1",
    )  # fmt: skip
    return Extraction(record, tuple(claims), tuple(entities), (), (), 9, 2)
