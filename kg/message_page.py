"""Every error and warning of the commands as a page, from the code that gives them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from kg import errors
from kg.errors import ChanceryError

_KG = Path(__file__).parent
_HEAD = """# Messages

Made from the code that gives them; in braces stands what a message fills in. Data goes to standard
output, messages go to standard error. Exit code 0: all is well; 1: one of the errors below, or something was set aside,
refused or violated; 2: wrong usage (the message names the option); 130: stopped with Ctrl-C, and the register is as it
was. A traceback is a bug.
"""


def kinds() -> list[type[ChanceryError]]:
    """Return the classes of the error tree, each before those below it."""

    def below(kind: type[ChanceryError]) -> Iterator[type[ChanceryError]]:
        yield kind
        own = [one for one in kind.__subclasses__() if one.__module__ == errors.__name__]
        for one in sorted(own, key=lambda k: list(vars(errors)).index(k.__name__)):
            yield from below(one)

    return list(below(ChanceryError))


def messages_page() -> str:
    """Return the page as Markdown: each kind of error with cause, cure and messages, then words beside an answer."""
    raised: dict[str, set[str]] = {}
    said: set[str] = set()
    for path in sorted(_KG.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                text = _text(node.args[0]) if node.args else None
                if node.func.id in vars(errors) and text:
                    raised.setdefault(node.func.id, set()).add(text)
                elif node.func.id == "Refused" and len(node.args) > 1 and (reason := _text(node.args[1])):
                    raised.setdefault("InputError", set()).add(reason)
                elif node.func.id in ("say", "say_some") and text and "commands" in path.parts:
                    said.add(text)
    parts = [_HEAD]
    for kind in kinds():
        parts.append(f"## {kind.__name__}\n\n{kind.__doc__}\n\n*Cause:* {kind.cause}\n\n*Cure:* {kind.cure}\n")
        if kind.__name__ in raised:
            parts.append("\n".join(f"- {text}" for text in sorted(raised[kind.__name__])) + "\n")
    parts.append("## Words beside an answer\n\nThese tell what was done or left out; they end no command.\n")
    parts.append("\n".join(f"- {text}" for text in sorted(said)) + "\n")
    return "\n".join(parts)


def _text(node: ast.expr) -> str | None:
    """Return the message that an expression makes, None where it makes none that can be told beforehand."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return " ".join(node.value.split())
    if isinstance(node, ast.JoinedStr):
        parts = []
        for value in node.values:
            if isinstance(value, ast.Constant):
                parts.append(str(value.value))
            elif isinstance(value, ast.FormattedValue):
                parts.append("{" + _name(value.value) + "}")
        text = " ".join("".join(parts).split())
        return text if any(isinstance(v, ast.Constant) and str(v.value).strip(" :'") for v in node.values) else None
    if isinstance(node, ast.ListComp):
        return _text(node.elt)
    return None


def _name(node: ast.expr) -> str:
    """Return the last name in what a message fills in."""
    names = [
        n.attr if isinstance(n, ast.Attribute) else n.id
        for n in ast.walk(node)
        if isinstance(n, ast.Attribute | ast.Name)
    ]
    return names[0].strip("_") if names else "..."
