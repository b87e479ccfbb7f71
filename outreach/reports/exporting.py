"""A report as a file that leaves us: noted, marked, and told apart from the one before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from outreach.calendars import CHINA
from outreach.reports.periods import Period, PeriodKind, containing
from outreach.reports.table import Asked, Report, Row, Table, Value
from outreach.reports.writing import layout
from outreach.reports.writing.files import WRITERS
from outreach.reports.writing.mark import Mark, digest, spoken
from records import audit, report_exports
from records.database import Session
from records.report_exports import Cells, Exported

_MOST = 200  # changes that are told one by one


@dataclass(frozen=True, slots=True)
class Made:
    """A file, the table in it, and what has changed since the one before."""

    data: bytes
    table: Table
    changes: tuple[str, ...]


def fitting(report: Report, period: Period) -> Period | None:
    """The span that a report is made of; None where it cannot be of such a one.

    How things stand on a day is told of a longer span as of its last day.
    """
    if period.kind is report.period or period.kind in report.also:
        return period
    is_of_day = report.period is PeriodKind.DAY
    return containing(PeriodKind.DAY, period.last) if is_of_day else None


def made(session: Session, report: Report, asked: Asked, *, ending: str, by: str) -> Made:
    """Count it now, and make the file; `ending` is one of WRITERS."""
    table = report.build(session, asked)
    changes = compared(session, report, asked, table)
    told = replace(table, beside=(*table.beside, *changes))
    number = note(session, report, asked, table, by=by)
    mark = Mark(by, asked.now, number, is_shown=report.has_people)
    return Made(WRITERS[ending](told, mark), told, changes)


def compared(session: Session, report: Report, asked: Asked, table: Table) -> tuple[str, ...]:
    """What has changed since the table of this area and period that left us last."""
    if not _is_remembered(report, asked):
        return ()
    before = report_exports.last(session, _of(report, asked))
    return tuple(_changes(before, table)) if before else ()


def note(session: Session, report: Report, asked: Asked, table: Table, *, by: str) -> str:
    """A table leaves us: into the trail, and for the next one to be told apart. Its number."""
    subject = "/".join(_of(report, asked))[:60]
    audit.write(session, "report.made", at=asked.now, actor=f"staff:{by}"[:60], subject=subject)
    if not _is_remembered(report, asked):
        return ""
    before, now = report_exports.last(session, _of(report, asked)), digest(table)
    if before is not None and before.digest == now:
        return f"R{before.number:06d}"
    of = _of(report, asked)
    kept = report_exports.keep(session, of, cells(table), digest=now, by=by, at=asked.now)
    return f"R{kept:06d}"


def _is_remembered(report: Report, asked: Asked) -> bool:
    return not report.has_people and not asked.is_public


def _of(report: Report, asked: Asked) -> tuple[str, str, str]:
    return report.name, asked.area, str(asked.period)


def cells(table: Table) -> Cells:
    """The figures by line and column."""
    return {
        _line(row): {
            column.key: value
            for column in table.columns
            if isinstance(value := row.cells.get(column.key), int | float | None)
        }
        for row in table.rows
    }


def _line(row: Row) -> str:
    return "total" if row.is_total else f"{row.area}/{row.subject}"


def _changes(before: Exported, table: Table) -> Iterator[str]:
    """What a figure was and is, line by line; «没有变化» is said, too."""
    at = before.at.astimezone(CHINA)
    found = list(_differences(before.cells, table))
    head = f"和上次导出（{at:%Y-%m-%d %H:%M}，{spoken(before.by)}）比："
    if not found:
        yield f"{head}数没有变化。"
    else:
        yield f"{head}{len(found)}个数变了。"
        yield from found[:_MOST]
        if len(found) > _MOST:
            yield f"另有{len(found) - _MOST}个没有列出来。"


def _differences(before: Cells, table: Table) -> Iterator[str]:
    titles = dict(zip((one.key for one in table.columns), layout.flat(table.columns), strict=True))
    known = set()
    for row in table.rows:
        line = _line(row)
        known.add(line)
        old = before.get(line)
        if old is None:
            yield f"{_name(row, table)}：新增的一行"
            continue
        for column in table.columns[1:]:
            new = row.cells.get(column.key)
            if isinstance(new, str) or column.key not in old:
                continue
            if old[column.key] != new:
                was, now = _said(old[column.key]), _said(new)
                yield f"{_name(row, table)}：{titles[column.key]} {was} → {now}"
    if gone := len(before.keys() - known):
        yield f"上次有、这次没有的：{gone}行"


def _name(row: Row, table: Table) -> str:
    """The words of a line, as far as they come before its figures."""
    words = []
    for column in table.columns:
        value = row.cells.get(column.key)
        if isinstance(value, str) and value:
            words.append(value)
        elif words:
            break
    return " ".join(words)


def _said(value: Value) -> str:
    return "空" if value is None else layout.shown(value)
