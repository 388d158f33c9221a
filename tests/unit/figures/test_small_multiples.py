"""Small multiples hold core's figures of each class and one shared scale."""

import numpy as np
import pytest

from dashboard.core import Predictions, RankedScores, metrics
from dashboard.core.grids import logit_grid, unit_grid
from dashboard.core.sweep import class_counts
from dashboard.figures.small_multiples import (
    ClassSweep,
    small_multiples_alt,
    small_multiples_figure,
    small_multiples_handles,
    small_multiples_table,
)


@pytest.fixture(params=["probability", "logit"])
def axis(request):
    return request.param


@pytest.fixture
def drawn(axis):
    rng = np.random.default_rng(0)
    labels = (rng.random((120, 3)) < [0.5, 0.2, 0.0]).astype(np.int8)
    r = RankedScores.from_predictions(Predictions(rng.normal(size=(120, 3)) + labels, labels))
    grid = logit_grid(r, 21) if axis == "logit" else unit_grid(r.predictions, 21)
    sweeps = [
        ClassSweep(c, f"class {c}", class_counts(r, c, grid.score_thresholds), (0.4, -0.4, 0.7)) for c in range(2)
    ]
    sweeps.append(ClassSweep(2, "absent", class_counts(r, 2, grid.score_thresholds), (np.nan, np.inf, np.nan)))
    return r, grid, sweeps, small_multiples_table(sweeps, grid, "logits")


def test_class_counts_are_those_of_all_classes(drawn):
    r, grid, sweeps, _ = drawn
    everything = r.counts_at_scores(grid.score_thresholds)
    for name in ("tp", "fp", "fn", "tn"):
        both = np.hstack([getattr(sweep.counts, name) for sweep in sweeps])
        np.testing.assert_array_equal(both, getattr(everything, name))


def test_table_holds_the_metrics_at_each_threshold(drawn):
    r, grid, _, table = drawn
    expected = metrics.f_beta(r.counts_at_scores(grid.score_thresholds), zero_division=np.nan)
    for c, name in enumerate(("class 0", "class 1", "absent")):
        np.testing.assert_array_equal(table.loc[table["class"] == name, "F1"], expected[:, c])


def test_every_cell_has_its_lines_and_all_share_one_scale(drawn, axis):
    _, _, sweeps, table = drawn
    figure = small_multiples_figure(sweeps, table, axis=axis)
    assert [trace.name for trace in figure.data] == ["F1", "precision", "recall", "best F1"] * 3
    assert [trace.xaxis for trace in figure.data[::4]] == ["x", "x2", "x3"]
    assert figure.layout.xaxis3.matches == "x" and figure.layout.yaxis2.matches == "y"
    assert figure.layout.xaxis.range == figure.layout.xaxis2.range
    assert [trace.showlegend for trace in figure.data[::4]] == [True, False, False]


def test_each_class_has_a_line_of_its_own_over_its_own_axes(drawn, axis):
    _, _, sweeps, table = drawn
    handles = small_multiples_handles(sweeps, table, axis=axis)
    assert [(handle.id, handle.axes) for handle in handles] == [("0", ""), ("1", "2"), ("2", "3")]
    uids = {trace.uid for trace in small_multiples_figure(sweeps, table, axis=axis).data}
    assert all(readout.trace in uids for handle in handles for readout in handle.readouts if readout.trace)
    assert handles[0].span == ((0.0, 1.0) if axis == "probability" else handles[1].span)


def test_alt_says_the_best_of_each(drawn):
    assert "class 0 0.700 at 0.4" in small_multiples_alt(drawn[2])
    assert "absent undefined" in small_multiples_alt(drawn[2])
