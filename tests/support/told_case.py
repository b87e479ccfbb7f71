"""A person whose business is alive, and their case with all that it takes to be told."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from outreach.cases import asking, moving
from outreach.cases.publishing import Leave
from records import cases, consents, entities, people
from records import staff_accounts as staff
from records.cases import Case, Figure, NewCase, Text, Tier
from records.consents import CORE, Said
from records.database import Session
from records.entities import Business
from records.people import Entered
from records.staff_accounts import StaffRole
from records.vault import Vault

TELLER = "zhou"


def told_case(session: Session, vault: Vault, now: datetime, leave: Leave) -> Case:
    """Case 1, brought by 小陈, agreed to and passed by 小刘."""
    a_person(session, vault, now)
    a_business(session, vault, now)
    for name in ("小陈", "小刘"):
        staff.add(session, name, role=StaffRole.STAFF, area="371703", at=now, actor="system")
        staff.bind(session, name, f"fake:{name}", at=now, actor="system")
    number = a_lead(session, vault, now).number
    for tier in (Tier.GROWING, Tier.TYPICAL):
        moving.move(session, vault, number, tier, why="好", by="小陈", now=now)
    moving.agree(session, vault, number, by="小刘", now=now)
    asking.answered(session, vault, TELLER, leave, channel="fake", now=now)
    text = Text("蘑菇", "三个棚", (Figure("带动12人", date(2026, 1, 1)),))
    moving.write(session, vault, number, text, by="小陈", now=now)
    moving.review(session, vault, number, by="小刘", now=now)
    return read(session, vault, number)


def a_person(session: Session, vault: Vault, now: datetime) -> None:
    """老周 of 王庄村, registered by himself."""
    said = (Said(CORE, True, now, "1"),)
    texts = {"nickname": "老周", "home_village": "陈集镇王庄村"}
    entered = Entered(codes={}, texts=texts, area="371703", said=said)
    people.enter(session, vault, TELLER, entered, at=now, account=f"fake:{TELLER}")
    consents.note(session, TELLER, said, channel="fake")


def a_business(session: Session, vault: Vault, now: datetime, months: int = 8) -> None:
    """Their cooperative, open for so many months."""
    began = (now - timedelta(days=31 * months)).date()
    business = Business(trade="farming", name="周记蘑菇合作社", area="371703", began_on=began)
    entities.open_one(session, vault, "firm", TELLER, business, source="chat", at=now)


def a_lead(session: Session, vault: Vault, now: datetime) -> Case:
    """Their case, new."""
    new = NewCase(TELLER, "371703", "farming")
    return read(session, vault, moving.add(session, vault, new, by="小陈", now=now))


def read(session: Session, vault: Vault, number: int) -> Case:
    """A case that is there."""
    case = cases.find(session, vault, number)
    assert case is not None
    return case
