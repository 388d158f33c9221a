"""Same loss: what people take to be the same, run on the loaded data, and where it is not the same."""

import pandas as pd
import streamlit as st

from dashboard.losses import LossSettings
from dashboard.losses.equivalences import EQUIVALENCES, MOST_CELLS, Equivalence, Found, compare, holds, looked_at
from dashboard.losses.loaded_cells import CLIPPED_AT, LoadedCells
from dashboard.ui.losses.loaded import loaded_cells, loaded_key
from dashboard.ui.policy_cache import kept_or
from dashboard.ui.tables import show_table
from dashboard.ui.view import View
from dashboard.ui.wording import count

NONE = "no such cells"


def show_equivalences(view: View, chosen: tuple[LossSettings, ...]) -> None:
    """All of them in one table, then the one that is chosen: its code, its numbers, and when it does not hold."""
    found = kept_or(lambda: _all(loaded_cells(view, CLIPPED_AT)), *loaded_key(view, CLIPPED_AT), "equivalences")
    st.markdown(_summary({name: each for name, (each, _) in found.items()}))
    show_table(
        overview_frame({name: each for name, (each, _) in found.items()}),
        "equivalences",
        file_name="equivalences.csv",
        alt="A row per equivalence: whether it holds on this data in float64 and float32, and the largest differences",
        column_config=_config("value apart", "gradient apart", "value apart, float32", "gradient apart, float32"),
        placeholder="–",
    )
    st.caption(_what_was_looked_at(view))
    equivalence = _one_control()
    _show_one(equivalence, *found[equivalence.name])


def _all(cells: LoadedCells) -> dict[str, tuple[tuple[Found, ...], str]]:
    """Name -> what was found, and on what, a phrase."""
    found = {}
    for each in EQUIVALENCES:
        looked = looked_at(cells, each.takes)
        found[each.name] = compare(each, cells), f"{len(looked.logits):,} {looked.of}"
    return found


def _one_control() -> Equivalence:
    by_title = {each.title: each for each in EQUIVALENCES}
    title = st.selectbox("Look at", list(by_title), key="same_loss", bind="query-params")
    return by_title.get(title, EQUIVALENCES[0])


def _summary(found: dict[str, tuple[Found, ...]]) -> str:
    """How many hold, and which do not; Markdown."""
    tried = [each for each in EQUIVALENCES if found[each.name]]
    if not tried:
        return "No label is known, so there is nothing to run the losses on."
    said = []
    for dtype in ("float64", "float32"):
        failing = [each.title for each in tried if not holds(found[each.name], dtype)]
        said.append(
            f"in {dtype} all {len(tried)} hold"
            if not failing
            else f"in {dtype} {len(tried) - len(failing)} of {len(tried)} hold, not “{'”, “'.join(failing)}”"
        )
    return "Run on this data, " + "; ".join(said) + "."


def _what_was_looked_at(view: View) -> str:
    p = view.predictions
    said = (
        "Largest difference of any value or gradient to the first way. Up to rounding: within 1e-8 in float64 and 1e-4 "
        "in float32 of values up to 1, in proportion above."
    )
    if p.scores.size > MOST_CELLS:
        rows = max(1, MOST_CELLS // p.n_classes)
        said += f" On {count(rows, 'evenly spaced sample')} of {p.n_samples:,}."
    if p.score_kind == "probabilities":
        said += f" Logits come from scores clipped to [{CLIPPED_AT:g}, 1 - {CLIPPED_AT:g}]."
    return said


def overview_frame(found: dict[str, tuple[Found, ...]]) -> pd.DataFrame:
    """A row per equivalence."""
    rows = []
    for each in EQUIVALENCES:
        row = {"the same": each.title}
        for dtype, suffix in (("float64", ""), ("float32", ", float32")):
            ways = [way for way in found[each.name] if way.dtype == dtype and not way.for_unlike]
            row[f"holds{suffix}"] = _verdict(holds(found[each.name], dtype)) if ways else NONE
            row[f"value apart{suffix}"] = _largest([way.value_apart for way in ways])
            row[f"gradient apart{suffix}"] = _largest([way.gradient_apart for way in ways])
        rows.append(row)
    return pd.DataFrame(rows)


def _show_one(equivalence: Equivalence, found: tuple[Found, ...], of: str) -> None:
    st.subheader(equivalence.title, anchor=False)
    if not found:
        st.markdown("The loaded data has no cells of this form.")
        return
    st.caption(f"On {of}. The code is what ran; `torch.nn.functional` is `F`.")
    in_double = [each for each in found if each.dtype == "float64"]
    st.code("\n\n".join(_commented(each) for each in in_double), language="python", wrap_lines=True)
    show_table(
        ways_frame(found),
        "equivalence_ways",
        file_name=f"equivalence_{equivalence.name}.csv",
        alt="A row per way of writing the loss and dtype: its mean and the largest differences to the first way",
        column_config=_config("value apart", "gradient apart") | _config("mean value", form="%.8g"),
        placeholder="–",
    )
    st.markdown(f"**When not:** {equivalence.unless}")


def _commented(found: Found) -> str:
    return f"# looks alike, is not the same\n{found.code}" if found.for_unlike else found.code


def ways_frame(found: tuple[Found, ...]) -> pd.DataFrame:
    """A row per way and dtype."""
    return pd.DataFrame(
        {
            "code": "; ".join(each.code.splitlines()),
            "dtype": each.dtype,
            "mean value": each.value,
            "value apart": each.value_apart,
            "gradient apart": each.gradient_apart,
            "same": ("looks alike: " if each.for_unlike else "") + _verdict(each.equal),
        }
        for each in found
    )


def _verdict(equal: bool) -> str:
    return "yes" if equal else "no"


def _largest(values: list[float]) -> float:
    """NaN if any is: something was not finite."""
    return float("nan") if not values or any(value != value for value in values) else max(values)


def _config(*names: str, form: str = "%.2e") -> dict:
    return {name: st.column_config.NumberColumn(format=form) for name in names}
