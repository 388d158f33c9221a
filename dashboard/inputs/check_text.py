"""The input check as lines of text. Knows nothing of how it was computed."""

import numpy as np

from dashboard.inputs.dataset import Dataset
from dashboard.inputs.input_check import InputCheck
from dashboard.inputs.limits import as_size
from dashboard.sentences import counted

MOST_CLASSES = 40


def check_text(dataset: Dataset, check: InputCheck) -> str:
    """What was read, a line per class (at most 40), the notices of the reading and the findings of the check."""
    lines = [
        f"{counted(check.n_samples, 'sample')} x {counted(check.n_classes, 'class')}, "
        f"{check.score_kind} ({check.dtype}), {as_size(check.memory_bytes)} in memory",
        f"digest {dataset.digest}",
        *_columns(dataset),
        "",
        *_class_lines(check.classes),
        "",
        *_list("Understood", dataset.notices),
        *_list("Findings", [finding.sentence for finding in check.findings]),
    ]
    return "\n".join(lines)


def _columns(dataset):
    if not dataset.column_roles:
        return []
    columns = ", ".join(f"{name} ({role})" for name, role in dataset.column_roles.items())
    return [f"columns of the samples: {columns}"]


def _class_lines(table):
    width = max(5, *(len(name) for name in table["class"][:MOST_CLASSES]))
    lines = [f"{'class':<{width}}  positives  negatives    unknown  prevalence  ROC AUC"]
    for row in table[:MOST_CLASSES].itertuples():
        counts = f"{row.positives:>9,}  {row.negatives:>9,}  {row.unknown:>9,}"
        lines.append(f"{row[1]:<{width}}  {counts}  {_number(row.prevalence):>10}  {_number(row.roc_auc):>7}")
    more = len(table) - MOST_CLASSES
    return [*lines, f"... and {more:,} more classes"] if more > 0 else lines


def _number(value):
    return "undefined" if np.isnan(value) else f"{value:.4f}"


def _list(title, sentences):
    return [f"{title}:", *(f"- {sentence}" for sentence in sentences)] if sentences else [f"{title}: nothing to note"]
