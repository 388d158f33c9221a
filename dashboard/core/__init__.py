"""Exact multi-label counts, curves and metrics. Imports numpy only."""

from dashboard.core import metrics, policies
from dashboard.core.counts import Counts
from dashboard.core.predictions import Predictions
from dashboard.core.ranking import RankedScores
from dashboard.core.thresholds import ThresholdSet

__all__ = ["Counts", "Predictions", "RankedScores", "ThresholdSet", "metrics", "policies"]
