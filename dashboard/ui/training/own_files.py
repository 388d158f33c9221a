"""Features and labels of a visitor's own: which files hold what, what has to be said first, what was understood.

Files lie in the upload store like those of the Data page; session state holds their ids alone.
"""

import hashlib

import streamlit as st

from dashboard.core.feature_table import FeatureTable
from dashboard.errors import ChoiceNeeded, InputError
from dashboard.escape import for_markdown
from dashboard.training.data import TrainingData
from dashboard.training.data_sets import make_data
from dashboard.training.plan import DataPlan, PlanError
from dashboard.ui import state, upload_cache
from dashboard.ui.file_upload.store import StoredFile, UploadRefused, upload_store
from dashboard.ui.training.file_fields import file_field, large_files_field
from dashboard.ui.training.own_tables import OwnFiles, is_wanted, read_files, table_control, table_of
from dashboard.ui.wording import count

FIRST_ROLES = {
    "features": "Features, with or without labels: .npz, .csv, .parquet, .arff",
    "labels": "Labels, if in a file of their own",
    "xml": "Names of the labels, for .arff: MULAN's .xml",
}
PART_ROLES = {
    "validation": "Features to validate on",
    "validation_labels": "Labels to validate on",
    "test": "Features to test on",
    "test_labels": "Labels to test on",
}
ROLES = FIRST_ROLES | PART_ROLES
MOST_COLUMNS = 300  # to choose among
_OPTIONS = "train_file_options"


def own_data_control(plan: DataPlan) -> TrainingData | None:
    """The fields, and the data that the files make; None until they do. Raises PlanError."""
    try:
        files = _files_control()
    except UploadRefused as error:
        st.error(for_markdown(str(error)), icon=":material/error:")
        return None
    if "features" not in files:
        return None
    try:
        return _understood(files, plan)
    except ChoiceNeeded as needed:
        _ask(needed)
    except InputError as error:
        st.error(for_markdown(str(error)), icon=":material/error:")
    finally:
        _offer_to_choose_anew(files)
    return None


def own_data(plan: DataPlan) -> TrainingData:
    """The same without drawing. PlanError where the files are not there any more or make no data."""
    files = _stored_files()
    try:
        if "features" in files:
            return _made(files, plan, table_of(_own(files)))
    except (InputError, UploadRefused) as error:
        raise PlanError(str(error)) from None
    raise PlanError("A training on your own files needs a file of features: upload one.")


def _files_control() -> dict[str, StoredFile]:
    """Role -> file."""
    _fields(FIRST_ROLES)
    with st.expander("A file of its own for each part", key="train_part_files"):
        _fields(PART_ROLES)
    large_files_field(ROLES)
    return _stored_files()


def _fields(roles: dict[str, str]) -> None:
    for role, place in zip(roles, st.columns(len(roles)), strict=True):
        with place:
            file_field(role, roles[role])


def _stored_files() -> dict[str, StoredFile]:
    store = upload_store()
    named = {role: store.find(state.recalled(f"train_file_{role}")) for role in ROLES}
    return {role: file for role, file in named.items() if file is not None}


def read_own_files() -> None:
    """Reads the files that the fields wait for, if they do; the page calls it outside of its fragments."""
    files = _stored_files() if is_wanted() else {}
    if "features" in files:
        read_files(_own(files))


def _understood(files: dict[str, StoredFile], plan: DataPlan) -> TrainingData | None:
    table = table_control(_own(files))
    if table is None:
        return None
    data = _made(files, plan, table)
    sizes = ", ".join(f"{part.n_samples:,} to {verb}" for part, verb in zip(data.parts.values(), _VERBS, strict=True))
    what = "pixels" if data.is_image else "inputs"
    st.caption(
        f"**{count(table.n_samples, 'sample')}** ({sizes}), {' × '.join(map(str, data.input_shape))} {what}, "
        f"{count(data.n_classes, 'class', 'classes')}. "
        + " ".join(for_markdown(each) for each in dict.fromkeys([*table.notices, *data.notices]))
    )
    _groups_control(table, files)
    return data


_VERBS = ("train on", "validate on", "test on")


def _groups_control(table: FeatureTable, files) -> None:
    """Columns that describe samples and are no features: sites, patients."""
    names = [*table.columns, *table.nominals, *table.numbers][:MOST_COLUMNS]
    if table.images is None and len(names) > 1:
        key = f"train_groups_{_files_key(files)}"
        state.preset_widget(key, list(_options(files).get("group_columns", ())))
        st.multiselect(
            "Columns that are no features: groups, patients",
            names,
            key=key,
            on_change=lambda: _choose(files, group_columns=tuple(state.widget_value(key, ()))),
        )


def _made(files: dict[str, StoredFile], plan: DataPlan, table: FeatureTable) -> TrainingData:
    key = f"{_own(files).key} {plan!r}"
    return upload_cache.training_data(files["features"].id, key, lambda: make_data(plan, table))


def _own(files: dict[str, StoredFile]) -> OwnFiles:
    options = _options(files)
    return OwnFiles(files, options, f"{_files_key(files)} {sorted(options.items())!r}")


def _files_key(files) -> str:
    named = "\0".join(f"{role} {file.id}" for role, file in files.items())
    return hashlib.sha256(named.encode()).hexdigest()[:16]


def _options(files) -> dict:
    """What was chosen for these files, as arguments of `read_features`."""
    return state.recalled(f"{_OPTIONS}_{_files_key(files)}", {})


def _choose(files, **chosen) -> None:
    kept = {name: value for name, value in (_options(files) | chosen).items() if value}
    state.remember(f"{_OPTIONS}_{_files_key(files)}", kept)


def _offer_to_choose_anew(files) -> None:
    """What was said of these files can be wrong, or keep them from being read."""
    if _options(files):
        st.button(
            "Say anew what they hold",
            key="train_choose_anew",
            icon=":material/undo:",
            on_click=state.forget,
            args=(f"{_OPTIONS}_{_files_key(files)}",),
        )


def _ask(needed: ChoiceNeeded) -> None:
    """The question that has to be answered before anything is read."""
    st.warning(for_markdown(str(needed)), icon=":material/help:")
    files = _stored_files()
    key = f"train_ask_{needed.option}_{_files_key(files)}"
    if needed.option == "label_columns":
        _ask_for_labels(needed, files, key)
        return

    def answer():
        _choose(files, **{needed.option: state.widget_value(key)})

    if needed.option == "soft_cut":
        st.number_input("Positive from", 0.0, 1.0, None, step=0.05, key=key, on_change=answer, placeholder="0.5")
    else:
        captions = [for_markdown(text) for text in needed.choices.values()]
        st.radio("Your choice", list(needed.choices), index=None, captions=captions, key=key, on_change=answer)


def _ask_for_labels(needed: ChoiceNeeded, files, key: str) -> None:
    left, right = st.columns(2)
    with left:
        st.multiselect("Columns that are labels", list(needed.choices), key=key)
        st.button(
            "These are the labels",
            key=f"{key}_use",
            on_click=lambda: _choose(files, label_columns=tuple(state.widget_value(key, ()))),
        )
    with right:
        st.number_input(
            "Or so many of the last columns",
            1,
            100_000,
            None,
            key=f"{key}_last",
            on_change=lambda: _choose(files, n_labels=state.widget_value(f"{key}_last")),
        )
