"""A loss with its parameters, as somebody chose it; to text and back ("focal:gamma=3,alpha=0.5")."""

from dataclasses import dataclass, field

import torch

from dashboard.losses.class_counts import ClassCounts
from dashboard.losses.registry import LOSSES
from dashboard.losses.variant import LossVariant, Parameter


@dataclass(frozen=True)
class LossSettings:
    """name: a key of LOSSES. given: parameters that differ from the defaults; per class as a tuple of numbers."""

    name: str
    given: tuple[tuple[str, object], ...] = field(default=())

    @classmethod
    def of(cls, name: str, **parameters) -> "LossSettings":
        """Raises ValueError, with a sentence, for names and values that are not legal."""
        if name not in LOSSES:
            raise ValueError(f"no loss is called {name!r}; the losses are: {', '.join(LOSSES)}")
        LOSSES[name].check(parameters)
        given = ((each, _plain(parameters[each.name])) for each in LOSSES[name].parameters if each.name in parameters)
        return cls(name, tuple((each.name, value) for each, value in given if value != each.default))

    @property
    def variant(self) -> LossVariant:
        return LOSSES[self.name]

    @property
    def parameters(self) -> dict:
        """Every parameter with its value."""
        return self.variant.defaults | dict(self.given)

    @property
    def title(self) -> str:
        """The loss's title with what differs from its defaults: "Focal (gamma 3)"."""
        titles = {each.name: each for each in self.variant.parameters}
        said = [f"{titles[name].title} {_shown(titles[name], value)}" for name, value in self.given]
        return f"{self.variant.title} ({', '.join(said)})" if said else self.variant.title

    def values(self, logits: torch.Tensor, targets: torch.Tensor, counts: ClassCounts | None = None) -> torch.Tensor:
        return self.variant.values(logits, targets, counts=counts, **dict(self.given))

    def counted_in(self, targets: torch.Tensor) -> torch.Tensor | None:
        """The cells or rows that count; None for a loss of the batch."""
        return self.variant.counted_in(targets, **dict(self.given))

    def __str__(self) -> str:
        said = ",".join(f"{name}={_written(value)}" for name, value in self.given)
        return f"{self.name}:{said}" if said else self.name


def parse_loss(text: str) -> LossSettings:
    """The loss a text says, as in "focal:gamma=3,alpha=0.5". Raises ValueError with a sentence."""
    name, _, rest = text.strip().partition(":")
    variant = LOSSES.get(name.strip())
    kinds = {each.name: each for each in variant.parameters} if variant else {}
    parameters = {}
    for part in filter(None, rest.split(",")):
        key, separator, value = (piece.strip() for piece in part.partition("="))
        if not separator:
            raise ValueError(f"a parameter must be written as name=value, got {part.strip()!r} in {text!r}")
        if key in parameters:
            raise ValueError(f"{key} is given twice in {text!r}")
        parameters[key] = _read(kinds.get(key), value)
    return LossSettings.of(name.strip(), **parameters)


def _read(parameter: Parameter | None, text: str):
    """The value a text says; a text that says no number stays one, and the check finds its fault."""
    if parameter is not None and isinstance(parameter.default, bool):
        return {"true": True, "false": False}.get(text.lower(), text)
    try:
        numbers = tuple(float(part) for part in text.split(";"))
    except ValueError:
        return text
    return numbers if len(numbers) > 1 else numbers[0]


def _plain(value):
    """A number, flag or name as it is; numbers per class as a tuple of floats, whatever held them."""
    return (
        value
        if isinstance(value, (bool, int, float, str))
        else tuple(torch.as_tensor(value, dtype=torch.float64).tolist())
    )


def _written(value) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return ";".join(map(repr, value)) if isinstance(value, tuple) else str(value)


def _shown(parameter: Parameter, value) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, str):
        return parameter.choices[value]
    return "per class" if isinstance(value, tuple) else f"{value:g}"
