import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from dashboard.__main__ import app
from dashboard.inputs.opened import VARIABLE, Opened


@pytest.fixture
def files(tmp_path):
    scores = np.random.default_rng(0).normal(size=(50, 2))
    labels = (scores > 0.5).astype(int)
    np.save(tmp_path / "scores.npy", scores)
    (tmp_path / "labels.csv").write_text("cat,dog\n" + "\n".join(f"{a},{b}" for a, b in labels))
    np.save(tmp_path / "signs.npy", 2 * labels - 1)
    return tmp_path


def run(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def check(files, *options, labels="labels.csv"):
    return run("check", files / "scores.npy", files / labels, *options)


def test_check_prints_shape_kind_classes_and_ends_with_0(files):
    result = check(files, "--score-kind", "logits")
    assert result.exit_code == 0
    assert "50 samples x 2 classes, logits (float64)" in result.stdout
    assert "1.0000" in next(line for line in result.stdout.splitlines() if line.startswith("cat"))


def test_check_prints_findings_and_still_ends_with_0(files):
    np.save(files / "scores.npy", -np.load(files / "scores.npy"))
    result = check(files, "--score-kind", "logits")
    assert result.exit_code == 0
    assert "2 of 2 classes have scores that rank worse than chance" in result.stdout


def test_check_prints_the_digest_that_open_shows(files, started):
    options = [files / "scores.npy", files / "labels.csv", "--score-kind", "logits"]
    assert run("open", *options).exit_code == 0
    assert f"digest {Opened(**started[0][1]).read().digest}" in run("check", *options).stdout


def test_check_without_a_kind_lists_the_choices_and_ends_with_2(files):
    result = check(files)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--score-kind logits: " in result.stderr


def test_check_says_one_sentence_on_stderr_and_ends_with_2(files):
    result = run("check", files / "missing.npy", "--score-kind", "logits")
    assert (result.exit_code, result.stdout) == (2, "")
    assert len(result.stderr.splitlines()) == 1
    assert "must be an existing file" in result.stderr


@pytest.mark.parametrize(("meaning", "expected"), [("negative", "0"), ("unknown", "undefined")])
def test_check_takes_the_meaning_of_minus_one(files, meaning, expected):
    assert check(files, "--score-kind", "logits", labels="signs.npy").exit_code == 2
    result = check(files, "--score-kind", "logits", "--minus-one", meaning, labels="signs.npy")
    assert result.exit_code == 0
    assert ("undefined" in result.stdout) == (expected == "undefined")


def test_check_takes_a_soft_cut(files):
    np.save(files / "soft.npy", np.random.default_rng(1).random((50, 2)))
    assert check(files, "--score-kind", "logits", labels="soft.npy").exit_code == 2
    assert check(files, "--score-kind", "logits", "--soft-cut", ".5", labels="soft.npy").exit_code == 0


def test_check_takes_a_layout(files):
    np.save(files / "index.npy", np.arange(50) % 2)
    result = check(files, "--score-kind", "logits", "--label-layout", "index", labels="index.npy")
    assert result.exit_code == 0
    assert result.stdout.count(" 25 ") == 4


def test_check_takes_roles(files):
    lines = (files / "labels.csv").read_text().splitlines()
    (files / "folds.csv").write_text("\n".join([lines[0] + ",fold", *(line + ",1" for line in lines[1:])]))
    assert "found (50, 2) and (50, 3)" in check(files, "--score-kind", "logits", labels="folds.csv").stderr
    assert check(files, "--score-kind", "logits", "--role", "fold=left out", labels="folds.csv").exit_code == 0


def test_check_refuses_a_role_without_a_column(files):
    assert "COLUMN=ROLE" in check(files, "--score-kind", "logits", "--role", "group").stderr


@pytest.fixture
def started(monkeypatch):
    """What the app would have been started with, read before the temporary file goes."""
    calls = []

    class Server:
        def __init__(self, command, env):
            with open(env[VARIABLE], encoding="utf-8") as opened:
                calls.append((command, json.load(opened)))

        def __enter__(self):
            return self

        def __exit__(self, *_):
            pass

        def wait(self):
            return 0

    monkeypatch.setattr("dashboard.__main__.subprocess.Popen", Server)
    return calls


def test_open_starts_streamlit_on_the_files(files, started):
    result = run(
        "open", files / "scores.npy", files / "labels.csv", "--score-kind", "logits", "--port", 8600, "--headless"
    )
    assert result.exit_code == 0
    command, opened = started[0]
    assert command[1:4] == ["-m", "streamlit", "run"]
    assert command[4].endswith("app.py")
    assert command[5:] == ["--server.address", "localhost", "--server.port", "8600", "--server.headless", "true"]
    assert opened["scores"] == {"scores": str(files / "scores.npy")}
    assert opened["score_kind"] == "logits"


def test_open_takes_runs_readers_and_columns(files, started):
    np.save(files / "age.npy", np.arange(50))
    (files / "other").mkdir()
    np.save(files / "other" / "scores.npy", np.zeros((50, 2)))
    more = ["--run", files / "other" / "scores.npy", "--reader", files / "labels.csv", "--columns", files / "age.npy"]
    assert run("open", files / "scores.npy", files / "labels.csv", "--score-kind", "logits", *more).exit_code == 0
    opened = started[0][1]
    assert list(opened["scores"]) == ["scores", "scores (2)"]
    assert opened["readers"] == {"labels": str(files / "labels.csv")}
    assert opened["columns"] == str(files / "age.npy")


def test_open_validates_before_it_starts_anything(files, started):
    result = run("open", files / "scores.npy", files / "signs.npy", "--score-kind", "logits")
    assert result.exit_code == 2
    assert "--minus-one negative" in result.stderr
    assert started == []


def test_open_ends_with_the_status_of_the_app(files, started, monkeypatch):
    monkeypatch.setattr("dashboard.__main__._start_app", lambda variable, host, port, headless: 3)
    assert run("open", files / "scores.npy", files / "labels.csv", "--score-kind", "logits").exit_code == 3


def test_open_takes_a_media_folder(files, started):
    options = [files / "scores.npy", files / "labels.csv", "--score-kind", "logits", "--media"]
    assert run("open", *options, files).exit_code == 0
    assert started[0][1]["media"] == str(files.resolve())
    refused = run("open", *options, files / "absent")
    assert refused.exit_code == 2
    assert "--media must name a folder" in refused.stderr
    assert len(started) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signal that asks a process to end")
def test_ending_the_command_ends_the_server(files, tmp_path):
    """The server's place is taken by a script that writes its process id and would run for a minute."""
    pid_file, stand_in = tmp_path / "pid", tmp_path / "streamlit.py"
    stand_in.write_text(f"import os, time; open({str(pid_file)!r}, 'w').write(str(os.getpid())); time.sleep(60)")
    command = [sys.executable, "-m", "dashboard", "open", str(files / "scores.npy"), str(files / "labels.csv")]
    path = os.pathsep.join([str(tmp_path), str(Path(__file__).parents[2])])
    program = subprocess.Popen([*command, "--score-kind", "logits"], env={**os.environ, "PYTHONPATH": path})
    for _ in range(600):
        if pid_file.exists() and pid_file.read_text():
            break
        time.sleep(0.1)
    program.terminate()
    program.wait(timeout=20)
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid_file.read_text()), 0)
