"""The loss data of what is in view, kept between runs."""

from dashboard.losses.loaded_cells import CLIPPED_AT, LoadedCells
from dashboard.ui.controls import choice_control
from dashboard.ui.policy_cache import kept_or
from dashboard.ui.view import View
from dashboard.ui.wording import count

EPS = ("1e-04", "1e-06", "1e-07", "1e-12")


def loaded_cells(view: View, eps: float) -> LoadedCells:
    p = view.predictions
    return kept_or(lambda: LoadedCells.of(p.scores, p.labels, p.score_kind, eps=eps), *loaded_key(view, eps))


def loaded_key(view: View, eps: float) -> tuple:
    """What anything computed from these cells is kept under, with its own name and settings after it."""
    return "loss cells", view.digest, view.run, eps if view.predictions.score_kind == "probabilities" else None


def clip_eps(view: View) -> float:
    """Where probabilities are clipped before the logit: a control that is only there where they are, once per panel."""
    if view.predictions.score_kind != "probabilities":
        return CLIPPED_AT
    label = "Scores clipped to [eps, 1 - eps], eps"
    return float(choice_control(label, {each: each for each in EPS}, key="eps", first=f"{CLIPPED_AT:g}"))


def cells_sentence(view: View, cells: LoadedCells) -> str:
    """What the numbers are of: which samples, and how many cells were clipped."""
    n = view.predictions.n_samples
    said = "" if cells.rows is None else f"Of {len(cells.rows):,} of {n:,} samples, evenly spaced in their order. "
    if cells.eps is None:
        return said.strip()
    return said + (
        f"Scores were clipped to [{cells.eps:g}, 1 - {cells.eps:g}] before the logit; "
        f"{count(cells.n_clipped, 'known cell')} moved."
    )
