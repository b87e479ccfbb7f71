"""Late-comers are bound by the approval, and come to the list once; what came of it is counted."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from outreach.campaigns import drafting, effect, late, states
from outreach.campaigns.drafting import Split
from outreach.campaigns.refusing import CampaignRefused
from outreach.campaigns.schedule import LATE
from records import campaign_drafts as drafts
from records import feeding, inbound
from records.campaigns import CampaignRecipient
from records.database import Database, Session
from records.inbound import NewInbound
from records.outbox import OutboxRow, OutboxState
from records.vault import Vault
from tests.support import campaign_stage as stage
from tests.support.campaign_stage import FAKE, NOW, OFFICE, SECOND, WRITER

_RECIPIENTS = CampaignRecipient.__table__  # type: ignore[attr-defined]
LATER = NOW + timedelta(days=1)


async def _open(database: Database, vault: Vault, *, takes_late: bool = True) -> int:
    """Approved for ten people, five of whom are there."""
    await database.run(stage.people_of, vault, 5)
    await database.run(stage.staff_of)
    number: int = await database.run(stage.draft)
    split = Split(takes_late=takes_late, holdout=50)
    await database.run(drafting.split, number, split, WRITER, NOW)
    await stage.frozen(database, number)
    await database.run(states.look, number, SECOND, NOW)
    await database.run(states.approve, number, SECOND, NOW)
    return number


def _listed(session: Session, number: int) -> dict[str, int]:
    r = _RECIPIENTS.c
    query = select(r.person_id, r.wave).where(r.campaign_id == number)
    return {row[0]: row[1] for row in session.execute(query)}


async def test_who_fits_later_is_added_and_nobody_twice(database: Database, vault: Vault) -> None:
    number = await _open(database, vault)
    await database.run(_more, vault)
    await late.take_in(database, OFFICE, number, FAKE, LATER)
    assert await late.take_in(database, OFFICE, number, FAKE, LATER) == 0
    listed = await database.read(_listed, number)
    assert {who for who, wave in listed.items() if wave == LATE} == {"q0", "q1", "q2", "q3"}
    assert len(listed) == 9


async def test_it_is_still_what_was_agreed_to(database: Database, vault: Vault) -> None:
    number = await _open(database, vault)
    await database.run(_more, vault)
    await late.take_in(database, OFFICE, number, FAKE, LATER)
    found = await database.read(drafting.found, number)
    assert (found.state, found.approved_by) == ("approved", SECOND)


@pytest.mark.parametrize("why", ["no_late", "stopped", "over"])
async def test_a_campaign_that_takes_nobody_more_says_so(
    database: Database, vault: Vault, why: str
) -> None:
    number = await _open(database, vault, takes_late=why != "no_late")
    if why == "stopped":
        await database.run(states.stop, number, SECOND, NOW, "")
    at = NOW + timedelta(days=60) if why == "over" else LATER
    with pytest.raises(CampaignRefused, match="补"):
        await late.take_in(database, OFFICE, number, FAKE, at)
    assert await late.take_in_all(database, OFFICE, FAKE, at) == 0


def _more(session: Session, vault: Vault) -> None:
    """Four more who work away."""
    stage.people_of(session, vault, 4, name="q{}")


async def test_who_wrote_after_their_wave_is_counted_beside_those_held_out(
    database: Database, vault: Vault
) -> None:
    number = await _open(database, vault)
    wave = (await database.read(drafts.waves, number))[0].at
    for n in range(5):
        await database.run(_write, f"p{n:03}", wave + timedelta(hours=n))
    await database.run(_leave, number, wave)
    campaign = await database.read(drafting.found, number)
    found = await database.read(effect.measure, campaign, 14, wave + timedelta(days=15))
    assert found is not None
    assert found.written.wrote == found.written.people
    assert found.written.people + found.held_out.people == 5
    assert "看不出差别" in "\n".join(effect.lines(found))


def _leave(session: Session, number: int, at: datetime) -> None:
    """Everything that is due leaves."""
    feeding.feed(session, number, "fake", 99, at)
    session.execute(update(OutboxRow).values(state=OutboxState.SENT.value))


async def test_what_is_due_and_did_not_leave_has_no_effect(
    database: Database, vault: Vault
) -> None:
    number = await _open(database, vault)
    wave = (await database.read(drafts.waves, number))[0].at
    await database.run(feeding.feed, number, "fake", 99, wave)
    await database.run(_write, "p000", wave + timedelta(hours=1))
    campaign = await database.read(drafting.found, number)
    assert await database.read(effect.measure, campaign, 14, wave + timedelta(days=1)) is None


def _write(session: Session, chat: str, at: datetime) -> None:
    inbound.store(session, [NewInbound("fake", chat, f"fake:{chat}", 1, b"", at, at)])


async def test_before_the_first_wave_there_is_no_effect(database: Database, vault: Vault) -> None:
    number = await _open(database, vault)
    campaign = await database.read(drafting.found, number)
    assert await database.read(effect.measure, campaign, 14, NOW) is None


@pytest.mark.parametrize(
    ("ours", "others", "is_clear"),
    [((30, 100), (10, 100), True), ((3, 10), (1, 10), False), ((0, 0), (0, 0), False)],
)
def test_a_difference_is_only_claimed_where_it_is_clear(
    ours: tuple[int, int], others: tuple[int, int], is_clear: bool
) -> None:
    least, most = effect.difference(ours, others)
    assert least <= most
    assert (least > 0) is is_clear
