"""Which decisions of editors bear on what a store says: on a claim that it holds, on entities that a claim names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from kg import vocab
from kg.decisions import ClaimDecision, Correction, Decisions, EntityDecision, quote_digest
from kg.ids import document_graph, document_id, quote_iri
from kg.model import Iri

Label = Callable[[str], str]

_VERDICTS: Final[Mapping[str, str]] = {
    "reject": "rejected",
    "correct": "corrected",
    "same": "said to be one",
    "different": "said to be not one",
    "unsure": "left open whether one",
}
_NO_ROLES: Final = frozenset(
    {
        vocab.RDF_TYPE,
        vocab.PROV_WAS_DERIVED_FROM,
        vocab.FRAME,
        vocab.POLARITY,
        vocab.MODALITY,
        vocab.FORMER,
        vocab.EDTF,
        vocab.EARLIEST,
        vocab.LATEST,
        vocab.DATE_TEXT,
        vocab.ATTRIBUTION,
        vocab.RELAYED_BY,
        vocab.CONFIDENCE,
        vocab.EXTRACTOR,
        vocab.EVIDENCE,
    }
)


@dataclass(frozen=True, slots=True)
class Change:
    """What an editor corrected of a claim: `name` is date, polarity, modality, former or a role; values are sorted."""

    name: str
    extracted: tuple[str, ...]
    corrected: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ruling:
    """A decision with who made it, on which day, and why; `changes` of a corrected claim, `entities` of the others."""

    verdict: str
    editor: str
    day: str
    reason: str
    changes: tuple[Change, ...] = ()
    entities: tuple[Iri, ...] = ()

    def corrected(self, name: str) -> str | None:
        """Return the one value that a property has by this decision; None where it says nothing of it."""
        return next((c.corrected[0] for c in self.changes if c.name == name and c.corrected), None)


class Rulings:
    """The decisions that a register was concluded by, found again in its store."""

    def __init__(self, store: ox.Store, decisions: Decisions) -> None:
        self._store, self._decisions = store, decisions

    def on(self, claim: str) -> Ruling | None:
        """Return the decision on a claim that the store holds."""
        if not self._decisions.claims:
            return None
        told = self._told(claim)
        decision = self._decisions.about(told) if told is not None else None
        if decision is None or told is None:
            return None
        return self._ruling(decision, claim, told)

    def left_out(self, frame: str, roles: Mapping[str, Iterable[str]], but: Iterable[str]) -> dict[str, Ruling]:
        """Return the claims of a frame that decisions keep from a fact with these roles, each with the decision.

        They tell, as extracted, nothing else than the fact of every role that both have; `but`: those it rests on.
        """
        found: dict[str, Ruling] = {}
        kept, wanted = set(but), {role: set(fillers) for role, fillers in roles.items()}
        for decision in self._decisions.claims if frame in {d.frame for d in self._decisions.claims} else ():
            if decision.frame != frame:
                continue
            for claim in self._candidates(decision):
                if claim not in kept and claim not in found and self._fits(claim, wanted):
                    ruling = self.on(claim)
                    if ruling is not None:
                        found[claim] = ruling
        return found

    def on_entities(self, named: Iterable[str], joined: Iterable[str]) -> list[Ruling]:
        """Return the decisions on entities that claims name, with what these are `joined` into, in the file's order.

        That entities are one bears on a fact only where a claim names another one than the fact does.
        """
        named, joined = set(named), set(joined)
        return [
            Ruling(d.verdict, d.author.editor, d.author.day, d.author.reason, entities=d.entities)
            for d in self._decisions.entities
            if _bears(d, named, joined)
        ]

    def named_by(self, claim: str) -> Iterator[str]:
        """Yield what a claim names, as it was read: the fillers of its roles and who says it."""
        for quad in self._store.quads_for_pattern(ox.NamedNode(claim), None, None, None):
            predicate = quad.predicate.value
            if isinstance(quad.object, ox.NamedNode) and (
                predicate not in _NO_ROLES or predicate in {vocab.ATTRIBUTION, vocab.RELAYED_BY}
            ):
                yield quad.object.value

    # -- claims as they were read -------------------------------------------------------------------------------------

    def _told(self, claim: str) -> ClaimDecision | None:
        """Return what a decision would call a claim; None where the store does not hold its words."""
        document, frame = self._value(claim, vocab.PROV_WAS_DERIVED_FROM), self._value(claim, vocab.FRAME)
        evidence = self._value(claim, vocab.EVIDENCE)
        if document is None or frame is None or evidence is None:
            return None
        quote = self._value(quote_iri(Iri(evidence)), vocab.OA_EXACT)
        roles: dict[str, list[Iri]] = {}
        for quad in self._store.quads_for_pattern(ox.NamedNode(claim), None, None, None):
            if quad.predicate.value not in _NO_ROLES and isinstance(quad.object, ox.NamedNode | ox.Literal):
                roles.setdefault(vocab.local_name(quad.predicate.value), []).append(Iri(quad.object.value))
        told = tuple(sorted((role, tuple(sorted(fillers))) for role, fillers in roles.items()))
        digest = quote_digest(quote) if quote is not None else None
        return ClaimDecision(document_id(document), vocab.local_name(frame), digest, told, "")

    def _candidates(self, decision: ClaimDecision) -> Iterator[str]:
        """Yield the claims that have the first filler a decision names; the decision may be on another."""
        graph = ox.NamedNode(document_graph(decision.document)) if decision.document is not None else None
        filler = next(((role, fillers[0]) for role, fillers in decision.roles if fillers), None)
        if filler is not None:
            role, value = filler
            quads = self._store.quads_for_pattern(None, ox.NamedNode(vocab.CHY + role), ox.NamedNode(value), graph)
            there = {q.subject.value for q in quads if isinstance(q.subject, ox.NamedNode)}
            yield from sorted(one for one in there if self._value(one, vocab.EVIDENCE) is not None)

    def _fits(self, claim: str, roles: Mapping[str, set[str]]) -> bool:
        told = self._told(claim)
        return told is not None and all(
            {self._joined(f) for f in fillers} & roles[role] for role, fillers in told.roles if role in roles
        )

    def _joined(self, entity: str) -> str:
        return self._value(entity, vocab.JOINED_INTO) or entity

    def _ruling(self, decision: ClaimDecision, claim: str, told: ClaimDecision) -> Ruling:
        author = decision.author
        changes = tuple(self._changes(decision.correction, claim, told)) if decision.correction is not None else ()
        return Ruling(decision.verdict, author.editor, author.day, author.reason, changes)

    def _changes(self, correction: Correction, claim: str, told: ClaimDecision) -> Iterator[Change]:
        read = {
            "date": self._value(claim, vocab.EDTF),
            "polarity": vocab.local_name(self._value(claim, vocab.POLARITY) or ""),
            "modality": vocab.local_name(self._value(claim, vocab.MODALITY) or ""),
            "former": self._value(claim, vocab.FORMER) or "false",
        }
        former = None if correction.former is None else str(correction.former).lower()
        for name, value in (
            ("date", correction.date),
            ("polarity", correction.polarity),
            ("modality", correction.modality),
            ("former", former),
        ):
            before = read[name]
            if value is not None and value != before:
                yield Change(name, () if before is None else (before,), (value,))
        roles = dict(told.roles)
        for role, fillers in correction.roles:
            if fillers != roles.get(role, ()):
                yield Change(role, roles.get(role, ()), fillers)

    def _value(self, subject: str, predicate: str) -> str | None:
        quads = self._store.quads_for_pattern(ox.NamedNode(subject), ox.NamedNode(predicate), None, None)
        found = sorted(q.object.value for q in quads if isinstance(q.object, ox.NamedNode | ox.Literal))
        return found[0] if found else None


def _bears(decision: EntityDecision, named: set[str], joined: set[str]) -> bool:
    there = named & set(decision.entities)
    if decision.verdict == "same":
        return bool(there - joined)
    return bool(there | (joined & set(decision.entities)))


def ruling_in_words(ruling: Ruling, label: Label = vocab.local_name) -> str:
    """Return a decision as a sentence, what it changed included.

    >>> ruling_in_words(Ruling("correct", "A. Editor", "2026-01-15", "a plan", (Change("date", (), ("2025",)),)))
    'corrected by A. Editor, 2026-01-15: date 2025 (as extracted: none): a plan'
    """
    said = _VERDICTS[ruling.verdict]
    about = " and ".join(label(entity) for entity in ruling.entities)
    changed = "; ".join(
        f"{c.name} {_listed(c.corrected, label)} (as extracted: {_listed(c.extracted, label)})" for c in ruling.changes
    )
    who = f"{said} by {ruling.editor}, {ruling.day}"
    return ": ".join(filter(None, (f"{about} {who}" if about else who, changed, ruling.reason)))


def _listed(values: Sequence[str], label: Label) -> str:
    return " and ".join(label(v) if v.startswith("http") else v for v in values) or "none"
