"""What messages of a worker add up to: bounded, in order, with a pace."""

from itertools import pairwise

import pytest

from dashboard.training import job_progress
from dashboard.training.job_progress import MOST_REPORTS, JobProgress
from dashboard.training.reports import EpochReport


def report(epoch, *, seed_index=0, n_epochs=10_000, device="CPU"):
    return {
        "kind": "report",
        "report": EpochReport(seed_index, seed_index, 2, epoch, n_epochs, 0.1, 0.01, device, ()).to_plain(),
    }


def test_reports_come_in_order_and_the_newest_of_an_epoch_counts():
    progress = JobProgress()
    for epoch, seed_index in ((0, 1), (1, 0), (0, 0)):
        progress.take(report(epoch, seed_index=seed_index))
    progress.take(report(1, device="GPU"))
    assert [(each.seed_index, each.epoch) for each in progress.reports] == [(0, 0), (0, 1), (1, 0)]
    assert progress.reports[1].device == "GPU" == progress.device


def test_very_many_reports_are_thinned_evenly_and_keep_both_ends():
    progress = JobProgress()
    for epoch in range(5_001):
        progress.take(report(epoch, n_epochs=5_000))
        assert len(progress.reports) <= MOST_REPORTS + 1
    kept = [each.epoch for each in progress.reports]
    steps = {later - earlier for earlier, later in pairwise(kept)}
    assert kept[0] == 0 and kept[-1] == 5_000 and len(steps) == 1 and len(kept) > MOST_REPORTS / 2


def test_time_left_is_that_of_the_pace_of_this_process(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(job_progress.time, "monotonic", lambda: now[0])
    progress = JobProgress()
    progress.take({"kind": "progress", "done": 50, "total": 100})  # it went on from there
    assert progress.seconds_left() is None
    now[0] += 5.0
    progress.take({"kind": "progress", "done": 60, "total": 100})
    assert progress.share == 0.6 and progress.seconds_left() == pytest.approx(20.0)
    progress.begin()
    assert progress.seconds_left() is None and progress.share == 0.6


def test_a_message_of_an_unknown_kind_says_nothing():
    progress = JobProgress()
    progress.take({"kind": "news"})
    progress.take({})
    assert progress == JobProgress()
