"""What is looked at: the data, group, run and thresholds that the visitor's state names, joined to their arrays.

Pages draw from this and nothing else. Computes nothing itself.
"""

from dataclasses import dataclass

import numpy as np

from dashboard.core import Counts, Predictions, RankedScores, ThresholdSet
from dashboard.core.best_cuts import interval_at
from dashboard.core.scale import threshold_between, unit_threshold_between
from dashboard.inputs.dataset import Dataset
from dashboard.ui import cache, state
from dashboard.ui.address import DEFAULT, Group, Threshold


@dataclass(frozen=True)
class View:
    """One run of one dataset, or of one group of its samples, under the current thresholds.

    dataset: the samples in view; whole: all that was loaded, the same where no group is chosen.
    """

    dataset: Dataset
    run: str
    whole: Dataset
    group: Group | None = None

    @property
    def digest(self) -> str:
        """What the caches find the samples in view by; the digest people see is that of `whole`."""
        return cache.key_of(self.whole.digest, self.group)

    @property
    def predictions(self) -> Predictions:
        return self.dataset.runs[self.run]

    @property
    def ranked(self) -> RankedScores:
        return cache.ranked(self.digest, self.run)

    def score_threshold(self, threshold: Threshold):
        """A threshold as somebody chose it, on the scale and in the dtype of this run's scores."""
        return threshold.to_score(self.predictions.score_kind, self.predictions.scores.dtype)

    def threshold_keeping(self, index: int, score) -> Threshold:
        """The threshold of a class that keeps this known score of it and drops the next lower one."""
        known = self.ranked.known(index)
        dropped, kept = interval_at(known, known.dtype.type(score))
        unit = unit_threshold_between(dropped, kept, self.predictions.score_kind)
        return Threshold.of_score(threshold_between(dropped, kept), unit)

    @property
    def thresholds(self) -> ThresholdSet:
        """The current threshold of every class: its own, else the common one."""
        common = self.score_threshold(state.threshold())
        values = np.full(self.predictions.n_classes, common)
        for index, own in state.own_thresholds().items():
            values[index] = self.score_threshold(own)
        return ThresholdSet.from_scores(self.predictions, values)

    @property
    def counts(self) -> Counts:
        """Exact counts at the current thresholds, one row."""
        return self.ranked.counts(self.thresholds)


def current_view() -> View | None:
    """The view the visitor's state names, or None when this server does not hold that data, run or group."""
    whole = cache.find(state.data())
    dataset = None if whole is None else cache.find(cache.key_of(whole.digest, state.group()))
    if dataset is None:
        return None
    run = state.run_name() or next(iter(dataset.runs))
    if run not in dataset.runs:
        return None
    view = View(dataset, run, whole, state.group())
    _drop_what_does_not_apply(view.predictions)
    return view


def _drop_what_does_not_apply(p: Predictions) -> None:
    """An address can name a logit for probabilities, or a class that this data does not have."""
    if state.threshold().on_logit_scale and p.score_kind != "logits":
        state.set_threshold(DEFAULT, "")
    for index, own in state.own_thresholds().items():
        if index >= p.n_classes or (own.on_logit_scale and p.score_kind != "logits"):
            state.set_own_threshold(index, None)
    if state.chosen_classes():
        state.choose_classes(index for index in state.chosen_classes() if index < p.n_classes)
