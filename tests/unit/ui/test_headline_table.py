import numpy as np

from dashboard.core.headline import Headline
from dashboard.ui.panels.headline import headline_table

FIGURES = {"micro_f1": 0.5, "macro_f1": 0.25, "weighted_f1": 0.75, "micro_precision": 0.5, "micro_recall": 0.5}
CELLS = Headline(**FIGURES, per_cell_accuracy=0.9, n_never_predicted=3)
ROWS = Headline(**FIGURES, per_cell_accuracy=0.9, n_never_predicted=3, samples_f1=0.4, n_predicted_empty=7)


def test_headline_table_leaves_out_columns_that_no_row_has():
    assert "samples-F1" not in headline_table({"a": CELLS}) and "macro-F1" in headline_table({"a": CELLS})


def test_headline_table_has_a_row_per_set_of_decisions():
    table = headline_table({"a": CELLS, "b": ROWS})
    assert table["decisions"].tolist() == ["a", "b"] and table["unused classes"].tolist() == [3, 3]
    assert np.isnan(table["samples-F1"][0]) and table["samples-F1"][1] == 0.4
