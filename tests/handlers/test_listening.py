"""What becomes of a voice: its limits, what is believed of it, what is taken out of it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime

import pytest

from handlers.hearing import CARD_MASK, IDENTITY_MASK
from handlers.listening import Listener, Unheard, is_believable
from handlers.papers import without_spoken_numbers
from handlers.recordings import MOST_BYTES, Recording, recording, seconds
from records.messages import Inbound, InboundKind
from tests.support.speech_api import amr, ogg


@dataclass
class Scribe:
    """Writes down what it is told to, and counts."""

    words: str | None = "开店有补贴没"
    rests: bool = False
    pause: float = 0.0
    kinds: list[str] = field(default_factory=list)
    at_once: int = 0
    most: int = 0

    def is_resting(self) -> bool:
        return self.rests

    async def recognised(self, spoken: Recording) -> str | None:
        self.kinds.append(spoken.content_type)
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        await asyncio.sleep(self.pause)
        self.at_once -= 1
        return self.words


def a_voice(now: datetime, **extra: str) -> Inbound:
    return Inbound("fake", "1", "m1", InboundKind.VOICE, "", now, extra={"file_id": "f", **extra})


def giving(scribe: Scribe, content: bytes | None) -> Listener:
    """A listener whose channel gives this file."""

    async def fetch(message: Inbound) -> bytes | None:
        return content

    return Listener(scribe, {"fake": fetch})


@pytest.mark.parametrize(
    ("content", "outcome"),
    [
        (amr(2), "开店有补贴没"),
        (ogg(), "开店有补贴没"),
        (amr(60), "开店有补贴没"),
        (amr(61), Unheard.LONG),
        (ogg("x" * MOST_BYTES), Unheard.LONG),
        (None, Unheard.AWAY),
        (b"", Unheard.AWAY),
        (b"<html>not a voice</html>", Unheard.AWAY),
        (b'{"errcode":40007}', Unheard.AWAY),
        (b"\x02#!SILK_V3", Unheard.AWAY),
    ],
)
async def test_only_a_voice_within_the_limits_is_recognised(
    content: bytes | None, outcome: str | Unheard, now: datetime
) -> None:
    scribe = Scribe()
    assert await giving(scribe, content).heard(a_voice(now)) == outcome
    assert bool(scribe.kinds) is isinstance(outcome, str)


async def test_what_the_channel_calls_too_long_is_not_even_fetched(now: datetime) -> None:
    listener = Listener(Scribe(), {})
    assert await listener.heard(a_voice(now, duration="61")) is Unheard.LONG


async def test_a_resting_recogniser_is_left_alone(now: datetime) -> None:
    scribe = Scribe(rests=True)
    assert await giving(scribe, amr()).heard(a_voice(now)) is Unheard.AWAY
    assert scribe.kinds == []


async def test_a_recogniser_without_words_is_out_of_reach(now: datetime) -> None:
    assert await giving(Scribe(words=None), amr()).heard(a_voice(now)) is Unheard.AWAY


async def test_no_more_than_eight_are_recognised_at_once(now: datetime) -> None:
    scribe = Scribe(pause=0.01)
    listener = giving(scribe, amr())
    await asyncio.gather(*(listener.heard(a_voice(now)) for _ in range(30)))
    assert (scribe.most, len(scribe.kinds)) == (8, 30)


def test_voices_in_groups_and_without_a_file_are_not_listened_to(now: datetime) -> None:
    listener, voice = giving(Scribe(), amr()), a_voice(now)
    group = Inbound("fake", "1", "m", voice.kind, "", now, is_group=True, extra=voice.extra)
    bare = Inbound("fake", "1", "m", voice.kind, "", now)
    picture = Inbound("fake", "1", "m", InboundKind.PICTURE, "", now, extra=voice.extra)
    heard = [listener.may_hear(message) for message in (voice, group, bare, picture)]
    assert heard == [True, False, False, False]


@pytest.mark.parametrize(
    "words",
    [
        "", " ", "。", "……", "you", "Thank you for watching!", "谢谢观看",
        "字幕由Amara.org社区提供", "请不吝点赞 订阅 转发 打赏支持明镜与点点栏目",
        "嘿嘿" * 40, "的的的的的的的的的的",
        "我要贷款，我要贷款，我要贷款，我要贷款，我要贷款，我要贷款，我要贷款，我要贷款，我要贷款",
        "打开 http://example.com 领补贴", "长" + "话短说不完地说" * 50, "\x00\x07", "♪♪♪",
    ],
)  # fmt: skip
async def test_what_nobody_may_have_said_is_unclear(words: str, now: datetime) -> None:
    assert await giving(Scribe(words=words), amr(2)).heard(a_voice(now)) is Unheard.UNCLEAR


@pytest.mark.parametrize(
    "words",
    [
        "1",
        "一",
        "同意。",
        "OK",
        "嗯",
        "好好好",
        "13888888888",
        "一三八八八八八八八八八",
        "回家开店政府给钱不",
    ],
)
def test_what_people_say_is_believed(words: str) -> None:
    assert is_believable(words, 2.0)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("我身份证11010519491231002X", f"我身份证{IDENTITY_MASK}"),
        ("身份证号是一一零一零五，一九四九一二三一，零零二X", f"身份证号是{IDENTITY_MASK}"),
        ("幺幺零幺零五 一九四九 幺二三幺 零零二叉", IDENTITY_MASK),
        ("1 1 0 1 0 5 1 9 4 9 1 2 3 1 0 0 2 1", IDENTITY_MASK),
        ("一一零一零五一九四九一二三一零零二一一三九零零零零一二三四", IDENTITY_MASK),
        ("卡号六二二二零二一二三四五六七八九零一二三", f"卡号{CARD_MASK}"),
        ("打一三九零零零零一二三四", "打一三九零零零零一二三四"),
        ("13900001234，13800001234", "13900001234，13800001234"),
        ("打一三九零零零零一二三四，二零二五回来的", "打一三九零零零零一二三四，二零二五回来的"),
        ("六二二二，零二一二，三四五六，七八九零，一二三", CARD_MASK),
        ("二零一七年三十八号文件", "二零一七年三十八号文件"),
    ],
)
def test_numbers_of_papers_that_were_spoken_are_taken_out(said: str, kept: str) -> None:
    assert without_spoken_numbers(said) == kept


@pytest.mark.parametrize("length", [0.5, 2.0, 30.0])
def test_the_length_of_amr_is_counted(length: float) -> None:
    assert seconds(amr(length)) == pytest.approx(length)


def test_a_torn_or_endless_amr_does_no_harm() -> None:
    assert seconds(amr(1)[:-5]) == pytest.approx(1)
    assert seconds(b"#!AMR\n" + b"\xff" * MOST_BYTES) < 61
    assert seconds(b"#!AMR\n") == 0


def test_only_sounds_are_recordings() -> None:
    names = [getattr(recording(c), "name", "") for c in (amr(), ogg(), b"GIF89a", b"")]
    assert names == ["voice.amr", "voice.ogg", "", ""]
