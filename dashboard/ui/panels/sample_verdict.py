"""What people say of one decision: buttons beside the opened sample, a column of the lists, and the tally."""

import pandas as pd
import streamlit as st

from dashboard.escape import for_markdown
from dashboard.ui import state
from dashboard.ui.panels.sample_list import Listing
from dashboard.ui.verdicts import MOST_VERDICTS, VERDICTS, Verdict
from dashboard.ui.view import View
from dashboard.ui.wording import count
from dashboard.ui.worklist_cache import verdict_store

OUTCOMES = {"fp": "false alarm", "fn": "missed", "tp": "found", "tn": "correctly left out"}
COLUMNS = ("row", "sample", "class", "outcome", "verdict", "note", "run")
LONGEST_NOTE = 1_000  # characters
_SHORTCUTS = {"label wrong": "Alt+1", "model wrong": "Alt+2", "unsure": "Alt+3"}


def show_verdict(view: View, listing: Listing, row: int, open_next) -> None:
    """The verdict on the opened sample in the class of the list, to give, change and take back."""
    if listing.all_classes:
        return
    name = view.predictions.class_names[listing.index]
    held = verdict_store().of(view.whole.digest).get((view.sample_number(row), name))
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
        if state.widget_value(key) is None:
            state.preset_widget(key, held.note if held else "")
        st.text_input(
            "Note",
            key=key,
            max_chars=LONGEST_NOTE,
            placeholder="Why (kept with the next verdict)",
            label_visibility="collapsed",
        )


def verdict_column(view: View, listing: Listing, numbers) -> dict[str, list[str]]:
    """The verdicts on samples of a list, empty where there is none; no column where nobody gave any."""
    held = verdict_store().of(view.whole.digest)
    if not held or listing.all_classes:
        return {}
    name = view.predictions.class_names[listing.index]
    found = [held.get((int(number), name)) for number in numbers]
    return {"verdict": [each.verdict if each else "" for each in found]}


def has_verdict(view: View, listing: Listing, row: int) -> bool:
    name = view.predictions.class_names[listing.index]
    return (view.sample_number(row), name) in verdict_store().of(view.whole.digest)


def tally(view: View, index: int) -> list[str]:
    """What the verdicts on one class say so far, by outcome of the decision that was looked at."""
    name, said = view.predictions.class_names[index], []
    of_class = [each for each in verdict_store().of(view.whole.digest).values() if each.class_name == name]
    for outcome in dict.fromkeys(each.outcome for each in of_class):
        looked_at = [each for each in of_class if each.outcome == outcome]
        wrong = sum(each.verdict == "label wrong" for each in looked_at)
        what = f"decisions that were {outcome}" if outcome else "decisions"
        said.append(f"Of {len(looked_at):,} {what} and looked at, the label was wrong in {wrong:,}.")
    return said


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
        return f"Nothing was taken: a server keeps at most {MOST_VERDICTS:,} verdicts on one dataset."
    return f"{count(len(verdicts), 'verdict')} taken from the file."


def _give(view: View, listing: Listing, row: int, verdict: str, note_key: str, open_next) -> None:
    p = view.predictions
    label = int(p.labels[row, listing.index])
    predicted = bool(p.scores[row, listing.index] >= listing.threshold)
    outcome = "" if label < 0 else OUTCOMES["tf"[predicted != (label == 1)] + "np"[predicted]]
    note = (state.widget_value(note_key) or "")[:LONGEST_NOTE]
    given = Verdict(view.sample_number(row), p.class_names[listing.index], verdict, note, outcome, view.run)
    verdict_store().give(view.whole.digest, [given])
    open_next()


def _take_back(view: View, row: int, class_name: str) -> None:
    verdict_store().take_back(view.whole.digest, view.sample_number(row), class_name)
