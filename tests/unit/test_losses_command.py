"""The command "losses": its table is that of `dashboard.losses`; its faults are one sentence and status 2."""

import csv
import subprocess
import sys

import numpy as np
import pytest
from typer.testing import CliRunner

from dashboard.__main__ import app
from dashboard.inputs import read_predictions
from dashboard.losses import LOSSES, LossSettings, parse_loss
from dashboard.losses.loaded_cells import LoadedCells
from dashboard.losses.loss_table import class_rows, loss_rows
from dashboard.losses.summary import summarise


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("losses")
    rng = np.random.default_rng(4)
    labels = (rng.random((60, 3)) < [0.5, 0.3, 0.1]).astype(int)
    np.save(folder / "scores.npy", rng.normal(size=(60, 3)) + 1.5 * labels)
    np.save(folder / "labels.npy", labels)
    return folder


def _run(files, *options):
    given = ["--scores", str(files / "scores.npy"), "--labels", str(files / "labels.npy"), "--score-kind", "logits"]
    return CliRunner().invoke(app, ["losses", *given, *options])


def _summaries(files, *texts):
    p = read_predictions(files / "scores.npy", files / "labels.npy", "logits")
    cells = LoadedCells.of(p.scores, p.labels, p.score_kind)
    return [summarise(cells, parse_loss(text)) for text in texts]


def test_the_table_is_that_of_the_page(files, tmp_path):
    out, classes = tmp_path / "losses.csv", tmp_path / "classes.csv"
    found = _run(files, "--loss", "focal:gamma=3", "--loss", "zlpr", "-o", str(out), "--classes", str(classes))
    assert found.exit_code == 0, found.output
    summaries = _summaries(files, "focal:gamma=3", "zlpr")
    expected = [
        {key: "" if value is None else str(value) for key, value in row.items()} for row in loss_rows(summaries)
    ]
    with out.open(encoding="utf-8") as file:
        assert list(csv.DictReader(file)) == expected
    with classes.open(encoding="utf-8") as file:
        shares = [float(row["share"]) for row in csv.DictReader(file)]
    assert shares == [row["share"] for row in class_rows(summaries, ["0", "1", "2"])]
    assert "Focal (gamma 3)" in found.output and f"{summaries[0].mean:.6g}" in found.output


def test_without_a_loss_the_first_of_the_page_are_printed(files):
    found = _run(files)
    assert [LossSettings(name).title in found.output for name, variant in LOSSES.items() if variant.is_first] == [
        True
    ] * 4


def test_all_losses_are_listed_with_their_parameters():
    found = CliRunner().invoke(app, ["losses", "--list-losses"])
    assert found.exit_code == 0
    assert all(f"\n{name}" in f"\n{found.output}" for name in LOSSES)
    assert "focal:alpha=0.25,gamma=2.0" in found.output


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--loss", "nothing"), "no loss is called 'nothing'"),
        (("--loss", "focal:gamma=-1"), "gamma must be a number from 0 to 10"),
        (("--loss", "focal:beta=1"), "focal has no parameter 'beta'"),
        (("--eps", "0.7"), "--eps must lie between 0 and 0.5"),
        (("-o", "/nowhere/losses.csv"), "could not be written"),
    ],
)
def test_a_fault_is_one_sentence_and_status_2(files, options, sentence):
    found = _run(files, *options)
    assert found.exit_code == 2 and sentence in found.stderr


def test_scores_must_be_given():
    found = CliRunner().invoke(app, ["losses"])
    assert found.exit_code == 2 and "--scores must be given" in found.stderr


def test_no_other_command_waits_for_torch():
    program = "import sys, dashboard.__main__; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0
