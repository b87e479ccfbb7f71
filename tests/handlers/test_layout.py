"""An answer on messages: short, at most two at once, the source always on those shown first."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from handlers.layout import laid_out
from handlers.prompts import is_short
from handlers.texts import say
from knowledge.answer import Answer, Answerer, Decision
from knowledge.areas import COMMON
from knowledge.changes import shown
from knowledge.compose import NO_DATE, NO_PHONE
from knowledge.library import load_library

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
LABEL = "这是定陶的规定，不是湘潭县的："
SEVERAL = (
    "个体户贷款最高多少？岗位补贴一个多少？一次性补贴给多少？去长春的站归谁管？",
    "湘潭县2023年目标多少户？外出务工多少人？示范项目几个？典型案例几个？",
    "定陶个体户贷款最高多少？雁归宜昌项目给多少钱？濮阳合伙贷款多少？湘潭县2023年目标多少户？",
    "定陶贷款利息多少？濮阳一次性补贴多少？宜昌贷款最高多少？",
)


@pytest.fixture(scope="module")
def answerer() -> Answerer:
    return Answerer(load_library())


def has_source(answer: Answer, messages: tuple[str, ...]) -> bool:
    """Whether paper, date and phone of every source stand in these messages."""
    text = "\n".join(messages)
    papers = (
        (s.number or s.title) in text and (s.date[:4] or NO_DATE) in text for s in answer.sources
    )
    return all(papers) and (NO_PHONE in text or bool(re.search(r"\d{5,}", text)))


@pytest.mark.parametrize("room", [1, 2])
def test_every_entry_shows_its_source_first(room: int, answerer: Answerer) -> None:
    library = answerer.library
    for entry in library.entries.values():
        answer = shown(library, entry, NOW)
        pages = laid_out(answer, room)
        assert len(pages.shown) <= room, entry.id
        assert entry.area == COMMON or has_source(answer, pages.shown), entry.id


def test_another_area_s_rule_is_never_a_label_alone(answerer: Answerer) -> None:
    for entry in answerer.library.entries.values():
        answer = shown(answerer.library, entry, NOW)
        foreign = replace(answer, text=f"{LABEL}\n{answer.text}")
        said = laid_out(foreign, 1).shown
        assert len(said) <= 2, entry.id
        assert answer.text[:5] in "".join(said), entry.id


@pytest.mark.parametrize("question", SEVERAL)
@pytest.mark.parametrize("area", ["定陶", "湘潭县", "濮阳", None])
@pytest.mark.parametrize("last", ["", say("policy.fraud"), say("policy.offer")])
def test_several_answers_show_all_their_sources_first(
    question: str, area: str | None, last: str, answerer: Answerer
) -> None:
    answer = answerer.answer(question, area=area, now=NOW)
    pages = laid_out(answer, 2, last)
    assert len(pages.shown) <= 2
    assert not answer.sources or has_source(answer, pages.shown)
    assert pages.shown[-1].endswith(last)
    assert all(is_short(page) for page in (*pages.shown, *pages.rest))


@pytest.mark.parametrize("question", SEVERAL)
def test_nothing_that_was_said_is_lost(question: str, answerer: Answerer) -> None:
    answer = answerer.answer(question, area="定陶", now=NOW)
    pages = laid_out(answer, 2, say("policy.fraud"))
    told = "".join((*pages.shown, *pages.rest)).replace("\n", "")
    body = answer.text.removesuffix(answer.ending)
    assert all(line.strip() in told for line in body.splitlines())


def test_what_is_left_of_another_area_s_answer_is_marked_too() -> None:
    text = "\n".join(
        (LABEL, *("一二三四五六七八九十。" * 6 for _ in range(4)), "依据：某文，电话待补。")
    )
    answer = Answer(
        Decision.OTHER_AREA, text, ending="依据：某文，电话待补。", brief="依据：某文。"
    )
    pages = laid_out(answer, 2)
    assert pages.rest[0].startswith(LABEL)
    assert pages.shown[-1].endswith("电话待补。")
