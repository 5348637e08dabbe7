"""Every error, warning and notice of the commands as a page, from the code that gives them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kg import errors
from kg.errors import ChanceryError

_KG = Path(__file__).parent
_HEAD = """# Messages

Made from the code that gives them; in braces stands what a message fills in. Data goes to standard
output, messages go to standard error. Exit code 0: all is well; 1: one of the errors below, or something was set aside,
refused or violated; 2: wrong usage (the message names the option); 130: stopped with Ctrl-C, and the register is as it
was. A traceback is a bug.
"""
REFUSED: Final = "Documents that are refused"
PASSED_OVER: Final = "Files that are passed over"
FAULTS: Final = "Faults of saved queries"
UNSOUND: Final = "What is unsound in a register"
NOT_UNDERSTOOD: Final = "Questions that are not understood"
USAGE: Final = "Wrong usage"
SAID: Final = "Words beside an answer"
# Section of what is no exception -> cause and cure.
SECTIONS: Final = {
    REFUSED: (
        "`kg build` and `kg extract` say for each file or line why it gave no document; the exit code is 1.",
        "Do as the message says, and build again; the other documents are done all the same.",
    ),
    PASSED_OVER: (
        "A folder holds a file that is no document, or a document states what means nothing here; the exit code is 0.",
        "Nothing need be done; name a file by itself to be told more, or take out what is ignored.",
    ),
    FAULTS: (
        "`kg queries check` found the header or body of a saved query against its rules (docs/adding.md).",
        "Mend the line of the file that the message names.",
    ),
    UNSOUND: (
        "`kg validate` compared the register with its texts, its checksums and with what is derived again.",
        "The message ends with what to do; a generation before this one is kept, and `kg rollback` goes back to it.",
    ),
    NOT_UNDERSTOOD: (
        "`kg ask` guesses nothing: what is not clear it asks back.",
        "Take one of the questions it shows, name things in full, or ask by `kg query`.",
    ),
    USAGE: (
        "Options were given that do not go together, or a value not in its form; the exit code is 2, nothing was done.",
        "Give the command as the message says; --help shows an example.",
    ),
    SAID: ("These tell what was done or left out; they end no command.", "Where there is something to do, it says so."),
}
# What a call with words makes of them: the section, and which argument has the words, by place or name.
_GIVERS: Final[dict[str, tuple[str, int | str]]] = {
    "Refused": (REFUSED, 1),
    "_give_up": (REFUSED, 1),
    "Line": (REFUSED, "error"),
    "Remark": (PASSED_OVER, 1),
    "Fault": (FAULTS, 1),
    "FaultyFile": (FAULTS, 2),
    "_add": (FAULTS, 2),
    "_broken": (UNSOUND, 2),
    "Result": (UNSOUND, 5),
    "NotUnderstood": (NOT_UNDERSTOOD, 0),
    "UsageError": (USAGE, 0),
    "BadParameter": (USAGE, 0),
    "UnsupportedShape": (SAID, 0),
    "say": (SAID, 0),
    "say_some": (SAID, 0),
}
# Functions that give words to who says them.
_SPEAKERS: Final = {"_bug": REFUSED, "_why_not": UNSOUND, "why_not": SAID, "_notes": SAID, "_words_of_answer": SAID,
                    "answered": SAID}  # fmt: skip
_ANYWHERE: Final = (1, 1_000_000)  # lines of a file: words that a function gives to who says them


# Around the name of what a message fills in.
_OPEN, _CLOSE = "\x02", "\x03"
_FILLED = re.compile(f"{_OPEN}[^{_CLOSE}]*{_CLOSE}")


@dataclass(frozen=True, slots=True, order=True)
class Message:
    """Words that a command can say: section of the page, words, and the lines of code that give them (file in `kg`)."""

    section: str
    words: str
    file: str
    first: int
    last: int

    @property
    def text(self) -> str:
        """Return the words, what is filled in by its name in braces."""
        return self.words.replace(_OPEN, "{").replace(_CLOSE, "}")

    def fits(self, said: str) -> bool:
        """Tell whether what was said has these words, whatever is filled in between."""
        parts = ["".join(part.split()) for part in _FILLED.split(self.words)]
        letters = "".join(said.split())
        if not letters.startswith(parts[0]) or not letters.endswith(parts[-1]):
            return False
        at = 0
        for part in parts:
            at = letters.find(part, at)
            if at < 0:
                return False
            at += len(part)
        return len(parts) > 1 or letters == parts[0]


def kinds() -> list[type[ChanceryError]]:
    """Return the classes of the error tree, each before those below it."""

    def below(kind: type[ChanceryError]) -> Iterator[type[ChanceryError]]:
        yield kind
        own = [one for one in kind.__subclasses__() if one.__module__ == errors.__name__]
        for one in sorted(own, key=lambda k: list(vars(errors)).index(k.__name__)):
            yield from below(one)

    return list(below(ChanceryError))


def messages() -> list[Message]:
    """Return every message the code gives, by section and text."""
    found: set[Message] = set()
    for path in sorted(_KG.rglob("*.py")):
        file = path.relative_to(_KG).as_posix()
        tree = ast.parse(path.read_text(encoding="utf-8"))
        ours = {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names
                if node.module == errors.__name__}  # fmt: skip
        for section, words, scope, place in _given(tree, ours):
            for text in _texts(words, scope):
                lines = _ANYWHERE if place is words else (place.lineno, place.end_lineno or place.lineno)
                found.add(Message(section, text, file, *lines))
    return sorted(found)


def messages_page() -> str:
    """Return the page as Markdown: kinds of error, then other sections, each with cause, cure and messages."""
    by_section: dict[str, set[str]] = {}
    for message in messages():
        by_section.setdefault(message.section, set()).add(message.text)
    parts = [_HEAD]
    for kind in kinds():
        parts += _section(kind.__name__, f"{kind.__doc__}\n\n", kind.cause, kind.cure, by_section)
    for section, (cause, cure) in SECTIONS.items():
        parts += _section(section, "", cause, cure, by_section)
    return "\n".join(parts)


def _section(name: str, about: str, cause: str, cure: str, by_section: dict[str, set[str]]) -> Iterator[str]:
    yield f"## {name}\n\n{about}*Cause:* {cause}\n\n*Cure:* {cure}\n"
    if name in by_section:
        yield "\n".join(f"- {text}" for text in sorted(by_section[name])) + "\n"


# -- the code ---------------------------------------------------------------------------------------------------------


def _given(tree: ast.Module, ours: set[str]) -> Iterator[tuple[str, ast.expr, ast.AST, ast.expr]]:
    """Yield the section, the expression of the words, the function around and the call, for each place of a message.

    `ours`: the names a module has from the error tree.
    """
    for scope in [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.ClassDef)]:
        if isinstance(scope, ast.ClassDef):
            if scope.name in vars(errors):
                for call in _calls(scope):
                    if isinstance(call.func, ast.Attribute) and call.func.attr == "__init__" and call.args:
                        yield scope.name, call.args[0], scope, call
            continue
        for node in _own(scope):
            if isinstance(node, ast.Return | ast.Yield) and node.value is not None and scope.name in _SPEAKERS:
                yield _SPEAKERS[scope.name], node.value, scope, node.value
            elif isinstance(node, ast.Call):
                name = _called(node)
                if name == "append" and scope.name in _SPEAKERS:
                    yield _SPEAKERS[scope.name], node.args[0], scope, node.args[0]
                if name in ours and node.args:
                    yield name, _unknown(node) if name == "UnknownName" else node.args[0], scope, node
                elif name == "Stopped" and node.args:  # of a worker
                    yield REFUSED, node.args[0], scope, node
                elif name in _GIVERS:
                    section, place = _GIVERS[name]
                    words = [k.value for k in node.keywords if k.arg == place]
                    words += node.args[place : place + 1] if isinstance(place, int) else []
                    yield from ((section, word, scope, node) for word in words)


def _own(function: ast.FunctionDef) -> Iterator[ast.AST]:
    """Yield the nodes of a function without those of functions in it."""
    rest: list[ast.AST] = list(function.body)
    while rest:
        node = rest.pop()
        yield node
        if not isinstance(node, ast.FunctionDef):
            rest += ast.iter_child_nodes(node)


def _calls(node: ast.AST) -> Iterator[ast.Call]:
    yield from (n for n in ast.walk(node) if isinstance(n, ast.Call))


def _called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def _unknown(call: ast.Call) -> ast.expr:
    """Return the words of an unknown name: what it is not the name of, and the name."""
    what = call.args[0]
    if not isinstance(what, ast.Constant):
        return what
    words = ast.JoinedStr([ast.Constant(f"unknown {what.value!s} "), ast.FormattedValue(call.args[1], -1)])
    return ast.copy_location(words, call)


def _texts(node: ast.expr, scope: ast.AST) -> Iterator[str]:
    """Yield the messages that an expression makes, none where they cannot be told beforehand."""
    if isinstance(node, ast.IfExp):
        yield from _texts(node.body, scope)
        yield from _texts(node.orelse, scope)
    elif isinstance(node, ast.ListComp):
        yield from _texts(node.elt, scope)
    elif isinstance(node, ast.Call) and _called(node) == "rstrip" and isinstance(node.func, ast.Attribute):
        yield from _texts(node.func.value, scope)
    elif isinstance(node, ast.List | ast.Tuple):
        for element in node.elts:
            yield from _texts(element, scope)
    elif isinstance(node, ast.BinOp):
        yield from _texts(node.left, scope)
        yield from _texts(node.right, scope) if isinstance(node.right, ast.List | ast.BinOp) else ()
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield " ".join(node.value.split())
    elif isinstance(node, ast.Name):
        for other in ast.walk(scope):
            if isinstance(other, ast.Assign) and any(
                isinstance(t, ast.Name) and t.id == node.id for t in other.targets
            ):
                yield from _texts(other.value, scope)
    elif isinstance(node, ast.JoinedStr):
        parts = []
        for value in node.values:
            if isinstance(value, ast.Constant):
                parts.append(str(value.value))
            elif isinstance(value, ast.FormattedValue):
                parts.append(f"{_OPEN}{_name(value.value)}{_CLOSE}")
        if any(isinstance(v, ast.Constant) and str(v.value).strip(" :'") for v in node.values):
            yield " ".join("".join(parts).split())


def _name(node: ast.expr) -> str:
    """Return a name for what a message fills in."""
    if isinstance(node, ast.Attribute):
        return node.attr.strip("_")
    if isinstance(node, ast.Name):
        return node.id.strip("_").replace("_", " ").lower()
    if isinstance(node, ast.IfExp):
        chosen = [str(n.value) for n in (node.body, node.orelse) if isinstance(n, ast.Constant) and n.value]
        return " or ".join(chosen) if chosen else _name(node.body)
    if isinstance(node, ast.Call) and _called(node) == "len":
        return f"number of {_name(node.args[0])}"
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _called(node) != "join":
        return _name(node.func.value)
    inner = [n for n in ast.iter_child_nodes(node) if isinstance(n, ast.expr)]
    if isinstance(node, ast.Call):
        inner = [*node.args, node.func]
    names = [name for n in inner if (name := _name(n)) != "..."]
    return names[0] if names else "..."
