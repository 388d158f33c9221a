"""The classification report of given decisions as files: the text that scikit-learn prints, and a table for CSV.

The numbers are those of `dashboard.core.report`; here they are only written down.
"""

from dashboard.core.report import ClassificationReport
from dashboard.reviews.report.tables import COUNT, RATE, Column, Table

NAME = "classification_report"
RATES = {"precision": "precision", "recall": "recall", "f1-score": "f1"}


def classification_report_text(report: ClassificationReport, digits: int = 2) -> str:
    """To the letter what scikit-learn's `classification_report` prints of the same decisions."""
    return report.to_text(digits)


def classification_report_table(report: ClassificationReport) -> Table:
    """A row per class, then one per average, with scikit-learn's headings."""
    rows = report.rows
    rates = [Column(title, [getattr(row, field) for row in rows], RATE) for title, field in RATES.items()]
    columns = (
        Column("class or average", [row.name for row in rows]),
        *rates,
        Column("support", [row.support for row in rows], COUNT),
    )
    return Table(NAME, "Classification report", columns)
