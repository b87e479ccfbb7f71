"""A number after something that came unasked means what the person saw last."""

from __future__ import annotations

from datetime import datetime

import pytest

from records import stops
from records.database import Database
from records.messages import Option
from records.vault import Vault
from tests.handlers.support.counted import TALK, Account
from tests.handlers.support.talks import REGISTERED

NEW, STOP = Option("看新的", "看新的"), Option("不想收了", "停")
NONE_CHANGED = "您问过的没有要更正的"
NEXT = "啥时候再出去"  # asked after 1, that they are at home


@pytest.fixture
def account(database: Database, vault: Vault) -> Account:
    return Account(database, vault, datetime.fromisoformat("2026-11-23T10:00:00+08:00"))


async def _at_the_question_of_pushes(account: Account) -> None:
    await account.says(*REGISTERED[:-2])
    assert "两周" in account.channel.sent[-1].text


async def _asked(account: Account) -> None:
    """The registration asks where somebody is now, with numbered options."""
    await account.says("登记", "同意", "湖南湘乡泉塘镇花桥村")
    assert account.channel.sent[-1].options[0].label.startswith("1 ")


async def test_a_day_later_a_number_is_for_the_newest_card(account: Account) -> None:
    await _asked(account)
    account.wait(hours=24)
    await account.is_pushed("有变化。", NEW, STOP)
    await account.sends()
    told = "".join(await account.says("1"))
    assert NONE_CHANGED in told
    assert "接着填" in told


@pytest.mark.parametrize("said", ["1", "一", "第一个", "选1", "看新的"])
async def test_however_it_is_said(account: Account, said: str) -> None:
    await _asked(account)
    account.wait(hours=24)
    await account.is_pushed("有变化。", NEW, STOP)
    await account.sends()
    assert NONE_CHANGED in "".join(await account.says(said))


@pytest.mark.parametrize(
    ("answer", "told"),
    [("1", NONE_CHANGED), ("看新的", NONE_CHANGED), ("2", NEXT), ("前面问我的那句", NEXT)],
)
async def test_soon_after_a_question_it_is_asked_which_was_meant(
    account: Account, answer: str, told: str
) -> None:
    await _asked(account)
    account.wait(seconds=5)
    await account.is_pushed("有变化。", NEW, STOP)
    await account.sends()
    assert "是回哪一条" in "".join(await account.says("1"))
    assert told in "".join(await account.says(answer))


async def test_which_was_meant_can_be_tapped(account: Account) -> None:
    await _asked(account)
    await account.is_pushed("有变化。", NEW, STOP)
    await account.sends()
    await account.says("1")
    assert NEXT in "".join(await account.taps("前面问我的那句"))
    assert "已经过了" in "".join(await account.taps("新来的"))


async def test_something_else_said_instead_is_taken_as_it_is(account: Account) -> None:
    await _asked(account)
    await account.is_pushed("有变化。", NEW, STOP)
    await account.sends()
    await account.says("1")
    assert "最高10万元" in "".join(await account.says("定陶开店能贷多少钱"))
    assert NEXT in "".join(await account.says("1"))


async def test_a_card_that_came_with_the_reply_counts(account: Account) -> None:
    await account.says("你好")
    account.wait(hours=49)
    await account.is_pushed("有变化。", NEW)
    await account.sends()
    [told] = await account.says("今天几号")
    assert told.endswith("有变化。")
    assert NONE_CHANGED in "".join(await account.says("1"))


async def test_a_card_that_is_held_was_not_seen(account: Account) -> None:
    await _asked(account)
    account.wait(hours=48)
    await account.is_pushed("有变化。", NEW)
    assert await account.sends() == []
    assert NONE_CHANGED not in "".join(await account.says("1"))


async def test_a_card_sent_after_they_wrote_was_not_seen(account: Account) -> None:
    await _asked(account)
    account.wait(hours=24)
    await account.is_pushed("有变化。", NEW)
    await account.sends()
    account.wait(minutes=-2)  # what was written before reaches us later
    assert NONE_CHANGED not in "".join(await account.says("1"))


@pytest.mark.parametrize("said", ["2", "1 就在老家", "东莞"])
async def test_what_the_card_does_not_offer_answers_the_question(
    account: Account, said: str
) -> None:
    await _asked(account)
    account.wait(minutes=30)
    await account.is_pushed("有变化。", NEW)
    await account.sends()
    told = "".join(await account.says(said))
    assert [word in told for word in ("是回哪一条", NONE_CHANGED)] == [False, False]


async def test_after_our_answer_numbers_are_for_the_question_again(account: Account) -> None:
    await _asked(account)
    account.wait(minutes=50)
    await account.is_pushed("有变化。", NEW)
    await account.sends()
    await account.says("看新的")
    assert NEXT in "".join(await account.says("1"))


async def test_where_nothing_is_asked_the_card_has_the_number(account: Account) -> None:
    await account.says("定陶开店能贷多少钱")
    await account.is_pushed("有变化。", NEW)
    await account.sends()
    assert NONE_CHANGED in "".join(await account.says("1"))


async def test_a_mere_number_does_not_stop_pushes_where_a_question_waits(account: Account) -> None:
    await _asked(account)
    account.wait(hours=24)
    await account.is_pushed("新政策适合您。", STOP)
    await account.sends()
    assert "是回哪一条" in "".join(await account.says("1"))


async def test_a_tap_always_means_its_own_message(account: Account) -> None:
    await _asked(account)
    await account.is_pushed("有变化。", NEW)
    await account.sends()
    assert NEXT in "".join(await account.taps("1 "))


async def test_stop_tapped_on_a_card_is_no_answer_of_the_form(account: Account) -> None:
    await _at_the_question_of_pushes(account)
    await account.is_pushed("有变化。", STOP)
    await account.sends()
    await account.taps("不想收了")
    assert await account.database.read(stops.stopped, [TALK], account.now) == {TALK}
