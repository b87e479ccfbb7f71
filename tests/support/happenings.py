"""What offices bring into a story: a course or a task, from the words of its line.

course 电商直播入门 430381 2026-12-11 1 [programme 小刘]
task 报送材料 371703 2026-12-01|每月
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from outreach.courses import attending
from records import courses, unit_tasks
from records.courses import Level, NewCourse
from records.database import Session
from records.unit_tasks import NewTask, Rhythm
from records.vault import Vault
from registry.courses_kind import topic_words


def happen(session: Session, vault: Vault, text: str, now: datetime) -> None:
    """Store what the line names."""
    kind, *words = text.split()
    {"course": _course, "task": _task}[kind](session, vault, words, now)


def _course(session: Session, vault: Vault, words: list[str], now: datetime) -> None:
    title, area, starts, seats, *rest = words
    first = date.fromisoformat(starts)
    told = NewCourse(
        title=title,
        topic=next(topic for word, topic in topic_words().items() if word in title),
        level=Level.NOTHING,
        area=area,
        starts_on=first,
        ends_on=first + timedelta(days=4),
        seats=int(seats),
        place="便民中心",
        hours="9:00",
        staff=rest[1] if rest else "",
        is_programme=bool(rest),
    )
    number = courses.add(session, told, now)
    attending.settle(session, vault, number, now)


def _task(session: Session, vault: Vault, words: list[str], now: datetime) -> None:
    title, area, when = words
    is_rhythm = when in Rhythm.__members__.values()
    told = NewTask(
        title=title,
        area=area,
        since=now.date(),
        due_on=None if is_rhythm else date.fromisoformat(when),
        rhythm=Rhythm(when) if is_rhythm else Rhythm.ONCE,
    )
    unit_tasks.add(session, told, now)
