"""The loss data of what is in view, kept between runs."""

from dashboard.losses.loaded_cells import LoadedCells
from dashboard.ui.policy_cache import kept_or
from dashboard.ui.view import View


def loaded_cells(view: View, eps: float) -> LoadedCells:
    p = view.predictions
    return kept_or(lambda: LoadedCells.of(p.scores, p.labels, p.score_kind, eps=eps), *loaded_key(view, eps))


def loaded_key(view: View, eps: float) -> tuple:
    """What anything computed from these cells is kept under, with its own name and settings after it."""
    return "loss cells", view.digest, view.run, eps if view.predictions.score_kind == "probabilities" else None
