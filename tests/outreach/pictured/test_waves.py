"""How the people of each wave answered."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update

from outreach.campaigns import drafting, effect, states
from outreach.reports.pictured import waves
from records import campaign_drafts, feeding, inbound
from records.campaign_effect import Tally
from records.database import Database, Session
from records.inbound import NewInbound
from records.outbox import OutboxRow, OutboxState
from records.vault import Vault
from tests.support import campaign_stage as stage

WAVES = ("腊月廿三 9:30 60%", "腊月廿五 9:30 40%")


def test_a_wave_is_shown_in_shares_of_its_people() -> None:
    found = waves.drawn_from({2: Tally(40, 10, 2, 1), 1: Tally(60, 30, 0, 0)}, 7)
    assert list(found.labels) == ["第1批（60人）", "第2批（40人）"]
    assert [list(one.values) for one in found.series] == [[50.0, 25.0], [0.0, 5.0], [0.0, 2.5]]


async def test_who_wrote_counts_for_their_own_wave(database: Database, vault: Vault) -> None:
    number = await _sent(database, vault)
    second = (await database.read(campaign_drafts.waves, number))[1].at
    campaign = await database.read(drafting.found, number)
    counted = await database.read(effect.by_wave, campaign, 7, second + timedelta(days=8))
    whole = await database.read(effect.measure, campaign, 7, second + timedelta(days=8))
    assert (set(counted), counted[1].wrote + counted[2].wrote) == ({1, 2}, 20)
    assert whole is not None
    assert sum(one.people for one in counted.values()) == whole.written.people


async def _sent(database: Database, vault: Vault) -> int:
    """A campaign in two waves; everything left, everybody wrote after the second."""
    await database.run(stage.people_of, vault, 20)
    await database.run(stage.staff_of)
    number: int = await database.run(lambda session: stage.draft(session, waves=WAVES))
    await stage.frozen(database, number)
    await database.run(states.tested, number, stage.WRITER, stage.NOW)
    await database.run(states.look, number, stage.SECOND, stage.NOW)
    await database.run(states.approve, number, stage.SECOND, stage.NOW)
    await database.run(_leave, number)
    return number


def _leave(session: Session, number: int) -> None:
    moments = [one.at for one in campaign_drafts.waves(session, number)]
    feeding.feed(session, number, "fake", 99, moments[-1])
    session.execute(update(OutboxRow).values(state=OutboxState.SENT.value))
    for n in range(20):
        at, chat = moments[-1] + timedelta(hours=1), f"p{n:03}"
        inbound.store(session, [NewInbound("fake", chat, f"fake:{chat}", 1, b"", at, at)])
