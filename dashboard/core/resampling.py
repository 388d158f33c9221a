"""What a policy's figures are worth on new samples: the names that pages and the command line go through."""

from dashboard.core.bootstrap import Interval, Replicates, bootstrap
from dashboard.core.cross_fitting import CrossFitted, cross_fit
from dashboard.core.folds import stratified_folds
from dashboard.core.units import unit_codes

__all__ = ["CrossFitted", "Interval", "Replicates", "bootstrap", "cross_fit", "stratified_folds", "unit_codes"]
