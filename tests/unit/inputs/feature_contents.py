"""Small files of features in memory, and what comes of reading them; used by the tests of feature files."""

import io

import numpy as np
import pytest

from dashboard.errors import ChoiceNeeded, InputError
from dashboard.inputs.features import FeatureFiles, read_features

FILES = set(FeatureFiles.__dataclass_fields__)


def read(features, **given):
    """The table of a file given as text, bytes or (name, bytes); keywords are further files and options."""
    files = {name: named(given.pop(name)) for name in list(given) if name in FILES}
    return read_features(FeatureFiles(named(features), **files), **given)


def named(content):
    if isinstance(content, str):
        return ("data.csv", content.encode())
    return content if isinstance(content, tuple) else ("data.npz", content)


def arff(text, name="data.arff"):
    return (name, text.encode())


def npz(**arrays):
    stored = io.BytesIO()
    np.savez(stored, **arrays)
    return stored.getvalue()


def refusal(*args, **given):
    """The sentence of the InputError."""
    with pytest.raises(InputError) as caught:
        read(*args, **given)
    assert not isinstance(caught.value, ChoiceNeeded), caught.value
    return str(caught.value)


def choice(*args, **given):
    """The option and the choices that are asked for."""
    with pytest.raises(ChoiceNeeded) as caught:
        read(*args, **given)
    return caught.value.option, list(caught.value.choices)


def plain(columns):
    return {name: [None if value != value else value for value in values.tolist()] for name, values in columns.items()}
