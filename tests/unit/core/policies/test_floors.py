"""What a floor's answer says beside the threshold, and its answer on other samples."""

import numpy as np
import pytest

from dashboard.core import Counts, Predictions, RankedScores, policies
from dashboard.core.policies.policy import MET, NO_POSITIVES, NOT_MET, NOT_PROVEN, UNREACHABLE


def ranked(scores, labels, **options):
    return RankedScores.from_predictions(Predictions(np.array(scores, dtype=np.float64), labels, **options))


def thirteen():
    """A class whose 13 positives are all above its 5 negatives."""
    return ranked(np.arange(18.0)[::-1, None], np.repeat([1, 0], [13, 5])[:, None])


def test_thirteen_of_thirteen_meet_a_recall_of_90_percent_but_do_not_prove_it():
    ts = policies.recall_floor(thirteen(), 0.9, "lower limit")
    assert ts.details["states"] == (NOT_PROVEN,)
    reached = {name: values[0] for name, values in ts.details["reached"].items()}
    assert reached["recall"] == 12 / 13 and reached["precision"] == 1.0
    assert reached["lower limit of recall"] == pytest.approx(0.6837, abs=1e-4)
    assert reached["further positives"] > 300


def test_all_thirteen_found_take_16_more_to_prove_it():
    (state,), figures = policies.judge_floor(counts(tp=13, fp=2, fn=0), "recall", 0.9)
    assert state == NOT_PROVEN
    assert figures["further positives"].tolist() == [16]
    assert figures["lower limit of recall"][0] == pytest.approx(0.794, abs=1e-3)
    assert figures["precision"][0] == 13 / 15


def test_further_positives_of_a_precision_are_those_at_the_same_recall():
    (state,), figures = policies.judge_floor(counts(tp=13, fp=0, fn=13), "precision", 0.9)
    assert state == NOT_PROVEN
    assert figures["further positives"].tolist() == [32]  # 16 more found are 32 more that there are


def test_judge_floor_on_samples_where_it_is_not_met():
    states, _ = policies.judge_floor(counts(tp=8, fp=2, fn=0), "precision", 0.9)
    assert states == (NOT_MET,)
    assert policies.judge_floor(counts(tp=0, fp=2, fn=0), "precision", 0.9)[0] == (NO_POSITIVES,)
    assert policies.judge_floor(counts(tp=9, fp=1, fn=0), "precision", 0.9, "observed")[0] == (MET,)


def test_a_floor_is_judged_on_samples_it_was_not_tuned_on():
    ts = policies.recall_floor(thirteen(), 0.9)
    assert ts.details["states"] == (MET,)
    held_out = policies.judged_on(ts, counts(tp=13, fp=2, fn=0), "held out")
    assert (held_out.details["states"], held_out.details["judged"]) == ((NOT_PROVEN,), "held out")
    assert held_out.details["reached"]["further positives"].tolist() == [16]
    assert held_out.details["reached"]["best reachable recall"].tolist() == [1.0]
    assert (held_out.score_thresholds == ts.score_thresholds).all()
    assert policies.judged_on(ts, counts(tp=29, fp=2, fn=0), "held out").details["states"] == (MET,)
    assert policies.judged_on(ts, counts(tp=8, fp=2, fn=5), "held out").details["states"] == (NOT_MET,)
    unreachable = policies.precision_floor(ranked([[3.0], [2.0]], [[0], [1]]), 0.9)
    assert policies.judged_on(unreachable, counts(1, 0, 0), "held out").details["states"] == (UNREACHABLE,)
    with pytest.raises(ValueError, match="must be of precision_floor or recall_floor, got 'fixed'"):
        policies.judged_on(policies.fixed(thirteen()), counts(1, 0, 0), "held out")


def test_unreachable_says_what_is_reachable_and_predicts_nothing():
    ts = policies.precision_floor(ranked([[3.0], [2.0], [1.0]], [[0], [1], [1]]), 0.9)
    assert ts.details["states"] == (UNREACHABLE,)
    assert np.isposinf(ts.score_thresholds).all()
    assert ts.details["reached"]["best reachable precision"].tolist() == [2 / 3]
    assert ts.details["closest"].tolist() == [1.0]
    assert ts.details["reached"]["recall"].tolist() == [0.0]


def test_precision_is_not_monotone_and_the_lower_cut_with_more_recall_is_found():
    ts = policies.precision_floor(ranked([[5.0], [4.0], [3.0], [2.0], [1.0]], [[1], [0], [1], [1], [1]]), 0.75)
    assert ts.details["kept"].tolist() == [1.0]


def test_groups_that_are_too_small_are_not_asked():
    labels, sites = [[1], [0], [1], [0]], np.array(["a", "b", "a", "b"])
    r = ranked([[4.0], [3.0], [2.0], [1.0]], labels, columns={"site": sites})
    ts = policies.precision_floor(r, 0.6, column="site", least_positives=2)
    assert ts.details["reached"]["groups asked"].tolist() == [1]
    assert ts.details["reached"]["lowest precision of a group"].tolist() == [1.0]
    with pytest.raises(ValueError, match="must have the column 'ward', got site"):
        policies.precision_floor(r, 0.6, column="ward")


@pytest.mark.parametrize("name", policies.POLICIES)
@pytest.mark.parametrize("shape", [(0, 2), (0, 1), (1, 1)])
def test_policies_of_no_samples_or_one_cell(name, shape):
    r = RankedScores.from_predictions(Predictions(np.zeros(shape), np.zeros(shape, dtype=np.int8)))
    rule = policies.make_policy(name).tune(r)
    assert rule.predict(r.predictions).shape == shape


@pytest.mark.parametrize("parameters", [None, {}, {"floor": 7}, {"floor": "much"}])
def test_details_of_a_file_that_name_no_floor_have_none(parameters):
    details = policies.recall_floor(thirteen(), 0.9).details
    assert policies.floor_asked(details).value == 0.9
    assert policies.floor_asked(details | {"parameters": parameters}) is None
    assert policies.floor_asked({"policy": "recall_floor", "parameters": {"floor": 0.9}}) is None


@pytest.mark.parametrize("floor", [-0.1, 1.1, np.nan])
def test_a_floor_out_of_range_is_refused(floor):
    with pytest.raises(ValueError, match="must lie in"):
        policies.precision_floor(thirteen(), floor)
    with pytest.raises(ValueError, match="must lie in"):
        policies.both_floors(thirteen(), floor, 0.5)


def counts(tp, fp, fn, tn=0):
    return Counts(*(np.array([[count]]) for count in (tp, fp, fn, tn)))
