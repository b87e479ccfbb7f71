"""创业项目台账 (domain S4-24): where each project stands, who saw it, how its owner fares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from outreach.reports.ledgers import small, spelling
from outreach.reports.ledgers.entities import LIGHTS, STANDINGS
from outreach.reports.ledgers.within import PEOPLE, here, pages
from outreach.reports.periods import PeriodKind
from outreach.reports.table import Asked, Column, Listed, Report, Row, Subject, Table, Unit
from records import visits
from records.database import Session
from records.project_people import Answer, ProjectAnswer, ProjectShown
from records.projects import ProjectKind, ProjectRow, ProjectState
from records.scope import is_local, stem
from records.visits import Visit, VisitKind
from registry.differences import said

_PROJECTS = ProjectRow.__table__  # type: ignore[attr-defined]
_SHOWN, _ANSWERS = ProjectShown.__table__, ProjectAnswer.__table__  # type: ignore[attr-defined]
_VISITS = Visit.__table__  # type: ignore[attr-defined]
_KINDS = {
    ProjectKind.PROJECT.value: "项目",
    ProjectKind.DEMAND.value: "订单需求",
    ProjectKind.TALENT_DEMAND.value: "用人需求",
}
_STATES = {
    ProjectState.DRAFT.value: "待审",
    ProjectState.CHECKED.value: "已审",
    ProjectState.PUBLISHED.value: "已发布",
    ProjectState.PAUSED.value: "暂停",
    ProjectState.CLOSED.value: "结束",
}
COLUMNS = (
    Column("no", "编号"),
    Column("title", "项目"),
    Column("kind", "类别"),
    Column("trade", "行业"),
    Column("place", "所在县"),
    Column("dept", "提供单位"),
    Column("state", "状态"),
    Column("published", "发布日期"),
    Column("verified", "核实日期"),
    Column("expires", "有效期到"),
    Column("shown", "看过", Unit.PEOPLE),
    Column("interested", "想了解", Unit.PEOPLE),
    Column("matched", "双方同意对接", Unit.PEOPLE),
    Column("visited", "最近回访", group="回访"),
    Column("standing", "情况", group="回访"),
    Column("light", "红黄绿", group="回访"),
    Column("due", "下次回访", group="回访"),
)
_NOTES = (
    "回访、情况和红黄绿是专员看到项目主人的情况后写的，机器不判断；没有个人主人的项目不回访。",
)


@dataclass(frozen=True, slots=True)
class _Beside:
    shown: Mapping[int, int]
    wanted: Mapping[int, int]
    matched: Mapping[int, int]
    visits: Mapping[str, Sequence[Any]]
    due: Mapping[str, date]


def build(session: Session, asked: Asked) -> Table:
    """Every project of the area by its number."""
    found = session.execute(select(_PROJECTS).where(_of(asked.area)).order_by(_PROJECTS.c.id))
    rows = [row for page in pages(found.all()) for row in _rows(session, asked, page)]
    subtitle = f"{asked.named(asked.area)}　{asked.period.spoken}　共{len(rows)}个"
    return small.shown(Table("创业项目台账", COLUMNS, rows, _NOTES, subtitle), asked)


def listed(session: Session, asked: Asked) -> Listed:
    """The projects of the ledger."""
    query = select(_PROJECTS.c.id).where(_of(asked.area)).order_by(_PROJECTS.c.id)
    return Listed(Subject.PROJECTS, [str(each) for each in session.execute(query).scalars()])


def _of(area: str) -> Any:
    """A county's projects; of a town only those of its people."""
    if is_local(area):
        theirs = select(PEOPLE.c.id).where(here(area, PEOPLE.c))
        return _PROJECTS.c.person_id.in_(theirs)
    return _PROJECTS.c.county.startswith(stem(area), autoescape=True)


def _rows(session: Session, asked: Asked, page: Sequence[Any]) -> Iterator[Row]:
    beside = _beside(session, page)
    for row in page:
        seen = beside.visits.get(row.person_id, ())
        lights = [one.light for one in seen if one.light]
        told = [one.standing for one in seen if one.standing]
        cells = {
            "no": row.id,
            "title": row.title,
            "kind": _KINDS.get(row.kind, row.kind),
            "trade": said("want_kind", row.category),
            "place": asked.named(row.county),
            "dept": row.source_dept,
            "state": _STATES.get(row.state, row.state),
            "published": row.published_on,
            "verified": row.verified_on,
            "expires": row.expires_on,
            "shown": beside.shown.get(row.id, 0),
            "interested": beside.wanted.get(row.id, 0),
            "matched": beside.matched.get(row.id, 0),
            "visited": spelling.day(seen[-1].at) if seen else None,
            "standing": STANDINGS.get(told[-1], "") if told else "",
            "light": LIGHTS[lights[-1]] if lights else "",
            "due": beside.due.get(row.person_id),
        }
        yield Row(cells, area=row.county, subject=str(row.id))


def _beside(session: Session, page: Sequence[Any]) -> _Beside:
    ids = [row.id for row in page]
    owners = list({row.person_id for row in page if row.person_id})
    seen = select(_VISITS.c.person_id, _VISITS.c.at, _VISITS.c.light, _VISITS.c.standing).where(
        _VISITS.c.person_id.in_(owners), _VISITS.c.kind != VisitKind.NO_ANSWER.value
    )
    visited: dict[str, list[Any]] = {}
    for row in session.execute(seen.order_by(_VISITS.c.at)):
        visited.setdefault(row.person_id, []).append(row)
    due: dict[str, date] = {}
    for one in visits.waiting(session, owners):
        due.setdefault(one.person_id, one.due_on)
    is_mutual = _ANSWERS.c.agrees.is_(True) & _ANSWERS.c.owner_agrees.is_(True)
    wants = _ANSWERS.c.answer == Answer.INTERESTED.value
    return _Beside(
        _people(session, _SHOWN, _SHOWN.c.project_id.in_(ids)),
        _people(session, _ANSWERS, _ANSWERS.c.project_id.in_(ids) & wants),
        _people(session, _ANSWERS, _ANSWERS.c.project_id.in_(ids) & wants & is_mutual),
        visited,
        due,
    )


def _people(session: Session, table: Any, wanted: Any) -> dict[int, int]:
    """To how many people, each once, by project."""
    query = (
        select(table.c.project_id, func.count(table.c.person_id.distinct()))
        .where(wanted)
        .group_by(table.c.project_id)
    )
    return {row[0]: int(row[1]) for row in session.execute(query)}


PROJECT_LEDGER = Report(
    name="project_ledger",
    title="创业项目台账",
    about="项目一个一行：状态、谁看过谁想做、回访和红黄绿",
    period=PeriodKind.DAY,
    build=build,
    lists={"projects": listed},
)
