"""Thresholds per group: ours come back, others' are understood or refused in a sentence."""

import json

import numpy as np
import pytest

from dashboard.core import Predictions, RankedScores, ThresholdSet, policies
from dashboard.core.group_json import group_json, parsed_group_json
from dashboard.errors import ChoiceNeeded, InputError
from dashboard.inputs.threshold_files import read_thresholds
from dashboard.reviews import threshold_json


def predictions(kind="probabilities", columns=True, names=("cat", "dog")) -> Predictions:
    rng = np.random.default_rng(1)
    labels = (rng.random((90, 2)) < 0.4).astype(np.int8)
    scores = rng.normal(size=labels.shape) + labels
    scores = scores if kind == "logits" else 1 / (1 + np.exp(-scores))
    values = {"place": np.array(["north", "south", "1"] * 30, dtype=object)} if columns else {}
    return Predictions(scores.astype(np.float32), labels, kind, names, columns=values)


@pytest.fixture
def rule():
    return policies.make_policy("per_group", column="place").tune(RankedScores.from_predictions(predictions()))


def read(text, p=None, **options):
    text = text if isinstance(text, str) else json.dumps(text)
    return read_thresholds(text.encode(), p or predictions(), name="t.json", **options)


def decided(thresholds: dict, p) -> np.ndarray:
    """Each sample by the 0-1 thresholds of its group, (cat, dog)."""
    rows = np.array([thresholds[place] for place in p.columns["place"]], np.float64)
    return p.scores.astype(np.float64) >= rows


def test_what_is_exported_is_read_back(rule):
    text = threshold_json(rule, data={"digest": "x"}, figures={"tuned here": {"micro_f1": 0.5}})
    back = parsed_group_json(text)
    assert (back.column, list(back.by_group)) == ("place", list(rule.by_group))
    for name, ts in rule.by_group.items():
        assert np.array_equal(back.by_group[name].score_thresholds, ts.score_thresholds)
        assert back.by_group[name].details["states"] == ts.details["states"]
    assert back.details["parameters"] == rule.details["parameters"]
    assert back.details["data"] == {"digest": "x"}
    assert "per place: " in back.details["words"]
    assert np.array_equal(read(text).thresholds.predict(predictions()), rule.predict(predictions()))
    assert threshold_json(back) == text


def test_another_order_of_classes_is_matched_by_name(rule):
    p = predictions()
    turned = Predictions(p.scores[:, ::-1], p.labels[:, ::-1], p.score_kind, ("dog", "cat"), columns=p.columns)
    found = read(group_json(rule), turned).thresholds
    assert np.array_equal(found.predict(turned), rule.predict(p)[:, ::-1])


def test_thresholds_json_is_not_taken_for_one_per_group_nor_the_reverse(rule):
    with pytest.raises(ValueError, match='"format" is "multilabel thresholds"'):
        ThresholdSet.from_json(group_json(rule))
    with pytest.raises(ValueError, match='"format" is "multilabel thresholds by group"'):
        parsed_group_json(rule.pooled.to_json())


PLAIN = {"north": {"cat": 0.3, "dog": 0.4}, "south": {"dog": 0.6, "cat": 0.5}, "1": {"cat": 0.7, "dog": 0.8}}
EXPECTED = {"north": (0.3, 0.4), "south": (0.5, 0.6), "1": (0.7, 0.8)}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (PLAIN, EXPECTED),
        ({"column": "place", "groups": PLAIN}, EXPECTED),
        ({"north": PLAIN["north"], "default": PLAIN["1"]}, EXPECTED | {"south": (0.7, 0.8)}),
    ],
)
def test_a_plain_file_per_group_is_read(value, expected):
    p = predictions()
    found = read(value)
    assert np.array_equal(found.thresholds.predict(p), decided(expected, p))
    assert "of 'place'" in found.notices[-1]


def test_the_column_is_asked_for_where_two_have_the_groups():
    p = predictions()
    columns = {"place": p.columns["place"], "origin": p.columns["place"][::-1]}
    both = Predictions(p.scores, p.labels, p.score_kind, p.class_names, columns=columns)
    with pytest.raises(ChoiceNeeded) as asked:
        read(PLAIN, both)
    assert (asked.value.option, set(asked.value.choices)) == ("group_column", {"place", "origin"})
    assert read(PLAIN, both, group_column="origin").thresholds.column == "origin"


def test_groups_that_the_file_lacks_keep_theirs():
    p = predictions()
    current = ThresholdSet.from_unit(p, 0.9)
    found = read({"north": {"cat": 0.3}}, current=current).thresholds
    assert np.array_equal(found.predict(p), decided({"north": (0.3, 0.9), "south": (0.9, 0.9), "1": (0.9, 0.9)}, p))


@pytest.mark.parametrize(
    ("value", "options", "message"),
    [
        ({"north": {"cat": 0.1, "dog": 0.2}}, {}, "lacks 'south' of 'place'"),
        ({"north": {"cat": 0.1}, "default": {"cat": 1, "dog": 1}}, {}, "lacks 1 class ('dog')"),
        ({"east": {"cat": 0.1, "dog": 0.2}}, {}, "no column has them all"),
        ({"north": {"cat": 3, "dog": 0.2}, "default": {"cat": 1, "dog": 1}}, {}, "group 'north' of 't.json'"),
        (PLAIN, {"group_column": "age"}, "must be a column of the samples, found 'place'"),
    ],
)
def test_a_file_per_group_is_refused_in_one_sentence(value, options, message):
    with pytest.raises(InputError) as refused:
        read(value, **options)
    assert message in str(refused.value).replace("lacks '1', 'south'", "lacks 'south'")


def test_samples_without_the_column_are_refused(rule):
    with pytest.raises(InputError, match="must be a column of the samples, found none"):
        read(group_json(rule), predictions(columns=False))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda c: c.update(column=1), '"column" must be a text'),
        (lambda c: c.update(groups=[]), '"groups" an object'),
        (lambda c: c["groups"]["north"].reverse(), "the classes of all in the same order"),
        (lambda c: c["groups"].update(north=3), '"classes" must be a list'),
    ],
)
def test_a_changed_file_of_ours_is_refused(rule, change, message):
    content = json.loads(group_json(rule))
    change(content)
    with pytest.raises(InputError, match=message):
        read(content)
