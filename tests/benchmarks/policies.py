"""How long each threshold policy takes once the scores are ranked, beside the loops that teams write.

    python tests/benchmarks/policies.py --size 200000x20 --size 1000000x80

Prints a Markdown table per size. Beside ours stand, on the same data in one run: scikit-learn's per-class loop
(`precision_recall_curve`, then the best F1), from a few classes; and a grid of 101 thresholds per class, the best by
F1. Policies that pass over whole
samples, and those for which a column of the data is needed, are left out.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import dashboard  # noqa: F401  before NumPy, whose sort it chooses

# isort: split
import argparse
import subprocess
import time

import numpy as np
from sklearn.metrics import precision_recall_curve

from dashboard.core import RankedScores, ThresholdSet, metrics, policies
from dashboard.core.threads import available_cores
from tests.benchmarks.ranking import fastest_in_turn, parser_of_sizes, seconds, synthetic

GRID = np.linspace(0, 1, 101)


def scikit_learn_loop(p, classes):
    """The best F1 of each class and its threshold."""
    best = []
    for c in classes:
        known = p.labels[:, c] >= 0
        precision, recall, thresholds = precision_recall_curve(p.labels[known, c], p.scores[known, c])
        total = precision + recall
        f1 = 2 * precision * recall / np.where(total == 0, 1, total)
        best.append((f1[:-1].max(), thresholds[f1[:-1].argmax()]))
    return np.array(best)


def grid_loop(p, classes):
    """The best F1 of each class on the grid, and its threshold."""
    best = []
    for c in classes:
        known = p.labels[:, c] >= 0
        positive, probabilities = p.labels[known, c] == 1, 1 / (1 + np.exp(-p.scores[known, c]))
        f1 = []
        for threshold in GRID:
            predicted = probabilities >= threshold
            tp = np.count_nonzero(predicted & positive)
            f1.append(2 * tp / max(1, np.count_nonzero(predicted) + np.count_nonzero(positive)))
        best.append((max(f1), GRID[int(np.argmax(f1))]))
    return np.array(best)


def separable(r):
    """name -> function of the ranked scores, of every registered policy that needs neither samples nor columns."""
    whole = {"micro_macro_frontier": policies.micro_macro_frontier}
    for name, kind in policies.POLICIES.items():
        if not kind.by_sample:
            whole[name] = policies.make_policy(name).tune
    return {name: (lambda function=function: function(r)) for name, function in whole.items()}


def averages(r, thresholds):
    c = r.counts(thresholds)
    return tuple(float(metrics.f_beta(c, average=average)[0]) for average in ("micro", "macro"))


def measure(n_samples, n_classes, options):
    p = synthetic(n_samples, n_classes, options)
    classes = np.linspace(0, n_classes - 1, min(options.loop_classes, n_classes)).astype(int)
    loops = {"scikit-learn's loop": scikit_learn_loop, "101-point grid": grid_loop}
    taken = {name: seconds(loop, p, classes)[0] * n_classes / len(classes) for name, loop in loops.items()}
    ranking, r = seconds(lambda: RankedScores.from_predictions(p))
    start = time.perf_counter()
    r.best_f_beta()  # the first policy finds how many are predicted at each positive; the others share it
    first = time.perf_counter() - start
    print(f"\n{n_samples:,} x {n_classes}, {int(p.support.sum()):,} positives, {available_cores()} cores.", end=" ")
    print(f"Ranking {ranking:.2f} s, counts at the positives {first:.2f} s.", end=" ")
    print(*(f"{name} {duration:.1f} s." for name, duration in taken.items()), f"Loops from {len(classes)} classes.\n")
    print("| policy | time | scikit-learn's loop / ours | grid / ours | micro-F1 | macro-F1 |")
    print("|---|---|---|---|---|---|")
    functions = {name: each for name, each in separable(r).items() if not options.policy or name in options.policy}
    times = fastest_in_turn(functions.values(), options.repeats)
    for (name, function), duration in zip(functions.items(), times, strict=True):
        found = function()
        shown = [f"{value:.4f}" for value in averages(r, found)] if isinstance(found, ThresholdSet) else ["", ""]
        ratios = [f"{theirs / duration:.0f}x" for theirs in taken.values()]
        print(f"| {name} | {duration:.3f} s | {' | '.join([*ratios, *shown])} |", flush=True)
    for name, loop in loops.items():
        if len(classes) == n_classes:
            print(f"| {name} | {taken[name]:.1f} s | | | {' | '.join(_of_loop(r, name, loop(p, classes)))} |")


def _of_loop(r, name, best):
    make = ThresholdSet.from_scores if name.startswith("scikit") else ThresholdSet.from_unit
    return [f"{value:.4f}" for value in averages(r, make(r.predictions, best[:, 1]))]


def main():
    parser = parser_of_sizes(__doc__)
    parser.add_argument("--policy", action="append", help="only this one; may be repeated")
    parser.add_argument("--repeats", type=int, default=3, help="the fastest of this many runs counts")
    parser.add_argument("--loop-classes", type=int, default=4, help="the loops are extrapolated from these")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    sizes = options.size or ["200000x20", "1000000x80"]
    if options.one:
        measure(*map(int, sizes[0].split("x")), options)
        return
    others = [argument for argument in sys.argv[1:] if argument not in ("--size", *sizes)]
    for size in sizes:  # a process each, so that memory freed by one size does not help the next
        subprocess.run([sys.executable, __file__, "--one", "--size", size, *others], check=True)


if __name__ == "__main__":
    main()
