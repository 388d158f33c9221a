import csv
import io
import json

import numpy as np
import pytest

from dashboard.core import Predictions, RankedScores, ThresholdSet, metrics, policies
from dashboard.reviews import threshold_csv, threshold_json


@pytest.fixture
def ranked():
    rng = np.random.default_rng(2)
    labels = (rng.random((80, 4)) < [0.5, 0.2, 0.0, 0.3]).astype(np.int8)
    scores = (rng.normal(size=labels.shape) + labels).astype(np.float32)
    return RankedScores.from_predictions(Predictions(scores, labels, "logits", ["a", "=SUM(A1)", "b\nc", "日本"]))


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_threshold_csv_has_thresholds_that_come_back_and_core_figures(ranked):
    ts = policies.best_per_class(ranked)
    counts = ranked.counts(ts)
    rows = rows_of(threshold_csv(ts, counts))
    scores = np.array([float(row["score_threshold"]) for row in rows], dtype=np.float32)
    assert np.array_equal(scores, ts.score_thresholds)
    assert [float(row["threshold"]) for row in rows[:2]] == ts.thresholds[:2].tolist()
    assert [float(row["F1"]) for row in rows[:2]] == metrics.f_beta(counts)[0, :2].tolist()
    assert [int(row["support"]) for row in rows] == counts.support[0].tolist()
    assert [int(row["fn"]) for row in rows] == counts.fn[0].tolist()


def test_threshold_csv_says_never_always_and_undefined(ranked):
    ts = ThresholdSet.from_scores(ranked.predictions, [np.inf, -np.inf, np.inf, 0.1])
    rows = rows_of(threshold_csv(ts, ranked.counts(ts)))
    assert [row["predicted"] for row in rows] == ["never", "always", "never", "by score"]
    assert [row["threshold"] for row in rows[:3]] == [""] * 3
    assert [row["score_threshold"] for row in rows[:3]] == ["inf", "-inf", "inf"]
    assert (rows[0]["precision"], rows[0]["recall"], rows[2]["F1"]) == ("", "0.0", "")


def test_threshold_csv_holds_no_formula(ranked):
    rows = rows_of(threshold_csv(policies.fixed(ranked)))
    assert [row["class"] for row in rows] == ["a", "'=SUM(A1)", "b\nc", "日本"]


def test_threshold_json_tells_the_rule_in_words(ranked):
    rule = json.loads(threshold_json(policies.best_per_class(ranked)))["rule"]
    assert rule["policy"] == "best_per_class"
    assert "each class at its best F1" in rule["words"]
    assert "macro" in rule["words"]


@pytest.mark.parametrize(
    ("details", "words"),
    [
        ({}, "thresholds of unknown origin"),
        ({"words": "typed in a meeting", "policy": "fixed"}, "typed in a meeting"),
        ({"policy": "of the future"}, "of the future"),
        ({"policy": "fixed", "parameters": {"colour": 1}}, "fixed with {'colour': 1}"),
    ],
)
def test_threshold_json_tells_what_it_can(ranked, details, words):
    ts = ThresholdSet.from_unit(ranked.predictions, 0.5, **details)
    assert json.loads(threshold_json(ts))["rule"]["words"] == words


def test_threshold_json_takes_data_and_figures(ranked):
    figures = {"held out": {"micro_f1": 0.5}}
    content = json.loads(threshold_json(policies.fixed(ranked), data={"digest": "x"}, figures=figures))
    assert (content["data"], content["figures"]) == ({"digest": "x"}, figures)
