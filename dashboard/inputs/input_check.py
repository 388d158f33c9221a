"""What looks odd in scores and labels that were read without an error: a table per class, and findings as sentences.

Knows nothing of files; the ranking is core's.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dashboard.core import Predictions, RankedScores
from dashboard.inputs.column_facts import column_facts
from dashboard.inputs.worse_than_chance import roc_auc_interval
from dashboard.sentences import counted, few

BLOCK = 65_536
WORSE_THAN_CHANCE = (
    "{have} scores that rank worse than chance (the 95 % interval of ROC AUC lies below .5), so the columns are "
    "probably permuted or a sign is flipped; without any signal 1 class in 40 looks so by chance"
)


@dataclass(frozen=True)
class Finding:
    """One odd thing: what kind, a sentence, and the classes concerned (empty: the data as a whole)."""

    kind: str
    sentence: str
    class_names: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class InputCheck:
    """What was loaded, one row per class, and what looks odd.

    classes: "class", "positives", "negatives", "unknown", "prevalence" (positives / known cells), "roc_auc" and its
    95 % interval "roc_auc_low" to "roc_auc_high" (NaN where undefined), "saturated" (share of the cells),
    "is_constant", "same_as" (the first class with equal scores, or "").
    memory_bytes: scores and labels as they lie in memory.
    """

    n_samples: int
    n_classes: int
    dtype: str
    score_kind: str
    memory_bytes: int
    n_without_label: int
    classes: pd.DataFrame
    findings: tuple[Finding, ...]


def check_predictions(p: Predictions, ranked: RankedScores | None = None) -> InputCheck:
    """The input check; `ranked` is the ranking of `p` where it is at hand already."""
    ranked = RankedScores.from_predictions(p) if ranked is None else ranked
    classes = _class_table(p, ranked)
    n_without = int(sum((block != 1).all(axis=1).sum() for block in _blocks(p.labels)))
    findings = [*_kind_in_doubt(p), *_findings_per_class(p, classes), *_without_label(n_without, p.n_samples)]
    return InputCheck(
        p.n_samples,
        p.n_classes,
        p.scores.dtype.name,
        p.score_kind,
        p.scores.nbytes + p.labels.nbytes,
        n_without,
        classes,
        tuple(findings),
    )


def _class_table(p, ranked):
    facts = column_facts(p)
    areas = ranked.roc_auc()
    negatives = p.n_known - p.support
    low, high = roc_auc_interval(areas, p.support, negatives)
    names = np.array([*p.class_names, ""], dtype=object)
    return pd.DataFrame(
        {
            "class": list(p.class_names),
            "positives": p.support,
            "negatives": negatives,
            "unknown": p.n_samples - p.n_known,
            "prevalence": p.prevalence,
            "roc_auc": areas,
            "roc_auc_low": low,
            "roc_auc_high": high,
            "saturated": facts.saturated,
            "is_constant": facts.is_constant,
            "same_as": names[facts.same_as],
        }
    )


def _kind_in_doubt(p):
    if p.score_kind != "logits" or not p.scores.size or p.scores.min() < 0 or p.scores.max() > 1:
        return []
    sentence = (
        "All scores lie in [0, 1] although they are declared as logits: if they are probabilities, load them as such, "
        "since as logits they mean probabilities between .500 and .731."
    )
    return [Finding("kind in doubt", sentence)]


def _findings_per_class(p, table):
    duplicated = (table["same_as"] != "") & ~table["is_constant"]
    what = {
        "no positives": (table["positives"] == 0, "{have} no positive sample, so recall, AP and ROC AUC are undefined"),
        "no negatives": (table["negatives"] == 0, "{have} no negative sample, so ROC AUC is undefined"),
        "hardly known": (2 * table["unknown"] > p.n_samples, "{are} labelled in under half of the samples"),
        "constant": (table["is_constant"], "{have} the same score in every sample and cannot be ranked"),
        "duplicated": (duplicated, "{have} exactly the scores of an earlier class"),
        "worse than chance": (table["roc_auc_high"] < 0.5, WORSE_THAN_CHANCE),
        "saturated": (table["saturated"] > 0, _saturation(p, float(table["saturated"].mean()))),
    }
    for kind, (concerned, words) in what.items():
        names = tuple(table.loc[concerned, "class"])
        have, are = ("has", "is") if len(names) == 1 else ("have", "are")
        if names:
            words = words.format(have=have, are=are)
            yield Finding(kind, f"{len(names):,} of {counted(len(table), 'class')} {words}: {few(names)}.", names)


def _saturation(p, share):
    said = "equal to 0 or 1" if p.score_kind == "probabilities" else "whose sigmoid is exactly 0 or 1 in float32"
    return f"{{have}} scores {said} ({share:.1%} of all scores)"


def _without_label(count, n_samples):
    have = "has" if count == 1 else "have"
    return (
        [Finding("no label", f"{count:,} of {counted(n_samples, 'sample')} {have} no positive label.")] if count else []
    )


def _blocks(array):
    return (array[start : start + BLOCK] for start in range(0, len(array), BLOCK))
