"""站长述职: for each head the confirmed reports of a year's two halves, and who owes one."""

from __future__ import annotations

from collections.abc import Iterator

from outreach import stations as duties
from outreach.courses.booking import today_of
from outreach.reports.ledgers import small
from outreach.reports.periods import PeriodKind
from outreach.reports.table import Asked, Column, Report, Row, Table, Unit, Value
from records import stations
from records.database import Session

_FIGURES = ("events", "came", "projects", "firms", "planned", "landed", "leads")
COLUMNS = (
    Column("station", "站"),
    Column("head", "站长"),
    Column("half", "半年"),
    Column("state", "述职"),
    Column("events", "办活动", Unit.PIECES),
    Column("came", "到场", Unit.TIMES),
    Column("projects", "签约项目", Unit.PIECES),
    Column("firms", "签约企业", Unit.PIECES),
    Column("planned", "签约投资额", Unit.YUAN),
    Column("landed", "到位资金", Unit.YUAN),
    Column("leads", "带回项目线索", Unit.PIECES),
    Column("words", "站长的话", is_personal=True),
)
_NOTES = (
    "已述职的是站长确认过的数，不再变；没述职的是系统现在算的数，等站长确认。",
    "站长不排名，数只用来看还要帮什么。",
)
_HALVES = {"H1": "上半年", "H2": "下半年"}


def build(session: Session, asked: Asked) -> Table:
    """Each head of a station for the area's people, each half-year that has begun."""
    rows = list(_rows(session, asked))
    subtitle = f"{asked.named(asked.area)}　{asked.period.spoken}"
    columns = [column for column in COLUMNS if not (asked.is_public and column.is_personal)]
    return small.shown(Table("站长述职", columns, rows, _NOTES, subtitle), asked)


def _rows(session: Session, asked: Asked) -> Iterator[Row]:
    begun = duties.half_of(min(today_of(asked.now), asked.period.last))
    halves = [f"{asked.period.first.year}{half}" for half in _HALVES]
    for head, names, area in _heads(session, asked.area):
        for half in halves:
            if half <= begun:
                yield _row(session, asked, half, head=head, stations="、".join(names), area=area)


def _heads(session: Session, area: str) -> list[tuple[str, list[str], str]]:
    found: dict[str, tuple[str, list[str], str]] = {}
    for one in stations.of_area(session, area):
        if one.head:
            found.setdefault(one.head, (one.head, [], one.area))[1].append(one.name)
    return list(found.values())


def _row(session: Session, asked: Asked, half: str, *, head: str, stations: str, area: str) -> Row:
    draft = duties.draft(session, asked.vault, head, half, asked.now)
    is_over = duties.half_of(today_of(asked.now)) > half
    cells: dict[str, Value] = {
        "station": stations,
        "head": head,
        "half": _HALVES[half[4:]],
        "state": "已述职" if draft.frozen else ("还没述职" if is_over else "草稿"),
        "words": draft.report.words,
    }
    figures = {key: draft.report.figures.get(key, 0) for key in _FIGURES}
    return Row({**cells, **figures}, area=area)


STATION_DUTY = Report(
    name="station_duty",
    title="站长述职",
    about="每个站长半年一次的述职：办了什么、来了多少人、签了什么、谁还没交",
    period=PeriodKind.YEAR,
    build=build,
)
