"""What a build did, for people and programs to read."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from kg.documents import Refused, Remark
from kg.records import SetAside


@dataclass(slots=True)
class BuildSummary:
    """What a build did. `generation` is the one now published; `changed` tells whether this build made it.

    `cleared` is what an interrupted build had left; `without_claims` are documents read now that gave no claim, and
    `without_a_claim` counts all of them.
    """

    generation: int = 0
    changed: bool = False
    added: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    set_aside: list[SetAside] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    without_claims: list[str] = field(default_factory=list)
    without_a_claim: int = 0
    rejected_facts: tuple[str, ...] = ()
    unmatched_decisions: tuple[str, ...] = ()
    cleared: list[str] = field(default_factory=list)
    languages: Counter[str] = field(default_factory=Counter)
    claims: int = 0
    facts: int = 0

    def counts(self) -> dict[str, int]:
        """Return the numbers to show, by name."""
        return {
            "added": len(self.added),
            "updated": len(self.updated),
            "unchanged": len(self.unchanged),
            "removed": len(self.removed),
            "set aside": len(self.set_aside),
            "refused": len(self.refused),
            "documents": self.languages.total(),
            **{f"documents in {language}": number for language, number in sorted(self.languages.items())},
            "without a claim": self.without_a_claim,
            "claims": self.claims,
            "facts": self.facts,
            "generation": self.generation,
        }
