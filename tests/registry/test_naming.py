"""A scope as operators name it."""

from __future__ import annotations

import pytest

from knowledge.library import load_library
from registry.naming import NoSuchPlace, code_of, spoken
from registry.villages import Villages

AREAS = load_library().areas


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("定陶", "371703"),
        ("371703", "371703"),
        ("山东省菏泽市定陶县冉堌镇", "371703102"),
        ("定陶冉固镇赵庄村", "371703102230"),
        ("371703102230", "371703102230"),
        ("湘潭岳塘区板塘街道", "430371001"),
        ("远安荷花镇", "420525106"),
        ("420525106-old", "420525106"),
    ],
)
def test_a_name_or_a_code_is_one_place(said: str, code: str) -> None:
    assert code_of(said, AREAS, Villages()) == code


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("定陶赵庄村", "name the town too"),
        ("定陶区没有村", "no town or village is called 没有村"),
        ("定陶区冉堌镇没有村", "no town or village"),
        ("湘潭雨湖区平政路街道", "is no more since 2019-10-31"),
        ("广州番禺石楼镇", "guiyan places 番禺区"),
        ("没这地方", "no area is called"),
        ("泉塘镇", "a town after its county"),
    ],
)
def test_what_is_not_one_place_is_refused_with_what_to_do(said: str, why: str) -> None:
    with pytest.raises(NoSuchPlace, match=why):
        code_of(said, AREAS, Villages())


def test_a_place_is_said_with_its_county() -> None:
    assert spoken("371703102230", AREAS, Villages()) == "山东省菏泽市定陶区冉堌镇赵庄村"
    assert spoken("430381", AREAS, Villages()) == "湘乡市"
    assert spoken("nowhere", AREAS, Villages()) == ""
