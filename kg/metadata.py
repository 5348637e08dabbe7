"""What a document states about itself: title, publication date, publisher, URL, language, id.

It comes from a sidecar `NAME.meta.toml`, from a JSON line, or from the document's own head. Every value is checked
here, once: what is not understood is an error that names the key, what was found and what was expected.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from pathlib import Path

from kg.errors import InputError

_DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_DAY_AND_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}.*")
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]{2,8})*")
_URL = re.compile(r"""https?://[^\s<>"{}|\\^`]+""")
_MAX_LINE = 2000
_SHOWN = 80  # characters of a wrong value in a message
_MAX_ID = 200


@dataclass(frozen=True, slots=True)
class Metadata:
    """Statements about one document, None where nothing is stated; `published` is an ISO day, month or year."""

    id: str | None = None
    title: str | None = None
    published: str | None = None
    publisher: str | None = None
    url: str | None = None
    language: str | None = None

    def over(self, other: Metadata) -> Metadata:
        """Return these statements, completed by `other` where they say nothing."""
        return Metadata(**{name: getattr(self, name) or getattr(other, name) for name in METADATA_KEYS})


METADATA_KEYS = tuple(field.name for field in fields(Metadata))
UNSTATED = Metadata()


def metadata_of(values: Mapping[str, object]) -> Metadata:
    """Return checked metadata; empty values count as unstated.

    >>> metadata_of({"published": "2025-07-04T10:00:00Z", "language": "ru-RU", "title": ""})
    Metadata(id=None, title=None, published='2025-07-04', publisher=None, url=None, language='ru')

    Raises InputError naming the key, for a key that means nothing here or a value that cannot be right.
    """
    unknown = sorted(set(values) - set(METADATA_KEYS))
    if unknown:
        raise InputError(
            f"unknown {'keys' if len(unknown) > 1 else 'key'} {', '.join(map(_shown, unknown))}; "
            f"known are {', '.join(METADATA_KEYS)}"
        )
    return Metadata(**{key: _CHECKS[key](key, value) for key, value in values.items() if value not in (None, "")})


def read_sidecar(path: Path) -> Metadata:
    """Return the metadata in a TOML sidecar. Raises InputError when it is not TOML, or says what cannot be."""
    try:
        return metadata_of(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"sidecar {path.name} is not TOML in UTF-8: {error}") from None
    except OSError as error:
        raise InputError(f"sidecar {path.name} cannot be read: {error.strerror}") from None
    except InputError as error:
        raise InputError(f"sidecar {path.name}: {error}") from None


def is_day(text: str) -> bool:
    """Return whether `text` is a real ISO day, month or year.

    >>> is_day("2024-02-29"), is_day("2025-02-29"), is_day("2025-07"), is_day("2025")
    (True, False, True, True)
    """
    match = _DAY.fullmatch(text)
    if not match:
        return False
    year, month, day = (int(part) if part else 1 for part in match.groups())
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _shown(value: object) -> str:
    """Return a value as a message shows it: its beginning, where it is long."""
    return repr(value if not isinstance(value, str) else value[:_SHOWN] + "..." * (len(value) > _SHOWN))[: 2 * _SHOWN]


def _published(key: str, value: object) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    text = str(value).strip() if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
    timed = _DAY_AND_TIME.fullmatch(text)
    text = timed.group(1) if timed else text
    if not is_day(text):
        raise InputError(f"{key} is {_shown(value)}; expected a day (2025-07-04), a month (2025-07) or a year (2025)")
    return text


def _language(key: str, value: object) -> str:
    match = _LANGUAGE.fullmatch(value.strip()) if isinstance(value, str) else None
    if not match:
        raise InputError(f"{key} is {_shown(value)}; expected a language tag such as kk, ru, vi or en")
    return match.group(1).lower()


def _url(key: str, value: object) -> str:
    if not (isinstance(value, str) and len(value) <= _MAX_LINE and _URL.fullmatch(value.strip())):
        raise InputError(f"{key} is {_shown(value)}; expected an address that begins with https:// or http://")
    return value.strip()


def _id(key: str, value: object) -> str:
    text = str(value).strip() if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
    if not text or not text.isprintable() or len(text) > _MAX_ID:
        raise InputError(f"{key} is {_shown(value)}; expected 1 to {_MAX_ID} printable characters")
    return text


def _line(key: str, value: object) -> str:
    if not isinstance(value, str):
        raise InputError(f"{key} is {_shown(value)}; expected text")
    if len(value) > _MAX_LINE:
        raise InputError(f"{key} has {len(value):,} characters; expected no more than {_MAX_LINE:,}")
    if any("\ud800" <= letter <= "\udfff" for letter in value):
        raise InputError(f"{key} holds half a character (a lone surrogate)")
    return " ".join("".join(c if c.isprintable() else " " for c in value).split())


_CHECKS: Mapping[str, Callable[[str, object], str]] = {
    "id": _id,
    "title": _line,
    "published": _published,
    "publisher": _line,
    "url": _url,
    "language": _language,
}
