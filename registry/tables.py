"""Sheets as tables: the heading found below titles, each row under columns or told aside."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice

from knowledge.exchange.cells import BLANK, Cell, Made
from knowledge.exchange.guard import FileRefused
from registry.columns import Column, Labels
from registry.sheets import Book, Cells, RawRow, Sheet

_HEADING_WITHIN = 30  # rows with something in them
_LEAST_KNOWN = 2  # headings, or it is no heading row
_TOTAL = re.compile(
    r"\s*(?:本页|本村|本镇|全[村镇县])?(?:合\s*计|小\s*计|总\s*计|共\s*计|累\s*计)"
)
_NOTE = re.compile(
    r"\s*(?:注|备注|说明|填表人?|填报人?|制表人?|审核人?|单位负责人|负责人签字?|联系人)\s*\d*\s*[:：（(]"
)
_TOTAL_WITHIN = 3  # first cells


@dataclass(frozen=True, slots=True)
class Line:
    """A row that is to be taken: where it stands, and its cells by the keys of their columns."""

    sheet: str
    number: int
    cells: Mapping[str, Cell]
    fault: str = ""

    def cell(self, key: str) -> Cell:
        """A cell; a blank one where there is none."""
        return self.cells.get(key, BLANK)


@dataclass(frozen=True, slots=True)
class _Heading:
    """Where each column stands; a heading over several cells makes them one."""

    places: Mapping[str, tuple[int, ...]]
    labels: Mapping[int, str]
    last: int  # the row's number
    known: int


@dataclass(slots=True)
class Spare:
    """What is to be said of a file besides its rows; whole when all of them have been read."""

    notices: list[str] = field(default_factory=list)
    aside: Counter[str] = field(default_factory=Counter)  # rows by why they are none to take
    known: dict[str, str] = field(default_factory=dict)  # heading → ours
    unknown: dict[str, None] = field(default_factory=dict)  # headings, in order


@dataclass(slots=True)
class Tables:
    """The tables of a file, read once."""

    book: Book
    labels: Labels
    spare: Spare = field(default_factory=Spare)

    def lines(self) -> Iterator[Line]:
        """Every row that is to be taken; FileRefused at the end where there was no table."""
        self.spare.notices += self.book.notices
        is_found = False
        for sheet in self.book.sheets:
            if sheet.is_hidden:
                self.spare.notices.append(
                    f"“{sheet.name}”是隐藏的表，没有读；要读就取消隐藏再导入。"
                )
                continue
            rows = sheet.rows()
            first = list(islice(rows, _HEADING_WITHIN))
            heading = _heading(first, sheet, self.labels)
            if heading is not None:
                is_found = True
                self._tell(sheet, heading)
                yield from self._lines(sheet, heading, chain(first, rows))
            elif first:
                self.spare.notices.append(f"{_of(sheet)}没有认得的表头，没有读。")
        if not is_found:
            wanted = "、".join(
                column.heading for column in self.labels.columns.values() if not column.aside
            )
            raise FileRefused(f"没有找到认得的表头。认得的列有：{wanted}。")

    def _lines(self, sheet: Sheet, heading: _Heading, rows: Iterable[RawRow]) -> Iterator[Line]:
        hidden = 0
        for row in rows:
            if row.number <= heading.last:
                continue
            if row.fault:
                yield Line(sheet.name, row.number, {}, row.fault)
                continue
            cells = _named(row.cells, heading)
            reason = _aside(row, cells, heading)
            if reason:
                self.spare.aside[reason] += 1
            else:
                hidden += row.is_hidden
                yield Line(sheet.name, row.number, cells)
        if hidden:
            self.spare.notices.append(f"{_of(sheet)}有 {hidden} 行是隐藏的，也读了。")

    def _tell(self, sheet: Sheet, heading: _Heading) -> None:
        """What is left aside of the columns, and what is hidden."""
        read = {at for places in heading.places.values() for at in places}
        for at, label in heading.labels.items():
            column = self.labels.column(label)
            if column is not None and at in read:
                self.spare.known[label] = column.heading
            if column is None and at not in read:
                self.spare.unknown[label] = None
                self.spare.notices.append(f"{_of(sheet)}的“{label}”这一列不认识，没有收。")
            elif column is not None and column.aside:
                self.spare.notices.append(f"{_of(sheet)}的“{label}”这一列没有收：{column.aside}。")
            elif at not in read and column is not None:
                self.spare.notices.append(
                    f"{_of(sheet)}有两列都是“{column.heading}”，只收了前一列，"
                    f"“{label}”没有收；要换就写进对照表。"
                )
            if at in read and column is not None and column.note:
                self.spare.notices.append(f"{_of(sheet)}的“{label}”这一列没有存：{column.note}。")
            if at in read and at in sheet.hidden_columns:
                self.spare.notices.append(f"{_of(sheet)}的“{label}”是隐藏的列，也读了。")


def _heading(rows: Sequence[RawRow], sheet: Sheet, labels: Labels) -> _Heading | None:
    """The row, or the two rows, with most of the known headings."""
    best: _Heading | None = None
    for number, row in enumerate(rows):
        below = rows[number + 1] if number + 1 < len(rows) else None
        for lower in (None, below):
            found = _understood(row, lower, sheet, labels)
            if found.known >= _LEAST_KNOWN and (best is None or found.known > best.known):
                best = found
    return best


def _understood(row: RawRow, lower: RawRow | None, sheet: Sheet, labels: Labels) -> _Heading:
    upper = _stretched(row, sheet)
    both = {} if lower is None else lower.cells
    places: dict[str, tuple[int, ...]] = {}
    over: dict[str, str] = {}  # the heading that a column was found by
    told: dict[int, str] = {}
    for at in sorted({*upper, *both}):
        top, bottom = upper.get(at, ""), both.get(at, BLANK).short
        label, column = _meant(top, bottom, labels)
        told[at] = label
        if column is None or column.aside:
            continue
        if column.key not in places:
            places[column.key], over[column.key] = (at,), label
        elif over[column.key] == label and label == top and lower is not None:
            places[column.key] += (at,)
    last = (lower or row).number
    return _Heading(places, told, last, len(places) if _is_new(lower, upper, labels) else 0)


def _is_new(lower: RawRow | None, upper: Mapping[int, str], labels: Labels) -> bool:
    """Whether a second row of headings is one, and not the first person."""
    if lower is None:
        return True
    texts = {at: cell.short for at, cell in lower.cells.items()}
    fresh = {at: text for at, text in texts.items() if text != upper.get(at)}
    known = sum(
        1
        for at, text in fresh.items()
        if labels.column(text) is not None or labels.column(upper.get(at, "") + text) is not None
    )
    return bool(fresh) and known * 2 >= len(fresh)


def _meant(top: str, bottom: str, labels: Labels) -> tuple[str, Column | None]:
    """The heading of a cell that has one above another, and the column that it means."""
    for label in (top + bottom if bottom != top else top, bottom, top):
        column = labels.column(label) if label else None
        if column is not None:
            return label, column
    return bottom or top, None


def _stretched(row: RawRow, sheet: Sheet) -> dict[int, str]:
    texts = {at: cell.short for at, cell in row.cells.items() if cell.short}
    for first, last in sheet.spans.get(row.number, ()):
        if first in texts:
            texts |= dict.fromkeys(range(first, last + 1), texts[first])
    return texts


def _named(cells: Cells, heading: _Heading) -> dict[str, Cell]:
    named: dict[str, Cell] = {}
    for key, places in heading.places.items():
        if len(places) == 1:
            cell = cells.get(places[0])
            if cell is not None:
                named[key] = cell
            continue
        parts = [cells[at].text for at in places if at in cells]
        if parts:
            named[key] = Cell("".join(parts), Made.TEXT)
    return named


def _aside(row: RawRow, cells: Mapping[str, Cell], heading: _Heading) -> str:
    """Why a row is none of those that are to be taken; "" if it is one."""
    first = [cell.text for cell in islice(row.cells.values(), _TOTAL_WITHIN)]
    if any(_TOTAL.match(text) for text in first):
        return "合计行"
    if any(_NOTE.match(text) for text in first[:1]) and len(cells) < _LEAST_KNOWN:
        return "表下的说明"
    if not cells:
        return "空行"
    headings = (heading.labels.get(heading.places[key][0]) for key in cells)
    if all(cell.short == label for cell, label in zip(cells.values(), headings, strict=True)):
        return "重复的表头"
    return ""


def _of(sheet: Sheet) -> str:
    return f"“{sheet.name}”表" if sheet.name else "表"
