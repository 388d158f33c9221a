"""What figures are worth on new samples: the names that pages and the command line go through.

The work is in the modules named here; none of them knows of a screen.
"""

from dashboard.core.bootstrap import METRICS, Replicates, bootstrap
from dashboard.core.class_flags import RULES, class_flags, optimism_by_support
from dashboard.core.cross_fitting import CrossFitted, cross_fit
from dashboard.core.expectation import (
    CROSS_FITTED,
    HELD_OUT,
    TUNED_HERE,
    Expected,
    ExpectedFigure,
    HeldOut,
    expected,
    held_out,
)
from dashboard.core.folds import stratified_folds
from dashboard.core.percentile_interval import Interval
from dashboard.core.plateau import Plateau, plateau
from dashboard.core.retuning import Retuned, retune
from dashboard.core.stability import ThresholdStability, threshold_stability
from dashboard.core.units import n_units, unit_codes

__all__ = [
    "CROSS_FITTED",
    "HELD_OUT",
    "METRICS",
    "RULES",
    "TUNED_HERE",
    "CrossFitted",
    "Expected",
    "ExpectedFigure",
    "HeldOut",
    "Interval",
    "Plateau",
    "Replicates",
    "Retuned",
    "ThresholdStability",
    "bootstrap",
    "class_flags",
    "cross_fit",
    "expected",
    "held_out",
    "n_units",
    "optimism_by_support",
    "plateau",
    "retune",
    "stratified_folds",
    "threshold_stability",
    "unit_codes",
]
