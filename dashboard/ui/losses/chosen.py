"""Which loss variants are compared, with their parameters; in the address as "losses=focal:gamma=3|asl"."""

from dashboard.losses import LOSSES, LossSettings, parse_loss
from dashboard.ui import state

MOST = 8  # variants side by side
KEY = "losses"
_BETWEEN = "|"


def chosen_losses() -> tuple[LossSettings, ...]:
    """At first the variants that the registry puts first. What an address says wrong is left out."""
    text = state.recalled(KEY)
    if not text:
        return tuple(LossSettings(name) for name, variant in LOSSES.items() if variant.is_first)
    found = []
    for part in text.split(_BETWEEN):
        try:
            found.append(parse_loss(part))
        except ValueError:
            continue
    return tuple(dict.fromkeys(found))[:MOST] or (LossSettings("bce_with_logits"),)


def choose_losses(chosen) -> None:
    state.remember(KEY, _BETWEEN.join(str(each) for each in dict.fromkeys(chosen)))
