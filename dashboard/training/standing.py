"""Where a variant stands: its state, the epoch whose weights are kept, and when it has waited long enough for a better.

Knows nothing of how it is trained.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import torch

from dashboard.training.checkpoints import Checkpoint
from dashboard.training.plan import OptimiserPlan
from dashboard.training.reports import FINISHED, STOPPED_EARLY, TRAINING, VariantReport

LOWER_IS_BETTER = ("bce",)
BEST = "best/"
_PLAIN = ("state", "n_epochs", "best_epoch", "best_value", "waited")


@dataclass
class Standing:
    """weights: of best_epoch, on the CPU; epoch 0 is before the first step and is kept only while nothing else is.

    n_epochs: that it has learnt. best_value: of the metric to stop on, NaN without one. waited: epochs since best_epoch
    without a better value.
    """

    weights: dict[str, torch.Tensor] = field(repr=False)
    state: str = TRAINING
    n_epochs: int = 0
    best_epoch: int = 0
    best_value: float = math.nan
    waited: int = 0

    @property
    def is_over(self) -> bool:
        return self.state != TRAINING

    def judge(self, report: VariantReport, epoch: int, optimiser: OptimiserPlan) -> bool:
        """Whether the weights of this epoch, at least 1, are now the best; the state changes where training ends.

        The first epoch is better than none, and each is better where nothing is stopped on; of equal values the first.
        """
        value = math.nan if optimiser.stop_on is None else getattr(report, optimiser.stop_on)
        self.n_epochs = epoch
        is_best = optimiser.stop_on is None or self.best_epoch == 0 or self._is_better(value, optimiser.stop_on)
        if is_best:
            self.best_epoch, self.best_value, self.waited = epoch, value, 0
        else:
            self.waited += 1
        if epoch >= optimiser.epochs:
            self.state = FINISHED
        elif optimiser.stop_on is not None and self.waited >= optimiser.patience:
            self.state = STOPPED_EARLY
        return is_best

    def _is_better(self, value: float, metric: str) -> bool:
        if math.isnan(self.best_value):
            return not math.isnan(value)
        return value < self.best_value if metric in LOWER_IS_BETTER else value > self.best_value


def kept_tensors(standings: Sequence[Standing]) -> tuple[dict[str, torch.Tensor], dict]:
    """All weights by "best/variant/parameter", and the rest as values for JSON."""
    tensors = {f"{BEST}{k}/{name}": each for k, of in enumerate(standings) for name, each in of.weights.items()}
    plain = [{name: getattr(each, name) for name in _PLAIN} for each in standings]
    for each in plain:
        each["best_value"] = each["best_value"] if math.isfinite(each["best_value"]) else None
    return tensors, {"standings": plain}


def standings_of(checkpoint: Checkpoint) -> list[Standing]:
    """What `kept_tensors` gave, out of a checkpoint."""
    weights = [{} for _ in checkpoint.plain["standings"]]
    for key, each in checkpoint.tensors.items():
        if key.startswith(BEST):
            variant, name = key.removeprefix(BEST).split("/", 1)
            weights[int(variant)][name] = each
    undefined = {"best_value": math.nan}
    return [
        Standing(of, **{name: undefined.get(name) if value is None else value for name, value in plain.items()})
        for of, plain in zip(weights, checkpoint.plain["standings"], strict=True)
    ]
