"""A side alone, another year, a county, other people: said of what was talked of, or left open."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from knowledge.answer import Answer, Answerer, Decision
from knowledge.following import Following
from knowledge.reply import Topic

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
FIRST = {
    "定陶": "个体户贷款最高多少",
    "濮阳": "省级孵化园区奖多少",
    "宜昌": "雁归宜昌项目给多少钱",
    "湘潭": "示范项目三年要扶持多少个",
    "X市": "返乡创业贷是什么",
}


def asked(answerer: Answerer, area: str | None, *said: str) -> Answer:
    *prev, question = said
    return answerer.answer(question, area=area, prev=prev, now=NOW)


def matter(answer: Answer) -> str:
    return answer.topic.matter if answer.topic else ""


@pytest.mark.parametrize("area", FIRST)
@pytest.mark.parametrize(
    "side",
    [
        *("谁管", "归哪个部门", "找哪个单位", "设在哪里", "到哪办理", "电话多少", "有电话没"),
        *("要什么材料", "要啥材料", "多久", "几天能下来", "要抵押吗", "利息呢", "怎么申请"),
    ],
)
def test_a_side_alone_stays_with_what_was_talked_of(
    area: str, side: str, answerer: Answerer
) -> None:
    before = asked(answerer, area, FIRST[area])
    assert matter(asked(answerer, area, FIRST[area], side)) == matter(before)


def test_a_chain_of_sides_holds_until_a_whole_question_ends_it(answerer: Answerer) -> None:
    said = ("一次性创业补贴要什么条件", "要什么材料", "在哪办", "多久", "要抵押吗")
    last = asked(answerer, "宜昌", *said)
    assert last.decision is Decision.NOT_STATED
    assert "一次性创业补贴" in last.text
    after = asked(answerer, "宜昌", *said, "雁归宜昌项目给多少钱", "谁管")
    assert matter(after) == "雁归宜昌项目"


@pytest.mark.parametrize("area", ["定陶", "濮阳", "宜昌", "X市"])
@pytest.mark.parametrize(
    "when", ["今年呢", "明年呢", "明年还有吗", "今年还是这个数吗", "以后呢", "2030年呢"]
)
def test_of_a_year_that_no_paper_names_no_figure_is_told(
    area: str, when: str, answerer: Answerer
) -> None:
    told = asked(answerer, area, FIRST[area], when)
    assert told.decision is Decision.NOT_STATED
    assert "万元" not in told.text


def test_the_year_of_the_paper_itself_is_answered(answerer: Answerer) -> None:
    told = asked(answerer, "濮阳", "个人贴息贷款能贷多少", "2024年呢")
    assert told.decision is Decision.ANSWER
    assert "15万元" in told.text


def test_after_another_year_the_talk_goes_on(answerer: Answerer) -> None:
    told = asked(answerer, "濮阳", "个人贴息贷款能贷多少", "明年呢", "那公司呢")
    assert "300万元" in told.text


@pytest.mark.parametrize(
    ("area", "said"), [("濮阳", "单说台前县"), ("台前", "我们县里呢"), ("濮阳", "我们县里呢")]
)
def test_a_county_without_a_rule_of_its_own_has_the_citys(
    area: str, said: str, answerer: Answerer
) -> None:
    told = asked(answerer, area, "个人贴息贷款能贷多少", said)
    assert told.decision is Decision.ANSWER
    assert "自己的，文件没单写" in told.text
    assert "15万元" in told.text


@pytest.mark.parametrize(
    ("area", "said"),
    [
        ("濮阳", ("全市新增返乡创业多少人", "单说台前县呢")),
        ("台前", ("全市新增返乡创业多少人", "我们县里呢")),
        ("台前", ("单说俺台前县，今年新回来创业的有多少人",)),
    ],
)
def test_a_county_is_not_told_the_citys_number_as_its_own(
    area: str, said: tuple[str, ...], answerer: Answerer
) -> None:
    told = asked(answerer, area, *said)
    assert told.decision is Decision.NOT_STATED
    assert "3902" not in told.text


def test_a_county_with_a_row_of_its_own_is_told_it(answerer: Answerer) -> None:
    assert "875户" in asked(answerer, "韶山", "湘潭县三年目标多少户", "我们县里呢").text


def test_where_each_county_has_its_number_the_county_is_asked_for(answerer: Answerer) -> None:
    told = asked(answerer, "湘潭", "湘潭县三年目标多少户", "我们县里呢")
    assert told.decision is Decision.CLARIFY
    assert "9500户" in asked(answerer, "湘潭", "湘潭县三年目标多少户", "我们县里呢", "湘乡").text


@pytest.mark.parametrize("who", ["大学生呢", "退伍军人呢", "女的呢", "残疾人呢", "贫困户呢"])
def test_for_people_of_whom_the_papers_say_nothing_it_is_left_open(
    who: str, answerer: Answerer
) -> None:
    told = asked(answerer, "定陶", FIRST["定陶"], who)
    assert told.decision is Decision.NOT_STATED
    assert "创业担保贷款" in told.text


def test_that_business_is_not_taken_for_a_filler(answerer: Answerer) -> None:
    assert "10万元" in asked(answerer, "定陶", "公司贷款最高多少", "那个体户呢").text


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("明年呢", "2027年呢"),
        ("前年的呢", "2024年呢"),
        ("23年呢", "2023年呢"),
        ("合伙呢", "合伙呢"),
    ],
)
def test_a_year_is_counted_from_today(said: str, meant: str, answerer: Answerer) -> None:
    topic = Topic("410900", "创业担保贷款", "额度")
    following = Following(answerer.library, [])
    assert following.meant(said, None, topic, date(2026, 11, 22)) == meant


def test_the_second_year_is_the_one_after_that_told_of(answerer: Answerer) -> None:
    told = asked(answerer, "定陶", "2017年计划放多少创业担保贷款", "第二年呢")
    assert told.decision is Decision.NOT_STATED
    assert "逐年增加" in told.text


@pytest.mark.parametrize("shop", ["那水果摊子呢", "那修车铺呢", "那养鱼的呢"])
def test_another_shop_is_asked_of_the_same_rule(shop: str, answerer: Answerer) -> None:
    told = asked(answerer, "湘潭", "开小卖铺算返乡创业不", shop)
    assert told.decision is Decision.ANSWER
    assert "算返乡创业" in told.text


@pytest.mark.parametrize(
    ("area", "said"),
    [
        ("宜昌", ("云上创业集市是干什么的", "要钱不")),
        ("定陶", ("返乡创业大会哪天开", "要钱不")),
        ("濮阳", ("省级孵化园区奖多少", "多久发")),
    ],
)
def test_what_it_costs_or_how_long_it_takes_is_left_open_where_it_is(
    area: str, said: tuple[str, ...], answerer: Answerer
) -> None:
    told = asked(answerer, area, *said)
    assert told.decision is Decision.NOT_STATED
    assert matter(told) == matter(asked(answerer, area, said[0]))


def test_what_the_last_answer_says_already_is_said_again(answerer: Answerer) -> None:
    assert "一次性" in asked(answerer, "濮阳", "省级孵化园区奖多少", "一次给清吗").text


def test_a_county_asked_after_another_year_has_its_row(answerer: Answerer) -> None:
    said = ("我们三年目标多少户", "今年呢", "湘潭县呢")
    assert "7750户" in asked(answerer, "湘乡", *said).text


def test_a_remark_after_another_shop_does_not_hide_it(answerer: Answerer) -> None:
    said = ("开小卖铺算返乡创业不", "那水果摊子呢，我是有门面的水果店")
    assert "算返乡创业" in asked(answerer, "湘潭", *said).text


def test_a_place_without_papers_keeps_what_was_asked(answerer: Answerer) -> None:
    told = asked(answerer, "曹县", "创业补贴多少", "那定陶呢")
    assert told.decision is Decision.OTHER_AREA
    assert "1.2万元" in told.text
    said = ("个体户贷款最高多少", "那曹县呢", "那濮阳呢")
    assert "15万元" in asked(answerer, "定陶", *said).text


@pytest.mark.parametrize("side", ["谁参加", "谁能申请", "有名额吗", "能一起领吗"])
def test_whom_it_is_for_is_asked_of_what_was_talked_of(side: str, answerer: Answerer) -> None:
    first = "服务归雁行是干嘛的"
    told = asked(answerer, "定陶", first, side)
    assert matter(told) == "服务归雁行"
