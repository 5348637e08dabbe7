"""Validation reports as tables, text, JSON, Turtle and JUnit's XML."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TextIO
from xml.etree import ElementTree as ET

from kg.checking import Checked
from kg.conformance.finding import report_turtle
from kg.output import write_rows
from kg.shacl import Report, Result, shorten

_HEADINGS = ("data", "severity", "node", "path", "value", "what is wrong, and how to repair it", "shape")
_NO_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_reports(checked: Iterable[Checked], format_: str, say: Callable[[str], None]) -> bool:
    """Write reports in a format to standard output, notes by `say`, and return whether all conform."""
    conforms = True

    def noted() -> Iterator[Checked]:
        nonlocal conforms
        for one in checked:
            conforms &= one.report.conforms
            yield one
            for note in one.notes:
                say(note)

    _WRITERS[format_](noted(), sys.stdout)
    return conforms


# -- for people ---------------------------------------------------------------------------------------------------


def _write_table(checked: Iterable[Checked], stream: TextIO) -> None:
    rows = [(one.name, *_cells(result)) for one in checked for result in one.report.results]
    write_rows(_HEADINGS, rows, "table", stream)


def _cells(result: Result) -> tuple[str, ...]:
    terms = (shorten(term) if term else "" for term in (result.focus, result.path, result.value))
    return (result.severity, *terms, _message(result), shorten(result.shape))


def _message(result: Result) -> str:
    return result.message or f"sh:{result.component}ConstraintComponent"


def _write_text(checked: Iterable[Checked], stream: TextIO) -> None:
    """Write each report; many documents that conform are one line."""
    good = 0
    for one in checked:
        if one.name.startswith("document ") and not one.report.results:
            good += 1
            continue
        good = _write_good(good, stream)
        stream.write(f"{one.name}: {one.report.as_text()}")
    _write_good(good, stream)


def _write_good(documents: int, stream: TextIO) -> int:
    if documents:
        stream.write("1 document: conforms\n" if documents == 1 else f"{documents} documents: conform\n")
    return 0


# -- for programs -------------------------------------------------------------------------------------------------


def _write_json(checked: Iterable[Checked], stream: TextIO) -> None:
    reports = [
        {"data": one.name, **json.loads(one.report.as_json()), "engine": one.engine, "by_pyshacl": _engines(one.report)}
        for one in checked
    ]
    whole = {"conforms": all(report["conforms"] for report in reports), "reports": reports}
    stream.write(json.dumps(whole, ensure_ascii=False, indent=2) + "\n")


def _engines(report: Report) -> list[Mapping[str, str]]:
    return [{"shape": shape, "reason": reason} for shape, reason in report.by_pyshacl]


def _write_turtle(checked: Iterable[Checked], stream: TextIO) -> None:
    for one in checked:
        comment = "".join(f"# {line}\n" for line in (one.name, *one.notes))
        stream.write(comment + (one.report.as_turtle() if one.findings is None else report_turtle(one.findings)) + "\n")


def _write_junit(checked: Iterable[Checked], stream: TextIO) -> None:
    """Write a test suite for each part, in it a test case for each constraint that was broken, else one that passes.

    Warnings and infos do not fail.
    """
    suites = ET.Element("testsuites", name="kg validate")
    for one in checked:
        by_shape: dict[str, list[Result]] = {}
        for result in one.report.results:
            case_name = " ".join(shorten(t) for t in (result.shape, result.path, f"sh:{result.component}") if t)
            by_shape.setdefault(case_name, []).append(result)
        suite = ET.SubElement(suites, "testsuite", name=_xml(one.name), tests=str(len(by_shape) or 1))
        failing = [s for s, results in by_shape.items() if any(r.severity == "Violation" for r in results)]
        suite.set("failures", str(len(failing)))
        suite.set("errors", "0")
        if not by_shape:
            ET.SubElement(suite, "testcase", classname=_xml(one.name), name="conforms")
        for shape, results in by_shape.items():
            case = ET.SubElement(suite, "testcase", classname=_xml(one.name), name=_xml(shape))
            text = "\n".join(" ".join(filter(None, _cells(r)[:4])) + "\n    " + _message(r) for r in results)
            if shape in failing:
                many = f"{len(results)} {'result' if len(results) == 1 else 'results'}"
                ET.SubElement(case, "failure", type="Violation", message=many).text = _xml(text)
            else:
                ET.SubElement(case, "system-out").text = _xml(text)
    ET.indent(suites)
    stream.write('<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(suites, encoding="unicode") + "\n")


def _xml(text: str) -> str:
    """Return a text without the characters that XML cannot hold."""
    return _NO_XML.sub("\ufffd", text)


_WRITERS: Mapping[str, Callable[[Iterable[Checked], TextIO], None]] = {
    "table": _write_table,
    "text": _write_text,
    "json": _write_json,
    "ttl": _write_turtle,
    "junit": _write_junit,
}
