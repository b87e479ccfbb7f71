"""What is said of tasks of units, made so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from outreach import unit_tasks as due
from records import unit_tasks
from records.conversations import Overtaken
from records.database import Session
from records.unit_tasks import Task
from records.vault import Vault


@dataclass(frozen=True, slots=True)
class FinishTask:
    """It is done, and this shows it."""

    task: Task
    evidence: str
    by: str


@dataclass(frozen=True, slots=True)
class HandTask:
    """Somebody else is to do it."""

    number: int
    staff: str
    by: str


TaskEffect = FinishTask | HandTask


def apply(effect: TaskEffect, session: Session, vault: Vault, now: datetime) -> None:
    """Make it so; Overtaken where somebody was quicker."""
    if isinstance(effect, HandTask):
        due.hand(session, vault, effect.number, effect.staff, by=effect.by, now=now)
        return
    task = unit_tasks.find(session, effect.task.number)
    if task != effect.task:
        raise Overtaken
    due.finish(session, vault, effect.task, effect.evidence, by=effect.by, now=now)
