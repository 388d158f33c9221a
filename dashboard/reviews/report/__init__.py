"""The report of a review as one HTML file that opens anywhere, offline. Imports core only; figures come in as JSON."""

from dashboard.reviews.report.changes import ClassChange, changes_table
from dashboard.reviews.report.content import (
    Chart,
    Comment,
    DataLine,
    Decision,
    Event,
    Proposal,
    ReportContent,
)
from dashboard.reviews.report.html import report_html
from dashboard.reviews.report.tables import Column, Estimate, Table

__all__ = [
    "Chart",
    "ClassChange",
    "Column",
    "Comment",
    "DataLine",
    "Decision",
    "Estimate",
    "Event",
    "Proposal",
    "ReportContent",
    "Table",
    "changes_table",
    "report_html",
]
