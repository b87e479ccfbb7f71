"""A row of the spreadsheet held against what is served: what it would change."""

from collections.abc import Mapping
from typing import Any

from knowledge.exchange.cells import BLANK
from knowledge.exchange.columns import COLUMNS, STATUS, VERSION, Block, Column
from knowledge.exchange.labels import WITHDRAWN
from knowledge.exchange.lines import LineFault
from knowledge.exchange.report import Change, Line, Outcome
from knowledge.exchange.sheets import Row
from knowledge.exchange.values import Papers, changed, fingerprint, shown, value_of

_MEANWHILE = "导出以后别人改过这一条，没有覆盖；请重新导出，在新的表里再改一次"
_GONE = "导出以后这一条已经撤回了；要重新启用，请清空这一行的“版本”一格（隐藏的最后一列）"


class Merge:
    """Old data with the cells of a row laid over it."""

    def __init__(self, block: Block, old: Mapping[str, Any] | None, papers: Papers) -> None:
        self._columns = COLUMNS[block]
        self._old = old
        self._papers = papers
        self.data: dict[str, Any] = dict(old or {})

    def lay(self, row: Row, line: Line) -> None:
        """Lay the row over the data; the line is told what changes and what is wrong.

        A row that is as it was exported changes nothing, whatever others did since.
        """
        if self._is_untouched(row):
            return
        changes = []
        for column in () if is_withdrawn(row) else self._columns:
            if self._is_told(column, row):
                change = self._cell(column, row, line)
                changes += [change] if change else []
        self._judge(row, line, changes)

    def _is_told(self, column: Column, row: Row) -> bool:
        """A column that the sheet does not have changes nothing; an id is not edited."""
        return column.key != "id" and (column.key in row.cells or self._old is None)

    def _cell(self, column: Column, row: Row, line: Line) -> Change | None:
        cell = row.cells.get(column.key, BLANK)
        old = self.data.get(column.key)
        if column.must and not cell.text:
            line.refuse(column.heading, "不能空着")
            return None
        try:
            if self._old is None:
                new = value_of(column, cell, self._papers)
            else:
                differs, new = changed(column, old, cell, self._papers)
                if not differs:
                    return None
        except LineFault as fault:
            line.refuse(column.heading, str(fault))
            return None
        self.data[column.key] = new
        before, after = (shown(column, value, self._papers) for value in (old, new))
        return Change(column.heading, before, after) if before != after else None

    def _judge(self, row: Row, line: Line, changes: list[Change]) -> None:
        if line.outcome is Outcome.FAULTY:
            return
        if is_withdrawn(row):
            line.outcome = Outcome.UNCHANGED if self._old is None else Outcome.WITHDRAWN
        elif self._old is None:
            line.outcome = Outcome.NEW
        elif changes:
            line.outcome, line.changes = Outcome.CHANGED, tuple(changes)
        if line.outcome is not Outcome.UNCHANGED and row.text(VERSION):
            self._compare(row, line)

    def _compare(self, row: Row, line: Line) -> None:
        """A row that somebody else changed as well since the export is refused."""
        if self._old is None:
            line.refuse("版本", _GONE)
        elif row.text(VERSION) != self._now(self._old):
            line.refuse("", _MEANWHILE)

    def _is_untouched(self, row: Row) -> bool:
        cells = (row.cells.get(column.key, BLANK).text for column in self._columns)
        return bool(row.text(VERSION)) and row.text(VERSION) == fingerprint(cells)

    def _now(self, data: Mapping[str, Any]) -> str:
        return fingerprint(shown(c, data.get(c.key), self._papers) for c in self._columns)


def is_withdrawn(row: Row) -> bool:
    """Whether the row asks to take its entry out."""
    return row.text(STATUS) == WITHDRAWN
