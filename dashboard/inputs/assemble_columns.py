"""The extra columns of all files on the samples of a load. Knows nothing of scores and labels."""

import numpy as np

from dashboard.inputs.base import ABSENT, Base
from dashboard.inputs.columns import read_column
from dashboard.inputs.dataset import COLUMN_ROLES
from dashboard.inputs.mapping import Mapping, Sources, run_key
from dashboard.inputs.matrix import Matrix, read_sample_ids
from dashboard.inputs.names import quoted
from dashboard.inputs.parts import part_values
from dashboard.sentences import counted


def read_columns(
    sources: Sources, mapping: Mapping, base: Base, notices: list[str]
) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    """Each extra column as text per sample and its role; a column that two files give differently gets both names."""
    columns, roles = {}, {}
    for key, content in sources.files().items():
        extras = {name: use for name, use in mapping.files[key].items() if use.role in COLUMN_ROLES}
        if not extras:
            continue
        rows = _rows(key, sources, mapping, base, content, next(iter(extras)), notices)
        for name, use in extras.items():
            values = part_values(content, name).astype(object)[rows]
            values[rows == ABSENT] = None
            column = read_column(values, use.role, use.bins, name=name)
            if name in columns and not np.array_equal(columns[name], column):
                name = f"{name} ({content.name})"
            columns[name], roles[name] = column, use.role
    return columns, roles


def _rows(key, sources, mapping, base, content, example, notices):
    """The row of the file for each sample; for the files behind the base these are known."""
    if key == run_key(next(iter(sources.scores))):
        return base.score_rows
    if key == "labels":
        return base.label_rows
    source = quoted(content.name)
    n_samples = len(part_values(content, example))
    ids = read_sample_ids(content, mapping.files[key], source, n_samples)
    file = Matrix(source, np.empty((n_samples, 0)), None, ids)
    rows = base.rows_in(file)
    if key == "columns":
        has_both = ids is not None and base.sample_ids is not None
        notices += [] if has_both else [f"The rows of {source} were matched to the samples by their order."]
        notices += base.left_out_of(file, rows, np.arange(0))
        if n_absent := int((rows == ABSENT).sum()):
            notices.append(f"{source} says nothing about {counted(n_absent, 'sample')} of {base.n_samples:,}.")
    return rows
