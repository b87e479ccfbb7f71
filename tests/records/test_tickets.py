"""Tickets: sealed, found by conversation while live, listed by urgency."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import text

from records import tickets
from records.database import Database, Session
from records.tickets import Author, NewTicket, TicketKind, TicketState
from records.vault import Vault

CHAT = "telegram:42"


def _raise(session: Session, vault: Vault, new: NewTicket, now: datetime) -> None:
    tickets.raise_ticket(session, vault, new, channel="telegram", chat="42", at=now)
    tickets.add_line(session, vault, new.number, author=Author.PERSON, text="孩子上学", at=now)


LIVE = NewTicket("G7K2M4", TicketKind.TALK, "找人", area="430381", is_live=True)
CALL = NewTicket("H8M3N5", TicketKind.CALLBACK, "补贴", area="430321")
SCAM = NewTicket("J9N4P6", TicketKind.SCAM, "骗子", area="371703", is_flagged=True)


async def test_only_a_live_ticket_keeps_the_bot_silent(
    database: Database, vault: Vault, now: datetime
) -> None:
    await database.run(_raise, vault, CALL, now)
    assert await database.read(tickets.open_for, [CHAT]) == {}
    await database.run(_raise, vault, LIVE, now)
    assert await database.read(tickets.open_for, [CHAT, "telegram:43"]) == {CHAT: "G7K2M4"}


async def test_flagged_comes_first_then_the_oldest(
    database: Database, vault: Vault, now: datetime
) -> None:
    for hours, ticket in enumerate((LIVE, CALL, SCAM)):
        await database.run(_raise, vault, ticket, now + timedelta(hours=hours))
    found = await database.read(tickets.list_open)
    assert [row.number for row in found] == ["J9N4P6", "G7K2M4", "H8M3N5"]


async def test_what_was_said_is_sealed(database: Database, vault: Vault, now: datetime) -> None:
    await database.run(_raise, vault, LIVE, now)

    def stored(session: Session) -> str:
        queries = ("SELECT sealed FROM ticket_line", "SELECT subject FROM ticket")
        return str([bytes(session.execute(text(query)).scalar_one()) for query in queries])

    found = await database.read(stored)
    assert "孩子上学".encode().hex() not in found.encode().hex()
    (line,) = await database.read(tickets.lines_of, vault, "G7K2M4")
    assert (line.author, line.text) == (Author.PERSON, "孩子上学")


async def test_leaving_a_talk_closes_it_leaving_a_request_does_not(
    database: Database, vault: Vault, now: datetime
) -> None:
    for ticket in (LIVE, CALL):
        await database.run(_raise, vault, ticket, now)
        await database.run(lambda s, n=ticket.number: tickets.leave(s, n, at=now))
    states = [await database.read(tickets.find, n) for n in ("G7K2M4", "H8M3N5")]
    assert [row.state for row in states if row] == [TicketState.CLOSED, TicketState.OPEN]


async def test_a_line_is_found_by_the_message_that_said_it(
    database: Database, vault: Vault, now: datetime
) -> None:
    who, at = Author.PERSON, now
    for said, message in (("一", 2**40), ("二", 7), ("三", None)):
        await database.run(
            lambda s, t=said, m=message: tickets.add_line(
                s, vault, "G7K2M4", author=who, text=t, at=at, message_id=m
            )
        )
    (line,) = await database.read(tickets.lines_from, 2**40)
    assert vault.open(line.sealed) == "一"


async def test_erasing_leaves_a_bare_row(database: Database, vault: Vault, now: datetime) -> None:
    await database.run(_raise, vault, LIVE, now)
    await database.run(lambda s: tickets.erase_of(s, vault, at=now, conversation=CHAT))
    row = await database.read(tickets.find, "g7k2m4 ")
    assert row is not None
    assert (row.conversation, vault.open(row.subject), row.state) == ("", "", TicketState.CLOSED)
    assert await database.read(tickets.lines_of, vault, "G7K2M4") == []
