"""thresholds.json: a threshold per class on both scales, with where it comes from. Text out, checked text in.

The score threshold is the truth, written so that it is exact whether it is read as float32 or as float64. JSON has no
infinity: where a class is predicted never or always both thresholds are null and "predicted" says which. Raises
ValueError with what must hold and what was found; knows nothing of files and of how thresholds were chosen.
"""

from collections.abc import Mapping

import numpy as np

from dashboard import __version__
from dashboard.core.plain_values import (
    from_plain,
    number_from_plain,
    plain_number,
    read_strict,
    to_plain,
    write_strict,
)
from dashboard.core.scale import SCORE_KINDS, round_up, to_unit_threshold

FORMAT, FORMAT_VERSION, COMPARISON = "multilabel thresholds", 1, ">="
DTYPES = ("float32", "float64")
BY_SCORE, NEVER, ALWAYS = "by score", "never", "always"
TUNED_HERE, CROSS_FITTED, HELD_OUT = FIGURES = ("tuned here", "cross-fitted", "held out")
RULE = ("policy", "parameters", "words")
ABOUT = ("data", "figures", "created")
CUTS = ("dropped", "kept")
TYPES = {
    "policy": str,
    "words": str,
    "created": str,
    "parameters": dict,
    "data": dict,
    "figures": dict,
    "reached": dict,
}
TOLERANCE = 1e-9  # by which the two scales of a threshold may differ: other programs compute other last digits


def threshold_json(score_thresholds, score_kind: str, class_names, details: Mapping) -> str:
    """The text of a set. details: as policies give them, and "data", "figures" and "created", see `ThresholdSet`."""
    return write_strict(set_content(score_thresholds, score_kind, class_names, details))


def set_content(score_thresholds, score_kind: str, class_names, details: Mapping) -> dict:
    """The same before it is written."""
    check_figures(details.get("figures") or {})
    per_class, other = _split(details, len(class_names))
    units = to_unit_threshold(score_thresholds, score_kind).tolist()
    rows = zip(class_names, score_thresholds.tolist(), units, strict=True)
    classes = [_class(*row) | {name: column[i] for name, column in per_class.items()} for i, row in enumerate(rows)]
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "comparison": COMPARISON,
        "score_kind": score_kind,
        "dtype": score_thresholds.dtype.name,
        "rule": to_plain({name: details[name] for name in RULE if name in details}),
        **to_plain({name: details[name] for name in ABOUT if name in details}),
        "classes": classes,
        "details": to_plain(other),
        "versions": {"dashboard": __version__, "numpy": np.__version__},
    }


def parsed_threshold_json(text: str) -> tuple[np.ndarray, str, tuple[str, ...], dict]:
    """Score thresholds, score kind, class names and details as `threshold_json` was given them."""
    return parsed_content(read_strict(text))


def parsed_content(content, format: str = FORMAT) -> tuple[np.ndarray, str, tuple[str, ...], dict]:
    """The same of what `set_content` gives."""
    _check_head(content, format)
    records = content.get("classes")
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        raise ValueError('"classes" must be a list with an object for each class')
    names = tuple(_name(record, position) for position, record in enumerate(records, start=1))
    if len(set(names)) < len(names):
        repeated = next(name for position, name in enumerate(names) if name in names[:position])
        raise ValueError(f"each class must be named once, but {repeated[:80]!r} is named twice")
    kind, dtype = content["score_kind"], np.dtype(content["dtype"])
    scores = _score_thresholds(records, kind, dtype)
    about = {name: from_plain(content[name]) for name in ABOUT if content.get(name) is not None}
    details = _object(content, "rule") | about
    details = _object(content, "details") | details | _per_class(records, dtype)
    _check_details(details, len(records))
    return scores, kind, names, details


def check_figures(figures: Mapping) -> None:
    """Raises ValueError unless each set of figures says what it was computed on."""
    for label, each in figures.items():
        if label not in FIGURES or not isinstance(each, Mapping):
            raise ValueError(f"figures must be objects labelled one of {', '.join(FIGURES)}, got {str(label)[:60]!r}")


def _class(name, score_threshold, unit) -> dict:
    finite = np.isfinite(score_threshold)
    predicted = BY_SCORE if finite else NEVER if score_threshold > 0 else ALWAYS
    thresholds = (unit, score_threshold) if finite else (None, None)
    return {"class": name, "threshold": thresholds[0], "score_threshold": thresholds[1], "predicted": predicted}


def _split(details, n_classes) -> tuple[dict, dict]:
    """What is said of each class, as columns under the names in its record; and the other details."""
    other = {name: value for name, value in details.items() if name not in (*RULE, *ABOUT)}
    columns = {}
    if _has_each(other.get("states"), n_classes):
        columns["state"] = [str(state) for state in other.pop("states")]
    for name in CUTS:
        if _has_each(other.get(name), n_classes):
            columns[name] = [plain_number(value) for value in np.asarray(other.pop(name)).tolist()]
    reached = other.get("reached")
    if isinstance(reached, Mapping) and reached and all(_has_each(values, n_classes) for values in reached.values()):
        by_name = {
            name: map(plain_number, np.asarray(values).tolist()) for name, values in other.pop("reached").items()
        }
        columns["reached"] = [dict(zip(by_name, row, strict=True)) for row in zip(*by_name.values(), strict=True)]
    return columns, other


def _has_each(values, n_classes):
    return isinstance(values, (tuple, list, np.ndarray)) and np.ndim(values) == 1 and len(values) == n_classes > 0


def _per_class(records, dtype) -> dict:
    details = {}
    if _all_have(records, "state"):
        details["states"] = tuple(str(record["state"]) for record in records)
    for name in CUTS:
        if _all_have(records, name):
            details[name] = np.array([number_from_plain(record[name]) for record in records], dtype=dtype)
    if _all_have(records, "reached"):
        reached = [record["reached"] for record in records]
        if not all(isinstance(each, dict) and each.keys() == reached[0].keys() for each in reached):
            raise ValueError('"reached" must name the same figures for every class')
        details["reached"] = {name: _numbers([each[name] for each in reached]) for name in reached[0]}
    return details


def _numbers(values):
    return np.array([value if isinstance(value, bool) else number_from_plain(value) for value in values])


def _all_have(records, name):
    return bool(records) and all(name in record for record in records)


def _check_head(content, format):
    if not isinstance(content, dict) or content.get("format") != format:
        raise ValueError(f'it must be an object whose "format" is "{format}"')
    expected = {"format_version": (FORMAT_VERSION,), "comparison": (COMPARISON,)}
    for name, known in (expected | {"score_kind": SCORE_KINDS, "dtype": DTYPES}).items():
        found = content.get(name)
        if found not in known or isinstance(found, bool):
            raise ValueError(f'"{name}" must be {" or ".join(map(str, known))}, got {str(found)[:60]!r}')


def _name(record, position):
    name = record.get("class")
    if not isinstance(name, str):
        raise ValueError(f'"class" of the entry {position} must be a text, got {str(name)[:60]!r}')
    return name


def _score_thresholds(records, kind, dtype) -> np.ndarray:
    """(n_classes,), after a look at whether everything else in the records says the same."""
    written = np.array([_written(record) for record in records], dtype=np.float64)
    scores = round_up(written, dtype)  # exact for what was written here
    lost = np.flatnonzero(np.isinf(scores) & np.isfinite(written))
    if len(lost):
        name, value = records[lost[0]]["class"][:80], written[lost[0]]
        raise ValueError(f"the score threshold of {name!r} must be finite in {dtype.name}, got {value:.6g}")
    units = to_unit_threshold(scores, kind)
    for record, is_finite, unit in zip(records, np.isfinite(scores).tolist(), units.tolist(), strict=True):
        if is_finite and record.get("threshold") is not None:
            _check_unit(record["class"][:80], record["threshold"], unit)
    return scores


def _written(record) -> float:
    """The score threshold of one class as it is written; never and always as infinities."""
    name, value, predicted = record["class"][:80], record.get("score_threshold"), record.get("predicted", BY_SCORE)
    if value is None and predicted in (NEVER, ALWAYS):
        return np.inf if predicted == NEVER else -np.inf
    if isinstance(value, bool) or not isinstance(value, (int, float)) or predicted != BY_SCORE:
        raise ValueError(
            f'the class {name!r} must have a number as "score_threshold", or null and "{NEVER}" or "{ALWAYS}" as '
            f'"predicted", got {str(value)[:60]} and {str(predicted)[:60]!r}'
        )
    if np.isinf(number := _as_float(value)):
        raise ValueError(f"the score threshold of {name!r} must be a finite number, got {value!r:.60}")
    return number


def _as_float(value):
    try:
        return float(value)
    except OverflowError:
        return np.inf


def _check_unit(name, unit, expected):
    """Whoever changes one scale by hand means that one: nothing is taken from a file whose scales disagree."""
    if isinstance(unit, bool) or not isinstance(unit, (int, float)) or not abs(_as_float(unit) - expected) <= TOLERANCE:
        raise ValueError(
            f'"threshold" and "score_threshold" of the class {name!r} must be the same threshold on two scales, but '
            f"the score threshold is {expected!r} on the 0-1 scale and {str(unit)[:60]} is written: change both, or "
            'leave "threshold" out'
        )


def _object(content, name) -> dict:
    value = content.get(name, {})
    if not isinstance(value, dict):
        raise ValueError(f'"{name}" must be an object')
    return from_plain(value)


def _check_details(details, n_classes):
    """Whatever is relied on later has its type."""
    for name, kind in TYPES.items():
        if name in details and not isinstance(details[name], kind):
            raise ValueError(f'"{name}" must be {"an object" if kind is dict else "a text"}')
    check_figures(details.get("figures", {}))
    columns = {"states": details.get("states")} | details.get("reached", {})
    for name, values in columns.items():
        if values is not None and (np.ndim(values) != 1 or len(values) != n_classes):
            raise ValueError(f"{str(name)[:60]!r} must have a value for each class")
