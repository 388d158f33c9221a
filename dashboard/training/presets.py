"""What a training starts with where nothing is chosen: a model for each kind of data, and what suits each model.

With these the digit canvases and three losses take under a minute on two cores. Loads neither torch nor numpy.
"""

from types import MappingProxyType

from dashboard.training.plan import DATA_KINDS, DataPlan, ModelPlan, OptimiserPlan, TrainingPlan

MODELS = MappingProxyType(
    {
        "linear": (ModelPlan("linear"), OptimiserPlan(epochs=30, learning_rate=1e-2, batch_size=32)),
        "mlp": (ModelPlan("mlp", width=128, depth=2), OptimiserPlan(epochs=20, learning_rate=3e-3, batch_size=64)),
        "cnn": (ModelPlan("cnn", width=16, depth=2), OptimiserPlan(epochs=10, learning_rate=5e-3, batch_size=64)),
        "vit": (
            ModelPlan("vit", width=48, depth=2, heads=4, patch=8),
            OptimiserPlan(epochs=15, learning_rate=3e-3, batch_size=64),
        ),
    }
)
FIRST_MODEL = MappingProxyType(dict.fromkeys(DATA_KINDS, "mlp") | {"digits": "cnn"})


def starting_plan(data_kind: str, model: str | None = None) -> TrainingPlan:
    """The plan for this kind of data, with this kind of model where one is named. PlanError for unknown kinds."""
    data = DataPlan(data_kind)
    kind = model or FIRST_MODEL[data_kind]
    chosen, optimiser = MODELS[kind] if kind in MODELS else (ModelPlan(kind), OptimiserPlan())
    return TrainingPlan(data, chosen, optimiser)
