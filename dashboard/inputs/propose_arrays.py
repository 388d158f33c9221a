"""Proposes which arrays of a file hold scores, labels, ids and class names: by name first, then by their values.

Knows nothing of tables.
"""

from dashboard.inputs.mapping import CLASS_NAMES, LABELS, LEFT_OUT, SCORES, PartUse
from dashboard.inputs.naming import says_labels, says_scores, speaks_of
from dashboard.inputs.parts import NAME_LISTS, NOTHING, NUMBERS, TEXT, ZERO_ONE, FileView
from dashboard.inputs.propose_columns import propose_column, propose_id

SAYS = {SCORES: says_scores, LABELS: says_labels}
SAYS_OTHER = {SCORES: says_labels, LABELS: says_scores}
USUAL = {SCORES: (NUMBERS, ZERO_ONE, NOTHING), LABELS: (ZERO_ONE, NAME_LISTS, NUMBERS, NOTHING)}


def propose_arrays(view: FileView, wanted: tuple[str, ...], preferred: str | None = None) -> dict[str, PartUse]:
    """Roles for the arrays of a file in which the `wanted` roles are looked for. preferred: taken first, if there."""
    uses = _class_names(view)
    for role in wanted:
        array = _best(view, role, uses, wanted, preferred)
        if array is not None:
            uses[array] = PartUse(role, _reason(array, role, preferred))
    n_samples = _n_samples(view, uses)
    for name, part in view.parts.items():
        if name in uses:
            continue
        if part.shape != (n_samples,):
            uses[name] = PartUse(LEFT_OUT, f"Its shape {part.shape} does not fit {n_samples} samples.")
            continue
        use = None if any(other.role == "sample id" for other in uses.values()) else propose_id(view, name, ())
        uses[name] = use or propose_column(name, part, view.values(name))
    return {name: uses[name] for name in view.parts}


def n_classes_in(view: FileView, role: str) -> int | None:
    """The number of columns of the array that this role would take, or None."""
    array = None if view.is_table else _best(view, role, _class_names(view), (role,), None)
    return view.parts[array].shape[1] if array is not None and len(view.parts[array].shape) == 2 else None


def names_in(view: FileView) -> list[str] | None:
    """The texts of the array that names classes, or None."""
    arrays = [] if view.is_table else list(_class_names(view))
    return view.values(arrays[0]).tolist() if arrays else None


def _class_names(view):
    shapes = [part.shape for part in view.parts.values() if len(part.shape) == 2]
    found = {}
    for name in view.holding((TEXT, ZERO_ONE, NUMBERS)):
        shape, is_text = view.parts[name].shape, view.values(name).dtype.kind in "OU"
        if not is_text or len(shape) != 1 or found or shape[0] not in {columns for _, columns in shapes}:
            continue
        is_said = speaks_of(name, ("class", "classes", "names", "labels", "columns", "categories"))
        if is_said or shape[0] not in {rows for rows, _ in shapes}:
            found[name] = PartUse(CLASS_NAMES, "It has one text per class.")
    return found


def _best(view, role, uses, wanted, preferred):
    """The array for a role: the preferred one, else by name, then two dimensions, then values; None if none is left."""
    arrays = [name for name in view.parts if name not in uses]
    if preferred in arrays and role == wanted[0]:
        return preferred
    fitting = [name for name in arrays if not SAYS_OTHER[role](name)] or (arrays if len(wanted) == 1 else [])

    def rank(name):
        part = view.parts[name]
        usual = USUAL[role].index(part.holds) if part.holds in USUAL[role] else len(USUAL[role])
        return (not SAYS[role](name), len(part.shape) != 2, usual)

    return min(fitting, key=rank, default=None)


def _reason(array, role, preferred):
    if array == preferred:
        return "It has the name of the run."
    if SAYS[role](array):
        return f"Its name speaks of {role}."
    return f"Of the arrays its values look most like {role}."


def _n_samples(view, uses):
    taken = [view.parts[name].shape for name, use in uses.items() if use.role in (SCORES, LABELS)]
    lengths = [shape[0] for shape in taken or [part.shape for part in view.parts.values()] if shape]
    return max(lengths, default=0)
