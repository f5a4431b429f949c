"""A query to take away: the code that asks it elsewhere, for each tool a file in ``templates/snippets``."""

import shlex
from collections.abc import Iterator, Sequence
from itertools import count
from urllib.parse import urlencode

from flask import render_template
from msgspec import Struct

from publisher.core.formats import BY_NAME
from publisher.store.guard import QueryForm
from publisher.web.site import site

_TABLE = frozenset((QueryForm.SELECT,))
_ANY = frozenset(QueryForm)


class Tool(Struct, frozen=True):
    """Something that asks queries: the name of its template, its own name, and the forms of query that it is for."""

    name: str
    label: str
    forms: frozenset[QueryForm]


TOOLS = (
    Tool("curl", "curl", _ANY),
    Tool("sparqlwrapper", "Python: SPARQLWrapper", _ANY),
    Tool("rdflib", "Python: RDFLib", _ANY),
    Tool("pandas", "Python: pandas", _TABLE),
    Tool("r", "R", _TABLE),
    Tool("spreadsheet", "Google Sheets", _TABLE),
)


class Snippet(Struct, frozen=True):
    """The code for one tool."""

    tool: Tool
    code: str


def snippets(query: str, form: QueryForm, dataset: Sequence[tuple[str, str]]) -> Iterator[Snippet]:
    """The code of every tool that can ask a query of this form.

    Args:
        query: the query.
        form: its form.
        dataset: the parameters that name the dataset (SPARQL 1.1 Protocol §2.1.4), which stay in the address.
    """
    endpoint = site().release.base_iri + "sparql"
    form_name = "graph" if form.gives_graph else "boolean" if form is QueryForm.ASK else "table"
    chosen = BY_NAME[{"graph": "turtle", "boolean": "json", "table": "csv"}[form_name]]
    for tool in TOOLS:
        if form in tool.forms:
            code = render_template(
                f"snippets/{tool.name}.txt",
                result=form_name,
                format=chosen,
                endpoint=endpoint + ("?" + urlencode(dataset) if dataset else ""),
                csv_address=f"{endpoint}?{urlencode([*dataset, ('query', query), ('format', 'csv')])}",
                shell_query=shlex.quote(f"query={query}"),
                python_query=_python(query),
                r_query=_r(query),
            )
            yield Snippet(tool, code)


def _python(text: str) -> str:
    """A text as a Python literal over several lines."""
    escaped = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    return f'"""\n{escaped}\n"""'


def _r(text: str) -> str:
    """A text as a raw literal of R, with as many dashes as keep it from ending early."""
    dashes = next("-" * number for number in count() if f'){"-" * number}"' not in text)
    return f'r"{dashes}({text}){dashes}"'
