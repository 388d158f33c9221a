"""Bytes to text: which encoding a file is in, and where its bytes stop being text. Knows nothing of its structure."""

import codecs
import io
from collections.abc import Iterator
from contextlib import contextmanager

from dashboard.errors import InputError
from dashboard.inputs.formats.files import SourceFile

# Windows-1252 is what spreadsheets write; Latin-1 decodes every byte and comes last.
_FALLBACKS = ("cp1252", "latin-1")
_BLOCK_BYTES = 1 << 22


def find_encoding(file: SourceFile) -> tuple[str, tuple[str, ...]]:
    """The encoding of a whole text file, and a note where it is not UTF-8; InputError where it holds no text."""
    if file.head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        if not _decodes(file, "utf-16"):
            raise InputError(f"{file} must be complete UTF-16 text as it starts, but is damaged: save it as UTF-8.")
        return "utf-16", (f"{file} was read as UTF-16 text.",)
    if _decodes(file, "utf-8-sig"):
        return "utf-8-sig", ()
    encoding = next(encoding for encoding in _FALLBACKS if _decodes(file, encoding))
    title = "Windows-1252" if encoding == "cp1252" else "Latin-1"
    return encoding, (f"{file} is not UTF-8 and was read as {title}: check letters with accents, or save it as UTF-8.",)


def decoded(file: SourceFile) -> tuple[str, tuple[str, ...]]:
    """The whole text with newlines as "\\n", and the notes of `find_encoding`."""
    encoding, notes = find_encoding(file)
    with open_text(file, encoding) as text:
        return text.read(), notes


@contextmanager
def open_text(file: SourceFile, encoding: str) -> Iterator[io.TextIOWrapper]:
    """The file from its start as text with newlines as "\\n"; the handle underneath stays open."""
    file.handle.seek(0)
    text = io.TextIOWrapper(file.handle, encoding=encoding)
    try:
        yield text
    finally:
        text.detach()


def _decodes(file, encoding):
    decoder = codecs.getincrementaldecoder(encoding)()
    file.handle.seek(0)
    try:
        while block := file.handle.read(_BLOCK_BYTES):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True
