"""No regular expression of the code or of the language data takes for ever, whatever text it meets."""

from __future__ import annotations

import ast
import importlib
import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from re import _constants, _parser  # type: ignore[attr-defined]
from types import BuiltinMethodType, FunctionType
from typing import Any

import pytest

import kg
from kg.language.pack import Pack
from kg.limits import TooSlow, within
from kg.readers import format_of

KG = Path(kg.__file__).parent
SIZE = 20_000  # characters
SECONDS = 5.0  # of a busy machine; a linear pattern takes a thousandth, one with nested repetition does not end
COMMON = (" ", "\n", "a", "1", ".", ",", "-", '"', "A", "a ", "1.", "A. ", "\t\n")


def _modules() -> Iterator[object]:
    for path in sorted(KG.rglob("*.py")):  # packs have code too, and are no packages
        name = ".".join(("kg", *path.relative_to(KG).with_suffix("").parts)).removesuffix(".__init__")
        if not name.endswith(("__main__", "lexicon_check")):
            yield importlib.import_module(name)


# Patterns that are made of values while it works, and why each takes no longer than its text.
MADE = {
    "kg.conformance.conditions": "sh:pattern of somebody's own shapes, who may stop the check",
    "kg.conformance.literals": "the forms of a table of the module, which are found as its closures",
    "kg.conformance.selecting": "the name of a variable, escaped",
    "kg.datelines": "names of months, escaped, before or after figures",
    "kg.evaluate": "words of a quote, escaped, with white space between",
    "kg.headers": "the name of a parameter, escaped, in a slot",
    "kg.language.ru.morphology": "expressions of several words of a table, escaped",
    "kg.sounds": "each pattern of a table of the module, which is found there",
}


def _patterns(packs: dict[str, Pack]) -> dict[tuple[str | bytes, int, str], str]:
    """Return every pattern that modules hold, that stands in a call of `re`, or that a pack was compiled to.

    With its flags, and how it is used: "match" only at the start of a text, "" in any way.
    """
    found: dict[tuple[str | bytes, int, str], str] = {}
    for module in _modules():
        name = getattr(module, "__name__", "")
        seen: set[int] = set()
        source = Path(str(getattr(module, "__file__", ""))).read_text(encoding="utf-8")
        for own, value in vars(module).items():
            if isinstance(value, re.Pattern):
                anywhere = re.search(rf"\b{own}\.(?:search|sub|subn|split|findall|finditer)\b", source)
                used = re.search(rf"\b{own}\.(?:match|fullmatch)\b", source)
                seen.add(id(value))
                found[value.pattern, value.flags, "match" if used and not anywhere else ""] = name
        todo = [*vars(module).values(), *(packs.values() if name == "kg.language.pack" else ())]
        whole: set[int] = set()  # those that only whole texts are matched with
        while todo:
            value = todo.pop()
            if id(value) in seen:
                continue
            seen.add(id(value))
            if isinstance(value, re.Pattern):
                found.setdefault((value.pattern, value.flags, "match" if id(value) in whole else ""), name)
            elif isinstance(value, list | tuple | set | frozenset):
                todo += value
            elif isinstance(value, dict):
                todo += value.values()
            elif isinstance(value, BuiltinMethodType):  # such as re.compile("...").fullmatch
                whole |= {id(value.__self__)} if value.__name__ == "fullmatch" else set()
                todo += [value.__self__] if isinstance(value.__self__, re.Pattern) else []
            elif isinstance(value, FunctionType):
                cells = [cell.cell_contents for cell in value.__closure__ or ()]
                whole |= {id(cell) for cell in cells if "fullmatch" in value.__code__.co_names}
                todo += cells
            elif type(value).__module__.startswith("kg."):
                slots = [getattr(value, slot, None) for slot in getattr(value, "__slots__", ())]
                todo += [*getattr(value, "__dict__", {}).values(), *slots]
        for pattern, use in _called(ast.parse(source), vars(module), name):
            flags = int(re.UNICODE) if isinstance(pattern, str) else 0
            if not any(known == pattern for known, _, _ in found):
                found[pattern, flags, use] = name
    for path in sorted((KG.parent / "shapes").rglob("*.ttl")):
        for pattern in re.findall(r'sh:pattern "((?:[^"\\]|\\.)*)"', path.read_text(encoding="utf-8")):
            found.setdefault((pattern.replace("\\\\", "\\"), int(re.UNICODE), ""), path.name)
    return found


def _called(tree: ast.Module, names: dict[str, object], module: str) -> Iterator[tuple[str | bytes, str]]:
    """Yield the patterns in calls such as `re.sub("...", ...)`, and "match" where it is of that kind."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
            continue
        owner, method = node.func.value, node.func.attr
        if not (isinstance(owner, ast.Name) and owner.id == "re") or method == "escape":
            continue
        try:
            pattern = eval(compile(ast.Expression(node.args[0]), module, "eval"), dict(names))
        except NameError:
            assert module in MADE, f"{module}, line {node.lineno}: a pattern made of values needs a reason in MADE"
            continue
        if isinstance(pattern, str | bytes):
            yield pattern, "match" if method in ("match", "fullmatch") else ""


def _letters(pattern: str | bytes, flags: int) -> tuple[list[str], list[tuple[str, str]]]:
    """Return a letter that each part of a pattern matches, in their order; and for each part that may be repeated what
    the parts before it match, and what it does itself."""
    out: list[str] = []
    repeated: list[tuple[str, str]] = []
    kinds = {"DIGIT": "1", "WORD": "a", "SPACE": " "}

    def walk(items: object) -> None:
        for item in items:  # type: ignore[attr-defined]
            if not isinstance(item, tuple):
                continue
            kind, value = item
            before = len(out)
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
            if kind in (_constants.MAX_REPEAT, _constants.MIN_REPEAT) and value[1] > 1 and len(out) > before:
                repeated.append(("".join(out[:before]), "".join(out[before:])))

    walk(_parser.parse(pattern, flags & ~re.UNICODE))
    return out, repeated


def _texts(pattern: str | bytes, flags: int) -> Iterator[str]:
    """Yield long texts that a pattern is likely to be slow on, and that fail at their end."""
    letters, repeated = _letters(pattern, flags)
    for prefix, unit in dict.fromkeys(repeated):
        yield prefix + unit * (SIZE // len(unit)) + "\x00"
    some = letters[:60]
    pairs = {a + b for a, b in itertools.pairwise(some)}
    units = {*COMMON, *some, *pairs, "".join(some), "".join(some[:4])} - {""}
    yield from (unit * (SIZE // len(unit)) + "\x00" for unit in sorted(units)[:50])


def test_every_pattern_ends(packs: dict[str, Pack]) -> None:
    """Each pattern is done with long repetitions of what it looks for, and of common letters, that fail at the end."""
    patterns = _patterns(packs)
    assert len(patterns) > 130  # the walk finds them
    assert any(isinstance(pattern, bytes) for pattern, _, _ in patterns)
    assert {"reference.ttl", "kg.conformance.literals", "kg.language.ru.morphology", "kg.sounds"} <= set(
        patterns.values()
    )
    slow = [
        f"{where}: {pattern!r} on {text[:40]!r}..."
        for (pattern, flags, use), where in patterns.items()
        if (text := _slow_on(pattern, flags, use)) is not None
    ]
    assert slow == [], "\n".join(slow)


def _slow_on(pattern: str | bytes, flags: int, use: str) -> str | None:
    """Return a text on which a pattern is not done in time."""
    compiled: re.Pattern[Any] = re.compile(pattern, flags)
    for text in _texts(pattern, flags):
        given = text if isinstance(pattern, str) else text.encode("latin-1", "replace")
        try:
            with within(SECONDS):
                if use != "match":
                    compiled.search(given)
                compiled.match(given)
                compiled.fullmatch(given)
        except TooSlow:
            return text
    return None


def test_comments_before_a_page_are_passed_in_time() -> None:
    """A file of comments that no page follows is no page, and told so at once: with each the way doubled before."""
    with within(SECONDS):
        assert format_of("file", b"<!---->" * 146) == "text"
    assert format_of("file", b"<!-- a - b -- c --> \n<!----><html>") == "html"
    assert format_of("file", b" <?xml version='1.0'?> <!-- x --> <!DOCTYPE html>") == "html"


@pytest.mark.parametrize("pattern", [r"(a+)+$", r"(?:\w+\s?)+!", r"(x|xx)*y"])
def test_a_catastrophe_is_seen(pattern: str) -> None:
    """The walk and the limit find nested repetition."""
    letters, _ = _letters(pattern, 0)
    text = "".join(letters[:1]) * 200 + "\x00"
    with pytest.raises(TooSlow), within(0.5):
        re.compile(pattern).search(text)


def test_a_catastrophe_behind_other_parts_is_seen() -> None:
    """What is repeated is tried after what must come before it: the pattern of pages as it was is found out."""
    was = rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)"
    assert (" <?xmla> ", "<!--x--> ") in _letters(was, 0)[1]
    with pytest.raises(TooSlow), within(0.5):
        re.compile(was, re.DOTALL).match(b" <?xmla> " + b"<!--x--> " * 2000 + b"\0")
