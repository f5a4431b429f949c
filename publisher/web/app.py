"""The application: one release behind the routes of the serving half."""

from flask import Flask

from publisher.core.release import Release
from publisher.core.settings import Settings
from publisher.store import open_pool, open_store
from publisher.store.federation import Federation
from publisher.store.incoming import Incoming
from publisher.store.names import Names
from publisher.store.search import SearchIndex
from publisher.web import (
    addresses,
    alternates,
    caller,
    catalog,
    citations,
    completion,
    compression,
    contexts,
    discovery,
    dumps,
    entities,
    graphs,
    headers,
    inputs,
    language,
    monitoring,
    ontology,
    pages,
    patterns,
    problems,
    quality,
    search,
    sparql,
    unrouted,
)
from publisher.web.alignments import EXTENSION as ALIGNMENTS
from publisher.web.alignments import Alignments
from publisher.web.pictures import routes as pictures
from publisher.web.site import EXTENSION, Site
from publisher.web.vocabulary import EXTENSION as VOCABULARY
from publisher.web.vocabulary import Vocabulary

YEAR = 31_536_000


def create_app(settings: Settings, release: Release) -> Flask:
    """Makes the WSGI application.

    Args:
        settings: how to serve.
        release: what to serve; it is only read.
    """
    app = Flask(__name__, static_folder="static", template_folder="templates")
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = YEAR
    app.url_map.merge_slashes = False
    store = open_store(settings, release)
    app.extensions[EXTENSION] = Site(
        settings,
        release,
        store,
        pool=open_pool(settings, release),
        names=Names(store),
        search=SearchIndex(release),
        incoming=Incoming(release),
        federation=Federation(settings),
    )
    app.extensions[VOCABULARY] = vocabulary = Vocabulary(store, release.base_iri)
    app.extensions[ALIGNMENTS] = Alignments(vocabulary)
    # What is wrong with a request whatever it asks for comes first, then a slash too many.
    caller.install(app)
    headers.install(app)
    for module in (
        addresses,
        entities,
        alternates,
        citations,
        ontology,
        quality,
        inputs,
        search,
        sparql,
        completion,
        graphs,
        pages,
        pictures,
        patterns,
        dumps,
        catalog,
        discovery,
        monitoring,
    ):
        app.register_blueprint(module.blueprint)
    unrouted.install(app)
    language.install(app)
    contexts.install(app)
    problems.install(app)
    compression.install(app)
    return app
