"""The form that starts a training: data, model, losses, and the rarer choices behind an expander."""

import streamlit as st

from dashboard.escape import for_markdown
from dashboard.losses import LossSettings
from dashboard.training.checks import check_batch
from dashboard.training.data_settings import SETTINGS
from dashboard.training.models import SOFTMAX_LOSS, parameter_count
from dashboard.training.plan import (
    DEVICES,
    PRECISIONS,
    SCHEDULES,
    STOPPING_METRICS,
    PlanError,
    TrainingPlan,
)
from dashboard.ui.losses.choice import losses_control
from dashboard.ui.training import draft
from dashboard.ui.training.chosen_data import ChosenData, chosen_data
from dashboard.ui.training.fields import choice_field, list_field, number_field, switch_field, text_field
from dashboard.ui.training.job_words import OPTIMISER_WORDS
from dashboard.ui.wording import count

DATA = {
    "digits": "Digit canvases",
    "generated": "Generated",
    "make_multilabel_classification": "scikit-learn's",
    "files": "Your files",
}
ABOUT_DATA = {
    "digits": "Small pictures with one to four handwritten digits; the validation and test parts are the sample data.",
    "generated": "Features for classes from common to rare, with correlation, label noise and unknown labels as set.",
    "make_multilabel_classification": "Word counts of texts with several topics: make_multilabel_classification.",
    "files": "Features and labels of your own: tables of numbers and categories, or images.",
}
MODELS = {"linear": "Linear", "mlp": "MLP", "cnn": "CNN", "vit": "ViT"}
STOPPING = {"": "never"} | dict(STOPPING_METRICS)
WIDTHS = {"mlp": "Hidden units", "cnn": "Channels", "vit": "Length of tokens"}
DEPTHS = {"mlp": "Hidden layers", "cnn": "Convolutions", "vit": "Blocks"}
DEVICE_WORDS = {"auto": "the fastest found", "cpu": "CPU", "cuda": "CUDA", "mps": "MPS"}
PRECISION_WORDS = {"float32": "float32", "float64": "float64", "mixed": "mixed (CUDA)"}


def plan_form() -> tuple[TrainingPlan | None, ChosenData | None]:
    """What would be trained, and on which data; None for what is missing or cannot be, which is told in a sentence."""
    with st.container(key="train_data_choice"):
        kind = choice_field("Data", DATA, "data", wrap=True)
        st.caption(ABOUT_DATA[kind])
        data = _data_control(kind)
    model, fits = _model_control(data)
    st.caption("Losses: one variant each, from the same weights over the same batches")
    losses = draft.losses_choice(None if data is None else data.n_classes)
    losses_control(losses)
    if model == "vit":
        _show_heads(losses)
    _optimisation_control()
    plan = _checked_plan(data)
    return (plan if fits else None), data


def _data_control(kind: str) -> ChosenData | None:
    settings = st.expander("Settings of the data", key=f"train_settings_{kind}")
    with settings, st.container(horizontal=True, vertical_alignment="bottom"):
        for setting in SETTINGS[kind]:
            _setting_field(setting, f"data.{kind}.{setting.name}")
        if kind != "digits":
            number_field("Seed of the data", "data.seed", 0, 2**31 - 1, width=160)
    try:
        return chosen_data(draft.data_plan())
    except PlanError as error:
        _show_fault(error)
        return None


def _setting_field(setting, field: str) -> None:
    if isinstance(setting.default, bool):
        switch_field(setting.title, field, help=setting.explanation)
    else:
        step = {} if isinstance(setting.default, int) else {"step": 1.0 if setting.default >= 10 else 0.1}
        number_field(setting.title, field, setting.low, setting.high, help=setting.explanation, width=190, **step)


def _model_control(data: ChosenData | None) -> tuple[str, bool]:
    """The kind of model, and whether it can read the data; its size is told in numbers of parameters."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = choice_field("Model", MODELS, draft.model_field())
        if kind in WIDTHS:
            number_field(WIDTHS[kind], draft.model_field("width"), 1, 4096, width=140)
            number_field(DEPTHS[kind], draft.model_field("depth"), 1, 16, width=130)
        if kind == "vit":
            number_field(
                "Patch", draft.model_field("patch"), 1, 64, width=110, help="pixels; it divides height and width"
            )
            number_field(
                "Heads", draft.model_field("heads"), 1, 64, width=110, help="of attention; they divide the length"
            )
        if kind != "linear":
            number_field("Dropout", draft.model_field("dropout"), 0.0, 0.95, width=120, step=0.05)
    return kind, data is not None and _show_size(data)


def _show_size(data: ChosenData) -> bool:
    try:
        st.caption(_size_words(data))
    except PlanError as error:
        _show_fault(error)
        return False
    return True


def _size_words(data: ChosenData) -> str:
    shape = " × ".join(f"{size:,}" for size in data.input_shape)
    n = parameter_count(draft.model_plan(), data.input_shape, data.n_classes)
    what = "pixels" if len(data.input_shape) == 3 else "features"
    return f"**{n:,}** parameters per variant, from {shape} {what} to {count(data.n_classes, 'class', 'classes')}"


def _show_heads(losses) -> None:
    """What the last layer of a ViT is for one class and for several, with both as variants."""
    softmax = LossSettings(SOFTMAX_LOSS)
    st.caption(
        "**Two heads.** A ViT as published ends in a softmax with cross entropy: one class per image, all classes "
        "compete, and only samples with exactly one positive teach it. For several classes at once the same layer "
        "gets a sigmoid per class and BCE. Weights and their number are the same; as variants side by side they show "
        "what the change is worth."
    )
    with st.container(horizontal=True):
        for settings, words in ((LossSettings("bce_with_logits"), "Sigmoid with BCE"), (softmax, "Softmax with CE")):
            st.button(
                words,
                key=f"train_head_{settings.name}",
                icon=":material/add:",
                disabled=settings in losses.settings,
                on_click=losses.add,
                args=(settings,),
            )


def _optimisation_control() -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        number_field("Epochs", draft.optimiser_field("epochs"), 1, 10_000, width=120)
        number_field("Batch size", draft.optimiser_field("batch_size"), 1, 1_000_000, width=130)
        number_field("Learning rate", draft.optimiser_field("learning_rate"), 1e-12, 1e6, width=150, step=1e-4)
        text_field(
            "Seeds", "seeds", max_chars=120, width=150, help="One or more, as in 0, 1, 2: several give the spread"
        )
    with st.expander("More of the optimisation", key="train_more"), st.container(horizontal=True):
        _rarer_controls()


def _rarer_controls() -> None:
    """What seldom has to be chosen."""
    list_field("Optimiser", OPTIMISER_WORDS, draft.optimiser_field("name"), width=140)
    list_field("Schedule", {name: name for name in SCHEDULES}, draft.optimiser_field("schedule"), width=140)
    number_field("Warm-up", draft.optimiser_field("warmup"), 0.0, 0.9, width=130, step=0.05, help="share of all steps")
    number_field("Weight decay", draft.optimiser_field("weight_decay"), 0.0, 1e3, width=140, step=0.01)
    number_field("Momentum", draft.optimiser_field("momentum"), 0.0, 0.999, width=130, step=0.01, help="of SGD alone")
    about = "largest norm of the gradient of one variant; 0 for none"
    number_field(
        "Gradient clipping", draft.optimiser_field("gradient_clip"), 0.0, 1e12, width=160, step=1.0, help=about
    )
    list_field("Stop early on", STOPPING, draft.optimiser_field("stop_on"), width=240)
    about = "epochs without a better value after which a variant stops"
    number_field("Patience", draft.optimiser_field("patience"), 1, 10_000, width=120, help=about)
    list_field("Device", {name: DEVICE_WORDS[name] for name in DEVICES}, "device", width=180)
    list_field("Precision", {name: PRECISION_WORDS[name] for name in PRECISIONS}, "precision", width=160)


def _checked_plan(data: ChosenData | None) -> TrainingPlan | None:
    try:
        plan = draft.plan()
    except PlanError as error:
        _show_fault(error)
        return None
    known = data is not None and data.n_train is not None
    return plan if not known or _batch_fits(plan.optimiser.batch_size, data.n_train) else None


def _batch_fits(batch_size: int, n_train: int) -> bool:
    """Few samples are fewer than the batch that the form begins with: the largest that fits is offered."""
    try:
        check_batch(batch_size, n_train)
    except PlanError as error:
        _show_fault(error)
        largest = draft.optimiser_field("batch_size"), n_train
        st.button(f"Take batches of {n_train:,}", key="train_smaller_batch", on_click=draft.put, args=largest)
        return False
    return True


def _show_fault(error: PlanError) -> None:
    st.error(for_markdown(str(error)), icon=":material/error:")
