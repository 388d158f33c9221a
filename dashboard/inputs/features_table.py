"""A table (CSV, TSV, Parquet, a sheet of text) as features and labels: what each column is, and what is said about it.

Knows nothing of arrays, ARFF and other files.
"""

import numpy as np

from dashboard.core.feature_table import PARTS
from dashboard.errors import InputError
from dashboard.inputs.columns import read_column
from dashboard.inputs.content import FileContent
from dashboard.inputs.feature_columns import feature_column
from dashboard.inputs.feature_file import FeatureFile, FeatureOptions
from dashboard.inputs.feature_labels import ask_for_labels, chosen_labels, label_matrix
from dashboard.inputs.mapping import LEFT_OUT, SAMPLE_ID
from dashboard.inputs.matrix import Matrix, ids_as_text
from dashboard.inputs.names import printable, quoted
from dashboard.inputs.naming import ID_NAMES, words_of
from dashboard.inputs.parts import NUMBERS, TEXT, ZERO_ONE, FileView
from dashboard.inputs.propose_columns import is_distinct, propose_id, propose_leading_index
from dashboard.sentences import few

PART_WORDS = {"train": "train", "training": "train", "test": "test", "testing": "test"}
PART_WORDS |= dict.fromkeys(("validation", "valid", "val", "dev"), "validation")
MOST_CATEGORIES = 20  # that a column called id may have and still be a feature
_PART_NAMES = {"part", "parts", "split", "set", "subset", "partition", "fold"}


def read_feature_table(content: FileContent, options: FeatureOptions, *, has_labels: bool) -> FeatureFile:
    """has_labels: the labels are columns of this table, so that it must be known which."""
    view, source = FileView.of(content), quoted(content.name)
    names, notices = list(view.parts), list(content.notes)
    _check_known(names, options, source)
    names, ids = _take_ids(view, names, options, source, notices)
    names, parts = _take_parts(view, names, options, source, notices)
    groups = {name: read_column(view.values(name), "group", "values", name=name) for name in options.group_columns}
    names = [name for name in names if name not in (*options.group_columns, *options.left_out)]
    labels = None
    if has_labels:
        chosen = chosen_labels(names, source, options)
        if chosen is None:
            ask_for_labels(names, lambda name: view.parts[name].holds == ZERO_ONE, source)
        labels = label_matrix({name: view.values(name) for name in chosen}, source, ids, options)
        names = [name for name in names if name not in chosen]
    nominal = set(options.nominal_columns)
    columns = {n: feature_column(view.values(n), n, source, is_nominal=n in nominal) for n in names}
    return FeatureFile(
        source, len(content.table), columns, labels, None, ids, parts, groups, tuple(dict.fromkeys(notices))
    )


def read_label_table(content: FileContent, options: FeatureOptions) -> Matrix:
    """A table of labels alone: every column that is no id, or those that the options name."""
    view, source = FileView.of(content), quoted(content.name)
    names, ids = _take_ids(view, list(view.parts), options, source, [])
    names = [name for name in names if name not in options.left_out]
    chosen = names if options.n_labels else chosen_labels(names, source, options) or names
    if not chosen:
        raise InputError(f"{source} must have a column of labels, but has only ids: choose another file.")
    return label_matrix({name: view.values(name) for name in chosen}, source, ids, options)


def part_of_text(values: np.ndarray, name: str, source: str) -> np.ndarray:
    """(n_samples,) of PARTS; InputError with the row of a word that names no part."""
    parts = np.array([PART_WORDS.get(str(value).strip().lower(), "") for value in values])
    if (parts == "").any():
        row = int((parts == "").argmax())
        raise InputError(
            f"The part of a sample must be {', '.join(PARTS)}, but row {row + 1:,}, column {quoted(name)} of {source} "
            f"holds {quoted(values[row])}: correct it."
        )
    return parts


def _check_known(names, options, source):
    named = [
        options.id_column,
        options.part_column,
        *options.group_columns,
        *options.nominal_columns,
        *options.left_out,
    ]
    if unknown := [name for name in named if name is not None and name not in names]:
        raise InputError(f"{source} must have the columns that are named, but {few(unknown)} is none of {few(names)}.")


def _take_ids(view, names, options, source, notices) -> tuple[list[str], np.ndarray | None]:
    """The other columns, and the ids: of the column named, or of one whose name and values say that it is one."""
    leading = propose_leading_index(view)
    counts = [name for name, use in leading.items() if use.role == LEFT_OUT]
    if counts:
        notices.append(f"The first column of {source} counts the rows and was left out.")
    names = [name for name in names if name not in counts]
    found = [options.id_column] if options.id_column in names else []
    if options.id_column is None:
        found = [name for name, use in leading.items() if use.role == SAMPLE_ID]
        found += [name for name in names if name not in found and _is_id(view, name)]
        found = [name for name in found if name not in (*options.label_columns, *options.left_out)]
        names = _without_repeated_ids(view, [name for name in names if name not in found], options, source, notices)
    if not found:
        return names, None
    if options.id_column is None:
        notices.append(f"The column {quoted(found[0])} of {source} was taken for the samples' ids.")
    if len(found) > 1:
        notices.append(f"Further columns of ids in {source} were left out: {few(found[1:])}.")
    ids = ids_as_text(view.values(found[0]), f"the id column {found[0]!r} of {source}")
    ids = np.array([printable(each) for each in ids], dtype=object)
    return [name for name in names if name not in found], ids


def _is_id(view, name) -> bool:
    """Whether name and values both say so; whole numbers called "body mass index" are a feature, not ids."""
    says_so = _is_called_id(name) or view.parts[name].holds == TEXT
    return says_so and propose_id(view, name, ()) is not None and is_distinct(view.values(name))


def _is_called_id(name: str) -> bool:
    words = words_of(name)
    return " ".join(words) in ID_NAMES or words[-1:] in (["id"], ["ids"])


def _without_repeated_ids(view, names, options, source, notices) -> list[str]:
    """Ids that stand in several rows, of patients for example, are no feature: a model would learn them by heart."""
    wanted = (*options.label_columns, *options.left_out, *options.group_columns, *options.nominal_columns)
    repeated = [name for name in names if name not in wanted and _is_called_id(name) and _are_many(view, name)]
    for name in repeated:
        notices.append(
            f"The column {quoted(name)} of {source} has the name of ids, but its values repeat: it was left out. Name "
            "it as a group or as a category to use it."
        )
    return [name for name in names if name not in repeated]


def _are_many(view, name) -> bool:
    """Whole numbers or texts, too many to be categories."""
    part = view.parts[name]
    of_ids = part.holds == TEXT or (part.holds == NUMBERS and part.is_whole)
    return len(part.shape) == 1 and of_ids and len(set(view.values(name))) > MOST_CATEGORIES


def _take_parts(view, names, options, source, notices) -> tuple[list[str], np.ndarray | None]:
    """The other columns, and the part of each sample where a column tells it."""
    column = options.part_column
    if column is None:
        column = next((name for name in names if _tells_parts(view, name)), None)
        if column is not None:
            notices.append(f"The column {quoted(column)} of {source} says which part a sample belongs to.")
    if column is None:
        return names, None
    parts = part_of_text(view.values(column), column, source)
    return [name for name in names if name != column], parts


def _tells_parts(view, name) -> bool:
    if not _PART_NAMES & set(words_of(name)) or view.values(name).dtype != object:
        return False
    return all(str(value).strip().lower() in PART_WORDS for value in set(view.values(name)))
