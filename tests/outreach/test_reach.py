"""A person with several accounts is written to once, by the one on which they are reached."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from outreach import linked_pushes
from outreach.calendars import CHINA
from outreach.pushes import reach
from outreach.reach import Lines, ways
from records import account_links, consents, inbound, people, send_budgets, stops
from records.account_links import Link, Proof
from records.consents import CORE, PUSH, Said
from records.conversations import Conversation
from records.database import Database, Session
from records.inbound import NewInbound
from records.outbox import OutboxRow
from records.people import Entered
from records.pushes import Cap, Push
from records.send_budgets import Allowance, Closing, Reach
from records.stops import StopReason
from records.vault import Vault

VAULT = Vault("for tests")
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=CHINA)
DAY = timedelta(days=1)
LINES = Lines(frozenset({"kf", "web"}), {"kf": Allowance(5, 2 * DAY, 1)})
KF, WEB = "kf:a", "web:b"
PUSH_ONE = Push("elig/loan/1", b"sealed", NOON)


def _settle(
    session: Session, *accounts: str, heard: Sequence[str] = (), blocked: Sequence[str] = ()
) -> None:
    """A person registered under the first account, whom the others are linked to."""
    said = (Said(CORE, True, NOON), Said(PUSH, True, NOON))
    entered = Entered(codes={}, texts={"nickname": "老王"}, area="371703", said=said)
    people.enter(session, VAULT, "wang", entered, at=NOON, account=accounts[0])
    consents.note(session, "wang", said, channel="web")
    for account in accounts[1:]:
        account_links.link(session, Link(account, "wang", accounts[0], Proof.CODE, NOON))
    for account in accounts:
        channel, chat = account.split(":")
        talk = Conversation(
            key=account, channel=channel, chat=chat, state=b"", created_at=NOON, updated_at=NOON
        )
        talk.unreachable = "blocked" if account in blocked else ""
        session.add(talk)
    session.flush()
    for number, account in enumerate(heard):
        inbound.store(session, [_word(account, number)])


def _word(account: str, number: int) -> NewInbound:
    channel = account.split(":")[0]
    return NewInbound(channel, f"m{number}", account, 0, str(number).encode(), NOON, NOON)


def _open(session: Session, account: str, at: datetime, used: int = 0) -> None:
    send_budgets.reopen(session, {account: at}, {})
    send_budgets.take(session, account, used)


def _queued(session: Session) -> list[tuple[str, str]]:
    rows = session.execute(select(OutboxRow)).scalars()
    return [(row.conversation, row.dedupe_key) for row in rows]


def _ways(session: Session, accounts: Sequence[str]) -> tuple[str, Reach]:
    found = ways(session, {"wang": accounts}, LINES, NOON)["wang"]
    return found.account, found.reach


@pytest.mark.parametrize(
    ("accounts", "spoke", "expected"),
    [
        ((KF, WEB), NOON, (KF, Reach.NOW)),
        ((KF, WEB), NOON - 2 * DAY, (WEB, Reach.OTHER_CHANNEL)),
        ((KF, WEB), None, (WEB, Reach.OTHER_CHANNEL)),
        ((WEB, KF), None, (WEB, Reach.NOW)),
        ((KF,), NOON - 3 * DAY, (KF, Reach.WHEN_THEY_WRITE)),
        ((KF,), None, (KF, Reach.WHEN_THEY_WRITE)),
    ],
)
async def test_the_nearest_account_that_can_be_written_to_now(
    database: Database, accounts: Sequence[str], spoke: datetime | None, expected: Any
) -> None:
    await database.run(lambda s: _settle(s, *accounts))
    if spoke:
        await database.run(_open, KF, spoke)
    assert await database.read(_ways, accounts) == expected


async def test_what_must_wait_waits_where_they_write_most(database: Database) -> None:
    accounts = (KF, "kf:c")
    await database.run(lambda s: _settle(s, *accounts, heard=(KF, "kf:c", "kf:c")))
    assert await database.read(_ways, accounts) == ("kf:c", Reach.WHEN_THEY_WRITE)


async def test_the_reserve_is_left_and_the_other_channel_taken(database: Database) -> None:
    await database.run(lambda s: _settle(s, KF, WEB))
    await database.run(_open, KF, NOON, 4)
    assert await database.read(_ways, (KF, WEB)) == (WEB, Reach.OTHER_CHANNEL)


async def test_who_blocked_and_refused_us_is_not_reached_at_all(database: Database) -> None:
    await database.run(lambda s: _settle(s, KF, WEB, blocked=(WEB,)))
    await database.run(_open, KF, NOON)
    await database.run(send_budgets.close, KF, Closing.REFUSED)
    assert await database.read(_ways, (KF, WEB)) == ("", Reach.NOT_AT_ALL)


async def test_a_push_goes_to_one_account_once(database: Database) -> None:
    await database.run(lambda s: _settle(s, KF, WEB))
    queue = (linked_pushes.queue, ["wang"], PUSH_ONE, LINES, NOON)
    assert await database.run(*queue) == {"told": 1, "other_channel": 1}
    await database.run(_open, KF, NOON)
    assert (await database.run(*queue))["told"] == 0
    assert await database.read(_queued) == [(WEB, "elig/loan/1/wang")]


async def test_a_stop_on_either_account_holds_for_both(database: Database) -> None:
    await database.run(lambda s: _settle(s, KF, WEB))
    await database.run(lambda s: stops.stop(s, [KF], reason=StopReason.ASKED, since=NOON))
    assert await database.run(linked_pushes.queue, ["wang"], PUSH_ONE, LINES, NOON) == {"told": 0}
    assert (await database.read(reach, VAULT, [WEB], NOON, LINES)).now == frozenset()


async def test_an_account_that_others_use_too_is_not_written_to(database: Database) -> None:
    await database.run(lambda s: _settle(s, KF, WEB))
    await database.run(lambda s: _another(s, WEB))
    done = await database.run(linked_pushes.queue, ["wang"], PUSH_ONE, LINES, NOON)
    assert done == {"told": 1, "when_they_write": 1}
    assert await database.read(_queued) == [(KF, "elig/loan/1/wang")]


def _another(session: Session, account: str) -> None:
    entered = Entered(codes={}, texts={}, said=(Said(CORE, True, NOON),))
    people.enter(session, VAULT, "li", entered, at=NOON, account=account)


async def test_what_was_written_to_the_other_account_counts_too(database: Database) -> None:
    await database.run(lambda s: _settle(s, KF, WEB))
    later = NOON + DAY
    push = Push("elig/loan/2", b"sealed", NOON, (Cap(NOON - DAY, 1, later),))
    await database.run(_open, KF, NOON)
    await database.run(linked_pushes.queue, ["wang"], PUSH_ONE, LINES, NOON)
    await database.run(send_budgets.use_up, KF, LINES.allowances["kf"])
    await database.run(linked_pushes.queue, ["wang"], push, LINES, NOON)
    rows = await database.read(lambda s: [r.due for r in s.execute(select(OutboxRow)).scalars()])
    assert sorted(rows) == [NOON, later]


async def test_both_accounts_have_one_name(database: Database) -> None:
    await database.run(lambda s: _settle(s, KF, WEB))
    may = await database.read(reach, VAULT, [KF, WEB, "web:x"], NOON, LINES)
    assert may.who(KF) == may.who(WEB) != may.who("web:x")
    assert {may.account(KF), may.account(WEB)} == {WEB}
    assert may.kinds([KF, "web:x"]) == {"other_channel": 1}
