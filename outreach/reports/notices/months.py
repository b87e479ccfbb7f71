"""一月一汇总 of a town, and what its county makes of all of them: 一月一调度, 一月一通报."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from outreach.reports import counting
from outreach.reports.month import FIGURES
from outreach.reports.notices import figures, public
from outreach.reports.notices.figures import BY_NAME, NOT_SUMMED
from outreach.reports.periods import PeriodKind
from outreach.reports.places import inside
from outreach.reports.table import Asked, Column, Listed, Report, Row, Table, Value
from outreach.reports.versions import reading
from outreach.reports.versions.paper import asked_of
from records.database import Session
from records.report_versions import State, Version

TOWN = "month_town"
NOW = "now"
_SUMMED = tuple(one.name for one in FIGURES if one.name not in NOT_SUMMED)
_REST, _ALL = "rest.", "all."  # begin the names of lists of the county's own lines
_OF_NOTICE = ("registered", "with_intent", "founded", "closed", "requests", "done", "late")
_STATES = {
    State.DRAFTED: "还在核对",
    State.CHECKED: "等签字",
    State.SIGNED: "已签字",
    State.FROZEN: "已定稿",
}
_NO_SUM = "推过的项目、新增创业的人和办结用时，合计按全县直接数，不是各镇相加。"
_HOW = "已定稿的镇用定稿数，有更正的用更正后的数；没定稿的用草稿数。各镇按编号先后排，不作排名。"


@dataclass(frozen=True, slots=True)
class _TownMonth:
    """A town's figures as its county takes them over."""

    town: str
    values: Mapping[str, Value]
    version: Version | None = None
    is_corrected: bool = False


def _town(session: Session, asked: Asked) -> Table:
    found = figures.of_area(session, asked)
    opens = figures.opens(found)
    rows = [
        Row(
            {"figure": one.title, "unit": one.unit.value, NOW: found[one.name]},
            {NOW: opens[one.name]} if one.name in opens else {},
            asked.area,
            one.name,
        )
        for one in FIGURES
    ]
    columns = (Column("figure", "指标"), Column("unit", "单位"), Column(NOW, "本月"))
    title = f"{asked.named(asked.area)}返乡创业月汇总表"
    table = Table(title, columns, rows, subtitle=asked.period.spoken)
    return public.beneath(table, asked, NOW)


def _county(session: Session, asked: Asked) -> Table:
    return public.beside(_whole_county(session, asked), asked)


def _whole_county(session: Session, asked: Asked) -> Table:
    """A line for each town, one for what lies in none, and the sum."""
    now = figures.of_area(session, asked)
    towns = [
        _town_month(session, asked_of(asked, one)) for one in counting.towns(session, asked.area)
    ]
    rest = _rest(session, asked, now)
    total = {name: _sum([*(one.values for one in towns), rest], name) for name in _SUMMED}
    rows = [_row(asked, one) for one in towns]
    is_told = {name: value for name, value in rest.items() if value}
    rest_cells: dict[str, Value] = {"town": "没落到镇的", "state": "系统数", **rest}
    rows.append(Row(rest_cells, figures.opens(is_told, _REST), asked.area, "rest"))
    whole: dict[str, int | None] = {**now, **total}
    cells: dict[str, Value] = {"town": "合计", "state": "", **whole}
    rows.append(Row(cells, figures.opens(whole, _ALL), asked.area, "total", is_total=True))
    columns = (Column("town", "乡镇"), Column("state", "乡镇报表"), *figures.columns())
    title = f"{asked.named(asked.area)}返乡创业月调度表"
    return Table(title, columns, rows, (_HOW, _NO_SUM), asked.period.spoken)


def _notice(session: Session, asked: Asked) -> Table:
    """The same with fewer columns, as it goes out."""
    whole = _whole_county(session, asked)
    keep = ("town", *_OF_NOTICE)
    columns = [one for one in whole.columns if one.key in keep]
    rows = [
        Row(
            {key: row.cells.get(key) for key in keep},
            {key: name for key, name in row.opens.items() if key in keep},
            row.area,
            row.subject,
            row.is_total,
        )
        for row in whole.rows
    ]
    title = f"{asked.named(asked.area)}返乡创业情况通报"
    return public.beside(Table(title, columns, rows, (_HOW,), asked.period.spoken), asked)


def notice_words(table: Table, asked: Asked) -> Sequence[str]:
    """The notice in words: what there is, who is late without blame, nobody ranked."""
    total = next(row for row in table.rows if row.is_total).cells
    name, when = asked.named(asked.area), asked.period.spoken

    def one(key: str) -> str:
        return figures.said(total, key)

    return [
        f"现将{name}{when}返乡创业工作情况通报如下。",
        f"一、总的情况。新登记{one('registered')}，其中有创业意向{one('with_intent')}；"
        f"新增返乡创业经营主体{one('founded')}，停业{one('closed')}；"
        f"新收诉求{one('requests')}，办完{one('done')}，其中超期{one('late')}。",
        "二、各镇情况。见附表，按编号先后排列，不作排名。",
        "三、下一步。还在核对的镇请尽快定稿；超期没办完的诉求，请先给群众回个话，说清办到哪一步。",
    ]


def county_words(table: Table, asked: Asked) -> Sequence[str]:
    """What the dispatch meeting goes through."""
    total = next(row for row in table.rows if row.is_total).cells
    open_towns = [
        str(row.cells["town"])
        for row in table.rows
        if row.cells.get("state") in ("还在核对", "等签字", "还没有")
    ]
    waiting = f"还没定稿的镇：{'、'.join(open_towns)}。" if open_towns else "各镇都已定稿。"
    return [*figures.in_words(total), waiting]


def _town_month(session: Session, asked: Asked) -> _TownMonth:
    """The town's own paper where there is one, with its corrections; else counted now."""
    version = reading.newest(session, TOWN, asked.area, str(asked.period))
    if version is None:
        return _TownMonth(asked.area, figures.of_area(session, asked))
    known = reading.opened(session, asked.vault, version)
    values = {row.subject: row.cells.get(NOW) for row in known.corrected.rows}
    return _TownMonth(asked.area, values, version, bool(known.corrections))


def _row(asked: Asked, one: _TownMonth) -> Row:
    state = _STATES[one.version.state] if one.version else "还没有"
    if one.is_corrected:
        state += "，有更正"
    cells: dict[str, Value] = {
        "town": inside(asked.named(one.town), asked.named(asked.area)),
        "state": state,
    }
    known = {name: one.values.get(name) for name in BY_NAME}
    whole = {name: value for name, value in known.items() if isinstance(value, int)}
    return Row({**cells, **known}, figures.opens(whole), one.town, one.town)


def _rest(session: Session, asked: Asked, now: figures.Counted) -> dict[str, int]:
    """What the county has and none of its towns, counted from the records of this moment."""
    known = [
        figures.of_area(session, asked_of(asked, one))
        for one in counting.towns(session, asked.area)
    ]
    return {name: (now[name] or 0) - sum(one[name] or 0 for one in known) for name in _SUMMED}


def _sum(lines: Sequence[Mapping[str, Value]], name: str) -> int:
    return sum(value for one in lines if isinstance(value := one.get(name), int))


def _town_list(name: str) -> figures.ListOf:
    """As the town's own paper kept it."""
    count = figures.list_of(name)

    def find(session: Session, asked: Asked) -> Listed:
        version = reading.newest(session, TOWN, asked.area, str(asked.period))
        if version is None:
            return count(session, asked)
        kept = reading.open_list(session, asked.vault, version.number, name, asked.area)
        return kept.listed if kept else count(session, asked)

    return find


def _rest_list(name: str) -> figures.ListOf:
    count = figures.list_of(name)

    def find(session: Session, asked: Asked) -> Listed:
        whole = count(session, asked)
        towns = counting.towns(session, asked.area) if whole.ids else []
        in_towns = {id_ for one in towns for id_ in count(session, asked_of(asked, one)).ids}
        return Listed(whole.subject, tuple(one for one in whole.ids if one not in in_towns))

    return find


def _whole_list(name: str) -> figures.ListOf:
    of_town, of_rest, count = _town_list(name), _rest_list(name), figures.list_of(name)

    def find(session: Session, asked: Asked) -> Listed:
        if name in NOT_SUMMED:
            return count(session, asked)
        rest = of_rest(session, asked)
        towns = counting.towns(session, asked.area)
        some = [id_ for one in towns for id_ in of_town(session, asked_of(asked, one)).ids]
        return Listed(rest.subject, tuple(dict.fromkeys((*some, *rest.ids))))

    return find


def _county_lists() -> dict[str, figures.ListOf]:
    names = list(figures.lists())
    return {
        **{name: _town_list(name) for name in names},
        **{_REST + name: _rest_list(name) for name in names},
        **{_ALL + name: _whole_list(name) for name in names},
    }


TOWN_MONTH = Report(
    TOWN,
    "乡镇月汇总表",
    "一个镇一个月的数，每月1号起草（一月一汇总）",
    PeriodKind.MONTH,
    _town,
    figures.lists(),
)
COUNTY_MONTH = Report(
    "month_county",
    "县级月调度表",
    "各镇的月汇总合起来，加上没落到镇的（一月一调度）",
    PeriodKind.MONTH,
    _county,
    _county_lists(),
)
COUNTY_NOTICE = Report(
    "notice_county",
    "县级月通报",
    "发给各镇的通报：文字从数字起草，附表不排名（一月一通报）",
    PeriodKind.MONTH,
    _notice,
    _county_lists(),
)
