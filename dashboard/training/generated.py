"""Samples made up to order: how rare classes are, how labels hang together, what features say, what annotators miss.

Knows nothing of the parts the samples are split into. Same settings and seed, same samples.
"""

from statistics import NormalDist

import numpy as np

from dashboard.core.feature_table import FeatureTable
from dashboard.training.plan import PlanError

GROUP_SIZE = 5  # classes that share a latent factor
MOST_CELLS = 100_000_000


def prevalence_ladder(settings: dict) -> np.ndarray:
    """The share of positives of each class, (n_classes,), from the commonest down in equal ratios."""
    n_classes = settings["n_classes"]
    steps = np.arange(n_classes) / max(n_classes - 1, 1)
    return settings["prevalence"] * settings["imbalance"] ** -steps


def generated_table(settings: dict, seed: int) -> FeatureTable:
    """Features and the labels that annotators give, without noise and unknowns yet: see `annotated`.

    A class is true where a normal latent value exceeds the quantile of its prevalence. Classes c, c + g, c + 2 g, ...
    (g groups of about five) share a factor that makes up `correlation` of the variance, so that common and rare ones
    are correlated. Features are normal noise of deviation 1, moved by `separation` along a direction of length 1 for
    each class that is true.
    """
    n_samples, n_features, n_classes = (settings[name] for name in ("n_samples", "n_features", "n_classes"))
    check_size(settings)
    n_groups = -(-n_classes // GROUP_SIZE)
    shared = _stream(seed, "factors").standard_normal((n_samples, n_groups))[:, np.arange(n_classes) % n_groups]
    own = _stream(seed, "classes").standard_normal((n_samples, n_classes))
    latent = np.sqrt(settings["correlation"]) * shared + np.sqrt(1 - settings["correlation"]) * own
    labels = (latent > [NormalDist().inv_cdf(1 - share) for share in prevalence_ladder(settings)]).astype(np.int8)
    directions = _stream(seed, "directions").standard_normal((n_classes, n_features))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    features = _stream(seed, "noise").standard_normal((n_samples, n_features))
    features += settings["separation"] * (labels @ directions)
    return table_of("generated samples", features, labels)


def annotated(labels: np.ndarray, settings: dict, seed: int) -> np.ndarray:
    """The labels after `label_noise` of the cells were turned around and `unknown_share` of them became -1."""
    labels = labels.copy()
    is_wrong = _stream(seed, "label noise").random(labels.shape) < settings["label_noise"]
    labels[is_wrong] = 1 - labels[is_wrong]
    labels[_stream(seed, "unknown").random(labels.shape) < settings["unknown_share"]] = -1
    return labels


def word_count_table(settings: dict, seed: int) -> FeatureTable:
    """scikit-learn's `make_multilabel_classification`: counts of words in texts on several topics at once."""
    from sklearn.datasets import make_multilabel_classification  # half a second, only needed here

    check_size(settings)
    if settings["n_labels"] > settings["n_classes"]:
        raise PlanError(
            f"Classes per sample must be at most the {settings['n_classes']:,} classes, got {settings['n_labels']:,}: "
            "lower them, or ask for more classes."
        )
    names = ("n_samples", "n_features", "n_classes", "n_labels", "length", "allow_unlabeled")
    features, labels = make_multilabel_classification(**{name: settings[name] for name in names}, random_state=seed)
    return table_of("scikit-learn's word counts", features.astype(np.float64), labels.astype(np.int8))


def table_of(name: str, features: np.ndarray, labels: np.ndarray) -> FeatureTable:
    numbers = {f"feature {i}": column for i, column in enumerate(np.ascontiguousarray(features.T))}
    return FeatureTable(name, labels, tuple(f"class {c}" for c in range(labels.shape[1])), numbers)


def check_size(settings: dict) -> None:
    """PlanError where the features or the labels would not fit a small machine."""
    for name in ("n_features", "n_classes"):
        n_cells = settings["n_samples"] * settings[name]
        if n_cells > MOST_CELLS:
            raise PlanError(
                f"Samples times {name[2:]} must be at most {MOST_CELLS:,}, got {settings['n_samples']:,} times "
                f"{settings[name]:,}: choose fewer of either."
            )


def _stream(seed: int, purpose: str) -> np.random.Generator:
    """A random stream for each purpose: a change of one setting leaves what the others draw as it was."""
    return np.random.Generator(np.random.PCG64([seed, *purpose.encode()]))
