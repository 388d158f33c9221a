"""Whether a file of thresholds was tuned on the samples at hand, by what it tells."""

import numpy as np
import pytest

from dashboard.core import Predictions
from dashboard.reviews.tuned_on import ELSEWHERE_IN_IT, OTHER, SAME, UNTOLD, TunedOn


def predictions(shift=0.0, **about) -> Predictions:
    scores = np.array([[0.5, -1.0], [2.0, 0.0], [-0.5, 1.0]]) + shift
    return Predictions(scores, [[1, 0], [0, 1], [1, -1]], **about)


@pytest.fixture
def here():
    return TunedOn(predictions(), "digest of all", "run")


def test_the_same_samples_are_known_beside_other_columns_readers_and_runs(here):
    then = TunedOn(predictions(columns={"age": [1, 2, 3]}), "of all and a column", "named otherwise", "age:1")
    assert here.compared(then.as_dict()) == SAME


def test_other_samples_are_told_from_another_run_or_group_of_the_data(here):
    assert here.compared(TunedOn(predictions(1.0), "digest of all", "second").as_dict()) == ELSEWHERE_IN_IT
    assert here.compared(TunedOn(predictions(1.0), "another", "run").as_dict()) == OTHER
    assert here.compared({"samples_digest": "x"}) == OTHER


@pytest.mark.parametrize(
    ("told", "found"),
    [
        (None, UNTOLD),
        ({"n_samples": 3}, UNTOLD),
        ({"digest": "digest of all"}, SAME),
        ({"digest": "digest of all", "run": "run"}, SAME),
        ({"digest": "digest of all", "run": "second"}, ELSEWHERE_IN_IT),
        ({"digest": "digest of all", "group": "site:a"}, ELSEWHERE_IN_IT),
        ({"digest": "another"}, OTHER),
    ],
)
def test_a_file_without_the_digest_of_its_samples_is_known_by_the_other(here, told, found):
    assert here.compared(told) == found


def test_a_group_is_named_only_where_there_is_one(here):
    assert here.as_dict() == {
        "digest": "digest of all",
        "samples_digest": predictions().tuning_digest,
        "run": "run",
        "n_samples": 3,
    }
    assert TunedOn(predictions(), "d", "run", "site:a").as_dict()["group"] == "site:a"
