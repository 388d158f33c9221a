"""A plan goes to JSON and back without a loss, and anything else than a plan is refused in a sentence."""

import json
from copy import deepcopy

import pytest

from dashboard.training.data_settings import checked_settings
from dashboard.training.plan import DataPlan, ModelPlan, OptimiserPlan, PlanError, TrainingPlan, VariantPlan

PLAN = TrainingPlan(
    DataPlan("generated", {"n_samples": 300, "clean_test": True, "prevalence": 0.3}, 7),
    ModelPlan("vit", width=24, depth=1, dropout=0.1, patch=2, heads=3),
    OptimiserPlan("sgd", 0.1, gradient_clip=2.0, stop_on="bce"),
    (VariantPlan("focal:gamma=3"), VariantPlan("asl", "mine")),
    (3, 1),
    "cpu",
    "float64",
)
WRONG = (None, 5, True, 1.5, "x", [], {}, [1], {"a": 1}, [[]], [{}], [None], 10**30)


def places(value, above=()):
    """The way to everything within a plan as JSON."""
    yield above
    for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield from places(value[key], (*above, key))


def with_value(plain, place, value):
    changed = deepcopy(plain)
    *way, last = place
    at = changed
    for key in way:
        at = at[key]
    at[last] = value
    return changed


def test_to_json_and_back_is_the_same():
    again = TrainingPlan.from_json(PLAN.to_json())
    assert again == PLAN and again.digest == PLAN.digest
    assert TrainingPlan.from_json("{}") == TrainingPlan()


def test_whatever_stands_in_a_plan_is_a_plan_or_a_sentence():
    plain, refused = json.loads(PLAN.to_json()), 0
    for place in list(places(plain))[1:]:
        for value in WRONG:
            text = json.dumps(with_value(plain, place, value))
            try:
                plan = TrainingPlan.from_json(text)
                assert TrainingPlan.from_json(plan.to_json()) == plan and checked_settings(plan.data)
            except PlanError as error:
                refused += 1
                assert str(error).endswith(".")
    assert refused > 250


@pytest.mark.parametrize("text", ["", "[", "5", "null", "[" * 100_000, '{"seeds": 0}', '{"variants": [{"name": "a"}]}'])
def test_what_is_no_plan_is_refused(text):
    with pytest.raises(PlanError, match=r"A plan must|must be a list|must have a loss"):
        TrainingPlan.from_json(text)


def test_a_variant_is_not_called_as_a_file_that_is_written_beside_its_folder():
    with pytest.raises(PlanError, match=r"must not be called plan\.json"):
        VariantPlan("focal", "plan.json")
