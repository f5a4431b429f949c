"""The application: one release behind the routes of the serving half."""

from flask import Flask, Response, request

from publisher.core.formats import PAGE
from publisher.core.release import Release
from publisher.core.settings import Settings
from publisher.store import open_pool, open_store
from publisher.web import contexts, dumps, entities, language, pages, problems, sparql
from publisher.web.headers import SECURITY_HEADERS
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
    for module in (entities, sparql, pages, dumps):
        app.register_blueprint(module.blueprint)
    language.install(app)
    contexts.install(app)
    problems.install(app)
    app.after_request(_finish)
    return app


def _finish(response: Response) -> Response:
    """Headers of every answer: security for all, open access from other sites for what machines read."""
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    if response.mimetype != PAGE.media_type or response.status_code in (303, 304) or request.method == "OPTIONS":
        response.headers.setdefault("Access-Control-Allow-Origin", "*")
        response.headers.setdefault("Access-Control-Expose-Headers", "Content-Location, ETag, Link")
    return response
