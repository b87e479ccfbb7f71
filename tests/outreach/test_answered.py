"""Whoever asked in vain is told the answer once, by day, in one short message with its source."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from knowledge.answer import Answerer
from outreach.calendars import CHINA
from outreach.pieces import is_short
from records import gaps, outbox, questions, stops, told
from records.database import Database, Session
from records.gaps import Closing, GapState
from records.messages import Outgoing, Priority
from records.questions import Asked
from records.stops import StopReason
from records.told import Told
from records.vault import Vault
from scheduler.jobs import tell_askers
from scheduler.means import Means
from tests.support.editors import answerer_of, release_care
from tests.support.shipped import shipped

VAULT = Vault("for tests")
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=CHINA)
ASKED = NOON - timedelta(days=2)
ENTRY = "dingtao-loan-individual-cap"
QUESTION = "定陶干个体的担保贷款到底最高能给多少钱，我想开个早点摊子"


async def _answered(
    database: Database, *chats: str, entry: str = ENTRY, text: str = QUESTION
) -> int:
    for chat in chats:
        asked = Asked(text, "371703", "unknown", 0.1, ASKED, conversation=f"fake:{chat}")
        await database.run(questions.note, asked)
    first, *rest = await database.read(gaps.ungrouped, 99)
    number = await database.run(gaps.open_new, first, "371703")
    for wording in rest:
        await database.run(gaps.join, number, wording)
    closing = Closing(GapState.ANSWERED, by="小刘", at=NOON, entry=entry)
    await database.run(gaps.close, number, closing)
    return number


async def _run(
    database: Database, now: datetime = NOON, answerer: Answerer | None = None
) -> dict[str, int]:
    means = Means(database, VAULT, lambda: answerer or shipped())
    return await tell_askers.run(means, now)


async def _sent(database: Database) -> list[Outgoing]:
    def work(session: Session) -> list[Outgoing]:
        rows = session.execute(select(outbox.OutboxRow)).scalars()
        return [outbox.as_outgoing(row, VAULT) for row in rows]

    return await database.read(work)


async def test_the_asker_is_told_what_was_asked_when_and_the_answer(database: Database) -> None:
    number = await _answered(database, "1")
    assert await _run(database) == {"told": 1, "left_out": 0}
    sent = await _sent(database)
    assert sent[0].text.startswith(
        "您11月20日问过“定陶干个体的担保贷款到底最高能给多少钱，…”，现在有答案了："
    )
    assert sent[0].dedupe_key == f"gap/{number}/fake:1"
    whole = "".join(message.text for message in sent)
    assert "10万元" in whole
    assert "依据：菏定政办发〔2017〕38号" in whole
    assert "电话待补" in whole


async def test_each_message_is_short_and_goes_with_the_many(database: Database) -> None:
    await _answered(database, "1")
    await _run(database)
    sent = await _sent(database)
    assert all(is_short(message.text) and message.priority is Priority.BULK for message in sent)
    assert len(sent) == 1


async def test_nobody_is_told_twice_and_who_asked_is_forgotten(database: Database) -> None:
    await _answered(database, "1", "1", "2")
    assert await _run(database) == {"told": 2, "left_out": 0}
    assert await database.read(gaps.askers, 9) == []
    assert await _run(database, NOON + timedelta(days=1)) == {"told": 0, "left_out": 0}


async def test_what_is_pushed_counts_as_told(database: Database) -> None:
    await _answered(database, "1")
    await _run(database)
    assert await database.read(told.last, ["fake:1"]) == {("fake:1", ENTRY): NOON}


async def test_who_said_stop_hears_nothing_and_is_forgotten(database: Database) -> None:
    await _answered(database, "1")
    await database.run(_stop, "fake:1")
    assert await _run(database) == {"told": 0, "left_out": 1}
    assert await _sent(database) == []
    assert await database.read(gaps.askers, 9) == []


async def test_at_night_everybody_waits_until_the_morning(database: Database) -> None:
    await _answered(database, "1")
    assert await _run(database, NOON + timedelta(hours=9)) == {"told": 0, "left_out": 0}
    assert await _run(database, NOON + timedelta(hours=21)) == {"told": 1, "left_out": 0}


async def test_two_answers_for_one_person_come_on_two_days(database: Database) -> None:
    await _answered(database, "1")
    await _answered(database, "1", entry="dingtao-guarantee-fund-amount", text="担保基金有多少")
    assert await _run(database) == {"told": 1, "left_out": 0}
    assert await _run(database, NOON + timedelta(hours=1)) == {"told": 0, "left_out": 0}
    assert await _run(database, NOON + timedelta(days=1)) == {"told": 1, "left_out": 0}


async def test_who_has_asked_again_and_got_it_is_not_told_once_more(database: Database) -> None:
    await _answered(database, "1")
    await database.run(told.note, [Told("fake:1", ENTRY, ASKED + timedelta(hours=1))])
    assert await _run(database) == {"told": 0, "left_out": 1}


async def test_an_entry_that_is_not_served_any_more_is_told_to_nobody(database: Database) -> None:
    await _answered(database, "1", entry="dingtao-gone")
    assert await _run(database) == {"told": 0, "left_out": 0}
    assert len(await database.read(gaps.askers, 9)) == 1


@pytest.mark.parametrize("text", ["湘潭返乡创业的托育补贴有没有", "这个到底有没得搞头"])
async def test_the_entry_answers_whatever_the_words_of_the_asker(
    database: Database, text: str
) -> None:
    await release_care(database, NOON - timedelta(hours=1))
    await _answered(database, "1", entry="xiangtan-care", text=text)
    await _run(database, answerer=await answerer_of(database))
    assert "有托育补贴，找街道报名就行" in (await _sent(database))[0].text


def _stop(session: Session, target: str) -> None:
    stops.stop(session, [target], reason=StopReason.ASKED, since=NOON)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("我手机〇", "您11月20日问过的事，现在有答案了："),
        ("我叫〇〇，电话〇，贷款最高多少", "问过“贷款最高多少”，"),
        ("创业担保贷款，那干个体呢", "问过“那干个体呢”，"),
        ("\x1b[2J贷款\n最高多少", "问过“贷款 最高多少”，"),
    ],
)
async def test_askers_read_their_own_words_and_nothing_that_was_masked(
    database: Database, text: str, said: str
) -> None:
    await _answered(database, "1", text=text)
    await _run(database)
    [message, *_] = await _sent(database)
    assert said in message.text
    assert "〇" not in message.text
