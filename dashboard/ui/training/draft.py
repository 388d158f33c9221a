"""The training that a visitor is putting together: one value per field of the form, and the plan that they make.

Kept as plain values, so that nothing typed is lost by changing the page, the model or the data. Draws nothing.
"""

from dataclasses import fields
from functools import cache

from dashboard.losses import LossSettings, parse_loss
from dashboard.training.data_settings import checked_settings, default_settings
from dashboard.training.plan import (
    DATA_KINDS,
    DataPlan,
    ModelPlan,
    OptimiserPlan,
    PlanError,
    TrainingPlan,
    VariantPlan,
)
from dashboard.training.presets import FIRST_MODEL, MODELS
from dashboard.ui import state
from dashboard.ui.losses.chosen import MOST, Choice, chosen_losses, keep_losses

LOSSES_KEY = "train_losses"
FIRST_LOSSES = (LossSettings("bce_with_logits"), LossSettings("focal"), LossSettings("asl"))
OF_THE_MODEL = ("epochs", "learning_rate", "batch_size")  # what suits one model suits no other
_KEY = "train_draft"
_NO_LIMIT = 0.0  # in the field of the gradient's largest norm


def value_of(field: str):
    """What a field of the form holds."""
    return _draft().get(field, first_values()[field])


def put(field: str, value) -> None:
    state.remember(_KEY, _draft() | {field: value})


def model_field(name: str = "") -> str:
    """The field of the kind of model for the chosen data, or of what is set for the chosen model alone."""
    kind = f"model of {value_of('data')}"
    return f"{value_of(kind)}.{name}" if name else kind


def optimiser_field(name: str) -> str:
    return model_field(name) if name in OF_THE_MODEL else f"optimiser.{name}"


@cache
def first_values() -> dict:
    """Every field with the value that it has until somebody changes it."""
    values = {"data": "digits", "data.seed": 0, "seeds": "0", "device": "auto", "precision": "float32", "names": {}}
    for kind in DATA_KINDS:
        values |= {f"data.{kind}.{name}": value for name, value in default_settings(kind).items()}
        values[f"model of {kind}"] = FIRST_MODEL[kind]
    for kind, (model, optimiser) in MODELS.items():
        values |= {f"{kind}.{name}": value for name, value in _model_values(model).items()}
        values |= {f"{kind}.{name}": getattr(optimiser, name) for name in OF_THE_MODEL}
    return values | {f"optimiser.{name}": value for name, value in _optimiser_values(OptimiserPlan()).items()}


def losses_choice(n_classes: int | None) -> Choice:
    """The variants to train; n_classes as of `chosen_losses`."""
    return chosen_losses(n_classes, LOSSES_KEY, FIRST_LOSSES)


def plan() -> TrainingPlan:
    """The plan that the fields make. Raises PlanError, with a sentence, where they make none."""
    losses, names = [str(each) for each in losses_choice(None).settings], value_of("names")
    return TrainingPlan(
        data=data_plan(),
        model=model_plan(),
        optimiser=_optimiser_plan(),
        variants=tuple(VariantPlan(loss, names.get(loss, "")) for loss in losses),
        seeds=parse_seeds(value_of("seeds")),
        device=value_of("device"),
        precision=value_of("precision"),
    )


def data_plan() -> DataPlan:
    """That part of the plan alone: what the size of a model depends on."""
    kind = value_of("data")
    settings = {name: value_of(f"data.{kind}.{name}") for name in default_settings(kind)}
    return DataPlan(kind, settings, value_of("data.seed"))


def model_plan() -> ModelPlan:
    """The model alone, raising PlanError for its own faults."""
    kind = value_of(model_field())
    return ModelPlan(kind, **{name: value_of(model_field(name)) for name in _model_values(MODELS[kind][0])})


def fill_from(plan: TrainingPlan) -> None:
    """Put a plan into the form, over what stands there. Raises PlanError where the form cannot hold it."""
    losses = [_parsed(variant) for variant in plan.variants]
    if len(set(losses)) != len(losses) or len(losses) > MOST:
        raise PlanError(
            f"The form holds at most {MOST} losses that differ, but the plan has {len(losses)}: train it with "
            "python -m dashboard train, or leave some out."
        )
    data, model = plan.data.kind, plan.model.kind
    values = {"data": data, "data.seed": plan.data.seed, f"model of {data}": model}
    values |= {f"data.{data}.{name}": value for name, value in checked_settings(plan.data).items()}
    values |= {f"{model}.{name}": value for name, value in _model_values(plan.model).items()}
    for name, value in _optimiser_values(plan.optimiser).items():
        values[f"{model}.{name}" if name in OF_THE_MODEL else f"optimiser.{name}"] = value
    values |= {"seeds": ", ".join(map(str, plan.seeds)), "device": plan.device, "precision": plan.precision}
    values["names"] = {str(loss): variant.name for loss, variant in zip(losses, plan.variants, strict=True)}
    keep_losses(losses, LOSSES_KEY)
    first = first_values()
    state.remember(_KEY, _draft() | {field: type(first[field])(value) for field, value in values.items()})


def parse_seeds(text: str) -> tuple[int, ...]:
    """Whole numbers between commas, or PlanError."""
    try:
        return tuple(int(part) for part in text.replace(";", ",").split(",") if part.strip())
    except ValueError:
        raise PlanError(f"Seeds must be whole numbers with commas between them, got {text!r}: type 0, 1, 2.") from None


def _draft() -> dict:
    return state.recalled(_KEY, {})


def _model_values(model: ModelPlan) -> dict:
    return {each.name: getattr(model, each.name) for each in fields(ModelPlan) if each.name != "kind"}


def _optimiser_values(optimiser: OptimiserPlan) -> dict:
    values = {each.name: getattr(optimiser, each.name) for each in fields(OptimiserPlan)}
    return values | {"gradient_clip": optimiser.gradient_clip or _NO_LIMIT, "stop_on": optimiser.stop_on or ""}


def _optimiser_plan() -> OptimiserPlan:
    values = {each.name: value_of(optimiser_field(each.name)) for each in fields(OptimiserPlan)}
    values |= {"gradient_clip": values["gradient_clip"] or None, "stop_on": values["stop_on"] or None}
    return OptimiserPlan(**values)


def _parsed(variant: VariantPlan) -> LossSettings:
    try:
        return parse_loss(variant.loss)
    except ValueError as error:
        raise PlanError(f"The loss of a variant must be one of this app's, but {error}.") from None
