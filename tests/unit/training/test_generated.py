"""Each knob of the generator does what its name says, measured on what comes out."""

from statistics import NormalDist

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from dashboard.training.data_sets import default_settings
from dashboard.training.generated import annotated, generated_table, prevalence_ladder, word_count_table
from dashboard.training.plan import PlanError

N = 20_000


def settings(**changes):
    return default_settings("generated") | {"n_samples": N, "n_features": 8, "n_classes": 6} | changes


def matrix(table):
    return np.column_stack(list(table.numbers.values()))


def phi(labels, first, second):
    return np.corrcoef(labels[:, first], labels[:, second])[0, 1]


@pytest.mark.parametrize(("prevalence", "imbalance"), [(0.4, 10.0), (0.1, 1.0), (0.5, 100.0)])
def test_prevalences_fall_in_equal_ratios_from_the_commonest_as_asked(prevalence, imbalance):
    chosen = settings(prevalence=prevalence, imbalance=imbalance)
    ladder = prevalence_ladder(chosen)
    assert ladder[0] == prevalence
    assert ladder[0] / ladder[-1] == pytest.approx(imbalance)
    assert np.allclose(ladder[1:] / ladder[:-1], ladder[1] / ladder[0])
    found = generated_table(chosen, 0).labels.mean(axis=0)
    assert (np.abs(found - ladder) < 4 * np.sqrt(ladder * (1 - ladder) / N)).all()


def test_classes_of_a_group_are_correlated_as_asked_and_those_of_two_groups_are_not():
    labels = {r: generated_table(settings(correlation=r, imbalance=1.0), 0).labels for r in (0.0, 0.5, 0.9)}
    within = [phi(labels[r], 0, 2) for r in labels]
    assert abs(within[0]) < 0.03
    assert 0.2 < within[1] < 0.45 < 0.6 < within[2]
    assert abs(phi(labels[0.9], 0, 1)) < 0.03  # six classes make two groups


def test_two_normal_halves_at_the_median_have_the_phi_that_theory_says():
    labels = generated_table(settings(correlation=0.5, imbalance=1.0, prevalence=0.5), 0).labels
    assert phi(labels, 0, 2) == pytest.approx(2 / np.pi * np.arcsin(0.5), abs=0.02)


@pytest.mark.parametrize("separation", [0.0, 1.0, 3.0])
def test_separation_is_the_distance_of_positives_from_negatives_in_deviations(separation):
    table = generated_table(settings(n_classes=1, separation=separation), 0)
    y, x = table.labels[:, 0], matrix(table)
    centres = x[y == 1].mean(axis=0) - x[y == 0].mean(axis=0)
    assert np.linalg.norm(centres) == pytest.approx(separation, abs=0.06)
    best = NormalDist().cdf(separation / np.sqrt(2))
    assert roc_auc_score(y, x @ (centres if separation else np.ones(8))) == pytest.approx(best, abs=0.015)


def test_label_noise_turns_its_share_of_the_cells_around():
    truth = generated_table(settings(), 0).labels
    assert np.array_equal(annotated(truth, settings(), 0), truth)
    noisy = annotated(truth, settings(label_noise=0.1), 0)
    assert (noisy != truth).mean() == pytest.approx(0.1, abs=0.005)
    assert set(np.unique(noisy)) == {0, 1}


def test_unknown_labels_are_their_share_of_the_cells_and_the_others_stay():
    truth = generated_table(settings(), 0).labels
    hidden = annotated(truth, settings(unknown_share=0.3), 0)
    assert (hidden == -1).mean() == pytest.approx(0.3, abs=0.006)
    assert (hidden[hidden >= 0] == truth[hidden >= 0]).all()


def test_a_seed_repeats_and_a_knob_leaves_what_others_draw():
    first, again, other = (generated_table(settings(n_samples=50), seed) for seed in (0, 0, 1))
    assert np.array_equal(matrix(first), matrix(again))
    assert not np.array_equal(matrix(first), matrix(other))
    rarer = generated_table(settings(n_samples=50, prevalence=0.2), 0)
    assert (rarer.labels <= first.labels).all()


def test_word_counts_are_scikit_learns():
    from sklearn.datasets import make_multilabel_classification

    chosen = default_settings("make_multilabel_classification") | {"n_samples": 40}
    x, y = make_multilabel_classification(40, 30, n_classes=10, n_labels=2, length=50, random_state=5)
    table = word_count_table(chosen, 5)
    assert np.array_equal(matrix(table), x)
    assert np.array_equal(table.labels, y)


def test_more_classes_per_sample_than_classes_are_refused():
    chosen = default_settings("make_multilabel_classification") | {"n_classes": 3, "n_labels": 4}
    with pytest.raises(PlanError, match="Classes per sample must be at most the 3 classes, got 4"):
        word_count_table(chosen, 0)


def test_what_would_not_fit_a_small_machine_is_refused():
    with pytest.raises(PlanError, match="Samples times features must be at most 100,000,000, got 500,000 times 2,000"):
        generated_table(settings(n_samples=500_000, n_features=2000), 0)
