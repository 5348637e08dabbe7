"""What is measured on annotated documents; the figures equal those of the independent scorer beside the checkout."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kg.claims_output import write_extractions
from kg.errors import InputError
from kg.evaluate import Measured, measure, read_gold, write_measures
from kg.extract import Extractor
from kg.model import Knowledge
from kg.reading import read_each

GOLDEN = Path(__file__).parents[1] / "golden"
TEXTS = {
    "made-01": "Lima, July 4, 2025. Russia recognised the Taliban government on July 3, 2025.\n"
    "Peru has not recognised the Taliban government.\n"
    "Russian Foreign Minister Sergey Lavrov met Kazakh President Kassym-Jomart Tokayev in Astana on July 1, 2025.\n",
    "made-02": "Lima, July 4, 2025. Peru and Chile will sign an agreement on trade.\n"
    "Norway recognised Palestine in May 2024, its foreign ministry said.\n"
    "Peru sent humanitarian aid to Chile last week.\n",
}
RECOGNITION, MINISTER = {"recogniser": ["RUS"], "recognised": ["taliban"]}, {"office": ["foreign-minister"]}
CLAIMS = [
    ("made-01", "Recognition", RECOGNITION, "2025-07-03", "positive", "actual", None),
    ("made-01", "Recognition", RECOGNITION | {"recogniser": ["PER"]}, None, "positive", "planned", None),
    ("made-01", "Meeting", {"participant": ["lavrov", "tokayev"]}, "2025-07-02", "positive", "actual", None),
    ("made-01", "OfficeHolding", MINISTER | {"holder": ["lavrov"], "of": ["RUS"]}, None, "positive", "actual", None),
    ("made-02", "AgreementSigning", {"party": ["PER", "CHL"]}, None, "negative", "planned", None),
    ("made-02", "Recognition", {"recogniser": ["NOR"], "recognised": ["PSE"]}, "2024-05", "positive", "actual", "mfa"),
    ("made-02", "Visit", {"visitor": ["PER"], "destination": ["CHL"]}, None, "positive", "actual", None),
]
ALIASES = {
    "taliban": ["Taliban"], "lavrov": ["Sergey Lavrov", "Lavrov"], "tokayev": ["Kassym-Jomart Tokayev"],
    "mfa": ["foreign ministry"],
}  # fmt: skip


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    """A small gold folder with right, wrong, missed and asserted claims."""
    for name, text in TEXTS.items():
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    keys = ("doc", "frame", "roles", "date", "polarity", "modality", "attribution")
    lines = [json.dumps(dict(zip(keys, claim, strict=True)) | {"quote": TEXTS[claim[0]][:30]}) for claim in CLAIMS]
    (tmp_path / "gold.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (tmp_path / "aliases.json").write_text(json.dumps(ALIASES), encoding="utf-8")
    return tmp_path


def measured(folder: Path, extractor: Extractor, knowledge: Knowledge, half: str = "all") -> list[Measured]:
    """Return what is measured on a gold folder."""
    return measure(read_gold(folder), extractor, knowledge, half=half)  # type: ignore[arg-type]


def scored(script: Path, folder: Path, tmp_path: Path, extractor: Extractor, knowledge: Knowledge) -> dict[str, object]:
    """Return what the independent scorer prints of the claims found in a gold folder."""
    predicted = tmp_path / "predicted.jsonl"
    with predicted.open("w", encoding="utf-8") as stream:
        found = read_each(sorted(folder.glob("*.txt")), extractor.extract)
        write_extractions(found, "jsonl", knowledge, "en", say=lambda _: None, stream=stream)
    done = subprocess.run(
        [sys.executable, str(script), str(folder), str(predicted), "--json"], capture_output=True, text=True, check=True
    )
    figures: dict[str, object] = json.loads(done.stdout)
    return figures


def ours(measures: list[Measured]) -> dict[str, object]:
    """Return the same figures from what we measured."""
    total = Measured("all")
    for one in measures:
        total.add(one)
    claims, fillers = total.outcome.total(), total.outcome.total_fillers()
    return {
        "claims": [claims.right, claims.wrong, claims.missed],
        "fillers": [fillers.right, fillers.wrong, fillers.missed],
        "dates": [sum(total.outcome.dates), len(total.outcome.dates)],
        "attribution": [sum(total.outcome.attributions), len(total.outcome.attributions)],
        "asserted": len(total.outcome.asserted),
    }


def test_made_folder_equals_the_scorer(
    gold: Path, shared: Path, tmp_path: Path, extractor: Extractor, knowledge: Knowledge
) -> None:
    """Every figure on a folder made here equals that of score.py."""
    theirs = scored(shared / "score.py", gold, tmp_path, extractor, knowledge)
    mine = ours(measured(gold, extractor, knowledge))
    assert mine == {key: theirs[key] for key in mine}
    assert mine["asserted"] == 0
    assert isinstance(mine["claims"], list)
    assert all(mine["claims"])


@pytest.mark.parametrize("language", ["en", "kk", "ru", "vi"])
def test_golden_folders_equal_the_scorer(
    language: str, shared: Path, tmp_path: Path, extractor: Extractor, knowledge: Knowledge
) -> None:
    """Every figure on the golden documents equals that of score.py."""
    theirs = scored(shared / "score.py", GOLDEN / language, tmp_path, extractor, knowledge)
    mine = ours(measured(GOLDEN / language, extractor, knowledge))
    assert mine == {key: theirs[key] for key in mine}


def test_an_asserted_claim_is_counted(gold: Path, extractor: Extractor, knowledge: Knowledge) -> None:
    """A claim given as actual that the annotation gives only as planned is counted and shown."""
    lines = (gold / "gold.jsonl").read_text(encoding="utf-8").splitlines()
    first = json.loads(lines[0]) | {"modality": "planned", "date": None}
    (gold / "gold.jsonl").write_text("\n".join([json.dumps(first), *lines[1:]]), encoding="utf-8")
    (one,) = measured(gold, extractor, knowledge)
    assert len(one.outcome.asserted) == 1
    assert [m.document for m in one.mistakes if m.kind == "asserted"] == ["made-01"]


def test_errors_stand_side_by_side(gold: Path, extractor: Extractor, knowledge: Knowledge) -> None:
    """A claim that differs from the annotation is shown beside it, with its sentence; a missed one alone."""
    (one,) = measured(gold, extractor, knowledge)
    pairs = {(m.frame, m.kind): m for m in one.mistakes}
    differs = pairs["AgreementSigning", "differs"]
    assert "party: PER, CHL" in differs.annotated
    assert "negative" in differs.annotated
    assert "planned" in differs.found
    assert pairs["Visit", "missed"].found == ""
    assert pairs["Visit", "missed"].sentence.startswith("Lima, July 4, 2025.")


@pytest.mark.parametrize(("half", "documents"), [("dev", 1), ("held", 1), ("all", 2)])
def test_halves(half: str, documents: int, gold: Path, extractor: Extractor, knowledge: Knowledge) -> None:
    """The halves are told by the number at the end of a document's name."""
    (one,) = measured(gold, extractor, knowledge, half)
    assert one.documents == documents
    wanted = {"dev": {"made-01"}, "held": {"made-02"}, "all": set(TEXTS)}[half]
    assert {m.document for m in one.mistakes} == wanted


def test_folders_of_folders(gold: Path, tmp_path: Path, extractor: Extractor, knowledge: Knowledge) -> None:
    """A folder of gold folders is measured together, language by language."""
    outer = tmp_path / "outer"
    shutil.copytree(GOLDEN / "vi", outer / "vi")
    outer.joinpath("en").mkdir()
    for name in ("gold.jsonl", "aliases.json", "made-01.txt", "made-02.txt"):
        shutil.copy(gold / name, outer / "en" / name)
    measures = measured(outer, extractor, knowledge)
    assert [(m.language, m.documents) for m in measures] == [("en", 2), ("vi", 8)]
    stream = io.StringIO()
    write_measures(measures, "json", errors=1, calibrated=True, stream=stream)
    figures = json.loads(stream.getvalue())
    assert list(figures["languages"]) == ["en", "vi"]
    assert figures["total"]["documents"] == 10
    assert sum(b["claims"] for b in figures["total"]["reliability"]) > 0
    for format_ in ("table", "md"):
        stream = io.StringIO()
        write_measures(measures, format_, errors=1, calibrated=True, stream=stream)
        assert "Reliability" in stream.getvalue()
        assert "annotated: " in stream.getvalue()


def test_texts_elsewhere(gold: Path, tmp_path: Path, extractor: Extractor, knowledge: Knowledge) -> None:
    """The texts may lie in another folder; a missing one is named."""
    elsewhere = tmp_path / "texts"
    elsewhere.mkdir()
    for name in TEXTS:
        shutil.move(gold / f"{name}.txt", elsewhere / f"{name}.txt")
    shutil.move(elsewhere / "made-02.txt", tmp_path / "away.bin")
    with pytest.raises(InputError, match=r"made-02; put NAME\.txt beside it, or give --documents"):
        measure(read_gold(gold), extractor, knowledge, documents=elsewhere)
    shutil.move(tmp_path / "away.bin", elsewhere / "made-02.txt")
    (one,) = measure(read_gold(gold), extractor, knowledge, documents=elsewhere)
    assert one.documents == 2


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("gold.jsonl", "{", "line 1: no JSON"),
        ("gold.jsonl", "[]", 'expected an object with "doc"'),
        ("gold.jsonl", '{"frame": "Visit", "roles": {}}', 'no "doc"'),
        ("gold.jsonl", "\n", "holds no claim"),
        ("gold.jsonl", '{"doc": "made-01", "frame": "Vsit", "roles": {}}', "no such frame: Vsit"),
        ("gold.jsonl", None, "holds no gold.jsonl"),
        ("aliases.json", None, "aliases.json is missing"),
        ("aliases.json", "[]", "expected an object"),
        ("aliases.json", "no", "no JSON"),
        ("borderline.jsonl", "no", "borderline.jsonl, line 1: no JSON"),
    ],
)
def test_broken_folders(
    name: str, content: str | None, message: str, gold: Path, extractor: Extractor, knowledge: Knowledge
) -> None:
    """What is missing or broken in a gold folder is said with its place."""
    if content is None:
        (gold / name).unlink()
    else:
        (gold / name).write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        measured(gold, extractor, knowledge)


def test_no_folder(tmp_path: Path) -> None:
    """A path that is no folder is said."""
    with pytest.raises(InputError, match="is no folder"):
        read_gold(tmp_path / "nowhere")


def test_empty_half(gold: Path, extractor: Extractor, knowledge: Knowledge) -> None:
    """A half without a document is an error, not a perfect score."""
    line = (gold / "gold.jsonl").read_text(encoding="utf-8").splitlines()[0]
    (gold / "gold.jsonl").write_text(line, encoding="utf-8")
    with pytest.raises(InputError, match="of the half 'held'"):
        measured(gold, extractor, knowledge, "held")
