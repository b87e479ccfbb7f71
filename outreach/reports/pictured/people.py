"""People as pictures show them: how far they came, where they are at home, whence they come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select

from matching.words import words
from outreach.reports.pictured.picture import Cell, Picture, Series, Shape
from outreach.reports.table import Unit
from records import scope
from records.account_links import AccountLink
from records.assignments import Assignment
from records.conversations import Conversation
from records.database import Session
from records.entities import Entity
from records.people import Person, Status
from records.project_people import ProjectShown

_PEOPLE, _TALKS = Person.__table__, Conversation.__table__  # type: ignore[attr-defined]
_LINKS, _HELP = AccountLink.__table__, Assignment.__table__  # type: ignore[attr-defined]
_SHOWN, _ENTITIES = ProjectShown.__table__, Entity.__table__  # type: ignore[attr-defined]

MEANT_TO_START = ("running", "ready", "thinking")
_ASKED = ("where_now", "away_half_year", "hukou", "intent")
_CITIES = 12  # drawn one by one; the others together
_CITY = 4  # digits that the codes of a city's areas begin with

STEPS: tuple[tuple[str, str], ...] = (
    ("联系过我们", "登记的人，加上单独跟我们说过话、还没登记的账号（每个账号算一个人）"),
    ("同意登记", "本人同意登记，或者单位按文件登记的"),
    ("九问答完", "同意登记的人里，九问中一定要答的都有：老家、现在在哪、在外多久、户口、想法"),
    ("有专员或导师", "答完的人里，眼下有专员或导师对接的"),
    ("看过项目", "有对接的人里，看过或者收到过至少一个项目的"),
    ("办起来了", "看过项目的人里，名下有经营主体的（停业的也算）"),
)


@dataclass(frozen=True, slots=True)
class Home:
    """Of one place: how many are registered, and how many of them mean to start something."""

    place: str
    people: int
    meaning: int


@dataclass(frozen=True, slots=True)
class Origin:
    """A city, or a province of which no city is known: who is back from there, who is still."""

    place: str
    back: int
    away: int


def is_registered() -> ColumnElement[bool]:
    """By their own yes, or by a duty that a document names (domain 5.7)."""
    by_duty = and_(_PEOPLE.c.status == Status.PENDING.value, _PEOPLE.c.basis != "")
    return or_(_PEOPLE.c.status == Status.CONFIRMED.value, by_duty)


def funnel(session: Session, area: str) -> Picture:
    """How many came how far, each step among those of the step before."""
    reached = _reached(session, area)
    strangers = 0 if scope.is_local(area) else _strangers(session, area)
    counts = [sum(reached[at] for at in range(step, len(STEPS))) for step in range(len(STEPS))]
    counts[0] += strangers
    note = (
        "镇村看不到还没登记的账号是哪里人，第一步只有登记过的人。" if scope.is_local(area) else ""
    )
    return Picture(
        "funnel",
        Shape.FUNNEL,
        "从联系到办起来",
        Unit.PEOPLE,
        "走到哪一步",
        [title for title, _ in STEPS],
        [Series("人数", counts)],
        note=note,
        remarks=[meaning for _, meaning in STEPS],
        are_nested=True,
        keys=[str(step) for step in range(len(STEPS))],
    )


def _reached(session: Session, area: str) -> Counter[int]:
    """How many people came exactly so far: the first step they have not taken decides."""
    taken = _taken()
    step = case(*((~one, at) for at, one in enumerate(taken)), else_=len(taken)).label("step")
    query = select(step, func.count()).where(scope.visible(area, _PEOPLE.c), _is_kept())
    return Counter({row[0]: row[1] for row in session.execute(query.group_by(step))})


def _taken() -> tuple[ColumnElement[bool], ...]:
    """Each step of those in the register after the first."""
    told = and_(_PEOPLE.c.area != "", *(_code(name).is_not(None) for name in _ASKED))
    helped = _mine(_HELP, _HELP.c.until.is_(None))
    return (is_registered(), told, helped, _mine(_SHOWN), _mine(_ENTITIES))


def came_to(step: int) -> ColumnElement[bool]:
    """Who is counted in a step of the funnel, strangers apart; 0 is the first one."""
    return and_(_is_kept(), *_taken()[:step])


def was_in(city: str) -> ColumnElement[bool]:
    """Who is counted in a row of the cities, by its code."""
    known = func.substr(_code("where_area"), 1, _CITY) == city[:_CITY]
    return and_(is_registered(), known)


def _strangers(session: Session, area: str) -> int:
    """Private talks that are nobody's whom we have registered."""
    is_theirs = [
        exists(select(table.c.account).where(table.c.account == _TALKS.c.key))
        for table in (_PEOPLE, _LINKS)
    ]
    here = [_TALKS.c.area.startswith(scope.stem(area), autoescape=True)] if area else []
    query = select(func.count()).where(_TALKS.c.is_group.is_(False), *here, ~or_(*is_theirs))
    return int(session.execute(query).scalar_one())


def homes(session: Session, area: str) -> list[Home]:
    """The registered by what lies below an area: its counties, its towns, its villages."""
    place = _below(area)
    meaning = func.sum(case((_code("intent").in_(MEANT_TO_START), 1), else_=0))
    query = (
        select(place, func.count(), meaning)
        .where(scope.visible(area, _PEOPLE.c), is_registered())
        .group_by(place)
        .order_by(place)
    )
    return [Home(row[0], int(row[1]), int(row[2])) for row in session.execute(query)]


def _below(area: str) -> Any:
    if scope.is_local(area):
        return _PEOPLE.c.village
    return _PEOPLE.c.area if not area or area.endswith("00") else _PEOPLE.c.town


def map_of(found: Iterable[Home], named: Callable[[str], str]) -> Picture:
    """A tile for each place; those whose place nobody knows come last."""
    placed = sorted(found, key=lambda one: (one.place == "", one.place))
    return Picture(
        "areas",
        Shape.TILES,
        "各地登记了多少人",
        Unit.PEOPLE,
        "地方",
        [named(one.place) or "没说哪里" for one in placed],
        [
            Series("登记的人", [one.people for one in placed]),
            Series("其中有创业意向", [one.meaning for one in placed]),
        ],
        note="有创业意向：已经在干、马上想干、有想法没想好。格子按名单排，不是地图；"
        "格子里的条按登记的人画。",
        keys=[one.place for one in placed],
    )


def origins(session: Session, area: str) -> list[Origin]:
    """Where the registered are or were away, the most first."""
    city = func.substr(_code("where_area"), 1, _CITY)
    is_back = func.sum(case((_code("where_now") == "returned", 1), else_=0))
    query = (
        select(city, func.count(), is_back)
        .where(scope.visible(area, _PEOPLE.c), is_registered(), _code("where_area") != "")
        .group_by(city)
        .order_by(func.count().desc(), city)
    )
    found = session.execute(query)
    return [Origin(f"{city}00", int(back), int(all_) - int(back)) for city, all_, back in found]


def whence(found: list[Origin], named: Callable[[str], str]) -> Picture:
    """The cities that most are or were in."""
    shown, others = found[:_CITIES], found[_CITIES:]
    rows = [(named(one.place), one.back, one.away) for one in shown]
    if others:
        rows.append(("别的地方", sum(o.back for o in others), sum(o.away for o in others)))
    return Picture(
        "whence",
        Shape.STACKED,
        "在外的人在哪、从哪儿回来",
        Unit.PEOPLE,
        "城市",
        [title for title, _, _ in rows],
        [
            Series("已回老家", [back for _, back, _ in rows]),
            Series("还没回来", [away for _, _, away in rows]),
        ],
        note="只数说过在哪个省市的人；只说了省的算在省里。",
        are_parts=True,
        keys=[one.place for one in shown] + [""] * bool(others),
    )


def lacks(session: Session, area: str) -> Picture:
    """What those who mean to start something say they lack; each may name two things."""
    stored = _code("lacks")
    query = (
        select(stored, func.count())
        .where(scope.visible(area, _PEOPLE.c), is_registered(), stored.is_not(None))
        .where(_code("intent").in_(MEANT_TO_START))
        .group_by(stored)
    )
    counted = _apart({row[0]: row[1] for row in session.execute(query)})
    labels = words("lacks")
    values: list[Cell] = [counted[code] for code in labels]
    return Picture(
        "lacks",
        Shape.BARS,
        "有创业意向的人缺什么",
        Unit.PEOPLE,
        "缺什么",
        list(labels.values()),
        [Series("人数", values)],
        note="一个人最多说两样，所以各行不能相加。",
        keys=list(labels),
    )


def _apart(stored: Mapping[str, int]) -> Counter[str]:
    """Lists of codes as JSON, each counted for every code in it."""
    found: Counter[str] = Counter()
    for text, count in stored.items():
        for code in _codes(text):
            found[code] += count
    return found


def _codes(text: str) -> list[str]:
    if not text.startswith("["):
        return [text]
    return [str(code) for code in orjson.loads(text)]


def _code(name: str) -> Any:
    return _PEOPLE.c.codes[name].as_string()


def _mine(table: Any, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists(select(table.c.person_id).where(table.c.person_id == _PEOPLE.c.id, *conditions))


def _is_kept() -> ColumnElement[bool]:
    gone = (Status.WITHDRAWN.value, Status.DECEASED.value)
    return _PEOPLE.c.status.not_in(gone)  # type: ignore[no-any-return]
