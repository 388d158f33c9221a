"""How figures expected on new samples are found: over which units, by cross-fitting or on held-out data."""

from dataclasses import dataclass, replace

import streamlit as st

from dashboard.core.units import n_units
from dashboard.escape import for_markdown
from dashboard.ui import cache, state
from dashboard.ui.view import View, held
from dashboard.ui.wording import count

FOLDS = (3, 5, 10)
CROSS_FITTED = "cross-fitted"
EACH_SAMPLE = "each sample by itself"
NO_UNIT = "(samples)"  # names no column, and stays in the address


@dataclass(frozen=True)
class EstimateSettings:
    """unit: the column of units, None where each sample is one. held_out: the digest of other data to judge on, None
    for cross-fitting in `folds` folds drawn with `seed`; its name on screen and its run.
    """

    unit: str | None
    folds: int = 5
    seed: int = 0
    held_out: str | None = None
    held_out_name: str = ""
    held_out_run: str = ""

    @property
    def unit_words(self) -> str:
        """samples, or units of the column patient; for Markdown."""
        return "samples" if self.unit is None else f"units of “{for_markdown(self.unit)}”"

    @property
    def words(self) -> str:
        """How the figures come about, for Markdown."""
        if self.held_out is not None:
            return f"held out: {for_markdown(self.held_out_name)}, resampled over {self.unit_words}"
        return f"cross-fitted over {count(self.folds, 'fold')} of {self.unit_words}"


def show_estimate_settings(
    view: View, *, held_out: bool = True, title: str = "How “expected” is found"
) -> EstimateSettings:
    """The controls behind one button, and what they are set to. held_out: whether other data may be judged on."""
    others = held_out_data(view) if held_out else {}
    with st.popover(title, icon=":material/science:"):
        _unit_control(view)
        judged_on = _held_out_control(others) if held_out else None
        folds = st.segmented_control(
            "Folds", FOLDS, default=5, key="estimate_folds", required=True, disabled=judged_on is not None
        )
        seed = st.number_input(
            "Seed", 0, 10**6, step=1, key="estimate_seed", help="Other folds and resamples; the same seed repeats them"
        )
    most = max(1, n_units(view.units))  # a fold holds at least one unit
    settings = EstimateSettings(view.unit_column, min(folds if folds in FOLDS else 5, most), int(seed))
    return settings if judged_on is None else _with_held_out(view, settings, others[judged_on])


def unit_columns(view: View) -> list[str]:
    """Columns that may say which samples belong together: those said to, then those of groups."""
    roles = view.dataset.column_roles
    return [name for role in ("unit", "group") for name in roles if roles[name] == role]


def held_out_data(view: View) -> dict[str, "cache.Dataset"]:
    """Digest -> other data of this session, or the other part of the sample, that thresholds found here fit."""
    digests = [*state.opened_data()]
    parts = [cache.sample(part) for part in cache.SAMPLE_PARTS]
    if any(part.digest == view.whole.digest for part in parts):
        digests += [part.digest for part in parts]
    found = {}
    for dataset in filter(None, map(held, digests)):
        if dataset.digest != view.whole.digest and held_out_run(dataset, view) is not None:
            found[dataset.digest] = dataset
    return found


def held_out_run(dataset, view: View) -> str | None:
    """The run of other data that is judged: the one of this name, or its only one; None unless thresholds fit it."""
    run = view.run if view.run in dataset.runs else next(iter(dataset.runs))
    p, q = view.predictions, dataset.runs[run]
    alike = (p.class_names, p.score_kind, p.scores.dtype) == (q.class_names, q.score_kind, q.scores.dtype)
    return run if alike and (run == view.run or len(dataset.runs) == 1) else None


def _unit_control(view: View) -> None:
    columns = unit_columns(view)
    options = [*columns, NO_UNIT]
    current = view.unit_column
    state.preset_widget("unit_choice", current if current in options else NO_UNIT)
    st.selectbox(
        "Unit: what is independent of each other",
        options,
        key="unit_choice",
        format_func=lambda name: EACH_SAMPLE if name == NO_UNIT else name,
        on_change=lambda: state.choose_unit(state.widget_value("unit_choice")),
        help="Samples of one patient, artist or thread resemble each other. Folds never split a unit, and resamples "
        "draw whole units.",
    )
    if not columns:
        st.caption("This data has no column of units: give one the role unit or group where the files are read.")


def _held_out_control(others: dict) -> str | None:
    chosen = st.selectbox(
        "Judged on",
        ["", *others],
        key="held_out_choice",
        format_func=lambda digest: others[digest].name if digest else "these samples, cross-fitted",
        help="Cross-fitted: each sample is decided by thresholds tuned without its unit. Or other data opened in this "
        "session, with the same classes and kind of scores.",
    )
    return chosen if chosen in others else None


def _with_held_out(view: View, settings: EstimateSettings, dataset) -> EstimateSettings:
    unit = settings.unit if settings.unit in dataset.first_run.columns else None
    run = held_out_run(dataset, view)
    return replace(settings, unit=unit, held_out=dataset.digest, held_out_name=dataset.name, held_out_run=run)


def units_sentence(view: View) -> str:
    """What the unit is and how many there are, for Markdown."""
    n_samples, found = count(view.predictions.n_samples, "sample"), n_units(view.units)
    if view.unit_column is None:
        said = f"Unit: {EACH_SAMPLE} ({n_samples})."
    else:
        said = f"Unit: “{for_markdown(view.unit_column)}” ({n_samples} of {count(found, 'unit')})."
    return f"{said} From a single unit nothing can be said of new ones." if found == 1 else said
