"""What is like a message of ours, and what was put into it."""

from __future__ import annotations

import pytest

from knowledge.look_alikes import holds_facts, likeness

OURS = (
    "老乡您好，腊月廿三上午在镇政府有返乡创业座谈会，讲贷款和补贴怎么办，带身份证就行。\n"
    "详情 https://www.dingtao.gov.cn/a/1\n回“停”不再收。",
    "这周新到三个养殖项目，投三万到五万，有专员带着看。想了解打0530-1234567。",
)


@pytest.mark.parametrize(
    ("text", "number", "foreign"),
    [
        (OURS[0], 0, ()),
        (OURS[0].replace("www.dingtao.gov.cn/a/1", "dt-butie.top/x"), 0, ("dt-butie.top/x",)),
        (OURS[1].replace("0530-1234567", "13812345678"), 1, ("13812345678",)),
        (OURS[1].replace("有专员带着看", "交500元报名，有专员带着看"), 1, ("500元",)),
        (OURS[1].replace("三万", "3万"), 1, ()),
        (OURS[1].replace("想了解打0530-1234567", "想了解加微信butie888"), 1, ("butie888",)),
    ],
)
def test_what_was_put_in_is_named(text: str, number: int, foreign: tuple[str, ...]) -> None:
    found = likeness(text, OURS)
    assert found is not None
    assert (found.number, found.foreign) == (number, foreign)


@pytest.mark.parametrize(
    "text",
    ["", "停", "我想贷款三万块养鸡，去哪里问", "返乡创业座谈会在哪天开，要带什么", "短"],
)
def test_other_words_are_like_none(text: str) -> None:
    assert likeness(text, OURS) is None


def test_nothing_is_like_no_texts() -> None:
    assert likeness(OURS[0], ()) is None


@pytest.mark.parametrize(
    ("text", "holds"),
    [("点 dt-bt.top 领", True), ("打13812345678", True), ("交五百块", True), ("镇上开会", False)],
)
def test_a_link_a_number_or_a_sum_is_a_fact(text: str, holds: bool) -> None:
    assert holds_facts(text) is holds
