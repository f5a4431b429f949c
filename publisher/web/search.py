"""Searching by words and looking up names: ``/search``, and its description for browsers."""

from flask import Blueprint, Response, render_template, request

from publisher.core.formats import BY_NAME, JSON, OPENSEARCH, PAGE
from publisher.core.request_errors import BadRequest, NotFound
from publisher.web.contexts import about_dataset
from publisher.web.findings import Findings, Question, as_csv, as_json
from publisher.web.headers import represent
from publisher.web.language import preference
from publisher.web.links import expand
from publisher.web.linksets import header
from publisher.web.negotiation import negotiate
from publisher.web.site import site
from publisher.web.site_links import of_search

blueprint = Blueprint("search", __name__)

OFFERED = (JSON, PAGE, BY_NAME["csv"])
"""What results are offered in, JSON first for clients without a preference."""
LONGEST = 300
"""Characters of a text to search for."""
PAGE_SIZE = 20
SHORT_NAME = 16
"""Characters that OpenSearch lets a short name have."""


@blueprint.get("/search")
def search() -> Response:
    """The things that ``q`` finds, or those named exactly ``label``; ``class`` narrows, ``page`` turns the pages.

    Raises:
        BadRequest: the text is too long.
        NotFound: there are fewer pages.
        NotAcceptable: no representation is wanted that there is.
        QueryTimeout: it took too long.
    """
    names = [name for name in request.args.getlist("format") if name]
    chosen = negotiate(OFFERED, names)
    findings = _find(_question())
    if chosen is PAGE:
        body = render_template("search.html", findings=findings, formats=OFFERED)
    else:
        body = as_json(findings) if chosen is JSON else as_csv(findings)
    response = represent(body, chosen, vary=("Accept-Language",) if names else ("Accept", "Accept-Language"))
    response.headers["Link"] = header(of_search(findings, chosen, OFFERED))
    return response


def _question() -> Question:
    exact = "label" in request.args
    text = request.args.get("label" if exact else "q", "")
    if len(text) > LONGEST:
        raise BadRequest(
            "The text to search for has {length} characters; at most {limit} are taken.",
            hint="Leave some words out.",
            where="label" if exact else "q",
            length=len(text),
            limit=LONGEST,
        )
    kind = request.args.get("class", "")
    return Question(text if exact else text.strip(), exact, expand(kind) or kind or None, _number())


def _number() -> int:
    number = request.args.get("page") or "1"
    if not (number.isascii() and number.isdigit() and len(number) < 7 and int(number)):
        raise _no_page(number)
    return int(number)


def _no_page(number: object) -> NotFound:
    return NotFound("These results have no page {number}.", hint="Start with page 1.", number=number)


def _find(question: Question) -> Findings:
    index, start = site().search, (question.page - 1) * PAGE_SIZE
    by = index.by_name if question.exact else index.by_words
    found = by(question.text, question.kind, preference(), start=start, count=PAGE_SIZE)
    has_all_words = bool(found.counts) or question.exact
    if not has_all_words:
        found = index.by_words(question.text, question.kind, preference(), start=start, count=PAGE_SIZE, any_word=True)
    alike = [] if found.counts else index.alike(question.text, preference())
    pages = max(1, -(-found.total // PAGE_SIZE))
    if question.page > pages:
        raise _no_page(question.page)
    return Findings(question, found, pages, start + 1, alike, has_all_words)


@blueprint.get("/opensearch.xml")
def description() -> Response:
    """The OpenSearch description document, in the reader's language (OpenSearch 1.1 Draft 6 §4)."""
    title = about_dataset()["title"].value
    short = title if len(title) <= SHORT_NAME else title[: SHORT_NAME + 1].rpartition(" ")[0] or title[:SHORT_NAME]
    body = render_template("opensearch.xml", title=title, short=short, formats=OFFERED)
    return represent(body, OPENSEARCH, vary=("Accept-Language",))
