"""What is said of tasks of units, made so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from outreach import unit_tasks as due
from records import audit, unit_tasks
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
        unit_tasks.hand_to(session, effect.number, effect.staff)
        due.reassigned(session, vault, effect.number, now)
        actor, subject = f"staff:{effect.by}"[:60], f"unit_task:{effect.number}"
        audit.write(session, "unit_task.handed", at=now, actor=actor, subject=subject)
        return
    task = unit_tasks.find(session, effect.task.number)
    if task != effect.task:
        raise Overtaken
    due.finish(session, vault, effect.task, effect.evidence, by=effect.by, now=now)
