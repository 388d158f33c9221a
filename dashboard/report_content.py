"""What a report says of thresholds on given data: joins core, figures and reviews; page and command line both call it.

Knows nothing of HTML, of files, and of where decisions and notes are kept.
"""

import platform
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from dashboard import __version__
from dashboard.core import Counts, Predictions, RankedScores, ThresholdSet
from dashboard.core.global_optimum import best_global_thresholds
from dashboard.core.policies import Rule
from dashboard.core.policies.by_group import GroupThresholds
from dashboard.core.policies.frontier import micro_macro_frontier
from dashboard.core.report import classification_report
from dashboard.core.resampling import CROSS_FITTED, HELD_OUT, Interval, unit_codes
from dashboard.core.sample_metrics import sample_metrics_from_predicted
from dashboard.inputs.dataset import Dataset
from dashboard.judged_figures import THESE_SAMPLES, TUNED_HERE, Figures, thresholds_file
from dashboard.report_charts import TARGETS, charts
from dashboard.report_tables import class_table, group_tables, headline_table, held_out_table, run_table
from dashboard.reviews.classification_report import classification_report_table, classification_report_text
from dashboard.reviews.report import DataLine, ReportContent, Table, report_html
from dashboard.reviews.report.html import FILE_NAME
from dashboard.reviews.table_files import table_file
from dashboard.reviews.threshold_snippet import threshold_snippet
from dashboard.reviews.tuned_on import TunedOn

THRESHOLDS_FILE = "thresholds.json"


@dataclass(frozen=True, eq=False)
class Reported:
    """What a report is about: a rule of one run, judged.

    figures: the rule's, by what they were computed on. words: what the rule is, one sentence. unit: the column that
    tells what is independent, None: each sample. held_out: other samples with the rule as it applies to them.
    """

    dataset: Dataset
    run: str
    rule: Rule
    figures: Mapping[str, Figures]
    words: str
    unit: str | None = None
    held_out: tuple[Predictions, Rule] | None = None
    ranked: Mapping[str, RankedScores] = field(default_factory=dict)

    @property
    def predictions(self) -> Predictions:
        return self.dataset.runs[self.run]

    def ranked_scores(self, run: str) -> RankedScores:
        """Those at hand, else computed."""
        return self.ranked.get(run) or RankedScores.from_predictions(self.dataset.runs[run])


def report_content(reported: Reported, *, title: str, created: str, **told) -> ReportContent:
    """The report; told: what people said and decided, the fields of ReportContent that are not computed."""
    p, rule, dataset = reported.predictions, reported.rule, reported.dataset
    runs = {name: reported.ranked_scores(name) for name in dataset.runs}
    r = runs[reported.run]
    predicted = rule.predict(p)
    counts, optima = Counts.from_predicted(p, predicted), best_global_thresholds(r, TARGETS)
    found = micro_macro_frontier(r, best_micro=optima["f1", "micro"])
    units = unit_codes(None if reported.unit is None else p.columns[reported.unit], p.n_samples)
    figures = _with_told(reported)
    tables = [
        class_table(r, rule, counts, groups=dataset.class_groups, units=units, f1=_class_f1(figures)),
        *_held_out(reported, figures),
        *group_tables(dataset, p, predicted),
        *([run_table(runs)] if len(runs) > 1 else []),
    ]
    return ReportContent(
        title=title,
        created=created,
        data=_data_line(reported),
        summary=_summary(figures, p),
        thresholds=reported.words,
        headline=headline_table(r, figures, found, dataset.readers),
        tables=tuple(tables),
        charts=charts(r, rule, counts, found, optima),
        method=_method(reported, figures),
        **told,
    )


def report_files(reported: Reported, content: ReportContent, form: str = "csv") -> dict[str, str | bytes]:
    """Everything to take away, name -> content: report, thresholds.json and its program, classification report, tables.

    form: of the tables, one of `table_files.FORMS`.
    """
    p, rule = reported.predictions, reported.rule
    predicted = rule.predict(p)
    samples = sample_metrics_from_predicted(p, predicted)
    report = classification_report(Counts.from_predicted(p, predicted), p.class_names, samples=samples)
    files: dict[str, str | bytes] = {FILE_NAME: report_html(content)}
    if isinstance(rule, ThresholdSet | GroupThresholds):
        source = TunedOn(p, reported.dataset.digest, reported.run)
        files[THRESHOLDS_FILE] = thresholds_file(rule, source, reported.figures)
        by_group = isinstance(rule, GroupThresholds)
        files["decide.py"] = threshold_snippet("numpy", THRESHOLDS_FILE, by_group=by_group)
    files["classification_report.txt"] = classification_report_text(report)
    for table in (*content.all_tables, classification_report_table(report)):
        files[f"tables/{table.name}.{form}"] = table_file(table, form)
    return files


def _with_told(reported: Reported) -> dict[str, Figures]:
    """The figures, and what thresholds.json told of the same samples without their being computed anew."""
    figures = dict(reported.figures)
    told = (reported.rule.details.get("figures") or {}).get(CROSS_FITTED)
    if told and TUNED_HERE in figures and CROSS_FITTED not in figures:
        ends = {name: Interval(*pair, np.nan) for name, pair in (told.get("intervals") or {}).items()}
        figures[CROSS_FITTED] = Figures(told, ends)
    order = (TUNED_HERE, THESE_SAMPLES, CROSS_FITTED, HELD_OUT)
    return {label: figures[label] for label in order if label in figures}


def _class_f1(figures) -> Interval | None:
    """The interval of each class's F1 on these samples, if the rule was not tuned on them."""
    return figures[THESE_SAMPLES].class_f1 if THESE_SAMPLES in figures else None


def _held_out(reported, figures) -> list[Table]:
    if reported.held_out is None:
        return []
    q, rule = reported.held_out
    f1 = figures[HELD_OUT].class_f1 if HELD_OUT in figures else None
    return [held_out_table(q, Counts.from_predicted(q, rule.predict(q)), f1)]


def _data_line(reported) -> DataLine:
    p = reported.predictions
    return DataLine(
        name=reported.dataset.name,
        run=reported.run,
        digest=reported.dataset.digest,
        n_samples=p.n_samples,
        n_classes=p.n_classes,
        n_positives=int(p.support.sum()),
        n_unknown=p.labels.size - int(p.n_known.sum()),
        score_kind=f"{p.score_kind} ({p.scores.dtype})",
        unit=reported.unit or "sample",
    )


def _summary(figures, p) -> str:
    """The most trustworthy figures there are, named after what they were computed on."""
    label = next(name for name in (HELD_OUT, CROSS_FITTED, THESE_SAMPLES, TUNED_HERE) if name in figures)
    values = figures[label].values
    never = next(iter(figures.values())).values["n_never_predicted"]
    told = f"{never} of {p.n_classes:,} classes are never predicted" if never else "every class is predicted"
    return f"Micro-F1 {values['micro_f1']:.3f}, macro-F1 {values['macro_f1']:.3f} ({label}); {told}."


def _method(reported, figures) -> tuple[str, ...]:
    unit = reported.unit or "sample"
    sentences = [
        "A class is predicted where score >= threshold, compared in the kind and dtype of the scores. Thresholds are "
        "shown on the 0-1 scale; thresholds.json holds them exactly.",
        "Counts are exact; nothing is binned. Unknown labels are left out of every count.",
        "Micro sums true and false positives and negatives over all classes; macro is the mean of the classes' own "
        "values; weighted weights that mean by positives; samples-F1 is the mean over samples.",
        'Where a value is 0/0 it is "undefined" for a class and counts as 0 in averages.',
        "AP is average precision: the step sum under the precision-recall curve. Its average skips classes without "
        "positives.",
        "Figures tuned here were computed on the samples that the thresholds were chosen on: expect less on new ones. "
        "Cross-fitted and held-out figures are what to expect.",
    ]
    if any(each.intervals for each in figures.values()):
        sentences.append(
            f"Intervals are 95 % bootstrap intervals over units (here: {unit}) with decisions held fixed; cross-fitted "
            "ones take off what tuning found by chance."
        )
    versions = f"dashboard {__version__}, Python {platform.python_version()}, numpy {np.__version__}"
    return (*sentences, f"Computed with {versions}. The same data give the same digest on any machine.")
