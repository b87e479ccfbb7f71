"""A row of a list of people is read by its words; what is wrong is said with a way to mend it."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.forms.form import REGISTRATION, shipped_forms
from knowledge.exchange.cells import Cell, Made
from registry import identity
from registry.lists import Refused
from registry.people_columns import columns, words
from registry.people_matching import same
from registry.people_rows import PeopleReader
from registry.tables import Line
from tests.registry import made
from tests.registry.made import GOOD, listed, terms

WIDE = "".join(chr(ord(digit) + 0xFEE0) for digit in "13800000001")


@pytest.mark.parametrize(
    ("cells", "wanted"),
    [
        ({"hukou": "非农业家庭户口"}, {"hukou": "urban"}),
        ({"hukou": "1.农村"}, {"hukou": "rural"}),
        ({"hukou": "☑农村 □城镇"}, {"hukou": "rural"}),
        ({"intent": "返乡创业"}, {"intent": "ready"}),
        ({"intent": "无意向"}, {}),
        ({"job_wish": "有"}, {"intent": "job"}),
        ({"intent": "有", "job_wish": "有"}, {"intent": "thinking"}),
        ({"state": "劳务输出"}, {"where_now": "away"}),
        ({"state": "返乡创业"}, {"intent": "running"}),
        ({"left_at": "2024年3月"}, {"away_half_year": "half_year", "where_now": "away"}),
        ({"left_at": 46_300}, {"away_half_year": "less", "where_now": "away"}),
        ({"left_at": "46300"}, {"away_half_year": "less", "where_now": "away"}),
        ({"left_at": "八个月"}, {"away_half_year": "half_year"}),
        ({"left_at": "半年以上"}, {"away_half_year": "half_year"}),
        (
            {"left_at": "2025.3", "returned_at": "2025.5"},
            {"away_half_year": "less", "where_now": "returned"},
        ),
        ({"returned_at": "春节前"}, {"return_period": "before_festival"}),
        ({"returned_at": "2027年1月"}, {"return_period": "said"}),
        ({"skills": "电焊、修空调"}, {"skills": ["welder", "other"]}),
        ({"lacks": "资金 场地"}, {"lacks": ["capital", "site"]}),
        ({"want_kind": "养殖/电商"}, {"want_kind": ["farming", "online"]}),
        ({"biz_kind": "做豆腐"}, {"biz_kind": "other"}),
    ],
)
def test_cells_are_read_by_their_words(cells: dict[str, Any], wanted: dict[str, Any]) -> None:
    assert listed(**cells).codes == {**wanted, "home_place": "430381"}


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"nickname": ""}, "没写姓名"),
        ({"nickname": "13800000001"}, "只写姓名"),
        ({"nickname": "王某、李某"}, "只写姓名"),
        ({"phone": "1380000000"}, "这里是10位，比如 13800000000"),
        ({"phone": "12800000000"}, "没有这样开头"),
        ({"phone": "1.38E+10"}, "科学记数"),
        ({"phone": "0732-5555555"}, "座机"),
        ({"phone": "", "town": "棋梓镇"}, "分不清是谁"),
        ({"county": "火星县"}, "看不出是哪个县"),
        ({"town": "棋梓镇", "village": "水星村"}, "查不到，比如"),
        ({"town": "火星镇"}, "查不到，比如"),
        ({"hukou": "保密"}, "可以写：农村、城镇"),
        ({"left_at": "将来"}, "看不懂"),
        ({"left_at": "2027年1月"}, "比今天还晚"),
        ({"left_at": 2025.1}, "看不懂"),
        ({"left_at": "20253"}, "看不懂"),
        ({"returned_at": "哪天"}, "看不出是哪天，比如"),
        ({"age": "15"}, "没满16岁"),
        ({"born": "2011-01-01"}, "没满16岁"),
        ({"identity": "430381201501011234"}, "没满16岁"),
        ({"signed": "不同意"}, "不同意"),
    ],
)
def test_what_is_wrong_is_said_with_a_way_to_mend_it(cells: dict[str, Any], said: str) -> None:
    found = made.read(PeopleReader(terms()), **{**GOOD, **cells})
    assert isinstance(found, Refused)
    assert said in "".join(map(str, found.faults))


@pytest.mark.parametrize(
    "phone",
    [
        *(13800000001, 13800000001.0, "13800000001.0"),
        *("138 0000 0001", "+86-13800000001", WIDE, "'13800000001"),
    ],
)
def test_a_phone_is_read_however_it_is_typed(phone: object) -> None:
    assert listed(phone=phone).texts["phone"] == "13800000001"


def test_the_first_of_two_phones_is_taken_and_it_is_said() -> None:
    found = listed(phone="13800000001/13900000002")
    assert found.texts["phone"] == "13800000001"
    assert "只收了第一个" in found.remarks[0]


def test_numbers_of_cards_are_kept_nowhere() -> None:
    card = "6222021001112223334"
    found = listed(identity="430381199001011234", where_city=card, skills=card)
    assert not any(identity.holds_secret(str(v)) for v in found.texts.values())
    assert "1990" not in str(found)
    assert len(found.remarks) == 2


def test_every_fault_of_a_row_is_said_at_once() -> None:
    found = made.read(PeopleReader(terms()), nickname="王某", phone="1", hukou="x", county="y")
    assert isinstance(found, Refused)
    assert [fault.heading for fault in found.faults] == ["手机", "县", "户口"]


@pytest.mark.parametrize(
    ("kind", "said"), [(Made.FORMULA, "还没有算出来"), (Made.ERROR, "算错的公式")]
)
def test_a_formula_without_a_value_is_refused_in_words(kind: Made, said: str) -> None:
    cells = {"phone": Cell("=A1", kind), "nickname": Cell("王某", Made.TEXT)}
    found = PeopleReader(terms(area="湘乡"))(Line("", 2, cells))
    assert isinstance(found, Refused)
    assert said in str(found.faults[0])


@pytest.mark.parametrize(
    ("basis", "signed", "is_taken"),
    [
        ("", "", False),
        ("", "同意", True),
        ("文", "", True),
        ("", "王某一", True),
        ("", "李某", False),
    ],
)
def test_nobody_is_taken_without_a_ground(basis: str, signed: str, is_taken: bool) -> None:
    found = made.read(PeopleReader(terms(basis)), **GOOD, signed=signed)
    assert isinstance(found, Refused) is not is_taken


def test_whoever_is_of_another_area_is_refused() -> None:
    found = made.read(PeopleReader(terms(area="湘潭")), **{**GOOD, "county": "定陶"})
    assert isinstance(found, Refused)
    assert "这次只收" in str(found.faults[0])


def test_a_village_and_its_town_are_known_by_id() -> None:
    found = listed(town="棋梓镇", village="水府村", group="3")
    assert found.texts["home_village"] == "棋梓镇水府村3组"
    assert (found.town, found.village) == ("430381105", "430381105237")


@pytest.mark.parametrize(
    ("town", "village"), [("棋梓", "水府"), ("棋梓镇", "水府村"), ("棋梓镇", "水府")]
)
def test_one_village_reads_alike_however_a_list_writes_it(town: str, village: str) -> None:
    said = listed(town=town, village=village).texts["home_village"]
    assert same("home_village", "棋梓镇水府村", said)


def test_every_code_is_an_option_of_the_form() -> None:
    form = shipped_forms()[REGISTRATION]
    fields = {"state": ("intent", "where_now"), "job_wish": ("intent",)}
    fields |= {
        "biz_kind": ("biz_kind", "want_kind"),
        "returned_at": ("return_period",),
        "signed": (),
    }
    for key, known in words().items():
        questions = [form.question(name) for name in fields.get(key, (key,))]
        codes = {choice.code for q in questions if q for choice in q.choices} | {"", "other"}
        assert set(known.values()) <= codes or key == "signed", key


def test_every_label_of_the_form_is_understood() -> None:
    form = shipped_forms()[REGISTRATION]
    for key in ("hukou", "where_now", "away_half_year", "intent", "want_kind", "lacks"):
        question = form.question(key)
        assert question is not None
        assert {c.label for c in question.choices} <= set(words()[key]), key


def test_no_heading_means_two_columns() -> None:
    seen: dict[str, str] = {}
    for column in columns():
        for label in (column.heading, *column.called):
            assert seen.setdefault(label, column.key) == column.key, label


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"returned_at": "2026.2.10"}, "2026年2月10日"),
        ({"returned_at": "2026年2月", "where_now": "已返乡"}, "2026年2月"),
        ({"returned_at": "2026.2.10", "where_now": "在外"}, None),
    ],
)
def test_the_day_of_a_return_is_kept_for_the_festivals_count(
    cells: dict[str, Any], words: str | None
) -> None:
    assert listed(**cells).texts.get("return_period_text") == words
