"""Tells a file's format from its first bytes, with the sentence for those that are not supported.

Does not read content; a file's name only decides between formats of plain text.
"""

import re
import struct

from dashboard.errors import InputError
from dashboard.inputs.formats.archives import open_archive
from dashboard.inputs.formats.arrays import MAGIC as NPY_MAGIC
from dashboard.inputs.formats.files import SourceFile
from dashboard.inputs.limits import Limits

SUFFIXES = {
    "npy": (".npy",),
    "npz": (".npz",),
    "pt": (".pt", ".pth"),
    "safetensors": (".safetensors",),
    "parquet": (".parquet", ".pq"),
    "json": (".json",),
    "jsonl": (".jsonl", ".ndjson"),
    "csv": (".csv", ".tsv", ".tab"),
    "txt": (".txt",),
}
SUPPORTED = ".npy, .npz, .csv, .tsv, .parquet, .pt, .safetensors, .json, .jsonl or .txt"
PICKLE_SUFFIXES = (".pkl", ".pickle", ".joblib", ".p")
_FOREIGN = {
    b"\x1f\x8b": ("compressed with gzip", "unpack it first"),
    b"BZh": ("compressed with bzip2", "unpack it first"),
    b"\xfd7zXZ\x00": ("compressed with xz", "unpack it first"),
    b"\x28\xb5\x2f\xfd": ("compressed with zstd", "unpack it first"),
    b"\x89HDF": ("an HDF5 file", "save its arrays with np.savez"),
    b"ARROW1": ("an Arrow file", "save it as .parquet"),
    b"%PDF": ("a PDF", "save its table as .csv"),
    b"SQLite format 3": ("a database", "save its table as .csv"),
    b"@relation": ("an ARFF file", "save its table as .csv"),
    b"@RELATION": ("an ARFF file", "save its table as .csv"),
    b"\xd0\xcf\x11\xe0": ("an Excel workbook", "save its sheet as .csv"),
}
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_PICKLE_TEXT = re.compile(
    rb"[\]}(]+q\x00|\(?[dl]p\d*\n|\(?c(os|posix|nt|builtins|__builtin__|copy_reg|copyreg|numpy|torch)[.\w]*\n"
)
_BINARY = re.compile(rb"[\x00-\x06\x0e-\x1a\x7f]")


def find_format(file: SourceFile, limits: Limits) -> str:
    """One of SUFFIXES' keys; raises InputError for pickles and everything else that is not supported."""
    head = file.head
    if head.startswith(NPY_MAGIC):
        return "npy"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _archive_format(file, limits)
    if head.startswith(b"PAR1"):
        return "parquet"
    if _is_safetensors(file):
        return "safetensors"
    _refuse_pickle(file)
    _refuse_foreign(file)
    return _text_format(file)


def mismatch_note(file: SourceFile, format: str) -> str | None:
    """The sentence for a file whose name promises another format than it holds, else None."""
    promised = next((name for name, suffixes in SUFFIXES.items() if file.suffix in suffixes), None)
    if promised is None or promised == format or {promised, format} <= {"csv", "txt", "json", "jsonl"}:
        return None
    return f"{file} is really {_ARTICLES.get(format, 'a')} {SUFFIXES[format][0]} file and was read as one."


_ARTICLES = {"npy": "an", "npz": "an"}


def _archive_format(file, limits):
    with open_archive(file, limits) as archive:
        names = [member.filename for member in archive.members]
    if "[Content_Types].xml" in names:
        raise InputError(f"{file} must be {SUPPORTED}, but is an Excel workbook: save its sheet as .csv.")
    if any(name.endswith("/data.pkl") for name in names):
        return "pt"
    if not names or any(name.endswith(".npy") for name in names):
        return "npz"
    raise InputError(
        f"{file} must be {SUPPORTED}, but is a zip archive of other files: unpack it and load the files themselves."
    )


def _is_safetensors(file):
    if len(file.head) < 9:
        return False
    (length,) = struct.unpack("<Q", file.head[:8])
    return file.head[8:9] == b"{" and (length <= file.size or file.suffix in SUFFIXES["safetensors"])


def _refuse_pickle(file):
    head = file.head
    binary = head[:1] == b"\x80" and head[1:2] in (b"\x01", b"\x02", b"\x03", b"\x04", b"\x05")
    if binary or file.suffix in PICKLE_SUFFIXES or _PICKLE_TEXT.match(head):
        raise InputError(
            f"{file} must be {SUPPORTED}, but is a pickle (as .pkl, joblib and old .pt files are), which can run "
            "code when "
            "opened: convert it where it was made, np.save(path, array) or torch.save(tensor, path) with PyTorch "
            "1.6 or newer."
        )


def _refuse_foreign(file):
    for magic, (found, remedy) in _FOREIGN.items():
        if file.head.startswith(magic):
            raise InputError(f"{file} must be {SUPPORTED}, but is {found}: {remedy}.")
    for format in ("npy", "npz", "pt", "safetensors", "parquet"):
        if file.suffix in SUFFIXES[format]:
            raise InputError(
                f"{file} must start as {_ARTICLES.get(format, 'a')} {file.suffix} file does, but does not: "
                "it is damaged or of another kind, save it again."
            )
    if not file.head.startswith(_BOMS) and len(_BINARY.findall(file.head)) > max(4, len(file.head) // 25):
        raise InputError(f"{file} must be {SUPPORTED}, but is of an unknown binary format: save it as one of these.")


def _text_format(file):
    for format in ("jsonl", "json", "csv"):
        if file.suffix in SUFFIXES[format]:
            return format
    start = file.head.removeprefix(_BOMS[0]).replace(b"\0", b"").lstrip(b"\xff\xfe \t\r\n")[:1]
    if start in (b"[", b"{"):
        return "json"
    return "csv" if file.suffix not in SUFFIXES["txt"] else "txt"
