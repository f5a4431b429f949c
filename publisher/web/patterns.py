"""The page that shows every component of the stylesheet, made by the same macros and from the release's own data."""

from flask import Blueprint, Response
from pyoxigraph import Literal, NamedNode

from publisher.core.terms import XSD
from publisher.web.browse import instances, kinds
from publisher.web.chart import Chart, chart_of
from publisher.web.description import describe
from publisher.web.entity_view import EntityView, view
from publisher.web.examples import for_home
from publisher.web.excerpts import excerpt_of
from publisher.web.language import gettext
from publisher.web.pages import counts, page
from publisher.web.site import site
from publisher.web.values import Value

blueprint = Blueprint("patterns", __name__)

TRIED = 12
"""Kinds, and things of each, among which one with facts, words and references is looked for."""
BARS = 8


@blueprint.get("/patterns")
def patterns() -> Response:
    """Every component with the name of its macro or class."""
    return page(
        "patterns.html",
        shown=_thing(),
        kinds=[(kind, instances(kind.iri, 3)) for kind in kinds()[:3]],
        examples=for_home(site().release),
        answers=[excerpt for example in for_home(site().release)[:1] if (excerpt := excerpt_of(example))],
        chart=_chart(),
        counts=counts(),
    )


def _thing() -> EntityView | None:
    """A thing with exact words, if there is one, to show facts with."""
    found = None
    for kind in kinds()[:TRIED]:
        for value in instances(kind.iri, TRIED):
            thing = NamedNode(value.iri or kind.iri)
            found = view(site().store, describe(site().store, site().names, site().incoming, thing))
            if found.words and found.first_words and len(found.incoming) > 1:
                return found
    return found


def _chart() -> Chart | None:
    """How many things there are of some kinds, drawn."""
    some = kinds()[:BARS]
    terms = [[Literal(kind.label.text), Literal(str(kind.count), datatype=NamedNode(XSD + "integer"))] for kind in some]
    return chart_of(
        [(gettext("Kind"), False), (gettext("things described"), True)],
        terms,
        [[kind.label, Value(str(kind.count))] for kind in some],
    )
