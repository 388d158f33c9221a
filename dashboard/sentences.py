"""How messages count things and name several: the first few, and how many more there are. Knows no folder."""

from collections.abc import Sequence

SHOWN = 5


def few(names: Sequence) -> str:
    """The first five names in quotes, and the number of the others."""
    shown = ", ".join(repr(str(name)) for name in names[:SHOWN])
    return shown if len(names) <= SHOWN else f"{shown} and {len(names) - SHOWN:,} more"


def counted(count: int, noun: str) -> str:
    """ "1 sample", "3 samples", "2 classes"."""
    plural = f"{noun}es" if noun.endswith("s") else f"{noun}s"
    return f"{count:,} {noun if count == 1 else plural}"
