"""Whether counts meet a floor of precision or recall, prove it, or how many more positives that would take.

Knows nothing of how a threshold was chosen, nor on which samples: whoever asks says where the counts are from.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from dashboard.core.counts import Counts
from dashboard.core.floor_proof import cases_needed, proves
from dashboard.core.intervals import lower_limit
from dashboard.core.policies.chosen import precision_and_recall
from dashboard.core.policies.policy import MET, NO_POSITIVES, NOT_MET, NOT_PROVEN
from dashboard.core.thresholds import ThresholdSet

OBSERVED, LOWER_LIMIT = "observed", "lower limit"
PROOFS = (OBSERVED, LOWER_LIMIT)
FLOOR_POLICIES = {"precision_floor": "precision", "recall_floor": "recall"}


@dataclass(frozen=True)
class Floor:
    """A least precision or recall, and how it is to be shown: by the share observed or by its lower 95 % limit."""

    of: str
    value: float
    proof: str = OBSERVED

    def __post_init__(self):
        if not 0 <= self.value <= 1:
            raise ValueError(f"a floor must lie in [0, 1], got {self.value}")
        if self.proof not in PROOFS:
            raise ValueError(f"proof must be one of {PROOFS}, got {self.proof!r}")

    @property
    def other(self) -> str:
        """The metric that is as high as the floor allows."""
        return "recall" if self.of == "precision" else "precision"

    def cases(self, tp, fp, support):
        """What the true positives are a share of."""
        return tp + fp if self.of == "precision" else np.broadcast_to(support, np.shape(tp))

    def observed(self, tp, cases) -> np.ndarray:
        """The share, 0 where it is 0/0. As floats, which tell any two shares of fewer than 2^26 cases apart."""
        return tp / np.maximum(cases, 1)

    def is_proven(self, tp, cases) -> np.ndarray:
        """Whether the counts show it, as `proof` asks."""
        met = (self.observed(tp, cases) >= self.value) & (np.asarray(cases) > 0)
        return met & proves(tp, cases, self.value) if self.proof == LOWER_LIMIT else met


def judge_floor(c: Counts, of: str, floor: float, proof: str = LOWER_LIMIT) -> tuple[tuple[str, ...], dict]:
    """What one row of counts says of a floor in each class: met; met, not proven; not met; no known positives.

    And its figures: precision, recall, the "lower limit" of the one the floor is of, and how many further positives
    would prove the floor, were rates to stay as they are (inf: not above the floor, or more than ten million cases).
    """
    asked, tp = Floor(of, floor, proof), c.tp[0]
    cases = asked.cases(tp, c.fp[0], c.support[0])
    met, proven = Floor(of, floor).is_proven(tp, cases), asked.is_proven(tp, cases)
    words = np.where(proven, MET, np.where(met, NOT_PROVEN, NOT_MET))
    states = np.where(c.support[0] == 0, NO_POSITIVES, words)
    return tuple(states.tolist()), floor_figures(c, asked)


def floor_asked(details: Mapping) -> Floor | None:
    """The floor of a set of `precision_floor` or `recall_floor`, by its details; None of others or if they lack it."""
    of, parameters = FLOOR_POLICIES.get(details.get("policy")), details.get("parameters") or {}
    value = parameters.get("floor")
    if of is None or not details.get("states") or "reached" not in details:
        return None
    return Floor(of, value) if isinstance(value, float | int) and 0 <= value <= 1 else None


def judged_on(ts: ThresholdSet, c: Counts, where: str) -> ThresholdSet:
    """A set that `precision_floor` or `recall_floor` gave, its floor judged by other counts and by their lower limit.

    c: one row, of samples that the thresholds were not tuned on; where: "held out", or "cross-fitted" for the counts
    of a cross-fit, which judge the way of tuning. Classes that had no cut at the floor keep their state. A floor that
    was required in groups is judged over all samples. Raises ValueError for a set of another policy.
    """
    floor = floor_asked(ts.details)
    if floor is None:
        raise ValueError(f"the thresholds must be of {' or '.join(FLOOR_POLICIES)}, got {ts.details.get('policy')!r}")
    judged, figures = judge_floor(c, floor.of, floor.value)
    tuned = ts.details["states"]
    states = tuple(new if old in (MET, NOT_PROVEN) else old for old, new in zip(tuned, judged, strict=True))
    details = ts.details | {"states": states, "reached": ts.details["reached"] | figures, "judged": where}
    details.pop("value", None)
    return ThresholdSet(ts.score_thresholds, ts.score_kind, ts.class_names, details)


def floor_figures(c: Counts, floor: Floor) -> dict:
    """The figures of `judge_floor`, each (n_classes,); NaN where undefined."""
    precision, recall = precision_and_recall(c)
    tp = c.tp[0]
    cases = floor.cases(tp, c.fp[0], c.support[0])
    with np.errstate(invalid="ignore"):
        further = c.support[0] * (cases_needed(tp, cases, floor.value) / cases - 1)
    return {
        "precision": precision,
        "recall": recall,
        f"lower limit of {floor.of}": lower_limit(tp, cases),
        "further positives": np.ceil(further - 1e-9) + 0.0,  # never -0
    }
