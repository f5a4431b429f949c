"""What a search found, arranged for people and for programs."""

import json
from collections.abc import Sequence
from functools import cached_property
from math import inf
from urllib.parse import urlencode

from msgspec import Struct
from pyoxigraph import Literal

from publisher.core.search import distinct
from publisher.core.terms import LABEL_PROPERTIES, OA
from publisher.store.passages import Passage, passage
from publisher.store.search import Found, Hit
from publisher.web.evidence import name_of_quote
from publisher.web.links import address, curie
from publisher.web.site import site
from publisher.web.spreadsheets import written
from publisher.web.values import Value, link
from publisher.web.vocabulary import Facts

COLUMNS = ("iri", "label", "class", "snippet", "language", "score")
"""What is told of each result, in CSV and, with more, in JSON."""


class Question(Struct, frozen=True):
    """What is asked.

    Args:
        text: the words, or the name.
        exact: whether it is a name to be looked up as it is.
        kind: IRI of the class that is wanted, if it is only one.
        page: number of the page, from 1.
    """

    text: str
    exact: bool
    kind: str | None
    page: int

    def parameters(self, kind: str | None, page: int = 1) -> dict[str, str]:
        """The parameters of the address of the same question for another class or page."""
        found = {"label" if self.exact else "q": self.text}
        if kind:
            found["class"] = curie(kind)
        if page > 1:
            found["page"] = str(page)
        return found


class Result(Struct, frozen=True, dict=True):
    """One thing found, ready to be shown.

    Args:
        hit: what the index gave.
        wanted: the words that were searched for.
    """

    hit: Hit
    wanted: Sequence[str]

    @cached_property
    def name(self) -> Value:
        """The thing as a link; a quote is named by the beginning of its words."""
        names: Facts = self.hit.names
        words = self.hit.names.get(OA + "exact")
        if words and not any(prop in names for prop in LABEL_PROPERTIES):
            names = {LABEL_PROPERTIES[0]: [Literal(name_of_quote(words[0].value).value, language=words[0].language)]}
        return link(self.hit.iri, {self.hit.iri: names})

    @cached_property
    def kind(self) -> Value:
        """Its class as a link."""
        return link(self.hit.kind, {})

    @cached_property
    def heading(self) -> Passage:
        """The name with the words marked that are in it."""
        return passage("", self.name.language, self.name.text, self.wanted, inf)

    @property
    def passage(self) -> Passage | None:
        """Where else the words are, if not as many of them are in the name."""
        found = self.hit.passage
        return found if found and found.found > self.heading.found else None


class Facet(Struct, frozen=True):
    """A class with the number of things found of it, and the address of those alone."""

    kind: Value
    count: int
    href: str
    is_chosen: bool


class Findings(Struct, frozen=True):
    """The answer to a question.

    Args:
        question: the question.
        found: what the index gave.
        pages: number of pages.
        first: number of the first result on this page.
        alike: names that are spelt much like the text, where nothing was found.
        has_all_words: whether what was found has all words of the text, and not only some.
    """

    question: Question
    found: Found
    pages: int
    first: int
    alike: Sequence[Literal]
    has_all_words: bool

    @property
    def results(self) -> list[Result]:
        """The things on this page."""
        wanted = distinct(self.question.text)
        return [Result(hit, wanted) for hit in self.found.hits]

    @property
    def facets(self) -> list[Facet]:
        """The classes of everything found, the most frequent first."""
        chosen, question = self.question.kind, self.question
        return [
            Facet(link(kind, {}), count, address("search", **question.parameters(kind)), kind == chosen)
            for kind, count in self.found.counts.items()
        ]

    @property
    def everything(self) -> str:
        """The address of the results of all classes."""
        return address("search", **self.question.parameters(None))

    def turned(self, by: int) -> str:
        """The address of a page further on, or back."""
        return address("search", **self.question.parameters(self.question.kind, self.question.page + by))

    def in_format(self, name: str) -> str:
        """The address of this page in another format."""
        parameters = self.question.parameters(self.question.kind, self.question.page)
        return address("search", format=name, **parameters)


def as_json(findings: Findings) -> str:
    """The answer for programs; docs/reference/search.md says what each member is."""
    question, base = findings.question, site().release.base_iri
    following = question.parameters(question.kind, question.page + 1)
    return json.dumps(
        {
            "query": question.text,
            "exact": question.exact,
            "class": question.kind,
            "all_words": findings.has_all_words,
            "total": findings.found.total,
            "page": question.page,
            "pages": findings.pages,
            "next": f"{base}search?{urlencode(following)}" if question.page < findings.pages else None,
            "facets": [
                {"class": facet.kind.iri, "label": facet.kind.text, "count": facet.count} for facet in findings.facets
            ],
            "results": [{**_row(result), "highlights": _marks(result)} for result in findings.results],
            "suggestions": [name.value for name in findings.alike],
        },
        ensure_ascii=False,
    )


def as_csv(findings: Findings) -> str:
    """The results as a table with a line of names."""
    return written([COLUMNS, *(_row(result).values() for result in findings.results)])


def _row(result: Result) -> dict[str, object]:
    found = result.hit.passage
    values = (
        result.hit.iri,
        result.name.text,
        result.hit.kind,
        found.text if found else None,
        found.language if found else None,
        result.hit.score,
    )
    return dict(zip(COLUMNS, values, strict=True))


def _marks(result: Result) -> list[tuple[int, int]]:
    return result.hit.passage.marks if result.hit.passage else []
