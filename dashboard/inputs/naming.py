"""How the columns of two tables pair up by name: "cat" and "cat", "logit_cat" and "label_cat", "cat_prob" and "cat".

Looks at names only; knows nothing of values.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

SCORE_WORDS = (
    *("y_score", "y_scores", "y_pred", "y_prob", "y_proba", "logit", "logits", "score", "scores", "prob", "probs"),
    *("proba", "probability", "probabilities", "pred", "preds", "prediction", "predictions", "output", "outputs"),
    *("sigmoid", "p"),
)
LABEL_WORDS = (
    *("y_true", "ground_truth", "gold_standard", "label", "labels", "target", "targets", "true", "truth", "gt", "gold"),
    *("actual", "y", "tag", "tags"),
)
ID_NAMES = ("id", "ids", "sample", "sample id", "sample ids", "uid", "uuid", "key", "record id")
MAYBE_ID_WORDS = ("id", "ids", "name", "names", "filename", "file", "path", "key", "keys", "index", "idx")
UNNAMED = ("", "column 0", "unnamed: 0", "__index_level_0__", "level_0")

Naming = dict[str, str]  # column -> class


def words_of(name: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", name.lower())


def speaks_of(name: str, words: Iterable[str]) -> bool:
    """Whether one of the words (or all parts of "y_true") is a word of the name."""
    found = words_of(name)
    return any(all(piece in found for piece in word.split("_")) for word in words)


def says_scores(name: str) -> bool:
    return speaks_of(name, SCORE_WORDS)


def says_labels(name: str) -> bool:
    """Words of scores weigh more: "y_score" and "label_prob" are no labels."""
    return speaks_of(name, LABEL_WORDS) and not says_scores(name)


def namings(columns: Collection[str], words: Iterable[str]) -> list[Naming]:
    """The ways to read classes from column names: as they stand, and without one of the words before or after them."""
    ways: dict[tuple[str, str], Naming] = {("", ""): {name: name for name in columns}}
    word = "|".join(sorted(map(re.escape, words), key=len, reverse=True))
    before = re.compile(rf"({word})[ _.:/-]+(.+)", re.IGNORECASE)
    after = re.compile(rf"(.+?)[ _.:/-]+({word})", re.IGNORECASE)
    for name in columns:
        if match := before.fullmatch(name):
            ways.setdefault((match[1].lower(), "before"), {})[name] = match[2]
        if match := after.fullmatch(name):
            ways.setdefault((match[2].lower(), "after"), {})[name] = match[1]
    return list(ways.values())


@dataclass(frozen=True)
class Pairing:
    """How the columns for scores and for labels name their classes, and which classes both name."""

    scores: Naming
    labels: Naming
    shared: frozenset[str]


def best_pairing(score_ways: list[Naming], label_ways: list[Naming], *, one_table: bool = False) -> Pairing | None:
    """The two namings that share most classes (of equals the plainest), or None when no two share any.

    one_table: both are columns of the same table, so none of them may serve twice.
    """
    best = None
    for scores in score_ways:
        for labels in label_ways:
            shared = frozenset(scores.values()) & frozenset(labels.values())
            is_better = len(shared) > (len(best.shared) if best else 0)
            if is_better and not (one_table and _columns_for(scores, shared) & _columns_for(labels, shared)):
                best = Pairing(scores, labels, shared)
    return best


def _columns_for(way, classes):
    return {column for column, name in way.items() if name in classes}
