"""Do you need thresholds per class? What they gain over one, beside what calibrating and cutting once gains."""

import pandas as pd
import streamlit as st

from dashboard.core.per_class_need import (
    CALIBRATED,
    COMPARED,
    HALF,
    JOINT,
    ONE_MACRO,
    ONE_MICRO,
    PER_CLASS,
    PerClassNeed,
)
from dashboard.core.policies import parse_policy
from dashboard.core.policies.policy import WORDS
from dashboard.escape import for_markdown
from dashboard.ui import calibration_cache
from dashboard.ui.panels.estimate_settings import units_sentence
from dashboard.ui.policy_cache import Place, Sampling
from dashboard.ui.progress import progress_bar
from dashboard.ui.tables import show_table
from dashboard.ui.view import View
from dashboard.ui.wording import short

AVERAGES = {"micro": (ONE_MICRO, JOINT), "macro": (ONE_MACRO, PER_CLASS)}


def show_per_class_need(view: View, place: Place, sampling: Sampling) -> None:
    """The question, and when somebody asks it the answer with its table."""
    st.subheader("Do you need per-class thresholds?", anchor=False)
    known, slot = calibration_cache.is_need_known(place, sampling), st.empty()
    if not known and not slot.button("Compare, cross-fitted", key="need_asked", icon=":material/balance:"):
        st.caption(
            "What thresholds per class gain over one threshold, beside what calibrating and cutting once at F*/2 "
            f"gains. {len(COMPARED)} policies are tuned in {sampling.folds} folds, which takes a while on large data."
        )
        return
    with progress_bar("Tuning on all folds but one, and judging that one...") as report:
        found = calibration_cache.need(place, sampling, report)
    slot.empty()
    for average in AVERAGES:
        st.markdown(need_sentence(found, average))
    _show_table(found)
    st.caption(
        f"Cross-fitted over {sampling.folds} folds, counts pooled. {units_sentence(view)} Gains are over the best "
        "single threshold for the same average, with paired 95 % intervals over units that take the thresholds of "
        "each fold as given. Of the calibration maps the one that did best here is named, which flatters it a little."
    )


def need_sentence(found: PerClassNeed, average: str) -> str:
    """The plain answer for one average, for Markdown."""
    single, per_class = AVERAGES[average]
    values = found.micro_f1 if average == "micro" else found.macro_f1
    best = max(CALIBRATED, key=values.get)
    gain, calibrated = (found.gain(name, average, single) for name in (per_class, best))
    facts = (
        f"thresholds per class change it by **{_signed(gain)}**{_interval(found, per_class, average)}, calibrating "
        f"({for_markdown(_method(best))}) and cutting once by **{_signed(calibrated)}**"
        f"{_interval(found, best, average)}; {_signed(found.gain(per_class, average, HALF))} and "
        f"{_signed(found.gain(best, average, HALF))} over 0.5"
    )
    start = f"**For {average}-F1**, the best single threshold gives {short(values[single])} and "
    return f"{start}{facts}. {_answer(found, average, per_class, best)}"


def _answer(found, average, per_class, best) -> str:
    low, calibrated_low = (_low(found.gains, name, average) for name in (per_class, best))
    shown, calibrated_shown = low > 0, calibrated_low > 0
    if low != low:
        return "Without an interval nobody can say whether that is more than chance."
    if not shown and not calibrated_shown:
        return "No: on these samples no gain over one threshold is shown."
    if not shown:
        return "Calibrating and cutting once is enough."
    if _low(found.leads, best, average) > 0:
        return "Yes: thresholds per class gain more than calibrating does."
    if calibrated_shown:
        return "Either will do: that thresholds per class gain more than calibrating does is not shown."
    return "Perhaps: they gain over one threshold, but that they gain more than calibrating does is not shown."


def need_frame(found: PerClassNeed) -> pd.DataFrame:
    """A row per policy with its cross-fitted F1 and its gain over the best single threshold."""
    rows = []
    for name in COMPARED:
        row = {"policy": parse_policy(name).title}
        for average, (single, _) in AVERAGES.items():
            row[f"{average}-F1"] = (found.micro_f1 if average == "micro" else found.macro_f1)[name]
            row[f"{average} gain"] = found.gain(name, average, single)
            row[f"{average} 95 %"] = _interval(found, name, average).strip(" ()").replace("\\", "")
        rows.append(row)
    return pd.DataFrame(rows)


def _show_table(found) -> None:
    gain = st.column_config.NumberColumn(format="%+.4f")
    number = st.column_config.NumberColumn(format="%.4f")
    show_table(
        need_frame(found),
        "need_table",
        file_name="per_class_need.csv",
        alt="Cross-fitted micro-F1 and macro-F1 of each policy with the gain over the best single threshold",
        column_config={"micro-F1": number, "macro-F1": number, "micro gain": gain, "macro gain": gain},
    )


def _method(name) -> str:
    method = parse_policy(name).parameters["method"]
    return WORDS.get(method, method)


def _low(intervals, name, average) -> float:
    interval = intervals.get((name, f"{average}_f1"))
    return float("nan") if interval is None else float(interval.low)


def _interval(found, name, average) -> str:
    interval = found.gains.get((name, f"{average}_f1"))
    if interval is None or interval.low != interval.low:
        return ""
    return f" ({_signed(float(interval.low))} to {_signed(float(interval.high))})"


def _signed(value: float) -> str:
    """+.012, −.003."""
    text = short(abs(value))
    return text if float(f"{value:.3f}") == 0 else f"{'+' if value > 0 else '−'}{text}"
