"""The application: one release behind the routes of the serving half."""

from flask import Flask

from publisher.core.release import Release
from publisher.core.settings import Settings
from publisher.store import open_pool, open_store
from publisher.web import (
    caller,
    compression,
    contexts,
    dumps,
    entities,
    graphs,
    headers,
    inputs,
    language,
    monitoring,
    ontology,
    pages,
    problems,
    quality,
    sparql,
)
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
    app.extensions[EXTENSION] = Site(settings, release, store, open_pool(settings, release))
    app.extensions[VOCABULARY] = Vocabulary(store, release.base_iri)
    for module in (entities, ontology, quality, inputs, sparql, graphs, pages, dumps, monitoring):
        app.register_blueprint(module.blueprint)
    caller.install(app)
    language.install(app)
    contexts.install(app)
    problems.install(app)
    headers.install(app)
    compression.install(app)
    return app
