"""Frames and concepts are exactly those of the claim contract, and what they promise the direct graph exists."""

import re

import pytest
import rdflib
from rdflib import OWL, RDF
from rdflib.collection import Collection

from kg import vocab
from kg.model import Frame, Knowledge
from kg.resources import data_folder, load_knowledge
from kg.vocab import CHY, SH, SHAPE, chy

SKOS = vocab.SKOS

# Roles as the contract writes them: + one or more, * any number, ? only if said; then the aspect.
CONTRACT = {
    "Recognition": ("state", "recogniser recognised"),
    "Accreditation": ("event", "receiver sender envoy? level"),
    "Relations": ("state", "party+ kind*"),
    "AgreementSigning": ("event", "party+ signatory* subject*"),
    "AgreementRatification": ("event", "ratifier party* subject*"),
    "AgreementEntryIntoForce": ("event", "party+ subject*"),
    "AgreementTermination": ("event", "party+ subject*"),
    "Exercise": ("event", "participant+ name? place?"),
    "OfficeHolding": ("state", "holder office of"),
    "Meeting": ("event", "participant+ place?"),
    "Visit": ("event", "visitor destination"),
    "Aid": ("event", "donor recipient"),
    "Designation": ("state", "authority target act"),
    "Sanctions": ("state", "sender target act"),
    "Membership": ("state", "member organisation act?"),
    "Deployment": ("event", "actor place act"),
    "Statement": ("event", "speaker venue?"),
    "Ranking": ("state", "ranked index rank"),
}
CODES = {
    "office": "president prime-minister deputy-prime-minister foreign-minister deputy-foreign-minister "
    "defence-minister deputy-defence-minister interior-minister minister ambassador special-envoy "
    "security-council-secretary intelligence-director chief-of-general-staff press-secretary spokesperson "
    "parliament-speaker secretary-general head leader other",
    "act": "list delist impose lift freeze-assets release-assets join leave deploy withdraw",
    "kind": "diplomatic trade economic military political other",
    "subject": "military military-technical security trade transport energy border education culture humanitarian "
    "strategic-partnership legal other",
    "level": "envoy ambassador",
    "modality": "actual planned requested possible",
    "polarity": "positive negative",
    "status": "actual claimed negated planned requested possible disputed",
}
KEYS = {
    "Recognition": "recogniser recognised",
    "Relations": "party kind",
    "OfficeHolding": "holder office of",
    "Exercise": "participant name",
    "AgreementSigning": "party",
    "Meeting": "participant",
}


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge()


@pytest.fixture(scope="module")
def frames() -> rdflib.Graph:
    return rdflib.Graph().parse(data_folder("ontology") / "frames.ttl")


@pytest.fixture(scope="module")
def ontology() -> rdflib.Graph:
    return rdflib.Graph().parse(data_folder("ontology") / "chancery.ttl")


@pytest.fixture(scope="module")
def shapes() -> rdflib.Graph:
    return rdflib.Graph().parse(data_folder("shapes") / "frame-roles.ttl")


def written(frame: Frame) -> set[str]:
    marks = {(True, False): "", (True, True): "+", (False, True): "*", (False, False): "?"}
    return {r.name + marks[r.required, r.many] for r in frame.roles}


def test_the_frames_are_those_of_the_contract(knowledge: Knowledge) -> None:
    """Other programs depend on these names and numbers."""
    found = {f.name: (f.aspect, written(f)) for f in knowledge.frames.values()}
    assert found == {name: (aspect, set(roles.split())) for name, (aspect, roles) in CONTRACT.items()}


def test_the_codes_are_those_of_the_contract(knowledge: Knowledge) -> None:
    """A code that is missing or new would change what claims can say."""
    found = {scheme: set(knowledge.concepts[scheme]) for scheme in CODES}
    assert found == {scheme: set(codes.split()) for scheme, codes in CODES.items()}


@pytest.mark.parametrize("name", KEYS)
def test_keys(name: str, knowledge: Knowledge) -> None:
    """What keeps two facts of a frame apart."""
    assert {r.name for r in knowledge.frames[name].roles if r.key} == set(KEYS[name].split())


def test_notations_end_the_iris(frames: rdflib.Graph) -> None:
    """A code is the last part of its IRI, so that either gives the other."""
    concepts = rdflib.Graph().parse(data_folder("ontology") / "concepts.ttl")
    for graph in (frames, concepts):
        for subject, notation in graph.subject_objects(rdflib.URIRef(SKOS + "notation")):
            assert re.split(r"[/-]" if "/role/" in str(subject) else "/", str(subject))[-1] == str(notation)


def test_roles_are_sensible(knowledge: Knowledge) -> None:
    """Interchangeable fillers are several; an attribute may be left open; every frame has a key."""
    for frame in knowledge.frames.values():
        assert any(r.key for r in frame.roles), frame.name
        for role in frame.roles:
            assert role.many or not role.symmetric, role
            assert not (role.attribute and role.required), role
            assert not (role.kinds and role.scheme), role
            assert role.scheme is None or role.scheme in knowledge.concepts, role


def test_filler_classes_exist(frames: rdflib.Graph, ontology: rdflib.Graph) -> None:
    """Every class a frame speaks of is a class of the ontology."""
    classes = set(ontology.subjects(RDF.type, OWL.Class))
    for prop in ("fillerClass", "individualClass"):
        assert set(frames.objects(None, rdflib.URIRef(chy(prop)))) <= classes


def test_individual_properties_exist(frames: rdflib.Graph, ontology: rdflib.Graph) -> None:
    """Every property a frame promises the direct graph is an object property of the ontology."""
    properties = set(ontology.subjects(RDF.type, OWL.ObjectProperty))
    for prop in ("individualProperty", "formerIndividualProperty", "linkProperty"):
        assert set(frames.objects(None, rdflib.URIRef(chy(prop)))) <= properties


def test_links_join_roles_of_their_frame(frames: rdflib.Graph) -> None:
    """A plain triple runs between two roles of the frame that has it; every link belongs to one frame."""
    links = set(frames.subjects(RDF.type, rdflib.URIRef(vocab.DIRECT_LINK)))
    owners = list(frames.subject_objects(rdflib.URIRef(vocab.DIRECT_LINK_OF)))
    assert {link for _, link in owners} == links
    assert len(owners) == len(links)
    for frame, link in owners:
        roles = set(frames.objects(frame, rdflib.URIRef(vocab.HAS_ROLE)))
        ends = {frames.value(link, rdflib.URIRef(p)) for p in (vocab.LINK_FROM, vocab.LINK_TO)}
        assert ends <= roles, link


def test_frames_with_individuals_name_properties(frames: rdflib.Graph) -> None:
    """An individual that no filler is tied to would say nothing."""
    for frame in frames.subjects(rdflib.URIRef(vocab.INDIVIDUAL_CLASS), None):
        roles = frames.objects(frame, rdflib.URIRef(vocab.HAS_ROLE))
        assert any(frames.value(role, rdflib.URIRef(vocab.INDIVIDUAL_PROPERTY)) for role in roles), frame


def test_reversed_acts() -> None:
    """Each act that ends a state of affairs ends exactly one other, and is not ended itself."""
    concepts = rdflib.Graph().parse(data_folder("ontology") / "concepts.ttl")
    pairs = {
        str(s).rsplit("/", 1)[1]: str(o).rsplit("/", 1)[1]
        for s, o in concepts.subject_objects(rdflib.URIRef(vocab.REVERSES))
    }
    assert pairs == {
        "delist": "list",
        "lift": "impose",
        "release-assets": "freeze-assets",
        "leave": "join",
        "withdraw": "deploy",
    }


# --- frames and shapes say the same ---


def shape_of(frame: str, role: str) -> rdflib.URIRef:
    return rdflib.URIRef(f"{SHAPE}{frame}-{role}")


def classes_asked(shapes: rdflib.Graph, shape: rdflib.URIRef) -> set[str]:
    direct = set(shapes.objects(shape, rdflib.URIRef(SH + "class")))
    for head in shapes.objects(shape, rdflib.URIRef(SH + "or")):
        for member in Collection(shapes, head):
            direct |= set(shapes.objects(member, rdflib.URIRef(SH + "class")))
    return {str(c) for c in direct}


@pytest.mark.parametrize("name", CONTRACT)
def test_shapes_agree_with_frames(name: str, knowledge: Knowledge, frames: rdflib.Graph, shapes: rdflib.Graph) -> None:
    """What extraction may fill in, the gate lets in, and nothing else."""
    for role in knowledge.frames[name].roles:
        shape = shape_of(name, role.name)
        node = rdflib.URIRef(f"{vocab.ID}role/{name}-{role.name}")
        assert str(shapes.value(shape, rdflib.URIRef(SH + "path"))) == role.property
        least = shapes.value(shape, rdflib.URIRef(SH + "minCount"))
        most = shapes.value(shape, rdflib.URIRef(SH + "maxCount"))
        assert (least is not None) == role.required, shape
        assert (most is None) == role.many, shape
        wanted = {str(c) for c in frames.objects(node, rdflib.URIRef(vocab.FILLER_CLASS))}
        assert classes_asked(shapes, shape) == wanted, shape
        allowed = shapes.value(shape, rdflib.URIRef(SH + "in"))
        assert (allowed is not None) == (role.scheme is not None), shape
        if role.scheme is not None:
            codes = {str(c) for c in Collection(shapes, allowed)}
            known = {c.id for c in knowledge.concepts[role.scheme].values()}
            assert codes <= known if role.scheme == "act" else codes == known, shape


@pytest.mark.parametrize("name", CONTRACT)
def test_each_role_shape_is_reached(name: str, knowledge: Knowledge, shapes: rdflib.Graph) -> None:
    """A role's shape that its frame's shape does not lead to would never be asked."""
    asked = set(shapes.objects(rdflib.URIRef(f"{SHAPE}{name}-roles"), rdflib.URIRef(SH + "property")))
    assert {shape_of(name, r.name) for r in knowledge.frames[name].roles} <= asked
    assert str(shapes.value(rdflib.URIRef(SHAPE + name), rdflib.URIRef(SH + "targetNode"))).endswith(f"/frame/{name}")


def test_role_properties_are_ours(knowledge: Knowledge) -> None:
    """A role's property is called as the role: `recogniser` is `chy:recogniser`."""
    for frame in knowledge.frames.values():
        for role in frame.roles:
            assert role.property == CHY + role.name


def test_each_role_belongs_to_its_frames(knowledge: Knowledge, shapes: rdflib.Graph) -> None:
    """The shape that keeps a role to its frames names those that have it, and every role has one."""
    frames_of: dict[str, set[str]] = {}
    for frame in knowledge.frames.values():
        for role in frame.roles:
            frames_of.setdefault(role.name, set()).add(frame.id)
    for name, wanted in frames_of.items():
        allowed = shapes.value(rdflib.URIRef(f"{SHAPE}RoleOf-{name}-frame"), rdflib.URIRef(SH + "in"))
        target = shapes.value(rdflib.URIRef(f"{SHAPE}RoleOf-{name}"), rdflib.URIRef(SH + "targetSubjectsOf"))
        assert (str(target), {str(f) for f in Collection(shapes, allowed)}) == (CHY + name, wanted)
