"""`guiyan doctor` tries the language model and the recogniser, and says what to mend."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.commands.upkeep import _examine
from bot.settings import load
from tests.support import database as databases
from tests.support.model_api import ModelApi, saying
from tests.support.speech_api import SpeechApi

KEY = "geheim"
NOWHERE = "http://127.0.0.1:1/v1"
WECOM = {"GUIYAN_WECOM_ROBOTS": "alerts=693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"}
GOOD = saying({"entry": "", "question": ""})

WRONG = [
    (401, GOOD, "check {}_KEY"),
    (403, GOOD, "check {}_KEY"),
    (404, GOOD, "check {}_URL, which mostly ends in /v1"),
    (302, GOOD, "name the last address in {}_URL"),
    (429, GOOD, "asked too often"),
    (500, GOOD, "broken itself"),
    (200, b"<html>hello</html>", "not the JSON that was asked for"),
]


async def _lines(folder: Path, **given: str) -> str:
    url = await databases.fresh_file(folder / "g.db")
    settings = load({"GUIYAN_DATABASE_URL": url, **given}, folder)
    return "\n".join(str(found) for found in await _examine(settings, speaks=False))


def _model(url: str) -> dict[str, str]:
    named = {"GUIYAN_MODEL_URL": url, "GUIYAN_MODEL_NAME": "m", "GUIYAN_MODEL_KEY": KEY}
    return {**named, "GUIYAN_MODEL_TIMEOUT": "0.5"}


async def test_what_is_not_configured_is_not_tried(tmp_path: Path) -> None:
    lines = await _lines(tmp_path)
    assert "language model" not in lines
    assert "voice recogniser" not in lines


async def test_a_model_that_answers_is_well(tmp_path: Path) -> None:
    async with ModelApi() as api:
        assert "ok    language model" in await _lines(tmp_path, **_model(api.url))
    (shown,) = api.heard
    assert (shown["area"], shown["entries"]) == ("", [])


@pytest.mark.parametrize(("status", "raw", "mend"), WRONG)
async def test_what_is_wrong_with_the_model_is_said(
    tmp_path: Path, status: int, raw: bytes, mend: str
) -> None:
    async with ModelApi() as api:
        api.status, api.raw = status, raw
        lines = await _lines(tmp_path, **_model(api.url))
    assert "FAULT language model: " in lines
    assert mend.format("GUIYAN_MODEL") in lines
    assert KEY not in lines


async def test_a_model_that_is_late_or_away_is_said(tmp_path: Path) -> None:
    async with ModelApi() as api:
        api.delay = 2.0
        assert "raise GUIYAN_MODEL_TIMEOUT" in await _lines(tmp_path, **_model(api.url))
    assert "cannot be reached" in await _lines(tmp_path, **_model(NOWHERE))


@pytest.mark.parametrize(("given", "kind"), [({}, "audio/wav"), (WECOM, "audio/amr")])
async def test_the_recogniser_hears_a_silence_in_the_form_that_will_come(
    tmp_path: Path, given: dict[str, str], kind: str
) -> None:
    async with SpeechApi(text="") as api:
        lines = await _lines(tmp_path, **api.settings, **given)
    assert "ok    voice recogniser" in lines
    assert [asked.content_type for asked in api.heard] == [kind]


@pytest.mark.parametrize(
    ("status", "raw", "mend"), [*WRONG, (415, GOOD, "put a converter before it")]
)
async def test_what_is_wrong_with_the_recogniser_is_said(
    tmp_path: Path, status: int, raw: bytes, mend: str
) -> None:
    async with SpeechApi() as api:
        api.status, api.raw = status, raw
        lines = await _lines(tmp_path, **api.settings)
    assert "FAULT voice recogniser: " in lines
    assert mend.format("GUIYAN_SPEECH") in lines
    assert KEY not in lines


async def test_a_recogniser_that_is_away_is_said(tmp_path: Path) -> None:
    named = {"GUIYAN_SPEECH_URL": NOWHERE, "GUIYAN_SPEECH_MODEL": "m"}
    assert "cannot be reached" in await _lines(tmp_path, **named)
