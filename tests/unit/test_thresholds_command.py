"""The command "thresholds": its figures are core's, its files come back, its faults are one sentence and status 2."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from dashboard.__main__ import app
from dashboard.core import Counts, RankedScores, ThresholdSet, policies
from dashboard.core.headline import headline, headline_at
from dashboard.core.resampling import cross_fit, expected, stratified_folds, unit_codes
from dashboard.core.sample_metrics import sample_metrics_from_predicted
from dashboard.inputs import read_predictions
from dashboard.judged_figures import ROWS
from dashboard.threshold_outputs import rule_without_samples


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Tuning and held-out samples of three classes; artists with three samples each."""
    folder = tmp_path_factory.mktemp("thresholds")
    rng = np.random.default_rng(4)
    for part, n in (("", 150), ("other_", 90)):
        labels = (rng.random((n, 3)) < [0.5, 0.3, 0.1]).astype(int)
        scores = (rng.normal(size=(n, 3)) + 1.5 * labels).astype(np.float32)
        np.save(folder / f"{part}scores.npy", scores)
        np.save(folder / f"{part}labels.npy", labels)
        artists = "\n".join(f"artist {i // 3}" for i in range(n))
        (folder / f"{part}columns.csv").write_text(f"artist\n{artists}\n")
    return folder


@pytest.fixture(scope="module")
def p(files):
    return read_predictions(files / "scores.npy", files / "labels.npy", "logits")


@pytest.fixture(scope="module")
def q(files):
    return read_predictions(files / "other_scores.npy", files / "other_labels.npy", "logits")


def run(files, *options, kind="logits", labels="labels.npy"):
    command = ["thresholds", "--scores", files / "scores.npy", "--labels", files / labels, "--score-kind", kind]
    return CliRunner().invoke(app, [str(option) for option in [*command, *options]])


def printed(result) -> dict[str, dict[str, str]]:
    """Column -> field -> the number as printed."""
    assert result.exit_code == 0, result.stderr
    lines = result.stdout.splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("micro-F1"))
    labels = re.split(r" {2,}", lines[start - 1].strip())
    found = {label: {} for label in labels}
    for name, line in zip(ROWS, lines[start:], strict=False):
        values = re.split(r" {2,}", line.removeprefix(name).strip())
        for label, value in zip(labels, values, strict=True):
            found[label][ROWS[name]] = value
    return found


def as_printed(figures, field) -> str:
    return f"{getattr(figures, field):.{0 if field == 'n_predicted_empty' else 6}f}"


def judged(p, predicted):
    return headline(Counts.from_predicted(p, predicted), samples=sample_metrics_from_predicted(p, predicted))


def test_every_number_is_cores(files, p, q):
    held_out = ["--held-out-scores", files / "other_scores.npy", "--held-out-labels", files / "other_labels.npy"]
    found = printed(run(files, "--policy", "best_per_class", "--folds", 4, "--seed", 3, *held_out))
    policy, ranked = policies.make_policy("best_per_class"), RankedScores.from_predictions(p)
    rule = policy.tune(ranked)
    folds = stratified_folds(p, unit_codes(None, p.n_samples), 4, 3)
    expected = {
        "tuned here": headline_at(ranked, rule, rowwise=True),
        "cross-fitted": cross_fit(p, policy, folds).headline,
        "held out": headline_at(RankedScores.from_predictions(q), rule, rowwise=True),
    }
    assert list(found) == list(expected)
    for label, figures in expected.items():
        for field in ROWS.values():
            assert found[label][field].split(" ")[0] == as_printed(figures, field), (label, field)


def test_a_floor_is_judged_on_samples_it_was_not_tuned_on(files, p, q, tmp_path):
    text, out = "recall_floor:floor=0.7,proof=lower%20limit", tmp_path / "thresholds.json"
    held_out = ["--held-out-scores", files / "other_scores.npy", "--held-out-labels", files / "other_labels.npy"]
    result = run(files, "--policy", text, *held_out, "-o", out)
    policy = policies.parse_policy(text)
    rule, folds = policy.tune(RankedScores.from_predictions(p)), stratified_folds(p, unit_codes(None, p.n_samples))
    counts = {
        "cross-fitted": cross_fit(p, policy, folds).counts,
        "held out": Counts.from_predicted(q, rule.predict(q)),
    }
    written = json.loads(out.read_text())["figures"]
    assert "classes" not in written["tuned here"]
    for label, each in counts.items():
        states, figures = policies.judge_floor(each, "recall", 0.7)
        assert (
            f"recall of at least 0.7, {label}, by its lower 95 % limit, which takes samples as independent:"
            in result.stdout
        )
        for index, state in enumerate(states):
            recall, limit, precision, further = (
                figures[name][index] for name in ("recall", "lower limit of recall", "precision", "further positives")
            )
            line = f"  'class {index}': {state}, recall {recall:.4f} (limit {limit:.4f}), precision {precision:.4f}"
            if state == "met, not proven" and np.isfinite(further):
                line += f", {further:,.0f} more positives would prove it"
            assert line in result.stdout.splitlines()
            record = written[label]["classes"][f"class {index}"]
            assert (record["state"], record["recall"], record["precision"]) == (state, recall, precision)
            assert record["further positives"] == (further if np.isfinite(further) else None)
    assert "more positives would prove it" in result.stdout
    assert "by its lower 95 % limit" not in run(files, "--policy", "fixed").stdout


def test_units_are_never_split_and_intervals_are_over_them(files, p):
    columns = ["--units", "artist", "--columns", files / "columns.csv"]
    found = printed(run(files, "--policy", "best_per_class", *columns))["cross-fitted"]["micro_f1"]
    artists = unit_codes(np.array([f"artist {i // 3}" for i in range(p.n_samples)]), p.n_samples)
    policy, ranked = policies.make_policy("best_per_class"), RankedScores.from_predictions(p)
    fitted = cross_fit(p, policy, stratified_folds(p, artists, 5, 0))
    interval = expected(ranked, policy, artists).figures["micro_f1"].interval
    by_sample = printed(run(files, "--policy", "best_per_class"))["cross-fitted"]["micro_f1"]
    assert found == f"{fitted.headline.micro_f1:.6f} [{interval.low:.4f}, {interval.high:.4f}]"
    assert found != by_sample


def test_the_written_file_is_the_set_with_its_figures(files, p, tmp_path):
    out = tmp_path / "thresholds.json"
    assert run(files, "--policy", "best_per_class:metric=f_beta,beta=2", "-o", out).exit_code == 0
    ts = ThresholdSet.from_json(out.read_text(encoding="utf-8"))
    rule = policies.best_per_class(RankedScores.from_predictions(p), "f_beta", 2.0)
    assert np.array_equal(ts.score_thresholds, rule.score_thresholds)
    assert ts.details["parameters"] == rule.details["parameters"]
    assert ts.details["parameters"]["beta"] == 2.0
    assert ts.details["figures"]["tuned here"]["micro_f1"] == judged(p, rule.predict(p)).micro_f1
    assert set(ts.details["figures"]) == {"tuned here", "cross-fitted"}
    assert len(ts.details["figures"]["cross-fitted"]["intervals"]["micro_f1"]) == 2
    check = CliRunner().invoke(
        app, ["check", str(files / "scores.npy"), str(files / "labels.npy"), "--score-kind", "logits"]
    )
    assert f"digest {ts.details['data']['digest']}" in check.stdout


def test_a_written_file_is_applied_with_the_same_figures(files, tmp_path):
    out = tmp_path / "thresholds.json"
    tuned = printed(run(files, "--policy", "best_per_class", "-o", out))["tuned here"]
    assert printed(run(files, "--apply", out)) == {"tuned here": tuned}


def test_a_file_applied_to_other_samples_is_not_called_tuned_here(files, q, tmp_path):
    out = tmp_path / "thresholds.json"
    run(files, "--policy", "best_per_class", "-o", out)
    command = ["thresholds", "--scores", files / "other_scores.npy", "--labels", files / "other_labels.npy"]
    result = CliRunner().invoke(app, [*map(str, command), "--score-kind", "logits", "--apply", str(out)])
    found = printed(result)["these samples"]
    ts = ThresholdSet.from_json(out.read_text(encoding="utf-8"))
    assert found["micro_f1"].split(" ")[0] == as_printed(judged(q, ts.predict(q)), "micro_f1")
    assert "tuned here" not in result.stdout


def test_a_written_file_is_known_beside_extra_columns(files, tmp_path):
    out = tmp_path / "thresholds.json"
    tuned = printed(run(files, "--policy", "best_per_class", "-o", out))["tuned here"]
    columns = ["--columns", files / "columns.csv", "--role", "artist=group"]
    assert printed(run(files, "--apply", out, *columns)) == {"tuned here": tuned}
    content = json.loads(out.read_text())
    del content["data"]["samples_digest"]  # as older files are
    out.write_text(json.dumps(content))
    assert list(printed(run(files, "--apply", out))) == ["tuned here"]
    assert list(printed(run(files, "--apply", out, *columns))) == ["these samples"]


def test_a_file_that_says_how_it_is_read_refuses_to_be_told_otherwise(files, tmp_path):
    out, groups = tmp_path / "thresholds.json", tmp_path / "groups.json"
    columns = ["--columns", files / "columns.csv", "--role", "artist=group"]
    assert run(files, "--policy", "fixed", "--folds", 0, "-o", out).exit_code == 0
    policy = ["--policy", "per_group:column=artist,least_positives=2", "--folds", 0]
    assert run(files, *policy, *columns, "-o", groups).exit_code == 0
    for given, said in (
        (["--strict"], "a strict comparison"),
        (["--scale", "0-1"], "a scale"),
        (["--scale", "0-1", "--strict"], "a scale and a strict comparison"),
    ):
        for file in (out, groups):
            refused = run(files, "--apply", file, *columns, *given)
            assert refused.exit_code == 2
            assert f"it was given {said} too: leave that out" in refused.stderr
            assert len(refused.stderr.splitlines()) == 1


def test_what_can_be_written_is_known_without_any_sample(p):
    ranked = RankedScores.from_predictions(p)
    for name in policies.POLICIES:
        policy = policies.make_policy(name)
        assert type(rule_without_samples(policy)) is type(policy.tune(ranked)), name
    by_artist = policies.make_policy("per_group", column="artist")
    assert isinstance(rule_without_samples(by_artist), policies.GroupThresholds)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["-o", "absent/t.json"], "--output must be writable, but there is no folder 'absent'"),
        (["--csv", "."], "--csv must be writable, but '.' is a folder"),
        (["--snippet", "absent/decide.py"], "--snippet must be writable, but there is no folder 'absent'"),
        (["--policy", "top_k", "-o", "t.json"], "Only a threshold per class can be written so"),
        (["--policy", "per_group:column=artist", "--csv", "t.csv"], "Only a threshold per class can be written so"),
    ],
)
def test_files_are_looked_at_before_the_scores_are_read(tmp_path, monkeypatch, options, message):
    monkeypatch.chdir(tmp_path)
    given = options if "--policy" in options else ["--policy", "fixed", *options]
    result = CliRunner().invoke(app, ["thresholds", "--scores", "absent.npy", *given])
    assert result.exit_code == 2
    assert message in result.stderr and "Errno" not in result.stderr
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device here that refuses what is written to it")
def test_a_file_that_fails_while_it_is_written_is_one_sentence(files):
    result = run(files, "--policy", "fixed", "--folds", 0, "-o", "/dev/full")
    assert result.exit_code == 2
    assert "'/dev/full' must be writable, but the system says" in result.stderr and "Errno" not in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_table_with_a_strict_comparison_is_applied(files, p, tmp_path):
    published = [float(p.scores[0, 0]), 0.1, float(p.scores[1, 2])]
    (tmp_path / "published.json").write_text(json.dumps(published))
    options = ["--apply", tmp_path / "published.json", "--scale", "score", "--strict", "-o", tmp_path / "out.json"]
    found = printed(run(files, *options))["these samples"]
    predicted = p.scores.astype(np.float64) > np.array(published)
    assert found["micro_f1"].split(" ")[0] == as_printed(judged(p, predicted), "micro_f1")
    ts = ThresholdSet.from_json((tmp_path / "out.json").read_text())
    assert np.array_equal(ts.predict(p), predicted)
    assert "figures" not in ts.details or ts.details["figures"] == {}


def test_csv_and_snippet_are_written(files, tmp_path):
    paths = [tmp_path / "my thresholds.json", tmp_path / "t.csv", tmp_path / "decide.py"]
    options = ["-o", paths[0], "--csv", paths[1], "--snippet", paths[2], "--snippet-form", "torch"]
    assert run(files, "--policy", "fixed", "--folds", 0, *options).exit_code == 0
    assert paths[1].read_text().startswith("class,threshold,score_threshold,predicted,state,support,precision")
    assert 'open("my thresholds.json"' in paths[2].read_text()
    assert "import torch" in paths[2].read_text()


def test_thresholds_per_group_go_out_and_in(files, tmp_path):
    columns = ["--columns", files / "columns.csv", "--role", "artist=group"]
    out = tmp_path / "groups.json"
    policy = ["--policy", "per_group:column=artist,least_positives=2", "--folds", 0, "-o", out]
    tuned = printed(run(files, *policy, *columns))["tuned here"]
    assert json.loads(out.read_text())["column"] == "artist"
    assert printed(run(files, "--apply", out, *columns)) == {"tuned here": tuned}
    refused = run(files, "--apply", out)
    assert refused.exit_code == 2 and "must be a column of the samples" in refused.stderr


def test_a_rule_over_whole_samples_is_judged_but_not_written(files, tmp_path):
    assert "tuned here" in printed(run(files, "--policy", "top_k", "--folds", 0))
    refused = run(files, "--policy", "top_k", "--folds", 0, "-o", tmp_path / "t.json")
    assert refused.exit_code == 2 and "Only a threshold per class" in refused.stderr
    assert list(tmp_path.iterdir()) == []


def test_folds_0_leaves_cross_fitting_out(files):
    assert list(printed(run(files, "--policy", "fixed", "--folds", 0))) == ["tuned here"]


def test_list_policies_needs_no_data():
    result = CliRunner().invoke(app, ["thresholds", "--list-policies"])
    assert result.exit_code == 0
    assert all(f"\n{name}" in "\n" + result.stdout for name in policies.POLICIES)


def test_the_meaning_of_minus_one_is_taken(files, tmp_path):
    np.save(files / "signs.npy", 2 * np.load(files / "labels.npy") - 1)
    refused = run(files, "--policy", "fixed", labels="signs.npy")
    assert refused.exit_code == 2 and "--minus-one negative" in refused.stderr
    assert run(files, "--policy", "fixed", "--minus-one", "negative", labels="signs.npy").exit_code == 0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ([], "one of --policy and --apply"),
        (
            ["--policy", "fixed", "--apply", "x.json"],
            "--policy and --apply were both given: give one of them, not both",
        ),
        (["--policy", "fixed", "--folds", "1"], "one fold leaves nothing to tune on"),
        (["--policy", "best"], "--policy must name a policy"),
        (["--policy", "fixed:threshold=2"], "threshold must lie in [0.0, 1.0]"),
        (["--policy", "fixed:threshold"], "as name=value"),
        (["--apply", "absent.json"], "must be an existing file"),
        (["--policy", "fixed", "--units", "artist"], "'artist'"),
        (["--policy", "fixed", "-o", "absent/folder/t.json"], "must be writable"),
        (["--policy", "fixed", "--snippet", "x.py", "--snippet-form", "jax"], "form must be one of"),
        (["--policy", "fixed", "--policy", "best_per_class"], "--policy must be given once, not 2 times"),
        (["--policy", "fixed", "--held-out-labels", "labels.npy"], "--held-out-scores must be given"),
        (["--policy", "fixed", "--held-out-scores", "absent.npy"], "must be an existing file"),
    ],
)
def test_a_fault_is_one_sentence_and_status_2(files, tmp_path, monkeypatch, options, message):
    monkeypatch.chdir(tmp_path)
    result = run(files, *options)
    assert result.exit_code == 2
    assert message in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_held_out_samples_of_other_classes_are_refused(files, tmp_path):
    np.save(tmp_path / "scores.npy", np.zeros((5, 2), np.float32))
    np.save(tmp_path / "labels.npy", np.zeros((5, 2), int))
    held_out = ["--held-out-scores", tmp_path / "scores.npy", "--held-out-labels", tmp_path / "labels.npy"]
    result = run(files, "--policy", "fixed", *held_out)
    assert result.exit_code == 2
    assert "Held-out samples must have the classes" in result.stderr


def test_the_scale_of_a_file_is_asked_for_with_its_option(files, tmp_path):
    (tmp_path / "t.json").write_text("[0.1, 0.2, 0.3]")
    result = run(files, "--apply", tmp_path / "t.json")
    assert result.exit_code == 2
    assert "--scale 0-1: " in result.stderr and "--scale score: " in result.stderr


def test_states_that_are_no_optimum_are_told(files, tmp_path):
    labels = np.load(files / "labels.npy")
    labels[:, 2] = 0
    np.save(tmp_path / "labels.npy", labels)
    result = run(files, "--policy", "best_per_class", "--folds", 0, labels=tmp_path / "labels.npy")
    assert "1 class: no known positives ('class 2')" in result.stdout
