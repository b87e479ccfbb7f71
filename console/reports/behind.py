"""What a figure was counted from: a page of it, masked, and only what the reader may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from console.reports import making
from console.reports.lines import TITLES, Line, lines_of, unit_of
from console.reports.making import Wanted
from outreach.reports.rules import Rules
from outreach.reports.table import Row
from records.database import Session
from records.staff_accounts import Staff
from records.vault import Vault

_PAGE = 50


@dataclass(frozen=True, slots=True)
class Some:
    """A page of a list; `count` is of all, `people` who was shown, `next` where to go on."""

    title: str
    unit: str
    count: int
    lines: Sequence[Line]
    people: list[str]
    next: str = ""


def listed(
    session: Session,
    vault: Vault,
    staff: Staff,
    of: tuple[Wanted, Row, str, str],
    rules: Rules,
    now: datetime,
) -> Some:
    """The page after an id of what a cell opens."""
    wanted, row, column, after = of
    asked = making.asked_of(session, vault, replace(wanted, area=row.area), rules, now)
    found = wanted.report.lists[row.opens[column]](session, asked)
    title, unit, count = TITLES[found.subject], unit_of(found.subject), len(found.ids)
    rest = [one for one in sorted(found.ids, key=_place) if _place(one) > _place(after)]
    lines, shown = lines_of(session, vault, staff, found.subject, rest[:_PAGE], now)
    more = rest[_PAGE - 1] if len(rest) > _PAGE else ""
    return Some(title, unit, count, lines, shown, more)


def _place(one: str) -> tuple[int, str]:
    """Where an id stands: numbers by their size."""
    return len(one), one
