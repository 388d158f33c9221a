"""File contents made by hand, as the readers would hand them over."""

import numpy as np
import pandas as pd

from dashboard.inputs.content import FileContent
from dashboard.inputs.mapping import Sources


def arrays(name="data.npz", **named):
    return FileContent(name, "npz", {key: np.asarray(values) for key, values in named.items()}, None, True, ())


def array(values, name="data.npy"):
    return FileContent(name, "npy", {"": np.asarray(values)}, None, True, ())


def table(columns, name="data.csv", *, has_header=True, format="csv"):
    return FileContent(name, format, {}, pd.DataFrame(columns), has_header, ())


def headerless(rows, name="data.csv"):
    frame = pd.DataFrame(rows)
    frame.columns = [f"column {i}" for i in range(frame.shape[1])]
    return FileContent(name, "csv", {}, frame, False, ())


def sources(scores, labels=None, **others):
    return Sources({"scores": scores}, labels, **others)
