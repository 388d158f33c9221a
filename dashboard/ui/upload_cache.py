"""What uploaded files hold and what is made of them, kept between runs until the files go: found by the files' ids.

Knows nothing of how files arrive.
"""

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from dashboard.core.feature_table import FeatureTable
from dashboard.inputs.assemble import assemble
from dashboard.inputs.bounded_reading import RefusedFiles
from dashboard.inputs.content import FileContent
from dashboard.inputs.dataset import Dataset
from dashboard.inputs.mapping import Mapping, Sources
from dashboard.inputs.propose import propose_mapping
from dashboard.training.data import TrainingData
from dashboard.ui.arrays import shared_arrays
from dashboard.ui.cache import find


def content(file_id: str, content: FileContent | None) -> FileContent:
    """What an uploaded file holds; with None, LookupError where it has not been read, or was let go since."""
    owner = f"upload {file_id}"
    return shared_arrays().find(owner, "content") if content is None else shared_arrays().put(owner, "content", content)


def forget_content(file_id: str) -> None:
    shared_arrays().drop(f"upload {file_id}")


@st.cache_resource(max_entries=6, show_spinner="Looking at what the files hold...")
def proposal(files_key: str, _sources: Sources) -> Mapping:
    return propose_mapping(_sources)


def assembled(files_key: str, mapping_key: str, sources: Sources, mapping: Mapping) -> Dataset:
    """The dataset under a mapping; both keys are digests of what the other arguments hold.

    Of one set of files only the last mapping is kept. Arrays that are here already are not there twice.
    """
    owner = f"assembled {files_key}"
    try:
        return shared_arrays().find(owner, mapping_key)
    except LookupError:
        shared_arrays().drop(owner)
    with st.spinner("Putting scores and labels together..."):
        dataset = assemble(sources, mapping)
    here = find(dataset.digest)
    if here is not None:
        dataset = replace(dataset, runs=here.runs, readers=here.readers, soft_labels=here.soft_labels)
    return shared_arrays().put(owner, mapping_key, dataset)


def feature_table(file_id: str, key: str, outcome: FeatureTable | RefusedFiles | None) -> FeatureTable | RefusedFiles:
    """What a visitor's feature files hold, or why that could not be told; with None, LookupError where they have not
    been read, or were let go since. file_id: of the file of features, with which it goes; key: says which files and how
    they are read.
    """
    owner, key = f"upload {file_id}", ("features", key)
    return shared_arrays().find(owner, key) if outcome is None else shared_arrays().put(owner, key, outcome)


def training_data(file_id: str, key: str, make: Callable[[], TrainingData]) -> TrainingData:
    """The three parts made of a visitor's features, once. file_id and key: as for `feature_table`."""

    def made():
        with st.spinner("Splitting and preparing the data..."):
            return make()

    return shared_arrays().get(f"upload {file_id}", ("training data", key), made)
