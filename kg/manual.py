"""Pages of the documentation that are generated: of commands, saved queries and terms, as Markdown.

What is documented is read from the thing itself: the click commands, the headers of the queries, the ontology.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import click
import pyoxigraph as ox

from kg import vocab
from kg.saved import SavedQuery

LANGUAGES = {"en": "English", "kk": "Kazakh", "ru": "Russian", "vi": "Vietnamese"}
_KINDS = {
    "Classes": frozenset({vocab.OWL + "Class"}),
    "Properties": frozenset(
        {vocab.OWL + "ObjectProperty", vocab.OWL + "DatatypeProperty", vocab.OWL + "AnnotationProperty"}
    ),
    "Concepts": frozenset({vocab.SKOS_CONCEPT}),
}
_Described = dict[str, dict[str, list[ox.NamedNode | ox.Literal]]]


# -- commands -----------------------------------------------------------------------------------------------------


def commands_page(group: click.Group, program: str = "kg") -> str:
    """Return a page on every command: what it does, its usage, options and example."""
    context = click.Context(group, info_name=program)
    parts = ["# Commands", group.help or "", _options(group, context)]
    parts += [part for name, command in _all(group) for part in _command(name, command, program)]
    return _page(parts)


def _all(group: click.Group, before: str = "") -> Iterator[tuple[str, click.Command]]:
    for name, command in sorted(group.commands.items()):
        yield before + name, command
        if isinstance(command, click.Group):
            yield from _all(command, f"{before}{name} ")


def _command(name: str, command: click.Command, program: str) -> list[str]:
    context = click.Context(command, info_name=f"{program} {name}")
    example = (command.epilog or "").strip()
    return [
        f"## {program} {name} {{ #{name.replace(' ', '-')} }}",
        _escaped(command.help or ""),
        f"```text\n{command.get_usage(context).removeprefix('Usage: ')}\n```",
        _options(command, context),
        f"Example:\n\n```console\n$ {example}\n```" if example else "",
    ]


def _options(command: click.Command, context: click.Context) -> str:
    records = [p.get_help_record(context) for p in command.get_params(context) if isinstance(p, click.Option)]
    rows = [(f"`{_cell(record[0])}`", _cell(_escaped(record[1]))) for record in records if record]
    return _table(("option", "meaning"), rows) if rows else ""


# -- saved queries ------------------------------------------------------------------------------------------------


def queries_page(queries: Mapping[str, SavedQuery]) -> str:
    """Return a page on every saved query: title, wordings, parameters and columns, an example and the SPARQL."""
    asking = (
        "Each is asked with `kg query NAME --param NAME=VALUE`, or in words with `kg ask`. Names may be in any of the "
        "four languages; a parameter in brackets may be left out."
    )
    contents = [f"- [{query.title['en']}](#{name}): `{name}`" for name, query in sorted(queries.items())]
    parts = ["# Saved queries", asking, "\n".join(contents)]
    return _page([*parts, *(part for _, query in sorted(queries.items()) for part in _query(query))])


def _query(query: SavedQuery) -> list[str]:
    given = [p for p in query.parameters if p.required]
    values = "".join(f" --param {p.name}={_quoted(p.example)}" for p in given)
    parameters = [
        (f"`{p.name}`" if p.required else f"[`{p.name}`]", _type(p.type, p.scheme, p.kinds), f"`{p.example}`",
         f"`{p.default}`" if p.default else "", *(p.label[language] for language in LANGUAGES))
        for p in query.parameters
    ]  # fmt: skip
    columns = [(f"`{c.name}`", c.kind, *(c.label.get(language, "") for language in LANGUAGES)) for c in query.columns]
    names = tuple(LANGUAGES.values())
    wordings = "\n".join(f"- {LANGUAGES[language]}: {query.questions[language][0]}" for language in LANGUAGES)
    body = "\n".join(line for line in query.body.splitlines() if not line.startswith("#+")).strip()
    return [
        f"## {query.title['en']} {{ #{query.name} }}",
        f"`{query.name}`",
        wordings,
        f"```console\n$ kg query {query.name}{values} --evidence\n```",
        _table(("parameter", "type", "example", "default", *names), parameters) if parameters else "",
        _table(("column", "kind", *names), columns),
        f"```sparql\n{body}\n```",
    ]


def _type(type_: str, scheme: str, kinds: Sequence[str]) -> str:
    return f"{type_} ({scheme or ', '.join(kinds)})" if scheme or kinds else type_


def _quoted(value: str) -> str:
    return f'"{value}"' if " " in value else value


# -- terms --------------------------------------------------------------------------------------------------------


def terms_page(ontology: Iterable[ox.Quad]) -> str:
    """Return a page on every term of the vocabulary: its labels in four languages and what it means."""
    found: _Described = {}
    for quad in ontology:
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode | ox.Literal):
            found.setdefault(quad.subject.value, {}).setdefault(quad.predicate.value, []).append(quad.object)
    namespaces = f"The terms of `{vocab.CHY}` and the concepts under `{vocab.ID}`"
    parts = ["# Vocabulary", f"{namespaces}, in four languages. The [ontology](ontology.html) has their axioms."]
    return _page([*parts, *(part for title, types in _KINDS.items() for part in (f"## {title}", _terms(found, types)))])


def _terms(found: _Described, types: frozenset[str]) -> str:
    rows = []
    for iri, values in sorted(found.items()):
        ours = iri.startswith((vocab.CHY, vocab.ID))
        if ours and types & {term.value for term in values.get(vocab.RDF_TYPE, ())}:
            labels = [*values.get(vocab.RDFS_LABEL, ()), *values.get(vocab.SKOS_PREF_LABEL, ())]
            by_language = {term.language: term.value for term in labels if isinstance(term, ox.Literal)}
            meaning = next((term.value for term in values.get(vocab.SKOS_DEFINITION, ())), "")
            name = iri.removeprefix(vocab.CHY).removeprefix(vocab.ID)
            rows.append((f"`{name}`", *(_cell(by_language.get(tag, "")) for tag in LANGUAGES), _cell(meaning)))
    return _table(("term", *LANGUAGES.values(), "meaning"), rows)


# -- Markdown -----------------------------------------------------------------------------------------------------


def _page(parts: Iterable[str]) -> str:
    return "\n\n".join(part for part in parts if part) + "\n"


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def _escaped(text: str) -> str:
    return text.replace("<", "&lt;").replace("[", "\\[")
