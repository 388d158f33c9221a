"""What people say of one decision: buttons beside the opened sample, a column of the lists, and the tally."""

from dataclasses import replace

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.core import Counts, metrics
from dashboard.core.corrected_labels import corrected_counts
from dashboard.escape import for_markdown
from dashboard.ui import state
from dashboard.ui.panels.sample_list import Listing
from dashboard.ui.verdicts import MOST_VERDICTS, VERDICTS, Verdict
from dashboard.ui.view import View
from dashboard.ui.wording import count, short
from dashboard.ui.worklist_cache import verdict_store

OUTCOMES = {"fp": "false alarm", "fn": "missed", "tp": "found", "tn": "correctly left out"}
PLURALS = {"false alarm": "false alarms", "missed": "misses", "found": "hits", "correctly left out": "rightly left out"}
COLUMNS = ("row", "sample", "class", "outcome", "verdict", "note", "run")
LONGEST_NOTE = 1_000  # characters
FULL = f"Not taken: a server keeps at most {MOST_VERDICTS:,} verdicts on one dataset. Download them as a file."
_SHORTCUTS = {"label wrong": "Alt+1", "model wrong": "Alt+2", "unsure": "Alt+3"}


def show_verdict(view: View, listing: Listing, row: int, open_next) -> None:
    """The verdict on the opened sample in the class of the list, to give, change and take back."""
    if listing.all_classes:
        return
    name = view.predictions.class_names[listing.index]
    held = verdict_store().get(view.whole.digest, view.sample_number(row), name)
    with st.container(border=True, key="verdict", gap="small"):
        st.markdown(
            f"Your verdict on **{for_markdown(name)}** here: " + (f"**{held.verdict}**" if held else "none yet")
        )
        key = f"verdict_note_{view.sample_number(row)}_{listing.index}"
        with st.container(horizontal=True, gap="small"):
            for verdict in VERDICTS:
                st.button(
                    verdict.capitalize(),
                    key=f"verdict_{verdict.replace(' ', '_')}",
                    type="primary" if held and held.verdict == verdict else "secondary",
                    shortcut=_SHORTCUTS[verdict],
                    on_click=_give,
                    args=(view, listing, row, verdict, key, open_next),
                )
            st.button(
                "Take back",
                key="verdict_back",
                type="tertiary",
                on_click=_take_back,
                args=(view, row, name),
                disabled=not held,
            )
            st.button("Next", key="verdict_next", icon=":material/skip_next:", shortcut="Alt+N", on_click=open_next)
        if state.recalled("verdicts_full"):
            st.warning(FULL)
            state.forget("verdicts_full")
        if state.widget_value(key) is None:
            state.preset_widget(key, held.note if held else "")
        st.text_input(
            "Note",
            key=key,
            max_chars=LONGEST_NOTE,
            placeholder="Why (kept with the verdict)",
            label_visibility="collapsed",
            on_change=_keep_note,
            args=(view, row, name, key),
        )


def verdict_column(view: View, listing: Listing, numbers) -> dict[str, list[str]]:
    """The verdicts on samples of a list, empty where there is none; no column where nobody gave any."""
    store, digest = verdict_store(), view.whole.digest
    if listing.all_classes or not store.n_verdicts(digest):
        return {}
    name = view.predictions.class_names[listing.index]
    held = {row: each.verdict for (row, of), each in store.of(digest).items() if of == name}
    return {"verdict": [held.get(number, "") for number in np.asarray(numbers).tolist()]}


def has_verdict(view: View, listing: Listing, row: int) -> bool:
    name = view.predictions.class_names[listing.index]
    return verdict_store().get(view.whole.digest, view.sample_number(row), name) is not None


def tally(view: View, index: int) -> list[str]:
    """What the verdicts on one class say so far: by outcome when looked at, and the counts with labels corrected."""
    name = view.predictions.class_names[index]
    of_class = [each for each in verdict_store().of(view.whole.digest).values() if each.class_name == name]
    if not of_class:
        return []
    said = []
    for outcome in dict.fromkeys(each.outcome for each in of_class):
        looked_at = [each.verdict for each in of_class if each.outcome == outcome]
        wrong, model, unsure = (looked_at.count(verdict) for verdict in VERDICTS)
        what = PLURALS.get(outcome, "decisions")
        rest = f"model wrong: {model:,}, unsure: {unsure:,}"
        said.append(f"**{wrong:,} of {len(looked_at):,}** {what} looked at: label wrong ({rest})")
    numbers = [each.row for each in of_class if each.verdict == "label wrong"]
    return ["; ".join(said) + ".", *_corrected(view, index, numbers)]


def _corrected(view: View, index: int, numbers: list[int]) -> list[str]:
    """What the class's counts at the thresholds in force would be with these labels turned round."""
    rows, p = _places(view, numbers), view.predictions
    if not len(rows):
        return []
    before = view.counts
    after = corrected_counts(before, p, view.thresholds, rows, np.full(len(rows), index))
    return [
        f"With {count(len(rows), 'label')} of the samples in view turned round: {_figures(after, index)}; "
        f"as labelled: {_figures(before, index)}. Only what was looked at is corrected: no estimate of the rest."
    ]


def _figures(counts: Counts, index: int) -> str:
    precision, recall = (float(metric(counts)[0, index]) for metric in (metrics.precision, metrics.recall))
    alarms, misses = int(counts.fp[0, index]), int(counts.fn[0, index])
    return (
        f"{count(alarms, 'false alarm')}, {count(misses, 'miss', 'misses')}, "
        f"precision {short(precision)}, recall {short(recall)}"
    )


def _places(view: View, numbers: list[int]) -> np.ndarray:
    """The places in view of the samples with these row numbers; those of other groups are left out."""
    rows = np.asarray(numbers, dtype=np.int64) - 1
    return rows if view.dataset.rows is None else np.flatnonzero(np.isin(view.dataset.rows, rows))


def verdicts_table(view: View) -> pd.DataFrame:
    """All verdicts on this data, as the file has them."""
    ids = next(iter(view.whole.runs.values())).sample_ids
    rows = [
        (
            each.row,
            "" if ids is None else str(ids[each.row - 1]),
            each.class_name,
            each.outcome,
            each.verdict,
            each.note,
            each.run,
        )
        for each in verdict_store().of(view.whole.digest).values()
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def take_verdicts(view: View, lines: list[dict[str, str]]) -> str:
    """Those of a file in place of what is held; what came of it, as a sentence."""
    verdicts = [
        Verdict(
            int(line["row"]), line["class"], line["verdict"], line["note"][:LONGEST_NOTE], line["outcome"], line["run"]
        )
        for line in lines
    ]
    if not verdict_store().give(view.whole.digest, verdicts):
        return FULL
    return f"{count(len(verdicts), 'verdict')} taken from the file."


def _give(view: View, listing: Listing, row: int, verdict: str, note_key: str, open_next) -> None:
    p = view.predictions
    label = int(p.labels[row, listing.index])
    predicted = bool(p.scores[row, listing.index] >= listing.threshold)
    outcome = "" if label < 0 else OUTCOMES["tf"[predicted != (label == 1)] + "np"[predicted]]
    note = (state.widget_value(note_key) or "")[:LONGEST_NOTE]
    given = Verdict(view.sample_number(row), p.class_names[listing.index], verdict, note, outcome, view.run)
    if verdict_store().give(view.whole.digest, [given]):
        open_next()
    else:
        state.remember("verdicts_full", True)


def _keep_note(view: View, row: int, class_name: str, key: str) -> None:
    """A note typed after the verdict joins it; before one it waits for it."""
    held = verdict_store().get(view.whole.digest, view.sample_number(row), class_name)
    if held is not None:
        note = (state.widget_value(key) or "")[:LONGEST_NOTE]
        verdict_store().give(view.whole.digest, [replace(held, note=note)])


def _take_back(view: View, row: int, class_name: str) -> None:
    verdict_store().take_back(view.whole.digest, view.sample_number(row), class_name)
