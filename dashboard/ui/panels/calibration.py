"""Are these scores probabilities? The reliability diagram, its figures before and after each calibration map, and
whether thresholds per class are needed at all.
"""

import pandas as pd
import streamlit as st

from dashboard.core.reliability import Reliability
from dashboard.escape import for_markdown
from dashboard.figures.reliability import LOGIT, UNIT
from dashboard.ui import calibration_cache
from dashboard.ui.calibration_cache import AS_GIVEN, CHART, Bins, Judgement, Scores
from dashboard.ui.controls import choice_control
from dashboard.ui.paged_table import PAGED_ABOVE, show_paged_table
from dashboard.ui.panels.class_choice import by_support
from dashboard.ui.panels.estimate_settings import units_sentence
from dashboard.ui.panels.per_class_need import show_per_class_need
from dashboard.ui.policy_cache import Place, Sampling
from dashboard.ui.progress import progress_bar
from dashboard.ui.tables import show_table
from dashboard.ui.threshold_chart import show_chart
from dashboard.ui.view import View
from dashboard.ui.wording import count, short

FOLDS, AT_ONCE = 5, 1_000_000  # cells up to which maps are fitted without being asked for
MAPS = {
    "platt": "Platt",
    "isotonic": "isotonic",
    "temperature": "temperature",
    "temperature_per_class": "temperature per class",
}
BINNINGS = {"mass": "Equal mass", "width": "Equal width"}
NUMBERS = {"5": "5 bins", "10": "10 bins", "15": "15 bins", "20": "20 bins"}
AXES = {"fitting": "as fits", UNIT: "0-1", LOGIT: "logit"}
LOW, MOST = 0.01, 0.5  # with more than this part of the bins below LOW, logits fit
SCORE = "score (0-1)"
_POOLED = -1  # None would look like a choice not made
KEY = "calibration_figures"
ON_LOGITS = (
    " On logit axes shares and limits of 0 or 1 stand at the edge, and so does what lies within a millionth of either."
)


def show_calibration(view: View) -> None:
    """The controls, the diagram with its figures, the table of classes, and the answer about thresholds per class."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="calibration_controls"):
        index = _class_control(view)
        bins = Bins(
            int(choice_control("Bins", NUMBERS, key="n_bins", first="10")),
            choice_control("Cut to", BINNINGS, key="binning"),
        )
        beside = choice_control("Beside it", {AS_GIVEN: "nothing", **MAPS}, key="calibrated_by", wrap=True)
        axis = choice_control("Axes", AXES, key="calibration_axis")
    given = scores_in_view(view)
    found = calibration_cache.judgement(given, index, bins)
    st.markdown(calibration_sentence(view, index, found))
    has_maps = _maps_are_fitted(view, given)
    if not has_maps:
        beside = AS_GIVEN
    axis, why = fitting_axis(found.table) if axis not in (UNIT, LOGIT) else (axis, "")
    drawn = _chart(given, beside, index, bins, axis)
    show_chart(CHART, drawn.payload)
    st.caption(
        "Points: the share of positives among the known cells of a bin, with exact 95 % limits that take cells as "
        "independent; a larger point stands for more cells. On the dotted line scores would be probabilities; below it "
        "they are too high." + why + (ON_LOGITS if axis == LOGIT else "")
    )
    _show_figures(view, figures_frame(given, index, bins, has_maps=has_maps))
    with st.expander("Each class", on_change="rerun", key="calibration_classes") as classes:
        if classes.open:
            _show_classes(view, given, bins)
    with st.expander("The numbers behind this chart", on_change="rerun", key="reliability_numbers") as numbers:
        if numbers.open:
            show_table(
                drawn.table,
                "reliability_table",
                file_name="reliability.csv",
                alt="A row per bin of the chart above",
            )
    show_per_class_need(view, given.place, given.sampling)


def scores_in_view(view: View) -> Scores:
    """The scores as given, with how maps for them are judged."""
    return Scores(Place.of(view.digest, view.run, {}), Sampling(view.unit_column, FOLDS, 0))


def calibration_sentence(view: View, index: int | None, found: Judgement) -> str:
    """The calibration error beside what perfect calibration would show, and which way the scores err; Markdown."""
    p, table = view.predictions, found.table
    n = int(table.n.sum())
    who = "All classes" if index is None else f"**{for_markdown(p.class_names[index])}**"
    if not n:
        return f"{who}: no label is known, so nothing can be said of calibration."
    mean, share = float((table.n * table.mean_score).sum() / n), float(table.positives.sum() / n)
    said = (
        f"{who}, {count(n, 'known cell')}: calibration error (ECE) **{short(table.error)}**. Perfectly calibrated "
        f"scores like these would show {short(found.null.mean)} on average, and more than "
        f"{short(found.null.limit)} once in 20 times. "
    )
    if table.error <= found.null.limit:
        return said + "So these samples do not show them to be miscalibrated."
    way = "too high" if mean > share else "too low"
    return said + f"They are not probabilities: on average {way}, {short(mean)} where {short(share)} are positive."


def _class_control(view: View) -> int | None:
    """All classes pooled, or one; of very many those with the most positives."""
    p = view.predictions
    indices = list(range(p.n_classes)) if p.n_classes <= PAGED_ABOVE else by_support(view)[:PAGED_ABOVE].tolist()
    chosen = st.selectbox(
        "Class",
        [_POOLED, *indices],
        key="calibration_class",
        format_func=lambda index: "all classes, pooled" if index == _POOLED else p.class_names[index],
        width=240,
    )
    return chosen if chosen in indices else None


def _maps_are_fitted(view: View, given: Scores) -> bool:
    """Fits what is missing, at once on small data, else when asked; False while it is not there."""
    missing = [name for name in MAPS if not calibration_cache.is_fitted(_by(given, name))]
    cells = view.predictions.scores.size
    asked = missing and cells > AT_ONCE and st.button("Fit calibration maps", key="fit_maps", icon=":material/tune:")
    if missing and (cells <= AT_ONCE or asked):
        with progress_bar("Calibrating...") as report:
            for number, name in enumerate(missing):
                done, n = number, len(missing)
                calibration_cache.unseen(_by(given, name), lambda part, done=done, n=n: report((done + part) / n))
        return True
    return not missing


def _by(given: Scores, method: str) -> Scores:
    return Scores(given.place, given.sampling, method)


def fitting_axis(table: Reliability) -> tuple[str, str]:
    """The axis on which the bins of a table lie apart, and why, where it is not 0-1."""
    n_low = int((table.mean_score < LOW).sum())
    if n_low <= MOST * len(table.n):
        return UNIT, ""
    return LOGIT, f" Drawn on logit axes, since {n_low} of {count(len(table.n), 'bin')} lie below {short(LOW, 2)}."


def _chart(given, beside, index, bins, axis):
    names = {AS_GIVEN: given}
    if beside != AS_GIVEN:
        names[f"{MAPS[beside]}, cross-fitted"] = _by(given, beside)
    return calibration_cache.reliability_chart(names, index, bins, SCORE, axis)


def figures_frame(given: Scores, index: int | None, bins: Bins, *, has_maps: bool) -> pd.DataFrame:
    """A row for the scores as given and, where they are fitted, for each map."""
    rows = []
    for name, title in {AS_GIVEN: f"{SCORE}, as given", **(MAPS if has_maps else {})}.items():
        found = calibration_cache.judgement(_by(given, name), index, bins)
        rows.append((title, found.table.error, found.null.mean, found.null.limit, found.brier, found.log_loss))
    return pd.DataFrame(rows, columns=["scores", "ECE", "ECE if perfect", "95 % below", "Brier", "log loss"])


def _show_figures(view: View, frame: pd.DataFrame) -> None:
    show_table(
        frame,
        KEY,
        file_name="calibration.csv",
        alt="Calibration error, Brier score and log loss of the scores as given and after each map",
        column_config=_config(),
        placeholder="–",
    )
    st.caption(
        f"Each map is fitted on one part and judged on the other: cross-fitted over {FOLDS} folds. "
        f"{units_sentence(view)} ECE is never 0, even if scores are probabilities: beside it is what it would be then. "
        "It alone proves little: predicting everybody the prevalence has almost none, so look at Brier score and log "
        "loss with it. A step of isotonic regression at 0 or 1 that is wrong once makes the log loss infinite."
    )


def _show_classes(view: View, given, bins) -> None:
    with st.spinner("Looking at each class...", show_time=True):
        frame = calibration_cache.class_frame(given, bins)
    show_paged_table(
        frame,
        "calibration_by_class",
        file_name="calibration_by_class.csv",
        alt="A row per class with the calibration of its scores as given",
        given_order="order of the data",
        about=(view.digest, view.run, bins),
        column_config=_config(),
        placeholder="–",
    )


def _config() -> dict:
    names = ("ECE", "ECE if perfect", "95 % below", "Brier", "log loss", "share", "mean score")
    return {name: st.column_config.NumberColumn(format="%.4f") for name in names}
