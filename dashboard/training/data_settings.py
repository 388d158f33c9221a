"""What can be set for each kind of data: names, defaults and bounds, for a form to draw and a plan to be checked by.

Knows nothing of how the data are made. Importing it loads no array library.
"""

import math
from dataclasses import dataclass
from types import MappingProxyType

from dashboard.training.plan import DATA_KINDS, DataPlan, PlanError


@dataclass(frozen=True)
class Setting:
    """One number or switch. default: its type is that of the values; low, high: both allowed, None for a switch."""

    name: str
    title: str
    default: int | float | bool
    low: int | float | None = None
    high: int | float | None = None
    explanation: str = ""

    def checked(self, value):
        """The value in the type of the default; PlanError unless it is one that may be set."""
        if isinstance(self.default, bool):
            if not isinstance(value, bool):
                raise PlanError(f"{self.title} must be true or false, got {value!r}: choose one of them.")
            return value
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
        is_kind = is_number and (isinstance(self.default, float) or value == int(value))
        if not is_kind or not self.low <= value <= self.high:
            kind = "a number" if isinstance(self.default, float) else "a whole number"
            raise PlanError(
                f"{self.title} must be {kind} from {self.low:,} to {self.high:,}, got {value!r}: choose one of them."
            )
        return type(self.default)(value)


_SHARES = (
    Setting("validation_share", "Share for validation", 0.2, 0.02, 0.8, "of the samples; thresholds are tuned there"),
    Setting("test_share", "Share for test", 0.2, 0.02, 0.8, "of the samples; what is reported comes from there"),
)

SETTINGS = MappingProxyType(
    {
        "digits": (
            Setting("n_train", "Canvases to train on", 5000, 10, 5000, "the first of the 5,000"),
            Setting("n_validation", "Canvases to validate on", 1500, 10, 1500, "the first of the sample data's 1,500"),
            Setting("n_test", "Canvases to test on", 1500, 10, 1500, "the first of the sample data's 1,500"),
        ),
        "make_multilabel_classification": (
            Setting("n_samples", "Samples", 4000, 30, 200_000, "in all three parts together"),
            Setting("n_features", "Features", 30, 1, 2000, "counts of words; each sample is a text"),
            Setting("n_classes", "Classes", 10, 1, 500, "topics of a text"),
            Setting("n_labels", "Classes per sample", 2, 1, 50, "the mean of a Poisson distribution"),
            Setting("length", "Words per sample", 50, 1, 10_000, "the mean of a Poisson distribution"),
            Setting("allow_unlabeled", "Samples without a class", True, explanation="may occur"),
            *_SHARES,
        ),
        "generated": (
            Setting("n_samples", "Samples", 4000, 30, 500_000, "in all three parts together"),
            Setting("n_features", "Features", 40, 1, 2000, "numbers with noise around what the classes share"),
            Setting("n_classes", "Classes", 10, 1, 500, "from common to rare"),
            Setting("prevalence", "Prevalence", 0.4, 0.005, 0.9, "share of positives of the commonest class"),
            Setting("imbalance", "Imbalance", 10.0, 1.0, 1000.0, "how many times commoner it is than the rarest"),
            Setting("correlation", "Label correlation", 0.5, 0.0, 0.95, "tetrachoric, of two classes of one group"),
            Setting("separation", "Separation", 2.0, 0.0, 20.0, "of positives from negatives, in deviations of noise"),
            Setting("label_noise", "Label noise", 0.0, 0.0, 0.5, "share of the cells whose label is turned around"),
            Setting("unknown_share", "Unknown labels", 0.0, 0.0, 0.95, "share of the cells whose label is hidden"),
            Setting("clean_test", "Clean test labels", False, explanation="no noise and nothing unknown in that part"),
            *_SHARES,
        ),
        "files": (
            *_SHARES,
            Setting("standardise", "Standardise", True, explanation="number columns to mean 0 and deviation 1"),
        ),
    }
)


def default_settings(kind: str) -> dict:
    """Name -> default of every setting of this kind of data."""
    return {setting.name: setting.default for setting in _settings_of(kind)}


def checked_settings(plan: DataPlan) -> dict:
    """Every setting of the plan's kind with the plan's value or its default; PlanError for what cannot be set."""
    known = {setting.name: setting for setting in _settings_of(plan.kind)}
    unknown = next((name for name in plan.settings if name not in known), None)
    if unknown is not None:
        raise PlanError(f"Data of the kind {plan.kind!r} have no setting {unknown!r}: they have {', '.join(known)}.")
    settings = {name: setting.checked(plan.settings.get(name, setting.default)) for name, setting in known.items()}
    shares = settings.get("validation_share", 0) + settings.get("test_share", 0)
    if shares > 0.9:
        raise PlanError(
            f"A tenth of the samples must be left to train on, but validation and test take {shares:.3g}: lower one."
        )
    return settings


def _settings_of(kind: str) -> tuple[Setting, ...]:
    if kind not in SETTINGS:
        raise PlanError(f"The kind of data must be one of {', '.join(DATA_KINDS)}, got {kind!r}: choose one of them.")
    return SETTINGS[kind]
