"""How long the report of thresholds takes, as ratios in one run: to ranking the scores, and to the numbers it shows.

    python tests/benchmarks/report.py --size 200000x80 --size 1500x10000

Prints a Markdown table. "Numbers" are what a page computes for the same answers: figures with intervals over 1,000
resamples, the frontier, the best thresholds, areas, calibration. The report is these, its charts, tables and HTML.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import dashboard  # noqa: F401  before NumPy, whose sort it chooses

# isort: split
from dashboard.core import RankedScores, ThresholdSet
from dashboard.core.global_optimum import best_global_thresholds
from dashboard.core.headline import fixed_headlines
from dashboard.core.policies.frontier import micro_macro_frontier
from dashboard.core.reliability import reliability
from dashboard.core.sweep import threshold_sweep
from dashboard.inputs.dataset import Dataset
from dashboard.judged_figures import THESE_SAMPLES, judged
from dashboard.report_content import Reported, report_content
from dashboard.reviews.report import report_html
from dashboard.reviews.report.plotly_script import plotly_script
from tests.benchmarks.ranking import parser_of_sizes, seconds, synthetic

AVERAGED = [("f1", average) for average in ("micro", "macro", "weighted")]


def figures(r):
    return {THESE_SAMPLES: judged(r.predictions, ThresholdSet.from_unit(r.predictions, 0.5), None, 0, THESE_SAMPLES)}


def numbers(r):
    """What the report shows, without its charts, tables and HTML."""
    figures(r)
    micro_macro_frontier(r)
    best_global_thresholds(r, AVERAGED)
    threshold_sweep(r)
    reliability(r)
    fixed_headlines(r, {}, rowwise=True)
    return r.average_precision(), r.best_f_beta()


def report(r):
    """Its HTML."""
    p = r.predictions
    rule = ThresholdSet.from_unit(p, 0.5)
    told = Reported(Dataset("benchmark", {"run": p}), "run", rule, figures(r), "0.5 everywhere", ranked={"run": r})
    return report_html(report_content(told, title="Benchmark", created=""))


def measure(size, options):
    p = synthetic(*map(int, size.split("x")), options)
    ranking, r = seconds(RankedScores.from_predictions, p)
    known, _ = seconds(numbers, r)
    whole, html = seconds(report, RankedScores.from_predictions(p))
    return (
        f"| {size} | {ranking:.2f} s | {known:.1f} s | {whole:.1f} s | {whole / ranking:.0f}x | {whole / known:.2f}x "
        f"| {len(html.encode()) / 1e6:.1f} MB |"
    )


def main():
    options = parser_of_sizes(__doc__).parse_args()
    plotly_script()  # packed once for a process
    print("| data | ranking | numbers | report | of ranking | of its numbers | size |")
    print("|---|---|---|---|---|---|---|", flush=True)
    for size in options.size or ["200000x80", "1500x10000"]:
        print(measure(size, options), flush=True)


if __name__ == "__main__":
    main()
