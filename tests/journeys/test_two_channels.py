"""A matter begun on one channel and finished on another, over the whole program."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

from sqlalchemy import select

from records import conversations, people
from records.account_links import AccountLink, LinkCode, LinkTry
from records.conversations import Conversation
from records.database import Session
from records.people import Person
from tests.support.builders import a_message
from tests.support.journey import Journey

BEGUN = ("登记", "1", "湘潭县易俗河镇", "1", "4")
AT_ONCE = (("page", "1"), ("phone", "继续"))  # the last yes, and the wish to go on elsewhere
REST = ("1", "1", "5", "老李 13911112222", "对", "3", "不用", "1")


async def _linked(journey: Journey, *, begun: tuple[str, ...] = BEGUN) -> None:
    """The same person on the page and on the phone; on the page they have begun something."""
    await _at(journey, "page", *begun, "绑定")
    if "绑定码 " not in _heard(journey):
        await _at(journey, "page", "3")
    found = re.search(r"绑定码 (\d{6})", _heard(journey))
    assert found, _heard(journey)
    await _at(journey, "phone", f"绑定 {found.group(1)}")


async def _at(journey: Journey, chat: str, *texts: str) -> str:
    journey.chat = chat
    for text in texts:
        await journey.say(text)
    return _heard(journey)


def _heard(journey: Journey) -> str:
    return "\n".join(reply.text for reply in journey.replies)


async def _known(journey: Journey, chat: str) -> list[str]:
    def work(session: Session) -> list[str]:
        found = people.profiles_of(session, journey.app.vault, [f"fake:{chat}"])
        return [profile.nickname for profile in found.get(f"fake:{chat}", ())]

    return await journey.app.database.read(work)


async def test_a_form_begun_on_the_page_is_finished_on_the_phone(tmp_path: Path) -> None:
    async with Journey(tmp_path) as journey:
        await _linked(journey)
        heard = await _at(journey, "phone", "继续")
        assert heard.startswith("接着另一个号那边的来。\n第3题")
        assert "登记好了" in await _at(journey, "phone", *REST)
        assert await _known(journey, "phone") == await _known(journey, "page") == ["老李"]


async def test_what_was_taken_over_cannot_be_finished_twice(tmp_path: Path) -> None:
    async with Journey(tmp_path) as journey:
        await _linked(journey)
        await _at(journey, "phone", "继续")
        await _at(journey, "page", *REST)
        assert await _known(journey, "page") == []
        assert "登记好了" in await _at(journey, "phone", *REST)
        assert await journey.app.database.read(_count) == 1


async def test_of_finishing_and_taking_over_at_once_one_counts(
    tmp_path: Path, database_url: str
) -> None:
    settings = {"GUIYAN_DATABASE_URL": database_url, "GUIYAN_SECRET_KEY": "a key for tests only"}
    async with Journey(tmp_path, settings=settings) as journey:
        await _linked(journey, begun=(*BEGUN, *REST[:-1]))
        both = [a_message(journey.now, text, chat=chat) for chat, text in AT_ONCE]
        await asyncio.gather(*(journey.app.door.receive([message]) for message in both))
        await journey.quiet()
        await _at(journey, "phone", "1")
        assert await journey.app.database.read(_count) == 1
        assert await _known(journey, "phone") == await _known(journey, "page") == ["老李"]


async def test_the_form_can_go_back_to_where_it_came_from(tmp_path: Path) -> None:
    async with Journey(tmp_path) as journey:
        await _linked(journey)
        await _at(journey, "phone", "继续", REST[0])
        assert "接着" in await _at(journey, "page", "继续")
        assert "登记好了" in await _at(journey, "page", *REST[1:])


async def test_a_question_goes_on_too(tmp_path: Path) -> None:
    async with Journey(tmp_path) as journey:
        await _linked(journey, begun=("定陶个人创业担保贷款最高多少",))
        assert "定陶个人创业担保贷款" in await _at(journey, "phone", "继续")
        assert "定陶的文件没写创业担保贷款" in await _at(journey, "phone", "要什么材料")


async def test_nothing_is_seen_of_it_before_the_proof(tmp_path: Path) -> None:
    async with Journey(tmp_path) as journey:
        await _at(journey, "page", *BEGUN)
        heard = await _at(journey, "stranger", "继续", "我的信息", "绑定 000000", "继续")
        assert "易俗河" not in heard
        assert "接着" not in heard


async def test_what_staff_write_follows_to_the_account_that_is_left(tmp_path: Path) -> None:
    async with Journey(tmp_path) as journey:
        await _linked(journey)
        await _at(journey, "page", "人工")
        await journey.app.database.run(conversations.mark_reach, "fake:page", "blocked")
        await journey.play("$ reply 您好，我是小刘")
        assert [reply.chat for reply in journey.replies] == ["phone"]


async def test_parting_while_the_other_corrects_the_record_ends_that(tmp_path: Path) -> None:
    async with Journey(tmp_path) as journey:
        await _linked(journey)
        await _at(journey, "page", "继续", *REST)
        await _at(journey, "phone", "改称呼")
        assert "断开" in await _at(journey, "page", "解绑")
        await _at(journey, "phone", "老张", "1")
        assert await _known(journey, "page") == ["老李"]
        assert await _known(journey, "phone") == []


async def test_after_a_deletion_nothing_leads_from_one_to_the_other(tmp_path: Path) -> None:
    async with Journey(tmp_path) as journey:
        await _linked(journey)
        await _at(journey, "phone", "继续", *REST)
        await _at(journey, "page", "绑定", "删除", "2222")
        await journey.wait("11 minutes")
        tables = (AccountLink, LinkCode, LinkTry, Person, Conversation)
        assert [await journey.app.database.read(_rows, table) for table in tables] == [0] * 5
        assert b"13911112222" not in (tmp_path / "journey.db").read_bytes()


def _count(session: Session) -> int:
    return _rows(session, Person)


def _rows(session: Session, table: type) -> int:
    return len(list(session.execute(select(table)).scalars()))
