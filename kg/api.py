"""A register in a script or a notebook: `kg.open(folder)`, then saved queries and SPARQL, answers as rows.

    import kg

    with kg.open("register") as register:
        answer = register.query("which-states-recognise", recognised="Taliban", lang="kk", evidence=True)
        for row in answer:
            print(row["recogniser"].label, row["date"])
        frame = answer.to_pandas()

Errors are those of `kg.errors`, each with what to do about it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Self

from kg.errors import InputError
from kg.folders import data_folder
from kg.headers import LANGUAGES
from kg.names import Names
from kg.queries import Answer, Cell, Evidence, Support, ask, question_of, read_day
from kg.saved import SavedQuery, find_query, load_queries
from kg.show import EntityView, show_entity
from kg.sparql import Graph, Table, run_query
from kg.store import Generation, Workspace

if TYPE_CHECKING:
    import pandas
    import pyoxigraph as ox

    from kg.decisions import Decisions

Day = str | date  # a string as YYYY-MM-DD


class Row(Mapping[str, Cell]):
    """One row: its cells by column, the facts it rests on, and their evidence if it was asked for.

    A cell is a `Named` (id, label), a tuple of these, text, a whole number, or None.
    """

    def __init__(self, cells: Mapping[str, Cell], facts: tuple[str, ...], evidence: tuple[Evidence, ...]) -> None:
        self._cells = dict(cells)
        self.facts = facts
        self.evidence = evidence

    def __getitem__(self, column: str) -> Cell:
        return self._cells[column]

    def __iter__(self) -> Iterator[str]:
        return iter(self._cells)

    def __len__(self) -> int:
        return len(self._cells)

    def __repr__(self) -> str:
        return f"Row({self._cells!r})"


class Rows(Sequence[Row]):
    """The rows of an answer in order; `question` is what was asked, in the language of the labels."""

    def __init__(self, answer: Answer, language: str, *, evidence: bool) -> None:
        names = [column.name for column in answer.columns]
        self.answer = answer
        self.question = question_of(answer, language)
        self.columns = tuple(names)
        self._rows = [Row(dict(zip(names, row.cells, strict=True)), row.facts, row.evidence) for row in answer.rows]
        self._evidence = evidence

    def __getitem__(self, place: int) -> Row:  # type: ignore[override]
        return self._rows[place]

    def __len__(self) -> int:
        return len(self._rows)

    def __repr__(self) -> str:
        return f"{self.question} {len(self)} rows of {', '.join(self.columns)}"

    def to_pandas(self) -> pandas.DataFrame:
        """Return the rows as a data frame: labels and identifiers in columns of their own, `facts`, `evidence`.

        Raises InputError where pandas is not installed.
        """
        try:
            import pandas
        except ImportError:
            raise InputError("data frames need pandas: pip install 'chancery[pandas]'") from None
        from kg.columns import columns_of, records_of

        names = [column.name for column in columns_of(self.answer, evidence=self._evidence)]
        return pandas.DataFrame(records_of(self.answer, evidence=self._evidence), columns=names)


class Register:
    """A register, open for reading until `close`; what is built meanwhile is not seen."""

    def __init__(self, folder: Path, queries: Path | None = None) -> None:
        """Open the register in `folder`; `queries`: a folder of saved queries of your own, which come before ours."""
        self._workspace = Workspace(folder)
        self._opened = self._workspace.open()
        self._closed = False
        self._folders = [data_folder("queries"), *([queries] if queries else [])]
        self._stores: dict[tuple[str | None, str | None], tuple[ox.Store, Names]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the register."""
        self._stores.clear()
        self._closed = True
        self._opened.close()

    @property
    def _generation(self) -> Generation:
        if self._closed:
            raise InputError("the register is closed; ask inside `with kg.open(...)`, or open it again")
        return self._opened

    @property
    def generation(self) -> int:
        """The number of the generation that answers."""
        return self._generation.number

    def queries(self) -> dict[str, SavedQuery]:
        """Return the saved queries by name, with their parameters and columns."""
        return load_queries(*self._folders)

    def query(
        self,
        name: str,
        *,
        as_of: Day | None = None,
        known_by: Day | None = None,
        lang: str = "en",
        evidence: bool = False,
        min_documents: int = 0,
        min_confidence: float = 0.0,
        **parameters: str | int | date,
    ) -> Rows:
        """Return the rows that a saved query answers; entities by name in any language, or by identifier.

        `as_of`: what held on that day; `known_by`: what documents published by that day say; `min_documents`,
        `min_confidence`: how well the facts of a row must be supported. A parameter whose name is a word of Python is
        given as `**{"with": "Taliban"}`. Raises UnknownName for a query, parameter or entity that does not exist,
        InputError for a value that is none of its type.
        """
        if lang not in LANGUAGES:
            raise InputError(f"lang is {lang!r}; expected one of {', '.join(LANGUAGES)}")
        query = find_query(name, *self._folders)
        store, names = self._on(_day(as_of, "as_of"), _day(known_by, "known_by"))
        answer = ask(
            store,
            query,
            {key: str(value) for key, value in parameters.items()},
            language=lang,
            evidence=evidence,
            support=Support(min_documents, min_confidence),
            names=names,
            decisions=self._decisions() if evidence else None,
        )
        return Rows(answer, lang, evidence=evidence)

    def sparql(self, query: str) -> Table | Graph | bool:
        """Return what a SPARQL query of your own gives. Raises QueryError for one that cannot be run."""
        return run_query(self._generation.store, query)

    def show(self, entity: str, *, lang: str = "en") -> EntityView:
        """Return what is known of an entity. Raises UnknownName with the nearest names."""
        return show_entity(self._generation.store, entity, lang)

    def _decisions(self) -> Decisions:
        from kg.register import decisions_of

        return decisions_of(self._generation)

    def _on(self, day: str | None, known_by: str | None) -> tuple[ox.Store, Names]:
        if (day, known_by) not in self._stores:
            store = self._generation.store
            if day is not None or known_by is not None:
                from kg.core import load_core
                from kg.register import store_on

                core = load_core(self._workspace)
                store, _ = store_on(self._workspace, self._generation, core, day=day, known_by=known_by)
            self._stores[day, known_by] = store, Names(store)
        return self._stores[day, known_by]


def _day(value: Day | None, what: str) -> str | None:
    return None if value is None else read_day(str(value), what)
