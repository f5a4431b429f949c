"""The rows behind a picture: read from the release, narrowed by the address, arranged as a table."""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

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
from publisher.web.values import Value, readable
from publisher.web.vocabulary import Facts


@dataclass(frozen=True)
class Line:
    """A line of the table: for each variable its values, each as a term and as it is shown."""

    terms: Mapping[str, Sequence[Term]]
    cells: Mapping[str, Sequence[Value]]
    bindings: Sequence[int]

    def term(self, variable: str) -> Term | None:
        """The value of a variable that has at most one."""
        return next(iter(self.terms.get(variable, ())), None)

    def value(self, variable: str) -> Value | None:
        """The value of a variable that has at most one, as it is shown."""
        return next(iter(self.cells.get(variable, ())), None)


@dataclass(frozen=True)
class Option:
    """A value to narrow by, with the number of lines that there would be."""

    key: str
    label: Value
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Facet:
    """A variable to narrow by."""

    variable: str
    name: Literal
    options: Sequence[Option]


@dataclass(frozen=True)
class _Answer:
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
        self.every = self._lines()
        self.lines = [line for line in self.every if self._has(line, self.chosen)]

    @property
    def variables(self) -> list[str]:
        """The columns of the table: what is drawn first, what can only be filtered by last."""
        drawn = [name for name in self.kind.drawn if name in self._answer.variables]
        return drawn + [name for name in self._answer.variables if name not in drawn]

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

    @property
    def undrawn(self) -> list[Value]:
        """What lacks something that the picture needs, by its first variable."""
        first, *others = [name for name in self.kind.drawn if name in self.kind.needed]
        found = {
            value.text: value
            for line in self.lines
            if (value := line.value(first)) and not all(line.terms[name] for name in others)
        }
        return [found[text] for text in sorted(found, key=fold)]

    def document(self) -> Mapping[str, Any]:
        """The rows as SPARQL 1.1 Query Results JSON."""
        bindings = self._answer.document["results"]["bindings"]
        kept = sorted({number for line in self.lines for number in line.bindings})
        return {"head": {"vars": list(self._answer.variables)}, "results": {"bindings": [bindings[n] for n in kept]}}

    def _facet(self, variable: str) -> Facet:
        others = {name: value for name, value in self.chosen.items() if name != variable}
        counts: Counter[str] = Counter()
        labels: dict[str, Value] = {}
        for line in self.every:
            keys = [_key(term) for term in line.terms.get(variable, ())]
            labels |= zip(keys, line.cells.get(variable, ()), strict=True)
            if self._has(line, others):
                counts.update(keys)
        options = [
            Option(key, label, counts[key], self.chosen.get(variable) == key)
            for key, label in labels.items()
            if counts[key] or self.chosen.get(variable) == key
        ]
        return Facet(variable, self.text(variable), sorted(options, key=lambda one: fold(one.label.text)))

    def _has(self, line: Line, chosen: Mapping[str, str]) -> bool:
        return all(
            value in [_key(term) for term in line.terms.get(variable, ())] for variable, value in chosen.items()
        )

    def _lines(self) -> list[Line]:
        """One for each combination of what is drawn; the other variables have all the values that go with it."""
        variables = self.variables
        drawn = [name for name in variables if name in self.kind.drawn]
        grouped: dict[tuple[Term | None, ...], list[int]] = defaultdict(list)
        for number, row in enumerate(self._answer.rows):
            grouped[tuple(row.get(name) for name in drawn)].append(number)
        found = []
        for numbers in grouped.values():
            terms = {
                name: list(dict.fromkeys(self._answer.rows[n][name] for n in numbers if name in self._answer.rows[n]))
                for name in variables
            }
            cells = {name: [readable(term, "", self._names) for term in values] for name, values in terms.items()}
            found.append(Line(terms, cells, numbers))
        return found


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


def pictures(release: Release, languages: tuple[str, ...]) -> list[Declaration]:
    """The pictures that a release declares, by file name."""
    return [answer.declaration for answer in _answers(release.folder / FOLDER, languages).values()]


def picture(
    release: Release, languages: tuple[str, ...], name: str, parameters: MultiDict[str, str]
) -> Picture | None:
    """A picture as the address asks for it; None if there is none of that name."""
    folder = release.folder / FOLDER
    answer = _answers(folder, languages).get(name)
    return Picture(answer, _names(folder), parameters) if answer else None
