"""Epoch after epoch, seed after seed, with a checkpoint before each report. Knows nothing of processes and screens.

How a seed is trained is told in `seed_training`, how files are written in `checkpoints`.
"""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

from dashboard.training.checkpoints import CheckpointFolder, read_reports
from dashboard.training.data import TrainingData
from dashboard.training.faults import OutOfMemory, is_out_of_memory
from dashboard.training.plan import TrainingPlan
from dashboard.training.prepared_plan import PreparedPlan
from dashboard.training.reports import EpochReport
from dashboard.training.results import Trained, collect
from dashboard.training.seed_training import SeedTraining
from dashboard.training.standing import Standing, kept_tensors, standings_of


def train_epochs(
    plan: TrainingPlan,
    data: TrainingData,
    *,
    folder: str | Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Generator[EpochReport, None, Trained]:
    """As `dashboard.training.train`, which tells of the arguments.

    Raises PlanError before the first step where the plan does not suit the data; OutOfMemory and CheckpointError, which
    are PlanErrors, where memory or disk end it; and what `progress` raises. The last epoch's checkpoint stays.
    """
    prepared = PreparedPlan.of(plan, data)
    checkpoints = None if folder is None else CheckpointFolder(folder, plan, data)
    if checkpoints is not None:
        checkpoints.open_for_writing()
    reports = [] if folder is None else read_reports(folder)
    with _memory_told(prepared):
        standings = {}
        for index in range(len(plan.seeds)):
            of_seed = [each for each in reports if each.seed_index == index]
            standings[index] = yield from _seed(prepared, index, checkpoints, of_seed, progress or _ignore)
            reports = [each for each in reports if each.seed_index != index] + of_seed
        return collect(prepared, standings, reports)


def _seed(prepared, index, checkpoints, reports, progress) -> Generator[EpochReport, None, list[Standing]]:
    """Yields what is new and puts it to `reports`; the standings when all variants are done."""
    found = None if checkpoints is None else checkpoints.newest(index)
    if found is not None and found.is_done:
        return standings_of(found)
    seed = SeedTraining(prepared, index, reports)
    if found is not None:
        seed.resume(found)
    while not seed.is_over:
        report = seed.next_epoch(progress)
        if checkpoints is not None:
            checkpoints.save(report, *seed.kept())
        yield report
    if checkpoints is not None:
        checkpoints.finish(index, reports[-1].epoch, *kept_tensors(seed.standings))
    progress((index + 1) * prepared.steps_per_seed, prepared.n_steps)
    return seed.standings


@contextmanager
def _memory_told(prepared: PreparedPlan):
    """Memory that ran out, on the device or the machine, as a sentence."""
    try:
        yield
    except (RuntimeError, MemoryError) as error:
        if not is_out_of_memory(error):
            raise
        plan = prepared.plan
        raise OutOfMemory.of(plan.optimiser.batch_size, len(plan.variants), prepared.device_words) from None


def _ignore(done: int, of: int) -> None:
    pass
