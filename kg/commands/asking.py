"""What asks a register: saved queries, SPARQL, and what is known of an entity."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.commands.common import (
    ROW_FORMATS,
    command,
    format_option,
    language_option,
    limits_option,
    open_register,
    parameters,
    queries_option,
    say,
    store_on_day,
    workspace_option,
)
from kg.printable import printable

if TYPE_CHECKING:
    from kg.queries import Answer
    from kg.store import Generation


@command("queries", "kg queries --lang ru\nkg queries check my-queries")
@click.argument("action", required=False, type=click.Choice(["check"]))
@click.argument("checked", required=False, metavar="[DIR]", type=click.Path(path_type=Path))
@queries_option
@language_option
@format_option(ROW_FORMATS, "table")
def queries_command(action: str | None, checked: Path | None, own: Path | None, language: str, format_: str) -> None:
    """List the saved queries with their parameters; `check`: tell what is wrong in a folder of them, line by line."""
    from kg.folders import data_folder
    from kg.output import write_rows
    from kg.saved import load_queries

    if action == "check":
        from kg.query_check import check_folder

        folder = checked or own or data_folder("queries")
        number, faults = check_folder(folder)
        if faults:
            write_rows(["file", "line", "what is wrong"], [(f.file, f.line, f.message) for f in faults], format_)
        say(f"{number} queries in {folder}, {len(faults)} faults")
        sys.exit(1 if faults else 0)
    folders = [data_folder("queries"), *([own] if own else [])]
    rows = [
        (q.name, q.title[language], " ".join(p.usage() for p in q.parameters)) for q in load_queries(*folders).values()
    ]
    write_rows(["query", "answers", "parameters"], rows, format_)


@command("query", "kg query which-states-recognise --param recognised=Taliban --evidence --as-of 2025-12-31")
@click.argument("name")
@click.option(
    "-p", "--param", "params", multiple=True, metavar="NAME=VALUE", help="A value for a parameter of the query."
)
@click.option("--as-of", "day", metavar="DAY", help="What held on this day (YYYY-MM-DD).")
@click.option("--possible", is_flag=True, help="With --as-of: add what may have held that day, and say which it is.")
@click.option("--known-by", metavar="DAY", help="Only what documents published by this day say.")
@click.option("--min-documents", type=click.IntRange(min=0), default=0, metavar="N",
              help="Only what at least N documents say.")  # fmt: skip
@click.option("--min-confidence", type=click.FloatRange(0, 1), default=0.0, metavar="C",
              help="Only what claims of at least this confidence say.")  # fmt: skip
@click.option("-e", "--evidence", is_flag=True, help="Add quote, document, date and speaker of each claim.")
@queries_option
@language_option
@format_option((*ROW_FORMATS, "parquet"), "table")
@limits_option(600.0)
@workspace_option
def query_command(
    name: str,
    params: tuple[str, ...],
    day: str | None,
    known_by: str | None,
    min_documents: int,
    min_confidence: float,
    own: Path | None,
    language: str,
    format_: str,
    timeout: float,
    memory: int,
    folder: str,
    *,
    evidence: bool,
    possible: bool,
) -> None:
    """Ask a saved query; entities by name in any of the four languages, or by identifier."""
    from kg.folders import data_folder
    from kg.limits import limited
    from kg.output import write_answer
    from kg.queries import Support, ask, count_disputed, question_of, read_day, with_certainty
    from kg.register import decisions_of
    from kg.saved import find_query, load_headings

    if possible and day is None:
        raise click.UsageError("--possible needs --as-of DAY")
    values = parameters(params)
    query = find_query(name, data_folder("queries"), *([own] if own else []))
    support = Support(min_documents, min_confidence)
    as_of = read_day(day, "--as-of") if day is not None else None
    known = read_day(known_by, "--known-by") if known_by is not None else None

    def answered() -> tuple[Answer, list[str]]:
        with open_register(folder) as generation:
            store = store_on_day(generation, folder, as_of, known)
            decided = decisions_of(generation) if evidence else None
            told = {"language": language, "evidence": evidence, "support": support, "decisions": decided}
            answer = ask(store, query, values, **told)  # type: ignore[arg-type]
            if possible:
                wider = store_on_day(generation, folder, as_of, known, possible=True)
                both = ask(wider, query, values, **told)  # type: ignore[arg-type]
                answer = with_certainty(answer, both, load_headings(data_folder("queries")), language)
            words = _words_of_answer(answer, generation, folder, as_of)
            disputed = count_disputed(store, query, values)
            return answer, words + ([f"{disputed} more disputed: add --param status=actual,disputed"] * bool(disputed))

    answer, words = limited(answered, seconds=timeout, megabytes=memory)
    say(question_of(answer, language))
    if format_ == "parquet":
        from kg.columns import write_parquet

        if sys.stdout.isatty():
            raise click.UsageError("Parquet is no text: send it to a file, > rows.parquet")
        write_parquet(answer, sys.stdout.buffer, evidence=evidence)
    else:
        write_answer(answer, format_, language, evidence=evidence)
    for line in words:
        say(line)


def _words_of_answer(answer: Answer, generation: Generation, folder: str, day: str | None) -> list[str]:
    rows = len(answer.rows)
    when = f" as of {day}" if day else ""
    words = [f"{rows} {'row' if rows == 1 else 'rows'}{when}, generation {generation.number}"]
    if not rows and answer.entities:
        from kg.register import count_silent
        from kg.store import Workspace

        silent = count_silent(Workspace(Path(folder)), generation, answer.entities)
        who = " and ".join(answer.bound[name] for name in answer.entities.values())
        words.append(f"{silent} {'sentence names' if silent == 1 else 'sentences name'} {who} and gave no claim")
    return words


@command("sparql", "kg sparql 'SELECT ?s WHERE { GRAPH ?g { ?s a chy:State } } LIMIT 5'")
@click.argument("query")
@format_option((*ROW_FORMATS, "ttl"), "table")
@limits_option(60.0)
@workspace_option
def sparql_command(query: str, format_: str, timeout: float, memory: int, folder: str) -> None:
    """Run a SPARQL query (text, a file, or - for standard input); read only, and no other server is asked.

    JSON is SPARQL 1.1 Query Results JSON, with the kind, datatype and language of each term.
    The default graph is the union of all graphs, which may show a triple twice: use DISTINCT or GRAPH.
    """
    from kg.limits import limited
    from kg.output import write_rows
    from kg.sparql import Graph, Table, read_query, run_for_json, run_query, turtle

    text = sys.stdin.read() if query == "-" else read_query(query)

    def answered() -> Table | str | bool:
        with open_register(folder) as generation:
            if format_ == "json":
                return run_for_json(generation.store, text)
            result = run_query(generation.store, text)
            return turtle(result.triples) if isinstance(result, Graph) else result

    result = limited(answered, seconds=timeout, megabytes=memory)
    if isinstance(result, Table):
        write_rows(result.headings, result.rows, "csv" if format_ == "ttl" else format_)
    elif isinstance(result, str):
        click.echo(printable(result), nl=False)
    else:
        click.echo("true" if result else "false")


@command("show", "kg show Kazakhstan --lang kk")
@click.argument("entity")
@language_option
@format_option(("table", "json"), "table")
@workspace_option
def show_command(entity: str, language: str, format_: str, folder: str) -> None:
    """Show what is known of an entity: names, kinds, identifiers, facts in order of time."""
    from kg.output import write_entity
    from kg.show import show_entity

    with open_register(folder) as generation:
        write_entity(show_entity(generation.store, entity, language), format_)
