"""The samples of each group of a column."""

import numpy as np

from dashboard.core import Predictions, RankedScores, policies
from dashboard.core.expectation import expected
from dashboard.core.policies.group_column import group_rows


def grouped(n_samples):
    scores = np.arange(2.0 * n_samples).reshape(n_samples, 2) % 5
    return Predictions(
        scores, (scores > 2).astype(np.int8), "logits", columns={"site": np.array(list("ba" * 20))[:n_samples]}
    )


def test_group_rows_are_every_group_in_order():
    found = group_rows(grouped(5), "site")
    assert {name: rows.tolist() for name, rows in found.items()} == {"a": [1, 3], "b": [0, 2, 4]}


def test_group_rows_without_samples_are_none():
    assert group_rows(grouped(0), "site") == {}


def test_thresholds_per_group_are_expected_of_a_single_unit():
    """Its only fold leaves no sample to tune on."""
    found = expected(
        RankedScores.from_predictions(grouped(20)),
        policies.make_policy("per_group", column="site", least_positives=1),
        np.zeros(20, dtype=np.int64),
        n_replicates=5,
    )
    assert found.n_units == found.n_folds == 1 and np.isnan(found.figures["micro_f1"].interval.low)
