"""Thresholds as files, out and in."""

from dashboard.ui.panels.threshold_import import show_threshold_import
from dashboard.ui.reviews.exported import show_exports
from dashboard.ui.view import View


def show_threshold_files(view: View) -> None:
    """What goes out is what a review has accepted, or is in force; what comes in is shown before it is used."""
    show_exports(view)
    show_threshold_import(view)
