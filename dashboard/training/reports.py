"""What is known of each variant after an epoch, as plain data. Importing it loads neither torch nor numpy."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType

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
    epoch's first step. device: in words. A variant that has stopped or diverged is reported as it was then.
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


def last_reports(reports: Iterable[EpochReport]) -> list[tuple[EpochReport, VariantReport]]:
    """Of each seed and variant the last, in the order in which they come."""
    last = {(report.seed_index, each.name): (report, each) for report in reports for each in report.variants}
    return list(last.values())


def last_warnings(reports: Iterable[EpochReport], titles: Mapping[str, str] = MappingProxyType({})) -> list[str]:
    """Of each variant's last report as "variant, seed 1: sentence", each once; titles: name -> what it is called."""
    said = []
    for report, each in last_reports(reports):
        name = titles.get(each.name, each.name) + (f", seed {report.seed}" if report.n_seeds > 1 else "")
        said += [f"{name}: {sentence}" for sentence in each.warnings]
    return list(dict.fromkeys(said))


def _plain(value):
    if isinstance(value, float) and not abs(value) < float("inf"):
        return None
    return list(value) if isinstance(value, tuple) else value


def _back(value):
    return float("nan") if value is None else tuple(value) if isinstance(value, list) else value
