"""What is drafted from the library is only drafted, once, and holds what is true at the moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from outreach.calendars import CHINA
from outreach.campaigns import materials, states, texts
from outreach.campaigns.materials import Place
from outreach.cases.publishing import Leave
from records import campaign_drafts, projects
from records.campaigns import CampaignState
from records.database import Database, Session
from records.project_lists import Listed
from records.projects import ProjectState, Provenance
from records.vault import Vault
from scheduler.jobs import campaign_drafts as job
from scheduler.means import Means
from tests.support import campaign_stage as stage
from tests.support.library import stock
from tests.support.shipped import shipped
from tests.support.told_case import told_case

PLACE = Place("371703", "定陶", "山东省菏泽市定陶区")
NOW = datetime(2026, 12, 2, 8, 30, tzinfo=CHINA)
ENTRIES = shipped().library.entries.values()


def _project(title: str, day: date = date(2026, 11, 9), provenance: str = "department") -> Listed:
    return Listed(
        id=1,
        kind="project",
        county="371703",
        title=title,
        category="",
        state="published",
        provenance=provenance,
        source_dept="",
        terms={},
        slots=1,
        evidence="",
        published_on=day,
        verified_on=day,
        expires_on=None,
    )


def test_the_letter_is_called_as_the_papers_call_it() -> None:
    assert materials.letter(PLACE, ENTRIES, NOW.date()).title == "致在外高端人才的一封信"


def test_a_letter_names_what_holds_and_nothing_that_does_not() -> None:
    here = [one for one in ENTRIES if one.area == PLACE.area]
    assert "创业担保贷款" in materials.letter(PLACE, here, NOW.date()).text
    over = [replace(one, valid_until=date(2020, 1, 1)) for one in here]
    assert "创业担保贷款" not in materials.letter(PLACE, over, NOW.date()).text


def test_a_letter_of_a_county_without_papers_is_whole() -> None:
    found = materials.letter(PLACE, (), NOW.date())
    texts.check(found.text, most=texts.OF_A_LETTER)
    assert "{matters}" not in found.text


@pytest.mark.parametrize(
    ("titles", "told"),
    [
        (["养鸡"], "1个项目：养鸡。"),
        (["养鸡", "大棚", "直播", "民宿"], "4个项目：养鸡、大棚、直播等。"),
        (["养" * 40, "大" * 40], "2个项目：养"),
        (["稳赚的项目", "养鸡"], "2个项目。"),
        (["张老板的厂"], "1个项目。"),
    ],
)
def test_a_digest_names_as_many_as_may_be_sent(titles: list[str], told: str) -> None:
    found = materials.digest(PLACE, [_project(one) for one in titles], NOW)
    texts.check(found.text)
    assert told in found.text


DAYS = (date(2026, 11, 1), date(2026, 11, 30), date(2026, 10, 31), date(2026, 12, 1))


def _stocked(session: Session, vault: Vault) -> list[str]:
    """Four published projects, of different days; the titles of those of November."""
    stock(session, vault, NOW)
    rows = [one for one in projects.within(session) if one.county == PLACE.area]
    for row in rows:
        row.state = ProjectState.PAUSED.value
    for row, day in zip(rows, DAYS, strict=False):
        row.state, row.published_on = ProjectState.PUBLISHED.value, day
    session.flush()
    return [row.title for row in rows[:2]]


async def test_only_projects_of_last_month_count(database: Database, vault: Vault) -> None:
    titles = await database.run(_stocked, vault)
    found = await database.read(materials.new_projects, PLACE.area, NOW)
    assert [one.title for one in found] == titles


async def test_made_up_projects_do_not_count(database: Database, vault: Vault) -> None:
    await database.run(_stocked, vault)
    await database.run(_made_up)
    assert await database.read(materials.new_projects, PLACE.area, NOW) == []


def _made_up(session: Session) -> None:
    for row in projects.within(session):
        row.provenance = Provenance.DEMO.value


async def test_a_month_is_drafted_once_and_never_sent_by_itself(
    database: Database, vault: Vault
) -> None:
    await database.run(_stocked, vault)
    await database.run(stage.staff_of, NOW)
    means = Means(database, vault, shipped)
    assert await job.of_month(means, NOW) == {"drafted": 1, "told": 2}
    assert await job.of_month(means, NOW) == {"drafted": 0, "told": 0}
    (found,) = await database.read(campaign_drafts.listed, PLACE.area)
    assert (found.kind, found.state) == ("digest", CampaignState.DRAFT.value)
    assert await database.read(campaign_drafts.planned, found.id or 0) == 0


async def test_who_submits_a_month_may_not_agree_to_it(database: Database, vault: Vault) -> None:
    await database.run(_stocked, vault)
    await database.run(stage.staff_of, NOW)
    await job.of_month(Means(database, vault, shipped), NOW)
    await database.run(states.submit, 1, stage.WRITER, NOW)
    assert stage.WRITER in await database.read(states.authors, 1)


async def test_a_week_has_a_draft_where_a_story_may_be_told(
    database: Database, vault: Vault
) -> None:
    await database.run(stage.staff_of, NOW)
    means = Means(database, vault, shipped)
    assert await job.of_week(means, NOW) == {"drafted": 0, "told": 0}
    case = await database.run(told_case, vault, NOW, Leave.NAMED)
    assert (await job.of_week(means, NOW))["drafted"] == 1
    (text,) = await database.read(campaign_drafts.texts, 1)
    assert case.text.title not in text.text  # a story that is taken back must not go out


async def test_a_story_that_may_not_be_told_is_not_drafted(
    database: Database, vault: Vault
) -> None:
    await database.run(stage.staff_of, NOW)
    await database.run(told_case, vault, NOW, Leave.NO)
    assert await job.of_week(Means(database, vault, shipped), NOW) == {"drafted": 0, "told": 0}
