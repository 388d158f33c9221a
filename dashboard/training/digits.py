"""Small canvases with one to four handwritten digits, composed from scikit-learn's scans: a multi-label data set.

Everything is integer arithmetic on NumPy's PCG64 stream, so any machine composes the same canvases to the last pixel.
Knows nothing of models, readers or files.
"""

from dataclasses import dataclass

import numpy as np

CLASS_NAMES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
CLASS_WEIGHTS = (150, 280, 190, 125, 85, 60, 45, 30, 22, 13)  # how often a digit is written, in thousandths
PART_SIZES = {"train": 5000, "validation": 1500, "test": 1500}
PARTS = tuple(PART_SIZES)
HEIGHT, WIDTH = 24, 32
MAX_DIGITS = 4
BACKGROUNDS, BACKGROUND_WEIGHTS = ("plain", "lined", "grainy"), (5, 3, 2)
WRITERS, WRITER_WEIGHTS = ("steady", "shaky"), (7, 3)
_COUNT_WEIGHTS = (1, 3, 4, 2)  # of one, two, three, four digits
_FULL_INK = 16  # the scans' darkest value
_SEED = 20240


@dataclass(frozen=True, eq=False)
class Canvases:
    """Pictures with what is written on them; axis 0 is the sample, axis 1 of the last three the digit as written.

    images: (n_samples, HEIGHT, WIDTH) uint8, dark ink on white paper.
    labels: (n_samples, 10) int8, 1 where the digit is on the canvas at least once.
    background, writer: (n_samples,) of BACKGROUNDS and of WRITERS.
    digits: (n_samples, MAX_DIGITS) int8, -1 where fewer were written.
    heights: (n_samples, MAX_DIGITS) in pixels; hidden: percent of the digit's box that other digits' boxes share.
    """

    images: np.ndarray
    labels: np.ndarray
    background: np.ndarray
    writer: np.ndarray
    digits: np.ndarray
    heights: np.ndarray
    hidden: np.ndarray


def read_scans() -> tuple[np.ndarray, np.ndarray]:
    """scikit-learn's scans, (1797, 8, 8) int64 from 0 (paper) to 16 (ink), and the digit on each, (1797,)."""
    from sklearn.datasets import load_digits  # half a second and only needed when the sample data is made

    scans = load_digits()
    return scans.images.astype(np.int64), scans.target.astype(np.int64)


def split_scans(n_scans: int) -> dict[str, np.ndarray]:
    """Scan indices of each part, three fifths for training and a fifth each for the others; no scan is in two parts."""
    order = generator("split").permutation(n_scans)
    cuts = [n_scans * 3 // 5, n_scans * 4 // 5]
    return dict(zip(PARTS, np.split(order, cuts), strict=True))


def compose_canvases(part: str, scans: np.ndarray, scan_digits: np.ndarray, n_canvases: int | None = None) -> Canvases:
    """The canvases of one part, written with that part's scans only; the first `n_canvases` where that is given."""
    own = split_scans(len(scans))[part]
    scans_of_digit = [scans[own[scan_digits[own] == digit]] for digit in range(len(CLASS_NAMES))]
    rng = generator(part)
    return _gather([_compose(rng, scans_of_digit) for _ in range(n_canvases or PART_SIZES[part])])


def generator(purpose: str) -> np.random.Generator:
    """A random stream of its own for each purpose: a change in one leaves the others as they were."""
    return np.random.Generator(np.random.PCG64([_SEED, *purpose.encode()]))


def enlarge(scan: np.ndarray, height: int, width: int) -> np.ndarray:
    """The scan at another size, by bilinear interpolation in whole numbers (rounded down)."""
    top, below = _neighbours(len(scan), height)
    left, right = _neighbours(scan.shape[1], width)
    rows = scan[top] * (2 * height - below)[:, None] + scan[top + 1] * below[:, None]
    return (rows[:, left] * (2 * width - right) + rows[:, left + 1] * right) // (4 * height * width)


def ink_of(images: np.ndarray) -> np.ndarray:
    """float64 from 0 (paper) to 1: what models see of canvases."""
    return (255.0 - images) / 240.0


def _neighbours(n_old, n_new):
    """For each new pixel centre the old pixel before it and the next one's weight out of 2 n_new."""
    position = np.clip((2 * np.arange(n_new) + 1) * n_old - n_new, 0, 2 * (n_old - 1) * n_new)
    before = np.minimum(position // (2 * n_new), n_old - 2)
    return before, position - before * 2 * n_new


def _choose(rng, weights, size=None):
    """Indices drawn with whole-number weights; `Generator.choice` would go through floats."""
    ends = np.cumsum(weights)
    return np.searchsorted(ends, rng.integers(ends[-1], size=size), side="right")


def _compose(rng, scans_of_digit):
    """One canvas: ink levels, background, writer, digits as written, their heights and hidden percents."""
    background, writer = _choose(rng, BACKGROUND_WEIGHTS), _choose(rng, WRITER_WEIGHTS)
    digits = _choose(rng, CLASS_WEIGHTS, size=_choose(rng, _COUNT_WEIGHTS) + 1)
    canvas = np.zeros((HEIGHT, WIDTH), dtype=np.int64)
    taken = np.zeros_like(canvas)
    boxes = []
    for digit in digits:
        ink = _write(rng, scans_of_digit[digit], shaky=WRITERS[writer] == "shaky")
        box = _find_place(rng, taken, ink.shape)
        canvas[box] = np.maximum(canvas[box], ink)
        taken[box] += 1
        boxes.append(box)
    heights = [taken[box].shape[0] for box in boxes]
    hidden = [100 * int((taken[box] > 1).sum()) // taken[box].size for box in boxes]
    return _lay_on(rng, canvas, BACKGROUNDS[background]), background, writer, digits, heights, hidden


def _write(rng, scans, *, shaky):
    """A scan drawn at random, 8 to 12 pixels high and wide, with a pale to a full pen."""
    scan = scans[rng.integers(len(scans))]
    height, width = rng.integers(8, 13, size=2)
    ink = enlarge(scan, height, width) * rng.integers(9, _FULL_INK + 1) // _FULL_INK
    return _shake(rng, ink) if shaky else ink


def _shake(rng, ink):
    """The rows pushed left and right by a hand that drifts a pixel at a time."""
    height, width = ink.shape
    shaken = np.zeros((height, width + 2), dtype=ink.dtype)
    offset = 1
    for row in range(height):
        if rng.integers(3) == 0:
            offset = min(max(offset + int(rng.integers(-1, 2)), 0), 2)
        shaken[row, offset : offset + width] = ink[row]
    return shaken


def _find_place(rng, taken, shape):
    """The emptiest of three places drawn at random, the first one among equals, as a pair of slices."""
    places = []
    for _ in range(3):
        top, left = (int(rng.integers(free + 1)) for free in (HEIGHT - shape[0], WIDTH - shape[1]))
        places.append((slice(top, top + shape[0]), slice(left, left + shape[1])))
    return min(places, key=lambda place: taken[place].sum())


def _lay_on(rng, canvas, background):
    """The canvas on its paper: plain, ruled every six pixels, or under scanner grain."""
    if background == "lined":
        first = rng.integers(6)
        canvas[first::6] = np.maximum(canvas[first::6], 6)
    elif background == "grainy":
        canvas = np.clip(canvas + rng.integers(-4, 5, size=canvas.shape), 0, _FULL_INK)
    return canvas


def _gather(composed):
    inks, backgrounds, writers, digits, heights, hidden = zip(*composed, strict=True)
    labels = np.zeros((len(composed), len(CLASS_NAMES)), dtype=np.int8)
    for row, written in enumerate(digits):
        labels[row, written] = 1
    return Canvases(
        images=(255 - 15 * np.stack(inks)).astype(np.uint8),
        labels=labels,
        background=np.array(BACKGROUNDS)[list(backgrounds)],
        writer=np.array(WRITERS)[list(writers)],
        digits=_padded(digits),
        heights=_padded(heights),
        hidden=_padded(hidden),
    )


def _padded(rows):
    return np.array([[*row, *[-1] * (MAX_DIGITS - len(row))] for row in rows], dtype=np.int8)
