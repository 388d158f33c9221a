"""Thresholds go out and come back to the last bit, whatever they are and whatever the classes are called."""

import csv
import io
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy

from dashboard.core import Predictions, RankedScores, ThresholdSet, policies
from dashboard.core.plain_values import from_plain, read_strict, to_plain, write_strict
from dashboard.core.scale import SCORE_KINDS
from dashboard.errors import InputError
from dashboard.inputs.names import normalised_names
from dashboard.inputs.threshold_files import read_thresholds
from dashboard.reviews import threshold_csv, threshold_json
from tests.unit.core.test_threshold_json import same

BITS = {np.float32: 32, np.float64: 64}


@st.composite
def threshold_sets(draw, names=None):
    """Any thresholds a set may hold: infinite, subnormal, -0.0; of probabilities those on the scale."""
    dtype, kind = draw(st.sampled_from([np.float32, np.float64])), draw(st.sampled_from(SCORE_KINDS))
    low, high = (0.0, 1.0) if kind == "probabilities" else (None, None)
    finite = st.floats(low, high, allow_nan=False, allow_infinity=kind == "logits", width=BITS[dtype])
    values = draw(st.lists(finite | st.sampled_from([np.inf, -np.inf]), min_size=1, max_size=6))
    labels = draw(
        st.lists(
            st.text(max_size=20) if names is None else names, min_size=len(values), max_size=len(values), unique=True
        )
    )
    p = Predictions(np.zeros((1, len(values)), dtype), np.zeros((1, len(values)), int), kind, labels)
    return p, ThresholdSet.from_scores(p, np.array(values, dtype))


def assert_same_thresholds(ts, other):
    assert ts.score_thresholds.dtype == other.score_thresholds.dtype
    assert np.array_equal(ts.score_thresholds, other.score_thresholds)
    assert (ts.score_kind, ts.class_names) == (other.score_kind, other.class_names)


@settings(max_examples=150, deadline=None)
@given(threshold_sets())
def test_json_comes_back(problem):
    _, ts = problem
    text = threshold_json(ts)
    json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
    text.encode("utf-8")
    back = ThresholdSet.from_json(text)
    assert_same_thresholds(ts, back)
    assert threshold_json(back) == text


@settings(max_examples=150, deadline=None)
@given(threshold_sets())
def test_json_is_exact_as_float32_and_as_float64(problem):
    """Whoever reads the numbers with another program gets the thresholds, in the dtype or in double precision."""
    _, ts = problem
    found = [record["score_threshold"] for record in json.loads(threshold_json(ts))["classes"]]
    finite = np.isfinite(ts.score_thresholds)
    assert [value is not None for value in found] == finite.tolist()
    numbers = np.array([value for value in found if value is not None], dtype=np.float64)
    assert np.array_equal(numbers, ts.score_thresholds[finite].astype(np.float64))
    assert np.array_equal(numbers.astype(ts.score_thresholds.dtype), ts.score_thresholds[finite])


def names_of_files():
    """As inputs makes them."""
    return st.text(min_size=1, max_size=12).map(lambda name: normalised_names([name])[0])


@settings(max_examples=150, deadline=None)
@given(threshold_sets(names_of_files()))
def test_files_of_ours_are_read_back(problem):
    p, ts = problem
    read = read_thresholds(threshold_json(ts).encode(), p, name="thresholds.json")
    assert_same_thresholds(ts, read.thresholds)


@settings(max_examples=150, deadline=None)
@given(threshold_sets(st.text('abc =+-@"|.日1', min_size=1, max_size=5).map(lambda t: f"{t.strip()}x")))
def test_tables_of_ours_are_read_back(problem):
    p, ts = problem
    rows = list(csv.DictReader(io.StringIO(threshold_csv(ts))))
    scores = np.array([float(row["score_threshold"]) for row in rows], ts.score_thresholds.dtype)
    assert np.array_equal(scores, ts.score_thresholds)
    read = read_thresholds(threshold_csv(ts).encode(), p, name="thresholds.csv")
    assert_same_thresholds(ts, read.thresholds)


@settings(max_examples=150, deadline=None)
@given(threshold_sets(), st.data())
def test_a_conversion_between_dtypes_decides_the_same(problem, data):
    p, ts = problem
    dtype = p.scores.dtype
    near = np.concatenate([ts.score_thresholds, np.nextafter(ts.score_thresholds, -np.inf, dtype=dtype)])
    values = near[np.isfinite(near)]
    values = values if p.score_kind == "logits" else values[(values >= 0) & (values <= 1)]
    if not len(values):
        return
    cells = data.draw(st.lists(st.sampled_from(values.tolist()), min_size=p.n_classes, max_size=p.n_classes))
    narrow = Predictions(np.array([cells], dtype), np.zeros((1, p.n_classes), int), p.score_kind, p.class_names)
    wide = Predictions(narrow.scores.astype(np.float64), narrow.labels, p.score_kind, p.class_names)
    assert np.array_equal(ts.converted_to(wide).predict(wide), ts.predict(narrow))


def details():
    """Whatever a policy may put into `details`."""
    numbers = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=True) | st.text(max_size=5)
    shapes = st_numpy.array_shapes(min_dims=1, max_dims=2, min_side=0, max_side=3)
    arrays = st.sampled_from(["float32", "float64", "int64", "bool"]).flatmap(lambda d: st_numpy.arrays(d, shapes))
    keys = st.text(max_size=4) | st.integers(0, 9)
    return st.recursive(
        numbers | arrays,
        lambda inner: st.lists(inner, max_size=3).map(tuple) | st.dictionaries(keys, inner, max_size=3),
    )


@settings(max_examples=150, deadline=None)
@given(details())
def test_details_of_any_kind_come_back(value):
    assert same(value, from_plain(read_strict(write_strict(to_plain(value)))))


def json_values(leaves=None):
    leaf = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6) if leaves is None else leaves
    keys = st.text(max_size=6) | st.sampled_from(
        ["class", "threshold", "a", "b", "north", "$array", "$pairs", "values"]
    )
    return st.recursive(
        leaf, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4), max_leaves=8
    )


def places(value, path=()):
    """The way to every part of a JSON value."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        yield from places(each, (*path, key))


def replaced(value, path, new):
    if not path:
        return new
    changed = value.copy()
    changed[path[0]] = replaced(value[path[0]], path[1:], new)
    return changed


def whole_problem():
    rng = np.random.default_rng(0)
    labels, columns = (rng.random((20, 2)) < 0.5).astype(int), {"side": np.array(["north", "south"] * 10, dtype=object)}
    p = Predictions(rng.random((20, 2)), labels, "probabilities", ["a", "b"], columns=columns)
    ranked = RankedScores.from_predictions(p)
    rules = [policies.make_policy(name).tune(ranked) for name in ("best_per_class", "both_floors")]
    rules.append(policies.make_policy("per_group", column="side", least_positives=1).tune(ranked))
    about = {"data": {"digest": "x"}, "figures": {"held out": {"micro_f1": 0.5}}, "created": "today"}
    return p, [json.loads(threshold_json(rule, **about)) for rule in rules]


WHOLE, CONTENTS = whole_problem()


def assert_read_or_refused(text):
    """A rule that can be used and written again, or one sentence."""
    try:
        rule = read_thresholds(text.encode(), WHOLE, name="t.json").thresholds
    except InputError:
        return
    assert rule.predict(WHOLE).shape == (20, 2)
    threshold_json(rule)
    if isinstance(rule, ThresholdSet):
        threshold_csv(rule)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(CONTENTS), st.data())
def test_a_file_of_ours_with_anything_in_it_is_read_or_refused(content, data):
    path = data.draw(st.sampled_from(list(places(content))))
    assert_read_or_refused(json.dumps(replaced(content, path, data.draw(json_values()))))


@settings(max_examples=200, deadline=None)
@given(json_values())
def test_any_json_is_read_or_refused(value):
    assert_read_or_refused(json.dumps(value))


@pytest.mark.parametrize("depth", [300, 600, 900])
def test_deep_details_are_read_or_refused(depth):
    nested = "[" * depth + "]" * depth
    assert_read_or_refused(json.dumps(CONTENTS[0]).replace('"details": {', f'"details": {{"deep": {nested}, '))
