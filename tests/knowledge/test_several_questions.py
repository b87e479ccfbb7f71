"""Several questions in one message: none is lost, each is asked of what it is about."""

from datetime import UTC, datetime

import pytest

from knowledge.answer import Answerer

NOW = datetime(2026, 11, 21, tzinfo=UTC)
DINGTAO, PUYANG, XIANGTAN, YICHANG = "371703", "410900", "430300", "420500"


@pytest.mark.parametrize(
    ("home", "question", "figures"),
    [
        (DINGTAO, "在外头的人有多少 2017年要增加多少常住人口 2020年呢", ("12.6万", "2万", "5万")),
        (XIANGTAN, "三年要搞多少户 2023年搞多少户", ("19000户", "7700户")),
        (YICHANG, "雁归宜昌项目给好多钱 荆楚归雁给好多", ("5万元", "给多少文件没写")),
        (YICHANG, "实训基地几个 培训几个月 收钱不", ("1个", "1个月", "零成本")),
        (PUYANG, "个人合伙小微贴息贷款各贷多少", ("15万", "150万", "300万")),
        ("X", "创业补贴多少钱，几天批", ("没写数字", "7个工作日")),
        (PUYANG, "省级返乡创业示范县有几个？都是哪几个县？", ("5个", "台前县")),
        (DINGTAO, "昆明有服务站没？广州呢？长春是啥时候建的", ("广州、昆明", "2017年11月")),
    ],
)
def test_each_question_is_answered(
    answerer: Answerer, home: str, question: str, figures: tuple[str, ...]
) -> None:
    text = answerer.answer(question, area=home, now=NOW).text
    assert [figure for figure in figures if figure not in text] == []


@pytest.mark.parametrize(
    ("home", "before", "question", "figure"),
    [
        (DINGTAO, "个体户贷多少，招人给多少", "公司呢", "300万"),
        (DINGTAO, "招人给多少，个体户贷多少", "合同签几年", "1年"),
        (DINGTAO, "个体户贷多少，招人给多少，创业补贴多少", "利息呢", "没写创业担保贷款利息"),
        (PUYANG, "国家级孵化园奖多少，个人贷多少", "省级呢", "30万"),
        (PUYANG, "国家级孵化园奖多少，个人贷多少", "合伙呢", "200万"),
    ],
)
def test_what_follows_several_questions_goes_on_with_the_one_it_fits(
    answerer: Answerer, home: str, before: str, question: str, figure: str
) -> None:
    assert figure in answerer.answer(question, area=home, prev=[before], now=NOW).text


def test_what_fits_several_is_asked_back(answerer: Answerer) -> None:
    prev = ["个体户贷多少，招人给多少"]
    answer = answerer.answer("要什么条件", area=DINGTAO, prev=prev, now=NOW)
    assert [choice.label for choice in answer.choices] == ["创业担保贷款", "岗位开发补贴"]
    chosen = answerer.answer(answer.choices[1].value, area=DINGTAO, now=NOW)
    assert "劳动合同" in chosen.text


@pytest.mark.parametrize(
    ("question", "figures"),
    [
        ("经开区外出务工多少人，三年目标多少", ("1000人", "50户")),
        ("湘乡在外打工的多少，三年目标多少户，全市呢", ("190000人", "9500户", "19000户")),
        ("湘乡三年目标多少户，服务站什么时候建好", ("9500户", "2月底")),
    ],
)
def test_a_place_holds_for_the_questions_after_it(
    answerer: Answerer, question: str, figures: tuple[str, ...]
) -> None:
    text = answerer.answer(question, area=XIANGTAN, now=NOW).text
    assert [figure for figure in figures if figure not in text] == []


@pytest.mark.parametrize(
    ("before", "question"),
    [
        ("一次性创业补贴多少", "公司能贷多少呢"),
        ("有什么补贴", "那开公司能贷多少"),
    ],
)
def test_another_kind_of_money_is_not_the_one_talked_of(
    answerer: Answerer, before: str, question: str
) -> None:
    text = answerer.answer(question, area=DINGTAO, prev=[before], now=NOW).text
    assert "300万" in text
