"""The command "report": one file whose numbers are core's and those of "thresholds"; its faults are one sentence."""

import csv
import io
import json
import subprocess
import sys
import zipfile

import numpy as np
import pytest
from typer.testing import CliRunner

from dashboard.__main__ import app
from dashboard.core import RankedScores, metrics
from dashboard.core.headline import headline_at
from dashboard.core.report import classification_report
from dashboard.core.sample_metrics import sample_metrics
from dashboard.inputs import read_predictions
from dashboard.inputs.threshold_files import read_thresholds
from dashboard.judged_figures import ROWS
from dashboard.report_tables import FIGURES
from tests.unit.reviews.reports import ReadReport
from tests.unit.test_thresholds_command import printed


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Tuning and held-out samples of four classes, the last without positives; two groups; thresholds tuned on both."""
    folder = tmp_path_factory.mktemp("report")
    rng = np.random.default_rng(8)
    for part, n in (("", 300), ("other_", 200)):
        labels = (rng.random((n, 4)) < [0.5, 0.3, 0.05, 0]).astype(int)
        scores = (rng.normal(size=(n, 4)) + 1.5 * labels).astype(np.float32)
        np.save(folder / f"{part}scores.npy", scores)
        np.save(folder / f"{part}labels.npy", labels)
        rows = "\n".join(f"{'north' if i % 3 else 'south'},unit {i // 2}" for i in range(n))
        (folder / f"{part}columns.csv").write_text(f"region,unit\n{rows}\n")
    (folder / "names.txt").write_text("one\n<b>two</b>\n=three\nfour\n")
    (folder / "notes.md").write_text("We **agreed** on <i>this</i>.")
    run(folder, "thresholds", "--policy", "best_micro_f_beta", "-o", folder / "thresholds.json")
    return folder


def run(folder, command, *options):
    data = ["--scores", folder / "scores.npy", "--labels", folder / "labels.npy", "--score-kind", "logits"]
    names = ["--class-names", folder / "names.txt"]
    return CliRunner().invoke(app, [str(option) for option in [command, *data, *names, *options]])


def reported(folder, *options) -> ReadReport:
    result = run(folder, "report", "-o", folder / "report.html", *options)
    assert result.exit_code == 0, result.stderr
    return ReadReport((folder / "report.html").read_text(encoding="utf-8"))


def columns_of(table) -> dict[str, list[str]]:
    return dict(zip(table[0], map(list, zip(*table[1:], strict=True)), strict=True))


@pytest.fixture(scope="module")
def p(files):
    return read_predictions(files / "scores.npy", files / "labels.npy", "logits", class_names=files / "names.txt")


def test_class_figures_are_cores(files, p):
    read = reported(files, "--thresholds", files / "thresholds.json")
    r, ts = RankedScores.from_predictions(p), read_thresholds(files / "thresholds.json", p).thresholds
    c, shown = r.counts(ts), columns_of(read.tables["classes"])
    assert shown["class"] == ["one", "<b>two</b>", "=three", "four"]
    assert shown["threshold"] == ["never" if np.isnan(t) else f"{t:.4g}" for t in ts.thresholds]
    for title, metric in (("precision", metrics.precision), ("recall", metrics.recall), ("F1", metrics.f_beta)):
        values = metric(c, zero_division=np.nan)[0]
        assert shown[title] == ["undefined" if np.isnan(v) else f"{v:.3f}" for v in values], title
    assert shown["AP"] == ["undefined" if np.isnan(v) else f"{v:.3f}" for v in r.average_precision()]
    for title in ("tp", "fp", "fn", "tn"):
        assert shown[title] == [f"{n:,}" for n in getattr(c, title)[0]]
    assert shown["flags"] == ["", "", "few positives", "no positives"]


def test_the_headline_is_cores_and_what_thresholds_prints(files, p):
    held_out = ["--held-out-scores", files / "other_scores.npy", "--held-out-labels", files / "other_labels.npy"]
    shown = columns_of(reported(files, "--thresholds", files / "thresholds.json", *held_out).tables["headline"])
    other = printed(run(files, "thresholds", "--apply", files / "thresholds.json", *held_out))
    ts, r = read_thresholds(files / "thresholds.json", p).thresholds, RankedScores.from_predictions(p)
    exact = headline_at(r, ts, rowwise=True)
    for name, field in FIGURES.items():
        value = getattr(exact, field)
        said = shown["these thresholds, tuned here"][list(FIGURES).index(name)]
        assert said == (f"{value:,}" if isinstance(value, int) else f"{value:.3f}"), name
    for label in ("tuned here", "held out"):
        for field in ROWS.values():
            said = shown[f"these thresholds, {label}"][list(FIGURES.values()).index(field)]
            theirs = other[label][field]
            assert float(said.split(" ")[0]) == pytest.approx(float(theirs.split(" ")[0]), abs=5.01e-4)
            assert ("[" in said) == ("[" in theirs) or field == "n_predicted_empty"
    told = json.loads((files / "thresholds.json").read_text())["figures"]["cross-fitted"]
    low, high = told["intervals"]["micro_f1"]
    assert shown["these thresholds, cross-fitted"][0] == f"{told['micro_f1']:.3f} [{low:.3f}, {high:.3f}]"


def test_figures_of_other_samples_are_not_called_cross_fitted(files):
    """What the file told of the samples it was tuned on is not said of others."""
    other = ["--scores", files / "other_scores.npy", "--labels", files / "other_labels.npy"]
    titles = reported(files, "--thresholds", files / "thresholds.json", *other).tables["headline"][0]
    assert "these thresholds, these samples" in titles and not any("cross-fitted" in title for title in titles)


def test_groups_runs_notes_and_title(files):
    columns = ["--columns", files / "columns.csv", "--role", "region=group", "--units", "unit"]
    more = ["--run", files / "scores.npy", "--title", "<i>Ours</i>", "--notes", files / "notes.md"]
    read = reported(files, *columns, *more)
    assert [row[0] for row in read.tables["groups_1_region"]] == ["region", "north", "south", "total"]
    assert [row[0] for row in read.tables["runs"]] == ["run", "scores", "scores (2)"]
    assert "<i>Ours</i>" in read.text and "i" not in read.tags
    assert "We agreed on <i>this</i>." in read.text
    assert "these thresholds, these samples" in read.tables["headline"][0]


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_everything_is_in_the_zip(files, p, form):
    reported(files, "--thresholds", files / "thresholds.json", "--everything", files / "all.zip", "--tables", form)
    with zipfile.ZipFile(files / "all.zip") as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    tables = {f"tables/{name}.{form}" for name in ("headline", "classes", "classification_report")}
    assert set(held) == tables | {"report.html", "thresholds.json", "decide.py", "classification_report.txt"}
    assert held["report.html"] == (files / "report.html").read_bytes()
    ts, r = read_thresholds(files / "thresholds.json", p).thresholds, RankedScores.from_predictions(p)
    report = classification_report(r.counts(ts), p.class_names, samples=sample_metrics(p, ts))
    assert held["classification_report.txt"].decode() == report.to_text()
    again = read_thresholds(held["thresholds.json"], p, name="thresholds.json").thresholds
    assert np.array_equal(again.score_thresholds, ts.score_thresholds)
    if form == "csv":
        rows = list(csv.DictReader(io.StringIO(held["tables/classes.csv"].decode())))
        assert [row["class"] for row in rows] == ["one", "<b>two</b>", "'=three", "four"]
        assert [float(row["AP"] or "nan") for row in rows] == pytest.approx(r.average_precision(), abs=0, nan_ok=True)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--thresholds", "absent.json"], "absent.json"),
        (["--held-out-labels", "x.npy"], "--held-out-scores must be given"),
        (["--notes", "absent.md"], "--notes must be a file that can be read"),
        (["--strict"], "--thresholds must be given"),
        (["--everything", "absent/all.zip"], "--everything must be writable"),
        (["--tables", "xlsx"], "--tables must be one of csv, parquet"),
    ],
)
def test_a_fault_is_one_sentence_and_writes_nothing(files, tmp_path, options, sentence):
    result = run(files, "report", "-o", tmp_path / "report.html", *options)
    assert result.exit_code == 2 and sentence in result.stderr and "Traceback" not in result.stderr
    assert not list(tmp_path.iterdir())


def test_a_report_needs_no_torch_streamlit_or_browser():
    program = "import sys, dashboard.report_command; assert not {'torch', 'streamlit', 'playwright'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", program], check=True)
