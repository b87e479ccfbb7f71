"""What a turn knows of a month's figures, for the staff who answer for them («月报 10月»)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from outreach.calendars import CHINA
from outreach.reports import drafting
from outreach.reports.month import Month
from records.database import Session
from records.month_drafts import Draft
from records.staff_accounts import Staff, StaffRole

_ASKED = re.compile(r"(?:看)?月报(?:草稿)?(?:\s*(?:(20\d\d)[-年./])?(\d{1,2})月?)?")
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """The newest drafts of a month for the areas of whom asks."""

    month: Month | None = None
    drafts: tuple[Draft, ...] = ()


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


def may_ask(staff: Staff | None) -> bool:
    """Whether the figures are theirs to answer for."""
    return staff is not None and staff.role is StaffRole.STAFF


def of_staff(
    session: Session, staff: Staff, texts: Sequence[str], now: datetime
) -> MonthFigures | None:
    """What they asked for; None where they did not."""
    months = [month for text in texts if (month := month_asked(text, now))]
    if not months:
        return None
    return MonthFigures(months[0], tuple(drafting.visible(session, staff.area, months[0])))
