"""ARFF files, dense and sparse, to one array of numbers, with the line, row and column of every fault.

Does not know which attributes are labels. scipy's reader is the tests' oracle rather than the reader: it knows neither
sparse rows nor text and does not say where a fault is.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np

from dashboard.errors import InputError
from dashboard.inputs.cells import is_missing, is_number
from dashboard.inputs.formats.arff_header import (
    NOMINAL,
    NUMBER,
    TEXT,
    Attribute,
    Header,
    Lines,
    read_header,
    split_cells,
)
from dashboard.inputs.formats.files import SourceFile
from dashboard.inputs.formats.text import find_encoding, open_text
from dashboard.inputs.limits import Limits, as_size
from dashboard.inputs.names import printable, quoted
from dashboard.sentences import few

_BLOCK_CELLS = 1_000_000
_UNPACKED_FREELY = 100_000_000  # bytes; small files are read where they are, and few bytes of sparse rows can be many
_RELATION = re.compile(r"\s*(?:%[^\n]*\n\s*)*@relation\b", re.IGNORECASE)
_WEIGHT = re.compile(r",\s*\{[^{}]*\}\s*$")


@dataclass(frozen=True, eq=False)
class Arff:
    """values: (n_attributes, n_samples) float64, NaN where missing; of a nominal attribute the position in its values.

    texts: position of a TEXT attribute -> (n_samples,) of text as objects, None where missing.
    """

    name: str  # the file's
    relation: str
    attributes: tuple[Attribute, ...]
    values: np.ndarray
    texts: dict[int, np.ndarray]
    notes: tuple[str, ...]


def is_arff(file: SourceFile) -> bool:
    """Whether the file begins as ARFF does, after comments, or is called .arff."""
    start = file.head.removeprefix(b"\xef\xbb\xbf").decode("latin-1").replace("\r", "\n")
    return file.suffix == ".arff" or _RELATION.match(start) is not None


def read_arff(file: SourceFile, limits: Limits) -> Arff:
    """The whole file; InputError with the line and row where a cell is no number, no declared value, or too many."""
    encoding, notes = find_encoding(file)
    with open_text(file, encoding) as text:
        lines = iter(Lines(text, str(file), limits))
        header = read_header(lines, str(file), limits)
        rows = _Rows(header, file, limits)
        blocks = list(rows.blocks(lines))
    if not blocks:
        raise InputError(f"{file} must have rows after @data, but has none: it is truncated, save it again.")
    values = np.concatenate(blocks, axis=1)
    texts = {position: np.array(cells, dtype=object) for position, cells in rows.texts.items()}
    return Arff(file.name, header.relation, header.attributes, values, texts, (*notes, *rows.notes()))


class _Rows:
    """Turns lines into blocks of numbers; texts are collected aside."""

    def __init__(self, header: Header, file: SourceFile, limits: Limits):
        self.attributes, self._file, self._limits = header.attributes, file, limits
        self.texts = {i: [] for i, attribute in enumerate(header.attributes) if attribute.kind == TEXT}
        self._codes = [_codes_of(attribute) for attribute in header.attributes]
        # What a sparse row leaves out is 0, or the first value declared.
        self._omitted = np.array([np.nan if attribute.kind == TEXT else 0.0 for attribute in header.attributes])
        self._n_rows = self._n_weights = 0

    def blocks(self, lines: Iterator[tuple[int, str]]) -> Iterator[np.ndarray]:
        """(n_attributes, n_rows) float64, about a million cells each."""
        most = max(1, _BLOCK_CELLS // len(self.attributes))
        block: list[tuple[int, str]] = []
        for numbered in lines:
            if block and (len(block) == most or _is_sparse(numbered) != _is_sparse(block[0])):
                yield self._values(block)
                block = []
            block.append(numbered)
        if block:
            yield self._values(block)

    def notes(self) -> tuple[str, ...]:
        return (f"The weights of {self._n_weights:,} rows of {self._file} were left out.",) if self._n_weights else ()

    def _values(self, block) -> np.ndarray:
        self._check_size(len(block))
        values = self._sparse(block) if _is_sparse(block[0]) else self._dense(block)
        self._n_rows += len(block)
        return values

    def _check_size(self, n_more):
        n_rows, n_columns = self._n_rows + n_more, len(self.attributes)
        self._limits.check_table(n_rows, n_columns, str(self._file))
        n_bytes = 8 * n_rows * n_columns
        if n_bytes > _UNPACKED_FREELY and n_bytes > self._limits.max_ratio * self._file.size:
            raise InputError(
                f"{self._file} must unpack to at most {self._limits.max_ratio} times its size, but its sparse rows "
                f"take over {as_size(n_bytes)}: keep fewer attributes or samples."
            )

    def _dense(self, block) -> np.ndarray:
        n_columns = len(self.attributes)
        rows = [self._cells(number, line) for number, line in block]
        flat = list(chain.from_iterable(rows))
        values = np.empty((n_columns, len(block)))
        for column in range(n_columns):
            values[column] = self._column(column, flat[column::n_columns], block)
        return values

    def _cells(self, number, line) -> list[str]:
        cells = split_cells(line)
        if len(cells) == len(self.attributes) + 1 and _WEIGHT.search(line):
            self._n_weights += 1
            return cells[:-1]
        if len(cells) != len(self.attributes):
            raise InputError(
                f"Each row of {self._file} must have {len(self.attributes):,} values, one per attribute, but line "
                f"{number:,} has {len(cells):,} ({quoted(line)}): correct that line."
            )
        return cells

    def _column(self, column, cells, block) -> list[float]:
        """The numbers of one column of a block; the quick way fails on whatever needs a second look."""
        kind = self.attributes[column].kind
        if kind == TEXT:
            self.texts[column] += [_text(cell) for cell in cells]
            return [np.nan] * len(cells)
        codes = self._codes[column]
        try:
            return [codes[cell] for cell in cells] if kind == NOMINAL else self._numbers(cells)
        except (KeyError, ValueError):
            known: dict[str, float] = {}
            for row, cell in enumerate(cells):
                if cell not in known:
                    known[cell] = self._value(column, cell, block[row][0], row)
            return [known[cell] for cell in cells]

    def _numbers(self, cells) -> list[float]:
        if "_" in "".join(cells):  # "1_000" is a number to Python alone
            raise ValueError
        return list(map(float, cells))

    def _value(self, column, cell, line, row) -> float:
        """One cell's number; InputError with its place where it has none."""
        attribute = self.attributes[column]
        if attribute.kind == NOMINAL and (code := self._code(column, cell)) is not None:
            return code  # before what may be a missing value: "None" can be declared
        if cell == "?" or is_missing(cell):
            return np.nan
        if attribute.kind == NUMBER and is_number(cell):
            return float(cell)
        where = f"row {self._n_rows + row + 1:,} (line {line:,}), column {quoted(attribute.name)} of {self._file}"
        if attribute.kind == NUMBER:
            raise InputError(
                f"A numeric attribute must hold numbers or ?, but {where} holds {quoted(cell)}: correct it, or declare "
                "its values in braces."
            )
        raise InputError(
            f"A nominal attribute must hold one of its values ({few(attribute.values)}) or ?, but {where} holds "
            f"{quoted(cell)}: correct it, or declare that value."
        )

    def _code(self, column, cell) -> float | None:
        """The position of a declared value, also where a number is written another way ("1.0" for "1")."""
        codes = self._codes[column]
        if cell in codes:
            return codes[cell]
        if not is_number(cell):
            return None
        return next((code for value, code in codes.items() if is_number(value) and float(value) == float(cell)), None)

    def _sparse(self, block) -> np.ndarray:
        values = np.empty((len(self.attributes), len(block)))
        values[:] = self._omitted[:, None]
        if self._fill_plainly(values, block):
            return values
        texts = {column: [None] * len(block) for column in self.texts}
        for row, (number, line) in enumerate(block):
            for column, cell in self._pairs(number, line):
                if column in texts:
                    texts[column][row] = _text(cell)
                else:
                    values[column, row] = self._sparse_value(column, cell, number, row)
        for column, cells in texts.items():
            self.texts[column] += cells
        return values

    def _fill_plainly(self, values, block) -> bool:
        """The quick way for rows of numbers and plain words; False, with nothing done, for whatever is not as plain."""
        if self.texts or not all(_PLAIN_ROW.fullmatch(line) for _, line in block):
            return False
        tokens = [line[1:-1].replace(",", " ").split() for _, line in block]
        columns = [int(index) for row in tokens for index in row[::2]]
        if max(columns, default=0) >= len(self.attributes):
            return False
        numbers: dict[str, float] = _Numbers()
        tables = [codes or numbers for codes in self._codes]
        try:
            found = [tables[column][cell] for column, cell in zip(columns, _seconds(tokens), strict=True)]
        except (KeyError, ValueError):
            return False
        rows = np.repeat(np.arange(len(block)), [len(row) // 2 for row in tokens])
        values[columns, rows] = found
        return True

    def _sparse_value(self, column, cell, number, row) -> float:
        codes = self._codes[column]
        if self.attributes[column].kind == NOMINAL:
            return codes[cell] if cell in codes else self._value(column, cell, number, row)
        try:
            return self._numbers((cell,))[0]
        except ValueError:
            return self._value(column, cell, number, row)

    def _pairs(self, number, line) -> Iterator[tuple[int, str]]:
        """Attribute and cell of `{3 0.5, 7 'a b'}`; attributes count from 0."""
        end = line.find("}") if "'" not in line and '"' not in line else line.rfind("}")
        if end < 0:
            raise InputError(f"Sparse rows must end in a brace, but line {number:,} of {self._file} does not: add it.")
        if line[end + 1 :].strip(" ,\t{}0123456789."):
            raise InputError(
                f"A sparse row must be alone on its line, but line {number:,} of {self._file} goes on: correct it."
            )
        self._n_weights += "{" in line[end:]
        for pair in _sparse_pairs(line[1:end]):
            index, _, cell = pair.replace("\t", " ", 1).partition(" ")
            if not (index.isascii() and index.isdigit() and int(index) < len(self.attributes)) or not cell.strip():
                raise InputError(
                    f"A sparse row must list pairs of an attribute's position (0 to {len(self.attributes) - 1:,}) and "
                    f"its value, but line {number:,} of {self._file} holds {quoted(pair)}: correct it."
                )
            yield int(index), cell.strip() if cell[-1:] not in "'\"" else split_cells(cell.strip())[0]


class _Numbers(dict):
    """Text -> number, each text converted once."""

    def __missing__(self, text: str) -> float:
        self[text] = float(text)
        return self[text]


def _seconds(tokens) -> Iterator[str]:
    return (cell for row in tokens for cell in row[1::2])


def _is_sparse(numbered) -> bool:
    return numbered[1].startswith("{")


def _sparse_pairs(text) -> Iterator[str]:
    if "'" not in text and '"' not in text:
        return (pair for piece in text.split(",") if (pair := piece.strip()))
    return (match[0].strip() for match in _PAIR.finditer(text))


_PLAIN_ROW = re.compile(r"""\{ *(?:\d{1,7} +[^\s,'"{}_?]+ *(?:, *\d{1,7} +[^\s,'"{}_?]+ *)*+)?\}""", re.ASCII)
_PAIR = re.compile(r"""[^,'"]++(?:'(?:[^'\\]|\\.)*+'|"(?:[^"\\]|\\.)*+")?[^,]*+""")


def _codes_of(attribute) -> dict[str, float]:
    return {value: float(code) for code, value in enumerate(attribute.values)}


def _text(cell) -> str | None:
    return None if cell in ("?", "") else printable(cell)
