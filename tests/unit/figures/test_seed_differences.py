"""Dots per seed keep their numbers and lie in the row of their pair and part."""

import numpy as np

from dashboard.figures.seed_differences import PARTS, seed_alt, seed_figure, seed_table

PAIRS = {
    "focal against bce": {
        "total": {0: 0.03, 1: 0.05},
        "threshold": {0: 0.02, 1: 0.05},
        "ranking": {0: 0.01, 1: 0.0},
    },
    "<b>x</b> against bce": {part: {0: np.nan, 1: -0.2} for part in PARTS},
}


def test_table_has_a_row_per_pair_part_and_seed():
    table = seed_table(PAIRS)
    assert len(table) == 12
    row = table[(table["pair"] == "focal against bce") & (table["part"] == "threshold") & (table["seed"] == 1)]
    assert row["B - A"].tolist() == [0.05]


def test_figure_draws_every_seed_and_the_mean_of_each_part():
    figure = seed_figure(seed_table(PAIRS), value="macro-F1")
    dots, means = figure.data[0], figure.data[1]
    assert dots.name == "total"
    assert dots.x.tolist() == [0.03, 0.05, -0.2]
    assert dots.y[0] == dots.y[1] > dots.y[2]
    np.testing.assert_allclose(sorted(means.x), [-0.2, 0.04])
    assert [trace.name for trace in figure.data if trace.showlegend is not False] == list(PARTS)
    assert figure.layout.annotations[1].text == "&lt;b&gt;x&lt;/b&gt; against bce"
    low, high = figure.layout.xaxis.range
    assert low < -0.2 < 0.05 < high


def test_alt_gives_mean_and_ends():
    assert "focal against bce: total +0.040 (+0.030 to +0.050), threshold +0.035" in seed_alt(seed_table(PAIRS))
    assert seed_alt(seed_table({})).startswith("An empty chart")
    assert seed_figure(seed_table({}), value="macro-F1").layout.height
