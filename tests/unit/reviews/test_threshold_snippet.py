"""The exported program, run in a fresh interpreter that knows nothing of this package."""

import json
import subprocess
import sys
from itertools import product

import numpy as np
import pytest

from dashboard.core import Predictions, RankedScores, ThresholdSet, policies
from dashboard.core.policies.by_group import GroupThresholds
from dashboard.reviews import threshold_json, threshold_snippet

KINDS, DTYPES = ("logits", "probabilities"), (np.float32, np.float64)
_USE = {
    "numpy": """
import numpy as np
from snippet import CLASSES, SCORE_KIND, predict
scores = np.load("scores.npy")
np.save("predicted.npy", predict(scores, CLASSES))
""",
    "torch": """
import numpy as np
import torch
from snippet import CLASSES, SCORE_KIND, predict
scores = torch.from_numpy(np.load("scores.npy"))
np.save("predicted.npy", predict(scores, CLASSES).numpy())
""",
}


def awkward(dtype, kind) -> tuple[Predictions, ThresholdSet]:
    """Scores on their thresholds and one step beside them, in classes cut by score, never and always."""
    rng = np.random.default_rng(11)
    labels = (rng.random((400, 6)) < 0.3).astype(np.int8)
    scores = np.round(rng.normal(size=labels.shape) * 8 + 3 * labels) / 7
    scores = (scores if kind == "logits" else 1 / (1 + np.exp(-scores))).astype(dtype)
    p = Predictions(scores, labels, kind, ['"quoted"', "日本", "back\\slash", "line\nbreak", "{brace}", "'''"])
    best = policies.best_per_class(RankedScores.from_predictions(p)).score_thresholds
    thresholds = np.where([True, False, False, True, True, True], best, [0, np.inf, -np.inf, 0, 0, 0])
    thresholds[4:] = scores[7, 4:]
    beside = scores.copy()
    beside[:60, 4:] = scores[7, 4:]
    beside[60:90, 4:] = np.nextafter(scores[7, 4:], dtype(-np.inf))
    p = Predictions(beside, labels, kind, p.class_names)
    return p, ThresholdSet.from_scores(p, thresholds)


def run_in(folder, program) -> subprocess.CompletedProcess:
    command = [sys.executable, "-c", program]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("form", ["numpy", "torch"])
def test_the_snippet_decides_every_cell_as_the_set(tmp_path, form):
    """One interpreter for all kinds and dtypes: importing torch takes seconds."""
    problems = {f"{kind} {dtype.__name__}": awkward(dtype, kind) for kind, dtype in product(KINDS, DTYPES)}
    for name, (p, ts) in problems.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "thresholds.json").write_text(threshold_json(ts), encoding="utf-8")
        (tmp_path / name / "snippet.py").write_text(threshold_snippet(form), encoding="utf-8")
        np.save(tmp_path / name / "scores.npy", p.scores)
    again = "sys.modules.pop('snippet', None); sys.path[0] = os.getcwd()"
    each = "\n    ".join(["os.chdir(os.path.join(home, name))", again, *_USE[form].strip().splitlines()])
    run = run_in(tmp_path, f"import os, sys\nhome = os.getcwd()\nfor name in {list(problems)}:\n    {each}")
    assert run.returncode == 0, run.stderr
    for name, (p, ts) in problems.items():
        predicted = np.load(tmp_path / name / "predicted.npy")
        assert np.array_equal(predicted, ts.predict(p)), name
        on_threshold = p.scores == ts.score_thresholds
        assert on_threshold.sum() >= 100 and predicted[on_threshold].all()


@pytest.mark.parametrize("form", ["numpy", "torch"])
def test_the_snippet_decides_by_group(tmp_path, form):
    """Groups of the file, one that it does not name, and a number where the file has its text."""
    p, ts = awkward(np.float32, "logits")
    groups = np.array(["a", "1", "unseen", '"'], dtype=object)[np.arange(p.n_samples) % 4]
    p = Predictions(p.scores, p.labels, "logits", p.class_names, columns={"group": groups})
    rule = policies.make_policy("per_group", column="group", least_positives=1).tune(RankedScores.from_predictions(p))
    rule = GroupThresholds("group", ts, {name: rule.by_group[name] for name in ("a", "1", '"')})
    (tmp_path / "groups.json").write_text(threshold_json(rule), encoding="utf-8")
    (tmp_path / "snippet.py").write_text(threshold_snippet(form, "groups.json", by_group=True), encoding="utf-8")
    np.save(tmp_path / "scores.npy", p.scores)
    (tmp_path / "groups_of_samples.json").write_text(json.dumps([1 if each == "1" else each for each in groups]))
    groups_read = "scores, json.load(open('groups_of_samples.json')), CLASSES"
    run = run_in(tmp_path, "import json\n" + _USE[form].replace("scores, CLASSES", groups_read))
    assert run.returncode == 0, run.stderr
    assert np.array_equal(np.load(tmp_path / "predicted.npy"), rule.predict(p))
    assert not np.array_equal(rule.predict(p), ts.predict(p))
    if form == "numpy":
        short = run_in(tmp_path, _USE[form].replace("scores, CLASSES", 'scores, ["a"]'))
        assert "a group for each sample, got 1 for 400" in short.stderr


def test_the_snippet_refuses_thresholds_that_its_dtype_does_not_hold(tmp_path):
    """The app rounds what somebody wrote by hand up; a program that rounds to nearest would decide otherwise."""
    _, ts = awkward(np.float32, "logits")
    content = json.loads(threshold_json(ts))
    content["classes"][0]["score_threshold"] = 0.7
    (tmp_path / "thresholds.json").write_text(json.dumps(content))
    (tmp_path / "snippet.py").write_text(threshold_snippet(), encoding="utf-8")
    assert "thresholds must be exact" in run_in(tmp_path, "import snippet").stderr


@pytest.fixture(scope="module", params=["numpy", "torch"])
def refusals(request, tmp_path_factory):
    """What the program says to input that does not fit, a line each."""
    folder = tmp_path_factory.mktemp(request.param)
    _, ts = awkward(np.float32, "logits")
    (folder / "thresholds.json").write_text(threshold_json(ts), encoding="utf-8")
    (folder / "snippet.py").write_text(threshold_snippet(request.param), encoding="utf-8")
    convert = "torch.from_numpy" if request.param == "torch" else "np.asarray"
    program = f"""
import numpy as np
{"import torch" if request.param == "torch" else ""}
from snippet import CLASSES, predict
good = np.zeros((2, 6), np.float32)
def attempt(scores, *names):
    try:
        print(predict({convert}(scores), *names).shape)
    except (TypeError, ValueError) as error:
        print(str(error).replace("\\n", " "))
attempt(good, CLASSES[::-1])
attempt(good[:, :5])
attempt(good.astype(np.float64))
attempt(np.full((2, 6), np.nan, np.float32))
attempt(good.astype(np.float16))
"""
    run = run_in(folder, program)
    assert run.returncode == 0, run.stderr
    return run.stdout.splitlines()


def test_the_snippet_refuses_what_does_not_fit(refusals):
    names, shape, wide, nan, half = refusals
    assert names.startswith("the columns must be the classes")
    assert shape.startswith("scores must have 6 columns")
    assert "does not hold every" in wide
    assert "NaN" in nan
    assert "(2, 6)" in half or "[2, 6]" in half


def test_the_snippet_refuses_another_format(tmp_path):
    (tmp_path / "thresholds.json").write_text('{"format": "x", "format_version": 1, "comparison": ">="}')
    (tmp_path / "snippet.py").write_text(threshold_snippet())
    assert "does not read such a file" in run_in(tmp_path, "import snippet").stderr


@pytest.mark.parametrize(
    "options", [{"form": "jax"}, {"file_name": 'a".json'}, {"file_name": "a\n"}, {"file_name": ""}]
)
def test_threshold_snippet_refuses_what_it_cannot_write(options):
    with pytest.raises(ValueError, match="must be"):
        threshold_snippet(**options)


def test_the_snippet_loads_nothing_else():
    for form, by_group in product(("numpy", "torch"), (False, True)):
        text = threshold_snippet(form, by_group=by_group)
        imported = [line for line in text.splitlines() if line.startswith(("import", "from"))]
        assert imported == ["import json", f"import {form}"]
