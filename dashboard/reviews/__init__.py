"""Keeps what a meeting decides on: thresholds as files that outlive the app. Imports core only."""

from dashboard.reviews.threshold_exports import threshold_csv, threshold_json
from dashboard.reviews.threshold_snippet import threshold_snippet

__all__ = ["threshold_csv", "threshold_json", "threshold_snippet"]
