"""The recogniser's wire: what is sent, what is taken for words, what is none at all."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.settings import load
from bot.speech import Speech
from handlers.recordings import Recording
from tests.support.speech_api import MEGABYTES, SpeechApi, amr

VOICE = Recording("voice.amr", "audio/amr", amr())


@pytest.fixture
async def api() -> AsyncIterator[SpeechApi]:
    async with SpeechApi() as api:
        yield api


@pytest.fixture
async def speech(api: SpeechApi, tmp_path: Path) -> AsyncIterator[Speech]:
    speech = speech_at(api, tmp_path)
    yield speech
    await speech.close()


def speech_at(api: SpeechApi, folder: Path, **more: str) -> Speech:
    """A recogniser as settings name it, with a short patience."""
    return Speech(load({**api.settings, "GUIYAN_SPEECH_TIMEOUT": "0.5", **more}, folder))


async def test_it_is_sent_the_file_as_it_came_with_model_and_language(
    api: SpeechApi, speech: Speech
) -> None:
    await speech.recognised(VOICE)
    (asked,) = api.heard
    assert (asked.name, asked.content_type) == ("voice.amr", "audio/amr")
    assert (asked.model, asked.language, asked.key) == ("m", "zh", "Bearer geheim")
    assert asked.content == VOICE.content


@pytest.mark.parametrize(("text", "words"), [("你好", "你好"), (" 你好\n", "你好"), ("", "")])
async def test_its_words_are_taken(text: str, words: str, api: SpeechApi, speech: Speech) -> None:
    api.text = text
    assert await speech.recognised(VOICE) == words


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"{", b"[]", b"null", b"<html>sorry</html>", b"\xff\xfe", b'{"text":null}',
        b'{"text":7}', b'{"text":["a"]}', b'{"error":"text"}', b'"text"',
        b"[" * 60_000, b"x" * MEGABYTES, b'{"text":"' + b"a" * MEGABYTES + b'"}',
    ],
    ids=range(14),
)  # fmt: skip
async def test_whatever_is_not_what_was_asked_for_is_no_word(
    raw: bytes, api: SpeechApi, speech: Speech
) -> None:
    api.raw = raw
    assert await speech.recognised(VOICE) is None


@pytest.mark.parametrize(
    "status", [301, 302, 307, 400, 401, 403, 404, 413, 415, 422, 429, 500, 502, 503]
)
async def test_no_other_status_gives_words_and_no_redirect_is_followed(
    status: int, api: SpeechApi, speech: Speech
) -> None:
    api.status, api.headers = status, {"Location": f"{api.url}/audio/transcriptions"}
    assert await speech.recognised(VOICE) is None
    assert len(api.heard) == 1


async def test_it_does_not_wait_longer_than_its_time_out(api: SpeechApi, speech: Speech) -> None:
    api.delay = 30
    async with asyncio.timeout(5):
        assert await speech.recognised(VOICE) is None


async def test_nobody_there_gives_no_word(api: SpeechApi, tmp_path: Path) -> None:
    speech = speech_at(api, tmp_path, GUIYAN_SPEECH_URL="http://127.0.0.1:9/v1")
    assert await speech.recognised(VOICE) is None
    await speech.close()


async def test_a_limit_is_kept_and_then_over(api: SpeechApi, tmp_path: Path) -> None:
    time = [0.0]
    speech = Speech(load(api.settings, tmp_path), clock=lambda: time[0])
    api.status, api.headers = 429, {"Retry-After": "20"}
    await speech.recognised(VOICE)
    assert speech.is_resting()
    time[0] = 21.0
    assert not speech.is_resting()
    await speech.close()


async def test_after_several_failures_it_is_left_alone(api: SpeechApi, speech: Speech) -> None:
    api.status = 500
    resting = []
    for _ in range(5):
        resting.append(speech.is_resting())
        await speech.recognised(VOICE)
    assert (resting, speech.is_resting()) == ([False] * 5, True)


async def test_a_kind_of_file_that_is_refused_is_logged_once_and_is_no_failure(
    api: SpeechApi, speech: Speech, caplog: pytest.LogCaptureFixture
) -> None:
    api.status, api.raw = 400, b'{"error":{"message":"Invalid file format"}}'
    with caplog.at_level(logging.DEBUG, "guiyan"):
        for _ in range(7):
            await speech.recognised(VOICE)
    (said,) = [record.getMessage() for record in caplog.records]
    assert "the recogniser refuses audio/amr (status 400)" in said
    assert not speech.is_resting()


async def test_failures_are_logged_once_a_minute_without_what_was_said(
    api: SpeechApi, speech: Speech, caplog: pytest.LogCaptureFixture
) -> None:
    api.raw = '{"words":"我的电话13900001234"}'.encode()
    with caplog.at_level(logging.DEBUG, "guiyan"):
        for _ in range(4):
            await speech.recognised(VOICE)
    assert [record.getMessage() for record in caplog.records] == [
        "spoken messages were not recognised: not the JSON that was asked for (1)"
    ]


def test_the_model_must_be_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="GUIYAN_SPEECH_MODEL is required"):
        load({"GUIYAN_SPEECH_URL": "http://127.0.0.1:1/v1"}, tmp_path)


def test_a_foreign_recogniser_stops_a_gov_deployment(tmp_path: Path) -> None:
    named = {"GUIYAN_SPEECH_URL": "https://api.example.com/v1", "GUIYAN_SPEECH_MODEL": "m"}
    with pytest.raises(ValueError, match="GUIYAN_SPEECH_URL names"):
        load({**named, "GUIYAN_DEPLOYMENT": "gov"}, tmp_path)
