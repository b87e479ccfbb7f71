"""Who learns of a request, when, and only once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from outreach import alerts
from outreach.alerts import Alert
from outreach.calendars import CHINA, after_quiet
from records import outbox, sending, staff_accounts, tickets
from records.database import Database, Session
from records.messages import Priority
from records.outbox import Claimed
from records.sending import Claim
from records.staff_accounts import StaffRole
from records.tickets import Author, NewTicket, TicketKind
from records.vault import Vault

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=CHINA)
NIGHT = datetime(2026, 11, 23, 23, 0, tzinfo=CHINA)
MORNING = datetime(2026, 11, 24, 8, 30, tzinfo=CHINA)
CHANNELS = ("wecom_app", "wecom_robot", "telegram")


async def _staff(
    database: Database, name: str, *accounts: str, area: str = "", **given: Any
) -> None:
    def work(session: Session) -> None:
        role = given.get("role", StaffRole.STAFF)
        staff_accounts.add(session, name, role=role, area=area, at=NOON, actor="staff:terminal")
        for account in accounts:
            staff_accounts.bind(session, name, account, at=NOON, actor="staff:terminal")

    await database.run(work)


async def _tell(
    database: Database, vault: Vault, at: datetime, *, is_urgent: bool = False, area: str = ""
) -> None:
    kind = TicketKind.DANGER if is_urgent else TicketKind.TALK
    alert = Alert("G7K2M4", kind, area, "定陶区", is_urgent)

    def work(session: Session) -> None:
        alerts.tell(session, vault, alert, robot="alerts", now=at)

    await database.run(work)


async def _due(database: Database, at: datetime) -> list[Claimed]:
    [rows] = await database.run(sending.claim, [Claim("t", CHANNELS, 50, at)])
    return rows


async def _told(database: Database, at: datetime) -> set[str]:
    return {row.conversation for row in await _due(database, at)}


async def test_staff_of_the_area_and_the_group_learn_of_it_at_once(
    database: Database, vault: Vault
) -> None:
    await _staff(database, "小刘", "wecom_app:liu", area="371703")
    await _staff(database, "老周", "wecom_app:zhou", area="430381")
    await _staff(database, "老张", "wecom_app:zhang", role=StaffRole.MENTOR)
    await _staff(database, "市里", "wecom_app:city", area="371700")
    await _tell(database, vault, NOON, area="371703")
    told = await _told(database, NOON)
    assert told == {"wecom_app:liu", "wecom_robot:alerts"}  # the city reads totals


async def test_the_city_learns_of_a_request_that_nobody_there_can_read(
    database: Database, vault: Vault
) -> None:
    await _staff(database, "市里", "wecom_app:city", area="371700")
    await _staff(database, "老周", "wecom_app:zhou", area="430381")
    await _tell(database, vault, NOON, area="371703")
    [told] = [row for row in await _due(database, NOON) if row.channel == "wecom_app"]
    assert "请给那里加一位工作人员" in str(vault.open(told.payload)["text"])


async def test_who_is_bound_on_several_accounts_is_told_in_the_app(
    database: Database, vault: Vault
) -> None:
    await _staff(database, "小刘", "telegram:7", "wecom_app:liu")
    await _tell(database, vault, NOON)
    assert "telegram:7" not in await _told(database, NOON)


@pytest.mark.parametrize(("is_urgent", "count"), [(False, 0), (True, 2)])
async def test_nobody_is_woken_but_for_danger(
    database: Database, vault: Vault, is_urgent: bool, count: int
) -> None:
    await _staff(database, "小刘", "wecom_app:liu")
    await _tell(database, vault, NIGHT, is_urgent=is_urgent)
    assert len(await _due(database, NIGHT)) == count
    assert len(await _due(database, MORNING)) == 2 - count


async def test_danger_does_not_wait_behind_what_waits_for_the_morning(
    database: Database, vault: Vault
) -> None:
    await _staff(database, "小刘", "wecom_app:liu")
    await _tell(database, vault, NIGHT)
    await _tell(database, vault, NIGHT, is_urgent=True)
    assert await _told(database, NIGHT) == {"wecom_app:liu", "wecom_robot:alerts"}


async def test_the_same_is_told_once_and_again_when_it_becomes_urgent(
    database: Database, vault: Vault
) -> None:
    await _staff(database, "小刘", "telegram:7")
    for is_urgent in (False, False, True, True):
        await _tell(database, vault, NOON, is_urgent=is_urgent)
    assert (await database.read(outbox.counts)) == {"queued": 4}


async def test_an_alert_is_a_notice_that_offers_what_can_be_done(
    database: Database, vault: Vault
) -> None:
    await _staff(database, "小刘", "telegram:7")
    await _tell(database, vault, NOON)
    row = next(row for row in await _due(database, NOON) if row.channel == "telegram")
    message = outbox.as_outgoing(row, vault)
    assert message.priority is Priority.NOTICE
    words = ["看", "接", "回", "完"]
    assert [option.value for option in message.options] == [f"{w} G7K2M4" for w in words]


@pytest.mark.parametrize(("since", "is_at_once"), [(1, True), (3, False)])
async def test_at_night_words_are_passed_on_while_the_talk_goes_on(
    database: Database, vault: Vault, since: int, is_at_once: bool
) -> None:
    await _staff(database, "小刘", "wecom_app:liu")

    def work(session: Session) -> None:
        new, then = NewTicket("G7K2M4", TicketKind.TALK, "人工"), NIGHT - timedelta(hours=since)
        tickets.raise_ticket(session, vault, new, channel="telegram", chat="42", at=then)
        tickets.take(session, "G7K2M4", staff="小刘", at=then)
        tickets.add_line(session, vault, "G7K2M4", author=Author.STAFF, text="您说", at=then)
        alerts.relay(session, vault, "G7K2M4", "陈集镇的", key="said:2", now=NIGHT)

    await database.run(work)
    assert bool(await _due(database, NIGHT)) is is_at_once
    assert bool(await _due(database, MORNING)) is not is_at_once


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        (NOON, NOON),
        (NIGHT, MORNING),
        (datetime(2026, 11, 24, 3, 0, tzinfo=CHINA), MORNING),
        (
            datetime(2027, 2, 5, 19, 0, tzinfo=CHINA),
            datetime(2027, 2, 7, 8, 30, tzinfo=CHINA),
        ),
    ],
    ids=["by day", "evening", "before dawn", "eve of the festival"],
)
def test_the_night_and_the_festival_end_in_the_morning(at: datetime, opens: datetime) -> None:
    assert after_quiet(at) == opens
