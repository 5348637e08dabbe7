"""The words of questions that a language pack knows: those without a topic, and those no saved query can answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kg.errors import DataError
from kg.language.pack import Pack
from kg.patterns import PatternIndex, index_patterns, index_values

_LISTS = ("fillers", "beyond", "as_of", "negation")
_AGENTS, _BEFORE = "agents", "before_subject"
_ALIKE = "alike"
GROUP = "~"  # ends the key of a group of words that say one thing


@dataclass(frozen=True, slots=True)
class QuestionWords:
    """`fillers` carry no topic, `beyond` ask for what no query gives (causes, amounts), `as_of` stand beside a day,
    `negation` turn what is asked around, `agents` are adpositions that stand with the one who acts,
    `before_subject` verbs that stand right before the subject of a question.

    `alike`: ways to say one thing, each with the number of its group.
    """

    fillers: PatternIndex[str]
    beyond: PatternIndex[str]
    as_of: PatternIndex[str]
    negation: PatternIndex[str]
    alike: PatternIndex[str]
    agents: frozenset[str] = frozenset()
    before_subject: frozenset[str] = frozenset()


def build_question_words(table: Mapping[str, Any], pack: Pack) -> QuestionWords:
    """Return the compiled words of `questions.toml`. Raises DataError for a key or pattern that is not right."""
    where = f"{pack.language}/questions.toml"
    unknown = sorted(set(table) - {*_LISTS, _ALIKE, _AGENTS, _BEFORE})
    if unknown:
        raise DataError(
            f"{where}: unknown keys {', '.join(unknown)}; expected {', '.join((*_LISTS, _ALIKE, _AGENTS, _BEFORE))}"
        )
    fold = pack.morphology.fold
    lists = {key: index_patterns(table.get(key, ()), fold, f"{where} {key}") for key in _LISTS}
    words = {key: frozenset(fold(word) for word in table.get(key, ())) for key in (_AGENTS, _BEFORE)}
    groups = {f"{number}{GROUP}": group for number, group in enumerate(table.get(_ALIKE, ()))}
    return QuestionWords(
        **lists,
        alike=index_values(groups, fold, f"{where} {_ALIKE}"),
        agents=words[_AGENTS],
        before_subject=words[_BEFORE],
    )
