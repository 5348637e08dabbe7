"""The error tree; the command line shows these as one message, anything else is a bug and shows a traceback.

ChanceryError
├── InputError            a path, document, sidecar or parameter that cannot be used
│   ├── UnreadableDocument    the file's bytes give no text
│   ├── UnsupportedLanguage   the text is in none of the four languages, or too short to tell
│   ├── DuplicateDocument     two files claim one document id
│   ├── UnknownName           an entity, query, parameter or document that does not exist (with the nearest ones)
│   └── QueryError            a query that cannot be parsed or run
│       └── Stopped           one that took too long or too much memory, and was stopped
├── DataError             ontology, reference data, pack or query file of this project (or the user) that is wrong
├── StoreError            a workspace that is locked, damaged, missing or of another format
└── ValidationFailed      data that does not conform to the shapes
"""

from collections.abc import Sequence


class ChanceryError(Exception):
    """A known failure; `str()` of it says what, where, what was expected and what to do."""

    exit_code = 1


class InputError(ChanceryError):
    """Input that cannot be used."""


class UnreadableDocument(InputError):
    """A file whose bytes give no text."""


class UnsupportedLanguage(InputError):
    """A text in none of the four languages, or too short to tell."""


class DuplicateDocument(InputError):
    """Two files claim one document id; carries both."""

    def __init__(self, document: str, first: str, second: str) -> None:
        self.document, self.first, self.second = document, first, second
        super().__init__(
            f"two files have the document id {document!r}: {first} and {second}; "
            "rename one, or give it another id in its .meta.toml sidecar"
        )


class UnknownName(InputError):
    """A name that means nothing here; carries the nearest names that do."""

    def __init__(self, what: str, name: str, nearest: Sequence[str] = ()) -> None:
        self.what, self.name, self.nearest = what, name, tuple(nearest)
        hint = f"; did you mean {', '.join(repr(n) for n in nearest)}?" if nearest else ""
        super().__init__(f"unknown {what} {name!r}{hint}")


class QueryError(InputError):
    """A query that cannot be parsed or run."""


class Stopped(QueryError):
    """A query that took too long or too much memory, and was stopped."""


class DataError(ChanceryError):
    """A data file (ontology, reference, language pack, query) that is wrong; says which and where."""


class StoreError(ChanceryError):
    """A workspace that is locked, damaged, missing or of another format."""


class ValidationFailed(ChanceryError):
    """Data that does not conform to the shapes."""
