"""SPARQL constraints: one query for all focus nodes, each as if it alone stood for $this.

LATERAL asks the constraint's pattern node by node, with $this bound wherever it occurs, as SHACL's pre-binding has it.
Queries that the specification forbids, and those whose meaning hangs on being asked for one node, are refused.
"""

from __future__ import annotations

import re
from typing import Final

_TOKEN: Final = re.compile(
    r"""(?P<skip>\#[^\n]*|<[^<>"{}|^`\\\s]*>|'''.*?'''|\"\"\".*?\"\"\"|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')"""
    r"""|(?P<variable>[?$]\w+)|(?P<name>(?<![\w-])[\w-]*+:[\w.:-]*)|(?P<word>[A-Za-z_]+)|(?P<mark>[{}])""",
    re.DOTALL,
)
_FORBIDDEN: Final = frozenset({"MINUS", "VALUES", "SERVICE", "GRAPH", "FROM"})
_OF_ALL: Final = frozenset({"GROUP", "HAVING", "LIMIT", "OFFSET", "COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE"})


def why_not(text: str) -> str | None:
    """Return why a SPARQL constraint is not asked here; None where it is."""
    depth, selects, projected = 0, 0, set()
    words = [match for match in _TOKEN.finditer(text) if match.lastgroup in ("word", "mark", "variable")]
    in_projection = False
    for at, match in enumerate(words):
        token = match[0].upper() if match.lastgroup == "word" else match[0]
        if token == "{":
            depth, in_projection = depth + 1, False
        elif token == "}":
            depth -= 1
        elif token[1:] in ("shapesGraph", "currentShape"):
            return "a SPARQL constraint that asks the shapes graph"
        elif token in _FORBIDDEN:
            return f"a SPARQL constraint with {token}"
        elif token == "SELECT":
            selects, in_projection = selects + 1, depth == 0
            if depth and not re.match(r"(?is)select\s+(distinct\s+)?[$?]this\b", text[match.start() :]):
                return "a SPARQL constraint with a query inside that does not select $this first"
        elif token in _OF_ALL and depth == 0:
            return f"a SPARQL constraint with {token}"
        elif token == "AS" and at + 1 < len(words) and words[at + 1][0][1:] == "this":
            return "a SPARQL constraint that binds $this anew"
        elif in_projection and match.lastgroup == "variable":
            projected.add(token[1:])
    if selects == 0 or "this" not in projected:
        return "a SPARQL constraint that does not select $this"
    return None


def query_for(text: str, nodes: str, variable: str) -> str:
    """Return the query that asks a constraint's query of all nodes that a pattern binds to a variable."""
    marks = [match.start() for match in _TOKEN.finditer(text) if match["mark"]]
    start, end = marks[0], marks[-1] + 1
    head = re.sub(r"(?i)\bselect(?!\s+distinct)\b", "SELECT DISTINCT", text[:start])
    here = re.sub(re.escape(variable) + r"\b", "?this", nodes)
    return f"{head}{{ {{ SELECT DISTINCT ?this {{ {here} }} }} LATERAL {text[start:end]} }}{text[end:]}"
