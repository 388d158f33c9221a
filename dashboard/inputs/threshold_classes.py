"""Which row of a file of thresholds is for which class: by name, or by a complete order.

Knows nothing of the thresholds themselves.
"""

import numpy as np

from dashboard.core import Predictions
from dashboard.errors import InputError
from dashboard.inputs.join import is_count
from dashboard.inputs.names import printable
from dashboard.sentences import counted, few


def class_rows(
    names, source: str, p: Predictions, *, partial: bool, n_values: int | None = None
) -> tuple[np.ndarray, list[str]]:
    """For each class of the scores the row of the file, -1 where it keeps its threshold; and notices.

    names: of the rows, or None: n_values of them in the order of the classes. partial: classes may be lacking.
    """
    if names is None or _only_counts(names, p):
        n_values = len(names) if names is not None else n_values
        if n_values != p.n_classes:
            raise InputError(
                f"{source} must have a threshold for each of the {counted(p.n_classes, 'class')} in their order, found "
                f"{n_values:,}: add the missing ones, or name the class of each."
            )
        return np.arange(p.n_classes), [f"{source} names no class; its thresholds were taken in the order of classes."]
    place = {name: index for index, name in enumerate(names)}
    rows = np.array([place.get(name, place.get("'" + name, -1)) for name in map(printable, p.class_names)])
    missing = [name for name, row in zip(p.class_names, rows, strict=True) if row < 0]
    unknown = [names[index] for index in np.setdiff1d(np.arange(len(names)), rows)]
    return rows, _about_names(missing, unknown, source, p, partial)


def _only_counts(names, p):
    return is_count(names) and not set(names) & set(p.class_names)


def _about_names(missing, unknown, source, p, partial) -> list[str]:
    if len(missing) == p.n_classes:
        raise InputError(
            f"Classes must be named as in the scores, but {source} names {few(unknown)} and not one of "
            f"{few(p.class_names)}: correct the names."
        )
    lacks, extra = f"{counted(len(missing), 'class')} ({few(missing)})", f"{counted(len(unknown), 'class')}"
    extra = f"{extra} unknown to the scores ({few(unknown)})"
    if not partial and (missing or unknown):
        found = " and ".join([f"lacks {lacks}"] * bool(missing) + [f"names {extra}"] * bool(unknown))
        raise InputError(
            f"{source} must name the {counted(p.n_classes, 'class')} of the scores, but {found}: correct it, or "
            "allow a part of the classes, and the others keep their thresholds."
        )
    return [f"{source} lacks {lacks}: they keep their thresholds."] * bool(missing) + [
        f"{source} names {extra}: left out."
    ] * bool(unknown)
