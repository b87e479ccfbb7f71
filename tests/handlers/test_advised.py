"""With a language model at our side: it may help to understand, it can do nothing else."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.model import Model
from bot.settings import load
from handlers.advised import answered
from knowledge.advising import (
    Advice,
    Asking,
    Doubt,
    Query,
    better,
    is_doubtful,
    is_vouched,
    query_of,
)
from knowledge.answer import Answer, Answerer, Decision
from knowledge.areas import COMMON, COUNTRY
from tests.fuzz.figures import foreign
from tests.fuzz.holdings import told_rightly, unmarked
from tests.handlers.support.fixed_answers import shipped_answerer
from tests.support.model_api import Choose, ModelApi, last, lies

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
QUESTIONS = Path(__file__).parent.parent / "knowledge" / "questions"
SCRAPS = (
    "弄那个啥能拿几个钱",
    "俺想整点啥政府给啥好处不",
    "听说有个啥政策来着",
    "那个事咋整",
    "老板说的那种钱",
)


@pytest.fixture(scope="module")
def answerer() -> Answerer:
    return shipped_answerer()


@pytest.fixture
async def api() -> AsyncIterator[ModelApi]:
    async with ModelApi() as api:
        yield api


@pytest.fixture
async def model(api: ModelApi, tmp_path: Path) -> AsyncIterator[Model]:
    settings = load({"GUIYAN_MODEL_URL": api.url, "GUIYAN_MODEL_NAME": "m"}, tmp_path)
    model = Model(settings)
    yield model
    await model.close()


def askings(count: int) -> list[Asking]:
    """Questions of ours, each from several areas."""
    lines = (QUESTIONS / "tune.jsonl").read_text("utf-8").splitlines()
    asked = [
        Asking(json.loads(line)["question"], area) for line in lines for area in (None, "定陶")
    ]
    return [*(Asking(s, a) for s in SCRAPS for a in ("定陶", "湘潭县", None)), *asked][:count]


def doubt(answerer: Answerer, question: str, area: str | None) -> Doubt:
    """A question that we treat as doubtful, whatever we think of it."""
    asking = Asking(question, area)
    return Doubt(asking, Answer(Decision.UNKNOWN, "这个我没查到。", score=0.1))


def with_advice(
    answerer: Answerer, question: str, area: str | None, advice: Advice
) -> tuple[Answer, Answer]:
    """Our own answer and the one with advice."""
    one = doubt(answerer, question, area)
    query = query_of(answerer, one.asking, question, now=NOW)
    return one.own, better(answerer, one, query, advice, now=NOW)


def test_an_entry_that_was_offered_may_be_chosen(answerer: Answerer) -> None:
    chosen = Advice(entry="dingtao-loan-individual-cap")
    _, answer = with_advice(answerer, "自己摆个摊能借几个钱", "定陶", chosen)
    assert answer.entries == ("dingtao-loan-individual-cap",)
    assert "10万元" in answer.text
    assert answer.score < 0.6


@pytest.mark.parametrize(
    "advice",
    [
        Advice(),
        Advice(entry="nothing-of-ours"),
        Advice(entry="xiangtan-target-2023-xiangtanxian"),
        Advice(entry="common-safety-crisis"),
        Advice(question="贷款最高888万元吗"),
        Advice(question="湘潭县2023年目标多少户"),
        Advice(question="我要人工"),
        Advice(question="今天天气怎么样"),
        Advice(question="个体户贷款" * 100),
        Advice(question="{entry}"),
    ],
)
def test_worthless_advice_leaves_our_own_answer(advice: Advice, answerer: Answerer) -> None:
    own, answer = with_advice(answerer, "自己摆个摊能借几个钱", "定陶", advice)
    assert answer is own


def test_other_words_are_answered_by_our_own_search(answerer: Answerer) -> None:
    advice = Advice(question="个体户创业担保贷款最高能贷多少")
    _, answer = with_advice(answerer, "自己摆个摊能借几个钱", "定陶", advice)
    assert "10万元" in answer.text


def test_without_a_home_no_area_s_entry_is_offered(answerer: Answerer) -> None:
    query = query_of(answerer, Asking("能借几个钱"), "能借几个钱", now=NOW)
    entries = [answerer.library.entries[option.id] for option in query.options]
    assert {entry.area for entry in entries} <= {COMMON, COUNTRY}


def test_no_more_than_eight_entries_are_offered(answerer: Answerer) -> None:
    for asking in askings(40):
        query = query_of(answerer, asking, asking.question, now=NOW)
        assert len(query.options) <= 8


def test_an_answer_with_a_number_of_its_own_is_not_vouched_for(answerer: Answerer) -> None:
    entry = ("dingtao-loan-individual-cap",)
    assert is_vouched(Answer(Decision.ANSWER, "最高10万元。", entries=entry), answerer.library)
    for text in ("最高11万元。", "最高八百八十八万元。", "年息3.5%。"):
        answer = Answer(Decision.ANSWER, text, entries=entry)
        assert not is_vouched(answer, answerer.library)


async def test_no_personal_data_is_sent(answerer: Answerer, model: Model, api: ModelApi) -> None:
    said = "我是王大明，13900001234，家在陈集镇花桥村，那个啥事咋整来着"
    await answered(answerer, Asking(said, "定陶"), model, now=NOW)
    sent = " ".join(shown["question"] for shown in api.heard)
    assert not any(word in sent for word in ("王大明", "13900001234", "花桥"))


@pytest.mark.parametrize("choose", [lies, last])
async def test_a_malicious_model_brings_in_no_figure_and_no_other_area(
    choose: Choose, answerer: Answerer, model: Model, api: ModelApi
) -> None:
    api.choose = choose
    for asking in askings(300):
        one = doubt(answerer, asking.question, asking.area)
        query = query_of(answerer, asking, asking.question, now=NOW)
        advice = await model.advise(query)
        assert advice is not None
        answer = better(answerer, one, query, advice, now=NOW)
        assert not foreign(answer.text, told_rightly(answerer.library, answer))
        assert not unmarked(answerer.library, answer, asking.area, asking.question)
        assert "888" not in answer.text
        assert set(answer.entries) <= {option.id for option in query.options} or answer is one.own
    assert len(api.heard) == 300


async def test_who_is_sure_asks_nobody(answerer: Answerer, model: Model, api: ModelApi) -> None:
    asking = Asking("个体户创业担保贷款最高能贷多少", "定陶")
    own = answerer.answer(asking.question, area=asking.area, now=NOW)
    assert await answered(answerer, asking, model, now=NOW) == own
    assert api.heard == []


@pytest.mark.parametrize("status", [500, 429])
async def test_without_advice_the_answer_is_exactly_our_own(
    status: int, answerer: Answerer, model: Model, api: ModelApi
) -> None:
    api.status = status
    for asking in askings(15):
        own = answerer.answer(asking.question, area=asking.area, now=NOW)
        assert await answered(answerer, asking, model, now=NOW) == own


def test_a_place_without_papers_is_no_doubt(answerer: Answerer) -> None:
    own = answerer.answer("成都返乡开民宿，能贷三百万不", area="宜昌", now=NOW)
    assert not is_doubtful(own)


def test_asked_back_for_a_place_is_no_doubt(answerer: Answerer) -> None:
    assert not is_doubtful(answerer.answer("能贷多少", now=NOW))


def test_the_query_is_what_was_given(answerer: Answerer) -> None:
    query = query_of(answerer, Asking("我是〇〇", "湘潭县"), "我是〇〇", now=NOW)
    assert isinstance(query, Query)
    assert (query.question, query.area) == ("我是〇〇", "湘潭县")
