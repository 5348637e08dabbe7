"""Decisions of an editor, added to the decisions file of a register; what it holds is left as it stands."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from kg.decisions import decision_of, quote_digest, read_decisions
from kg.errors import InputError, UnknownName
from kg.model import Claim
from kg.vocab import ID

ENTITY_VERDICTS = ("same", "different", "unsure")
CLAIM_VERDICTS = ("reject", "correct")


def entity_entry(verdict: str, entities: Sequence[str], who: Mapping[str, str]) -> str:
    """Return the entry of a decision on entities."""
    if len(set(entities)) < 2:
        raise InputError(f"{verdict} needs two entities or more")
    return _entry(verdict, [("entities", _list(entities))], who)


def claim_entry(verdict: str, claim: Claim, corrected: Mapping[str, str], who: Mapping[str, str]) -> str:
    """Return the entry of a decision on a claim; `corrected`: what it is to say instead, by name."""
    if (verdict == "correct") != bool(corrected):
        raise InputError("correct needs what is to be set, such as --set date=2025-07-03; reject needs nothing")
    meant = decision_of(claim)
    roles = ", ".join(f"{role} = {_list(fillers)}" for role, fillers in meant.roles)
    values = [
        ("document", json.dumps(meant.document, ensure_ascii=False)),
        ("frame", json.dumps(meant.frame)),
        ("quote", json.dumps(quote_digest(claim.quote))),
        ("roles", f"{{ {roles} }}"),
    ]
    if corrected:
        values.append(("set", f"{{ {', '.join(_corrected(name, value) for name, value in corrected.items())} }}"))
    return _entry(verdict, values, who)


def find_claim(claims: Sequence[Claim], start: str) -> Claim:
    """Return the only claim whose id begins so. Raises UnknownName."""
    name = start.rsplit("/", 1)[-1]
    found = [claim for claim in claims if claim.id.startswith(name)]
    if len(found) != 1 or not name:
        raise UnknownName("claim", start, [claim.id for claim in found[:3]])
    return found[0]


def add_decision(path: Path, entry: str) -> None:
    """Add an entry to the decisions file, made if there is none. Raises DataError when the whole would be wrong."""
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    whole = f"{text.rstrip()}\n\n{entry}".lstrip()
    read_decisions(whole)
    fresh = path.with_name(path.name + ".new")
    fresh.write_text(whole, encoding="utf-8")
    fresh.replace(path)


def _corrected(name: str, value: str) -> str:
    if name == "former":
        return f"former = {value}"
    if name in ("date", "polarity", "modality"):
        return f"{name} = {json.dumps(value)}"
    return f"roles.{name} = {_list(value.split(','))}"


def _entry(kind: str, values: Sequence[tuple[str, str]], who: Mapping[str, str]) -> str:
    lines = [f"[[{kind}]]", *(f"{name} = {value}" for name, value in values)]
    lines += [f"editor = {json.dumps(who['editor'], ensure_ascii=False)}", f"day = {who['day']}"]
    return "\n".join([*lines, f"reason = {json.dumps(who['reason'], ensure_ascii=False)}"]) + "\n"


def _list(iris: Sequence[str]) -> str:
    return json.dumps([iri.strip().removeprefix(ID) for iri in iris], ensure_ascii=False)
