"""The model at a reader's operating point in every class: as much recall, or precision, as the reader shows.

A policy that holds decisions per sample: it can be made for a reader at hand, not from a text.
"""

from dataclasses import dataclass

import numpy as np

from dashboard.core.counts import Counts
from dashboard.core.matching import FOUND, cut_at_precision, cut_at_recall
from dashboard.core.matching import NO_POSITIVES as NO_JUDGED_POSITIVES
from dashboard.core.policies.chosen import precision_and_recall
from dashboard.core.policies.policy import MET, NO_POSITIVES, UNREACHABLE, Parameter, Policy, PolicyKind
from dashboard.core.ranking import RankedScores
from dashboard.core.thresholds import ThresholdSet

RATES = ("recall", "precision")


@dataclass(frozen=True, eq=False)
class ReaderPolicy(Policy):
    """`decided`: the reader's decisions, int8 (n_samples, n_classes), 1 positive, 0 negative, -1 not decided."""

    decided: np.ndarray = None

    def take(self, rows) -> "ReaderPolicy":
        """For some of the samples: with the reader's decisions on them."""
        return reader_policy(self.parameters["reader"], self.decided[rows], self.parameters["at"])


def reader_policy(reader_name: str, decided, at: str = "recall") -> ReaderPolicy:
    """Each class at the reader's recall, with the most precision, or at the reader's precision, with the most recall.

    Judged on the cells the reader decided; see `matching.reader_match`.
    """
    if at not in RATES:
        raise ValueError(f"at must be one of {RATES}, got {at!r}")
    decided = np.asarray(decided, dtype=np.int8)

    def function(r, reader, at):
        return match_reader(r, decided, reader, at)

    kind = PolicyKind(
        "match_reader",
        "as much {at} as {reader}",
        f"{'precision' if at == 'recall' else 'recall'} of each class, with at least the reader's {at}",
        function,
        (Parameter("reader", "", "Reader"), Parameter("at", "recall", "Matched", choices=RATES)),
    )
    return ReaderPolicy(kind, {"reader": reader_name, "at": at}, decided)


def match_reader(r: RankedScores, decided, reader: str, at: str) -> ThresholdSet:
    """The thresholds of `reader_policy`; a class that cannot be matched is never predicted.

    reached: recall and precision of model and reader on the cells the reader decided, NaN where undefined.
    """
    p = r.predictions
    judged = p.without_cells((decided < 0) & (p.labels >= 0))
    ranked = r if judged is p else RankedScores.from_predictions(judged)
    by_reader = Counts.from_predicted(judged, decided == 1)
    readers = [_of_class(by_reader, c) for c in range(p.n_classes)]
    match = cut_at_recall if at == "recall" else cut_at_precision
    cuts = r.each_class(lambda c: match(ranked, c, readers[c]))
    never = p.scores.dtype.type(np.inf)
    ts = ThresholdSet.from_scores(
        p,
        np.array([never if cut.score_threshold is None else cut.score_threshold for cut in cuts], never.dtype),
        policy="match_reader",
        parameters={"reader": reader, "at": at},
        metric=f"{'precision' if at == 'recall' else 'recall'} of each class at the {at} of {reader}",
        dropped=np.array([-never if cut.dropped is None else cut.dropped for cut in cuts], never.dtype),
        kept=np.array([never if cut.kept is None else cut.kept for cut in cuts], never.dtype),
        states=tuple(_state(cut) for cut in cuts),
        reached=_rates([cut.counts for cut in cuts], "") | _rates(readers, " of the reader"),
    )
    other = ts.details["reached"]["precision" if at == "recall" else "recall"]
    ts.details["value"] = float(np.nan_to_num(other).mean()) if len(other) else np.nan
    return ts


def _of_class(counts, c):
    return Counts(*(getattr(counts, name)[:, c : c + 1] for name in ("tp", "fp", "fn", "tn")))


def _state(cut):
    if cut.state == FOUND:
        return MET
    return NO_POSITIVES if cut.state == NO_JUDGED_POSITIVES else UNREACHABLE


def _rates(counts, suffix):
    rates = [[np.nan, np.nan] if c is None else np.concatenate(precision_and_recall(c)) for c in counts]
    precision, recall = np.array(rates, dtype=np.float64).reshape(-1, 2).T
    return {f"precision{suffix}": precision, f"recall{suffix}": recall}
