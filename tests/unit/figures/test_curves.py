"""The tables behind the curves: exact rows on hand-made data, core's figures in the summary."""

import numpy as np
import pytest

from dashboard.figures.curves import precision_recall_tables, roc_tables
from tests.unit.figures.builders import TIED_LABELS, TIED_SCORES, class_cuts, random_classes


@pytest.fixture(scope="module")
def tied():
    return class_cuts(TIED_SCORES, TIED_LABELS, names=["a"])


def test_precision_recall_tables_rows(tied):
    rows = precision_recall_tables(tied).rows
    assert rows.columns.tolist() == ["class", "threshold", "score", "recall", "precision", "tp", "fp", "fn"]
    assert rows["class"].tolist() == ["a"] * 5
    assert rows["threshold"].tolist() == [0.9, 0.8, 0.6, 0.4, 0.2]
    assert rows["tp"].tolist() == [1, 2, 2, 3, 3]
    assert rows["fp"].tolist() == [0, 1, 2, 2, 3]
    assert rows["fn"].tolist() == [2, 1, 1, 0, 0]
    assert rows["recall"].tolist() == [1 / 3, 2 / 3, 2 / 3, 1, 1]
    assert rows["precision"].tolist() == [1, 2 / 3, 1 / 2, 3 / 5, 1 / 2]


def test_precision_recall_tables_summary(tied):
    row = precision_recall_tables(tied).summary.iloc[0]
    assert (row["class"], row["support"], row["prevalence"]) == ("a", 3, 0.5)
    assert row["average precision"] == pytest.approx((1 + 2 / 3 + 3 / 5) / 3)
    assert row["ROC AUC"] == pytest.approx((3 + 2.5 + 1) / 9)
    assert row["best F1"] == 6 / 8
    assert row["threshold of best F1"] == pytest.approx(0.3)
    assert (row["recall of best F1"], row["precision of best F1"]) == (1, 3 / 5)
    assert row["false positive rate of best F1"] == 2 / 3


def test_roc_tables_rows(tied):
    rows = roc_tables(tied).rows
    assert rows["threshold"].tolist() == [np.inf, 0.9, 0.8, 0.6, 0.4, 0.2]
    assert rows["false positive rate"].tolist() == [0, 0, 1 / 3, 2 / 3, 2 / 3, 1]
    assert rows["recall"].tolist() == [0, 1 / 3, 2 / 3, 2 / 3, 1, 1]
    assert rows["tn"].tolist() == [3, 3, 2, 1, 1, 0]


def test_roc_tables_area_under_all_rows_is_the_auc():
    classes = random_classes(n_classes=3)
    tables = roc_tables(classes, points=None)
    for name, rows in tables.rows.groupby("class"):
        auc = tables.summary.set_index("class").loc[name, "ROC AUC"]
        assert np.trapezoid(rows["recall"], rows["false positive rate"]) == pytest.approx(auc, abs=1e-12)


def test_roc_tables_of_logits_start_above_every_score():
    rows = roc_tables(class_cuts([2.0, -1.0], [1, 0], score_kind="logits")).rows
    assert (rows["threshold"].iat[0], rows["score"].iat[0]) == (np.inf, np.inf)


def test_best_f1_of_adjacent_floats_lies_at_the_kept_one():
    summary = precision_recall_tables(class_cuts([np.nextafter(0.5, 1), 0.5], [1, 0])).summary
    assert (summary["precision of best F1"].iat[0], summary["recall of best F1"].iat[0]) == (1, 1)


def test_precision_recall_tables_area_under_all_rows_is_the_average_precision():
    classes = random_classes(n_classes=3)
    tables = precision_recall_tables(classes, points=None)
    for name, rows in tables.rows.groupby("class"):
        area = (np.diff(rows["recall"], prepend=0) * rows["precision"]).sum()
        assert area == pytest.approx(tables.summary.set_index("class").loc[name, "average precision"], abs=1e-12)


@pytest.mark.parametrize("tables_of", [precision_recall_tables, roc_tables])
def test_tables_spend_no_more_points_than_given(tables_of):
    tables = tables_of(random_classes(), points=600)
    assert 400 < len(tables.rows) <= 600
    assert set(tables.rows.groupby("class").size()) <= set(range(51))


@pytest.mark.parametrize("tables_of", [precision_recall_tables, roc_tables])
def test_tables_keep_the_row_where_f1_is_best(tables_of):
    tables = tables_of(random_classes(), points=300)
    for _, best in tables.summary.iterrows():
        rows = tables.rows[tables.rows["class"] == best["class"]]
        f1 = 2 * rows["tp"] / (2 * rows["tp"] + rows["fp"] + rows["fn"])
        assert f1.max() == pytest.approx(best["best F1"], abs=1e-15)


def test_tables_state_the_error_of_the_worst_class():
    tables = precision_recall_tables(random_classes(), points=300)
    assert tables.error == tables.summary["error"].max() > 0


def test_tables_without_a_limit_state_no_error():
    tables = precision_recall_tables(random_classes(), points=None)
    assert tables.error == 0
    assert len(tables.rows) > 30_000


def test_tables_show_logits_on_both_scales():
    rows = precision_recall_tables(class_cuts([2.0, -1.0], [1, 0], score_kind="logits")).rows
    assert rows["score"].tolist() == [2.0, -1.0]
    assert rows["threshold"].tolist() == pytest.approx([0.8807970779778823, 0.2689414213699951])


def test_tables_show_infinite_logits_at_the_ends_of_the_scale():
    rows = precision_recall_tables(class_cuts([np.inf, 0.0, -np.inf], [1, 1, 0], score_kind="logits")).rows
    assert rows["threshold"].tolist() == [1.0, 0.5, 0.0]


def test_precision_recall_tables_without_positives_say_so():
    tables = precision_recall_tables(class_cuts([[0.1, 0.2], [0.3, 0.4]], [[0, 1], [0, 0]], names=["rare", "b"]))
    assert tables.undefined == ("No positives, so recall is undefined: rare.",)
    assert set(tables.rows["class"]) == {"b"}
    assert np.isnan(tables.summary.set_index("class").loc["rare", "best F1"])


def test_precision_recall_tables_without_negatives_are_defined():
    tables = precision_recall_tables(class_cuts([0.1, 0.3], [1, 1]))
    assert tables.undefined == ()
    assert tables.rows["precision"].tolist() == [1, 1]


def test_roc_tables_without_negatives_say_so():
    tables = roc_tables(class_cuts([0.1, 0.3], [1, 1], names=["sure"]))
    assert tables.undefined == ("No negatives, so the false positive rate is undefined: sure.",)
    assert tables.rows.empty


def test_tables_name_four_undefined_classes_and_count_the_rest():
    tables = roc_tables(class_cuts(np.zeros((2, 6)), np.zeros((2, 6)), names=list("abcdef")))
    assert tables.undefined == ("No positives, so recall is undefined: a, b, c, d and 2 more.",)


def test_tables_of_no_class_say_so():
    assert precision_recall_tables([]).undefined == ("No class is chosen.",)


def test_tables_of_no_known_cell_are_undefined():
    tables = roc_tables(class_cuts([0.5, 0.6], [-1, -1]))
    assert np.isnan(tables.summary["prevalence"].iat[0])
    assert len(tables.undefined) == 1


def test_tables_all_scores_equal():
    tables = roc_tables(class_cuts([0.5] * 4, [1, 0, 0, 0]))
    assert tables.rows[["false positive rate", "recall"]].to_numpy().tolist() == [[0, 0], [1, 1]]
    assert tables.summary["ROC AUC"].iat[0] == 0.5
