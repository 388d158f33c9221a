"""Arrays of images as a model takes them: channels last, bytes or numbers from 0 to 1. Knows nothing of labels."""

import numpy as np

from dashboard.errors import InputError
from dashboard.inputs.limits import shape_text
from dashboard.inputs.names import quoted

_CHANNELS = (1, 3, 4)


def read_images(array, name, source) -> tuple[np.ndarray, tuple[str, ...]]:
    """(n, height, width) or (n, height, width, channels), uint8, or float from 0 to 1; and what was done."""
    what, notices = f"{quoted(name)} of {source}", ()
    if array.dtype.kind not in "biuf" or not np.isfinite(array).all():
        raise InputError(f"Images must be finite numbers, but {what} holds others: correct them.")
    if array.ndim == 4 and array.shape[-1] not in _CHANNELS:
        if array.shape[1] not in _CHANNELS:
            raise InputError(
                f"Images must have 1, 3 or 4 channels, last or second, but {what} has shape {shape_text(array.shape)}."
            )
        array, notices = np.moveaxis(array, 1, -1), (f"The channels of {what} come second and were put last.",)
    low, high = (float(array.min()), float(array.max())) if array.size else (0.0, 0.0)
    if low < 0 or high > 255:
        raise InputError(
            f"Pixels must lie from 0 to 1 or from 0 to 255, but those of {what} lie from {low:g} to "
            f"{high:g}: scale them."
        )
    if array.dtype.kind == "b" or (array.dtype.kind == "f" and high <= 1):
        return array.astype(np.float32), notices
    if array.dtype.kind == "f":
        return (array / 255).astype(np.float32), (
            *notices,
            f"The pixels of {what}, up to {high:g}, were divided by 255.",
        )
    return array.astype(np.uint8), notices
