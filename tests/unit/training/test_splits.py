"""Parts hold each class as they hold samples, also where there is almost nothing to spread."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.training.plan import PlanError
from dashboard.training.splits import split_rows, stratified_parts

SHARES = (0.6, 0.2, 0.2)
FIFTHS = {"validation_share": 0.2, "test_share": 0.2}


def correlated_labels(seed, n_samples, n_classes, unknown=0.0):
    rng = np.random.default_rng(seed)
    latent = rng.normal(size=(n_samples, 2)) @ rng.normal(size=(2, n_classes)) + rng.normal(size=(n_samples, n_classes))
    labels = (latent > np.linspace(-1, 3, n_classes)).astype(np.int8)
    labels[rng.random(labels.shape) < unknown] = -1
    return labels


def surplus(labels, parts, shares=SHARES):
    """What each part has of each class's positives, and of samples, beyond its share."""
    counted = np.column_stack([labels == 1, np.ones(len(labels), dtype=bool)])
    found = np.stack([counted[parts == part].sum(axis=0) for part in range(len(shares))])
    return found - np.outer(shares, counted.sum(axis=0))


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 10_000),
    st.integers(20, 400),
    st.integers(1, 15),
    st.sampled_from([SHARES, (0.8, 0.1, 0.1), (0.5, 0.5)]),
    st.sampled_from([0.0, 0.3]),
)
def test_every_class_and_the_samples_are_spread_to_within_two(seed, n_samples, n_classes, shares, unknown):
    """The search ends where no move and no swap helps, which need not be the best: of 2,500 such the worst has 1.4."""
    labels = correlated_labels(seed, n_samples, n_classes, unknown)
    assert np.abs(surplus(labels, stratified_parts(labels, shares, seed), shares)).max() <= 2


def test_spread_of_many_common_classes_is_far_better_than_at_random():
    labels = correlated_labels(0, 8_000, 30)
    assert np.abs(surplus(labels, stratified_parts(labels, SHARES))).max() <= 4
    assert np.abs(surplus(labels, np.random.default_rng(0).choice(3, 8_000, p=SHARES))).max() > 20


def test_the_same_seed_gives_the_same_parts_and_another_seed_others():
    labels = correlated_labels(1, 200, 5)
    assert np.array_equal(stratified_parts(labels, SHARES, 3), stratified_parts(labels, SHARES, 3))
    assert not np.array_equal(stratified_parts(labels, SHARES, 3), stratified_parts(labels, SHARES, 4))


def test_a_classs_only_positive_is_trained_on_and_of_two_one_is():
    labels = np.zeros((50, 3), dtype=np.int8)
    labels[7, 1] = labels[[8, 30], 2] = 1
    parts = stratified_parts(labels, SHARES)
    assert parts[7] == 0
    assert (parts[[8, 30]] == 0).sum() == 1
    assert np.bincount(parts).tolist() == [30, 10, 10]


def test_the_few_negatives_of_a_common_class_are_spread_too():
    labels = np.ones((100, 1), dtype=np.int8)
    labels[:10], labels[10:40] = 0, -1  # without unknown labels the spread of the positives would say it all
    parts = stratified_parts(labels, SHARES)
    assert np.bincount(parts[:10]).tolist() == [6, 2, 2]


def test_unknown_labels_count_as_neither():
    labels = np.full((100, 1), -1, dtype=np.int8)
    labels[:20], labels[20:40] = 1, 0
    parts = stratified_parts(labels, SHARES)
    assert np.bincount(parts[:20]).tolist() == [12, 4, 4]
    assert np.bincount(parts).tolist() == [60, 20, 20]


def test_split_rows_gives_every_row_to_one_part_in_order():
    rows, notices = split_rows(correlated_labels(2, 100, 4), FIFTHS, 0)
    assert sorted(np.concatenate(list(rows.values())).tolist()) == list(range(100))
    assert all((np.diff(part) > 0).all() for part in rows.values())
    assert notices == [
        f"The samples were split with every class spread alike: {len(rows['train'])} for training, "
        f"{len(rows['validation'])} for validation, {len(rows['test'])} for test."
    ]


def test_parts_of_the_files_stay_and_absent_validation_comes_from_training():
    given = np.array(["train"] * 80 + ["test"] * 20)
    rows, notices = split_rows(correlated_labels(3, 100, 4), FIFTHS, 0, given)
    assert rows["test"].tolist() == list(range(80, 100))
    assert len(rows["validation"]) == 16
    assert rows["validation"].max() < 80
    assert notices[0].startswith("Validation came from the training samples of the files: 64 for training, 16 ")


def test_all_three_parts_of_the_files_stay_as_they_are():
    given = np.array(["test", "train", "validation", "train"])
    rows, notices = split_rows(np.eye(4, 2, dtype=np.int8), FIFTHS, 0, given)
    assert {part: each.tolist() for part, each in rows.items()} == {"train": [1, 3], "validation": [2], "test": [0]}
    assert notices == ["The parts are those of the files: 2 for training, 1 for validation, 1 for test."]


@pytest.mark.parametrize("n_samples", [1, 2])
def test_too_few_samples_to_split_are_refused(n_samples):
    with pytest.raises(PlanError, match="Each part must get a sample"):
        split_rows(np.ones((n_samples, 1), dtype=np.int8), FIFTHS, 0)


def test_three_samples_are_a_sample_for_each_part():
    rows, _ = split_rows(np.eye(3, dtype=np.int8), {"validation_share": 0.33, "test_share": 0.33}, 0)
    assert [len(part) for part in rows.values()] == [1, 1, 1]


def test_files_without_training_samples_are_refused():
    with pytest.raises(PlanError, match="samples to train on, but all 2 are marked validation or test"):
        split_rows(np.eye(2, dtype=np.int8), FIFTHS, 0, np.array(["test", "validation"]))
