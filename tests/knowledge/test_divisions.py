"""The country's divisions: complete, and found by the names of today and of former years."""

from __future__ import annotations

import pytest

from knowledge.areas import Gazetteer
from knowledge.divisions import divisions

PLACES = Gazetteer()


def _name(text: str) -> str:
    area = PLACES.resolve(text)
    return area.name if area else ""


@pytest.mark.parametrize(
    ("said", "today"),
    [
        ("定陶县", "定陶区"),
        ("株洲县", "渌口区"),
        ("当阳县", "当阳市"),
        ("宜昌县", "夷陵区"),
        ("枝江县", "枝江市"),
        ("枝城市", "宜都市"),
        ("襄樊", "襄阳市"),
        ("莱芜市", "莱芜区"),
        ("重庆渝北", "两江新区"),
        ("重庆江北区", "两江新区"),
    ],
)
def test_a_former_name_is_todays_place(said: str, today: str) -> None:
    assert _name(said) == today


@pytest.mark.parametrize("name", ["四川", "三亚", "九江", "六安市", "十堰", "五峰县", "三门峡"])
def test_a_numeral_in_a_name_is_no_number(name: str) -> None:
    assert _name(name)


@pytest.mark.parametrize(
    "text", ["下6个月交钱", "3台电脑", "想开县里的店", "到达县城以后", "北站附近"]
)
def test_what_only_looks_like_a_name_is_none(text: str) -> None:
    assert PLACES.find(text) == ()


def test_a_better_known_place_keeps_a_shared_name() -> None:
    assert [a.code for a in PLACES.find("我在南沙区打工")] == ["440115"]
    assert [a.code for a in PLACES.find("三沙市南沙区")] == ["460303"]


def test_every_county_lies_in_a_province_of_the_table() -> None:
    known = divisions().areas
    assert all(code[:2] + "0000" in known for code in known)
    assert sum(area.level == "county" for area in known.values()) > 2900


def test_every_former_name_leads_to_a_place_of_today() -> None:
    known = divisions()
    assert {code for codes in known.names.values() for code in codes} <= known.areas.keys()
