"""What an audience comes to: who would wait at the moment, and tags that nobody has."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from outreach import audiences
from outreach.calendars import CHINA
from outreach.campaigns import freezing
from records.campaigns import CampaignWave
from records.database import Database, Session
from records.frozen import Later
from records.people import Person
from records.vault import Vault
from tests.support import campaign_stage as stage
from tests.support.campaign_stage import FAKE, OFFICE

TUESDAY = datetime(2026, 11, 24, tzinfo=CHINA)
_SAID = ("", "day", "evening", "night_shift")


def _four(session: Session, vault: Vault) -> None:
    """One who named no hours, and one of each who did."""
    stage.people_of(session, vault, 4, TUESDAY - timedelta(30))
    everybody = session.exec(select(Person).order_by(Person.id)).all()
    for row, said in zip(everybody, _SAID, strict=True):
        row.codes = {**row.codes, "contact_time": said}


@pytest.mark.parametrize(
    ("clock", "waiting"),
    [(9, 2), (12, 2), (15, 1), (19, 1), (23, 2)],  # at night all wait, two of them beyond 8:30
)
async def test_only_those_wait_for_their_hours_for_whom_it_is_not_the_hour(
    database: Database, vault: Vault, clock: int, waiting: int
) -> None:
    await database.run(_four, vault)
    now = TUESDAY.replace(hour=clock)
    found = await database.read(audiences.weigh, OFFICE, "在外地", FAKE, now)
    assert found.later == {Later.HOURS: waiting}


@pytest.mark.parametrize(
    ("clock", "is_evening", "waiting"),
    [
        (9, False, ("evening", "night_shift")),
        (19, False, ("day",)),
        (19, True, ("day",)),
        (15, False, ("evening",)),
    ],
)
def test_a_wave_is_judged_by_its_own_moment(
    clock: int, *, is_evening: bool, waiting: tuple[str, ...]
) -> None:
    wave = CampaignWave(
        campaign_id=1, number=2, said="", at=TUESDAY.replace(hour=clock), is_evening=is_evening
    )
    found = freezing.manners(FAKE, TUESDAY, [wave])
    assert {2: set(found.hours[2])} == {2: set(waiting)}


async def test_a_tag_that_nobody_has_is_named(database: Database, vault: Vault) -> None:
    await database.run(_four, vault)
    found = await database.read(audiences.weigh, OFFICE, "标签重点", FAKE, TUESDAY)
    assert "还没有人有标签“重点”，看看写对没有。" in audiences.told(found)
