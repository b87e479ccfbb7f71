"""What a turn of staff knows of tasks: those of their area, and who works beside them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from handlers.unit_tasks.words import Look, Wish
from outreach.calendars import CHINA
from outreach.unit_tasks import Standing, standing
from records import staff_accounts, unit_tasks
from records.database import Session
from records.staff_accounts import Staff, StaffRole
from records.unit_tasks import Done
from records.vault import Vault

HAS_TASKS = frozenset({StaffRole.STAFF, StaffRole.COMMISSIONER, StaffRole.HEAD})


@dataclass(frozen=True, slots=True)
class Tasks:
    """`evidence` only of the task that is looked at."""

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
    names = frozenset(one.name for one in staff_accounts.everybody(session))
    return Tasks(found, tuple(evidence), names)
