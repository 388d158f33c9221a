"""Proposes what an extra column of the samples is: an id, a group, a unit, text, or the address of a picture or sound.

Sees one column at a time; the person at the screen has the last word.
"""

import re
from collections.abc import Collection

import numpy as np
import pandas as pd

from dashboard.inputs.mapping import LEFT_OUT, SAMPLE_ID, PartUse
from dashboard.inputs.naming import ID_NAMES, MAYBE_ID_WORDS, UNNAMED, words_of
from dashboard.inputs.parts import NOTHING, NUMBERS, TEXT, ZERO_ONE, FileView, Part

IMAGE = re.compile(r"(?:.*\.(?:png|jpe?g|gif|webp|bmp|tiff?|svg)(?:\?.*)?|data:image/.*)", re.IGNORECASE | re.DOTALL)
AUDIO = re.compile(r"(?:.*\.(?:wav|mp3|ogg|flac|m4a|opus)(?:\?.*)?|data:audio/.*)", re.IGNORECASE | re.DOTALL)
UNIT_WORDS = ("patient", "subject", "user", "author", "artist", "thread", "speaker", "participant", "unit")
MOST_GROUPS = 30
LONG_TEXT = 40
PARQUET_INDEX = "__index_level_0__"


def is_distinct(values: np.ndarray) -> bool:
    """Whether every value is there and none comes twice."""
    column = pd.Series(values)
    return column.notna().all() and not column.duplicated().any()


def propose_leading_index(view: FileView) -> dict[str, PartUse]:
    """What an unnamed first column, or pandas' index in a Parquet file, is: a count to leave out, or ids; else {}."""
    name = PARQUET_INDEX if PARQUET_INDEX in view.parts else next(iter(view.parts), "")
    if name.lower() not in UNNAMED or len(view.parts) < 2:
        return {}
    part, values = view.parts[name], view.values(name)
    is_text = part.holds == TEXT or (part.is_whole and values.dtype == object)
    if not (part.is_whole or is_text) or len(part.shape) != 1 or not is_distinct(values):
        return {}
    if is_text:
        return {name: PartUse(SAMPLE_ID, "The index column has no name and a different text in every row.")}
    if np.array_equal(values.astype(np.float64), np.arange(len(values))) and (
        view.content.has_header or len(values) > 2
    ):
        return {
            name: PartUse(
                LEFT_OUT, "The index column has no name and counts the rows from 0, as pandas writes an index."
            )
        }
    others = [other for key, other in view.parts.items() if key != name]
    if view.content.has_header or any(not other.is_whole or other.holds == ZERO_ONE for other in others):
        return {name: PartUse(SAMPLE_ID, "The index column has no name and a different whole number in every row.")}
    return {}


def propose_id(view: FileView, name: str, other_names: Collection[str]) -> PartUse | None:
    """A PartUse for a column that identifies samples, else None. other_names: the columns of the other file."""
    part = view.parts[name]
    if len(part.shape) != 1 or part.holds not in (TEXT, NUMBERS, ZERO_ONE) or not (part.holds == TEXT or part.is_whole):
        return None
    words = words_of(name)
    if " ".join(words) in ID_NAMES:
        return PartUse(SAMPLE_ID, "Its name says that it identifies samples.")
    says_id = bool(words) and words[-1] in MAYBE_ID_WORDS
    may_be = says_id or (name in other_names and part.holds == TEXT)
    if may_be and part.holds != ZERO_ONE and is_distinct(view.values(name)):
        return PartUse(SAMPLE_ID, "It has a different value in every row, and its name is an id's or in both files.")
    return None


def propose_column(name: str, part: Part, values: np.ndarray) -> PartUse:
    """The role of a column that holds neither scores nor labels nor ids."""
    if len(part.shape) != 1 or part.holds == NOTHING:
        return PartUse(LEFT_OUT, f"It has shape {part.shape} and no values that could describe the samples.")
    if values.dtype == object and any(isinstance(value, (list, np.ndarray)) for value in values):
        return PartUse(LEFT_OUT, "It holds lists, which do not describe samples.")
    distinct = pd.unique(pd.Series(values).dropna())
    if set(words_of(name)) & set(UNIT_WORDS) and MOST_GROUPS < len(distinct) < len(values):
        return PartUse(
            "unit", f"Its name is that of an independent unit, and {len(values):,} rows share {len(distinct):,} values."
        )
    if part.holds in (NUMBERS, ZERO_ONE):
        return _number_group(part, distinct)
    return _text_role([str(value) for value in distinct], len(values))


def _number_group(part, distinct):
    if part.is_whole and len(distinct) <= 12:
        return PartUse("group", f"It has {len(distinct)} whole values.")
    return PartUse("group", f"It has {len(distinct):,} numbers, so they are binned.", bins="round")


def _text_role(distinct, n_samples):
    if all(IMAGE.fullmatch(text) for text in distinct):
        return PartUse("image", "Every value ends like the name of a picture.")
    if all(AUDIO.fullmatch(text) for text in distinct):
        return PartUse("audio", "Every value ends like the name of a sound file.")
    if np.mean([len(text) for text in distinct]) <= LONG_TEXT and len(distinct) <= max(MOST_GROUPS, n_samples // 50):
        return PartUse("group", f"It has {len(distinct):,} different values.")
    return PartUse("text", f"It has {len(distinct):,} different or long values.")
