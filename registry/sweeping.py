"""A round through the doors of a village: who is on the list, and what comes of a door."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from knowledge.villages import bare
from records import (
    account_links,
    assignments,
    audit,
    people,
    reminders,
    sweeps,
    unasked,
    visits,
)
from records.assignments import Help
from records.database import Session
from records.prints import VILLAGE
from records.sweeps import AtDoor, DoorState, Round
from records.vault import Vault
from registry.lists import Stored
from registry.pasting import Post
from registry.people_rows import Listed


@dataclass(frozen=True, slots=True)
class Begun:
    """A round that is to begin: where, and its doors as the register has them; or why not."""

    place: str = ""
    words: str = ""
    doors: tuple[AtDoor, ...] = ()
    refusal: str = ""


def begun(session: Session, post: Post, words: str) -> Begun:
    """The round through a village or a hamlet of what somebody looks after."""
    ward = post.ward
    if ward is None:
        return Begun()
    at = ward.county.dwelling(ward.within(words)) if words else ward.dwelling
    if not words and not (ward.village or ward.town):
        return Begun(refusal="没写是哪个村")
    if words and (refusal := ward.refuses(at, words)):
        return Begun(refusal=refusal)
    own = ward.dwelling
    is_whole = not at.rest and bool(at.village or at.town) and not _is_hamlet(post, words)
    place = (at.village or at.town) if is_whole else own.village or own.town or own.area
    hamlet = "" if is_whole or not words else words
    doors = _doors(session, post.vault, place, hamlet, post.now)
    return Begun(place, words or ward.name, doors)


def begin(
    session: Session, vault: Vault, place: str, name: str, *, staff: str, at: datetime
) -> int:
    """A new round through a whole village, its doors as the register has them."""
    number = sweeps.begin(session, place, name, staff=staff, at=at)
    sweeps.add(session, vault, number, _doors(session, vault, place, "", at))
    _audited(session, "sweep.begun", place, staff, at)
    return number


def _doors(
    session: Session, vault: Vault, place: str, hamlet: str, now: datetime
) -> tuple[AtDoor, ...]:
    residents = people.at_home(session, vault, place, hamlet, VILLAGE)
    resting = sweeps.resting(session, [id_ for id_, _ in residents], now)
    return tuple(
        AtDoor(
            0,
            0,
            name,
            DoorState.REFUSED if id_ in resting else DoorState.OPEN,
            id_,
            resting.get(id_),
        )
        for id_, name in residents
    )


def _is_hamlet(post: Post, words: str) -> bool:
    """Whether words name a part of the cadre's own village, whatever village is called so."""
    ward = post.ward
    own = ward.village if ward else None
    return own is not None and bool(words) and words not in {*own.names, bare(own, own.name)}


def note(
    session: Session,
    vault: Vault,
    doors: Sequence[AtDoor],
    state: DoorState,
    *,
    staff: str,
    at: datetime,
) -> None:
    """What came of these doors; of who has died, all messages stop at once (domain P-25)."""
    sweeps.note(session, [door.id for door in doors], state, staff=staff, at=at)
    for door in doors:
        if not door.person_id:
            continue
        if state is DoorState.DECEASED:
            mark_died(session, vault, door.person_id, staff=staff, at=at)
        elif door.state is DoorState.DECEASED:  # it was a slip of the number
            people.mark_alive(session, door.person_id, at=at)
            _audited(session, "person.alive", door.person_id, staff, at)


def met(
    session: Session,
    vault: Vault,
    found: Round,
    entered: Sequence[tuple[Listed, Stored]],
    *,
    staff: str,
    at: datetime,
) -> None:
    """Whoever was entered while a round goes on has been talked to."""
    left = {door.person_id or door.name: door for door in found.doors}
    new = []
    for listed, stored in entered:
        name = str(listed.texts.get(people.NICKNAME) or "")
        door = left.pop(stored.subject, None) or left.pop(name, None)
        if door is not None:
            sweeps.meet(session, door.id, stored.subject, staff=staff, at=at)
        elif found.words in str(listed.texts.get(VILLAGE) or "") or found.place == listed.village:
            new.append(AtDoor(0, 0, name, DoorState.TALKED, stored.subject))
    sweeps.add(session, vault, found.id, new)


def mark_died(session: Session, vault: Vault, person_id: str, *, staff: str, at: datetime) -> None:
    """Somebody has died: nothing is sent, nobody calls, the record is only kept (domain P-25)."""
    links = account_links.of_people(session, [person_id])
    home = people.account_of(session, person_id)
    for account in dict.fromkeys((home, *(link.account for link in links))):
        if account:
            unasked.withdraw(session, vault, account, at)
            if people.on_accounts(session, [account])[account] <= {person_id}:
                unasked.silence(session, account, at)  # nobody else reads there
    people.mark_deceased(session, person_id, at=at)
    reminders.cancel_for(session, reminders.to_person(person_id), at)
    visits.drop(session, [person_id], at)
    for help in Help:
        assignments.end(session, person_id, help, at)
    _audited(session, "person.deceased", person_id, staff, at)


def _audited(session: Session, act: str, person_id: str, staff: str, at: datetime) -> None:
    audit.write(session, act, at=at, actor=f"staff:{staff}"[:60], subject=person_id)
