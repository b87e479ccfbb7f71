"""Targets: what was set beside what was reached, with its pace; and figures that staff type."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from pydantic import Field

from console.desk import Desk, NotHere
from console.forms import Filled, Form, blank, filled, wrong
from console.page import Page
from console.reports import making
from console.reports.making import Wanted
from outreach.calendars import CHINA
from outreach.reports import targets as reaching
from outreach.reports import targets_typing
from outreach.reports.targets import Line
from outreach.reports.targets_measures import BY_NAME, MEASURES
from outreach.reports.targets_pace import HOW, NO_TARGET
from outreach.reports.targets_tables import typed_by
from outreach.reports.targets_typing import Typed, TypingRefusal
from records import scope
from records import targets as typed_figures
from records.database import Session
from records.rights import Right
from records.staff_accounts import Staff
from records.targets import Figure, Kind, Version
from registry import villages

KINDS = {
    Kind.TARGET: "目标",
    Kind.PLANNED: "拟增（附件4第15、16栏）",
    Kind.ACTUAL: "完成数（系统里没有记录的）",
    Kind.BASE: "基数（外出人数）",
}
_FIRST, _LAST = 2017, 2050
_OWN = "县里填报"


class _Typed(Form):
    kind: Kind = Kind.TARGET
    area: str = Field(min_length=1, max_length=24)
    measure: str = Field(min_length=1, max_length=32)
    first: int = Field(ge=_FIRST, le=_LAST)
    last: int = Field(ge=_FIRST, le=_LAST)
    value: int | None = Field(default=None, ge=0, le=10**12)
    source: str = Field(min_length=2, max_length=120)
    as_printed: str = Field(default="", max_length=60)
    note: str = Field(default="", max_length=200)
    seen: int = 0
    is_sure: bool = False


@dataclass(frozen=True, slots=True)
class Board:
    """The page: the lines by measure, and what the places are called."""

    area: str
    year: int
    groups: Sequence[tuple[str, str, Sequence[Line]]]  # title, unit, lines
    names: dict[str, str]
    planned: Sequence[Figure]


async def targets(desk: Desk) -> web.StreamResponse:
    """All targets of a year."""
    year = _year(desk)
    area = await desk.read(_area, desk.staff, desk.query.get("area", ""))
    board = await desk.read(_board, desk, area, year) if area else None
    return desk.render(
        "targets/targets.html",
        board=board,
        year=year,
        how=HOW,
        no_target=NO_TARGET,
        typing=_address,
        typed_by=typed_by,
        may_type=desk.may(Right.TARGETS) and board is not None,
        f=blank(dict(desk.query)),
    )


def _year(desk: Desk) -> int:
    given = desk.query.get("year", "")
    now = desk.now.astimezone(CHINA).year
    if not given:
        return now
    year = int(given) if given.isascii() and given.isdigit() and len(given) == 4 else 0
    if not _FIRST <= year <= _LAST:
        raise NotHere
    return year


def _area(session: Session, staff: Staff, given: str) -> str:
    """The county or city whose targets are shown; "" where somebody of everywhere has to choose.

    Targets are of counties: a town is shown its county's.
    """
    if given and not making.is_in_reach(session, staff, given):
        raise NotHere
    area = given or staff.area
    here = villages.of_ids(session, [area]) if area else villages.known(session, ())
    while scope.is_local(area) and (place := here.place(area)) is not None:
        area = place.parent
    return area


def _board(session: Session, desk: Desk, area: str, year: int) -> Board:
    wanted = Wanted("targets", area, str(year))
    asked = making.asked_of(session, desk.means.vault, wanted, desk.means.rules, desk.now)
    board = reaching.board(session, asked)
    lines = [board.line(one) for one in board.targets() if one.figure.measure in BY_NAME]
    codes = list(reaching.names(board))
    lines.sort(key=lambda one: (one.figure.first_year, -one.figure.last_year))
    lines.sort(key=lambda one: codes.index(one.figure.area))
    groups = [
        (one.title, one.unit.value, [each for each in lines if each.figure.measure == one.name])
        for one in MEASURES
    ]
    planned = [
        one.figure
        for one in board.figures
        if one.figure.kind is Kind.PLANNED
        and one.figure.first_year <= year <= one.figure.last_year
    ]
    shown = [group for group in groups if group[2]]
    return Board(area, year, shown, dict(reaching.names(board)), planned)


def _address(kind: str, figure: Figure) -> str:
    """Where a figure like this one is typed, below /console."""
    given = {
        "kind": kind,
        "area": figure.area,
        "measure": figure.measure,
        "first": figure.first_year,
        "last": figure.last_year,
        "source": figure.source if kind == Kind.TARGET else "",
        "value": figure.value if kind == figure.kind and figure.value is not None else "",
    }
    return f"/targets/type?{urlencode(given)}"


async def typing(desk: Desk) -> web.StreamResponse:
    """The form, filled with what the address names."""
    return await _typing(desk, blank(dict(desk.query)))


async def _typing(desk: Desk, f: Filled[Any], status: int = 200) -> web.StreamResponse:
    given = f.typed.get("area", "")
    top = await desk.read(_area, desk.staff, given if status == 200 else "")
    places = await desk.read(_places, desk, top or desk.staff.area)
    versions = await desk.read(_versions, f.typed) if given in dict(places) else []
    seen = versions[0].number if versions else 0
    year = desk.now.astimezone(CHINA).year
    return desk.render(
        "targets/type.html",
        status,
        f=f,
        kinds=[(kind.value, label) for kind, label in KINDS.items()],
        measures=_MEASURES,
        places=places,
        versions=versions,
        seen=seen,
        year=year,
        source=_OWN,
    )


_MEASURES = [
    (name, f"{title}（{unit.value}）") for name, (title, unit) in targets_typing.MEASURES.items()
]


def _places(session: Session, desk: Desk, area: str) -> list[tuple[str, str]]:
    """The places that figures may be typed of: an area with its parts, in reach."""
    if not area:
        return []
    wanted = Wanted("targets", area, str(desk.now.astimezone(CHINA).year))
    asked = making.asked_of(session, desk.means.vault, wanted, desk.means.rules, desk.now)
    board = reaching.board(session, asked)
    found = list(reaching.names(board).items())
    if len(board.lines) == 1 and not scope.is_local(area):
        found += [
            (one.id, one.name) for one in villages.known(session, [area]).county(area).towns()
        ]
    return found


def _versions(session: Session, typed: dict[str, str]) -> list[Version]:
    """What was typed of this measure and place before, the newest first."""
    found = typed_figures.versions(session, [typed.get("area", "")], typed.get("measure", ""))
    kind = typed.get("kind") or Kind.TARGET.value
    return [one for one in reversed(found) if one.figure.kind.value == kind][:20]


async def keep(desk: Desk) -> web.StreamResponse:
    """Keep what was typed, as a new version."""
    f = filled(_Typed, desk.form)
    if f.value is None:
        return await _typing(desk, f, 422)
    one = f.value
    if one.measure not in targets_typing.MEASURES:
        return await _typing(desk, wrong(f.typed, measure="请从列出的里面选一个"), 422)
    if not await desk.read(making.is_in_reach, desk.staff, one.area):
        raise NotHere
    try:
        await desk.write(_keep, one, desk)
    except TypingRefusal as refusal:
        return await _typing(desk, wrong(f.typed, **{refusal.field: str(refusal)}), 422)
    title = targets_typing.MEASURES[one.measure][0]
    return desk.go(f"/targets?year={one.first}", f"记下了：{title}。以前填的都留着。")


def _keep(session: Session, one: _Typed, desk: Desk) -> int:
    figure = Figure(
        kind=one.kind,
        area=one.area,
        measure=one.measure,
        first_year=one.first,
        last_year=one.last,
        unit=targets_typing.MEASURES[one.measure][1].value,
        value=one.value,
        source=one.source,
        as_printed=one.as_printed,
        note=one.note,
    )
    typed = Typed(figure, one.seen, one.is_sure)
    return targets_typing.keep(session, typed, by=desk.staff.name, at=desk.now)


PAGES = (
    Page("GET", "/targets", targets, Right.SEE_TARGETS, menu="targets"),
    Page("GET", "/targets/type", typing, Right.TARGETS),
    Page("POST", "/targets/type", keep, Right.TARGETS),
)
