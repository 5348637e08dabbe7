"""Facts to the direct graph: what holds, as individuals and plain triples."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import pyoxigraph as ox

from kg import vocab
from kg.agreements import AGREEMENT_ACTS
from kg.ids import digest, individual_iri
from kg.model import Fact, Frame, FrameRole, Iri, Knowledge, OfficeTerm
from kg.quads import Writer
from kg.rereading import nodes_of, value_of, values_of
from kg.standing import beginning, status_on


def direct_quads(facts: Sequence[Fact], knowledge: Knowledge, day: str | None = None) -> list[ox.Quad]:
    """Return what holds on `day` (None: on any): individuals and plain triples of actual facts, and terms of office."""
    by_fact = direct_by_fact(facts, knowledge, day)
    return list(dict.fromkeys([q for quads in by_fact.values() for q in quads] + term_quads(knowledge, day)))


def direct_by_fact(
    facts: Sequence[Fact], knowledge: Knowledge, day: str | None = None, *, possible: bool = False
) -> dict[Iri, list[ox.Quad]]:
    """Return what each of `facts` makes hold on `day`; with `possible`, also where it only may have held by then.

    A fact that a more precise one refines makes nothing of its own: it is a further reason for what that one makes. The
    signing that an act belongs to must be among `facts`, if it holds.
    """
    holding = {f.id: f for f in facts if _holds(f, day, possible=possible)}
    coarser: dict[Iri, list[Iri]] = defaultdict(list)
    for fact in holding.values():
        if fact.refined_by in holding:
            coarser[fact.refined_by].append(fact.id)
    terms = _terms_by_office(knowledge.terms, day)
    made = {}
    for fact in holding.values():
        if fact.refined_by not in holding:
            out = Writer(vocab.GRAPH_DIRECT)
            frame = knowledge.frames[fact.frame]
            _write_individual(out, fact, frame, [fact.id, *coarser[fact.id]], holding, terms)
            _write_links(out, fact, frame)
            made[fact.id] = out.quads()
    return made


def term_quads(knowledge: Knowledge, day: str | None = None) -> list[ox.Quad]:
    """Return the terms of office that reference data knows, held on `day` or formerly held."""
    out = Writer(vocab.GRAPH_DIRECT)
    for term in knowledge.terms:
        _write_term(out, term, day)
    return out.quads()


def _holds(fact: Fact, day: str | None, *, possible: bool) -> bool:
    if fact.status != "actual":
        return False
    if day is None or not fact.moments:
        return True
    return status_on(fact, day).certainty in ({"certain", "possible"} if possible else {"certain"})


def terms_that_turn(knowledge: Knowledge, before: str | None, after: str | None) -> list[OfficeTerm]:
    """Return the terms of office that begin or end between two days."""
    return [
        term
        for term in knowledge.terms
        if (_has_begun(term, before), _is_over(term, before)) != (_has_begun(term, after), _is_over(term, after))
    ]


# What tells terms of office apart: holder, office, body, and whether it is over.
OfficeKey = tuple[Iri | None, Iri | None, Iri | None, bool]


def _terms_by_office(terms: Iterable[OfficeTerm], day: str | None) -> dict[OfficeKey, list[OfficeTerm]]:
    found: dict[OfficeKey, list[OfficeTerm]] = defaultdict(list)
    for term in terms:
        if _has_begun(term, day):
            found[term.holder, term.office, term.of, _is_over(term, day)].append(term)
    return found


def _office_key(fact: Fact, frame: Frame) -> OfficeKey:
    def only(prop: Iri) -> Iri | None:
        return next((f for role in frame.roles if role.property == prop for f in fact.fillers(role.name)), None)

    return only(vocab.HOLDER), only(vocab.OFFICE), only(vocab.OF), fact.former


def _write_individual(
    out: Writer,
    fact: Fact,
    frame: Frame,
    reasons: Sequence[Iri],
    holding: Mapping[Iri, Fact],
    terms: Mapping[OfficeKey, Sequence[OfficeTerm]],
) -> None:
    if frame.individual_class is None:
        return
    me = individual_iri(frame.individual_class, fact.id)
    known = terms.get(_office_key(fact, frame), ()) if vocab.chy(frame.individual_class) == vocab.OFFICE_TERM else ()
    if len(known) == 1:  # the term that reference data knows already: the fact is one more reason for it
        for reason in reasons:
            out.add(term_iri(known[0]), vocab.ESTABLISHED_BY, reason)
        return
    out.add(me, vocab.RDF_TYPE, vocab.chy(frame.individual_class))
    for name, fillers in fact.roles:
        prop = _individual_property(frame.role(name), fact)
        for filler in fillers if prop else ():
            out.add(me, prop or "", filler)
    if vocab.chy(frame.individual_class) == vocab.OFFICE_TERM:
        _write_stretch(out, me, fact)
    elif fact.edtf is not None:
        out.date(me, fact.edtf, fact.earliest, fact.latest)
    for reason in reasons:
        out.add(me, vocab.ESTABLISHED_BY, reason)
    act = AGREEMENT_ACTS.get(frame.individual_class)
    if act is not None and fact.agreement is not None and fact.agreement in holding:
        out.add(me, act, individual_iri(vocab.local_name(vocab.AGREEMENT), fact.agreement))


def _individual_property(role: FrameRole | None, fact: Fact) -> Iri | None:
    if role is None:
        return None
    return (role.former_individual_property if fact.former else None) or role.individual_property


def _write_stretch(out: Writer, node: Iri, fact: Fact) -> None:
    """Write the days on which a term began or ended, where a claim gives the full day."""
    start, end = beginning(fact)
    out.day(node, vocab.FROM, start)
    out.day(node, vocab.UNTIL, end)


def _write_links(out: Writer, fact: Fact, frame: Frame) -> None:
    if fact.former:
        return
    stated = {filler for _, fillers in fact.roles for filler in fillers}
    for link in frame.links:
        if (link.when is not None and link.when not in stated) or link.unless in stated:
            continue
        for source in fact.fillers(link.source):
            for target in fact.fillers(link.target):
                if source != target:
                    out.add(source, link.property, target)


def _write_term(out: Writer, term: OfficeTerm, day: str | None) -> None:
    """Write a term of office that reference data knows: held on the day, or formerly held."""
    if not _has_begun(term, day):
        return
    me = term_iri(term)
    out.add(me, vocab.RDF_TYPE, vocab.OFFICE_TERM)
    out.add(me, vocab.FORMERLY_HELD_BY if _is_over(term, day) else vocab.HELD_BY, term.holder)
    out.add(me, vocab.OFFICE, term.office)
    out.add(me, vocab.OFFICE_OF, term.of)
    out.day(me, vocab.FROM, term.start)
    out.day(me, vocab.UNTIL, term.end)


def _has_begun(term: OfficeTerm, day: str | None) -> bool:
    return day is None or term.start is None or term.start <= day


def _is_over(term: OfficeTerm, day: str | None) -> bool:
    return term.former or (term.end is not None and (day is None or term.end < day))


def term_iri(term: OfficeTerm) -> Iri:
    """Return the IRI that a term of office of the reference data has in the direct graph."""
    return Iri(f"{vocab.ID}office-term/{digest('reference', term.holder, term.office, term.of, term.start, term.end)}")


def governance_quads(reference: Iterable[ox.Quad], day: str | None = None) -> list[ox.Quad]:
    """Return who governs what on `day`, as plain triples of the direct graph, from the reference graph."""
    out = Writer(vocab.GRAPH_DIRECT)
    nodes = nodes_of(reference)
    for subject in sorted(s for s in nodes if vocab.GOVERNANCE in values_of(nodes[s], vocab.RDF_TYPE)):
        node = nodes[subject]
        start, end = value_of(node, vocab.FROM), value_of(node, vocab.UNTIL)
        if (end is not None and (day is None or end < day)) or (day is not None and start is not None and start > day):
            continue
        prop = vocab.GOVERNS if value_of(node, vocab.GOVERNANCE_KIND) == "governs" else vocab.CLAIMS_TO_GOVERN
        for government in values_of(node, vocab.GOVERNMENT_ROLE):
            for governed in values_of(node, vocab.GOVERNED):
                out.add(government, prop, governed)
    return out.quads()
