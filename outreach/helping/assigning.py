"""Gives everybody with an intent a commissioner who has room, and keeps to the choice (S1-32)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from outreach import alerts
from outreach.calendars import CHINA, after_quiet
from outreach.helping import calling
from outreach.pushes import short
from outreach.texts import say
from outreach.working_days import likely_end
from records import assignments, audit, helping, outbox, staff_accounts
from records.assignments import CASELOAD, Assigned, Help, Why
from records.database import Session
from records.helping import Wanting
from records.messages import Priority
from records.outbox import NewOutgoing
from records.scope import Spot, may_see
from records.staff_accounts import Staff, StaffRole
from records.vault import Vault
from records.visits import Due, Reason

_FIRST_WORD = 3  # working days in which a new person hears from their commissioner
_ROLES = {Help.COMMISSIONER: StaffRole.COMMISSIONER, Help.MENTOR: StaffRole.MENTOR}


@dataclass(frozen=True, slots=True)
class Room:
    """Who helps in one way, and how many dossiers each may have and has; read for many people."""

    staff: tuple[Staff, ...]
    most: dict[str, int]
    loads: dict[str, int]

    def near(self, home: Spot, *, without: str = "") -> list[tuple[Staff, int]]:
        """Who of the helpers for a home may take one more, and how many they have."""
        able = (s for s in self.staff if self.loads[s.name] < self.most[s.name])
        return [
            (staff, self.loads[staff.name])
            for staff in able
            if staff.name != without and may_see(staff.area, home)
        ]


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What became of somebody's dossiers: taken by whom, and how many nobody has room for."""

    taken: dict[str, int]
    left: int


def welcome(
    session: Session, vault: Vault, person: Wanting, now: datetime, *, room: Room | None = None
) -> Assigned | None:
    """Somebody registered: give them a commissioner, and tell both; None where nobody has room."""
    known = assignments.of_people(session, [person.person_id]).get(person.person_id, ())
    if any(one.help is Help.COMMISSIONER for one in known):
        return None
    room = room or room_of(session, Help.COMMISSIONER)
    given = _give(session, person, Help.COMMISSIONER, Why.REGISTERED, now, room=room)
    if given is not None:
        _begin(session, vault, person, given, now)
    return given


def choose(
    session: Session, vault: Vault, person: Wanting, helper: str, help: Help, now: datetime
) -> Assigned:
    """The person picked this one."""
    given = assignments.assign(session, person.person_id, helper, help, why=Why.CHOSEN, at=now)
    audit.write(session, "helper.assigned", at=now, actor="person", subject=person.person_id)
    _tell_helper(session, vault, given, "helper.chosen", now)
    return given


def give(
    session: Session,
    vault: Vault,
    person: Wanting,
    helper: str,
    help: Help,
    *,
    actor: str,
    now: datetime,
) -> Assigned:
    """One of the staff decides who helps; both are told."""
    given = assignments.assign(session, person.person_id, helper, help, why=Why.BY_STAFF, at=now)
    audit.write(session, "helper.assigned", at=now, actor=actor, subject=person.person_id)
    if help is Help.COMMISSIONER:
        _begin(session, vault, person, given, now)
    else:
        _tell_helper(session, vault, given, "helper.new", now)
    return given


def take_back(
    session: Session,
    vault: Vault,
    known: Iterable[Assigned],
    help: Help,
    actor: str,
    now: datetime,
) -> None:
    """Who was given by mistake looks after them no more, and hears of it."""
    for one in known:
        if one.help is help:
            assignments.end(session, one.person_id, help, now)
            audit.write(session, "helper.changed", at=now, actor=actor, subject=one.person_id)
            _tell_helper(session, vault, one, "helper.taken_back", now)


def hand_over(
    session: Session, vault: Vault, leaver: str, *, to: str = "", actor: str, now: datetime
) -> HandedOver:
    """All dossiers of somebody go to others, who have room; each person is told once (J15)."""
    taken: dict[str, int] = {}
    open_ones = assignments.of_helper(session, leaver)
    people = helping.by_id(session, [one.person_id for one in open_ones])
    for one in open_ones:
        person = people.get(one.person_id)
        given = person and _next(session, person, one, leaver, to, now)
        if person is None or not given:
            continue
        taken[given.helper] = taken.get(given.helper, 0) + 1
        _tell_person(session, vault, person, given, "helper.changed", now)
        audit.write(session, "helper.changed", at=now, actor=actor, subject=person.person_id)
    for helper, count in taken.items():
        text = say("helper.took_over", old=leaver, count=count)
        key = f"helper/over/{leaver}/{helper}/{now:%Y%m%d%H%M%S}"
        alerts.write_to(session, vault, helper, text, key=key, now=now)
    left = [one for one in open_ones if _is_still(session, one)]
    if all(staff.name != leaver for staff in staff_accounts.everybody(session)):
        for one in left:  # the hourly job finds somebody as soon as there is room
            assignments.end(session, one.person_id, one.help, now)
    return HandedOver(taken, len(left))


def give_the_rest(session: Session, vault: Vault, now: datetime, limit: int) -> int:
    """Up to so many of each area who wait because nobody had room; how many got one."""
    given = 0
    room = room_of(session, Help.COMMISSIONER)
    for area in helping.areas_without(session, Help.COMMISSIONER):
        hopeless: set[Spot] = set()
        for person in helping.without(session, Help.COMMISSIONER, area, limit):
            if person.spot in hopeless:
                continue
            if welcome(session, vault, person, now, room=room) is None:
                hopeless.add(person.spot)
            else:
                given += 1
    return given


def room_of(session: Session, help: Help) -> Room:
    """Who helps in this way now."""
    role = _ROLES[help]
    staff = tuple(one for one in staff_accounts.everybody(session) if one.role is role)
    names = [one.name for one in staff]
    told = assignments.helpers(session, names)
    most = {n: (told[n].most if n in told else 0) or CASELOAD[help.value] for n in names}
    return Room(staff, most, assignments.loads(session, names, help))


def with_room(session: Session, home: Spot, help: Help) -> list[tuple[Staff, int]]:
    """Who of the helpers for a home may take one more, and how many they have."""
    return room_of(session, help).near(home)


def _give(
    session: Session,
    person: Wanting,
    help: Help,
    why: Why,
    now: datetime,
    *,
    room: Room,
    without: str = "",
) -> Assigned | None:
    """The nearest with room, of equally near ones the least laden."""
    able = room.near(person.spot, without=without)
    if not able:
        return None
    chosen, _ = min(able, key=lambda one: (-len(one[0].area.rstrip("0")), one[1], one[0].name))
    given = assignments.assign(session, person.person_id, chosen.name, help, why=why, at=now)
    room.loads[chosen.name] += 1
    audit.write(session, "helper.assigned", at=now, actor="system", subject=person.person_id)
    return given


def _next(
    session: Session, person: Wanting, one: Assigned, leaver: str, to: str, now: datetime
) -> Assigned | None:
    if to:
        why = Why.HANDED_OVER
        return assignments.assign(session, person.person_id, to, one.help, why=why, at=now)
    room = room_of(session, one.help)
    return _give(session, person, one.help, Why.HANDED_OVER, now, room=room, without=leaver)


def _is_still(session: Session, one: Assigned) -> bool:
    now = assignments.of_people(session, [one.person_id]).get(one.person_id, ())
    return any(held.helper == one.helper and held.help is one.help for held in now)


def _begin(
    session: Session, vault: Vault, person: Wanting, given: Assigned, now: datetime
) -> None:
    """Both are told, and the first word is due."""
    due = likely_end(now, _FIRST_WORD)
    calling.plan(session, [Due(person.person_id, Reason.FIRST, due)], now)
    calling.plan_months(session, person.person_id, now.astimezone(CHINA).date(), now)
    _tell_person(session, vault, person, given, "helper.yours", now)
    _tell_helper(session, vault, given, "helper.new", now)


def _tell_person(
    session: Session, vault: Vault, person: Wanting, given: Assigned, words: str, now: datetime
) -> None:
    """In the talk that they are in, or by day if they are in none."""
    if not person.account:
        return
    channel, chat = person.account.split(":", 1)
    is_answer = words == "helper.yours" and now - person.updated_at < timedelta(minutes=5)
    message = NewOutgoing(
        channel=channel,
        chat=chat,
        dedupe_key=short(f"{words}/{given.person_id}/{given.helper}/{now:%Y%m%d%H%M%S}"),
        payload=outbox.sealed_content(
            vault, say(words, name=given.helper, days=_FIRST_WORD), kind="notice"
        ),
        due=now if is_answer else after_quiet(now),
        # After what answers them: 登记好了 first, then whose name it is.
        priority=(Priority.NOTICE if is_answer else Priority.BULK).value,
    )
    outbox.enqueue(session, [message])


def _tell_helper(
    session: Session, vault: Vault, given: Assigned, words: str, now: datetime
) -> None:
    text = say(words, number=given.number)
    key = f"{words}/{given.person_id}/{given.helper}/{now:%Y%m%d%H%M%S}"
    alerts.write_to(session, vault, given.helper, text, key=key, now=now)


def spoken(assigned: Iterable[Assigned], help: Help) -> str:
    """The name of who helps in this way; "" if nobody does."""
    return next((one.helper for one in assigned if one.help is help), "")


def names(found: Sequence[tuple[Staff, int]]) -> list[str]:
    """Those with room, the least laden first."""
    return [staff.name for staff, _ in sorted(found, key=lambda one: (one[1], one[0].name))]
