"""Values that numpy code hands around as plain ones that strict JSON can hold, and back.

NaN and infinities have no JSON number: alone they are {"$number": "inf"}, in an array the texts "nan", "inf", "-inf".
Arrays keep their dtype; sequences come back as tuples. Knows nothing of what the values mean.
"""

import json
import math
from collections.abc import Mapping

import numpy as np

NUMBER, ARRAY, PAIRS = "$number", "$array", "$pairs"
DEEPEST = 100  # levels of lists and objects within each other
_NON_FINITE = ("nan", "inf", "-inf")


def to_plain(value):
    """None, booleans, numbers, texts, lists and dicts only; raises ValueError for what is none of these in the end."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return value if math.isfinite(value) else {NUMBER: repr(value)}
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, np.ndarray):
        shape = {"shape": list(value.shape)} if not value.size else {}  # which nested lists without elements lack
        dtype = value.dtype.name if value.dtype.kind in "biuf" else "text"
        return {ARRAY: dtype, "values": _plain_elements(value)} | shape
    if isinstance(value, Mapping):
        if all(isinstance(key, str) and not key.startswith("$") for key in value):
            return {key: to_plain(each) for key, each in value.items()}
        return {PAIRS: [[to_plain(key), to_plain(each)] for key, each in value.items()]}
    if isinstance(value, (tuple, list)):
        return [to_plain(each) for each in value]
    raise ValueError(f"only numbers, texts, arrays and what holds them can be written, got a {type(value).__name__}")


def from_plain(value):
    """What `to_plain` was given; raises ValueError for what it does not write."""
    try:
        return _from_plain(value, DEEPEST)
    except (TypeError, OverflowError) as error:
        raise ValueError(f"a value must be written as this program writes it, got another one ({error})") from None


def _from_plain(value, levels):
    if levels == 0:
        raise ValueError(f"a value must be nested at most {DEEPEST} levels deep, but is deeper")
    if isinstance(value, list):
        return tuple(_from_plain(each, levels - 1) for each in value)
    if not isinstance(value, dict):
        return value
    if set(value) == {NUMBER} and value[NUMBER] in _NON_FINITE:
        return float(value[NUMBER])
    if {ARRAY, "values"} <= set(value) <= {ARRAY, "values", "shape"}:
        array = _array(value["values"], value[ARRAY])
        return array if array.size else array.reshape(value.get("shape", array.shape))
    if set(value) == {PAIRS} and _are_pairs(value[PAIRS]):
        return {_from_plain(key, levels - 1): _from_plain(each, levels - 1) for key, each in value[PAIRS]}
    if any(key.startswith("$") for key in value):
        raise ValueError(f"a value must be written as this program writes it, got the keys {', '.join(value)}")
    return {key: _from_plain(each, levels - 1) for key, each in value.items()}


def plain_number(value):
    """A finite number as it is, another one as text: for lists of numbers."""
    return value if not isinstance(value, float) or math.isfinite(value) else repr(value)


def number_from_plain(value) -> float:
    """Of `plain_number`; raises ValueError for what is no number."""
    if isinstance(value, str) and value in _NON_FINITE:
        return float(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError(f"a number was expected, got {json.dumps(value)[:60]}")
    return value


def read_strict(text: str):
    """The value of a JSON text; raises ValueError for NaN and Infinity, and for a key that occurs twice."""
    try:
        return json.loads(text, parse_constant=_refused, object_pairs_hook=_distinct)
    except RecursionError:
        raise ValueError("it must be nested at most a few levels deep, but is far deeper") from None


def write_strict(value) -> str:
    """Indented JSON without NaN and Infinity; the same value gives the same text."""
    return json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _plain_elements(array):
    if array.dtype.kind not in "fbiu":
        return np.vectorize(str, otypes=[object])(array).tolist() if array.size else array.astype(str).tolist()
    if array.dtype.kind != "f" or np.isfinite(array).all():
        return array.tolist()
    return _each(array.tolist(), plain_number)


def _array(values, dtype):
    if dtype == "text":
        return np.array(values, dtype=str)
    if dtype not in ("bool", "float16", "float32", "float64") and not str(dtype).lstrip("u").startswith("int"):
        raise ValueError(f"the type of an array must be one of NumPy's numbers, got {dtype!r}")
    return np.array(_each(values, lambda v: v if dtype == "bool" else number_from_plain(v)), dtype=dtype)


def _each(values, function, levels=DEEPEST):
    if not isinstance(values, list):
        return function(values)
    if levels == 0:
        raise ValueError(f"an array must be nested at most {DEEPEST} levels deep, but is deeper")
    return [_each(each, function, levels - 1) for each in values]


def _are_pairs(pairs):
    return isinstance(pairs, list) and all(isinstance(pair, list) and len(pair) == 2 for pair in pairs)


def _refused(name):
    raise ValueError(f"it must be strict JSON, which has no {name}")


def _distinct(pairs):
    result = dict(pairs)
    if len(result) < len(pairs):
        seen = set()
        repeated = next(key for key, _ in pairs if key in seen or seen.add(key))
        raise ValueError(f"it must have each key once, but {repeated[:80]!r} occurs twice")
    return result
