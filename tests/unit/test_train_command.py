"""The command "train": files, tables and plan of what was asked for; Ctrl-C keeps; a fault is a sentence, status 2."""

import io
import os
import signal
from dataclasses import replace

import numpy as np
import pytest
from typer.testing import CliRunner

from dashboard import training_run
from dashboard.__main__ import app
from dashboard.core import RankedScores, metrics, policies
from dashboard.inputs import read_predictions
from dashboard.train_options import Asked, plan_of
from dashboard.training.plan import TrainingPlan
from dashboard.training.presets import MODELS, starting_plan
from dashboard.training.run_files import read_runs

SMALL = ("--data", "generated", "--data-setting", "n_samples=300", "--data-setting", "n_classes=3")
QUICK = ("--width", "8", "--depth", "1", "--epochs", "3", "--batch-size", "32", "--device", "cpu")
TWO = ("--loss", "bce_with_logits", "--loss", "focal:gamma=3")


def run(*options, output):
    return CliRunner().invoke(app, ["train", *map(str, options), "-o", str(output)])


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """Two variants, two seeds: what the command said, and its folder."""
    folder = tmp_path_factory.mktemp("train") / "runs"
    return run(*SMALL, *QUICK, *TWO, "--seed", "0", "--seed", "4", output=folder), folder


def test_runs_plan_and_data_are_written(trained):
    found, folder = trained
    assert found.exit_code == 0, found.output
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    runs = [f"{variant}_seed{seed}" for variant in ("bce_with_logits", "focal-gamma=3") for seed in (0, 4)]
    files = ("validation.npz", "test.npz", "weights.safetensors", "train.py")
    assert names == {"plan.json", "data.npz", "runs.json"} | {f"{run}/{file}" for run in runs for file in files}
    plan = TrainingPlan.from_json((folder / "plan.json").read_text())
    assert (plan.seeds, plan.model.width, plan.optimiser.epochs, plan.device) == ((0, 4), 8, 3, "cpu")
    assert plan.data.settings == {"n_samples": 300, "n_classes": 3}
    assert [variant.loss for variant in plan.variants] == ["bce_with_logits", "focal:gamma=3"]
    assert "Wrote 4 runs to" in found.output
    assert "355 parameters per variant. CPU, " in found.output  # (40 + 1) x 8 and (8 + 1) x 3


def test_its_files_are_checked_by_the_next_command(trained):
    _, folder = trained
    path = folder / "focal-gamma=3_seed4" / "test.npz"
    found = CliRunner().invoke(app, ["check", str(path), "--score-kind", "logits"])
    assert found.exit_code == 0 and "60 samples x 3 classes, logits (float32)" in found.output


def test_the_table_is_of_the_test_part_at_thresholds_of_the_validation_part(trained):
    found, folder = trained
    figures = []
    for seed in (0, 4):
        read = {
            part: RankedScores.from_predictions(
                read_predictions(folder / f"focal-gamma=3_seed{seed}" / f"{part}.npz", score_kind="logits")
            )
            for part in ("validation", "test")
        }
        validation, test = read["validation"], read["test"]
        counts = [test.counts(0.5)] * 2
        counts += [
            test.counts(policies.best_micro_f_beta(validation)),
            test.counts(policies.best_per_class(validation)),
        ]
        f1 = [metrics.f_beta(c, average=a)[0] for c, a in zip(counts, ("micro", "macro") * 2, strict=True)]
        figures.append([*(test.average_precision(average) for average in ("macro", "micro")), *f1])
    line = next(line for line in found.stdout.splitlines() if line.startswith("focal-gamma=3 "))
    spread = zip(np.mean(figures, axis=0), np.std(figures, axis=0, ddof=1), strict=True)
    assert line.split()[1:] == ["3", *" ".join(f"{mean:.4f} +- {sd:.4f}" for mean, sd in spread).split()]


def test_pairs_are_told_with_the_spread_of_the_seeds(trained):
    found, _ = trained
    line = next(line for line in found.stdout.splitlines() if line.startswith("focal-gamma=3 less bce_with_logits"))
    assert (line.count("(") == 4 and "of 2 seeds" in line) or line.endswith("in 2 of 2 seeds")
    total, threshold, ranking = (float(text) for text in line.split(" less bce_with_logits")[1].split()[0:9:4])
    assert total == pytest.approx(threshold + ranking, abs=1.1e-4)


def test_a_plan_file_is_changed_by_options_and_repeats_the_numbers(trained, tmp_path):
    _, folder = trained
    found = run("--plan", folder / "plan.json", "--seed", "4", output=tmp_path)
    assert found.exit_code == 0, found.output
    again, before = read_runs(tmp_path), read_runs(folder)
    assert list(again.runs) == ["bce_with_logits", "focal-gamma=3"]
    for variant, of in again.runs.items():
        assert np.array_equal(of.logits["test"], before.runs[f"{variant}_seed4"].logits["test"])


def test_ctrl_c_keeps_what_was_trained_and_the_same_command_goes_on(trained, tmp_path, monkeypatch):
    _, unbroken = trained
    asked = (*SMALL, *QUICK, *TWO, "--seed", "0", "--seed", "4")
    moves, move = [], training_run.Bar.move

    def interrupted(self, done, total):
        moves.append(done)
        if done == 15:  # in the third epoch of the first seed
            os.kill(os.getpid(), signal.SIGINT)
        move(self, done, total)

    monkeypatch.setattr(training_run.Bar, "move", interrupted)
    before = signal.getsignal(signal.SIGINT)
    found = run(*asked, output=tmp_path)
    assert found.exit_code == 130 and max(moves) == 15
    assert "Stopped: what was trained so far is kept. The same command goes on from its last epoch." in found.stderr
    assert {each.best_epoch for each in read_runs(tmp_path).runs.values()} == {2}
    assert (tmp_path / ".checkpoints").is_dir() and signal.getsignal(signal.SIGINT) is before
    moves.clear()
    found = run(*asked, output=tmp_path)
    assert found.exit_code == 130 and moves[0] == 13  # asked again at the same step: two epochs were kept
    monkeypatch.setattr(training_run.Bar, "move", move)
    assert run(*asked, output=tmp_path).exit_code == 0
    assert not (tmp_path / ".checkpoints").exists()
    again, once = read_runs(tmp_path), read_runs(unbroken)
    assert all(np.array_equal(again.runs[name].logits["test"], of.logits["test"]) for name, of in once.runs.items())


def test_ctrl_c_before_the_first_epoch_leaves_no_runs(tmp_path, monkeypatch):
    monkeypatch.setattr(training_run.Bar, "move", lambda *_: (_ for _ in ()).throw(training_run.TrainingStopped()))
    found = run(*SMALL, *QUICK, output=tmp_path)
    assert found.exit_code == 130 and "Stopped: no epoch was whole yet." in found.stderr
    assert read_runs(tmp_path) is None


def test_checkpoints_of_another_plan_are_not_trained_on(tmp_path, monkeypatch):
    move = training_run.Bar.move

    def stopped(self, done, total):
        self.is_asked_to_stop = done > 12
        move(self, done, total)

    monkeypatch.setattr(training_run.Bar, "move", stopped)
    assert run(*SMALL, *QUICK, output=tmp_path).exit_code == 130
    found = run(*SMALL, *QUICK, "--seed", "7", output=tmp_path)
    assert found.exit_code == 2 and "must be of the same plan and data" in found.stderr


def test_own_files_are_trained_on(tmp_path):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(120, 2))
    rows = [f"{a:.4f},{b:.4f},{int(a > 0)},{int(b > 0.5)}" for a, b in x]
    (tmp_path / "table.csv").write_text("\n".join(["a,b,up,far", *rows]))
    options = ("--data", tmp_path / "table.csv", "--label-columns", "up", "--label-columns", "far", "--model", "linear")
    found = run(*options, "--epochs", "2", "--batch-size", "16", output=tmp_path / "runs")
    assert found.exit_code == 0, found.output
    assert read_runs(tmp_path / "runs").class_names == ("up", "far")
    assert "2 columns of numbers" in found.stdout
    found = run("--plan", tmp_path / "runs" / "plan.json", output=tmp_path / "other")
    assert found.exit_code == 2 and "name the file with --data" in found.stderr


FAULTS = {
    "loss": (("--loss", "nonsense"), "no loss is called 'nonsense'"),
    "model": (("--model", "tree"), "The model must be one of linear, mlp, cnn, vit, got 'tree'"),
    "images": (("--model", "cnn"), "A CNN needs images"),
    "batch": (("--batch-size", "5000"), "got a batch size of 5,000 and 180 samples"),
    "seed": (("--seed", "-1"), "A seed must be a whole number"),
    "twice": (("--seed", "1", "--seed", "1"), "Seeds must differ"),
    "setting": (("--data-setting", "n_samples"), "must be given as NAME=VALUE"),
    "unknown setting": (("--data-setting", "colour=1"), "have no setting 'colour'"),
    "setting's value": (("--data-setting", "imbalance=no"), "must be a number"),
    "files' option": (("--xml", "labels.xml"), "--xml is for a file of features, but the data are generated"),
    "file": (("--data", "nowhere.csv"), "or a file that is there, got 'nowhere.csv'"),
    "plan": (("--plan", "nowhere.json"), "nowhere.json is none (No such file or directory)"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_one_sentence_and_status_2(fault, tmp_path):
    options, sentence = FAULTS[fault]
    found = run(*SMALL, *QUICK, *options, output=tmp_path)
    assert found.exit_code == 2 and sentence in found.stderr
    assert "Traceback" not in found.output and len(found.stderr.strip().splitlines()) == 1


def test_a_disk_that_fills_at_the_end_loses_nothing(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device", str(tmp_path / "data.npz"))

    with monkeypatch.context() as patched:
        patched.setattr(training_run, "write_trained", full)
        found = run(*SMALL, *QUICK, output=tmp_path)
    assert found.exit_code == 2 and "No space left on device" in found.stderr and "goes on" in found.stderr
    assert (tmp_path / ".checkpoints").is_dir()
    assert run(*SMALL, *QUICK, output=tmp_path).exit_code == 0


def test_memory_that_runs_out_keeps_the_epochs_before(tmp_path, monkeypatch):
    move = training_run.Bar.move

    def full(self, done, total):
        move(self, done, total)
        if done == 15:  # in the third epoch
            raise MemoryError

    monkeypatch.setattr(training_run.Bar, "move", full)
    found = run(*SMALL, *QUICK, output=tmp_path)
    assert found.exit_code == 2 and "choose a batch size of 16 or fewer variants" in found.stderr
    assert {each.best_epoch for each in read_runs(tmp_path).runs.values()} == {2}


def test_an_output_that_is_no_folder_is_told_before_training(tmp_path):
    (tmp_path / "taken").write_text("a file")
    found = run(*SMALL, *QUICK, output=tmp_path / "taken")
    assert found.exit_code == 2 and "The output must be a folder that can be made" in found.stderr


def test_variants_that_learn_nothing_are_warned_of_and_none_at_all_is_a_fault(tmp_path):
    asked = (*SMALL, *QUICK, "--loss", "bce_with_logits", "--optimiser", "sgd", "--learning-rate", "1e6")
    found = run(*asked, "--depth", "3", "--epochs", "1", output=tmp_path)
    assert found.exit_code == 2 and read_runs(tmp_path) is None
    assert "bce_with_logits: Diverged in epoch 1" in found.stderr and "try 100000" in found.stderr
    assert "bce_with_logits is left out" in found.stderr


def test_what_is_not_chosen_suits_data_and_model(tmp_path):
    assert plan_of(None, Asked()) == starting_plan("digits")
    assert plan_of(None, Asked()).model.kind == "cnn"
    linear = plan_of("table.csv", Asked(model="linear", epochs=3))
    assert (linear.data.kind, linear.model.kind) == ("files", "linear")
    assert linear.optimiser == replace(MODELS["linear"][1], epochs=3)


def test_arrays_and_lists_of_labels_are_named_by_options(tmp_path):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(90, 3))
    np.savez(tmp_path / "odd.npz", a=x, b=(x[:, :2] > 0).astype(int))
    quick = ("--model", "linear", "--epochs", "1", "--batch-size", "16", "--loss", "bce_with_logits")
    asked = run("--data", tmp_path / "odd.npz", *quick, output=tmp_path / "runs")
    assert asked.exit_code == 2 and "--inputs a:" in asked.stderr
    asked = run("--data", tmp_path / "odd.npz", "--inputs", "a", *quick, output=tmp_path / "runs")
    assert asked.exit_code == 0 or "--labels-array b:" in asked.stderr
    options = ("--inputs", "a", "--labels-array", "b", *quick)
    assert run("--data", tmp_path / "odd.npz", *options, output=tmp_path / "runs").exit_code == 0
    rows = [f"{a:.3f},{'|'.join(name for name, value in zip('pq', row, strict=True) if value > 0)}" for a, *row in x]
    (tmp_path / "tags.csv").write_text("\n".join(["a,tags", *rows]))
    options = ("--label-columns", "tags", "--label-layout", "names", *quick)
    found = run("--data", tmp_path / "tags.csv", *options, output=tmp_path / "tagged")
    assert found.exit_code == 0 and read_runs(tmp_path / "tagged").class_names == ("p", "q"), found.output


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize("kind", [Terminal, io.StringIO])
def test_the_bar_moves_at_a_terminal_only(kind, monkeypatch):
    monkeypatch.setattr("sys.stderr", kind())
    with training_run.Bar() as bar:
        for done in range(1, 5):
            bar.move(done, 4)
        said = training_run.sys.stderr.getvalue()
    assert ("Training" in said and "100%" in said) == (kind is Terminal) and (kind is Terminal or not said)
