"""The layout of a text table before it is parsed: separator, header, rows of equal length, the line of every fault.

Does not turn cells into numbers. Quotes follow RFC 4180: they count at the start of a field only, "" is a quote.
"""

import io
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

from dashboard.errors import InputError
from dashboard.inputs.cells import is_missing, is_number
from dashboard.inputs.formats.files import SourceFile
from dashboard.inputs.formats.text import find_encoding, open_text
from dashboard.inputs.limits import Limits, as_size
from dashboard.inputs.names import quoted

SPACES = " "  # stands for runs of spaces and tabs
_SEPARATORS = ("\t", ";", ",", "|")
_NAMES = {"\t": "tabs", ";": "semicolons", ",": "commas", "|": "vertical bars", SPACES: "spaces"}
_SAMPLE_RECORDS = 200


@dataclass(frozen=True)
class Layout:
    """Where the values of a text table stand."""

    encoding: str
    separator: str
    skipped_lines: int  # before the first row of values
    header: tuple[str, ...] | None
    n_rows: int
    n_columns: int
    sample: tuple[list[str], ...]  # the cells of the first rows
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Record:
    line: int  # counted from 1
    text: str
    n_fields: int


def find_layout(file: SourceFile, limits: Limits) -> Layout:
    """Reads the whole text once; InputError with the line where a row is ragged, a quote stays open or text is none."""
    encoding, notes = find_encoding(file)
    separator = _find_separator(file, encoding, limits)
    with open_text(file, encoding) as text:
        records = _records(text, separator, file, limits)
        first = list(islice(records, _SAMPLE_RECORDS))
        comment_lines = _n_comments(first)
        first = first[comment_lines:]
        if not first:
            raise InputError(f"{file} must hold a table, but has only blank or comment lines: save it again.")
        limits.check_table(1, max(record.n_fields for record in first[:2]), str(file))  # before they are split
        header, header_notes = _header(first, separator, file)
        rows = first[1:] if header else first
        n_columns = len(header) if header else first[0].n_fields
        limits.check_table(len(rows), n_columns, str(file))
        n_rows = _check_rows(rows, n_columns, separator, file) + _check_rows(records, n_columns, separator, file)
    limits.check_table(n_rows, n_columns, str(file))
    return Layout(
        encoding,
        separator,
        skipped_lines=rows[0].line - 1 if rows else 0,
        header=header,
        n_rows=n_rows,
        n_columns=n_columns,
        sample=tuple(_split(row.text, separator) for row in rows),
        notes=(*notes, *_separator_note(separator, file), *_comment_note(comment_lines, file), *header_notes),
    )


def holds_numbers(file: SourceFile, limits: Limits) -> bool:
    """Whether each of the first rows (after a header) has a cell that is a number: whether text is a table at all."""
    encoding, _ = find_encoding(file)
    separator = _find_separator(file, encoding, limits)
    rows = [row for row in _head(file, encoding, limits).split("\n") if row.strip() and not row.startswith("#")]
    limits.check_table(1, max((row.count(separator) for row in rows), default=0), str(file))  # before they are split
    return all(any(map(is_number, _split(row, separator))) for row in rows[1:] or rows)


def _head(file, encoding, limits):
    """The first lines, as many as are looked at or as make one longest line."""
    lines, length = [], 0
    with open_text(file, encoding) as text:
        while len(lines) < _SAMPLE_RECORDS and length < limits.max_line_bytes:
            lines.append(_checked_line(text, len(lines) + 1, file, limits))
            length += len(lines[-1])
            if not lines[-1]:
                break
    return "".join(lines)


def _find_separator(file, encoding, limits):
    head = _head(file, encoding, limits)
    by_separator = {separator: _field_counts(head, separator, file, limits) for separator in _SEPARATORS}
    for separator, counts in by_separator.items():
        if len(set(counts)) == 1 and counts[0] > 1:
            return separator
    if _is_number_table(head, limits):
        return SPACES
    # Ragged rows, or one column, or a header one name short: the separator of the header says which lines are wrong.
    return max((",", "\t", ";", "|"), key=lambda separator: by_separator[separator][:1])


def _field_counts(head, separator, file, limits):
    records = []
    # Under a wrong separator a quote may stay open: what comes before it still counts.
    with suppress(InputError):
        for record in _records(io.StringIO(head), separator, file, limits):
            records.append(record)
    return [record.n_fields for record in records[_n_comments(records) :]]


def _is_number_table(head, limits):
    lines = [line for line in head.split("\n") if line.strip(" \t") and not line.startswith("#")]
    if any(len(line.split(maxsplit=limits.max_columns)) > limits.max_columns for line in lines):
        return False
    rows = [_words(line) for line in lines]
    body = rows[1:] or rows
    return max(map(len, body), default=0) > 1 and all(
        is_number(cell) or is_missing(cell) for row in body for cell in row
    )


def _records(text, separator, file, limits) -> Iterator[_Record]:
    blank = " \n" if separator == "\t" else " \t\n"
    number = 0
    while line := _checked_line(text, number + 1, file, limits):
        number += 1
        if not line.strip(blank):
            continue
        start, record, length = number, io.StringIO(), len(line)  # not a list: two million short lines take 140 MB
        record.write(line)
        n_separators, is_open = _scan(line, separator, is_open=False)
        while is_open:
            line = _checked_line(text, number + 1, file, limits)
            number, length = number + 1, length + len(line)
            if not line or length > limits.max_line_bytes:
                raise InputError(
                    f"{file} must close every quoted cell, but the quote opened in line {start:,} is never closed: "
                    "add the closing quote or remove the opening one."
                )
            record.write(line)
            more, is_open = _scan(line, separator, is_open=True)
            n_separators += more
        yield _Record(start, record.getvalue(), n_separators + 1)


def _checked_line(text, number, file, limits):
    line = text.readline(limits.max_line_bytes + 1)
    if len(line) > limits.max_line_bytes:
        raise InputError(
            f"{file} must have lines under {as_size(limits.max_line_bytes)}, but line {number:,} is longer: "
            "check that it is a table, or save it as .npy or .parquet."
        )
    if "\0" in line:
        raise InputError(
            f"{file} must be text, but line {number:,} holds a NUL character: it is damaged or binary, save it again."
        )
    return line


def _scan(line, separator, *, is_open):
    """The separators of a line outside quotes, and whether a quote is open at its end."""
    if separator == SPACES:
        return len(_words(line)) - 1, False
    if is_open:
        closing = re.match(r'(?:[^"]|"")*+"', line)
        if closing is None:
            return 0, True
        line = "x" + line[closing.end() :]  # goes on within a field: a quote here opens nothing
    elif '"' not in line:
        return line.count(separator), False
    edge = f"(^|{re.escape(separator)}) *"
    line = re.sub(edge + r'"(?:[^"]|"")*+"', r"\1", line)
    opening = re.search(edge + '"', line)
    return line.count(separator, 0, opening.end() if opening else len(line)), opening is not None


def _words(line):
    return re.split("[ \t]+", line.strip(" \t\n"))


def _split(record, separator):
    record = record.removesuffix("\n")
    if separator == SPACES:
        return _words(record)
    if '"' not in record:
        return [cell.lstrip(" ") for cell in record.split(separator)]
    field = re.compile(rf' *+(?:"((?:[^"]|"")*+)")?([^{re.escape(separator)}]*+)')
    cells, position = [], 0
    while position <= len(record):
        match = field.match(record, position)
        cells.append((match[1] or "").replace('""', '"') + match[2])
        position = match.end() + 1
    return cells


def _n_comments(records):
    """How many records at the start are comments: they begin with # and differ in length from what follows."""
    count = 0
    while count < len(records) and records[count].text.startswith("#"):
        following = records[count + 1].n_fields if count + 1 < len(records) else None
        if records[count].n_fields == following:
            break
        count += 1
    return count


def _header(records, separator, file):
    """The names in the first record, or None where it holds values; and what to say about it."""
    first = _split(records[0].text, separator)
    if len(records) > 1 and records[1].n_fields == len(first) + 1 and _is_regular_rest(records):
        return ("", *_names(first)), (
            f"The header of {file} has one name less than its rows: the first column has no name.",
        )
    if not _is_values(first):
        return _names(first), ()
    return None, (f"{file} has no header: its first row holds values, and its columns are named by position.",)


def _is_regular_rest(records):
    return len({record.n_fields for record in records[1:]}) == 1


def _names(cells):
    return tuple(cell.strip() for cell in cells)


def _is_values(cells):
    """Whether a first row holds values: numbers, unless they count the columns (0, 1, 2, ... as pandas writes them)."""
    cells = [cell.strip() for cell in cells]
    numbers = [cell for cell in cells if is_number(cell)]
    counted = [str(number) for number in range(len(numbers) + 1)]
    is_index = cells[0] == "" and len(numbers) == len(cells) - 1
    if (len(numbers) > 2 or is_index) and numbers in (counted[:-1], counted[1:]):
        return False
    if numbers and all(is_number(cell) or is_missing(cell) for cell in cells):
        return True
    return len(set(numbers)) < len(numbers) or any("." in cell for cell in numbers)


def _check_rows(rows, n_columns, separator, file):
    count = 0
    for row in rows:
        if row.n_fields != n_columns:
            raise InputError(
                f"Each row of {file} must have {n_columns:,} cells separated by {_NAMES[separator]}, but line "
                f"{row.line:,} "
                f"has {row.n_fields:,} ({quoted(row.text)}): correct that line."
            )
        count += 1
    return count


def _separator_note(separator, file):
    return () if separator in ",\t" else (f"{file} was read as separated by {_NAMES[separator]}.",)


def _comment_note(count, file):
    return (f"{count} comment line(s) at the start of {file} were left out.",) if count else ()
