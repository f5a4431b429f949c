"""Makes data shaped like the project's own: people, posts, organisations, statements and the quotes they rest on.

The same size and seed give the same bytes. Nothing is held in memory, and what a thing
points to has a smaller number than its own, so no link leads nowhere.
"""

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import TextIO

BASE = "https://benchmark.example/"
SEED = 2018
LANGUAGES = ("en", "fr", "es")
LARGE_SOURCE = 3125
"""Statements of the first source: with 16 triples each, they are the 50,000 rows."""
_SOURCE = 500
_STATEMENTS = 4
_THEMES = 40
_KINDS = 6

PREFIXES = {
    "id": BASE + "id/",
    "": BASE + "ontology#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "org": "http://www.w3.org/ns/org#",
    "oa": "http://www.w3.org/ns/oa#",
    "prov": "http://www.w3.org/ns/prov#",
    "dct": "http://purl.org/dc/terms/",
}
_INTEGER = "http://www.w3.org/2001/XMLSchema#integer"
_WORDS = {
    kind: words.split()
    for kind, words in {
        "given": "Abdoulaye Aïcha Ana Björn Chidi Dalia Émile Fatou Goran Hélène Ibrahim João Keiko Lucía Mark Naïma",
        "family": "Marín Dieye Solano Ortiz Guerra Hereward Núñez Okafor Petrović Lefèvre Haddad Tanaka Kovács Mbeki",
        "en": "migrants States cities data partnership health children return protection funding local should agreed",
        "fr": "migrants États villes données partenariat santé enfants retour frontière à l’échelle devrait ensemble",
        "es": "migrantes Estados ciudades datos asociación salud niños retorno frontera más años debería juntos",
    }.items()
}

Statement = tuple[str, tuple[str, ...]]
"""A triple in N-Triples without its final stop, and the named graphs that hold it."""


def write_data(size: int, folder: Path, seed: int = SEED) -> int:
    """Writes ``dataset.nq`` with the named graphs, and ``dataset.nt`` with each triple once.

    Args:
        size: triples to reach; the last person's are completed.
        folder: where to write; it exists.
        seed: for other data of the same shape.

    Returns:
        The number of triples.
    """
    count = 0
    nt, nq = folder / "dataset.nt", folder / "dataset.nq"
    with nt.open("w", encoding="utf-8") as triples, nq.open("w", encoding="utf-8") as quads:
        for part in _parts(seed):
            count += _write(part, triples, quads)
            if count >= size:
                return count
    raise AssertionError("the parts do not end")


def _write(part: Iterator[Statement], triples: TextIO, quads: TextIO) -> int:
    count = 0
    for triple, graphs in part:
        triples.write(f"{triple} .\n")
        for graph in graphs:
            quads.write(f"{triple} <{BASE}id/graph/{graph}> .\n")
        count += 1
    return count


def _parts(seed: int) -> Iterator[Iterator[Statement]]:
    yield _schemes()
    random = Random(seed)
    number = 0
    while True:
        if number % 4 == 0:
            yield _organisation(number // 4, random)
        yield _person(number, random)
        for statement in range(number * _STATEMENTS, (number + 1) * _STATEMENTS):
            yield _statement(statement, number, random)
        number += 1


def _iri(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"<{PREFIXES[prefix]}{local}>"


def _text(random: Random, language: str, words: int) -> str:
    return " ".join(random.choices(_WORDS[language], k=words)).capitalize()


def _literal(text: str, language: str = "") -> str:
    return f'"{text}"@{language}' if language else f'"{text}"'


def _integer(value: int) -> str:
    return f'"{value}"^^<{_INTEGER}>'


class _Thing:
    """The triples of one subject, collected in the order in which they are said."""

    def __init__(self, name: str, graph: str) -> None:
        self._subject = _iri(name)
        self._graph = graph
        self.said: list[Statement] = []

    def say(self, predicate: str, value: str, *graphs: str) -> None:
        self.said.append((f"{self._subject} {_iri(predicate)} {value}", graphs or (self._graph,)))

    def types(self, asserted: str, *inferred: str) -> None:
        self.say("rdf:type", _iri(asserted))
        for name in inferred:
            self.say("rdf:type", _iri(name), "inferred")

    def texts(self, predicate: str, random: Random, words: int, languages: tuple[str, ...] = LANGUAGES) -> None:
        for language in languages:
            self.say(predicate, _literal(_text(random, language, words), language))


def _schemes() -> Iterator[Statement]:
    random = Random(0)
    for scheme, size in (("theme", _THEMES), ("kind", _KINDS)):
        for number in range(size):
            concept = _Thing(f"id:{scheme}/{number}", "schemes")
            concept.types("skos:Concept")
            concept.texts("skos:prefLabel", random, 2)
            concept.say("skos:inScheme", _iri(f"id:{scheme}"))
            yield from concept.said


def _organisation(number: int, random: Random) -> Iterator[Statement]:
    body = _Thing(f"id:organization/{number}", "directory")
    body.types("org:Organization", "foaf:Agent", "foaf:Organization")
    body.texts("skos:prefLabel", random, 3)
    body.say("skos:notation", _literal(f"ORG-{number}"))
    body.say(":kind", _iri(f"id:kind/{random.randrange(_KINDS)}"))
    if number:
        body.say("org:subOrganizationOf", _iri(f"id:organization/{(number - 1) // 5}"))
    yield from body.said


def _person(number: int, random: Random) -> Iterator[Statement]:
    given, family = random.choice(_WORDS["given"]), "-".join(random.choices(_WORDS["family"], k=2))
    # A few bodies have many members, many have few.
    body = _iri(f"id:organization/{int((number // 4 + 1) * random.random() ** 2)}")
    person = _Thing(f"id:person/{number}", "directory")
    person.say("rdf:type", _iri("foaf:Person"), "directory", "inferred")
    person.say("rdf:type", _iri("foaf:Agent"), "inferred")
    for language in LANGUAGES:
        person.say("skos:prefLabel", _literal(f"{given} {family}", language))
    person.say("foaf:givenName", _literal(given))
    person.say("foaf:familyName", _literal(family))
    person.say("org:memberOf", body)
    person.say(":affiliatedWith", body, "inferred")
    person.say("org:holds", _iri(f"id:post/{number}"))
    person.texts("dct:description", random, 12, LANGUAGES[: random.randint(1, 3)])
    yield from person.said
    post = _Thing(f"id:post/{number}", "directory")
    post.types("org:Post")
    post.texts("skos:prefLabel", random, 4)
    post.say("org:postIn", body)
    post.say("org:heldBy", _iri(f"id:person/{number}"), "inferred")
    yield from post.said


def _statement(number: int, people: int, random: Random) -> Iterator[Statement]:
    source = 0 if number < LARGE_SOURCE else 1 + (number - LARGE_SOURCE) // _SOURCE
    start = number * 150
    end = start + random.randint(20, 140)
    quote = f"id:quote/{source}/{start}-{end}"
    said = _Thing(f"id:statement/{number}", f"source-{source}")
    said.types(":Statement", "prov:Entity")
    said.texts("skos:prefLabel", random, 10)
    said.texts("skos:editorialNote", random, 16)
    said.say(":reportedIn", _iri(f"id:source/{source}"))
    said.say(":evidencedBy", _iri(quote))
    said.say(":attributedTo", _iri(f"id:person/{int((people + 1) * random.random() ** 2)}"))
    said.say(":onBehalfOf", _iri(f"id:organization/{random.randrange(people // 4 + 1)}"))
    said.say(":theme", _iri(f"id:theme/{int(_THEMES * random.random() ** 2)}"))
    said.say(":statementKind", _iri(f"id:kind/{random.randrange(_KINDS)}"))
    said.say(":concerns", _iri(f"id:statement/{random.randrange(number + 1)}"))
    said.say(":importance", _integer(random.randrange(1000)))
    yield from said.said
    yield from _quote(quote, number, source, (start, end), random)


def _quote(name: str, number: int, source: int, span: tuple[int, int], random: Random) -> Iterator[Statement]:
    quote = _Thing(name, f"source-{source}")
    quote.types(":Quote", "oa:ResourceSelection", "prov:Entity")
    quote.say("oa:hasSource", _iri(f"id:source/{source}"))
    quote.say("oa:hasSelector", _iri(f"{name}#text"))
    quote.say("oa:hasSelector", _iri(f"{name}#position"))
    quote.say("dct:language", _literal("fr"))
    quote.say(":evidences", _iri(f"id:statement/{number}"))
    text = _Thing(f"{name}#text", f"source-{source}")
    text.types("oa:TextQuoteSelector", "oa:Selector")
    text.say("oa:exact", _literal(_text(random, "fr", 12)))
    text.say("oa:prefix", _literal(_text(random, "fr", 4)))
    text.say("oa:suffix", _literal(_text(random, "fr", 4)))
    position = _Thing(f"{name}#position", f"source-{source}")
    position.types("oa:TextPositionSelector", "oa:Selector")
    position.say("oa:start", _integer(span[0]))
    position.say("oa:end", _integer(span[1]))
    yield from (*quote.said, *text.said, *position.said)
