"""Where somebody is from, as they say it."""

from __future__ import annotations

import pytest

from handlers import places
from knowledge.library import load_library
from records.messages import InboundKind
from tests.handlers.support.walk import Walk


@pytest.mark.parametrize(
    ("said", "code", "detail"),
    [
        ("湖南湘潭湘乡市棋梓镇花桥村", "430381", "棋梓镇花桥村"),
        ("我老家湘乡的", "430381", ""),
        ("菏泽定陶区陈集镇", "371703", "陈集镇"),
        ("清丰县马庄桥", "410922", "马庄桥"),
        ("长沙市望城区的", "430112", ""),
        ("定陶区张湾镇", "371703", "张湾镇"),
        ("定陶张湾镇", "371703", "张湾镇"),
        ("定陶的张湾镇", "371703", "张湾镇"),
        ("山东省菏泽市定陶区张湾镇王庄村", "371703", "张湾镇王庄村"),
        ("湘潭县石鼓镇", "430321", "石鼓镇"),
        ("宜昌市夷陵区龙泉镇", "420506", "龙泉镇"),
        ("定陶区冉堌镇张湾村", "371703", "冉堌镇张湾村"),
    ],
)
def test_county_and_village_come_apart(said: str, code: str, detail: str) -> None:
    found = places.find(said, places.country())
    assert found.area is not None
    assert (found.area.code, found.detail) == (code, detail)


@pytest.mark.parametrize("said", ["火星", "不知道", "山里头"])
def test_what_is_no_place_is_not_found(said: str) -> None:
    assert places.find(said, places.country()).area is None


def test_two_places_are_asked_back() -> None:
    found = places.find("老家濮阳县,人在东莞", places.country())
    assert found.area is None
    assert [area.short for area in found.others] == ["濮阳", "东莞"]


@pytest.mark.parametrize("said", ["定陶区、湘潭县石鼓镇", "定陶区,龙泉市", "定陶和龙泉的"])
def test_a_second_county_stays_one(said: str) -> None:
    assert len(places.find(said, places.country()).others) == 2


def test_a_province_is_too_wide() -> None:
    found = places.find("湖南", places.country())
    assert found.area is not None
    assert not places.is_exact(found.area)


@pytest.mark.parametrize(
    ("code", "village"),
    [
        ("371703-冉堌镇", "冉堌镇"),
        ("410922-马庄桥", "马庄桥"),
        ("371703-张湾镇服务站", ""),
        ("371703", ""),
    ],
)
def test_a_printed_code_carries_county_and_village(code: str, village: str) -> None:
    found = places.on_code(code, places.country())
    assert found.area is not None
    assert (found.area.code, found.detail) == (code[:6], village)


def test_who_scans_the_code_of_a_village_is_from_there() -> None:
    walk = Walk()
    walk.say("371703-冉堌镇", InboundKind.START)
    walk.all("登记", "1")
    assert "老家记的是菏泽定陶区冉堌镇" in walk.said()
    assert walk.state.data["given"]["home_village"] == "冉堌镇"


def test_who_says_another_home_leaves_the_village_of_the_code() -> None:
    walk = Walk()
    walk.say("371703-冉堌镇", InboundKind.START)
    walk.all("老家在湘乡", "登记", "1")
    assert "老家记的是湘潭湘乡市" in walk.said()
    assert "home_village" not in walk.state.data["given"]


@pytest.mark.parametrize(
    ("said", "area", "detail"),
    [
        ("湖南株洲县南洲镇", "430212", "南洲镇"),
        ("定陶县冉堌镇", "371703", "冉堌镇"),
        ("四川达县石桥镇", "511703", "石桥镇"),
        ("湖北襄樊襄阳县", "420607", ""),
    ],
)
def test_a_former_name_leaves_the_town(said: str, area: str, detail: str) -> None:
    found = places.find(said, load_library().areas)
    assert (found.area and found.area.code, found.detail) == (area, detail)
