"""A training's state in words."""

import pytest

from dashboard.training.job_status import FAILED, FINISHED, QUEUED, RUNNING, STOPPED, STOPPING, JobStatus
from dashboard.training.plan import DataPlan, ModelPlan, TrainingPlan
from dashboard.ui.training.job_words import duration, size_words, state_words, training_name
from tests.app.trainings import reports_of

PLAN = TrainingPlan(seeds=(0, 1), model=ModelPlan("vit"))


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "1 s"),
        (59.4, "59 s"),
        (60, "1 min"),
        (200, "3 min 20 s"),
        (1800, "30 min"),
        (3600, "1 h"),
        (7500, "2 h 5 min"),
    ],
)
def test_durations(seconds, words):
    assert duration(seconds) == words


def test_a_name_says_model_data_variants_and_seeds():
    assert training_name(PLAN) == "ViT on digit canvases, 2 variants, 2 seeds"
    assert training_name(TrainingPlan()) == "MLP on digit canvases, 2 variants"
    of_files = TrainingPlan(data=DataPlan("files"))
    assert training_name(of_files) == "MLP on uploaded files, 2 variants"  # not "your": others see it too
    assert training_name(of_files, "emotions") == "MLP on emotions, 2 variants"


@pytest.mark.parametrize(
    ("state", "changes", "words"),
    [
        (QUEUED, {"position": 2}, "Waits for its turn, number 2 in the queue"),
        (RUNNING, {}, "Starting: the data are made and the first figures computed"),
        (RUNNING, {"reports": reports_of(PLAN, 4, 1)}, "Seed 2 of 2, epoch 4 of 15"),
        (RUNNING, {"reports": reports_of(PLAN, 4), "seconds_left": 8.0}, "Seed 1 of 2, epoch 4 of 15 · about 8 s left"),
        (STOPPING, {}, "Stopping: what is trained so far is being kept"),
        (STOPPED, {}, "Stopped"),
        (STOPPED, {"reports": reports_of(PLAN, 4)}, "Stopped after seed 1 of 2, epoch 4 of 15"),
        (FAILED, {"reports": reports_of(TrainingPlan(), 1)}, "Failed after epoch 1 of 15"),
        (FINISHED, {"seconds": 34.0}, "Finished after 34 s"),
    ],
)
def test_states(state, changes, words):
    assert state_words(JobStatus("id", state, PLAN, **changes)) == words


def test_the_size_is_said_as_far_as_it_is_known():
    assert size_words(JobStatus("id", QUEUED, PLAN)) == "Adam, learning rate 0.001, batches of 128"
    known = JobStatus("id", RUNNING, PLAN, parameter_count=1234, device="CPU")
    assert size_words(known).startswith("1,234 parameters per variant · Adam") and size_words(known).endswith(" · CPU")
