"""The shipped sample data is what its README says and shows work to do; scikit-learn is the judge of the numbers."""

import csv
import subprocess
import sys

import numpy as np
import pytest
from sklearn.metrics import f1_score, precision_recall_curve

from dashboard.inputs.sample import SAMPLE_FOLDER, SAMPLE_PARTS, read_sample

README = (SAMPLE_FOLDER / "README.md").read_text(encoding="utf-8")


@pytest.fixture(params=SAMPLE_PARTS)
def sample(request):
    return read_sample(request.param)


def _micro_f1(run, rows=slice(None)):
    return f1_score(run.labels[rows], run.scores[rows] >= 0, average="micro")


def _best_f1(labels, scores):
    precision, recall, _ = precision_recall_curve(labels, scores)
    found = precision + recall > 0
    return float(np.max(2 * precision[found] * recall[found] / (precision[found] + recall[found])))


def _best_f1s(run):
    return np.array([_best_f1(run.labels[:, i], run.scores[:, i]) for i in range(run.n_classes)])


def test_read_sample_brings_two_runs_on_the_same_samples(sample):
    bce, weighted = sample.runs.values()
    assert list(sample.runs) == ["BCE", "BCE, pos_weight"]
    assert bce.scores.shape == weighted.scores.shape == (1500, 10)
    assert bce.class_names == ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    np.testing.assert_array_equal(bce.labels, weighted.labels)
    np.testing.assert_array_equal(bce.sample_ids, weighted.sample_ids)


def test_read_sample_names_the_part():
    assert read_sample().name == "Sample: handwritten digits (validation)"
    assert read_sample("test").name == "Sample: handwritten digits (test)"


def test_read_sample_parts_share_no_sample():
    ids = [set(read_sample(part).first_run.sample_ids.tolist()) for part in SAMPLE_PARTS]
    assert len(ids[0] | ids[1]) == 3000


def test_read_sample_columns_are_groups(sample):
    assert sample.column_roles == {"background": "group", "writer": "group"}
    assert set(sample.first_run.columns["background"].tolist()) == {"plain", "lined", "grainy"}
    assert set(sample.first_run.columns["writer"].tolist()) == {"steady", "shaky"}


def test_read_sample_pictures_cannot_be_changed(sample):
    assert sample.images.shape == (1500, 24, 32)
    assert sample.images.dtype == np.uint8
    with pytest.raises(ValueError, match="read-only"):
        sample.images[0, 0, 0] = 0


def test_read_sample_refuses_another_part():
    with pytest.raises(ValueError, match=r"part must be one of .*got 'train'"):
        read_sample("train")


def test_read_sample_loads_neither_torch_nor_scikit_learn():
    program = "import sys; from dashboard.inputs.sample import read_sample; read_sample(); print(*sys.modules)"
    root = SAMPLE_FOLDER.parent
    run = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True)
    assert {"torch", "sklearn", "scipy", "numba"} & set(run.stdout.split()) == set()


def test_sample_fits_into_three_megabytes():
    assert sum(path.stat().st_size for path in SAMPLE_FOLDER.iterdir()) < 3_000_000


def test_sample_micro_f1_leaves_work_to_do(sample):
    assert 0.60 < _micro_f1(sample.runs["BCE"]) < 0.80


@pytest.mark.parametrize("run", ["BCE", "BCE, pos_weight"])
def test_sample_has_two_classes_that_no_threshold_saves(sample, run):
    assert (_best_f1s(sample.runs[run]) < 0.5).sum() >= 2


def test_sample_has_a_class_that_bce_never_predicts(sample):
    assert ((sample.runs["BCE"].scores >= 0).sum(axis=0) == 0).any()


def test_sample_pos_weight_predicts_too_much(sample):
    run = sample.runs["BCE, pos_weight"]
    assert (run.scores >= 0).sum() > 1.2 * run.support.sum()


def test_sample_pos_weight_ranks_the_rare_classes_better(sample):
    bce, weighted = (_best_f1s(run) for run in sample.runs.values())
    assert (weighted[8:] > bce[8:] + 0.1).all()


def test_sample_classes_are_long_tailed_and_several_at_once(sample):
    run = sample.first_run
    assert run.prevalence.max() > 10 * run.prevalence.min()
    assert run.support.min() >= 40
    assert run.labels.sum() > 2 * run.n_samples


@pytest.mark.parametrize("column", ["background", "writer"])
def test_sample_groups_differ(sample, column):
    run = sample.runs["BCE"]
    by_group = [_micro_f1(run, run.columns[column] == group) for group in np.unique(run.columns[column])]
    assert max(by_group) - min(by_group) > 0.04


def test_sample_reader_beats_the_runs_on_rare_classes_but_is_hasty(sample):
    decisions = sample.readers["hasty reader"]
    reader = f1_score(sample.first_run.labels, decisions, average=None)
    assert (reader[8:] > _best_f1s(sample.runs["BCE, pos_weight"])[8:]).all()
    assert reader[0] < _best_f1s(sample.runs["BCE"])[0] + 0.03
    assert reader.min() < 0.6


def _table(name):
    with (SAMPLE_FOLDER / f"validation_{name}.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    return header, [row[0] for row in rows], np.array([row[1:] for row in rows])


@pytest.mark.parametrize(("name", "run"), [("scores_bce", "BCE"), ("scores_pos_weight", "BCE, pos_weight")])
def test_sample_csv_holds_the_logits_in_full(name, run):
    expected = read_sample().runs[run]
    header, ids, values = _table(name)
    assert header == ["id", *expected.class_names]
    assert ids == expected.sample_ids.tolist()
    np.testing.assert_array_equal(values.astype(np.float32), expected.scores)


def test_sample_csv_holds_labels_reader_and_columns():
    sample = read_sample()
    run = sample.first_run
    np.testing.assert_array_equal(_table("labels")[2].astype(int), run.labels)
    np.testing.assert_array_equal(_table("hasty_reader")[2].astype(int), sample.readers["hasty reader"])
    header, ids, values = _table("columns")
    assert (header, ids) == (["id", "background", "writer"], run.sample_ids.tolist())
    np.testing.assert_array_equal(values.T, list(run.columns.values()))


def test_sample_readme_names_every_file():
    assert [path.name for path in SAMPLE_FOLDER.iterdir() if path.name not in README] == ["README.md"]


def test_sample_readme_numbers_are_those_of_the_runs():
    decisions = {}
    for part in SAMPLE_PARTS:
        sample = read_sample(part)
        for name, run in sample.runs.items():
            decisions.setdefault(name, []).append((run.labels, run.scores >= 0))
        decisions.setdefault("hasty reader", []).append((run.labels, sample.readers["hasty reader"] == 1))
    for name, parts in decisions.items():
        numbers = [
            f"{f1_score(labels, predicted, average='micro'):.3f} | {f1_score(labels, predicted, average='macro'):.3f}"
            f" | {predicted.sum() / labels.sum():.3f}"
            for labels, predicted in parts
        ]
        assert f"| {name} | {numbers[0]} | {numbers[1]} |\n" in README


def test_sample_readme_numbers_are_those_of_the_classes():
    sample = read_sample()
    bce, weighted = sample.runs.values()
    best = [_best_f1s(run) for run in (bce, weighted)]
    reader = f1_score(bce.labels, sample.readers["hasty reader"], average=None)
    for i, name in enumerate(bce.class_names):
        predicted = [(run.scores[:, i] >= 0).sum() for run in (bce, weighted)]
        row = f"| {name} | {bce.support[i]} | {bce.prevalence[i]:.3f} | {predicted[0]} | {best[0][i]:.2f}"
        assert f"{row} | {predicted[1]} | {best[1][i]:.2f} | {reader[i]:.2f} |\n" in README


def test_sample_readme_numbers_are_those_of_the_groups():
    sample = read_sample()
    labels = sample.first_run.labels
    predictions = [run.scores >= 0 for run in sample.runs.values()] + [sample.readers["hasty reader"]]
    for column, values in sample.first_run.columns.items():
        for group in np.unique(values):
            rows = values == group
            f1 = " | ".join(f"{f1_score(labels[rows], p[rows], average='micro'):.3f}" for p in predictions)
            assert f"| {column}: {group} | {rows.sum()} | {f1} |\n" in README
