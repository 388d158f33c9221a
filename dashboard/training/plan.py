"""What is to be trained, as plain data: to JSON and back without a loss. Importing it loads neither torch nor numpy.

Knows nothing of how it is done; names of models, optimisers and losses are checked here only for being legal.
"""

import hashlib
import json
import math
import re
from dataclasses import asdict, dataclass, field, fields
from types import MappingProxyType

DATA_KINDS = ("digits", "make_multilabel_classification", "generated", "files")
MODEL_KINDS = ("linear", "mlp", "cnn", "vit")
IMAGE_MODELS = ("cnn", "vit")
OPTIMISERS = ("adam", "adamw", "sgd")
SCHEDULES = ("constant", "linear", "cosine")
DEVICES = ("auto", "cpu", "cuda", "mps")
PRECISIONS = ("float32", "float64", "mixed")
STOPPING_METRICS = MappingProxyType(
    {
        "mean_average_precision": "mAP",
        "macro_f1_tuned": "macro-F1 at its best thresholds",
        "micro_f1_tuned": "micro-F1 at its best thresholds",
        "macro_f1": "macro-F1 at 0.5",
        "micro_f1": "micro-F1 at 0.5",
        "bce": "BCE",  # the only one that is better when lower
    }
)
MOST_VARIANTS, MOST_SEEDS = 32, 20
FILES_BESIDE = ("plan.json", "data.npz", "runs.json")  # that a training writes beside the folders of its variants


class PlanError(ValueError):
    """A plan that cannot be carried out, as one sentence: what must hold, what was found, what to do."""


def variant_name(loss: str) -> str:
    """A loss's text as the name of a file: "focal:gamma=3,alpha=0.5" becomes "focal-gamma=3-alpha=0.5"."""
    return re.sub(r"[^A-Za-z0-9._=-]+", "-", loss.strip()).strip("-.")[:120] or "variant"


@dataclass(frozen=True)
class DataPlan:
    """kind: one of DATA_KINDS. settings: arguments of the generator or of the split, plain values; seed: of both."""

    kind: str = "digits"
    settings: dict = field(default_factory=dict)
    seed: int = 0

    def __post_init__(self):
        _check_choice("The kind of data", self.kind, DATA_KINDS)
        _check_type("The settings of the data", self.settings, dict, "names with values")
        _check_seed("The seed of the data", self.seed)


@dataclass(frozen=True)
class ModelPlan:
    """width: units of a hidden layer, channels of the first convolution, or the length of a ViT's tokens.

    depth: hidden layers (mlp), convolutions (cnn) or blocks (vit); of no meaning for "linear". dropout: share of hidden
    units left out in training. patch, heads: of the ViT.
    """

    kind: str = "mlp"
    width: int = 128
    depth: int = 2
    dropout: float = 0.0
    patch: int = 4
    heads: int = 4

    def __post_init__(self):
        _check_choice("The model", self.kind, MODEL_KINDS)
        for name, most in (("width", 4096), ("depth", 16), ("patch", 64), ("heads", 64)):
            _check_whole(f"The {name} of the model", getattr(self, name), 1, most)
        _check_number("Dropout", self.dropout, 0.0, 0.95)
        if self.kind == "vit" and self.width % self.heads:
            raise PlanError(
                f"The width of a ViT must be a multiple of its heads, got width {self.width} and {self.heads} heads: "
                f"choose {self.width - self.width % self.heads or self.heads}."
            )


@dataclass(frozen=True)
class OptimiserPlan:
    """learning_rate is the largest; schedule: how it falls to a hundredth over all epochs, step by step.

    warmup: share of all steps over which it rises from 0 first. momentum: of SGD alone. gradient_clip: largest norm of
    the gradient of one variant, None for none. stop_on: a key of STOPPING_METRICS on the validation part, None for
    never; patience: epochs without a better value after which a variant stops; it keeps its best epoch's weights.
    """

    name: str = "adam"
    learning_rate: float = 1e-3
    schedule: str = "cosine"
    warmup: float = 0.0
    weight_decay: float = 0.0
    momentum: float = 0.9
    batch_size: int = 128
    epochs: int = 15
    gradient_clip: float | None = None
    stop_on: str | None = None
    patience: int = 5

    def __post_init__(self):
        _check_choice("The optimiser", self.name, OPTIMISERS)
        _check_choice("The schedule", self.schedule, SCHEDULES)
        _check_number("The learning rate", self.learning_rate, 1e-12, 1e6)
        _check_number("Warm-up", self.warmup, 0.0, 0.9)
        _check_number("Weight decay", self.weight_decay, 0.0, 1e3)
        _check_number("Momentum", self.momentum, 0.0, 0.999)
        _check_whole("The batch size", self.batch_size, 1, 1_000_000)
        _check_whole("The number of epochs", self.epochs, 1, 10_000)
        _check_whole("Patience", self.patience, 1, 10_000)
        if self.gradient_clip is not None:
            _check_number("The largest norm of the gradient", self.gradient_clip, 1e-12, 1e12)
        if self.stop_on is not None:
            _check_choice("The metric to stop on", self.stop_on, tuple(STOPPING_METRICS))


@dataclass(frozen=True)
class VariantPlan:
    """A loss to train with, as `dashboard.losses.parse_loss` reads it, and the name of what comes out."""

    loss: str
    name: str = ""

    def __post_init__(self):
        _check_type("The loss of a variant", self.loss, str, "text such as focal:gamma=3")
        _check_type("The name of a variant", self.name, str, "text")
        if not self.name:
            object.__setattr__(self, "name", variant_name(self.loss))
        if self.name in FILES_BESIDE:
            raise PlanError(f"A variant must not be called {self.name}, as a file beside its folder is: name it anew.")
        if variant_name(self.name) != self.name:
            raise PlanError(
                "The name of a variant must consist of letters, digits and . _ = - (it names a folder), "
                f"got {self.name!r}: choose {variant_name(self.name)!r}."
            )


@dataclass(frozen=True)
class TrainingPlan:
    """Everything that decides the numbers: same plan and same data on the CPU, same numbers."""

    data: DataPlan = field(default_factory=DataPlan)
    model: ModelPlan = field(default_factory=ModelPlan)
    optimiser: OptimiserPlan = field(default_factory=OptimiserPlan)
    variants: tuple[VariantPlan, ...] = field(
        default_factory=lambda: (VariantPlan("bce_with_logits"), VariantPlan("focal"))
    )
    seeds: tuple[int, ...] = (0,)
    device: str = "auto"
    precision: str = "float32"

    def __post_init__(self):
        for name in ("variants", "seeds"):
            _check_type(f"The {name} of a plan", getattr(self, name), (list, tuple), "a list")
            object.__setattr__(self, name, tuple(getattr(self, name)))
        _check_choice("The device", self.device, DEVICES)
        _check_choice("The precision", self.precision, PRECISIONS)
        _check_distinct("Variants", [variant.name for variant in self.variants], MOST_VARIANTS)
        _check_distinct("Seeds", list(self.seeds), MOST_SEEDS)
        for seed in self.seeds:
            _check_seed("A seed", seed)

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of the plan as JSON."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()

    def run_name(self, variant: VariantPlan, seed: int) -> str:
        """What the scores of a variant are called: its name, with the seed where there are several."""
        return variant.name if len(self.seeds) == 1 else f"{variant.name}_seed{seed}"

    def to_json(self) -> str:
        return json.dumps(asdict(self), indent=2, allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> "TrainingPlan":
        """Raises PlanError, with a sentence, for anything that `to_json` cannot have written."""
        try:
            given = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise PlanError(f"A plan must be JSON as this app writes it, but it cannot be read: {error}.") from None
        nested = {"data": DataPlan, "model": ModelPlan, "optimiser": OptimiserPlan}
        values = dict(_checked_fields(cls, given))
        values |= {name: kind(**_checked_fields(kind, values[name])) for name, kind in nested.items() if name in values}
        if isinstance(values.get("variants"), list):
            values["variants"] = [_variant(each) for each in values["variants"]]
        return cls(**values)


def _variant(given) -> VariantPlan:
    if "loss" not in _checked_fields(VariantPlan, given):
        raise PlanError(f"A variant must have a loss, got {given!r}: name one.")
    return VariantPlan(**given)


def _checked_fields(kind, given) -> dict:
    if not isinstance(given, dict):
        raise PlanError(f"A plan must hold an object for {kind.__name__}, got {given!r}: start from one of this app.")
    known = {each.name for each in fields(kind)}
    for name in given:
        if name not in known:
            raise PlanError(f"A plan has no {name!r} in {kind.__name__}; its fields are: {', '.join(sorted(known))}.")
    return given


def _check_type(what, value, kinds, words):
    if not isinstance(value, kinds):
        raise PlanError(f"{what} must be {words}, got {value!r}: start from a plan of this app.")


def _check_choice(what, value, choices):
    if value not in choices:
        raise PlanError(f"{what} must be one of {', '.join(choices)}, got {value!r}: choose one of them.")


def _check_whole(what, value, low, high):
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise PlanError(f"{what} must be a whole number from {low:,} to {high:,}, got {value!r}: choose one of them.")


def _check_number(what, value, low, high):
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
    if not is_number or not low <= value <= high:
        raise PlanError(f"{what} must be a number from {low:g} to {high:g}, got {value!r}: choose one of them.")


def _check_seed(what, value):
    _check_whole(what, value, 0, 2**31 - 1)


def _check_distinct(what, values, most):
    if not 1 <= len(values) <= most:
        raise PlanError(f"{what} must be 1 to {most}, got {len(values)}: name fewer or more.")
    twice = next((value for value in values if values.count(value) > 1), None)
    if twice is not None:
        raise PlanError(f"{what} must differ from each other, but {twice!r} is there twice: leave one out.")
