"""The language model's wire: what is asked, what is taken, what is no advice at all."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.model import Model
from bot.settings import load
from knowledge.advising import Advice, Option, Query
from tests.support.model_api import MEGABYTES, ModelApi, first, saying

QUERY = Query(
    "开店能借多少",
    "定陶",
    (Option("a", "个体户贷多少", "最高10万元。"), Option("b", "乙", "乙。")),
)


@pytest.fixture
async def api() -> AsyncIterator[ModelApi]:
    async with ModelApi(first) as api:
        yield api


@pytest.fixture
async def model(api: ModelApi, tmp_path: Path) -> AsyncIterator[Model]:
    model = model_at(api.url, tmp_path)
    yield model
    await model.close()


def model_at(url: str, folder: Path, **more: str) -> Model:
    """A model as settings name it, with a short patience."""
    named = {"GUIYAN_MODEL_URL": url, "GUIYAN_MODEL_NAME": "m", "GUIYAN_MODEL_KEY": "geheim"}
    return Model(load({**named, "GUIYAN_MODEL_TIMEOUT": "0.5", **more}, folder))


async def test_it_is_shown_the_question_the_area_and_the_entries(
    api: ModelApi, model: Model
) -> None:
    await model.advise(QUERY)
    (shown,) = api.heard
    assert (shown["question"], shown["area"]) == ("开店能借多少", "定陶")
    assert [entry["id"] for entry in shown["entries"]] == ["a", "b"]
    assert api.keys == ["Bearer geheim"]


async def test_a_choice_is_taken(model: Model) -> None:
    assert await model.advise(QUERY) == Advice("a", "")


@pytest.mark.parametrize("fence", ["```json\n{}\n```", "```\n{}\n```", " {} "])
async def test_a_choice_between_fences_is_taken_too(
    fence: str, api: ModelApi, model: Model
) -> None:
    api.raw = saying(fence.replace("{}", '{"entry":"b","question":"贷款多少"}'))
    assert await model.advise(QUERY) == Advice("b", "贷款多少")


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"{", b"[]", b"null", b"<html>sorry</html>", b'{"choices":[]}',
        b'{"choices":"x"}', b"\xff\xfe",
        saying(None), saying(7), saying("最高888万元"), saying("[1,2]"), saying('{"entry":7}'),
        saying('{"entry":["a"]}'),
        saying('{"entry":"' + "a" * 300 + '"}'), saying({"entry": "a"}),
        b"[" * 60_000, b"x" * MEGABYTES,
    ],
    ids=range(18),
)  # fmt: skip
async def test_whatever_is_not_what_was_asked_for_is_no_advice(
    raw: bytes, api: ModelApi, model: Model
) -> None:
    api.raw = raw
    assert await model.advise(QUERY) is None


@pytest.mark.parametrize("status", [301, 302, 400, 401, 404, 429, 500, 502, 503])
async def test_no_other_status_is_advice_and_no_redirect_is_followed(
    status: int, api: ModelApi, model: Model
) -> None:
    api.status, api.headers = status, {"Location": f"{api.url}/chat/completions"}
    assert await model.advise(QUERY) is None
    assert len(api.heard) == 1


async def test_it_does_not_wait_longer_than_its_patience(api: ModelApi, model: Model) -> None:
    api.delay = 30
    async with asyncio.timeout(5):
        assert await model.advise(QUERY) is None


async def test_nobody_there_is_no_advice(tmp_path: Path) -> None:
    model = model_at("http://127.0.0.1:9/v1", tmp_path)
    assert await model.advise(QUERY) is None
    await model.close()


async def test_half_a_character_does_no_harm(model: Model) -> None:
    assert await model.advise(Query("贷\ud800款", "", QUERY.options)) == Advice("a", "")


async def test_a_limit_is_kept_and_then_over(api: ModelApi, tmp_path: Path) -> None:
    time = [0.0]
    settings = load({"GUIYAN_MODEL_URL": api.url, "GUIYAN_MODEL_NAME": "m"}, tmp_path)
    model = Model(settings, clock=lambda: time[0])
    api.status, api.headers = 429, {"Retry-After": "20"}
    await model.advise(QUERY)
    api.status = 200
    assert await model.advise(QUERY) is None
    time[0] = 21.0
    assert await model.advise(QUERY) == Advice("a", "")
    assert len(api.heard) == 2
    await model.close()


async def test_after_several_failures_it_is_left_alone(api: ModelApi, model: Model) -> None:
    api.status = 500
    for _ in range(20):
        await model.advise(QUERY)
    assert len(api.heard) == 5


async def test_who_comes_beside_too_many_does_not_wait(api: ModelApi, model: Model) -> None:
    api.delay = 0.2
    advice = await asyncio.gather(*(model.advise(QUERY) for _ in range(12)))
    assert (advice.count(None), len(api.heard)) == (4, 8)


async def test_failures_are_logged_once_a_minute_without_text(
    api: ModelApi, model: Model, caplog: pytest.LogCaptureFixture
) -> None:
    api.status = 500
    with caplog.at_level(logging.DEBUG, "guiyan"):
        for _ in range(4):
            await model.advise(QUERY)
    assert [record.getMessage() for record in caplog.records] == [
        "the model gave no advice: status 500 (1)"
    ]
