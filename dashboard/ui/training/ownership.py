"""Whose a training is: the browser's that started it, until that is closed. Others with its address may watch it."""

from dashboard.training.job_status import JobStatus
from dashboard.ui.reviews.kept import browser_id

NOT_YOURS = "It was started in another browser session, so only there can it be stopped, resumed or deleted."


def this_browser() -> str | None:
    """A secret that all visits of one browser have in common, for trainings alone; None where its cookies are off."""
    return browser_id("training")


def is_own(status: JobStatus) -> bool:
    """Whether this visitor may stop, resume and delete the training."""
    return status.may_be_changed_by(this_browser())
