"""Towns and villages of the packs' areas, as people say them."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge import place_lists, villages
from knowledge.areas import Gazetteer
from knowledge.villages import Dwelling, Level, Place, county

COUNTIES = ["371703", "430321", "430381", "430382", "430302", "430304", "430300-gx", "430300-jk"]
COUNTIES += ["420502", "420503", "420504", "420505", "420506", "420525", "420526", "420527"]
COUNTIES += ["420528", "420529", "420581", "420582", "420583"]
COUNTIES += ["410902", "410922", "410923", "410926", "410927", "410928"]


def _names(area: str, words: str) -> tuple[str, str]:
    here, found = county(area), county(area).dwelling(words)
    return tuple(here.places[i].name if i else "" for i in (found.town, found.village))  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("area", "words", "town", "village"),
    [
        ("371703", "冉堌", "冉堌镇", ""),
        ("371703", "冉固镇", "冉堌镇", ""),
        ("371703", "然古镇赵庄村3组", "冉堌镇", "赵庄村"),
        ("371703", "定陶县冉堌镇下面的赵庄", "冉堌镇", "赵庄村"),
        ("371703", "就是仿山那里", "仿山镇", ""),
        ("430382", "清溪", "清溪镇", ""),
        ("430382", "清溪村", "清溪镇", "清溪村"),
        ("430321", "石谭镇", "石潭镇", ""),
        ("420582", "育溪", "淯溪镇", ""),
        ("420529", "付家堰乡", "傅家堰乡", ""),
        ("420525", "荷花镇", "嫘祖镇", ""),
        ("410922", "六塔乡", "六塔镇", ""),
        ("410928", "徐镇", "徐镇镇", ""),
    ],
)
def test_a_place_is_found_by_what_people_say(
    area: str, words: str, town: str, village: str
) -> None:
    assert _names(area, words) == (town, village)


def test_a_name_that_several_villages_have_is_not_guessed() -> None:
    found = county("371703").dwelling("赵庄村")
    assert (found.town, found.village) == ("", "")
    assert len(found.others) == 3


@pytest.mark.parametrize("words", ["", "不想说", "老屋湾", "跳过", "12", "镇", "。"])
def test_what_names_no_place_stays_words(words: str) -> None:
    found = county("371703").dwelling(words)
    assert (found.town, found.village, found.others) == ("", "", ())


def test_a_hamlet_is_kept_beside_the_town() -> None:
    found = county("371703").dwelling("冉堌镇老屋湾3组")
    assert (found.town, found.rest) == ("371703102", "老屋湾3组")


def test_a_street_that_is_no_more_is_said_to_be_gone() -> None:
    found = county("430302").dwelling("平政路街道")
    assert (found.town, found.gone and found.gone.until) == ("", "2019-10-31")


def test_a_town_of_a_zone_is_found_in_the_district_too() -> None:
    assert county("430304").dwelling("板塘街道").area == "430300-gx"


def test_a_county_without_a_list_finds_nothing() -> None:
    assert county("440114").dwelling("花山镇") == Dwelling(rest="花山镇")


def test_a_village_of_a_list_is_found_under_what_it_became() -> None:
    town = Place("440114100", Level.TOWN, "440114", "花山镇")
    new = Place("440114100200", Level.VILLAGE, town.id, "联合村")
    old = Place("p1", Level.VILLAGE, town.id, "老围村", until="2024-01-01", merged_into=new.id)
    assert county("440114", (town, new, old)).dwelling("老围").village == new.id


@pytest.mark.parametrize("area", COUNTIES)
def test_every_county_has_towns_with_villages(area: str) -> None:
    here = county(area)
    assert here.towns()
    assert sum(len(here.villages(town.id)) for town in here.towns()) >= 10


@pytest.mark.parametrize("area", COUNTIES)
def test_every_place_lies_somewhere_and_merges_into_a_known_one(area: str) -> None:
    here, gazetteer = county(area), Gazetteer()
    for place in here.places.values():
        known = here.places if place.level is Level.VILLAGE else gazetteer.lineage(area[:6])
        assert place.parent in known or "-" in place.parent or place.beside == area
        assert not place.merged_into or place.merged_into in here.places


def test_each_town_is_found_by_its_own_name() -> None:
    for area in COUNTIES:
        for town in county(area).towns():
            found = county(area).dwelling(town.name)
            assert town.id in (found.town, *(other.id for other in found.others))


def test_ids_are_given_once() -> None:
    ids = [line for area in COUNTIES for line in county(area).places]
    assert villages.shipped("371703102") is not None
    assert all(villages.shipped(place) is not None for place in ids)


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("12\t371703\t冉堌镇", "is no code"),
        ("371703102\t999999\t冉堌镇", "is no county's code"),
        ("371703102230\t371703102\t赵庄村", "its town 371703102 is not in this list"),
        ("371703102\t371703\tRangu", "is no name"),
        ("371703102\t371703\t冉堌镇\t\t\t2019", "is no day"),
        ("371703102\t371703\t冉堌镇\t\t\t2019-10-31\t371703999", "is not in this list"),
        ("371703102\t371703\t冉堌镇\n371703102\t371703\t冉固镇", "stands at"),
    ],
)
def test_a_faulty_list_is_told_with_its_line(tmp_path: Path, row: str, fault: str) -> None:
    (tmp_path / "dingtao").mkdir()
    (tmp_path / "dingtao" / "places.tsv").write_text(f"# a list\n{row}\n", "utf-8")
    found = place_lists.faults(tmp_path)
    assert any(fault in one.fault and one.line in (2, 3) for one in found), found


def test_the_shipped_lists_have_no_fault() -> None:
    assert place_lists.faults() == []
