"""thresholds.json: what is written comes back to the last bit, and nothing else is taken for it."""

import json

import numpy as np
import pytest

from dashboard.core import Predictions, RankedScores, ThresholdSet, resampling
from dashboard.core.policies import POLICIES, make_policy
from dashboard.core.threshold_json import FIGURES

DATA = {"digest": "ab" * 32, "n_samples": 30}


def problem(dtype=np.float32, kind="logits") -> Predictions:
    """The third class has no positive, the fourth is unknown throughout."""
    rng = np.random.default_rng(5)
    labels = (rng.random((60, 4)) < [0.5, 0.2, 0.0, 0.3]).astype(np.int8)
    labels[:, 3] = -1
    scores = rng.normal(size=labels.shape) + labels
    scores = scores if kind == "logits" else 1 / (1 + np.exp(-scores))
    return Predictions(scores.astype(dtype), labels, kind, ["a", '"b", {"c"}', "日本 \u202e", "=1+1\n"])


def same(value, other) -> bool:
    """Equal in type, dtype and every bit that matters; NaN equals NaN."""
    if isinstance(value, dict):
        return isinstance(other, dict) and list(value) == list(other) and all(same(value[k], other[k]) for k in value)
    if isinstance(value, (tuple, list)):
        return isinstance(other, tuple) and len(value) == len(other) and all(map(same, value, other))
    if isinstance(value, np.ndarray):
        return value.dtype == other.dtype and np.array_equal(value, other, equal_nan=value.dtype.kind == "f")
    return value == other or (value != value and other != other)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", POLICIES)
def test_what_a_policy_found_comes_back(name, dtype):
    rule = make_policy(name).tune(RankedScores.from_predictions(problem(dtype)))
    if not isinstance(rule, ThresholdSet):
        pytest.skip("no threshold per class")
    text = rule.to_json(data=DATA, figures={"cross-fitted": {"micro_f1": np.float64(0.25)}}, words="best")
    back = ThresholdSet.from_json(text)
    assert back.score_thresholds.dtype == dtype
    assert np.array_equal(back.score_thresholds, rule.score_thresholds)
    assert (back.score_kind, back.class_names) == (rule.score_kind, rule.class_names)
    for detail, value in rule.details.items():
        value = np.asarray(value, dtype) if detail in ("dropped", "kept") else value  # scores, whatever they came as
        assert same(value, back.details[detail]), detail
    assert back.details["figures"] == {"cross-fitted": {"micro_f1": 0.25}}
    assert back.details["data"] == DATA
    assert back.to_json() == text
    assert not back.score_thresholds.flags.writeable


@pytest.mark.parametrize("name", POLICIES)
def test_what_a_policy_found_is_converted(name):
    p = problem()
    rule = make_policy(name).tune(RankedScores.from_predictions(p))
    if not isinstance(rule, ThresholdSet):
        pytest.skip("no threshold per class")
    turned = Predictions(p.scores[:, ::-1].astype(np.float64), p.labels[:, ::-1], "logits", p.class_names[::-1])
    converted = rule.converted_to(turned)
    assert np.array_equal(converted.predict(turned), rule.predict(p)[:, ::-1])
    assert ThresholdSet.from_json(converted.to_json()).details["policy"] == rule.details["policy"]


def strict(text):
    return json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))


def test_the_file_says_what_design_promises():
    ts = ThresholdSet.from_scores(problem(), [0.1, np.inf, -np.inf, -3.5], policy="fixed", states=("x",) * 4)
    content = strict(ts.to_json(data=DATA, created="2026-01-01"))
    assert (content["comparison"], content["score_kind"], content["dtype"]) == (">=", "logits", "float32")
    assert (content["format_version"], content["data"], content["created"]) == (1, DATA, "2026-01-01")
    assert content["versions"]["numpy"] == np.__version__
    first, never, always, _ = content["classes"]
    assert first["score_threshold"] == float(ts.score_thresholds[0])
    assert first["threshold"] == ts.thresholds[0]
    assert (never["threshold"], never["score_threshold"], never["predicted"]) == (None, None, "never")
    assert (always["threshold"], always["score_threshold"], always["predicted"]) == (None, None, "always")
    assert first["state"] == "x"


def test_figures_have_the_labels_of_resampling():
    assert FIGURES == (resampling.TUNED_HERE, resampling.CROSS_FITTED, resampling.HELD_OUT)


def test_the_date_is_left_out_unless_given():
    assert "created" not in strict(ThresholdSet.from_unit(problem(), 0.5).to_json())


def changed(change) -> str:
    content = json.loads(ThresholdSet.from_unit(problem(), 0.3, states=("x",) * 4).to_json())
    change(content)
    return json.dumps(content)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda c: c.update(format="other"), '"format" is "multilabel thresholds"'),
        (lambda c: c.update(format_version=2), "\"format_version\" must be 1, got '2'"),
        (lambda c: c.update(format_version=True), '"format_version" must be 1'),
        (lambda c: c.update(comparison=">"), '"comparison" must be >='),
        (lambda c: c.update(score_kind="scores"), '"score_kind" must be logits or probabilities'),
        (lambda c: c.update(dtype="float16"), '"dtype" must be float32 or float64'),
        (lambda c: c.pop("dtype"), '"dtype" must be'),
        (lambda c: c.update(classes={"a": 1}), '"classes" must be a list'),
        (lambda c: c.update(classes=[1]), '"classes" must be a list'),
        (lambda c: c["classes"][1].update({"class": "a"}), "'a' is named twice"),
        (lambda c: c["classes"][1].update({"class": 7}), '"class" of the entry 2'),
        (lambda c: c["classes"][0].update(score_threshold=None), "'a' must have a number"),
        (lambda c: c["classes"][0].update(score_threshold="0.1"), "'a' must have a number"),
        (lambda c: c["classes"][0].update(score_threshold=True), "'a' must have a number"),
        (lambda c: c["classes"][0].update(predicted="never"), "'a' must have a number"),
        (lambda c: c["classes"][0].update(score_threshold=1e300), "finite in float32"),
        (lambda c: c["classes"][0].update(score_threshold=10**400), "must be a finite number"),
        (lambda c: c["classes"][0].update(threshold=0.4), "the same threshold on two scales"),
        (lambda c: c.update(figures={"honest": {}}), "labelled one of tuned here"),
        (lambda c: c.update(details=[]), '"details" must be an object'),
        (lambda c: c.update(details={"x": {"$number": "1"}}), "as this program writes it"),
        (lambda c: [each.update(dropped=[1]) for each in c["classes"]], "a number was expected"),
    ],
)
def test_from_json_refuses_what_it_cannot_trust(change, message):
    with pytest.raises(ValueError, match=message):
        ThresholdSet.from_json(changed(change))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Expecting value"),
        ("[1]", "it must be an object"),
        ('{"format": NaN}', "has no NaN"),
        ('{"a": 1, "a": 2}', "'a' occurs twice"),
        ("[" * 100_000, "nested at most"),
    ],
)
def test_from_json_refuses_other_text(text, message):
    with pytest.raises(ValueError, match=message):
        ThresholdSet.from_json(text)


def test_from_json_reads_what_somebody_wrote_by_hand():
    """A threshold that float32 does not have decides as written: the float32 0.1 lies above 0.1, 0.7 below 0.7."""
    record = {"class": "a", "score_threshold": 0.7}
    head = {"format": "multilabel thresholds", "format_version": 1, "comparison": ">=", "score_kind": "probabilities"}
    ts = ThresholdSet.from_json(json.dumps(head | {"dtype": "float32", "classes": [record]}))
    assert float(np.float32(0.7)) < 0.7
    assert ts.score_thresholds[0] == np.nextafter(np.float32(0.7), np.float32(1))
    assert ts.details == {}


def test_what_cannot_be_written_is_named():
    with pytest.raises(ValueError, match="got a object"):
        ThresholdSet.from_unit(problem(), 0.5, proof=object()).to_json()


def test_converted_to_another_order_keeps_each_class():
    p = problem()
    ts = ThresholdSet.from_scores(p, [0.1, 0.2, np.inf, 0.4], states=tuple("wxyz"), reached={"F1": np.arange(4.0)})
    turned = Predictions(p.scores[:, ::-1], p.labels[:, ::-1], "logits", p.class_names[::-1])
    converted = ts.converted_to(turned)
    assert np.array_equal(converted.predict(turned), ts.predict(p)[:, ::-1])
    assert converted.details["states"] == tuple("zyxw")
    assert converted.details["reached"]["F1"].tolist() == [3, 2, 1, 0]


def test_converted_to_a_wider_dtype_decides_the_same():
    p = problem()
    ts = ThresholdSet.from_scores(p, p.scores[3])
    wide = Predictions(p.scores.astype(np.float64), p.labels, "logits", p.class_names)
    assert np.array_equal(ts.converted_to(wide).predict(wide), ts.predict(p))
    assert np.array_equal(ts.converted_to(wide).converted_to(p).predict(p), ts.predict(p))


def test_converted_to_the_other_kind_keeps_never_and_always():
    p, q = problem(np.float64), problem(np.float64, "probabilities")
    ts = ThresholdSet.from_scores(p, [np.inf, -np.inf, 0.0, 1.5])
    there = ts.converted_to(q)
    np.testing.assert_array_equal(there.score_thresholds[:3], [np.inf, -np.inf, 0.5])
    assert np.array_equal(there.predict(q), ts.predict(p))
    np.testing.assert_allclose(there.converted_to(p).score_thresholds, ts.score_thresholds, rtol=1e-12)


def test_converted_to_logits_from_probabilities_beyond_the_scale():
    q = problem(np.float64, "probabilities")
    ts = ThresholdSet.from_scores(q, [1.5, -0.5, 0.0, 1.0]).converted_to(problem(np.float64))
    np.testing.assert_array_equal(ts.score_thresholds, [np.inf, -np.inf, -np.inf, np.inf])


def test_converted_to_other_classes_raises():
    p = problem()
    with pytest.raises(ValueError, match="other classes"):
        ThresholdSet.from_unit(p, 0.5).converted_to(Predictions(p.scores, p.labels, "logits"))
