"""From files and what their parts mean to a Dataset: all runs over the same samples and classes, in the first's order.

Decides nothing: `propose` or a person did; what cannot be decided is a ChoiceNeeded.
"""

from collections.abc import Sequence

import numpy as np

from dashboard.core import Predictions
from dashboard.errors import InputError
from dashboard.inputs.assemble_columns import read_columns
from dashboard.inputs.assemble_labels import check_width, named, read_label_file, reader_decisions
from dashboard.inputs.base import ABSENT, Base
from dashboard.inputs.dataset import Dataset
from dashboard.inputs.labels import read_labels
from dashboard.inputs.mapping import LEFT_OUT, SCORES, Mapping, Sources, run_key
from dashboard.inputs.matrix import Matrix, parts_for, read_matrix
from dashboard.inputs.names import quoted
from dashboard.inputs.scores import checked_scores
from dashboard.sentences import counted, few


def assemble(sources: Sources, mapping: Mapping, *, name: str | None = None) -> Dataset:
    """The Dataset that the files hold under this mapping, or InputError (ChoiceNeeded) with one sentence."""
    files = {run: _read_scores(sources, mapping, run) for run in sources.scores}
    first = next(iter(files.values()))
    label_file, label_mapping, notices = read_label_file(sources, mapping, first)
    check_width(first, label_file)
    base = Base.of(first, label_file)
    matrices = {
        run: base.first_scores() if file is first else _aligned(base, file, notices) for run, file in files.items()
    }
    scores = {run: checked_scores(matrix, mapping.scores[run]) for run, matrix in matrices.items()}
    labels = read_labels(base.true_labels(), label_mapping)
    columns, roles = read_columns(sources, mapping, base, notices)
    readers = {reader: reader_decisions(sources, mapping, reader, base, notices) for reader in sources.readers}
    runs = {
        run: Predictions(values, labels.labels, mapping.scores[run].kind, base.class_names, base.sample_ids, columns)
        for run, (values, _) in scores.items()
    }
    names = next(iter(runs.values())).class_names
    return Dataset(
        name or _name(sources),
        runs,
        readers,
        roles,
        {name: mapping.class_groups[name] for name in names if name in mapping.class_groups},
        labels.soft,
        None if labels.soft is None else label_mapping.soft_cut,
        notices=_in_order(
            [note for content in sources.files().values() for note in content.notes],
            _left_out(sources, mapping),
            base.notices,
            notices,
            [notice for _, found in scores.values() for notice in found],
            _unmatched_groups(mapping, names),
            _hardly_known(next(iter(runs.values()))),
        ),
    )


def _name(sources: Sources) -> str:
    """The file of scores; of several runs, which their names tell apart, the file of labels."""
    runs = list(sources.scores.values())
    if len(runs) == 1 or sources.labels is None:
        return runs[0].name
    return f"{sources.labels.name}, {len(runs)} runs"


def _read_scores(sources: Sources, mapping: Mapping, run: str) -> Matrix:
    content = sources.scores[run]
    matrix = read_matrix(content, mapping.files[run_key(run)], SCORES, source=f"{quoted(content.name)} (scores)")
    if not matrix.n_samples:
        raise InputError(f"{matrix.source} must hold at least one sample, but has none below its header: add the rows.")
    return named(matrix, mapping.class_names)


def _aligned(base: Base, file: Matrix, notices: list[str]) -> Matrix:
    """A further run's scores for the samples and classes of the first; InputError when it lacks any."""
    rows, columns = base.rows_in(file), base.columns_in(file)
    if (columns == ABSENT).any():
        lacking = [base.class_name(i) for i in np.flatnonzero(columns == ABSENT)]
        raise InputError(
            f"All runs must cover the same classes, but {file.source} lacks {len(lacking):,} of {len(columns):,} "
            f"({few(lacking)}): add them, or leave the run out."
        )
    if (rows == ABSENT).any():
        lacking = base.sample_ids[rows == ABSENT]
        raise InputError(
            f"All runs must cover the same samples, but {file.source} lacks {len(lacking):,} of {len(rows):,} "
            f"({few(lacking)}): add them, or leave the run out."
        )
    notices += base.left_out_of(file, rows, columns)
    return file.take(rows, columns)


def _left_out(sources, mapping):
    """What was left out of each file, with the reason where it is a single part."""
    notices = []
    for key, content in sources.files().items():
        parts = parts_for(mapping.files[key], LEFT_OUT)
        if len(parts) == 1:
            reason = mapping.files[key][parts[0]].reason
            notices.append(
                f"{quoted(parts[0])} of {quoted(content.name)} was left out: {reason[:1].lower()}{reason[1:]}"
            )
        elif parts:
            notices.append(f"{len(parts):,} parts of {quoted(content.name)} were left out: {few(parts)}.")
    return notices


def _unmatched_groups(mapping: Mapping, names: Sequence[str]) -> list[str]:
    other = [name for name in mapping.class_groups if name not in set(names)]
    return [f"The grouping names {counted(len(other), 'class')} that the data lacks: {few(other)}."] if other else []


def _hardly_known(p: Predictions) -> list[str]:
    few_known = [p.class_names[i] for i in np.flatnonzero(2 * p.n_known < p.n_samples)]
    if not few_known:
        return []
    return [f"Under half of the samples are labelled for {counted(len(few_known), 'class')}: {few(few_known)}."]


def _in_order(*parts: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(notice for part in parts for notice in part))
