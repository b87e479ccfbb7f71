"""What is known of somebody stands in the words that they get."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from knowledge.areas import Gazetteer
from outreach.campaigns import addressing, drafting
from records import places
from records.database import Database, Session
from records.people import Person
from records.vault import Vault
from tests.support import campaign_stage as stage
from tests.support.campaign_stage import NOW

SHIPPED, BROUGHT = "371703102", "371703990"


def _town_of(session: Session, vault: Vault, town: str) -> str:
    """What {镇} stands for where somebody is at home in this town."""
    row = {"id": BROUGHT, "county": stage.DINGTAO, "level": "town", "parent": stage.DINGTAO}
    places.keep(session, [{**row, "name": "新河镇", "called": []}], at=NOW)
    stage.people_of(session, vault, 1)
    stage.staff_of(session)
    session.execute(update(Person).values(town=town))
    campaign = drafting.found(session, stage.draft(session))
    return addressing.of_people(session, vault, Gazetteer(), campaign, ["p000"])["p000"]["镇"]


@pytest.mark.parametrize(("town", "name"), [(SHIPPED, "冉堌镇"), (BROUGHT, "新河镇"), ("", "")])
async def test_a_town_is_called_as_its_list_has_it(
    database: Database, vault: Vault, town: str, name: str
) -> None:
    assert await database.run(_town_of, vault, town) == name
