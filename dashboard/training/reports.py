"""What is known of each variant after an epoch, as plain data. Importing it loads neither torch nor numpy."""

from dataclasses import asdict, dataclass

TRAINING, STOPPED_EARLY, DIVERGED, FINISHED = "training", "stopped early", "diverged", "finished"


@dataclass(frozen=True)
class VariantReport:
    """One variant after one epoch; NaN where a figure is undefined (None in JSON).

    name: of the variant. loss: its own, mean over the epoch's training samples as they were taken (at epoch 0 of the
    initial weights); a loss that officially sums is a mean too. validation_loss: its own on the validation part; bce:
    plain BCE there. micro_f1, macro_f1: at 0.5.
    micro_f1_tuned, macro_f1_tuned: at the thresholds that make each best on the same validation part ("tuned here").
    mean_average_precision: macro AP on validation. gradient_norm: mean over the epoch's steps, before clipping.
    saturated: share of the known validation cells whose probability is within 1e-3 of 0 or 1.
    state: one of the words above. best_epoch: whose weights are kept. warnings: sentences.
    """

    name: str
    loss: float
    validation_loss: float
    bce: float
    micro_f1: float
    macro_f1: float
    micro_f1_tuned: float
    macro_f1_tuned: float
    mean_average_precision: float
    gradient_norm: float
    saturated: float
    state: str
    best_epoch: int
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class EpochReport:
    """All variants of one seed after an epoch. epoch: 0 before the first step, then 1 to n_epochs.

    seed_index: which of n_seeds, from 0. seconds: that the epoch took, its evaluation included. learning_rate: of the
    epoch's first step. device: in words. warnings: sentences about the data, for all variants. A variant that has
    stopped or diverged is reported as it was then.
    """

    seed: int
    seed_index: int
    n_seeds: int
    epoch: int
    n_epochs: int
    seconds: float
    learning_rate: float
    device: str
    variants: tuple[VariantReport, ...]
    warnings: tuple[str, ...] = ()

    def to_plain(self) -> dict:
        """For JSON: NaN and infinities as None."""
        plain = {name: _plain(value) for name, value in asdict(self).items()}
        plain["variants"] = [{name: _plain(value) for name, value in each.items()} for each in plain["variants"]]
        return plain

    @classmethod
    def from_plain(cls, plain: dict) -> "EpochReport":
        variants = tuple(
            VariantReport(**{name: _back(value) for name, value in each.items()}) for each in plain["variants"]
        )
        return cls(**({name: _back(value) for name, value in plain.items()} | {"variants": variants}))


def _plain(value):
    if isinstance(value, float) and not abs(value) < float("inf"):
        return None
    return list(value) if isinstance(value, tuple) else value


def _back(value):
    return float("nan") if value is None else tuple(value) if isinstance(value, list) else value
