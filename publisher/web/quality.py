"""The quality page: what was checked, what it found, and the line of the file behind each result."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import partial

from flask import Blueprint, Response, render_template
from msgspec import Struct
from msgspec.structs import replace
from pyoxigraph import Literal, NamedNode, Quad

from publisher.core.formats import LINK_FORMATS, PAGE
from publisher.core.release import INPUT_PATH
from publisher.core.terms import DCTERMS, RDF_TYPE, RDFS, SH
from publisher.store.protocol import Term
from publisher.web.documents import Document, choose
from publisher.web.language import gettext
from publisher.web.links import document, local_path
from publisher.web.representations import serialise
from publisher.web.rules import Rule, Shape, iris, one, shapes
from publisher.web.signposts import Signposts
from publisher.web.site import site
from publisher.web.spans import passages
from publisher.web.values import Value, link, readable
from publisher.web.vocabulary import Facts, best, vocabulary

LANGUAGE = NamedNode(DCTERMS + "language")
DQV = "http://www.w3.org/ns/dqv#"
SHOWN = 200
"""Results listed on the page; the data has all."""

blueprint = Blueprint("quality", __name__)


class RuleView(Struct, frozen=True):
    """One rule, on how many nodes it was tried and how many failed."""

    name: Literal
    wording: Literal | None
    severity: str
    href: str
    checked: int
    failed: int

    @property
    def passed(self) -> int:
        """Nodes for which the rule gave no result."""
        return self.checked - self.failed


class ShapeView(Struct, frozen=True):
    """A shape: its name, what it is for, and its rules."""

    shape: RuleView
    anchor: str
    targets: Sequence[Value]
    rules: Sequence[RuleView]


class ResultView(Struct, frozen=True):
    """One validation result (SHACL §3.6.2) with the place in the files."""

    severity: str
    message: Literal | None
    focus: Value
    path: Value | None
    value: Value | None
    rule: str
    place: str
    href: str


class CoverageView(Struct, frozen=True):
    """How much of a source's text stands in a quote, and the stretches that do not."""

    source: Value
    share: float
    gaps: Sequence[str]
    language: str | None


class QualityView(Struct, frozen=True):
    """Everything ``templates/quality.html`` shows."""

    conforms: bool
    is_consistent: bool | None
    coverage: Sequence[CoverageView]
    claims: Sequence[tuple[Value, int, int | None]]
    shapes: Sequence[ShapeView]
    results: Sequence[ResultView]
    total: int


@blueprint.get("/quality", defaults={"suffix": None})
@blueprint.get("/quality.<suffix>")
def quality(suffix: str | None) -> Response:
    """The validation report and the measurements of this release, as a page or as RDF."""
    chosen = choose(suffix)
    about = Document(site().release.base_iri + "quality", "quality")
    posts = Signposts(about, {})
    if chosen in LINK_FORMATS:
        return posts.answer(posts.link_set(chosen), chosen, negotiated=False)
    if chosen is PAGE:
        body: str | bytes = render_template("quality.html", view=quality_view(), document=about)
    else:
        body = serialise(_quads(), chosen, site().release.prefixes)
    return posts.answer(body, chosen, negotiated=not suffix)


def _quads() -> list[Quad]:
    graph = NamedNode(vocabulary().graph_base + "quality")
    statements = vocabulary().graph("quality").items()
    return [
        Quad(NamedNode(subject), NamedNode(prop), value, graph)
        for subject, facts in statements
        for prop, values in facts.items()
        for value in values
    ]


def quality_view() -> QualityView:
    """Arranges the quality graph for the reader of the running request."""
    graph = vocabulary().graph("quality")
    numbers = _measurements(graph)
    results = [facts for facts in graph.values() if SH + "ValidationResult" in iris(facts, RDF_TYPE)]
    order = ("Violation", "Warning", "Info")
    names = vocabulary().pointed_names("quality", SH + "focusNode")
    sources = vocabulary().pointed_names("quality", DQV + "computedOn")
    views = sorted(
        (_result(facts, names) for facts in results), key=lambda r: (order.index(r.severity), r.place, r.rule)
    )
    consistency = next(iter(numbers["consistency"].values()), None)
    return QualityView(
        conforms=not any(view.severity == "Violation" for view in views),
        is_consistent=None if consistency is None else consistency.value == "true",
        coverage=[
            _coverage(min(about), float(value.value), sources) for about, value in numbers["quote-coverage"].items()
        ],
        claims=[
            (link(min(about), sources), int(value.value), _whole(numbers["undecided"].get(about)))
            for about, value in numbers["counted"].items()
        ],
        shapes=[view for view in map(partial(_shape, numbers), shapes()) if view.shape.checked],
        results=views[:SHOWN],
        total=len(views),
    )


def _coverage(source: str, share: float, names: Mapping[str, Facts]) -> CoverageView:
    store, node = site().store, NamedNode(source)
    own = store.select("statements", thing=node)
    literals = [row["object"] for row in own if isinstance(row["object"], Literal)]
    text = passages(store.select("passages", thing=node), literals)
    gaps = [passage.text.strip() for passage in (text[1] if text else ()) if not passage.quotes]
    language = next((v.value for row in own if row["predicate"] == LANGUAGE and (v := row["object"])), None)
    return CoverageView(link(source, names), share, [gap for gap in gaps if any(map(str.isalnum, gap))], language)


Measurements = Mapping[str, Mapping[frozenset[str], Literal]]
"""Name of a metric → what it was computed on → value."""


def _measurements(graph: Mapping[str, Facts]) -> Measurements:
    found: dict[str, dict[frozenset[str], Literal]] = defaultdict(dict)
    for facts in graph.values():
        metric, about = one(facts, DQV + "isMeasurementOf"), frozenset(iris(facts, DQV + "computedOn"))
        value = next((value for value in facts.get(DQV + "value", ()) if isinstance(value, Literal)), None)
        if metric and value:
            found[metric.rpartition("/")[2]][about] = value
    return found


def _whole(value: Literal | None) -> int | None:
    return int(value.value) if value else None


def _shape(numbers: Measurements, shape: Shape) -> ShapeView:
    def counted(rule: Rule) -> RuleView:
        checked, failed = (
            numbers[name].get(frozenset((shape.rule.iri, rule.iri))) for name in ("nodes-checked", "nodes-failed")
        )
        return RuleView(
            name=rule.name,
            wording=rule.wording,
            severity=rule.severity,
            href=document(rule.iri),
            checked=_whole(checked) or 0,
            failed=_whole(failed) or 0,
        )

    itself = counted(shape.rule)
    closed = replace(
        itself, name=Literal(gettext("No other property")), wording=best(shape.rule.facts, (SH + "message",))
    )
    return ShapeView(
        shape=itself,
        anchor=shape.rule.iri.rpartition("/")[2],
        targets=[link(target, {}) for target in shape.targets],
        rules=[*map(counted, shape.parts), *([closed] if SH + "closed" in shape.rule.facts else [])],
    )


def _result(facts: Facts, names: Mapping[str, Facts]) -> ResultView:
    def linked(prop: str) -> Value | None:
        found: Sequence[Term] = facts.get(prop, ())
        return readable(found[0], prop, names) if found else None

    place = next((iri for iri in iris(facts, RDFS + "seeAlso") if INPUT_PATH in iri), "")
    path = local_path(place) or ""
    line = place.rpartition("#L")[2]
    return ResultView(
        severity=(one(facts, SH + "resultSeverity") or "").rpartition("#")[2],
        message=best(facts, (SH + "resultMessage",)),
        focus=link(one(facts, SH + "focusNode") or "", names),
        path=linked(SH + "resultPath"),
        value=linked(SH + "value"),
        rule=one(facts, SH + "sourceConstraint") or one(facts, SH + "sourceShape") or "",
        place=f"{path.removeprefix(INPUT_PATH)}:{line}" if place else "",
        href=document(place) if place else "",
    )
