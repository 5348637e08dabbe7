"""Headers of saved queries: what is wrong in one is told with the line it stands on."""

from __future__ import annotations

import pytest

from kg.errors import DataError
from kg.headers import Fault, read_header
from kg.saved import parse_query

QUERY = """#+ [title]
#+ en = "Who"
#+ kk = "Кім"
#+ ru = "Кто"
#+ vi = "Ai"
#+ [question]
#+ en = ["Who recognises {recognised}?", "Who did?"]
#+ kk = ["{recognised} – кім мойындады?"]
#+ ru = [
#+   "Кто признал {recognised}?",
#+   "Кем признан {recognised}?",
#+ ]
#+ vi = ["Ai công nhận {recognised}?"]
#+ [parameters.recognised]
#+ type = "entity"
#+ example = "Taliban"
#+ en = "whom"
#+ kk = "кімді"
#+ ru = "кого"
#+ vi = "ai"
#+ [parameters.since]
#+ type = "date"
#+ example = "2025-01-01"
#+ default = "2020-01-01"
#+ en = "since"
#+ kk = "бастап"
#+ ru = "с"
#+ vi = "từ"
#+ [columns.recogniser]
#+ en = "state"
#+ kk = "мемлекет"
#+ ru = "государство"
#+ vi = "nước"
#+ [columns.fact]
#+ kind = "fact"
SELECT ?recogniser ?fact WHERE {
  VALUES ?fact { UNDEF }
  VALUES ?recognised { UNDEF }
  VALUES ?since { UNDEF }
  ?fact ?recogniser ?recognised
} ORDER BY ?recogniser
"""


def test_a_header_without_fault() -> None:
    """It becomes a query with its wordings, and a parameter with a default is not required."""
    query = parse_query("who", QUERY)
    assert query.questions["ru"] == ("Кто признал {recognised}?", "Кем признан {recognised}?")
    assert [(p.name, p.required, p.default) for p in query.parameters] == [
        ("recognised", True, ""), ("since", False, "2020-01-01"),
    ]  # fmt: skip
    assert query.support == ("fact",)


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ('#+ vi = "Ai"\n', "", 1, "[title] has no vi; expected en, kk, ru, vi"),
        ('#+ en = "Who"', "#+ en = 3", 2, "[title] en is no text"),
        ('"Кем признан {recognised}?"', '"Кем признан {whom}?"', 9, "names {whom}, which is no parameter"),
        ('["{recognised} – кім', '["Талибанды кім', 8, "does not name {recognised}"),
        ('"Who did?"', '"who recognises {recognised}?"', 7, "[question] en has a wording twice"),
        ('#+ vi = ["Ai công nhận {recognised}?"]', '#+ vi = "Ai {recognised}?"', 13, "vi is no list of wordings"),
        ('type = "date"', 'type = "day"', 22, "has the type 'day'; expected one of entity, concept, date"),
        ('example = "2025-01-01"', 'example = "2025-02-30"', 23, "the example of since is '2025-02-30', no date"),
        ('default = "2020-01-01"', 'default = "long ago"', 24, "the default of since is 'long ago', no date"),
        ('default = "2020-01-01"', "optional = true", 24, "[parameters.since] has the unknown key 'optional'"),
        ('type = "date"', 'type = "concept"', 21, "parameter since has no scheme"),
        ('#+ example = "Taliban"\n', "", 14, "parameter recognised has no example"),
        ('kind = "fact"', 'kind = "facts and more"', 35, "column fact has the kind 'facts and more'"),
        ('kind = "fact"', 'kind = "fact"\n#+ when = "until"', 36, "depends on until, which is no parameter"),
        ("  VALUES ?since { UNDEF }\n", "", 21, "the body has no 'VALUES ?since { UNDEF }'"),
        ("  VALUES ?fact { UNDEF }\n", "", 1, "the body has no 'VALUES ?fact { UNDEF }' for the facts"),
        ("?since { UNDEF }", "?until { UNDEF }", 39, "the header declares no parameter until"),
        (" ORDER BY ?recogniser", "", 41, "the body has no ORDER BY"),
        ("#+ [title]", "#+ [titel]", 1, "unknown key 'titel'; expected title, question"),
        ("#+ [question]", "#+ [question", 6, "the header is no TOML"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_line(old: str, new: str, line: int, message: str) -> None:
    """The fault is among those found, on the line where it is to be mended, and the query is refused."""
    assert old in QUERY
    text = QUERY.replace(old, new, 1)
    faults = read_header(text).faults
    assert any(fault.line == line and message in fault.message for fault in faults), faults
    with pytest.raises(DataError, match=f"saved query who, line {faults[0].line}: "):
        parse_query("who", text)


def test_all_faults_are_told_at_once() -> None:
    """They come in order of their lines."""
    text = QUERY.replace('#+ kk = "Кім"\n', "").replace('type = "entity"', 'type = "state"')
    assert read_header(text).faults == (
        Fault(1, "[title] has no kk; expected en, kk, ru, vi"),
        Fault(14, "parameter recognised has the type 'state'; expected one of entity, concept, date, integer, text"),
    )
