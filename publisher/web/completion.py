"""What the query editor proposes while one types: prefixes, classes and properties, in the reader's language."""

import json

from flask import Blueprint, Response

from publisher.core.formats import JSON
from publisher.core.terms import CLASS_KINDS, PROPERTY_KINDS
from publisher.web.folding import fold
from publisher.web.headers import represent
from publisher.web.language import gettext
from publisher.web.site import site
from publisher.web.values import name_of
from publisher.web.vocabulary import vocabulary

blueprint = Blueprint("completion", __name__)


@blueprint.get("/sparql/terms.json")
def terms() -> Response:
    """Prefix → namespace, and every class and property that the ontology or the data has, the most used first."""
    known = vocabulary()
    classes, properties = set(known.of_kind(CLASS_KINDS)), set(known.of_kind(PROPERTY_KINDS))
    used = known.usage.keys() - classes - properties
    classes |= used & known.used_classes
    properties |= used - known.used_classes
    kinds = {**dict.fromkeys(properties, gettext("property")), **dict.fromkeys(classes, gettext("class"))}
    listed = [_term(iri, kind) for iri, kind in kinds.items()]
    listed.sort(key=lambda term: (-int(str(term["count"])), fold(str(term["label"])), str(term["iri"])))
    body = {"prefixes": site().release.prefixes, "terms": listed}
    return represent(json.dumps(body, ensure_ascii=False), JSON, vary=("Accept-Language",))


def _term(iri: str, kind: str) -> dict[str, object]:
    definition = vocabulary().definition(iri)
    return {
        "iri": iri,
        "label": name_of(iri, {}).value,
        "kind": kind,
        **({"definition": definition.value} if definition else {}),
        "count": vocabulary().usage.get(iri, (0, ()))[0],
    }
