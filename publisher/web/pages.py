"""The pages around the data: home, lists, about, problems, and the small files robots ask for."""

from flask import Blueprint, Response, render_template, request

from publisher.core.errors import NotFound
from publisher.core.formats import BY_NAME, FORMATS, PAGE, RDF_FORMATS, RESULT_FORMATS
from publisher.web import odd_answers
from publisher.web.browse import instances, kinds, listing
from publisher.web.contexts import STATIC
from publisher.web.examples import examples
from publisher.web.headers import represent
from publisher.web.language import current_language, gettext
from publisher.web.links import address, document
from publisher.web.problems import every_error, meaning_of, slug_of
from publisher.web.service import limits
from publisher.web.site import site
from publisher.web.vocabulary import vocabulary

blueprint = Blueprint("pages", __name__)

FIRST_FEW = 5
"""Things shown of each class on the home page."""


def page(template: str, **values: object) -> Response:
    """A page in the reader's language with the headers every page has."""
    return represent(render_template(template, **values), PAGE, vary=("Accept-Language",))


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
        raise NotFound(
            "There is no such list: {name}, page {number}.",
            hint="See {place}",
            name=short,
            number=number,
            place=site().release.base_iri + "browse/",
        )
    return page("list.html", listing=found)


@blueprint.get("/about")
def about() -> Response:
    """Method, licence, attribution and how to cite."""
    return page("about.html", formats=FORMATS)


@blueprint.get("/api")
def api() -> Response:
    """How programs use this site: addresses, parameters, formats, limits, and where the engine errs."""
    return page(
        "api.html",
        rdf_formats=RDF_FORMATS,
        result_formats=RESULT_FORMATS,
        limits=list(limits(current_language())),
        wrong=odd_answers.wrong(),
        allowed=odd_answers.allowed(),
    )


@blueprint.get("/problems")
def problems() -> Response:
    """What each kind of error means: where the ``type`` of problem details leads."""
    listed = [(slug_of(kind), kind, meaning_of(kind)) for kind in every_error()]
    return page("problems.html", errors=listed)


@blueprint.get("/context.jsonld")
def context() -> Response:
    """The JSON-LD context with which the facts were written."""
    return represent((site().release.folder / "context.jsonld").read_bytes(), BY_NAME["jsonld"], vary=())


@blueprint.get("/.well-known/void")
def well_known_void() -> Response:
    """302 to the description of the dataset (VoID §7.2, which asks for this status; RFC 8615 §3).

    Raises:
        NotFound: the release describes no dataset.
    """
    dataset = vocabulary().dataset_iri
    if dataset is None:
        raise NotFound("This release describes no dataset.", where=request.path)
    return Response(status=302, headers={"Location": document(dataset), "Access-Control-Allow-Origin": "*"})


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
