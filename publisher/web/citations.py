"""Citations to take away: ``/cite?iri=…``, in the format of ``&format=`` or of ``Accept``."""

from flask import Blueprint, Response, request

from publisher.core.formats import CITATION_FORMATS
from publisher.core.request_errors import BadRequest
from publisher.web.citation import cite, written
from publisher.web.entity_view import name_in
from publisher.web.headers import represent
from publisher.web.language import current_language
from publisher.web.lookup import described
from publisher.web.negotiation import negotiate
from publisher.web.site import site

blueprint = Blueprint("citations", __name__)


@blueprint.get("/cite")
def citation() -> Response:
    """How a thing of this dataset is cited, as a file.

    Raises:
        BadRequest: there is no ``iri``.
        NotFound: it is no IRI, or nothing is said of it.
        NotAcceptable: there is no such format.
    """
    iri = request.args.get("iri", "")
    if not iri:
        raise BadRequest("The parameter 'iri' is missing.", hint="Add ?iri= and the percent-encoded IRI.")
    names = [name for name in request.args.getlist("format") if name]
    chosen = negotiate(CITATION_FORMATS, names)
    found = cite(iri, name_in(site().store, described(iri)).text)
    response = represent(
        written(found, chosen), chosen, vary=("Accept-Language",) if names else ("Accept", "Accept-Language")
    )
    response.content_language.add(current_language())
    response.headers.set("Content-Disposition", "attachment", filename=f"{found.key[-80:]}.{chosen.suffix}")
    return response
