"""The documentation as a folder of web pages: guides, generated pages and the ontology, put together by mkdocs.

The guides are in `docs/`; `kg.manual` makes the pages on commands, saved queries and terms; pylode makes that of the
ontology. The extra `docs` brings mkdocs and pylode. Nothing on a page is loaded from elsewhere.
"""

from __future__ import annotations

import contextlib
import logging
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import DataError, InputError
from kg.manual import commands_page, queries_page, terms_page
from kg.message_page import messages_page
from kg.resources import data_folder, ontology_files, parse_turtle
from kg.saved import load_queries

if TYPE_CHECKING:
    import click

CONFIGURATION = "mkdocs.yml"


def write_pages(folder: Path, commands: click.Group) -> list[str]:
    """Write guides and generated pages as Markdown into `folder`; return their names."""
    for guide in sorted(data_folder("docs").glob("*.md")):
        shutil.copy(guide, folder)
    ontology = (quad for file in ontology_files() for quad in parse_turtle(file))
    pages = {
        "commands.md": commands_page(commands),
        "queries.md": queries_page(load_queries(data_folder("queries"))),
        "vocabulary.md": terms_page(ontology),
        "messages.md": messages_page(),
    }
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8")
    return sorted(page.name for page in folder.glob("*.md"))


def build_site(output: Path, commands: click.Group) -> int:
    """Write the documentation into `output` and return how many pages it has.

    Raises InputError for a folder that holds other things, DataError where the extra is not installed.
    """
    if output.is_dir() and any(output.iterdir()) and not (output / "ontology.html").is_file():
        raise InputError(f"{output} holds other things than this documentation; choose another folder")
    try:
        from mkdocs.commands.build import build
        from mkdocs.config import load_config
    except ImportError:
        raise _missing() from None
    with tempfile.TemporaryDirectory() as place:
        pages = Path(place) / "pages"
        pages.mkdir()
        write_pages(pages, commands)
        (pages / "ontology.html").write_text(ontology_page(), encoding="utf-8")
        configuration = Path(place) / CONFIGURATION
        shutil.copy(data_folder("docs") / CONFIGURATION, configuration)
        config = load_config(str(configuration), docs_dir=str(pages), site_dir=str(output.absolute()), strict=True)
        build(config)
    return sum(1 for _ in output.rglob("*.html"))


def ontology_page() -> str:
    """Return the ontology as one HTML page. Raises DataError where the extra is not installed."""
    with _quiet():
        try:
            from pylode.profiles.ontpub import OntPub
        except ImportError:
            raise _missing() from None
        import rdflib

        graph = rdflib.Graph()
        for file in ontology_files():
            graph.parse(file)
        return str(OntPub(graph).make_html())


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep pylode from logging all that it does, for everybody."""
    root = logging.getLogger()
    level, handlers = root.level, list(root.handlers)
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)
        root.setLevel(level)
        root.handlers[:] = handlers


def _missing() -> DataError:
    return DataError(
        "the documentation needs mkdocs and pylode, which are not installed; "
        "install the extra: pip install 'chancery[docs]'"
    )
