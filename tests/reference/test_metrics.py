"""Metrics of counts against scikit-learn for every average and zero_division, and against recorded numbers."""

import json
from pathlib import Path

import numpy as np
import pytest
from sklearn import metrics as sk

from dashboard.core import Counts, Predictions, RankedScores, metrics
from tests.reference.problems import random_predictions

SEEDS = range(200)
AVERAGES = [None, "micro", "macro", "weighted"]
ZERO_DIVISIONS = [0.0, 1.0, np.nan]
RECORDED = json.loads((Path(__file__).parent / "values.json").read_text())
close = {"rtol": 0, "atol": 1e-12}


def decided(seed):
    """Predictions, decisions at random thresholds and, as engine output, their counts."""
    p = random_predictions(seed)
    rng = np.random.default_rng(seed)
    thresholds = np.array([rng.choice(np.append(column, np.inf)) for column in p.scores.T], dtype=p.scores.dtype)
    return p, p.scores >= thresholds, RankedScores.from_predictions(p).counts_at_scores(thresholds[None, :])


def as_multilabel(p, predicted):
    """Labels and decisions for metrics without tn, where an unknown cell may stand as a true negative."""
    known = p.labels >= 0
    return ((p.labels == 1) & known).astype(int), (predicted & known).astype(int)


def check(metric, expected, c, **parameters):
    found = metric(c, **parameters)
    assert found.shape == ((1, c.tp.shape[1]) if parameters["average"] is None else (1,))
    np.testing.assert_allclose(found[0], expected, **close)


@pytest.mark.parametrize("average", AVERAGES)
@pytest.mark.parametrize("zero_division", ZERO_DIVISIONS)
def test_precision_recall_and_f_beta_equal_scikit_learn(average, zero_division):
    for seed in SEEDS:
        p, predicted, c = decided(seed)
        y, predicted = as_multilabel(p, predicted)
        beta = (1.0, 0.5, 2.0)[seed % 3]
        options = {"average": average, "zero_division": zero_division}
        if p.n_classes == 1:  # scikit-learn takes one column for a binary problem and averages over its two sides
            y, predicted = np.pad(y, ((0, 0), (0, 1))), np.pad(predicted, ((0, 0), (0, 1)))
        expected = sk.precision_recall_fscore_support(y, predicted, beta=beta, labels=range(p.n_classes), **options)
        check(metrics.precision, expected[0], c, **options)
        check(metrics.recall, expected[1], c, **options)
        check(metrics.f_beta, expected[2], c, beta=beta, **options)


@pytest.mark.parametrize("average", AVERAGES)
@pytest.mark.parametrize("zero_division", [0, 1])  # its jaccard_score knows no nan
def test_jaccard_equals_scikit_learn(average, zero_division):
    for seed in SEEDS:
        p, predicted, c = decided(seed)
        y, predicted = as_multilabel(p, predicted)
        options = {"average": average, "zero_division": zero_division}
        y, predicted = np.pad(y, ((0, 0), (0, 1))), np.pad(predicted, ((0, 0), (0, 1)))
        check(metrics.jaccard, sk.jaccard_score(y, predicted, labels=range(p.n_classes), **options), c, **options)


def per_class(p, predicted, function):
    """A scikit-learn metric of the known cells of each class, NaN for a class without any."""
    values = []
    for y, decision in zip(p.labels.T, predicted.T, strict=True):
        values.append(function(y[y >= 0].astype(int), decision[y >= 0].astype(int)) if (y >= 0).any() else np.nan)
    return np.array(values)


def pooled(p, predicted, function):
    known = p.labels >= 0
    return function(p.labels[known].astype(int), predicted[known].astype(int)) if known.any() else np.nan


def averaged(values, support, average):
    defined = ~np.isnan(values)
    if not defined.any():
        return np.nan
    weights = support[defined] if average == "weighted" and support[defined].any() else None
    return np.average(values[defined], weights=weights)


@pytest.mark.parametrize("zero_division", ZERO_DIVISIONS)
def test_specificity_equals_the_recall_of_the_negatives(zero_division):
    """scikit-learn's "weighted" would weight by negatives here; ours weights every metric by known positives."""

    def recall_of_negatives(y, decision):
        return sk.recall_score(y, decision, labels=[0], average="macro", zero_division=zero_division)

    for seed in SEEDS:
        p, predicted, c = decided(seed)
        values = per_class(p, predicted, recall_of_negatives)
        values[p.n_known == 0] = zero_division
        check(metrics.specificity, values, c, average=None, zero_division=zero_division)
        for average in ("macro", "weighted"):
            expected = averaged(values, p.support, average)
            check(metrics.specificity, expected, c, average=average, zero_division=zero_division)
        expected = pooled(p, predicted, recall_of_negatives)
        expected = zero_division if not (p.labels >= 0).any() else expected
        check(metrics.specificity, expected, c, average="micro", zero_division=zero_division)


@pytest.mark.filterwarnings("ignore:A single label was found")
def test_matthews_corrcoef_equals_scikit_learn():
    """scikit-learn knows no averages and calls 0/0 zero, our default too."""
    for seed in SEEDS:
        p, predicted, c = decided(seed)
        values = np.nan_to_num(per_class(p, predicted, sk.matthews_corrcoef))
        check(metrics.matthews_corrcoef, values, c, average=None)
        check(metrics.matthews_corrcoef, values.mean(), c, average="macro")
        check(metrics.matthews_corrcoef, averaged(values, p.support, "weighted"), c, average="weighted")
        check(metrics.matthews_corrcoef, np.nan_to_num(pooled(p, predicted, sk.matthews_corrcoef)), c, average="micro")


@pytest.mark.filterwarnings("ignore:A single label was found")
def test_matthews_corrcoef_with_nan_skips_classes_where_label_or_decision_is_constant():
    n_constant = 0
    for seed in SEEDS:
        p, predicted, c = decided(seed)
        constant = np.array([min(tp + fn, tn + fp, tp + fp, tn + fn) == 0 for tp, fp, fn, tn in cells(c)])
        n_constant += constant.sum()
        values = np.where(constant, np.nan, per_class(p, predicted, sk.matthews_corrcoef))
        check(metrics.matthews_corrcoef, values, c, average=None, zero_division=np.nan)
        check(metrics.matthews_corrcoef, averaged(values, p.support, "macro"), c, average="macro", zero_division=np.nan)
    assert n_constant > 50


def cells(c):
    return zip(c.tp[0], c.fp[0], c.fn[0], c.tn[0], strict=True)


def test_hamming_loss_equals_scikit_learn():
    """ "micro" is scikit-learn's hamming_loss over the known cells; equal to "macro" where every cell is known."""
    for seed in SEEDS:
        p, predicted, c = decided(seed)
        values = per_class(p, predicted, sk.hamming_loss)
        check(metrics.hamming_loss, values, c, average=None, zero_division=np.nan)
        check(metrics.hamming_loss, averaged(values, p.support, "macro"), c, average="macro", zero_division=np.nan)
        weighted = averaged(values, p.support, "weighted")
        check(metrics.hamming_loss, weighted, c, average="weighted", zero_division=np.nan)
        check(metrics.hamming_loss, pooled(p, predicted, sk.hamming_loss), c, average="micro", zero_division=np.nan)


@pytest.fixture(scope="module")
def ranked() -> RankedScores:
    data = RECORDED["metric_fixture"]
    return RankedScores.from_predictions(Predictions(data["scores"], data["targets"], "probabilities"))


@pytest.mark.parametrize("rule", [">=", ">"])
@pytest.mark.parametrize("zero_division", ZERO_DIVISIONS)
def test_recorded_precision_recall_and_f1(ranked, rule, zero_division):
    """The records for `>` come out too, one float above 0.5."""
    c = ranked.counts(0.5 if rule == ">=" else np.nextafter(0.5, 1))
    recorded = RECORDED["metrics"][f"threshold_0.5_score{rule}t_sklearn"][f"zero_division={zero_division:.0f}"]
    for average in ("micro", "macro", "weighted"):
        for name, metric in (("precision", metrics.precision), ("recall", metrics.recall), ("f1", metrics.f_beta)):
            check(metric, recorded[f"{name}_{average}"], c, average=average, zero_division=zero_division)
    check(metrics.f_beta, recorded["f1_per_class"], c, average=None, zero_division=zero_division)


@pytest.mark.parametrize("rule", [">=", ">"])
def test_recorded_other_metrics(ranked, rule):
    c = ranked.counts(0.5 if rule == ">=" else np.nextafter(0.5, 1))
    recorded = RECORDED["metrics"][f"threshold_0.5_score{rule}t_sklearn"]
    for average in ("micro", "macro", "weighted"):
        check(metrics.jaccard, recorded[f"jaccard_{average}"], c, average=average)
    for average in ("micro", "macro"):
        for beta in (0.5, 2):
            check(metrics.f_beta, recorded[f"fbeta_{average}_{beta}"], c, beta=beta, average=average)
        check(metrics.hamming_loss, recorded["hamming_loss"], c, average=average)
    check(metrics.matthews_corrcoef, recorded["mcc_per_class"], c, average=None)
    confusion = np.array([c.tn[0], c.fp[0], c.fn[0], c.tp[0]]).T
    np.testing.assert_array_equal(confusion, recorded["multilabel_confusion_matrix_tn_fp_fn_tp"])


def test_macro_f1_is_not_f1_of_the_mean_precision_and_recall():
    """Opitz and Burst, arXiv 1911.03347: the two can reverse a ranking. Ours is the mean of the classes' F1."""
    c = Counts(*(np.array([counts]) for counts in ([9, 1], [1, 9], [90, 0], [0, 90])))
    macro = metrics.f_beta(c, average="macro")[0]
    precision, recall = metrics.precision(c, average="macro")[0], metrics.recall(c, average="macro")[0]
    assert macro == pytest.approx((18 / 109 + 2 / 11) / 2)
    assert 2 * precision * recall / (precision + recall) > macro + 0.3
