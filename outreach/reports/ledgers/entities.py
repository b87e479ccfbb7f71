"""实名制台账 of businesses (domain 5.8): three totals on top, then one row for each business."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from matching.facts import add_months
from outreach.reports.ledgers import small, spelling
from outreach.reports.ledgers.within import PEOPLE, here, pages
from outreach.reports.periods import PeriodKind
from outreach.reports.table import Asked, Column, Listed, Report, Row, Subject, Table, Unit
from records.applications import ApplicationRow, Outcome
from records.database import Session
from records.entities import Entity, EntityState
from records.people import Status
from records.prints import NICKNAME
from records.visits import MONTHS, Light, Visit, VisitKind
from registry.differences import said

_ENTITIES = Entity.__table__  # type: ignore[attr-defined]
_VISITS = Visit.__table__  # type: ignore[attr-defined]
_GRANTS = ApplicationRow.__table__  # type: ignore[attr-defined]
_CALLED_BACK = ("m1", "m3", "m6", "m12")
_NEAR = timedelta(days=20)  # so far from its day a call-back still counts for it
LIGHTS = {Light.GREEN.value: "绿", Light.YELLOW.value: "黄", Light.RED.value: "红"}
STANDINGS = {"open": "在营", "preparing": "筹备", "closed": "停业", "unknown": "不清楚"}
COLUMNS = (
    Column("no", "序号"),
    Column("name", "名称/招牌", is_personal=True),
    Column("form", "类型"),
    Column("trade", "行业"),
    Column("place", "县镇村"),
    Column("founder", "负责人", is_personal=True),
    Column("licensed", "办照时间"),
    Column("code", "信用代码", is_personal=True),
    Column("headcount", "从业人数", Unit.PEOPLE),
    Column("brought", "其中带动（不含本人）", Unit.PEOPLE),
    Column("granted", "享受政策", Unit.CASES),
    *(Column(key, f"{key[1:]}个月", group="回访") for key in _CALLED_BACK),
    Column("light", "绿黄红"),
    Column("closed_on", "停业时间"),
    Column("reason", "停业原因"),
)
_NOTES = (
    "人数是有在营主体的创业者，每人一次；企业数是在营主体；员工数是在营主体从业人数之和，没报人数的不算。",
    "享受政策是批下来的申请件数；绿黄红和各月情况是回访的人看到的；停业原因没有收集，留空由人填。",
)


@dataclass(slots=True)
class Totals:
    """The three of S2: people, businesses, employees; of those that are open."""

    founders: set[str] = field(default_factory=set)
    businesses: int = 0
    employees: int = 0
    unsaid: int = 0  # businesses whose headcount nobody told

    def add(self, row: Any) -> None:
        """Count one business."""
        if row.state != EntityState.OPEN.value:
            return
        self.founders.add(row.person_id)
        self.businesses += 1
        self.employees += row.headcount or 0
        self.unsaid += row.headcount is None


@dataclass(frozen=True, slots=True)
class _Beside:
    founders: Mapping[str, str]
    visits: Mapping[str, Sequence[Any]]
    granted: Mapping[str, int]


def build(session: Session, asked: Asked) -> Table:
    """Every business of the area."""
    totals = Totals()
    rows = [] if asked.is_public else list(_rows(session, asked, totals))
    told = f"人数{len(totals.founders)}人，企业数{totals.businesses}个，员工数{totals.employees}人"
    top = Row(
        {
            "no": "合计",
            "name": f"企业数{totals.businesses}个",
            "founder": f"人数{len(totals.founders)}人",
            "headcount": totals.employees,
            "brought": totals.employees - _counted(totals),
        },
        opens={"name": "open", "founder": "founders", "headcount": "open"},
        area=asked.area,
        is_total=True,
    )
    notes = [*_NOTES, f"在营主体里有{totals.unsaid}个没报从业人数。"]
    subtitle = f"{asked.named(asked.area)}　{asked.period.spoken}　{told}"
    table = Table("返乡创业实名制台账（主体）", COLUMNS, [top, *rows], notes, subtitle)
    return small.shown(table, asked)


def _counted(totals: Totals) -> int:
    return totals.businesses - totals.unsaid


def open_ones(session: Session, asked: Asked) -> Listed:
    """The businesses that are open."""
    found = session.execute(_open(asked.area).with_only_columns(_ENTITIES.c.id)).scalars()
    return Listed(Subject.ENTITIES, list(found))


def founders(session: Session, asked: Asked) -> Listed:
    """Whose they are, each once."""
    query = _open(asked.area).with_only_columns(_ENTITIES.c.person_id)
    return Listed(Subject.PEOPLE, list(dict.fromkeys(session.execute(query).scalars())))


def _open(area: str) -> Any:
    is_open = _ENTITIES.c.state == EntityState.OPEN.value
    return select(_ENTITIES).where(is_open, here(area, _ENTITIES.c)).order_by(_ENTITIES.c.id)


def _rows(session: Session, asked: Asked, totals: Totals) -> Iterator[Row]:
    query = select(_ENTITIES).where(here(asked.area, _ENTITIES.c))
    found = session.execute(query.order_by(_ENTITIES.c.area, _ENTITIES.c.id)).all()
    number = 0
    for page in pages(found):
        beside = _beside(session, asked, list({row.person_id for row in page}))
        for row in page:
            number += 1
            totals.add(row)
            yield _row(number, row, asked, beside)
        asked.tell(number, len(found))


def _beside(session: Session, asked: Asked, people: Sequence[str]) -> _Beside:
    named = select(PEOPLE.c.id, PEOPLE.c.sealed).where(
        PEOPLE.c.id.in_(people), PEOPLE.c.status != Status.WITHDRAWN.value
    )
    names = {
        row.id: str(asked.vault.open(row.sealed).get(NICKNAME) or "")
        for row in session.execute(named)
    }
    seen = select(_VISITS.c.person_id, _VISITS.c.at, _VISITS.c.light, _VISITS.c.standing).where(
        _VISITS.c.person_id.in_(people), _VISITS.c.kind != VisitKind.NO_ANSWER.value
    )
    visited: dict[str, list[Any]] = defaultdict(list)
    for row in session.execute(seen.order_by(_VISITS.c.at)):
        visited[row.person_id].append(row)
    granted: dict[str, int] = defaultdict(int)
    given = select(_GRANTS.c.person_id).where(
        _GRANTS.c.person_id.in_(people), _GRANTS.c.outcome == Outcome.GRANTED.value
    )
    for person_id in session.execute(given).scalars():
        granted[person_id] += 1
    return _Beside(names, visited, granted)


def _row(number: int, row: Any, asked: Asked, beside: _Beside) -> Row:
    words = asked.vault.open(row.sealed)
    seen = beside.visits.get(row.person_id, ())
    lights = [one.light for one in seen if one.light]
    cells = {
        "no": number,
        "name": str(words.get("name") or ""),
        "form": row.form,
        "trade": said("biz_kind", row.trade) if row.trade else "",
        "place": asked.named(row.village or row.town or row.area),
        "founder": beside.founders.get(row.person_id, ""),
        "licensed": row.licensed_on,
        "code": str(words.get("credit_code") or ""),
        "headcount": row.headcount,
        "brought": max(row.headcount - 1, 0) if row.headcount is not None else None,
        "granted": beside.granted.get(row.person_id, 0),
        "light": LIGHTS[lights[-1]] if lights else "",
        "closed_on": row.closed_on,
        "reason": None,
    }
    return Row(cells | _call_backs(row.began_on, seen), area=row.area, subject=row.id)


def _call_backs(began: date | None, seen: Sequence[Any]) -> dict[str, str]:
    """What was found around the days of the four call-backs, the last word on each."""
    if began is None:
        return {}
    found: dict[str, str] = {}
    for key, months in zip(_CALLED_BACK, MONTHS.values(), strict=True):
        due = add_months(began, months)
        near = [one for one in seen if _is_near(spelling.day(one.at), due)]
        told = [one.standing for one in near if one.standing]
        found[key] = STANDINGS.get(told[-1], "") if told else ("已联系" if near else "")
    return found


def _is_near(day: date | None, due: date) -> bool:
    return day is not None and abs(day - due) <= _NEAR


ENTITY_LEDGER = Report(
    name="entity_ledger",
    title="实名制台账（主体）",
    about="经营主体一个一行，上面是人数、企业数、员工数三个合计",
    period=PeriodKind.DAY,
    build=build,
    lists={"open": open_ones, "founders": founders},
    has_people=True,
)
