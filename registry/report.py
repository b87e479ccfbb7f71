"""What became of every row, as a file: written while the rows come, whole or not at all."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any

import openpyxl

from knowledge.exchange.cells import safe
from registry.importing import Told

HEADINGS = ("表", "行", "结果", "原因", "编号")


class Report:
    """A .csv or .xlsx file with a row for each row; nothing personal is in it.

    It is opened first; leaving it makes it whole, or removes it where something was raised.
    """

    def __init__(self, target: Path) -> None:
        self._target = target
        self._part = target.with_name(f".{target.name}.part")
        self._is_book = target.suffix.lower() == ".xlsx"
        self._file: Any = None
        self._sheet: Any = None

    def open(self) -> None:
        """Begin; OSError where nothing can be written."""
        self._file = self._part.open("w", encoding="utf-8-sig", newline="")
        if self._is_book:
            self._book = openpyxl.Workbook(write_only=True)
            self._sheet = self._book.create_sheet("导入结果")
        else:
            self._sheet = csv.writer(self._file)
        self._row(HEADINGS)

    def __enter__(self) -> Report:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: object, trace: TracebackType | None
    ) -> None:
        self._file.close()
        if kind is not None:
            self._part.unlink(missing_ok=True)
            return
        if self._is_book:
            self._book.save(self._part)
        os.replace(self._part, self._target)

    def write(self, told: Iterable[Told]) -> None:
        """Rows, in order."""
        for one in told:
            words = safe("；".join(one.remarks))
            self._row((safe(one.sheet), one.line, one.outcome.value, words, one.subject))

    def _row(self, cells: Iterable[object]) -> None:
        if self._is_book:
            self._sheet.append(list(cells))
        else:
            self._sheet.writerow(list(cells))
