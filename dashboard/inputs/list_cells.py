"""A list written in one cell of a table: JSON, `a|b`, what Python or numpy print, or a real list from Parquet or JSON.

Knows neither classes nor which row a cell is in; a malformed cell is a ValueError that the caller locates.
"""

import json
import re

import numpy as np

_TOKEN = re.compile(r"""\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|([^\s,'"\[\]]+))\s*(?:,|(?=\s|$)|$)""")
_SCALARS = (str, int, float, bool, np.generic)


def looks_like_list(cell) -> bool:
    """Whether a cell is a list, or text in brackets or with `|`."""
    if isinstance(cell, str):
        return "|" in cell or (cell.strip().startswith("[") and cell.strip().endswith("]"))
    return isinstance(cell, (list, tuple, np.ndarray))


def parsed_list(cell) -> list:
    """The items of a cell, each text, a number, a boolean or None; a cell that is no list is a list of one.

    Raises ValueError when brackets do not enclose a plain list.
    """
    if isinstance(cell, np.ndarray):
        items = cell.tolist()
    elif isinstance(cell, (list, tuple)):
        items = list(cell)
    elif isinstance(cell, str):
        items = _parsed_text(cell.strip())
    else:
        items = [cell]
    if not all(item is None or isinstance(item, _SCALARS) for item in items):
        raise ValueError("a cell must hold a plain list of numbers or names")
    return items


def numbers_in(items: list) -> list[float] | None:
    """The items as numbers (None and "" as NaN), or None when one of them is no number."""
    try:
        return [np.nan if item is None or item == "" else float(item) for item in items]
    except (ValueError, OverflowError):
        return None


def _parsed_text(text):
    if not (text.startswith("[") and text.endswith("]")):
        return [item.strip() for item in text.split("|") if item.strip()]
    try:
        return json.loads(text)
    except (ValueError, RecursionError):  # not JSON: what Python's or numpy's print makes of a list
        return _tokens(text[1:-1].strip())


def _tokens(text):
    items, position = [], 0
    while position < len(text):
        token = _TOKEN.match(text, position)
        if token is None or token.end() == position:
            raise ValueError("a cell must hold a plain list of numbers or names")
        quoted = token.group(1) if token.group(1) is not None else token.group(2)
        items.append(token.group(3) if quoted is None else re.sub(r"\\(.)", r"\1", quoted))
        position = token.end()
    return items
