"""An event as its pages show it: only who looks after its area finds it, guests masked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from console.desk import Desk, NotHere
from console.look import masked_name, masked_phone
from records import audit, campaign_drafts, events, ledger, people, rights, scope
from records.campaigns import CampaignState
from records.database import Session
from records.events import Answer, Event, Guest, Invitation, Signed, Task
from records.ledger import Stand
from records.people import Person
from records.rights import Post
from records.staff_accounts import Staff
from records.vault import Vault

SHOWN = 200  # guests on one page, who said yes first
_STATES = {
    CampaignState.DRAFT: "还没发",
    CampaignState.FREEZING: "正在列名单",
    CampaignState.SUBMITTED: "等另一位同事批准",
    CampaignState.APPROVED: "批准了，等着发",
    CampaignState.RUNNING: "正在发",
    CampaignState.PAUSED: "暂停了",
    CampaignState.STOPPED: "停了",
    CampaignState.FINISHED: "发完了",
}
_WRITTEN = (Stand.SENT, Stand.DELIVERED, Stand.UNCERTAIN)
_PEOPLE = Person.__table__  # type: ignore[attr-defined]
_INVITED = Invitation.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Row:
    """A guest as this reader may know them; `person` "" where not in reach."""

    guest: Guest
    person: str
    name: str
    phone: str
    was_written: bool = True  # False while the invitation has not gone to them


@dataclass(frozen=True, slots=True)
class Seen:
    """An event with its people and papers."""

    event: Event
    rows: tuple[Row, ...]
    minutes: str
    tasks: tuple[Task, ...]
    signed: tuple[Signed, ...]
    campaign: int
    state: str
    audience: str


async def seen_of(desk: Desk) -> Seen:
    """The event that is asked for; not there for who does not look after its area."""
    number, first = desk.number("number"), first_of(desk)
    seen = await desk.read(_look, desk.means.vault, desk.staff, number, first, desk.now)
    if seen is None:
        raise NotHere
    return seen


def first_of(desk: Desk) -> int:
    """After how many guests the page begins."""
    text = desk.form.get("first") or desk.query.get("first", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0


def _look(
    session: Session, vault: Vault, staff: Staff, number: int, first: int, now: datetime
) -> Seen | None:
    event = events.find(session, number)
    if event is None or not _is_theirs(session, staff, event):
        return None
    campaign = campaign_drafts.of_event(session, number)
    guests = _guests(session, number, first)
    unwritten = _unwritten(session, campaign.id or 0, guests) if campaign else frozenset()
    return Seen(
        event,
        tuple(
            replace(row, was_written=row.guest.person_id not in unwritten)
            for row in _rows(session, vault, staff, guests, now)
        ),
        events.minutes(session, vault, number),
        tuple(events.tasks_of(session, vault, [number])),
        tuple(events.signings(session, [number])),
        (campaign.id or 0) if campaign else 0,
        _STATES.get(CampaignState(campaign.state), campaign.state) if campaign else "还没发",
        campaign.audience if campaign else "",
    )


def _is_theirs(session: Session, staff: Staff, event: Event) -> bool:
    """Whether an event is of the area that somebody looks after."""
    told = event.told
    if scope.is_local(staff.area):
        return staff.area in (told.area, "")
    return scope.is_within(told.county or told.area, staff.area)


def _rows(
    session: Session, vault: Vault, staff: Staff, guests: list[Guest], now: datetime
) -> tuple[Row, ...]:
    ids = [one.person_id for one in guests]
    query = select(_PEOPLE.c.id).where(_PEOPLE.c.id.in_(ids), rights.reach(session, staff, now))
    known = people.by_ids(session, vault, list(session.execute(query).scalars()))
    hides = rights.post_of(staff) is Post.HEAD

    def row(one: Guest) -> Row:
        if one.person_id not in known:
            return Row(one, "", "", "")
        profile = known[one.person_id]
        phone = "" if hides else masked_phone(profile.phone)
        return Row(one, profile.id, masked_name(profile.nickname), phone)

    return tuple(map(row, guests))


def _unwritten(session: Session, campaign: int, guests: list[Guest]) -> frozenset[str]:
    """Whom the invitation has not gone to: they wait, it was stopped, it could not be sent."""
    found = ledger.stands(session, campaign, [one.person_id for one in guests])
    return frozenset(person for person, stand in found.items() if stand not in _WRITTEN)


def _guests(session: Session, number: int, first: int) -> list[Guest]:
    """A page of who was invited."""
    order = ((_INVITED.c.answer != Answer.YES.value), _INVITED.c.id)
    query = select(_INVITED).where(_INVITED.c.event_id == number).order_by(*order)
    rows = session.execute(query.offset(first).limit(SHOWN))
    return [Guest(row.event_id, row.person_id, Answer(row.answer), row.came) for row in rows]


def note(session: Session, act: str, number: int, by: str, now: datetime) -> None:
    """Put what was done with an event into the trail."""
    audit.write(session, act, at=now, actor=audit.actor_of(by), subject=f"event:{number}")
