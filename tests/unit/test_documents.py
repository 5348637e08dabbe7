"""Reading documents: any encoding and format, metadata from where it is stated, a reason for all that is refused."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

from kg.documents import RawDocument, Refused, Remark, Unread, read_documents
from kg.errors import DuplicateDocument

KAZAKH = "Ресей мен Қазақстан келісімге қол қойды. Бұл туралы үкімет хабарлады."
RUSSIAN = "Россия признала правительство талибов. Об этом сообщил министр."
VIETNAMESE = "Ngoại trưởng Nga đã gặp người đồng cấp Việt Nam tại Hà Nội."
ENGLISH = "Russia recognised the Taliban government, the ministry said."


def write(path: Path, data: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def read_one(path: Path) -> RawDocument:
    (document,) = read_documents([path])
    assert isinstance(document, RawDocument), document
    return document


def refusal(path: Path) -> str:
    (refused,) = read_documents([path])
    assert isinstance(refused, Refused), refused
    return refused.reason


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("text", [KAZAKH, RUSSIAN, VIETNAMESE, ENGLISH])
def test_unicode_encodings(tmp_path: Path, text: str, encoding: str) -> None:
    """A text in any Unicode encoding, marked or not, is read as it was written, without its mark."""
    assert read_one(write(tmp_path / "a.txt", text.encode(encoding))).text == text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (RUSSIAN, "cp1251"),
        ("Путин в Москве.", "cp1251"),
        ("Лавров: «Признания не было» — МИД", "cp1251"),
        (RUSSIAN, "koi8_r"),
        (RUSSIAN, "cp866"),
        (KAZAKH, "kz1048"),
        ("The ministry’s “plan” – nothing more", "cp1252"),
    ],
)
def test_one_byte_encodings(tmp_path: Path, text: str, encoding: str) -> None:
    """Short texts in the one-byte encodings of our languages are read right."""
    assert read_one(write(tmp_path / "a.txt", text.encode(encoding))).text == text


def test_text_is_kept_as_read(tmp_path: Path) -> None:
    """Line ends, composed and decomposed letters and odd spaces stay, so that offsets are those of the text."""
    text = "Một\r\nhai\u00a0ba\r\u0065\u0302\u0301 \ufb01\n\n"
    assert read_one(write(tmp_path / "a.txt", text)).text == text


def test_ids_are_stems_in_one_form(tmp_path: Path) -> None:
    """A file name with decomposed accents gives the same id as one with composed ones."""
    assert read_one(write(tmp_path / "Hà Nội.v1.txt", VIETNAMESE)).id == "Hà Nội.v1"


def test_sidecar(tmp_path: Path) -> None:
    """A sidecar states what the document does not, also as TOML dates."""
    path = write(tmp_path / "a.txt", RUSSIAN)
    stated = {"id": "ru-1", "title": "Т", "publisher": "П", "url": "https://e.org/1", "language": "ru-RU"}
    lines = [f'{key} = "{value}"' for key, value in stated.items()]
    write(tmp_path / "a.meta.toml", "\n".join([*lines, "published = 2025-07-04"]))
    document = read_one(path)
    assert (document.id, document.title, document.published, document.publisher) == ("ru-1", "Т", "2025-07-04", "П")
    assert (document.url, document.language, document.source) == ("https://e.org/1", "ru", "a.txt")


def test_sidecar_by_full_name(tmp_path: Path) -> None:
    """A sidecar may carry the document's whole file name."""
    path = write(tmp_path / "a.txt", RUSSIAN)
    write(tmp_path / "a.txt.meta.toml", "published = 2025\n")
    assert read_one(path).published == "2025"


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ("titel = 'x'", "unknown key 'titel'; known are id, title, published, publisher, url, language"),
        ("published = '4 July'", "published is '4 July'; expected a day"),
        ("published = '2025-02-30'", "expected a day"),
        ("language = 'Russian!'", "language is 'Russian!'"),
        ("url = 'e.org'", "url is 'e.org'"),
        ("id = ' '", "id is ' '"),
        ("title = 3", "title is 3; expected text"),
        ("title = ", "is not TOML"),
    ],
)
def test_broken_sidecar(tmp_path: Path, toml: str, message: str) -> None:
    """A document whose sidecar says what cannot be is refused, and the reason names the key and the sidecar."""
    path = write(tmp_path / "a.txt", RUSSIAN)
    write(tmp_path / "a.meta.toml", toml)
    assert message in refusal(path)
    assert "a.meta.toml" in refusal(path)


def test_folder(tmp_path: Path) -> None:
    """A folder is read in the order of its paths; hidden files stay out, sidecars are no documents."""
    for name in ("b.txt", "a/z.txt", ".hidden.txt", ".git/c.txt", "a.md"):
        write(tmp_path / name, ENGLISH + name)
    write(tmp_path / "b.meta.toml", "title = 'B'")
    found = list(read_documents([tmp_path]))
    assert [d.source for d in found if isinstance(d, RawDocument)] == ["a.md", "a/z.txt", "b.txt"]
    assert len(found) == 3


def test_other_files_in_a_folder_are_remarked(tmp_path: Path) -> None:
    """A file of another kind is passed over by name in a folder, and refused when it is named itself."""
    picture = write(tmp_path / "photo.png", b"\x89PNG\r\n\x00")
    (remark,) = read_documents([tmp_path])
    assert isinstance(remark, Remark)
    assert "no kind of file" in refusal(picture)


def test_orphan_sidecar(tmp_path: Path) -> None:
    """A sidecar without its document is reported, in a folder and when named."""
    sidecar = write(tmp_path / "a.meta.toml", "title = 'x'")
    (refused,) = read_documents([tmp_path])
    assert isinstance(refused, Refused)
    assert "describes no document" in refused.reason
    assert "is a sidecar" in refusal(sidecar)


def test_each_file_is_read_once(tmp_path: Path) -> None:
    """A file named twice, or named and found in its folder, is one document."""
    path = write(tmp_path / "a.txt", ENGLISH)
    assert len(list(read_documents([tmp_path, path, tmp_path / "." / "a.txt"]))) == 1


def test_two_files_with_one_id(tmp_path: Path) -> None:
    """Two files that claim one id are an error that names both, before anything is read."""
    write(tmp_path / "x/a.txt", ENGLISH)
    write(tmp_path / "y/a.md", RUSSIAN)
    with pytest.raises(DuplicateDocument) as caught:
        next(read_documents([tmp_path]))
    assert caught.value.first.endswith("x/a.txt")
    assert caught.value.second.endswith("y/a.md")


def test_two_json_lines_with_one_id(tmp_path: Path) -> None:
    """Lines of JSON Lines are held to the same rule as files."""
    write(tmp_path / "a.jsonl", "\n".join(json.dumps({"id": "x", "text": t}) for t in (ENGLISH, RUSSIAN)))
    with pytest.raises(DuplicateDocument, match=r"a.jsonl:1 and .*a.jsonl:2"):
        list(read_documents([tmp_path / "a.jsonl"]))


def test_json_lines(tmp_path: Path) -> None:
    """Each line is a document with its own metadata; a line without a good text is refused alone; fields are named."""
    lines = [
        {"text": ENGLISH, "id": "en-9", "published": "2025-07-04T09:00:00+05:00", "language": "en", "author": "x"},
        {"text": RUSSIAN, "title": None},
        {"body": "x"},
        {"text": "half \ud800"},
        {"text": RUSSIAN, "published": "yesterday"},
    ]
    path = write(tmp_path / "news.jsonl", "\n".join(json.dumps(line) for line in lines) + "\n\n{broken\n[1]\n")
    found = list(read_documents([path]))
    documents = [d for d in found if isinstance(d, RawDocument)]
    assert [(d.id, d.published, d.language, d.source) for d in documents] == [
        ("en-9", "2025-07-04", "en", "news.jsonl:1"),
        ("news-2", None, None, "news.jsonl:2"),
    ]
    refused = {r.path.rsplit(":", 1)[1]: r.reason for r in found if isinstance(r, Refused)}
    assert list(refused) == ["3", "4", "5", "7", "8"]
    assert "has no 'text'" in refused["3"]
    assert "surrogate" in refused["4"]
    assert "published is 'yesterday'" in refused["5"]
    assert [r.reason for r in found if isinstance(r, Remark)] == ["fields that mean nothing here were ignored: author"]


def test_json_lines_without_documents(tmp_path: Path) -> None:
    """A file of other JSON lines is passed over in a folder."""
    write(tmp_path / "other.jsonl", '{"doc": "a"}\n{"doc": "b"}\n')
    (remark,) = read_documents([tmp_path])
    assert isinstance(remark, Remark)
    assert "holds no documents" in remark.reason


def test_html(tmp_path: Path) -> None:
    """A page gives its main text without navigation and comments, and what its head states."""
    body = "".join(
        f"<p>{RUSSIAN} Абзац {n}. Стороны договорились о сотрудничестве в области обороны.</p>" for n in range(6)
    )
    page = f"""<!DOCTYPE html><html lang="en"><head><meta charset="windows-1251"><title>Признание | Агентство</title>
    <meta property="og:title" content="Признание"><meta property="og:site_name" content="Агентство">
    <meta property="article:published_time" content="2025-07-04T12:00:00+03:00">
    <link rel="canonical" href="https://example.org/news/1"></head>
    <body><nav><a href="/">Главная страница</a></nav><article><h1>Признание</h1>{body}</article></body></html>"""
    document = read_one(write(tmp_path / "p.html", page.encode("cp1251")))
    assert "Абзац 5" in document.text
    assert "Главная страница" not in document.text
    assert (document.title, document.published, document.publisher) == ("Признание", "2025-07-04", "Агентство")
    assert (document.url, document.media_type) == ("https://example.org/news/1", "text/html")
    assert (document.language, document.language_hint) == (None, "en")


def make_docx(path: Path, *paragraphs: str) -> Path:
    import docx

    document = docx.Document()
    document.core_properties.title = "Заголовок"
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "левая", "правая"
    document.save(str(path))
    return path


def test_docx(tmp_path: Path) -> None:
    """A Word document gives paragraphs and cells, a line each, in their order, and its title."""
    document = read_one(make_docx(tmp_path / "a.docx", RUSSIAN, KAZAKH))
    assert document.text.splitlines() == [RUSSIAN, KAZAKH, "левая", "правая"]
    assert document.title == "Заголовок"


def make_pdf(text: str, *, password: str | None = None) -> bytes:
    """Return a one-page PDF that shows `text` (Latin letters) or nothing."""
    import pypdf
    from pypdf.generic import DictionaryObject, NameObject, StreamObject

    writer = pypdf.PdfWriter()
    page = writer.add_blank_page(width=600, height=200)
    if text:
        font = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Font"),
                NameObject("/Subtype"): NameObject("/Type1"),
                NameObject("/BaseFont"): NameObject("/Helvetica"),
            }
        )
        fonts = DictionaryObject({NameObject("/F1"): writer._add_object(font)})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        stream = StreamObject()
        stream.set_data(f"BT /F1 12 Tf 20 100 Td ({text}) Tj ET".encode("latin-1"))
        page[NameObject("/Contents")] = writer._add_object(stream)
    if password is not None:
        writer.encrypt(password, algorithm="RC4-128")
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def test_pdf(tmp_path: Path) -> None:
    """A PDF gives the text of its pages, also when it is encrypted with an empty password."""
    assert ENGLISH in read_one(write(tmp_path / "a.pdf", make_pdf(ENGLISH))).text
    assert ENGLISH in read_one(write(tmp_path / "b.pdf", make_pdf(ENGLISH, password=""))).text


def test_unreadable_files(tmp_path: Path) -> None:
    """Each unreadable file is refused with a reason of its own, and the others are read."""
    write(tmp_path / "locked.pdf", make_pdf(ENGLISH, password="secret"))
    write(tmp_path / "scan.pdf", make_pdf(""))
    write(tmp_path / "cut.pdf", make_pdf(ENGLISH)[:200])
    write(tmp_path / "fake.docx", b"no zip")
    write(tmp_path / "old.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    write(tmp_path / "empty.txt", "")
    write(tmp_path / "blank.txt", " \n\t\r\n")
    write(tmp_path / "nul.txt", "text\x00text")
    write(tmp_path / "binary.txt", bytes(range(256)) * 9)
    write(tmp_path / "half.txt", RUSSIAN.encode()[:-1] + b"\xff")
    write(tmp_path / "nothing.html", "<html><body></body></html>")
    write(tmp_path / "good.txt", ENGLISH)
    with zipfile.ZipFile(tmp_path / "zip.docx", "w") as archive:
        archive.writestr("a", "b")
    found = list(read_documents([tmp_path]))
    reasons = {Path(r.path).name: r.reason for r in found if isinstance(r, Refused)}
    assert [d.id for d in found if isinstance(d, RawDocument)] == ["good"]
    expected = {
        "locked.pdf": "needs a password",
        "scan.pdf": "OCR",
        "cut.pdf": "damaged",
        "fake.docx": "no Word document",
        "old.docx": "old or encrypted",
        "zip.docx": "damaged",
        "empty.txt": "empty",
        "blank.txt": "empty",
        "nul.txt": "NUL",
        "binary.txt": "binary",
        "half.txt": "damaged at byte",
        "nothing.html": "no main text",
    }
    assert {name: words for name, words in expected.items() if words not in reasons[name]} == {}
    assert set(reasons) == set(expected)


def test_missing_path(tmp_path: Path) -> None:
    """A path that does not exist is refused by name."""
    assert refusal(tmp_path / "nothing.txt") == "does not exist"


def test_standard_input() -> None:
    """`-` reads one document, or JSON Lines, whichever it looks like."""
    (document,) = read_documents(["-"], stdin=io.BytesIO(RUSSIAN.encode("cp1251")))
    assert isinstance(document, RawDocument)
    assert (document.id, document.text, document.source, document.origin) == ("stdin", RUSSIAN, "stdin", "-")
    lines = "".join(json.dumps({"text": t}) + "\n" for t in (ENGLISH, RUSSIAN)).encode()
    assert [d.id for d in read_documents(["-"], stdin=io.BytesIO(lines)) if isinstance(d, RawDocument)] == [
        "stdin-1",
        "stdin-2",
    ]


def test_known_files_are_not_read_again(tmp_path: Path) -> None:
    """A file whose digest is known is not parsed; a changed sidecar makes another digest."""
    path = write(tmp_path / "a.txt", ENGLISH)
    first = read_one(path)
    (again,) = read_documents([path], known=lambda origin, digest: (origin, digest) == (first.origin, first.digest))
    assert again == Unread(str(path), first.origin, first.digest)
    write(tmp_path / "a.meta.toml", "published = 2025")
    assert read_one(path).digest != first.digest
