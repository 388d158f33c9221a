"""The data that a training would be on: the shape of what a model gets; the arrays where they are a visitor's own."""

from dataclasses import dataclass

from dashboard.training.data import TrainingData
from dashboard.training.data_settings import checked_settings
from dashboard.training.digits import CLASS_NAMES, HEIGHT, WIDTH
from dashboard.training.plan import DataPlan
from dashboard.ui.training.own_files import own_data_control


@dataclass(frozen=True, eq=False)
class ChosenData:
    """input_shape: of one sample. n_train: samples to train on; None where only the split will tell. made: a visitor's
    own; None for data that the training makes itself.
    """

    input_shape: tuple[int, ...]
    n_classes: int
    n_train: int | None = None
    made: TrainingData | None = None


def chosen_data(plan: DataPlan) -> ChosenData | None:
    """Draws the fields for files where the plan is of those; None until they are there. Raises PlanError."""
    settings = checked_settings(plan)
    if plan.kind == "digits":
        return ChosenData((1, HEIGHT, WIDTH), len(CLASS_NAMES), settings["n_train"])
    if plan.kind == "files":
        made = own_data_control(plan)
        return None if made is None else ChosenData(made.input_shape, made.n_classes, made.train.n_samples, made)
    return ChosenData((settings["n_features"],), settings["n_classes"])
