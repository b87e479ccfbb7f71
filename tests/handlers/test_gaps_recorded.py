"""What goes to the editors with a turn, and what is kept of who was told what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import select

from knowledge.answer import Answer, Answerer, Topic
from knowledge.shelf import Library
from records import told
from records.database import Session
from records.questions import OpenQuestion
from tests.handlers.support.walk import Walk
from tests.support.shipped import shipped

LOAN = "定陶区个体户创业担保贷款最高多少"
SILENT = "湘潭创业担保贷款最高多少"


class Doubtful(Answerer):
    """Answers as the shipped entries do, but is never sure."""

    def __init__(self) -> None:
        pass

    @property
    def library(self) -> Library:
        return shipped().library

    def answer(
        self,
        question: str,
        *,
        area: str | None = None,
        prev: Sequence[str] = (),
        topic: Topic | None = None,
        now: datetime,
    ) -> Answer:
        answer = shipped().answer(question, area=area, prev=prev, topic=topic, now=now)
        return replace(answer, score=0.4)


def _walk(*texts: str, is_group: bool = False, answerer: Answerer | None = None) -> Walk:
    walk = Walk(answerer=answerer or shipped(), is_group=is_group)
    walk.all(*texts)
    return walk


def _asked(walk: Walk) -> list[OpenQuestion]:
    def work(session: Session) -> list[OpenQuestion]:
        return list(session.execute(select(OpenQuestion)).scalars())

    return walk.store.run(work)


def _told(walk: Walk) -> set[str]:
    rows = walk.store.run(lambda s: told.last(s, [walk.account]))
    return {entry for _, entry in rows}


def test_what_the_papers_leave_open_goes_to_the_editors_with_who_asked() -> None:
    [row] = _asked(_walk(SILENT))
    assert (row.reason, row.area, row.conversation) == ("unanswered", "430300", "telegram:42")


def test_an_answer_that_was_a_guess_goes_there_with_its_entries() -> None:
    [row] = _asked(_walk(LOAN, answerer=Doubtful()))
    assert (row.reason, row.decision) == ("doubtful", "answer")
    assert "dingtao-loan-individual-cap" in row.entries.split()


def test_an_answer_that_did_not_help_goes_there_with_its_question_and_entries() -> None:
    [row] = _asked(_walk(LOAN, "没用"))
    assert (row.reason, row.text, row.area) == ("useless", LOAN, "371703")
    assert row.entries == "dingtao-loan-individual-cap"


def test_what_is_in_the_queue_already_is_not_counted_twice() -> None:
    rows = _asked(_walk(LOAN, "没用", answerer=Doubtful()))
    assert [row.reason for row in rows] == ["doubtful"]


def test_a_good_answer_goes_nowhere() -> None:
    assert _asked(_walk(LOAN, "有用")) == []


def test_numbers_of_people_are_masked() -> None:
    [row] = _asked(_walk("湘潭创业担保贷款最高多少，我电话13900001234"))
    assert "13900001234" not in row.text


def test_a_follow_up_says_what_it_is_about() -> None:
    rows = _asked(_walk("湘潭的返乡创业服务站归谁管", "那电话呢"))
    assert rows[-1].text.endswith("，那电话呢")


def test_the_county_is_kept_where_it_lies_in_the_papers_area() -> None:
    walk = Walk(answerer=shipped(), area="430381")
    walk.say("我们这创业担保贷款最高多少")
    assert [row.area for row in _asked(walk)] == ["430381"]


def test_who_was_told_which_fact_is_kept_and_small_talk_is_not() -> None:
    assert _told(_walk("你好")) == set()
    assert _told(_walk("你好", LOAN)) == {"dingtao-loan-individual-cap"}


def test_a_group_s_question_is_kept_without_the_group_and_nobody_there_counts_as_told() -> None:
    walk = _walk(SILENT, LOAN, is_group=True)
    assert [row.conversation for row in _asked(walk)] == [""]
    assert _told(walk) == set()


def test_an_answer_and_a_deletion_in_one_go_leave_nothing() -> None:
    walk = _walk(SILENT, LOAN, "删除", "确认删除")
    assert _told(walk) == set()
    assert {row.conversation for row in _asked(walk)} == {""}


class TestOldPages:
    """An answer that has changed since is not gone on with."""

    def _outdated(self, *texts: str) -> Walk:
        walk = _walk(LOAN)
        marks = dict.fromkeys(walk.state.memory["marks"], "of another version")
        walk.state = walk.state.remember(marks=marks, pages=["旧的一页"], detail="旧的详细")
        walk.all(*texts)
        return walk

    @pytest.mark.parametrize("words", ["更多", "详细", "没听懂"])
    def test_more_of_it_is_the_answer_of_now(self, words: str) -> None:
        said = self._outdated(words).said()
        assert "刚有变化" in said
        assert "旧的" not in said
        assert "10万元" in said

    def test_the_next_question_is_not_disturbed(self) -> None:
        assert "刚有变化" not in self._outdated("定陶创业担保贷款归谁管").said()


class TestMarks:
    """有用 and 没用 are taken wherever they are offered."""

    SILENT_ELSEWHERE = "湘潭创业担保贷款期限几年"
    NO_PAPERS = "北京市海淀区创业担保贷款最高多少"

    def _at_home(self, *texts: str) -> Walk:
        walk = Walk(answerer=shipped(), area="371703", is_new=False)
        walk.all(*texts)
        return walk

    @pytest.mark.parametrize("question", [LOAN, SILENT_ELSEWHERE, NO_PAPERS])
    @pytest.mark.parametrize("mark", ["有用", "没用"])
    def test_an_offered_mark_is_understood(self, question: str, mark: str) -> None:
        walk = self._at_home(question)
        offered = [o.label for reply in walk.last.replies for o in reply.options]
        assert mark in offered
        assert "光说这个" not in walk.say(mark)[0].text

    def test_a_useless_answer_without_an_entry_reaches_the_editors_once(self) -> None:
        rows = _asked(self._at_home(self.NO_PAPERS, "没用", "没用"))
        assert [(row.reason, row.text) for row in rows] == [("useless", self.NO_PAPERS)]

    def test_a_silence_elsewhere_goes_there_as_one_at_home_and_is_counted_once(self) -> None:
        [row] = _asked(self._at_home(self.SILENT_ELSEWHERE, "没用"))
        assert (row.reason, row.area, row.conversation) == ("unanswered", "430300", "telegram:42")

    def test_what_another_area_tells_is_no_silence(self) -> None:
        assert _asked(self._at_home("宜昌一次性创业补贴要什么条件")) == []

    def test_before_any_answer_there_is_nothing_to_mark(self) -> None:
        assert "记下了" not in self._at_home("没用").said()
