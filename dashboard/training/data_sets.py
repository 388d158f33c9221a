"""The data of a plan: the sample data's digit canvases, generated samples, or a person's own table, in three parts.

Knows nothing of files, models and screens. scikit-learn is loaded when data are made with it.
"""

from dataclasses import replace

import numpy as np

from dashboard.core.feature_table import PARTS, FeatureTable
from dashboard.training.data import DataPart, TrainingData
from dashboard.training.data_settings import SETTINGS, Setting, checked_settings, default_settings
from dashboard.training.digits import CLASS_NAMES, compose_canvases, ink_of, read_scans
from dashboard.training.generated import annotated, generated_table, word_count_table
from dashboard.training.label_notices import check_labels, label_notices
from dashboard.training.plan import DataPlan, PlanError
from dashboard.training.preparation import check_size, fit_preparation, preparation_notices, prepared
from dashboard.training.splits import split_rows

__all__ = ["SETTINGS", "Setting", "default_settings", "make_data"]


def make_data(plan: DataPlan, table: FeatureTable | None = None) -> TrainingData:
    """The three parts that the plan asks for: same plan (and table), same numbers.

    table: what the person's files hold, for the kind "files" alone. PlanError says what cannot be made.
    """
    settings = checked_settings(plan)
    if plan.kind == "digits":
        return _digits(settings)
    if plan.kind == "make_multilabel_classification":
        return _in_parts(word_count_table(settings, plan.seed), settings, plan.seed)
    if plan.kind == "generated":
        return _generated(settings, plan.seed)
    if table is None:
        raise PlanError("Data of the kind 'files' need the files themselves: name them, or choose another kind.")
    return _in_parts(table, settings, plan.seed)


def _digits(settings) -> TrainingData:
    """The canvases of the sample data and those to train on; no scan is in two parts."""
    scans = read_scans()
    parts = {part: _canvas_part(part, compose_canvases(part, *scans, settings[f"n_{part}"])) for part in PARTS}
    notices = label_notices(CLASS_NAMES, {part: parts[part].labels for part in PARTS})
    preparation = {"pixels": "(255 - pixel) / 240"}
    return TrainingData("digit canvases", CLASS_NAMES, **parts, notices=notices, preparation=preparation)


def _canvas_part(name, canvases) -> DataPart:
    """Ink from 0 (paper) to 1, (n_samples, 1, height, width) float32, and the canvases themselves."""
    return DataPart(
        inputs=ink_of(canvases.images).astype(np.float32)[:, None],
        labels=canvases.labels,
        ids=np.array([f"{name}-{row:04d}" for row in range(len(canvases.labels))]),
        columns={"background": canvases.background, "writer": canvases.writer},
        images=canvases.images,
    )


def _generated(settings, seed) -> TrainingData:
    """Split by what annotators say; the test part may keep the true labels."""
    truth = generated_table(settings, seed)
    table = replace(truth, labels=annotated(truth.labels, settings, seed))
    rows, notices = split_rows(table.labels, settings, seed)
    if settings["clean_test"]:
        table.labels[rows["test"]] = truth.labels[rows["test"]]
    return _assembled(table, rows, notices)


def _in_parts(table: FeatureTable, settings, seed) -> TrainingData:
    check_labels(table.class_names, table.labels)
    rows, notices = split_rows(table.labels, settings, seed, table.parts)
    return _assembled(table, rows, notices, standardise=settings.get("standardise", True))


def _assembled(table, rows, notices, *, standardise=True) -> TrainingData:
    if table.images is not None:
        check_size(table.n_samples, table.images[0].size)
        preparation, inputs, about_features = _image_inputs(table.images, rows)
    else:
        preparation = fit_preparation(table, rows["train"], standardise=standardise)
        check_size(table.n_samples, len(preparation["features"]))
        inputs = {part: prepared(preparation, table.numbers, table.nominals, rows[part]) for part in PARTS}
        about_features = preparation_notices(preparation, table, rows)
    parts = {part: _part(table, rows[part], inputs[part]) for part in PARTS}
    about_labels = label_notices(table.class_names, {part: parts[part].labels for part in PARTS})
    notices = (*table.notices, *notices, *about_features, *about_labels)
    return TrainingData(table.name, table.class_names, **parts, notices=notices, preparation=preparation)


def _part(table, rows, inputs) -> DataPart:
    return DataPart(
        inputs=inputs,
        labels=table.labels[rows],
        ids=None if table.ids is None else table.ids[rows],
        columns={name: values[rows] for name, values in table.columns.items()},
        images=None if table.images is None else _to_look_at(table.images[rows]),
    )


def _image_inputs(images, rows):
    """Pixels from 0 to 1 as (n_samples, channels, height, width) float32; nothing else is done to them."""
    is_whole = images.dtype == np.uint8
    with_channels = images[..., None] if images.ndim == 3 else images
    scaled = {part: with_channels[rows[part]].astype(np.float32) / (255 if is_whole else 1) for part in PARTS}
    inputs = {part: np.ascontiguousarray(np.moveaxis(pixels, -1, 1)) for part, pixels in scaled.items()}
    return {"pixels": "pixel / 255" if is_whole else "pixel"}, inputs, []


def _to_look_at(images) -> np.ndarray:
    """(n_samples, height, width) uint8: the mean of the channels."""
    grey = images.mean(axis=-1) if images.ndim == 4 else images
    return (grey if images.dtype == np.uint8 else 255 * grey).round().astype(np.uint8)
