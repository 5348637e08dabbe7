"""`kg queries check`: what is wrong in a folder of saved queries, with the line."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from unit.test_headers import QUERY

from kg.cli import cli
from kg.errors import DataError
from kg.query_check import check_folder
from kg.resources import data_folder


def folder_of(path: Path, **queries: str) -> Path:
    for name, text in queries.items():
        (path / f"{name}.rq").write_text(text, encoding="utf-8")
    return path


def test_our_own_queries_have_no_fault() -> None:
    number, faults = check_folder(data_folder("queries"))
    assert number >= 40
    assert faults == []


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("?fact ?recogniser ?recognised\n", "?fact ?recogniser\n", 41, "the body is no SPARQL"),
        ("SELECT ?recogniser ?fact", "SELECT ?other ?fact", 29, "the body selects no ?recogniser"),
        ("?fact ?recogniser ?recognised\n", "SERVICE <http://x/> { ?fact ?recogniser ?recognised }\n", 40, "SERVICE"),
        ('type = "entity"', 'type = "state"', 15, "has the type 'state'"),
    ],
)
def test_a_fault_is_told_with_file_and_line(tmp_path: Path, old: str, new: str, line: int, message: str) -> None:
    assert old in QUERY
    _, faults = check_folder(folder_of(tmp_path, who=QUERY.replace(old, new)))
    assert any(f.file == "who.rq" and f.line == line and message in f.message for f in faults), faults


def test_a_wording_of_two_queries_is_a_fault_of_the_second(tmp_path: Path) -> None:
    _, faults = check_folder(folder_of(tmp_path, one=QUERY, two=QUERY))
    assert {fault.file for fault in faults} == {"two.rq"}
    assert any("is a wording of one too" in fault.message for fault in faults)


def test_names_and_folders(tmp_path: Path) -> None:
    _, faults = check_folder(folder_of(tmp_path, Who_Is=QUERY))
    assert [fault.message for fault in faults] == ["the name 'Who_Is' is not made of small letters, digits and hyphens"]
    with pytest.raises(DataError, match="is no folder of saved queries"):
        check_folder(tmp_path / "none")


def test_the_command_tells_faults_and_fails(tmp_path: Path) -> None:
    """Exit code 1 for faults, 0 for none; the queries of a user's own folder are listed with ours."""
    good, bad = tmp_path / "good", tmp_path / "bad"
    good.mkdir()
    bad.mkdir()
    folder_of(good, who=QUERY)
    folder_of(bad, who=QUERY.replace('#+ vi = "Ai"\n', ""))
    runner = CliRunner()
    assert runner.invoke(cli, ["queries", "check", str(good)]).exit_code == 0
    found = runner.invoke(cli, ["queries", "check", str(bad), "-f", "csv"])
    assert found.exit_code == 1
    assert 'who.rq,1,"[title] has no vi' in found.output
    listed = runner.invoke(cli, ["queries", "--queries", str(good), "-f", "csv"]).output
    assert "who,Who," in listed
    assert "which-states-recognise," in listed
