"""The desk of the staff: what waits, and each request as they may see it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from handlers.reaching import NO_WAY, way_to
from outreach import clocks, routing
from outreach.clocks import Clock
from outreach.reach import ALL, Lines, Way
from records import (
    applications,
    rationing,
    scope,
    send_budgets,
    staff_accounts,
    ticket_steps,
    tickets,
)
from records.applications import Application
from records.database import Session
from records.scope import Spot
from records.staff_accounts import Offer, Staff
from records.ticket_steps import Step
from records.tickets import Level, Line, Ticket, TicketKind, TicketState
from records.vault import Vault

# Numbers that tickets have (handlers/tokens.py), and codes that bind accounts.
_SIGNS = "[2-9AC-HJKMNP-RT-Ya-hjkmnp-rt-y]"
NUMBER = re.compile(rf"(?<![0-9A-Za-z]){_SIGNS}{{6}}(?![0-9A-Za-z])")
CODE = re.compile(rf"(?<![0-9A-Za-z])[Yy][Gg]{_SIGNS}{{8}}(?![0-9A-Za-z])")


class NoSuchTicket(Exception):
    """There is no open ticket of this number, or its person has been deleted."""


@dataclass(frozen=True, slots=True)
class Clerk:
    """Who of the staff acts: the account for the trail, the name that the person reads."""

    account: str
    name: str


@dataclass(frozen=True, slots=True)
class Case:
    """A ticket as staff sees it."""

    number: str
    kind: TicketKind
    state: TicketState
    area: str
    subject: str
    is_flagged: bool
    is_live: bool
    working_days: int
    taken_by: str
    opened_at: datetime
    clock: Clock
    matter: str = ""
    level: Level = Level.COUNTY
    lines: tuple[Line, ...] = ()
    person_id: str = ""
    is_gone: bool = False  # the person has deleted everything: nobody can be answered
    servicer: str = ""  # who has the talk on the channel's own side: only there it is answered
    waiting: int = 0  # messages that reach the person when they write next
    way: Way = NO_WAY  # by which an answer goes, where the case was looked at alone
    steps: tuple[Step, ...] = ()
    application: Application | None = None
    closed_at: datetime | None = None


class Act(StrEnum):
    """What somebody of the staff does with a ticket."""

    READ = "read"
    TAKE = "take"
    TAKE_OVER = "take_over"  # from a colleague
    REPLY = "reply"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Work:
    """An act of the staff in a chat; `seen` is the ticket as it stood when they decided on it."""

    act: Act
    seen: Case
    clerk: Clerk
    text: str = ""


@dataclass(frozen=True, slots=True)
class Counter:
    """The desk as the writer of a message may see it.

    `cases` are what waits for them, `others` what waits for colleagues and they may see, `shown`
    the tickets whose numbers they name, `codes` whom the codes that they send would bind.
    """

    staff: Staff | None = None
    cases: tuple[Case, ...] = ()
    others: tuple[Case, ...] = ()
    shown: Mapping[str, Case] = field(default_factory=dict)
    codes: Mapping[str, Offer] = field(default_factory=dict)


def counters(
    session: Session,
    vault: Vault,
    said: Mapping[str, Sequence[str]],
    *,
    now: datetime,
    lines: Lines = ALL,
) -> dict[str, Counter]:
    """The desk for those of these conversations that are staff's, or send a code.

    `said` are the texts of each that may name tickets.
    """
    staff = staff_accounts.who_are(session, list(said))
    codes = {key: sent for key, texts in said.items() if (sent := _found(CODE, texts))}
    every = [code for sent in codes.values() for code in sent]
    offers = staff_accounts.offered(session, vault, every) if every else {}

    def look(number: str) -> Case | None:
        return look_at(session, vault, number, now=now, lines=lines)

    return {
        key: replace(
            _counter(session, vault, staff.get(key), map(look, _found(NUMBER, said[key]))),
            codes={code: offers[code] for code in codes.get(key, ()) if code in offers},
        )
        for key in {**staff, **codes}
    }


def list_open(session: Session, vault: Vault, *, areas: Sequence[str] = ()) -> list[Case]:
    """What waits, flagged first, then what is late or due first; of `areas`, if any are named."""
    rows = tickets.list_open(session, areas=areas)
    return _by_urgency([_reached(session, _case(row, vault), row) for row in rows])


def of_staff(session: Session, vault: Vault, staff: Staff) -> list[Case]:
    """What waits and somebody of the staff may read."""
    cases = [_case(row, vault) for row in tickets.list_open(session)]
    return _by_urgency(list(_seen_by(session, staff, cases)))


def as_cases(vault: Vault, rows: Iterable[Ticket]) -> list[Case]:
    """These tickets without their talks, in their order."""
    return [_case(row, vault) for row in rows]


def may_read(session: Session, staff: Staff, case: Case) -> bool:
    """Whether somebody of the staff may read a ticket."""
    return staff.sees_requests and bool(list(_seen_by(session, staff, [case])))


def look_at(
    session: Session, vault: Vault, number: str, *, now: datetime, lines: Lines = ALL
) -> Case | None:
    """One ticket with its talk, for a turn that may still refuse to tell of it."""
    row = tickets.find(session, number)
    if row is None:
        return None
    case = replace(
        _case(row, vault),
        lines=tuple(tickets.lines_of(session, vault, row.number)),
        steps=tuple(ticket_steps.of(session, vault, row.number)),
        application=applications.found(session, vault, [row.number]).get(row.number),
    )
    if case.is_gone or not row.conversation:
        return case
    way = way_to(session, row.conversation, lines, now)
    return replace(_reached(session, case, row), way=way)


def _counter(
    session: Session, vault: Vault, staff: Staff | None, named: Iterable[Case | None]
) -> Counter:
    """What somebody may see of the desk; `named` is looked at only if they may see any of it."""
    if staff is None or not staff.sees_requests:
        return Counter(staff)
    shown = {c.number: c for c in _seen_by(session, staff, [case for case in named if case])}
    waiting = of_staff(session, vault, staff)
    homes = scope.spots(session, {case.person_id for case in waiting if case.person_id})
    mine = [case for case in waiting if _is_for(staff, case, homes)]
    others = [case for case in waiting if case not in mine]
    return Counter(staff, tuple(mine), tuple(others), shown)


def _seen_by(session: Session, staff: Staff, cases: Sequence[Case]) -> Iterator[Case]:
    """Those that somebody may read: of their area, a cadre only what lies with the village."""
    seen = scope.of_tickets(session, staff.area, [(c.person_id, c.area) for c in cases])
    for case, is_near in zip(cases, seen, strict=True):
        is_theirs = staff.role.sees_requests or case.level is Level.VILLAGE
        if (is_near and is_theirs) or case.taken_by == staff.name:
            yield case


def _is_for(staff: Staff, case: Case, homes: Mapping[str, Spot]) -> bool:
    """Whether it waits for them: theirs, of their level, or somebody's in danger."""
    level = routing.own_level(staff, homes.get(case.person_id, Spot(case.area)))
    return case.is_flagged or case.level is level or case.taken_by == staff.name


def _by_urgency(cases: Sequence[Case]) -> list[Case]:
    """Flagged first, then by the last day, so that what is late leads."""
    return sorted(cases, key=lambda c: (not c.is_flagged, c.clock.likely, c.opened_at))


def _reached(session: Session, case: Case, row: Ticket) -> Case:
    """The case with who has the talk elsewhere, and what waits for the person to write."""
    if case.is_gone:
        return case
    held = rationing.held(session, [row.conversation]).get(row.conversation, 0)
    servicer = send_budgets.handed_to(session, row.conversation)
    return replace(case, servicer=_called(session, servicer), waiting=held)


def _called(session: Session, servicer: str) -> str:
    """A servicer by the name that staff know, where they are bound."""
    account = staff_accounts.wecom_account(servicer)
    found = staff_accounts.who_are(session, [account]) if servicer else {}
    return found[account].name if account in found else servicer


def _found(pattern: re.Pattern[str], texts: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(f.upper() for text in texts for f in pattern.findall(text)))


def _case(row: Ticket, vault: Vault) -> Case:
    return Case(
        number=row.number,
        kind=TicketKind(row.kind),
        state=TicketState(row.state),
        area=row.area,
        subject=vault.open(row.subject),
        is_flagged=row.is_flagged,
        is_live=row.is_live,
        working_days=row.working_days,
        taken_by=row.taken_by,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        clock=clocks.of(row),
        matter=row.matter,
        level=Level(row.level),
        person_id=row.person_id,
        is_gone=not (row.conversation or row.person_id),
    )
