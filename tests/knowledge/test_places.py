"""A place by any name people use, and whose rules hold there; never a guess."""

from __future__ import annotations

import pytest

from knowledge.areas import Gazetteer
from knowledge.library import Library


@pytest.fixture(scope="module")
def areas(library: Library) -> Gazetteer:
    return library.areas


@pytest.mark.parametrize(
    ("said", "code"),
    [
        *((name, "371703") for name in ("定陶", "定陶区", "定陶县", "菏泽定陶", "371703")),
        ("山东省菏泽市定陶区", "371703"),
        *((name, "430300") for name in ("湘潭", "湘潭市", "湖南湘潭", "430300")),
        *((name, "420583") for name in ("枝江", "枝江市", "湖北宜昌枝江")),
        *((name, "420528") for name in ("长阳", "长阳县", "长阳土家族自治县")),
        *((name, "X") for name in ("X市", "x市", "某市")),
        ("范县", "410926"),
        ("河南濮阳范县", "410926"),
        ("山东菏泽曹县", "371721"),
        ("北京", "110000"),
    ],
)
def test_a_place_is_known_by_its_names(said: str, code: str, areas: Gazetteer) -> None:
    found = areas.resolve(said)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize(
    ("said", "pack"),
    [
        ("湘乡市", "430300"),
        ("湘潭县", "430300"),
        ("韶山", "430300"),
        ("濮阳县", "410900"),
        ("范县", "410900"),
        ("夷陵", "420500"),
        ("定陶", "371703"),
        ("X市", "X"),
        ("曹县", None),
        ("菏泽", None),
        ("长沙", None),
    ],
)
def test_a_county_follows_its_own_city_and_no_neighbour(
    said: str, pack: str | None, areas: Gazetteer
) -> None:
    found = areas.resolve(said)
    assert found is not None
    assert areas.pack_for(found.code) == pack


@pytest.mark.parametrize(("code", "below"), [("371700", ("371703",)), ("371721", ())])
def test_a_city_knows_its_counties_that_have_papers(
    code: str, below: tuple[str, ...], areas: Gazetteer
) -> None:
    assert areas.packs_below(code) == below


@pytest.mark.parametrize(
    "said", ["市中区", "城关区", "朝阳区", "鼓楼区", "鼓楼", "新华区", "瞎写的", "", "定陶湖南x"]
)
def test_an_ambiguous_or_unknown_name_is_not_guessed(said: str, areas: Gazetteer) -> None:
    assert areas.resolve(said) is None


@pytest.mark.parametrize(
    ("question", "codes"),
    [
        ("我在湘乡市想创业", ["430381"]),
        ("山东菏泽曹县能贷多少", ["371721"]),
        ("定陶和濮阳哪个给得多", ["371703", "410900"]),
        ("评上示范县有多少钱", []),
        ("省和县里都给补贴吗", []),
        ("朝阳区有补贴吗", []),
    ],
)
def test_a_question_names_its_places(question: str, codes: list[str], areas: Gazetteer) -> None:
    assert [area.code for area in areas.find(question)] == codes


def test_a_name_shared_by_two_places_is_settled_by_where_the_asker_is(areas: Gazetteer) -> None:
    assert [a.code for a in areas.find("朝阳区有补贴吗", near="110000")] == ["110105"]


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("成武那边创业补贴多少", "成武县"),
        ("我在日照开店能补多少", "日照市"),
        ("大同贷款最多多少", "大同市"),
        ("我们资源那边给不给", "资源县"),
    ],
)
def test_a_county_that_is_also_a_word_is_heard_where_a_place_stands(
    said: str, name: str, areas: Gazetteer
) -> None:
    assert [area.name for area in areas.find(said)] == [name]


@pytest.mark.parametrize("said", ["和朋友合作创业有补贴吗", "比如创业补贴", "延长贷款期限行不行"])
def test_a_word_that_is_also_a_county_stays_a_word(said: str, areas: Gazetteer) -> None:
    assert areas.find(said) == ()
