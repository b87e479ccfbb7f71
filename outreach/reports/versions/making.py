"""Making a version: counted now, with the lists behind its figures, and made again on wish."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import select

from outreach.reports.table import Asked, Listed, Report, Row, Table
from outreach.reports.versions import document, noting, reading
from outreach.reports.versions.document import Content
from outreach.reports.versions.paper import Paper, asked_of
from outreach.reports.versions.refusal import STALE, ReportRefusal
from records import audit, places, report_versions
from records.database import Session
from records.entities import Entity
from records.people import Person
from records.report_versions import NoteKind, State, Version
from records.scope import is_local
from records.tickets import Ticket

_COUNTY = 6  # digits of a county's code
_AT_ONCE = 500
_OWNED = tuple(
    (table.c[key], table.c[owner])
    for table, key, owner in (
        (Person.__table__, "id", "id"),  # type: ignore[attr-defined]
        (Entity.__table__, "id", "person_id"),  # type: ignore[attr-defined]
        (Ticket.__table__, "number", "person_id"),  # type: ignore[attr-defined]
    )
)


def draft(session: Session, paper: Paper, asked: Asked) -> Version:
    """Count it now: a new version, or the one that is open where nothing has changed.

    What was remarked and typed goes along. A signed one is taken back before it is counted again.
    """
    known = report_versions.of(session, paper.name, asked.area, str(asked.period))
    before = known[0] if known and known[0].is_open else None
    if before is None and known:
        return known[0]
    content = counted(session, paper, asked)
    if before and _is_same(session, asked, before, content):
        return before
    if before and before.state is State.SIGNED:
        raise ReportRefusal("已经签字，先收回签字再重新算。")
    corrects = before.corrects if before else None
    made = _kept(session, paper, asked, content, corrects)
    if before:
        if not report_versions.replace_open(session, before):
            raise ReportRefusal(STALE)
        made = _carry(session, asked, before, made)
    return made


def correcting(session: Session, paper: Paper, asked: Asked, frozen: Version) -> Version:
    """A new version beside a frozen one that it corrects; the frozen one stays as it is."""
    known = report_versions.of(session, frozen.report, frozen.area, frozen.period)
    if frozen.state is not State.FROZEN or known[0].number != frozen.number:
        raise ReportRefusal("只能在最新的定稿之上出更正版；已经有一份在办，先办完那份。")
    return _kept(session, paper, asked, counted(session, paper, asked), frozen.number)


def counted(session: Session, paper: Paper, asked: Asked) -> Content:
    """The tables, the words and the lists behind the figures, as the records are now."""
    table = paper.report.build(session, asked)
    tables = (table, *paper.added(session, asked))
    lists = _lists(session, paper.report, asked, table.rows)
    return Content(tables, paper.body(table, asked), lists)


def county_of(session: Session, area: str) -> str:
    """The county that a town lies in; any other area itself."""
    if not is_local(area):
        return area
    found = places.counties_of(session, [area])
    return found[0] if found else area[:_COUNTY]


def _kept(
    session: Session, paper: Paper, asked: Asked, content: Content, corrects: int | None
) -> Version:
    head, pieces = document.packed(content, _owners(session, content.tables))
    version = Version(
        number=0,
        report=paper.name,
        area=asked.area,
        county=county_of(session, asked.area),
        period=str(asked.period),
        state=State.DRAFTED,
        made_at=asked.now,
        sha="",
        due_on=paper.due_on(asked.period),
        has_people=paper.report.has_people,
        corrects=corrects,
    )
    version = replace(version, sha=document.sha_of(version, head, ""))
    version = report_versions.add(session, asked.vault, version, head)
    report_versions.keep(session, asked.vault, version.number, pieces)
    subject = f"report:{version.number}"
    audit.write(session, "report.drafted", at=asked.now, actor="system", subject=subject)
    return version


def _lists(
    session: Session, report: Report, asked: Asked, rows: Sequence[Row]
) -> dict[tuple[str, str], Listed]:
    wanted = {(name, row.area or asked.area) for row in rows for name in row.opens.values()}
    return {
        (name, area): report.lists[name](session, asked_of(asked, area))
        for name, area in sorted(wanted)
    }


def _owners(session: Session, tables: Sequence[Table]) -> dict[str, str]:
    """Whose each line is that is about a person, or about what is theirs."""
    subjects = sorted({row.subject for table in tables for row in table.rows if row.subject})
    found: dict[str, str] = {}
    for first in range(0, len(subjects), _AT_ONCE):
        some = subjects[first : first + _AT_ONCE]
        for key, owner in _OWNED:
            rows = session.execute(select(key, owner).where(key.in_(some))).all()
            found |= {row[0]: row[1] for row in rows if row[1]}
    return found


def _is_same(session: Session, asked: Asked, before: Version, content: Content) -> bool:
    known = reading.opened(session, asked.vault, before)
    head = report_versions.head(session, asked.vault, before.number)
    digests = [one["digest"] for one in head["lists"]]
    pieces = report_versions.pieces(session, asked.vault, before.number, digests)
    lists = {
        (one["name"], one["area"]): document.read_list(pieces[one["digest"]])
        for one in head["lists"]
    }
    same_words = list(known.made.body) == list(content.body)
    tables = [_plain(one) for one in content.tables]
    is_told = [_plain(one) for one in known.made.tables] == tables
    return same_words and is_told and _sorted(lists) == _sorted(content.lists)


def _sorted(lists: Mapping[tuple[str, str], Listed]) -> dict[tuple[str, str], list[str]]:
    return {key: sorted(one.ids) for key, one in lists.items()}


def _plain(table: Table) -> Table:
    rows = [replace(row, cells=dict(row.cells), opens=dict(row.opens)) for row in table.rows]
    return replace(
        table,
        rows=rows,
        columns=list(table.columns),
        notes=list(table.notes),
        beside=list(table.beside),
    )


def _carry(session: Session, asked: Asked, before: Version, made: Version) -> Version:
    """What staff had written stands in the new version, on the lines that it still has."""
    old = reading.opened(session, asked.vault, before)
    new = reading.opened(session, asked.vault, made)
    lines = {_key(n, row): n for n, row in enumerate(new.table.rows)}
    for said in old.notes:
        row = old.table.rows[said.line] if said.line >= 0 else None
        line = lines.get(_key(said.line, row)) if row else reading.WHOLE
        if line is None or said.is_gone or said.kind is NoteKind.CORRECTION:
            continue
        made = noting.carry(session, asked.vault, made, replace(said, line=line))
    return made


def _key(line: int, row: Row) -> tuple[str, str, int]:
    is_named = row.area or row.subject
    return row.area, row.subject, -1 if is_named else line
