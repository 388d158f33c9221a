"""A short Python program that decides as a thresholds.json says, with nothing but this file and numpy, or torch.

It is the same text for every file of a format: nothing of the data, no name of a class, becomes program text.
"""

from dashboard.core.group_json import GROUP_FORMAT
from dashboard.core.threshold_json import FORMAT, FORMAT_VERSION

FORMS = ("numpy", "torch")

_PROGRAM = '''"""Decides classes as {file} says: predicted where score >= threshold, in the kind and dtype it names.

{call} takes what the model puts out, (n_samples, n_classes), logits or probabilities as SCORE_KIND
says, with a column per class in the order of CLASSES{and_groups}.
"""

import json

import {library}

with open("{file}", encoding="utf-8") as file:
    RULE = json.load(file)
if (RULE["format"], RULE["format_version"], RULE["comparison"]) != ("{format}", {version}, ">="):
    raise ValueError("this program does not read such a file")
SCORE_KIND, DTYPE = RULE["score_kind"], {dtype}
CLASSES = [each["class"] for each in RULE["classes"]]
ENDS = {{"never": float("inf"), "always": float("-inf")}}


def values(classes):
    return [ENDS.get(each["predicted"], each["score_threshold"]) for each in classes]


{tables}
if bool((TABLE != {exact}).any()):
    raise ValueError("thresholds must be exact in their dtype: have the file written again")


def {signature}:
    """Which classes are predicted: bool (n_samples, n_classes). class_names: those of the columns, to be checked."""
    if class_names is not None and list(class_names) != CLASSES:
        raise ValueError(f"the columns must be the classes {{CLASSES}}, got {{list(class_names)}}")
{checks}    if scores.ndim != 2 or scores.shape[1] != len(CLASSES):
        raise ValueError(f"scores must have {{len(CLASSES)}} columns, got shape {{tuple(scores.shape)}}")
    if {library}.promote_types(scores.dtype, DTYPE) != DTYPE:
        raise TypeError(f"the thresholds are for {{DTYPE}}, which does not hold every {{scores.dtype}}")
    if {library}.isnan(scores).any():
        raise ValueError("scores must not be NaN")
    return {comparison}
'''

_PLAIN = {
    "call": "predict(scores)",
    "signature": "predict(scores, class_names=None)",
    "and_groups": "",
    "format": FORMAT,
    "tables": 'ROWS = values(RULE["classes"])',
    "chosen": "TABLE",
    "checks": "",
}
_BY_GROUP = {
    "call": "predict(scores, groups)",
    "signature": "predict(scores, groups, class_names=None)",
    "and_groups": ',\nand the value of RULE["column"] for each sample',
    "format": GROUP_FORMAT,
    "tables": 'ROW_OF = {name: row for row, name in enumerate(RULE["groups"], start=1)}  # row 0: any other value\n'
    'ROWS = [values(RULE["classes"]), *map(values, RULE["groups"].values())]',
    "chosen": "TABLE[[ROW_OF.get(str(each), 0) for each in groups]]",
    "checks": "    if len(groups) != len(scores):\n"
    '        raise ValueError(f"there must be a group for each sample, got {len(groups)} for {len(scores)}")\n',
}
_LIBRARIES = {
    "numpy": {
        "dtype": 'numpy.dtype(RULE["dtype"])',
        "table": "numpy.array(ROWS, dtype=DTYPE)",
        "exact": 'numpy.array(ROWS, dtype="float64")',
        "checks": "    scores = numpy.asarray(scores)\n",
        "comparison": "scores.astype(DTYPE, copy=False) >= {chosen}",
    },
    "torch": {
        "dtype": 'getattr(torch, RULE["dtype"])',
        "table": "torch.tensor(ROWS, dtype=DTYPE)",
        "exact": "torch.tensor(ROWS, dtype=torch.float64)",
        "checks": "",
        "comparison": "scores.to(DTYPE) >= {chosen}.to(scores.device)",
    },
}


def threshold_snippet(form: str = "numpy", file_name: str = "thresholds.json", *, by_group: bool = False) -> str:
    """The program in one of FORMS, reading `file_name` from the working directory.

    by_group: for a file of thresholds per group. Raises ValueError for another form, and for a file name with
    characters beyond letters, digits, space and "._-".
    """
    if form not in FORMS:
        raise ValueError(f"form must be one of {', '.join(FORMS)}, got {form!r}")
    if not file_name or not all(character.isalnum() or character in " ._-" for character in file_name):
        raise ValueError(f"a file name in a program must be letters, digits, spaces and ._- only, got {file_name!r}")
    rule, library = _BY_GROUP if by_group else _PLAIN, _LIBRARIES[form]
    return _PROGRAM.format(
        file=file_name,
        library=form,
        version=FORMAT_VERSION,
        dtype=library["dtype"],
        exact=library["exact"],
        tables=f"{rule['tables']}\nTABLE = {library['table']}",
        checks=library["checks"] + rule["checks"],
        comparison=library["comparison"].format(chosen=rule["chosen"]),
        **{name: rule[name] for name in ("call", "signature", "and_groups", "format")},
    )
