"""How long comparing two runs takes, beside scikit-learn's average precision with weights in a loop.

    python tests/benchmarks/comparison.py --size 40000x80 --replicates 1000

Prints a Markdown table. The loop is measured on a few classes of one replicate and scaled to both runs, all classes and
all replicates; it gives the intervals of average precision alone.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import dashboard  # noqa: F401  before NumPy, whose sort it chooses

# isort: split
import argparse
import time

import numpy as np
from sklearn.metrics import average_precision_score

from dashboard.core import Predictions, RankedScores, ThresholdSet
from dashboard.core.comparison import compare_runs
from tests.benchmarks.resampling import PLAIN, seconds, synthetic

CLASSES = 4


def loop(p, weights):
    for c in range(CLASSES):
        average_precision_score(p.labels[:, c], p.scores[:, c], sample_weight=weights)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", default="40000x80", help="samples x classes")
    parser.add_argument("--replicates", type=int, default=1000)
    options = parser.parse_args()
    p = synthetic(*map(int, options.size.split("x")), PLAIN)
    rng = np.random.default_rng(1)
    noise = rng.standard_normal(p.scores.shape).astype(p.scores.dtype)
    runs = [RankedScores.from_predictions(each) for each in (p, Predictions(p.scores + noise, p.labels))]
    in_use = [ThresholdSet.from_unit(r.predictions, 0.5) for r in runs]
    small = [RankedScores.from_predictions(r.predictions.take(np.arange(100))) for r in runs]
    compare_runs(*small, *in_use, np.arange(100), n_replicates=1)  # compiles, once for a machine
    start = time.perf_counter()
    found = compare_runs(*runs, *in_use, np.arange(p.n_samples), n_replicates=options.replicates)
    ours = time.perf_counter() - start
    theirs = seconds(loop, p, rng.poisson(1.0, p.n_samples)) / CLASSES * p.n_classes * 2 * found.n_replicates
    print("| data | replicates | ours, all parts | scikit-learn's loop, AP alone (scaled) | faster |")
    print("|---|---|---|---|---|")
    print(f"| {options.size} | {found.n_replicates} | {ours:.1f} s | {theirs:.0f} s | {theirs / ours:.0f}x |")


if __name__ == "__main__":
    main()
