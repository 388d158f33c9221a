"""What labels must hold to be learnt from, and what a person should know about them before training.

Knows nothing of features.
"""

import numpy as np

from dashboard.sentences import few
from dashboard.training.data import PART_WORDS
from dashboard.training.plan import PlanError

_JUDGED = "; mAP leaves out what has none, and macro-F1 counts it as 0"
_NOT_LEARNT = "; a model sees only negatives there"
_WITHOUT_POSITIVES = {"train": _NOT_LEARNT, "validation": _JUDGED, "test": _JUDGED}


def check_labels(class_names: tuple[str, ...], labels: np.ndarray) -> None:
    """PlanError where there is nothing to learn: no class, no sample, or not one positive and one negative label."""
    if not class_names or not len(labels):
        raise PlanError(
            f"There must be samples and classes, found {len(labels):,} samples and {len(class_names):,} classes: "
            "check which columns are labels."
        )
    for value, word in ((1, "positive"), (0, "negative")):
        if not (labels == value).any():
            raise PlanError(
                f"Labels must hold 0 and 1, but none of the {labels.size:,} is {word}: check which columns are labels."
            )


def label_notices(class_names: tuple[str, ...], labels: dict[str, np.ndarray]) -> tuple[str, ...]:
    """Sentences about classes without positives or negatives in a part, unknown labels, and a single class.

    labels: part -> int8 (n_samples, n_classes).
    """
    notices = ["There is one class only: micro and macro averages are the same."] if len(class_names) == 1 else []
    for part, values in labels.items():
        for value, word in ((1, "positives"), (0, "negatives")):
            lacking = [name for name, has in zip(class_names, (values == value).any(axis=0), strict=True) if not has]
            if lacking:
                consequence = _WITHOUT_POSITIVES[part] if value == 1 else ""
                notices.append(
                    f"{_classes(lacking)} without {word} in the {PART_WORDS[part]} part: {few(lacking)}{consequence}."
                )
    unknown = {part: float((values == -1).mean()) for part, values in labels.items()}
    if any(unknown.values()):
        shares = ", ".join(f"{100 * share:.3g} % in {PART_WORDS[part]}" for part, share in unknown.items())
        notices.append(f"Unknown labels are left out of every loss and count: {shares}.")
    return tuple(notices)


def _classes(names) -> str:
    return "1 class is" if len(names) == 1 else f"{len(names):,} classes are"
