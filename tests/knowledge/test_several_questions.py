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
        (DINGTAO, "昆明有服务站没？广州呢？长春是啥时候建的", ("广州、昆明", "2017年11月")),
    ],
)
def test_each_question_is_answered(
    answerer: Answerer, home: str, question: str, figures: tuple[str, ...]
) -> None:
    text = answerer.answer(question, area=home, now=NOW).text
    assert [figure for figure in figures if figure not in text] == []
