"""The query page: a form that needs no script, the answer drawn and as a table, and the query to take away."""

import hashlib
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from flask import Response, render_template
from msgspec import Struct

from publisher.core.formats import PAGE, Format
from publisher.store import library
from publisher.store.guard import QueryForm
from publisher.store.terminals import tokens
from publisher.web.examples import examples
from publisher.web.headers import represent
from publisher.web.language import current_language
from publisher.web.links import address, place
from publisher.web.pictures.drawings import draw
from publisher.web.pictures.svg import inline
from publisher.web.results import ROWS_SHOWN, Answer, read
from publisher.web.service import limits
from publisher.web.site import site
from publisher.web.snippets import snippets
from publisher.web.views import VIEWS

LONGEST_ADDRESS = 8000
"""Characters of an address that every program should take (RFC 9110 §4.1)."""


class Asked(Struct, frozen=True):
    """A query that was answered.

    Args:
        query: its text.
        form: its form.
        parameters: all of the request; those that name the dataset stay in links and code.
        seconds: how long the answer took to be found.
    """

    query: str
    form: QueryForm
    parameters: Mapping[str, Sequence[str]]
    seconds: float

    @property
    def dataset(self) -> list[tuple[str, str]]:
        """The parameters that name the dataset (SPARQL 1.1 Protocol §2.1.4)."""
        kept = sorted(name for name in self.parameters if name.endswith("-graph-uri"))
        return [(name, value) for name in kept for value in self.parameters[name]]

    def address(self, **more: str) -> str:
        """The address that asks the query again, by GET."""
        return place("sparql") + "?" + urlencode([("query", self.query), *self.dataset, *more.items()])

    @property
    def view(self) -> str:
        """The view of the answer that the address asks for; empty if it asks for none that there is."""
        return next((view for view in self.parameters.get("view", ()) if view in VIEWS), "")

    @property
    def opening(self) -> str:
        """The view that an answer opens with: a chart where the query counts or sums up by groups, else the table.

        Numbers that a query only finds may be an order, a year or a code, of which bars would say nothing.
        """
        is_grouped = any(token.is_keyword and token.word == "GROUP" for token in tokens(self.query))
        return "chart" if is_grouped else "table"

    @property
    def share(self) -> str:
        """The address of the query and of what is seen."""
        return self.address(view=self.view) if self.view else self.address()

    def seen_as(self, view: str) -> str:
        """The address of the same page with another view of the answer."""
        dataset = {name: list(self.parameters[name]) for name, _ in self.dataset}
        return address("sparql", "result", query=self.query, view=view, **dataset)

    @property
    def has_long_address(self) -> bool:
        """Whether the address is longer than every program should take."""
        return len(site().release.base_iri) + len(self.share) > LONGEST_ADDRESS

    @property
    def formats(self) -> list[tuple[Format, str]]:
        """Every format of the answer, with its address."""
        return [(one, self.address(format=one.name)) for one in self.form.formats]

    @property
    def limit(self) -> int | None:
        """The number after the query's last LIMIT outside of groups."""
        depth, previous, found = 0, "", None
        for token in tokens(self.query):
            depth += (token.text == "{") - (token.text == "}")
            if not depth and previous == "LIMIT" and token.kind == "digits":
                found = int(token.text)
            previous = token.word
        return found


def query_page() -> Response:
    """The form with a first query that finds something."""
    return _page(library.text("first"), is_repeatable=True)


def result_page(asked: Asked, answer: bytes, *, is_repeatable: bool) -> Response:
    """The form with the answer below it.

    Args:
        asked: what was asked.
        answer: N-Triples if the form gives a graph, else SPARQL results in JSON.
        is_repeatable: whether the same query gives the same answer again.
    """
    shown = read(answer, asked.form)
    # The page says how long the answer took: it is not the same byte by byte each time.
    essence = f"{sorted(asked.parameters.items())} {hashlib.sha256(answer).hexdigest()}"
    return _page(asked.query, asked, shown, is_repeatable=is_repeatable, essence=essence)


def _page(
    query: str,
    asked: Asked | None = None,
    answer: Answer | None = None,
    *,
    is_repeatable: bool,
    essence: str | None = None,
) -> Response:
    every = examples(site().release)
    view = answer.view(asked.view, asked.opening) if asked and answer else ""
    picture = answer.pictures.get(view) if answer else None
    body = render_template(
        "sparql.html",
        query=query,
        asked=asked,
        answer=answer,
        views=VIEWS,
        view=view,
        picture=picture,
        drawing=inline(draw(picture)) if picture else None,
        snippets=list(snippets(query, asked.form, asked.dataset)) if asked else (),
        limits=list(limits(current_language())),
        examples=every,
        example=next((one for one in every if one.query.strip() == query.strip()), None),
        rows_shown=ROWS_SHOWN,
    )
    return represent(body, PAGE, vary=("Accept", "Accept-Language"), is_repeatable=is_repeatable, essence=essence)
