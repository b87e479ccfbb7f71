"""附件2, 附件3 and all targets as tables: what was set, what was reached, where it leads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from outreach.calendars import CHINA
from outreach.reports import hiding
from outreach.reports import parts as areas
from outreach.reports.ledgers import small
from outreach.reports.periods import PeriodKind
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
from outreach.reports.targets import Board, Line, board, names, odd_totals
from outreach.reports.targets_known import Known
from outreach.reports.targets_measures import BY_NAME, MEASURES, begun
from outreach.reports.targets_pace import HOW, NO_TARGET
from records import cases
from records.database import Session
from records.scope import is_within
from records.targets import Figure, Kind

_TOTAL = "合计"
_SPAN_YEARS = 2  # from the first to the last of 三年


def annex2(session: Session, asked: Asked) -> Table:
    """附件2: households, with the people who are away as the paper has them."""
    found = board(session, asked)
    first, last = _span(found, "households")
    year = asked.period.first.year
    columns = (
        Column("no", "序号"),
        Column("name", "县市区"),
        Column("base", "外出务工人数", Unit.PEOPLE),
        Column("span_target", f"{first}-{last}年返乡创业目标户数", Unit.HOUSEHOLDS),
        Column("year_target", f"其中{year}年返乡创业目标户数", Unit.HOUSEHOLDS),
        *_reached("year", f"{year}年完成", Unit.HOUSEHOLDS),
        *_reached("span", f"{first}-{last}年完成", Unit.HOUSEHOLDS),
        Column("remark", "备注"),
    )
    rows = [
        _households(found, code, name, number)
        for number, (code, name) in enumerate(_lines(found), 1)
    ]
    total = _households(found, asked.area, _TOTAL, None)
    made = Table(
        heading="附件2",
        title=f"{areas.called(asked)}返乡创业专项行动数量目标分解表",
        columns=columns,
        rows=[*rows, *_with_total(found, total)],
        beside=(*_beside(found, ("households",)),),
    )
    return small.shown(made, asked)


def annex3(session: Session, asked: Asked) -> Table:
    """附件3: parks, projects, roadshows and training, cases."""
    found = board(session, asked)
    rows = [_themes(found, code, name) for code, name in _lines(found)]
    total = _themes(found, asked.area, _TOTAL)
    made = Table(
        heading="附件3",
        title=f"{areas.called(asked)}返乡创业专项行动双创等目标分解表",
        columns=tuple(_theme_columns(found)),
        rows=[*rows, *_with_total(found, total)],
        beside=(*_beside(found, _OF_ANNEX3),),
    )
    return small.shown(made, asked)


_Place = tuple[str, str, int, int]  # an area, a measure, the first and last year of its span


def everything(session: Session, asked: Asked) -> Table:
    """Every target that holds in the year, two rows where two papers differ."""
    found = board(session, asked)
    called = names(found)
    order = {one.name: number for number, one in enumerate(MEASURES)}
    codes = list(called)
    known = sorted(
        found.targets(),
        key=lambda one: (
            order.get(one.figure.measure, len(order)),
            -one.figure.last_year,
            codes.index(one.figure.area),
            one.figure.source,
        ),
    )
    lines = [found.line(one) for one in known if one.figure.measure in BY_NAME]
    secret = _secret(lines, asked) if asked.is_public else frozenset[_Place]()
    rows = [_row(one, called, asked, is_hidden=_place(one) in secret) for one in lines]
    made = Table(
        title=f"{areas.called(asked)}{asked.period.first.year}年目标完成情况",
        columns=_COLUMNS,
        rows=rows,
        subtitle=f"数到{found.day.isoformat()}",
        notes=(HOW,),
        beside=tuple(f"{one.title}（{one.unit.value}）：{one.means}。" for one in MEASURES),
    )
    return small.shown(made, asked)


_COLUMNS = (
    Column("name", "地方"),
    Column("measure", "指标"),
    Column("span", "期间"),
    Column("unit", "单位"),
    Column("target", "目标"),
    Column("actual", "实际"),
    Column("rate", "完成率", Unit.PERCENT),
    Column("gone", "时间进度", Unit.PERCENT),
    Column("forecast", "照现在的快慢，期末约有"),
    Column("pace", "快慢"),
    Column("source", "来源"),
    Column("remark", "说明"),
)


def _place(line: Line) -> _Place:
    one = line.figure
    return one.area, one.measure, one.first_year, one.last_year


def _secret(lines: Sequence[Line], asked: Asked) -> frozenset[_Place]:
    """Whose 实际 is small, or gives one away: the counties of a measure and span are a sum."""
    told = {_place(one): one.actual for one in lines if one.actual is not None}
    cells = {place: (number, "actual") for number, place in enumerate(told)}
    values = {cells[place]: count for place, count in told.items()}
    sums = []
    for whole in (place for place in told if place[0] == asked.area):
        parts = [place for place in told if place[1:] == whole[1:] and place != whole]
        if sum(told[place] for place in parts) == told[whole]:
            sums.append(hiding.Sum(cells[whole], tuple(cells[place] for place in parts)))
    secret = hiding.hidden(values, sums)
    return frozenset(place for place, cell in cells.items() if cell in secret)


def _row(line: Line, called: Mapping[str, str], asked: Asked, *, is_hidden: bool) -> Row:
    one, unit = line.figure, Unit(line.figure.unit)
    actual = small.cell(line.actual, unit, asked)
    cells: dict[str, Value] = {
        "name": called[one.area],
        "measure": BY_NAME[one.measure].title,
        "span": _years(one),
        "unit": one.unit,
        "target": one.value if one.value is not None else NO_TARGET,
        "actual": small.CONCEALED if is_hidden and actual == line.actual else actual,
        "rate": None if is_hidden else line.pace.reached,
        "gone": line.pace.gone,
        "forecast": None if is_hidden else line.pace.forecast,
        "pace": "" if is_hidden else line.pace.words,
        "source": one.source,
        "remark": _remark(line),
    }
    subject = f"{one.measure}/{one.first_year}-{one.last_year}/{one.source}"
    key = "year" if one.first_year == one.last_year else "span"
    return Row(cells, _opens("actual", one.measure, key), area=one.area, subject=subject)


def _opens(column: str, measure: str, key: str) -> dict[str, str]:
    name = f"{measure}_{key}"
    return {column: name} if name in _LISTS else {}


def _remark(line: Line) -> str:
    said = [line.figure.note]
    if line.figure.unit != BY_NAME[line.figure.measure].unit.value:
        said.append(f"单位和指标的不一样（{BY_NAME[line.figure.measure].unit.value}），不能比")
    if line.actual is None:
        said.append("完成数没有记录，要填")
    if line.typed and line.typed.at:
        said.append(typed_by(line.typed))
    if line.known.at:
        said.append(f"{line.known.by}填的")
    return "；".join(filter(None, said))


def typed_by(typed: Known) -> str:
    """Whose figure of what was reached it is: no record of ours holds it."""
    day = f"{typed.at.astimezone(CHINA):%Y-%m-%d}" if typed.at else ""
    return f"完成数是{typed.by}{day}填的，来源：{typed.figure.source}"


def _years(one: Figure) -> str:
    if one.first_year == one.last_year:
        return f"{one.first_year}年"
    return f"{one.first_year}-{one.last_year}年"


def _lines(found: Board) -> Sequence[tuple[str, str]]:
    return [(one.code, one.name) for one in found.lines]


def _with_total(found: Board, row: Row) -> Sequence[Row]:
    return [row] if len(found.lines) > 1 else []


def _span(found: Board, measure: str) -> tuple[int, int]:
    """The years of the targets of several years; three from this one on where there are none."""
    year = found.asked.period.first.year
    spans = [
        (one.figure.first_year, one.figure.last_year)
        for one in found.targets()
        if one.figure.measure == measure and one.figure.last_year > one.figure.first_year
    ]
    return spans[0] if spans else (year, year + _SPAN_YEARS)


def _reached(key: str, group: str, unit: Unit) -> tuple[Column, ...]:
    return (
        Column(f"{key}_actual", "实际", unit, group),
        Column(f"{key}_rate", "完成率", Unit.PERCENT, group),
        Column(f"{key}_gone", "时间进度", Unit.PERCENT, group),
        Column(f"{key}_forecast", "期末预计", unit, group),
    )


def _households(found: Board, code: str, name: str, number: int | None) -> Row:
    year = found.asked.period.first.year
    cells: dict[str, Value] = {"no": number, "name": name, "base": _base(found, code)}
    remarks = []
    for key, is_span in (("year", False), ("span", True)):
        first, last = _span(found, "households") if is_span else (year, year)
        known = found.target("households", code, is_span=is_span, annex="附件2")
        line = found.line(known or _none(code, "households", first, last))
        cells |= _cells(key, line)
        if known and known.at:
            remarks.append(_remark(line))
    cells["remark"] = "；".join(dict.fromkeys(remarks))
    opens = {f"{key}_actual": f"households_{key}" for key in ("year", "span")}
    return Row(cells, opens, area=code, is_total=name == _TOTAL)


def _cells(key: str, line: Line) -> dict[str, Value]:
    value = line.figure.value
    return {
        f"{key}_target": value if value is not None else NO_TARGET,
        f"{key}_actual": line.actual,
        f"{key}_rate": line.pace.reached,
        f"{key}_gone": line.pace.gone,
        f"{key}_forecast": line.pace.forecast,
    }


def _none(code: str, measure: str, first: int, last: int) -> Known:
    """Where nobody has set a target: what was reached is told all the same."""
    unit = BY_NAME[measure].unit.value
    return Known(Figure(Kind.TARGET, code, measure, first, last, unit, None, ""))


def _base(found: Board, code: str) -> Value:
    """The people who are away as the paper of 附件2 prints them, of whatever year that is."""
    year = found.asked.period.first.year
    bases = [
        one
        for one in found.figures
        if one.figure.kind is Kind.BASE
        and (one.figure.measure, one.figure.area) == ("outside_workers", code)
        and one.figure.first_year <= year
    ]
    newest = max(bases, key=lambda one: (one.figure.last_year, one.number), default=None)
    return newest.figure.value if newest else None


_OF_ANNEX3 = ("parks", "projects", "roadshow_training", "cases")
_ONE_COLUMN = "parks"  # the paper sets a figure of the year only


def _theme_columns(found: Board) -> Sequence[Column]:
    year = found.asked.period.first.year
    columns = [Column("name", "县市区")]
    for measure in _OF_ANNEX3:
        group, unit = BY_NAME[measure].title, BY_NAME[measure].unit
        if measure != _ONE_COLUMN:
            first, last = _span(found, measure)
            span = f"{first}-{last}年"
            columns += [
                Column(f"{measure}_span_target", f"{span}目标数", unit, group),
                Column(f"{measure}_span_actual", f"{span}实际", unit, group),
            ]
        columns += [
            Column(f"{measure}_year_target", f"{year}年目标数", unit, group),
            Column(f"{measure}_year_actual", f"{year}年实际", unit, group),
        ]
    return [*columns, Column("remark", "备注")]


def _themes(found: Board, code: str, name: str) -> Row:
    cells: dict[str, Value] = {"name": name}
    missing, behind = [], []
    year = found.asked.period.first.year
    for measure in _OF_ANNEX3:
        for key, is_span in (("year", False), ("span", True)):
            if is_span and measure == _ONE_COLUMN:
                continue
            first, last = _span(found, measure) if is_span else (year, year)
            known = found.target(measure, code, is_span=is_span, annex="附件3")
            line = found.line(known or _none(code, measure, first, last))
            told = _cells(f"{measure}_{key}", line)
            cells |= {k: v for k, v in told.items() if k.endswith(("_target", "_actual"))}
            if line.actual is None and not is_span:
                missing.append(BY_NAME[measure].title)
            if not is_span and line.pace.reached is not None and line.pace.words.startswith("落"):
                behind.append(f"{BY_NAME[measure].title}{line.pace.words}")
    said = [f"完成数要填：{'、'.join(missing)}"] if missing else []
    cells["remark"] = "；".join([*said, *behind])
    opens = {f"cases_{key}_actual": f"cases_{key}" for key in ("year", "span")}
    return Row(cells, opens, area=code, is_total=name == _TOTAL)


def _beside(found: Board, measures: Sequence[str]) -> list[str]:
    """How it was counted, and where papers differ."""
    said = [f"数到{found.day.isoformat()}。{HOW}"]
    for measure in measures:
        one = BY_NAME[measure]
        said.append(f"{one.title}（{one.unit.value}）：{one.means}。")
        for is_span in (True, False):
            said += odd_totals(found, measure, is_span=is_span, annex="附件")
    notes = {
        f"{BY_NAME[one.figure.measure].title}：{one.figure.source}写{one.figure.as_printed}，"
        f"{one.figure.note}。"
        for one in found.targets()
        if one.figure.measure in measures
        and one.figure.note
        and one.figure.area == found.asked.area
    }
    return [*said, *sorted(notes)]


def _businesses(session: Session, asked: Asked, *, is_span: bool) -> Listed:
    """The businesses that began in the year, or in the years of the target around it."""
    found = board(session, asked)
    year = asked.period.first.year
    first, last = _span(found, "households") if is_span else (year, year)
    return Listed(Subject.ENTITIES, begun(session, asked, found.span(first, last)))


def _cases(session: Session, asked: Asked, *, is_span: bool) -> Listed:
    """The cases that rose in the year, or in the years around it."""
    found = board(session, asked)
    year = asked.period.first.year
    first, last = _span(found, "cases") if is_span else (year, year)
    here = cases.risen(session, *found.span(first, last).moments)
    ids = [str(number) for number, area in here if is_within(area, asked.area)]
    return Listed(Subject.CASES, ids)


_LISTS = {
    f"{name}_{key}": partial(does, is_span=key == "span")
    for name, does in (
        ("households", _businesses),
        ("new_entities", _businesses),
        ("cases", _cases),
    )
    for key in ("year", "span")
}
REPORTS = (
    Report(
        name="annex2",
        title="数量目标分解表（附件2）",
        about="返乡创业户数：目标、实际、完成率、时间进度和期末预计，各县市区一行",
        period=PeriodKind.YEAR,
        build=annex2,
        lists=_LISTS,
    ),
    Report(
        name="annex3",
        title="双创等目标分解表（附件3）",
        about="园区、示范项目、路演培训、典型案例：目标和实际，各县市区一行",
        period=PeriodKind.YEAR,
        build=annex3,
        lists=_LISTS,
    ),
    Report(
        name="targets",
        title="目标完成情况",
        about="当年的每个目标一行：实际、完成率、时间进度、期末预计和来源；两份文件说法不同的两行都在",
        period=PeriodKind.YEAR,
        build=everything,
        lists=_LISTS,
    ),
)
