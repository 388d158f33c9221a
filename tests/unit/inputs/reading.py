"""What the tests of the format readers share: bytes of a file, its content, or the sentence that refuses it."""

import io
from collections.abc import Callable
from typing import BinaryIO

import pytest

from dashboard.errors import InputError
from dashboard.inputs.content import FileContent, read_file
from dashboard.inputs.limits import Limits


def written(write: Callable[[BinaryIO], object]) -> bytes:
    """The bytes that `write` puts into a file."""
    stream = io.BytesIO()
    write(stream)
    return stream.getvalue()


def read(data: bytes | str, name: str, **limits) -> FileContent:
    return read_file(data.encode() if isinstance(data, str) else data, name=name, limits=Limits(**limits))


def refusal(data: bytes | str, name: str, **limits) -> str:
    """The sentence with which the file is refused; it names the file and ends as a sentence."""
    with pytest.raises(InputError) as caught:
        read(data, name, **limits)
    sentence = str(caught.value)
    assert name in sentence
    assert sentence.endswith(".")
    return sentence
