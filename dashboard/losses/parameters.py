"""Parameters that several losses share."""

from dashboard.losses.class_counts import POS_WEIGHTS
from dashboard.losses.variant import Parameter

WEIGHT = Parameter("weight", "weight", 1.0, 0.0, per_class=True, explanation="Multiplies the loss of a class.")
ALPHA = Parameter("alpha", "alpha", 0.25, -1.0, 1.0, explanation="Weight of positives; below 0: no weights.", step=0.01)
GAMMA = Parameter("gamma", "gamma", 2.0, 0.0, 10.0, explanation="How far easy cells are turned down.")
EPSILON = Parameter("epsilon", "epsilon", 1.0, -1.0, 9.0, explanation="Added to the first coefficient, which is 1.")
BETA = Parameter(
    "beta", "beta", 0.9999, 0.0, 0.999999, explanation="0: no weights; towards 1: inverse frequency.", step=0.0001
)

_RULES = {name: title for name, (title, _) in POS_WEIGHTS.items()}


def pos_weight_parameter(default: float | str) -> Parameter:
    return Parameter(
        "pos_weight",
        "pos_weight",
        default,
        0.0,
        choices=_RULES,
        per_class=True,
        explanation="Multiplies the loss of positives; n positives among N known cells of the class.",
    )
