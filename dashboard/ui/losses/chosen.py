"""Which loss variants are compared, with their parameters; in the address as "losses=focal:gamma=3|asl"."""

from dashboard.losses import LOSSES, LossSettings, parse_loss
from dashboard.ui import state

MOST = 8  # variants side by side
KEY = "losses"
_BETWEEN = "|"


def chosen_losses(n_classes: int) -> tuple[LossSettings, ...]:
    """At first the variants that the registry puts first. What an address says wrong, or of other classes, is left out.

    n_classes: of the data in view, for parameters per class.
    """
    text = state.recalled(KEY)
    if not text:
        return tuple(LossSettings(name) for name, variant in LOSSES.items() if variant.is_first)
    found = []
    for part in text.split(_BETWEEN):
        try:
            settings = parse_loss(part)
        except ValueError:
            continue
        if fits(settings, n_classes):
            found.append(settings)
    return tuple(dict.fromkeys(found))[:MOST] or (LossSettings("bce_with_logits"),)


def fits(settings: LossSettings, n_classes: int) -> bool:
    """Whether parameters per class are for so many classes."""
    return all(len(value) == n_classes for _, value in settings.given if isinstance(value, tuple))


def choose_losses(chosen) -> None:
    state.remember(KEY, _BETWEEN.join(str(each) for each in dict.fromkeys(chosen)))
