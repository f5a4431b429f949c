"""The pages around the data: home, lists, about, problems, and the small files robots ask for."""

from flask import Blueprint, Response, render_template, request
from pyoxigraph import RdfFormat, parse

from publisher.core.errors import NotFound
from publisher.core.formats import BY_NAME, FORMATS, PAGE
from publisher.core.terms import SH
from publisher.store.serialise import graph
from publisher.web.browse import instances, kinds, listing
from publisher.web.contexts import STATIC
from publisher.web.entities import OFFERED, SUFFIXES
from publisher.web.examples import examples
from publisher.web.headers import negotiate, represent
from publisher.web.language import current_language, gettext
from publisher.web.links import address
from publisher.web.problems import every_error, meaning_of, slug_of
from publisher.web.site import site

blueprint = Blueprint("pages", __name__)

FIRST_FEW = 5
"""Things shown of each class on the home page."""


def page(template: str, **values: object) -> Response:
    """A page in the reader's language with the headers every page has."""
    response = represent(render_template(template, **values), PAGE, vary=("Accept-Language",))
    response.content_language.add(current_language())
    return response


@blueprint.get("/")
def home() -> Response:
    """What this is, how much there is, and where to start."""
    shown = [(kind, instances(kind.iri)[:FIRST_FEW]) for kind in kinds() if kind.is_named]
    return page("home.html", kinds=shown, examples=examples(site().release), counts=counts())


def counts() -> list[tuple[str, int]]:
    """The manifest's numbers under names people read; numbers without a name are left out."""
    names = {
        "entities": gettext("things described"),
        "quotes": gettext("exact quotes"),
        "triples": gettext("statements (triples)"),
        "inferred": gettext("of them inferred"),
        "classes": gettext("classes in use"),
    }
    numbers = site().release.counts
    return [(name, numbers[key]) for key, name in names.items() if key in numbers]


@blueprint.get("/browse/")
def browse() -> Response:
    """All classes in use."""
    return page("browse.html", kinds=kinds())


@blueprint.get("/browse/<path:short>")
def browse_class(short: str) -> Response:
    """The things of one class, in pages."""
    number = request.args.get("page", "1")
    found = listing(short, int(number)) if number.isascii() and number.isdigit() and len(number) < 7 else None
    if found is None:
        raise NotFound(f"There is no such list: {short}, page {number}.", hint="Lists: " + address("browse/"))
    return page("list.html", listing=found)


@blueprint.get("/about")
def about() -> Response:
    """Method, licence, attribution and how to cite."""
    return page("about.html", formats=FORMATS)


@blueprint.get("/problems")
def problems() -> Response:
    """What each kind of error means: where the ``type`` of problem details leads."""
    listed = [(slug_of(kind), kind, meaning_of(kind)) for kind in every_error()]
    return page("problems.html", errors=listed)


@blueprint.get("/report", defaults={"suffix": None})
@blueprint.get("/report.<suffix>")
def report(suffix: str | None) -> Response:
    """The SHACL validation report of this release, as a page or as RDF."""
    if suffix is not None and suffix not in SUFFIXES:
        raise NotFound(f"There is no format '.{suffix}'.", hint="Formats: " + ", ".join(SUFFIXES) + ".")
    chosen = negotiate(OFFERED, name=suffix)
    path = site().release.folder / "report.ttl"
    if chosen.name == "turtle":
        return represent(path.read_bytes(), chosen)
    triples = [quad.triple for quad in parse(path=path, format=RdfFormat.TURTLE)]
    if chosen is not PAGE:
        return represent(graph(triples, chosen, site().release.prefixes), chosen)
    conforms = any(t.predicate.value == SH + "conforms" and getattr(t.object, "value", "") == "true" for t in triples)
    results = sum(t.predicate.value == SH + "result" for t in triples)
    formats = [(offered, address(f"report.{offered.suffix}")) for offered in OFFERED if offered is not PAGE]
    return page("report.html", conforms=conforms, results=results, formats=formats)


@blueprint.get("/context.jsonld")
def context() -> Response:
    """The JSON-LD context with which the facts were written."""
    return represent((site().release.folder / "context.jsonld").read_bytes(), BY_NAME["jsonld"], vary=())


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Everything may be read; answers to queries need not be indexed."""
    text = render_template("robots.txt", sparql=address("sparql"), describe=address("describe"))
    return Response(text, content_type="text/plain; charset=utf-8")


@blueprint.get("/favicon.ico")
@blueprint.get("/favicon.svg")
def favicon() -> Response:
    """The site's mark."""
    return Response((STATIC / "favicon.svg").read_bytes(), content_type="image/svg+xml")
