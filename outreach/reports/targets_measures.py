"""What targets are of: one definition for each measure, counted from records (domain 1.8)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select

from outreach.calendars import CHINA
from outreach.reports import annex4_counting
from outreach.reports.annex4_counting import Bare, is_returnee, spot
from outreach.reports.counting import IS_REGISTERED
from outreach.reports.parts import Level, Parts, within
from outreach.reports.table import Asked, Unit
from records import cases
from records.courses import CourseRow, Enrolment, Seat
from records.database import Session
from records.entities import Entity, EntityState
from records.events import EventKind, EventRow
from records.people import Person
from records.person_facts import PersonFacts
from records.scope import is_within
from records.visits import Visit, VisitKind

_PEOPLE, _ENTITIES = Person.__table__, Entity.__table__  # type: ignore[attr-defined]
_FACTS = PersonFacts.__table__  # type: ignore[attr-defined]
_COURSES, _EVENTS = CourseRow.__table__, EventRow.__table__  # type: ignore[attr-defined]
_SEATS, _VISITS = Enrolment.__table__, Visit.__table__  # type: ignore[attr-defined]
_ELSEWHERE = "elsewhere"
_COUNTY = 6  # digits of a county's code, with which the ids of its towns begin


@dataclass(frozen=True, slots=True)
class Span:
    """Whole days, both ends in it; `day` is the last that has been counted."""

    first: date
    last: date
    day: date

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """Its first moment, and the first after the last counted day."""
        after = min(self.last, self.day) + timedelta(days=1)
        return datetime.combine(self.first, time(), CHINA), datetime.combine(after, time(), CHINA)


Actuals = Mapping[str, int]  # by part; "" is who or what is in none of them
Count = Callable[[Session, Asked, Parts, Span], Actuals]


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure; `count` None: no record of ours holds it, staff type what was reached."""

    name: str
    title: str
    unit: Unit
    means: str
    count: Count | None = None


def _away(session: Session, asked: Asked, parts: Parts, span: Span) -> Actuals:
    found: Counter[str] = Counter()
    for group, n in annex4_counting.people(session, asked, parts).items():
        found[group.place] += n if group.is_away else 0
    return found


def _households(session: Session, asked: Asked, parts: Parts, span: Span) -> Actuals:
    """Those who share a phone are one household; nothing else in the records tells of one."""
    household = case((_PEOPLE.c.phone_print != "", _PEOPLE.c.phone_print), else_=_PEOPLE.c.id)
    is_open = or_(
        _ENTITIES.c.state == EntityState.OPEN.value,
        _ENTITIES.c.closed_on > min(span.last, span.day),
    )
    counted = func.count(func.distinct(household))
    return _by_part(session, parts, _began(asked, span, counted).where(is_open))


def _new_entities(session: Session, asked: Asked, parts: Parts, span: Span) -> Actuals:
    key = case(
        (_ENTITIES.c.code_print != "", _ENTITIES.c.code_print),
        else_=_ENTITIES.c.person_id.concat("|")
        .concat(_ENTITIES.c.village)
        .concat("|")
        .concat(_ENTITIES.c.trade),
    )
    return _by_part(session, parts, _began(asked, span, func.count(func.distinct(key))))


def _new_founders(session: Session, asked: Asked, parts: Parts, span: Span) -> Actuals:
    owner = _ENTITIES.c.person_id
    return _by_part(session, parts, _began(asked, span, func.count(func.distinct(owner))))


def _new_jobs(session: Session, asked: Asked, parts: Parts, span: Span) -> Actuals:
    """Who works there besides the founder; a business that told no number brings none."""
    others = case((_ENTITIES.c.headcount > 0, _ENTITIES.c.headcount - 1), else_=0)
    return _by_part(session, parts, _began(asked, span, func.coalesce(func.sum(others), 0)))


def begun(session: Session, asked: Asked, span: Span) -> list[str]:
    """The businesses themselves that these are counted from."""
    query = _of_returnees(asked, span, _ENTITIES.c.id).order_by(_ENTITIES.c.id)
    return list(session.execute(query).scalars())


def _began(asked: Asked, span: Span, counted: ColumnElement[int]) -> Select[Any]:
    """How many there are, by county."""
    county = spot()[Level.COUNTY]
    return _of_returnees(asked, span, county, counted).group_by(county)


def _of_returnees(asked: Asked, span: Span, *columns: ColumnElement[Any]) -> Select[Any]:
    """The businesses of returnees that began in a span."""
    where = spot()
    source = _ENTITIES.join(_PEOPLE, _PEOPLE.c.id == _ENTITIES.c.person_id).outerjoin(
        _FACTS, _FACTS.c.person_id == _ENTITIES.c.person_id
    )
    return (
        select(*columns)
        .select_from(source)
        .where(IS_REGISTERED, is_returnee(), within(asked.area, Bare(*where.values())))
        .where(_ENTITIES.c.began_on.between(span.first, min(span.last, span.day)))
    )


def _roadshow_training(session: Session, asked: Asked, parts: Parts, span: Span) -> Actuals:
    """Courses that ended and roadshows that took place, of towns and villages as well."""
    begin, end = span.moments
    found: Counter[str] = Counter()
    courses = select(_COURSES.c.area, func.count()).where(
        _COURSES.c.is_off.is_(False),
        _COURSES.c.ends_on.between(span.first, min(span.last, span.day)),
    )
    shows = select(
        case((_EVENTS.c.county != "", _EVENTS.c.county), else_=_EVENTS.c.area), func.count()
    ).where(
        _EVENTS.c.kind == EventKind.ROADSHOW.value,
        _EVENTS.c.is_off.is_(False),
        _EVENTS.c.starts_at >= begin,
        _EVENTS.c.starts_at < end,
    )
    for query, column in ((courses, _COURSES.c.area), (shows, None)):
        group = column if column is not None else query.selected_columns[0]
        for area, n in session.execute(query.group_by(group)):
            found[_held_in(area, asked, parts)] += int(n)
    del found[_ELSEWHERE]
    return found


def _trained(session: Session, asked: Asked, parts: Parts, span: Span) -> Actuals:
    finished = (
        select(_SEATS.c.person_id)
        .join(_COURSES, _COURSES.c.id == _SEATS.c.course_id)
        .where(_SEATS.c.state == Seat.CAME.value, _COURSES.c.is_off.is_(False))
        .where(_COURSES.c.ends_on.between(span.first, min(span.last, span.day)))
    )
    return _people_by_home(session, asked, parts, finished)


def _guided(session: Session, asked: Asked, parts: Parts, span: Span) -> Actuals:
    begin, end = span.moments
    guided = select(_VISITS.c.person_id).where(
        _VISITS.c.kind == VisitKind.GUIDANCE.value, _VISITS.c.at >= begin, _VISITS.c.at < end
    )
    return _people_by_home(session, asked, parts, guided)


def _people_by_home(session: Session, asked: Asked, parts: Parts, chosen: Select[Any]) -> Actuals:
    """Each of these people once, in their own county, wherever they were helped."""
    county = _PEOPLE.c.area
    query: Select[Any] = (
        select(county, func.count())
        .where(IS_REGISTERED, within(asked.area, _PEOPLE.c), _PEOPLE.c.id.in_(chosen))
        .group_by(county)
    )
    return _by_part(session, parts, query)


def _cases(session: Session, asked: Asked, parts: Parts, span: Span) -> Actuals:
    found: Counter[str] = Counter()
    for area, n in cases.recommended(session, *span.moments).items():
        found[_held_in(area, asked, parts)] += n
    del found[_ELSEWHERE]
    return found


def _held_in(area: str, asked: Asked, parts: Parts) -> str:
    """The part that something of an area, a town or a village belongs to; "" the area's own."""
    county = area[:_COUNTY] if len(area) > _COUNTY and area[:_COUNTY].isdigit() else area
    for one in (area, county):
        if part := parts.part_of(one):
            return part
    return "" if is_within(area, asked.area) and area else _ELSEWHERE


def _by_part(session: Session, parts: Parts, query: Select[Any]) -> Actuals:
    found: Counter[str] = Counter()
    for area, n in session.execute(query):
        found[parts.part_of(area)] += int(n)
    return found


MEASURES: tuple[Measure, ...] = (
    Measure(
        "outside_workers",
        "外出务工人数",
        Unit.PEOPLE,
        "在县外打工加起来半年以上的登记的人，和附件4的在外务工人员一样数",
        _away,
    ),
    Measure(
        "households",
        "返乡创业户数",
        Unit.HOUSEHOLDS,
        "返乡的人在期内开张、现在还开着的，一户数一次；档案里没有户号，同一个手机号算一户，没留号的一人一户",
        _households,
    ),
    Measure(
        "new_entities",
        "新增返乡创业经营主体",
        Unit.PIECES,
        "返乡的人在期内开张的主体，同一信用代码数一次；没有代码的，同一个人在同一村干同一行数一次",
        _new_entities,
    ),
    Measure("parks", "双创示范园区（基地）", Unit.PIECES, "认定的园区，系统里没有认定记录，要填"),
    Measure("projects", "双创示范项目", Unit.PIECES, "认定的示范项目，系统里没有认定记录，要填"),
    Measure(
        "roadshow_training",
        "路演和培训项目",
        Unit.PIECES,
        "期内结课的培训班加上办过的路演，取消的不算",
        _roadshow_training,
    ),
    Measure(
        "cases",
        "返乡创业典型案例",
        Unit.PIECES,
        "期内第一次进入培育或典型的案例",
        _cases,
    ),
    Measure(
        "new_founders",
        "新增返乡创业人数",
        Unit.PEOPLE,
        "返乡的人在期内有主体开张的，一人数一次，不管开了几个",
        _new_founders,
    ),
    Measure(
        "new_jobs",
        "新增带动就业",
        Unit.PEOPLE,
        "期内开张的主体的从业人数，减去创业的人自己；没报人数的按没有算",
        _new_jobs,
    ),
    Measure(
        "trained",
        "技能培训人数",
        Unit.PEOPLE,
        "到场学完期内结课的班的人，一人数一次，算在家乡的县",
        _trained,
    ),
    Measure(
        "guided",
        "创业辅导人数",
        Unit.PEOPLE,
        "期内记过辅导的人，一人数一次，算在家乡的县",
        _guided,
    ),
    Measure("provincial_counties", "省级示范县", Unit.PIECES, "省里认定的，要填"),
    Measure("provincial_parks", "省级示范园区", Unit.PIECES, "省里认定的，要填"),
    Measure("provincial_projects", "省级示范项目", Unit.PIECES, "省里认定的，要填"),
    Measure("city_parks", "市级返乡创业园区（街区）", Unit.PIECES, "市里认定的，要填"),
    Measure("city_projects", "市级返乡创业项目", Unit.PIECES, "市里认定的，要填"),
    Measure("labour_brands", "市级劳务品牌", Unit.PIECES, "市里认定的，要填"),
    Measure("brand_firms", "劳务品牌领军企业", Unit.PIECES, "市里认定的，要填"),
    Measure(
        "guaranteed_loans",
        "新增发放创业担保贷款",
        Unit.YUAN,
        "经办银行和人社部门报的总数，要填；系统只有工作人员写结论时写了的那几笔",
    ),
)
BY_NAME = {one.name: one for one in MEASURES}


def counties(parts: Parts) -> Parts:
    """The lines of targets are counties: of a county there is its own."""
    if parts.level is Level.COUNTY:
        return parts
    return replace(parts, level=Level.COUNTY, parts=())
