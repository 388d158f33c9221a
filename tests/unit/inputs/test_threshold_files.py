"""Thresholds that people bring: what they mean for the scores at hand, and one sentence for what cannot be meant."""

import io
import json

import numpy as np
import pytest

from dashboard.core import Predictions, RankedScores, ThresholdSet, policies
from dashboard.core.scale import logit
from dashboard.errors import ChoiceNeeded, InputError
from dashboard.inputs.threshold_files import read_thresholds
from dashboard.reviews import threshold_csv, threshold_json

NAMES = ("cat", "dog", "=owl")


def predictions(kind="probabilities", dtype=np.float32, names=NAMES) -> Predictions:
    rng = np.random.default_rng(3)
    labels = (rng.random((50, len(names))) < 0.4).astype(np.int8)
    scores = rng.normal(size=labels.shape) + labels
    scores = scores if kind == "logits" else 1 / (1 + np.exp(-scores))
    return Predictions(scores.astype(dtype), labels, kind, names)


def npy(array) -> bytes:
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def read(source, p=None, name="file.json", **options):
    source = source if isinstance(source, bytes) else source.encode() if isinstance(source, str) else npy(source)
    return read_thresholds(source, p or predictions(), name=name, **options)


RECORDS = """{"class": "dog", "threshold": 0.5}
{"class": "cat", "threshold": 0.25}
{"class": "=owl", "threshold": "never"}"""
IN_EVERY_FORM = [
    ("t.json", '{"cat": 0.25, "dog": 0.5, "=owl": "never"}'),
    ("t.json", '{"dog": 0.5, "=owl": "never", "cat": "0.25"}'),
    ("t.json", f"[{RECORDS.replace(chr(10), ',')}]"),
    ("t.json", '{"cat": {"threshold": 0.25}, "dog": {"threshold": 0.5}, "=owl": {"threshold": "never"}}'),
    ("t.json", '{"classes": ["cat", "=owl", "dog"], "thresholds": [0.25, "never", 0.5]}'),
    ("t.json", '[0.25, 0.5, "never"]'),
    ("t.json", '{"thresholds": [0.25, 0.5, "never"]}'),
    ("t.json", "[0.25, 0.5, Infinity]"),
    ("t.jsonl", RECORDS),
    ("t.csv", "class,threshold\ncat,0.25\ndog,0.5\n=owl,never\n"),
    ("t.csv", "threshold;class\n0.25;cat\n0.5;dog\ninf;'=owl\n"),
    ("t.tsv", "cat\t0.25\n=owl\tinf\ndog\t0.5\n"),
    ("t.csv", "cat,dog,=owl\n0.25,0.5,inf\n"),
    ("t.csv", "name,support,score_threshold\n=owl,3,inf\ncat,7,0.25\ndog,9,0.5\n"),
    ("t.csv", "class,threshold,score_threshold,predicted\ncat,.25,.25,by score\ndog,0.5,0.5,by score\n'=owl,,,never\n"),
    ("t.csv", "0.25\n0.5\ninf\n"),
    ("t.csv", "0.25,0.5,inf\n"),
    ("t.txt", "threshold\n0.25\n0.5\ninf\n"),
    ("t.npy", np.array([0.25, 0.5, np.inf])),
    ("t.npy", np.array([[0.25], [0.5], [np.inf]], np.float32)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "source"), IN_EVERY_FORM)
def test_read_thresholds_of_every_form(name, source):
    found = read(source, name=name)
    expected = ThresholdSet.from_unit(predictions(), [0.25, 0.5, np.nan])
    np.testing.assert_array_equal(found.thresholds.score_thresholds, expected.score_thresholds)
    assert found.n_read == 3


def test_read_thresholds_tells_a_header_from_a_first_row():
    found = read("cat,never\ndog,0.5\n=owl,0.1\n", name="t.csv")
    assert found.thresholds.score_thresholds.tolist() == [np.inf, 0.5, np.float32(0.1)]


@pytest.mark.parametrize("kind", ["logits", "probabilities"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_what_is_exported_is_read_back(kind, dtype):
    p = predictions(kind, dtype)
    best = policies.best_per_class(RankedScores.from_predictions(p))
    for text, name in ((threshold_json(best), "thresholds.json"), (threshold_csv(best), "thresholds.csv")):
        found = read(text, p, name)
        assert np.array_equal(found.thresholds.score_thresholds, best.score_thresholds)
        assert found.notices == ()
    assert read(threshold_json(best), p).thresholds.details["policy"] == "best_per_class"


def test_a_json_file_is_read_from_disk(tmp_path):
    (tmp_path / "thresholds.json").write_text(threshold_json(ThresholdSet.from_unit(predictions(), 0.25)))
    found = read_thresholds(str(tmp_path / "thresholds.json"), predictions())
    assert found.thresholds.thresholds.tolist() == [0.25] * 3


def test_classes_in_another_order_are_matched_by_name():
    turned = predictions(names=NAMES[::-1])
    ts = ThresholdSet.from_unit(predictions(), [0.1, 0.2, 0.3])
    assert read(threshold_json(ts), turned).thresholds.score_thresholds.tolist() == ts.score_thresholds[::-1].tolist()


def test_numbers_instead_of_names_are_an_order():
    found = read('{"0": 0.1, "1": 0.2, "2": 0.3}')
    assert found.thresholds.score_thresholds.tolist() == np.array([0.1, 0.2, 0.3], np.float32).tolist()
    assert "in the order of classes" in found.notices[0]


def test_the_scale_of_logits_is_asked_for():
    with pytest.raises(ChoiceNeeded) as asked:
        read("[0.1, 0.2, 0.3]", predictions("logits"))
    assert asked.value.option == "scale"
    p = predictions("logits", np.float64)
    for scale, expected in (("0-1", logit([0.1, 0.2, 0.3])), ("score", [0.1, 0.2, 0.3])):
        assert set(asked.value.choices) == {"0-1", "score"}
        found = read("[0.1, 0.2, 0.3]", p, scale=scale)
        np.testing.assert_array_equal(found.thresholds.score_thresholds, expected)


def test_the_scale_is_told_by_a_value_outside():
    found = read("[0.1, -1.5, 0.3]", predictions("logits", np.float64))
    np.testing.assert_array_equal(found.thresholds.score_thresholds, [0.1, -1.5, 0.3])
    assert "reach from -1.5 to 0.3, so they were read as logits" in found.notices[-1]


@pytest.mark.parametrize(
    ("column", "expected"), [("logit", 0.25), ("score threshold", 0.25), ("probability", logit(0.25))]
)
def test_the_scale_is_told_by_the_name_of_the_column(column, expected):
    text = f"class,{column}\ncat,0.25\ndog,0.25\n=owl,0.25\n"
    found = read(text, predictions("logits", np.float64), "t.csv")
    np.testing.assert_array_equal(found.thresholds.score_thresholds, [expected] * 3)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("kind", ["logits", "probabilities"])
def test_a_strict_comparison_is_kept(kind, dtype):
    """Published thresholds with ">": scores that lie on them are not predicted."""
    p = predictions(kind, dtype)
    published = [float(p.scores[4, 0]), 0.3, float(p.scores[5, 2])]
    found = read(json.dumps(published), p, strict=True, scale="score").thresholds
    expected = p.scores.astype(np.float64) > np.array(published)
    assert np.array_equal(found.predict(p), expected)
    assert not np.array_equal(read(json.dumps(published), p, scale="score").thresholds.predict(p), expected)


def test_a_part_of_the_classes_keeps_the_others():
    current = ThresholdSet.from_unit(predictions(), 0.7)
    at_02 = ThresholdSet.from_unit(predictions(), 0.2).score_thresholds
    found = read('{"dog": 0.2, "cow": 0.1}', current=current)
    assert found.thresholds.score_thresholds.tolist() == np.where([0, 1, 0], at_02, current.score_thresholds).tolist()
    assert found.n_read == 1
    assert "lacks 2 classes ('cat', '=owl')" in found.notices[0]
    assert "1 class unknown to the scores ('cow')" in found.notices[1]
    own = ThresholdSet.from_unit(predictions(names=("cow", "dog")), 0.2)
    again = read(threshold_json(own), current=current)
    assert np.array_equal(again.thresholds.score_thresholds, found.thresholds.score_thresholds)


def test_a_set_for_other_scores_needs_a_yes():
    ts = ThresholdSet.from_unit(predictions("logits", np.float64), [0.1, 0.5, np.nan])
    with pytest.raises(InputError, match="for logits in float64, but the scores here are probabilities in float32"):
        read(threshold_json(ts))
    found = read(threshold_json(ts), convert=True)
    np.testing.assert_array_equal(found.thresholds.score_thresholds[1:], np.array([0.5, np.inf], np.float32))
    assert found.thresholds.score_thresholds[0] == pytest.approx(0.1, rel=1e-6)
    assert "were converted" in found.notices[0]


@pytest.mark.parametrize(
    ("source", "name", "message"),
    [
        ('{"cat": 0.1, "dog": 0.2}', "t.json", "lacks 1 class ('=owl'): correct it, or allow a part"),
        ('{"cat": 0.1, "dog": 0.2, "=owl": 1, "cow": 2}', "t.json", "names 1 class unknown to the scores ('cow')"),
        ('{"Cat": 0.1, "Dog": 0.2}', "t.json", "not one of 'cat', 'dog', '=owl'"),
        ('{"cat": 0.1, "cat": 0.2}', "t.json", "occurs twice"),
        ('[{"class": "cat", "t": 1}, {"class": "cat", "t": 1}]', "t.json", "must be distinct"),
        ("[0.1, 0.2]", "t.json", "each of the 3 classes in their order, found 2"),
        ("[0.1, 0.2, 7]", "t.json", "must lie in [0, 1], found 7 for position 3"),
        ('{"cat": 0.1, "dog": -2, "=owl": 1}', "t.json", "found -2 for class 'dog'"),
        ("[0.1, 0.2, null]", "t.json", "1 value is missing, the first for position 3"),
        ("[0.1, 0.2, true]", "t.json", "found 'True' for position 3"),
        ('[0.1, 0.2, "x"]', "t.json", "found 'x' for position 3"),
        ("[[0.1, 0.2, 0.3]]", "t.json", "must be a table of class and threshold"),
        ("{}", "t.json", "must be a table of class and threshold"),
        ("3", "t.json", "must be a table of class and threshold"),
        ('{"a": [1], "b": [1, 2]}', "t.json", "must be a table of class and threshold"),
        ("{", "t.json", "must be complete JSON"),
        ('{"format": "multilabel thresholds"}', "t.json", '"format_version" must be 1'),
        ("class,recall,precision\ncat,1,1\n", "t.csv", "must have one column of thresholds"),
        ("class,threshold\ncat,\ndog,0.5\n=owl,0.5", "t.csv", "is missing, the first for class 'cat'"),
        ("class,threshold,score_threshold\ncat,0.5,0\ndog,0.5,0\n=owl,0.5,0", "t.csv", "load scores of the kind"),
        (np.zeros((2, 3)), "t.npy", "must be a table of class and threshold"),
        (np.zeros(4), "t.npy", "found 4"),
        (np.array(["a", "b", "c"]), "t.npy", "must be a table of class and threshold"),
        (np.array([0.1, np.nan, 0.2]), "t.npy", "missing"),
    ],
)
def test_read_thresholds_refuses_in_one_sentence(source, name, message):
    with pytest.raises(InputError) as refused:
        read(source, name=name)
    assert message in str(refused.value)
    assert name in str(refused.value) and "\n" not in str(refused.value)


def test_an_unknown_scale_is_refused():
    with pytest.raises(InputError, match="0-1 or score"):
        read("[0.1, 0.2, 0.3]", scale="logit")
