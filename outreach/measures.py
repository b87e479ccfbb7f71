"""Figures of how requests and applications go, each by its one definition (domain 1.8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from outreach import clocks
from outreach.calendars import CHINA
from outreach.working_days import NotAnnounced, between
from records import surveys
from records.applications import WORKING_DAYS, Application
from records.database import Session
from records.scope import is_within, stem
from records.surveys import Tally

_HUNDRED = 100


@dataclass(frozen=True, slots=True)
class Spans:
    """How long something took: of `count` the median and the longest; `late` beyond the limit.

    `open` are not finished, `unknown` lie in a year whose holidays are not announced.
    """

    count: int
    open: int
    median: float | None
    longest: int | None
    late: int = 0
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class Share:
    """A percentage with what it is of; None where nobody answered."""

    percent: float | None
    response_percent: float | None
    tally: Tally


def satisfaction(session: Session, area: str, first: datetime, last: datetime) -> Share:
    """满意度: 4 and 5 of 5 among the answers, with how many were asked and answered."""
    tally = surveys.satisfaction(session, stem(area), first, last)
    return Share(
        _percent(tally.good, tally.answered), _percent(tally.answered, tally.asked), tally
    )


def awareness(session: Session, area: str, year: int) -> Share:
    """政策知晓率: right answers to both items among those asked."""
    tally = surveys.awareness(session, stem(area), year)
    return Share(_percent(tally.good, tally.asked), _percent(tally.answered, tally.asked), tally)


def decision_time(found: Sequence[Application], area: str, now: datetime) -> Spans:
    """审批用时: working days from the submission to the decision; late ones, open or not."""
    took: list[int] = []
    late = unknown = still_open = 0
    for one in found:
        if not is_within(one.area, area):
            continue
        if one.decided_at is None:
            still_open += 1
            late += clocks.clock(one.submitted_at, WORKING_DAYS).is_late(now)
            continue
        try:
            took.append(between(one.submitted_at, one.decided_at))
        except NotAnnounced:
            unknown += 1
    late += sum(days > WORKING_DAYS for days in took)
    return _spans(took, still_open=still_open, late=late, unknown=unknown)


def payment_time(found: Sequence[Application], area: str) -> Spans:
    """到账用时: days from the submission until the person said that the money had come."""
    granted = [one for one in found if is_within(one.area, area) and one.outcome == "granted"]
    took = [
        (one.paid_on - one.submitted_at.astimezone(CHINA).date()).days
        for one in granted
        if one.paid_on
    ]
    return _spans(took, still_open=len(granted) - len(took))


def _spans(took: Sequence[int], *, still_open: int, late: int = 0, unknown: int = 0) -> Spans:
    middle = float(median(took)) if took else None
    longest = max(took) if took else None
    return Spans(len(took), still_open, middle, longest, late, unknown)


def _percent(part: int, whole: int) -> float | None:
    return round(_HUNDRED * part / whole, 1) if whole else None
