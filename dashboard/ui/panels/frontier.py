"""The micro/macro frontier: how much macro-F1 a gain in micro-F1 costs; click a point to put it in force."""

from functools import partial

import numpy as np
import streamlit as st

from dashboard.core import metrics
from dashboard.core.policies.frontier import HALF, PER_CLASS, Frontier
from dashboard.core.thresholds import ThresholdSet
from dashboard.figures.frontier_chart import CURVE, inside, named_number
from dashboard.ui import applied, policy_cache, state
from dashboard.ui.class_cache import digest_of
from dashboard.ui.panels.policy_rows import place_in_view
from dashboard.ui.policy_cache import FRONTIER
from dashboard.ui.tables import show_table
from dashboard.ui.threshold_chart import Mark, Release, show_chart, show_marks
from dashboard.ui.view import View
from dashboard.ui.wording import count, short

POINT = "frontier_point"


def show_frontier(view: View) -> None:
    """The chart with the thresholds in force as its ring, the same points as a slider, and the numbers."""
    place = place_in_view(view)
    with st.spinner("Tracing the frontier...", show_time=True):
        found, drawn = policy_cache.frontier(place), policy_cache.frontier_chart(place)
    micro, macro = _in_force(view)
    st.markdown(frontier_sentence(found, micro, macro))
    show_chart(FRONTIER, drawn.payload)
    text = f"Thresholds in force: micro-F1 {short(micro)}, macro-F1 {short(macro)}"
    marks = [Mark(CURVE, micro, "in force", text, y=macro)]
    marks += [Mark(f"named {number}", np.nan, "", each.name, y=np.nan) for number, each in enumerate(found.named)]
    show_marks(FRONTIER, drawn.revision, marks, partial(_take, view, found), note="click or let go to apply")
    st.caption(_caption(view, found))
    if not (inside(drawn.table["micro-F1"], micro) and inside(drawn.table["macro-F1"], macro)):
        st.caption("What is in force lies outside the drawn range, so its ring is not shown.")
    if len(found):
        _point_control(view, found, micro, macro)
    with st.expander("The numbers behind this chart", on_change="rerun", key="frontier_numbers") as numbers:
        if numbers.open:
            config = {name: st.column_config.NumberColumn(format="%.4f") for name in ("micro-F1", "macro-F1")}
            show_table(
                drawn.table,
                "frontier_table",
                file_name="frontier.csv",
                alt="Micro-F1 and macro-F1 of each point of the chart above",
                column_config=config,
            )


def frontier_sentence(found: Frontier, micro: float, macro: float) -> str:
    """What can be had at most of either, and what the thresholds in force leave on the table."""
    if not len(found):
        return "There is no point to draw."
    first, last = (f"**{short(found.micro[at])}** with macro-F1 **{short(found.macro[at])}**" for at in (0, -1))
    said = f"From micro-F1 {first} to {last}: along this curve more of one costs the other."
    if len(found) == 1:
        said = f"One point is best in both: micro-F1 {first}."
    said += f" In force: **{short(micro)}** with **{short(macro)}**."
    values = {each.name: each.micro for each in found.named}
    if values[PER_CLASS] < values[HALF]:
        said += (
            f" Each class at its own best F1 has micro-F1 {short(values[PER_CLASS])}, below the {short(values[HALF])} "
            "of 0.5 everywhere."
        )
    return said


def _caption(view: View, found: Frontier) -> str:
    n_samples = count(view.predictions.n_samples, "sample")
    said = (
        f"Every point is best on these {n_samples}, tuned here: expect less on new ones. Click a point to apply it; "
        "the ring is what is in force, drag it or move it with the arrow keys. "
    )
    if found.is_exact:
        return said + "Every combination of thresholds was looked at."
    return said + (
        f"The points are those that are best for some weighting of both. Between them others may lie, at most "
        f"{found.gap:.2g} of macro-F1 above the lines."
    )


def _in_force(view: View) -> tuple[float, float]:
    counts = view.counts
    return tuple(float(metrics.f_beta(counts, average=average)[0]) for average in ("micro", "macro"))


def _take(view: View, found: Frontier, release: Release) -> None:
    """A point that was clicked or let go of."""
    if release.vertex is None:
        return
    number = named_number(release.id, len(found.named))
    if number is not None:
        _apply(view, found.named[number].thresholds, found.named[number].name)
    elif release.id == CURVE and release.vertex < len(found):
        _apply_point(view, found, release.vertex)


def _apply_point(view: View, found: Frontier, index: int) -> None:
    _apply(view, found.points[index], f"frontier point {index + 1} of {len(found)}")


def _apply(view: View, thresholds: ThresholdSet, name: str) -> None:
    applied.apply_set(view, thresholds, f"{name}, tuned{state.ON_THESE_SAMPLES}")


def _point_control(view: View, found: Frontier, micro: float, macro: float) -> None:
    """The same choice for keyboards and screen readers; it goes to the point nearest to what comes into force."""

    def words(index):
        return (
            f"point {index + 1} of {len(found)}: micro {short(found.micro[index])}, macro {short(found.macro[index])}"
        )

    nearest = int(np.argmin(np.hypot(found.micro - micro, found.macro - macro)))
    if len(found) > 1:
        in_force = digest_of(view.thresholds.score_thresholds)
        if state.widget_value(POINT) not in range(len(found)) or state.recalled(POINT) != in_force:
            state.preset_widget(POINT, nearest)
            state.remember(POINT, in_force)
        chosen = st.select_slider("Point of the frontier", range(len(found)), key=POINT, format_func=words)
    else:
        chosen = 0
        st.markdown(words(0))
    st.button("Apply this point", key="apply_frontier_point", on_click=_apply_point, args=(view, found, chosen))
