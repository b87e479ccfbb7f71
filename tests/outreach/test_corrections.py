"""A correction is offered where something of substance changed, to who was told the old (J13)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from knowledge.library import our_shelf
from outreach import shipped
from outreach.calendars import CHINA
from outreach.pieces import is_short
from outreach.pushes import a_push
from records import changed_pages, conversations, outbox, shipped_pages, stops, told
from records.conversations import Conversation
from records.database import Database, Session
from records.stops import StopReason
from records.told import Told
from records.vault import Vault
from scheduler.jobs import offer_corrections
from scheduler.means import Means
from tests.support.builders import a_conversation
from tests.support.editors import release, release_care, shipped_page, withdraw
from tests.support.shipped import shipped as answerer

VAULT = Vault("for tests")
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=CHINA)
DAY = timedelta(days=1)
FUND = "dingtao/policies/dingtao-guarantee-fund-amount.toml"
ENTRY = "dingtao-guarantee-fund-amount"
DONE = {"offered": 0, "left_out": 0, "waiting": 0}
OTHER = "dingtao/policies/dingtao-guarantee-fund-topup.toml"
OLD = (("value = 10000000", "value = 5000000"), ("不低于1000万元", "不低于500万元"))
FIGURES = (("value = 10000000", "value = 20000000"), ("不低于1000万元", "不低于2000万元"))


async def _tell(database: Database, at: datetime, *chats: str, entry: str = ENTRY) -> None:
    for chat in chats:
        await database.run(_talk, f"{chat}", at)
    await database.run(told.note, [Told(f"fake:{chat}", entry, at) for chat in chats])


async def _change(database: Database, at: datetime, *words: tuple[str, str]) -> None:
    page = shipped_page(FUND)
    for old, new in words:
        assert old in page
        page = page.replace(old, new)
    await release(database, FUND, page, at)


async def _run(database: Database, now: datetime = NOON) -> dict[str, int]:
    return await offer_corrections.run(Means(database, VAULT, answerer), now)


async def _texts(database: Database) -> list[str]:
    def work(session: Session) -> list[str]:
        rows = session.execute(select(outbox.OutboxRow)).scalars()
        return [outbox.as_outgoing(row, VAULT).text for row in rows]

    return await database.read(work)


async def test_who_was_told_what_is_withdrawn_is_offered_what_holds(database: Database) -> None:
    await _tell(database, NOON - 2 * DAY, "1")
    await withdraw(database, FUND, NOON - DAY)
    assert await _run(database) == DONE | {"offered": 1}
    [text] = await _texts(database)
    assert text.startswith("您11月20日问的“创业担保基金有多少”有变化。回“看新的”")
    assert is_short(text)
    assert await database.read(changed_pages.pending) == []


async def test_another_figure_is_a_correction(database: Database) -> None:
    await _tell(database, NOON - 2 * DAY, "1")
    await _change(database, NOON - DAY, *FIGURES)
    assert await _run(database) == DONE | {"offered": 1}


@pytest.mark.parametrize(
    "words",
    [
        ("，是担保用的，个人不能领。", "， 是担保用的， 个人不能领！"),
        ('review_by = "2027-06-30"', 'review_by = "2027-07-30"'),
        ("asked_as = [", 'asked_as = [\n  "担保池子里头躺着多少钱",'),
    ],
)
async def test_what_nobody_acts_on_is_no_correction(
    database: Database, words: tuple[str, str]
) -> None:
    await _tell(database, NOON - 2 * DAY, "1")
    await _change(database, NOON - DAY, words)
    assert await _run(database) == DONE
    assert await database.read(changed_pages.pending) == []


async def test_only_who_was_told_before_it_changed_is_offered_it(database: Database) -> None:
    await _tell(database, NOON - 366 * DAY, "long ago")
    await _tell(database, NOON - 2 * DAY, "before")
    await _change(database, NOON - DAY, *FIGURES)
    await _tell(database, NOON - DAY / 2, "after")
    await _tell(database, NOON - 2 * DAY, "other", entry="dingtao-guarantee-fund-topup")
    await _run(database)
    assert await database.read(_addresses) == ["before"]


async def test_who_was_told_a_figure_by_another_entry_is_offered_it_too(
    database: Database,
) -> None:
    page = shipped_page("dingtao/policies/dingtao-loan-individual-cap.toml")
    for old, new in (("value = 100000", "value = 120000"), ("最高10万元", "最高12万元")):
        page = page.replace(old, new)
    await _tell(database, NOON - 2 * DAY, "1", entry="dingtao-loan-caps")
    await _tell(database, NOON - 2 * DAY, "2", entry="dingtao-loan-firm-cap")
    await release(database, "dingtao/policies/dingtao-loan-individual-cap.toml", page, NOON - DAY)
    await _tell(database, NOON - DAY / 2, "3", entry="dingtao-loan-caps")
    assert await _run(database) == DONE | {"offered": 1}
    assert await database.read(_addresses) == ["1"]
    assert await database.read(changed_pages.pending) == []


async def test_nobody_is_offered_it_twice(database: Database) -> None:
    await _tell(database, NOON - 2 * DAY, "1")
    await _change(database, NOON - DAY, *FIGURES)
    await _run(database)
    assert await _run(database, NOON + DAY) == DONE
    assert len(await _texts(database)) == 1


async def test_what_is_as_it_was_told_again_is_no_correction(database: Database) -> None:
    await _tell(database, NOON - 3 * DAY, "1")
    await _change(database, NOON - 2 * DAY, *FIGURES)
    await _change(database, NOON - DAY)
    assert await _run(database) == DONE


async def test_a_withdrawal_follows_a_change(database: Database) -> None:
    await _tell(database, NOON - 3 * DAY, "1")
    await _change(database, NOON - 2 * DAY, *FIGURES)
    await _run(database, NOON - DAY)
    await withdraw(database, FUND, NOON - DAY / 2)
    assert await _run(database) == DONE | {"offered": 1}


async def test_several_changes_are_one_message(database: Database) -> None:
    await release_care(database, NOON - 3 * DAY)
    await _tell(database, NOON - 2 * DAY, "1")
    await _tell(database, NOON - 2 * DAY, "1", entry="xiangtan-care")
    await _change(database, NOON - DAY, *FIGURES)
    await release_care(database, NOON - DAY, "找街道报名", "找社区报名")
    assert await _run(database) == DONE | {"offered": 1}
    [text] = await _texts(database)
    assert "等2件事有变化" in text


async def test_at_night_and_on_a_day_with_a_message_they_wait(database: Database) -> None:
    await _tell(database, NOON - 2 * DAY, "1")
    await _change(database, NOON - DAY, *FIGURES)
    assert await _run(database, NOON - timedelta(hours=5)) == DONE
    await database.run(_push, NOON - timedelta(hours=1))
    assert await _run(database) == DONE | {"waiting": 1}
    assert await _run(database, NOON + DAY) == DONE | {"offered": 1}


async def test_who_said_stop_hears_nothing_of_it(database: Database) -> None:
    await _tell(database, NOON - 2 * DAY, "1")
    await database.run(_stop, "fake:1")
    await withdraw(database, FUND, NOON - DAY)
    assert await _run(database) == DONE | {"left_out": 1}
    assert await database.read(told.last, ["fake:1"]) == {}
    assert await database.read(changed_pages.pending) == []


async def test_a_turn_under_way_is_done_again_with_the_offer_in_mind(database: Database) -> None:
    await _tell(database, NOON - 2 * DAY, "1")
    await withdraw(database, FUND, NOON - DAY)
    before = (await database.read(conversations.load, ["fake:1"]))["fake:1"]
    await _run(database)
    after = (await database.read(conversations.load, ["fake:1"]))["fake:1"]
    assert after.version == before.version + 1
    offered = VAULT.open(after.state)["memory"]["corrections"]
    assert [one["entry"] for one in offered] == [ENTRY]


async def test_whose_conversation_was_forgotten_is_offered_it_too(database: Database) -> None:
    await database.run(told.note, [Told("fake:9", ENTRY, NOON - 2 * DAY)])
    await withdraw(database, FUND, NOON - DAY)
    assert await _run(database) == DONE | {"offered": 1}
    assert "fake:9" in await database.read(conversations.load, ["fake:9"])


async def _ship(database: Database, at: datetime, *words: tuple[str, str], gone: str = "") -> None:
    """A program that brings two entries is started."""
    pages = {path: shipped_page(path) for path in (FUND, OTHER)}
    for old, new in words:
        pages[FUND] = pages[FUND].replace(old, new)
    pages.pop(gone, None)
    await database.run(shipped_pages.note, pages, at)


async def test_a_new_program_s_other_figure_is_a_correction(database: Database) -> None:
    await _ship(database, NOON - 4 * DAY, *OLD)
    await _tell(database, NOON - 2 * DAY, "1")
    await _ship(database, NOON - DAY)
    await _ship(database, NOON - DAY / 2)
    await _tell(database, NOON - DAY / 4, "2")
    assert await _run(database) == DONE | {"offered": 1}
    assert await database.read(_addresses) == ["1"]
    assert await database.read(changed_pages.pending) == []


@pytest.mark.parametrize(
    "words", [(), (("，是担保用的，个人不能领。", "， 是担保用的， 个人不能领！"),)]
)
async def test_a_new_program_with_the_same_substance_corrects_nothing(
    database: Database, words: tuple[tuple[str, str], ...]
) -> None:
    await _ship(database, NOON - 4 * DAY, *words)
    await _tell(database, NOON - 2 * DAY, "1")
    await _ship(database, NOON - DAY)
    assert await _run(database) == DONE


async def test_the_first_start_and_what_is_edited_in_service_tell_nobody(
    database: Database,
) -> None:
    await _tell(database, NOON - 4 * DAY, "1")
    await _ship(database, NOON - 3 * DAY, *OLD)
    assert await _run(database) == DONE
    await _change(database, NOON - 2 * DAY)
    await _run(database, NOON - DAY)
    await _tell(database, NOON - DAY, "3")
    await _ship(database, NOON - DAY / 2)
    assert await _run(database) == DONE


async def test_an_entry_that_a_new_program_lacks_is_gone(database: Database) -> None:
    await _ship(database, NOON - 4 * DAY)
    await _tell(database, NOON - 2 * DAY, "1")
    await _ship(database, NOON - DAY, gone=FUND)
    assert await _run(database) == DONE | {"offered": 1}


async def test_a_start_notes_every_entry_and_only_once(database: Database) -> None:
    assert await shipped.note(database, our_shelf(), NOON) > 1_000
    assert await shipped.note(database, our_shelf(), NOON) == 0
    assert await database.read(shipped_pages.pending) == {}


def _talk(session: Session, chat: str, at: datetime) -> None:
    if session.get(Conversation, f"fake:{chat}") is None:
        row = a_conversation(at, chat=chat)
        row.state = VAULT.seal({"flow": "", "step": "", "data": {}, "memory": {}})
        session.add(row)


def _push(session: Session, at: datetime) -> None:
    outbox.enqueue(session, [a_push(VAULT, "fake:1", "别的事", key="other", now=at)])


def _addresses(session: Session) -> list[str]:
    return [row.chat for row in session.execute(select(outbox.OutboxRow)).scalars()]


def _stop(session: Session, target: str) -> None:
    stops.stop(session, [target], reason=StopReason.ASKED, since=NOON)
