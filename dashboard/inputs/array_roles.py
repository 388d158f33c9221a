"""What the arrays of an archive are by their names: features, images, labels, ids, names, also part by part.

Looks at names only.
"""

import re
from dataclasses import dataclass

from dashboard.inputs.feature_file import FeatureOptions
from dashboard.inputs.features_table import PART_WORDS

ROLES = {
    "inputs": ("features", "x", "inputs", "input", "data"),
    "images": ("images", "image", "pixels"),
    "labels": ("labels", "y", "targets", "target", "label"),
    "ids": ("ids", "id", "sample_ids"),
    "parts": ("parts", "part", "split"),
    "feature_names": ("feature_names", "features_names", "columns"),
    "class_names": ("class_names", "classes", "label_names"),
}
_ROLE_OF = {name: role for role, names in ROLES.items() for name in names}
_PART = "|".join(sorted(PART_WORDS, key=len, reverse=True))
_BEFORE = re.compile(rf"({_PART})[_. /-]*(.+)")
_AFTER = re.compile(rf"(.+?)[_. /-]*({_PART})")


@dataclass(frozen=True)
class Place:
    role: str | None
    part: str | None


def place_of(name, options) -> Place:
    """The role and part that an array's name tells; an option settles the role of the array it names."""
    word, part = name.lower(), None
    if word not in _ROLE_OF:
        for pattern, at, rest in ((_BEFORE, 1, 2), (_AFTER, 2, 1)):
            match = pattern.fullmatch(word)
            if match and (match[rest] in _ROLE_OF or name in (options.inputs, options.labels_array)):
                word, part = match[rest], PART_WORDS[match[at]]
                break
    if name in (options.inputs, ""):  # a lone array has no name
        return Place("inputs", part)
    if name == options.labels_array:
        return Place("labels", part)
    role = _ROLE_OF.get(word)
    if (
        role in ("inputs", "images")
        and options.inputs is not None
        and place_of(options.inputs, _NO_OPTIONS).part == part
    ):
        return Place(None, None)  # another array was chosen for this part
    return Place(role, part)


_NO_OPTIONS = FeatureOptions()
