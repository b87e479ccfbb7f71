"""Anybody can check whether a message is ours, and learns nothing about anybody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from outreach import genuine
from outreach.calendars import CHINA
from outreach.digests import Gathering
from outreach.genuine import LENGTH, SIGNED, SIGNS, Genuine, code_in, code_of, find
from outreach.pushes import a_push
from records import message_codes, outbox, sending
from records.campaigns import Campaign, CampaignText
from records.caps import as_they_are
from records.database import Database, Session
from records.messages import Priority
from records.outbox import Claimed, OutboxState
from records.sending import Claim
from records.vault import Vault

VAULT = Vault("for tests")
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=CHINA)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def _campaign(session: Session) -> int:
    made = Campaign(title="座谈会", area="371703", drafted_by="周", created_at=NOW)
    session.add(made)
    session.flush()
    number = made.id or 0
    text = "{称呼|老乡}，腊月廿三上午在镇政府有座谈会，讲贷款怎么办。"
    session.add(CampaignText(campaign_id=number, variant="A", channel="", text=text))
    return number


async def _leave(
    database: Database, key: str, text: str = "有消息", priority: Priority = Priority.BULK
) -> Claimed:
    new = a_push(VAULT, "fake:42", text, key=key, now=NOW, priority=priority)
    await database.run(outbox.enqueue, [new])
    (row,) = await database.batch(sending.claim, Claim("one", ("fake",), 9, NOW))
    await database.batch(sending.settle, sending.Outcome(row.id, OutboxState.SENT, NOW))
    (left,) = await database.run(Gathering(VAULT, as_they_are).leaving, [row], NOW)
    return left


def _text(row: Claimed) -> str:
    return outbox.as_outgoing(row, VAULT).text


@pytest.mark.parametrize("priority", [Priority.BULK, Priority.NEWS])
async def test_what_leaves_unasked_bears_a_code_that_is_found(
    database: Database, priority: Priority
) -> None:
    left = await _leave(database, "gap/1", priority=priority)
    code = code_in(_text(left))
    assert await database.read(find, code) == Genuine(NOW)


async def test_an_answer_bears_none(database: Database) -> None:
    left = await _leave(database, "re/1", priority=Priority.REPLY)
    assert _text(left) == "有消息"


async def test_a_message_is_signed_once(database: Database) -> None:
    left = await _leave(database, "gap/1")
    (again,) = await database.run(Gathering(VAULT, as_they_are).leaving, [left], NOW)
    assert _text(again).count("查") == 1
    assert VAULT.open(again.payload)[SIGNED] == code_in(_text(again))


async def test_of_a_campaign_everybody_learns_what_it_said(database: Database) -> None:
    number = await database.run(_campaign)
    left = await _leave(database, f"camp/{number}/p1", "老王，座谈会")
    found = await database.read(find, code_in(_text(left)))
    assert found is not None
    (said,) = found.said
    assert said.startswith("老乡，腊月廿三上午在镇政府有座谈会")
    assert "老王" not in said


async def test_one_campaign_has_one_code(database: Database) -> None:
    number = await database.run(_campaign)
    codes = {code_in(_text(await _leave(database, f"camp/{number}/{p}", p))) for p in ("a", "b")}
    assert codes == {genuine.of_campaign(VAULT, number)}


async def test_a_code_made_by_another_installation_is_not_ours(database: Database) -> None:
    await _leave(database, "gap/1")
    assert await database.read(find, code_of(Vault("another"), "gap/1")) is None


async def test_a_code_is_forgotten_with_its_message(database: Database) -> None:
    left = await _leave(database, "gap/1")
    await database.run(message_codes.prune, NOW + 181 * DAY)
    assert await database.read(find, code_in(_text(left))) is None


async def test_who_guesses_must_wait(database: Database) -> None:
    for tries in range(5):
        assert not await database.read(genuine.is_guessing, "fake:1", NOW), tries
        await database.run(genuine.note_wrong, "fake:1", NOW)
    for at, waits in ((NOW + HOUR / 2, True), (NOW + 2 * HOUR, False)):
        assert await database.read(genuine.is_guessing, "fake:1", at) is waits
    assert not await database.read(genuine.is_guessing, "fake:2", NOW)


def _codes() -> Iterator[str]:
    return (code_of(VAULT, f"gap/{n}") for n in range(3000))


def test_codes_are_of_signs_that_nobody_mistakes_and_differ() -> None:
    codes = list(_codes())
    assert len(set(codes)) == len(codes)
    assert {len(code) for code in codes} == {LENGTH}
    assert set("".join(codes)) == set(SIGNS)
    assert not set("0O1IL2Z5S8BUV") & set(SIGNS)


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        *(("查ACDEFGH", True), ("查 acdefgh", True), ("话。\n核对这条：查ACDEFGH", True)),
        *(("查ACDEFG", False), ("查ACDEFGHJ", False), ("ACDEFGH", False), ("查0CDEFGH", False)),
    ],
)
def test_a_code_is_heard_in_a_text(text: str, is_found: bool) -> None:
    assert bool(code_in(text)) is is_found
