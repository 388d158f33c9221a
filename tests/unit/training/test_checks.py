from dataclasses import replace

import numpy as np
import pytest

from dashboard.training import train
from dashboard.training.checks import checked_losses, counts_of
from dashboard.training.data import DataPart, TrainingData
from dashboard.training.plan import ModelPlan, PlanError, VariantPlan
from tests.unit.training.small_training import CLASSES, easy_data, finished, small_plan, with_labels


def images(height=8, width=12) -> TrainingData:
    rng = np.random.default_rng(0)
    part = DataPart(
        rng.random((20, 1, height, width)).astype(np.float32), (rng.random((20, len(CLASSES))) < 0.5).astype(np.int8)
    )
    return TrainingData("images", CLASSES, part, part, part)


def refused(plan, data) -> str:
    """The sentence, which comes before the first report."""
    with pytest.raises(PlanError) as caught:
        next(train(plan, data))
    return str(caught.value)


def test_a_batch_larger_than_the_training_part_is_told_with_both_numbers():
    assert refused(small_plan(batch_size=61), easy_data()) == (
        "A batch must not be larger than the training part, got a batch size of 61 and 60 samples: choose at most 60."
    )
    finished(small_plan(batch_size=60, epochs=1), easy_data())


@pytest.mark.parametrize("kind", ["cnn", "vit"])
def test_an_image_model_on_a_table_is_refused(kind):
    assert "choose linear or mlp" in refused(small_plan(model=ModelPlan(kind, width=8)), easy_data())


@pytest.mark.parametrize("patch", [3, 16])
def test_a_patch_that_does_not_divide_the_images_or_exceeds_them_is_refused(patch):
    sentence = refused(small_plan(model=ModelPlan("vit", width=8, patch=patch)), images())
    assert f"got {patch} for 8 x 12" in sentence


def test_an_unknown_loss_is_refused_with_the_known_ones():
    sentence = refused(small_plan("focus"), easy_data())
    assert "no loss is called 'focus'" in sentence
    assert "bce_with_logits, pos_weight" in sentence


@pytest.mark.parametrize(
    ("loss", "told"),
    [
        ("focal:gamma=-1", "gamma must be a number from 0"),
        ("focal:gamme=2", "focal has no parameter 'gamme'"),
        ("focal:gamma", "a parameter must be written as name=value"),
        ("pos_weight:pos_weight=1;2", "one for each of 3 classes"),
    ],
)
def test_an_illegal_parameter_is_refused_with_the_sentence_of_the_loss(loss, told):
    plan = replace(small_plan(), variants=(VariantPlan("bce_with_logits"), VariantPlan(loss, "mine")))
    sentence = refused(plan, easy_data())
    assert sentence.startswith("The loss of mine must be one that can be computed, but ")
    assert told in sentence


def test_a_parameter_for_each_class_is_taken():
    finished(small_plan("pos_weight:pos_weight=1;2;3", epochs=1), easy_data())


@pytest.mark.parametrize(("part", "words"), [("train", "training"), ("validation", "validation"), ("test", "test")])
def test_a_part_without_samples_or_known_labels_is_refused(part, words):
    data = easy_data()
    empty = DataPart(np.zeros((0, 6), np.float32), np.zeros((0, 3), np.int8))
    assert refused(small_plan(), replace(data, **{part: empty})).startswith(f"The {words} part must have samples")
    unknown = with_labels(data, part, np.full((getattr(data, part).n_samples, 3), -1))
    assert refused(small_plan(), unknown).startswith(f"The {words} part must have a known label")


def test_labels_that_do_not_match_are_refused():
    data = easy_data()
    short = replace(data, validation=replace(data.validation, inputs=data.validation.inputs[1:]))
    assert "there are 39 inputs, labels of shape (40, 3) and 3 class names" in refused(small_plan(), short)
    assert "4 class names" in refused(small_plan(), replace(data, class_names=(*CLASSES, "d")))


def test_inputs_of_another_shape_are_refused():
    data = easy_data()
    narrow = replace(data, test=replace(data.test, inputs=data.test.inputs[:, 1:]))
    assert "those of the test part are (5,) and those of the training part (6,)" in refused(small_plan(), narrow)


def test_one_class_is_legal_but_not_for_a_choice_among_classes():
    data = easy_data()
    parts = {name: replace(part, labels=part.labels[:, :1]) for name, part in data.parts.items()}
    single = replace(data, class_names=("a",), **parts)
    reports, trained = finished(small_plan(epochs=2), single)
    assert np.isfinite(reports[-1].variants[0].mean_average_precision)
    assert trained.runs[0].logits["test"].shape == (30, 1)
    assert "of which there is one only" in refused(small_plan("single_label_cross_entropy"), single)


def test_stopping_on_what_the_validation_part_cannot_tell_is_refused():
    data = easy_data()
    negative = with_labels(data, "validation", np.zeros((40, 3)))
    for metric in ("mean_average_precision", "micro_f1"):
        assert f"To stop on {metric} the validation part must have" in refused(small_plan(stop_on=metric), negative)
    finished(small_plan(stop_on="bce", epochs=1), negative)


def test_mixed_precision_on_the_cpu_is_refused_in_words():
    assert "choose float32" in refused(small_plan(precision="mixed"), easy_data())


def test_counts_are_those_of_the_training_part():
    data = easy_data()
    counts = counts_of(data)
    np.testing.assert_array_equal(counts.positives, (data.train.labels == 1).sum(0))
    np.testing.assert_array_equal(counts.known, (data.train.labels >= 0).sum(0))
    assert [str(each) for each in checked_losses(small_plan(), data)] == ["bce_with_logits", "focal", "zlpr"]
