"""What is known of a training that runs outside the server, as plain data. Importing it loads neither torch nor numpy.

Knows nothing of processes and files.
"""

from dataclasses import dataclass, field

from dashboard.training.plan import TrainingPlan
from dashboard.training.reports import EpochReport

QUEUED, RUNNING, STOPPING, STOPPED = "queued", "running", "stopping", "stopped"
FINISHED, FAILED = "finished", "failed"
LIVE = (QUEUED, RUNNING, STOPPING)


def sentence_of_stop(*, has_trained: bool) -> str:
    """Of a training that somebody stopped; has_trained: an epoch was whole."""
    if has_trained:
        return "Stopped; what was trained up to the last whole epoch is kept, and can be resumed."
    return "Stopped before an epoch was whole: nothing is kept, and to resume is to begin anew."


def may_change(owner: str | None, visitor: str | None) -> bool:
    """Whether somebody may stop, resume and delete a training: who started it, and anybody where that is not known."""
    return owner is None or owner == visitor


class JobRefused(Exception):
    """A training that is not taken now, as one sentence for the person."""


@dataclass(frozen=True)
class JobStatus:
    """A training at one moment.

    state: one of the words above; "stopping" lasts until what was trained so far is kept. position: in the queue, from
    1; 0 when it does not wait. progress: share of the steps of all seeds, 0 to 1. seconds: that it has run;
    seconds_left: at the pace so far, None while unknown. reports: of epochs, thinned evenly where there are very many.
    message: a sentence when queued, stopped or failed. owner: as `JobRegistry.start` got it. parameter_count: of one
    variant, None until the data are prepared; device: in words; notices: sentences about the data. has_runs: whether
    `JobRegistry.runs` gives any.
    """

    id: str
    state: str
    plan: TrainingPlan
    position: int = 0
    progress: float = 0.0
    seconds_left: float | None = None
    seconds: float = 0.0
    reports: tuple[EpochReport, ...] = ()
    message: str = ""
    owner: str | None = field(default=None, repr=False)
    parameter_count: int | None = None
    device: str = ""
    notices: tuple[str, ...] = ()
    can_resume: bool = False
    has_runs: bool = False

    @property
    def is_live(self) -> bool:
        """Whether it will change without anybody doing anything."""
        return self.state in LIVE

    def may_be_changed_by(self, visitor: str | None) -> bool:
        """Whether stop, resume and remove do anything for this visitor."""
        return may_change(self.owner, visitor)
