"""Quotations that a name and a colon open ("X: ..."), also over several sentences: who speaks in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kg.language.pack import Speech
from kg.model import Filler, FrameRole, Iri
from kg.referents import Phrase
from kg.resolution import SPEAKER_KINDS
from kg.sources import SourceReader
from kg.stance import Said

_OPENING = frozenset("\u00ab\u201c\u201e")
_CLOSING = frozenset("\u00bb\u201d")
_DASHES = frozenset({"\u2013", "\u2014", "-"})
_QUOTED = Speech((), "sentence", False)


@dataclass
class QuotationReader(SourceReader):
    """Finds who speaks in a quotation that stands after a colon, and goes on in later sentences."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.speakers += list(self._quotations())

    def _quotations(self) -> Iterator[tuple[Said, Filler | None, Filler | None]]:
        """Yield the speaker of a quotation that is open where the sentence begins, and of one that it opens."""
        open_here = self.discourse.quoted
        if open_here is not None:
            yield Said(0, 0, 0, _QUOTED), self._filler(self.discourse.entity(open_here)), None
            self.discourse.speaker = open_here
            if any(t.text in _CLOSING for t in self.tokens):
                self.discourse.quoted = None
        for place, token in enumerate(self.tokens):
            following = self.tokens[place + 1].text if place + 1 < len(self.tokens) else ""
            if token.text != ":" or following not in _OPENING | _DASHES:
                continue
            speaker = self._named_before(place)
            if speaker is not None:
                self.discourse.speaker = speaker.id
                yield Said(place, place + 1, place, _QUOTED), speaker, None
                rest = [t.text for t in self.tokens[place + 1 :]]
                closed = any(t in _CLOSING for t in rest)
                self.discourse.quoted = speaker.id if rest[0] in _OPENING and not closed else None

    def _named_before(self, place: int) -> Filler | None:
        """Return who is named right before a colon: a person, or a body that speaks."""
        role = FrameRole("speaker", Iri(""), SPEAKER_KINDS, coerce=("capitalOf",))
        phrase = next((p for p in self.phrases if p.last == place and _stands_alone(p)), None)
        entities = self._entities_for(phrase, role) if phrase is not None else ()
        return self._source(phrase, entities[0]) if phrase is not None and len(entities) == 1 else None


def _stands_alone(phrase: Phrase) -> bool:
    bare = phrase.adposition is None and not phrase.possessive and not phrase.adjective
    return bare and (not phrase.cases or "Nom" in phrase.cases)
