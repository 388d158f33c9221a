import numpy as np
import pandas as pd

from dashboard.core import Counts
from dashboard.figures.rates import rates_with_intervals
from dashboard.ui.rates_table import intervals_as_text


def test_intervals_as_text_stand_behind_their_rates():
    counts = Counts(*(np.array([[n], [0]]) for n in (6, 2, 3, 8)))
    table = pd.DataFrame({"name": ["a", "b"]} | rates_with_intervals(counts))
    shown = intervals_as_text(table)
    assert list(shown) == [
        "name", "precision", "precision 95 %", "recall", "recall 95 %", "F1", "false positive rate",
        "false positive rate 95 %",
    ]  # fmt: skip
    assert shown["recall 95 %"][0] == ".299 to .925" and pd.isna(shown["recall 95 %"][1])


def test_a_table_without_intervals_stays_as_it_is():
    table = pd.DataFrame({"recall": [0.5], "F1": [0.4]})
    assert intervals_as_text(table).equals(table)
