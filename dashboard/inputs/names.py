"""Text that people wrote into their files, made printable and distinct once: names of classes, ids, words in messages.

Does not know what a name stands for; escaping for the screen happens where text is drawn.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import PurePath

import numpy as np

from dashboard.errors import InputError

MAX_NAME_LENGTH = 300
MAX_QUOTED = 80
# Characters that turn the direction of writing or take no room: two names must differ in what people see.
_UNSEEN = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_CONTROL = ("Cc", "Cs")  # C0 and C1 controls, halves of surrogate pairs


def normalised_names(names: Iterable[object], what: str = "class names") -> list[str]:
    """Distinct printable names: NFC, no control or bidi characters, single spaces, at most 300 characters.

    An empty name becomes "column k" (k counts from 0). Raises InputError where two are equal after that.
    """
    cleaned = [printable(name) or f"column {position}" for position, name in enumerate(names)]
    check_distinct(cleaned, what)
    return cleaned


def names_of_files(file_names: Iterable[str]) -> list[str]:
    """Each file's name without its ending, printable; of alike ones the second is "name (2)", and so on."""
    names: list[str] = []
    for file_name in file_names:
        stem = printable(PurePath(file_name).stem) or "file"
        name, number = stem, 2
        while name in names:
            name, number = f"{stem} ({number})", number + 1
        names.append(name)
    return names


def check_distinct(ids: Sequence[object], what: str) -> None:
    """Raises InputError naming the first value that appears twice and both its positions (counted from 1)."""
    seen: dict[object, int] = {}
    for position, value in enumerate(ids, start=1):
        if (first := seen.setdefault(value, position)) != position:
            raise InputError(
                f"The {what} must be distinct, but {quoted(value)} stands at positions {first} and {position}: "
                "rename or remove one of them."
            )


def printable(value: object) -> str:
    """One line of text that cannot hide or reorder anything, cut at 300 characters."""
    text = _UNSEEN.sub("", " ".join(str(value)[: 4 * MAX_NAME_LENGTH].split()))  # split() takes newlines and tabs too
    text = "".join(character for character in text if unicodedata.category(character) not in _CONTROL)
    text = " ".join(unicodedata.normalize("NFC", text).split())
    return text if len(text) <= MAX_NAME_LENGTH else text[: MAX_NAME_LENGTH - 1] + "…"


def quoted(value: object) -> str:
    """A value from a file as messages show it: printable, at most 80 characters, in quotes."""
    text = printable(value)
    return f"'{text if len(text) <= MAX_QUOTED else text[: MAX_QUOTED - 1] + '…'}'"


def decoded_text(array: np.ndarray, what: str) -> np.ndarray:
    """A NumPy text array (S or U, native byte order) as U; raises InputError where it holds no valid text."""
    if array.dtype.kind == "S":
        try:
            return np.char.decode(array, "utf-8")
        except UnicodeDecodeError:
            raise InputError(
                f"The text of {what} must be UTF-8, but it is not: save it with array.astype(str)."
            ) from None
    points = np.ascontiguousarray(array).view(np.uint32) if array.dtype.itemsize else np.empty(0, np.uint32)
    if ((points > 0x10FFFF) | ((points >= 0xD800) & (points < 0xE000))).any():
        raise InputError(
            f"The text of {what} must be Unicode, but it holds code points that do not exist: save it again."
        )
    return array
