"""Which loss variants are chosen, with their parameters; those of the Losses page in the address as
"losses=focal:gamma=3|asl".
"""

from dataclasses import dataclass

from dashboard.losses import LOSSES, LossSettings, parse_loss
from dashboard.ui import state

MOST = 8  # variants side by side
KEY = "losses"
_BETWEEN = "|"


@dataclass(frozen=True)
class Choice:
    """The variants chosen under a key of the visitor's state, in order and each once."""

    settings: tuple[LossSettings, ...]
    key: str = KEY

    def keep(self, settings) -> None:
        """Choose these instead."""
        keep_losses(settings, self.key)

    def add(self, settings: LossSettings) -> None:
        self.keep((*self.settings, settings))

    def replace(self, number: int, settings: LossSettings) -> None:
        self.keep((*self.settings[:number], settings, *self.settings[number + 1 :]))

    def remove(self, number: int) -> None:
        self.keep((*self.settings[:number], *self.settings[number + 1 :]))


def chosen_losses(n_classes: int | None, key: str = KEY, first=None) -> Choice:
    """At first `first`, else the variants that the registry puts first. What an address says wrong, or of other
    classes, is left out.

    n_classes: of the data in view, for parameters per class; None where it is not known yet.
    """
    text = state.recalled(key)
    if not text:
        return Choice(tuple(first or (LossSettings(name) for name, each in LOSSES.items() if each.is_first)), key)
    found = []
    for part in text.split(_BETWEEN):
        try:
            settings = parse_loss(part)
        except ValueError:
            continue
        if n_classes is None or fits(settings, n_classes):
            found.append(settings)
    return Choice(tuple(dict.fromkeys(found))[:MOST] or (LossSettings("bce_with_logits"),), key)


def fits(settings: LossSettings, n_classes: int) -> bool:
    """Whether parameters per class are for so many classes."""
    return all(len(value) == n_classes for _, value in settings.given if isinstance(value, tuple))


def keep_losses(settings, key: str = KEY) -> None:
    state.remember(key, _BETWEEN.join(str(each) for each in dict.fromkeys(settings)))
