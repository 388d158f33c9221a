"""Safetensors files: named tensors behind a JSON header; read here so that bfloat16 needs no torch.

Does not know what the tensors mean. The layout is that of the safetensors format, version 0.x: 8 bytes with the
header's length, the header, the values.
"""

import struct
from math import prod

import numpy as np

from dashboard.errors import InputError
from dashboard.inputs.formats.arrays import plain_array
from dashboard.inputs.formats.files import Reading, SourceFile, read_into
from dashboard.inputs.formats.json_text import parsed_json
from dashboard.inputs.limits import Limits, as_size
from dashboard.inputs.names import printable, quoted

_DTYPES = {
    "BOOL": "?",
    "U8": "<u1",
    "I8": "<i1",
    "U16": "<u2",
    "I16": "<i2",
    "U32": "<u4",
    "I32": "<i4",
    "U64": "<u8",
    "I64": "<i8",
    "F16": "<f2",
    "BF16": "<u2",  # its bits; widened to float32 after reading
    "F32": "<f4",
    "F64": "<f8",
}


def read_safetensors(file: SourceFile, limits: Limits) -> Reading:
    """The tensors as arrays under their names; bfloat16 becomes float32, exactly."""
    header, start = _header(file, limits)
    header.pop("__metadata__", None)
    if not header or len(header) > limits.max_members:
        raise InputError(f"{file} must hold 1 to {limits.max_members:,} tensors, but holds {len(header):,}.")
    places = {name: _place(entry, f"{quoted(name)} in {file}", limits) for name, entry in header.items()}
    _check_places(places, file.size - start, file, limits)
    arrays = {}
    for name, (kind, shape, begin, _) in places.items():
        file.handle.seek(start + begin)
        what = f"{quoted(name)} in {file}"
        array = plain_array(read_into(file.handle, np.empty(prod(shape), _DTYPES[kind]), what), what, limits)
        arrays[printable(name)] = (_widened(array) if kind == "BF16" else array).reshape(shape)
    return Reading(arrays)


def _header(file, limits):
    (length,) = struct.unpack("<Q", file.handle.read(8))
    if length > min(file.size - 8, limits.max_header_bytes):
        raise InputError(
            f"{file} must hold its header and stay under {as_size(limits.max_header_bytes)} for it, but the "
            "header claims "
            f"{as_size(length)} of a file of {as_size(file.size)}: the file is truncated or damaged, save it again."
        )
    header = parsed_json(file.handle.read(length), f"The header of {file}")
    if not isinstance(header, dict):
        raise InputError(f"The header of {file} must be a JSON object, but is not: save it again.")
    return header, 8 + length


def _place(entry, what, limits):
    if not isinstance(entry, dict):
        raise InputError(f"{what} must be described by dtype, shape and data_offsets, but is not: save it again.")
    kind, shape, offsets = entry.get("dtype"), entry.get("shape"), entry.get("data_offsets")
    if not isinstance(kind, str) or kind not in _DTYPES:
        raise InputError(f"{what} must be of real numbers or booleans, but is of {quoted(kind)}: save it as float32.")
    if not (_are_sizes(shape) and _are_sizes(offsets) and len(offsets) == 2):
        raise InputError(f"{what} must state its shape and two data_offsets, but does not: save it again.")
    n_bytes = limits.check_shape(tuple(shape), np.dtype(_DTYPES[kind]).itemsize * (2 if kind == "BF16" else 1), what)
    n_bytes //= 2 if kind == "BF16" else 1
    begin, end = offsets
    if end - begin != n_bytes:
        raise InputError(
            f"{what} must take {as_size(n_bytes)} for its shape {tuple(shape)} of {kind}, but its data_offsets span "
            f"{max(end - begin, 0):,} bytes: save it again."
        )
    return kind, tuple(shape), begin, end


def _are_sizes(values):
    return isinstance(values, list) and all(type(value) is int and value >= 0 for value in values)


def _check_places(places, n_data_bytes, file, limits):
    expected = 0
    for name, (_, _, begin, end) in sorted(places.items(), key=lambda place: place[1][2:]):
        if begin != expected:
            raise InputError(
                f"{file} must store its tensors one after the other, but {quoted(name)} begins at byte {begin:,} "
                "instead of "
                f"{expected:,}: save it again."
            )
        expected = end
    if expected != n_data_bytes:
        raise InputError(
            f"{file} must hold {as_size(expected)} of values as its header says, but holds {as_size(n_data_bytes)}: "
            "the file is truncated or damaged, save or upload it again."
        )


def _widened(bits):
    wide = bits.astype(np.uint32)
    wide <<= 16
    return wide.view(np.float32)
