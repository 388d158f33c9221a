"""All loss variants by name. The one list that pages, command line, tests and training go through."""

from dashboard.losses import (
    batchwise,
    bce,
    distribution_balanced,
    missing_positives,
    partial_labels,
    pointwise,
    reweighted,
    rowwise,
)
from dashboard.losses.variant import LossVariant

_MODULES = (
    bce,
    pointwise,
    reweighted,
    distribution_balanced,
    missing_positives,
    partial_labels,
    rowwise,
    batchwise,
)

LOSSES: dict[str, LossVariant] = {variant.name: variant for module in _MODULES for variant in module.VARIANTS}
