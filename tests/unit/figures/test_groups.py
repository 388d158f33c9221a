import numpy as np
import pytest

from dashboard.core import Counts, metrics
from dashboard.core.intervals import binomial_interval
from dashboard.figures.groups import (
    FEW,
    averaged_table,
    class_table,
    classes_by_group,
    classes_by_group_table,
    distinct_from,
)


@pytest.fixture
def counts():
    rng = np.random.default_rng(0)
    return Counts(*(rng.integers(0, 30, (3, 4)) for _ in range(4)))


NAMES, SIZES = ("a", "b", "c"), np.array([5, 6, 7])


@pytest.mark.parametrize("average", ["micro", "macro"])
def test_averaged_table_has_the_metrics_of_each_group_and_of_the_sum(counts, average):
    rows = averaged_table(counts, NAMES, SIZES, average).rows.set_index("group")
    total = Counts(*(getattr(counts, name).sum(axis=0, keepdims=True) for name in ("tp", "fp", "fn", "tn")))
    assert rows.loc["b", "F1"] == metrics.f_beta(counts, average=average)[1]
    assert rows.loc["total", "recall"] == metrics.recall(total, average=average)[0]
    assert rows.loc["total", "samples"] == 18
    for column in ("samples", "support", "predicted"):
        assert rows.loc["total", column] == rows.loc[list(NAMES), column].sum()


def test_averaged_table_says_how_many_classes_have_few_positives(counts):
    counts.tp[0], counts.fn[0] = [FEW, FEW - 1, 0, 4], [0, 0, 0, FEW]
    counts.tp[1:] = 2 * FEW
    table = averaged_table(counts, NAMES, SIZES, "macro")
    assert table.rows[f"classes under {FEW}"].tolist() == [2, 0, 0, 0]
    assert table.few.tolist() == [True, False, False, False]
    assert not averaged_table(counts, NAMES, SIZES, "micro").few.any()


def test_class_table_has_exact_intervals(counts):
    row = class_table(counts, NAMES, SIZES, 2).rows.iloc[1]
    tp, fp, fn, tn = (int(getattr(counts, name)[1, 2]) for name in ("tp", "fp", "fn", "tn"))
    assert (row["precision"], row["recall"], row["false positive rate"]) == (
        tp / (tp + fp),
        tp / (tp + fn),
        fp / (fp + tn),
    )
    assert (row["recall low"], row["recall high"]) == tuple(float(end) for end in binomial_interval(tp, tp + fn))
    assert row["precision low"] < row["precision"] < row["precision high"]


def test_class_table_leaves_undefined_what_is():
    nothing = Counts(*(np.zeros((2, 1), int) for _ in range(4)))
    table = class_table(nothing, NAMES[:2], SIZES[:2], 0)
    assert (
        table.rows[["precision", "recall", "recall low", "F1", "false positive rate", "prevalence"]]
        .isna()
        .all(axis=None)
    )
    assert table.few.all()


def test_spread_is_over_groups_with_enough_cases():
    tp = np.array([[9, 20, 20], [10, 10, 3], [1, 5, 5]])
    fn = np.array([[0, 0, 5], [10, 0, 0], [10, 3, 0]])
    by_group = classes_by_group(Counts(tp, np.zeros_like(tp), fn, np.zeros_like(tp)), "recall")
    assert by_group.spread[:2] == pytest.approx([10 / 20 - 1 / 11, 0])
    assert np.isnan(by_group.spread[2])
    assert by_group.widest_first().tolist() == [0, 1, 2]


def test_bases_are_what_a_rate_is_a_share_of(counts):
    assert (classes_by_group(counts, "precision").bases == (counts.tp + counts.fp).T).all()
    assert (classes_by_group(counts, "recall").bases == (counts.tp + counts.fn).T).all()
    assert (classes_by_group(counts, "false positive rate").bases == (counts.fp + counts.tn).T).all()


def test_classes_by_group_table_stands_on_groups_called_like_columns(counts):
    table = classes_by_group_table(classes_by_group(counts, "F1"), list("wxyz"), ["class", "spread", "s"], [1, 2, 3, 4])
    assert list(table) == ["class", "support", "spread", "class ", "spread ", "s"]
    row = table.set_index("class").loc["y"]
    assert row["s"] == metrics.f_beta(counts)[2, 2] and row["support"] == 3
    assert table["spread"].dropna().is_monotonic_decreasing


def test_distinct_from_keeps_names_apart():
    assert distinct_from(["a", "a ", "b"], ["a"]) == ["a ", "a  ", "b"]
