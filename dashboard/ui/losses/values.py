"""Values: what each loss is on the loaded data beside its own constant predictor, and which cells carry it."""

import pandas as pd
import streamlit as st

from dashboard.escape import for_markdown
from dashboard.figures.loss_values import carried_alt, carried_figure, carried_table
from dashboard.losses import LossSettings
from dashboard.losses.loaded_cells import EASY_FROM, HARD_BELOW
from dashboard.losses.loss_table import COLUMNS, loss_rows, part_rows
from dashboard.losses.summary import LossSummary, summarise
from dashboard.ui.cache import Drawn
from dashboard.ui.losses.heaviest import show_heaviest
from dashboard.ui.losses.loaded import cells_sentence, clip_eps, loaded_cells, loaded_key
from dashboard.ui.losses.shape import by_title
from dashboard.ui.paged_table import show_paged_table
from dashboard.ui.policy_cache import kept_or
from dashboard.ui.tables import show_table
from dashboard.ui.threshold_chart import show_chart
from dashboard.ui.view import View
from dashboard.ui.wording import count, listed

CARRIED = "loss_carried_chart"
PLAIN = LossSettings("bce_with_logits")
PERCENT = ("saved", "positives", "hard", "easy")


def show_values(view: View, chosen: tuple[LossSettings, ...]) -> None:
    """The table of losses, what carries each, the classes, and the cells."""
    eps = clip_eps(view)
    summaries = {title: summary_of(view, settings, eps) for title, settings in by_title(chosen).items()}
    st.markdown(_sentence(summaries))
    _show_losses(view, summaries, eps)
    per_cell = {title: each for title, each in summaries.items() if each.by_cell is not None}
    if not per_cell:
        st.caption("None of these losses has a value per cell, so none can be told apart by classes or cells.")
        return
    _show_carried(per_cell)
    _show_parts(per_cell)
    _show_classes(view, per_cell, eps)
    show_heaviest(view, per_cell, summary_of(view, PLAIN, eps), eps)


def summary_of(view: View, settings: LossSettings, eps: float) -> LossSummary:
    return kept_or(
        lambda: summarise(loaded_cells(view, eps), settings), *loaded_key(view, eps), "loss summary", str(settings)
    )


def _sentence(summaries: dict[str, LossSummary]) -> str:
    """How much better than constants the scores are under each loss, which is the one scale they share."""
    said = [f"{for_markdown(title)} {_saved(each)}" for title, each in summaries.items()]
    return f"Against the best constant predictor of the same loss these scores save: {', '.join(said)}."


def _saved(summary: LossSummary) -> str:
    return "undefined" if summary.saved != summary.saved else f"**{summary.saved:.0%}**"


def _show_losses(view: View, summaries: dict[str, LossSummary], eps: float) -> None:
    rows = pd.DataFrame(loss_rows(list(summaries.values())))
    rows["loss"] = list(summaries)
    config = {name: st.column_config.Column(help=words) for name, words in COLUMNS.items()}
    config |= {name: st.column_config.NumberColumn(format="percent", help=COLUMNS[name]) for name in PERCENT}
    alt = "A row per loss: units, sum, mean, its constant predictor, and the parts of positives, hard and easy cells"
    show_table(rows, "loss_table", file_name="losses.csv", alt=alt, column_config=config, placeholder="–")
    cells = loaded_cells(view, eps)
    st.caption(
        f"{cells_sentence(view, cells)} {_unknown_sentence(cells, summaries)}The sum is n times the mean. "
        "Sums and means of different losses share "
        "no scale: read each against its constant predictor, one logit per class that pays least under the same loss. "
        "Below 0 %: the loss asks for other logits than these scores are, mostly because they were trained with "
        f"another one.{_undefined_sentence(summaries)}".strip()
    )


def _undefined_sentence(summaries: dict[str, LossSummary]) -> str:
    coupled = [title for title, each in summaries.items() if each.by_cell is None]
    if not coupled:
        return ""
    return (
        f" A value per sample or batch cannot be split: for {for_markdown(listed(coupled))} classes, positives and "
        "negatives, hard and easy cells have none."
    )


def _unknown_sentence(cells, summaries: dict[str, LossSummary]) -> str:
    n_cells, n_unknown = cells.targets.numel(), int((cells.targets < 0).sum())
    if not n_unknown:
        return ""
    taking = [title for title, each in summaries.items() if each.by_cell is not None and each.n == n_cells]
    but = f", but not by {for_markdown(listed(taking))}" if taking else ""
    return f"{count(n_unknown, 'unknown cell is', 'unknown cells are')} left out{but}. "


def _show_carried(summaries: dict[str, LossSummary]) -> None:
    table = carried_table({title: each.part_shares.numpy() for title, each in summaries.items()})
    st.markdown(_carried_sentence(summaries))
    show_chart(CARRIED, Drawn.of(CARRIED, carried_figure(table), table, alt=carried_alt(table)).payload)
    st.caption(
        f"Hard: what is true has a probability under {HARD_BELOW:g}, so the cell is wrong at threshold 0.5. Easy: "
        f"{EASY_FROM:g} or more."
    )


def _show_parts(summaries: dict[str, LossSummary]) -> None:
    with st.expander(
        "Positives and negatives, hard and easy cells", on_change="rerun", key="loss_parts", bind="query-params"
    ) as panel:
        if not panel.open:
            return
        rows = pd.DataFrame(part_rows(list(summaries.values())))
        rows["loss"] = [title for title in summaries for _ in range(len(rows) // len(summaries))]
        show_table(
            rows,
            "loss_part_table",
            file_name="losses_by_part.csv",
            alt="A row per loss and kind of cell: how many, sum, mean, what the constant predictor pays, share",
            column_config={"share": st.column_config.NumberColumn(format="percent")},
            placeholder="–",
        )
        st.caption(
            "Constant: what the same constant predictor pays, on average, for these cells. Which cells are hard or "
            "easy depends on the scores alone, so it is the same for every loss."
        )


def _carried_sentence(summaries) -> str:
    said = [f"{for_markdown(title)} {_percent(each.share(ease=0))}" for title, each in summaries.items()]
    return f"Hard cells carry of each loss: {', '.join(said)}."


def _percent(share: float) -> str:
    return "undefined" if share != share else f"**{share:.0%}**"


def _show_classes(view: View, summaries: dict[str, LossSummary], eps: float) -> None:
    """Shares of each class, and how far they are from its share of plain BCE."""
    with st.expander("Classes", on_change="rerun", key="loss_classes", bind="query-params") as panel:
        if not panel.open:
            return
        table = class_frame(view, summaries, summary_of(view, PLAIN, eps))
        percent = {name: st.column_config.NumberColumn(format="percent") for name in table if "share" in name}
        st.caption(
            "Share: of the loss's sum over all classes. Change: that share less the class's share of plain BCE. "
            "Saved: of the class's own constant predictor; undefined without positives or negatives."
        )
        show_paged_table(
            table,
            "loss_class_table",
            file_name="losses_by_class.csv",
            alt="A row per class: its share of each loss, the change against plain BCE, and what the scores save",
            about=(view.digest, view.run, eps),
            column_config=percent
            | {name: st.column_config.NumberColumn(format="percent") for name in table if "saved" in name},
        )


def class_frame(view: View, summaries: dict[str, LossSummary], plain: LossSummary) -> pd.DataFrame:
    """A row per class."""
    p = view.predictions
    table = pd.DataFrame({"class": list(p.class_names), "positives": p.support})
    both = (p.support > 0) & (p.support < p.n_known)
    for title, each in summaries.items():
        shares, saved = (
            each.class_shares.numpy(),
            1 - (each.by_cell.sums.sum(1) / each.by_cell.baselines.sum(1)).numpy(),
        )
        table[f"{title}: share"] = shares
        if each.settings != PLAIN:
            table[f"{title}: change of share"] = shares - plain.class_shares.numpy()
        table[f"{title}: saved"] = pd.Series(saved).where(both)
    return table
