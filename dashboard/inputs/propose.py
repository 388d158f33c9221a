"""Proposes what each part of the loaded files is, with the reason, so that a person can agree or correct it.

Proposes only: nothing here is applied without `assemble`, and a score kind is never filled in.
"""

from dataclasses import replace

import numpy as np

from dashboard.inputs.classes import read_class_groups, read_class_names
from dashboard.inputs.labels import PRESETS, value_text
from dashboard.inputs.mapping import (
    LABELS,
    LEFT_OUT,
    SAMPLE_ID,
    SCORES,
    LabelMapping,
    Mapping,
    PartUse,
    ScoreMapping,
    Sources,
    reader_key,
    run_key,
)
from dashboard.inputs.matrix import parts_for
from dashboard.inputs.names import quoted
from dashboard.inputs.naming import UNNAMED
from dashboard.inputs.parts import NAME_LISTS, NUMBER_LISTS, TEXT, FileView, part_values
from dashboard.inputs.propose_files import propose_both, propose_columns, propose_one, propose_pair
from dashboard.inputs.scores import suggest_score_kind


def propose_mapping(sources: Sources) -> Mapping:
    """What every part of every file is taken for at first sight, with reasons; InputError only for unreadable names."""
    views = {key: FileView.of(content) for key, content in sources.files().items()}
    class_names = read_class_names(sources.class_names)
    files = _propose_files(sources, views, class_names)
    files = _ids_where_any_index_is_one(files)
    labels = _propose_layout(views[sources.labels_key], files[sources.labels_key])
    return Mapping(
        scores={run: _suggest_kind(content, files[run_key(run)]) for run, content in sources.scores.items()},
        labels=labels,
        files=files,
        readers={name: _propose_layout(views[reader_key(name)], files[reader_key(name)]) for name in sources.readers},
        class_names=class_names,
        class_groups=read_class_groups(sources.class_groups),
    )


def _propose_files(sources, views, class_names):
    runs = list(sources.scores)
    first, labels = run_key(runs[0]), sources.labels_key
    files = {}
    if labels == first:
        files[first] = propose_both(views[first], class_names, runs[0])
    else:
        files[first], files[labels] = propose_pair(views[first], views[labels], class_names, runs[0])
    known = class_names or _classes(files[labels], LABELS) or _classes(files[first], SCORES)
    for run in runs[1:]:
        files[run_key(run)] = propose_one(views[run_key(run)], SCORES, known, preferred=run)
    for name in sources.readers:
        files[reader_key(name)] = propose_one(views[reader_key(name)], LABELS, known)
    if "columns" in views:
        files["columns"] = propose_columns(views["columns"])
    return {key: files[key] for key in views}


def _classes(uses, role):
    names = tuple(uses[part].class_name for part in parts_for(uses, role))
    return names if names and all(name is not None for name in names) else None


def _ids_where_any_index_is_one(files):
    """An unnamed index that counts the rows is an id after all when another file's is not in order."""
    unnamed = [(key, name) for key, uses in files.items() for name in uses if name.lower() in UNNAMED]
    if not any(files[key][name].role == SAMPLE_ID for key, name in unnamed):
        return files
    for key, name in unnamed:
        if files[key][name].role == LEFT_OUT and not parts_for(files[key], SAMPLE_ID):
            reason = "It counts the rows from 0, and the unnamed first column of another file holds ids."
            files[key] = files[key] | {name: PartUse(SAMPLE_ID, reason)}
    return files


def _propose_layout(view, uses):
    parts = parts_for(uses, LABELS)
    if len(parts) != 1:
        return LabelMapping("wide", reason="There is one column per class.")
    part = view.parts[parts[0]]
    if part.holds == NAME_LISTS:
        return LabelMapping("names", reason="Cells list class names or indices.")
    if part.holds == NUMBER_LISTS:
        return LabelMapping("list", reason="Every cell lists equally many numbers.")
    if part.holds == TEXT and len(part.shape) == 1 and not _are_values(view.values(parts[0])):
        return LabelMapping("names", reason="Cells hold text that names classes.")
    return LabelMapping("wide", reason="There is one column per class.")


def _are_values(values):
    return {value_text(value).lower() for value in set(values.tolist())} <= set(PRESETS) | {"-1", "nan"}


def _suggest_kind(content, uses):
    parts = parts_for(uses, SCORES)
    arrays = [np.asarray(part_values(content, name)) for name in parts]
    numbers = [values for values in arrays if values.dtype.kind in "fiu" and values.size]
    if not numbers:
        return ScoreMapping(reason=f"{quoted(content.name)} shows no numbers to judge the kind by.")
    if len(numbers) == 1:
        return suggest_score_kind(numbers[0], quoted(content.name))
    ends = [end for values in numbers for end in (np.fmin.reduce(values, axis=None), np.fmax.reduce(values, axis=None))]
    suggestion = suggest_score_kind(np.array(ends, dtype=np.float64), quoted(content.name))
    if suggestion.suggested == "logits":
        return suggestion
    return replace(suggestion, reason="All values of all columns lie in [0, 1].")
