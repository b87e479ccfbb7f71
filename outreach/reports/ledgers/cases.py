"""典型案例: what each county recommended of its five a year, and how far its cases are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import func, select

from outreach.cases import quota
from outreach.reports.ledgers import places, small
from outreach.reports.ledgers.within import whose
from outreach.reports.periods import PeriodKind
from outreach.reports.table import Asked, Column, Listed, Report, Subject, Table, Unit, Value
from records import cases
from records.cases import CONSENT, CaseRow, Tier
from records.consents import Consent
from records.database import Session
from records.scope import is_local, is_within

_CASES, _SAID = CaseRow.__table__, Consent.__table__  # type: ignore[attr-defined]
_TIERS = {"leads": Tier.LEAD, "growing": Tier.GROWING, "typical": Tier.TYPICAL}
_AGREED = (
    select(_SAID.c.id)
    .where(_SAID.c.person_id == _CASES.c.person_id, _SAID.c.kind == CONSENT)
    .where(_SAID.c.given.is_(True), _SAID.c.ended_at.is_(None))
    .exists()
)
COLUMNS = (
    places.PLACE,
    Column("recommended", "本期推荐", Unit.PIECES),
    Column("owed", f"还差（每县{quota.A_YEAR}个）", Unit.PIECES),
    Column("leads", "线索", Unit.PIECES, group="现有"),
    Column("growing", "培育", Unit.PIECES, group="现有"),
    Column("typical", "典型", Unit.PIECES, group="现有"),
    Column("agreed", "本人答应讲的", Unit.PIECES, group="现有"),
)
_NOTES = (
    f"推荐：本期第一次从线索升为培育或典型的案例。每县一年不少于{quota.A_YEAR}个，差的按县算。",
)


def build(session: Session, asked: Asked) -> Table:
    """The cases of the area and of each of its counties."""
    opens = ("recommended", *_TIERS, "agreed")
    rows = places.rows(session, asked, measure, opens=opens, has_towns=False)
    subtitle = f"{asked.named(asked.area)}　{asked.period.spoken}"
    return small.shown(Table("典型案例", COLUMNS, rows, _NOTES, subtitle), asked)


def measure(session: Session, asked: Asked) -> Mapping[str, Value]:
    """The figures of one place; a town owes none."""
    mine = whose(asked.area, _CASES.c)
    tiers = select(_CASES.c.tier, func.count()).where(mine).group_by(_CASES.c.tier)
    counts = {row[0]: int(row[1]) for row in session.execute(tiers)}
    by_county = cases.recommended(session, asked.period.begin, asked.period.end)
    owed = [quota.A_YEAR - by_county.get(each, 0) for each in _counties(session, asked.area)]
    agreed = select(func.count()).where(mine, _AGREED)
    return {
        "recommended": len(recommended(session, asked).ids),
        "owed": sum(max(each, 0) for each in owed),
        **{key: counts.get(tier.value, 0) for key, tier in _TIERS.items()},
        "agreed": int(session.execute(agreed).scalar_one()),
    }


def recommended(session: Session, asked: Asked) -> Listed:
    """The cases that came beyond a lead in the span."""
    risen = cases.risen(session, asked.period.begin, asked.period.end)
    theirs = set(_ids(session, whose(asked.area, _CASES.c)))
    return Listed(Subject.CASES, [str(number) for number, _ in risen if number in theirs])


def of_tier(tier: Tier) -> Callable[[Session, Asked], Listed]:
    """The cases of a tier."""
    return lambda session, asked: _listed(
        session, whose(asked.area, _CASES.c) & (_CASES.c.tier == tier.value)
    )


def agreed(session: Session, asked: Asked) -> Listed:
    """The cases that their people let us tell."""
    return _listed(session, whose(asked.area, _CASES.c) & _AGREED)


def _counties(session: Session, area: str) -> list[str]:
    """The counties that owe cases: those with staff of their own, or with people."""
    if is_local(area):
        return []
    if quota.is_county(area):
        return [area]
    staffed = {each for each in quota.staffed(session) if is_within(each, area)}
    known = {each for each in places.parts(session, area) if quota.is_county(each)}
    return sorted(staffed | known)


def _listed(session: Session, wanted: Any) -> Listed:
    return Listed(Subject.CASES, [str(each) for each in _ids(session, wanted)])


def _ids(session: Session, wanted: Any) -> list[int]:
    query = select(_CASES.c.id).where(wanted).order_by(_CASES.c.id)
    return list(session.execute(query).scalars())


CASES = Report(
    name="cases",
    title="典型案例",
    about="每县推荐了几个、还差几个，线索、培育、典型各多少",
    period=PeriodKind.YEAR,
    build=build,
    lists={
        "recommended": recommended,
        **{key: of_tier(tier) for key, tier in _TIERS.items()},
        "agreed": agreed,
    },
)
