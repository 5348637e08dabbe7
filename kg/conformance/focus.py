"""Where a query is: the targets of a shape, and the values that paths lead to from there, as SPARQL patterns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from kg.conformance.ground import Ground
from kg.conformance.literals import as_stored
from kg.conformance.paths import Path, Steps, as_sparql, is_simple, may_be_empty, without_empty
from kg.conformance.shape import Target
from kg.vocab import RDF_TYPE, RDFS_SUBCLASS_OF


@dataclass(frozen=True, slots=True)
class Focus:
    """Where the query is: a pattern, and the variables that it binds on its way, the last of them the nodes judged.

    `plain` patterns can be joined in any order; of others, what follows is asked node by node.
    """

    text: str
    variables: tuple[str, ...]
    plain: bool

    @property
    def here(self) -> str:
        """The variable of the nodes."""
        return self.variables[-1]

    def with_values(self, path: Path | None, *, to: str | None = None) -> Focus:
        """Return the focus at the values of a path, in a further variable."""
        if path is None:
            return self
        there = to or f"?v{len(self.variables)}"
        plain = self.plain and is_simple(path)
        if plain:
            text = f"{self.text} {self.here} {as_sparql(path)} {there} ."
        else:
            text = f"{self.text} LATERAL {{ {step_of(self.here, path, there)} }}"
        return Focus(text, (*self.variables, there), plain)


def step_of(here: str, path: Path, there: str) -> str:
    """Return the pattern that leads from a variable that is bound to the values of a path in another."""
    if not may_be_empty(path):
        return walk_from(here, path, there)
    further = walk_from(here, without_empty(path), there)
    return f"{{ BIND({here} AS {there}) }} UNION {{ {further} }}"


def walk_from(here: str, path: Path, there: str) -> str:
    """Return the pattern of a path that cannot be empty, from a variable that is bound: a chain is asked link by link.

    Inside EXISTS and LATERAL the store does not know what is bound, and would begin where it thinks there is less: from
    all claims of a modality, again for every fact.
    """
    if not (isinstance(path, Steps) and is_simple(path)):
        return f"{here} {as_sparql(path)} {there} ."
    links = list(_links(path))
    stops = [here, *(f"{here}_{number}" for number in range(1, len(links))), there]
    steps = [f"{stops[at]} {as_sparql(link)} {stops[at + 1]} ." for at, link in enumerate(links)]
    return " LATERAL { ".join(steps) + " }" * (len(steps) - 1)


def _links(path: Path) -> Iterator[Path]:
    if isinstance(path, Steps):
        for step in path.paths:
            yield from _links(step)
    else:
        yield path


def targets_focus(targets: Sequence[Target], ground: Ground) -> Focus | None:
    """Return where the targets of a shape are; None where the data has none of them."""
    parts = [part for target in targets for part in _target(target, ground)]
    nodes = " ".join(
        str(as_stored(t.term)) for t in targets if t.kind == "Node" and not isinstance(t.term, ox.BlankNode)
    )
    if nodes:
        parts.append(f"VALUES ?v0 {{ {nodes} }}")
    if not parts:
        return None
    if len(parts) == 1 and not parts[0].startswith("VALUES"):
        return Focus(parts[0], ("?v0",), plain=True)
    union = " UNION ".join(f"{{ {part} }}" for part in parts)
    return Focus(f"{{ SELECT DISTINCT ?v0 {{ {union} }} }}", ("?v0",), plain=False)


def _target(target: Target, ground: Ground) -> Iterator[str]:
    match target.kind:
        case "Class":
            classes = ground.below(target.term)
            if any(isinstance(c, ox.BlankNode) for c in classes):
                yield f"?v0 <{RDF_TYPE}>/<{RDFS_SUBCLASS_OF}>* {target.term} ."
            elif len(classes) == 1:
                yield f"?v0 <{RDF_TYPE}> {classes[0]} ."
            elif classes:
                yield f"VALUES ?any0 {{ {' '.join(map(str, classes))} }} ?v0 <{RDF_TYPE}> ?any0 ."
        case "SubjectsOf":
            if ground.has(target.term.value):
                yield f"?v0 {target.term} ?any0 ."
        case "ObjectsOf":
            if ground.has(target.term.value):
                yield f"?any0 {target.term} ?v0 ."
        case "Node":
            pass
