"""How long resampling takes, beside resampling the samples physically and asking scikit-learn.

    python tests/benchmarks/resampling.py --size 40000x80 --replicates 1000
    python tests/benchmarks/resampling.py --large 1000000x80

Prints a Markdown table. scikit-learn's loop is measured on a few replicates and scaled: at fixed thresholds micro,
macro, weighted and samples F1, exact match and the F1 of each class; retuned, the best F1 of each class.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import dashboard  # noqa: F401  before NumPy, whose sort it chooses

# isort: split
import argparse
import time
from types import SimpleNamespace

import numpy as np
from sklearn.metrics import accuracy_score, f1_score, precision_recall_curve

from dashboard.core import RankedScores, policies
from dashboard.core.resampling import bootstrap, cross_fit, expected, retune, stratified_folds, unit_codes
from dashboard.core.retuning import OBJECTIVES, PER_CLASS
from tests.benchmarks.ranking import synthetic

PLAIN = SimpleNamespace(ties=False, unknown=0.0)


def seconds(function, *arguments, **options):
    start = time.perf_counter()
    function(*arguments, **options)
    return time.perf_counter() - start


def fixed_loop(labels, predicted, n_replicates):
    """Samples drawn with replacement, and the same metrics of each replicate by scikit-learn."""
    rng = np.random.default_rng(0)
    for _ in range(n_replicates):
        rows = rng.integers(0, len(labels), len(labels))
        for average in ("micro", "macro", "weighted", "samples", None):
            f1_score(labels[rows], predicted[rows], average=average, zero_division=0)
        accuracy_score(labels[rows], predicted[rows])


def retuned_loop(p, classes, n_replicates):
    """Samples drawn with replacement, and the best F1 of these classes by scikit-learn's curves."""
    rng = np.random.default_rng(0)
    for _ in range(n_replicates):
        rows = rng.integers(0, p.n_samples, p.n_samples)
        for c in classes:
            precision, recall, _ = precision_recall_curve(p.labels[rows, c], p.scores[rows, c])
            total = precision + recall
            (2 * precision * recall / np.where(total == 0, 1, total)).max()


def small(p, options):
    """Rows of the table at the size of an evaluation set."""
    units, n = unit_codes(None, p.n_samples), options.replicates
    policy = policies.make_policy("best_per_class")
    r = RankedScores.from_predictions(p)
    decided = policy.tune(r).predict(p)
    few = options.sklearn_replicates
    plain = seconds(fixed_loop, p.labels, decided, few) * n / few
    classes = range(0, p.n_classes, max(1, p.n_classes // 4))
    again = seconds(retuned_loop, p, classes, few) * n / few * p.n_classes / len(classes)
    retune(p, units, n_replicates=1)  # compiles, once for a machine
    yield "fixed thresholds", n, seconds(bootstrap, p, {"a": decided}, units, n), plain
    for objective in OBJECTIVES:
        spent = seconds(retune, p, units, objective, n_replicates=n)
        yield f"retuned, {objective}", n, spent, again if objective == PER_CLASS else None
    yield "all that is expected of best_per_class", n, seconds(expected, r, policy, units, n_replicates=n), None


def large(p, options):
    """Rows of the table at the largest size."""
    units = unit_codes(None, p.n_samples)
    stratified_folds(p.take(np.arange(100)), units[:100])  # compiles, once for a machine
    yield "five folds", "", seconds(stratified_folds, p, units), None
    folds = stratified_folds(p, units)
    policy = policies.make_policy("best_per_class")
    yield "cross-fit, five folds", "", seconds(cross_fit, p, policy, folds), None
    decided = policies.make_policy("fixed").tune(RankedScores.from_predictions(p)).predict(p)
    yield "fixed thresholds", options.replicates, seconds(bootstrap, p, {"a": decided}, units, options.replicates), None


def line(size, row):
    what, n, ours, theirs = row
    ratio = ("", "") if theirs is None else (f"{theirs:.0f} s (scaled)", f"{theirs / ours:.0f}x")
    return f"| {size} | {what} | {n} | {ours:.2f} s | {ratio[0]} | {ratio[1]} |"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", default="40000x80", help="samples x classes beside scikit-learn; empty: none")
    parser.add_argument("--large", default="1000000x80", help="samples x classes for cross-fitting; empty: none")
    parser.add_argument("--replicates", type=int, default=1000)
    parser.add_argument("--sklearn-replicates", type=int, default=2, help="scikit-learn is scaled from so many")
    options = parser.parse_args()
    print("| data | what | replicates | ours | scikit-learn's loop | faster |")
    print("|---|---|---|---|---|---|", flush=True)
    for size, rows in ((options.size, small), (options.large, large)):
        if size:
            p = synthetic(*map(int, size.split("x")), PLAIN)
            for row in rows(p, options):
                print(line(size, row), flush=True)


if __name__ == "__main__":
    main()
