"""Verdicts in words, as the Compare page says them."""

import pytest

from dashboard.core.verdicts import BETTER, CANNOT_TELL, NO_DIFFERENCE, THRESHOLD, WORSE, Verdict
from dashboard.ui.panels.compare_words import tally, verdict_words

NAN = float("nan")


def _verdict(kind, figure, value, low, high, n_positives=13):
    return Verdict("one", kind, figure, value, low, high, n_positives)


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        ((BETTER, "average_precision", 0.04, 0.01, 0.07), "better ranking (AP +.04, .01 to .07)"),
        ((WORSE, "ranking", -0.04, -0.07, -0.01), "worse ranking (F1 -.04, -.07 to -.01)"),
        ((THRESHOLD, "threshold", 0.09, 0.05, 0.12), "mostly the threshold (F1 +.09 by it, .05 to .12)"),
        ((CANNOT_TELL, "average_precision", 0.01, -0.05, 0.08), "cannot tell with 13 positives (-.05 to +.08)"),
        ((CANNOT_TELL, "total", NAN, NAN, NAN, 0), "cannot tell without positives"),
        ((CANNOT_TELL, "total", 0.1, NAN, NAN, 1), "cannot tell with 1 positive"),
        ((CANNOT_TELL, "total", -0.1, -0.2, -0.05), "F1 of B lower (-.10, -.20 to -.05)"),
        ((CANNOT_TELL, "total", -0.1, -0.2, 0.05), "cannot tell with 13 positives (-.20 to +.05)"),
        ((NO_DIFFERENCE, "total", 0.01, -0.01, 0.02), "no difference beyond 0.02 (-.01 to +.02)"),
    ],
)
def test_verdict_words(verdict, words):
    assert verdict_words(_verdict(*verdict), "f1", 0.02) == words


def test_small_differences_get_a_digit_more():
    said = verdict_words(_verdict(BETTER, "average_precision", 0.004, 0.001, 0.02), "f1", None)
    assert said == "better ranking (AP +.004, .001 to .020)"


def test_tally_counts_what_occurs():
    higher = _verdict(CANNOT_TELL, "total", 0.1, 0.05, 0.2)
    said = tally([_verdict(BETTER, "ranking", 0.1, 0.05, 0.2), higher, higher])
    assert said == "Of 3 classes: better ranking in **1**; B higher in **2**."
