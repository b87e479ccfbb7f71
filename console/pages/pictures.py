"""Pictures of an area: how far people come, where they are, what they lack and ask, targets."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

from aiohttp import web

from console.desk import Desk, NotHere
from console.lately import Lately
from console.page import Page
from console.pictures.showing import shown
from handlers.places import country
from outreach.calendars import CHINA
from outreach.reports import parts
from outreach.reports.periods import PeriodKind, containing
from outreach.reports.pictured import pace, people, questions
from outreach.reports.pictured.picture import Picture, public
from outreach.reports.table import Asked
from records.database import Session
from records.rights import Right
from records.scope import is_local
from registry import villages

Draw = Callable[[Desk], Awaitable[Sequence[Picture]]]
_LISTS = {
    "steps": "/people?step=",
    "cities": "/people?city=",
    "places": "/people?place=",
    "lacks": "/people?lack=",
    "targets": "/targets?area=",
}
_BEHIND = {
    "steps": "点一步看走到这里的人；还没登记、只跟我们说过话的账号不在名单里。",
    "cities": "点城市的名字看在那里、从那里回来的人。",
    "places": "点地方的名字看那里的人；名单里连还没同意登记的也有，所以可能比图上多。",
    "lacks": "点缺什么看说缺这一样的人；名单里没有创业意向的也有，所以可能比图上多。",
    "targets": "点地方的名字看它的目标和来源。",
}
_LATELY = Lately(timedelta(minutes=5))


async def _steps(desk: Desk) -> Sequence[Picture]:
    return [await desk.read(people.funnel, desk.staff.area)]


async def _lacks(desk: Desk) -> Sequence[Picture]:
    return [await desk.read(people.lacks, desk.staff.area)]


async def _places(desk: Desk) -> Sequence[Picture]:
    found = await desk.read(people.homes, desk.staff.area)
    named = await desk.named(*(one.place for one in found))
    return [people.map_of(found, lambda code: _short(code) or named(code))]


def _short(code: str) -> str:
    """A county by its own name: those of a list need no city before it."""
    area = country().area(code) if code and not is_local(code) else None
    return area.name if area else ""


async def _cities(desk: Desk) -> Sequence[Picture]:
    found = await desk.read(people.origins, desk.staff.area)
    named = await desk.named(*(one.place for one in found))
    return [people.whence(found, named)]


async def _asked(desk: Desk) -> Sequence[Picture]:
    today = desk.now.astimezone(CHINA).date()
    return [await desk.read(questions.topics, desk.staff.area, today)]


async def _targets(desk: Desk) -> Sequence[Picture]:
    asked = await _of_this_year(desk)
    return await desk.read(pace.paces, asked)


async def _of_this_year(desk: Desk) -> Asked:
    period = containing(PeriodKind.YEAR, desk.now.astimezone(CHINA).date())
    area = await desk.read(villages.county_of, desk.staff.area)
    codes = await desk.read(_codes, Asked(area, period, desk.now, desk.means.vault, str))
    named = await desk.named(area, *codes)
    return Asked(area, period, desk.now, desk.means.vault, named)


def _codes(session: Session, asked: Asked) -> list[str]:
    return [one.code for one in parts.parts(session, asked).parts]


# key → its tab, what draws it, and the right that it needs beside that to totals.
KINDS: dict[str, tuple[str, Draw, Right]] = {
    "steps": ("从联系到办起来", _steps, Right.TOTALS),
    "targets": ("目标进度", _targets, Right.SEE_TARGETS),
    "places": ("各地", _places, Right.TOTALS),
    "cities": ("从哪儿回来", _cities, Right.TOTALS),
    "lacks": ("缺什么", _lacks, Right.TOTALS),
    "questions": ("没答好的问题", _asked, Right.GAPS),
}


async def pictures(desk: Desk) -> web.StreamResponse:
    """One kind of pictures, with the tabs of the others."""
    key = desk.query.get("of", "steps")
    kinds = {name: kind for name, kind in KINDS.items() if _may(desk, name, kind[2])}
    if key not in kinds:
        raise NotHere
    label, draw, _ = kinds[key]
    made = await _LATELY.get(desk, (key, desk.staff.area), lambda: draw(desk))
    drawn = made.value if desk.may(Right.PEOPLE) else [public(one) for one in made.value]
    named = await desk.named(desk.staff.area)
    return desk.render(
        "pictures/pictures.html",
        key=key,
        label=label,
        tabs=[(f"/pictures?of={name}", kind[0], None) for name, kind in kinds.items()],
        drawn=[shown(one) for one in drawn],
        list=_LISTS.get(key, "") if desk.may(Right.PEOPLE) else "",
        behind=_BEHIND.get(key, ""),
        at=made.at,
        place=named(desk.staff.area) if desk.staff.area else "全部地区",
    )


def _may(desk: Desk, key: str, right: Right) -> bool:
    """Questions are of counties, so that a town has none of its own."""
    return desk.may(right) and not (key == "questions" and is_local(desk.staff.area))


PAGES = (Page("GET", "/pictures", pictures, Right.TOTALS, menu="pictures"),)
