"""Thresholds as files: thresholds.json, which everything can be read back from, and a CSV for people and spreadsheets.

Knows nothing of screens and of how thresholds are read back.
"""

import csv
import io

import numpy as np

from dashboard.core import Counts, ThresholdSet, metrics, policies
from dashboard.core.group_json import group_json
from dashboard.core.policies.by_group import GroupThresholds
from dashboard.core.threshold_json import ALWAYS, BY_SCORE, NEVER
from dashboard.escape import for_spreadsheet

COLUMNS = ("class", "threshold", "score_threshold", "predicted", "state")
FIGURES = ("support", "precision", "recall", "F1", "tp", "fp", "fn", "tn")


def threshold_json(rule: ThresholdSet | GroupThresholds, *, words: str | None = None, **about) -> str:
    """The text of thresholds.json; about: "data", "figures", "created", see `ThresholdSet.to_json`.

    words: the rule in words; None: as its policy is called, or as they came with the set.
    """
    words = words or rule.details.get("words") or policy_words(rule.details)
    if isinstance(rule, GroupThresholds):
        return group_json(rule, about | {"words": words})
    return rule.to_json(words=words, **about)


def threshold_csv(ts: ThresholdSet, counts: Counts | None = None) -> str:
    """A row per class in its order, with the figures of one row of counts where they are given.

    threshold: on the 0-1 scale, empty where a class is predicted never or always. score_threshold: the shortest text
    that is exact when it is read as a float64. What is 0/0 is empty.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS if counts is None else (*COLUMNS, *FIGURES))
    columns = [*_thresholds(ts), *([] if counts is None else _figures(counts))]
    writer.writerows(zip(*columns, strict=True))
    return text.getvalue()


def policy_words(details) -> str:
    """The policy that details name, in words; where none is known, that nobody says."""
    name, parameters = details.get("policy"), dict(details.get("parameters") or {})
    if name not in policies.POLICIES:
        return "thresholds of unknown origin" if name is None else str(name)
    try:
        policy = policies.make_policy(name, **parameters)
    except (TypeError, ValueError):  # a file from another version
        return f"{name} with {parameters}"
    is_best_at, nothing = policy.kind.maximises, "nothing: "
    made_for = is_best_at.removeprefix(nothing) if is_best_at.startswith(nothing) else f"makes best {is_best_at}"
    return f"{policy.title} ({policy}): {made_for}"


def _thresholds(ts):
    scores, finite = ts.score_thresholds, np.isfinite(ts.score_thresholds)
    names = [for_spreadsheet(name) for name in ts.class_names]
    units = [repr(float(unit)) if shown else "" for unit, shown in zip(ts.thresholds, finite, strict=True)]
    predicted = np.where(finite, BY_SCORE, np.where(scores > 0, NEVER, ALWAYS)).tolist()
    states = ts.details.get("states") or ("",) * len(names)
    return names, units, [repr(score) for score in scores.tolist()], predicted, states


def _figures(c):
    rates = (metrics.precision, metrics.recall, metrics.f_beta)
    shares = [["" if np.isnan(v) else repr(v) for v in rate(c, zero_division=np.nan)[0].tolist()] for rate in rates]
    return c.support[0].tolist(), *shares, *(array[0].tolist() for array in (c.tp, c.fp, c.fn, c.tn))
