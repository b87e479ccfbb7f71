"""What a turn of staff knows of tasks: those of their area, and who works beside them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from handlers.unit_tasks.words import Look, Wish
from outreach.calendars import CHINA
from outreach.unit_tasks import Standing, standing
from records import rights, staff_accounts, unit_tasks
from records.database import Session
from records.rights import Right
from records.scope import is_within
from records.staff_accounts import Staff
from records.unit_tasks import Done
from records.vault import Vault


@dataclass(frozen=True, slots=True)
class Tasks:
    """`evidence` and who may be given it (`colleagues`) only of the task that is meant."""

    standings: tuple[Standing, ...] = ()
    evidence: tuple[Done, ...] = ()
    colleagues: frozenset[str] = frozenset()

    def numbered(self, number: int) -> Standing | None:
        """A task by its number."""
        return next((one for one in self.standings if one.task.number == number), None)


NONE = Tasks()


def of_staff(session: Session, vault: Vault, staff: Staff, wish: Wish, now: datetime) -> Tasks:
    """The tasks of their area."""
    today = now.astimezone(CHINA).date()
    found = tuple(standing(one, today) for one in unit_tasks.of_area(session, staff.area))
    is_theirs = any(one.task.number == wish.number for one in found)
    shows = isinstance(wish, Look) and wish.number and is_theirs
    evidence = unit_tasks.evidence(session, vault, wish.number) if shows else []
    meant = next((one for one in found if one.task.number == wish.number), None)
    return Tasks(found, tuple(evidence), _colleagues(session, meant))


def _colleagues(session: Session, meant: Standing | None) -> frozenset[str]:
    """Who sees a task, and so can do it."""
    if meant is None:
        return frozenset()
    area = meant.task.told.area
    everybody = staff_accounts.everybody(session)
    return frozenset(
        one.name for one in everybody if rights.may(one, Right.TASKS) and is_within(area, one.area)
    )
