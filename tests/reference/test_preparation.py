"""Filling, coding and scaling give what scikit-learn's transformers give, fitted on the same rows."""

import numpy as np
import pytest
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from dashboard.core.feature_table import FeatureTable
from dashboard.training.preparation import fit_preparation, prepared


@pytest.mark.parametrize("seed", range(8))
def test_features_equal_scikit_learns(seed):
    rng = np.random.default_rng(seed)
    n, train = 80, np.arange(50)
    numbers = rng.normal(rng.normal(0, 100, 4), rng.uniform(0.1, 50, 4), size=(n, 4))
    numbers[rng.random(n) < 0.2, 1] = np.nan
    numbers[0, 1], numbers[1, 1] = np.nan, 3.0
    nominal = rng.choice(["a", "b", "c"], n).astype(object)
    nominal[-1] = "unseen"
    labels = np.zeros((n, 1), dtype=np.int8)
    table = FeatureTable("t", labels, ("k",), {f"x{i}": numbers[:, i] for i in range(4)}, {"c": nominal})
    ours = prepared(fit_preparation(table, train), table.numbers, table.nominals, np.arange(n))

    imputer = SimpleImputer(strategy="median", add_indicator=True).fit(numbers[train])
    filled, is_missing = np.split(imputer.transform(numbers), [4], axis=1)
    scaled = StandardScaler().fit(filled[train]).transform(filled)
    coder = OneHotEncoder(handle_unknown="ignore", sparse_output=False).fit(nominal[train, None])
    theirs = np.column_stack([scaled[:, :2], is_missing, scaled[:, 2:], coder.transform(nominal[:, None])])
    assert np.allclose(ours, theirs, atol=1e-5)
