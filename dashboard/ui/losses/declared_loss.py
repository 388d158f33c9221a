"""Which loss a run was trained with: recorded in the data, or declared by a visitor and kept in the address."""

from urllib.parse import quote, unquote

from dashboard.losses import LossSettings, parse_loss
from dashboard.losses.minimiser import why_no_zero
from dashboard.ui import state
from dashboard.ui.losses.chosen import fits
from dashboard.ui.view import View

_BETWEEN, _OF = "|", "@"


def recorded_loss(view: View) -> LossSettings | None:
    text = view.whole.trained_with.get(view.run)
    return None if text is None else parse_loss(text)


def training_loss(view: View) -> LossSettings | None:
    """Recorded or declared; None where neither says anything that an output could be read by."""
    found = recorded_loss(view) or declared_loss(view)
    return None if found is None or why_no_zero(found) else found


def declared_loss(view: View) -> LossSettings | None:
    """What the address says wrong, or of other classes, is left out."""
    try:
        found = parse_loss(_declared().get(view.run, ""))
    except ValueError:
        return None
    return found if fits(found, view.predictions.n_classes) else None


def declare_loss(view: View, settings: LossSettings | None) -> None:
    """For this run of this data; None: not declared."""
    kept = {run: text for run, text in _declared().items() if run != view.run}
    if settings is not None:
        kept[view.run] = str(settings)
    state.declare_losses(_BETWEEN.join(f"{text}{_OF}{quote(run, safe='')}" for run, text in kept.items()) or None)


def _declared() -> dict[str, str]:
    parts = (part.partition(_OF) for part in (state.declared_losses() or "").split(_BETWEEN))
    return {unquote(run): text for text, _, run in parts if run}
