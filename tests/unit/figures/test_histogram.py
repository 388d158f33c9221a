"""Score histograms: exact counts in shared bins, both scales, every degenerate class."""

import numpy as np
import pytest

from dashboard.figures.histogram import score_histogram, score_histogram_figure
from tests.unit.figures.builders import n_points, notes, trace_named


def counts(histogram):
    return histogram.rows[["positives", "negatives"]].to_numpy().T.tolist()


def sorted_array(*values, dtype=np.float32):
    return np.sort(np.array(values, dtype=dtype))


NONE = sorted_array()


def test_score_histogram_counts_probabilities():
    found = score_histogram(sorted_array(0.2, 0.5, 1.0), sorted_array(0.0, 0.24, 0.26), "probabilities", n_bins=4)
    assert counts(found) == [[1, 0, 1, 1], [2, 1, 0, 0]]
    assert found.rows["bin start"].tolist() == [0, 0.25, 0.5, 0.75]
    assert found.rows["bin end"].tolist() == [0.25, 0.5, 0.75, 1]


def test_score_histogram_puts_logits_where_their_probability_belongs():
    logits = np.sort(np.random.default_rng(0).normal(size=5_000).astype(np.float32) * 3)
    expected, _ = np.histogram(1 / (1 + np.exp(-logits.astype(np.float64))), bins=50, range=(0, 1))
    assert score_histogram(logits, NONE, "logits").rows["positives"].tolist() == expected.tolist()


def test_score_histogram_infinite_logits_are_probabilities_0_and_1():
    found = score_histogram(sorted_array(np.inf), sorted_array(-np.inf), "logits", n_bins=2)
    assert counts(found) == [[0, 1], [1, 0]]
    assert found.notes == ()


def test_score_histogram_logit_axis_spans_the_finite_scores_of_both_labels():
    found = score_histogram(sorted_array(0, 3), sorted_array(-1, 0.5), "logits", axis="logit", n_bins=4)
    assert found.rows["bin start"].tolist() == [-1, 0, 1, 2]
    assert counts(found) == [[0, 1, 0, 1], [1, 1, 0, 0]]


def test_score_histogram_logit_axis_leaves_out_infinite_logits_and_says_so():
    positives = sorted_array(-np.inf, 0, 1, np.inf, np.inf)
    found = score_histogram(positives, sorted_array(0.5), "logits", axis="logit", n_bins=2)
    assert counts(found) == [[1, 1], [0, 1]]
    assert found.outside == {"positives": (1, 2), "negatives": (0, 0)}
    assert found.notes == ("3 of 5 positives lie at an infinite logit, not drawn.",)


def test_score_histogram_logit_axis_of_probabilities():
    found = score_histogram(
        sorted_array(0.5, 0.9, 1.0), sorted_array(0.0, 0.1), "probabilities", axis="logit", n_bins=2
    )
    assert found.rows["bin start"].tolist() == pytest.approx([-np.log(9), 0], abs=1e-6)
    assert counts(found) == [[0, 2], [1, 0]]
    assert len(found.notes) == 2


@pytest.mark.parametrize("axis", ["probability", "logit"])
def test_score_histogram_counts_every_finite_score_once(axis):
    rng = np.random.default_rng(1)
    positives, negatives = (np.sort(rng.normal(size=n).astype(np.float32)) for n in (700, 2_000))
    found = score_histogram(positives, negatives, "logits", axis=axis)
    assert found.rows[["positives", "negatives"]].sum().tolist() == [700, 2_000]


def test_score_histogram_medians_are_in_units_of_the_axis():
    arrays = sorted_array(-2, 0, 2), sorted_array(-5, 1)
    assert score_histogram(*arrays, "logits").medians == pytest.approx({"positives": 0.5, "negatives": 0.7310586})
    assert score_histogram(*arrays, "logits", axis="logit").medians == {"positives": 0, "negatives": 1}


@pytest.mark.parametrize("axis", ["probability", "logit"])
def test_score_histogram_all_scores_equal(axis):
    found = score_histogram(sorted_array(2, 2), sorted_array(2), "logits", axis=axis)
    assert found.rows[["positives", "negatives"]].sum().tolist() == [2, 1]
    assert (found.rows["bin end"] > found.rows["bin start"]).all()
    assert np.isfinite(score_histogram_figure(found).layout.xaxis.range).all()


@pytest.mark.parametrize("axis", ["probability", "logit"])
def test_score_histogram_without_positives_says_so(axis):
    found = score_histogram(NONE, sorted_array(1), "logits", axis=axis)
    figure = score_histogram_figure(found)
    assert "No positives of this class." in notes(figure)
    assert [trace.name for trace in figure.data] == ["negatives · 1"]


@pytest.mark.parametrize("axis", ["probability", "logit"])
@pytest.mark.parametrize("kind", ["logits", "probabilities"])
def test_score_histogram_without_any_score_says_so(axis, kind):
    figure = score_histogram_figure(score_histogram(NONE, NONE, kind, axis=axis))
    assert not figure.data
    assert "No positives of this class. No negatives of this class." in notes(figure)


def test_score_histogram_only_infinite_logits_say_so():
    found = score_histogram(sorted_array(np.inf), sorted_array(-np.inf), "logits", axis="logit")
    assert counts(found) == [[0] * 50, [0] * 50]
    assert "1 of 1 positives lie at an infinite logit" in notes(score_histogram_figure(found))


def test_score_histogram_survives_the_widest_range_of_float64():
    limits = np.finfo(np.float64)
    found = score_histogram(
        sorted_array(limits.max, dtype=np.float64), sorted_array(limits.min, dtype=np.float64), "logits", axis="logit"
    )
    assert found.rows[["positives", "negatives"]].sum().tolist() == [1, 1]


def test_figure_draws_positives_up_and_negatives_down_as_shares():
    found = score_histogram(sorted_array(0.2, 0.9), sorted_array(0.1, 0.1, 0.1, 0.8), "probabilities", n_bins=2)
    figure = score_histogram_figure(found)
    up, down = trace_named(figure, "positives"), trace_named(figure, "negatives")
    assert list(up.y) == [0.5, 0.5, 0.5, 0.5]
    assert list(down.y) == [-0.75, -0.75, -0.25, -0.25]
    assert list(up.x) == [0, 0.25, 0.75, 1]
    assert up.line.shape == down.line.shape == "hvh"
    assert up.fill == down.fill == "tozeroy"


def test_figure_can_show_counts():
    found = score_histogram(sorted_array(0.2, 0.9), sorted_array(0.1, 0.1, 0.1, 0.8), "probabilities", n_bins=2)
    figure = score_histogram_figure(found, as_share=False)
    assert list(trace_named(figure, "negatives").y) == [-3, -3, -1, -1]


def test_figure_hover_shows_bin_count_and_share():
    found = score_histogram(sorted_array(0.2, 0.9), sorted_array(0.1, 0.1, 0.1, 0.8), "probabilities", n_bins=2)
    for as_share in (True, False):
        down = trace_named(score_histogram_figure(found, as_share=as_share), "negatives")
        assert down.customdata[1].tolist() == [0, 0.5, 3, 0.75]


def test_figure_labels_both_directions_without_a_sign():
    found = score_histogram(sorted_array(0.2, 0.9), sorted_array(0.1, 0.1, 0.1, 0.8), "probabilities", n_bins=2)
    axis = score_histogram_figure(found).layout.yaxis
    assert list(axis.tickvals) == sorted(axis.tickvals)
    assert min(axis.tickvals) < 0 < max(axis.tickvals)
    assert [float(text) for text in axis.ticktext] == pytest.approx([abs(tick) for tick in axis.tickvals])


def test_figure_is_small_and_holds_no_line_of_a_threshold():
    scores = np.sort(np.random.default_rng(0).normal(size=100_000))
    figure = score_histogram_figure(score_histogram(scores, scores, "logits"))
    assert n_points(figure) < 200
    assert len(figure.to_json()) < 50_000
    assert not figure.layout.shapes
