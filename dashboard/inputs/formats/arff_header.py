"""The header of an ARFF file (Weka, MULAN, MEKA): its relation, and the name and kind of each attribute.

Does not read rows of values and does not know which attributes are labels. Keywords count in any case; names may be
in single or double quotes, with backslashes, or hold spaces without any.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dashboard.errors import InputError
from dashboard.inputs.limits import Limits, as_size
from dashboard.inputs.names import check_distinct, printable, quoted

NUMBER, NOMINAL, TEXT = "number", "nominal", "text"
_KINDS = {"numeric": NUMBER, "real": NUMBER, "integer": NUMBER, "string": TEXT, "date": TEXT}
_QUOTED = re.compile(r"""'((?:[^'\\]|\\.)*+)'|"((?:[^"\\]|\\.)*+)\"""")
_CELL = re.compile(r"""[ \t]*(?:'((?:[^'\\]|\\.)*+)'|"((?:[^"\\]|\\.)*+)"|([^,]*+))[ \t]*(?=,|$)""")
_WORD = re.compile(r"""'((?:[^'\\]|\\.)*+)'|"((?:[^"\\]|\\.)*+)"|([^ \t]++)""")
_ESCAPED = re.compile(r"\\(.)")


@dataclass(frozen=True)
class Attribute:
    """A column: kind is NUMBER, NOMINAL (one of `values`) or TEXT (also dates)."""

    name: str
    kind: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Header:
    relation: str
    attributes: tuple[Attribute, ...]


@dataclass(frozen=True)
class Lines:
    """The lines of a file that say something, with their numbers from 1; `what` names the file in messages."""

    text: Iterator[str]
    what: str
    limits: Limits

    def __iter__(self) -> Iterator[tuple[int, str]]:
        number = 0
        while line := self.text.readline(self.limits.max_line_bytes + 1):
            number += 1
            if len(line) > self.limits.max_line_bytes:
                raise InputError(
                    f"{self.what} must have lines under {as_size(self.limits.max_line_bytes)}, but line {number:,} is "
                    "longer: check that it is an ARFF file."
                )
            if "\0" in line:
                raise InputError(
                    f"{self.what} must be text, but line {number:,} holds a NUL character: it is damaged or binary, "
                    "save it again."
                )
            line = line.strip()
            if line and not line.startswith("%"):
                yield number, line


def read_header(lines: Iterator[tuple[int, str]], what: str, limits: Limits) -> Header:
    """Consumes the lines up to and with @data; InputError with the line that is none of a header."""
    relation, attributes, n_bytes = "", [], 0
    for number, line in lines:
        n_bytes += len(line)
        keyword = line.split(None, 1)[0].lower()
        if keyword == "@data":
            return _checked(Header(relation, tuple(attributes)), what)
        if keyword == "@relation":
            relation = _unquoted(line[len(keyword) :].strip())
        elif keyword == "@attribute":
            attributes.append(_attribute(line[len(keyword) :].strip(), f"line {number:,} of {what}"))
        else:
            raise InputError(
                f"The header of {what} must consist of @relation, @attribute and @data, but line {number:,} is "
                f"{quoted(line)}: correct that line."
            )
        if n_bytes > limits.max_header_bytes or len(attributes) > limits.max_columns:
            raise InputError(
                f"{what} must have at most {limits.max_columns:,} attributes in {as_size(limits.max_header_bytes)}, "
                f"but has more before line {number:,}: keep fewer attributes."
            )
    raise InputError(f"{what} must have a line @data before its rows, but has none: it is truncated, save it again.")


def split_cells(line: str) -> list[str]:
    """The cells of a row or of a list of values, without their quotes: by commas, or by spaces where there is none."""
    if "'" not in line and '"' not in line and "\\" not in line:
        if "," not in line:
            return line.split()
        cells = line.split(",")
        return [cell.strip() for cell in cells] if " " in line or "\t" in line else cells
    if "," not in line:
        return [_text_of(match) for match in _WORD.finditer(line)]
    cells, position = [], 0
    while position <= len(line):
        match = _CELL.match(line, position)
        cells.append(_text_of(match))
        position = match.end() + 1
    return cells


def _text_of(match) -> str:
    quoted_text = next((text for text in match.groups()[:2] if text is not None), None)
    return (match[3] or "").strip() if quoted_text is None else _ESCAPED.sub(r"\1", quoted_text)


def _unquoted(text) -> str:
    match = _QUOTED.match(text)
    return text if match is None else _ESCAPED.sub(r"\1", match[1] if match[1] is not None else match[2])


def _attribute(text, where) -> Attribute:
    """`name kind`, where the name may be quoted and the kind is a word or values in braces."""
    name, kind = _name_and_kind(text)
    if kind.startswith("{"):
        end = kind.rfind("}")
        if end < 0:
            raise InputError(f"The values of an attribute must end with a brace, but not in {where}: add it.")
        values = split_cells(kind[1:end].strip()) if kind[1:end].strip() else []
        return Attribute(name, NOMINAL, tuple(dict.fromkeys(values)))
    word = kind.split(None, 1)[0].lower() if kind else ""
    if word not in _KINDS:
        raise InputError(
            f"An attribute must be numeric, real, integer, string, date or a list of values in braces, but {where} "
            f"says {quoted(text)}: correct it, or leave the attribute out."
        )
    return Attribute(name, _KINDS[word])


def _name_and_kind(text) -> tuple[str, str]:
    if match := _QUOTED.match(text):
        return _unquoted(text), text[match.end() :].strip()
    if "{" in text:
        name, _, values = text.partition("{")
        return name.strip(), "{" + values
    words = text.partition(" %")[0].split()
    is_last = len(words) > 1 and words[-1].lower() in _KINDS
    places = [len(words) - 1] if is_last else [i for i, word in enumerate(words) if i and word.lower() in _KINDS]
    at = places[0] if places else 1
    return " ".join(words[:at]), " ".join(words[at:])


def _checked(header, what) -> Header:
    """The header with printable names; at least one attribute, and no two of the same name."""
    if not header.attributes:
        raise InputError(f"{what} must have attributes, but there is none before @data: save it again.")
    attributes = tuple(
        Attribute(printable(attribute.name) or f"column {position}", attribute.kind, attribute.values)
        for position, attribute in enumerate(header.attributes)
    )
    check_distinct([attribute.name for attribute in attributes], f"attribute names of {what}")
    return Header(header.relation, attributes)
