"""The pages around the data: home, lists, about, problems, and the small files robots ask for."""

from flask import Blueprint, Response, render_template, request
from pyoxigraph import NamedNode

from publisher.core.formats import BY_NAME, FORMATS, PAGE, RDF_FORMATS, RESULT_FORMATS, SVG
from publisher.core.release import CHANGELOG
from publisher.core.request_errors import NotAcceptable, NotFound
from publisher.core.terms import DCTERMS
from publisher.web import odd_answers, site_links
from publisher.web.browse import instances, kinds
from publisher.web.contexts import STATIC
from publisher.web.documents import page_number, see
from publisher.web.examples import examples, for_home
from publisher.web.excerpts import excerpt_of
from publisher.web.headers import represent
from publisher.web.language import current_language, gettext, language_name
from publisher.web.links import asked_path, document
from publisher.web.linksets import Link, header
from publisher.web.list_csv import as_csv
from publisher.web.lists import listing
from publisher.web.negotiation import choices, negotiate
from publisher.web.ontology_versions import versions
from publisher.web.pictures.data import pictures
from publisher.web.problems import every_error, meaning_of, slug_of
from publisher.web.queries import of_list
from publisher.web.schemes import schemes
from publisher.web.service import limits
from publisher.web.site import site
from publisher.web.values import link
from publisher.web.vocabulary import vocabulary

blueprint = Blueprint("pages", __name__)

CSV = BY_NAME["csv"]

FIRST_FEW = 5
"""Things shown of each class on the home page."""
MOST_KINDS = 30
"""Classes shown on the home page in their order; of more, the largest are shown."""
LARGEST = 12


def page(template: str, *links: Link, **values: object) -> Response:
    """A page in the reader's language with the headers every page has, and with links besides the canonical one."""
    response = represent(render_template(template, **values), PAGE, vary=("Accept-Language",))
    response.headers["Link"] = header([site_links.canonical(asked_path()), *links])
    return response


@blueprint.get("/")
def home() -> Response:
    """What this is, how much there is, and where to start; 303 to the dataset's description for who asks for data."""
    dataset = vocabulary().dataset_iri
    if dataset and _wants_data():
        response = see(document(dataset))
        response.vary.add("Accept")
        return response
    every = kinds()
    named = [kind for kind in every if kind.is_named] or every
    if len(named) > MOST_KINDS:
        named = sorted(named, key=lambda kind: -kind.count)[:LARGEST]
    shown = [(kind, instances(kind.iri, FIRST_FEW)) for kind in named]
    answered = for_home(site().release)
    others = [example for example in examples(site().release) if example not in answered]
    answers = [excerpt for example in answered if (excerpt := excerpt_of(example))]
    drawn = pictures(site().release, site().settings.languages)
    is_cut = len(named) < len(every)
    response = page(
        "home.html",
        *site_links.of_home(),
        kinds=shown,
        is_cut=is_cut,
        answers=answers,
        examples=others,
        pictures=drawn,
        counts=counts(),
    )
    response.vary.add("Accept")
    return response


def _wants_data() -> bool:
    """Whether the running request takes RDF and no page: the dataset's description is for it, whose home this is."""
    try:
        return choices((PAGE, *RDF_FORMATS))[0] is not PAGE
    except NotAcceptable:
        return False


def counts() -> list[tuple[str, int]]:
    """The manifest's numbers and that of the classes, under names people read; those without a name are left out."""
    names = {
        "entities": gettext("things described"),
        "quotes": gettext("exact quotes"),
        "triples": gettext("triples"),
        "inferred": gettext("of them inferred"),
        "classes": gettext("kinds of things"),
    }
    numbers = {**site().release.counts, "classes": len(vocabulary().class_counts)}
    return [(name, numbers[key]) for key, name in names.items() if numbers.get(key)]


@blueprint.get("/browse/")
def browse() -> Response:
    """All classes in use, and all concept schemes."""
    return page("browse.html", kinds=kinds(), schemes=schemes())


@blueprint.get("/browse/<path:short>")
def browse_class(short: str) -> Response:
    """The things of one class, in pages, or all of them as CSV.

    Raises:
        NotFound: there is no such class, page or column to sort by.
    """
    names = [name for name in request.args.getlist("format") if name]
    found = listing(short, request.args)
    number = page_number()
    if found is None or number is None or number > found.pages:
        raise NotFound(
            "There is no such list: {name}, page {number}.",
            hint="See {place}",
            name=short,
            number=request.args.get("page", "1"),
            place=site().release.base_iri + "browse/",
        )
    vary = ("Accept-Language",) if names else ("Accept", "Accept-Language")
    chosen = negotiate((PAGE, CSV), names)
    if chosen is CSV:
        body = as_csv(found)
    else:
        body = render_template("list.html", listing=found, page=number, csv=CSV, query=of_list(found))
    response = represent(body, chosen, vary=vary)
    response.content_language.add(current_language())
    response.headers["Link"] = header(site_links.of_list(found, number, chosen))
    return response


@blueprint.get("/about")
def about() -> Response:
    """Method, licence, attribution and how to cite."""
    names = vocabulary().pointed_names("description", DCTERMS + "source")
    stated = vocabulary().dataset.get(DCTERMS + "source", ())
    sources = [link(source.value, names) for source in stated if isinstance(source, NamedNode)]
    return page("about.html", formats=FORMATS, sources=sources)


@blueprint.get("/accessibility")
def accessibility() -> Response:
    """What was tested and how, and what is known not to be good."""
    return page("accessibility.html")


@blueprint.get("/changes")
def changes() -> Response:
    """The project's list of changes, in the first of its languages; without one, the versions of its ontology."""
    from publisher.web.changelog import changelog  # Loaded when it is wanted: the server starts quicker.

    current = site()
    written = current.settings.languages[0]
    return page(
        "changes.html",
        changes=changelog(current.release.folder / CHANGELOG),
        changes_language=written,
        changes_language_name=language_name(written, current_language()),
        versions=versions(current.release),
    )


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
        services=site().settings.services,
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


@blueprint.get("/favicon.ico")
@blueprint.get("/favicon.svg")
def favicon() -> Response:
    """The site's mark."""
    return represent((STATIC / "favicon.svg").read_bytes(), SVG, vary=())
