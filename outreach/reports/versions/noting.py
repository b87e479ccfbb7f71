"""What staff write on a version: remarks, cells that nothing counts, corrections; all is kept."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime

from outreach.reports import annex4
from outreach.reports.table import Column, Row, Table, Unit, Value
from outreach.reports.versions import document, reading, telling
from outreach.reports.versions.reading import WHOLE, Said
from outreach.reports.versions.refusal import FROZEN, NOT_YOURS, STALE, ReportRefusal
from records import audit, report_versions
from records.database import Session
from records.report_versions import Note, NoteKind, State, Version
from records.rights import Right, may
from records.staff_accounts import Staff
from records.vault import Vault

LONGEST = 200  # characters of a remark or a reason
_NUMBER = re.compile(r"\d{1,12}(\.\d{1,4})?")
_WHOLE_UNITS = frozenset(set(Unit) - {Unit.NONE, Unit.YUAN, Unit.PERCENT})


def remark(
    session: Session,
    vault: Vault,
    version: Version,
    said: str,
    *,
    line: int = WHOLE,
    cell: str = "",
    why: str = "",
    by: Staff,
    now: datetime,
) -> Version:
    """Say something beside a cell, or of the whole; other words need a reason."""
    _may_write(by, version)
    if version.state is State.FROZEN:
        raise ReportRefusal(FROZEN)
    known = reading.opened(session, vault, version)
    if line != WHOLE:
        _cell(known.table, line, cell)
    old = known.remarks.get((line, cell))
    if old and not why.strip():
        raise ReportRefusal("改备注请写一句为什么改。")
    told = Said(NoteKind.REMARK, line, cell, old, _short(said), _short(why), by.name, now)
    return _written(session, vault, version, told)


def type_in(
    session: Session,
    vault: Vault,
    version: Version,
    typed: str,
    *,
    line: int,
    cell: str,
    why: str,
    by: Staff,
    now: datetime,
) -> Version:
    """Fill in a cell that nothing counts; what is counted is never typed over."""
    _may_write(by, version)
    if version.state is State.FROZEN:
        raise ReportRefusal(FROZEN)
    known = reading.opened(session, vault, version)
    row, column = _cell(known.made.tables[0], line, cell)
    if not may_type(row, column):
        raise ReportRefusal("这一格是系统从台账数出来的，不能手填；数不对就去改台账，再重新算。")
    if not why.strip():
        raise ReportRefusal("手填的数请写明出处，比如哪份文件、谁报来的。")
    old = known.table.rows[line].cells.get(cell)
    value = value_of(column, typed, old)
    _not_less(known.table.rows[line], cell, value)
    told = Said(NoteKind.TYPED, line, cell, old, value, _short(why), by.name, now)
    return _written(session, vault, version, told)


def _not_less(row: Row, cell: str, value: Value) -> None:
    """三年拟增 holds the year's: it is never less."""
    cells = {**row.cells, cell: value}
    year, span = cells.get(annex4.PLANNED_YEAR), cells.get(annex4.PLANNED_SPAN)
    if isinstance(year, int) and isinstance(span, int) and span < year:
        raise ReportRefusal(
            f"三年拟增（{span}个）含当年拟增（{year}个），不会比它小，请再看一遍。"
        )


def correct(
    session: Session,
    vault: Vault,
    version: Version,
    new: str,
    *,
    line: int,
    cell: str,
    why: str,
    by: Staff,
    now: datetime,
) -> Version:
    """Note beside a frozen cell what it should be; the cell and its hash stay as they are."""
    _may_write(by, version)
    if version.state is not State.FROZEN:
        raise ReportRefusal("还没有定稿，不用写更正：改台账后重新算就行。")
    if not why.strip():
        raise ReportRefusal("更正请写明为什么，看表的人要知道。")
    table = reading.opened(session, vault, version).corrected
    row, column = _cell(table, line, cell)
    old = row.cells.get(cell)
    value = value_of(column, new, old)
    if old == value:
        raise ReportRefusal("更正后的数和现在的一样，没有要改的。")
    told = Said(NoteKind.CORRECTION, line, cell, old, value, _short(why), by.name, now)
    _add(session, vault, version, told)
    _trail(session, "report.corrected", version, by.name, now)
    telling.corrected(session, vault, version, now)
    return version


def carry(session: Session, vault: Vault, made: Version, said: Said) -> Version:
    """What was written on an earlier draft, by whom and when it was, on the new one."""
    return _restamp(session, vault, made, _add(session, vault, made, said))


def may_type(row: Row, column: Column) -> bool:
    """Whether a cell is one that nothing counts."""
    is_empty = row.cells.get(column.key) is None and column.key not in row.opens
    return is_empty and not column.is_personal and not row.is_total


def value_of(column: Column, typed: str, old: Value = None) -> Value:
    """What was typed, as the column wants it; ReportRefusal says how to write it.

    A column without a unit may still have figures in it: the old value tells.
    """
    text = typed.strip().replace(",", "").replace("，", "")
    is_figure = column.unit is not Unit.NONE or isinstance(old, int | float)
    if not _NUMBER.fullmatch(text):
        if is_figure:
            raise ReportRefusal(f"“{column.title}”要填数字，不带单位，比如 12。")
        return _day(text) or text[:LONGEST]
    if isinstance(old, str):
        return text
    number = float(text)
    if number.is_integer():
        return int(number)
    if column.unit in _WHOLE_UNITS or isinstance(old, int):
        raise ReportRefusal(f"“{column.title}”是一个一个数的，要填整数。")
    return number


def last_sha(session: Session, version: Version) -> str:
    """What the next note is bound to: the last one, or the frozen version itself."""
    known = report_versions.notes(session, version.number)
    is_first = not known or known[-1].kind is not NoteKind.CORRECTION
    if version.state is State.FROZEN and is_first:
        return version.sha
    return known[-1].sha if known else ""


def _written(session: Session, vault: Vault, version: Version, said: Said) -> Version:
    sha = _add(session, vault, version, said)
    _trail(session, f"report.{said.kind.value}", version, said.staff, said.at)
    return _restamp(session, vault, version, sha)


def _add(session: Session, vault: Vault, version: Version, said: Said) -> str:
    """Store a note; what proves it."""
    before = last_sha(session, version)
    owner = _owner(session, vault, version, said.line)
    words = document.words(said.old, said.new, said.why, person_id=owner)
    note = Note(
        kind=said.kind,
        line=said.line,
        cell=said.cell,
        staff=said.staff,
        at=said.at,
        digest=words.digest,
        sha="",
        is_personal=bool(owner),
    )
    note = replace(note, sha=document.note_sha(note, before))
    report_versions.keep(session, vault, version.number, [words])
    report_versions.write(session, version.number, note)
    return note.sha


def _owner(session: Session, vault: Vault, version: Version, line: int) -> str:
    """Whose line it is; "" where it is nobody's."""
    if line == WHOLE:
        return ""
    head = report_versions.head(session, vault, version.number)
    key = head["tables"][0]["rows"][line]["digest"]
    found = report_versions.pieces(session, vault, version.number, [key]).get(key)
    return found.person_id if found else ""


def _restamp(session: Session, vault: Vault, version: Version, note: str) -> Version:
    """It is a draft again, whoever had checked it: something is written now that was not."""
    head = report_versions.head(session, vault, version.number)
    changed = replace(
        version,
        state=State.DRAFTED,
        checked_by="",
        checked_at=None,
        signed_by="",
        signed_at=None,
    )
    changed = replace(changed, sha=document.sha_of(changed, head, note))
    if not report_versions.stamp(session, changed, version):
        raise ReportRefusal(STALE)
    return changed


def _cell(table: Table, line: int, cell: str) -> tuple[Row, Column]:
    columns = {column.key: column for column in table.columns}
    if not 0 <= line < len(table.rows) or cell not in columns:
        raise ReportRefusal("表里没有这一格，刷新再选一次。")
    return table.rows[line], columns[cell]


def _may_write(by: Staff, version: Version) -> None:
    if not (may(by, Right.SIGN) and report_versions.may_see(by.area, version)):
        raise ReportRefusal(NOT_YOURS)
    if version.state is State.REPLACED:
        raise ReportRefusal(STALE)


def _short(text: str) -> str:
    if len(text.strip()) > LONGEST:
        raise ReportRefusal(f"太长了，请写在{LONGEST}个字以内。")
    return text.strip()


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _trail(session: Session, act: str, version: Version, name: str, now: datetime) -> None:
    actor, subject = f"staff:{name}"[:60], f"report:{version.number}"
    audit.write(session, act, at=now, actor=actor, subject=subject)
