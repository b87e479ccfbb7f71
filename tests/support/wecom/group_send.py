"""群发: a task that each member must confirm, and what becomes of it per person and group."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, IntEnum
from typing import TYPE_CHECKING

from tests.support.wecom.clock import CHINA, DAY
from tests.support.wecom.limits import Window
from tests.support.wecom.phones import By
from tests.support.wecom.wire import Body, Refused

if TYPE_CHECKING:
    from tests.support.wecom.contacts import Contacts

_REMINDERS = 3


class Status(IntEnum):
    """What became of it for one receiver."""

    WAITING = 0
    SENT = 1
    NOT_A_FRIEND = 2
    QUOTA = 3


class Quota(Enum):
    """How many group messages one customer, or one group, may receive."""

    MONTH = "as many as the month has days"
    WEEK = "7 a week"
    DAY = "1 a day"

    def most(self, day: datetime) -> int:
        if self is Quota.MONTH:
            return _days_in_month(day)
        return 7 if self is Quota.WEEK else 1

    def period(self, day: datetime) -> str:
        """Messages of the same period count together."""
        if self is Quota.MONTH:
            return day.strftime("%Y-%m")
        return day.strftime("%G-%V" if self is Quota.WEEK else "%Y-%m-%d")


@dataclass(slots=True)
class Result:
    """What became of it for one receiver."""

    status: Status = Status.WAITING
    sent_at: float = 0.0


@dataclass(slots=True)
class Task:
    """One task; `work` is what each member has to confirm: receiver → result."""

    msgid: str
    is_group: bool
    created_at: float
    messages: list[tuple[str, Body]]  # msgtype and object: the text, then attachments
    sender: str
    allows_choice: bool
    work: dict[str, dict[str, Result]]
    done: dict[str, float] = field(default_factory=dict)  # member → when confirmed
    is_cancelled: bool = False
    reminders: Window = field(default_factory=lambda: Window(_REMINDERS, DAY))
    reminded: list[str] = field(default_factory=list)  # members


class GroupSends:
    """All tasks, and what each customer and group has had."""

    def __init__(self, contacts: Contacts) -> None:
        self._contacts = contacts
        self.quota = Quota.MONTH
        self.dispatch_seconds = 2.0  # asked before that: 41063
        self.tasks: dict[str, Task] = {}
        self._had: dict[tuple[str, str], int] = defaultdict(int)  # receiver, period

    def add(self, task: Task) -> None:
        self.tasks[task.msgid] = task

    def had(self, receiver: str) -> int:
        """Group messages in the current period."""
        day = self._contacts.corp.clock.day()
        return self._had[receiver, self.quota.period(day)]

    def over_quota(self) -> int:
        """How many sends the quota swallowed."""
        results = (
            r for t in self.tasks.values() for work in t.work.values() for r in work.values()
        )
        return sum(result.status is Status.QUOTA for result in results)

    def spend(self, receiver: str, times: int = 1) -> None:
        """The member sent something by hand that counts too."""
        day = self._contacts.corp.clock.day()
        self._had[receiver, self.quota.period(day)] += times

    def of_member(self, member: str) -> list[Task]:
        """What waits for this member's confirmation."""
        return [
            task
            for task in self.tasks.values()
            if member in task.work and member not in task.done and not task.is_cancelled
        ]

    def find(self, msgid: object) -> Task:
        """The task that a call names, once it has been dispatched."""
        if not isinstance(msgid, str) or msgid not in self.tasks:
            raise Refused(40058, "invalid msgid")
        task = self.tasks[msgid]
        if self._contacts.corp.clock.now() < task.created_at + self.dispatch_seconds:
            raise Refused(41063, "group msg is being dispatched")
        return task

    def confirm(self, msgid: str, member: str, only: Iterable[str]) -> list[str]:
        """Send it to this member's receivers as far as friendship and quota allow."""
        task = self.tasks[msgid]
        if task not in self.of_member(member):
            raise LookupError("nothing to confirm")
        chosen = set(only) if task.allows_choice and only else set(task.work[member])
        task.done[member] = self._contacts.corp.clock.now()
        reached = []
        for receiver, result in task.work[member].items():
            if receiver in chosen:
                result.status = self._send(task, member, receiver)
                result.sent_at = task.done[member]
            if result.status is Status.SENT:
                reached.append(receiver)
        return reached

    def _send(self, task: Task, member: str, receiver: str) -> Status:
        if not self._is_reachable(task, member, receiver):
            return Status.NOT_A_FRIEND
        if self.had(receiver) >= self.quota.most(self._contacts.corp.clock.day()):
            return Status.QUOTA
        self.spend(receiver)
        for msgtype, body in task.messages:
            self._contacts.show(receiver, member, msgtype, body, by=By.US, msgid=task.msgid)
        return Status.SENT

    def _is_reachable(self, task: Task, member: str, receiver: str) -> bool:
        if task.is_group:
            group = self._contacts.groups.get(receiver)
            return group is not None and group.owner == member
        contact = self._contacts.contacts.get((member, receiver))
        return contact is not None and not contact.is_dropped_by_customer


def _days_in_month(day: datetime) -> int:
    first = datetime(day.year, day.month, 1, tzinfo=CHINA)
    following = datetime(day.year + day.month // 12, day.month % 12 + 1, 1, tzinfo=CHINA)
    return (following - first).days
