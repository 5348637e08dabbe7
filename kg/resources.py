"""The project's own data files -> what the core reads: knowledge (ontology, reference data) and language packs."""

from __future__ import annotations

import hashlib
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from importlib import import_module
from pathlib import Path

import pyoxigraph as ox

from kg.calibration import Step
from kg.errors import DataError
from kg.folders import data_folder as data_folder
from kg.language.pack import Morphology, Pack, build_pack
from kg.model import DirectLink, Entity, Frame, FrameRole, Iri, Knowledge, Name, OfficeTerm
from kg.questions.words import QuestionWords, build_question_words

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
LANGUAGES = ("kk", "ru", "vi", "en")
_CHY = "https://w3id.org/chancery/ontology#"
_ID = "https://w3id.org/chancery/id/"
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_SUBCLASS = "http://www.w3.org/2000/01/rdf-schema#subClassOf"
_NAME_KINDS = {
    f"{_SKOS}prefLabel": "preferred",
    f"{_SKOS}altLabel": "alternative",
    f"{_CHY}abbreviation": "abbreviation",
    f"{_CHY}adjective": "adjective",
    f"{_CHY}demonym": "demonym",
    f"{_CHY}metonym": "metonym",
    f"{_CHY}misspelling": "misspelling",
    f"{_CHY}familyName": "family",
    f"{_SKOS}hiddenLabel": "alternative",
}


def ontology_files() -> list[Path]:
    """Return the ontology's own Turtle files, sorted."""
    return sorted(data_folder("ontology").glob("*.ttl"))


def reference_files(user_reference: Path | None = None) -> list[Path]:
    """Return our reference files, then the user's, each sorted."""
    own = sorted((data_folder("ontology") / "reference").glob("*.ttl"))
    return own + (sorted(user_reference.glob("*.ttl")) if user_reference and user_reference.is_dir() else [])


def data_fingerprint(user_reference: Path | None = None) -> str:
    """Return a SHA-256 over ontology, reference data and packs: documents are read again when it changes."""
    digest = hashlib.sha256()
    packs = sorted(p for p in (Path(__file__).parent / "language").rglob("*") if p.suffix in {".toml", ".py"})
    core = sorted(Path(__file__).parent.glob("*.py"))
    for path in [*ontology_files(), *reference_files(user_reference), *packs, *core]:
        digest.update(path.name.encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def parse_turtle(path: Path) -> Iterator[ox.Quad]:
    """Yield the triples of a Turtle file; raise DataError that names the file and the place."""
    try:
        yield from ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)
    except (SyntaxError, ValueError) as fault:
        raise DataError(f"{path.name}: not valid Turtle: {fault}") from fault


class _Graph:
    """Triples by subject and predicate; as much of a store as reading needs."""

    def __init__(self, files: Iterable[Path]) -> None:
        self.values: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
        for path in files:
            for quad in parse_turtle(path):
                if isinstance(quad.subject, ox.NamedNode):
                    self.values[quad.subject.value][quad.predicate.value].append(quad.object)

    def iris(self, subject: str, predicate: str) -> list[str]:
        return [t.value for t in self.values[subject].get(predicate, ()) if isinstance(t, ox.NamedNode)]

    def texts(self, subject: str, predicate: str) -> list[str]:
        return [t.value for t in self.values[subject].get(predicate, ()) if isinstance(t, ox.Literal)]

    def one(self, subject: str, predicate: str) -> str | None:
        return next(iter([*self.iris(subject, predicate), *self.texts(subject, predicate)]), None)

    def of_type(self, class_iri: str) -> list[str]:
        return sorted(
            s
            for s, ps in self.values.items()
            if any(isinstance(t, ox.NamedNode) and t.value == class_iri for t in ps.get(_RDF_TYPE, ()))
        )


def load_knowledge(user_reference: Path | None = None) -> Knowledge:
    """Return frames, concepts, entities and office terms of the ontology and the reference data, the user's last."""
    graph = _Graph([*ontology_files(), *reference_files(user_reference)])
    superclasses = _superclasses(graph)
    entities = {e.id: e for e in _entities(graph, superclasses)}
    return Knowledge(
        entities=entities,
        frames={f.name: f for f in _frames(graph, superclasses)},
        concepts=_concepts(graph),
        terms=tuple(_terms(graph)),
        superclasses=superclasses,
        reverses=_reverses(graph),
        shared_offices=frozenset(_code(s) for s in graph.values if graph.one(s, f"{_CHY}heldBySeveral") == "true"),
        may_mean=_may_mean(graph),
    )


def _may_mean(graph: _Graph) -> dict[str, frozenset[str]]:
    found = {_code(office): graph.iris(office, f"{_CHY}mayMean") for office in sorted(graph.values)}
    return {code: frozenset(map(_code, others)) for code, others in found.items() if others}


def _code(concept: str) -> str:
    return concept.rpartition("/")[2]


def _reverses(graph: _Graph) -> dict[Iri, Iri]:
    return {Iri(act): Iri(ended) for act in sorted(graph.values) for ended in graph.iris(act, f"{_CHY}reverses")}


def _superclasses(graph: _Graph) -> dict[str, frozenset[str]]:
    parents = {
        s.removeprefix(_CHY): {p.removeprefix(_CHY) for p in graph.iris(s, _SUBCLASS) if p.startswith(_CHY)}
        for s in graph.values
        if s.startswith(_CHY)
    }
    closed: dict[str, frozenset[str]] = {}
    for name in parents:
        found = {name}
        todo = [name]
        while todo:
            for parent in parents.get(todo.pop(), ()):
                if parent not in found:
                    found.add(parent)
                    todo.append(parent)
        closed[name] = frozenset(found)
    return closed


def _entities(graph: _Graph, superclasses: Mapping[str, frozenset[str]]) -> Iterator[Entity]:
    for subject in sorted(graph.values):
        if not subject.startswith(_ID) and not graph.texts(subject, f"{_SKOS}prefLabel"):
            continue
        classes = [t.removeprefix(_CHY) for t in graph.iris(subject, _RDF_TYPE) if t.startswith(_CHY)]
        if not classes or set(classes) & {"Frame", "FrameRole", "OfficeTerm"}:
            continue
        names = _names(graph, subject)
        if not names or subject.startswith(_CHY):
            continue
        kinds = frozenset(k for c in classes for k in superclasses.get(c, frozenset({c})))
        located = graph.one(subject, f"{_CHY}locatedIn")
        if graph.one(subject, f"{_CHY}capitalOf"):
            kinds |= {"Capital"}
        organ = graph.one(subject, f"{_CHY}organOf")
        yield Entity(
            Iri(subject),
            kinds,
            names,
            Iri(located) if located else None,
            Iri(organ) if organ else None,
            graph.one(subject, f"{_CHY}gender"),
        )


def _names(graph: _Graph, subject: str) -> tuple[Name, ...]:
    return tuple(
        Name(t.value, t.language or "", kind)
        for predicate, kind in _NAME_KINDS.items()
        for t in graph.values[subject].get(predicate, ())
        if isinstance(t, ox.Literal)
    )


def _frames(graph: _Graph, superclasses: Mapping[str, frozenset[str]]) -> Iterator[Frame]:
    for subject in graph.of_type(f"{_CHY}Frame"):
        roles = sorted(
            (_role(graph, r, superclasses) for r in graph.iris(subject, f"{_CHY}hasRole")),
            key=lambda r: (not r.key, not r.required, r.name),
        )
        aspect = graph.one(subject, f"{_CHY}aspect")
        name = graph.one(subject, f"{_SKOS}notation")
        if name is None or aspect not in {"event", "state"}:
            raise DataError(f'frames: {subject} needs skos:notation and chy:aspect "event" or "state"')
        made = graph.one(subject, f"{_CHY}individualClass")
        yield Frame(
            name,
            Iri(subject),
            "event" if aspect == "event" else "state",
            tuple(roles),
            made.removeprefix(_CHY) if made else None,
            tuple(_link(graph, link) for link in sorted(graph.iris(subject, f"{_CHY}directLink"))),
        )


def _link(graph: _Graph, subject: str) -> DirectLink:
    def role(name: str) -> str:
        notation = graph.one(graph.one(subject, _CHY + name) or "", f"{_SKOS}notation")
        if notation is None:
            raise DataError(f"frames: the link {subject} needs chy:{name}, a role of its frame")
        return notation

    prop, when, unless = (graph.one(subject, _CHY + p) for p in ("linkProperty", "linkWhen", "linkUnless"))
    if prop is None:
        raise DataError(f"frames: the link {subject} needs chy:linkProperty")
    return DirectLink(
        Iri(prop), role("linkFrom"), role("linkTo"), Iri(when) if when else None, Iri(unless) if unless else None
    )


def _role(graph: _Graph, subject: str, superclasses: Mapping[str, frozenset[str]]) -> FrameRole:
    def flag(name: str) -> bool:
        return graph.one(subject, _CHY + name) == "true"

    name, prop = graph.one(subject, f"{_SKOS}notation"), graph.one(subject, f"{_CHY}roleProperty")
    if name is None or prop is None:
        raise DataError(f"frames: the role {subject} needs skos:notation and chy:roleProperty")
    wanted = {c.removeprefix(_CHY) for c in graph.iris(subject, f"{_CHY}fillerClass")}
    kinds = wanted | {c for c, ups in superclasses.items() if ups & wanted}
    return FrameRole(
        name=name,
        property=Iri(prop),
        kinds=frozenset(kinds),
        scheme=graph.one(subject, f"{_CHY}fillerScheme"),
        required=flag("required"),
        many=flag("many"),
        key=flag("inKey"),
        symmetric=flag("symmetric"),
        attribute=flag("attributeOfFact"),
        coerce=tuple(sorted(graph.texts(subject, f"{_CHY}coerceBy"))),
        literal=flag("fillerLiteral"),
        individual_property=_iri(graph.one(subject, f"{_CHY}individualProperty")),
        former_individual_property=_iri(graph.one(subject, f"{_CHY}formerIndividualProperty")),
    )


def _iri(value: str | None) -> Iri | None:
    return Iri(value) if value else None


def _concepts(graph: _Graph) -> dict[str, dict[str, Entity]]:
    schemes: dict[str, dict[str, Entity]] = defaultdict(dict)
    for subject in sorted(graph.values):
        if not subject.startswith(_ID) or not graph.iris(subject, f"{_SKOS}inScheme"):
            continue
        scheme, _, code = subject.removeprefix(_ID).partition("/")
        schemes[scheme][code] = Entity(Iri(subject), frozenset({"Concept"}), _names(graph, subject))
    return dict(schemes)


def _terms(graph: _Graph) -> Iterator[OfficeTerm]:
    for subject in graph.of_type(f"{_CHY}OfficeTerm"):
        holder, office, of = (graph.one(subject, _CHY + p) for p in ("holder", "office", "of"))
        if holder and office and of:
            yield OfficeTerm(
                Iri(holder),
                Iri(office),
                Iri(of),
                graph.one(subject, f"{_CHY}from"),
                graph.one(subject, f"{_CHY}until"),
                graph.one(subject, f"{_CHY}former") == "true",
            )


@lru_cache(maxsize=8)
def load_pack(language: str) -> Pack:
    """Return the language pack of one of our languages."""
    folder = Path(__file__).parent / "language" / language
    pack = load_pack_from(folder, import_module(f"kg.language.{language}.morphology"))
    return replace(pack, calibration=_calibration(folder.parent / "calibration.toml"))


def _calibration(path: Path) -> tuple[Step, ...]:
    """Return how often claims are right by how sure their rules are, the least sure first."""
    steps = _toml(path).get("step")
    if not isinstance(steps, list):
        raise DataError(f"{path.parent.name}/{path.name}: no [[step]]")
    return tuple(Step(float(s["low"]), float(s["right"]), int(s["claims"])) for s in steps)


def load_pack_from(folder: Path, morphology: object) -> Pack:
    """Return the pack in a folder, with a morphology (a module with `analyse`, `nominative`, `fold`)."""
    frames = {p.name: _toml(p) for p in sorted((folder / "frames").glob("*.toml"))}
    for needed in ("analyse", "nominative", "fold"):
        if not callable(getattr(morphology, needed, None)):
            raise DataError(f"{folder.name}/morphology.py: no function {needed!r}")
    checked: Morphology = morphology  # type: ignore[assignment]
    return build_pack(
        _toml(folder / "grammar.toml"), _toml(folder / "words.toml"), _toml(folder / "offices.toml"), frames, checked
    )


def load_question_words(language: str, pack: Pack) -> QuestionWords:
    """Return the words of questions of our own pack. Raises DataError for a file that is not right."""
    return build_question_words(_toml(Path(__file__).parent / "language" / language / "questions.toml"), pack)


def load_packs(languages: Iterable[str] = LANGUAGES) -> dict[str, Pack]:
    """Return the packs of the languages asked for."""
    return {language: load_pack(language) for language in languages}


def _toml(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as fault:
        raise DataError(f"the language pack lacks {path.parent.name}/{path.name}") from fault
    except tomllib.TOMLDecodeError as fault:
        raise DataError(f"{path.parent.name}/{path.name}: {fault}") from fault
