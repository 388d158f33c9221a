"""Columns as they came out of files to the features of a model: filled, coded, scaled, by the training part alone.

What is done is plain values, so that a script can do it elsewhere. Knows nothing of files, labels and models.
"""

import numpy as np

from dashboard.core.feature_table import FeatureTable
from dashboard.sentences import counted, few
from dashboard.training.plan import PlanError

MOST_CATEGORIES = 1_000
MOST_VALUES = 500_000_000  # 2 GB as float32; a small file of many categories could stand for any number of them
LARGEST = 1e6  # in deviations: a value far outside the training part must not become infinite in float32
ALL_MISSING, CONSTANT, TOO_MANY = "no value in the training part", "one value only", "nearly a text of its own per row"
_FEW_CATEGORIES = 20


def fit_preparation(table: FeatureTable, train: np.ndarray, *, standardise: bool = True) -> dict:
    """What to do with each column, found from the rows `train`: plain values, as `prepared` reads them.

    numbers: per column its median (for missing values), mean and deviation (population's, after filling; 0 and 1 for
    columns of 0 and 1, which stay as they are), whether the value itself is a feature and whether being missing is one.
    nominals: per column the categories that are a feature each, and whether being missing is one. left_out: column ->
    reason. features: the names of what comes out, in order. PlanError where nothing does.
    """
    left_out: dict[str, str] = {}
    numbers, nominals = [], []
    for column, values in table.numbers.items():
        _append(numbers, left_out, column, _fit_number(values[train], standardise))
    for column, values in table.nominals.items():
        _append(nominals, left_out, column, _fit_nominal(values[train]))
    if not (numbers or nominals):
        n_columns = len(table.numbers) + len(table.nominals)
        raise PlanError(
            f"There must be a feature to learn from, but of {n_columns:,} columns each is constant, empty or a text of "
            f"its own per row in the training part ({len(train):,} samples): add columns or samples."
        )
    features = [name for step in numbers for name in _number_names(step)]
    features += [name for step in nominals for name in _nominal_names(step)]
    return {"numbers": numbers, "nominals": nominals, "left_out": left_out, "features": features, "largest": LARGEST}


def check_size(n_samples: int, n_features: int) -> None:
    """PlanError where the features would take too much memory."""
    if n_samples * n_features > MOST_VALUES:
        raise PlanError(
            f"The features must be at most {MOST_VALUES:,} values, but {n_samples:,} samples of {n_features:,} "
            f"features (a category is one each) make {n_samples * n_features:,}: leave out columns, or load fewer "
            "samples."
        )


def prepared(
    preparation: dict, numbers: dict[str, np.ndarray], nominals: dict[str, np.ndarray], rows: np.ndarray
) -> np.ndarray:
    """The features of some rows, (n_rows, n_features) float32, finite; an unknown category is 0 in every column."""
    features = np.empty((len(preparation["features"]), len(rows)), dtype=np.float32)
    at = 0
    for step in preparation["numbers"]:
        for values in _number_features(step, numbers[step["column"]][rows], preparation["largest"]):
            features[at] = values
            at += 1
    for step in preparation["nominals"]:
        for values in _nominal_features(step, nominals[step["column"]][rows]):
            features[at] = values
            at += 1
    return np.ascontiguousarray(features.T)


def preparation_notices(preparation: dict, table: FeatureTable, rows: dict[str, np.ndarray]) -> list[str]:
    """Sentences about what is done to which columns, and what the other parts hold that training does not."""
    numbers, nominals = preparation["numbers"], preparation["nominals"]
    scaled = [step for step in numbers if step["is_feature"] and step["deviation"] != 1]
    filled = [step["column"] for step in numbers + nominals if step["missing_is_feature"]]
    n_coded = sum(len(step["categories"]) for step in nominals)
    notices = []
    if scaled:
        notices.append(f"{counted(len(scaled), 'column')} of numbers got mean 0 and deviation 1 on the training part.")
    if filled:
        notices.append(
            f"Missing values of {counted(len(filled), 'column')} were filled (numbers: the training part's median) "
            f"and are told by a feature of their own: {few(filled)}."
        )
    if n_coded:
        notices.append(f"{counted(len(nominals), 'column')} of categories became {n_coded:,} features of 0 and 1.")
    notices += [_left_out(preparation["left_out"], reason) for reason in (ALL_MISSING, CONSTANT, TOO_MANY)]
    others = np.concatenate([rows["validation"], rows["test"]])
    return [notice for notice in [*notices, *_news(preparation, table, others)] if notice]


def _append(steps, left_out, column, fitted):
    if isinstance(fitted, str):
        left_out[column] = fitted
    else:
        steps.append({"column": column} | fitted)


def _fit_number(values: np.ndarray, standardise: bool) -> dict | str:
    """The step of one column, or why it is left out."""
    is_missing = np.isnan(values)
    present = values[~is_missing]
    if not len(present):
        return ALL_MISSING
    median = float(np.median(present))
    mean, deviation = _scale(np.where(is_missing, median, values), standardise)
    is_constant = bool((present == present[0]).all()) or deviation == 0
    if is_constant and not is_missing.any():
        return CONSTANT
    return {
        "median": median,
        "mean": mean,
        "deviation": deviation,
        "is_feature": not is_constant,
        "missing_is_feature": bool(is_missing.any()),
    }


def _scale(values, standardise) -> tuple[float, float]:
    if not standardise or bool(((values == 0) | (values == 1)).all()):
        return 0.0, 1.0
    return float(values.mean()), float(values.std())


def _fit_nominal(values: np.ndarray) -> dict | str:
    present = [value for value in values if value is not None]
    categories = sorted(set(present))
    if not categories:
        return ALL_MISSING
    has_missing = len(present) < len(values)
    if len(categories) == 1:
        return {"categories": [], "missing_is_feature": True} if has_missing else CONSTANT
    is_text = len(categories) == len(present) or len(categories) > max(_FEW_CATEGORIES, len(present) / 2)
    if is_text or len(categories) > MOST_CATEGORIES:
        return TOO_MANY
    return {"categories": categories, "missing_is_feature": has_missing}


def _number_names(step) -> list[str]:
    names = [step["column"]] if step["is_feature"] else []
    return [*names, f"{step['column']} is missing"] if step["missing_is_feature"] else names


def _nominal_names(step) -> list[str]:
    names = [f"{step['column']} = {category}" for category in step["categories"]]
    return [*names, f"{step['column']} is missing"] if step["missing_is_feature"] else names


def _number_features(step, values, largest):
    is_missing = np.isnan(values)
    if step["is_feature"]:
        filled = np.where(is_missing, step["median"], values)
        yield np.clip((filled - step["mean"]) / step["deviation"], -largest, largest)
    if step["missing_is_feature"]:
        yield is_missing


def _nominal_features(step, values):
    code_of = {category: code for code, category in enumerate(step["categories"])}
    codes = np.array([code_of.get(value, -1) for value in values], dtype=np.intp)
    yield from (codes == code for code in range(len(code_of)))
    if step["missing_is_feature"]:
        yield np.array([value is None for value in values], dtype=bool)


def _news(preparation, table, others) -> list[str]:
    """What validation and test hold that the training part never showed."""
    filled = [
        step["column"]
        for step in preparation["numbers"]
        if not step["missing_is_feature"] and np.isnan(table.numbers[step["column"]][others]).any()
    ]
    unknown = [
        f"{step['column']} = {value}"
        for step in preparation["nominals"]
        for value in sorted({v for v in table.nominals[step["column"]][others] if v is not None})
        if step["categories"] and value not in set(step["categories"])
    ]
    notices = []
    if filled:
        notices.append(
            f"{counted(len(filled), 'column')} of numbers {'lacks' if len(filled) == 1 else 'lack'} values in "
            f"validation or test only, where the training part's median was put: {few(filled)}."
        )
    if unknown:
        notices.append(
            f"Of the categories in validation and test {len(unknown):,} are not in the training part and are 0 in all "
            f"their features: {few(unknown)}."
        )
    return notices


def _left_out(left_out, reason) -> str:
    columns = [column for column, why in left_out.items() if why == reason]
    return f"{counted(len(columns), 'column')} left out, {reason}: {few(columns)}." if columns else ""
