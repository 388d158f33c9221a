"""What a cell of a text table says: a number, a missing value, a boolean, or text. Knows nothing of files."""

import re

MISSING = (
    *("", "NaN", "nan", "NAN", "-nan", "-NaN", "NA", "N/A", "n/a", "#N/A", "<NA>"),
    *("null", "NULL", "Null", "None", "none", "1.#QNAN", "-1.#IND", "1.#IND"),
)
BOOLEANS = ("True", "TRUE", "true", "False", "FALSE", "false")
_NUMBER = re.compile(r"\s*[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|inf|infinity)\s*", re.IGNORECASE | re.ASCII)
_CODE = re.compile(r"[+-]?0\d+")  # "007" is an id, not the number 7
_DECIMAL_COMMA = re.compile(r"[+-]?\d+(?:,\d+)?(?:[eE][+-]?\d+)?", re.ASCII)
_SURELY_DECIMAL = re.compile(r"-\d+,\d+|[+-]?\d+,\d{4,}|[+-]?\d+,\d+[eE]", re.ASCII)


def is_number(cell: str) -> bool:
    """Whether the cell is a number as CSV readers write it ("1_000" and "0x1f" are not)."""
    return _NUMBER.fullmatch(cell) is not None


def is_missing(cell: str) -> bool:
    return cell.strip() in MISSING


def is_text_column(cells: list[str]) -> bool:
    """Whether some cell is no number, no boolean and not missing, or is a number with leading zeros."""
    return any(
        _CODE.fullmatch(cell) or not (is_number(cell) or is_missing(cell) or cell.strip() in BOOLEANS) for cell in cells
    )


def has_decimal_commas(cells: list[str]) -> bool:
    """Whether the cells are numbers like "-0,53"; lists of class indices like "3,17" are not taken for such."""
    filled = [cell for cell in cells if not is_missing(cell)]
    return all(map(_DECIMAL_COMMA.fullmatch, filled)) and any(map(_SURELY_DECIMAL.match, filled))
