"""Warnings in words about how a variant learns, from its reports so far. Knows nothing of models and data.

Everything is judged by the reports, so that a training that resumes warns as an unbroken one.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dashboard.training.reports import DIVERGED, VariantReport

EXPLODING, VANISHING = 100.0, 1e-4  # times the norm of the first epoch
NO_GRADIENT = 1e-8
LEARNT = 0.1  # of the loss before the first step: below that a small gradient is what is left to learn
ROSE = 2.0  # times the loss before the first step
STUCK_EPOCHS, STUCK_WITHIN = 3, 0.01  # so near to the constant's loss, relatively, and to each other


@dataclass(frozen=True)
class Baseline:
    """The loss of the best constant logits, as the mean over training batches and on the validation part."""

    training: float
    validation: float


def warnings(
    reports: Sequence[VariantReport], baseline: Callable[[], Baseline], learning_rate: float
) -> tuple[str, ...]:
    """Of the last of a variant's reports, the first of which is of epoch 0. learning_rate: the plan's largest.

    baseline: asked only of a loss that stands still.
    """
    if reports[-1].state == DIVERGED:
        return (_diverged(reports, learning_rate),)
    if len(reports) == 1:
        return ()
    rose, exploding = _rose(reports, learning_rate), _exploding(reports, learning_rate)
    if rose:  # where it is thrown to no gradient may be left and nothing learnt: the cause is the rate
        return tuple(filter(None, (rose, exploding)))
    return tuple(filter(None, (exploding, _vanishing(reports), _stuck(reports, baseline))))


def _diverged(reports, learning_rate: float) -> str:
    epoch = next(epoch for epoch, each in enumerate(reports) if each.state == DIVERGED)
    kept = reports[-1].best_epoch
    weights = f"It keeps the weights of epoch {kept}" if kept else "It has learnt nothing that could be kept"
    return (
        f"Diverged in epoch {epoch}: its loss or its logits were no longer finite. The learning rate is "
        f"{learning_rate:g}: try {learning_rate / 10:g}. {weights}; the other variants go on."
    )


def _rose(reports, learning_rate: float) -> str | None:
    start, now = reports[0].loss, reports[-1].loss
    if not now > start + (ROSE - 1) * abs(start):
        return None
    return (
        f"Its loss rose from {start:.3g} before the first step to {now:.3g}: the learning rate of {learning_rate:g} "
        f"diverges; try {learning_rate / 10:g}."
    )


def _exploding(reports, learning_rate: float) -> str | None:
    first, now = reports[1].gradient_norm, reports[-1].gradient_norm
    advice = f"clip them, or lower the learning rate to {learning_rate / 10:g}"
    if not math.isfinite(now):
        return f"Its gradients explode: their norm is no longer finite; {advice}."
    if not now >= EXPLODING * first:
        return None
    times = f"{now / first:,.0f} times that of the first epoch" if first else "after none at all in the first epoch"
    return f"Its gradients explode: their norm is {now:.3g}, {times}; {advice}." if now else None


def _vanishing(reports) -> str | None:
    first, now = reports[1].gradient_norm, reports[-1].gradient_norm
    is_small = now <= NO_GRADIENT or now <= VANISHING * first
    if not is_small or reports[-1].loss < LEARNT * abs(reports[0].loss):
        return None
    return (
        f"Its gradients vanish: their norm is {now:.3g} while the loss is still {reports[-1].loss:.3g}, so that "
        "nothing more is learnt; fewer layers, another loss or a lower learning rate may help."
    )


def _stuck(reports, baseline: Callable[[], Baseline]) -> str | None:
    last = reports[1:][-STUCK_EPOCHS:]
    losses = [each.loss for each in last]
    if len(last) < STUCK_EPOCHS or not max(losses) - min(losses) <= STUCK_WITHIN * abs(losses[-1]):
        return None
    constant = baseline()
    if not all(_is_no_better(each, constant) for each in last):
        return None
    return (
        f"Its loss of {losses[-1]:.4g} is no better than that of the best constant logits, {constant.training:.4g}: "
        f"for {STUCK_EPOCHS} epochs it has learnt nothing from the inputs."
    )


def _is_no_better(report: VariantReport, baseline: Baseline) -> bool:
    """On neither part: with dropout the training loss alone, with overfitting the validation loss alone may be high."""
    return all(
        now >= at - STUCK_WITHIN * abs(at)
        for now, at in ((report.loss, baseline.training), (report.validation_loss, baseline.validation))
    )
