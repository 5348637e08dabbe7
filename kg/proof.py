"""Why the register says what it says: a fact or triple -> axiom or fusion rule -> facts -> claims -> quotes.

Proofs are found backwards in what the store holds, without inferring anything again: an inferred triple is led back,
axiom by axiom, to triples that are given, and these to the facts that established them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import pyoxigraph as ox

from kg import vocab
from kg.dates import bounds, ended_before
from kg.decisions import Decisions
from kg.entailment import Axiom, Axioms, Node, Triple, concluding, derivations, triple_of
from kg.ids import document_id, position_iri, quote_iri
from kg.model import DirectLink, Frame, Iri, Knowledge
from kg.rulings import Ruling, Rulings

Side = Literal["for", "against", "before"]

_DEEPEST: Final = 16
# The fusion rule behind each status, in words; `_rule` tells apart the ways to a negated or former fact.
_STATUS_RULES: Final[Mapping[str, str]] = {
    "actual": "told as done or so, and nothing of the same or a later time stands against it",
    "claimed": "all who say so are neither parties to it nor officials of a party",
    "negated": "nothing that stands says that it is so, and a claim says that it is not",
    "planned": "nothing is told as done; the strongest that is said is that it is planned",
    "requested": "nothing is told as done; the strongest that is said is that somebody asks for it",
    "possible": "nothing is told as done; it is only said to be possible",
    "disputed": "a claim of the same or a later time says that it is not so, and tells no act that ended it",
}
_ENDED: Final = "an act that ends it came after the last claim that it is so"
_OVER: Final = "said to be over after the last claim that it is so"
_ORIGINS: Final[Mapping[str, str]] = {
    vocab.GRAPH_REFERENCE: "reference",
    vocab.GRAPH_ONTOLOGY: "ontology",
    vocab.GRAPH_ENTITIES: "entities",
    vocab.GRAPH_FACTS: "facts",
    vocab.GRAPH_DIRECT: "direct",
    vocab.GRAPH_INFERRED: "inferred",
}
_REASONED: Final = frozenset(
    {vocab.GRAPH_REFERENCE, vocab.GRAPH_ONTOLOGY, vocab.GRAPH_ENTITIES, vocab.GRAPH_DIRECT, vocab.GRAPH_INFERRED}
)


@dataclass(frozen=True, slots=True)
class ClaimProof:
    """What one document says: the quote, where it stands, and who says it.

    Where an editor corrected it, date, polarity and modality are as corrected; `ruling` tells them as extracted.
    """

    claim: Iri
    quote: str
    document: str
    start: int
    end: int
    published: str | None
    language: str | None
    date: str | None
    polarity: str
    modality: str
    speaker: Iri | None
    relayed_by: Iri | None
    extractor: str
    ruling: Ruling | None = None


@dataclass(frozen=True, slots=True)
class FactProof:
    """A fact with the rule that gave its status, the claims on both sides, and the less precise facts it refines.

    `left_out` are the claims that would bear on it if no editor had rejected them, or corrected them to say something
    else; `rulings` the decisions on the entities that its claims name.
    """

    fact: Iri
    frame: str
    roles: tuple[tuple[str, tuple[str, ...]], ...]
    status: str
    rule: str
    date: str | None
    supporting: tuple[ClaimProof, ...]
    opposing: tuple[ClaimProof, ...]
    refines: tuple[FactProof, ...] = ()
    refined_by: Iri | None = None
    left_out: tuple[ClaimProof, ...] = ()
    rulings: tuple[Ruling, ...] = ()

    @property
    def sides(self) -> tuple[tuple[Side, tuple[ClaimProof, ...]], ...]:
        """The claims for the fact, those against it, and the denials from before it began, which oppose nothing."""
        began = bounds(self.date)[0] if self.date is not None else None
        early = tuple(claim for claim in self.opposing if ended_before(claim.published, began))
        against = tuple(claim for claim in self.opposing if claim not in early)
        return ("for", self.supporting), ("against", against), ("before", early)


@dataclass(frozen=True, slots=True)
class TripleProof:
    """A triple, where it comes from, and why it holds.

    `origin`: inferred (`axiom`, `premises`), direct (established by `facts`), reference, ontology, entities (for
    the `reasons` of a join), facts, or document.
    """

    triple: Triple
    origin: str
    axiom: Axiom | None = None
    premises: tuple[TripleProof, ...] = ()
    facts: tuple[FactProof, ...] = ()
    reasons: tuple[str, ...] = ()


class Prover:
    """Finds proofs in one store, which was concluded by `decisions`."""

    def __init__(
        self, store: ox.Store, axioms: Axioms, knowledge: Knowledge, decisions: Decisions | None = None
    ) -> None:
        self._store, self._knowledge = store, knowledge
        self._rulings = Rulings(store, decisions or Decisions())
        self._concluding = concluding(axioms)

    # -- facts ----------------------------------------------------------------------------------------------------

    def fact(self, fact: str) -> FactProof | None:
        """Return the proof of a fact; None when the store holds no such fact."""
        frame_iri = self._value(fact, vocab.FRAME, vocab.GRAPH_FACTS)
        status = self._value(fact, vocab.STATUS, vocab.GRAPH_FACTS)
        if frame_iri is None or status is None:
            return None
        frame = next(f for f in self._knowledge.frames.values() if f.id == frame_iri)
        code = vocab.local_name(status)
        former = self._value(fact, vocab.FORMER, vocab.GRAPH_FACTS) is not None
        supporting, opposing = self._claims(fact, vocab.SUPPORTED_BY), self._claims(fact, vocab.OPPOSED_BY)
        refines = (self.fact(s) for s in self._subjects(vocab.REFINED_BY, fact, vocab.GRAPH_FACTS))
        refined_by = self._value(fact, vocab.REFINED_BY, vocab.GRAPH_FACTS)
        roles = tuple(
            (role.name, found)
            for role in frame.roles
            if (found := tuple(self._values(fact, role.property, vocab.GRAPH_FACTS)))
        )
        date = self._value(fact, vocab.EDTF, vocab.GRAPH_FACTS)
        own = [claim.claim for claim in (*supporting, *opposing)]
        return FactProof(
            fact=Iri(fact),
            frame=frame.name,
            roles=roles,
            status=code,
            rule=_rule(code, former=former, told=bool(supporting), denied=bool(opposing)),
            date=date,
            supporting=supporting,
            opposing=opposing,
            refines=tuple(proof for proof in refines if proof is not None),
            refined_by=Iri(refined_by) if refined_by else None,
            left_out=self._left_out(frame, dict(roles), date, own),
            rulings=tuple(
                self._rulings.on_entities(
                    (one for claim in own for one in self._rulings.named_by(claim)),
                    (one for _, found in roles for one in found),
                )
            ),
        )

    def _left_out(
        self, frame: Frame, roles: Mapping[str, tuple[str, ...]], date: str | None, own: Sequence[str]
    ) -> tuple[ClaimProof, ...]:
        """Return the claims that decisions keep from a fact; of an event, those told of another day bear on others."""
        found = []
        for claim, ruling in sorted(self._rulings.left_out(frame.name, roles, own).items()):
            read = self._as_read(claim)
            if read is not None and (frame.aspect == "state" or _may_be_one(read.date, date)):
                found.append(replace(read, ruling=ruling))
        return tuple(found)

    def _claims(self, fact: str, link: Iri) -> tuple[ClaimProof, ...]:
        found = (self.claim(claim) for claim in self._values(fact, link, vocab.GRAPH_FACTS))
        return tuple(
            sorted(
                (proof for proof in found if proof is not None),
                key=lambda proof: (proof.published or "9999", proof.document, proof.start, proof.claim),
            )
        )

    def claim(self, claim: str) -> ClaimProof | None:
        """Return what a claim says and where, as corrected; None when the store holds no such claim."""
        read, ruling = self._as_read(claim), self._rulings.on(claim)
        if read is None or ruling is None:
            return read
        return replace(
            read,
            date=ruling.corrected("date") or read.date,
            polarity=ruling.corrected("polarity") or read.polarity,
            modality=ruling.corrected("modality") or read.modality,
            ruling=ruling,
        )

    def _as_read(self, claim: str) -> ClaimProof | None:
        source = self._value(claim, vocab.PROV_WAS_DERIVED_FROM)
        evidence = self._value(claim, vocab.EVIDENCE)
        if source is None or evidence is None:
            return None
        position, quote = position_iri(Iri(evidence)), quote_iri(Iri(evidence))
        speaker, relayed_by = self._value(claim, vocab.ATTRIBUTION), self._value(claim, vocab.RELAYED_BY)
        return ClaimProof(
            claim=Iri(claim),
            quote=self._value(quote, vocab.OA_EXACT) or "",
            document=document_id(source),
            start=int(self._value(position, vocab.OA_START) or 0),
            end=int(self._value(position, vocab.OA_END) or 0),
            published=self._value(source, vocab.SCHEMA_DATE_PUBLISHED) or self._value(source, vocab.PUBLISHED_EDTF),
            language=self._value(source, vocab.SCHEMA_IN_LANGUAGE),
            date=self._value(claim, vocab.EDTF),
            polarity=vocab.local_name(self._value(claim, vocab.POLARITY) or "positive"),
            modality=vocab.local_name(self._value(claim, vocab.MODALITY) or "actual"),
            speaker=Iri(speaker) if speaker else None,
            relayed_by=Iri(relayed_by) if relayed_by else None,
            extractor=self._value(claim, vocab.EXTRACTOR) or "",
        )

    # -- triples --------------------------------------------------------------------------------------------------

    def triple(self, subject: str, predicate: str, value: Node) -> TripleProof | None:
        """Return a shortest proof of a triple; None when the store does not hold it, or nothing there entails it."""
        wanted = (subject, predicate, value)
        if not self._graphs(wanted):
            return None
        for depth in range(_DEEPEST):
            proof = self._prove(wanted, depth, frozenset())
            if proof is not None:
                return proof
        return None

    def _prove(self, triple: Triple, depth: int, above: frozenset[Triple]) -> TripleProof | None:
        everywhere = self._graphs(triple)
        # Claims and facts entail nothing: only what is reasoned over can be a premise.
        graphs = [graph for graph in everywhere if graph in _REASONED] or ([] if above else everywhere)
        given = [graph for graph in graphs if graph != vocab.GRAPH_INFERRED]
        if given:
            return self._given(triple, given)
        if not graphs or depth == 0 or triple in above:
            return None
        for derivation in derivations(triple, self._concluding, self):
            premises = []
            for premise in derivation.premises:
                proof = self._prove(premise, depth - 1, above | {triple})
                if proof is None:
                    break
                premises.append(proof)
            else:
                return TripleProof(triple, "inferred", axiom=derivation.axiom, premises=tuple(premises))
        return None

    def _given(self, triple: Triple, graphs: Sequence[str]) -> TripleProof:
        if vocab.GRAPH_DIRECT in graphs:
            facts = self._establishing(triple)
            return TripleProof(triple, "direct" if facts else "reference", facts=tuple(facts))
        graph = graphs[0]
        joined = graph == vocab.GRAPH_ENTITIES and triple[1] == vocab.JOINED_INTO
        reasons = tuple(self._values(triple[0], vocab.JOIN_REASON, graph)) if joined else ()
        return TripleProof(triple, _ORIGINS.get(graph, "document"), reasons=reasons)

    def _establishing(self, triple: Triple) -> list[FactProof]:
        """Return the facts that put a triple into the direct graph: by a link of a frame, or as its individual."""
        s, p, o = triple
        named = self._values(s, vocab.ESTABLISHED_BY, vocab.GRAPH_DIRECT)
        linked = [
            fact
            for frame in self._knowledge.frames.values()
            for link in frame.links
            if link.property == p and isinstance(o, str)
            for fact in self._linking(frame, link, s, o)
        ]
        found = (self.fact(fact) for fact in sorted({*named, *linked}))
        return [proof for proof in found if proof is not None and proof.status == "actual"]

    def _linking(self, frame: Frame, link: DirectLink, s: str, o: str) -> Iterator[str]:
        source, target = frame.role(link.source), frame.role(link.target)
        if source is None or target is None:
            return
        for fact in self._subjects(source.property, s, vocab.GRAPH_FACTS):
            stated = {v for role in frame.roles for v in self._values(fact, role.property, vocab.GRAPH_FACTS)}
            if (
                self._value(fact, vocab.FRAME, vocab.GRAPH_FACTS) == frame.id
                and o in self._values(fact, target.property, vocab.GRAPH_FACTS)
                and self._value(fact, vocab.FORMER, vocab.GRAPH_FACTS) is None
                and self._value(fact, vocab.REFINED_BY, vocab.GRAPH_FACTS) is None
                and (link.when is None or link.when in stated)
                and link.unless not in stated
            ):
                yield fact

    # -- the store ------------------------------------------------------------------------------------------------

    def _graphs(self, triple: Triple) -> list[str]:
        """Return the graphs that hold a triple, sorted."""
        s, p, o = triple
        quads = self._store.quads_for_pattern(ox.NamedNode(s), ox.NamedNode(p), _node(o), None)
        return sorted(_text(quad.graph_name) for quad in quads)

    def after(self, prop: str, subject: str) -> list[Node]:
        """Return the objects that the store has; given triples come first: they make the shorter proofs."""
        return [triple[2] for triple in self._matching(subject, prop, None)]

    def before(self, prop: str, value: Node) -> list[str]:
        """Return the subjects that the store has, likewise."""
        return [triple[0] for triple in self._matching(None, prop, value)]

    def _matching(self, s: str | None, p: str, o: Node | None) -> list[Triple]:
        quads = self._store.quads_for_pattern(
            ox.NamedNode(s) if s else None, ox.NamedNode(p), _node(o) if o is not None else None, None
        )
        found = {
            triple_of(quad): _text(quad.graph_name) == vocab.GRAPH_INFERRED
            for quad in quads
            if _text(quad.graph_name) in _REASONED
        }
        return sorted(found, key=lambda triple: (found[triple], str(triple)))

    def _values(self, s: str, p: str, graph: str | None = None) -> list[str]:
        name = ox.NamedNode(graph) if graph else None
        quads = self._store.quads_for_pattern(ox.NamedNode(s), ox.NamedNode(p), None, name)
        return sorted({_text(quad.object) for quad in quads})

    def _value(self, s: str, p: str, graph: str | None = None) -> str | None:
        return next(iter(self._values(s, p, graph)), None)

    def _subjects(self, p: str, o: str, graph: str) -> list[str]:
        ends: list[ox.NamedNode | ox.Literal] = [ox.NamedNode(o)]
        quads = (
            q for end in ends for q in self._store.quads_for_pattern(None, ox.NamedNode(p), end, ox.NamedNode(graph))
        )
        return sorted({_text(quad.subject) for quad in quads})


def _rule(status: str, *, former: bool, told: bool, denied: bool) -> str:
    """Return in words why a fact has its status."""
    if former:
        return _OVER
    return _ENDED if status == "negated" and told and not denied else _STATUS_RULES[status]


def _may_be_one(one: str | None, other: str | None) -> bool:
    """Return whether two dates (EDTF) have a day in common; no date may be any."""
    if one is None or other is None:
        return True
    (start, end), (begin, last) = bounds(one), bounds(other)
    return (start or "") <= (last or "9999") and (begin or "") <= (end or "9999")


def _node(node: Node) -> ox.NamedNode | ox.Literal:
    return ox.NamedNode(node) if isinstance(node, str) else node


def _text(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else ""
