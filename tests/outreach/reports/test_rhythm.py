"""The papers of the rhythm: drafted when their time is over, told, reminded, added up upward."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from outreach.calendars import CHINA
from outreach.reports.month import FIGURES, Days, counted
from outreach.reports.month_lists import LISTS, listed
from outreach.reports.notices import articles, registry
from outreach.reports.periods import parse
from outreach.reports.table import Asked
from outreach.reports.versions import noting, reading, schedule, steps, telling
from outreach.reports.versions.schedule import Owed
from outreach.reports.versions.verifying import verify
from records import people, report_versions, staff_accounts, stations, unit_tasks
from records.database import Database, Session
from records.people import Person
from records.reminders import ReminderRow
from records.report_versions import State, Version
from records.staff_accounts import StaffRole
from records.stations import Listed, Report
from records.unit_tasks import Done, NewTask, Rhythm
from records.vault import Vault
from scheduler.jobs import reports as job
from scheduler.means import Means
from tests.outreach.test_month_drafts import FACTS
from tests.support.shipped import shipped

VAULT = Vault("a key for tests only")
COUNTY, CITY, TOWN, OTHER = "371703", "371700", "371703102", "371703103"
FIRST = datetime(2026, 12, 1, 8, 20, tzinfo=CHINA)
MONTHLY = {"month_town", "annex4", "month_county", "notice_county"}
NOVEMBER = datetime(2026, 11, 20, 9, tzinfo=CHINA)


def _person(session: Session, id_: str, town: str, at: datetime = NOVEMBER) -> None:
    entered = people.Entered({"intent": "ready"}, {"nickname": id_}, area=COUNTY)
    entered = replace(entered, source=people.Source.HOUSEHOLD)
    people.enter(session, VAULT, id_, entered, at=at, basis="文件一号")
    row = session.get(Person, id_)
    assert row is not None
    row.town = town


def _staff(session: Session) -> None:
    for name, area in (("小刘", TOWN), ("王主任", COUNTY), ("市里的", CITY)):
        staff_accounts.add(
            session, name, role=StaffRole.STAFF, area=area, at=NOVEMBER, actor="system"
        )


def _world(session: Session) -> None:
    _staff(session)
    for id_, town in (("a", TOWN), ("b", TOWN), ("c", OTHER), ("d", "")):
        _person(session, id_, town)


def _named(code: str) -> str:
    return code


async def _run(database: Database, now: datetime) -> Mapping[str, int]:
    return await job.run(Means(database, VAULT, shipped), now)


def _open(session: Session) -> list[Version]:
    return report_versions.still_open(session)


async def _figures(database: Database, version: Version) -> dict[str, object]:
    known = await database.read(reading.opened, VAULT, version)
    return {row.subject: row.cells.get("now") for row in known.table.rows}


async def _one(database: Database, report: str, area: str) -> Version:
    found = [one for one in await database.read(_open) if (one.report, one.area) == (report, area)]
    [version] = found
    return version


async def _line(database: Database, version: Version, subject: str) -> dict[str, object]:
    known = await database.read(reading.opened, VAULT, version)
    [row] = [row for row in known.table.rows if row.subject == subject]
    return dict(row.cells)


async def test_on_the_first_the_month_is_drafted_for_towns_and_their_county(
    database: Database,
) -> None:
    await database.run(_world)
    assert (await _run(database, FIRST))["drafted"] == 5
    found = {(one.report, one.area, one.period) for one in await database.read(_open)}
    assert found == {
        ("month_town", TOWN, "2026-11"),
        ("month_town", OTHER, "2026-11"),
        ("annex4", COUNTY, "2026-11"),
        ("month_county", COUNTY, "2026-11"),
        ("notice_county", COUNTY, "2026-11"),
    }
    assert (await _run(database, FIRST + timedelta(days=1)))["drafted"] == 0


@pytest.mark.parametrize(
    ("day", "papers"),
    [
        (date(2026, 12, 2), MONTHLY),
        (date(2026, 12, 29), set()),
        (date(2026, 11, 1), MONTHLY | {"dispatch_units"}),
        (date(2026, 10, 3), MONTHLY | {"review_quarter"}),
        (
            date(2027, 1, 2),
            MONTHLY | {"dispatch_units", "review_quarter", "pack_year"},
        ),
    ],
)
async def test_each_paper_is_owed_when_its_period_is_over(
    database: Database, day: date, papers: set[str]
) -> None:
    await database.run(_world)
    now = datetime(day.year, day.month, day.day, 9, tzinfo=CHINA)
    assert {one.paper.name for one in await database.read(schedule.due, now)} == papers


async def test_a_town_s_figures_are_of_its_people_and_open_them(database: Database) -> None:
    await database.run(_world)
    await _run(database, FIRST)
    version = await _one(database, "month_town", TOWN)
    assert (await _figures(database, version))["registered"] == 2
    found = await database.read(reading.open_list, VAULT, version.number, "registered", TOWN)
    assert found is not None
    assert set(found.listed.ids) == {"a", "b"}


def _signed(session: Session, number: int, now: datetime = FIRST) -> Version:
    staff = {one.name: one for one in staff_accounts.everybody(session)}
    version = report_versions.find(session, number)
    assert version is not None
    checked = steps.check(session, VAULT, version, seen=version.sha, by=staff["小刘"], now=now)
    return steps.sign(session, VAULT, checked, seen=checked.sha, by=staff["王主任"], now=now)


async def test_what_is_signed_is_frozen_the_night_after(database: Database) -> None:
    await database.run(_world)
    await _run(database, FIRST)
    version = await _one(database, "month_town", TOWN)
    await database.run(_signed, version.number)
    means = Means(database, VAULT, shipped)
    assert await job.freeze(means, FIRST + timedelta(hours=9)) == {"frozen": 0}
    assert await job.freeze(means, FIRST + timedelta(hours=17)) == {"frozen": 1}


async def test_late_changes_are_corrections_and_the_county_adds_up(database: Database) -> None:
    await database.run(_world)
    await _run(database, FIRST)
    town = await _one(database, "month_town", TOWN)

    def freeze_and_correct(session: Session) -> None:
        frozen = steps.freeze(session, VAULT, _signed(session, town.number), now=FIRST)
        [by] = [one for one in staff_accounts.everybody(session) if one.name == "小刘"]
        noting.correct(
            session, VAULT, frozen, "5", line=0, cell="now", why="漏报", by=by, now=FIRST
        )

    await database.run(freeze_and_correct)
    await database.run(_person, "late", TOWN)
    assert (await _run(database, FIRST + timedelta(days=1)))["counted_again"] == 2
    county = await _one(database, "month_county", COUNTY)
    lines = [await _line(database, county, key) for key in (TOWN, OTHER, "rest", "total")]
    assert [line["registered"] for line in lines] == [5, 1, 1, 7]
    assert [line["with_intent"] for line in lines] == [2, 1, 1, 4]
    assert lines[0]["state"] == "已定稿，有更正"


async def test_a_checked_roll_up_is_not_counted_again(database: Database) -> None:
    await database.run(_world)
    await _run(database, FIRST)
    county = await _one(database, "month_county", COUNTY)

    def check(session: Session) -> None:
        [by] = [one for one in staff_accounts.everybody(session) if one.name == "王主任"]
        steps.check(session, VAULT, county, seen=county.sha, by=by, now=FIRST)

    await database.run(check)
    await database.run(_person, "late", OTHER)
    await _run(database, FIRST + timedelta(days=1))
    assert (await _one(database, "month_county", COUNTY)).number == county.number


def _reminders(session: Session) -> list[ReminderRow]:
    return list(session.execute(select(ReminderRow)).scalars())


async def test_who_owes_it_is_told_reminded_and_told_after_its_day(database: Database) -> None:
    await database.run(_world)
    await _run(database, FIRST)
    town = await _one(database, "month_town", TOWN)
    begin = f"report/{town.number}/"
    rows = [row for row in await database.read(_reminders) if row.key.startswith(begin)]
    days = {row.key.split("/")[2]: row.due.astimezone(CHINA).date() for row in rows}
    assert {row.whom for row in rows} == {"staff:小刘"}
    assert days == {
        "ready": date(2026, 12, 1),
        "3": date(2026, 12, 2),
        "1": date(2026, 12, 4),
        "late": date(2026, 12, 6),
    }


async def test_what_is_frozen_is_reminded_of_no_more(database: Database) -> None:
    await database.run(_world)
    await _run(database, FIRST)
    town = await _one(database, "month_town", TOWN)
    await database.run(_signed, town.number)
    await job.freeze(Means(database, VAULT, shipped), FIRST + timedelta(days=1))
    begin = f"report/{town.number}/"
    rows = [row for row in await database.read(_reminders) if row.key.startswith(begin)]
    assert {row.state for row in rows} == {"cancelled"}


async def test_a_town_without_staff_is_its_county_s_to_check(database: Database) -> None:
    await database.run(_world)
    await _run(database, FIRST)
    owing = {
        one.area: [who.name for who in await database.read(telling.owing, one)]
        for one in await database.read(_open)
        if one.report == "month_town"
    }
    assert owing == {TOWN: ["小刘"], OTHER: ["王主任"]}


@pytest.mark.parametrize(
    ("name", "reports"),
    [
        ("小刘", ["month_town"]),
        ("王主任", ["notice_county", "month_county", "annex4", "month_town"]),
        ("市里的", []),
    ],
)
async def test_each_sees_what_they_owe(database: Database, name: str, reports: list[str]) -> None:
    await database.run(_world)
    await _run(database, FIRST)
    [staff] = [one for one in await database.read(_everybody) if one.name == name]
    found = await database.read(telling.owed_by, staff)
    assert [one.report for one in found] == reports


def _everybody(session: Session) -> list[staff_accounts.Staff]:
    return staff_accounts.everybody(session)


@pytest.mark.parametrize(
    ("day", "is_late"), [(date(2026, 12, 5), False), (date(2026, 12, 6), True)]
)
async def test_late_is_after_its_day(database: Database, day: date, is_late: bool) -> None:
    await database.run(_world)
    await _run(database, FIRST)
    town = await _one(database, "month_town", TOWN)
    now = datetime(day.year, day.month, day.day, 12, tzinfo=CHINA)
    assert telling.is_late(town, now) is is_late
    assert not telling.is_late(replace(town, state=State.FROZEN), now)


async def _made(database: Database, name: str, area: str, period: str, now: datetime) -> Version:
    paper = registry.find(name)
    assert paper is not None
    owed = Owed(paper, area, parse(period))
    return await database.run(schedule.draft, VAULT, owed, _named, now)


def _tasks(session: Session) -> None:
    for title, rhythm in (("报材料", Rhythm.MONTH), ("建站", Rhythm.ONCE)):
        told = NewTask(title, COUNTY, date(2026, 8, 1), units="区人社局", rhythm=rhythm)
        number = unit_tasks.add(session, told, NOVEMBER)
        if rhythm is Rhythm.MONTH:
            done = Done(date(2026, 9, 30), "小刘", "报了", NOVEMBER)
            unit_tasks.finish(session, VAULT, number, done)


async def test_units_are_told_what_they_missed_without_blame(database: Database) -> None:
    await database.run(_tasks)
    version = await _made(database, "dispatch_units", COUNTY, "2026-B5", NOVEMBER)
    known = await database.read(reading.opened, VAULT, version)
    assert [
        [row.cells.get(key) for key in ("task", "state", "done", "missed")]
        for row in known.table.rows
    ] == [["报材料", "晚了1次", 1, 1], ["建站", "还没到时限", 0, 0], [None, None, 1, 1]]
    assert "请补上：区人社局：报材料。" in known.content.body


async def test_a_year_s_pack_has_its_evidence_and_its_sources(database: Database) -> None:
    await database.run(_world)
    await _run(database, FIRST)
    town = await _one(database, "month_town", TOWN)
    await database.run(_signed, town.number)
    await job.freeze(Means(database, VAULT, shipped), FIRST + timedelta(days=1))
    now = datetime(2027, 1, 2, 9, tzinfo=CHINA)
    pack = await _made(database, "pack_year", CITY, "2026", now)
    known = await database.read(reading.opened, VAULT, pack)
    figures, evidence, sources = known.content.tables
    assert [row.cells["registered"] for row in figures.rows] == [4, 4]
    assert [row.cells["signed"] for row in evidence.rows] == ["王主任"]
    assert {row.cells["figure"] for row in sources.rows} == {one.title for one in FIGURES}


def test_each_list_is_as_long_as_its_figure() -> None:
    facts = replace(
        FACTS,
        businesses=[replace(one, id=f"e{n}") for n, one in enumerate(FACTS.businesses)],
        requests=[replace(one, id=f"t{n}") for n, one in enumerate(FACTS.requests)],
        courses=[replace(one, id=f"c{n}") for n, one in enumerate(FACTS.courses)],
        events=[replace(one, id=f"v{n}") for n, one in enumerate(FACTS.events)],
        fates=dict.fromkeys("ab", "open") | {"c": "closed"} | dict.fromkeys("defg", "unknown"),
    )
    october = Days(date(2026, 10, 1), date(2026, 10, 31))
    figures = counted(facts, october)
    of_days = {"took", "learnt", "guests"}  # counted from as many requests, courses, events
    for name in LISTS.keys() - of_days:
        assert len(listed(name, facts, october).ids) == figures[name], name


def _annex4_is_frozen(session: Session, number: int) -> Version:
    staff_accounts.add(
        session, "老张", role=StaffRole.STAFF, area=COUNTY, at=NOVEMBER, actor="system"
    )
    staff = {one.name: one for one in staff_accounts.everybody(session)}
    version = report_versions.find(session, number)
    assert version is not None
    checked = steps.check(session, VAULT, version, seen=version.sha, by=staff["老张"], now=FIRST)
    signed = steps.sign(session, VAULT, checked, seen=checked.sha, by=staff["王主任"], now=FIRST)
    return steps.freeze(session, VAULT, signed, now=FIRST, by=staff["王主任"])


async def test_the_survey_form_is_frozen_as_it_was_drafted(database: Database) -> None:
    await database.run(_world)
    await _run(database, FIRST)
    draft = await _one(database, "annex4", COUNTY)
    before = await database.read(reading.opened, VAULT, draft)
    frozen = await database.run(_annex4_is_frozen, draft.number)
    after = await database.read(reading.opened, VAULT, frozen)
    assert (len(after.table.columns), after.made) == (17, before.made)
    assert (await database.read(verify, VAULT, frozen)).faults == []


def _heads(session: Session) -> None:
    for name, head in (("昆明站", "丁会长"), ("杭州站", "李会长")):
        stations.put(session, Listed(name, COUNTY, head=head), NOVEMBER)
    stations.freeze(session, VAULT, Report("李会长", "2026H2"), NOVEMBER)


@pytest.mark.parametrize(
    ("now", "told"),
    [
        (datetime(2027, 1, 1, 9, 5, tzinfo=CHINA), ["staff:丁会长"]),
        (datetime(2027, 1, 1, 7, 0, tzinfo=CHINA), []),
        (datetime(2027, 1, 20, 9, 5, tzinfo=CHINA), []),
    ],
)
async def test_heads_who_have_not_confirmed_hear_when_a_half_year_is_over(
    database: Database, now: datetime, told: list[str]
) -> None:
    await database.run(_heads)
    await database.run(telling.heads, VAULT, now)
    await database.run(telling.heads, VAULT, now)
    assert [row.whom for row in await database.read(_reminders)] == told


async def test_the_county_hears_of_a_correction(database: Database) -> None:
    await database.run(_world)
    await _run(database, FIRST)
    town = await _one(database, "month_town", TOWN)

    def correct(session: Session) -> None:
        frozen = steps.freeze(session, VAULT, _signed(session, town.number), now=FIRST)
        [by] = [one for one in staff_accounts.everybody(session) if one.name == "小刘"]
        noting.correct(
            session, VAULT, frozen, "5", line=0, cell="now", why="漏报", by=by, now=FIRST
        )

    await database.run(correct)
    rows = await database.read(_reminders)
    assert [row.whom for row in rows if "put_right" in row.key] == ["staff:王主任"]


async def test_a_page_of_practice_has_its_figures_and_is_drafted_on_wish_only(
    database: Database,
) -> None:
    await database.run(_world)
    now = datetime(2027, 1, 2, 9, tzinfo=CHINA)
    assert "practice" not in {one.paper.name for one in await database.read(schedule.due, now)}
    made = await _made(database, "practice", COUNTY, "2026", now)
    known = await database.read(reading.opened, VAULT, made)
    assert "新登记4人" in known.content.body[0]
    assert [row.cells["now"] for row in known.table.rows][:2] == [4, 4]


async def test_an_article_is_drafted_of_what_was_logged_and_counts_once_it_is_signed(
    database: Database,
) -> None:
    await database.run(_world)
    made = await _made(database, "article", TOWN, "2026-11-20", FIRST)
    body = (await database.read(reading.opened, VAULT, made)).content.body
    assert any("新登记" in text for text in body)
    assert not any(
        "0个" in text or "0人" in text for text in body
    )  # what there is not, is not told
    wanted = Asked(COUNTY, parse("2026-11"), FIRST, VAULT, lambda code: code)

    def counts(session: Session) -> dict[str, object]:
        rows = articles.sent(session, wanted).rows
        return {row.area: row.cells["sent"] for row in rows}

    assert (await database.read(counts))[TOWN] == 0
    stamped = replace(made, state=State.SIGNED, signed_by="老张", signed_at=FIRST)
    assert await database.run(report_versions.stamp, stamped, made)
    assert (await database.read(counts))[TOWN] == 1
