"""What was understood of the files, for people to correct: roles of parts, score kinds, label layout and values."""

import pandas as pd
import streamlit as st

from dashboard.errors import ChoiceNeeded, InputError
from dashboard.escape import for_markdown
from dashboard.inputs.assemble_labels import label_values
from dashboard.inputs.mapping import BINS, LAYOUTS, MEANINGS, ROLES, Mapping, Sources
from dashboard.ui import state

KINDS = {"logits": "raw outputs, any real number", "probabilities": "numbers in [0, 1], such as sigmoid outputs"}


def kinds_control(mapping: Mapping, files_key: str) -> Mapping:
    """Ask what the scores of each run are; nothing is chosen beforehand, what they look like is said."""
    for run, scores in mapping.scores.items():
        title = "The scores are" if len(mapping.scores) == 1 else f"The scores of {for_markdown(run)} are"
        kind = st.radio(
            title,
            list(KINDS),
            index=None,
            captions=list(KINDS.values()),
            horizontal=True,
            key=f"kind_{run}_{files_key}",
        )
        if kind is None:
            looks = f"They look like {scores.suggested}. " if scores.suggested else ""
            st.caption(f"{looks}{for_markdown(scores.reason)}")
        mapping = mapping.with_score_kind(kind, run)
    return mapping


def corrections_form(sources: Sources, mapping: Mapping, files_key: str) -> Mapping:
    """The mapping with this person's corrections; the widgets belong to these files only."""
    with st.expander("How the labels are written"):
        mapping = _with_labels(sources, mapping, files_key)
    for key, content in sources.files().items():
        taken = pd.Series([use.role for use in mapping.files[key].values()]).value_counts()
        summary = ", ".join(f"{role} ({number:,})" for role, number in taken.items())
        with st.expander(f"What {for_markdown(content.name)} holds: {summary}"):
            mapping = _with_edited_parts(mapping, key, files_key)
    return mapping


def show_label_values(sources: Sources, mapping: Mapping) -> None:
    """Each value found among the labels, how often, and what it is taken for."""
    said = ", ".join(
        f"{for_markdown(each.value)} ({each.count:,}) as {each.meaning or 'not yet decided'}"
        for each in label_values(sources, mapping)
    )
    if said:
        st.caption(f"Label values: {said}.")


def ask(needed: ChoiceNeeded, files_key: str) -> None:
    """Put the question that has to be answered before anything loads; the answer is kept for these files."""
    st.warning(for_markdown(str(needed)), icon=":material/help:")
    key = f"ask_{needed.option}_{files_key}"

    def answer():
        state.remember(f"choices_{files_key}", _choices(files_key) | {needed.option: state.widget_value(key)})

    if needed.option == "soft_cut":
        st.number_input(
            "Positive from", 0.0, 1.0, None, step=0.05, key=key, on_change=answer, placeholder="for example 0.5"
        )
    elif needed.option != "score_kind":  # that one is asked above, beside its suggestion
        options = list(needed.choices)
        captions = [for_markdown(text) for text in needed.choices.values()]
        st.radio("Your choice", options, index=None, captions=captions, key=key, on_change=answer, horizontal=True)


def _choices(files_key: str) -> dict:
    return state.recalled(f"choices_{files_key}", {})


def _with_labels(sources: Sources, mapping: Mapping, files_key: str) -> Mapping:
    choices = _choices(files_key)
    layouts = list(LAYOUTS)
    proposed = choices.get("label_layout", mapping.labels.layout)
    layout = st.selectbox(
        "Layout",
        layouts,
        index=layouts.index(proposed),
        format_func=lambda name: LAYOUTS[name],
        key=f"layout_{files_key}_{proposed}",
    )
    first_index = 0
    if layout in ("index", "names"):
        first_index = st.radio("Class indices count from", [0, 1], horizontal=True, key=f"first_{files_key}")
    values = {"-1": choices["minus_one"]} if "minus_one" in choices else {}
    mapping = mapping.with_labels(
        layout=layout, first_index=first_index, values=values, soft_cut=choices.get("soft_cut")
    )
    return mapping.with_labels(values=_values_control(sources, mapping, files_key))


def _values_control(sources: Sources, mapping: Mapping, files_key: str) -> dict[str, str]:
    """Each value found among the labels with its count and its meaning, which can be changed."""
    try:
        found = label_values(sources, mapping)
    except InputError:
        return {}  # the same sentence is shown once, where the files are put together
    table = pd.DataFrame(
        [(each.value, each.count, each.meaning) for each in found], columns=["value", "cells", "means"]
    )
    edited = st.data_editor(
        table,
        key=f"values_{files_key}_{mapping.labels.layout}_{mapping.labels.values}",
        hide_index=True,
        disabled=["value", "cells"],
        column_config={"means": st.column_config.SelectboxColumn("means", options=list(MEANINGS))},
    )
    pairs = zip(edited["value"], edited["means"], table["means"], strict=True)
    return {value: meaning for value, meaning, preset in pairs if meaning in MEANINGS and meaning != preset}


def _with_edited_parts(mapping: Mapping, key: str, files_key: str) -> Mapping:
    uses = mapping.files[key]
    rows = [(name or "(the array)", use.role, use.class_name, use.bins, use.reason) for name, use in uses.items()]
    table = pd.DataFrame(rows, columns=["part", "taken for", "class", "grouped as", "why"]).fillna("")
    edited = st.data_editor(
        table,
        key=f"parts_{key}_{files_key}",
        hide_index=True,
        disabled=["part", "why"],
        column_config={
            "taken for": st.column_config.SelectboxColumn(options=list(ROLES), required=True),
            "grouped as": st.column_config.SelectboxColumn(
                options=list(BINS), required=True, help="; ".join(f"{name}: {text}" for name, text in BINS.items())
            ),
        },
        height="auto" if len(table) < 12 else 400,
    )
    for name, before, after in zip(uses, table.to_dict("records"), edited.fillna("").to_dict("records"), strict=True):
        if after != before:
            changes = {"class_name": after["class"] or None, "bins": after["grouped as"]}
            mapping = mapping.with_role(key, name, after["taken for"], **changes)
    return mapping
