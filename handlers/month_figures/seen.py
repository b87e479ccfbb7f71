"""What a turn knows of a month's figures, for the staff who answer for them («月报 10月»)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from outreach.calendars import CHINA
from outreach.reports import drafting
from outreach.reports.month import Month
from outreach.reports.notices import registry
from outreach.reports.periods import parse
from outreach.reports.places import namer
from outreach.reports.table import Value
from outreach.reports.versions import reading, telling
from outreach.reports.versions.reading import Opened
from records import report_versions, rights
from records.database import Session
from records.month_drafts import Draft
from records.report_versions import State, Version
from records.rights import Right, may
from records.staff_accounts import Staff
from records.vault import Vault

_ASKED = re.compile(r"(?:看)?月报(?:草稿)?(?:\s*(?:(20\d\d)[-年./])?(\d{1,2})月?)?")
_PAPER = re.compile(r"(?:看)?报表(?:\s*(\d{1,9}))?(?:号)?")
_MONTHS = 12
_MOST = 10  # papers in one message


@dataclass(frozen=True, slots=True)
class PaperSeen:
    """A paper as it is told in a message: what it is, how it stands, its figures in words."""

    number: int
    what: str
    state: State
    due: date | None = None
    is_late: bool = False
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """The newest drafts of a month for the areas of whom asks; or the papers that they owe.

    `papers` is None where nobody asked for them; `asked` is the number of the one asked for.
    """

    month: Month | None = None
    drafts: tuple[Draft, ...] = ()
    papers: tuple[PaperSeen, ...] | None = None
    asked: int = 0


NONE = MonthFigures()


def month_asked(text: str, now: datetime) -> Month | None:
    """The month of «月报 10月», the last one where none is named; None for other words."""
    found = _ASKED.fullmatch(text.strip())
    if found is None or (found[2] and not 1 <= int(found[2]) <= _MONTHS):
        return None
    if not found[2]:
        return drafting.last_month(now)
    here = now.astimezone(CHINA)
    month = Month(int(found[1] or here.year), int(found[2]))
    return month if found[1] or month.first <= here.date() else month.back(_MONTHS)


def paper_asked(text: str) -> int | None:
    """The number of «报表 12», 0 of «报表»; None for other words."""
    found = _PAPER.fullmatch(text.strip())
    return int(found[1] or 0) if found else None


def may_ask(staff: Staff | None) -> bool:
    """Whether the figures are theirs to answer for."""
    return staff is not None and rights.may(staff, Right.SIGN)


def of_staff(
    session: Session, vault: Vault, staff: Staff, texts: Sequence[str], now: datetime
) -> MonthFigures | None:
    """What they asked for; None where they did not."""
    papers = [number for text in texts if (number := paper_asked(text)) is not None]
    if papers:
        found = _papers(session, vault, staff, papers[0], now)
        return MonthFigures(papers=found, asked=papers[0])
    months = [month for text in texts if (month := month_asked(text, now))]
    if not months:
        return None
    return MonthFigures(months[0], tuple(drafting.visible(session, staff.area, months[0])))


def _papers(
    session: Session, vault: Vault, staff: Staff, number: int, now: datetime
) -> tuple[PaperSeen, ...]:
    """The one asked for, where it is theirs to see; else what they owe."""
    if not number:
        owed = telling.owed_by(session, staff, _MOST)
        named = namer(session, [one.area for one in owed])
        return tuple(_paper(one, named, now) for one in owed)
    version = report_versions.find(session, number)
    is_theirs = version and may(staff, Right.REPORTS)
    if not (version and is_theirs and report_versions.may_see(staff.area, version)):
        return ()
    lines = () if version.has_people else _told(reading.opened(session, vault, version))
    return (_paper(version, namer(session, [version.area]), now, lines),)


def _paper(
    version: Version, named: Callable[[str], str], now: datetime, lines: tuple[str, ...] = ()
) -> PaperSeen:
    paper = registry.find(version.report)
    title = paper.report.title if paper else version.report
    what = f"{named(version.area)}{parse(version.period).spoken}{title}"
    late = telling.is_late(version, now)
    return PaperSeen(version.number, what, version.state, version.due_on, late, lines)


def _told(known: Opened) -> tuple[str, ...]:
    """Its words; of a table of one figure a line, the figures."""
    if known.content.body:
        return tuple(known.content.body)
    columns = [one.key for one in known.table.columns]
    if columns != ["figure", "unit", "now"]:
        return ()
    rows = (row.cells for row in known.table.rows)
    return tuple(f"{row['figure']}：{_number(row['now'])}{row['unit']}" for row in rows)


def _number(value: Value) -> str:
    return "没有" if value is None else str(value)
