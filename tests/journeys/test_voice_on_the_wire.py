"""The real program, real wires: voices on WeCom and Telegram, and a kill while one is heard."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.bot_api import TOKEN, BotApi
from tests.support.program import Program
from tests.support.several import the_program
from tests.support.speech_api import SpeechApi, amr, ogg
from tests.support.wecom.server import WeCom

LOAN = "定陶个体户贷款最高多少"
PATIENCE = 30.0


@pytest.fixture
async def speech() -> AsyncIterator[SpeechApi]:
    async with SpeechApi(LOAN) as speech:
        yield speech


@pytest.fixture
async def wecom() -> AsyncIterator[WeCom]:
    async with WeCom() as wecom:
        yield wecom


async def started(program: Program, wecom: WeCom) -> None:
    """Start the program and let WeCom know where it is."""
    await program.start()
    await program.ready()
    await wecom.listen(program.address, "kf")


def a_program(folder: Path, speech: SpeechApi, settings: dict[str, str]) -> Program:
    return the_program(folder, {**speech.settings, "GUIYAN_AREAS": "定陶", **settings})


async def test_a_voice_is_answered_once_though_the_program_is_killed_while_hearing_it(
    wecom: WeCom, speech: SpeechApi, tmp_path: Path
) -> None:
    customer = wecom.kf.customer()
    async with a_program(tmp_path, speech, wecom.settings()) as program:
        await started(program, wecom)
        speech.delay = 30
        wecom.kf.sends_file(customer, "voice", amr())
        wecom.kf.says(customer, "谢谢")
        await speech.until_asked()
        await program.kill()
        speech.delay = 0
        await started(program, wecom)
        await wecom.until(lambda: "不客气" in " ".join(wecom.phones.texts(customer)), PATIENCE)
    answers = "\n".join(wecom.phones.texts(customer))
    assert answers.count(f"您说的是：{LOAN}") == 1
    assert answers.count("创业担保贷款最高10万元") == 1
    assert answers.index(LOAN) < answers.index("不客气")
    assert len(speech.heard) == 2


async def test_a_voice_note_is_answered(speech: SpeechApi, tmp_path: Path) -> None:
    async with BotApi() as api:
        settings = {"GUIYAN_TELEGRAM_TOKEN": TOKEN, "GUIYAN_TELEGRAM_BASE_URL": api.url}
        async with a_program(tmp_path, speech, settings) as program:
            await program.start()
            api.speak(42, ogg())
            [first, *_] = await api.sent_count(1, PATIENCE)
    assert first.text.startswith(f"您说的是：{LOAN}")
    assert speech.heard[0].content_type == "audio/ogg"
