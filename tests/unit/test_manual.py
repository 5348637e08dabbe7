"""The documentation: every command, query and term stands in it, its examples work, and it is built by one command."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path

import click
import pyoxigraph as ox
import pytest

from kg import vocab
from kg.checking import check_files
from kg.cli import cli
from kg.errors import DataError, InputError
from kg.manual import LANGUAGES, commands_page, queries_page, terms_page
from kg.resources import data_folder, ontology_files, parse_turtle
from kg.saved import SavedQuery, load_queries, parse_query
from kg.website import CONFIGURATION, build_site, write_pages

GUIDES = sorted(data_folder("docs").glob("*.md"))


def section(page: str, anchor: str) -> str:
    """Return the part of a page under the heading with this anchor."""
    (_, after) = page.split(f"{{ #{anchor} }}", 1)
    return after.split("\n## ", 1)[0]


def terms() -> dict[str, set[str]]:
    """Return every class, property and concept of ours, with its labels."""
    kinds = {vocab.OWL + kind for kind in ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty")}
    quads = [quad for file in ontology_files() for quad in parse_turtle(file)]
    found: dict[str, set[str]] = {
        quad.subject.value: set()
        for quad in quads
        if quad.predicate.value == vocab.RDF_TYPE
        and isinstance(quad.subject, ox.NamedNode)
        and isinstance(quad.object, ox.NamedNode)
        and quad.object.value in kinds | {vocab.SKOS_CONCEPT}
        and quad.subject.value.startswith((vocab.CHY, vocab.ID))
    }
    for quad in quads:
        named = quad.predicate.value in (vocab.RDFS_LABEL, vocab.SKOS_PREF_LABEL)
        if named and isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.Literal):
            found.get(quad.subject.value, set()).add(quad.object.value)
    return found


# -- generated pages ----------------------------------------------------------------------------------------------


def test_every_command_is_documented() -> None:
    """With its help, its options and its example."""
    page = commands_page(cli)
    for name, command in cli.commands.items():
        found = section(page, name)
        assert (command.help or "").splitlines()[0].split("<")[0][:60].replace("[", "\\[") in found
        for option in command.params:
            if isinstance(option, click.Option):
                assert option.opts[-1] in found, (name, option.opts)
        assert f"$ {command.epilog}" in found


@pytest.mark.parametrize("query", load_queries(data_folder("queries")).values(), ids=lambda query: str(query.name))
def test_every_query_is_documented(query: SavedQuery) -> None:
    """With a wording in each language, its parameters, its columns, and how to call it."""
    page = queries_page({query.name: query})
    found = section(page, query.name)
    assert page.count(query.title["en"]) >= 2  # once in the contents; a wording may begin with the title
    for language in LANGUAGES:
        assert query.questions[language][0] in found
        assert all(parameter.label[language] in found for parameter in query.parameters)
        assert all(column.label[language] in found for column in query.columns if column.label)
    assert all(f"`{one.name}`" in found for one in (*query.parameters, *query.columns))
    assert "SELECT" in found
    assert "#+" not in found


def test_every_term_is_documented() -> None:
    """With its labels in four languages."""
    lines = {line.split("`")[1]: line for line in terms_page(_ontology()).splitlines() if line.startswith("| `")}
    known = terms()
    assert len(known) > 200
    assert set(lines) == {iri.removeprefix(vocab.CHY).removeprefix(vocab.ID) for iri in known}
    for iri, labels in known.items():
        line = lines[iri.removeprefix(vocab.CHY).removeprefix(vocab.ID)]
        assert all(label in line for label in labels), iri


def _ontology() -> list[ox.Quad]:
    return [quad for file in ontology_files() for quad in parse_turtle(file)]


# -- guides -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: str(guide.name))
def test_the_commands_of_guides_are_right(guide: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command in a guide exists, with the options it is given."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "published").mkdir()
    wrong = []
    for block in re.findall(r"```console\n(.*?)```", guide.read_text(encoding="utf-8"), re.DOTALL):
        for line in block.splitlines():
            program, name, *arguments = shlex.split(line.removeprefix("$ "))
            assert program == "kg"
            command = cli.commands[name]
            try:
                command.make_context(name, arguments)
            except click.UsageError as error:
                wrong.append((line, error.message))
    # Files of the examples are not here; everything else must be right.
    assert [(line, message) for line, message in wrong if "does not exist" not in message] == []


def test_the_query_of_the_guide_is_right() -> None:
    """The example of a saved query can be used as it stands."""
    text = (data_folder("docs") / "adding.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```sparql\n(.*?)```", text, re.DOTALL)
    assert [parameter.name for parameter in parse_query("example", example).parameters] == ["recognised"]


def test_the_names_of_the_guide_are_right(tmp_path: Path) -> None:
    """The example of reference data passes the gate."""
    text = (data_folder("docs") / "editor.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```turtle\n(.*?)```", text, re.DOTALL)
    (tmp_path / "names.ttl").write_text(example, encoding="utf-8")
    (checked,) = check_files([str(tmp_path / "names.ttl")], gate="reference")
    assert checked.report.conforms, checked.report.as_text()


def test_every_page_is_in_the_contents(tmp_path: Path) -> None:
    """The table of contents names every page, and no other."""
    pages = write_pages(tmp_path, cli)
    listed = re.findall(r": ([\w-]+\.(?:md|html))$", (data_folder("docs") / CONFIGURATION).read_text("utf-8"), re.M)
    assert sorted(listed) == sorted([*pages, "ontology.html"])


# -- the site -----------------------------------------------------------------------------------------------------


def test_the_site(tmp_path: Path) -> None:
    """One command builds it, strictly: no link leads nowhere; every term has its place; nothing is loaded from afar."""
    for library in ("mkdocs", "pylode"):
        pytest.importorskip(library, reason="building the documentation needs the docs extra")
    assert build_site(tmp_path, cli) > 10
    pages = {page.name: page.read_text(encoding="utf-8") for page in tmp_path.glob("*.html")}
    assert all(f'id="{name}"' in pages["commands.html"] for name in cli.commands)
    assert all(f'id="{name}"' in pages["queries.html"] for name in load_queries(data_folder("queries")))
    assert [iri for iri in terms() if iri.startswith(vocab.CHY) and iri not in pages["ontology.html"]] == []
    loaded = r'<(?:script|img)[^>]*src="(?:https?:)?//|<link[^>]*rel="stylesheet"[^>]*href="(?:https?:)?//'
    assert [name for name, page in pages.items() if re.search(loaded, page)] == []


def test_other_things_are_left_alone(tmp_path: Path) -> None:
    """The documentation is not written over other files."""
    (tmp_path / "mine.txt").touch()
    with pytest.raises(InputError, match="holds other things"):
        build_site(tmp_path, cli)


def test_without_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without mkdocs, one message says what to install."""
    monkeypatch.setitem(sys.modules, "mkdocs.commands.build", None)
    with pytest.raises(DataError, match=r"chancery\[docs\]"):
        build_site(tmp_path, cli)
