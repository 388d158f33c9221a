import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.losses import LOSSES, LossSettings, parse_loss

by_name = pytest.mark.parametrize("variant", LOSSES.values(), ids=lambda variant: variant.name)


def values_of(parameter):
    if isinstance(parameter.default, bool):
        return st.booleans()
    named = st.sampled_from(sorted(parameter.choices)) if parameter.choices else st.nothing()
    if isinstance(parameter.default, str) and not parameter.per_class:
        return named
    numbers = st.floats(parameter.minimum, min(parameter.maximum, 1e300))
    per_class = st.lists(numbers, min_size=2, max_size=4).map(tuple) if parameter.per_class else st.nothing()
    return numbers | named | per_class


@by_name
def test_text_and_back(variant):
    @settings(deadline=None, derandomize=True, database=None, max_examples=50)
    @given(st.fixed_dictionaries({}, optional={each.name: values_of(each) for each in variant.parameters}))
    def check(parameters):
        chosen = LossSettings.of(variant.name, **parameters)
        assert parse_loss(str(chosen)) == chosen
        assert hash(parse_loss(str(chosen))) == hash(chosen)
        assert chosen.parameters == variant.defaults | parameters

    check()


@by_name
def test_defaults_are_not_written(variant):
    chosen = LossSettings.of(variant.name, **variant.defaults)
    assert str(chosen) == variant.name
    assert chosen.title == variant.title
    assert chosen == LossSettings(variant.name) == parse_loss(f" {variant.name} ")


def test_values_are_those_of_the_variant():
    logits, targets = torch.randn(4, 3), torch.tensor([[1.0, 0, -1]]).repeat(4, 1)
    found = parse_loss("focal:gamma=3,alpha=0.5").values(logits, targets)
    assert torch.equal(found, LOSSES["focal"].values(logits, targets, gamma=3, alpha=0.5))


def test_order_of_parameters_does_not_matter():
    assert parse_loss("focal:alpha=0.5, gamma=3") == parse_loss("focal:gamma=3.0,alpha=.5")


def test_title_says_what_differs():
    assert parse_loss("focal:gamma=3").title == "Focal (gamma 3)"
    assert parse_loss("asl:detached=false").title == "ASL (focusing weight detached off)"
    assert parse_loss("bce_with_logits:pos_weight=root,weight=1;2").title == (
        "BCE (weight per class, pos_weight square root of (N-n)/n)"
    )
    assert parse_loss("label_smoothing:towards=classes").title == "BCE, smoothed labels (added to every target eps/K)"


@pytest.mark.parametrize("held", [[1.0, 2.0], np.array([1.0, 2.0]), torch.tensor([1.0, 2.0]), (1, 2)])
def test_numbers_per_class_in_any_container(held):
    chosen = LossSettings.of("bce", weight=held)
    assert chosen == LossSettings.of("bce", weight=(1.0, 2.0))
    assert str(chosen) == "bce:weight=1.0;2.0"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("bcee", "no loss is called 'bcee'; the losses are: bce_with_logits, "),
        ("", "no loss is called ''"),
        ("focal:gamma", "a parameter must be written as name=value, got 'gamma' in 'focal:gamma'"),
        ("focal:delta=1", "focal has no parameter 'delta'; its parameters are: alpha, gamma"),
        ("zlpr:gamma=1", "zlpr has no parameter 'gamma'; its parameters are: none"),
        ("focal:gamma=much", "gamma must be a number from 0 to 10, got 'much'"),
        ("focal:gamma=nan", "gamma must be a number from 0 to 10, got nan"),
        ("focal:gamma=1;2", "gamma must be one number, got"),
        ("focal:gamma=1,gamma=2", "gamma is given twice in 'focal:gamma=1,gamma=2'"),
        ("asl:detached=1", "detached must be true or false, got '1'"),
        ("masked:unknown=dropped", "unknown must be one of ignore, negative, .*, got 'dropped'"),
        ("masked:unknown=1", "unknown must be one of ignore, negative, "),
        ("bce:weight=1;;2", "weight must be a number from 0 up, got '1;;2'"),
        ("bce:weight=inf", "weight must be a number from 0 up, got inf"),
    ],
)
def test_parse_loss_rejects(text, sentence):
    with pytest.raises(ValueError, match=sentence):
        parse_loss(text)


def test_of_rejects_numbers_outside_the_range():
    with pytest.raises(ValueError, match=r"clip must be a number from 0 to 0\.5, got 0\.6"):
        LossSettings.of("asl", clip=0.6)
    with pytest.raises(ValueError, match="got nan"):
        LossSettings.of("asl", clip=math.nan)
