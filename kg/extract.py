"""Document -> extraction: composes segmenting, mentions, discourse and claims; two passes, so that names told later
are known."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from kg.calibration import calibrated
from kg.chronicle import days_above
from kg.claims import SentenceReader
from kg.datelines import find_published
from kg.dates import Calendar
from kg.discourse import Discourse
from kg.gazetteer import Gazetteer, Hit, family_names
from kg.ids import claim_id
from kg.language.pack import Pack
from kg.mentions import Mention, MentionFinder
from kg.model import (
    SILENT,
    Block,
    Claim,
    ClaimDate,
    Document,
    Entity,
    Extraction,
    Filler,
    Iri,
    Knowledge,
    Note,
    Sentence,
    Span,
)
from kg.referents import OfficeHeld, Phrase
from kg.repeats import REPEATED
from kg.resolution import Opened, Template
from kg.segment import LONGEST, find_blocks, find_sentences
from kg.titles import PhraseBuilder
from kg.token_row import TokenRow
from kg.tokens import Tokeniser

DATELINE_TOKENS = 14
SHORTEST_SURNAME = 3
_DASHES = frozenset({"\u2014", "\u2013", "-"})


@dataclass(frozen=True, slots=True)
class SentenceTrace:
    """What was seen in one sentence, for explaining."""

    sentence: Sentence
    mentions: tuple[Mention, ...]
    phrases: tuple[Phrase, ...]
    lines: tuple[str, ...]
    claims: tuple[Claim, ...]


# What one sentence names: mentions, phrases, and who holds which office.
Seen = tuple[list[Mention], list[Phrase], list[OfficeHeld]]


@dataclass
class Language:
    """A pack with what is built from it once: tokeniser, calendar, names."""

    pack: Pack
    tokeniser: Tokeniser
    calendar: Calendar
    names: Gazetteer


def prepare(pack: Pack, knowledge: Knowledge) -> Language:
    """Return a language made ready: its tokeniser, its calendar, and the names of all entities in it."""
    tokeniser = Tokeniser(pack)
    names = Gazetteer(pack, tokeniser)
    names.add_entities(knowledge.entities.values())
    families: dict[str, list[Iri]] = {}
    for entity in knowledge.entities.values():
        if "Person" in entity.kinds:
            for family in family_names(entity, pack.names_from):
                families.setdefault(family, []).append(entity.id)
    for family, holders in families.items():
        if len(holders) == 1 and len(family) > SHORTEST_SURNAME and pack.morphology.fold(family) not in pack.not_names:
            names.add(family, holders[0], "surname")
    return Language(pack, tokeniser, Calendar(pack), names)


class Extractor:
    """Extracts claims from documents in the languages it has packs for."""

    def __init__(self, knowledge: Knowledge, packs: Mapping[str, Pack]) -> None:
        self._knowledge = knowledge
        self._packs = packs
        self._prepared: dict[str, Language] = {}
        self._persons = {e.id for e in knowledge.entities.values() if "Person" in e.kinds}
        self._states = frozenset(e.id for e in knowledge.entities.values() if "State" in e.kinds)

    @property
    def office_frame(self) -> str:
        """The name of the frame whose claims come from office titles."""
        frames = self._knowledge.frames.values()
        return next((f.name for f in frames if any(r.scheme == "office" for r in f.roles)), "")

    def _belongs(self, part: Iri, whole: Iri) -> bool:
        """Tell whether the reference data puts one entity into another: a group in its state, an organ to its state."""
        entity = self._knowledge.entities.get(part)
        return entity is not None and whole in {entity.located_in, entity.organ_of}

    def _language(self, tag: str) -> Language:
        """Return a language made ready, the first time it is met."""
        if tag not in self._prepared:
            self._prepared[tag] = prepare(self._packs[tag], self._knowledge)
            # Words and names live as long as the process: collected again and again, they cost a sixth of the time.
            gc.collect()
            gc.freeze()
        return self._prepared[tag]

    def extract(self, document: Document) -> Extraction:
        """Return the claims, new entities, blocks and report of a document; raises KeyError for a language without a
        pack."""
        return self._run(document, None)

    def explain(self, document: Document) -> tuple[Extraction, list[SentenceTrace]]:
        """Return the extraction and, sentence by sentence, what was seen on the way to it."""
        traces: list[SentenceTrace] = []
        return self._run(document, traces), traces

    def _run(self, document: Document, traces: list[SentenceTrace] | None) -> Extraction:
        language = self._language(document.language)
        pack, tokeniser, calendar = language.pack, language.tokeniser, language.calendar
        blocks = find_blocks(document.text, pack, tokeniser)
        if document.published is None:
            document = replace(document, published=find_published(document.text, blocks, calendar, tokeniser))
        overlong: list[Span] = []
        sentences = find_sentences(document.text, blocks, pack, tokeniser, overlong)
        discourse = Discourse(document.id, self._knowledge, pack, document.published)
        local, seen = self._first_pass(document, sentences, language, discourse)
        finder = MentionFinder(pack, calendar, language.names, local, self._everything(discourse))
        persons = self._persons | {e.id for e in discourse.people.values()}
        builder = PhraseBuilder(pack, persons, self._belongs, self._states)
        above = days_above(document.text, blocks, sentences, calendar, tokeniser, document.published)
        claims: list[Claim] = []
        notes: list[Note] = []
        silent = 0
        template: Template | None = None
        opened: Opened | None = None
        previous: list[Claim] = []
        for sentence, first in zip(sentences, seen, strict=True):
            mentions, phrases, offices = first
            if _tells_more(local, _row(sentence), mentions):
                mentions = finder.find(document.text, sentence, dateline_end(sentence, pack))
                phrases, offices = builder.build(sentence.tokens, mentions)
            discourse.above = above.get(sentence.index)
            discourse.note_phrases(sentence.index, phrases)
            discourse.note_bodies(sentence.index, offices, phrases)
            lines: list[str] | None = [] if traces is not None else None
            reader = SentenceReader(
                document,
                self._knowledge,
                pack,
                discourse,
                sentence,
                mentions,
                phrases,
                offices,
                calendar.typed,
                template,
                opened,
                lines,
            )
            made = reader.read()
            reader.note_nominals()
            template, opened = reader.template, reader.opened
            back = reader.previous_attribution()
            if back is not None:
                claims = _attributed(claims, previous, *back)
            told = reader.previous_date(previous)
            if told is not None:
                claims = _dated(claims, previous, told)
            claims += made
            previous = made
            notes += reader.notes
            parties = {i for p in phrases if p.kind == "entity" for m in p.members for i in m.entities}
            if len(parties) > 1 and not made:
                silent += 1
                notes.append(Note(SILENT, sentence.span, " ".join(sorted(parties))))
            if traces is not None and lines is not None:
                traces.append(SentenceTrace(sentence, tuple(mentions), tuple(phrases), tuple(lines), tuple(made)))
        final = [
            replace(c, confidence=round(calibrated(c.confidence, pack.calibration), 2))
            for c in merged(borne_out(claims, blocks, self._knowledge), self._knowledge)
        ]
        used = {f.id for c in final for _r, fs in c.roles for f in fs} | {
            f.id for c in final for f in (c.attribution, c.relayed_by) if f
        }
        entities = tuple(
            sorted(
                (e for e in (*discourse.people.values(), *discourse.others.values()) if e.id in used),
                key=lambda e: e.id,
            )
        )
        notes += [Note("set aside", b.span, b.reason) for b in blocks if b.kind == "furniture"]
        notes += [Note("set aside", span, f"no sentence: more than {LONGEST} words and marks") for span in overlong]
        return Extraction(document, tuple(final), entities, blocks, tuple(notes), len(sentences), silent)

    def _everything(self, discourse: Discourse) -> dict[Iri, Entity]:
        return {**self._knowledge.entities, **{e.id: e for e in discourse.people.values()}}

    def _first_pass(
        self, document: Document, sentences: Sequence[Sentence], language: Language, discourse: Discourse
    ) -> tuple[Gazetteer, list[Seen]]:
        """Collect the persons of the document with their offices.

        Return the names by which they are called later, and what was seen in each sentence without these.
        """
        pack = language.pack
        local = Gazetteer(pack, language.tokeniser)
        finder = MentionFinder(pack, language.calendar, language.names, local, self._knowledge.entities)
        builder = PhraseBuilder(pack, self._persons, self._belongs, self._states)
        told: dict[str, set[Iri]] = {}
        seen: list[Seen] = []
        for sentence in sentences:
            mentions = finder.find(document.text, sentence, dateline_end(sentence, pack))
            phrases, offices = builder.build(sentence.tokens, mentions)
            seen.append((mentions, phrases, offices))
            discourse.note_phrases(sentence.index, phrases)
            for held in offices:
                person = self._holder(discourse, held, sentence.index)
                if person is None:
                    continue
                of = discourse.first_of([r for r in held.of if r.anaphor is None], sentence.index)
                discourse.note_office(held, person.id, of)
                if (
                    held.holder.via != "surname"
                ):  # a surname alone may be that of somebody whom the document names in full
                    self._call(person, pack, told)
            for mention in mentions:
                full = mention.kind == "name" and mention.via != "surname"
                if full and mention.entities and mention.entities[0] in self._persons:
                    self._call(self._knowledge.entities[mention.entities[0]], pack, told)
        discourse.everyone = frozenset(s.entity for s in discourse.seen)
        discourse.seen.clear()
        discourse.groups.clear()
        for name, holders in sorted(told.items()):
            if len(holders) == 1:
                local.add(name, next(iter(holders)), "surname")
        for entity in discourse.people.values():
            local.add(entity.label(pack.language), entity.id, "preferred")
        return local, seen

    def _holder(self, discourse: Discourse, held: OfficeHeld, sentence: int) -> Entity | None:
        found = discourse.resolve(held.holder, sentence, lambda e: "Person" in e.kinds)
        if found:
            return discourse.entity(found[0])
        return discourse.person(held.holder.words, held.holder.cases) if held.holder.words else None

    def _call(self, person: Entity, pack: Pack, told: dict[str, set[Iri]]) -> None:
        called = getattr(pack.morphology, "called", None)
        names = set(family_names(person, pack.names_from))
        if called is not None and not any(n.kind == "family" for n in person.names):
            names |= {w for n in person.names if n.language == pack.language for w in called(tuple(n.text.split()))}
        for family in sorted(names):
            if pack.morphology.fold(family) not in pack.not_names:
                told.setdefault(family, set()).add(person.id)


def _tells_more(local: Gazetteer, tokens: TokenRow, mentions: Sequence[Mention]) -> bool:
    """Tell whether names learnt since the mentions of a sentence were found can change these.

    A name inside a longer one, or one that is found there already as just that, changes nothing.
    """
    for place in sorted(set(local.places(tokens))):
        hit = local.at(tokens, place)
        if hit is not None and not any(_covers(m, hit) for m in mentions):
            return True
    return False


def _covers(known: Mention, hit: Hit) -> bool:
    """Tell whether a name found before is longer than one learnt since and holds it, so that this is not looked at."""
    return known.kind == "name" and known.first < hit.first and hit.last <= known.last


def _row(sentence: Sentence) -> TokenRow:
    return sentence.tokens if isinstance(sentence.tokens, TokenRow) else TokenRow(sentence.tokens)


def dateline_end(sentence: Sentence, pack: Pack) -> int:
    """Return where the text proper begins: after "CITY, date —" at the head of a paragraph, else 0."""
    tokens = sentence.tokens
    if not tokens or sentence.span.start != sentence.block.span.start or sentence.block.kind != "body":
        return 0
    for place in range(1, min(DATELINE_TOKENS, len(tokens))):
        if tokens[place].text in _DASHES and tokens[place].span.start > tokens[place - 1].span.end - 1:
            before = tokens[:place]
            upper = any(t.kind == "word" and len(t.text) > 2 and t.text.isupper() for t in before)
            dated = any(t.kind == "number" for t in before)
            verbal = any(t.is_pos("VERB", "AUX") and not t.capitalised and not t.is_pos("NOUN", "ADJ") for t in before)
            spaced = place + 1 < len(tokens) and tokens[place + 1].span.start > tokens[place].span.end
            ranged = place + 1 < len(tokens) and dated and tokens[place + 1].kind == "number"  # "30 May \u2013 2 June"
            if (upper or dated) and not verbal and spaced and not ranged and before[0].text[:1].isupper():
                return place + 1
    del pack
    return 0


def borne_out(claims: Sequence[Claim], blocks: Sequence[Block], knowledge: Knowledge) -> list[Claim]:
    """Return the claims without those of a title that the body tells only otherwise: as planned, asked for or denied.

    "Visit of X to Y" over a text that says "X will visit Y" asserts nothing.
    """
    titles = [b.span for b in blocks if b.kind == "title"]
    body: dict[tuple[object, ...], set[bool]] = {}
    headed: list[tuple[Claim, tuple[object, ...]]] = []
    for claim in claims:
        keys = {r.name for r in knowledge.frames[claim.frame].roles if r.key and not r.attribute}
        told = (claim.frame, tuple((r, tuple(sorted(f.id for f in fs))) for r, fs in claim.roles if r in keys))
        asserted = claim.polarity == "positive" and claim.modality == "actual"
        if any(t.start <= claim.evidence.start < t.end for t in titles):
            headed.append((claim, told if asserted else ()))
        else:
            body.setdefault(told, set()).add(asserted)
    dropped = {id(claim) for claim, told in headed if body.get(told) == {False}}
    return [c for c in claims if id(c) not in dropped]


def merged(claims: Iterable[Claim], knowledge: Knowledge) -> list[Claim]:
    """Return the claims in order, each told once: what a document says twice of one thing is put together.

    Two claims tell the same thing when frame, stance and key roles are equal, their dates do not contradict, and no
    other role has fillers that differ; the fuller one stays, with what only the other one tells.
    """
    kept: dict[tuple[object, ...], list[Claim]] = {}
    for claim in claims:
        frame = knowledge.frames[claim.frame]
        keys = {r.name for r in frame.roles if r.key and not r.attribute}
        key = (
            claim.frame,
            claim.polarity,
            claim.modality,
            claim.former,
            tuple((r, tuple(sorted(f.id for f in fs))) for r, fs in claim.roles if r in keys),
        )
        group = kept.setdefault(key, [])
        for place, known in enumerate(group):
            if _same_telling(known, claim, keys):
                group[place] = _united(known, claim)
                break
        else:
            group.append(claim)
    return sorted((c for group in kept.values() for c in group), key=lambda c: (c.evidence, c.frame, c.id))


def _same_telling(known: Claim, claim: Claim, keys: set[str]) -> bool:
    if known.date is not None and claim.date is not None and not _compatible(known.date.edtf, claim.date.edtf):
        return False
    for role, fillers in claim.roles:
        other = known.fillers(role)
        if role not in keys and other and {f.id for f in other} != {f.id for f in fillers}:
            return role in _VAGUE
    return True


_VAGUE = frozenset({"subject", "kind", "place"})


def _compatible(first: str, second: str) -> bool:
    return first.startswith(second) or second.startswith(first)


def _united(known: Claim, claim: Claim) -> Claim:
    """Return the claim with the finer date and more roles, completed from the other one."""

    def weight(c: Claim) -> tuple[bool, int, int]:
        return not c.extractor.endswith(REPEATED), len(c.roles), len(c.date.edtf) if c.date else 0

    best, other = (claim, known) if weight(claim) > weight(known) else (known, claim)
    roles = {**dict(other.roles), **dict(best.roles)}
    date = best.date
    if other.date is not None and (date is None or len(other.date.edtf) > len(date.edtf)):
        date = other.date
    if len(roles) == len(best.roles) and date == best.date:
        return best
    return _told_so(best, tuple(sorted(roles.items())), date)


def _told_so(claim: Claim, roles: tuple[tuple[str, tuple[Filler, ...]], ...], date: ClaimDate | None) -> Claim:
    """Return a claim with other roles and another date, under the identity that follows from them."""
    identity = claim_id(
        claim.document,
        claim.frame,
        claim.evidence,
        [(r, [f.id for f in fs]) for r, fs in roles],
        claim.polarity,
        claim.modality,
        date.edtf if date else None,
    )
    return replace(claim, id=identity, roles=roles, date=date)


def _dated(claims: list[Claim], previous: Sequence[Claim], date: ClaimDate) -> list[Claim]:
    """Give the acts of the sentence before the date that the present sentence tells of them."""
    wanted = {c.id for c in previous}
    return [_told_so(c, c.roles, date) if c.id in wanted and c.date is None and _act(c) else c for c in claims]


def _act(claim: Claim) -> bool:
    """Tell whether a claim is of something done: no office, no plan, no denial."""
    offices = claim.extractor.split("/")[1].startswith("offices")
    return claim.polarity == "positive" and claim.modality == "actual" and not offices


def _attributed(
    claims: list[Claim], previous: Sequence[Claim], speaker: Filler | None, outlet: Filler | None
) -> list[Claim]:
    """Give the claims of the sentence before a speaker that the present sentence names."""
    wanted = {id(c) for c in previous}
    return [
        replace(c, attribution=speaker, relayed_by=outlet)
        if id(c) in wanted and c.attribution is None and not c.extractor.split("/")[1].startswith("offices")
        else c
        for c in claims
    ]
