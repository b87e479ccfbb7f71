"""镇街考核 (domain S3-11): what the plan assesses towns by, each figure with its list."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import func, select

from outreach.reports.ledgers import entities, places, signings, small
from outreach.reports.ledgers.within import here
from outreach.reports.periods import PeriodKind
from outreach.reports.table import Asked, Column, Listed, Report, Subject, Table, Unit, Value
from records import events
from records.database import Session
from records.entities import Entity
from records.scope import is_local, stem
from records.sites import SiteRow

_ENTITIES, _SITES = Entity.__table__, SiteRow.__table__  # type: ignore[attr-defined]
COLUMNS = (
    places.PLACE,
    Column("parks", "园区", Unit.PIECES),
    Column("founders", "返乡创业人数", Unit.PEOPLE),
    Column("open", "领办的在营主体", Unit.PIECES),
    Column("new", "其中本期新开", Unit.PIECES),
    Column("planned", "签约投资额", Unit.YUAN),
    Column("landed", "实际资金落地额", Unit.YUAN),
)
_NOTES = (
    "园区是场地名录里登记的园区。人数、主体是现在有在营主体的人和他们的主体，和实名制台账一样数。",
    "投资额是本期在本地办的活动上签的；镇里办的算镇里，县里办的只在合计里。",
    "只列数，不打分、不排名：文件没写每项占多少分，怎么评由人定。佐证点开数就是名单，另有佐证清单。",
)


def build(session: Session, asked: Asked) -> Table:
    """The area, then each of its towns."""
    opens = ("founders", "open", "new", "planned", "landed")
    rows = places.rows(session, asked, measure, opens=opens)
    subtitle = f"{asked.named(asked.area)}　{asked.period.spoken}"
    return small.shown(Table("镇街考核指标", COLUMNS, rows, _NOTES, subtitle), asked)


def measure(session: Session, asked: Asked) -> Mapping[str, Value]:
    """The figures of one place."""
    held = [event.number for event in signings.of_period(session, asked)]
    signed = events.totals(signings.as_of(session, asked, held))
    return {
        "parks": _parks(session, asked.area),
        "founders": len(entities.founders(session, asked).ids),
        "open": len(entities.open_ones(session, asked).ids),
        "new": len(new_ones(session, asked).ids),
        "planned": signed.planned,
        "landed": signed.landed,
    }


def new_ones(session: Session, asked: Asked) -> Listed:
    """The businesses that are open and began in the span."""
    began = _ENTITIES.c.began_on.between(asked.period.first, asked.period.last)
    query = select(_ENTITIES.c.id).where(here(asked.area, _ENTITIES.c), began)
    query = query.where(_ENTITIES.c.state == "open").order_by(_ENTITIES.c.id)
    return Listed(Subject.ENTITIES, list(session.execute(query).scalars()))


def _parks(session: Session, area: str) -> int:
    mine = (
        _SITES.c.town == area
        if is_local(area)
        else _SITES.c.county.startswith(stem(area), autoescape=True)
    )
    is_listed = _SITES.c.is_closed.is_(False) & (_SITES.c.kind == "park")
    query = select(func.count()).select_from(_SITES).where(mine, is_listed)
    return int(session.execute(query).scalar_one())


ASSESSMENT = Report(
    name="assessment",
    title="镇街考核指标",
    about="每个镇街的园区、返乡创业人数、领办主体、投资额，数点开是名单；不打分、不排名",
    period=PeriodKind.YEAR,
    build=build,
    lists={
        "founders": entities.founders,
        "open": entities.open_ones,
        "new": new_ones,
        "planned": signings.listed,
        "landed": signings.listed,
    },
)
