"""Thresholds from a file or pasted: what was understood, what differs, and the button that puts them in force.

A file that cannot be used changes nothing and says why.
"""

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.core import Counts, ThresholdSet, metrics
from dashboard.errors import InputError
from dashboard.escape import for_markdown
from dashboard.inputs.limits import as_size
from dashboard.inputs.threshold_files import ReadThresholds, read_thresholds
from dashboard.inputs.threshold_values import SCORE, UNIT
from dashboard.reviews.tuned_on import ELSEWHERE_IN_IT, OTHER, SAME, UNTOLD, TunedOn
from dashboard.ui import applied
from dashboard.ui.frame import show_input_error
from dashboard.ui.paged_table import show_paged_table
from dashboard.ui.view import View
from dashboard.ui.wording import count, short

MOST_BYTES = 20_000_000
AS_SAID = "said"
SCALES = {AS_SAID: "as the file says", UNIT: "0-1 scale", SCORE: "scale of the scores"}
PASTED = "pasted text"
MEANING = "How to read them"
WHERE = {
    SAME: "tuned here: the file names these samples",
    ELSEWHERE_IN_IT: "the file names this data, but another run or group of it",
    UNTOLD: "the file does not say where they were tuned",
}


def show_threshold_import(view: View) -> None:
    """From a file to thresholds that can be used; problems are told in a sentence."""
    st.subheader("Thresholds in", anchor=False)
    uploaded = st.file_uploader(
        "File of thresholds",
        key="threshold_file",
        max_upload_size=MOST_BYTES // 1_000_000,
        help="thresholds.json; a table of class and threshold (CSV, TSV, JSON, Parquet); or one threshold per class "
        "in the order of the classes (.npy, JSON list, one column)",
    )
    pasted = st.text_area("Or paste them", key="threshold_text", placeholder='{"class": 0.4, ...}', height=80)
    options = _options_control(view)
    if uploaded is None and not pasted.strip():
        return
    try:
        name, content = _handed_in(uploaded, pasted)
        read = read_thresholds(content, view.predictions, name=name, **options)
    except InputError as error:
        show_input_error(error)
        st.caption(f"Nothing has changed. What a file does not say itself is said under “{MEANING}”.")
        return
    if isinstance(read.thresholds, ThresholdSet):
        _offer(view, read, name)
    else:
        _show_per_group(view, read)


def _options_control(view: View) -> dict:
    """How a file is meant that does not say it."""
    with st.popover(MEANING, icon=":material/help_center:"):
        scale = st.selectbox("Scale of the thresholds", list(SCALES), format_func=SCALES.get, key="threshold_scale")
        strict = st.selectbox(
            "Predicted where the score is",
            (False, True),
            format_func=lambda strict: "> the threshold" if strict else "≥ the threshold",
            key="threshold_strict",
            help="thresholds.json says so itself; of tables and arrays you have to know",
        )
        part = st.checkbox("Classes that the file lacks keep their thresholds", key="threshold_part")
        convert = st.checkbox("Convert thresholds made for another kind or dtype of scores", key="threshold_convert")
    return {
        "scale": scale if scale in (UNIT, SCORE) else None,
        "strict": bool(strict),
        "convert": convert,
        "current": view.thresholds if part else None,
    }


def _handed_in(uploaded, pasted) -> tuple[str, bytes]:
    if uploaded is None:
        return PASTED, pasted.encode()
    if uploaded.size > MOST_BYTES:
        raise InputError(
            f"A file of thresholds must be at most {as_size(MOST_BYTES)}, but this one has {as_size(uploaded.size)}: "
            "is it a file of scores?"
        )
    return uploaded.name, uploaded.getvalue()


def _offer(view: View, read: ReadThresholds, name: str) -> None:
    """What was understood, what differs from the thresholds in force, and the button."""
    new, differing = read.thresholds, _differing(view.thresholds, read.thresholds)
    st.markdown(_understood(view, read, len(differing)))
    for notice in read.notices:
        st.caption(for_markdown(notice))
    st.button(
        "Use these thresholds",
        key="use_thresholds",
        type="primary",
        icon=":material/check:",
        on_click=applied.apply_set,
        args=(view, new, f"read from {name}"),
        disabled=not len(differing),
    )
    if len(differing):
        _show_differences(view, new, differing)


def _show_per_group(view: View, read: ReadThresholds) -> None:
    """What a rule with thresholds per group decides here; it is no threshold per class to put in force."""
    p = view.predictions
    decided = Counts.from_predicted(p, read.thresholds.predict(p))
    now, then = (short(float(metrics.f_beta(c, average="micro")[0])) for c in (view.counts, decided))
    st.markdown(
        f"Micro-F1 on these {count(p.n_samples, 'sample')}: **{now}** now, **{then}** with thresholds per group. "
        "They can be judged here but not put in force: what is in force is one threshold per class."
    )
    for notice in read.notices:
        st.caption(for_markdown(notice))


def _understood(view, read, n_differing) -> str:
    n_classes = view.predictions.n_classes
    micro = [float(metrics.f_beta(c, average="micro")[0]) for c in _counts(view, read.thresholds)]
    samples = count(view.predictions.n_samples, "sample")
    return (
        f"**{read.n_read:,} of {count(n_classes, 'class', 'classes')}** matched; **{n_differing:,}** get another "
        f"threshold than now. Micro-F1 on these {samples}: **{short(micro[0])}** now, **{short(micro[1])}** with the "
        f"file's thresholds ({_tuned_where(view, read.thresholds)})."
    )


def _tuned_where(view, thresholds) -> str:
    told = thresholds.details.get("data") or {}
    group = None if view.group is None else str(view.group)
    found = TunedOn(view.predictions, view.whole.digest, view.run, group).compared(told)
    if found == OTHER:
        name = str(told.get("digest") or told["samples_digest"])[:12]
        return f"the file names other data, {for_markdown(name)}: held out unless samples are in both"
    return WHERE[found]


def _differing(current: ThresholdSet, new: ThresholdSet) -> np.ndarray:
    return np.flatnonzero(current.score_thresholds != new.score_thresholds)


def _counts(view, new):
    return view.counts, view.ranked.counts(new)


def _show_differences(view, new, differing) -> None:
    now, then = _counts(view, new)
    table = pd.DataFrame(
        {
            "class": [view.predictions.class_names[index] for index in differing],
            "threshold now": view.thresholds.thresholds[differing],
            "threshold of the file": new.thresholds[differing],
            "F1 now": metrics.f_beta(now)[0, differing],
            "F1 with the file": metrics.f_beta(then)[0, differing],
        }
    )
    number = st.column_config.NumberColumn
    show_paged_table(
        table,
        "threshold_differences",
        file_name="differences.csv",
        alt="Classes whose threshold differs, with thresholds and F1 now and with the file",
        about=(view.digest, view.run, differing.tobytes()),
        column_config={
            name: number(format="%.4g" if "threshold" in name else "%.3f") for name in table if name != "class"
        },
        placeholder="–",
    )
