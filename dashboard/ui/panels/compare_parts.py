"""The difference as a sum: threshold plus ranking, macro and micro, with what may be said of each average."""

import streamlit as st

from dashboard.core.differences import Comparison
from dashboard.core.verdicts import average_verdicts
from dashboard.figures.difference_parts import PARTS, parts_alt, parts_figure, parts_table
from dashboard.ui.cache import Drawn
from dashboard.ui.panels.compare_cache import Asked
from dashboard.ui.panels.compare_words import TITLES, verdict_words
from dashboard.ui.tables import show_table
from dashboard.ui.threshold_chart import show_chart

CHART = "compare_parts_chart"
DRAWN = ("macro", "micro")


def show_parts(asked: Asked, found: Comparison, margin: float | None) -> None:
    """The chart, a sentence per average and the numbers."""
    metric, said = TITLES[asked.metric], average_verdicts(found, margin)
    words = "\n".join(f"- {name}-{metric}: {verdict_words(said[name], asked.metric, margin)}." for name in DRAWN)
    if asked.a.is_reader:
        st.markdown(words)
        st.caption("A reader is one point without a curve, so nothing of the difference can be told to be ranking.")
        return
    table = averages_table(found)
    drawn = table[table["average"].isin(DRAWN)]
    show_chart(CHART, Drawn.of(CHART, parts_figure(drawn, value=metric), drawn, alt=parts_alt(drawn)).payload)
    st.markdown(words)
    st.caption(
        "Own best thresholds: each class at its best for macro, those that make the average best for micro; "
        "cross-fitted."
    )
    with st.expander("The numbers behind this chart", on_change="rerun", key="compare_parts_numbers") as numbers:
        if numbers.open:
            number = st.column_config.NumberColumn(format="%+.3f")
            show_table(
                table,
                "compare_parts",
                file_name="difference_as_a_sum.csv",
                alt="Total, threshold and ranking of each average with the ends of their intervals",
                column_config=dict.fromkeys(("B - A", "low", "high"), number),
                placeholder="–",
            )


def averages_table(found: Comparison):
    """A row per average and part, B less A."""
    return parts_table({name: {part: getattr(each, part) for part in PARTS} for name, each in found.averages.items()})
