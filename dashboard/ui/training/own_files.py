"""Features and labels of a visitor's own."""

from dashboard.training.data import TrainingData
from dashboard.training.plan import DataPlan


def own_data_control(plan: DataPlan) -> TrainingData | None:
    return None


def own_data(plan: DataPlan) -> TrainingData | None:
    return None
