"""The SPARQL endpoint: the query operation of the SPARQL 1.1 Protocol."""

from flask import Blueprint, Response, request
from pyoxigraph import NamedNode
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from werkzeug.exceptions import RequestEntityTooLarge

from publisher.core.errors import BadRequest, QueryRefused, QueryTooLong, UnsupportedMediaType
from publisher.core.formats import BY_NAME, PAGE, RDF_FORMATS, RESULT_FORMATS, Format
from publisher.store import serialise
from publisher.store.guard import inspect
from publisher.store.protocol import QueryTask
from publisher.web import workbench
from publisher.web.headers import negotiate, represent
from publisher.web.site import site

blueprint = Blueprint("sparql", __name__)

QUERY_TYPE = "application/sparql-query"
UPDATE_TYPE = "application/sparql-update"
FORM_TYPE = "application/x-www-form-urlencoded"
_METHODS = ("GET", "HEAD", "OPTIONS", "POST")
_DESCRIPTION = "id/graph/description"
_FOR_PAGES = {True: BY_NAME["ntriples"], False: BY_NAME["json"]}
"""What a page is made from: whether the answer is a graph → format."""
_GRAPH_SYNONYMS = {"xml": "rdfxml", "json": "jsonld", "json-ld": "jsonld", "rdf+xml": "rdfxml"}
"""``format=`` values that clients such as SPARQLWrapper send when they want a graph."""

Parameters = MultiDict[str, str]


@blueprint.route("/sparql", methods=["GET", "POST"], provide_automatic_options=False)
def endpoint() -> Response:
    """The query operation by GET, by POST of a form and by POST of a query (SPARQL 1.1 Protocol §2.1).

    Raises:
        RequestError: any of the tree; see ``core.errors``.
    """
    parameters, query = _read()
    if query is None:
        if request.method == "POST":
            raise BadRequest("There is no 'query' parameter.", hint=f"Or send the query itself as {QUERY_TYPE}.")
        return _without_query(parameters)
    form = inspect(query, site().settings)
    chosen = _choose(RDF_FORMATS if form.gives_graph else RESULT_FORMATS, parameters)
    written = _FOR_PAGES[form.gives_graph] if chosen is PAGE else chosen
    task = QueryTask(query, written.name, _graphs(parameters, "default"), _graphs(parameters, "named"))
    answer = site().pool.run(task)
    if chosen is PAGE:
        return workbench.result_page(query, form, answer, parameters.to_dict(flat=False))
    return represent(answer, chosen)


@blueprint.route("/sparql", methods=["OPTIONS"])
def options() -> Response:
    """What the endpoint takes, also for scripts of other sites (Fetch §3.2.2, CORS preflight)."""
    response = Response(status=204)
    response.allow.update(_METHODS)
    response.headers["Accept-Post"] = f"{QUERY_TYPE}, {FORM_TYPE}"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Allow-Methods"] = ", ".join(_METHODS)
    response.headers["Access-Control-Allow-Headers"] = "Accept, Content-Type"
    return response


def _read() -> tuple[Parameters, str | None]:
    """The protocol parameters and the query, wherever the three forms of the operation put them."""
    query: str | None = None
    parameters: Parameters = MultiDict(request.args)
    if request.method == "POST":
        longest = site().settings.query_length
        request.max_content_length = request.max_form_memory_size = 3 * longest + 10_000
        try:
            if request.mimetype == FORM_TYPE:
                parameters = MultiDict(CombinedMultiDict([request.args, request.form]))
            elif request.mimetype == QUERY_TYPE:
                query = request.get_data().decode("utf-8")
            elif request.mimetype == UPDATE_TYPE:
                raise _no_updates()
            else:
                raise UnsupportedMediaType(
                    f"'{request.mimetype}' is not taken here.", hint=f"Send {QUERY_TYPE} or {FORM_TYPE}."
                )
        except RequestEntityTooLarge:
            raise QueryTooLong(f"It is longer than {longest} bytes.", hint="Download the data set.") from None
        except UnicodeDecodeError:
            raise BadRequest("The query is not in UTF-8.") from None
    if "update" in parameters:
        raise _no_updates()
    queries = [*parameters.getlist("query"), *([] if query is None else [query])]
    if len(queries) > 1:
        raise BadRequest("There are several queries.", hint="Send exactly one (SPARQL 1.1 Protocol §2.1).")
    return parameters, queries[0] if queries else None


def _no_updates() -> QueryRefused:
    return QueryRefused("Updates are not taken: this endpoint only reads.", hint="Send a query.")


def _choose(offered: tuple[Format, ...], parameters: Parameters) -> Format:
    """The first ``format`` parameter that is offered, or else what ``Accept`` asks for; a page comes last.

    Raises:
        NotAcceptable: nothing that is asked for is offered.
    """
    names = [name for name in parameters.getlist("format") if name]
    if offered is RDF_FORMATS:
        names = [_GRAPH_SYNONYMS.get(name, name) for name in names]
    known = {name for f in offered for name in (f.name, f.suffix, f.media_type, *f.aliases)}
    wanted = next((name for name in names if name in known), names[0] if names else None)
    return negotiate((*offered, PAGE), name=wanted)


def _graphs(parameters: Parameters, kind: str) -> tuple[str, ...]:
    """The graphs of the data set that the request names (SPARQL 1.1 Protocol §2.1.4)."""
    names = parameters.getlist(f"{kind}-graph-uri")
    for name in names:
        try:
            NamedNode(name)
        except ValueError:
            raise BadRequest(f"'{name}' is not an absolute IRI.", where=f"{kind}-graph-uri") from None
    return tuple(names)


def _without_query(parameters: Parameters) -> Response:
    """The form for people, the service's description for machines (SPARQL 1.1 Service Description §2)."""
    chosen = _choose(RDF_FORMATS, parameters)
    if chosen is PAGE:
        return workbench.query_page()
    release = site().release
    triples = site().store.construct("service", graph=NamedNode(release.base_iri + _DESCRIPTION))
    return represent(serialise.graph(triples, chosen, release.prefixes), chosen)
