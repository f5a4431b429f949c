"""Named graphs by their IRI: the reading half of the SPARQL 1.1 Graph Store HTTP Protocol."""

from flask import Blueprint, Response, request
from pyoxigraph import NamedNode

from publisher.core.formats import PAGE, RDF_FORMATS, Format
from publisher.core.request_errors import BadRequest, NotFound
from publisher.store import library
from publisher.store.protocol import QueryTask
from publisher.web.caller import caller, note
from publisher.web.documents import see
from publisher.web.headers import represent
from publisher.web.links import address, document
from publisher.web.negotiation import choices, first_possible
from publisher.web.operation import graphs, parameters_of
from publisher.web.site import site

blueprint = Blueprint("graphs", __name__)


@blueprint.get("/graphs")
def graph() -> Response:
    """GET and HEAD of one graph: ``?graph=`` and its IRI, or ``?default`` (§4.2, §5.2).

    It is a query like any other, under the limits of queries. People are sent to a page about the graph.

    Raises:
        BadRequest: not exactly one graph is asked for, or its IRI is not absolute.
        NotFound: there is no such graph.
        RequestError: as for queries.
    """
    parameters = parameters_of(request.query_string)
    named = graphs(parameters, "graph")
    if len(named) + ("default" in parameters) != 1:
        raise BadRequest("Exactly one graph can be asked for.", hint="Add ?graph= and its IRI, or ?default.")
    if named and not site().store.select("holds", thing=NamedNode(named[0])):
        raise NotFound(
            "There is no graph <{iri}>.",
            hint="The query page finds them: {place}",
            where=request.path,
            iri=named[0],
            place=site().release.base_iri + "sparql",
        )

    def answer_in(chosen: Format) -> Response:
        if chosen is PAGE:
            response = see(document(named[0]) if named else address("browse/"))
            response.vary.add("Accept")
            return response
        answer = site().pool.run(QueryTask(library.text("graph"), chosen.name, default_graphs=named), caller())
        note(rows=answer.rows)
        return represent(answer.body, chosen)

    return first_possible(choices((*RDF_FORMATS, PAGE), parameters.getlist("format")), answer_in)
