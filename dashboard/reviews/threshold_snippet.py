"""A short Python program that decides as a thresholds.json says, with nothing but this file and numpy, or torch.

It is the same text for every file: nothing of the data, no name of a class, becomes program text.
"""

FORMS = ("numpy", "torch")

_HEAD = '''"""Decides classes as {file} says: predicted where score >= threshold, in the kind and dtype it names.

predict(scores) takes what the model puts out, (n_samples, n_classes), logits or probabilities as SCORE_KIND says, with
a column per class in the order of CLASSES.
"""

import json

import {library}

with open("{file}", encoding="utf-8") as file:
    RULE = json.load(file)
if (RULE["format"], RULE["format_version"], RULE["comparison"]) != ("multilabel thresholds", 1, ">="):
    raise ValueError("this program does not read such a file")
SCORE_KIND, DTYPE = RULE["score_kind"], {dtype}
CLASSES = [each["class"] for each in RULE["classes"]]
ENDS = {{"never": float("inf"), "always": float("-inf")}}
VALUES = [ENDS.get(each["predicted"], each["score_threshold"]) for each in RULE["classes"]]
'''

_NUMPY = '''THRESHOLDS = numpy.array(VALUES, dtype=DTYPE)


def predict(scores, class_names=None):
    """Which classes are predicted: bool (n_samples, n_classes). class_names: those of the columns, to be checked."""
    if class_names is not None and list(class_names) != CLASSES:
        raise ValueError(f"the columns must be the classes {CLASSES}, got {list(class_names)}")
    scores = numpy.asarray(scores)
    if scores.shape[-1:] != THRESHOLDS.shape:
        raise ValueError(f"scores must have {len(CLASSES)} columns, got shape {scores.shape}")
    if numpy.promote_types(scores.dtype, DTYPE) != DTYPE:
        raise TypeError(f"the thresholds are for {DTYPE}, which does not hold every {scores.dtype}")
    if numpy.isnan(scores).any():
        raise ValueError("scores must not be NaN")
    return scores.astype(DTYPE, copy=False) >= THRESHOLDS
'''

_TORCH = '''THRESHOLDS = torch.tensor(VALUES, dtype=DTYPE)


def predict(scores, class_names=None):
    """Which classes are predicted: bool (n_samples, n_classes). class_names: those of the columns, to be checked."""
    if class_names is not None and list(class_names) != CLASSES:
        raise ValueError(f"the columns must be the classes {CLASSES}, got {list(class_names)}")
    if scores.shape[-1:] != THRESHOLDS.shape:
        raise ValueError(f"scores must have {len(CLASSES)} columns, got shape {tuple(scores.shape)}")
    if torch.promote_types(scores.dtype, DTYPE) != DTYPE:
        raise TypeError(f"the thresholds are for {DTYPE}, which does not hold every {scores.dtype}")
    if torch.isnan(scores).any():
        raise ValueError("scores must not be NaN")
    return scores.to(DTYPE) >= THRESHOLDS.to(scores.device)
'''

_DTYPES = {"numpy": 'numpy.dtype(RULE["dtype"])', "torch": 'getattr(torch, RULE["dtype"])'}
_BODIES = {"numpy": _NUMPY, "torch": _TORCH}


def threshold_snippet(form: str = "numpy", file_name: str = "thresholds.json") -> str:
    """The program in one of FORMS, reading `file_name` from the working directory.

    Raises ValueError for another form, and for a file name with characters beyond letters, digits, space and "._-".
    """
    if form not in FORMS:
        raise ValueError(f"form must be one of {', '.join(FORMS)}, got {form!r}")
    if not file_name or not all(character.isalnum() or character in " ._-" for character in file_name):
        raise ValueError(f"a file name in a program must be letters, digits, spaces and ._- only, got {file_name!r}")
    return _HEAD.format(file=file_name, library=form, dtype=_DTYPES[form]) + _BODIES[form]
