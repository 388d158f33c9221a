"""Whether a plan can be carried out on these data, before the first step; each fault is a PlanError with a sentence.

What inputs a model can read, `models` says as it makes one, and what a device can compute `devices`.
"""

import torch

from dashboard.losses import ClassCounts, LossSettings, parse_loss
from dashboard.training.data import PART_WORDS, DataPart, TrainingData
from dashboard.training.models import has_softmax_head
from dashboard.training.plan import PlanError, TrainingPlan


def checked_losses(plan: TrainingPlan, data: TrainingData) -> list[LossSettings]:
    """The loss of each variant; raises PlanError where the plan or a loss does not fit the data."""
    for name, part in data.parts.items():
        _check_part(f"{PART_WORDS[name]} part", part, data)
    check_batch(plan.optimiser.batch_size, data.train.n_samples)
    _check_stopping(plan, data)
    return [_checked_loss(variant.name, variant.loss, data) for variant in plan.variants]


def counts_of(data: TrainingData) -> ClassCounts:
    """Of the training part, which sets what losses weight classes by."""
    labels = data.train.labels
    return ClassCounts.of((labels == 1).sum(axis=0), (labels >= 0).sum(axis=0))


def _check_part(words: str, part: DataPart, data: TrainingData) -> None:
    if not part.n_samples:
        raise PlanError(f"The {words} must have samples, but it has none: choose larger shares or other data.")
    if part.labels.shape[1:] != (data.n_classes,) or len(part.inputs) != part.n_samples:
        raise PlanError(
            f"Labels must match inputs and classes, but in the {words} there are {len(part.inputs):,} inputs, labels "
            f"of shape {part.labels.shape} and {data.n_classes} class names: prepare the data again."
        )
    if part.inputs.shape[1:] != data.input_shape or 0 in data.input_shape:
        raise PlanError(
            f"Inputs must be of one shape in all parts and not empty, but those of the {words} are "
            f"{part.inputs.shape[1:]} and those of the training part {data.input_shape}: prepare the data again."
        )
    if not (part.labels >= 0).any():
        raise PlanError(
            f"The {words} must have a known label, but all are unknown: choose other data or another split."
        )


def check_batch(batch_size: int, n_samples: int) -> None:
    """n_samples: of the training part."""
    if batch_size > n_samples:
        raise PlanError(
            f"A batch must not be larger than the training part, got a batch size of {batch_size:,} and {n_samples:,} "
            f"samples: choose at most {n_samples:,}."
        )


def _check_stopping(plan: TrainingPlan, data: TrainingData) -> None:
    needs_positives = plan.optimiser.stop_on not in (None, "bce")
    if needs_positives and not (data.validation.labels == 1).any():
        raise PlanError(
            f"To stop on {plan.optimiser.stop_on} the validation part must have a known positive, but it has none: "
            "stop on bce, or never."
        )


def _checked_loss(name: str, text: str, data: TrainingData) -> LossSettings:
    try:
        settings = parse_loss(text)
        targets = torch.zeros((1, data.n_classes))
        settings.values(torch.zeros_like(targets), targets, counts_of(data))  # finds parameters of the wrong length
    except ValueError as error:
        raise PlanError(f"The loss of {name} must be one that can be computed, but {error}: mend it.") from None
    if has_softmax_head(settings) and data.n_classes == 1:
        raise PlanError(f"The loss of {name} chooses among classes, of which there is one only: choose another loss.")
    return settings
