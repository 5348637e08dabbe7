"""The vocabulary as constants: our terms, each proven by a test to exist in `ontology/`, and foreign ones we use.

Role properties (`chy:recogniser`, ...) and classes of entities that data names are not listed: code meets them as data,
through frames and kinds.

How records look in RDF
=======================
Every node has an IRI (`kg.ids`); no blank nodes; literals are xsd:integer, decimal, date, dateTime, boolean, string or
language-tagged. `?x` marks what is written only where known. Short names in <> stand under `ID`.

Document graph (`graph/document/{id}`): the document, its mention entities, its claims and their evidence::

    <document/ru-07> a chy:Document, schema:NewsArticle ;
        dcterms:identifier "ru-07" ; schema:inLanguage "ru" ; chy:sha256 "..." ; dcterms:format "text/plain" ;
        ?dcterms:title "..."@ru ; ?schema:publisher "..." ; ?schema:url "..." ;
        ?schema:datePublished "2025-07-04"^^xsd:date ;           where the full day is known; else its month or year, as
        ?chy:publishedEdtf "2025-07" ;
        ?chy:characterCount 2710 ; ?chy:sentenceCount 31 ; ?chy:silentSentenceCount 9 .
    <entity/{hash}> a chy:Person ; skos:prefLabel "..."@ru ; ?skos:altLabel "..."@ru ;
        chy:mentionedIn <document/ru-07> .
    <claim/{hash}> a chy:Claim ; prov:wasDerivedFrom <document/ru-07> ; chy:frame <frame/Recognition> ;
        chy:recogniser <state/RUS> ; chy:recognised <armed-group/taliban> ;  each role's property; plain values: strings
        chy:polarity <polarity/positive> ; chy:modality <modality/actual> ; ?chy:former true ;
        ?chy:edtf "2025-07-03" ; ?chy:dateText "..." ;
        ?chy:earliest "2025-07-03"^^xsd:date ; ?chy:latest "2025-07-03"^^xsd:date ;
        ?chy:attribution <person/...> ; ?chy:relayedBy <media/...> ;
        chy:evidence <evidence/{hash}> ; chy:confidence 0.93 ; chy:extractor "ru/recognition-2" .
    <evidence/{hash}> a oa:SpecificResource ; oa:hasSource <document/ru-07> ;    one a span, shared by its claims
        oa:hasSelector <evidence/{hash}/position>, <evidence/{hash}/quote> .
    <evidence/{hash}/position> a oa:TextPositionSelector ; oa:start 104 ; oa:end 190 .           code points, half-open
    <evidence/{hash}/quote> a oa:TextQuoteSelector ; oa:exact "..." .

`graph/entities`: what joins made of the mention entities; a representative that is a reference entity keeps its names::

    <entity/{hash of a member}> chy:joinedInto <representative> ; chy:joinReason "..." .   not the representative itself
    <representative> a chy:Person ; skos:prefLabel "..."@ru, "..."@en .
    <entity/...> chy:possiblySame <entity/...> .

`graph/facts`: what the register concludes; role properties as in a claim::

    <fact/{hash}> a chy:Fact ; chy:frame <frame/Recognition> ; chy:recogniser ... ; chy:status <status/actual> ;
        ?chy:edtf ... ; ?chy:earliest ... ; ?chy:latest ... ; ?chy:former true ; ?chy:refinedBy <fact/...> ;
        ?chy:supportedBy <claim/...> ; ?chy:opposedBy <claim/...> ;              one of the two at least
        chy:supportingClaimCount 3 ; chy:opposingClaimCount 0 ; chy:supportingDocumentCount 2 ;
        chy:supportingLanguageCount 2 ; chy:supportingOutletCount 2 ;
        chy:supportingTextCount 1 .                                        one wire text in three outlets is one text

`graph/direct`: what holds, for actual facts: the plain triples and the individual that the fact's frame asks for in
`ontology/frames.ttl` (`chy:directLink`, `chy:individualClass`, `chy:individualProperty`), with its dates and facts::

    <state/RUS> chy:recognises <armed-group/taliban> .
    <exercise/{hash of the fact}> a chy:Exercise ; chy:hasExerciseParticipant <state/KAZ> ;
        ?chy:takesPlaceIn <place/...> ; ?chy:edtf ... ; ?chy:earliest ... ; ?chy:latest ... ;
        chy:establishedBy <fact/{hash}> .
    <office-term/{hash}> a chy:OfficeTerm ; chy:heldBy <person/...> ;                  over: chy:formerlyHeldBy
        chy:office <office/...> ; chy:officeOf <state/RUS> ; ?chy:from ... ; ?chy:until ... ;
        ?chy:establishedBy <fact/...> .
    <ratification/{hash}> a chy:Ratification ; chy:carriedOutBy <state/KAZ> ; ?chy:ratifies <agreement/{hash}> .
    <entry-into-force/{hash}>, <termination/{hash}> ?chy:ofAgreement <agreement/{hash}> .

Reference data: entities with their names (`kg.model.Name`); terms of office with the properties that claims use
(`a chy:OfficeTerm ; chy:holder ; chy:office ; chy:of ; ?chy:from ; ?chy:until ; ?chy:former`); who governs what
(`a chy:Governance ; chy:government ; chy:governed ; ?chy:from ; ?chy:until ; chy:governanceKind "governs" or "claims" ;
dcterms:source`).

`graph/run/{id}`: `<run/{id}> a chy:Run ; chy:generation 7 ; prov:startedAtTime ; prov:endedAtTime ;
prov:used <document/...>`.
`graph/redirects`: `<old> dcterms:isReplacedBy <new>`.
"""

from __future__ import annotations

from typing import Final

from kg.model import Iri

CHY: Final = "https://w3id.org/chancery/ontology#"
ID: Final = "https://w3id.org/chancery/id/"
GRAPH: Final = "https://w3id.org/chancery/graph/"
SHAPE: Final = "https://w3id.org/chancery/shape/"

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
OWL: Final = "http://www.w3.org/2002/07/owl#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
DCTERMS: Final = "http://purl.org/dc/terms/"
DCAT: Final = "http://www.w3.org/ns/dcat#"
VOID: Final = "http://rdfs.org/ns/void#"
SD: Final = "http://www.w3.org/ns/sparql-service-description#"
PROV: Final = "http://www.w3.org/ns/prov#"
OA: Final = "http://www.w3.org/ns/oa#"
ORG: Final = "http://www.w3.org/ns/org#"
SEM: Final = "http://semanticweb.cs.vu.nl/2009/11/sem/"
SCHEMA: Final = "https://schema.org/"
SH: Final = "http://www.w3.org/ns/shacl#"

PREFIXES: Final = {
    "chy": CHY,
    "dcat": DCAT,
    "dcterms": DCTERMS,
    "oa": OA,
    "org": ORG,
    "owl": OWL,
    "prov": PROV,
    "rdf": RDF,
    "rdfs": RDFS,
    "schema": SCHEMA,
    "sd": SD,
    "sem": SEM,
    "sh": SH,
    "shape": SHAPE,
    "skos": SKOS,
    "void": VOID,
    "xsd": XSD,
}


def chy(name: str) -> Iri:
    """Return the IRI of the term of our vocabulary called `name`, which comes from data.

    >>> chy("State")
    'https://w3id.org/chancery/ontology#State'
    """
    return Iri(CHY + name)


def local_name(iri: str) -> str:
    """Return what follows the last `#` or `/` of an IRI.

    >>> local_name("https://w3id.org/chancery/ontology#State"), local_name("https://w3id.org/chancery/id/state/RUS")
    ('State', 'RUS')
    """
    return iri.rsplit("#", 1)[-1].rsplit("/", 1)[-1]


# Named graphs.
GRAPH_ONTOLOGY: Final = Iri(GRAPH + "ontology")
GRAPH_REFERENCE: Final = Iri(GRAPH + "reference")
GRAPH_ENTITIES: Final = Iri(GRAPH + "entities")
GRAPH_FACTS: Final = Iri(GRAPH + "facts")
GRAPH_DIRECT: Final = Iri(GRAPH + "direct")
GRAPH_INFERRED: Final = Iri(GRAPH + "inferred")
GRAPH_REDIRECTS: Final = Iri(GRAPH + "redirects")

# Our classes.
ACTOR: Final = chy("Actor")
PERSON: Final = chy("Person")
COLLECTIVE_ACTOR: Final = chy("CollectiveActor")
STATE: Final = chy("State")
PLACE: Final = chy("Place")
DOCUMENT: Final = chy("Document")
CLAIM: Final = chy("Claim")
FACT: Final = chy("Fact")
EVENT: Final = chy("Event")
AGREEMENT: Final = chy("Agreement")
OFFICE_TERM: Final = chy("OfficeTerm")
GOVERNANCE: Final = chy("Governance")
RUN: Final = chy("Run")
FRAME_CLASS: Final = chy("Frame")
FRAME_ROLE: Final = chy("FrameRole")
DIRECT_LINK: Final = chy("DirectLink")

# Names of entities, all sub-properties of skos:hiddenLabel.
ABBREVIATION: Final = chy("abbreviation")
ADJECTIVE: Final = chy("adjective")
DEMONYM: Final = chy("demonym")
METONYM: Final = chy("metonym")
MISSPELLING: Final = chy("misspelling")
FAMILY_NAME: Final = chy("familyName")

# Reference data.
GENDER: Final = chy("gender")
ISO_ALPHA_2: Final = chy("iso3166Alpha2")
ISO_ALPHA_3: Final = chy("iso3166Alpha3")
ISO_NUMERIC: Final = chy("iso3166Numeric")
LOCATED_IN: Final = chy("locatedIn")
CAPITAL_OF: Final = chy("capitalOf")
ORGAN_OF: Final = chy("organOf")
HOLDER: Final = chy("holder")
OFFICE: Final = chy("office")
OF: Final = chy("of")
FROM: Final = chy("from")
UNTIL: Final = chy("until")
FORMER: Final = chy("former")
GOVERNMENT_ROLE: Final = chy("government")
GOVERNED: Final = chy("governed")
GOVERNANCE_KIND: Final = chy("governanceKind")

# Frames as data.
ASPECT: Final = chy("aspect")
HAS_ROLE: Final = chy("hasRole")
ROLE_PROPERTY: Final = chy("roleProperty")
FILLER_CLASS: Final = chy("fillerClass")
FILLER_SCHEME: Final = chy("fillerScheme")
FILLER_LITERAL: Final = chy("fillerLiteral")
REQUIRED: Final = chy("required")
MANY: Final = chy("many")
IN_KEY: Final = chy("inKey")
SYMMETRIC: Final = chy("symmetric")
ATTRIBUTE_OF_FACT: Final = chy("attributeOfFact")
COERCE_BY: Final = chy("coerceBy")
REVERSES: Final = chy("reverses")
INDIVIDUAL_CLASS: Final = chy("individualClass")
INDIVIDUAL_PROPERTY: Final = chy("individualProperty")
FORMER_INDIVIDUAL_PROPERTY: Final = chy("formerIndividualProperty")
DIRECT_LINK_OF: Final = chy("directLink")
LINK_PROPERTY: Final = chy("linkProperty")
LINK_FROM: Final = chy("linkFrom")
LINK_TO: Final = chy("linkTo")
LINK_WHEN: Final = chy("linkWhen")
LINK_UNLESS: Final = chy("linkUnless")

# Documents.
SHA256: Final = chy("sha256")
PUBLISHED_EDTF: Final = chy("publishedEdtf")
CHARACTER_COUNT: Final = chy("characterCount")
SENTENCE_COUNT: Final = chy("sentenceCount")
SILENT_SENTENCE_COUNT: Final = chy("silentSentenceCount")
MENTIONED_IN: Final = chy("mentionedIn")

# Claims, and what facts share with them.
FRAME: Final = chy("frame")
POLARITY: Final = chy("polarity")
MODALITY: Final = chy("modality")
EDTF: Final = chy("edtf")
EARLIEST: Final = chy("earliest")
LATEST: Final = chy("latest")
DATE_TEXT: Final = chy("dateText")
ATTRIBUTION: Final = chy("attribution")
RELAYED_BY: Final = chy("relayedBy")
EVIDENCE: Final = chy("evidence")
CONFIDENCE: Final = chy("confidence")
EXTRACTOR: Final = chy("extractor")

# Facts.
STATUS: Final = chy("status")
SUPPORTED_BY: Final = chy("supportedBy")
OPPOSED_BY: Final = chy("opposedBy")
REFINED_BY: Final = chy("refinedBy")
SUPPORTING_CLAIM_COUNT: Final = chy("supportingClaimCount")
OPPOSING_CLAIM_COUNT: Final = chy("opposingClaimCount")
SUPPORTING_DOCUMENT_COUNT: Final = chy("supportingDocumentCount")
SUPPORTING_LANGUAGE_COUNT: Final = chy("supportingLanguageCount")
SUPPORTING_OUTLET_COUNT: Final = chy("supportingOutletCount")
SUPPORTING_TEXT_COUNT: Final = chy("supportingTextCount")

# Entities.
JOINED_INTO: Final = chy("joinedInto")
JOIN_REASON: Final = chy("joinReason")
POSSIBLY_SAME: Final = chy("possiblySame")

# The direct graph, where code names a term; the rest is named by frames.
ESTABLISHED_BY: Final = chy("establishedBy")
HELD_BY: Final = chy("heldBy")
FORMERLY_HELD_BY: Final = chy("formerlyHeldBy")
HOLDS_OFFICE: Final = chy("holdsOffice")
OFFICE_OF: Final = chy("officeOf")
REPRESENTS: Final = chy("represents")
OF_AGREEMENT: Final = chy("ofAgreement")
RATIFIES: Final = chy("ratifies")
GOVERNS: Final = chy("governs")
CLAIMS_TO_GOVERN: Final = chy("claimsToGovern")
EXERCISED_WITH: Final = chy("exercisedWith")
HAS_AGREEMENT_WITH: Final = chy("hasAgreementWith")
MET_WITH: Final = chy("metWith")

# Runs.
GENERATION: Final = chy("generation")

# Foreign terms.
RDF_TYPE: Final = Iri(RDF + "type")
RDFS_LABEL: Final = Iri(RDFS + "label")
RDFS_COMMENT: Final = Iri(RDFS + "comment")
RDFS_SUBCLASS_OF: Final = Iri(RDFS + "subClassOf")
OWL_CLASS: Final = Iri(OWL + "Class")
OWL_VERSION_IRI: Final = Iri(OWL + "versionIRI")
OWL_VERSION_INFO: Final = Iri(OWL + "versionInfo")
SKOS_CONCEPT: Final = Iri(SKOS + "Concept")
SKOS_IN_SCHEME: Final = Iri(SKOS + "inScheme")
SKOS_NOTATION: Final = Iri(SKOS + "notation")
SKOS_DEFINITION: Final = Iri(SKOS + "definition")
SKOS_PREF_LABEL: Final = Iri(SKOS + "prefLabel")
SKOS_ALT_LABEL: Final = Iri(SKOS + "altLabel")
SKOS_HIDDEN_LABEL: Final = Iri(SKOS + "hiddenLabel")
DCTERMS_IDENTIFIER: Final = Iri(DCTERMS + "identifier")
DCTERMS_TITLE: Final = Iri(DCTERMS + "title")
DCTERMS_FORMAT: Final = Iri(DCTERMS + "format")
DCTERMS_SOURCE: Final = Iri(DCTERMS + "source")
DCTERMS_IS_REPLACED_BY: Final = Iri(DCTERMS + "isReplacedBy")
SCHEMA_NEWS_ARTICLE: Final = Iri(SCHEMA + "NewsArticle")
SCHEMA_DATE_PUBLISHED: Final = Iri(SCHEMA + "datePublished")
SCHEMA_IN_LANGUAGE: Final = Iri(SCHEMA + "inLanguage")
SCHEMA_PUBLISHER: Final = Iri(SCHEMA + "publisher")
SCHEMA_URL: Final = Iri(SCHEMA + "url")
SCHEMA_SAME_AS: Final = Iri(SCHEMA + "sameAs")
PROV_WAS_DERIVED_FROM: Final = Iri(PROV + "wasDerivedFrom")
PROV_STARTED_AT_TIME: Final = Iri(PROV + "startedAtTime")
PROV_ENDED_AT_TIME: Final = Iri(PROV + "endedAtTime")
PROV_USED: Final = Iri(PROV + "used")
OA_SPECIFIC_RESOURCE: Final = Iri(OA + "SpecificResource")
OA_HAS_SOURCE: Final = Iri(OA + "hasSource")
OA_HAS_SELECTOR: Final = Iri(OA + "hasSelector")
OA_TEXT_POSITION_SELECTOR: Final = Iri(OA + "TextPositionSelector")
OA_TEXT_QUOTE_SELECTOR: Final = Iri(OA + "TextQuoteSelector")
OA_START: Final = Iri(OA + "start")
OA_END: Final = Iri(OA + "end")
OA_EXACT: Final = Iri(OA + "exact")
XSD_STRING: Final = Iri(XSD + "string")
XSD_INTEGER: Final = Iri(XSD + "integer")
XSD_DECIMAL: Final = Iri(XSD + "decimal")
XSD_BOOLEAN: Final = Iri(XSD + "boolean")
XSD_DATE: Final = Iri(XSD + "date")
XSD_DATE_TIME: Final = Iri(XSD + "dateTime")
