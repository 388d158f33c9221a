"""For each pair of variants what is ranking and what is threshold, on the test part, with its spread over the seeds."""

import pandas as pd
import streamlit as st

from dashboard.escape import for_markdown
from dashboard.figures.seed_differences import PARTS, seed_alt, seed_figure, seed_table
from dashboard.training.across_seeds import AVERAGES, Spread, VariantPair, across_seeds
from dashboard.training.job_status import JobStatus
from dashboard.ui.cache import Drawn
from dashboard.ui.controls import choice_control
from dashboard.ui.policy_cache import kept_or
from dashboard.ui.progress import progress_bar
from dashboard.ui.tables import show_table
from dashboard.ui.threshold_chart import show_chart
from dashboard.ui.training.report_tables import variant_titles
from dashboard.ui.training.trained_sets import whole_runs
from dashboard.ui.wording import signed

CHART = "seed_chart"
MOST_PAIRS = 6  # in words and in the chart; the table has all
_COLUMNS = ["B", "A", "average", "part", "mean", "lowest", "highest", "sd", "seeds", "verdict"]


def show_summary(registry, status: JobStatus) -> None:
    """Computed when it is first asked for, which takes seconds."""
    pairs = variant_pairs(registry, status)
    if not pairs:
        st.caption("Two variants that have learnt something with the same seed can be compared; here there are none.")
        return
    titles = variant_titles(status.plan)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown("##### What is ranking, what is threshold", width="stretch")
        options = {name: f"{name}-F1" for name in AVERAGES}
        average = choice_control("Average", options, key="seed_average", label_visibility="collapsed")
    shown = most_telling(pairs)
    st.markdown("\n".join(f"- {pair_sentence(pair, average, titles)}" for pair in shown))
    drawn = _chart(shown, average, titles)
    show_chart(CHART, drawn.payload)
    st.caption(about(pairs, shown))
    with st.expander("All pairs in numbers", on_change="rerun", key="seed_numbers") as numbers:
        if numbers.open:
            digits, verdict = st.column_config.NumberColumn(format="%.4f"), st.column_config.TextColumn(width="large")
            show_table(
                pairs_table(pairs, titles),
                "seed_table",
                file_name="pairs_of_variants.csv",
                alt="What each pair of variants differs by on the test part: total, threshold, ranking and AP",
                column_config=dict.fromkeys(("mean", "lowest", "highest", "sd"), digits) | {"verdict": verdict},
                placeholder="–",
            )


def variant_pairs(registry, status: JobStatus) -> tuple[VariantPair, ...]:
    """Kept for as long as the training is as it is now."""

    def compute():
        trained = registry.runs(status.id)
        if trained is None:
            return ()
        runs, labels = list(whole_runs(trained).values()), trained.parts["test"].labels
        with progress_bar("Taking the differences on the test part apart") as report:
            return across_seeds(runs, labels, trained.class_names, progress=report)

    return kept_or(compute, "pairs of variants", status.id, status.seconds)


def most_telling(pairs: tuple[VariantPair, ...]) -> tuple[VariantPair, ...]:
    """All of a few; of many those with the first variant, which is what the others are measured by."""
    if len(pairs) <= MOST_PAIRS:
        return pairs
    return tuple(pair for pair in pairs if pair.a == pairs[0].a)


def pair_sentence(pair: VariantPair, average: str, titles: dict[str, str]) -> str:
    """**Focal** against **BCE**: **worse ranking**, AP -.009. Macro-F1 at 0.5 -.150, of it ...; Markdown."""
    found = pair.averages[average]
    b, a = (for_markdown(titles.get(name, name)) for name in (pair.b, pair.a))
    judged = f", AP {_spread(found.average_precision)}" if average == "macro" else ""  # what the verdict goes by
    said = (
        f"**{b}** against **{a}**: **{found.words}**{judged}. {average.capitalize()}-F1 at 0.5 {_spread(found.total)}"
    )
    return f"{said}, of it {_spread(found.threshold)} threshold and {_spread(found.ranking)} ranking."


def about(pairs, shown) -> str:
    seeds = max(len(pair.seeds) for pair in pairs)
    said = (
        "On the test part, B less A. Total: both at 0.5. Ranking: each at its own best thresholds, cross-fitted, so "
        "that no sample is decided by thresholds tuned on it; threshold is the rest. A verdict on ranking goes by AP "
        "(of micro-F1, which has none, by the ranking part) on resamples of the samples, the trained models held fixed"
    )
    said += f", per seed; the spread is that of {seeds} seeds." if seeds > 1 else "; only more seeds show the spread."
    left = len(pairs) - len(shown)
    return f"{said} {left} more pairs are in the table." if left else said


def pairs_table(pairs, titles: dict[str, str]) -> pd.DataFrame:
    """A row per pair, average and part."""
    rows = []
    for pair in pairs:
        for average, found in pair.averages.items():
            parts = {name: getattr(found, name) for name in PARTS} | {"AP": found.average_precision}
            for part, spread in parts.items():
                names = [titles.get(name, name) for name in (pair.b, pair.a)]
                ends = [spread.mean, spread.low, spread.high, spread.sd]
                rows.append([*names, average, part, *ends, len(pair.seeds), found.words if part == "total" else None])
    return pd.DataFrame(rows, columns=_COLUMNS)


def _chart(pairs, average: str, titles: dict[str, str]) -> Drawn:
    values = {}
    for pair in pairs:
        found = pair.averages[average]
        name = f"{titles.get(pair.b, pair.b)} against {titles.get(pair.a, pair.a)}"
        values[name] = {part: dict(zip(pair.seeds, getattr(found, part).by_seed, strict=True)) for part in PARTS}
    table = seed_table(values)
    return Drawn.of(CHART, seed_figure(table, value=f"{average}-F1"), table, alt=seed_alt(table))


def _spread(spread: Spread) -> str:
    """-.150, of several seeds with the lowest and the highest."""
    said = signed(spread.mean)
    return said if len(spread.by_seed) < 2 else f"{said} ({signed(spread.low)} to {signed(spread.high)})"
