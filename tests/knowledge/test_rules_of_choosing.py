"""Rules of choosing among answers: which side, which place, which words come first."""

from __future__ import annotations

from datetime import datetime

import pytest

from knowledge.answer import Answerer, Decision
from knowledge.joining import joined
from knowledge.library import Library
from knowledge.opposites import sides
from knowledge.telling import Told
from knowledge.text import normalise
from knowledge.understand import read_frame


@pytest.mark.parametrize(
    ("said", "slot"),
    [
        ("要开满几个月", "条件"),
        ("几个月到账", "时限"),
        ("能借着多少", "额度"),
        ("总共有多少万了", "数量"),
        ("在什么路上", "地点"),
        ("谁能帮我跑", "部门"),
        ("两样都拿", "叠加"),
        ("给好多奖金", "额度"),
        ("能用几年", "期限"),
        ("取消了没", "状态"),
    ],
)
def test_a_side_is_heard_however_it_is_asked(said: str, slot: str, library: Library) -> None:
    text = normalise(said if slot != "数量" else f"返乡创业的人{said}")
    assert slot in read_frame(text, library.wording).slots


def test_who_is_hired_does_not_ask(library: Library) -> None:
    assert not read_frame("招1个人补多少", library.wording).who


def test_each_of_two_opposites_is_asked_about_alone() -> None:
    asked = frozenset({"interest:贴息", "interest:不贴息", "grade:市"})
    assert [len(terms) for terms in sides(asked)] == [2, 2]


@pytest.mark.parametrize(
    ("said", "left"), [("老师,贷款多少", ",贷款多少"), ("请的老师教什么", "请的老师教什么")]
)
def test_a_form_of_address_is_dropped_only_at_the_ends(
    said: str, left: str, library: Library
) -> None:
    assert library.wording.bare(said) == left


def test_a_header_without_its_fact_is_not_told() -> None:
    fact = Told(Decision.ANSWER, ("补1万元。",), 1.0)
    again = Told(Decision.ANSWER, ("文件只写了企业的：补1万元。",), 1.0)
    assert joined([fact, again], fact).lines == ("补1万元。",)


@pytest.mark.parametrize(
    ("area", "said", "decision"),
    [
        ("湘潭", "2023年那7700户的目标，是指多少个人回来创业", Decision.NOT_STATED),
        ("湘潭", "跳过", Decision.UNKNOWN),
        (None, "流量用完了怎么办", Decision.OUT_OF_SCOPE),
        (None, "我是湘潭的", Decision.CLARIFY),
        ("湘潭", "我在广东干了四个月，算不算外出务工", Decision.ANSWER),
        ("定陶", "多大岁数能贷", Decision.NOT_STATED),
        ("湘潭", "有人打电话说交200块就能办下来补贴，是真的吗", Decision.HUMAN),
        ("定陶", "有人收2000块说能拿下1.2万补贴", Decision.HUMAN),
        ("湘潭", "补贴下来要多久", Decision.NOT_STATED),
        ("定陶", "137", Decision.UNKNOWN),
        ("定陶", "广东", Decision.OTHER_AREA),
        (None, "四创联动是啥意思", Decision.ANSWER),
    ],
)
def test_each_kind_of_message_gets_its_decision(
    area: str | None, said: str, decision: Decision, answerer: Answerer, now: datetime
) -> None:
    assert answerer.answer(said, area=area, now=now).decision is decision


@pytest.mark.parametrize(
    ("area", "before", "said", "told"),
    [
        ("宜昌", "招一个人补多少", "那定陶呢", "2000元"),
        (None, "小微企业最高能贷多少", "我是定陶的", "300万元"),
        ("X市", "以前补贴审批要几个工作日", "现在呢", "7个工作日"),
    ],
)
def test_a_follow_up_keeps_to_the_matter(
    area: str | None, before: str, said: str, told: str, answerer: Answerer, now: datetime
) -> None:
    assert told in answerer.answer(said, area=area, prev=[before], now=now).text


def test_every_known_wording_of_a_silence_stays_one(
    answerer: Answerer, library: Library, now: datetime
) -> None:
    pack = next(pack for pack in library.packs.values() if pack.folder == "dingtao")
    lines = [lines[0] for unknown in pack.unknowns for lines in unknown.asked_as.values() if lines]
    told = [answerer.answer(line, area=pack.code, now=now).decision for line in lines]
    assert told.count(Decision.NOT_STATED) >= 0.95 * len(lines)


def test_a_figure_alone_points_to_the_fact_that_holds_it(
    answerer: Answerer, now: datetime
) -> None:
    assert "清丰" in answerer.answer("71.15亿是啥", area="濮阳", now=now).text


def test_a_silence_names_the_paper_looked_at(answerer: Answerer, now: datetime) -> None:
    text = answerer.answer("创业担保贷款利息多少", area="定陶", now=now).text
    assert "查过：菏定政办发〔2017〕38号" in text
