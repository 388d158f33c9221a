"""What is looked at: the data, group, run and thresholds that the visitor's state names, joined to their arrays.

Pages draw from this and nothing else. Computes nothing itself.
"""

from dataclasses import dataclass

import numpy as np

from dashboard.core import Counts, Predictions, RankedScores, ThresholdSet
from dashboard.core.best_cuts import interval_at
from dashboard.core.scale import threshold_between, to_score_threshold, to_unit_threshold, unit_threshold_between
from dashboard.inputs.dataset import Dataset
from dashboard.ui import cache, state
from dashboard.ui.address import DEFAULT, Group, Threshold
from dashboard.ui.chosen import AppliedSet, Chosen
from dashboard.ui.set_cache import find_set


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
        """The current threshold of every class: its own, else that of the applied set or the common one."""
        return self.thresholds_of(state.chosen())

    def thresholds_of(self, chosen: Chosen) -> ThresholdSet:
        """Of thresholds that were chosen at any time."""
        base = self.base_set(chosen)
        if not chosen.own:
            return base
        values = np.array(base.score_thresholds)
        for index, own in chosen.own.items():
            values[index] = self.score_threshold(own)
        return ThresholdSet.from_scores(self.predictions, values)

    def base_set(self, chosen: Chosen | None = None) -> ThresholdSet:
        """Without the classes' own thresholds; of what is chosen now unless something else is given."""
        chosen = chosen or state.chosen()
        if chosen.applied is None:
            return ThresholdSet.from_scores(self.predictions, self.score_threshold(chosen.threshold))
        found = self._set_for_these_scores(chosen.applied)
        return ThresholdSet.from_unit(self.predictions, DEFAULT.unit) if found is None else found

    @property
    def has_set(self) -> bool:
        """Whether an applied set is in force; one that is for other scores waits until those are in view again."""
        applied = state.chosen().applied
        return applied is not None and self._set_for_these_scores(applied) is not None

    def _set_for_these_scores(self, applied: AppliedSet) -> ThresholdSet | None:
        found = find_set(self.whole.digest, applied, next(iter(self.whole.runs)))
        return found if found is not None and found.applies_to(self.predictions) else None

    def base_threshold(self, index: int) -> Threshold:
        """The threshold that a class has when it has none of its own."""
        if state.chosen().applied is None:
            return state.threshold()
        if not self.has_set:
            return DEFAULT
        return self.threshold_of(self.base_set().score_thresholds[index])

    def sample_number(self, row: int) -> int:
        """The row of a sample in what was loaded, counted from 1; `row` is its place among the samples in view."""
        rows = self.dataset.rows
        return int(row if rows is None else rows[row]) + 1

    def threshold_in_force(self, index: int) -> Threshold:
        """The current threshold of a class, as it was chosen."""
        return state.own_thresholds().get(index) or self.base_threshold(index)

    def threshold_of(self, score_threshold) -> Threshold:
        """A score threshold as somebody would choose it: on the 0-1 scale where that decides the same."""
        kind, dtype = self.predictions.score_kind, self.predictions.scores.dtype
        unit = float(to_unit_threshold(score_threshold, kind))
        says_it = to_score_threshold(unit, kind, dtype) == score_threshold
        return Threshold.of_score(score_threshold, unit if says_it else None)

    @property
    def units(self) -> np.ndarray:
        """Which samples belong together: int64 codes (n_samples,)."""
        return cache.units(self.digest, self.unit_column)

    @property
    def unit_column(self) -> str | None:
        """The column of the units, None where each sample stands for itself.

        Until somebody chooses, the first column that is said to name units.
        """
        column = state.unit_column()
        if column is None:
            return next((name for name, role in self.dataset.column_roles.items() if role == "unit"), None)
        return column if column in self.predictions.columns else None

    @property
    def counts(self) -> Counts:
        """Exact counts at the current thresholds, one row."""
        return self.ranked.counts(self.thresholds)


def held(key: str) -> Dataset | None:
    """The data that the caches find by this key, in this visitor's own words where they loaded it: who loads the same
    arrays shares them, not the names that another gave them.
    """
    found, words = cache.find(key), state.words_of(key[: state.ADDRESS_DIGITS])
    return found if found is None or words is None else found.in_words(words)


def current_view() -> View | None:
    """The view the visitor's state names, or None when this server does not hold that data, run or group."""
    whole = held(state.data())
    dataset = None if whole is None else held(cache.key_of(whole.digest, state.group()))
    if dataset is None:
        return None
    run = state.run_name() or next(iter(dataset.runs))
    if run not in dataset.runs:
        return None
    view = View(dataset, run, whole, state.group())
    _drop_what_does_not_apply(whole, view.predictions)
    return view


def _drop_what_does_not_apply(whole: Dataset, p: Predictions) -> None:
    """An address can name a logit for probabilities, a class that this data does not have, or a set that is gone."""
    if state.threshold().on_logit_scale and p.score_kind != "logits":
        state.replace_threshold(DEFAULT, "")
    applied = state.chosen().applied
    if applied is not None and find_set(whole.digest, applied, next(iter(whole.runs))) is None:
        state.replace_threshold(DEFAULT, "")
        state.remember("absent_set", True)
    for index, own in state.own_thresholds().items():
        if index >= p.n_classes or (own.on_logit_scale and p.score_kind != "logits"):
            state.set_own_threshold(index, None)
    if state.chosen_classes():
        state.choose_classes(index for index in state.chosen_classes() if index < p.n_classes)
