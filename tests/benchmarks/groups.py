"""Counting decisions in groups of samples, beside taking each group and counting it: prints a Markdown table.

Run: python tests/benchmarks/groups.py [n_samples n_classes]
"""

import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from dashboard.core import Counts, Predictions, ThresholdSet
from dashboard.core.groups import group_counts, reader_group_counts
from dashboard.core.threads import available_cores

REPEATS = 5


def problem(n_samples: int, n_classes: int) -> tuple[Predictions, np.ndarray]:
    """Scores in float32, a tenth of the cells unknown, and a reader's decisions."""
    rng = np.random.default_rng(0)
    scores = rng.standard_normal((n_samples, n_classes), dtype=np.float32)
    labels = (rng.random(scores.shape, dtype=np.float32) < 0.05).astype(np.int8)
    labels[rng.random(scores.shape, dtype=np.float32) < 0.1] = -1
    return Predictions(scores, labels), (scores > 1).astype(np.int8)


def best_time(function) -> float:
    """Seconds of the fastest of a few runs."""
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return min(times)


def one_after_the_other(p, thresholds, groups, n_groups):
    """What the fast way is measured against."""
    return [
        Counts.from_predicted(part, thresholds.predict(part))
        for part in (p.take(groups == group) for group in range(n_groups))
    ]


def main(n_samples: int = 1_000_000, n_classes: int = 80) -> None:
    p, decided = problem(n_samples, n_classes)
    thresholds = ThresholdSet.from_unit(p, 0.7)
    print(f"{n_samples:,} x {n_classes:,}, {available_cores()} cores, fastest of {REPEATS}\n")
    print("| groups | at thresholds | of a reader | each group taken and counted |")
    print("|---:|---:|---:|---:|")
    for n_groups in (2, 10, 50, 200):
        groups = np.random.default_rng(1).integers(0, n_groups, n_samples)
        times = [best_time(lambda: group_counts(p, thresholds, groups, n_groups))]  # noqa: B023
        times.append(best_time(lambda: reader_group_counts(p, decided, groups, n_groups)))  # noqa: B023
        times.append(best_time(lambda: one_after_the_other(p, thresholds, groups, n_groups)))  # noqa: B023
        print(f"| {n_groups} | " + " | ".join(f"{1000 * seconds:.0f} ms" for seconds in times) + " |", flush=True)


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:3]))
