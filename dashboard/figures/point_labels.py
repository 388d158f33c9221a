"""Short labels beside marked points of a chart that overlap neither each other nor a mark, and are never cut off.

A chart has no fixed width, so a place is chosen that is free in a narrow and in a wide one. Knows nothing of metrics.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from dashboard.escape import for_plotly
from dashboard.figures import theme

PLOT_SIZES = ((240.0, 300.0), (1000.0, 300.0))  # pixels within the axes: on a phone and on a desk
LETTER, LINE, MARK = 6.6, 15.0, 16.0  # pixels: a letter, a line of text, a mark with room around it
SAME_PLACE = 5.0  # pixels on a phone
DISTANCES = (20.0, 34.0, 52.0, 76.0, 110.0)
DIRECTIONS = ((1, 0), (-1, 0), (0, -1), (0, 1), (1, -1), (-1, -1), (1, 1), (-1, 1))


@dataclass(frozen=True)
class Box:
    """A rectangle by its middle and its size, in pixels from the upper left."""

    x: float
    y: float
    width: float
    height: float

    def overlap(self, other: "Box") -> float:
        """The area that both cover."""
        across = (self.width + other.width) / 2 - abs(self.x - other.x)
        down = (self.height + other.height) / 2 - abs(self.y - other.y)
        return max(0.0, across) * max(0.0, down)

    def outside(self, width: float, height: float) -> float:
        """How many pixels it sticks out of a plot of this size, both directions added."""
        across = max(0.0, self.width / 2 - self.x) + max(0.0, self.x + self.width / 2 - width)
        return across + max(0.0, self.height / 2 - self.y) + max(0.0, self.y + self.height / 2 - height)


def add_point_labels(figure: go.Figure, x, y, texts: Sequence[str], others=()) -> None:
    """Annotate the points (x, y), in data, within the ranges that the axes have; call it after setting them.

    Points in one place share a label, a line of it each. others: (n, 2) further points that a label should rather not
    cover, such as those of a line.
    """
    points, others = np.column_stack([x, y]).astype(float), np.asarray(others, dtype=float).reshape(-1, 2)
    groups = _in_one_place(_pixels(figure, points, PLOT_SIZES[0]))
    points, lines = points[[group[0] for group in groups]], [[texts[i] for i in group] for group in groups]
    for point, shown, (right, down) in zip(points, lines, label_offsets(figure, points, lines, others), strict=True):
        figure.add_annotation(
            x=float(point[0]),
            y=float(point[1]),
            ax=right,
            ay=down,
            text="<br>".join(map(for_plotly, shown)),
            showarrow=True,
            arrowhead=0,
            arrowwidth=1,
            arrowcolor=theme.PALE_GREY,
            standoff=7,
            font={"size": 11},
            borderpad=1,
        )


def label_offsets(figure: go.Figure, points, lines: Sequence[Sequence[str]], others) -> list[tuple[float, float]]:
    """For each point how far right and down the middle of its label is, in pixels; the same in every size of plot."""
    marks = [_pixels(figure, points, size) for size in PLOT_SIZES]
    avoided = [_pixels(figure, others, size) for size in PLOT_SIZES]
    placed: list[list[Box]] = [[Box(*mark, MARK, MARK) for mark in each] for each in marks]
    offsets = []
    for index, shown in enumerate(lines):
        size = label_size(shown)

        def cost(offset, index=index, size=size):
            boxes = [Box(*(each[index] + offset), *size) for each in marks]
            return sum(map(_cost, boxes, placed, avoided, PLOT_SIZES)) + 0.01 * np.hypot(*offset)

        best = min(_candidates(*size), key=cost)
        for each, taken in zip(marks, placed, strict=True):
            taken.append(Box(*(each[index] + best), *size))
        offsets.append(best)
    return offsets


def label_size(lines: Sequence[str]) -> tuple[float, float]:
    """About how wide and high a label is, in pixels."""
    return LETTER * max(map(len, lines)) + 4, LINE * len(lines)


def _in_one_place(pixels) -> list[list[int]]:
    """Indices of points, together where they are within a few pixels of the first of them."""
    groups: list[list[int]] = []
    for index, point in enumerate(pixels):
        near = [group for group in groups if np.abs(pixels[group[0]] - point).max() < SAME_PLACE]
        near[0].append(index) if near else groups.append([index])
    return groups


def _candidates(width, height) -> list[tuple[float, float]]:
    """Offsets around a mark; to the sides they start where the text no longer covers it."""
    return [
        (right * (distance + (width / 2 if down == 0 else width / 3)), down * (distance + (height - LINE) / 2))
        for distance in DISTANCES
        for right, down in DIRECTIONS
    ]


def _cost(box: Box, placed, avoided, size) -> float:
    covered = sum(box.overlap(Box(*point, 8.0, 8.0)) for point in avoided)
    return 1000 * box.outside(*size) + 10 * sum(box.overlap(other) for other in placed) + 0.05 * covered


def _pixels(figure, points, size) -> np.ndarray:
    (left, right), (bottom, top) = figure.layout.xaxis.range, figure.layout.yaxis.range
    share = (points - [left, bottom]) / [right - left, top - bottom]
    return np.column_stack([share[:, 0] * size[0], (1 - share[:, 1]) * size[1]])
