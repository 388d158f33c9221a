"""The model at a reader's operating point: the cut of one class that keeps the reader's recall, or the precision.

Both are judged on the same cells: where the reader decided and the label is known. Fractions are compared as integers,
since two that differ by less than a float can tell apart are not the same. Knows nothing of names or screens.
"""

from dataclasses import dataclass

import numpy as np

from dashboard.core.best_cuts import interval_at
from dashboard.core.counts import Counts
from dashboard.core.curves import Cuts
from dashboard.core.predictions import UNKNOWN, Predictions
from dashboard.core.ranking import RankedScores
from dashboard.core.scale import threshold_between

NO_POSITIVES = "undefined: no known positives among the cells the reader decided"
NOTHING_PREDICTED = "undefined: the reader predicted nothing"
OUT_OF_REACH = "no threshold reaches the reader's precision"
FOUND = "found"


@dataclass(frozen=True, eq=False)
class MatchedCut:
    """A cut and its counts on the cells the reader decided; `state` is FOUND, else why there is none.

    Every threshold in (dropped, kept] decides the same on these cells; without a cut, or where nothing but an infinite
    threshold would do, they are None.
    """

    state: str
    score_threshold: np.floating | None = None
    dropped: np.floating | None = None
    kept: np.floating | None = None
    counts: Counts | None = None


@dataclass(frozen=True, eq=False)
class ReaderMatch:
    """One reader beside the model in one class. `counts`: the reader's, (1, 1), on `n_judged` of `n_known` cells."""

    counts: Counts
    n_judged: int
    n_known: int
    at_recall: MatchedCut
    at_precision: MatchedCut


def reader_match(p: Predictions, decided, class_index: int) -> ReaderMatch:
    """The model's cuts for class `class_index` beside a reader's decisions, int8 (n_samples,), -1 not decided.

    at_recall: the highest precision of the cuts whose recall is at least the reader's; of equal ones the highest
    recall. at_precision: the highest recall of the cuts whose precision is at least the reader's; of equal ones the
    highest precision.
    """
    labels = p.labels[:, class_index]
    judged = np.where(np.asarray(decided) < 0, np.int8(UNKNOWN), labels)[:, None]
    one = Predictions(p.scores[:, class_index : class_index + 1], judged, p.score_kind)
    counts = Counts.from_predicted(one, (np.asarray(decided) == 1)[:, None])
    r = RankedScores.from_predictions(one)
    n_known = int((labels != UNKNOWN).sum())
    at_recall, at_precision = cut_at_recall(r, 0, counts), cut_at_precision(r, 0, counts)
    return ReaderMatch(counts, int(one.n_known[0]), n_known, at_recall, at_precision)


def cut_at_recall(r: RankedScores, c: int, reader: Counts) -> MatchedCut:
    """`at_recall` of class `c`, where the reader, counts (1, 1), decided every known cell."""
    if not reader.support[0, 0]:
        return MatchedCut(NO_POSITIVES)
    cuts = r.positive_cuts(c)
    enough = np.flatnonzero(cuts.tp >= reader.tp[0, 0])  # of the same positives, so recalls compare as their tp
    return _matched(r, c, cuts, _highest_precision(cuts, enough))


def cut_at_precision(r: RankedScores, c: int, reader: Counts) -> MatchedCut:
    """`at_precision` of class `c`, where the reader, counts (1, 1), decided every known cell."""
    tp, predicted = (int(count[0, 0]) for count in (reader.tp, reader.tp + reader.fp))
    if not predicted:
        return MatchedCut(NOTHING_PREDICTED)
    if not reader.support[0, 0]:
        return MatchedCut(NO_POSITIVES)
    cuts = r.positive_cuts(c)
    enough = np.flatnonzero(cuts.tp * predicted >= tp * (cuts.tp + cuts.fp))
    if not len(enough):
        return MatchedCut(OUT_OF_REACH)
    return _matched(r, c, cuts, enough[-1])  # tp rises along the cuts, so the last has the highest recall


def _highest_precision(cuts: Cuts, candidates) -> int:
    """The index of the highest precision among candidates, of equal ones the last: it has the highest recall."""
    precision = cuts.tp[candidates] / (cuts.tp[candidates] + cuts.fp[candidates])
    candidates = candidates[precision >= precision.max() * (1 - 1e-15)]
    tp, predicted = cuts.tp[candidates], cuts.tp[candidates] + cuts.fp[candidates]
    best = int(np.argmax(tp / predicted))
    while True:
        better = np.flatnonzero(tp * predicted[best] > tp[best] * predicted)  # floats may have tied what differs
        if not len(better):
            break
        best = better[0]
    return candidates[np.flatnonzero(tp * predicted[best] == tp[best] * predicted)[-1]]


def _matched(r: RankedScores, c: int, cuts: Cuts, index: int) -> MatchedCut:
    dropped, kept = interval_at(r.known(c), cuts.scores[index])
    dropped = kept.dtype.type(dropped)
    n_positives = len(r.positives(c))
    tp, fp, n_negatives = cuts.tp[index], cuts.fp[index], len(r.known(c)) - n_positives
    counts = Counts(*(np.array([[count]], np.int64) for count in (tp, fp, n_positives - tp, n_negatives - fp)))
    return MatchedCut(FOUND, threshold_between(dropped, kept)[()], dropped, kept, counts)
