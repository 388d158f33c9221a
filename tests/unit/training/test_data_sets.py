"""Every kind of data comes out in three finite parts, repeats by its seed, and refuses what cannot be made."""

from pathlib import Path

import numpy as np
import pytest

from dashboard.core.feature_table import FeatureTable
from dashboard.training import data_sets, preparation
from dashboard.training.data_sets import SETTINGS, default_settings, make_data
from dashboard.training.plan import DATA_KINDS, DataPlan, PlanError

SMALL = {
    "digits": {"n_train": 60, "n_validation": 20, "n_test": 20},
    "make_multilabel_classification": {"n_samples": 200},
    "generated": {"n_samples": 200},
    "files": {},
}
SAMPLE = Path(__file__).parents[3] / "sample_data"


def made_table(n_samples=100, **changes):
    rng = np.random.default_rng(0)
    values = {
        "name": "made",
        "labels": rng.integers(0, 2, (n_samples, 3)).astype(np.int8),
        "class_names": ("a", "b", "c"),
        "numbers": {"x": rng.normal(10, 5, n_samples), "y": rng.normal(size=n_samples)},
        "ids": np.array([f"s{i}" for i in range(n_samples)], dtype=object),
        "columns": {"site": np.arange(n_samples) % 2},
        "notices": ("read",),
    }
    return FeatureTable(**(values | changes))


def make(kind, seed=0, **changes):
    return make_data(DataPlan(kind, SMALL[kind] | changes, seed), made_table() if kind == "files" else None)


@pytest.mark.parametrize("kind", DATA_KINDS)
def test_every_kind_makes_three_finite_parts_and_repeats(kind):
    data = make(kind)
    for part in data.parts.values():
        assert part.inputs.dtype == np.float32
        assert np.isfinite(part.inputs).all()
        assert part.labels.dtype == np.int8
        assert part.labels.shape == (part.n_samples, data.n_classes)
    assert data.digest == make(kind).digest


@pytest.mark.parametrize("kind", ["make_multilabel_classification", "generated", "files"])
def test_another_seed_makes_other_parts(kind):
    assert make(kind).digest != make(kind, seed=1).digest


def test_digits_are_the_canvases_of_the_sample_data():
    data = make_data(DataPlan("digits", {"n_train": 10, "n_test": 10}))
    shipped = np.load(SAMPLE / "validation.npz")
    assert np.array_equal(data.validation.images, shipped["images"])
    assert np.array_equal(data.validation.labels, shipped["labels"])
    assert data.validation.ids.tolist() == shipped["ids"].tolist()
    assert data.validation.columns["writer"].tolist() == shipped["writer"].tolist()
    assert data.input_shape == (1, 24, 32)
    assert (data.train.n_samples, data.test.n_samples) == (10, 10)
    assert (data.train.inputs.min(), data.train.inputs.max()) == (0, 1)


def test_fewer_digits_are_the_first_of_all():
    few, more = make("digits"), make("digits", n_train=80)
    assert np.array_equal(few.train.images, more.train.images[:60])


def test_a_table_keeps_ids_columns_and_notices_with_their_rows():
    data = make("files")
    table = made_table()
    row_of = {sample: row for row, sample in enumerate(table.ids)}
    for part in data.parts.values():
        rows = [row_of[sample] for sample in part.ids]
        assert np.array_equal(part.labels, table.labels[rows])
        assert np.array_equal(part.columns["site"], table.columns["site"][rows])
    assert data.notices[0] == "read"
    assert [part.n_samples for part in data.parts.values()] == [60, 20, 20]


def test_scaling_knows_the_training_part_alone():
    data = make("files")
    assert data.train.inputs.mean(axis=0) == pytest.approx(0, abs=1e-6)
    assert abs(data.test.inputs.mean(axis=0)).max() > 0.01


def test_a_clean_test_part_has_neither_noise_nor_unknown_labels():
    truth, noisy = make("generated"), make("generated", label_noise=0.3, unknown_share=0.3, clean_test=True)
    all_features = np.concatenate([unscaled(truth, part) for part in truth.parts.values()])
    all_labels = np.concatenate([part.labels for part in truth.parts.values()])
    for part, is_clean in ((noisy.test, True), (noisy.train, False)):
        same = [np.abs(all_features - row).sum(axis=1).argmin() for row in unscaled(noisy, part)]
        assert np.array_equal(part.labels, all_labels[same]) == is_clean
    assert (noisy.train.labels == -1).mean() > 0.2


def unscaled(data, part):
    steps = data.preparation["numbers"]
    deviation, mean = (np.array([step[name] for step in steps]) for name in ("deviation", "mean"))
    return part.inputs * deviation + mean


@pytest.mark.parametrize(
    ("images", "shape"),
    [
        (np.full((30, 4, 6), 51, np.uint8), (1, 4, 6)),
        (np.full((30, 4, 6, 3), 0.2, np.float32), (3, 4, 6)),
    ],
)
def test_images_become_channels_of_pixels_from_0_to_1(images, shape):
    table = made_table(30, numbers={}, images=images)
    data = make_data(DataPlan("files"), table)
    assert data.input_shape == shape
    assert data.train.inputs == pytest.approx(0.2)
    assert data.train.images.shape[1:] == (4, 6)
    assert (data.train.images == 51).all()


def test_files_need_a_table():
    with pytest.raises(PlanError, match="'files' need the files themselves"):
        make_data(DataPlan("files"))


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (np.zeros((20, 3), np.int8), "none of the 60 is positive"),
        (np.ones((20, 3), np.int8), "none of the 60 is negative"),
        (np.zeros((0, 3), np.int8), "found 0 samples and 3 classes"),
    ],
)
def test_labels_that_cannot_be_learnt_are_refused(labels, message):
    table = made_table(len(labels), labels=labels)
    with pytest.raises(PlanError, match=message):
        make_data(DataPlan("files"), table)


def test_one_class_trains_and_is_said():
    table = made_table(labels=made_table().labels[:, :1], class_names=("a",))
    assert (
        "There is one class only: micro and macro averages are the same." in make_data(DataPlan("files"), table).notices
    )


def test_a_class_without_positives_in_a_part_is_a_notice():
    labels = made_table().labels.copy()
    labels[:, 2] = 0
    labels[5, 2] = 1
    notices = make_data(DataPlan("files"), made_table(labels=labels)).notices
    judged = "mAP leaves out what has none, and macro-F1 counts it as 0."
    assert f"1 class is without positives in the validation part: 'c'; {judged}" in notices
    assert f"1 class is without positives in the test part: 'c'; {judged}" in notices


def test_unknown_labels_are_said():
    labels = made_table().labels.copy()
    labels[:, 0] = -1
    assert any(
        "Unknown labels are left out" in n for n in make_data(DataPlan("files"), made_table(labels=labels)).notices
    )


@pytest.mark.parametrize("kind", DATA_KINDS)
def test_defaults_pass_their_own_check(kind):
    for setting in SETTINGS[kind]:
        assert setting.checked(setting.default) == setting.default
        assert setting.title
        assert setting.explanation
    assert list(default_settings(kind)) == [setting.name for setting in SETTINGS[kind]]


@pytest.mark.parametrize(
    ("kind", "settings", "message"),
    [
        ("generated", {"n_samples": 0}, "Samples must be a whole number from 30 to 500,000, got 0"),
        ("generated", {"n_samples": 99.5}, "Samples must be a whole number"),
        ("generated", {"correlation": float("nan")}, "Label correlation must be a number from 0.0 to 0.95, got nan"),
        ("generated", {"clean_test": 1}, "Clean test labels must be true or false, got 1"),
        ("generated", {"colour": 1}, "have no setting 'colour': they have n_samples, n_features"),
        ("files", {"validation_share": 0.5, "test_share": 0.5}, "A tenth of the samples must be left to train on"),
    ],
)
def test_settings_that_cannot_be_are_refused(kind, settings, message):
    with pytest.raises(PlanError, match=message):
        make_data(DataPlan(kind, settings), made_table())


def test_more_values_than_a_server_can_hold_are_refused_before_they_are_made(monkeypatch):
    """A category is a feature: a small file can stand for any number of values."""
    towns = np.array([f"town {i % 10}" for i in range(100)], dtype=object)
    monkeypatch.setattr(preparation, "MOST_VALUES", 1_200)
    plan = DataPlan("files", {})
    assert make_data(plan, made_table(nominals={"town": towns})).input_shape == (12,)
    monkeypatch.setattr(preparation, "MOST_VALUES", 1_199)
    monkeypatch.setattr(data_sets, "prepared", None)
    with pytest.raises(PlanError, match=r"at most 1,199 values, but 100 samples of 12 features .* make 1,200"):
        make_data(plan, made_table(nominals={"town": towns}))
    with pytest.raises(PlanError, match="100 samples of 64 features"):
        make_data(plan, made_table(numbers={}, images=np.zeros((100, 8, 8), np.uint8)))
