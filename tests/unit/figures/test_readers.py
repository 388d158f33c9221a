"""Where readers lie."""

import numpy as np
import pytest

from dashboard.core import Counts
from dashboard.core.intervals import binomial_interval
from dashboard.figures.readers import reader_table


def counts(*rows):
    return Counts(*(np.array([row], dtype=np.int64) for row in zip(*rows, strict=True)))


def test_reader_table_rates():
    table = reader_table({"r": counts((6, 2, 3, 8))}, ["a"])
    assert table[["reader", "class"]].to_numpy().tolist() == [["r", "a"]]
    assert table[["precision", "recall", "false positive rate"]].to_numpy()[0] == pytest.approx([0.75, 2 / 3, 0.2])
    assert table[["tp", "fp", "fn", "tn"]].to_numpy().tolist() == [[6, 2, 3, 8]]


def test_reader_table_one_row_per_reader_and_class():
    both = {"r": counts((1, 0, 0, 1), (0, 1, 1, 0)), "s": counts((1, 1, 1, 1), (2, 2, 2, 2))}
    table = reader_table(both, ["a", "b"])
    assert list(zip(table["reader"], table["class"], strict=True)) == [("r", "a"), ("r", "b"), ("s", "a"), ("s", "b")]


def test_reader_table_undefined_rates_are_nan():
    table = reader_table({"r": counts((0, 0, 0, 0))}, ["a"])
    assert table[["precision", "recall", "false positive rate"]].isna().all(axis=None)


def test_reader_table_of_nobody_has_its_columns():
    table = reader_table({}, ["a"])
    assert table.empty
    assert "false positive rate" in table.columns


def test_reader_table_has_exact_intervals():
    row = reader_table({"r": counts((6, 2, 3, 8))}, ["a"]).iloc[0]
    for rate, k, n in (("precision", 6, 8), ("recall", 6, 9), ("false positive rate", 2, 10)):
        assert (row[f"{rate} low"], row[f"{rate} high"]) == binomial_interval(k, n)
