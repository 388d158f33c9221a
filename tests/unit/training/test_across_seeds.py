import math
from types import SimpleNamespace

import numpy as np
import pytest

from dashboard.core import Predictions, RankedScores, ThresholdSet
from dashboard.core.comparison import compare_at_each_best
from dashboard.core.verdicts import average_verdicts
from dashboard.training.across_seeds import AVERAGES, Difference, Spread, across_seeds

NAMES = ("x", "y", "z")


@pytest.fixture(scope="module")
def labels():
    found = (np.random.default_rng(0).random((150, 3)) < 0.3).astype(np.int8)
    found[:5, 0] = -1
    return found


def run(labels, variant, seed, *, strength=1.0, shift=-0.5):
    noise = np.random.default_rng([seed, len(variant)]).normal(size=labels.shape)
    logits = (strength * (2.0 * (labels == 1) - 1) + noise + shift).astype(np.float32)
    return SimpleNamespace(variant=variant, seed=seed, logits={"test": logits})


def test_each_seed_is_what_compare_says_of_it(labels):
    runs = [run(labels, variant, seed) for seed in (3, 5) for variant in ("a", "bb", "ccc")]
    found = across_seeds(runs, labels, NAMES, n_replicates=50)
    assert [(pair.a, pair.b, pair.seeds) for pair in found] == [
        ("a", "bb", (3, 5)),
        ("a", "ccc", (3, 5)),
        ("bb", "ccc", (3, 5)),
    ]
    for position, seed in enumerate((3, 5)):
        a, b = (
            RankedScores.from_predictions(Predictions(run(labels, name, seed).logits["test"], labels, "logits", NAMES))
            for name in ("a", "ccc")
        )
        in_use = [ThresholdSet.from_unit(r.predictions, 0.5) for r in (a, b)]
        expected = compare_at_each_best(a, b, *in_use, np.arange(150), n_replicates=50)
        for average in AVERAGES:
            of_pair, of_seed = found[1].averages[average], expected.averages[average]
            for name in ("total", "threshold", "ranking", "average_precision"):
                np.testing.assert_equal(getattr(of_pair, name).by_seed[position], getattr(of_seed, name).value)
            assert of_pair.verdicts[position] == average_verdicts(expected)[average].kind


def test_a_moved_threshold_is_no_ranking(labels):
    runs = []
    for seed in range(3):
        plain = run(labels, "plain", seed, strength=1.5, shift=-0.5)
        moved = SimpleNamespace(variant="moved", seed=seed, logits={"test": plain.logits["test"] + np.float32(3)})
        runs += [plain, moved]
    (pair,) = across_seeds(runs, labels, NAMES, n_replicates=50)
    for average in AVERAGES:
        difference = pair.averages[average]
        assert difference.ranking.by_seed == (0, 0, 0)
        assert difference.total.by_seed == difference.threshold.by_seed
        assert difference.total.high < -0.05
        assert difference.words == "mostly the threshold in 3 of 3 seeds"
    assert pair.averages["macro"].average_precision.by_seed == (0, 0, 0)
    assert math.isnan(pair.averages["micro"].average_precision.mean)


def test_a_better_ranking_is_told_from_b_less_a_whatever_the_order_of_the_runs(labels):
    runs = [run(labels, "weak", 0, strength=0.3), run(labels, "strong", 0, strength=3.0)]
    runs += [run(labels, "strong", 1, strength=3.0), run(labels, "weak", 1, strength=0.3)]
    (pair,) = across_seeds(runs, labels, NAMES, n_replicates=50)
    assert (pair.a, pair.b) == ("weak", "strong")
    assert pair.averages["macro"].ranking.low > 0.1
    assert pair.averages["macro"].average_precision.low > 0.1
    assert pair.averages["macro"].words == pair.averages["micro"].words == "better ranking in 2 of 2 seeds"


def test_seeds_that_only_one_has_are_left_out(labels):
    runs = [run(labels, "a", 0), run(labels, "bb", 0), run(labels, "a", 1), run(labels, "ccc", 1), run(labels, "d", 2)]
    found = across_seeds(runs, labels, NAMES, n_replicates=20)
    assert [(pair.a, pair.b, pair.seeds) for pair in found] == [("a", "bb", (0,)), ("a", "ccc", (1,))]
    assert across_seeds(runs[:1], labels, NAMES) == across_seeds([], labels, NAMES) == ()


def test_spread_is_over_seeds():
    spread = Spread((0.1, 0.2, 0.6))
    assert (spread.low, spread.high) == (0.1, 0.6)
    assert spread.mean == pytest.approx(0.3)
    assert spread.sd == pytest.approx(np.sqrt((0.04 + 0.01 + 0.09) / 2))
    assert math.isnan(Spread((0.1,)).sd)


def test_words_count_the_verdicts():
    def words(*kinds):
        return Difference(*[Spread((0.0,))] * 4, verdicts=kinds).words

    assert words("cannot tell") == "cannot tell"
    assert words("cannot tell", "better ranking", "better ranking") == (
        "better ranking in 2, cannot tell in 1 of 3 seeds"
    )


def test_progress_is_told_by_seed(labels):
    told = []
    runs = [run(labels, name, seed) for seed in (0, 1) for name in ("a", "bb")]
    across_seeds(runs, labels, NAMES, n_replicates=20, progress=told.append)
    assert told == [0.5, 1.0]
