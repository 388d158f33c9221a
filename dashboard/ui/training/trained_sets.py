"""What was trained as data for every page: the validation part to tune on, the test part to report on.

Draws nothing and keeps nothing; the arrays come from disk each time somebody opens them.
"""

from dataclasses import replace

import numpy as np

from dashboard.core import Predictions
from dashboard.inputs.dataset import Dataset
from dashboard.inputs.naming import words_of
from dashboard.inputs.propose_columns import MOST_GROUPS, UNIT_WORDS
from dashboard.losses import parse_loss
from dashboard.training.models import has_softmax_head
from dashboard.training.run_files import RunScores, TrainedFiles
from dashboard.ui.training.job_words import training_name
from dashboard.ui.wording import listed

PARTS = ("validation", "test")


def trained_sets(trained: TrainedFiles) -> dict[str, Dataset]:
    """ "validation" and "test", each with all runs; an empty dict where no run can be shown."""
    whole = whole_runs(trained)
    if not whole:
        return {}
    roles, notices = column_roles(trained), (*trained.notices, *_notices(trained, whole))
    return {part: _dataset(trained, whole, part, roles, notices) for part in PARTS}


def whole_runs(trained: TrainedFiles) -> dict[str, RunScores]:
    """The runs whose scores are numbers, which all scores must be."""
    return {name: run for name, run in trained.runs.items() if not _has_nan(run)}


def column_roles(trained: TrainedFiles) -> dict[str, str]:
    """Column -> unit where its name says so, group where it has few values, else text; the same in both parts."""
    roles = {}
    for name in trained.parts["validation"].columns:
        values = np.concatenate([np.asarray(part.columns[name]).astype(str) for part in trained.parts.values()])
        few = len(np.unique(values)) <= MOST_GROUPS
        roles[name] = "unit" if set(words_of(name)) & set(UNIT_WORDS) else "group" if few else "text"
    return roles


def _dataset(trained, runs, part: str, roles, notices) -> Dataset:
    shown = trained.parts[part]
    columns = {name: np.asarray(values).astype(str) for name, values in shown.columns.items()}
    shared = {"class_names": trained.class_names, "sample_ids": shown.ids, "columns": columns}
    found = Dataset(
        name=f"Trained: {training_name(trained.plan, trained.data_name)} ({part})",
        runs={name: Predictions(run.logits[part], shown.labels, "logits", **shared) for name, run in runs.items()},
        column_roles=roles,
        notices=notices,
        trained_with={name: run.loss for name, run in runs.items()},
    )
    if shown.images is None or shown.images.ndim != 3 or shown.images.dtype != np.uint8:
        return found
    images = shown.images.view()
    images.flags.writeable = False
    return replace(found, images=images)


def _has_nan(run) -> bool:
    return any(np.isnan(logits).any() for logits in run.logits.values())


def _notices(trained, whole) -> list[str]:
    said = []
    gone = [name for name in trained.runs if name not in whole]
    if gone:
        said.append(f"Left out, since scores must be numbers and some of theirs are not: {listed(gone, 8)}.")
    softmax = [name for name, run in whole.items() if has_softmax_head(parse_loss(run.loss))]
    if softmax:
        said.append(
            f"Trained with a softmax: {listed(softmax, 8)}. Its scores are log p - log(1 - p) of the softmax, so that "
            "0.5 means: likelier than all other classes together."
        )
    return said
