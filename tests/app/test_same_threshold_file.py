"""The page and the command line write the same thresholds.json for the same policy, data and settings."""

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from dashboard.__main__ import app
from dashboard.inputs.opened import Opened
from dashboard.ui.panels import threshold_exports


@pytest.fixture
def folder(tmp_path):
    rng = np.random.default_rng(11)
    labels = (rng.random((90, 3)) < [0.5, 0.3, 0.1]).astype(int)
    np.save(tmp_path / "scores.npy", (rng.normal(size=labels.shape) + 1.5 * labels).astype(np.float32))
    np.save(tmp_path / "labels.npy", labels)
    (tmp_path / "columns.csv").write_text("\n".join(["artist", *(f"artist {i // 3}" for i in range(90))]))
    return tmp_path


@pytest.mark.parametrize("units", [None, "artist"])
@pytest.mark.parametrize(
    "policy",
    ["best_per_class", "recall_floor:floor=0.7,proof=lower%20limit", "best_micro_f_beta:beta=2.0", "local_samples"],
)
def test_both_write_the_same_file(visit, folder, monkeypatch, policy, units):
    made, out = {}, folder / "thresholds.json"
    command = ["thresholds", "--policy", policy, "--score-kind", "logits", "-o", out]
    command += ["--units", units] if units else []
    for name in ("scores", "labels", "columns"):
        command += [f"--{name}", next(folder.glob(f"{name}.*"))]
    result = CliRunner().invoke(app, [str(each) for each in command])
    assert result.exit_code == 0, result.stderr
    opened = Opened(
        {"scores": str(folder / "scores.npy")},
        str(folder / "labels.npy"),
        "logits",
        columns=str(folder / "columns.csv"),
        options={"first_index": 0, "roles": {units: "unit"} if units else {}},
    )
    monkeypatch.setattr(threshold_exports, "_download", lambda label, make, *rest: made.update({label: make}))
    visit("thresholds", opened.read(), thresholds_tab="Files", policy=policy)
    told = json.loads(out.read_text(encoding="utf-8"))
    assert told["figures"]["cross-fitted"]["unit"] == (units or "sample")
    assert (told["data"]["run"], told["data"]["n_samples"]) == ("scores", 90)
    assert made["thresholds.json"]() == out.read_text(encoding="utf-8")
