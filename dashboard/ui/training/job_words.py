"""A training's state in words: Markdown, texts of users escaped."""

from dashboard.escape import for_markdown
from dashboard.training.job_status import FINISHED, QUEUED, RUNNING, STOPPED, STOPPING, JobStatus
from dashboard.training.plan import TrainingPlan
from dashboard.ui.wording import count

MODEL_WORDS = {"linear": "Linear model", "mlp": "MLP", "cnn": "CNN", "vit": "ViT"}
DATA_WORDS = {
    "digits": "digit canvases",
    "generated": "generated data",
    "make_multilabel_classification": "make_multilabel_classification",
    "files": "uploaded files",
}
OPTIMISER_WORDS = {"adam": "Adam", "adamw": "AdamW", "sgd": "SGD"}


def training_name(plan: TrainingPlan, data_name: str = "") -> str:
    """MLP on digit canvases, 3 variants, 2 seeds; plain text. data_name: of the data where they are somebody's own."""
    data = data_name if data_name and plan.data.kind == "files" else DATA_WORDS[plan.data.kind]
    said = f"{MODEL_WORDS[plan.model.kind]} on {data}, {count(len(plan.variants), 'variant')}"
    return said if len(plan.seeds) == 1 else f"{said}, {count(len(plan.seeds), 'seed')}"


def size_words(status: JobStatus) -> str:
    """Parameters, optimiser and device, as far as they are known."""
    optimiser = status.plan.optimiser
    said = [] if status.parameter_count is None else [f"{status.parameter_count:,} parameters per variant"]
    name = OPTIMISER_WORDS[optimiser.name]
    said.append(f"{name}, learning rate {optimiser.learning_rate:g}, batches of {optimiser.batch_size:,}")
    return " · ".join([*said, for_markdown(status.device)] if status.device else said)


def state_words(status: JobStatus) -> str:
    """What it is doing, how far it is and what is left."""
    if status.state == QUEUED:
        return for_markdown(status.message) or f"Waits for its turn, number {status.position} in the queue"
    if status.state == FINISHED:
        return f"Finished after {duration(status.seconds)}"
    if status.state == STOPPED:
        return f"Stopped{_after(status)}"
    if status.state == STOPPING:
        return "Stopping: what is trained so far is being kept"
    if status.state != RUNNING:
        return f"Failed{_after(status)}"
    if not status.reports:
        return "Starting: the data are made and the first figures computed"
    left = "" if status.seconds_left is None else f" · about {duration(status.seconds_left)} left"
    return f"{_place(status)}{left}"


def duration(seconds: float) -> str:
    """8 s, 3 min 20 s, 2 h 5 min."""
    seconds = max(1, round(seconds))
    if seconds < 60:
        return f"{seconds} s"
    minutes, seconds = divmod(seconds, 60)
    if minutes < 60:
        return f"{minutes} min {seconds} s" if seconds and minutes < 10 else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def _place(status: JobStatus) -> str:
    """Seed 1 of 3, epoch 7 of 15."""
    last = status.reports[-1]
    seed = f"Seed {last.seed_index + 1} of {last.n_seeds}, epoch" if last.n_seeds > 1 else "Epoch"
    return f"{seed} {last.epoch:,} of {last.n_epochs:,}"


def _after(status: JobStatus) -> str:
    if not status.reports:
        return ""
    place = _place(status)
    return f" after {place[0].lower()}{place[1:]}"
