"""实名制台账 of persons (domain 5.8): one row each, phones masked, read in pages by id."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from outreach.reports.ledgers import small, spelling
from outreach.reports.ledgers.within import AT_ONCE, INTENDS, IS_REGISTERED, PEOPLE, here
from outreach.reports.periods import PeriodKind
from outreach.reports.places import inside
from outreach.reports.table import Asked, Column, Listed, Report, Row, Subject, Table, Value
from records import assignments, visits
from records.assignments import Assigned, Help
from records.database import Session
from records.prints import NICKNAME, PHONE, VILLAGE
from registry.village_list import SOURCES

COLUMNS = (
    Column("no", "序号"),
    Column("name", "姓名", is_personal=True),
    Column("sex", "性别"),
    Column("phone", "电话", is_personal=True),
    Column("county", "县"),
    Column("town", "镇"),
    Column("village", "村"),
    Column("where", "现居地"),
    Column("away", "外出半年"),
    Column("returns", "返乡时间"),
    Column("intent", "意愿"),
    Column("trade", "行业意向"),
    Column("skills", "技能"),
    Column("lacks", "最缺"),
    Column("commissioner", "专员"),
    Column("mentor", "导师"),
    Column("last", "最近联系"),
    Column("next", "下一步"),
    Column("source", "来源"),
    Column("updated", "更新时间"),
)
_FIELDS = {
    "away": "away_half_year",
    "returns": "return_period",
    "intent": "intent",
    "trade": "want_kind",
    "skills": "skills",
    "lacks": "lacks",
}
_NOTES = (
    "一人一行，按老家统计；本人同意登记的，或者按文件入户登记的。",
    "性别不收集，留空由人填。电话只显示前3位和后4位。",
)


@dataclass(frozen=True, slots=True)
class _Beside:
    """What other tables have of a page of people."""

    helpers: Mapping[str, Sequence[Assigned]]
    last: Mapping[str, datetime]
    due: Mapping[str, date]


def build(session: Session, asked: Asked) -> Table:
    """Everybody who is registered in the area."""
    rows = [] if asked.is_public else list(_rows(session, asked))
    subtitle = f"{asked.named(asked.area)}　{asked.period.spoken}　共{len(rows)}人"
    return small.shown(Table("返乡创业实名制台账（人员）", COLUMNS, rows, _NOTES, subtitle), asked)


def registered(session: Session, asked: Asked) -> Listed:
    """Everybody of the ledger."""
    query = select(PEOPLE.c.id).where(IS_REGISTERED, here(asked.area, PEOPLE.c))
    found = session.execute(query.order_by(PEOPLE.c.id)).scalars()
    return Listed(Subject.PEOPLE, list(found))


def intending(session: Session, asked: Asked) -> Listed:
    """Those who run something, will, or think of it."""
    query = select(PEOPLE.c.id).where(IS_REGISTERED, INTENDS, here(asked.area, PEOPLE.c))
    found = session.execute(query.order_by(PEOPLE.c.id)).scalars()
    return Listed(Subject.PEOPLE, list(found))


def _rows(session: Session, asked: Asked) -> Iterator[Row]:
    names: dict[str, str] = {}
    number, after = 0, ""
    whole = len(registered(session, asked).ids)
    while page := _page(session, asked.area, after):
        beside = _beside(session, [row.id for row in page])
        for row in page:
            number += 1
            yield _row(number, row, asked, beside, names)
        after = page[-1].id
        asked.tell(number, whole)


def _page(session: Session, area: str, after: str) -> Sequence[Any]:
    query = (
        select(PEOPLE)
        .where(IS_REGISTERED, here(area, PEOPLE.c), PEOPLE.c.id > after)
        .order_by(PEOPLE.c.id)
        .limit(AT_ONCE)
    )
    return session.execute(query).all()


def _beside(session: Session, ids: Sequence[str]) -> _Beside:
    due: dict[str, date] = {}
    for one in visits.waiting(session, ids):
        due.setdefault(one.person_id, one.due_on)
    return _Beside(assignments.of_people(session, ids), visits.last_contacts(session, ids), due)


def _row(number: int, row: Any, asked: Asked, beside: _Beside, names: dict[str, str]) -> Row:
    answers = {**row.codes, **asked.vault.open(row.sealed)}
    helpers = {one.help: one.helper for one in beside.helpers.get(row.id, ())}
    due = beside.due.get(row.id)
    cells: dict[str, Value] = {
        "no": number,
        "name": str(answers.get(NICKNAME) or ""),
        "sex": None,
        "phone": spelling.phone(str(answers.get(PHONE) or "")),
        "county": _named(row.area, asked, names),
        "town": inside(_named(row.town, asked, names), _named(row.area, asked, names)),
        "village": inside(_named(row.village, asked, names), _named(row.town, asked, names))
        or str(answers.get(VILLAGE) or ""),
        "where": str(answers.get("where_city") or "") or spelling.told("where_now", answers),
        "commissioner": helpers.get(Help.COMMISSIONER, ""),
        "mentor": helpers.get(Help.MENTOR, ""),
        "last": spelling.day(beside.last.get(row.id)),
        "next": f"{due.isoformat()}联系" if due else "",
        "source": SOURCES[row.source],
        "updated": spelling.day(row.updated_at),
    }
    told = {key: spelling.told(field, answers) for key, field in _FIELDS.items()}
    return Row(cells | told, area=row.area, subject=row.id)


def _named(place: str, asked: Asked, names: dict[str, str]) -> str:
    if place and place not in names:
        names[place] = asked.named(place)
    return names.get(place, "")


PEOPLE_LEDGER = Report(
    name="people_ledger",
    title="实名制台账（人员）",
    about="登记的人一人一行：在哪、想干啥、缺啥、谁在联系、下一步",
    period=PeriodKind.DAY,
    build=build,
    lists={"registered": registered, "intending": intending},
    has_people=True,
)
