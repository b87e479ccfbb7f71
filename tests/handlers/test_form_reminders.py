"""Who leaves a form is reminded a day later and before it is dropped, and not once it is done."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from handlers import drafts
from handlers.dialogue import State
from outreach import reminders as outreach
from outreach.calendars import CHINA
from records import conversations, outbox, reminders
from records.database import Database, Session
from records.vault import Vault
from tests.support.builders import a_conversation

VAULT = Vault("for tests")
LEFT = datetime(2026, 11, 24, 12, 0, tzinfo=CHINA)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def _leave(session: Session, at: datetime = LEFT, flow: str = "registration") -> None:
    row = a_conversation(at)
    row.state, row.draft_until = VAULT.seal(State(flow, "home").as_dict()), at + 30 * DAY
    session.merge(row)


async def _hour(database: Database, at: datetime) -> int:
    """What is said in the hour that begins then."""
    await database.run(drafts.remind, VAULT, at)
    await database.run(drafts.cancel_finished, VAULT, at)
    return (await outreach.send_due(database, VAULT, at))["queued"]


async def _said(database: Database, *days: float) -> list[int]:
    return [await _hour(database, LEFT + each * DAY) for each in days]


async def test_who_left_a_form_is_reminded_once_after_a_day(database: Database) -> None:
    await database.run(_leave)
    assert await _said(database, 0.9, 1, 1.05, 2, 3, 10) == [0, 1, 0, 0, 0, 0]


async def test_and_once_more_before_it_is_dropped(database: Database) -> None:
    await database.run(_leave)
    assert await _said(database, 1, 26.9, 27, 28, 31) == [1, 0, 1, 0, 0]


async def test_who_goes_on_and_leaves_again_is_not_urged_again(database: Database) -> None:
    await database.run(_leave)
    assert await _said(database, 1) == [1]
    await database.run(_leave, LEFT + 2 * DAY)
    assert await _said(database, 3, 4, 27, 29) == [0, 0, 0, 1]


@pytest.mark.parametrize("flow", ["", "policy"])
async def test_who_is_done_is_not_reminded(database: Database, flow: str) -> None:
    await database.run(_leave)
    await database.run(drafts.remind, VAULT, LEFT + DAY)
    await database.run(_leave, LEFT + DAY, flow)
    assert await _said(database, 1.01, 27) == [0, 0]


async def test_who_is_forgotten_is_not_reminded(database: Database) -> None:
    await database.run(_leave)
    await database.run(drafts.remind, VAULT, LEFT + DAY)
    await database.run(conversations.forget, "fake:42")
    assert await _said(database, 1.01, 27) == [0, 0]


async def test_it_says_until_when_the_form_is_kept(database: Database) -> None:
    await database.run(_leave)
    await database.run(drafts.remind, VAULT, LEFT + DAY)
    rows = await database.read(reminders.of, "account:fake:42")
    assert "12月24日就删掉" in reminders.opened(rows[1], VAULT).text
    assert await database.read(outbox.counts) == {}
