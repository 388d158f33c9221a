"""Trained runs as tables of text: thresholds are tuned on the validation part, figures are of the test part.

Every figure is core's.
"""

from itertools import groupby

import numpy as np

from dashboard.core import Predictions, RankedScores, metrics
from dashboard.core.policies import best_micro_f_beta, best_per_class
from dashboard.sentences import counted
from dashboard.text_table import aligned
from dashboard.training.across_seeds import Spread, VariantPair, across_seeds
from dashboard.training.devices import choose_device
from dashboard.training.models import parameter_count

COLUMNS = ("mAP", "micro AP", "micro-F1 at 0.5", "macro-F1 at 0.5", "micro-F1 tuned", "macro-F1 tuned")
MEANING = (
    "Of the test part. Tuned: at the thresholds that make micro-F1, or each class's F1, best on the validation part. "
    "mAP: mean over classes of the average precision; micro AP: that of all cells together."
)

PAIR_COLUMNS = ("", "total", "threshold", "ranking", "mAP", "")
PAIR_MEANING = (
    "Differences in macro-F1 on the test part: total = threshold + ranking. Total: both at 0.5; ranking: each at its "
    "own best thresholds, tuned without the sample. In words: better or worse ranking where the interval of mAP, over "
    "resampled samples, excludes 0; mostly the threshold where only those of total and threshold do."
)


def size_text(plan, data) -> str:
    """How large the model is and where it trains; PlanError where the plan cannot be carried out."""
    n_parameters = parameter_count(plan.model, data.input_shape, data.n_classes)
    return f"{n_parameters:,} parameters per variant. {choose_device(plan.device)[1]}"


def ranked(run, data, part: str) -> RankedScores:
    """Of a run (`results.TrainedRun`) on "validation" or "test"."""
    labels = getattr(data, part).labels
    return RankedScores.from_predictions(Predictions(run.logits[part], labels, "logits", data.class_names))


def test_figures(run, data) -> tuple[float, ...]:
    """Those of COLUMNS; NaN where undefined, as for logits that are no numbers."""
    if not all(np.isfinite(logits).all() for logits in run.logits.values()):
        return (np.nan,) * len(COLUMNS)
    validation, test = ranked(run, data, "validation"), ranked(run, data, "test")
    half, together = test.counts(0.5), test.counts(best_micro_f_beta(validation))
    each = test.counts(best_per_class(validation))
    f1 = [(half, "micro"), (half, "macro"), (together, "micro"), (each, "macro")]
    values = [float(metrics.f_beta(counts, average=average)[0]) for counts, average in f1]
    return (float(test.average_precision("macro")), float(test.average_precision("micro")), *values)


def runs_text(trained, data) -> str:
    """A row per variant; of several seeds the mean and the standard deviation between them."""
    variants = [variant.name for variant in trained.plan.variants]
    runs = sorted(trained.runs, key=lambda run: variants.index(run.variant))
    rows = [_row(name, list(of), data) for name, of in groupby(runs, key=lambda run: run.variant)]
    n_test = counted(data.test.n_samples, "sample")
    spread = f" Mean and standard deviation of {len(trained.plan.seeds)} seeds." if len(trained.plan.seeds) > 1 else ""
    return "\n".join([*aligned([["variant", "epoch", *COLUMNS], *rows]), "", f"{MEANING} {n_test}.{spread}"])


def _row(name: str, runs: list, data) -> list[str]:
    figures = np.array([test_figures(run, data) for run in runs])
    epochs = sorted({run.best_epoch for run in runs})
    shown = str(epochs[0]) if len(epochs) == 1 else f"{epochs[0]}-{epochs[-1]}"
    return [name, shown, *(_spread(column) for column in figures.T)]


def _spread(values) -> str:
    return f"{values.mean():.4f}" + (f" +- {values.std(ddof=1):.4f}" if len(values) > 1 else "")


def pairs_text(trained, data) -> str:
    """For each pair of variants what of the difference in macro-F1 at 0.5 is threshold and what ranking; "" of one."""
    whole = [run for run in trained.runs if np.isfinite(run.logits["test"]).all()]
    pairs = across_seeds(whole, data.test.labels, data.class_names)
    rows = [_pair_row(pair) for pair in pairs]
    spread = " In brackets: the lowest and the highest of the seeds." if len(trained.plan.seeds) > 1 else ""
    return "\n".join([*aligned([list(PAIR_COLUMNS), *rows]), "", PAIR_MEANING + spread]) if rows else ""


def _pair_row(pair: VariantPair) -> list[str]:
    macro = pair.averages["macro"]
    parts = (macro.total, macro.threshold, macro.ranking, macro.average_precision)
    return [f"{pair.b} less {pair.a}", *(_signed(part) for part in parts), macro.words]


def _signed(part: Spread) -> str:
    return f"{part.mean:+.4f}" + (f" ({part.low:+.4f} to {part.high:+.4f})" if len(part.by_seed) > 1 else "")
