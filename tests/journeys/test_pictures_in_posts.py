"""A steward adds a picture to a post at any step, changes it, drops it, and forgets about it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from records import inbound
from records.messages import Inbound, InboundKind, Outgoing
from tests.support.fake_channel import FakeChannel
from tests.support.journey import Journey
from tests.support.pictures import GIF, JPEG, LARGE, PNG

TEXT = "周六上午九点县里有招聘会，带身份证，不收钱。"
_FILES = {"jpeg": JPEG, "png": PNG, "gif": GIF, "large": LARGE}


class Camera(FakeChannel):
    """A channel that gives the files of messages."""

    async def fetch(self, message: Inbound) -> bytes | None:
        return _FILES.get(message.extra["file_id"])


class Steward:
    """Who writes, and what they read."""

    def __init__(self, journey: Journey) -> None:
        self.journey = journey
        self._shown = 0

    async def says(self, text: str) -> str:
        return _told(await self.journey.say(text))

    async def shows(self, name: str, caption: str = "") -> str:
        before = len(self.journey.channel.sent)
        await self.journey.app.door.receive([self.message(name, caption)])
        await self.journey.quiet()
        return _told(self.journey.channel.sent[before:])

    def message(self, name: str, caption: str = "") -> Inbound:
        self._shown += 1
        kind = InboundKind.TEXT if caption else InboundKind.PICTURE
        at = self.journey.now
        return Inbound(
            channel="fake",
            chat=self.journey.chat,
            outer_id=f"picture-{self._shown}",
            kind=kind,
            text=caption,
            sent_at=at,
            sender=self.journey.chat,
            sequence=1000 + self._shown,
            extra={"file_id": name},
        )

    @property
    def pictures(self) -> list[str]:
        """The ids of the pictures that they were shown."""
        return [
            one.extra["picture"] for one in self.journey.channel.sent if "picture" in one.extra
        ]


def _told(replies: list[Outgoing]) -> str:
    return "\n".join(reply.text for reply in replies)


@pytest.fixture
async def steward(tmp_path: Path) -> AsyncIterator[Steward]:
    settings = {"GUIYAN_AREAS": "定陶"}
    async with Journey(tmp_path, channel=Camera(), settings=settings) as journey:
        await journey.play(
            "& steward 王姐 371703\n^ group 昆明老乡群 city 371703 王姐 20 fake:g1\n"
            "^ group 长春站长群 heads 371703 王姐 20"
        )
        yield Steward(journey)


async def test_a_picture_may_come_before_everything_else(steward: Steward) -> None:
    await steward.says("群发")
    assert "图收到了。先选群" in await steward.shows("jpeg")
    await steward.says("全部")
    told = await steward.says(TEXT)
    assert "带图" in told
    assert "图里的字要人看一眼" in told
    assert len(steward.pictures) == 1


async def test_words_under_it_are_the_text(steward: Steward) -> None:
    await steward.says("群发 1")
    assert TEXT in await steward.shows("jpeg", TEXT)
    assert len(steward.pictures) == 1


async def test_another_takes_its_place_and_it_may_be_dropped(steward: Steward) -> None:
    await steward.says("群发 1")
    await steward.shows("jpeg")
    assert "图换成这张了" in await steward.shows("png")
    await steward.says(TEXT)
    await steward.shows("jpeg")  # at the preview: it is shown anew
    assert len(set(steward.pictures)) == 2
    assert "图里的字" not in await steward.says("不要图")
    await steward.says("改文字")
    assert "图里的字" not in await steward.says(TEXT)


@pytest.mark.parametrize(
    ("name", "said"), [("gif", "只收JPG、PNG"), ("large", "最多2MB"), ("gone", "图没取到")]
)
async def test_what_cannot_go_along_is_said_and_the_words_stay(
    steward: Steward, name: str, said: str
) -> None:
    await steward.says("群发 1")
    assert said in await steward.shows(name)
    told = await steward.shows(name, TEXT)
    assert said in told
    assert TEXT in told
    assert steward.pictures == []


async def test_words_that_are_refused_leave_the_picture(steward: Steward) -> None:
    await steward.says("群发 1")
    assert "这条不能发" in await steward.shows("jpeg", "保证能批，看 t.cn/x")
    await steward.says(TEXT)
    assert len(steward.pictures) == 1


async def test_pictures_that_come_with_other_words_at_once(steward: Steward) -> None:
    door, first = steward.journey.app.door, steward.message("jpeg")
    words = [
        replace(first, kind=InboundKind.TEXT, text=text, outer_id=text, sequence=n, extra={})
        for n, text in enumerate(("群发 1", TEXT, "确认"), 1)
    ]
    await door.receive([words[0], replace(first, sequence=1, outer_id="zz"), *words[1:]])
    await steward.journey.quiet()
    assert len(steward.pictures) == 1
    assert "交给县里同事看" in steward.journey.channel.sent[-1].text


async def test_without_a_post_nothing_of_it_is_kept(steward: Steward) -> None:
    assert "图片" in await steward.shows("jpeg")
    rows = await steward.journey.app.database.read(inbound.history, "fake:somebody", 5)
    assert all(row.file is None for row in rows)
