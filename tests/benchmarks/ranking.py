"""How long ranking takes, as ratios on the same data in one run: ours, scikit-learn's per-class loop, bare sorting.

    python tests/benchmarks/ranking.py --size 200000x20 --size 1000000x80

Prints a Markdown table. "Ours" is everything that the pages need of every class: ranking, the vertices of the PR
curve (score, tp, fp at each distinct positive score), average precision and the best F1 with its threshold.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import dashboard  # noqa: F401  before NumPy, whose sort it chooses

# isort: split
import argparse
import resource
import subprocess
import threading
import time

import numpy as np
from sklearn.metrics import average_precision_score, precision_recall_curve

from dashboard.core import Predictions, RankedScores
from dashboard.core.threads import available_cores, run_each


def synthetic(n_samples, n_classes, options):
    """Float32 logits of long-tailed classes, 0.5 to 20 % positive."""
    rng = np.random.default_rng(0)
    prevalence = rng.permutation(np.geomspace(0.005, 0.2, n_classes)).astype(np.float32)
    labels = np.empty((n_samples, n_classes), np.int8)
    scores = np.empty((n_samples, n_classes), np.float32)
    for start in range(0, n_samples, 65_536):
        rows = slice(start, start + 65_536)
        labels[rows] = rng.random(labels[rows].shape, dtype=np.float32) < prevalence
        scores[rows] = rng.standard_normal(labels[rows].shape, dtype=np.float32) + 1.5 * labels[rows] - 2
        if options.ties:
            scores[rows] = np.round(scores[rows] * 100) / 100
        if options.unknown:
            labels[rows][rng.random(labels[rows].shape, dtype=np.float32) < options.unknown] = -1
    return Predictions(scores, labels)


def ours(p, n_threads):
    r = RankedScores.from_predictions(p, n_threads=n_threads)
    best = r.best_f_beta()
    return r.average_precision(), best.value


def bare_minimum(p, n_threads):
    """One transposing copy and a key-only sort per class, on the same threads."""
    rows = np.empty(p.scores.T.shape, p.scores.dtype)
    step = max(1, 131_072 // p.n_classes)  # the fastest of several block sizes

    def transpose(start):
        for first in range(start, min(start + 64 * step, p.n_samples), step):
            rows[:, first : first + step] = p.scores[first : first + step].T

    run_each(transpose, range(0, p.n_samples, 64 * step), n_threads)
    run_each(lambda c: rows[c].sort(), range(p.n_classes), n_threads)


def scikit_learn(p, classes):
    areas, best = [], []
    for c in classes:
        known = p.labels[:, c] >= 0
        y, scores = p.labels[known, c], p.scores[known, c]
        precision, recall, _ = precision_recall_curve(y, scores)
        areas.append(average_precision_score(y, scores))
        total = precision + recall
        best.append((2 * precision * recall / np.where(total == 0, 1, total)).max())
    return np.array(areas), np.array(best)


def seconds(function, *arguments):
    start = time.perf_counter()
    result = function(*arguments)
    return time.perf_counter() - start, result


def fastest_in_turn(functions, repeats):
    """The fastest run of each; in turn, so that whatever else runs on the machine hits all of them."""
    return np.min([[seconds(function)[0] for function in functions] for _ in range(repeats)], axis=0)


def resident_bytes():
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def extra_memory(p, n_threads):
    """The largest resident memory while ranking beyond what it was before, as a ratio of the scores' bytes."""
    before, peak, done = resident_bytes(), 0, threading.Event()

    def watch():
        nonlocal peak
        while not done.wait(0.001):
            peak = max(peak, resident_bytes())

    watcher = threading.Thread(target=watch)
    watcher.start()
    ours(p, n_threads)
    done.set()
    watcher.join()
    return (peak - before) / p.scores.nbytes


def measure(n_samples, n_classes, options):
    p = synthetic(n_samples, n_classes, options)
    threads = options.threads or available_cores()
    memory = extra_memory(p, threads)  # first, before freed pages of other runs can be reused unseen
    classes = np.linspace(0, n_classes - 1, min(options.sklearn_classes, n_classes)).astype(int)
    theirs, expected = seconds(scikit_learn, p, classes)
    theirs *= n_classes / len(classes)
    fast, bare = fastest_in_turn([lambda: ours(p, threads), lambda: bare_minimum(p, threads)], options.repeats)
    found = ours(p, threads)
    for values, reference in zip(found, expected, strict=True):
        np.testing.assert_allclose(values[classes], reference, rtol=0, atol=1e-12)
    extrapolated = "" if len(classes) == n_classes else f" (from {len(classes)} classes)"
    return (
        f"| {n_samples:,} x {n_classes} | {threads} | {fast:.3f} s | {theirs:.1f} s{extrapolated} | {bare:.3f} s "
        f"| {theirs / fast:.0f}x | {fast / bare:.2f}x | {memory:.2f}x |"
    )


def parser_of_sizes(about):
    """With the options that say which data are made; about: the docstring of the script."""
    parser = argparse.ArgumentParser(description=about.splitlines()[0])
    parser.add_argument("--size", action="append", help="samples x classes, such as 200000x20; may be repeated")
    parser.add_argument("--ties", action="store_true", help="round the scores to two decimals")
    parser.add_argument("--unknown", type=float, default=0.0, help="share of unknown cells")
    return parser


def main():
    parser = parser_of_sizes(__doc__)
    parser.add_argument("--threads", type=int, help="default: one per core")
    parser.add_argument("--repeats", type=int, default=5, help="the fastest of this many runs counts")
    parser.add_argument("--sklearn-classes", type=int, default=8, help="scikit-learn is extrapolated from these")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    sizes = options.size or ["200000x20", "1000000x80"]
    if options.one:
        print(measure(*map(int, sizes[0].split("x")), options))
        return
    print("| data | threads | ours | scikit-learn's loop | bare sort | faster | of bare | extra memory |")
    print("|---|---|---|---|---|---|---|---|", flush=True)
    others = [argument for argument in sys.argv[1:] if argument not in ("--size", *sizes)]
    for size in sizes:  # a process each, so that memory freed by one size does not hide what the next one takes
        subprocess.run([sys.executable, __file__, "--one", "--size", size, *others], check=True)


if __name__ == "__main__":
    main()
