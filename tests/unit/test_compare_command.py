"""The command "compare": its figures are core's, its faults are one sentence and status 2."""

import numpy as np
import pytest
from typer.testing import CliRunner

from dashboard.__main__ import app
from dashboard.core import RankedScores, ThresholdSet
from dashboard.core.comparison import compare_runs
from dashboard.core.policies.registry import make_policy
from dashboard.inputs import read_predictions


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("compare")
    rng = np.random.default_rng(4)
    labels = (rng.random((150, 3)) < [0.5, 0.3, 0.1]).astype(int)
    np.save(folder / "labels.npy", labels)
    for name, strength in (("weak", 1.0), ("strong", 3.0)):
        np.save(folder / f"{name}.npy", (rng.normal(size=(150, 3)) + strength * labels).astype(np.float32))
    np.save(folder / "short.npy", np.zeros((5, 3), np.float32))
    return folder


def run(files, other, *options):
    command = ["compare", *(files / name for name in ("weak.npy", other, "labels.npy")), "--score-kind", "logits"]
    return CliRunner().invoke(app, [str(option) for option in [*command, "--replicates", 50, *options]])


def test_compare_prints_what_core_computes(files):
    result = run(files, "strong.npy")
    assert result.exit_code == 0, result.stderr
    read = [read_predictions(files / f"{name}.npy", files / "labels.npy", "logits") for name in ("weak", "strong")]
    ranked = [RankedScores.from_predictions(p) for p in read]
    in_use = [ThresholdSet.from_unit(p, 0.5) for p in read]
    lines = {line.split()[0]: line for line in result.stdout.splitlines() if line}
    joint = make_policy("best_micro_f_beta")
    for average, policy in (("macro", None), ("micro", joint)):
        found = compare_runs(*ranked, *in_use, np.arange(150), n_replicates=50, policy=policy).averages[average]
        for part in (found.total, found.threshold, found.ranking):
            assert f"{part.value:+.3f} [{part.low:+.3f}, {part.high:+.3f}]" in lines[average]
    assert lines["macro"].endswith("better ranking")


@pytest.mark.parametrize("given", [("short.npy",), ("strong.npy", "--metric", "nothing")])
def test_compare_faults_are_a_sentence_and_status_2(files, given):
    result = run(files, *given)
    assert result.exit_code == 2 and result.stderr.strip() and "Traceback" not in result.output
