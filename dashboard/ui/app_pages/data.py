"""Data: upload, say what the files mean, check them; what is in view stays until something else has loaded."""

import hashlib

import streamlit as st

from dashboard.errors import ChoiceNeeded, InputError
from dashboard.escape import for_markdown
from dashboard.inputs.dataset import Dataset
from dashboard.inputs.mapping import Mapping, Sources
from dashboard.inputs.sample import SAMPLE_FOLDER
from dashboard.settings import read_settings
from dashboard.ui import cache, frame, limits, state, upload_cache
from dashboard.ui.arrays import NoRoom
from dashboard.ui.file_upload.store import UploadRefused
from dashboard.ui.panels.input_check import show_check
from dashboard.ui.panels.mapping_form import ask, corrections_form, kinds_control, show_label_values
from dashboard.ui.panels.reading import read_uploads
from dashboard.ui.panels.uploads import uploads_control
from dashboard.ui.view import current_view, held

TEMPLATES = ("validation_scores_bce.csv", "validation_labels.csv", "validation_columns.csv")


def load_control() -> None:
    """From uploaded files to a dataset that can be used; problems are told in a sentence and change nothing."""
    try:
        uploads = uploads_control()
        if uploads.scores and (sources := read_uploads(uploads)):
            understand(sources, uploads.key)
    except (InputError, UploadRefused) as error:
        frame.show_input_error(error)


@st.fragment
def understand(sources: Sources, files_key: str) -> None:
    """What the files mean, as proposed and as corrected; apart from the rest, which no correction changes."""
    try:
        mapping = kinds_control(upload_cache.proposal(files_key, sources), files_key)
        outcome = st.container()
        mapping = corrections_form(sources, mapping, files_key)
        with outcome:
            show_outcome(sources, mapping, files_key)
    except InputError as error:
        frame.show_input_error(error)


def show_outcome(sources: Sources, mapping: Mapping, files_key: str) -> None:
    """What the files hold under this mapping, or the question or the fault that stands in the way."""
    try:
        mapping_key = hashlib.sha256(repr(mapping).encode()).hexdigest()
        offer(upload_cache.assembled(files_key, mapping_key, sources, mapping))
        show_label_values(sources, mapping)
    except ChoiceNeeded as needed:
        ask(needed, files_key)
    except (InputError, NoRoom) as error:
        frame.show_input_error(error)


def offer(dataset: Dataset) -> None:
    """What was understood, and the button that makes it the data in view."""
    st.markdown("##### What was understood")
    if st.button("Use this data", type="primary", icon=":material/check:", key="use_data"):
        limits.take_in(dataset, cache.seat().id, state.opened_data())
        state.keep_words(dataset.digest, dataset.words)
        look_at(dataset)
    show_check(dataset, next(iter(dataset.runs)), "offered")


def look_at(dataset: Dataset) -> None:
    state.show_data(dataset.digest)
    st.switch_page("app_pages/overview.py", query_params={})


def opened_control() -> None:
    """Back to what this visitor has looked at before, as far as it is still here."""
    others = {digest: held(digest) for digest in state.opened_data() if digest != state.data()}
    here = {digest: dataset for digest, dataset in others.items() if dataset is not None}
    if not here:
        return
    st.subheader("Opened before", anchor=False)
    st.caption(
        "Data with the same classes can serve as held-out data on the Thresholds page: tuned on one, judged on another."
    )
    with st.container(horizontal=True):
        for digest, dataset in here.items():
            if st.button(f"{for_markdown(dataset.name)} · `{digest[:12]}`", key=f"opened_{digest}"):
                look_at(dataset)


def sample_control() -> None:
    """Back to the sample, either part; and its files as templates."""
    with st.container(horizontal=True, vertical_alignment="center"):
        for part in cache.SAMPLE_PARTS:
            if st.button(f"Open the sample ({part})", key=f"sample_{part}", icon=":material/science:"):
                look_at(cache.sample(part))
    st.caption("The sample's files show the format; download them, look, and upload them again.")
    with st.container(horizontal=True):
        for name in TEMPLATES:
            st.download_button(
                name, (SAMPLE_FOLDER / name).read_bytes(), name, "text/csv", key=f"template_{name}", on_click="ignore"
            )


view = current_view()
if view is None:
    frame.show_absent()
else:
    with st.container(key="header", gap="small"):
        frame.show_data_line(view, with_button=False)
        frame.show_thresholds(view, st.container())
    frame.show_warnings(view)
st.subheader("Load your own", anchor=False)
loading = st.container()
st.caption(
    "Files on the server's own disk open without an upload: "
    "`python -m dashboard open SCORES LABELS --score-kind logits`. "
    "Pickled files are refused, because they can run code."
)
opened_control()
st.subheader("Sample and templates", anchor=False)
sample_control()
if view is not None:
    st.subheader(f"In view now: {for_markdown(view.dataset.name)}", anchor=False)
    show_check(view.whole, view.run, "in_view")
if read_settings().admin:
    st.caption(f"This server: {limits.in_use()}")
with loading:  # last: reading may take long, and all else is on screen meanwhile
    load_control()
