"""What a file of rows is, whatever its format: sheets, one after the other, row by row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from knowledge.exchange.cells import Cell

MOST_COLUMNS = 120
Cells: TypeAlias = Mapping[int, Cell]  # by column, from 0


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row as it stands in the file; `fault` where it could not be cut into cells."""

    number: int
    cells: Cells
    is_hidden: bool = False
    fault: str = ""


@dataclass(slots=True)
class Sheet:
    """A sheet and its rows, which are read once, while they are asked for.

    `spans` are the first and last columns of cells merged sideways, by row; `hidden_columns` is
    filled before the first row.
    """

    name: str
    rows: Callable[[], Iterator[RawRow]]
    is_hidden: bool = False
    spans: Mapping[int, Sequence[tuple[int, int]]] = field(default_factory=dict)
    hidden_columns: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Book:
    """A file: its sheets, and what is to be said of how it was read."""

    sheets: tuple[Sheet, ...]
    notices: tuple[str, ...] = ()
