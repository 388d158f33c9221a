import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.losses import LOSSES, ClassCounts
from dashboard.losses.variant import Parameter, make_cells, reduce

by_name = pytest.mark.parametrize("variant", LOSSES.values(), ids=lambda variant: variant.name)
quiet = settings(deadline=None, derandomize=True, database=None, max_examples=25)

# The official Hill takes a log of a sigmoid that is exactly 0.
LEAST_LOGIT = {"hill": -80.0}
EXTREMES = [0.0, 1e4, -1e4, 100.0, -100.0, 17.0, -17.0, 28.0, -28.0, 88.8, -88.8]


@st.composite
def cells(draw, least=-1e4, unknown=True):
    """Logits in float32 up to 1e4 and targets, some soft, some unknown."""
    n_samples, n_classes = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    n = n_samples * n_classes
    number = st.floats(least, 1e4, width=32) | st.sampled_from(EXTREMES).map(lambda x: max(x, least))
    target = st.sampled_from([0.0, 1.0, 0.3, 0.7] + [-1.0] * unknown)
    logits, targets = (draw(st.lists(each, min_size=n, max_size=n)) for each in (number, target))
    return tuple(torch.tensor(each).reshape(n_samples, n_classes) for each in (logits, targets))


def values_and_gradient(variant, logits, targets, **given):
    logits = logits.clone().requires_grad_()
    values = variant.values(logits, targets, **given)
    values.sum().backward()
    return values.detach(), logits.grad


@by_name
def test_values_and_gradients_are_finite(variant):
    @quiet
    @given(cells(LEAST_LOGIT.get(variant.name, -1e4)))
    def check(drawn):
        values, gradient = values_and_gradient(variant, *drawn)
        assert values.isfinite().all()
        assert gradient.isfinite().all()

    check()


@by_name
def test_values_and_gradients_are_finite_for_all_parameters(variant):
    """But for a gamma between 0 and 1, whose power has an infinite slope at 0, as the notes say."""

    def strategy(parameter):
        if isinstance(parameter.default, bool):
            return st.booleans()
        numbers = st.floats(parameter.minimum, min(parameter.maximum, 100.0))
        if parameter.name.startswith("gamma"):
            numbers = numbers.filter(lambda x: x == 0 or x >= 1)
        named = st.sampled_from(sorted(parameter.choices)) if parameter.choices else st.nothing()
        return named if isinstance(parameter.default, str) and not parameter.per_class else numbers | named

    parameters = st.fixed_dictionaries({each.name: strategy(each) for each in variant.parameters})

    @quiet
    @given(cells(LEAST_LOGIT.get(variant.name, -1e4)), parameters)
    def check(drawn, parameters):
        values, gradient = values_and_gradient(variant, *drawn, **parameters)
        assert values.isfinite().all()
        assert gradient.isfinite().all()

    check()


@by_name
def test_unknown_cells_count_nothing_whatever_their_logit(variant):
    @quiet
    @given(cells(-50.0), st.sampled_from([math.nan, math.inf, -math.inf, 1e30, 0.0]))
    def check(drawn, there):
        logits, targets = drawn
        unknown = targets < 0
        plain, plain_gradient = values_and_gradient(variant, logits, targets)
        values, gradient = values_and_gradient(variant, logits.masked_fill(unknown, there), targets)
        assert torch.equal(values, plain)
        assert torch.equal(gradient, plain_gradient)
        assert not gradient[unknown].any()
        if variant.unit == "cell":
            assert not values[unknown].any()

    check()


@by_name
def test_samples_without_known_cells_count_nothing(variant):
    generator = torch.Generator().manual_seed(0)
    logits = torch.randn(5, 4, generator=generator, dtype=torch.float64)
    targets = (torch.rand(5, 4, generator=generator) < 0.5).double()
    targets[0] = torch.tensor([0.0, 1, 0, 0])
    more = torch.cat([logits, torch.full((2, 4), math.nan)]), torch.cat([targets, -torch.ones(2, 4)])
    counts = ClassCounts.of_targets(targets)
    for reduction in ("mean", "sum"):
        expected = variant.reduced(logits, targets, reduction, counts=counts)
        torch.testing.assert_close(variant.reduced(*more, reduction, counts=counts), expected)


@by_name
def test_reduced(variant):
    logits = torch.linspace(-2, 2, 12, dtype=torch.float64).reshape(3, 4)
    targets = torch.tensor([[1.0, 0, 0, -1], [0, 1, 0, 0], [-1, -1, 1, 0]])
    values = variant.values(logits, targets)
    assert torch.equal(variant.reduced(logits, targets, "none"), values)
    n = {"cell": 9, "row": 3, "batch": 1}[variant.unit]
    torch.testing.assert_close(variant.reduced(logits, targets, "sum"), values.sum())
    torch.testing.assert_close(variant.reduced(logits, targets, "mean"), values.sum() / n)
    official = variant.reduced(logits, targets, variant.reduction)
    assert torch.equal(variant.reduced(logits, targets), official)


@by_name
def test_counts_default_to_those_of_the_targets(variant):
    logits, targets = torch.randn(6, 3), torch.tensor([[1.0, 0, -1], [0, 1, 0]]).repeat(3, 1)
    counted = variant.values(logits, targets, counts=ClassCounts.of([3, 3, 0], [6, 6, 3]))
    assert torch.equal(variant.values(logits, targets), counted)


@by_name
def test_unknown_parameter(variant):
    with pytest.raises(ValueError, match=f"{variant.name} has no parameter 'delta'; its parameters are: "):
        variant.values(torch.zeros(1, 1), torch.zeros(1, 1), delta=1)


def test_mean_of_nothing_is_nan():
    assert LOSSES["bce"].reduced(torch.zeros(2, 2), -torch.ones(2, 2), "mean").isnan()


def test_reduce_rejects_other_words():
    with pytest.raises(ValueError, match="reduction must be one of none, mean, sum, got 'average'"):
        reduce(torch.zeros(1), 1, "average")


@pytest.mark.parametrize("shapes", [((3,), (3,)), ((3, 2), (3, 1)), ((3, 1), (3,)), ((2, 3), (3, 2))])
def test_shapes_must_be_equal(shapes):
    logits, targets = map(torch.zeros, shapes)
    for call in (make_cells, LOSSES["focal"].values, LOSSES["zlpr"].reduced, LOSSES["masked"].values):
        with pytest.raises(ValueError, match=r"same shape \(n_samples, n_classes\), got"):
            call(logits, targets)


def test_integer_targets_are_read_as_numbers():
    logits, targets = torch.randn(3, 2), torch.tensor([[1, 0], [0, -1], [1, 1]])
    for variant in LOSSES.values():
        assert torch.equal(variant.values(logits, targets), variant.values(logits, targets.float()))


def test_numbers_per_class_must_be_as_many_as_classes():
    with pytest.raises(ValueError, match=r"weight must be one number or one for each of 3 classes, got \(2,\)"):
        LOSSES["bce"].values(torch.zeros(1, 3), torch.zeros(1, 3), weight=(1.0, 2.0))


NUMBER = Parameter("n", "n", 1.0, 0.0, 2.0)
CHOICE = Parameter("c", "c", "a", choices={"a": "A", "b": "B"})
PER_CLASS = Parameter("w", "w", 1.0, 0.0, choices={"root": "root"}, per_class=True)
FLAG = Parameter("f", "f", True)


@pytest.mark.parametrize(
    ("parameter", "value"),
    [(NUMBER, 0), (NUMBER, 2.0), (CHOICE, "b"), (PER_CLASS, "root"), (PER_CLASS, (0.0, 9.0)), (FLAG, False)],
)
def test_parameter_accepts(parameter, value):
    assert parameter.check(value) == value


@pytest.mark.parametrize(
    ("parameter", "value", "sentence"),
    [
        (NUMBER, 2.1, "n must be a number from 0 to 2, got 2.1"),
        (NUMBER, math.nan, "n must be a number from 0 to 2, got nan"),
        (NUMBER, True, "n must be one number, got True"),
        (NUMBER, (1.0, 1.0), "n must be one number, got"),
        (NUMBER, "much", "n must be a number from 0 to 2, got 'much'"),
        (CHOICE, 1.0, "c must be one of a, b, got 1.0"),
        (CHOICE, "z", "c must be one of a, b, got 'z'"),
        (PER_CLASS, math.inf, "w must be a number from 0 up or one of root, got inf"),
        (PER_CLASS, (1.0, -1.0), "w must be a number from 0 up or one of root, got"),
        (FLAG, 1.0, "f must be true or false, got 1.0"),
        (FLAG, "yes", "f must be true or false, got 'yes'"),
    ],
)
def test_parameter_rejects(parameter, value, sentence):
    with pytest.raises(ValueError, match=sentence):
        parameter.check(value)


def test_numbers_per_class_are_not_rounded_to_float32():
    logits, targets = torch.zeros(1, 2, dtype=torch.float64), torch.zeros(1, 2, dtype=torch.float64)
    found = LOSSES["bce"].values(logits, targets, weight=(0.1, 16777217.0))[0] / math.log(2)
    assert found.tolist() == pytest.approx([0.1, 16777217.0], rel=1e-15)
