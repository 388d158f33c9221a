"""How long the lists of samples take at a size, each answer from the arrays as they were loaded, nothing kept between.

    python tests/benchmarks/samples.py --size 1000000x80

Prints a Markdown table: the fastest and the median of some repeats, over different classes.
"""

import argparse
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from dashboard.core import RankedScores, ThresholdSet
from dashboard.core.flips import FlipCounts, class_flips, flips_per_sample, most_flips
from dashboard.core.sample_cells import sample_cells
from dashboard.core.sample_lists import flipped_samples, outcome_samples
from dashboard.inputs.dataset import Dataset
from dashboard.ui.panels.sample_list import Listing
from dashboard.ui.panels.sample_table import samples_table
from dashboard.ui.tables import to_csv
from dashboard.ui.view import View
from tests.benchmarks.ranking import synthetic

PAGE = 25


def answers(p, r, before, after):
    """name -> a function of a class index."""
    lows, highs = before.score_thresholds, after.score_thresholds

    def middle(c):
        total = outcome_samples(p, c, highs[c], "tn", 0, 0).total
        return outcome_samples(p, c, highs[c], "tn", total // 2, PAGE)

    return {
        "false alarms of a class, first page": lambda c: outcome_samples(p, c, highs[c], "fp", 0, PAGE),
        "misses of a class, first page": lambda c: outcome_samples(p, c, highs[c], "fn", 0, PAGE),
        "correctly left out, its length and the page in the middle": middle,
        "correctly left out, the whole list": lambda c: outcome_samples(p, c, highs[c], "tn"),
        "flips of a class, counts": lambda c: class_flips(r, c, lows[c], highs[c]),
        "flips of a class, first page": lambda c: flipped_samples(p, c, lows[c], highs[c], 0, PAGE),
        "flips of all classes, counts": lambda _: FlipCounts.between(r.counts(before), r.counts(after)),
        "flips of all classes, first page": lambda _: most_flips(flips_per_sample(p, before, after), 0, PAGE),
        "one whole sample": lambda c: sample_cells(p, c, after).order(),
    }


def seconds(function, *arguments):
    start = time.perf_counter()
    function(*arguments)
    return time.perf_counter() - start


def files(p, after):
    """name -> a function that makes the CSV of a whole list, with the names of the true and predicted classes."""
    dataset = Dataset("benchmark", {"run": p})
    view = View(dataset, "run", dataset)

    def csv(kind):
        listing = Listing(kind, 0, after)
        return to_csv(samples_table(view, listing, listing.page(p).rows, whole=True))

    return {f"CSV of all {kind}": lambda kind=kind: csv(kind) for kind in ("fp", "tn")}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", default="1000000x80", help="samples x classes")
    parser.add_argument("--repeats", type=int, default=9)
    parser.add_argument("--ties", action="store_true", help="round the scores to two decimals")
    parser.add_argument("--unknown", type=float, default=0.0, help="share of unknown cells")
    options = parser.parse_args()
    p = synthetic(*map(int, options.size.split("x")), options)
    r = RankedScores.from_predictions(p)
    before, after = ThresholdSet.from_unit(p, 0.5), ThresholdSet.from_unit(p, 0.3)
    rows = []
    for name, answer in answers(p, r, before, after).items():
        classes = np.arange(options.repeats) * 7 % p.n_classes  # not twice in a row, so that no cache helps
        times = [1e3 * seconds(answer, c) for c in classes]
        rows.append((name, f"{min(times):.1f} ms", f"{np.median(times):.1f} ms"))
    for name, make in files(p, after).items():
        rows.append((name, f"{seconds(make):.1f} s", ""))
    print(f"| {options.size} {p.scores.dtype} | fastest | median |\n|---|---|---|")
    print("\n".join(f"| {' | '.join(row)} |" for row in rows))


if __name__ == "__main__":
    main()
