"""Typed links of the pages around the data (RFC 8288): where programs go on from them."""

from collections.abc import Iterable, Iterator
from urllib.parse import urlencode

from pyoxigraph import NamedNode

from publisher.core.formats import BY_NAME, OPENSEARCH, PAGE, Format
from publisher.core.terms import CATALOG_PATH
from publisher.web.findings import Findings
from publisher.web.links import document, place
from publisher.web.linksets import Link
from publisher.web.lists import PAGE_SIZE, Listing
from publisher.web.signposts import MOST_ITEMS, STATED, Item
from publisher.web.vocabulary import vocabulary

API_CATALOG = ".well-known/api-catalog"
VOID = ".well-known/void"
TURTLE = BY_NAME["turtle"].media_type


def canonical(path: str, **parameters: str) -> Link:
    """The one address of a page in whatever language and format (RFC 6596).

    Args:
        path: its path, percent-encoded.
        parameters: those that make it another page; empty ones are left out.
    """
    kept = {name: value for name, value in parameters.items() if value}
    return Link("canonical", path + ("?" + urlencode(kept) if kept else ""))


def of_home() -> Iterator[Link]:
    """The interfaces (RFC 9727 §3), what describes the dataset, and its licence."""
    yield Link("api-catalog", place(API_CATALOG), BY_NAME["linkset-json"].media_type)
    if vocabulary().dataset_iri:
        yield Link("describedby", place(VOID), TURTLE)
    yield Link("describedby", place(CATALOG_PATH), TURTLE)
    yield from _licences()


def of_downloads(items: Iterable[Item]) -> Iterator[Link]:
    """The catalogue that describes the downloads, their licence, and the first of them."""
    yield Link("describedby", place(CATALOG_PATH), TURTLE)
    yield from _licences()
    yield from [Link("item", item.address, item.media_type) for item in items][:MOST_ITEMS]


def of_list(listing: Listing, page: int, chosen: Format) -> Iterator[Link]:
    """The list in its other format, its other pages, and the first things of this one."""
    yield canonical(place(listing.kind.path), **listing.wish.parameters, page=str(page) if page > 1 else "")
    csv = BY_NAME["csv"]
    for offered, href in ((PAGE, listing.page_address(page)), (csv, listing.address(format=csv.name))):
        if offered is not chosen:
            yield Link("alternate", href, offered.media_type)
    turns = {"first": 1, "prev": page - 1, "next": page + 1, "last": listing.pages}
    for relation, number in turns.items():
        if 1 <= number <= listing.pages > 1:
            yield Link(relation, listing.page_address(number))
    start = (page - 1) * PAGE_SIZE
    for one in listing.members[start : start + MOST_ITEMS]:
        yield Link("item", document(one.iri))


def of_search(findings: Findings, chosen: Format, formats: Iterable[Format]) -> Iterator[Link]:
    """The results in other formats, and the description of the search (OpenSearch 1.1 Draft 6 §4.6)."""
    question = findings.question
    yield canonical(place("search"), **question.parameters(question.kind, question.page))
    for offered in formats:
        if offered is not chosen:
            yield Link("alternate", findings.in_format(offered.name), offered.media_type)
    yield Link("search", place("opensearch.xml"), OPENSEARCH.media_type)


def _licences() -> Iterator[Link]:
    facts = vocabulary().dataset
    for value in (value for name in STATED["license"] for value in facts.get(name, ())):
        if isinstance(value, NamedNode):
            yield Link("license", value.value)
