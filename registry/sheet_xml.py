"""The parts of an .xlsx file as they stream by: strings and rows, never a whole tree in memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import IO
from xml.parsers import expat

from knowledge.exchange.cells import BLANK, Cell, Made, cell_of
from registry.sheets import MOST_COLUMNS, RawRow

_PIECE = 2**16
_ROWS = range(1, 2**20 + 1)  # of a sheet; and its columns have three letters
_LETTERS = 3
_TRUE = ("1", "true")


class Strings:
    """The texts that cells refer to by number; what tells how a sign is read is left out."""

    def __init__(self) -> None:
        self.cells: list[Cell] = []
        self._text: list[str] = []
        self._is_text = self._is_reading = False

    def read(self, part: IO[bytes]) -> list[Cell]:
        """All of them, in order."""
        parser = _parser(self._start, self._end, self._said)
        while piece := part.read(_PIECE):
            parser.Parse(piece)
        parser.Parse(b"", True)
        return self.cells

    def _start(self, name: str, attrs: Mapping[str, str]) -> None:
        match _local(name):
            case "si":
                self._text = []
            case "rPh":
                self._is_reading = True
            case "t":
                self._is_text = not self._is_reading

    def _end(self, name: str) -> None:
        match _local(name):
            case "si":
                self.cells.append(cell_of("".join(self._text)))
            case "rPh":
                self._is_reading = False
            case "t":
                self._is_text = False

    def _said(self, text: str) -> None:
        if self._is_text:
            self._text.append(text)


class Rows:
    """The rows of one sheet with something in them, in order."""

    def __init__(self, strings: Sequence[Cell], hidden_columns: set[int]) -> None:
        self._strings = strings
        self._hidden_columns = hidden_columns
        self._done: list[RawRow] = []
        self._number = 0
        self._is_hidden = False
        self._cells: dict[int, Cell] = {}
        self._column = -1
        self._type = "n"
        self._is_formula = self._is_text = self._is_reading = False
        self._text: list[str] = []

    def read(self, part: IO[bytes]) -> Iterator[RawRow]:
        """Row after row, as the part is read."""
        parser = _parser(self._start, self._end, self._said)
        while piece := part.read(_PIECE):
            parser.Parse(piece)
            yield from self._done
            self._done.clear()
        parser.Parse(b"", True)
        yield from self._done

    def _start(self, name: str, attrs: Mapping[str, str]) -> None:
        match _local(name):
            case "c":
                self._column = _column(attrs.get("r", ""), self._column)
                self._type = attrs.get("t", "n")
                self._text, self._is_formula = [], False
            case "v" | "t":
                self._is_text = not self._is_reading
            case "f":
                self._is_formula = True
            case "rPh":
                self._is_reading = True
            case "row":
                self._number = _row_number(attrs.get("r"), self._number)
                self._is_hidden = attrs.get("hidden") in _TRUE
                self._cells, self._column = {}, -1
            case "col" if attrs.get("hidden") in _TRUE:
                first, last = int(attrs["min"]), int(attrs["max"])
                self._hidden_columns.update(range(max(first - 1, 0), min(last, MOST_COLUMNS)))

    def _end(self, name: str) -> None:
        match _local(name):
            case "v" | "t":
                self._is_text = False
            case "c":
                cell = self._cell()
                if cell is not BLANK and self._column < MOST_COLUMNS:
                    self._cells[self._column] = cell
            case "rPh":
                self._is_reading = False
            case "row" if self._cells:
                self._done.append(RawRow(self._number, self._cells, self._is_hidden))

    def _said(self, text: str) -> None:
        if self._is_text:
            self._text.append(text)

    def _cell(self) -> Cell:
        text = "".join(self._text)
        if not text:
            # A formula that no program has worked out yet; one that gave nothing is empty text.
            is_unknown = self._is_formula and self._type != "str"
            return Cell("=", Made.FORMULA) if is_unknown else BLANK
        match self._type:
            case "s":
                return self._strings[_place(text)]
            case "n":
                return cell_of(float(text))
            case "b":
                return cell_of(text in _TRUE)
            case "e":
                return Cell(text, Made.ERROR)
        return cell_of(text)


def _column(reference: str, before: int) -> int:
    """The column of a cell, from 0; the next one where the cell does not say."""
    number = 0
    for sign in reference[: _LETTERS + 1]:
        if not sign.isalpha():
            break
        number = number * 26 + ord(sign.upper()) - 64
    return number - 1 if number else before + 1


def _row_number(written: str | None, before: int) -> int:
    """The number of a row, the next where it does not say; ValueError for one no sheet has."""
    number = int(written or before + 1)
    if number not in _ROWS:
        raise ValueError("no row of a sheet")
    return number


def _place(written: str) -> int:
    """The place of a text among the strings; ValueError for one that would count from the end."""
    place = int(written)
    if place < 0:
        raise ValueError("no place among the strings")
    return place


def _local(name: str) -> str:
    return name if ":" not in name else name.rpartition(":")[2]


def _parser(start: object, end: object, said: object) -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start  # type: ignore[assignment]
    parser.EndElementHandler = end  # type: ignore[assignment]
    parser.CharacterDataHandler = said  # type: ignore[assignment]
    return parser
