"""«看新的» tells what holds now of all that was offered, each with its source, and only once."""

from __future__ import annotations

from handlers.effects import RecordTold
from tests.handlers.support.walk import Walk
from tests.support.shipped import shipped

FUND = {"entry": "dingtao-guarantee-fund-amount", "title": "担保基金", "agency": "", "phone": ""}
LOAN = {"entry": "dingtao-loan-individual-cap", "title": "个体贷款", "agency": "", "phone": ""}
GONE = {"entry": "dingtao-gone", "title": "旧补贴", "agency": "区财政局", "phone": ""}


def _walk(*offered: dict[str, str]) -> Walk:
    walk = Walk(answerer=shipped(), is_new=False)
    walk.state = walk.state.remember(corrections=list(offered))
    walk.say("看看新的吧")
    return walk


def test_what_holds_now_is_told_with_its_source() -> None:
    walk = _walk(FUND)
    assert walk.said().startswith("“担保基金”现在是这样：创业担保基金不低于1000万元")
    assert "依据：菏定政办发〔2017〕38号" in walk.said()
    assert RecordTold((FUND["entry"],)) in walk.last.effects


def test_what_is_gone_names_whom_to_ask() -> None:
    assert _walk(GONE).said() == "“旧补贴”这条已经不作数了，别再照着办。可以问区财政局，电话待补。"
    assert "当地人社部门" in _walk(GONE | {"agency": ""}).said()


def test_several_come_one_message_each_the_rest_with_more() -> None:
    walk = _walk(FUND, LOAN, GONE)
    assert ["担保基金" in walk.last.replies[0].text, "个体贷款" in walk.last.replies[1].text] == [
        True,
        True,
    ]
    assert all("依据" in reply.text for reply in walk.last.replies)
    walk.say("更多")
    assert "旧补贴" in walk.said()


def test_it_is_told_once() -> None:
    walk = _walk(FUND)
    walk.say("看新的")
    assert "没有要更正的" in walk.said()


def test_a_follow_up_goes_on_from_it() -> None:
    walk = _walk(FUND)
    walk.say("那归谁管")
    assert "区财政局" in walk.said()
