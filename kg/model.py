"""Frozen records that the steps hand to each other; no behaviour beyond reading themselves.

Offsets are half-open `[start, end)`, in code points of the document's text as read; every record keeps its span.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NewType

from kg.unguarded import unguarded

Iri = NewType("Iri", str)
LanguageTag = NewType("LanguageTag", str)
Sha256 = NewType("Sha256", str)

Polarity = Literal["positive", "negative"]
Modality = Literal["actual", "planned", "requested", "possible"]
BlockKind = Literal["body", "title", "caption", "dateline", "furniture"]


@unguarded
@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open range of code points in the document's text as read."""

    start: int
    end: int

    def slice(self, text: str) -> str:
        """Return the part of `text` this span covers."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Document:
    """One document as read: its text is never changed, so that offsets stay true.

    `published` is an ISO day, month or year; `source` a path relative to what the user named, never absolute.
    """

    id: str
    text: str
    language: LanguageTag
    sha256: Sha256
    published: str | None = None
    title: str | None = None
    publisher: str | None = None
    url: str | None = None
    source: str | None = None
    media_type: str = "text/plain"


@dataclass(frozen=True, slots=True)
class Block:
    """A run of lines that belong together; `reason` names the rule that judged it."""

    span: Span
    kind: BlockKind
    reason: str = ""


@unguarded
@dataclass(frozen=True, slots=True)
class Reading:
    """One morphological reading: Universal Dependencies part of speech and features ("Case=Gen")."""

    lemma: str
    pos: str
    features: frozenset[str] = frozenset()


@unguarded
@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or mark; `text` is NFC with line-end hyphenation undone, the span points into the original."""

    span: Span
    text: str
    kind: Literal["word", "number", "mark"]
    readings: tuple[Reading, ...] = ()
    keys: frozenset[str] = frozenset()
    folded: str = ""

    def has(self, feature: str) -> bool:
        """Tell whether some reading of the token has the feature."""
        for reading in self.readings:  # noqa: SIM110 -- asked very often: any() costs twice as much
            if feature in reading.features:
                return True
        return False

    def is_pos(self, *pos: str) -> bool:
        """Tell whether some reading of the token has one of the parts of speech."""
        for reading in self.readings:  # noqa: SIM110 -- as above
            if reading.pos in pos:
                return True
        return False

    @property
    def capitalised(self) -> bool:
        """Tell whether the token is a word that begins with a capital letter."""
        return self.kind == "word" and self.text[:1].isupper()


@unguarded
@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of one block, tokenised."""

    index: int
    span: Span
    block: Block
    tokens: tuple[Token, ...]


@dataclass(frozen=True, slots=True)
class Name:
    """One name of an entity: `kind` is preferred, alternative, abbreviation, adjective, demonym, metonym or
    misspelling."""

    text: str
    language: str
    kind: str


@dataclass(frozen=True, slots=True)
class OfficeTerm:
    """Who held which office of what, as far as reference data knows; ISO days, None where open or unknown."""

    holder: Iri
    office: Iri
    of: Iri
    start: str | None = None
    end: str | None = None
    former: bool = False


@dataclass(frozen=True, slots=True)
class Entity:
    """A reference or discovered entity; `kinds` are ontology class names with all their superclasses."""

    id: Iri
    kinds: frozenset[str]
    names: tuple[Name, ...]
    located_in: Iri | None = None
    organ_of: Iri | None = None
    gender: str | None = None

    def label(self, language: str = "en") -> str:
        """Return the preferred label in `language`, else in English, else any."""
        preferred = {n.language: n.text for n in self.names if n.kind == "preferred"}
        return preferred.get(language) or preferred.get("en") or min(preferred.values(), default=self.id)


@dataclass(frozen=True, slots=True)
class FrameRole:
    """A role of a frame, read from the ontology.

    `kinds`: class names a filler may have; `scheme`: the concept scheme a concept-valued role draws from;
    `many`: several fillers in one claim; `key`: part of the identity of a fact; `coerce`: properties by which an
    entity of another kind may stand for one of the right kind, in order; `literal`: a plain value fills it;
    `individual_property`: what ties the individual of an actual fact to the filler, `former_individual_property` where
    the fact is over.
    """

    name: str
    property: Iri
    kinds: frozenset[str] = frozenset()
    scheme: str | None = None
    required: bool = True
    many: bool = False
    key: bool = False
    symmetric: bool = False
    attribute: bool = False
    coerce: tuple[str, ...] = ()
    individual_property: Iri | None = None
    former_individual_property: Iri | None = None
    literal: bool = False


@dataclass(frozen=True, slots=True)
class DirectLink:
    """A plain triple that an actual fact puts into the direct graph, from the fillers of one role to those of another.

    Only if the fact states the concept `when`, and not if it states `unless`.
    """

    property: Iri
    source: str
    target: str
    when: Iri | None = None
    unless: Iri | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """A kind of claim, read from the ontology; `individual_class`: a class name, of what an actual fact of it makes."""

    name: str
    id: Iri
    aspect: Literal["event", "state"]
    roles: tuple[FrameRole, ...]
    individual_class: str | None = None
    links: tuple[DirectLink, ...] = ()

    def role(self, name: str) -> FrameRole | None:
        """Return the role called `name`."""
        return next((r for r in self.roles if r.name == name), None)


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What the ontology and the reference data know, as the core reads it.

    `reverses`: an act -> the act it ends; `shared_offices`: codes of offices that several hold at once; `may_mean`: the
    code of an office told in general terms -> those it may be said of.
    """

    entities: Mapping[Iri, Entity]
    frames: Mapping[str, Frame]
    concepts: Mapping[str, Mapping[str, Entity]]
    terms: tuple[OfficeTerm, ...] = ()
    superclasses: Mapping[str, frozenset[str]] = field(default_factory=dict)
    reverses: Mapping[Iri, Iri] = field(default_factory=dict)
    shared_offices: frozenset[str] = frozenset()
    may_mean: Mapping[str, frozenset[str]] = field(default_factory=dict)


@unguarded
@dataclass(frozen=True, slots=True)
class Filler:
    """An entity or concept in a role, with the words that put it there (None: understood from elsewhere)."""

    id: Iri
    label: str
    labels: tuple[tuple[str, tuple[str, ...]], ...]
    kinds: frozenset[str] = frozenset()
    text: str | None = None
    span: Span | None = None
    organ_of: Iri | None = None


@dataclass(frozen=True, slots=True)
class ClaimDate:
    """An EDTF date and the words that gave it; `earliest` and `latest` are ISO days, None where open."""

    edtf: str
    earliest: str | None
    latest: str | None
    text: str | None = None
    span: Span | None = None


@unguarded
@dataclass(frozen=True, slots=True)
class Claim:
    """What one document says once; see the claim contract in the README. `roles` is sorted by role name."""

    id: str
    document: str
    published: str | None
    language: LanguageTag
    frame: str
    roles: tuple[tuple[str, tuple[Filler, ...]], ...]
    date: ClaimDate | None
    polarity: Polarity
    modality: Modality
    former: bool
    attribution: Filler | None
    relayed_by: Filler | None
    evidence: Span
    quote: str
    confidence: float
    extractor: str

    def fillers(self, role: str) -> tuple[Filler, ...]:
        """Return the fillers of `role`, empty when the claim does not state it."""
        return next((fs for name, fs in self.roles if name == role), ())


SILENT = "silent"  # kind of the note on a sentence that names parties and gave no claim; its reason are their IRIs


@dataclass(frozen=True, slots=True)
class Note:
    """A line of the extraction report: what was set aside or left undecided, where, and why."""

    kind: str
    span: Span
    reason: str


@dataclass(frozen=True, slots=True)
class Extraction:
    """All that one document gave: claims, new entities, blocks, and the report; `signature` as `kg.wires` makes it."""

    document: Document
    claims: tuple[Claim, ...]
    entities: tuple[Entity, ...]
    blocks: tuple[Block, ...]
    notes: tuple[Note, ...]
    sentences: int
    silent_sentences: int
    signature: str = ""


MomentStance = Literal["holds", "over", "ended", "denied", "planned", "requested", "possible", "unplanned"]


@dataclass(frozen=True, slots=True)
class Moment:
    """What one claim says of a fact, placed in time: of this are its statuses on all days made.

    `stance`: the fact holds or happened; the office is over; an act ended it; it is denied; or it is planned, requested
    or possible; `unplanned`: a negative claim of these modalities, which is `modality`. `earliest`, `latest`: ISO days,
    of the event or the beginning of the state, else of the publication; None where unknown. `source`: the speaker,
    else the outlet, else the document. `allegation`: said by somebody who is neither a party nor an official of one.
    `dated`: the claim itself gives the date. `own`: the claim belongs to this fact, not to another one that bears on
    it. `event`: of an event, not of a state.
    """

    claim: str
    stance: MomentStance
    modality: Modality
    earliest: str | None
    latest: str | None
    published: str | None
    source: str
    edtf: str | None = None
    allegation: bool = False
    dated: bool = False
    own: bool = True
    event: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """What the register concludes from all claims about one thing.

    `roles`, sorted: its key, and whatever the claims for it state; `reason` names the rule that gave the status;
    `refined_by`: the more precise fact that this one is about, too; `agreement`: the signing an act of an agreement
    belongs to. `denied`: fillers that a claim takes out ("X did not take part"), with their roles.
    """

    id: Iri
    frame: str
    roles: tuple[tuple[str, tuple[Iri, ...]], ...]
    status: str
    edtf: str | None
    earliest: str | None
    latest: str | None
    former: bool
    supporting: tuple[str, ...]
    opposing: tuple[str, ...]
    refined_by: Iri | None = None
    agreement: Iri | None = None
    documents: int = 0
    languages: int = 0
    outlets: int = 0
    texts: int = 0
    reason: str = ""
    denied: tuple[tuple[str, tuple[Iri, ...]], ...] = ()
    moments: tuple[Moment, ...] = ()

    def fillers(self, role: str) -> tuple[Iri, ...]:
        """Return the fillers of `role`, empty when the fact does not state it."""
        return next((fs for name, fs in self.roles if name == role), ())
