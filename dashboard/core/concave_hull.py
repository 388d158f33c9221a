"""The upper concave hull of points on a rising staircase of counts. Knows nothing of scores."""

import numpy as np


def hull_vertices(x, y) -> np.ndarray:
    """Positions of the vertices, rising: no three of them on one line. x rises strictly; both are int64 counts.

    Between two vertices the point with the highest y above their chord is a vertex too (Quickhull); the first of
    several is taken, so that none lies within an edge. Products of two counts below 2^31 fit in int64.
    """
    vertices, waiting = [0], [(0, len(x) - 1)]
    while waiting:
        low, high = waiting.pop()
        if high - low > 1:
            above = y[low + 1 : high] * (x[high] - x[low])
            above -= x[low + 1 : high] * (y[high] - y[low])
            highest = int(above.argmax())
            if above[highest] > y[low] * (x[high] - x[low]) - x[low] * (y[high] - y[low]):
                middle = low + 1 + highest
                waiting += [(middle, high), (low, middle)]
                continue
        if high > low:
            vertices.append(high)
    return np.array(vertices)
