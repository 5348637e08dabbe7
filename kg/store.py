"""The workspace on disk: generations of the register, one of them published; texts, extractions, the user's own data.

    register/
      format                     "chancery register 2"
      lock                       held by the one writer
      current                    the number of the published generation; switched by one atomic rename
      generations/000007/
        store/                   Oxigraph; a hard-linked copy of the generation before, then changed
        files.json               size and checksum of each of its files: a damaged file can make a query run for ever
        index/                   what the next build needs to find what a change bears on (`kg.index`); may be lost
        records/                 what is in, and what was kept out and why (`kg.records`)
        build.json               what made this generation
        held                     locked (shared) by each reader, so that no generation is removed under one
        unpublished              there from before the folder has its name until `current` names it
      fresh/                     files that a writer is at; each is moved to its place when it is whole
      texts/{sha256}.txt         texts as read
      extractions/{fingerprint}.json    what the extractor made of a text; never changed, so a kill cannot tear them
      reference/*.ttl            the user's names
      decisions.toml             the user's decisions
      loaded                     there if the register was loaded from a dump, without texts: nothing can be read again

A build writes to `generations/draft-*`, renames it when it is complete, then switches `current`. Killed at any moment,
it leaves the published generation as it was; the next writer removes its leftovers.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import functools
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

import pyoxigraph as ox

from kg.durable import (
    CHECKED,
    check_files,
    checksums,
    copy_index,
    damaged,
    open_read_only,
    put,
    put_durably,
    sync_folder,
    written,
)
from kg.errors import StoreError
from kg.records import DocumentRecord, Records, SetAside, document_records, set_aside_records

FORMAT = "chancery register 2"
KEPT = 5
_CHECKED_AT_OPENING = 256 * 1024 * 1024  # bytes; takes a tenth of a second
_WORK = {"store": "work", "records": "work-records", "index": "work-index"}  # the stores of a draft
_CANNOT_WRITE = frozenset(
    (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO, errno.EMFILE)
)
SPOOLS = "spools"  # in a draft: what conclusions put aside
_NUMBER = re.compile(r"\d{6}")


@dataclass(frozen=True, slots=True)
class BuildInfo:
    """What made a generation: its parent, the versions of what read it, what it holds, and when (ISO, UTC)."""

    generation: int
    parent: int | None
    versions: str
    built: str
    counts: Mapping[str, int] = field(default_factory=dict)


class Generation:
    """The published state of the register, open for reading until `close`."""

    def __init__(self, folder: Path, held: int) -> None:
        self._held = held
        self.folder = folder
        self.info = _read_info(folder)
        check_files(folder, most=_CHECKED_AT_OPENING)
        records = functools.cache(lambda: open_read_only(folder / "records"))
        self.documents, self.set_aside = document_records(records), set_aside_records(records)
        self.store = open_read_only(folder / "store")

    @property
    def number(self) -> int:
        return self.info.generation

    def close(self) -> None:
        """Let go of the generation, so that a later build may remove it."""
        del self.store
        os.close(self._held)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@dataclass(slots=True)
class Draft:
    """The next generation while a build works on it; nobody else sees it before `publish`."""

    number: int
    parent: int | None
    folder: Path
    store: ox.Store
    records: ox.Store
    index: ox.Store
    documents: Records[DocumentRecord] = field(init=False)
    set_aside: Records[SetAside] = field(init=False)
    published: bool = False

    def __post_init__(self) -> None:
        self.documents, self.set_aside = document_records(self.records), set_aside_records(self.records)

    def close(self) -> None:
        """Let go of the stores, so that their files may be removed."""
        if hasattr(self, "store"):
            del self.store, self.index, self.records, self.documents, self.set_aside


class Workspace:
    """One folder that holds a register."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.generations_folder = folder / "generations"
        self.reference_folder = folder / "reference"
        self.decisions_file = folder / "decisions.toml"
        self.cleared: list[str] = []

    # -- format -------------------------------------------------------------------------------------------------------

    def check(self) -> None:
        """Raise StoreError unless the folder is a register of this format."""
        try:
            found = (self.folder / "format").read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            raise StoreError(
                f"there is no register at {self.folder}; `kg build PATH --workspace DIR` makes one"
            ) from None
        except (OSError, UnicodeDecodeError) as error:
            raise StoreError(f"the register at {self.folder} cannot be read: {error}") from None
        if found != FORMAT:
            raise StoreError(
                f"the register at {self.folder} has the format {found!r}; this version reads {FORMAT!r}: "
                "build it again into another folder"
            )

    def create(self) -> None:
        """Make an empty register here, or check the one that is here. Raises StoreError for any other folder."""
        marker = self.folder / "format"
        if marker.exists():
            self.check()
        elif self.folder.exists() and (not self.folder.is_dir() or self._strangers()):
            raise StoreError(f"{self.folder} is not a register and not empty; choose another --workspace")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            if not marker.exists():
                put_durably(marker, FORMAT + "\n")
            for name in ("generations", "fresh", "texts", "extractions", "reference"):
                (self.folder / name).mkdir(exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"the register at {self.folder} cannot be written: {error.strerror}; "
                "make the folder writable, or choose another --workspace"
            ) from None

    def _strangers(self) -> set[str]:
        """Return what stands in the folder and is no part of a register; a user's names may stand there before it."""
        return {path.name for path in self.folder.iterdir() if path.suffix != ".new"} - {"reference", "decisions.toml"}

    def is_unused(self) -> bool:
        """Tell whether the folder holds nothing yet, or but what a first writer left that did not come to its end."""
        if not self.folder.exists() or not any(self.folder.iterdir()):
            return True
        return (self.folder / "format").exists() and self.current() is None

    @property
    def loaded(self) -> bool:
        """Tell whether the register was loaded from a dump: it has no texts, and no build can change it."""
        return self.current() is not None and (self.folder / "loaded").exists()

    def mark_loaded(self) -> None:
        put_durably(self.folder / "loaded", "")

    # -- reading ------------------------------------------------------------------------------------------------------

    def current(self) -> int | None:
        """Return the number of the published generation, None before the first build."""
        try:
            text = (self.folder / "current").read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise StoreError(f"the register at {self.folder} cannot be read: {error}") from None
        if not _NUMBER.fullmatch(text):
            raise StoreError(f"the register at {self.folder} is damaged: {self.folder / 'current'} names no generation")
        return int(text)

    def open(self) -> Generation:
        """Return the published generation, open for reading; several processes may."""
        self.check()
        for _ in range(100):
            number = self.current()
            if number is None:
                raise StoreError(f"the register at {self.folder} is empty; add documents with `kg build PATH`")
            folder = self._folder(number)
            held = self._hold(folder, number)
            # A build may have published and removed generations since `current` was read: then read it again.
            if held is not None:
                return self._opened(folder, held)
        raise StoreError(f"the register at {self.folder} changes too fast to be opened; try again")

    def open_at(self, number: int) -> Generation:
        """Return a generation that is kept, open for reading. Raises StoreError when there is none of this number."""
        self.check()
        folder = self._folder(number)
        held = self._hold(folder, number) if number in self._numbers() else None
        if held is None:
            kept = ", ".join(map(str, self._numbers())) or "none"
            raise StoreError(f"there is no generation {number} at {self.folder}; kept are {kept}")
        return self._opened(folder, held)

    def _opened(self, folder: Path, held: int) -> Generation:
        try:
            return Generation(folder, held)
        except BaseException:
            os.close(held)
            raise

    def _hold(self, folder: Path, number: int) -> int | None:
        try:
            held = os.open(folder / "held", os.O_RDONLY)
        except OSError as error:
            if self.current() != number:
                return None
            raise damaged(folder, error) from None
        fcntl.flock(held, fcntl.LOCK_SH)
        if not (folder / "build.json").exists() and self.current() != number:
            os.close(held)
            return None
        return held

    def generations(self) -> list[BuildInfo]:
        """Return what made each generation that is kept, oldest first."""
        self.check()
        return [_read_info(self._folder(number)) for number in self._numbers()]

    # -- writing ------------------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the workspace against other writers, and clear what an interrupted one left (`cleared`).

        Raises StoreError when another is at work, or when the folder cannot be written, whenever that shows.
        """
        self.create()
        if self.loaded:
            raise StoreError(
                f"the register at {self.folder} was loaded from a dump, without the documents' texts, and cannot be "
                "changed; build one from the documents into another folder"
            )
        with self._writing(), (self.folder / "lock").open("r+b" if (self.folder / "lock").exists() else "w+b") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                holder = lock.read(32).decode(errors="replace").strip()
                who = f" (process {holder})" if holder else ""
                raise StoreError(
                    f"the register at {self.folder} is locked: another build is at work{who}; try again when it is done"
                ) from None
            lock.truncate(0)
            lock.write(f"{os.getpid()}\n".encode())
            lock.flush()
            self._clear()
            yield

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        """Turn what a full or read-only disk makes of any step into a StoreError."""
        try:
            yield
        except OSError as error:
            # RocksDB's errors have no number, but the words.
            if error.errno not in _CANNOT_WRITE and not (error.errno is None and "IO error" in str(error)):
                raise
            raise StoreError(
                f"the register at {self.folder} cannot be written: {error.strerror or error}; it is as it was: "
                "free space or make the folder writable, then do it again"
            ) from None

    def interrupted(self) -> list[str]:
        """Return what writers that did not come to their end have left; nothing while one is at work."""
        try:
            descriptor = os.open(self.folder / "lock", os.O_RDONLY)
        except OSError:
            return []
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return []
        else:
            return [path.name for path in self._leftovers()]
        finally:
            os.close(descriptor)

    def _leftovers(self) -> list[Path]:
        """Return drafts, and generations that were complete and not yet published."""
        current = self.current()
        unpublished = (path.parent for path in self.generations_folder.glob("*/unpublished"))
        return sorted(
            {*self.generations_folder.glob("draft-*"), *(p for p in unpublished if p.name != f"{current or 0:06d}")}
        )

    def _clear(self) -> None:
        """Remove what an interrupted writer left; what it had read is kept, and need not be read again."""
        current = self.current()
        if current is not None:
            (self._folder(current) / "unpublished").unlink(missing_ok=True)
        else:
            (self.folder / "loaded").unlink(missing_ok=True)
        leftovers = self._leftovers()
        for path in leftovers:
            shutil.rmtree(path, ignore_errors=True)
        for path in [*(self.folder / "fresh").iterdir(), *self.folder.glob("*.new")]:
            path.unlink(missing_ok=True)
        self.cleared = [path.name for path in leftovers]

    @contextlib.contextmanager
    def draft(self) -> Iterator[Draft]:
        """Yield the next generation, a copy of the published one; it is thrown away unless `publish` is called.

        Only while `locked`.
        """
        parent = self.current()
        number = max(self._numbers(), default=0) + 1
        folder = self.generations_folder / f"draft-{number:06d}"
        draft = None
        try:
            folder.mkdir()
            draft = self._copy(parent, number, folder)
            yield draft
        finally:
            if draft is None or not draft.published:
                if draft is not None:
                    draft.close()
                shutil.rmtree(folder, ignore_errors=True)

    def publish(self, draft: Draft, *, versions: str, built: str, counts: Mapping[str, int]) -> None:
        """Make `draft` the published generation, and remove old ones that nobody reads."""
        # A backup leaves out the write-ahead log, which would be kept with each generation at ten times its size.
        draft.documents.write_sums()
        draft.set_aside.write_sums()
        for name, store in (("store", draft.store), ("records", draft.records), ("index", draft.index)):
            store.flush()
            store.backup(str(draft.folder / name))
        del store
        draft.close()
        for name in _WORK.values():
            shutil.rmtree(draft.folder / name)
        shutil.rmtree(draft.folder / SPOOLS, ignore_errors=True)
        parent = self._folder(draft.parent) if draft.parent else None
        known = (parent, written(parent)) if parent else None
        files = checksums(draft.folder, CHECKED, known)
        put_durably(draft.folder / "files.json", json.dumps(files, indent=1) + "\n")
        os.sync()  # texts and extractions, thousands of small files: once for all is faster than each by itself
        info = BuildInfo(draft.number, draft.parent, versions, built, counts)
        put_durably(draft.folder / "held", "")
        put_durably(draft.folder / "unpublished", "")
        put_durably(draft.folder / "build.json", json.dumps(asdict(info), indent=1, sort_keys=True) + "\n")
        draft.folder.rename(self._folder(draft.number))
        draft.published = True
        sync_folder(self.generations_folder)
        self._switch(draft.number)
        (self._folder(draft.number) / "unpublished").unlink()
        self._remove_old()

    def rollback(self, to: int | None = None) -> int:
        """Publish an earlier generation again: `to`, else the parent of the current one; return its number."""
        self.check()
        with self.locked():
            current = self.current()
            numbers = self._numbers()
            if current is None:
                raise StoreError(f"the register at {self.folder} is empty; there is nothing to go back to")
            target = to if to is not None else self._parent(current, numbers)
            if target not in numbers:
                raise StoreError(
                    f"there is no generation {target} at {self.folder} to go back to; "
                    f"kept are {', '.join(map(str, numbers))}"
                )
            self._switch(target)
            return target

    def _parent(self, current: int, numbers: list[int]) -> int:
        try:
            parent = _read_info(self._folder(current)).parent
        except StoreError:  # damaged: the one before is as good as any
            parent = max((number for number in numbers if number < current), default=None)
        if parent is None:
            raise StoreError(f"generation {current} is the first; there is nothing to go back to")
        return parent

    def _copy(self, parent: int | None, number: int, folder: Path) -> Draft:
        work = {name: str(folder / _WORK[name]) for name in _WORK}
        if parent is None:
            store, records, index = (ox.Store(work[name]) for name in ("store", "records", "index"))
            return Draft(number, None, folder, store, records, index)
        source = self._folder(parent)
        check_files(source, most=_CHECKED_AT_OPENING)
        for name in CHECKED:
            old = open_read_only(source / name)
            try:
                old.backup(work[name])
            except (OSError, RuntimeError) as error:
                if str(folder) in str(error):  # it is the copy that cannot be written
                    raise OSError(str(error)) from None
                raise damaged(source, error) from None
        store, records = (ox.Store(work[name]) for name in CHECKED)
        return Draft(number, parent, folder, store, records, copy_index(source / "index", folder / _WORK["index"]))

    def _switch(self, number: int) -> None:
        put_durably(self.folder / "current", f"{number:06d}\n")

    def _folder(self, number: int) -> Path:
        return self.generations_folder / f"{number:06d}"

    def _numbers(self) -> list[int]:
        names = (path.name for path in self.generations_folder.iterdir()) if self.generations_folder.is_dir() else ()
        found = sorted(int(name) for name in names if _NUMBER.fullmatch(name))
        current = self.current()
        return [n for n in found if n == current or not (self._folder(n) / "unpublished").exists()]

    def _remove_old(self) -> None:
        current = self.current()
        for number in self._numbers()[:-KEPT]:
            folder = self._folder(number)
            if number != current and _nobody_reads(folder):
                # build.json goes first: without it no reader takes the folder for a generation.
                (folder / "build.json").unlink(missing_ok=True)
                shutil.rmtree(folder, ignore_errors=True)

    # -- texts and extractions ----------------------------------------------------------------------------------------

    def write_text(self, sha256: str, text: str) -> None:
        """Keep a text as read."""
        path = self.folder / "texts" / f"{sha256}.txt"
        if not path.exists():
            put(path, text, self.folder / "fresh")

    def read_text(self, sha256: str) -> str:
        """Return a text as read. Raises StoreError when it is lost."""
        path = self.folder / "texts" / f"{sha256}.txt"
        if self.loaded:
            raise StoreError(f"the register at {self.folder} was loaded from a dump, which has no texts of documents")
        try:
            return path.read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise StoreError(
                f"the register at {self.folder} is damaged: {path.name} cannot be read ({error})"
            ) from None

    def write_extraction(self, fingerprint: str, extraction: Mapping[str, Any]) -> None:
        """Keep what the extractor made of a document."""
        path = self.folder / "extractions" / f"{fingerprint}.json"
        text = json.dumps(extraction, ensure_ascii=False, separators=(",", ":")) + "\n"
        put(path, text, self.folder / "fresh")

    def read_extraction(self, fingerprint: str) -> Any:
        """Return what `write_extraction` kept, None when there is none (or a torn one)."""
        try:
            return json.loads((self.folder / "extractions" / f"{fingerprint}.json").read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return None


def _read_info(folder: Path) -> BuildInfo:
    try:
        return BuildInfo(**json.loads((folder / "build.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise damaged(folder, error) from None


def _nobody_reads(folder: Path) -> bool:
    try:
        descriptor = os.open(folder / "held", os.O_RDONLY)
    except OSError:
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return True
