"""Lines that cadres type: words in any order, numbers of the sheet, faults with what is right."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from handlers.forms.form import REGISTRATION, shipped_forms
from handlers.places import country
from knowledge.areas import Area
from knowledge.villages import county
from records.people import Source
from records.vault import Vault
from registry import lines
from registry.line_people import LineReader, Read, Ward
from registry.line_words import SHEET, folded, option, pieces, read
from registry.lists import Origin, Terms
from registry.people_columns import words

AREA, VILLAGE = "430381", "430381111217"  # 湘乡, 泉塘村


def _reader(*, whole_county: bool = False) -> LineReader:
    here = county(AREA)
    village = here.places[VILLAGE]
    ward = Ward(here, "湘潭湘乡市", here.places[village.parent], village)
    origin = Origin(Vault("x"), "老谢", datetime(2026, 11, 22, tzinfo=UTC), Source.HOUSEHOLD)
    area = Area(AREA, "湘潭湘乡市", "湘乡", "county")
    terms = Terms(origin, country(), "ab" * 12, area)
    return LineReader(terms, Ward(here, "湘潭湘乡市") if whole_county else ward)


def _all(text: str, *, whole_county: bool = False) -> list[Read]:
    reader = _reader(whole_county=whole_county)
    return [reader(one) for one in lines.split(text)]


def _told(line: str) -> dict[str, object]:
    (one,) = _all(line)
    assert one.listed is not None, one.faults
    return {**one.listed.codes, **one.listed.texts}


WHOLE = {
    "nickname": "王某",
    "phone": "13800000000",
    "home_village": "泉塘村老屋湾",
    "where_now": "returned",
    "away_half_year": "half_year",
    "hukou": "rural",
    "intent": "ready",
    "want_kind": ["shop"],
    "lacks": ["capital"],
}


@pytest.mark.parametrize(
    "line",
    [
        "王某 13800000000 老屋湾 已回 半年以上 农村 想干 3 本钱",
        "老屋湾，王某，13800000000，1，1，1，2，3，1",
        "老屋湾、王某、138-0000-0000、1、1、1、2、3、1",
        "1 1 1 2 3 1 王某 老屋湾 13800000000",
        "王某　１３８００００００００　老屋湾　１　１　１　２　３　１",
        "老屋湾 王某 一三八零零零零零零零零 一 一 一 二 三 一",
        "王某 138 0000 0000 老屋湾 111231",
        "本钱 3 王某 老屋湾 +8613800000000 想干 农 半年以上 回来",
        "姓名:王某 电话:13800000000 村组:老屋湾 现在:1 在外:1 户口:1 想法:2 想干:3 缺:1",
        "12、王某 13800000000 老屋湾 已返乡 半年 农业户口 马上干 小店 缺本钱 45岁 男",
    ],
)
def test_a_line_says_the_same_however_it_is_typed(line: str) -> None:
    assert {name: _told(line).get(name) for name in WHOLE} == WHOLE


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "老屋湾 王某 13800000000 半年以上 农 2 8",
            {"intent": "ready", "want_kind": ["workshop"]},
        ),
        ("2 8 王某 老屋湾 半年以上 农", {"intent": "ready", "want_kind": ["workshop"]}),
        ("3 王某 老屋湾 农 2", {"where_now": "stayed", "hukou": "rural", "intent": "ready"}),
        ("王某 老屋湾 3 1 4", {"where_now": "stayed", "hukou": "rural", "intent": "job"}),
        ("王某 老屋湾 3 3 1 4", {"away_half_year": "none", "hukou": "rural", "intent": "job"}),
        ("王某 老屋湾 1 1 1 2 36 14", {"want_kind": ["shop", "services"]}),
        ("王某 老屋湾 1 - 1 2", {"where_now": "returned", "hukou": "rural", "intent": "ready"}),
        ("王某 老屋湾 说不清 1", {"hukou": "unsure", "intent": "running"}),
        ("王某 老屋湾 农 没想好 没想好 说不清", {"intent": "thinking", "lacks": ["unsure"]}),
        ("王某 老屋湾 在东莞 2 1 1 2", {"where_city": "东莞", "where_now": "away"}),
        ("王某 1 1 1 2", {"home_village": "泉塘村"}),
        ("陈桥 3组 1 1 1 2", {"nickname": "陈桥", "home_village": "泉塘村3组"}),
        ("李家湾 李强 1 1 1 2", {"nickname": "李强", "home_village": "泉塘村李家湾"}),
        ("老屋湾 王乡 1 1 1 2", {"nickname": "王乡", "home_village": "泉塘村老屋湾"}),
        ("张村 老屋湾 1 1 1 2", {"nickname": "张村", "home_village": "泉塘村老屋湾"}),
        ("老屋湾 老周 1 1 1 2", {"nickname": "老周", "home_village": "泉塘村老屋湾"}),
    ],
)
def test_numbers_are_the_next_free_answers_of_the_sheet(
    line: str, expected: dict[str, object]
) -> None:
    told = _told(line)
    assert {name: told.get(name) for name in expected} == expected


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("王某 1380000000 老屋湾 1 1 1 2", "手机号要11位，这里是10位"),
        ("王某 0731-55555555 老屋湾 1 1 1 2", "这是座机"),
        ("王某 138…… 老屋湾 1 1 1 2", "手机号没写全"),
        ("13800000000 老屋湾 1 1 1 2", "没写姓名"),
        ("13800000000 老屋湾 3组 1 1 1 2", "没写姓名"),
        ("王某 13800000000 老屋湾 1 1 1 9", "“想法”没有9这一项，写1到5"),
        ("王某 13800000000 老屋湾 1 1 1 2 3 1 5", "数字“5”多出来了"),
        ("王某 13800000000 老屋湾 农村 城镇 2", "写了两样"),
        ("王某 13800000000 月亮村 1 1 1 2", "“月亮村”在泉塘村查不到"),
        ("王某 13800000000 泉塘子村 1 1 1 2", "“泉塘子村”在泉塘村查不到"),
        ("王某 13800000000 老屋湾", "只有名字，没写情况"),
        ("王某 13800000000 13900000000 老屋湾 1 1 1 2", "两个号码"),
        ("王某 13800000000 老屋湾 1 1 1 2 养鲤鱼", "“养鲤鱼”看不懂"),
    ],
)
def test_what_is_wrong_is_said_with_a_line_that_would_be_right(line: str, why: str) -> None:
    (one,) = _all(line)
    assert why in "；".join(one.faults)
    (again,) = _all(one.example)
    assert again.listed is not None, (one.example, again.faults)


def test_as_above_means_the_place_or_the_same_spot() -> None:
    lines_ = ("老屋湾 王某 13800000000 半年以上 农 2 8", "同上 李四 13800000001 同上 同上 1 2")
    found = _all("\n".join((*lines_, "赵五 同上 1 1 1 2")))
    assert [one.place for one in found] == ["老屋湾"] * 3
    assert found[1].listed is not None
    assert found[1].listed.codes["hukou"] == "rural"


def test_a_village_alone_stands_above_what_follows() -> None:
    found = _all("花桥村：\n王某 1 1 1 2\n李四 1 1 1 2\n泉塘村\n赵五 1 1 1 2", whole_county=True)
    assert [(one.number, one.place) for one in found] == [
        (1, "花桥村"),
        (2, "花桥村"),
        (3, "泉塘村"),
    ]


def test_a_county_needs_to_know_the_village() -> None:
    (one,) = _all("王某 13800000000 1 1 1 2", whole_county=True)
    assert one.faults == ("没写是哪个村",)


def test_row_numbers_and_headings_are_no_answers() -> None:
    people = "1 王某 老屋湾 1 1 1 2\n2 李四 老屋湾 2 1 1 3\n\n3 赵五 老屋湾 1 1 1 2"
    found = _all(f"姓名 电话 村组 现在 在外 户口 想法\n{people}")
    assert [(one.number, one.name) for one in found] == [(1, "王某"), (2, "李四"), (3, "赵五")]
    assert all(one.listed for one in found)


def test_what_was_left_out_at_the_door_is_not_kept() -> None:
    (one,) = _all("王某「身份证号已隐去」 13800000000 老屋湾 1 1 1 2")
    assert one.listed is not None
    assert "隐去" not in one.text


@pytest.mark.parametrize("said", ["不同意", "14岁"])
def test_of_who_said_no_or_is_a_child_nothing_is_kept(said: str) -> None:
    (one,) = _all(f"王某 13800000000 老屋湾 1 1 1 2 {said}")
    assert one.is_barred
    assert one.listed is None


@pytest.mark.parametrize("column", SHEET)
def test_the_numbers_are_those_of_the_form(column: str) -> None:
    question = shipped_forms()[REGISTRATION].question(column)
    assert question is not None
    codes = [choice.code for choice in question.choices if choice.code != "other"]
    numbered = [words()[column][option(column, str(n))] for n in range(1, len(codes) + 1)]
    assert numbered == codes[: len(numbered)]


@pytest.mark.parametrize(
    ("text", "is_many"),
    [
        ("王某 13800000000 老屋湾 1 1 1 2", True),
        ("老屋湾 王某 半年以上 农 2 8", True),
        ("贷款最高多少", False),
        ("3 5 8", False),
        ("回家开个小店要多少本钱，贷款能贷多少", False),
        ("王某", False),
        ("你好\n我想问问贷款\n要啥条件", False),
    ],
)
def test_households_are_told_from_talk(text: str, is_many: bool) -> None:
    assert lines.looks_so(text) is is_many


def test_no_line_breaks_the_reading() -> None:
    for text in ("", "，，，", "1" * 300, "同上", "- - -", "〃 〃", "？" * 50, "王" * 200):
        read(pieces(folded(text)))
        _all(text)


def _of_one_name(village: str = "") -> LineReader:
    """Lines of 冉堌镇, or of its 赵庄村: two more towns of the county have one."""
    here = county("371703")
    origin = Origin(Vault("x"), "老谢", datetime(2026, 11, 22, tzinfo=UTC), Source.HOUSEHOLD)
    area = Area("371703", "菏泽市定陶区", "定陶", "county")
    ward = Ward(here, "定陶", here.places["371703102"], here.places.get(village))
    return LineReader(Terms(origin, country(), "ab" * 12, area), ward)


@pytest.mark.parametrize("village", ["", "371703102230"])
@pytest.mark.parametrize("said", ["赵庄", "赵庄村", "赵庄村3组", "冉堌镇赵庄村"])
def test_a_village_of_the_cadres_own_is_meant_where_others_are_called_so(
    village: str, said: str
) -> None:
    (line,) = lines.split(f"王甲 13800000001 {said} 已回 半年以上 农村 想干 3 本钱")
    listed = _of_one_name(village)(line).listed
    assert listed is not None
    assert (listed.town, listed.village) == ("371703102", "371703102230")


@pytest.mark.parametrize("said", ["", "老屋湾", "3组"])
def test_a_village_cadre_need_not_write_a_village_of_several_of_the_name(said: str) -> None:
    (line,) = lines.split(f"王甲 13800000001 {said} 1 1 1 2")
    listed = _of_one_name("371703102230")(line).listed
    assert listed is not None
    assert listed.village == "371703102230"


def test_headings_that_we_know_in_part_and_totals_are_nobody() -> None:
    found = lines.split("序号 姓名 电话 村 情况\n王甲 13800000001 1 1 1 2\n合计 22户")
    assert [one.text for one in found] == ["王甲 13800000001 1 1 1 2"]
