"""What a language pack is, checked on load: raw TOML tables in, compiled records out. No I/O here (see
`kg.resources`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any, Protocol

from kg.calibration import Step
from kg.errors import DataError
from kg.model import Reading
from kg.patterns import Pattern, PatternIndex, compile_pattern, index_patterns, index_values

Table = Mapping[str, Any]
UNMARKED = frozenset({"implied", "quoted", "named", "title", "title.of"})
CONSTRUCTIONS = ("active", "passive", "embedded", "nominal", "any")
_SCOPES = ("right", "left", "clause", "sentence", "next", "previous")


class Morphology(Protocol):
    """What a pack's morphology module offers; all functions are pure."""

    def analyse(self, word: str) -> tuple[Reading, ...]:
        """Return every reading of a word as written; at least one."""

    def nominative(self, words: tuple[str, ...], kind: str) -> tuple[str, ...]:
        """Return the dictionary form of a proper name; `kind` is person or other."""

    def fold(self, word: str) -> str:
        """Return the form in which words are compared."""


@dataclass(frozen=True, slots=True)
class Marking:
    """How an argument is marked; every set part must hold. See docs/language-packs.md."""

    source: str
    side: str | None = None
    bare: bool = False
    adpositions: frozenset[str] = frozenset()
    cases: frozenset[str] = frozenset()
    possessor: bool = False
    adjective: bool = False
    adjacent: bool = False
    inner: bool = False
    outer: bool = False
    negated: bool = False
    comma: bool = False
    proxied: bool = False
    owner: bool = False


@dataclass(frozen=True, slots=True)
class Trigger:
    """One entry of a frame lexicon: what tells the frame, and how each role is marked."""

    name: str
    frame: str
    verbs: tuple[Pattern, ...]
    nouns: tuple[Pattern, ...]
    roles: tuple[tuple[str, tuple[str, ...]], ...]
    noun_roles: tuple[tuple[str, tuple[str, ...]], ...]
    fixed: tuple[tuple[str, str], ...]
    needs: tuple[str, ...]
    object_term: str | None
    negative: bool
    stative: bool
    default: tuple[tuple[str, str], ...]
    light: bool
    examples: tuple[tuple[str, str], ...]
    counterexamples: tuple[str, ...]
    modality: str | None = None
    recalls: str | None = None
    both: bool = False
    each: bool = False
    after: str | None = None
    without: tuple[str, ...] = ()
    inherits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DatePattern:
    """A way to write a date; `relative` says what a relative one is counted from."""

    relative: str | None
    direction: str | None
    role: str | None


@dataclass(frozen=True, slots=True)
class Modal:
    """Words that change modality or polarity of what they govern."""

    value: str
    scope: str
    controls: str | None
    attributes: bool


@dataclass(frozen=True, slots=True)
class Speech:
    """Words that report speech."""

    speaker: tuple[str, ...]
    scope: str
    continues: bool


@dataclass(frozen=True, slots=True)
class Anaphor:
    """Words that stand for something named before; `count` 0 means all. `reciprocal`: for the subjects of their own
    clause ("each other"). `named`: letters that some name of it holds ("the kingdom": "the Kingdom of X")."""

    refers: tuple[str, ...]
    count: int
    possessive: bool = False
    gender: str | None = None
    reciprocal: bool = False
    named: str = ""


@dataclass(frozen=True, slots=True)
class Office:
    """An office title."""

    office: str
    former: bool
    of: str | None = None


@dataclass(frozen=True, slots=True)
class Nominal:
    """Event nouns that carry their own parties and can be referred to later."""

    name: str
    parties: tuple[str, ...]
    frame: str = ""


@dataclass(frozen=True, slots=True)
class Furniture:
    """Line-level marks of page furniture."""

    until_end: PatternIndex[str]
    section: PatternIndex[str]
    line: PatternIndex[str]
    caption: PatternIndex[str]


@dataclass(frozen=True)
class Pack:
    """A language pack, compiled."""

    language: str
    order: str
    morphology: Morphology
    tokenise: Callable[[str], Sequence[tuple[int, int]]] | None
    refine: Callable[..., tuple[tuple[Reading, ...], ...]] | None
    names_from: tuple[str, ...]
    lemmatise_names: bool
    conjunctions: PatternIndex[str]
    negative_conjunctions: PatternIndex[str]
    list_marks: frozenset[str]
    clause_breaks: PatternIndex[str]
    clause_openers: PatternIndex[str]
    unnamed_openers: PatternIndex[str]
    counts: PatternIndex[str]
    time_openers: PatternIndex[str]
    elsewhen: PatternIndex[str]
    occasions: PatternIndex[str]
    forward: PatternIndex[str]
    list_openers: PatternIndex[str]
    list_closers: PatternIndex[str]
    relative_pronouns: frozenset[str]
    relative_places: frozenset[str]
    no_joints: PatternIndex[str]
    determiners: frozenset[str]
    additive: frozenset[str]
    indefinite: frozenset[str]
    compounds: bool
    compound_heads: PatternIndex[str]
    adpositions: PatternIndex[str]
    functions: Mapping[str, Mapping[str, tuple[Marking, ...]]]
    passives: PatternIndex[str]
    light: PatternIndex[tuple[str, ...]]
    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    seasons: Mapping[str, str]
    numerals: Mapping[str, int]
    dates: PatternIndex[DatePattern]
    negation: PatternIndex[str]
    modality: PatternIndex[Modal]
    speech: PatternIndex[Speech]
    unnamed: PatternIndex[str]
    anaphors: PatternIndex[Anaphor]
    proforms: PatternIndex[str]
    proxies: PatternIndex[bool]
    name_heads: PatternIndex[str]
    apposed_heads: PatternIndex[str]
    exceptions: PatternIndex[str]
    outsiders: PatternIndex[str]
    echoes: PatternIndex[str]
    bodies: PatternIndex[str]
    body_kinds: PatternIndex[str]
    enumerations: PatternIndex[str]
    honorifics: PatternIndex[str]
    honorific_words: frozenset[str]
    particles: frozenset[str]
    not_names: frozenset[str]
    given_names: frozenset[str]
    family_names: frozenset[str]
    furniture: Furniture
    abbreviations: frozenset[str]
    offices: PatternIndex[Office]
    office_order: Mapping[str, tuple[Marking, ...]]
    former_marks: PatternIndex[str]
    copulas: PatternIndex[str]
    skip_marks: PatternIndex[str]
    portfolios: PatternIndex[str]
    verbs: PatternIndex[Trigger]
    nouns: PatternIndex[Trigger]
    triggers: tuple[Trigger, ...]
    terms: Mapping[str, PatternIndex[str]]
    values: Mapping[str, Mapping[str, PatternIndex[str]]]
    nominals: PatternIndex[Nominal]
    cases: Sequence[tuple[str, str, str, tuple[tuple[str, str], ...], tuple[str, ...]]] = field(default=())
    calibration: tuple[Step, ...] = ()

    @property
    def sov(self) -> bool:
        """Tell whether verbs come last."""
        return self.order == "SOV"

    @cached_property
    def object_terms(self) -> tuple[PatternIndex[str], ...]:
        """The terms that stand as objects of triggers: things that are imposed, signed, held."""
        return tuple(self.terms[n] for n in sorted({t.object_term for t in self.triggers if t.object_term}))

    def functions_of(self, construction: str, function: str) -> tuple[Marking, ...]:
        """Return the markings of a function in a construction; `adp:NAME` and plain markings stand for themselves."""
        for table in (construction, "any"):
            found = self.functions.get(table, {}).get(function)
            if found is not None:
                return found
        if ":" in function or " " in function or function in {"possessor", "adjective"}:
            return (read_marking(function, self.language),)
        return ()


def read_marking(text: str, where: str) -> Marking:
    """Return the marking a string describes; raise DataError on an unknown word."""
    side: str | None = None
    adpositions: set[str] = set()
    cases: set[str] = set()
    flags: set[str] = set()
    for word in text.split():
        if word in {"left", "right"}:
            side = word
        elif word.startswith("adp:"):
            adpositions |= set(word[4:].split("|"))
        elif word.startswith("case:"):
            cases |= set(word[5:].split("|"))
        elif word in {
            "bare",
            "possessor",
            "adjective",
            "adjacent",
            "inner",
            "outer",
            "neg",
            "comma",
            "proxied",
            "owner",
            "any",
        }:
            flags.add(word)
        elif word == "possessive":
            flags.add("possessor")
        else:
            raise DataError(f"{where}: unknown word {word!r} in the marking {text!r}")
    return Marking(
        text,
        side,
        "bare" in flags,
        frozenset(adpositions),
        frozenset(cases),
        "possessor" in flags,
        "adjective" in flags,
        "adjacent" in flags,
        "inner" in flags,
        "outer" in flags,
        "neg" in flags,
        "comma" in flags,
        "proxied" in flags,
        "owner" in flags,
    )


def build_pack(
    grammar: Table, words: Table, offices: Table, frames: Mapping[str, Table], morphology: Morphology
) -> Pack:
    """Return the compiled pack; raise DataError that names file, entry and fault."""
    language = str(grammar.get("language", "?"))
    return _Builder(language, morphology).build(grammar, words, offices, frames)


class _Builder:
    def __init__(self, language: str, morphology: Morphology) -> None:
        self.language = language
        self.morphology = morphology
        self.fold = morphology.fold
        self.cases: list[tuple[str, str, str, tuple[tuple[str, str], ...], tuple[str, ...]]] = []

    def patterns(self, sources: Iterable[Any], where: str) -> PatternIndex[str]:
        return index_patterns(_strings(sources, f"{self.language}/{where}"), self.fold, f"{self.language}/{where}")

    def compile(self, source: str, where: str) -> Pattern:
        (text,) = _strings([source], f"{self.language}/{where}")
        return compile_pattern(text, self.fold, f"{self.language}/{where}")

    def build(self, grammar: Table, words: Table, offices: Table, frames: Mapping[str, Table]) -> Pack:
        marks = offices.get("marks", {})
        triggers = tuple(t for name, table in sorted(frames.items()) for t in self._triggers(name, table))
        terms, values, nominals = self._frame_tables(frames)
        speech_tables = words.get("speech", [])
        functions = {
            construction: MappingProxyType(
                {
                    f: tuple(read_marking(m, f"{self.language}/grammar.toml") for m in _list(ms))
                    for f, ms in table.items()
                }
            )
            for construction, table in grammar.get("functions", {}).items()
        }
        pack = Pack(
            language=self.language,
            order=str(grammar.get("order", "SVO")),
            morphology=self.morphology,
            tokenise=getattr(self.morphology, "tokenise", None),
            refine=getattr(self.morphology, "refine", None),
            names_from=tuple(grammar.get("names_from", [self.language])),
            lemmatise_names=bool(grammar.get("lemmatise_names", False)),
            conjunctions=self.patterns(grammar.get("conjunctions", []), "grammar.toml conjunctions"),
            negative_conjunctions=self.patterns(
                grammar.get("negative_conjunctions", []), "grammar.toml negative_conjunctions"
            ),
            list_marks=frozenset(grammar.get("list_marks", [","])),
            clause_breaks=self.patterns(grammar.get("clause_breaks", []), "grammar.toml clause_breaks"),
            list_closers=self.patterns(grammar.get("list_closers", []), "grammar.toml list_closers"),
            list_openers=self.patterns(grammar.get("list_openers", []), "grammar.toml list_openers"),
            time_openers=self.patterns(grammar.get("time_openers", []), "grammar.toml time_openers"),
            elsewhen=self.patterns(grammar.get("elsewhen", []), "grammar.toml elsewhen"),
            occasions=self.patterns(grammar.get("occasions", []), "grammar.toml occasions"),
            forward=self.patterns(grammar.get("forward", []), "grammar.toml forward"),
            counts=self.patterns(grammar.get("counts", []), "grammar.toml counts"),
            unnamed_openers=self.patterns(grammar.get("unnamed_openers", []), "grammar.toml unnamed_openers"),
            clause_openers=self.patterns(grammar.get("clause_openers", []), "grammar.toml clause_openers"),
            relative_pronouns=frozenset(self.fold(w) for w in grammar.get("relative_pronouns", [])),
            no_joints=self.patterns(grammar.get("no_joints", []), "grammar.toml no_joints"),
            relative_places=frozenset(self.fold(w) for w in grammar.get("relative_places", [])),
            determiners=frozenset(self.fold(w) for w in grammar.get("determiners", [])),
            additive=frozenset(self.fold(w) for w in grammar.get("additive", [])),
            compounds=bool(grammar.get("compounds", False)),
            compound_heads=self.patterns(grammar.get("compound_heads", []), "grammar.toml compound_heads"),
            indefinite=frozenset(self.fold(w) for w in grammar.get("indefinite", [])),
            adpositions=index_values(
                {k: _list(v) for k, v in grammar.get("adpositions", {}).items()},
                self.fold,
                f"{self.language}/grammar.toml adpositions",
            ),
            functions=MappingProxyType(functions),
            passives=self.patterns([p["pattern"] for p in grammar.get("passive", [])], "grammar.toml passive"),
            light=PatternIndex(
                (self.compile(v, "grammar.toml light"), tuple(_list(t.get("noun", []))))
                for t in grammar.get("light", [])
                for v in t["verbs"]
            ),
            months=MappingProxyType({self.fold(k): int(v) for k, v in words.get("months", {}).items()}),
            weekdays=MappingProxyType({self.fold(k): int(v) for k, v in words.get("weekdays", {}).items()}),
            seasons=MappingProxyType({self.fold(k): str(v) for k, v in words.get("seasons", {}).items()}),
            numerals=MappingProxyType({self.fold(k): int(v) for k, v in words.get("numerals", {}).items()}),
            dates=PatternIndex(
                (
                    self.compile(d["pattern"], "words.toml date"),
                    DatePattern(d.get("relative"), d.get("direction"), d.get("role")),
                )
                for d in words.get("date", [])
            ),
            negation=PatternIndex(
                (
                    self.compile(n if isinstance(n, str) else n["pattern"], "words.toml negation"),
                    "clause" if isinstance(n, str) else n.get("scope", "clause"),
                )
                for n in words.get("negation", [])
            ),
            modality=PatternIndex(
                (self.compile(p, "words.toml modality"), self._modal(m))
                for m in words.get("modality", [])
                for p in m["patterns"]
            ),
            speech=PatternIndex(
                (self.compile(p, "words.toml speech"), speech) for s in speech_tables for p, speech in self._speech(s)
            ),
            unnamed=self.patterns(
                [u for s in speech_tables for u in s.get("unnamed", [])] + list(words.get("unnamed", [])),
                "words.toml unnamed",
            ),
            anaphors=PatternIndex(
                (self.compile(p, "words.toml anaphor"), self._anaphor(a))
                for a in words.get("anaphor", [])
                for p in a["patterns"]
            ),
            proforms=self.patterns([p for t in words.get("proform", []) for p in t["patterns"]], "words.toml proform"),
            proxies=PatternIndex(
                (self.compile(n, "words.toml proxies"), bool(t.get("organ", False)))
                for t in words.get("proxies", [])
                for n in t["nouns"]
            ),
            echoes=self.patterns(words.get("echoes", []), "words.toml echoes"),
            apposed_heads=self.patterns(words.get("apposed_heads", []), "words.toml apposed_heads"),
            exceptions=self.patterns(words.get("exceptions", []), "words.toml exceptions"),
            outsiders=self.patterns(words.get("outsiders", []), "words.toml outsiders"),
            name_heads=self.patterns(words.get("name_heads", []), "words.toml name_heads"),
            bodies=self.patterns(words.get("bodies", []), "words.toml bodies"),
            enumerations=self.patterns(words.get("enumerations", []), "words.toml enumerations"),
            body_kinds=index_values(
                {k: _list(v) for k, v in words.get("body_kinds", {}).items()},
                self.fold,
                f"{self.language}/words.toml body_kinds",
            ),
            honorifics=self.patterns(words.get("honorifics", []), "words.toml honorifics"),
            honorific_words=frozenset(
                self.fold(w) for h in words.get("honorifics", []) for w in h.replace("?", "").split()
            ),
            particles=frozenset(self.fold(w) for w in words.get("name_particles", [])),
            not_names=frozenset(self.fold(w) for w in words.get("not_names", [])),
            given_names=frozenset(self.fold(w) for w in words.get("given_names", [])),
            family_names=frozenset(self.fold(w) for w in words.get("family_names", [])),
            furniture=self._furniture(words.get("furniture", {})),
            abbreviations=frozenset(
                a.casefold().rstrip(".") for a in words.get("segments", {}).get("abbreviations", [])
            ),
            offices=PatternIndex(
                (self.compile(t, "offices.toml titles"), Office(o["office"], bool(o.get("former", False)), o.get("of")))
                for o in self._office_tables(offices)
                for t in o["titles"]
            ),
            office_order=MappingProxyType(
                {
                    k: tuple(read_marking(m, f"{self.language}/offices.toml order") for m in _list(v))
                    for k, v in offices.get("order", {}).items()
                }
            ),
            copulas=self.patterns(marks.get("copulas", []), "offices.toml marks"),
            former_marks=self.patterns(marks.get("former", []), "offices.toml marks"),
            portfolios=self.patterns(marks.get("portfolio", []), "offices.toml marks"),
            skip_marks=self.patterns(marks.get("skip", []), "offices.toml marks"),
            verbs=PatternIndex((p, t) for t in triggers for p in t.verbs),
            nouns=PatternIndex((p, t) for t in triggers for p in t.nouns),
            triggers=triggers,
            terms=MappingProxyType(terms),
            values=MappingProxyType(values),
            nominals=PatternIndex(nominals),
            cases=tuple(self.cases),
        )
        self._check_functions(pack)
        return pack

    def _triggers(self, file: str, table: Table) -> Iterable[Trigger]:
        where = f"{self.language}/frames/{file}"
        frame = table.get("frame")
        if not isinstance(frame, str):
            raise DataError(f"{where}: no `frame`")
        for entry in table.get("trigger", []):
            name = entry.get("name", "?")
            here = f"{where} trigger {name!r}"
            examples = tuple(_example(e, here) for e in entry.get("examples", []))
            if not examples:
                raise DataError(f"{here}: no examples; an entry without an example is not accepted")
            counter = tuple(entry.get("counterexamples", []))
            self.cases.append((f"frames/{file}", str(name), frame, examples, counter))
            roles = _role_functions(entry.get("roles", {}))
            yield Trigger(
                name=str(name),
                frame=frame,
                verbs=tuple(self.compile(v, here) for v in _list(entry.get("verbs", []))),
                nouns=tuple(self.compile(v, here) for v in _list(entry.get("nouns", []))),
                roles=roles,
                noun_roles=_role_functions(entry["noun_roles"]) if "noun_roles" in entry else roles,
                fixed=tuple(sorted((k, str(v)) for k, v in entry.get("fixed", {}).items())),
                needs=tuple(_list(entry.get("needs", []))),
                object_term=entry.get("object_term"),
                negative=entry.get("polarity") == "negative",
                stative=bool(entry.get("stative", False)),
                default=tuple(sorted(entry["default"].items())) if isinstance(entry.get("default"), dict) else (),
                light=bool(entry.get("light", False)),
                examples=examples,
                counterexamples=counter,
                modality=entry.get("modality"),
                recalls=entry.get("recalls"),
                both=bool(entry.get("both", False)),
                each=bool(entry.get("each", False)),
                after=entry.get("after"),
                without=tuple(_list(entry.get("without", []))),
                inherits=tuple(_list(entry.get("inherits", []))),
            )

    def _frame_tables(
        self, frames: Mapping[str, Table]
    ) -> tuple[dict[str, PatternIndex[str]], dict[str, Mapping[str, PatternIndex[str]]], list[tuple[Pattern, Nominal]]]:
        terms: dict[str, list[str]] = {}
        values: dict[str, Mapping[str, PatternIndex[str]]] = {}
        nominals: list[tuple[Pattern, Nominal]] = []
        for file, table in frames.items():
            where = f"frames/{file}"
            for name, sources in table.get("terms", {}).items():
                terms.setdefault(name, []).extend(_list(sources))
            values[table["frame"]] = {
                role: index_values({v: _list(ps) for v, ps in vs.items()}, self.fold, f"{self.language}/{where}")
                for role, vs in table.get("values", {}).items()
            }
            for name, spec in table.get("nominals", {}).items():
                nominal = Nominal(name, tuple(_list(spec.get("parties", []))), str(table["frame"]))
                nominals += [(self.compile(h, where), nominal) for h in spec["heads"]]
        return {n: self.patterns(ss, f"terms {n}") for n, ss in terms.items()}, values, nominals

    def _modal(self, table: Table) -> Modal:
        where = f"{self.language}/words.toml modality {table.get('value')!r}"
        self._case("words.toml modality", str(table.get("value")), table, where)
        scope = table.get("scope", "clause")
        if scope not in _SCOPES:
            raise DataError(f"{where}: unknown scope {scope!r}")
        return Modal(table["value"], scope, table.get("controls"), bool(table.get("attributes", False)))

    def _speech(self, table: Table) -> Iterable[tuple[str, Speech]]:
        self._case("words.toml speech", str(_list(table["verbs"])[:1]), table, "words.toml speech")
        speech = Speech(tuple(_list(table.get("speaker", ["subject"]))), table.get("scope", "sentence"), False)
        yield from ((v, speech) for v in _list(table["verbs"]))
        going_on = Speech(speech.speaker, speech.scope, True)
        yield from ((v, going_on) for v in _list(table.get("continues", [])))

    def _case(self, file: str, name: str, table: Table, where: str) -> None:
        examples = tuple(_example(e, where) for e in table.get("examples", []))
        key = (file, name, "", examples, tuple(table.get("counterexamples", [])))
        if (examples or key[4]) and key not in self.cases:
            self.cases.append(key)

    def _anaphor(self, table: Table) -> Anaphor:
        count = table.get("count", 1)
        return Anaphor(
            tuple(_list(table["refers"])),
            0 if count == "all" else int(count),
            bool(table.get("possessive", False)),
            table.get("gender"),
            bool(table.get("reciprocal", False)),
            self.fold(str(table.get("named", ""))),
        )

    def _office_tables(self, offices: Table) -> Iterable[Table]:
        for table in offices.get("office", []):
            self._case("offices.toml", str(table["office"]), table, "offices.toml")
            yield table

    def _furniture(self, table: Table) -> Furniture:
        parts = [
            self.patterns(table.get(k, []), f"words.toml furniture {k}")
            for k in ("until_end", "section", "line", "caption")
        ]
        return Furniture(*parts)

    def _check_functions(self, pack: Pack) -> None:
        for trigger in pack.triggers:
            for role, functions in (*trigger.roles, *trigger.noun_roles):
                for named in functions:
                    function = named.rstrip("?!")
                    if function in UNMARKED:
                        continue
                    known = any(function in pack.functions.get(c, {}) for c in CONSTRUCTIONS)
                    if not known and not pack.functions_of("any", function):
                        raise DataError(
                            f"{self.language}: trigger {trigger.name!r}, role {role!r}: "
                            f"the function {function!r} is not defined in grammar.toml"
                        )
            for need in (*trigger.needs, *trigger.without, *([trigger.object_term] if trigger.object_term else [])):
                if need not in pack.terms:
                    raise DataError(f"{self.language}: trigger {trigger.name!r}: the term {need!r} is not defined")


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def _strings(values: Iterable[Any], where: str) -> list[str]:
    out = list(values)
    for value in out:
        if not isinstance(value, str):
            raise DataError(f"{where}: expected a string, found {value!r}")
    return out


def _role_functions(table: Table) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((role, tuple(_list(functions))) for role, functions in table.items())


def _example(value: Any, where: str) -> tuple[str, str]:
    if not (isinstance(value, list) and len(value) == 2 and all(isinstance(v, str) for v in value)):
        raise DataError(f'{where}: an example is ["sentence", "expectation"], found {value!r}')
    return value[0], value[1]
