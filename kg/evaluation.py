"""Claims against annotated ones: precision, recall, dates, attribution, and what was asserted against the annotation.

Two figures, micro-averaged. Strict: a predicted claim is right when frame, polarity, modality and every core role
agree exactly with an annotated one. Relaxed: single fillers (document, frame, polarity, role, filler). Core roles are
those that the frame requires, and those marked `if said` where the annotation states them. The format of annotated
documents is described in docs/annotation.md.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kg.model import Claim, Filler, Knowledge

LOOSE_ROLES = frozenset({"subject", "kind", "name", "place"})
# By the convention of docs/annotation.md nobody annotates these; they are measured only where somebody did.
UNANNOTATED_FRAMES = frozenset({"AgreementEntryIntoForce", "AgreementTermination", "Statement", "Ranking"})
_STATE_CODE = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True, slots=True)
class Annotated:
    """One annotated claim: fillers are ISO 3166-1 alpha-3 codes or keys of the alias table."""

    document: str
    frame: str
    roles: Mapping[str, tuple[str, ...]]
    date: str | None
    polarity: str
    modality: str
    attribution: str | None
    former: bool
    quote: str
    why: str = ""


@dataclass(slots=True)
class Counts:
    """Right, wrong and missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """Share of what was found that is right; 1 when nothing was found."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """Share of what there is that was found; 1 when there is nothing."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0

    def add(self, other: Counts) -> None:
        """Add the counts of another table row."""
        self.right += other.right
        self.wrong += other.wrong
        self.missed += other.missed


@dataclass(slots=True)
class Evaluation:
    """The outcome: counts by frame and by (frame, role), agreement of dates and attribution, and the errors."""

    claims: dict[str, Counts] = field(default_factory=lambda: defaultdict(Counts))
    fillers: dict[str, Counts] = field(default_factory=lambda: defaultdict(Counts))
    roles: dict[tuple[str, str], Counts] = field(default_factory=lambda: defaultdict(Counts))
    dates: list[bool] = field(default_factory=list)
    attributions: list[bool] = field(default_factory=list)
    missed: list[Annotated] = field(default_factory=list)
    spurious: list[Claim] = field(default_factory=list)
    asserted: list[Claim] = field(default_factory=list)
    confidences: list[tuple[float, bool]] = field(default_factory=list)

    def total(self) -> Counts:
        """Return the strict counts over all frames."""
        return _sum(self.claims.values())

    def total_fillers(self) -> Counts:
        """Return the relaxed counts over all frames."""
        return _sum(self.fillers.values())

    def add(self, other: Evaluation) -> None:
        """Add the outcome of other documents."""
        for frame, counts in other.claims.items():
            self.claims[frame].add(counts)
        for frame, counts in other.fillers.items():
            self.fillers[frame].add(counts)
        for role, counts in other.roles.items():
            self.roles[role].add(counts)
        self.dates += other.dates
        self.attributions += other.attributions
        self.missed += other.missed
        self.spurious += other.spurious
        self.asserted += other.asserted
        self.confidences += other.confidences


def _sum(rows: Iterable[Counts]) -> Counts:
    out = Counts()
    for row in rows:
        out.add(row)
    return out


def annotated_from_object(value: Mapping[str, object]) -> Annotated:
    """Return the annotated claim of one JSON object; raises KeyError when a member is missing."""
    roles = value["roles"]
    assert isinstance(roles, Mapping)
    return Annotated(
        document=str(value["doc"]),
        frame=str(value["frame"]),
        roles={str(r): tuple(fs) if isinstance(fs, list) else (str(fs),) for r, fs in roles.items()},
        date=None if value.get("date") is None else str(value["date"]),
        polarity=str(value.get("polarity", "positive")),
        modality=str(value.get("modality", "actual")),
        attribution=None if value.get("attribution") is None else str(value["attribution"]),
        former=bool(value.get("former", False)),
        quote=str(value.get("quote", "")),
        why=str(value.get("why", "")),
    )


class Evaluator:
    """Compares predicted claims with annotated ones by the alias table of the annotation."""

    def __init__(self, aliases: Mapping[str, Sequence[str]], knowledge: Knowledge) -> None:
        self._aliases = {key: {_norm(key), *(_norm(a) for a in names)} for key, names in aliases.items()}
        self._frames = knowledge.frames
        self._states = {
            _tail(e.id): {_norm(n.text) for n in e.names} for e in knowledge.entities.values() if "State" in e.kinds
        }

    def evaluate(
        self, annotated: Sequence[Annotated], predicted: Sequence[Claim], borderline: Sequence[Annotated] = ()
    ) -> Evaluation:
        """Return the comparison of all predicted claims of the annotated documents and frames."""
        outcome = Evaluation()
        measured = (
            {a.frame for a in annotated} | {b.frame for b in borderline} | (set(self._frames) - UNANNOTATED_FRAMES)
        )
        documents = {a.document for a in annotated}
        groups: dict[tuple[str, str], list[Claim]] = defaultdict(list)
        for claim in predicted:
            if claim.document in documents and claim.frame in measured:
                groups[claim.document, claim.frame].append(claim)
        used: set[int] = set()
        for wanted in annotated:
            self._match(wanted, groups[wanted.document, wanted.frame], used, outcome)
        for (document, frame), claims in groups.items():
            same = [a for a in annotated if (a.document, a.frame) == (document, frame)]
            doubtful = [b for b in borderline if (b.document, b.frame) == (document, frame)]
            self._judge(claims, same, doubtful, used, outcome)
        return outcome

    def nearest(self, wanted: Annotated, predicted: Sequence[Claim]) -> Claim | None:
        """Return the claim of the same document and frame that shares most fillers with an annotated one."""
        same = [c for c in predicted if (c.document, c.frame) == (wanted.document, wanted.frame)]
        return max((c for c in same if self._shared(wanted, c)), key=lambda c: self._shared(wanted, c), default=None)

    def nearest_annotated(self, claim: Claim, annotated: Sequence[Annotated]) -> Annotated | None:
        """Return the annotated claim of the same document and frame that shares most fillers with a claim."""
        same = [a for a in annotated if (a.document, a.frame) == (claim.document, claim.frame)]
        return max((a for a in same if self._shared(a, claim)), key=lambda a: self._shared(a, claim), default=None)

    def _match(self, wanted: Annotated, candidates: Sequence[Claim], used: set[int], outcome: Evaluation) -> None:
        free = [c for c in candidates if id(c) not in used and self._same_claim(wanted, c)]
        best = max(free, key=lambda c: (_dates_agree(wanted.date, _edtf(c)), self._shared(wanted, c)), default=None)
        if best is not None:
            used.add(id(best))
            outcome.claims[wanted.frame].right += 1
        else:
            outcome.claims[wanted.frame].missed += 1
            outcome.missed.append(wanted)
        near = best or max(
            (c for c in candidates if self._core_shared(wanted, c)),
            key=lambda c: self._core_shared(wanted, c),
            default=None,
        )
        if near is not None:
            outcome.dates.append(_dates_agree(wanted.date, _edtf(near)))
            outcome.attributions.append(self._same_source(wanted.attribution, near.attribution))
        for role, keys in wanted.roles.items():
            if role in LOOSE_ROLES:
                continue
            for key in keys:
                hit = any(
                    self._same(key, f) for c in candidates if c.polarity == wanted.polarity for f in c.fillers(role)
                )
                for row in (outcome.fillers[wanted.frame], outcome.roles[wanted.frame, role]):
                    row.right += hit
                    row.missed += not hit

    def _judge(
        self,
        claims: Sequence[Claim],
        same: Sequence[Annotated],
        doubtful: Sequence[Annotated],
        used: set[int],
        outcome: Evaluation,
    ) -> None:
        for claim in claims:
            stances = {(a.polarity, a.modality) for a in same if self._roles_equal(a, claim)}
            if (
                (claim.polarity, claim.modality) == ("positive", "actual")
                and stances
                and ("positive", "actual") not in stances
            ):
                outcome.asserted.append(claim)
            for role, fillers in claim.roles:
                if role in LOOSE_ROLES:
                    continue
                for filler in fillers:
                    hit = any(
                        self._same(k, filler)
                        for a in same
                        if a.polarity == claim.polarity
                        for k in a.roles.get(role, ())
                    )
                    outcome.fillers[claim.frame].wrong += not hit
                    outcome.roles[claim.frame, role].wrong += not hit
            right = id(claim) in used
            if not right and (self._told_again(claim, same) or self._is_doubtful(claim, doubtful)):
                continue
            outcome.confidences.append((claim.confidence, right))
            if not right:
                outcome.claims[claim.frame].wrong += 1
                outcome.spurious.append(claim)

    def _told_again(self, claim: Claim, same: Sequence[Annotated]) -> bool:
        """Tell whether a claim repeats an annotated one: the annotation lists each claim once a document."""
        return any(
            self._same_claim(a, claim) and (claim.date is None or _dates_agree(a.date, _edtf(claim))) for a in same
        )

    def _is_doubtful(self, claim: Claim, doubtful: Sequence[Annotated]) -> bool:
        return any(self._same_claim(b, claim) and "must not" not in b.why for b in doubtful)

    def _same_claim(self, wanted: Annotated, claim: Claim) -> bool:
        return (wanted.polarity, wanted.modality) == (claim.polarity, claim.modality) and self._roles_equal(
            wanted, claim
        )

    def _roles_equal(self, wanted: Annotated, claim: Claim) -> bool:
        if wanted.former != claim.former:
            return False
        for role in self._frames[wanted.frame].roles:
            keys, fillers = wanted.roles.get(role.name, ()), claim.fillers(role.name)
            if not role.required:
                if not self._if_said_agrees(wanted.frame, role.name, keys, fillers):
                    return False
                continue
            if not keys and role.name == "of":
                continue
            if not self._same_set(keys, fillers):
                return False
        return True

    def _if_said_agrees(self, frame: str, role: str, keys: Sequence[str], fillers: Sequence[Filler]) -> bool:
        """Optional roles that tell acts apart count where said: the act of a membership, the parties of a treaty."""
        if role == "act":
            return self._same_set(keys, fillers)
        if role == "party" and frame.endswith("Ratification"):
            return not keys or self._same_set(keys, fillers)
        return True

    def _same_set(self, keys: Sequence[str], fillers: Sequence[Filler]) -> bool:
        left = list(fillers)
        for key in keys:
            hit = next((f for f in left if self._same(key, f)), None)
            if hit is None:
                return False
            left.remove(hit)
        return not left

    def _core_shared(self, wanted: Annotated, claim: Claim) -> int:
        required = {r.name for r in self._frames[wanted.frame].roles if r.required}
        return sum(any(self._same(k, f) for f in claim.fillers(r)) for r in required for k in wanted.roles.get(r, ()))

    def _shared(self, wanted: Annotated, claim: Claim) -> int:
        return sum(any(self._same(k, f) for f in claim.fillers(r)) for r, ks in wanted.roles.items() for k in ks)

    def _same_source(self, key: str | None, source: Filler | None) -> bool:
        if key is None or source is None:
            return key is None and source is None
        return self._same(key, source)

    def _same(self, key: str, filler: Filler) -> bool:
        """Tell whether a filler answers to a key: by code, by the last part of its IRI, or by one of its names."""
        names = {_norm(_tail(filler.id)), _norm(filler.label), *(_norm(n) for _l, ns in filler.labels for n in ns)}
        if filler.text:
            names.add(_norm(filler.text))
        if _STATE_CODE.fullmatch(key):
            return _norm(key) in names
        return bool(names & self._aliases.get(key, {_norm(key)}))


def _norm(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    letters = "".join(c for c in decomposed if not unicodedata.combining(c))
    return re.sub(r"[^\w]+", " ", letters).strip()


def _tail(iri: str) -> str:
    return re.split(r"[/#:]", iri)[-1]


def _edtf(claim: Claim) -> str | None:
    return claim.date.edtf if claim.date else None


def _dates_agree(wanted: str | None, found: str | None) -> bool:
    """Tell whether a date is the wanted one or one step coarser; a finer one is wrong, and so is any for none."""
    if wanted is None:
        return found is None
    return found is not None and (found == wanted or (wanted.startswith(found) and len(wanted) - len(found) == 3))
