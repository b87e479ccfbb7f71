"""附件4 against the printed form and the counting code, on both databases (domain 2.4, 5.7)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from outreach.calendars import CHINA
from outreach.reports import annex4
from outreach.reports.notices.registry import find
from outreach.reports.periods import parse
from outreach.reports.rules import Festival, HalfYear, Rules, UrbanBy, festival_of
from outreach.reports.table import Asked, Row, Table
from outreach.reports.versions import reading, schedule
from outreach.reports.versions.schedule import Owed
from outreach.reports.writing.files import WRITERS
from outreach.reports.writing.mark import Mark
from records import erasure, home_stays, sweeps, targets
from records.database import Database, Session
from records.home_stays import Told
from records.people import Person, Status
from records.person_facts import PersonFacts
from records.sweeps import AtDoor, DoorState
from records.targets import Figure, Kind
from records.vault import Vault
from tests.support.office import as_read_by_office, needs_office
from tests.support.reporting import (
    CITY,
    COUNTY,
    NEXT_TOWN,
    OTHER,
    TOWN,
    a_business,
    a_person,
    asked,
)

FESTIVAL = datetime(2027, 2, 6, 9, tzinfo=CHINA)
AFTER = datetime(2027, 3, 1, 9, tzinfo=CHINA)
MARK = Mark("小刘", AFTER)
Fill = Callable[[Session], Any]
PRINTED = [
    ["附件4", *[""] * 16],
    ["湘潭市返乡创业情况摸底表", *[""] * 16],
    [
        *("序号", "县市区", "在外务工人员（人）", "", "", "春节期间返乡人员（人）", "", ""),
        *("返乡人员中有创业意向的（人）", "", "", "现有创业主体数量（个）", "", ""),
        *("2023年拟增返乡创业主体（个）", "三年行动拟增返乡创业主体（个）", "备注"),
    ],
    ["", "", *("小计", "城镇人员", "农村人员") * 4, "", "", ""],
    *(
        [str(number), name, *["0"] * 12, "", "", ""]
        for number, name in enumerate(
            ("湘潭县", "湘乡市", "韶山市", "雨湖区", "岳塘区", "高新区", "经开区"), 1
        )
    ),
    *([""] * 17 for _ in range(6)),
    ["", "合计", *["0"] * 12, "", "", ""],
    [
        "注：在外务工人员指出县工作半年以上的人员；返乡人员创办的企业、工厂以及小卖铺、餐饮店、理发店、"
        "便利店、水果店、生活超市等均可算作返乡创业。",
        *[""] * 16,
    ],
]


async def _made(database: Database, wanted: Asked, fill: Fill | None = None) -> Table:
    if fill:
        await database.run(fill)
    return await database.read(annex4.build, wanted)


def _line(table: Table, name: str) -> Row:
    return next(row for row in table.rows if row.cells["name"] == name)


def _three(row: Row, what: str) -> tuple[Any, ...]:
    return tuple(row.cells[key] for key in (what, f"{what}_urban", f"{what}_rural"))


@needs_office
async def test_another_office_program_reads_the_form_as_it_is_printed(
    database: Database, vault: Vault, now: datetime, tmp_path: Path
) -> None:
    table = await _made(database, asked(CITY, vault, now, period="2023"))
    assert as_read_by_office(WRITERS[".xlsx"](table, MARK), tmp_path) == PRINTED


async def test_an_empty_county_has_a_line_for_each_town(database: Database, vault: Vault) -> None:
    table = await _made(database, asked(COUNTY, vault, AFTER))
    names = [row.cells["name"] for row in table.rows]
    assert names[0] == "望春门街道"
    assert names[-1] == "合计"
    assert len(names) == 23
    assert table.columns[1].title == "乡镇（街道）"


KINDS = [
    # away, where, hukou, intent → away, back, intent: sum, urban, rural
    ("half_year returned rural ready", (1, 0, 1), (1, 0, 1), (1, 0, 1)),
    ("half_year returned urban thinking", (1, 1, 0), (1, 1, 0), (1, 1, 0)),
    ("half_year returned unsure running", (1, 0, 0), (1, 0, 0), (1, 0, 0)),
    ("half_year returned rural job", (1, 0, 1), (1, 0, 1), (0, 0, 0)),
    ("half_year away rural ready", (1, 0, 1), (0, 0, 0), (0, 0, 0)),
    ("less returned rural ready", (0, 0, 0), (0, 0, 0), (0, 0, 0)),
    ("none stayed rural ready", (0, 0, 0), (0, 0, 0), (0, 0, 0)),
]


@pytest.mark.parametrize(("told", "away", "back", "intent"), KINDS)
async def test_what_somebody_said_decides_where_they_count(
    database: Database,
    vault: Vault,
    told: str,
    away: tuple[int, ...],
    back: tuple[int, ...],
    intent: tuple[int, ...],
) -> None:
    table = await _made(
        database, asked(COUNTY, vault, AFTER), lambda s: a_person(s, FESTIVAL, told)
    )
    row = _line(table, "望春门街道")
    assert (_three(row, "away"), _three(row, "back"), _three(row, "intent")) == (
        away,
        back,
        intent,
    )


async def test_who_knows_no_kind_is_in_the_sum_only_and_in_the_remark(
    database: Database, vault: Vault
) -> None:
    table = await _made(
        database,
        asked(COUNTY, vault, AFTER),
        lambda s: a_person(s, FESTIVAL, "half_year returned unsure ready"),
    )
    said = "城镇农村说不清、只进小计：在外1人，返乡1人，有意向1人"
    assert _line(table, "望春门街道").cells["remark"] == said
    assert _line(table, "合计").cells["remark"] == said


STAYS = [
    (datetime(2027, 1, 26, tzinfo=CHINA), datetime(2027, 1, 26, tzinfo=CHINA), 0),
    (datetime(2027, 1, 20, tzinfo=CHINA), datetime(2027, 1, 27, tzinfo=CHINA), 1),
    (datetime(2027, 2, 20, tzinfo=CHINA), datetime(2027, 2, 22, tzinfo=CHINA), 1),
    (datetime(2027, 2, 21, tzinfo=CHINA), datetime(2027, 2, 23, tzinfo=CHINA), 0),
    (datetime(2026, 5, 1, tzinfo=CHINA), None, 1),
]


@pytest.mark.parametrize(("came", "left", "back"), STAYS)
async def test_who_was_home_on_any_day_of_the_festival_is_back(
    database: Database, vault: Vault, came: datetime, left: datetime | None, back: int
) -> None:
    def fill(session: Session) -> None:
        person = a_person(session, came)
        if left:
            home_stays.note(session, [Told(person, {"where_now": "away"}, {})], left)

    table = await _made(database, asked(COUNTY, vault, AFTER), fill)
    assert _line(table, "合计").cells["back"] == back


@pytest.mark.parametrize(
    ("state", "day", "back"),
    [
        (DoorState.TALKED, FESTIVAL, 1),
        (DoorState.TALKED, AFTER, 0),
        (DoorState.NOT_HOME, FESTIVAL, 0),
    ],
)
async def test_who_was_met_at_the_door_in_the_festival_is_back(
    database: Database, vault: Vault, state: DoorState, day: datetime, back: int
) -> None:
    def fill(session: Session) -> None:
        person = a_person(session, FESTIVAL, "half_year away rural ready")
        number = sweeps.begin(session, TOWN, "", staff="老谢", at=day)
        sweeps.add(session, vault, number, [AtDoor(0, 1, "王甲", DoorState.OPEN, person)])
        found = sweeps.current(session, vault, "老谢")
        assert found is not None
        sweeps.note(session, [found.doors[0].id], state, staff="老谢", at=day)

    table = await _made(database, asked(COUNTY, vault, AFTER), fill)
    assert _line(table, "合计").cells["back"] == back


async def test_who_is_known_by_talk_and_by_door_counts_once(
    database: Database, vault: Vault
) -> None:
    def fill(session: Session) -> None:
        person = a_person(session, FESTIVAL)
        number = sweeps.begin(session, TOWN, "", staff="老谢", at=FESTIVAL)
        sweeps.add(session, vault, number, [AtDoor(0, 1, "王甲", DoorState.OPEN, person)])
        door = sweeps.current(session, vault, "老谢")
        assert door is not None
        sweeps.note(session, [door.doors[0].id], DoorState.TALKED, staff="老谢", at=FESTIVAL)

    table = await _made(database, asked(COUNTY, vault, AFTER), fill)
    assert _three(_line(table, "合计"), "back") == (1, 0, 1)


async def test_two_people_on_one_phone_are_two(database: Database, vault: Vault) -> None:
    def fill(session: Session) -> None:
        a_person(session, FESTIVAL, phone="same")
        a_person(session, FESTIVAL, phone="same")

    table = await _made(database, asked(COUNTY, vault, AFTER), fill)
    assert _line(table, "合计").cells["away"] == 2


async def test_who_moves_to_another_town_leaves_one_count(
    database: Database, vault: Vault
) -> None:
    def fill(session: Session) -> None:
        row = session.get_one(Person, a_person(session, FESTIVAL))
        row.town = NEXT_TOWN

    table = await _made(database, asked(COUNTY, vault, AFTER), fill)
    assert [row.cells["away"] for row in table.rows if row.cells["away"]] == [1, 1]
    assert _line(table, "新湘路街道").cells["away"] == 1


async def test_the_dead_and_who_withdrew_do_not_count(database: Database, vault: Vault) -> None:
    def fill(session: Session) -> None:
        for status in (Status.DECEASED, Status.WITHDRAWN, Status.PENDING):
            a_person(session, FESTIVAL, status=status)

    table = await _made(database, asked(COUNTY, vault, AFTER), fill)
    assert _line(table, "合计").cells["away"] == 0


async def test_who_was_erased_since_counts_without_a_town(
    database: Database, vault: Vault
) -> None:
    counted = ("away_half_year", "where_now", "hukou", "intent")

    def fill(session: Session) -> None:
        erasure.erase(session, a_person(session, FESTIVAL), counted=counted, at=AFTER)

    table = await _made(database, asked(COUNTY, vault, AFTER), fill)
    assert _three(_line(table, "其他（地方不详）"), "back") == (1, 0, 1)
    later = await _made(database, asked(COUNTY, vault, AFTER, period="2028"))
    assert _line(later, "合计").cells["away"] == 0


async def test_the_towns_of_a_county_sum_up_to_its_line_in_the_city(
    database: Database, vault: Vault
) -> None:
    def fill(session: Session) -> None:
        for town in (TOWN, NEXT_TOWN, ""):
            a_business(session, a_person(session, FESTIVAL, town=town), town=town, now=FESTIVAL)
        a_person(session, FESTIVAL, area=OTHER, town="")

    county = await _made(database, asked(COUNTY, vault, AFTER), fill)
    city = await _made(database, asked(CITY, vault, AFTER))
    for what in ("away", "back", "intent", "open"):
        assert _three(_line(county, "合计"), what) == _three(_line(city, "湘乡市"), what)
    assert _line(city, "合计").cells["away"] == 4


BUSINESSES: list[tuple[str, list[dict[str, Any]], int]] = [
    ("one code is one", [{"code": "a"}, {"code": "a", "trade": "farm"}], 1),
    ("two codes are two", [{"code": "a"}, {"code": "b"}], 2),
    ("no code: founder, village and line", [{}, {}, {"trade": "farm"}], 2),
    ("closed is none", [{"closed": date(2027, 1, 1)}], 0),
    ("closed later is one on the day", [{"closed": date(2027, 3, 2)}], 1),
    ("not begun is none", [{"began": date(2027, 3, 2)}], 0),
]


@pytest.mark.parametrize(("said", "businesses", "count"), BUSINESSES)
async def test_a_business_counts_once_while_it_is_open(
    database: Database, vault: Vault, said: str, businesses: list[dict[str, Any]], count: int
) -> None:
    def fill(session: Session) -> None:
        owner = a_person(session, FESTIVAL, "half_year returned urban running")
        for one in businesses:
            a_business(session, owner, now=FESTIVAL, **one)

    table = await _made(database, asked(COUNTY, vault, AFTER), fill)
    assert _three(_line(table, "合计"), "open") == (count, count, 0)


@pytest.mark.parametrize(
    ("told", "facts", "count"),
    [
        ("none stayed rural running", None, 0),
        ("none stayed rural running", True, 1),
        ("less returned rural running", None, 1),
        ("half_year returned rural running", False, 0),
    ],
)
async def test_only_who_came_back_counts_as_a_founder(
    database: Database, vault: Vault, told: str, facts: bool | None, count: int
) -> None:
    def fill(session: Session) -> None:
        owner = a_person(session, FESTIVAL, told)
        a_business(session, owner, now=FESTIVAL)
        if facts is not None:
            session.add(PersonFacts(person_id=owner, is_returnee=facts, told_at=FESTIVAL))

    table = await _made(database, asked(COUNTY, vault, AFTER), fill)
    assert _line(table, "合计").cells["open"] == count


SETTINGS: list[tuple[Rules, str, dict[str, Any], tuple[int, int, int]]] = [
    (Rules(thinking=False), "half_year returned rural thinking", {}, (1, 1, 0)),
    (Rules(short_away=True), "less returned rural ready", {}, (0, 1, 1)),
    (Rules(festival=Festival((1, 1), (1, 1))), "half_year returned rural job", {}, (1, 1, 0)),
    (Rules(), "half_year away rural job", {"where_area": "430300"}, (0, 0, 0)),
    (Rules(), "half_year away rural job", {"where_area": "430100"}, (1, 0, 0)),
    (
        Rules(district_moves=True),
        "half_year away rural job",
        {"where_area": "430300"},
        (1, 0, 0),
    ),
]


@pytest.mark.parametrize(("rules", "told", "more", "counts"), SETTINGS)
async def test_an_office_settles_what_the_paper_leaves_open(
    database: Database,
    vault: Vault,
    rules: Rules,
    told: str,
    more: dict[str, Any],
    counts: tuple[int, int, int],
) -> None:
    table = await _made(
        database,
        asked(CITY, vault, AFTER, rules=rules),
        lambda s: a_person(s, FESTIVAL, told, area="430302", town="", more=more),
    )
    row = _line(table, "雨湖区")
    assert tuple(row.cells[what] for what in ("away", "back", "intent")) == counts


@pytest.mark.parametrize(("half_year", "away"), [(HalfYear.TOTAL, 1), (HalfYear.UNBROKEN, 0)])
async def test_half_a_year_may_have_to_be_unbroken(
    database: Database, vault: Vault, half_year: HalfYear, away: int
) -> None:
    def fill(session: Session) -> None:
        person = a_person(session, FESTIVAL)
        home_stays.note(session, [Told(person, {"where_now": "away"}, {})], AFTER)

    wanted = asked(COUNTY, vault, AFTER, rules=Rules(half_year=half_year))
    assert _line(await _made(database, wanted, fill), "合计").cells["away"] == away


@pytest.mark.parametrize(
    ("town", "village", "away"),
    [
        (TOWN, "", (1, 1, 0)),
        ("430381111", "430381111217", (1, 0, 1)),
        ("430381100", "430381100001", (1, 1, 0)),
        ("430381111", "", (1, 0, 0)),
    ],
)
async def test_town_and_country_may_be_told_by_the_place(
    database: Database, vault: Vault, town: str, village: str, away: tuple[int, ...]
) -> None:
    table = await _made(
        database,
        asked(COUNTY, vault, AFTER, rules=Rules(urban_by=UrbanBy.HOME)),
        lambda s: a_person(
            s, FESTIVAL, "half_year returned unsure job", town=town, village=village
        ),
    )
    assert _three(_line(table, "合计"), "away") == away


@pytest.mark.parametrize("text", ["", "12-20", "13-1/1-15", "12-31/1-15", "腊月二十/正月十五"])
def test_a_festival_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="days of the moon"):
        festival_of(text)


def test_the_festival_is_by_the_moon() -> None:
    assert festival_of("12-20/1-15").days(2027) == (date(2027, 1, 27), date(2027, 2, 20))
    assert festival_of("1-1/1-15").days(2023) == (date(2023, 1, 22), date(2023, 2, 5))


PLAN = Figure(Kind.PLANNED, TOWN, "entities", 2027, 2027, "个", 12, "县里填报")


async def test_what_is_planned_is_typed_and_never_filled_in(
    database: Database, vault: Vault
) -> None:
    def fill(session: Session) -> None:
        a_person(session, FESTIVAL)
        targets.keep(session, PLAN, by="小刘", at=AFTER)

    table = await _made(database, asked(COUNTY, vault, AFTER), fill)
    row = _line(table, "望春门街道")
    assert (row.cells["planned_year"], row.cells["planned_span"]) == (12, None)
    assert _line(table, "新湘路街道").cells["planned_year"] is None
    assert _line(table, "合计").cells["planned_year"] == 12
    assert any("望春门街道2027年1个、三年1个" in text for text in table.beside)
    assert any("没填全" in text for text in table.beside)


async def test_each_figure_opens_the_list_behind_it(database: Database, vault: Vault) -> None:
    def fill(session: Session) -> str:
        person = a_person(session, FESTIVAL, "half_year returned urban running")
        a_person(session, FESTIVAL, "half_year away rural job")
        a_person(session, FESTIVAL, town="")
        return a_business(session, person, now=FESTIVAL)

    entity = await database.run(fill)
    table = await _made(database, asked(COUNTY, vault, AFTER))
    for row in table.rows:
        for key, name in row.opens.items():
            found = await database.read(annex4.REPORT.lists[name], asked(row.area, vault, AFTER))
            assert len(found.ids) == row.cells[key], (row.cells["name"], key)
    wanted = asked(COUNTY, vault, AFTER)
    assert list((await database.read(annex4.REPORT.lists["open_urban"], wanted)).ids) == [entity]


async def test_the_public_is_told_of_no_small_cell(database: Database, vault: Vault) -> None:
    def fill(session: Session) -> None:
        for _ in range(9):
            a_person(session, FESTIVAL, "half_year returned rural job")
        for _ in range(2):
            a_person(session, FESTIVAL, "half_year returned urban ready")

    table = await _made(database, asked(COUNTY, vault, AFTER, is_public=True), fill)
    total = _line(table, "合计")
    assert _three(total, "back") == (11, "—", "—")
    assert total.cells["intent"] == "<5"
    assert table.beside == ()


@pytest.mark.parametrize("seed", range(8))
async def test_whatever_is_in_the_register_the_sums_hold(
    database: Database, vault: Vault, seed: int
) -> None:
    wanted = asked(COUNTY, vault, AFTER)
    table = await _made(database, wanted, lambda s: _anybody(s, seed))
    total = _line(table, "合计")
    for row in table.rows:
        for what in ("away", "back", "intent", "open"):
            whole, urban, rural = _three(row, what)
            assert whole >= urban + rural
        assert row.cells["intent"] <= row.cells["back"] <= row.cells["away"]  # type: ignore[operator]
    for key, value in total.cells.items():
        if isinstance(value, int):
            parts = [row.cells[key] for row in table.rows if not row.is_total]
            assert sum(part for part in parts if isinstance(part, int)) == value


def _anybody(session: Session, seed: int) -> None:
    """People and businesses by lot, of every kind there can be."""
    lot = Random(seed)
    for _ in range(60):
        told = " ".join(
            (
                lot.choice(("half_year", "half_year", "less", "none")),
                lot.choice(("returned", "away", "stayed")),
                lot.choice(("rural", "urban", "unsure")),
                lot.choice(("running", "ready", "thinking", "job", "not_returning")),
            )
        )
        at = FESTIVAL + timedelta(days=lot.randrange(-200, 20))
        town = lot.choice((TOWN, NEXT_TOWN, ""))
        person = a_person(session, at, told, town=town, status=lot.choice(list(Status)))
        if lot.random() < 0.4:
            code = lot.choice(("", "a", "b", "c"))
            a_business(session, person, town=town, code=code, now=at)


async def test_a_paper_is_drafted_by_the_offices_rules(database: Database, vault: Vault) -> None:
    def fill(session: Session) -> list[Any]:
        a_person(session, FESTIVAL, "less returned rural ready")
        paper = find("annex4")
        assert paper is not None
        owed = Owed(paper, COUNTY, parse("2027-02"))
        rules = (Rules(), Rules(short_away=True))
        made = [schedule.draft(session, vault, owed, str, AFTER, rules=one) for one in rules]
        return [reading.opened(session, vault, one).table.rows[-1].cells["back"] for one in made]

    assert await database.run(fill) == [0, 1]
