"""On which samples a change of thresholds is judged: held-out ones first, where there are any, then those in view.

Thresholds are often tuned on what is in view, which flatters them there.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dashboard.core import Predictions, ThresholdSet
from dashboard.escape import for_markdown
from dashboard.inputs.dataset import Dataset
from dashboard.reviews.tuned_on import ELSEWHERE_IN_IT, SAME, TunedOn
from dashboard.ui import cache, state
from dashboard.ui.controls import choice_control
from dashboard.ui.panels.estimate_settings import held_out_data, held_out_run
from dashboard.ui.panels.group_filter import group_name
from dashboard.ui.state import ADDRESS_DIGITS
from dashboard.ui.view import View
from dashboard.ui.wording import count

HELD_OUT, HERE = "held_out", "here"


@dataclass(frozen=True, eq=False)
class Samples:
    """Samples of one run. digest: of all that was loaded with them; key: as the caches find them. unit: the column that
    tells what is independent, None: each sample. words: what they are, for Markdown.
    """

    predictions: Predictions
    digest: str
    key: str
    run: str
    unit: str | None
    words: str
    is_held_out: bool = False

    def were_chosen_on(self, rules: Sequence[ThresholdSet]) -> bool:
        """Whether one of these sets says that it was found or set by hand on them."""
        here = TunedOn(self.predictions, self.digest, self.run)
        return any(here.compared(rule.details.get("data")) in (SAME, ELSEWHERE_IN_IT) for rule in rules)


@dataclass(frozen=True, eq=False)
class Judging:
    """samples: all that are told of, the held-out ones first. shown: those of the table."""

    samples: tuple[Samples, ...]
    shown: Samples


def judging_control(view: View) -> Judging:
    """Of which samples the tables are: a choice where there is one, the held-out ones until somebody chooses."""
    samples = samples_of(view, view.unit_column)
    if len(samples) == 1:
        return Judging(samples, samples[0])
    titles = {HELD_OUT: for_markdown(held_out_of(view).name), HERE: "these samples"}
    chosen = choice_control("Tables of", titles, key="judged_on")
    return Judging(samples, samples[chosen == HERE])


def samples_of(view: View, unit: str | None) -> tuple[Samples, ...]:
    """Held-out ones, where the thresholds fit any, and those in view; of the group in view where one is chosen."""
    n_samples = count(view.predictions.n_samples, "sample")
    here = Samples(view.predictions, view.whole.digest, view.digest, view.run, unit, f"these {n_samples}")
    held_out = held_out_of(view)
    key = "" if held_out is None else cache.key_of(held_out.digest, view.group)
    dataset = cache.find(key) if key else None
    if dataset is None:
        return (here,)
    run = held_out_run(held_out, view)
    p = dataset.runs[run]
    words = f"{_of_group(view, count(p.n_samples, 'sample'))} of “{for_markdown(held_out.name)}”, {_why(held_out)}"
    other = Samples(p, held_out.digest, key, run, unit if unit in p.columns else None, words, is_held_out=True)
    return other, here


def _of_group(view: View, n_samples: str) -> str:
    return n_samples if view.group is None else f"{n_samples} ({for_markdown(group_name(view.group))})"


def _why(held_out: Dataset) -> str:
    """Only what is known: somebody saved them as held out, or they are merely other samples."""
    is_kept = held_out.digest[:ADDRESS_DIGITS] in _kept_held_out()
    return "held out in this review" if is_kept else "other data that the thresholds fit"


def held_out_of(view: View) -> Dataset | None:
    """Other samples with the same classes: those of the open review, else the last that this visitor has opened, or
    the other part of the sample.

    None where the review's held-out samples are those in view: the others are what was tuned on.
    """
    kept, others = _kept_held_out(), other_samples(view)
    if view.whole.digest[:ADDRESS_DIGITS] in kept:
        return None
    others = [each for each in others if _same_run(each, view)]
    of_review = [each for each in others if each.digest[:ADDRESS_DIGITS] in kept]
    return next(iter(of_review or others), None)


def other_samples(view: View) -> list[Dataset]:
    """Data of this session, or the other part of the sample, that the thresholds fit; the last opened first."""
    return [each for each in reversed(held_out_data(view).values()) if not _same_samples(each, view)]


def _kept_held_out() -> tuple[str, ...]:
    opened = state.opened_review()
    return () if opened is None else opened.data[1:]


def _same_run(dataset: Dataset, view: View) -> bool:
    """Of the name of that in view, or both the only one: thresholds are not judged on the scores of another model."""
    return held_out_run(dataset, view) == view.run or len(view.whole.runs) == 1


def _same_samples(dataset: Dataset, view: View) -> bool:
    """Another model's scores of them, or the same file with one more column, hold nothing out."""
    return np.array_equal(dataset.first_run.labels, view.whole.first_run.labels)
