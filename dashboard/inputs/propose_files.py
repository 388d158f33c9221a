"""Proposes roles for a file on its own, or for a pair of files by what one tells about the other.

Arrays and tables go their own ways (`propose_arrays`, `propose_tables`); here they meet.
"""

from collections.abc import Sequence

import numpy as np

from dashboard.inputs.mapping import LABELS, SCORES, PartUse
from dashboard.inputs.naming import Pairing, best_pairing
from dashboard.inputs.parts import FileView
from dashboard.inputs.propose_arrays import n_classes_in, names_in, propose_arrays
from dashboard.inputs.propose_tables import Expected, TableProposal

Uses = dict[str, PartUse]


def propose_pair(
    scores: FileView, labels: FileView, class_names: Sequence[str] | None, run: str | None = None
) -> tuple[Uses, Uses]:
    """Roles for a file of scores and a file of labels; columns pair up by name where both have names."""
    tables = [
        TableProposal.of(view, other.parts) if view.is_table else None
        for view, other in ((scores, labels), (labels, scores))
    ]
    ways = [
        _as_naming(names_in(view) or class_names) if table is None else table.class_namings(role)
        for view, table, role in ((scores, tables[0], SCORES), (labels, tables[1], LABELS))
    ]
    pairing = best_pairing(ways[0] or _as_naming(class_names), ways[1] or _as_naming(class_names))
    if pairing is not None and ways[0] and ways[1] and all(tables):
        pairing = _without_copies(pairing, scores, labels)
    n_given = None if class_names is None else len(class_names)
    expected = [
        _expected(pairing, SCORES, n_classes_in(labels, LABELS) or n_given),
        _expected(pairing, LABELS, n_classes_in(scores, SCORES) or n_given),
    ]
    return (
        tables[0].complete({SCORES: expected[0]}) if tables[0] else propose_arrays(scores, (SCORES,), run),
        tables[1].complete({LABELS: expected[1]}) if tables[1] else propose_arrays(labels, (LABELS,)),
    )


def propose_both(view: FileView, class_names: Sequence[str] | None, run: str | None = None) -> Uses:
    """Roles for one file that holds scores and labels."""
    if not view.is_table:
        return propose_arrays(view, (SCORES, LABELS), run)
    table = TableProposal.of(view)
    ways = table.class_namings(SCORES), table.class_namings(LABELS)
    pairing = best_pairing(*ways, one_table=True)
    n_given = None if class_names is None else len(class_names)
    return table.complete({role: _expected(pairing, role, n_given) for role in (SCORES, LABELS)})


def propose_one(view: FileView, role: str, class_names: Sequence[str] | None, *, preferred: str | None = None) -> Uses:
    """Roles for a further file of scores, or a reader's decisions, whose classes are known by now."""
    if not view.is_table:
        return propose_arrays(view, (role,), preferred)
    table = TableProposal.of(view)
    known = _as_naming(class_names)
    ways = (table.class_namings(role), known) if role == SCORES else (known, table.class_namings(role))
    n_given = None if class_names is None else len(class_names)
    return table.complete({role: _expected(best_pairing(*ways), role, n_given)})


def propose_columns(view: FileView) -> Uses:
    """Roles for a file of extra columns."""
    return TableProposal.of(view).complete({}) if view.is_table else propose_arrays(view, ())


def _without_copies(pairing: Pairing, scores: FileView, labels: FileView) -> Pairing:
    """Without columns that both files hold with equal values, such as an age: they describe samples, not a class."""
    score_columns = {name: column for column, name in pairing.scores.items()}
    label_columns = {name: column for column, name in pairing.labels.items()}
    copies = {
        name
        for name in pairing.shared
        if scores.parts[score_columns[name]] == labels.parts[label_columns[name]]
        and np.array_equal(scores.values(score_columns[name]), labels.values(label_columns[name]))
    }
    if copies == pairing.shared:  # one file named twice is no pair of files that share their metadata
        return pairing
    return Pairing(_without(pairing.scores, copies), _without(pairing.labels, copies), pairing.shared - copies)


def _without(naming, classes):
    return {column: name for column, name in naming.items() if name not in classes}


def _as_naming(names):
    return [] if names is None else [{str(name): str(name) for name in names}]


def _expected(pairing: Pairing | None, role, n_classes):
    if pairing is None:
        return Expected(n_classes=n_classes)
    return Expected(pairing.scores if role == SCORES else pairing.labels, pairing.shared, n_classes)
