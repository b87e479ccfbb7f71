"""Made-up people, staff, requests, a course and an event, so that each staff chat has something.

Every name begins with 示范, no phone can be dialled (none of China's begins with 10), and they are
never put beside real people.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from records import (
    assignments,
    consents,
    courses,
    entities,
    erasure,
    events,
    made_up,
    people,
    places,
    staff_accounts,
    standings,
    tickets,
    visits,
)
from records.assignments import Help, Why
from records.consents import Said
from records.courses import NewCourse
from records.database import Session
from records.entities import Business
from records.events import Answer, EventKind, NewEvent
from records.made_up import BASIS
from records.people import Entered, Source
from records.staff_accounts import StaffRole
from records.standings import Tier
from records.tickets import NewTicket, TicketKind
from records.vault import Vault
from records.visits import Due, Reason, Told, VisitKind
from registry import whereabouts

_BY = "system"


@dataclass(frozen=True, slots=True)
class LoadedPeople:
    """What was put in; nothing where real people are registered (`is_mixed`: beside them)."""

    people: int = 0
    staff: tuple[str, ...] = ()
    is_real: bool = False
    is_mixed: bool = False


def load(session: Session, vault: Vault, now: datetime) -> LoadedPeople:
    """Put them in once; never where anybody real is registered."""
    made = made_up.ids(session)
    if made_up.are_others(session):
        return LoadedPeople(is_real=True, is_mixed=bool(made))
    if made:
        return LoadedPeople()
    table = _table()
    for one in table["staff"]:
        role, area = StaffRole(one["role"]), one["area"]
        staff_accounts.add(session, one["name"], role=role, area=area, at=now, actor=_BY)
    for number, one in enumerate(table["person"], 1):
        _add(session, vault, _id(number), one, now)
    _plan(session, table, now)
    return LoadedPeople(len(table["person"]), tuple(one["name"] for one in table["staff"]))


def remove(session: Session, now: datetime) -> int:
    """Erase them all, without a trace in any total; how many people."""
    ids = made_up.ids(session)
    for person_id in ids:
        for row in tickets.own(session, (), (person_id,)):
            made_up.forget_request(session, row.number)
        erasure.erase(session, person_id, counted=(), at=now, is_wish=False)
    names = {one["name"] for one in _table()["staff"]}
    for staff in staff_accounts.everybody(session):
        if staff.name in names:
            staff_accounts.disable(session, staff.name, at=now, actor=_BY)
    for course in courses.of_staff(session, "", now.date()):
        if course.told.external_id == BASIS:
            courses.call_off(session, course.number)
    year = timedelta(days=366)
    for event in events.of_area(session, "", now - year, now + year):
        if event.told.staff in names:
            events.change(session, event.number, is_off=True)
    return len(ids)


def _add(
    session: Session, vault: Vault, person_id: str, one: dict[str, Any], now: datetime
) -> None:
    area, town, village = one["home"]
    agreed = Said(consents.CORE, True, now, "demo")
    entered = Entered(one["codes"], one["texts"], area, Source.HOUSEHOLD, (agreed,))
    people.enter(session, vault, person_id, entered, at=now, basis=BASIS)
    places.lodge(session, person_id, area=area, town=town, village=village)
    whereabouts.settle(session, vault, person_id)
    if helper := one.get("commissioner"):
        _help(session, vault, person_id, one, helper, now)
    if mentor := one.get("mentor"):
        assignments.assign(session, person_id, mentor, Help.MENTOR, why=Why.CHOSEN, at=now)
    if "opened_days" in one:
        began = now.date() - timedelta(days=one["opened_days"])
        shop = Business(
            one["codes"].get("biz_kind", "other"),
            name=f"{one['texts']['nickname']}的店",
            area=area,
            town=town,
            village=village,
            began_on=began,
        )
        entities.open_one(
            session, vault, f"e-{person_id}", person_id, shop, source=Source.HOUSEHOLD, at=now
        )
    if tier := one.get("tier"):
        standings.place(session, person_id, Tier(tier), owner="示范县里", by="示范县里", at=now)
    if asks := one.get("asks"):
        number = f"DEM2{person_id[-2:]}".replace("0", "2").replace("1", "3")
        ticket = NewTicket(number, TicketKind.CALLBACK, asks, area, person_id)
        tickets.raise_ticket(session, vault, ticket, channel="", chat="", at=now)


def _help(
    session: Session,
    vault: Vault,
    person_id: str,
    one: dict[str, Any],
    helper: str,
    now: datetime,
) -> None:
    since = now - timedelta(days=40)
    assignments.assign(session, person_id, helper, Help.COMMISSIONER, why=Why.REGISTERED, at=since)
    if note := one.get("note"):
        told = Told(VisitKind.CALL, note=note)
        visits.log(session, vault, person_id, told, helper=helper, at=since)
    if "due_days" in one:
        day = now.date() + timedelta(days=one["due_days"])
        visits.plan(session, [Due(person_id, Reason.PROMISED, day)], now)


def _plan(session: Session, table: dict[str, Any], now: datetime) -> None:
    course = table["course"]
    starts = now.date() + timedelta(days=course["in_days"])
    told = NewCourse(
        course["title"],
        courses.Topic(course["topic"]),
        courses.Level.NOTHING,
        course["area"],
        starts,
        starts + timedelta(days=course["days"]),
        course["seats"],
        place=course["place"],
        staff=course["staff"],
        external_id=BASIS,
    )
    courses.add(session, told, now)
    event = table["event"]
    begins = now + timedelta(days=event["in_days"])
    what = NewEvent(
        EventKind(event["kind"]), event["title"], event["area"], begins, event["staff"]
    )
    number = events.add(session, what, now)
    guests = [_id(n) for n in event["guests"]]
    events.invite(session, number, guests, now)
    events.answer(session, number, guests[0], Answer.YES)


def _id(number: int) -> str:
    return f"demo-{number:02}"


@cache
def _table() -> dict[str, Any]:
    file = files("knowledge").joinpath("packs", "xiangtan", "people.toml")
    return tomllib.loads(file.read_text("utf-8"))
