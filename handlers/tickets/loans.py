"""A request for a loan on its way: asked, pre-checked, handed in, decided, how much (S1-03)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from outreach import routing
from records import account_links, ticket_steps, tickets
from records.database import Session
from records.ticket_steps import Step, StepKind
from records.tickets import Ticket, TicketKind, TicketState
from records.vault import Vault

MONEY = "money"  # of outreach/tables/matters.toml
MOST = 100_000_000  # yuan: more is a slip of the hand
_APPROVAL = "approval"
_TEN_THOUSAND = 10_000
_LENT = re.compile(r"(?:放款|放贷|贷了|贷款)[:：]?\s*(\d{1,9}(?:\.\d{1,4})?)\s*(万)?元?")


@dataclass(frozen=True, slots=True)
class NotePrecheck:
    """What a self-check of a loan found, for the open request of who made it."""

    found: str


def found_before(memory: Mapping[str, Any]) -> tuple[NotePrecheck, ...]:
    """What the self-check found that a conversation still remembers."""
    found = (memory.get("checked") or {}).get("loan")
    return (NotePrecheck(str(found)),) if found else ()


def note_precheck(
    session: Session, vault: Vault, wish: NotePrecheck, account: str, now: datetime
) -> None:
    """Their newest open request for money has it among its steps; the same result once."""
    mine = tickets.own(session, [account, *account_links.connected(session, account)], [])
    row = next((one for one in mine if _is_request(one)), None)
    if row is None:
        return
    steps = ticket_steps.of(session, vault, row.number)
    known = [step.why for step in steps if step.kind is StepKind.CHECKED]
    if known[-1:] != [wish.found]:
        step = Step(StepKind.CHECKED, row.level, now, row.matter, why=wish.found)
        ticket_steps.note(session, vault, row.number, step)


def _is_request(row: Ticket) -> bool:
    is_open = row.state != TicketState.CLOSED and row.kind != TicketKind.APPLICATION
    return is_open and row.matter == MONEY


def matter_of(session: Session, what: str, request: str) -> str:
    """An application for a loan is about money, as the request was that it comes from."""
    row = tickets.find(session, request) if request else None
    is_loan = row is not None and row.matter == MONEY
    named = routing.guess(TicketKind.APPLICATION, [what]).code
    return MONEY if is_loan or (named == MONEY and "贷" in what) else _APPROVAL


def hand_on(
    session: Session, vault: Vault, request: str, kind: StepKind, why: str, by: str, now: datetime
) -> None:
    """The request that an application comes from says what becomes of it."""
    row = tickets.find(session, request) if request else None
    if row is not None:
        step = Step(kind, row.level, now, row.matter, by, why)
        ticket_steps.note(session, vault, request, step)


def lent_in(text: str) -> tuple[int | None, str]:
    """The yuan lent that staff wrote («放款 20万»), None for none, and the rest of the line."""
    found = _LENT.search(text)
    if found is None:
        return None, text
    yuan = Decimal(found[1]) * (_TEN_THOUSAND if found[2] else 1)
    return int(yuan), f"{text[: found.start()]}{text[found.end() :]}"
