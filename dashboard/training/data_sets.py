"""The data of a plan: the sample data's digit canvases, generated samples, or a person's own table, in three parts.

Knows nothing of files, models and screens. scikit-learn is loaded when data are made with it.
"""

import numpy as np

from dashboard.core.feature_table import PARTS, FeatureTable
from dashboard.training.data import DataPart, TrainingData
from dashboard.training.data_settings import SETTINGS, Setting, checked_settings, default_settings
from dashboard.training.plan import DataPlan

__all__ = ["SETTINGS", "Setting", "default_settings", "make_data"]


def make_data(plan: DataPlan, table: FeatureTable | None = None) -> TrainingData:
    """The three parts that the plan asks for: same plan (and table), same numbers.

    table: what the person's files hold, for the kind "files" alone. PlanError says what cannot be made.
    """
    settings = checked_settings(plan)
    if plan.kind == "digits":
        return _digits(settings)
    raise NotImplementedError(plan.kind)


def _digits(settings) -> TrainingData:
    """The canvases of the sample data and those to train on; no scan is in two parts."""
    from dashboard.training.digits import CLASS_NAMES, compose_canvases, read_scans

    scans = read_scans()
    parts = {part: _canvas_part(part, compose_canvases(part, *scans, settings[f"n_{part}"])) for part in PARTS}
    return TrainingData("digit canvases", CLASS_NAMES, **parts, preparation={"ink": "(255 - pixel) / 240"})


def _canvas_part(name, canvases) -> DataPart:
    """Ink from 0 (paper) to 1, (n_samples, 1, height, width) float32, and the canvases themselves."""
    return DataPart(
        inputs=((255.0 - canvases.images) / 240.0).astype(np.float32)[:, None],
        labels=canvases.labels,
        ids=np.array([f"{name}-{row:04d}" for row in range(len(canvases.labels))]),
        columns={"background": canvases.background, "writer": canvases.writer},
        images=canvases.images,
    )
