"""Writes a report as one HTML file: its style, its scripts and its data are inside, and it may fetch nothing.

Whatever comes from people is escaped by the template; the security policy names the two scripts by their hashes.
"""

import base64
import hashlib
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from dashboard.escape import for_script, without_controls
from dashboard.reviews.report.content import ReportContent
from dashboard.reviews.report.markdown import markdown_html
from dashboard.reviews.report.plotly_script import plotly_script
from dashboard.reviews.report.tables import TEXT

HERE = Path(__file__).parent
FILE_NAME = "report.html"


def report_html(content: ReportContent) -> str:
    """The whole file as text, to be saved as UTF-8."""
    plotly = plotly_script() if content.charts else None
    return (
        _template()
        .render(
            content=content,
            charts=[(chart, Markup(for_script(chart.json))) for chart in content.charts],
            plotly=None if plotly is None else Markup(plotly.packed),
            style=Markup(_part("report.css")),
            script=Markup(_part("report.js")),
            policy=_policy([_hash(_part("report.js")), *([] if plotly is None else [plotly.hash])]),
        )
        .rstrip()
        + "\n"
    )


def _policy(script_hashes) -> str:
    """Nothing from anywhere; pictures only as Plotly makes them when a chart is saved."""
    scripts = " ".join(f"'sha256-{each}'" for each in script_hashes)
    return (
        f"default-src 'none'; script-src {scripts}; style-src 'unsafe-inline'; img-src data: blob:; "
        "base-uri 'none'; form-action 'none'"
    )


@cache
def _part(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


def _hash(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


@cache
def _template():
    environment = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["markdown"] = markdown_html
    environment.globals["TEXT"] = TEXT
    return environment.get_template("report.html.jinja")


def _shown(value):
    """Every value that the template writes out: text loses what hides or reorders it, then it is escaped."""
    return without_controls(value) if isinstance(value, str) and not isinstance(value, Markup) else value
