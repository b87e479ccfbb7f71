"""How many registered people of its county a project fits: counted in the background."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from console.work import Task, WorkRefusal
from matching.aspects import View
from matching.codes import Status as Shown
from matching.judging import judge
from matching.profiles import seeker_of
from matching.projects import Project
from matching.weights import our_rules
from outreach.calendars import CHINA
from outreach.projects import stocking
from outreach.projects.stocking import Where
from records import projects
from records.database import Session
from records.people import Person, Status

FIT = "fit"
_PAGE = 500
_TABLE = Person.__table__  # type: ignore[attr-defined]


async def count(task: Task) -> Mapping[str, Any]:
    """Hold it against everybody who is confirmed, some at a time."""
    now = task.means.now()
    project, view = await task.read(_project, int(task.asked["project"]), now)
    after, looked, fits = "", 0, 0
    while True:
        seen, some, after = await task.read(_some, project, view, after)
        looked, fits = looked + seen, fits + some
        await task.tell(looked, int(task.asked["rows"]))
        if not after:
            return {"fits": fits, "looked": looked}


def _project(session: Session, number: int, now: datetime) -> tuple[Project, View]:
    """The project as if it were published today: whom it would fit."""
    row = projects.find(session, number)
    if row is None:
        raise WorkRefusal("没有这个项目。")
    today = now.astimezone(CHINA).date()
    project = stocking.project_of(row)
    shown = replace(
        project,
        status=Shown.PUBLISHED,
        published_on=project.published_on or today,
        verified_on=today,
        expires_on=max(project.expires_on, today),
    )
    return shown, stocking.view(session, Where.of([shown]), now)


def _some(session: Session, project: Project, view: View, after: str) -> tuple[int, int, str]:
    """How many were looked at, how many of them it fits, and where to go on."""
    columns = (_TABLE.c.id, _TABLE.c.area, _TABLE.c.town, _TABLE.c.codes)
    query = select(*columns).where(
        _TABLE.c.area == project.county,
        _TABLE.c.status == Status.CONFIRMED.value,
        _TABLE.c.is_personal.is_(True),
        _TABLE.c.id > after,
    )
    rows = session.execute(query.order_by(_TABLE.c.id).limit(_PAGE)).all()
    seekers = (seeker_of(row.codes, id=row.id, county=row.area, town=row.town) for row in rows)
    fits = sum(judge(one, project, view).may_be_shown(our_rules()) for one in seekers)
    return len(rows), fits, rows[-1].id if len(rows) == _PAGE else ""
