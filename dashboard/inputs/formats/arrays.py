"""NumPy files: .npy, and .npz with named arrays. Pickled objects are never loaded.

Does not know what the arrays mean. The header is parsed here, strictly, so that no size is believed before it is
checked against the limits and against the file.
"""

import re
import struct

import numpy as np

from dashboard.errors import InputError
from dashboard.inputs.formats.archives import open_archive
from dashboard.inputs.formats.files import Reading, SourceFile, read_into
from dashboard.inputs.limits import Limits, as_size
from dashboard.inputs.names import decoded_text, printable, quoted

MAGIC = b"\x93NUMPY"
_DTYPE = re.compile(r"'([<>|=]?)([biufUS])(\d{1,7})'")
_ITEMSIZES = {"b": (1,), "i": (1, 2, 4, 8), "u": (1, 2, 4, 8), "f": (2, 4, 8)}
_SHAPE = re.compile(r"\(\s*((?:\d{1,20}L?\s*,\s*)*(?:\d{1,20}L?\s*)?)\)")
_HEADER = re.compile(
    r"\{\s*(?=.*'descr'\s*:\s*(?P<descr>'[^']*'|\[))"
    r"(?=.*'fortran_order'\s*:\s*(?P<fortran>True|False))"
    r"(?=.*'shape'\s*:\s*(?P<shape>\([^()]*\)))",
    re.DOTALL,
)


def read_npy(file: SourceFile, limits: Limits) -> Reading:
    """The one array of an .npy file, named ""."""
    return Reading({"": _read_array(file.handle, file.size, str(file), limits)})


def read_npz(file: SourceFile, limits: Limits) -> Reading:
    """The arrays of an .npz archive under their names; members that are no arrays are named in a note."""
    arrays, notes = {}, []
    with open_archive(file, limits) as archive:
        for member in archive.members:
            if not member.filename.endswith(".npy"):
                notes.append(f"{quoted(member.filename)} in {file} is no array and was left out.")
                continue
            name = printable(member.filename.removesuffix(".npy"))
            arrays[name] = _read_array(archive.open(member), member.file_size, f"{quoted(name)} in {file}", limits)
    if not arrays:
        raise InputError(
            f"{file} must hold arrays, but holds none: save them with np.savez(path, scores=..., labels=...)."
        )
    return Reading(arrays, notes=tuple(notes))


def _read_array(handle, size, what, limits):
    header, start = _read_header(handle, size, what, limits)
    shape, dtype, fortran_order = _parsed_header(header, what)
    n_bytes = limits.check_shape(shape, dtype.itemsize, what)
    if start + n_bytes != size:
        raise InputError(_size_mismatch(what, shape, dtype, n_bytes, size - start))
    array = read_into(handle, np.empty(int(np.prod(shape)), dtype), what)
    if handle.read(1):  # at the end of a zip member this also checks its CRC
        raise InputError(f"{what} must end after its array, but goes on: save it again.")
    return plain_array(array, what, limits).reshape(shape, order="F" if fortran_order else "C")


def plain_array(array: np.ndarray, what: str, limits: Limits) -> np.ndarray:
    """The 1-D array in native byte order, text as U, with nothing in it that its dtype does not allow."""
    if not array.dtype.isnative:
        array = array.byteswap(inplace=True).view(array.dtype.newbyteorder("="))
    if array.dtype.kind == "S":
        limits.check_shape(array.shape, 4 * array.dtype.itemsize, what)
    if array.dtype.kind in "SU":
        return decoded_text(array, what)
    if array.dtype == bool and array.size and array.view(np.uint8).max() > 1:
        position = int(array.view(np.uint8).argmax())
        value = array.view(np.uint8)[position]
        raise InputError(f"{what} must hold booleans (bytes 0 and 1), but byte {position} is {value}: save it again.")
    return array


def _read_header(handle, size, what, limits):
    prefix = handle.read(8)
    if prefix[:6] != MAGIC:
        raise InputError(f"{what} must start as an .npy file does, but does not: save it with np.save.")
    wide = prefix[6:7] in (b"\x02", b"\x03")
    length_bytes = handle.read(4 if wide else 2)
    if len(length_bytes) < (4 if wide else 2) or prefix[6:7] not in (b"\x01", b"\x02", b"\x03"):
        raise InputError(f"{what} must have a complete .npy header of version 1 to 3, but has not: save it again.")
    (length,) = struct.unpack("<I" if wide else "<H", length_bytes)
    start = 8 + len(length_bytes) + length
    if start > size or length > limits.max_header_bytes:
        raise InputError(
            f"{what} must hold its whole header of {as_size(length)}, but has {as_size(size)} in all: "
            "the file is truncated, save or upload it again."
        )
    return handle.read(length).decode("latin-1"), start


def _parsed_header(header, what):
    match = _HEADER.match(header)
    shape = match and _SHAPE.fullmatch(match["shape"])
    if not shape:
        raise InputError(
            f"{what} must have an .npy header that states dtype and shape, but it is damaged: save it again."
        )
    lengths = tuple(int(length) for length in re.findall(r"\d+", shape[1]))
    return lengths, _checked_dtype(match["descr"], what), match["fortran"] == "True"


def _checked_dtype(descr, what):
    if descr in ("'|O'", "'O'"):
        raise InputError(
            f"{what} must hold plain numbers or text, but holds pickled Python objects, which can run code when "
            "opened: "
            "convert it where it was made, np.save(path, array.astype('float32')) or array.astype(str)."
        )
    match = _DTYPE.fullmatch(descr)
    itemsize = int(match[3]) if match else 0
    if not itemsize or itemsize not in _ITEMSIZES.get(match[2], (itemsize,)):
        found = "a structured dtype" if descr == "[" else f"dtype {quoted(descr.strip(chr(39)))}"
        raise InputError(
            f"{what} must be of dtype bool, int, uint, float16, float32, float64 or text, but is of {found}: "
            "convert it where it was made, e.g. array.astype('float64')."
        )
    return np.dtype(f"{match[1].replace('|', '')}{match[2]}{match[3]}")


def _size_mismatch(what, shape, dtype, claimed, found):
    more = f"but {as_size(found)} follow"
    remedy = (
        "the file is truncated, save or upload it again" if found < claimed else "save each array in a file of its own"
    )
    return f"{what} must hold {as_size(claimed)} for its shape {shape} of {dtype}, {more} the header: {remedy}."
