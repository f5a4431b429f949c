"""For those who run the site: is it alive, is it ready, what does it do."""

import os
from pathlib import Path

import psutil
from flask import Blueprint, Response
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from publisher.web.site import site

blueprint = Blueprint("monitoring", __name__)


@blueprint.get("/health/live")
def live() -> Response:
    """Whether the process answers at all."""
    return _health("live", is_good=True)


@blueprint.get("/health/ready")
def ready() -> Response:
    """Whether a release is open and queries will be answered; 503 if not."""
    return _health("ready", is_good=site().pool.is_ready)


@blueprint.get("/metrics")
def metrics() -> Response:
    """Numbers in the text format of Prometheus."""
    response = Response(generate_latest(_registry()), content_type=CONTENT_TYPE_LATEST)
    response.headers["Cache-Control"] = "no-store"
    return response


def _registry() -> CollectorRegistry:
    """The numbers of all processes of the server, where it told them where to put them; without those that are gone."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    for file in Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]).glob("gauge_live*_*.db"):
        if not psutil.pid_exists(number := int(file.stem.rpartition("_")[2])):
            mark_process_dead(number)  # type: ignore[no-untyped-call]
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry


def _health(name: str, *, is_good: bool) -> Response:
    response = Response(f"{name if is_good else 'not ' + name}\n", 200 if is_good else 503, mimetype="text/plain")
    response.headers["Cache-Control"] = "no-store"
    return response
