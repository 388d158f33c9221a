"""Shape: loss and gradient of each variant against the logit, and which scores the gradient goes to on this data."""

import pandas as pd
import streamlit as st
import torch

from dashboard.escape import for_markdown
from dashboard.figures.loss_shape import (
    AS_IS,
    BY_LARGEST,
    n_points,
    shape_alt,
    shape_figure,
    shape_table,
    share_alt,
    share_figure,
    share_table,
)
from dashboard.losses import LossSettings
from dashboard.losses.shape import GradientShare, ScoreBins, gradient_share, loss_curve
from dashboard.ui.cache import Drawn
from dashboard.ui.controls import choice_control
from dashboard.ui.losses.drawn_class import class_control
from dashboard.ui.losses.loaded import cells_sentence, clip_eps, loaded_cells, loaded_key
from dashboard.ui.policy_cache import kept_or
from dashboard.ui.tables import show_table
from dashboard.ui.threshold_chart import show_chart
from dashboard.ui.view import View
from dashboard.ui.wording import count, short

CURVES, SHARES = "loss_shape_chart", "gradient_share_chart"
SCALES = {AS_IS: "as they are", BY_LARGEST: "each by its largest"}
SPANS = {"5": "±5", "10": "±10", "20": "±20", "40": "±40"}


def show_shape(view: View, chosen: tuple[LossSettings, ...]) -> None:
    """The curves, then the share of the gradient by score."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="shape_controls"):
        index = class_control(view, "shape_class") if any(_differs_by_class(each) for each in chosen) else 0
        span = float(choice_control("Logits", SPANS, key="shape_span", first="10"))
        scale = choice_control("Values", SCALES, key="shape_scale")
        eps = clip_eps(view)
    variants = by_title(chosen)
    _show_curves(view, variants, index, span, scale, eps)
    _show_shares(view, variants, eps)


def by_title(chosen) -> dict[str, LossSettings]:
    """The variants by what they are called; a number tells apart those that are called the same."""
    named = {}
    for settings in chosen:
        n = sum(title == settings.title or title.startswith(f"{settings.title}, no. ") for title in named)
        named[f"{settings.title}, no. {n + 1}" if n else settings.title] = settings
    return named


def _differs_by_class(settings: LossSettings) -> bool:
    given = dict(settings.given).values()
    return settings.variant.uses_counts or any(isinstance(value, (tuple, str)) for value in given)


def _show_curves(view, variants, index, span, scale, eps) -> None:
    name = for_markdown(view.predictions.class_names[index])
    if any(_differs_by_class(each) for each in variants.values()):
        st.markdown(f"Loss and gradient of one cell of **{name}** against its logit")
    else:
        st.markdown("Loss and gradient of one cell against its logit")
    drawn, held = curves_chart(view, variants, index, span, scale, eps)
    show_chart(CURVES, drawn.payload)
    lower = "The gradient is that of the logit: a minus sign pulls the logit up when the loss is made smaller. "
    by_largest = "Each variant is divided by the largest loss, or gradient, that is drawn of it. "
    coupled = [f"{for_markdown(title)} is {sentence}." for title, sentence in held.items() if sentence]
    st.caption(lower + (by_largest if scale == BY_LARGEST else "") + " ".join(coupled))
    with st.expander("The numbers behind these curves", on_change="rerun", key="shape_numbers") as numbers:
        if numbers.open:
            alt = "Loss and gradient of each variant at each logit of the chart above"
            show_table(drawn.table, "loss_shape_table", file_name="loss_shape.csv", alt=alt)


def curves_chart(view: View, variants, index: int, span: float, scale: str, eps: float) -> tuple[Drawn, dict[str, str]]:
    """The chart, and of each variant what other classes are held at."""
    counts = loaded_cells(view, eps).counts
    logits = torch.linspace(-span, span, n_points(len(variants)), dtype=torch.float64)

    def curve(settings):
        # A batch loss is computed anew for each point.
        at = logits[::2] if settings.variant.unit == "batch" else logits
        key = (*loaded_key(view, eps), "loss curve", str(settings), index, span, len(at))
        return kept_or(lambda: loss_curve(settings, at, counts, index), *key)

    def compute():
        curves = {title: curve(settings) for title, settings in variants.items()}
        table = shape_table(
            {title: (c.logits.numpy(), c.values.numpy(), c.gradients.numpy()) for title, c in curves.items()}
        )
        drawn = Drawn.of(CURVES, shape_figure(table, scale=scale), table, alt=shape_alt(table))
        return drawn, {title: c.held for title, c in curves.items()}

    names = [str(each) for each in variants.values()]
    return kept_or(compute, *loaded_key(view, eps), "loss shape chart", names, index, span, scale)


def gradient_share_of(view: View, settings: LossSettings, eps: float) -> GradientShare:
    cells = loaded_cells(view, eps)
    key = (*loaded_key(view, eps), "gradient share", str(settings))
    return kept_or(lambda: gradient_share(settings, cells, _bins(view, eps)), *key)


def _bins(view: View, eps: float) -> ScoreBins:
    return kept_or(lambda: ScoreBins.of(loaded_cells(view, eps)), *loaded_key(view, eps), "score bins")


def _show_shares(view, variants, eps) -> None:
    bins = _bins(view, eps)
    shares = {title: gradient_share_of(view, settings, eps) for title, settings in variants.items()}
    table = share_table(
        {title: each.shares.numpy() for title, each in shares.items()}, bins.edges.numpy(), bins.n.numpy()
    )
    st.markdown(shares_sentence(shares, bins))
    figure, alt = share_figure(table, list(variants)), share_alt(table, list(variants))
    show_chart(SHARES, Drawn.of(SHARES, figure, table, alt=alt).payload)
    st.caption(
        f"{cells_sentence(view, loaded_cells(view, eps))} Parts of each variant's own summed absolute gradient by the "
        "logits, of positives and negatives together; a point is a bin of scores.".strip()
    )
    config = {title: st.column_config.NumberColumn(format="percent") for title in variants}
    alt = "A row per bin of scores: its cells, and each variant's share of its absolute gradient"
    with st.expander("The shares as a table", on_change="rerun", key="share_numbers") as numbers:
        if numbers.open:
            show_table(
                _for_screen(table), "gradient_share", file_name="gradient_share.csv", alt=alt, column_config=config
            )


def _for_screen(table: pd.DataFrame) -> pd.DataFrame:
    """Without bins that hold nothing."""
    return table[table["cells"] > 0].reset_index(drop=True)


def shares_sentence(shares: dict[str, GradientShare], bins: ScoreBins) -> str:
    """How much of the gradient goes to positives, beside their part of the cells; Markdown."""
    n_negatives, n_positives = bins.n.sum(dim=1).tolist()
    if not n_negatives + n_positives:
        return "No label is known, so no cell has a gradient."
    said = [f"{for_markdown(title)} **{_share_of_positives(each)}**" for title, each in shares.items()]
    undefined = [
        f"{for_markdown(title)} has no finite gradient in {count(each.n_undefined, 'cell')}, left out."
        for title, each in shares.items()
        if each.n_undefined
    ]
    part = short(n_positives / (n_negatives + n_positives))
    return " ".join(
        [f"Positives are {part} of the known cells and get of the gradient: {', '.join(said)}.", *undefined]
    )


def _share_of_positives(share: GradientShare) -> str:
    return short(float(share.shares[1].sum())) if share.total else "none, as no cell has any"
