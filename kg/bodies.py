"""Bodies of a state named without it ("the parliament", "the ministry"): which words they are, and whose they are."""

from __future__ import annotations

from collections.abc import Sequence

from kg.language.pack import Anaphor, Pack
from kg.model import Token
from kg.referents import Phrase, Referent, cases_of

OWNER = "owner"  # what a bare body refers to: the state told with the same body, or the only one told
_BODY = Anaphor((OWNER,), 1)


def body_at(pack: Pack, tokens: Sequence[Token], place: int) -> str:
    """Return the pattern of the body that begins at a place, "" for none."""
    found = pack.bodies.longest_at(tokens, place)
    return found[1] if found else ""


def bare_bodies(pack: Pack, tokens: Sequence[Token], phrases: Sequence[Phrase]) -> list[Phrase]:
    """Return a phrase for each body that no phrase holds yet: it refers to the state whose it is."""
    taken = {t for p in phrases for t in range(p.first, p.last)}
    out: list[Phrase] = []
    place = 0
    while place < len(tokens):
        found = pack.bodies.longest_at(tokens, place)
        if found is None or taken & set(range(found[0].first, found[0].last)):
            place += 1
            continue
        first, last = found[0].first, found[0].last
        organ = any(is_organ for _m, is_organ in pack.proxies.at(tokens, first))
        member = Referent(first, last, anaphor=_BODY, proxied=True, organ=organ, head=found[1])
        phrase = Phrase(first, last, "anaphor", [member], cases_of(tokens[first].readings))
        phrase.head = first
        out.append(phrase)
        place = last
    return out
