"""Call-backs: when they are due, and what follows from what a helper tells of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from matching.facts import add_months
from outreach import alerts
from outreach.calendars import CHINA
from outreach.texts import say
from outreach.working_days import is_likely_working
from records import assignments, audit, entities, visits
from records.assignments import Assigned
from records.database import Session
from records.entities import EntityState
from records.vault import Vault
from records.visits import MONTHS, Due, Reason, Standing, Told, VisitKind

_SOON = timedelta(days=1)  # to try again where nobody answered


@dataclass(frozen=True, slots=True)
class Done:
    """What a contact led to: the next day on which the person is to be heard."""

    visit: int
    next_on: date | None


def plan(session: Session, dues: Sequence[Due], now: datetime) -> None:
    """These are to be heard, on a working day."""
    visits.plan(session, [replace(due, due_on=_on_working_day(due.due_on)) for due in dues], now)


def plan_months(session: Session, person_id: str, since: date, now: datetime) -> None:
    """The call-backs after 1, 3, 6 and 12 months (domain S4-13)."""
    dues = [Due(person_id, reason, add_months(since, months)) for reason, months in MONTHS.items()]
    today = now.astimezone(CHINA).date()
    plan(session, [due for due in dues if due.due_on > today], now)


def tell(
    session: Session,
    vault: Vault,
    dossier: Assigned,
    told: Told,
    *,
    next_on: date | None,
    now: datetime,
) -> Done:
    """A helper told of a contact: what was due is done, what follows is planned."""
    today = now.astimezone(CHINA).date()
    person_id = dossier.person_id
    visit = visits.log(session, vault, person_id, told, helper=dossier.helper, at=now)
    if told.kind is VisitKind.NO_ANSWER:
        again = next_on or today + _SOON
        plan(session, [Due(person_id, Reason.AGAIN, again)], now)
    else:
        visits.settle(session, person_id, today, visit=visit, at=now)
        if next_on:
            plan(session, [Due(person_id, Reason.PROMISED, next_on)], now)
    if told.standing is Standing.CLOSED:
        _close_business(session, vault, dossier, today, now)
    audit.write(
        session, "visit.logged", at=now, actor=f"staff:{dossier.helper}"[:60], subject=person_id
    )
    waiting = visits.waiting(session, [person_id])
    return Done(visit, waiting[0].due_on if waiting else None)


def due_for(session: Session, helper: str, today: date) -> list[tuple[Assigned, Due]]:
    """Whom a helper is to call by today, the most overdue first."""
    mine = {one.person_id: one for one in assignments.of_helper(session, helper)}
    waiting = visits.waiting(session, list(mine))
    first: dict[str, Due] = {}
    for due in waiting:
        if due.due_on <= today:
            first.setdefault(due.person_id, due)
    return [(mine[person_id], due) for person_id, due in first.items()]


def tell_of_today(session: Session, vault: Vault, now: datetime) -> int:
    """Each helper with somebody to call today is told how many; how many helpers it was."""
    today = now.astimezone(CHINA).date()
    counts = assignments.due_counts(session, today)
    for helper, count in counts.items():
        key = f"helper/today/{helper}/{today}"
        alerts.write_to(session, vault, helper, say("helper.today", count=count), key=key, now=now)
    return len(counts)


def _close_business(
    session: Session, vault: Vault, dossier: Assigned, today: date, now: datetime
) -> None:
    """The ledger learns of it from who was there."""
    for row in entities.of_people(session, [dossier.person_id]).get(dossier.person_id, []):
        if row.state == EntityState.OPEN:
            known = {"state": EntityState.CLOSED.value, "closed_on": today}
            entities.change(session, vault, row.id, known, source=dossier.helper, at=now)


def _on_working_day(day: date) -> date:
    while not is_likely_working(day):
        day += _SOON
    return day
