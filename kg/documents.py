"""Files, folders and standard input to documents: one record a document, or why there is none.

Nothing here stops a batch: what cannot be read is `Refused` with its reason, what was passed over is a `Remark`.
Only two files that claim one document id are an error of the whole batch (DuplicateDocument), raised before anything
is read where the names already tell.
"""

from __future__ import annotations

import hashlib
import os
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import BinaryIO

from kg.errors import DuplicateDocument, InputError
from kg.metadata import METADATA_KEYS, UNSTATED, Metadata, read_sidecar
from kg.model import Sha256
from kg.readers import MEDIA_TYPES, SUFFIXES, Content, Format, format_of, read_content, read_lines

SIDECAR = ".meta.toml"
STDIN = "-"
MAX_BYTES = 256 * 1024 * 1024
_READING_LIBRARIES = ("charset-normalizer", "pypdf", "python-docx", "trafilatura")


@dataclass(frozen=True, slots=True)
class RawDocument:
    """A document as read, its language not yet known.

    `language` is what the user states, `language_hint` what the page's own markup does (templates are often wrong).
    `path` is what the user would write; `source` is relative to what the user named, never absolute; `origin` is the
    file's absolute path, for the workspace's own bookkeeping and never published; `digest` is that of the file's bytes
    and its sidecar's.
    """

    id: str
    text: str
    sha256: Sha256
    path: str
    source: str
    origin: str
    digest: Sha256
    media_type: str
    title: str | None = None
    published: str | None = None
    publisher: str | None = None
    url: str | None = None
    language: str | None = None
    language_hint: str | None = None


@dataclass(frozen=True, slots=True)
class Unread:
    """A file whose digest is known: it holds what it held when it was last read."""

    path: str
    origin: str
    digest: Sha256


@dataclass(frozen=True, slots=True)
class Refused:
    """A path (as the user would write it) that gave no document, and why."""

    path: str
    reason: str
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that was passed over on purpose, by name; no error."""

    path: str
    reason: str


Read = RawDocument | Unread | Refused | Remark


def read_documents(
    paths: Sequence[str | Path],
    *,
    stdin: BinaryIO | None = None,
    known: Callable[[str, Sha256], bool] | None = None,
) -> Iterator[Read]:
    """Yield what each file under `paths` gives, folders in sorted order, each file once.

    `known(origin, digest)` says that a file was read before, just as it is now; it is then not parsed again.
    Raises DuplicateDocument when two files claim one document id.
    """
    files = list(_unique(_find_files(paths)))
    ids = _Ids()
    for file in files:
        if isinstance(file, _File) and file.holds_one_document:
            ids.claim(_stem_id(file), file.shown)
    for found in files:
        if isinstance(found, _File):
            yield from _read_file(found, ids, known or _never)
        elif isinstance(found, _Stdin):
            yield from _read_stdin(stdin, ids)
        else:
            yield found


def count_files(paths: Sequence[str | Path]) -> int:
    """Return how many files `read_documents` will look at."""
    return sum(1 for _ in _unique(_find_files(paths)))


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    shown: str
    source: str
    named: bool  # by the user, rather than found in a folder
    format: Format | None
    sidecar: Path | None = None
    metadata: Metadata = UNSTATED
    metadata_error: str | None = None

    @property
    def origin(self) -> str:
        return str(self.path.resolve())

    @property
    def holds_one_document(self) -> bool:
        return self.format not in ("jsonl", None) and self.metadata_error is None and self.path.is_file()


@dataclass(frozen=True, slots=True)
class _Stdin:
    pass


class _Ids:
    """The document ids of a batch and the files that claim them."""

    def __init__(self) -> None:
        self._claimed: dict[str, str] = {}

    def claim(self, document: str, path: str) -> None:
        first = self._claimed.setdefault(document, path)
        if first != path:
            raise DuplicateDocument(document, first, path)


def _find_files(paths: Sequence[str | Path]) -> Iterator[_File | _Stdin | Refused | Remark]:
    for path in paths:
        if str(path) == STDIN:
            yield _Stdin()
        elif Path(path).is_dir():
            yield from _walk(Path(path))
        elif str(path).endswith(SIDECAR):
            yield Refused(str(path), "is a sidecar; name the document it describes, or its folder")
        else:
            yield _file(Path(path), str(path), Path(path).name, named=True)


def _walk(folder: Path) -> Iterator[_File | Refused | Remark]:
    """Yield the files below `folder` in the order of their relative paths; hidden files and folders are left out."""
    errors: list[OSError] = []
    found: list[Path] = []
    for parent, folders, names in os.walk(folder, onerror=errors.append):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [Path(parent, name) for name in names if not name.startswith(".")]
    for error in errors:
        yield Refused(str(error.filename), f"the folder cannot be read: {error.strerror}")
    described = {sidecar for path in found if (sidecar := _sidecar_of(path))}
    for path in sorted(found, key=lambda path: path.relative_to(folder).as_posix()):
        source = path.relative_to(folder).as_posix()
        if not path.name.endswith(SIDECAR):
            yield _file(path, str(path), source, named=False)
        elif path not in described:
            yield Refused(str(path), "describes no document: there is no file of that name beside it")


def _file(path: Path, shown: str, source: str, *, named: bool) -> _File:
    sidecar = _sidecar_of(path)
    metadata, error = UNSTATED, None
    if sidecar:
        try:
            metadata = read_sidecar(sidecar)
        except InputError as problem:
            error = str(problem)
    return _File(path, shown, source, named, _format(path), sidecar, metadata, error)


def _sidecar_of(path: Path) -> Path | None:
    """Return the sidecar of a document: `page.html.meta.toml`, or for short `page.meta.toml`."""
    if path.name.endswith(SIDECAR):
        return None
    candidates = (path.with_name(path.name + SIDECAR), path.with_name(path.stem + SIDECAR))
    return next((candidate for candidate in candidates if candidate.is_file()), None)


def _format(path: Path) -> Format | None:
    known = SUFFIXES.get(path.suffix.lower())
    if known:
        return known
    try:
        with path.open("rb") as file:
            return format_of(path.name, file.read(1024))
    except OSError:
        return "text"  # reading it again gives the reason


def _unique(found: Iterator[_File | _Stdin | Refused | Remark]) -> Iterator[_File | _Stdin | Refused | Remark]:
    """Leave out files met before, by whatever path; the first one counts."""
    seen: set[str] = set()
    for item in found:
        key = item.origin if isinstance(item, _File) else STDIN if isinstance(item, _Stdin) else None
        if key is None or key not in seen:
            yield item
        if key is not None:
            seen.add(key)


def _never(_origin: str, _digest: Sha256) -> bool:
    return False


def _read_file(file: _File, ids: _Ids, known: Callable[[str, Sha256], bool]) -> Iterator[Read]:
    if file.metadata_error is not None:
        yield Refused(file.shown, file.metadata_error, file.origin)
        return
    if file.format is None:
        reason = f"is no kind of file that is read here ({', '.join(SUFFIXES)})"
        yield Refused(file.shown, reason, file.origin) if file.named else Remark(file.shown, reason)
        return
    try:
        data = _bytes(file.path)
    except InputError as error:
        yield Refused(file.shown, str(error), file.origin)
        return
    if file.format == "jsonl" and file.metadata.id:
        yield Refused(file.shown, "holds many documents, and its sidecar gives them one id", file.origin)
        return
    digest = _digest(data, file.metadata)
    if known(file.origin, digest):
        yield Unread(file.shown, file.origin, digest)
    elif file.format == "jsonl":
        yield from _read_json_lines(file, data, digest, ids)
    else:
        yield _read_one(file, data, digest)


def _bytes(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise InputError("is no file" if path.exists() else "does not exist")
        if path.stat().st_size > MAX_BYTES:
            raise InputError(f"is larger than {MAX_BYTES // 2**20} MiB; split it")
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}") from None


def _read_one(file: _File, data: bytes, digest: Sha256) -> RawDocument | Refused:
    try:
        content = read_content(data, file.format or "text")
    except InputError as error:
        return Refused(file.shown, str(error), file.origin)
    # A language in a page's markup often is its template's; so it is a hint, where the sidecar's is a statement.
    own = content.metadata
    stated = file.metadata.over(replace(own, language=None))
    where = (file.shown, file.source, file.origin, digest)
    return _document(_stem_id(file), content, stated, where, hint=own.language)


def _read_json_lines(file: _File, data: bytes, digest: Sha256, ids: _Ids) -> Iterator[Read]:
    try:
        lines = list(read_lines(data))
    except InputError as error:
        yield Refused(file.shown, str(error), file.origin)
        return
    if not any(line.content for line in lines):
        reason = f"line {lines[0].number} {lines[0].error}" if lines else "the file is empty"
        no_documents = lines and all("'text'" in line.error for line in lines)
        if no_documents and not file.named:
            yield Remark(file.shown, f"holds no documents ({reason})")
        else:
            yield Refused(file.shown, reason, file.origin)
        return
    for line in lines:
        shown = f"{file.shown}:{line.number}"
        if line.content is None:
            yield Refused(shown, line.error, file.origin)
            continue
        document = line.content.metadata.id or f"{_normal(file.path.stem)}-{line.number}"
        ids.claim(document, shown)
        where = (shown, f"{file.source}:{line.number}", file.origin, digest)
        yield _document(document, line.content, line.content.metadata.over(file.metadata), where)
    ignored = sorted({name for line in lines for name in line.ignored})
    if ignored:
        yield Remark(file.shown, f"fields that mean nothing here were ignored: {', '.join(ignored)}")


def _read_stdin(stdin: BinaryIO | None, ids: _Ids) -> Iterator[Read]:
    if stdin is None:
        yield Refused(STDIN, "there is no standard input to read")
        return
    data = stdin.read()
    file = _File(Path("stdin"), STDIN, "stdin", True, format_of("stdin", data[:1024]))
    digest = _digest(data, UNSTATED)
    if file.format == "jsonl":
        results = _read_json_lines(file, data, digest, ids)
    else:
        ids.claim("stdin", STDIN)
        results = iter([_read_one(file, data, digest)])
    yield from (_from_stdin(result) for result in results)


def _from_stdin(result: Read) -> Read:
    """Return `result` without the path of a file that is not there."""
    if isinstance(result, RawDocument):
        return replace(result, origin=STDIN)
    return Refused(result.path, result.reason) if isinstance(result, Refused) else result


def _document(
    document: str, content: Content, stated: Metadata, where: tuple[str, str, str, Sha256], *, hint: str | None = None
) -> RawDocument:
    path, source, origin, digest = where
    return RawDocument(
        id=document,
        text=content.text,
        sha256=sha256(content.text.encode()),
        path=path,
        source=source,
        origin=origin,
        digest=digest,
        media_type=MEDIA_TYPES[content.format],
        title=stated.title,
        published=stated.published,
        publisher=stated.publisher,
        url=stated.url,
        language=stated.language,
        language_hint=hint,
    )


def sha256(data: bytes) -> Sha256:
    """Return the SHA-256 of `data` in hexadecimal."""
    return Sha256(hashlib.sha256(data).hexdigest())


def _digest(data: bytes, metadata: Metadata) -> Sha256:
    """Return what tells whether a file must be parsed again: its bytes, its sidecar, and what reads them."""
    head = [[getattr(metadata, key) for key in METADATA_KEYS], [version(name) for name in _READING_LIBRARIES]]
    return sha256(repr(head).encode() + b"\x00" + data)


def _stem_id(file: _File) -> str:
    return file.metadata.id or _normal(file.path.stem)


def _normal(stem: str) -> str:
    """Return a file's stem as a document id: one form, whichever way the file system spells accents."""
    return unicodedata.normalize("NFC", stem)
