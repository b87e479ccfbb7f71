"""Numbers, phones, questions and ages, in whatever way people type or say them."""

from __future__ import annotations

import pytest

from handlers import hearing


@pytest.mark.parametrize(
    ("said", "numbers"),
    [
        ("1", (1,)),
        ("１", (1,)),
        ("一", (1,)),
        ("①", (1,)),
        ("第一个", (1,)),
        ("选1", (1,)),
        ("我选二", (2,)),
        ("回3", (3,)),
        ("3.", (3,)),
        ("第四项吧", (4,)),
        ("五号", (5,)),
        ("两", (2,)),
        ("12", (12,)),
        ("十", (10,)),
        ("十三", (13,)),
        ("2 5", (2, 5)),
        ("2、5", (2, 5)),
        ("2，5", (2, 5)),
        ("2和5", (2, 5)),
        ("二和五", (2, 5)),
        ("第二个和第五个", (2, 5)),
        ("我要2还有5", (2, 5)),
        ("1 3 8", (1, 3, 8)),
        ("2 还在外地", (2,)),
        ("9 更多", (9,)),
    ],
)
def test_numbers_are_understood(said: str, numbers: tuple[int, ...]) -> None:
    assert hearing.numbers(hearing.clean(said)) == numbers


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("幺", 1),
        ("亿", 1),
        ("易", 1),
        ("儿", 2),
        ("叁", 3),
        ("四", 4),
        ("伍", 5),
        ("刘", 6),
        ("酒", 9),
    ],
)
def test_a_lone_misheard_word_is_its_number(said: str, number: int) -> None:
    assert hearing.numbers(said) == (number,)


@pytest.mark.parametrize(
    "said", ["要", "无", "就", "是", "贷款2万", "一年半", "我有3个孩子", "", "老2"]
)
def test_other_words_are_no_numbers(said: str) -> None:
    assert hearing.numbers(said) == ()


@pytest.mark.parametrize(
    "said",
    [
        "13900001234",
        "139 0000 1234",
        "139-0000-1234",
        "+86 13900001234",
        "老王13900001234",
        "１３９００００１２３４",
        "幺三九零零零零幺二三四",
        "一三九 零零零零 一二三四",
        "张三，一三九零零零零一二三四",
    ],
)
def test_a_mobile_number_is_found(said: str) -> None:
    assert hearing.phone(hearing.clean(said)) == "13900001234"


@pytest.mark.parametrize("said", ["1390000123", "139000012345", "12345", "2390000123", "没有"])
def test_anything_else_is_no_mobile_number(said: str) -> None:
    assert hearing.phone(hearing.clean(said)) == ""


def test_operators_numbers_are_known() -> None:
    assert hearing.is_hotline("13800138000")
    assert not hearing.is_hotline("13900001234")


@pytest.mark.parametrize(
    "said",
    [
        "贷款要啥条件",
        "开店能贷多少",
        "补贴有吗",
        "怎么申请",
        "是不是骗人的?",
        "那合伙的呢",
        "开店有补贴没",
        "登记收钱不",
        "在哪办呢",
        "在湘乡能贷多少呢",
    ],
)
def test_questions_are_told_from_answers(said: str) -> None:
    assert hearing.asks(said)


@pytest.mark.parametrize(
    "said",
    [
        "湘乡",
        "老王",
        "花桥村",
        "农村",
        "马上想干",
        "电焊和开车",
        "没想好",
        "还没",
        "啥手艺都没有",
        "在昆山打工呢",
        "我还在外面呢",
        "还没回去呢",
    ],
)
def test_answers_are_no_questions(said: str) -> None:
    assert not hearing.asks(said)


@pytest.mark.parametrize("said", ["我15岁", "我今年十四岁", "我才13周岁", "我还在读初中"])
def test_a_child_is_recognised(said: str) -> None:
    assert hearing.is_child(said)


@pytest.mark.parametrize("said", ["我45岁", "我16岁", "初中毕业", "开了15年", "我十八岁"])
def test_grown_ups_are_no_children(said: str) -> None:
    assert not hearing.is_child(said)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  老\u200b王\x00 ", "老王"),
        ("老王😀👍", "老王"),
        ("Ｏｋ　１", "Ok 1"),
        ("a\n\nb", "a b"),
        ("\u202e反", "反"),
        ("长" * 3000, "长" * hearing.LONGEST),
    ],
)
def test_rubbish_is_removed_from_what_was_typed(typed: str, kept: str) -> None:
    assert hearing.clean(typed) == kept


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ("我叫王小明,贷款多少", "我叫〇〇,贷款多少"),
        ("打我13900001234", "打我〇"),
        ("幺三九零零零零幺二三四打这个", "〇打这个"),
        ("卡号「卡号已隐去」", "卡号〇"),
        ("我住在李家庄,有补贴吗", "我住在〇〇庄,有补贴吗"),
        ("「身份证号已隐去」能查吗", "〇能查吗"),
        ("开店能贷10万吗", "开店能贷10万吗"),
    ],
)
def test_a_kept_question_names_nobody(asked: str, kept: str) -> None:
    assert hearing.masked(asked) == kept


@pytest.mark.parametrize(
    ("said", "is_number"),
    [("35", True), ("十五万三千", True), ("三万多块", True), ("3000元", True), ("3个月", False)],
)
def test_a_number_alone_is_told_from_words_with_one(said: str, is_number: bool) -> None:
    assert hearing.is_bare_number(hearing.clean(said)) is is_number


@pytest.mark.parametrize("said", ["还在读初二", "我今年15", "十四岁", "刚满15岁"])
def test_a_child_is_heard_in_many_ways(said: str) -> None:
    assert hearing.is_child(hearing.clean(said))


@pytest.mark.parametrize("said", ["读初中毕业", "我35岁", "上过初中", "我今年四十五", "十六岁"])
def test_a_grown_up_is_no_child(said: str) -> None:
    assert not hearing.is_child(hearing.clean(said))
