"""A list of projects is read by its words, found again, and overwrites nothing that is shown."""

from __future__ import annotations

from typing import Any

import pytest

from knowledge.exchange.cells import cell_of
from records import projects
from records.database import Database, Session
from records.projects import ProjectState
from registry import money
from registry.lists import Origin, Outcome, Refused, Terms
from registry.offers import Offer, Owned, key
from registry.projects_rows import ProjectsReader, file
from registry.projects_store import store_all
from registry.sites_kind import SitesReader, Vacant
from registry.tables import Line
from tests.registry.made import NOW, VAULT, terms

GOOD = {
    "title": "林下养鸡",
    "category": "养殖",
    "county": "湘乡市",
    "source_dept": "农业农村局",
    "capital": "3万—5万",
    "risk_line": "鸡瘟来了亏得快",
    "expires_on": "2027-06-30",
}
SITE = {
    "name": "某创业园",
    "kind": "创业园",
    "fits": "厂房",
    "county": "湘乡市",
    "contact": "管委会",
}


def _line(cells: dict[str, Any]) -> Line:
    return Line("", 2, {name: cell_of(value) for name, value in cells.items() if value != ""})


def _read(terms_: Terms, **cells: Any) -> Owned | Refused:
    return ProjectsReader(terms_)(_line({**GOOD, **cells}))


def _offer(**cells: Any) -> Offer:
    read = _read(terms(), **cells)
    assert isinstance(read, Owned), read
    return read.offer


@pytest.mark.parametrize(
    ("said", "span"),
    [
        ("3万", (30_000, None)),
        ("2.5—5万元", (25_000, 50_000)),
        ("5000—2万", (5_000, 20_000)),
        ("3-5万", (30_000, 50_000)),
        ("30000-50000元", (30_000, 50_000)),
        ("两万", (20_000, None)),
        ("约8000元", (8_000, None)),
        ("5万到3万", None),
        ("很多", None),
        ("", None),
    ],
)
def test_sums_are_read_however_they_are_written(said: str, span: object) -> None:
    assert money.span(said) == span


@pytest.mark.parametrize(
    ("cells", "name", "value"),
    [
        ({"category": "林下经济"}, "category", "farming"),
        ({"category": "一老一小"}, "category", "services"),
        ({"kind": "招工", "capital": "", "risk_line": ""}, "kind", "talent_demand"),
        ({"skills_any": "缝纫、开车"}, "skills_any", ("sewing", "driver")),
        (
            {"certificates": "中级电工证、健康证"},
            "certificates_required",
            (("电工证", 2), ("健康证", 0)),
        ),
        ({"payback": "一年半"}, "payback_months", (18, 18)),
        ({"payback": "12—18个月"}, "payback_months", (12, 18)),
        ({"town": "泉塘镇"}, "towns", ("430381111",)),
        ({"town": "全县"}, "towns", ()),
        ({"offers": "包回收、补贴"}, "offers", ("buyer", "subsidy")),
        ({"slots": "10户"}, "slots", 10),
    ],
)
def test_cells_are_read_by_their_words(cells: dict[str, Any], name: str, value: object) -> None:
    assert getattr(_offer(**cells), name) == value


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"title": ""}, "名称要写"),
        ({"title": "长" * 19}, "最多18个字"),
        ({"category": "挖矿"}, "可以写：种养"),
        ({"county": "某某县"}, "看不出是哪个县"),
        ({"capital": "看情况"}, "3万—5万"),
        ({"capital": ""}, "没写要多少本钱"),
        ({"risk_line": ""}, "风险必须写"),
        ({"source_dept": ""}, "来源部门要写"),
        ({"expires_on": "2026-01-01"}, "不能是过去的日子"),
        ({"expires_on": "年底"}, "看不出是哪天"),
        ({"slots": "0"}, "名额至少写1"),
        ({"about": "加微信 430381199001011234"}, "身份证"),
        ({"owner_phone": "1380000"}, "11位"),
    ],
)
def test_a_faulty_row_says_how_to_mend_it(cells: dict[str, Any], said: str) -> None:
    read = _read(terms(), **cells)
    assert isinstance(read, Refused)
    assert said in "；".join(map(str, read.faults))


@pytest.mark.parametrize("heading", ["投资额", "启动资金", "本钱"])
def test_offices_head_their_columns_as_they_like(heading: str) -> None:
    assert any(heading in (c.heading, *c.called) for c in file().columns if c.key == "capital")


def _store(session: Session, *rows: dict[str, Any]) -> list[Outcome]:
    origin = Origin(VAULT, "小李", NOW)
    read = [_read(terms(), **row) for row in rows]
    owned = [one for one in read if isinstance(one, Owned)]
    return [one.outcome for one in store_all(session, owned, origin)]


async def test_the_same_row_is_stored_once(database: Database) -> None:
    assert await database.run(_store, {}, {"capital": "30000元—5万元"}) == [
        Outcome.NEW,
        Outcome.SAME,
    ]


async def test_a_draft_takes_the_newer_words(database: Database) -> None:
    outcomes = await database.run(_store, {}, {"capital": "6万—8万", "category": "民宿"})
    assert outcomes == [Outcome.NEW, Outcome.MERGED]
    (row,) = await database.read(projects.within)
    assert (row.terms["min_capital_yuan"], row.category, row.version) == (60_000, "tourism", 2)


async def test_what_is_published_is_left_as_it_is(database: Database) -> None:
    def publish(session: Session) -> None:
        for row in projects.within(session):
            row.state = ProjectState.PUBLISHED.value

    await database.run(_store, {})
    await database.run(publish)
    assert await database.run(_store, {"capital": "6万—8万"}) == [Outcome.DIFFERS]
    (row,) = await database.read(projects.within)
    assert row.terms["min_capital_yuan"] == 30_000


async def test_the_same_name_in_another_county_is_another(database: Database) -> None:
    outcomes = await database.run(_store, {}, {"county": "韶山市"})
    assert outcomes == [Outcome.NEW, Outcome.NEW]


async def test_who_owns_it_is_sealed(database: Database) -> None:
    await database.run(_store, {"owner_name": "王某", "owner_phone": "13800000001"})
    (row,) = await database.read(projects.within)
    assert projects.owner(row, VAULT) == {"name": "王某", "phone": "13800000001"}
    assert b"13800000001" not in row.sealed
    assert "王某" not in str(row.terms)


def test_a_private_mobile_is_no_offices_number() -> None:
    read = SitesReader(terms())(_line({**SITE, "phone": "13800000001"}))
    assert isinstance(read, Refused)


def test_a_vacant_place_knows_its_town() -> None:
    read = SitesReader(terms())(_line({**SITE, "town": "泉塘镇", "vacancy": "3个"}))
    assert isinstance(read, Vacant)
    assert (read.values["level"], read.values["vacancy"]) == ("town", 3)


def test_names_are_compared_without_their_punctuation() -> None:
    assert key("林下 养鸡（一期）") == key("林下养鸡(一期)")
