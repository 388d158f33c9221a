"""Simulated multi-label data with a known population: normal scores, the positives' mean higher by `separation`.

With units of several samples most samples carry the label of their unit, and half of the variance of their scores is
the unit's; the population of single samples stays the same.
"""

from math import erf

import numpy as np

from dashboard.core import Predictions

LABEL_OF_UNIT = 0.7  # share of samples that carry it


def simulated(seed, n_samples, prevalence, separation, unit_size=1) -> tuple[Predictions, np.ndarray]:
    """Predictions and the unit of each sample."""
    rng = np.random.default_rng(seed)
    shape = (n_samples, len(prevalence))
    units = np.arange(n_samples) // unit_size
    labels, noise = rng.random(shape) < prevalence, rng.standard_normal(shape)
    if unit_size > 1:
        of_unit, shared = rng.random(shape) < prevalence, rng.standard_normal(shape)
        labels = np.where(rng.random(shape) < LABEL_OF_UNIT, of_unit[units], labels)
        noise = np.sqrt(0.5) * (shared[units] + noise)
    return Predictions(noise + separation * labels, labels.astype(np.int8)), units


def population_f1(score_thresholds, prevalence, separation) -> tuple[float, float]:
    """Micro and macro F1 of these thresholds on endless samples."""
    tp = prevalence * _upper_tail(score_thresholds - separation)
    predicted = tp + (1 - prevalence) * _upper_tail(score_thresholds)
    return float(2 * tp.sum() / (prevalence + predicted).sum()), float(np.mean(2 * tp / (prevalence + predicted)))


def _upper_tail(z):
    return np.array([0.5 * (1 - erf(each / np.sqrt(2))) for each in np.minimum(z, 50.0)])
