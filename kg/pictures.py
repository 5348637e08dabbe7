"""What a picture shows, in words of one language: a timeline, a cooperation network, a recognition ladder.

Plain records, made from a store; `kg.drawing` gives them shape.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import pyoxigraph as ox

from kg import vocab
from kg.dates import bounds
from kg.errors import InputError
from kg.names import Names
from kg.queries import Named, ask, select
from kg.saved import SavedQuery
from kg.show import FactView, show_entity

# What a ladder shows of each status; what is denied is no step.
_STEPS = "actual,claimed,disputed,planned,requested,possible"
_RUNGS = ("act/delist", "level/envoy", "level/ambassador", "frame/Recognition", "frame/Relations")
_TIES = ("hasRelationsWith", "hasAgreementWith", "exercisedWith", "metWith")
_ACT = f"{vocab.ID}act/"
_CONCEPTS = tuple(f"{vocab.ID}{scheme}/" for scheme in ("kind", "level", "subject"))
Words = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Entry:
    """A fact on a timeline: its date as told (in brackets: only reported), first and last day, words, status code."""

    date: str
    first: str | None
    last: str | None
    text: str
    status: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """Facts in order of time; `statuses`: the label of each status code in it."""

    title: str
    entries: tuple[Entry, ...]
    statuses: Mapping[str, str]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tie:
    """What binds two nodes (IRIs): a tie's code, and on how many facts it rests."""

    first: str
    second: str
    code: str
    facts: int


@dataclass(frozen=True, slots=True)
class Network:
    """Who cooperates with whom around `centres`; `nodes`: the label of each IRI; `codes`: the label of each tie."""

    title: str
    centres: tuple[str, ...]
    nodes: Mapping[str, str]
    ties: tuple[Tie, ...]
    codes: Mapping[str, str]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One step of one state: the rung's number from the left, the date as told (None: none), the status code."""

    rung: int
    date: str | None
    status: str


@dataclass(frozen=True, slots=True)
class Ladder:
    """Who has come how far towards recognising: rungs from the left, a row a state with its steps."""

    title: str
    rungs: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Step, ...]], ...]
    statuses: Mapping[str, str]
    notes: tuple[str, ...] = ()


Picture = Timeline | Network | Ladder
Kind = Literal["timeline", "network", "ladder"]


@dataclass(frozen=True, slots=True)
class Painter:
    """What pictures are made of: a store, the saved queries, the words around them, and a language.

    `documents`: how many the register has; `limit`: how many facts or partners a picture holds at most.
    """

    store: ox.Store
    queries: Mapping[str, SavedQuery]
    words: Words
    language: str
    documents: int
    limit: int = 60
    names: Names = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", Names(self.store))

    def paint(self, kind: Kind, entities: Sequence[str]) -> Picture:
        """Return a picture of a kind. Raises UnknownName, or InputError where there is nothing to draw."""
        if kind == "timeline":
            return self.timeline(entities)
        return self.network(entities) if kind == "network" else self.ladder(entities)

    # -- timeline -------------------------------------------------------------------------------------------------

    def timeline(self, entities: Sequence[str]) -> Timeline:
        """Return the facts about `entities`, by time. Raises UnknownName, or InputError where there are none."""
        views = [show_entity(self.store, name, self.language) for name in entities]
        facts = {fact.id: fact for view in views for fact in view.facts}
        if not facts:
            raise InputError(f"the register has no fact about {' or '.join(view.label for view in views)} to draw")
        reported = self._reported(facts)
        asked = {view.id for view in views}
        entries = sorted(
            (self._entry(fact, reported.get(fact.id), asked if len(asked) == 1 else set()) for fact in facts.values()),
            key=lambda entry: (entry.first or entry.last or "9999", entry.date, entry.text),
        )
        kept = tuple(entries[-self.limit :])
        notes = [self._word("reported")] if any(entry.date.startswith("(") for entry in kept) else []
        return Timeline(
            self._title("timeline", [view.label for view in views]),
            kept,
            self._statuses(entry.status for entry in kept),
            self._notes(len(entries) - len(kept), notes),
        )

    def _entry(self, fact: FactView, reported: str | None, asked: set[str]) -> Entry:
        first, last = bounds(fact.date) if fact.date else (reported, reported)
        date = fact.date or (f"({reported})" if reported else "")
        return Entry(date, first, last, self._wording(fact, asked), vocab.local_name(fact.status.id))

    def _wording(self, fact: FactView, asked: set[str]) -> str:
        """Return the frame, or the act, and who else takes part in what role; concepts without their role."""
        what, concepts, others = fact.frame.label, [], []
        for role, fillers in fact.roles:
            shown = [filler.label for filler in fillers if filler.id not in asked]
            if not shown:
                continue
            if all(filler.id.startswith(_ACT) for filler in fillers):
                what = ", ".join(shown)
            elif all(filler.id.startswith(_CONCEPTS) for filler in fillers):
                concepts.append(", ".join(shown))
            else:
                others.append(f"{self.names.label(vocab.chy(role), self.language)}: {', '.join(shown)}")
        if fact.former:
            concepts.append(self.names.label(vocab.FORMER, self.language))
        named = f" ({', '.join(concepts)})" if concepts else ""
        return f"{what}{named}" + (f" \u2013 {'; '.join(others)}" if others else "")

    def _reported(self, facts: Iterable[str]) -> dict[str, str]:
        wanted = " ".join(f"<{fact}>" for fact in sorted(facts))
        rows = select(self.store, _REPORTED.replace("%FACTS%", wanted))
        return {row["fact"].value: row["day"].value for row in rows if "day" in row}

    # -- network --------------------------------------------------------------------------------------------------

    def network(self, entities: Sequence[str]) -> Network:
        """Return who cooperates with `entities`, and with each other. Raises as `timeline` does."""
        centres = tuple(dict.fromkeys(self.names.find_entity(name) for name in entities))
        pairs: dict[tuple[str, str, str], set[str]] = {}
        for row in ask(self.store, self.queries["cooperation-network"], {}, language=self.language).rows:
            actor, partner, kinds = row.cells[:3]
            if isinstance(actor, Named) and isinstance(partner, Named) and isinstance(kinds, tuple):
                first, second = sorted((actor.id, partner.id))
                for kind in kinds:
                    pairs.setdefault((first, second, vocab.local_name(kind.id)), set()).update(row.facts)
        weight: dict[str, int] = {}
        for (first, second, _), facts in pairs.items():
            for one, other in ((first, second), (second, first)):
                if one in centres and other not in centres:
                    weight[other] = weight.get(other, 0) + len(facts)
        partners = sorted(weight, key=lambda node: (-weight[node], node))
        shown = {*centres, *partners[: self.limit]}
        ties = [Tie(*key, len(facts)) for key, facts in sorted(pairs.items()) if shown.issuperset(key[:2])]
        labels = [self._label(centre) for centre in centres]
        if not ties:
            raise InputError(f"the register knows no cooperation of {' or '.join(labels)} to draw")
        codes = [code for code in _TIES if any(tie.code == code for tie in ties)]
        return Network(
            self._title("network", labels),
            centres,
            {node: self._label(node) for node in sorted(shown)},
            tuple(ties),
            {code: self.names.label(vocab.chy(code), self.language) for code in codes},
            self._notes(len(partners) - self.limit),
        )

    # -- ladder ---------------------------------------------------------------------------------------------------

    def ladder(self, entities: Sequence[str]) -> Ladder:
        """Return who has come how far towards recognising `entities`. Raises as `timeline` does."""
        query, rows, labels = self.queries["recognition-ladder"], [], []
        for name in entities:
            government = self._label(self.names.find_entity(name, ("Government", "State")))
            labels.append(government)
            answer = ask(self.store, query, {"government": name, "status": _STEPS}, language=self.language)
            found: dict[str, list[Step]] = {}
            places = {column.name: number for number, column in enumerate(answer.columns)}
            for row in answer.rows:
                cells = {name: row.cells[place] for name, place in places.items()}
                actor, step = cells["actor"], self._step(cells)
                if isinstance(actor, Named) and step is not None:
                    found.setdefault(actor.label, []).append(step)
            mark = f" \u2192 {government}" if len(entities) > 1 else ""
            rows += [(actor + mark, self._best(steps)) for actor, steps in found.items()]
        if not rows:
            raise InputError(f"the register knows no step towards recognising {' or '.join(labels)} to draw")
        rows.sort(key=lambda row: (-max((s.rung for s in row[1] if s.rung < len(_RUNGS) - 1), default=-1), row[0]))
        kept = tuple(rows[: self.limit])
        return Ladder(
            self._title("ladder", labels),
            tuple(self._label(vocab.ID + rung) for rung in _RUNGS),
            kept,
            self._statuses(step.status for _, steps in kept for step in steps),
            self._notes(len(rows) - len(kept)),
        )

    def _step(self, cells: Mapping[str, object]) -> Step | None:
        """Return the step in a row of the answer; relations of any kind stand beside the rungs."""
        ids = {cell.id.removeprefix(vocab.ID) for cell in cells.values() if isinstance(cell, Named)}
        rung = 4 if "frame/Relations" in ids else next((n for n, r in enumerate(_RUNGS) if r in ids), None)
        status, date = cells["status"], cells["date"]
        if rung is None or not isinstance(status, Named):
            return None
        return Step(rung, date if isinstance(date, str) else None, vocab.local_name(status.id))

    def _best(self, steps: Sequence[Step]) -> tuple[Step, ...]:
        """Return one step a rung: the surest, then the first dated one."""
        order = _STEPS.split(",")
        ranked = sorted(steps, key=lambda s: (order.index(s.status), s.date is None, s.date or ""), reverse=True)
        return tuple(step for _, step in sorted({step.rung: step for step in ranked}.items()))

    # -- words ----------------------------------------------------------------------------------------------------

    def _label(self, iri: str) -> str:
        return self.names.label(iri, self.language)

    def _word(self, name: str, **values: object) -> str:
        text = self.words[name][self.language]
        for key, value in values.items():
            text = text.replace(f"{{{key}}}", str(value))
        return text

    def _title(self, kind: str, labels: Sequence[str]) -> str:
        return self._word(kind, entity=", ".join(labels))

    def _notes(self, left_out: int, notes: Sequence[str] = ()) -> tuple[str, ...]:
        more = (self._word("left_out", number=left_out),) if left_out > 0 else ()
        return (*notes, self._word("sources", number=self.documents), *more)

    def _statuses(self, codes: Iterable[str]) -> dict[str, str]:
        used = set(codes)
        ordered = (*_STEPS.split(","), "negated")
        return {code: self._label(f"{vocab.ID}status/{code}") for code in ordered if code in used}


_REPORTED = f"""
PREFIX chy: <{vocab.CHY}>
PREFIX graph: <{vocab.GRAPH}>
PREFIX prov: <{vocab.PROV}>
PREFIX schema: <{vocab.SCHEMA}>
SELECT ?fact (MIN(STR(?published)) AS ?day) WHERE {{
  VALUES ?fact {{ %FACTS% }}
  GRAPH graph:facts {{ ?fact chy:supportedBy|chy:opposedBy ?claim }}
  GRAPH ?document {{ ?claim prov:wasDerivedFrom/schema:datePublished ?published }}
}} GROUP BY ?fact ORDER BY ?fact
"""
