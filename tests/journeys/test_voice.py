"""The whole program with a recogniser beside it: what is spoken is answered like what is typed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from handlers import desk, desk_acts
from records import inbound
from records.database import Session
from records.inbound import FILE_LIFE
from records.messages import Inbound, InboundKind, Outgoing
from tests.support.fake_channel import FakeChannel
from tests.support.journey import Journey
from tests.support.speech_api import SpeechApi, amr

LOAN = "定陶个体户贷款最高多少"


class SpeakingChannel(FakeChannel):
    """A channel that gives the file of a voice: AMR that ends with the message's file id."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.given: bytes | None = b""

    async def fetch(self, message: Inbound) -> bytes | None:
        self.fetched.append(message.extra["file_id"])
        return amr(2, message.extra["file_id"]) if self.given == b"" else self.given


@pytest.fixture
async def api() -> AsyncIterator[SpeechApi]:
    async with SpeechApi(LOAN) as api:
        yield api


@pytest.fixture
def channel() -> SpeakingChannel:
    return SpeakingChannel()


@pytest.fixture
async def journey(
    api: SpeechApi, channel: SpeakingChannel, tmp_path: Path
) -> AsyncIterator[Journey]:
    async with Journey(tmp_path, channel=channel, settings=settings(api)) as journey:
        await journey.say("我是定陶的")
        yield journey


def settings(api: SpeechApi) -> dict[str, str]:
    """The recogniser, and one pack: that is read in a fraction of the time of all."""
    return {**api.settings, "GUIYAN_AREAS": "定陶"}


def a_voice(
    journey: Journey, file: str, *, chat: str = "somebody", kind: InboundKind = InboundKind.VOICE
) -> Inbound:
    """Something spoken; `file` tells the recogniser what."""
    journey.now += timedelta(seconds=1)
    return Inbound(
        channel="fake",
        chat=chat,
        outer_id=f"{chat}-{file}",
        kind=kind,
        text="",
        sent_at=journey.now,
        sender=chat,
        sequence=int(journey.now.timestamp()),
        extra={"file_id": file},
    )


def a_text(journey: Journey, text: str, *, chat: str = "somebody") -> Inbound:
    """Something typed."""
    journey.now += timedelta(seconds=1)
    at = int(journey.now.timestamp())
    return Inbound(
        "fake", chat, f"{chat}-{at}", InboundKind.TEXT, text, journey.now, chat, sequence=at
    )


async def heard(journey: Journey, *messages: Inbound) -> str:
    """All that is said to these messages."""
    return "\n".join(reply.text for reply in await replies(journey, *messages))


async def replies(journey: Journey, *messages: Inbound) -> list[Outgoing]:
    before = len(journey.channel.sent)
    await journey.app.door.receive(messages)
    await journey.quiet()
    return journey.channel.sent[before:]


async def test_what_is_spoken_is_said_back_and_answered(journey: Journey) -> None:
    first, *_ = await replies(journey, a_voice(journey, "f"))
    assert first.text.startswith(f"您说的是：{LOAN}\n")
    assert "个体的，创业担保贷款最高10万元" in first.text


async def test_long_speech_is_said_back_in_short(journey: Journey, api: SpeechApi) -> None:
    api.text = "我是从广东回来的，想问一下我们定陶这边个体户贷款最高能贷多少钱啊"
    answer = await heard(journey, a_voice(journey, "f"))
    assert answer.startswith("您说的是：我是从广东回来的，想问一下我们定陶这边个…\n")


async def test_a_form_takes_spoken_answers(journey: Journey, api: SpeechApi) -> None:
    await journey.say("登记")
    for said in ("同意。", "陈集镇", "一。"):
        api.text = said
        answer = await heard(journey, a_voice(journey, said))
    assert answer.startswith("您说的是：一\n第2题，共9题")


async def test_who_is_in_danger_is_helped_and_not_repeated(
    journey: Journey, api: SpeechApi
) -> None:
    api.text = "我不想活了"
    answer = await heard(journey, a_voice(journey, "f"))
    assert "12356" in answer or "110" in answer or "120" in answer
    assert "您说的是" not in answer


@pytest.mark.parametrize("words", ["", "谢谢观看", "you"])
async def test_who_is_not_understood_is_asked_to_type_or_tap(
    words: str, journey: Journey, api: SpeechApi
) -> None:
    api.text = words
    [reply] = await replies(journey, a_voice(journey, "f"))
    assert "没听清" in reply.text
    assert reply.options


@pytest.mark.parametrize("status", [401, 415, 429, 500])
async def test_a_recogniser_that_fails_leaves_a_polite_way_out(
    status: int, journey: Journey, api: SpeechApi
) -> None:
    api.status = status
    assert "语音这会儿听不了。打字或者回数字都行" in await heard(journey, a_voice(journey, "f"))


@pytest.mark.parametrize(
    ("given", "told"), [(None, "听不了"), (b"<html>", "听不了"), (amr(90), "太长")]
)
async def test_a_file_that_cannot_be_heard_is_told_as_such(
    given: bytes | None, told: str, journey: Journey, channel: SpeakingChannel, api: SpeechApi
) -> None:
    channel.given = given
    assert told in await heard(journey, a_voice(journey, "f"))
    assert api.heard == []


async def test_one_s_own_messages_are_answered_in_order(journey: Journey, api: SpeechApi) -> None:
    api.delay = 0.3
    said = a_text(journey, "谢谢"), a_voice(journey, "f"), a_text(journey, "首页")
    await journey.app.door.receive(said[:2])
    await api.until_asked()
    answers = await heard(journey, said[2])
    assert answers.index(LOAN) < answers.index("您想")


async def test_others_do_not_wait_for_one_who_speaks(journey: Journey, api: SpeechApi) -> None:
    api.delay = 0.5
    await journey.app.door.receive([a_voice(journey, "f")])
    await api.until_asked()
    told = await replies(journey, a_text(journey, LOAN, chat="another"))
    chats = [reply.chat for reply in told]
    assert (chats[0], chats[-1]) == ("another", "somebody")


async def test_each_voice_is_heard_once_and_in_order(
    journey: Journey, api: SpeechApi, channel: SpeakingChannel
) -> None:
    api.words = {"a": "首页", "b": LOAN, "c": "谢谢"}
    answers = await heard(journey, *(a_voice(journey, file) for file in "abc"))
    places = [answers.index(f"您说的是：{words}") for words in ("首页", LOAN, "谢谢")]
    assert places == sorted(places)
    assert channel.fetched == ["a", "b", "c"]


async def test_a_repeated_delivery_is_not_heard_again(journey: Journey, api: SpeechApi) -> None:
    voice = a_voice(journey, "f")
    await replies(journey, voice)
    assert await replies(journey, voice) == []
    assert len(api.heard) == 1


async def test_an_identity_number_that_was_spoken_is_neither_kept_nor_repeated(
    journey: Journey, api: SpeechApi
) -> None:
    api.text = "我的身份证是一一零一零五一九四九一二三一零零二叉"
    answer = await heard(journey, a_voice(journey, "f"))
    assert "一九四九" not in answer
    rows = await journey.app.database.read(inbound.history, "fake:somebody", 5)
    assert all("一九四九" not in journey.app.vault.open(row.payload)["text"] for row in rows)


async def test_where_the_file_was_is_forgotten_once_it_is_answered(journey: Journey) -> None:
    await replies(journey, a_voice(journey, "f"))
    rows = await journey.app.database.read(inbound.history, "fake:somebody", 5)
    assert all(row.file is None for row in rows)
    assert all("file_id" not in journey.app.vault.open(row.payload)["extra"] for row in rows)


async def test_a_picture_is_never_fetched_nor_its_address_kept(
    journey: Journey, channel: SpeakingChannel
) -> None:
    picture = a_voice(journey, "f", kind=InboundKind.PICTURE)
    assert "身份证、银行卡千万别拍" in await heard(journey, picture)
    rows = await journey.app.database.read(inbound.history, "fake:somebody", 5)
    assert all("file_id" not in journey.app.vault.open(row.payload)["extra"] for row in rows)
    assert channel.fetched == []


async def test_staff_reads_what_was_spoken_and_sees_that_a_machine_wrote_it(
    journey: Journey, api: SpeechApi
) -> None:
    await journey.say("人工")
    api.text = "我想问问贷款的事"
    assert await replies(journey, a_voice(journey, "f")) == []
    assert "（语音）我想问问贷款的事" in await journey.app.database.run(_at_the_desk, journey)


def _at_the_desk(session: Session, journey: Journey) -> str:
    """All that the desk shows of the one request."""
    [request] = desk.list_open(session, journey.app.vault)
    clerk = desk.Clerk(account="clerk", name="小刘")
    return str(
        desk_acts.show(session, journey.app.vault, request.number, clerk=clerk, now=journey.now)
    )


async def test_a_store_that_comes_back_has_lost_nothing(
    journey: Journey, api: SpeechApi, tmp_path: Path
) -> None:
    api.delay = 30  # the process ends in the middle
    await journey.app.door.receive([a_voice(journey, "f")])
    await api.until_asked()
    api.delay = 0
    channel = SpeakingChannel()
    async with Journey(tmp_path, channel=channel, settings=settings(api)) as again:
        sweep = asyncio.create_task(again.app.door.sweep())
        async with asyncio.timeout(10):
            while not channel.sent:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        sweep.cancel()
    assert channel.texts[0].startswith(f"您说的是：{LOAN}")


async def test_a_voice_that_a_stop_interrupts_waits_for_the_next_start(
    journey: Journey, api: SpeechApi
) -> None:
    api.delay = 30
    await journey.app.door.receive([a_voice(journey, "f")])
    await api.until_asked()
    await journey.app.door.close()
    [*_, row] = await journey.app.database.read(inbound.history, "fake:somebody", 5)
    assert (row.done_at, row.file is None) == (None, False)


async def test_without_a_recogniser_voices_have_the_old_way_out(tmp_path: Path) -> None:
    async with Journey(tmp_path, channel=SpeakingChannel()) as journey:
        answer = await heard(journey, a_voice(journey, "f"))
        assert "我还听不了语音" in answer
        [row] = await journey.app.database.read(inbound.history, "fake:somebody", 5)
        assert row.file is None


async def test_a_file_that_nobody_heard_in_three_days_is_forgotten(
    journey: Journey, api: SpeechApi
) -> None:
    api.delay = 30
    await journey.app.door.receive([a_voice(journey, "f")])
    await api.until_asked()
    database, late = journey.app.database, journey.now + FILE_LIFE
    assert await database.run(inbound.forget_files, late - timedelta(minutes=1)) == 0
    assert await database.run(inbound.forget_files, late + timedelta(minutes=1)) == 1
