"""No regular expression of the code or of the language data takes for ever, whatever text it meets."""

from __future__ import annotations

import ast
import importlib
import itertools
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from re import _constants, _parser  # type: ignore[attr-defined]

import pytest

import kg
from kg.language.pack import Pack
from kg.limits import TooSlow, within

SIZE = 20_000  # characters
SECONDS = 5.0  # of a busy machine; a linear pattern takes a thousandth, one with nested repetition does not end
COMMON = (" ", "\n", "a", "1", ".", ",", "-", '"', "A", "a ", "1.", "A. ", "\t\n")


def _modules() -> Iterator[object]:
    for module in pkgutil.walk_packages(kg.__path__, "kg."):
        if not module.name.endswith(("__main__", "lexicon_check")):
            yield importlib.import_module(module.name)


def _patterns(packs: dict[str, Pack]) -> dict[tuple[str, int, str], str]:
    """Return every pattern that modules hold, that stands in a call of `re`, or that a pack was compiled to.

    With its flags, and how it is used: "match" only at the start of a text, "" in any way.
    """
    found: dict[tuple[str, int, str], str] = {}
    for module in _modules():
        name = getattr(module, "__name__", "")
        seen: set[int] = set()
        source = Path(str(getattr(module, "__file__", ""))).read_text(encoding="utf-8")
        for own, value in vars(module).items():
            if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
                anywhere = re.search(rf"\b{own}\.(?:search|sub|subn|split|findall|finditer)\b", source)
                used = re.search(rf"\b{own}\.(?:match|fullmatch)\b", source)
                seen.add(id(value))
                found[value.pattern, value.flags, "match" if used and not anywhere else ""] = name
        todo = [*vars(module).values(), *(packs.values() if name == "kg.language.pack" else ())]
        while todo:
            value = todo.pop()
            if isinstance(value, re.Pattern) and isinstance(value.pattern, str) and id(value) not in seen:
                found.setdefault((value.pattern, value.flags, ""), name)
            elif id(value) not in seen and isinstance(value, list | tuple | set | frozenset):
                seen.add(id(value))
                todo += value
            elif id(value) not in seen and isinstance(value, dict):
                seen.add(id(value))
                todo += value.values()
            elif id(value) not in seen and type(value).__module__.startswith("kg."):
                seen.add(id(value))
                slots = [getattr(value, slot, None) for slot in getattr(value, "__slots__", ())]
                todo += [*getattr(value, "__dict__", {}).values(), *slots]
        for node in ast.walk(ast.parse(source)):
            called = _called_with(node)
            if called is not None:
                found.setdefault((called[0], int(re.UNICODE), called[1]), name)
    return found


def _called_with(node: ast.AST) -> tuple[str, str] | None:
    """Return the pattern written in a call such as `re.sub("...", ...)`, and "match" where it is of that kind."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
        return None
    first, module = node.args[0], node.func.value
    if not (isinstance(module, ast.Name) and module.id == "re" and node.func.attr not in ("escape", "compile")):
        return None
    if not (isinstance(first, ast.Constant) and isinstance(first.value, str)):
        return None
    return first.value, "match" if node.func.attr in ("match", "fullmatch") else ""


def _letters(pattern: str, flags: int) -> list[str]:
    """Return a letter that each part of a pattern matches, in their order."""
    out: list[str] = []
    kinds = {"DIGIT": "1", "WORD": "a", "SPACE": " "}

    def walk(items: object) -> None:
        for item in items:  # type: ignore[attr-defined]
            if not isinstance(item, tuple):
                continue
            kind, value = item
            if kind is _constants.LITERAL:
                out.append(chr(value))
            elif kind is _constants.NOT_LITERAL:
                out.append("a" if value != ord("a") else "b")
            elif kind is _constants.ANY:
                out.append("x")
            elif kind is _constants.IN:
                first = value[0]
                if first[0] is _constants.LITERAL:
                    out.append(chr(first[1]))
                elif first[0] is _constants.RANGE:
                    out.append(chr(first[1][0]))
                elif first[0] is _constants.CATEGORY:
                    out.append(
                        next((c for k, c in kinds.items() if k in str(first[1]) and "NOT" not in str(first[1])), "-")
                    )
                else:
                    out.append("~")
            elif isinstance(value, tuple | list):
                for part in value:
                    if isinstance(part, _parser.SubPattern | list):
                        walk(part)
                        if isinstance(part, list):
                            for one in part:
                                if isinstance(one, _parser.SubPattern):
                                    walk(one)
            elif isinstance(value, _parser.SubPattern):
                walk(value)

    walk(_parser.parse(pattern, flags & ~re.UNICODE))
    return out


def test_every_pattern_ends(packs: dict[str, Pack]) -> None:
    """Each pattern is done with long repetitions of what it looks for, and of common letters, that fail at the end."""
    patterns = _patterns(packs)
    assert len(patterns) > 60  # the walk finds them
    slow = []
    for (pattern, flags, use), where in patterns.items():
        compiled = re.compile(pattern, flags)
        letters = _letters(pattern, flags)[:60]
        pairs = {a + b for a, b in itertools.pairwise(letters)}
        units = {*COMMON, *letters, *pairs, "".join(letters), "".join(letters[:4])} - {""}
        for unit in sorted(units)[:50]:
            text = unit * (SIZE // len(unit)) + "\x00"
            try:
                with within(SECONDS):
                    if use != "match":
                        compiled.search(text)
                    compiled.match(text)
                    compiled.fullmatch(text)
            except TooSlow:
                slow.append(f"{where}: {pattern!r} on {unit!r}")
                break
    assert slow == [], "\n".join(slow)


@pytest.mark.parametrize("pattern", [r"(a+)+$", r"(?:\w+\s?)+!", r"(x|xx)*y"])
def test_a_catastrophe_is_seen(pattern: str) -> None:
    """The walk and the limit find nested repetition."""
    letters = _letters(pattern, 0)
    text = "".join(letters[:1]) * 200 + "\x00"
    with pytest.raises(TooSlow), within(0.5):
        re.compile(pattern).search(text)
