"""What became of every row, as three files: all of them, the refused to mend, some to show."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from console.exports.mark import Mark
from console.exports.sheet import Csv, Table, Value, Xlsx
from console.keeping import Writer
from console.work import Task
from records.kept_files import Purpose
from registry.importing import Import, Told
from registry.lists import Outcome
from registry.report import HEADINGS
from registry.tables import Line

_SHOWN = 100
WORTH_SHOWING = (Outcome.REFUSED, Outcome.DIFFERS)
_PLACE = ("表", "行", "原因")


@dataclass(slots=True)
class Results:
    """The files as they grow."""

    job: Import
    report: Writer
    faulty: Writer
    shown: Writer
    all_rows: Table
    refused: Table
    lines: dict[tuple[str, int], Line] = field(default_factory=dict)
    some: list[tuple[Any, ...]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    sheets: set[str] = field(default_factory=set)

    @classmethod
    async def begin(cls, task: Task, job: Import, title: str) -> Results:
        """Begin all three anew."""
        mark = Mark(task.row.by, task.means.now(), task.number)
        columns = [column.heading for column in job.kind.columns if not column.aside]
        one = cls(
            job,
            await Writer.begin(task, Purpose.REPORT, f"{title}-每行结果.csv"),
            await Writer.begin(task, Purpose.FAULTY, f"{title}-没收的行.xlsx"),
            await Writer.begin(task, Purpose.SHOWN, "shown"),
            Csv(f"{title}导入结果", HEADINGS, mark),
            Xlsx(f"{title}没收的行", (*_PLACE, *columns), mark),
        )
        await one.report.write(one.all_rows.begin())
        await one.faulty.write(one.refused.begin())
        return one

    def kept(self, lines: Iterable[Line]) -> Iterator[Line]:
        """The same lines, each remembered until it is known what became of it."""
        for line in lines:
            self.lines[line.sheet, line.number] = line
            yield line

    async def add(self, told: Sequence[Told]) -> None:
        """What became of the rows of a batch."""
        refused = [one for one in told if one.outcome is Outcome.REFUSED]
        await self.report.write(await asyncio.to_thread(self.all_rows.add, map(_row, told)))
        await self.faulty.write(await asyncio.to_thread(self._mended, refused))
        worth = (one for one in told if one.outcome in WORTH_SHOWING)
        free = range(_SHOWN - len(self.some))
        self.some += [_shown(one) for one, _ in zip(worth, free, strict=False)]
        self.sheets |= {one.sheet for one in told}
        for one in told:
            self.lines.pop((one.sheet, one.line), None)

    async def end(self) -> None:
        """All three are whole."""
        spare = self.job.spare
        shown = {
            "some": self.some,
            "has_sheets": len(self.sheets) > 1,
            "notices": [*spare.notices, *self.said],
            "aside": dict(spare.aside),
            "known": spare.known,
            "unknown": list(spare.unknown),
        }
        await self.report.end()
        await self.faulty.write(self.refused.end())
        await self.faulty.end()
        await self.shown.write(orjson.dumps(shown))
        await self.shown.end()

    def _mended(self, told: Sequence[Told]) -> bytes:
        """Refused rows as they stood, with the reasons before them."""
        keys = [column.key for column in self.job.kind.columns if not column.aside]
        rows: list[Sequence[Value]] = []
        for one in told:
            line = self.lines.get((one.sheet, one.line))
            cells = [line.cell(key).text if line else "" for key in keys]
            rows.append((one.sheet, one.line, "；".join(one.remarks), *cells))
        return self.refused.add(rows)


def _row(one: Told) -> tuple[str | int, ...]:
    return one.sheet, one.line, one.outcome.value, "；".join(one.remarks), one.subject


def _shown(one: Told) -> tuple[Any, ...]:
    return one.sheet, one.line, one.outcome.value, list(one.remarks)
