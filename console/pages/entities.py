"""The ledger of businesses: a list by filters, one with its memory, corrected by a form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from urllib.parse import urlencode

from aiohttp import web
from pydantic import Field
from sqlalchemy import and_, select

from console.desk import Desk, NotHere, Refused
from console.forms import Filled, Form, blank, filled, wrong
from console.look import masked_name
from console.page import Page
from matching.codes import Category
from matching.facts import Entity as Kind
from outreach.courses.booking import today_of
from records import audit, entities, people, rights
from records.database import Session
from records.entities import Business, Entity, EntityChange, EntityState
from records.people import Status
from records.rights import Right
from registry import credit_codes
from registry.differences import said

_PAGE, _MEMORY, _MOST_PEOPLE = 30, 50, 100_000
_ENTITIES, _CHANGES = Entity.__table__, EntityChange.__table__  # type: ignore[attr-defined]
_PEOPLE = people.Person.__table__  # type: ignore[attr-defined]
STATES = {EntityState.OPEN: ("在营", "good"), EntityState.CLOSED: ("停业", "bad")}
_FIELDS = {
    "trade": "行业",
    "form": "类型",
    "headcount": "从业人数",
    "licensed_on": "办照时间",
    "began_on": "开业时间",
    "state": "状态",
    "closed_on": "停业时间",
    "name": "名称",
    "credit_code": "信用代码",
}


class Told(Form):
    """What is known of a business."""

    name: str = Field(default="", max_length=60)
    form: str = Field(default="", max_length=12)
    trade: str = Field(default="", max_length=20)
    headcount: int | None = Field(default=None, ge=1, le=_MOST_PEOPLE)
    began_on: date | None = None
    licensed_on: date | None = None
    state: Literal["open", "closed"]
    closed_on: date | None = None
    credit_code: str = Field(default="", max_length=30)


@dataclass(frozen=True, slots=True)
class Row:
    """A business on the list."""

    id: str
    business: Business
    founder: str  # masked
    person_id: str


async def listed(desk: Desk) -> web.StreamResponse:
    """A page of the ledger, of founders in reach."""
    rows, more = await desk.read(_listed, desk)
    if rows:
        await desk.write(_note, [row.person_id for row in rows], desk)
    asked = {key: text for key, text in desk.query.items() if key != "after" and text}
    older = f"/console/entities?{urlencode({**asked, 'after': more})}" if more else ""
    return desk.render(
        "entities/list.html",
        f=blank(dict(desk.query)),
        rows=rows,
        states=STATES,
        trades=_trades(),
        worded=said,
        named=await desk.named(*(_place(row.business) for row in rows)),
        place_of=_place,
        older=older,
        first="/console/entities?" + urlencode(asked) if desk.query.get("after") else "",
    )


async def entity(desk: Desk) -> web.StreamResponse:
    """One business, to be read and corrected."""
    row = await desk.read(_one, desk)
    await desk.note("person.seen", row.person_id)
    return await _page(desk, row, blank({}))


async def change(desk: Desk) -> web.StreamResponse:
    """Other values; the old ones stay in the ledger's memory."""
    row = await desk.read(_one, desk)
    f = filled(Told, desk.form)
    faults = _faults(f.value, desk) if f.value else {}
    if f.value is None or faults:
        return await _page(desk, row, wrong(f.typed, **faults) if faults else f, 422)
    await desk.write(_change, row.id, f.value, desk)
    return desk.go(f"/entities/{row.id}", "改好了，原来的内容还留着。")


def _change(session: Session, entity_id: str, told: Told, desk: Desk) -> None:
    row = session.get_one(Entity, entity_id)
    if desk.form.get("seen") != row.updated_at.isoformat():
        raise Refused("同事刚才改过这个主体，请刷新页面看过再改。")
    state = EntityState(told.state)
    code, _ = credit_codes.read(told.credit_code)
    known = {**told.model_dump(), "state": state, "credit_code": code}
    if state is EntityState.OPEN:
        known["closed_on"] = None
    entities.change(
        session, desk.means.vault, entity_id, known, source=desk.staff.name, at=desk.now
    )
    audit.write(session, "person.amended", at=desk.now, actor=desk.actor, subject=row.person_id)


def _faults(told: Told, desk: Desk) -> dict[str, str]:
    faults, today = {}, today_of(desk.now)
    _, wrong_code = credit_codes.read(told.credit_code)
    if wrong_code:
        faults["credit_code"] = wrong_code
    if EntityState(told.state) is EntityState.CLOSED and told.closed_on is None:
        faults["closed_on"] = "停业了请填哪天停的"
    for name in ("began_on", "licensed_on", "closed_on"):
        day = getattr(told, name)
        if day is not None and day > today:
            faults[name] = "这一天还没到"
    if told.began_on and told.closed_on and told.closed_on < told.began_on:
        faults["closed_on"] = "停业时间比开业时间还早"
    if told.trade and told.trade not in set(Category):
        faults["trade"] = "请从列出的里面选一个"
    if told.form and told.form not in set(Kind):
        faults["form"] = "请从列出的里面选一个"
    return faults


async def _page(desk: Desk, row: Entity, f: Filled[Any], status: int = 200) -> web.Response:
    business, memory, founder = await desk.read(_seen, row, desk)
    return desk.render(
        "entities/one.html",
        status,
        f=f,
        row=row,
        one=business,
        founder=founder,
        memory=memory,
        fields=_FIELDS,
        worded=_worded,
        states=STATES,
        trades=_trades(),
        forms=[(kind.value, kind.value) for kind in Kind],
        place=(await desk.named(_place(business)))(_place(business)),
    )


def _seen(
    session: Session, row: Entity, desk: Desk
) -> tuple[Business, Sequence[EntityChange], str]:
    query = select(EntityChange).where(_CHANGES.c.entity_id == row.id)
    memory = session.execute(query.order_by(_CHANGES.c.id.desc()).limit(_MEMORY)).scalars().all()
    known = people.by_ids(session, desk.means.vault, [row.person_id])
    founder = known[row.person_id].nickname if row.person_id in known else ""
    return entities.business_of(row, desk.means.vault), memory, masked_name(founder)


def _listed(session: Session, desk: Desk) -> tuple[list[Row], str]:
    query = select(Entity).where(*_wanted(session, desk)).order_by(_ENTITIES.c.id)
    found = list(session.execute(query.limit(_PAGE + 1)).scalars())
    shown = found[:_PAGE]
    known = people.by_ids(session, desk.means.vault, [row.person_id for row in shown])
    rows = [
        Row(
            row.id,
            entities.business_of(row, desk.means.vault),
            masked_name(known[row.person_id].nickname) if row.person_id in known else "",
            row.person_id,
        )
        for row in shown
    ]
    return rows, shown[-1].id if len(found) > _PAGE else ""


def _wanted(session: Session, desk: Desk) -> list[Any]:
    """Businesses of people in reach, who have not left."""
    reach = rights.reach(session, desk.staff, desk.now)
    owner = and_(_PEOPLE.c.id == _ENTITIES.c.person_id, _PEOPLE.c.status != Status.WITHDRAWN.value)
    wanted: list[Any] = [select(_PEOPLE.c.id).where(owner, reach).exists()]
    for name, among in (("state", set(EntityState)), ("trade", set(Category))):
        value = desk.query.get(name, "")
        if value and value not in among:
            raise NotHere
        if value:
            wanted.append(_ENTITIES.c[name] == value)
    if after := desk.query.get("after", "")[:24]:
        wanted.append(_ENTITIES.c.id > after)
    return wanted


def _one(session: Session, desk: Desk) -> Entity:
    row = session.get(Entity, desk.path("id")[:24])
    if row is None or not rights.reaches(session, desk.staff, row.person_id, desk.now):
        raise NotHere
    return row


def _note(session: Session, ids: Sequence[str], desk: Desk) -> None:
    people_seen = list(dict.fromkeys(ids))
    audit.write_all(session, "person.seen", people_seen, at=desk.now, actor=desk.actor[:60])


def _place(business: Business) -> str:
    return business.village or business.town or business.area


def _trades() -> list[tuple[str, str]]:
    return [(one.value, said("biz_kind", one.value)) for one in Category]


def _worded(change: EntityChange) -> str:
    """A value of the memory; what is sealed is not in it."""
    words: Mapping[str, str] = {"open": "在营", "closed": "停业"}
    if change.field == "trade" and change.value:
        return said("biz_kind", change.value)
    return words.get(change.value, change.value) or "（空）"


PAGES = (
    Page("GET", "/entities", listed, Right.ENTITIES, menu="entities"),
    Page("GET", "/entities/{id}", entity, Right.ENTITIES),
    Page("POST", "/entities/{id}", change, Right.ENTITIES),
)
