"""IRIs of the standards that the code itself relies on, and the properties that name things.

Prefixes for reading and writing are not here: they are the project's
``ontology/context.jsonld`` and reach the serving half through the release.
"""

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
XSD = "http://www.w3.org/2001/XMLSchema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
DCTERMS = "http://purl.org/dc/terms/"
FOAF = "http://xmlns.com/foaf/0.1/"
OA = "http://www.w3.org/ns/oa#"
SCHEMA = "http://schema.org/"
SH = "http://www.w3.org/ns/shacl#"
DASH = "http://datashapes.org/dash#"
VOID = "http://rdfs.org/ns/void#"
DCAT = "http://www.w3.org/ns/dcat#"
SD = "http://www.w3.org/ns/sparql-service-description#"
WGS = "http://www.w3.org/2003/01/geo/wgs84_pos#"
SPDX = "http://spdx.org/rdf/terms#"

MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
"""How the IRIs of registered media types begin (DCAT 3 §6.8.16)."""

LANGUAGES = "http://id.loc.gov/vocabulary/iso639-1/"
"""How the IRIs of languages begin that DCAT recommends for ISO 639-1 (DCAT 3 §6.4.10)."""

RDF_TYPE = RDF + "type"

CLASS_KINDS = frozenset({OWL + "Class", RDFS + "Class"})
PROPERTY_KINDS = frozenset(
    {OWL + kind for kind in ("ObjectProperty", "DatatypeProperty", "AnnotationProperty")} | {RDF + "Property"}
)

LABEL_PROPERTIES = (
    SKOS + "prefLabel",
    RDFS + "label",
    DCTERMS + "title",
    FOAF + "name",
    SCHEMA + "name",
    SH + "name",
    "http://purl.org/dc/elements/1.1/title",
    "https://schema.org/name",
)
"""Properties that name a thing, best first."""

OTHER_NAME_PROPERTIES = (
    SKOS + "altLabel",
    SKOS + "hiddenLabel",
    DCTERMS + "alternative",
    FOAF + "nick",
    "http://schema.org/alternateName",
)
"""Properties that give a thing another name; a project adds its own by the setting ``name_keys``."""

DESCRIPTION_PROPERTIES = (
    SKOS + "definition",
    DCTERMS + "description",
    RDFS + "comment",
    SH + "description",
)
"""Properties that say in a sentence what a thing is, best first."""

RETIRED = "retired"
"""The named graph below the base's ``id/graph/`` that says which addresses were given up, and what stands for them."""

SKOLEM_PATH = ".well-known/genid/"
"""Where skolem IRIs live below the base (RDF 1.1 Concepts §3.5)."""

DESCRIPTION_PATH = "id/graph/description"
"""The named graph below the base in which the dataset and its service describe themselves."""

CATALOG_PATH = "catalog"
"""The document below the base that lists the dataset, its downloads and services, and how they were made (DCAT)."""
