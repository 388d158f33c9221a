"""Pictures and sounds that a cell of the data names: which are shown, and their bytes.

A cell holds a `data:` address, or the path of a file below the folder that was given on the command line. Nothing
remote is ever fetched; what a file is, its first bytes say, never its name. Knows nothing of screens.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote_to_bytes

from dashboard.errors import InputError
from dashboard.inputs.limits import as_size
from dashboard.inputs.names import quoted

_NOUNS = {"image": "a picture", "audio": "a sound"}
MAX_BYTES = {"image": 8_000_000, "audio": 30_000_000}
# Neither SVG nor HTML: a picture that can hold scripts and addresses is not a picture here.
_SIGNATURES = [
    ("image/png", re.compile(rb"\x89PNG\r\n\x1a\n")),
    ("image/jpeg", re.compile(rb"\xff\xd8\xff")),
    ("image/gif", re.compile(rb"GIF8[79]a")),
    ("image/webp", re.compile(rb"RIFF....WEBP", re.DOTALL)),
    ("audio/wav", re.compile(rb"RIFF....WAVE", re.DOTALL)),
    ("audio/flac", re.compile(rb"fLaC")),
    ("audio/ogg", re.compile(rb"OggS")),
    ("audio/mp4", re.compile(rb"....ftyp(M4A|M4B|mp4|isom|iso2|dash)", re.DOTALL)),
    ("audio/webm", re.compile(rb"\x1aE\xdf\xa3")),
    ("audio/mpeg", re.compile(rb"ID3|\xff[\xe2-\xe7\xf2-\xf7\xfa-\xfb]")),
    ("audio/aac", re.compile(rb"\xff[\xf0\xf1\xf8\xf9]")),
]
_FIRST_BYTES = 16
_DATA = re.compile(r"data:([^;,]*)((?:;[^;,]*)*),", re.IGNORECASE)
_ADDRESS = re.compile(r"[a-z][a-z0-9+.\-]*://|//", re.IGNORECASE)


@dataclass(frozen=True)
class Medium:
    """A picture or sound: its bytes, and what they are ("image/png"), as their beginning says."""

    content: bytes
    mime: str

    @property
    def address(self) -> str:
        """The whole of it as a `data:` address, which a browser shows without asking anybody."""
        return f"data:{self.mime};base64,{base64.b64encode(self.content).decode()}"


def read_medium(cell: str, role: str, folder: Path | None) -> Medium:
    """The medium that `cell` names, for a column of the role "image" or "audio".

    folder: where files may lie, or None for data that was uploaded. InputError says in one sentence why something is
    not shown.
    """
    limit = MAX_BYTES[role]
    if cell[:5].lower() == "data:":
        content = _in_data_address(cell, limit)
    elif _ADDRESS.match(cell):
        raise InputError(f"An address must begin with data: to be shown, found {_short(cell)}: nothing is fetched.")
    else:
        content = _in_folder(cell, folder, limit)
    if len(content) > limit:
        raise _too_large(cell, limit)
    mime = kind_of(content)
    if mime is None or not mime.startswith(f"{role}/"):
        kinds = ", ".join(name.partition("/")[2] for name, _ in _SIGNATURES if name.startswith(role))
        raise InputError(f"A cell of this column must name {_NOUNS[role]} ({kinds}), but {_short(cell)} is none.")
    return Medium(content, mime)


def kind_of(content: bytes) -> str | None:
    """What the first bytes say, "image/png", or None for anything but the known pictures and sounds."""
    return next((mime for mime, signature in _SIGNATURES if signature.match(content[:_FIRST_BYTES])), None)


def short_cell(cell: str, limit: int = 200) -> str:
    """A cell as text for a table: a `data:` address by its kind and length only, any other text cut at `limit`."""
    if cell[:5].lower() == "data:":
        return f"{cell[:40].partition(',')[0].partition(';')[0]} ({len(cell):,} characters)"
    return cell if len(cell) <= limit else cell[: limit - 1] + "…"


def media_folder(path: str) -> Path:
    """The folder with all links resolved; InputError unless it is one."""
    folder = Path(path).resolve()
    if not folder.is_dir():
        raise InputError(f"--media must name a folder, but {quoted(path)} is none: give the folder of the files.")
    return folder


def _in_data_address(cell, limit):
    head = _DATA.match(cell[:300])
    allowed = {name for name, _ in _SIGNATURES} | {"image/jpg", "audio/mp3", "audio/x-wav", "audio/wave", "audio/x-m4a"}
    if head is None or head[1].strip().lower() not in allowed:
        raise InputError(f"A data: address must hold a picture or sound of a known kind, found {_short(cell)}.")
    payload = cell[head.end() :]
    is_base64 = head[2].lower().replace(" ", "").endswith(";base64")
    if len(payload) > (4 * limit // 3 + 4 if is_base64 else 3 * limit):
        raise _too_large(cell, limit)
    if not is_base64:
        return unquote_to_bytes(payload)
    try:
        return base64.b64decode("".join(payload.split()), validate=True)
    except (binascii.Error, ValueError):
        raise InputError(f"A data: address must hold valid base64, but {_short(cell)} does not.") from None


def _in_folder(cell, folder, limit):
    if folder is None:
        raise InputError(
            f"The file {_short(cell)} must lie in a folder that the app knows: start it with "
            "`python -m dashboard open ... --media FOLDER`."
        )
    path = Path(cell)
    if path.is_absolute() or ".." in path.parts:
        raise InputError(f"A path must lead downwards from the media folder, but {_short(cell)} does not.")
    try:
        path = (folder / path).resolve(strict=True)
        is_inside, content = path.is_relative_to(folder), b""
        if is_inside and not path.is_file():  # a folder, or a pipe, which would be waited for
            raise OSError
        if is_inside:
            with path.open("rb") as file:
                content = file.read(limit + 1)
    except (OSError, ValueError, RuntimeError):  # absent, not readable, a NUL in it, links in a circle
        raise InputError(f"The media folder must hold {_short(cell)} as a readable file, but it does not.") from None
    if not is_inside:
        raise InputError(f"A file must lie in the media folder, but {_short(cell)} leads out of it.")
    return content


def _too_large(cell, limit):
    return InputError(f"A picture or sound must have at most {as_size(limit)}, but {_short(cell)} has more.")


def _short(cell):
    return quoted(short_cell(cell, 80))
