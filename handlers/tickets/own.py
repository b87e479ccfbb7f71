"""What a turn knows of requests beyond the desk: the writer's own, and what staff's lines name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from handlers import hearing
from handlers.tickets import joint, moving
from handlers.tickets.words import Move, phone_in, wish_of
from outreach import clocks
from outreach.calendars import CHINA
from outreach.clocks import Clock
from records import account_links, applications, people, scope, ticket_steps, tickets
from records.applications import Application
from records.database import Session
from records.people import Profile, Status
from records.staff_accounts import Staff
from records.tickets import Level, Ticket, TicketKind, TicketState
from records.vault import Vault

_ASKED = re.compile(
    r"(?:我(?:的)?|查(?:一?下|询)?|看(?:一?下)?|问(?:一?下)?)?(?:一?下)?(?:我(?:的|那个)?)?"
    r"(?:申请|求助|事|事情|补贴|贷款|材料)?(?:的)?(?:办理)?(?:进度|进展|办到哪(?:儿|里|一步)?了?|办得怎么样了?|"
    r"办好了?没有?|批了?没有?|批下来了?没有?|办完了?没有?)"
    r"(?:怎么样了?)?\s*([0-9A-Za-z]{6})?"
)
_WHEN = re.compile(
    r"我(?:交|报|递|办|申请)(?:上去)?的(?:申请|补贴|贷款|材料|表)?"
    r"(?:啥时候|什么时候|多久|几时|哪天)(?:能|会)?(?:下来|批下来|批|到账|办好|办完|有结果|有信)了?"
)
_WITHDRAWN = Status.WITHDRAWN


@dataclass(frozen=True, slots=True)
class Own:
    """A request of the writer's as they may read of it; nothing of what was said is in it."""

    number: str
    kind: TicketKind
    state: TicketState
    matter: str
    level: Level
    taken_by: str
    clock: Clock
    title: str = ""  # of an application
    application: Application | None = None
    offices: Mapping[str, bool] = field(default_factory=dict)  # that serve it together


@dataclass(frozen=True, slots=True)
class Requests:
    """The writer's own requests where they ask for them; where staff's lines lead."""

    own: tuple[Own, ...] = ()
    landings: Mapping[Level, Level] = field(default_factory=dict)  # of the request that they move
    accounts: Mapping[str, str] = field(default_factory=dict)  # of tickets named, by number
    people: tuple[Profile, ...] = ()  # with the phone that an application is entered for


NONE = Requests()


def asks(text: str) -> str | None:
    """The number that somebody asks the progress of, "" for all; None where they do not."""
    said = hearing.core(text)
    if _WHEN.fullmatch(said):
        return ""
    found = _ASKED.fullmatch(said)
    return (found[1] or "").upper() if found else None


def of_talk(
    session: Session,
    vault: Vault,
    texts: Sequence[str],
    *,
    staff: Staff | None,
    account: str,
    profiles: Sequence[Profile],
    now: datetime,
) -> Requests:
    """What these messages need; for most nothing is read."""
    if staff is not None and (found := _of_staff(session, vault, texts, staff, now)):
        return found
    if any(asks(text) is not None for text in texts):
        return Requests(_own(session, vault, account, profiles))
    return NONE


def _of_staff(
    session: Session, vault: Vault, texts: Sequence[str], staff: Staff, now: datetime
) -> Requests | None:
    today = now.astimezone(CHINA).date()
    wishes = [wish for text in texts if (wish := wish_of(text, today))]
    if not wishes:
        return None
    numbers = [number for wish in wishes if (number := str(getattr(wish, "number", "") or ""))]
    numbers += [who for wish in wishes if (who := str(getattr(wish, "who", "")))]
    rows = [row for number in numbers if (row := tickets.find(session, number))]
    moved = next((row for row in rows if any(isinstance(w, Move) for w in wishes)), None)
    phones = [phone for text in texts if (phone := phone_in(text))]
    return Requests(
        landings=moving.landings(session, moved) if moved else {},
        accounts={row.number: row.conversation for row in rows},
        people=_seen(session, vault, phones, staff),
    )


def _seen(
    session: Session, vault: Vault, phones: Sequence[str], staff: Staff
) -> tuple[Profile, ...]:
    """Those with a phone whom somebody of the staff may see."""
    found = people.with_phone(session, vault, phones) if phones else {}
    return tuple(
        profile
        for phone in phones[:1]
        for profile in found.get(phone, ())
        if profile.status is not _WITHDRAWN
        and scope.may_see_person(session, staff.area, profile.id)
    )


def _own(
    session: Session, vault: Vault, account: str, profiles: Sequence[Profile]
) -> tuple[Own, ...]:
    accounts = [account, *account_links.connected(session, account)]
    rows = tickets.own(session, accounts, [profile.id for profile in profiles])
    held = applications.found(session, vault, [row.number for row in rows])
    is_shared = len(profiles) > 1  # what one applied for is not read out to the other (P-30)
    own = (as_own(row, vault, held.get(row.number), is_shared=is_shared) for row in rows)
    return tuple(
        replace(one, offices=joint.parts(ticket_steps.of(session, vault, one.number)))
        for one in own
    )


def as_own(row: Ticket, vault: Vault, held: Application | None, *, is_shared: bool) -> Own:
    """A request as its owner reads of it."""
    return Own(
        number=row.number,
        kind=TicketKind(row.kind),
        state=TicketState(row.state),
        matter=row.matter,
        level=Level(row.level),
        taken_by=row.taken_by,
        clock=clocks.of(row),
        title=str(vault.open(row.subject)) if held and not is_shared else "",
        application=held,
    )
