"""Single classes held to targets of their own (a floor, two floors, a cost), and all others by one policy.

The policy for the rest takes the held classes' thresholds as given.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from dashboard.core.policies.policy import OPTIMUM, Policy
from dashboard.core.policies.registry import make_policy
from dashboard.core.predictions import Predictions
from dashboard.core.ranking import RankedScores
from dashboard.core.thresholds import ThresholdSet


@dataclass(frozen=True)
class Target:
    """What a class has to reach; None where nothing is asked. Floors come before the cost.

    miss_cost: one missed positive costs as much as this many false alarms.
    """

    precision_floor: float | None = None
    recall_floor: float | None = None
    miss_cost: float | None = None

    def changed(self, **fields: float | None) -> "Target":
        """With other values, brought into their range."""
        kept = {name: None if value is None else max(0.0, float(value)) for name, value in fields.items()}
        return replace(self, **{n: v if v is None or n == "miss_cost" else min(v, 1.0) for n, v in kept.items()})

    @property
    def policy(self) -> Policy:
        """What finds the threshold of a class with this target."""
        if self.precision_floor is not None and self.recall_floor is not None:
            return make_policy("both_floors", precision=self.precision_floor, recall=self.recall_floor)
        if self.precision_floor is not None:
            return make_policy("precision_floor", floor=self.precision_floor)
        if self.recall_floor is not None:
            return make_policy("recall_floor", floor=self.recall_floor)
        return make_policy("minimum_cost", false_negative_cost=self.miss_cost)


@dataclass(frozen=True)
class TargetedPolicy(Policy):
    """A policy for all classes but those with targets: class index -> Target. Its base must give a ThresholdSet."""

    targets: Mapping[int, Target] = field(default_factory=dict)

    @classmethod
    def of(cls, base: Policy, targets: Mapping[int, Target]) -> "TargetedPolicy":
        kind = replace(base.kind, name=f"{base.kind.name}_with_targets")
        return cls(kind, base.parameters, {index: targets[index] for index in sorted(targets)})

    @property
    def title(self) -> str:
        n = len(self.targets)
        return f"{super().title}, {n} {'class' if n == 1 else 'classes'} by {'its' if n == 1 else 'their'} targets"

    def tune(self, r: RankedScores, locked: Mapping[int, float] | None = None) -> ThresholdSet:
        held, states, reached = _held(r, self.targets, locked or {})
        rule = super().tune(r, (locked or {}) | held)
        told = list(rule.details.get("states", [OPTIMUM] * r.predictions.n_classes))
        for index, state in states.items():
            told[index] = state
        return replace(rule, details=rule.details | {"states": tuple(told), "targets": reached})

    def __str__(self) -> str:
        return f"{super().__str__()} {dict(self.targets)}"


def _held(r, targets, locked) -> tuple[dict, dict, dict]:
    """Of each class with a target: score threshold, state, and what it reaches. Classes of one target together."""
    classes_of: dict[Target, list[int]] = {}
    for index, target in targets.items():
        if index not in locked and index < r.predictions.n_classes:
            classes_of.setdefault(target, []).append(index)
    held, states, reached = {}, {}, {}
    for target, classes in classes_of.items():
        rule = target.policy.tune(RankedScores.from_predictions(_of_classes(r.predictions, classes)))
        figures = rule.details.get("reached", {})
        for place, index in enumerate(classes):
            held[index], states[index] = rule.score_thresholds[place], rule.details["states"][place]
            reached[index] = {name: float(np.asarray(values)[place]) for name, values in figures.items()}
    return held, states, reached


def _of_classes(p: Predictions, classes) -> Predictions:
    names = [p.class_names[index] for index in classes]
    return Predictions(p.scores[:, classes], p.labels[:, classes], p.score_kind, names)
