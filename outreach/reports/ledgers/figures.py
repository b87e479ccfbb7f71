"""The figures that a leader or an inspector asks for, each with its unit, list and source."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import distinct, func, select

from outreach.reports.ledgers import (
    cases,
    coverage,
    entities,
    people,
    signings,
    small,
    subsidies,
    surveys,
    survival,
    tickets,
)
from outreach.reports.ledgers.places import Measure
from outreach.reports.ledgers.within import INTENDS, IS_REGISTERED, PEOPLE, here
from outreach.reports.table import Asked, Listed, Unit, Value
from records import events
from records.database import Session
from records.entities import Entity, EntityState

_ENTITIES = Entity.__table__  # type: ignore[attr-defined]
Lists = Callable[[Session, Asked], Listed]


@dataclass(frozen=True, slots=True)
class Figure:
    """One number: whose measure it is, under which key, and from which records it comes."""

    title: str
    unit: Unit
    measure: Measure
    key: str
    source: str
    listed: Lists | None = None
    of: tuple[str, ...] = ()  # counts of its measure that it would tell of, were they small


def registered(session: Session, asked: Asked) -> Mapping[str, Value]:
    """How many are in the register, and of these with an intent."""
    query = select(func.count(), func.count().filter(INTENDS)).where(
        IS_REGISTERED, here(asked.area, PEOPLE.c)
    )
    whole, intending = map(int, session.execute(query).one())
    return {"registered": whole, "intending": intending}


def running(session: Session, asked: Asked) -> Mapping[str, Value]:
    """The three totals of the entity ledger, counted where they lie."""
    query = select(
        func.count(distinct(_ENTITIES.c.person_id)),
        func.count(),
        func.coalesce(func.sum(_ENTITIES.c.headcount), 0),
    ).where(here(asked.area, _ENTITIES.c), _ENTITIES.c.state == EntityState.OPEN.value)
    founders, businesses, employees = map(int, session.execute(query).one())
    return {"founders": founders, "businesses": businesses, "employees": employees}


def signed(session: Session, asked: Asked) -> Mapping[str, Value]:
    """The four totals of the signing ledger."""
    held = [event.number for event in signings.of_period(session, asked)]
    found = events.totals(signings.as_of(session, asked, held))
    return {
        "projects": found.projects,
        "firms": found.firms,
        "planned": found.planned,
        "landed": found.landed,
    }


FIGURES = (
    Figure("登记人数", Unit.PEOPLE, registered, "registered", "人员台账", people.registered),
    Figure("有创业意向", Unit.PEOPLE, registered, "intending", "人员台账", people.intending),
    Figure("返乡创业人数", Unit.PEOPLE, running, "founders", "主体台账", entities.founders),
    Figure("在营主体", Unit.PIECES, running, "businesses", "主体台账", entities.open_ones),
    Figure(
        *("员工数", Unit.PEOPLE, running, "employees", "主体台账", entities.open_ones),
        of=("businesses",),
    ),
    Figure(
        *("联系过的", Unit.PEOPLE, coverage.measure, "reached", "走访回访记录", coverage.reached),
        of=("unreached",),
    ),
    Figure(
        *("服务覆盖率", Unit.PERCENT, coverage.measure, "coverage", "走访回访记录"),
        of=("reached", "unreached"),
    ),
    Figure(
        "新提诉求", Unit.CASES, tickets.measure, "opened", "诉求记录", tickets.counts_as("opened")
    ),
    Figure(
        "办结诉求", Unit.CASES, tickets.measure, "closed", "诉求记录", tickets.counts_as("closed")
    ),
    Figure(
        "超期没办结",
        Unit.CASES,
        tickets.measure,
        "overdue",
        "诉求记录",
        tickets.counts_as("overdue"),
    ),
    Figure(
        *("办结用时（一半）", Unit.WORKING_DAYS, tickets.measure, "p50", "诉求记录"),
        of=("closed",),
    ),
    Figure(
        "补贴申请", Unit.CASES, subsidies.measure, "submitted", "申请记录", subsidies.submitted
    ),
    Figure(
        *("补贴审批按时率", Unit.PERCENT, subsidies.measure, "on_time", "申请记录"),
        of=("submitted", "decided", "late"),
    ),
    Figure(
        *("满意度", Unit.PERCENT, surveys.satisfied, "satisfaction", "办结后回访问卷"),
        of=("answered", "good", "bad"),
    ),
    Figure("回答满意度的", Unit.CASES, surveys.satisfied, "answered", "办结后回访问卷"),
    Figure("签约项目", Unit.PIECES, signed, "projects", "活动签约记录", signings.listed),
    Figure("签约企业", Unit.PIECES, signed, "firms", "活动签约记录", signings.listed),
    Figure(
        *("签约投资额", Unit.YUAN, signed, "planned", "活动签约记录", signings.listed),
        of=("projects", "firms"),
    ),
    Figure(
        *("实际资金落地额", Unit.YUAN, signed, "landed", "活动签约记录", signings.listed),
        of=("projects", "firms"),
    ),
    Figure("满一年的主体", Unit.PIECES, survival.measure, "year_old", "主体台账", survival.listed),
    Figure(
        *("1年存活率", Unit.PERCENT, survival.measure, "rate", "主体台账和回访"),
        of=("open", "closed", "unknown"),
    ),
    Figure(
        "推荐的典型案例", Unit.PIECES, cases.measure, "recommended", "案例库", cases.recommended
    ),
)
LISTS: Mapping[str, Lists] = {one.title: one.listed for one in FIGURES if one.listed}


def counted(
    session: Session, asked: Asked, among: Sequence[Figure] = FIGURES
) -> list[tuple[Figure, Value]]:
    """These figures of an area, as they may be told; each measure is taken once."""
    taken: dict[Measure, Mapping[str, Value]] = {}
    found: list[tuple[Figure, Value]] = []
    for one in among:
        if one.measure not in taken:
            taken[one.measure] = one.measure(session, asked)
        found.append((one, _told(one, taken[one.measure], asked)))
    return found


def _told(one: Figure, counts: Mapping[str, Value], asked: Asked) -> Value:
    """In public neither a small count nor what tells of one."""
    value = small.cell(counts[one.key], one.unit, asked)
    tells = asked.is_public and any(small.is_small(counts[key]) for key in one.of)
    return small.CONCEALED if tells and value not in (None, small.HIDDEN) else value


def opens(one: Figure, key: str) -> dict[str, str]:
    """Which list the cell of a figure opens."""
    return {key: one.title} if one.listed else {}
