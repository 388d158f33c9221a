"""What the address bar says of thresholds, classes and groups: text to values and back.

Knows nothing of Streamlit. A threshold is written on the 0-1 scale ("0.34"), or, where large logits lie too close for
that scale, as a logit ("logit:31.5"); a class's own threshold follows its index ("3:0.42"). Chosen classes are their
indices ("0,3,7"). A group is its column and its value ("writer:3").
"""

import math
import re
from dataclasses import dataclass
from urllib.parse import quote, unquote

import numpy as np

from dashboard.core.scale import logit, round_up, to_score_threshold, to_unit_threshold

MAX_OWN_THRESHOLDS = 24
MAX_CHOSEN_CLASSES = 24
_NO_CLASS = "none"
_NEVER_TEXT = "never"


@dataclass(frozen=True)
class Threshold:
    """A threshold as somebody chose it: a value on the 0-1 scale (NaN: never predicted), or a finite logit."""

    value: float
    on_logit_scale: bool = False

    @classmethod
    def of_score(cls, score_threshold, unit: float | None) -> "Threshold":
        """Of a score threshold: `unit` where the 0-1 scale can say it, else what decides the same."""
        if unit is not None:
            return cls(unit)
        if np.isposinf(score_threshold):
            return NEVER
        return cls(0.0) if np.isneginf(score_threshold) else cls(float(score_threshold), on_logit_scale=True)

    def to_score(self, score_kind: str, dtype) -> np.floating:
        """The score threshold in `dtype`; raises ValueError for a logit where the scores are probabilities."""
        if not self.on_logit_scale:
            return to_score_threshold(self.value, score_kind, dtype)[()]
        if score_kind != "logits":
            raise ValueError("a threshold given as a logit needs scores that are logits")
        return round_up(self.value, np.dtype(dtype))[()]

    @property
    def unit(self) -> float:
        """On the 0-1 scale, for display."""
        return float(to_unit_threshold(self.value, "logits")) if self.on_logit_scale else self.value

    @property
    def logit(self) -> float:
        """On the scale of logits: where it lies on a logit axis."""
        return self.value if self.on_logit_scale else float(logit(self.value))

    def __str__(self) -> str:
        if math.isnan(self.value):
            return _NEVER_TEXT
        return f"logit:{self.value!r}" if self.on_logit_scale else repr(self.value)


DEFAULT = Threshold(0.5)
NEVER = Threshold(math.nan)


def parse_threshold(text: str) -> Threshold | None:
    """The threshold a text says, or None when it says none."""
    if text == _NEVER_TEXT:
        return NEVER
    on_logit_scale = text.startswith("logit:")
    try:
        value = float(text.removeprefix("logit:"))
    except ValueError:
        return None
    legal = math.isfinite(value) if on_logit_scale else 0 <= value <= 1
    return Threshold(value, on_logit_scale) if legal else None


def parse_own(text: str, n_classes: int) -> dict[int, Threshold]:
    """Own thresholds of classes, as in "3:0.42,7:0.1"; parts that say none are left out."""
    own = {}
    for part in text.split(",")[:MAX_OWN_THRESHOLDS]:
        index, _, rest = part.partition(":")
        threshold = parse_threshold(rest)
        if index.isdecimal() and len(index) < 10 and int(index) < n_classes and threshold is not None:
            own[int(index)] = threshold
    return own


def format_own(own: dict[int, Threshold]) -> str:
    return ",".join(f"{index}:{threshold}" for index, threshold in sorted(own.items())[:MAX_OWN_THRESHOLDS])


def parse_classes(text: str) -> tuple[int, ...] | None:
    """Indices of classes in their order, as in "0,3,7" or "none"; None when the text says nothing of that."""
    if text == _NO_CLASS:
        return ()
    indices = [parse_class(part) for part in text.split(",")[:MAX_CHOSEN_CLASSES]]
    return tuple(dict.fromkeys(index for index in indices if index is not None)) or None


def parse_class(text: str) -> int | None:
    """The index of a class, or None when the text says none."""
    return int(text) if text.isdecimal() and len(text) < 10 else None


def format_classes(classes: tuple[int, ...] | None) -> str:
    return "" if classes is None else ",".join(str(index) for index in classes) or _NO_CLASS


@dataclass(frozen=True)
class Group:
    """The samples that have this value in this column."""

    column: str
    value: str

    def __str__(self) -> str:
        return f"{_quoted(self.column)}:{_quoted(self.value)}"


def parse_group(text: str) -> Group | None:
    """The group a text says, whether or not any data has it; None for an empty text."""
    column, _, value = text.partition(":")
    return Group(_unquoted(column), _unquoted(value)) if text else None


def _quoted(text: str) -> str:
    """The text without what separates here, and without what no address can hold; the browser quotes the rest."""
    return re.sub("[%:\x00-\x1f\ud800-\udfff]", lambda found: quote(found[0], safe="", errors="surrogatepass"), text)


def _unquoted(text: str) -> str:
    try:
        return unquote(text, errors="surrogatepass")
    except UnicodeDecodeError:  # somebody wrote this address by hand
        return unquote(text)
