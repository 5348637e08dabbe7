"""What proves and cites: `kg why` and `kg cite`."""

from __future__ import annotations

from pathlib import Path

import click

from kg.commands.common import command, format_option, language_option, open_register, store_on_day, workspace_option
from kg.printable import printable


@command("why", "kg why Russia recognises Taliban")
@click.argument("what", nargs=-1, required=True, metavar="FACT | SUBJECT PROPERTY OBJECT")
@language_option
@format_option(("text", "json", "ttl"), "text")
@workspace_option
def why_command(what: tuple[str, ...], language: str, format_: str, folder: str) -> None:
    """Show the proof of a fact (its first digits do), or of a triple: axioms, rule, facts, claims, quotes."""
    from kg.names import Names
    from kg.proof_output import as_json, as_text, as_turtle
    from kg.register import decisions_of
    from kg.resources import load_knowledge
    from kg.store import Workspace
    from kg.why import prove

    knowledge = load_knowledge(Workspace(Path(folder)).reference_folder)
    with open_register(folder) as generation:
        proof, names = prove(generation.store, knowledge, what, decisions_of(generation)), Names(generation.store)
        if format_ == "text":
            text = as_text(proof, lambda iri: names.label(iri, language))
        else:
            text = as_json(proof) if format_ == "json" else as_turtle(proof)
    click.echo(printable(text), nl=False)


@command("cite", "kg cite 0f3a9c21 --format bibtex")
@click.argument("fact")
@click.option("--as-of", "day", metavar="DAY", help="As it stood on this day (YYYY-MM-DD).")
@click.option("--known-by", metavar="DAY", help="By what documents published by this day say.")
@language_option
@format_option(("text", "bibtex"), "text")
@workspace_option
def cite_command(fact: str, day: str | None, known_by: str | None, language: str, format_: str, folder: str) -> None:
    """Print how to cite a fact: what it says, the generation and days it was read in, and its sources."""
    from kg.citation import Edition, as_bibtex, as_text
    from kg.names import Names
    from kg.proof import FactProof
    from kg.queries import read_day
    from kg.resources import load_knowledge
    from kg.store import Workspace
    from kg.why import prove

    as_of = read_day(day, "--as-of") if day is not None else None
    known = read_day(known_by, "--known-by") if known_by is not None else None
    knowledge = load_knowledge(Workspace(Path(folder)).reference_folder)
    with open_register(folder) as generation:
        store = store_on_day(generation, folder, as_of, known)
        proof, names = prove(store, knowledge, (fact,)), Names(store)
        edition = Edition(generation.number, generation.info.built, as_of, known)
        write = as_bibtex if format_ == "bibtex" else as_text
        if isinstance(proof, FactProof):
            click.echo(printable(write(proof, edition, lambda iri: names.label(iri, language))), nl=False)
