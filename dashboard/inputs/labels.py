"""Labels as people write them (0/1, -1/+1, yes/no, missing, soft) turned into 1 positive, 0 negative, -1 unknown.

Knows nothing of files; lists of true classes are spread out by `label_lists` before they get here.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dashboard.errors import ChoiceNeeded, InputError
from dashboard.inputs.cells import is_missing, is_number
from dashboard.inputs.mapping import MEANINGS, LabelMapping
from dashboard.inputs.matrix import Matrix
from dashboard.sentences import counted

PRESETS = {"1": "positive", "0": "negative", "NaN": "unknown"}
PRESETS |= dict.fromkeys(("yes", "y", "true", "t", "pos", "positive", "present"), "positive")
PRESETS |= dict.fromkeys(("no", "n", "false", "f", "neg", "negative", "absent"), "negative")
PRESETS |= dict.fromkeys(("unknown", "uncertain", "?"), "unknown")
MOST_VALUES = 50  # more distinct values than this are summed up as a range
BLOCK = 65_536
NO_MEANING = 2


@dataclass(frozen=True)
class LabelValue:
    """A value found among the labels, how often, and what it is taken for (None: nothing is known about it yet)."""

    value: str
    count: int
    meaning: str | None


@dataclass(frozen=True, eq=False)
class Labels:
    """labels: int8 (n_samples, n_classes); soft: the same as numbers in [0, 1] with NaN for unknown, or None."""

    labels: np.ndarray
    soft: np.ndarray | None = None


def value_text(value) -> str:
    """A label value as the text that names it: 1, 1.0, True and "1" are all "1"; everything missing is "NaN"."""
    if isinstance(value, str):
        text = value.strip()
        if is_missing(text):
            return "NaN"
        return text if not is_number(text) else value_text(float(text))
    if pd.isna(value):
        return "NaN"
    number = float(value)
    return str(int(number)) if number.is_integer() else repr(number)


def count_values(values: np.ndarray) -> dict[str, int]:
    """Each value and its count, those of 0/1 labels first; beyond 50 further numbers, one entry for their range."""
    if values.dtype == object:
        codes, distinct = pd.factorize(values.ravel(), use_na_sentinel=False)
        return _summed([value_text(value) for value in distinct], np.bincount(codes, minlength=len(distinct)))
    counts = {"1": 0, "0": 0, "-1": 0, "NaN": 0}
    others: dict[float, int] = {}
    for start in range(0, len(values), BLOCK):
        block = values[start : start + BLOCK]
        usual = {"1": block == 1, "0": block == 0, "-1": block == -1}
        if block.dtype.kind == "f":
            usual["NaN"] = np.isnan(block)
        for name, found in usual.items():
            counts[name] += int(np.count_nonzero(found))
        rest = block[~np.logical_or.reduce(list(usual.values()))]
        for value, count in zip(*np.unique(rest, return_counts=True), strict=True):
            others[value.item()] = others.get(value.item(), 0) + int(count)
    found = {name: count for name, count in counts.items() if count}
    return found | _counted_others(others)


def label_values_of(values: np.ndarray, mapping: LabelMapping) -> tuple[LabelValue, ...]:
    """Every value found in labels of one number per class, its count and its meaning by choice or by preset."""
    counts = count_values(values)
    return tuple(LabelValue(value, n, _meaning(value, counts, mapping)) for value, n in counts.items())


def read_labels(matrix: Matrix, mapping: LabelMapping) -> Labels:
    """Labels by the meaning of their values; ChoiceNeeded where a value can be read in two ways."""
    counts = count_values(matrix.values)
    if "-1" in counts and "-1" not in mapping.values and _can_be_negative(matrix.values, counts):
        never = "never 0 in the same class" if "0" in counts else "never 0"
        raise ChoiceNeeded(
            f"Labels must say what is negative, but {matrix.source} holds {counts['-1']:,} times -1 and {never}: "
            "choose whether -1 means negative or unknown.",
            option="minus_one",
            choices={
                "negative": "-1 is the opposite of 1: the class is absent",
                "unknown": "-1 marks cells nobody labelled; they are left out of every count",
            },
        )
    values = _as_numbers(matrix.values)
    if values.dtype == object:
        return Labels(_from_text(matrix, counts, mapping))
    labels = _from_numbers(values, counts, mapping)
    rest = labels == NO_MEANING
    if not rest.any():
        return Labels(labels)
    _check_soft(matrix, values, rest)
    return _cut(matrix, values, labels, mapping)


def _can_be_negative(values, counts) -> bool:
    """Whether -1 may be the opposite of 1: no class has a 0 beside it."""
    if _are_soft(counts):
        return False
    return "0" not in counts or not (_classes_with(values, "-1") & _classes_with(values, "0")).any()


def _classes_with(values, text: str) -> np.ndarray:
    """bool (n_classes,)"""
    if values.dtype == object:
        codes, distinct = pd.factorize(values.ravel(), use_na_sentinel=False)
        is_it = np.array([value_text(value) == text for value in distinct])
        return is_it[codes].reshape(values.shape).any(axis=0)
    blocks = (values[start : start + BLOCK] == float(text) for start in range(0, len(values), BLOCK))
    return np.logical_or.reduce([block.any(axis=0) for block in blocks])


def _meaning(value, counts, mapping):
    if value in mapping.values:
        return mapping.values[value]
    if value == "-1":
        return "unknown" if "0" in counts or _are_soft(counts) else None
    return PRESETS.get(value.lower() if value != "NaN" else value)


def _are_soft(counts) -> bool:
    return any(_number(other) is not None and 0 < float(other) < 1 for other in counts)


def _number(text):
    return float(text) if text == "NaN" or is_number(text) else None


def _summed(texts, counts):
    total: dict[str, int] = {}
    for text, count in zip(texts, counts.tolist(), strict=True):
        total[text] = total.get(text, 0) + count
    usual = [text for text in ("1", "0", "-1", "NaN") if text in total]
    return {text: total[text] for text in [*usual, *sorted(set(total) - set(usual))]}


def _counted_others(others):
    if len(others) > MOST_VALUES:
        return {f"{min(others):.6g} to {max(others):.6g}": sum(others.values())}
    return {value_text(value): count for value, count in sorted(others.items())}


def _as_numbers(values):
    if values.dtype != object:
        return values
    codes, distinct = pd.factorize(values.ravel(), use_na_sentinel=False)
    numbers = [_number(value_text(value)) for value in distinct]
    if any(number is None for number in numbers):
        return values
    return np.array(numbers, dtype=np.float64)[codes].reshape(values.shape)


def _from_text(matrix, counts, mapping):
    codes, distinct = pd.factorize(matrix.values.ravel(), use_na_sentinel=False)
    meanings = [_meaning(value_text(value), counts, mapping) for value in distinct]
    of_value = np.array([MEANINGS.get(meaning, NO_MEANING) for meaning in meanings], dtype=np.int8)
    labels = of_value[codes].reshape(matrix.values.shape)
    _refuse_first(matrix, labels == NO_MEANING)
    return labels


def _from_numbers(values, counts, mapping):
    labels = np.full(values.shape, NO_MEANING, dtype=np.int8)
    for text in dict.fromkeys((*counts, *mapping.values)):
        number = _number(text)
        meaning = MEANINGS.get(_meaning(text, counts, mapping))
        if number is None or meaning is None:
            continue
        for start in range(0, len(values), BLOCK):
            block = values[start : start + BLOCK]
            labels[start : start + BLOCK][np.isnan(block) if np.isnan(number) else block == number] = meaning
    return labels


def _check_soft(matrix, values, rest):
    outside = rest & ~((values >= 0) & (values <= 1))
    if outside.any():
        _refuse_first(matrix, outside)


def _refuse_first(matrix, refused):
    if not refused.any():
        return
    row, column = np.unravel_index(int(refused.argmax()), refused.shape)
    raise InputError(
        f"Labels must be 0, 1, -1 or missing, or have a meaning chosen for each value, but "
        f"{matrix.place(row, column)} holds {value_text(matrix.values[row, column])!r} "
        f"({counted(int(refused.sum()), 'such cell')}): correct it, or choose what the value means."
    )


def _cut(matrix, values, labels, mapping):
    cut = mapping.soft_cut
    if cut is None:
        raise ChoiceNeeded(
            f"Labels between 0 and 1 must be cut for the metrics, and {matrix.source} holds "
            f"{np.count_nonzero((values > 0) & (values < 1)):,} of them: choose from which value on one is positive.",
            option="soft_cut",
            choices={"0.5": "a label of 0.5 or more is positive; any other number above 0 and up to 1 can be chosen"},
        )
    if not 0 < cut <= 1:
        raise InputError(f"The value from which a soft label is positive must lie above 0 and at most at 1, got {cut}.")
    known = labels != MEANINGS["unknown"]
    soft = np.where(known, values, np.nan).astype(values.dtype)
    rest = labels == NO_MEANING
    labels[rest] = values[rest] >= cut
    return Labels(labels, soft)
