"""The time that a request was promised: its last day, and whether it has passed (domain S4-19)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from outreach.calendars import CHINA
from outreach.working_days import Deadline, NotAnnounced, between, deadline, likely_end
from records.tickets import Ticket

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Clock:
    """What was promised, as it stands.

    `likely` is the last day by weekends alone where the holidays of its year are not announced:
    staff are nudged by it, nobody is told it. Elsewhere it is the last day itself.
    """

    promised: Deadline
    likely: date
    started_at: datetime

    def is_late(self, now: datetime) -> bool:
        """Whether the last day has passed; never where it is not known."""
        return self.promised.is_over(now.astimezone(CHINA).date())

    def is_up(self, now: datetime) -> bool:
        """Whether staff above should look after it."""
        return now.astimezone(CHINA).date() > self.likely

    def is_near(self, now: datetime) -> bool:
        """Whether its last working day, or the one before, has come; not on the day it began."""
        today = now.astimezone(CHINA).date()
        begun = self.started_at.astimezone(CHINA).date()
        return begun < today <= self.likely and likely_end(now, 1) >= self.likely

    def late_by(self, now: datetime) -> int:
        """Working days since the last day; of a year that is not announced, none are counted."""
        if not self.is_late(now) or self.promised.day is None:
            return 0
        end = datetime.combine(self.promised.day, datetime.min.time(), CHINA)
        try:
            return between(end, now)
        except NotAnnounced:
            return 0

    @property
    def promise(self) -> str:
        """As the person reads it who asks: 1个工作日内（最晚12月1日）."""
        day = self.promised.day
        known = f"最晚{day.month}月{day.day}日" if day else self._unknown
        return f"{self.promised.days}个工作日内（{known}）"

    @property
    def _unknown(self) -> str:
        return f"{self.promised.unknown_year}年放假安排还没公布"

    def shown(self, now: datetime) -> str:
        """As it is read: 最晚12月1日, or how late it is, or why no day is named."""
        day = self.promised.day
        if day is None:
            return self.promise
        if not self.is_late(now):
            return f"最晚{day.month}月{day.day}日"
        late = self.late_by(now)
        return f"已超期{late}个工作日" if late else f"{day.month}月{day.day}日已到期"


def clock(started_at: datetime, days: int) -> Clock:
    """So many working days from a moment on."""
    return Clock(deadline(started_at, days), likely_end(started_at, days), started_at)


def of(ticket: Ticket) -> Clock:
    """The clock of a ticket."""
    return clock(ticket.starts_at or ticket.opened_at, ticket.working_days)
