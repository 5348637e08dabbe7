"""How to cite a fact: as text and as BibTeX, with all that another reader needs to find the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kg.proof import FactProof
from kg.vocab import local_name


@dataclass(frozen=True, slots=True)
class Edition:
    """What a fact was read in: the generation, when it was built (ISO), and the days asked for."""

    generation: int
    built: str
    as_of: str | None = None
    known_by: str | None = None

    def words(self) -> str:
        """Return the edition in words."""
        days = [f"as of {self.as_of}" if self.as_of else "", f"known by {self.known_by}" if self.known_by else ""]
        return ", ".join([f"generation {self.generation} ({self.built[:10]})", *filter(None, days)])


def as_text(proof: FactProof, edition: Edition, label: Callable[[str], str]) -> str:
    """Return the citation as one sentence, and its sources."""
    lines = [f"{_title(proof, label)}. Chancery, {edition.words()}. {proof.fact}"]
    lines += [f"  {source}" for source in _sources(proof)]
    return "\n".join(lines) + "\n"


def as_bibtex(proof: FactProof, edition: Edition, label: Callable[[str], str]) -> str:
    """Return the citation as an entry of BibTeX."""
    fields = {
        "title": _title(proof, label),
        "howpublished": "Chancery, a register of international relations",
        "year": edition.built[:4],
        "edition": edition.words(),
        "url": proof.fact,
        "note": "Sources: " + "; ".join(_sources(proof)),
    }
    body = ",\n".join(f"  {name} = {{{_escaped(value)}}}" for name, value in fields.items())
    return f"@misc{{chancery-{local_name(proof.fact)[:12]},\n{body}\n}}\n"


def _title(proof: FactProof, label: Callable[[str], str]) -> str:
    roles = "; ".join(
        f"{role}: {', '.join(label(f) if f.startswith('http') else f for f in fillers)}"
        for role, fillers in proof.roles
    )
    return f"{proof.frame} ({roles}), {proof.date or 'undated'}, {proof.status}"


def _sources(proof: FactProof) -> list[str]:
    found: dict[str, None] = {}
    for side, claims in proof.sides:
        for claim in claims:
            marked = "" if side == "for" else f"{side}: "
            found[f"{marked}{claim.document}, {claim.published or 'undated'}, characters {claim.start}-{claim.end}"] = (
                None
            )
    return list(found)


def _escaped(text: str) -> str:
    return "".join(f"\\{c}" if c in "&%$#_{}" else c for c in text)
