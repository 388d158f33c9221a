"""The Calibration tab shows core's figures, the answer about thresholds per class, and other prevalences."""

import numpy as np
import pytest

from dashboard.core import RankedScores, metrics
from dashboard.core.calibration import calibrated_unseen, calibration_losses, null_error, reliability
from dashboard.core.folds import stratified_folds
from dashboard.core.per_class_need import COMPARED, per_class_need
from dashboard.core.prevalence_shift import best_f1_at_prevalence, per_thousand, reweighted
from dashboard.core.scale import sigmoid
from dashboard.ui.calibration_cache import CHART
from tests.app.conftest import charts_of, dataset_of, degenerate_datasets, table_of

TAB = {"thresholds_tab": "Calibration"}


@pytest.fixture
def dataset():
    rng = np.random.default_rng(5)
    scores = rng.normal(size=(300, 4)) * 3 - 1
    labels = (rng.random(scores.shape) < sigmoid(scores / 2 - [0, 0.5, 1, 2])).astype(np.int8)
    return dataset_of(scores, labels)


@pytest.fixture
def ranked(dataset):
    return RankedScores.from_predictions(dataset.first_run)


def _says(at, *texts):
    said = " ".join(each.value for each in at.markdown)
    return all(text in said for text in texts)


def _short(value):
    return f"{value:.3f}".replace("0.", ".")


def test_figures_are_cores_pooled_and_of_one_class(visit, dataset, ranked):
    at = visit("thresholds", dataset, **TAB)
    losses = calibration_losses(ranked)
    row = table_of(at, "calibration_figures").iloc[0]
    assert row["scores"] == "score (0-1), as given"
    assert (row["ECE"], row["ECE if perfect"]) == (reliability(ranked).error, null_error(ranked).mean)
    assert (row["Brier"], row["log loss"]) == (losses.pooled_brier, losses.pooled_log_loss)
    assert _says(at, f"calibration error (ECE) **{_short(row['ECE'])}**", "They are not probabilities")
    at.selectbox(key="calibration_class").select(2).run()
    row = table_of(at, "calibration_figures").iloc[0]
    assert (row["ECE"], row["Brier"]) == (reliability(ranked, 2).error, losses.brier[2])


def test_maps_are_judged_on_samples_they_were_not_fitted_on(visit, dataset):
    at = visit("thresholds", dataset, **TAB)
    table = table_of(at, "calibration_figures").set_index("scores")
    p = dataset.first_run
    folds = stratified_folds(p, np.arange(300))
    for title, method in (("Platt", "platt"), ("isotonic", "isotonic"), ("temperature", "temperature")):
        r = RankedScores.from_predictions(calibrated_unseen(p, method, folds))
        assert table.loc[title, "ECE"] == reliability(r).error
        assert table.loc[title, "Brier"] == calibration_losses(r).pooled_brier
    assert any("fitted on one part and judged on the other" in each.value for each in at.caption)


def test_chart_holds_the_bins_and_the_map_beside(visit, dataset, ranked):
    at = visit("thresholds", dataset, **TAB, calibrated_by="Platt", binning="Equal width")
    assert [trace["name"] for trace in charts_of(at)[CHART]["figure"]["data"]] == [
        "perfect",
        "as given",
        "Platt, cross-fitted",
    ]
    at.session_state["reliability_numbers"] = True
    rows = table_of(at.run(), "reliability_table")
    given = rows[rows["scores"] == "as given"]
    assert given["share"].tolist() == reliability(ranked, None, 10, "width").share.tolist()


def test_axes_are_logits_where_most_bins_are_low_and_the_page_says_so(visit):
    rng = np.random.default_rng(3)
    scores = rng.normal(size=(400, 2)) - 7
    at = visit("thresholds", dataset_of(scores, (rng.random(scores.shape) < sigmoid(scores)).astype(np.int8)), **TAB)
    assert any("Drawn on logit axes, since" in each.value and "lie below .01" in each.value for each in at.caption)
    assert charts_of(at)[CHART]["figure"]["layout"]["xaxis"]["ticktext"]
    at.segmented_control(key="calibration_axis").set_value("unit").run()
    assert "ticktext" not in charts_of(at)[CHART]["figure"]["layout"]["xaxis"]
    assert not any("logit axes" in each.value for each in at.caption)


def test_axes_are_not_logits_where_scores_are_spread(visit, dataset):
    at = visit("thresholds", dataset, **TAB)
    assert "ticktext" not in charts_of(at)[CHART]["figure"]["layout"]["xaxis"]
    assert at.segmented_control(key="n_bins").options == ["5 bins", "10 bins", "15 bins", "20 bins"]
    assert at.segmented_control(key="n_bins").value == "10"
    at.segmented_control(key="calibration_axis").set_value("logit").run()
    assert charts_of(at)[CHART]["figure"]["layout"]["xaxis"]["ticktext"]


def test_each_class_has_a_row(visit, dataset, ranked):
    at = visit("thresholds", dataset, **TAB)
    at.session_state["calibration_classes"] = True
    rows = table_of(at.run(), "calibration_by_class")
    assert rows["ECE"].tolist() == [reliability(ranked, c).error for c in range(4)]
    assert rows["Brier"].tolist() == calibration_losses(ranked).brier.tolist()


def test_the_answer_comes_when_asked(visit, dataset):
    at = visit("thresholds", dataset, **TAB)
    assert not _says(at, "For micro-F1")
    at.button(key="need_asked").click().run()
    units = np.arange(300)
    need = per_class_need(dataset.first_run, stratified_folds(dataset.first_run, units), units)
    table = table_of(at, "need_table")
    assert table["micro-F1"].tolist() == [need.micro_f1[name] for name in COMPARED]
    assert table["macro-F1"].tolist() == [need.macro_f1[name] for name in COMPARED]
    assert _says(at, "For micro-F1", "For macro-F1")


def test_prevalence_of_all_classes_reweights_and_moves_the_optimum(visit, dataset, ranked):
    at = visit("thresholds", dataset, **TAB)
    at.select_slider(key="prevalence_factor").set_value(0.1).run()
    table = table_of(at, "prevalence_table")
    here = ranked.predictions.prevalence
    shares = 0.1 * here / (0.1 * here + 1 - here)
    counts, best = ranked.counts(0.5), best_f1_at_prevalence(ranked, table["prevalence there"])
    assert table["prevalence there"].tolist() == pytest.approx(shares)
    there = reweighted(counts, shares)
    assert table["precision there"].tolist() == pytest.approx(metrics.precision(there)[0])
    assert table["F1 there"].tolist() == pytest.approx(metrics.f_beta(there)[0])
    alarms = per_thousand(counts, shares)
    assert table["false alarms per 1,000"].tolist() == pytest.approx(alarms.false_alarms[0])
    assert table["misses per 1,000"].tolist() == pytest.approx(alarms.misses[0])
    assert table["best F1 there"].tolist() == best.value.tolist()
    at.button(key="apply_prevalence_all").click().run()
    table = table_of(at, "prevalence_table")
    assert table["F1 there"].tolist() == pytest.approx(best.value)
    assert "at another prevalence, tuned on these samples" in at.container(key="header_thresholds").caption[0].value


def test_one_class_has_its_own_prevalence_and_optimum(visit, dataset, ranked):
    at = visit("thresholds", dataset, **TAB)
    at.selectbox(key="prevalence_class").select(3).run()
    at.slider(key="prevalence_share").set_value(0.5).run()
    table = table_of(at, "prevalence_table")
    assert table["prevalence there"].tolist() == [*ranked.predictions.prevalence[:3], 0.5]
    at.button(key="apply_prevalence_class").click().run()
    best = best_f1_at_prevalence(ranked, 0.5)
    after = table_of(at, "prevalence_table")
    assert after["F1 there"].iloc[3] == pytest.approx(best.value[3])
    assert after["threshold"].tolist()[:3] == table["threshold"].tolist()[:3]
    at.select_slider(key="prevalence_factor").set_value(2.0).run()
    assert table_of(at, "prevalence_table")["prevalence there"].iloc[3] != 0.5


@pytest.mark.parametrize("name", degenerate_datasets())
def test_legal_but_empty_data(visit, name):
    at = visit("thresholds", degenerate_datasets()[name], **TAB)
    at.session_state["calibration_classes"] = True
    at.button(key="need_asked").click().run()
    at.select_slider(key="prevalence_factor").set_value(0.1).run()
    button = at.button(key="apply_prevalence_all")
    if not button.disabled:
        button.click().run()
    assert not at.exception
