"""一村一清单: the people of a village or a town; of a county, how each village stands."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import astuple, dataclass
from typing import Any

from sqlalchemy import func, select

from outreach.reports.ledgers import small
from outreach.reports.ledgers.people import intending, registered
from outreach.reports.ledgers.within import INTENDS, IS_REGISTERED, PEOPLE, here
from outreach.reports.periods import PeriodKind
from outreach.reports.places import inside
from outreach.reports.table import Asked, Column, Report, Row, Table, Unit
from records.assignments import Assignment, Help
from records.database import Session
from records.scope import is_local
from records.visits import Visit, VisitKind
from registry import village_list

_ASSIGNED = Assignment.__table__  # type: ignore[attr-defined]
_VISITS = Visit.__table__  # type: ignore[attr-defined]
_KEYS = (
    *("no", "name", "phone", "home", "where", "intent", "want", "lacks", "tags", "helper"),
    *("last", "next", "source"),
)
_COLUMNS = tuple(
    Column(key, title, is_personal=key in ("name", "phone"))
    for key, title in zip(_KEYS, village_list.HEADINGS, strict=True)
)
_BY_VILLAGE = (
    Column("town", "镇"),
    Column("village", "村"),
    Column("registered", "登记人数", Unit.PEOPLE),
    Column("intending", "有创业意向", Unit.PEOPLE),
    Column("alone", "有意向没配专员", Unit.PEOPLE),
    Column("unheard", "有意向没联系过", Unit.PEOPLE),
)
_UNPLACED = "没写清是哪个村"


@dataclass(slots=True)
class _Village:
    """How one village stands."""

    registered: int = 0
    intending: int = 0
    alone: int = 0
    unheard: int = 0


def build(session: Session, asked: Asked) -> Table:
    """The list of a village or a town; of a county a row for each village."""
    title = f"{asked.named(asked.area)}一村一清单"
    if not is_local(asked.area):
        return small.shown(_by_village(session, asked, title), asked)
    found = [] if asked.is_public else village_list.rows(session, asked.vault, asked.area)
    rows = [Row(dict(zip(_KEYS, astuple(one), strict=True)), area=asked.area) for one in found]
    table = Table(title, _COLUMNS, rows, subtitle=f"{asked.period.spoken}　共{len(rows)}人")
    return small.shown(table, asked)


def _by_village(session: Session, asked: Asked, title: str) -> Table:
    found: dict[tuple[str, str, str], _Village] = defaultdict(_Village)
    for area, town, village, *counts in session.execute(_counts(asked.area)):
        one = found[area, town, village]
        one.registered, one.intending, one.alone, one.unheard = map(int, counts)
    rows = [
        Row(
            {
                "town": inside(asked.named(town), asked.named(area))
                if town
                else asked.named(area),
                "village": inside(asked.named(village), asked.named(town))
                if village
                else _UNPLACED,
                **_cells(one),
            },
            opens={"registered": "registered", "intending": "intending"} if village else {},
            area=village or town or area,
        )
        for (area, town, village), one in sorted(found.items())
    ]
    whole = _Village(
        *(sum(getattr(one, key) for one in found.values()) for key in _Village.__slots__)
    )
    opens = {"registered": "registered", "intending": "intending"}
    top = Row({"town": "合计", **_cells(whole)}, opens, asked.area, is_total=True)
    return Table(title, _BY_VILLAGE, [top, *rows], subtitle=f"分村汇总　{asked.period.spoken}")


def _cells(one: _Village) -> dict[str, Any]:
    return {key: getattr(one, key) for key in _Village.__slots__}


def _counts(area: str) -> Any:
    """By village: registered, of which intending, of these without a helper, never spoken to."""
    helped = (
        select(_ASSIGNED.c.id)
        .where(_ASSIGNED.c.person_id == PEOPLE.c.id, _ASSIGNED.c.until.is_(None))
        .where(_ASSIGNED.c.help == Help.COMMISSIONER.value)
        .exists()
    )
    heard = (
        select(_VISITS.c.id)
        .where(_VISITS.c.person_id == PEOPLE.c.id, _VISITS.c.kind != VisitKind.NO_ANSWER.value)
        .exists()
    )
    place = (PEOPLE.c.area, PEOPLE.c.town, PEOPLE.c.village)
    return (
        select(
            *place,
            func.count(),
            func.count().filter(INTENDS),
            func.count().filter(INTENDS & ~helped),
            func.count().filter(INTENDS & ~heard),
        )
        .where(IS_REGISTERED, here(area, PEOPLE.c))
        .group_by(*place)
    )


VILLAGE_LIST = Report(
    name="village_list",
    title="一村一清单",
    about="一个村的人：想法、缺啥、谁在联系、下一步；看县的时候一村一行",
    period=PeriodKind.DAY,
    build=build,
    lists={"registered": registered, "intending": intending},
    has_people=True,
)
