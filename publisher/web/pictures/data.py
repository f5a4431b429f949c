"""The rows behind a picture: read from the release, narrowed by the address, arranged as a table."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from msgspec import Struct
from pyoxigraph import Literal, NamedNode, QuerySolutions, RdfFormat, parse, parse_query_results
from pyoxigraph import QueryResultsFormat as ResultsFormat
from werkzeug.datastructures import MultiDict

from publisher.core.picture import FOLDER, KINDS, NAMES, Declaration, Kind, read_declaration
from publisher.core.release import Release
from publisher.store.embedded import rows
from publisher.store.protocol import Row, Term
from publisher.web.folding import fold
from publisher.web.language import preference
from publisher.web.links import address
from publisher.web.pictures.line import Line
from publisher.web.values import Value, readable
from publisher.web.vocabulary import Facts


class Option(Struct, frozen=True):
    """A value to narrow by, with how many of the picture's units there would be."""

    key: str
    label: Value
    count: int
    is_chosen: bool


class Facet(Struct, frozen=True):
    """A variable to narrow by."""

    variable: str
    name: Literal
    options: Sequence[Option]


class _Answer(Struct, frozen=True):
    declaration: Declaration
    variables: Sequence[str]
    rows: Sequence[Row]
    document: Mapping[str, Any]


class Picture:
    """A picture for the reader of the running request.

    Args:
        answer: the declaration with the rows of its query.
        names: names of everything that the rows mention.
        parameters: of the address; what is no filter is left alone.
    """

    def __init__(self, answer: _Answer, names: Mapping[str, Facts], parameters: MultiDict[str, str]) -> None:
        self._answer = answer
        self._names = names
        self.name = answer.declaration.name
        self.kind_name = answer.declaration.kind
        self.kind: Kind = KINDS[self.kind_name]
        self.query = answer.declaration.query
        self.path = f"pictures/{self.name}"
        filters = answer.declaration.filters
        self.chosen = {name: parameters[name] for name in filters if parameters.get(name)}
        drawn = [name for name in self.kind.drawn if name in answer.variables]
        others = [name for name in answer.variables if name not in (*drawn, *answer.declaration.hidden)]
        self.variables = [*drawn, self.kind.counted] if self.kind.counted else drawn + others
        """The columns of the table: what is drawn first, what can only be filtered by last."""
        self._keys = [*drawn, *filter(None, [self.kind.counted])]
        self._drawn = drawn

    @cached_property
    def _every(self) -> Sequence[Line]:
        return self._grouped(self._keys, range(len(self._answer.rows)))

    @cached_property
    def found(self) -> Sequence[Line]:
        """What the address asks for; where something is counted, each thing that is counted."""
        return [line for line in self._every if self._has(line, self.chosen)]

    @cached_property
    def lines(self) -> Sequence[Line]:
        """The lines of the table, from which the picture is drawn."""
        if not self.kind.counted:
            return self.found
        return self._grouped(self._drawn, [number for line in self.found for number in line.bindings])

    @property
    def size(self) -> int:
        """How many different values of its unit the address asks for."""
        return len({term for line in self.found for term in self._units(line)})

    def text(self, key: str) -> Literal:
        """The title, the description or the name of a variable in the reader's language."""
        texts = self._answer.declaration.texts[key]
        return next(Literal(texts[code], language=code) for code in (*preference(), *texts) if code in texts)

    def address(self, suffix: str = "", **changed: str) -> str:
        """The address of this picture, narrowed as now.

        Args:
            suffix: of a format, with its dot.
            changed: filters that are to have another value; empty for none.
        """
        chosen = {name: value for name, value in {**self.chosen, **changed}.items() if value}
        return address(self.path + suffix, **chosen)

    def facets(self) -> list[Facet]:
        """What the rows can be narrowed by; each counts what there would be with every other choice kept."""
        return [facet for name in self._answer.declaration.filters if (facet := self._facet(name)).options]

    def document(self) -> Mapping[str, Any]:
        """The rows as SPARQL 1.1 Query Results JSON."""
        bindings = self._answer.document["results"]["bindings"]
        kept = sorted({number for line in self.found for number in line.bindings})
        return {"head": {"vars": list(self._answer.variables)}, "results": {"bindings": [bindings[n] for n in kept]}}

    def _facet(self, variable: str) -> Facet:
        others = {name: value for name, value in self.chosen.items() if name != variable}
        units: dict[str, set[Term]] = defaultdict(set)
        labels: dict[str, Value] = {}
        for line in self._every:
            keys = [_key(term) for term in line.terms.get(variable, ())]
            labels |= zip(keys, line.cells.get(variable, ()), strict=True)
            if self._has(line, others):
                for key in keys:
                    units[key].update(self._units(line))
        options = [
            Option(key, label, len(units[key]), self.chosen.get(variable) == key)
            for key, label in labels.items()
            if units[key] or self.chosen.get(variable) == key
        ]
        return Facet(variable, self.text(variable), sorted(options, key=lambda one: fold(one.label.text)))

    def _units(self, line: Line) -> Sequence[Term]:
        return line.terms.get(self.kind.unit, ())

    def _has(self, line: Line, chosen: Mapping[str, str]) -> bool:
        return all(value in [_key(term) for term in line.terms.get(variable, ())] for variable, value in chosen.items())

    def _grouped(self, keys: Sequence[str], numbers: Iterable[int]) -> list[Line]:
        """A line for each combination of the keys; the other variables have all the values that go with it."""
        answer = self._answer
        grouped: dict[tuple[Term | None, ...], list[int]] = defaultdict(list)
        for number in numbers:
            grouped[tuple(answer.rows[number].get(name) for name in keys)].append(number)
        lines = [self._line([answer.rows[number] for number in group], group) for group in grouped.values()]
        if self.kind.is_ordered:
            return lines
        return sorted(
            lines, key=lambda one: (-one.count, [fold(cell.text) for name in keys for cell in one.cells[name]])
        )

    def _line(self, group: Sequence[Row], numbers: Sequence[int]) -> Line:
        terms = {
            name: list(dict.fromkeys(row[name] for row in group if name in row)) for name in self._answer.variables
        }
        cells = {name: [readable(term, "", self._names) for term in values] for name, values in terms.items()}
        return Line(terms, cells, numbers, len(terms.get(self.kind.counted, ())))


def _key(term: Term) -> str:
    """How an address names a value."""
    return str(term.value)


@cache
def _answers(folder: Path, languages: tuple[str, ...]) -> Mapping[str, _Answer]:
    found = {}
    for path in sorted(folder.glob("*.rq")):
        declaration = read_declaration(path.stem, path.read_text(encoding="utf-8"), path.name, languages)
        body = path.with_suffix(".srj").read_bytes()
        solutions = parse_query_results(body, format=ResultsFormat.JSON)
        if isinstance(solutions, QuerySolutions):
            variables = [variable.value for variable in solutions.variables]
            found[path.stem] = _Answer(declaration, variables, rows(solutions), json.loads(body))
    return found


@cache
def _names(folder: Path) -> Mapping[str, Facts]:
    found: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    file = folder / NAMES
    for quad in parse(file.read_bytes(), RdfFormat.N_TRIPLES) if file.exists() else ():
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
            found[quad.subject.value][quad.predicate.value].append(quad.object)
    return found


def pictures(release: Release, languages: tuple[str, ...]) -> list[Picture]:
    """All pictures of a release, by file name."""
    folder = release.folder / FOLDER
    return [Picture(answer, _names(folder), MultiDict()) for answer in _answers(folder, languages).values()]


def pictures_with(release: Release, languages: tuple[str, ...], iri: str) -> list[Picture]:
    """The pictures of a release in which a thing has its place, narrowed to it where they can be."""
    folder = release.folder / FOLDER
    found = []
    for name, answer in _answers(folder, languages).items():
        places = _places(folder, languages)[name].get(iri, frozenset())
        chosen = [variable for variable in answer.declaration.filters if variable in places]
        if chosen or places.intersection(KINDS[answer.declaration.kind].drawn):
            found.append(Picture(answer, _names(folder), MultiDict(dict.fromkeys(chosen[:1], iri))))
    return found


@cache
def _places(folder: Path, languages: tuple[str, ...]) -> Mapping[str, Mapping[str, frozenset[str]]]:
    """Picture → IRI → the variables that it is a value of."""
    found: dict[str, dict[str, set[str]]] = {}
    for name, answer in _answers(folder, languages).items():
        places = found.setdefault(name, defaultdict(set))
        for row in answer.rows:
            for variable, term in row.items():
                if isinstance(term, NamedNode):
                    places[term.value].add(variable)
    return {name: {iri: frozenset(variables) for iri, variables in places.items()} for name, places in found.items()}


def has_pictures(release: Release) -> bool:
    """Whether a release has pictures at all."""
    return (release.folder / FOLDER).is_dir()


def picture(release: Release, languages: tuple[str, ...], name: str, parameters: MultiDict[str, str]) -> Picture | None:
    """A picture as the address asks for it; None if there is none of that name."""
    folder = release.folder / FOLDER
    answer = _answers(folder, languages).get(name)
    return Picture(answer, _names(folder), parameters) if answer else None
