"""The plain answer to "Do you need per-class thresholds?" claims no more than the intervals show."""

import pytest

from dashboard.core.per_class_need import CALIBRATED, COMPARED, JOINT, ONE_MICRO, PerClassNeed
from dashboard.core.percentile_interval import Interval
from dashboard.ui.panels.per_class_need import need_sentence


def _found(gain, calibrated, lead) -> PerClassNeed:
    """Each argument: the lower ends of the intervals; all gains themselves are .02 and .01."""
    values = dict.fromkeys(COMPARED, 0.51) | {ONE_MICRO: 0.5, JOINT: 0.52}
    ends = dict.fromkeys(CALIBRATED, calibrated) | {JOINT: gain}
    gains = {(name, "micro_f1"): Interval(ends.get(name, 0.0), 0.03, 0.01) for name in COMPARED}
    leads = {(name, "micro_f1"): Interval(lead, 0.03, 0.01) for name in CALIBRATED}
    return PerClassNeed(values, values, gains, leads)


@pytest.mark.parametrize(
    ("gain", "calibrated", "lead", "answer"),
    [
        (0.01, 0.005, 0.002, "Yes: "),
        (0.01, -0.005, 0.002, "Yes: "),
        (0.01, 0.005, -0.002, "Either will do: "),
        (0.01, -0.005, -0.002, "Perhaps: "),
        (-0.01, 0.005, -0.002, "Calibrating and cutting once is enough."),
        (-0.01, -0.005, -0.002, "No: "),
        (float("nan"), float("nan"), float("nan"), "Without an interval"),
    ],
)
def test_answer_follows_the_intervals(gain, calibrated, lead, answer):
    assert f"over 0.5. {answer}" in need_sentence(_found(gain, calibrated, lead), "micro")
