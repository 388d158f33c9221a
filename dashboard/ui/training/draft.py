"""The training that a visitor is putting together: one value per field of the form, and the plan that they make.

Kept as plain values, so that nothing typed is lost by changing the page, the model or the data. Draws nothing.
"""

from dataclasses import fields

from dashboard.losses import LossSettings, parse_loss
from dashboard.training.data_settings import default_settings
from dashboard.training.plan import (
    DATA_KINDS,
    DataPlan,
    ModelPlan,
    OptimiserPlan,
    PlanError,
    TrainingPlan,
    VariantPlan,
)
from dashboard.ui import state
from dashboard.ui.losses.chosen import Choice, chosen_losses, keep_losses

LOSSES_KEY = "train_losses"
FIRST_LOSSES = (LossSettings("bce_with_logits"), LossSettings("focal"), LossSettings("asl"))
# What each model starts with: a minute on two cores for the canvases and three losses.
MODELS = {
    "linear": ModelPlan("linear"),
    "mlp": ModelPlan("mlp", width=128, depth=2),
    "cnn": ModelPlan("cnn", width=16, depth=2),
    "vit": ModelPlan("vit", width=48, depth=2, heads=4, patch=8),
}
_KEY = "train_draft"
_NO_LIMIT = 0.0  # in the field of the gradient's largest norm


def value_of(field: str):
    """What a field of the form holds."""
    return _draft().get(field, first_values()[field])


def put(field: str, value) -> None:
    state.remember(_KEY, _draft() | {field: value})


def first_values() -> dict:
    """Every field with the value that it has until somebody changes it."""
    values = {"data": "digits", "model": "mlp", "data.seed": 0, "seeds": "0", "device": "auto", "precision": "float32"}
    for kind in DATA_KINDS:
        values |= {f"data.{kind}.{name}": value for name, value in default_settings(kind).items()}
    for kind, model in MODELS.items():
        values |= {f"model.{kind}.{each.name}": getattr(model, each.name) for each in fields(ModelPlan)[1:]}
    return values | _optimiser_values(OptimiserPlan())


def losses_choice(n_classes: int | None) -> Choice:
    """The variants to train; n_classes as of `chosen_losses`."""
    return chosen_losses(n_classes, LOSSES_KEY, FIRST_LOSSES)


def plan() -> TrainingPlan:
    """The plan that the fields make. Raises PlanError, with a sentence, where they make none."""
    draft = first_values() | _draft()
    return TrainingPlan(
        data=data_plan(),
        model=model_plan(),
        optimiser=_optimiser(draft),
        variants=tuple(VariantPlan(str(each)) for each in losses_choice(None).settings),
        seeds=parse_seeds(draft["seeds"]),
        device=draft["device"],
        precision=draft["precision"],
    )


def data_plan() -> DataPlan:
    """That part of the plan alone: what the size of a model depends on."""
    draft = first_values() | _draft()
    kind = draft["data"]
    settings = {name: draft[f"data.{kind}.{name}"] for name in default_settings(kind)}
    return DataPlan(kind, settings, draft["data.seed"])


def model_plan() -> ModelPlan:
    """The model alone, raising PlanError for its own faults."""
    draft = first_values() | _draft()
    kind = draft["model"]
    return ModelPlan(kind, **{each.name: draft[f"model.{kind}.{each.name}"] for each in fields(ModelPlan)[1:]})


def fill_from(plan: TrainingPlan) -> None:
    """Put a plan into the form, over what stands there. Raises PlanError where the form cannot hold it."""
    known = default_settings(plan.data.kind)
    values = {"data": plan.data.kind, "data.seed": plan.data.seed, "model": plan.model.kind}
    values |= {f"data.{plan.data.kind}.{name}": each for name, each in plan.data.settings.items() if name in known}
    values |= {f"model.{plan.model.kind}.{each.name}": getattr(plan.model, each.name) for each in fields(ModelPlan)[1:]}
    values |= _optimiser_values(plan.optimiser)
    values |= {"seeds": ", ".join(map(str, plan.seeds)), "device": plan.device, "precision": plan.precision}
    keep_losses([_parsed(variant) for variant in plan.variants], LOSSES_KEY)
    state.remember(_KEY, _draft() | values)


def parse_seeds(text: str) -> tuple[int, ...]:
    """Whole numbers between commas, or PlanError."""
    try:
        return tuple(int(part) for part in text.replace(";", ",").split(",") if part.strip())
    except ValueError:
        raise PlanError(f"Seeds must be whole numbers with commas between them, got {text!r}: type 0, 1, 2.") from None


def _draft() -> dict:
    return state.recalled(_KEY, {})


def _optimiser_values(optimiser: OptimiserPlan) -> dict:
    values = {f"optimiser.{each.name}": getattr(optimiser, each.name) for each in fields(OptimiserPlan)}
    return values | {
        "optimiser.gradient_clip": optimiser.gradient_clip or _NO_LIMIT,
        "optimiser.stop_on": optimiser.stop_on or "",
    }


def _optimiser(draft) -> OptimiserPlan:
    values = {each.name: draft[f"optimiser.{each.name}"] for each in fields(OptimiserPlan)}
    values |= {"gradient_clip": values["gradient_clip"] or None, "stop_on": values["stop_on"] or None}
    return OptimiserPlan(**values)


def _parsed(variant: VariantPlan) -> LossSettings:
    try:
        return parse_loss(variant.loss)
    except ValueError as error:
        raise PlanError(f"The loss of a variant must be one of this app's, but {error}.") from None
