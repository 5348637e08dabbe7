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
│   ├── IllFormedShapes       a shapes graph against the rules of SHACL
│   └── InconsistentOntology  no world fits the ontology
├── StoreError            a workspace that is locked, damaged, missing or of another format
├── ValidationFailed      data that does not conform to the shapes
├── NoJava                the reasoner has nothing to run on
├── ReasonerTimedOut      it was stopped, and nothing is known
└── ReasonerFailed        it ended without an answer
"""

from collections.abc import Sequence


class ChanceryError(Exception):
    """A known failure; `str()` of it says what, where, what was expected and what to do."""

    cause = "Something the commands know how to tell; what exactly is said by the kinds below."
    cure = "Read the message: it names the thing, and what to do follows the last colon or semicolon."

    exit_code = 1


class InputError(ChanceryError):
    """Input that cannot be used."""

    cause = "A path, document, sidecar, parameter or name that was given cannot be used."
    cure = "Give it as the message expects; nothing was changed."


class UnreadableDocument(InputError):
    """A file whose bytes give no text."""

    cause = (
        "The bytes of a file give no text: it is damaged, encrypted, a picture, too large, or of another "
        "format than its name says."
    )
    cure = "Save it as plain text or in a format that is read; the other documents are done all the same."


class UnsupportedLanguage(InputError):
    """A text in none of the four languages, or too short to tell."""

    cause = "A text is in none of the four languages, or too short to tell."
    cure = "State the language in a sidecar, or leave the document out."


class DuplicateDocument(InputError):
    """Two files claim one document id; carries both."""

    cause = "Two files of one build have the same document id."
    cure = "Rename one, or give it another id in its sidecar."

    def __init__(self, document: str, first: str, second: str) -> None:
        self.document, self.first, self.second = document, first, second
        super().__init__(
            f"two files have the document id {document!r}: {first} and {second}; "
            "rename one, or give it another id in its .meta.toml sidecar"
        )


class UnknownName(InputError):
    """A name that means nothing here; carries the nearest names that do."""

    cause = "A name means nothing in this register: an entity, query, parameter, document or graph."
    cure = "Take one of the nearest names, which the message tells, or the identifier."

    def __init__(self, what: str, name: str, nearest: Sequence[str] = ()) -> None:
        self.what, self.name, self.nearest = what, name, tuple(nearest)
        hint = f"; did you mean {', '.join(repr(n) for n in nearest)}?" if nearest else ""
        super().__init__(f"unknown {what} {name!r}{hint}")


class QueryError(InputError):
    """A query that cannot be parsed or run."""

    cause = "A query is no SPARQL query, would change something, would ask another server, or failed while it ran."
    cure = "Mend the query where the message says; a register is never changed by a query."


class Stopped(QueryError):
    """A query that took too long or too much memory, and was stopped."""

    cause = "A query took more time or memory than it was given."
    cure = (
        "Ask for less, or give more with --timeout or --memory; nothing of an answer is shown, since it would "
        "not be complete."
    )


class DataError(ChanceryError):
    """A data file (ontology, reference, language pack, query) that is wrong; says which and where."""

    cause = "A data file is wrong: ontology, names, a language pack, a saved query, decisions."
    cure = "Mend the file at the place the message names; for a file of the package, install it again."


class IllFormedShapes(DataError):
    """A shapes graph that is against the rules of SHACL, or whose shapes refer to themselves."""

    cause = "A shapes graph is against the rules of SHACL, or a shape refers to itself."
    cure = "Mend the shape that the message names."


class InconsistentOntology(DataError):
    """No world fits the ontology. Carries the classes that can have no individual, if these are the reason."""

    cause = "The ontology contradicts itself, or a class of it can have no individual."
    cure = "Look at the classes named and what they are disjoint with, or take statements out until it is consistent."

    def __init__(self, unsatisfiable: tuple[str, ...] = ()) -> None:
        self.unsatisfiable = unsatisfiable
        super().__init__(
            f"no individual can belong to {', '.join(unsatisfiable)}: look at their parents and the disjoint classes"
            if unsatisfiable
            else "the ontology is inconsistent: some individual contradicts the axioms, for example by belonging to "
            "two disjoint classes; take statements out until it is consistent to find which (the reasoner does not say)"
        )


class StoreError(ChanceryError):
    """A workspace that is locked, damaged, missing or of another format."""

    cause = "The folder of the register is locked, damaged, missing, full, read-only or of another format."
    cure = "Do as the message says; the published register is as it was, and `kg rollback` goes back to the one before."


class ValidationFailed(ChanceryError):
    """Data that does not conform to the shapes."""

    cause = "Data does not conform to the shapes."
    cure = "Repair what the report names; each line says how."


class NoJava(ChanceryError):
    """There is no Java virtual machine to run the reasoner on."""

    cause = "The reasoner needs a Java virtual machine, and there is none."
    cure = "Install the extra that brings one: pip install 'chancery[reasoner]'."

    def __init__(self) -> None:
        super().__init__(
            "the reasoner needs Java 17 or later, and none was found: install the reasoner extra "
            "(pip install 'chancery[reasoner]'), or put a java on the PATH"
        )


class ReasonerTimedOut(ChanceryError):
    """The reasoner was stopped; nothing is known about consistency. Carries the seconds it was given."""

    cause = "The reasoner took longer than it was given."
    cure = "Give it more time, or less data; nothing is known of consistency."

    def __init__(self, timeout: float) -> None:
        self.timeout = timeout
        super().__init__(
            f"the reasoner was stopped after {timeout:g} seconds without an answer, so it is not known whether the "
            "ontology is consistent; give it more time, or less data"
        )


class ReasonerFailed(ChanceryError):
    """The reasoner stopped by itself without an answer; carries what it printed."""

    cause = "The reasoner ended without an answer."
    cure = "Read what it says; most often a file of the ontology is broken."

    def __init__(self, output: str) -> None:
        self.output = output
        super().__init__(f"the reasoner could not read the ontology or failed on it; it says: {output.strip()[:2000]}")
