"""The memory that a value's arrays take, each buffer told from others: so that what is shared is counted once.

Knows nothing of who holds the value.
"""

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

_BYTES_PER_OBJECT = 100  # a short text with its pointer
_PLAIN = (str, bytes, int, float, bool, type(None))


def buffers_of(value) -> dict[int, int]:
    """Identity of each buffer that a value refers to -> its bytes.

    Looks into lists, tuples, mappings, pandas objects, tensors and objects of this project. A view counts as the whole
    array that it keeps alive; an array that is mapped from a file counts in full.
    """
    found: dict[int, int] = {}
    seen: set[int] = set()
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, _PLAIN) or id(each) in seen:
            continue
        seen.add(id(each))
        if (buffer := _buffer(each)) is not None:
            found.update([buffer])
        else:
            waiting.extend(_parts(each))
    return found


def _buffer(value) -> tuple[int, int] | None:
    if isinstance(value, np.ndarray):
        while isinstance(value.base, np.ndarray):
            value = value.base
        return id(value), value.nbytes if value.dtype != object else value.size * _BYTES_PER_OBJECT
    if isinstance(value, pd.DataFrame):
        objects = sum(dtype.kind == "O" for dtype in value.dtypes)
        n_bytes = int(value.memory_usage(index=False).sum()) + objects * len(value) * _BYTES_PER_OBJECT
        return id(value), n_bytes
    if hasattr(value, "untyped_storage"):  # a tensor, asked without importing torch
        storage = value.untyped_storage()
        return storage.data_ptr(), storage.nbytes()
    return None


def _parts(value) -> Iterator:
    if isinstance(value, Mapping):
        yield from value.values()
    elif isinstance(value, list | tuple):
        if value and not isinstance(value[0], _PLAIN):
            yield from value
    elif type(value).__module__.startswith("dashboard."):
        yield from getattr(value, "__dict__", {}).values()
