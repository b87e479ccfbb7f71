"""附件4 返乡创业情况摸底表 as printed: seventeen columns, the merged header, the footnote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from sqlalchemy import ColumnElement, Subquery, and_, select, true

from outreach.reports import annex4_counting as counting
from outreach.reports import parts as areas
from outreach.reports.annex4_beside import beside
from outreach.reports.annex4_counting import RURAL, URBAN
from outreach.reports.annex4_counts import Counts, count, intents
from outreach.reports.ledgers import small
from outreach.reports.parts import Level, Parts
from outreach.reports.periods import PeriodKind
from outreach.reports.rules import Rules
from outreach.reports.table import (
    Asked,
    Column,
    Listed,
    Report,
    Row,
    Subject,
    Table,
    Unit,
    Value,
)
from records.database import Session

NOTE = (
    "注：在外务工人员指出县工作半年以上的人员；返乡人员创办的企业、工厂以及小卖铺、餐饮店、理发店、"
    "便利店、水果店、生活超市等均可算作返乡创业。"
)
LINES = 13  # of the printed form
_LINES_OF = {Level.COUNTY: "县市区", Level.TOWN: "乡镇（街道）", Level.VILLAGE: "村（社区）"}
_KINDS = {"": "小计", URBAN: "城镇人员", RURAL: "农村人员"}
_COUNTED = {
    "away": ("在外务工人员", Unit.PEOPLE),
    "back": ("春节期间返乡人员", Unit.PEOPLE),
    "intent": ("返乡人员中有创业意向的", Unit.PEOPLE),
    "open": ("现有创业主体数量", Unit.PIECES),
}
PLANNED_YEAR, PLANNED_SPAN = "planned_year", "planned_span"  # of the year, of three years
_HIDDEN = "—"
_REST = "rest"  # begins the names of lists of those who are at home in no part
_WITHIN = "其他（地方不详）"


def columns(year: int, level: Level = Level.COUNTY) -> tuple[Column, ...]:
    """The seventeen columns; the year changes, and what the lines of a county or a town are."""
    counted = tuple(
        Column(_key(what, kind), title, unit, group)
        for what, (group, unit) in _COUNTED.items()
        for kind, title in _KINDS.items()
    )
    return (
        Column("no", "序号"),
        Column("name", _LINES_OF[level]),
        *counted,
        Column(PLANNED_YEAR, f"{year}年拟增返乡创业主体", Unit.PIECES),
        Column(PLANNED_SPAN, "三年行动拟增返乡创业主体", Unit.PIECES),
        Column("remark", "备注"),
    )


def build(session: Session, asked: Asked) -> Table:
    """The table of an area, counted now."""
    parts = areas.parts(session, asked)
    counts = count(session, asked, parts)
    rows = _rows(asked, parts, counts)
    table = Table(
        heading="附件4",
        title=f"{areas.called(asked)}返乡创业情况摸底表",
        columns=columns(asked.period.first.year, parts.level),
        rows=[*rows, _total(asked, rows)],
        notes=(NOTE,),
        lines=LINES,
        beside=tuple(beside(asked, parts, counts)),
    )
    return small.shown(_without_kinds(table), asked) if asked.is_public else table


def _without_kinds(table: Table) -> Table:
    """For the public: where a kind is of few, neither is told, for 小计 would give it away."""
    few = {what for what in _COUNTED if any(_is_of_few(row, what) for row in table.rows)}
    hidden = {_key(what, kind) for what in few for kind in (URBAN, RURAL)}
    rows = [
        replace(row, cells={**row.cells, **dict.fromkeys(hidden, _HIDDEN), "remark": ""})
        for row in table.rows
    ]
    return replace(table, rows=rows, beside=())


def _is_of_few(row: Row, what: str) -> bool:
    urban, rural = _number(row, _key(what, URBAN)), _number(row, _key(what, RURAL))
    unsure = _number(row, _key(what, "")) - urban - rural
    return any(map(small.is_small, (urban, rural, unsure)))


def _rows(asked: Asked, parts: Parts, counts: Counts) -> list[Row]:
    rows: list[Row] = []
    for part in parts.parts:
        figures = _figures(counts, part.code)
        if any(figures.values()) or not part.is_extra:
            rows.append(_row(len(rows) + 1, part.name, figures, counts, part.code))
    rest = _figures(counts, "")
    if any(rest.values()):
        name = _WITHIN if rows else areas.called(asked)
        rows.append(_row(len(rows) + 1, name, rest, counts, ""))
    return [_of(row, asked) for row in rows]


def _row(number: int, name: str, figures: dict[str, int], counts: Counts, part: str) -> Row:
    year, span = counts.planned.get(part, (None, None))
    cells: dict[str, Value] = {"no": number, "name": name, **figures}
    cells |= {PLANNED_YEAR: year, PLANNED_SPAN: span, "remark": _remark(figures)}
    head = "" if part else f"{_REST}."
    return Row(cells, {key: f"{head}{key}" for key in figures}, area=part)


def _of(row: Row, asked: Asked) -> Row:
    return row if row.area else Row(row.cells, row.opens, area=asked.area)


def _figures(counts: Counts, part: str) -> dict[str, int]:
    return {_key(what, kind): counts.of(what, part, kind) for what in _COUNTED for kind in _KINDS}


def _total(asked: Asked, rows: Sequence[Row]) -> Row:
    keys = [_key(what, kind) for what in _COUNTED for kind in _KINDS]
    sums = {key: sum(_number(row, key) for row in rows) for key in keys}
    cells: dict[str, Value] = {"name": "合计", **sums}
    for key in (PLANNED_YEAR, PLANNED_SPAN):
        told = [_number(row, key) for row in rows if row.cells[key] is not None]
        cells[key] = sum(told) if told else None
    cells["remark"] = _remark(sums)
    return Row(cells, {key: key for key in keys}, area=asked.area, is_total=True)


def _number(row: Row, key: str) -> int:
    value = row.cells[key]
    assert isinstance(value, int)
    return value


def _remark(figures: Mapping[str, int]) -> str:
    """How many are only in 小计, for nobody knows whether they are 城镇 or 农村."""
    said = []
    for what, (_, unit) in _COUNTED.items():
        kinds = figures[_key(what, URBAN)] + figures[_key(what, RURAL)]
        if left := figures[_key(what, "")] - kinds:
            said.append(f"{_SHORT[what]}{left}{unit.value}")
    return f"城镇农村说不清、只进小计：{'，'.join(said)}" if said else ""


_SHORT = {"away": "在外", "back": "返乡", "intent": "有意向", "open": "主体"}


def _key(what: str, kind: str) -> str:
    return f"{what}_{kind}" if kind else what


def _listed(session: Session, asked: Asked, *, what: str, kind: str, is_rest: bool) -> Listed:
    """Who or what is behind a figure. Those erased meanwhile are in no list."""
    parts = areas.parts(session, asked)
    is_business = what == "open"
    some = (
        counting.open_businesses(session, asked, parts)
        if is_business
        else counting.living(session, asked, parts).subquery()
    )
    query = select(some.c.id, some.c.place, some.c.kind).where(_meant(some, what, asked.rules))
    ids = [
        row.id
        for row in session.execute(query.order_by(some.c.id))
        if kind in ("", row.kind) and not (is_rest and parts.part_of(row.place))
    ]
    return Listed(Subject.ENTITIES if is_business else Subject.PEOPLE, ids)


def _meant(some: Subquery, what: str, rules: Rules) -> ColumnElement[bool]:
    if what == "open":
        return true()
    if what == "away":
        return some.c.is_away == 1
    is_back = some.c.is_back == 1
    return is_back if what == "back" else and_(is_back, some.c.intent.in_(intents(rules)))


_LISTS = {
    f"{_REST}.{_key(what, kind)}" if is_rest else _key(what, kind): partial(
        _listed, what=what, kind=kind, is_rest=is_rest
    )
    for what in _COUNTED
    for kind in _KINDS
    for is_rest in (False, True)
}
REPORT = Report(
    name="annex4",
    title="返乡创业情况摸底表（附件4）",
    about="在外、返乡、有意向的人和创业主体，各县（镇、村）一行，表头和脚注与附件4一样",
    period=PeriodKind.YEAR,
    build=build,
    lists=_LISTS,
    also=frozenset({PeriodKind.MONTH, PeriodKind.DAY}),
)
REPORTS = (REPORT,)
