"""Whatever queues it: nobody gets more than the caps allow, nor at the wrong hour (M-10)."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest

from outreach.calendars import CHINA, is_quiet
from outreach.caps import RULES, judge, opens, over_caps
from outreach.pushes import a_push
from records import caps, consents, inbound, outbox, people, push_days, reminders, sending, stops
from records.account_links import AccountLink
from records.caps import CappedClaim, Known, Verdict
from records.consents import CORE, PUSH, Said
from records.database import Database, Session
from records.group_tasks import GroupTask, GroupTaskTarget
from records.messages import Priority
from records.outbox import OutboxState
from records.people import Entered
from records.push_days import Past
from records.reminders import Kind, Reminder
from records.sending import Claim
from records.stops import StopReason
from records.vault import Vault
from records.waits import Wait
from records.wishes import Wish
from tests.support.builders import an_inbound, an_outgoing

VAULT = Vault("for tests")
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=CHINA)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def _past(*days_ago: int, batch: bool = False) -> tuple[Past, ...]:
    midnight = NOON.replace(hour=0)
    return tuple(Past(midnight - n * DAY, f"old/{n}", batch, NOON - n * DAY) for n in days_ago)


@pytest.mark.parametrize(
    ("days_ago", "days"),
    [
        ((), 0),
        ((1,), 0),
        ((0,), 1),
        ((1, 2, 6), 1),
        ((1, 2, 7), 0),
        ((1, 2, 3), 4),
        ((8, 9, 10, 11, 12, 13, 14, 29), 1),
        ((8, 9, 10, 11, 12, 13, 14, 30), 0),
    ],
)
def test_one_a_day_three_a_week_eight_a_month(days_ago: tuple[int, ...], days: int) -> None:
    verdict = judge("gap/1", Known(_past(*days_ago)), NOON)
    morning = NOON.replace(hour=8, minute=30) + days * DAY
    assert verdict == (Verdict(wait=morning) if days else Verdict())


@pytest.mark.parametrize(("days_ago", "days"), [((13,), 1), ((14,), 0), ((3,), 11)])
def test_one_recommendation_in_a_fortnight(days_ago: tuple[int, ...], days: int) -> None:
    known = Known(_past(*days_ago, batch=True), heard=NOON - HOUR)
    morning = NOON.replace(hour=8, minute=30) + days * DAY
    assert judge("elig/1", known, NOON) == (Verdict(wait=morning) if days else Verdict())
    assert judge("gap/1", known, NOON) == Verdict()


@pytest.mark.parametrize(
    ("heard", "stop"), [(None, "ignored"), (31, "ignored"), (29, ""), (1, "")]
)
def test_after_two_that_were_ignored_none_until_they_write(heard: int | None, stop: str) -> None:
    at = NOON - heard * DAY if heard is not None else None
    known = Known(_past(15, 30, batch=True), heard=at)
    assert judge("project/1", known, NOON).stop == stop
    assert judge("remind/1", known, NOON) == Verdict()


@pytest.mark.parametrize(
    ("known", "hour", "why"),
    [
        (Known(_past(0)), 12, Wait.CAPPED),
        (Known(_past(0), hours=frozenset({"evening"})), 12, Wait.CAPPED),
        (Known(hours=frozenset({"evening"})), 12, Wait.HOURS),
        (Known(hours=frozenset({"night_shift"})), 23, Wait.HOURS),
        (Known(wish=Wish(days=frozenset({6}))), 12, Wait.HOURS),
        (Known(), 21, Wait.QUIET),
        (Known(hours=frozenset({"day"})), 21, Wait.QUIET),
        (Known(_past(0)), 21, Wait.QUIET),
        (Known(wish=Wish(pause=NOON + 80 * DAY)), 12, Wait.WISHED),
        (Known(_past(0), wish=Wish(pause=NOON + 9 * DAY)), 21, Wait.WISHED),
    ],
)
def test_it_is_known_why_it_waits(known: Known, hour: int, why: Wait) -> None:
    assert judge("camp/1/p", known, NOON.replace(hour=hour)).why is why


def test_the_parts_of_a_message_go_on_one_day() -> None:
    known = Known((Past(NOON.replace(hour=0), "gap/1", False, NOON),))
    assert judge("gap/1/2", known, NOON) == Verdict()
    assert judge("gap/12", known, NOON) != Verdict()


@pytest.mark.parametrize(
    ("said", "at", "opens_at"),
    [
        (set(), "2026-11-24T12:00", "2026-11-24T12:00"),
        (set(), "2026-11-24T20:30", "2026-11-25T08:30"),
        ({"evening"}, "2026-11-24T12:00", "2026-11-24T18:00"),
        ({"evening"}, "2026-11-24T20:29", "2026-11-24T20:29"),
        ({"day"}, "2026-11-24T18:00", "2026-11-25T08:30"),
        ({"messages"}, "2026-11-24T18:00", "2026-11-24T18:00"),
        ({"night_shift"}, "2026-11-24T09:00", "2026-11-24T14:00"),
        ({"night_shift"}, "2026-11-24T22:00", "2026-11-25T14:00"),
        ({"day", "evening"}, "2026-11-24T09:00", "2026-11-24T09:00"),
        ({"evening"}, "2027-02-05T12:00", "2027-02-07T18:00"),  # 除夕
    ],
)
def test_everybody_has_their_own_hours(said: set[str], at: str, opens_at: str) -> None:
    now = datetime.fromisoformat(f"{at}:00+08:00")
    found = opens(now, frozenset(said))
    assert found == datetime.fromisoformat(f"{opens_at}:00+08:00")
    assert not is_quiet(found)


async def _claimed(
    database: Database,
    now: datetime,
    owner: str = "one",
    *,
    channel: str = "fake",
    limit: int = 50,
) -> list[str]:
    wish = CappedClaim(Claim(owner, (channel,), limit, now, is_quiet(now)), RULES)
    rows = await database.batch(caps.claim, wish)
    for row in rows:
        await database.batch(sending.settle, sending.Outcome(row.id, OutboxState.SENT, now))
    return sorted(row.dedupe_key for row in rows)


async def _push(database: Database, key: str, account: str = "fake:42") -> None:
    await database.run(outbox.enqueue, [a_push(VAULT, account, "有", key=key, now=NOON)])


def _sent(session: Session, customer: str, at: datetime) -> None:
    """A steward's broadcast has arrived."""
    task = GroupTask(
        key=f"{at:%d}/1",
        broadcast=f"{at:%d}",
        kind="single",
        steward="zhou",
        sealed=b"",
        state="confirmed",
        wanted_at=at,
        next_at=at,
    )
    session.add(task)
    session.flush()
    session.add(GroupTaskTarget(task_id=task.id or 0, target=customer, state="sent", sent_at=at))


def _talks(customer: str) -> list[str]:
    return [f"wecom_kf:wk1/{customer}"]


async def test_what_a_steward_sent_takes_the_day_as_well(database: Database) -> None:
    await database.run(_sent, "wm1", NOON)
    for number in (1, 2):
        await _push(database, f"gap/{number}", f"wecom_kf:wk1/wm{number}")
    assert await _claimed(database, NOON + HOUR, channel="wecom_kf") == ["gap/2"]
    assert await _claimed(database, NOON + DAY, channel="wecom_kf") == ["gap/1"]


async def test_who_was_pushed_to_gets_no_broadcast_on_that_day(database: Database) -> None:
    await _push(database, "gap/1", "wecom_kf:wk1/wm1")
    await _claimed(database, NOON, channel="wecom_kf")
    for at, over in ((NOON, {"wm1"}), (NOON + DAY, set())):
        assert await database.read(over_caps, ["wm1", "wm2"], _talks, at) == over


async def test_a_fourth_broadcast_in_a_week_is_one_too_many(database: Database) -> None:
    for days in range(3):
        await database.run(_sent, "wm1", NOON + 2 * days * DAY)
    for days, over in ((5, {"wm1"}), (7, set())):
        assert await database.read(over_caps, ["wm1"], _talks, NOON + days * DAY) == over


def _register(
    session: Session, name: str, account: str, hours: str = "messages", phone: str = "13900001234"
) -> None:
    said = (Said(CORE, True, NOON, "1"), Said(PUSH, True, NOON, "1"))
    entered = Entered(codes={"contact_time": hours}, texts={"phone": phone}, said=said)
    people.enter(session, VAULT, name, entered, at=NOON, account=account)
    consents.note(session, name, said, channel="fake")


def _link(session: Session, person: str, account: str, home: str) -> None:
    names = {"person_id": person, "account": account, "home": home, "proof": "code"}
    session.add(AccountLink(**names, linked_at=NOON))


async def test_the_second_of_a_day_waits_for_the_next(database: Database) -> None:
    for key in ("gap/1", "fix/1"):
        await _push(database, key)
    assert await _claimed(database, NOON) == ["gap/1"]
    assert await _claimed(database, NOON + HOUR) == []
    assert await _claimed(database, NOON + DAY) == ["fix/1"]


async def test_who_waits_for_another_day_keeps_nobody_behind_waiting(database: Database) -> None:
    for number in range(30):
        await _push(database, f"gap/{number}")
    await _claimed(database, NOON)
    for chat in ("43", "44"):
        await _push(database, f"gap/{chat}", f"fake:{chat}")
    assert await _claimed(database, NOON + DAY, limit=1) == ["gap/1"]
    assert await _claimed(database, NOON + DAY, limit=1) == ["gap/43"]
    assert await _claimed(database, NOON + DAY, limit=1) == ["gap/44"]


async def test_two_accounts_of_one_person_share_the_day(database: Database) -> None:
    await database.run(_register, "one", "fake:42")
    await database.run(_link, "one", "fake:43", "fake:42")
    await _push(database, "gap/1")
    await _push(database, "gap/2", "fake:43")
    assert await _claimed(database, NOON) == ["gap/1"]
    assert await _claimed(database, NOON + DAY) == ["gap/2"]


async def test_two_people_have_a_day_each(database: Database) -> None:
    await database.run(_register, "one", "fake:42")
    await database.run(_register, "two", "fake:43")
    await _push(database, "gap/1")
    await _push(database, "gap/2", "fake:43")
    assert await _claimed(database, NOON) == ["gap/1", "gap/2"]


async def test_two_senders_do_not_share_out_more_than_the_day_holds(
    database: Database, database_url: str
) -> None:
    await database.run(_register, "one", "fake:0")
    for number in range(1, 6):
        await database.run(_link, "one", f"fake:{number}", "fake:0")
    for number in range(6):
        await _push(database, f"gap/{number}", f"fake:{number}")
    other = Database(database_url)
    found = await asyncio.gather(_claimed(database, NOON), _claimed(other, NOON, "two"))
    await other.close()
    assert sum(map(len, found)) == 1


async def test_who_said_stop_after_it_was_queued_does_not_get_it(database: Database) -> None:
    await database.run(_register, "one", "fake:42")
    await _push(database, "gap/1")
    phone = VAULT.fingerprint("13900001234")
    await database.run(lambda s: stops.stop(s, [phone], reason=StopReason.ASKED, since=NOON))
    assert await _claimed(database, NOON) == []
    assert await database.read(outbox.counts) == {"stopped": 1}


async def test_who_took_back_the_consent_gets_no_recommendation(database: Database) -> None:
    await database.run(_register, "one", "fake:42")
    await database.run(lambda s: consents.end(s, "one", at=NOON))
    await _push(database, "elig/1")
    assert await _claimed(database, NOON) == []
    assert await database.read(outbox.counts) == {"stopped": 1}


async def test_evenings_are_the_evening_s(database: Database) -> None:
    await database.run(_register, "one", "fake:42", "evening")
    await _push(database, "elig/1")
    assert await _claimed(database, NOON) == []
    assert await _claimed(database, NOON + 6 * HOUR) == ["elig/1"]


async def test_who_writes_is_recommended_to_again(database: Database) -> None:
    await database.run(_register, "one", "fake:42")
    for number in range(2):
        await _push(database, f"elig/{number}")
        assert await _claimed(database, NOON + number * 14 * DAY) == [f"elig/{number}"]
    await _push(database, "elig/8")
    assert await _claimed(database, NOON + 28 * DAY) == []
    await database.batch(inbound.store, an_inbound(NOON + 29 * DAY, channel="fake"))
    await _push(database, "elig/9")
    assert await _claimed(database, NOON + 30 * DAY) == ["elig/9"]


async def test_what_is_tried_again_counts_from_the_try_that_reached_them(
    database: Database,
) -> None:
    await database.run(_register, "one", "fake:42")
    await _push(database, "elig/1")
    wish = CappedClaim(Claim("one", ("fake",), 50, NOON, False), RULES)
    row = (await database.batch(caps.claim, wish))[0]
    again = sending.Outcome(row.id, OutboxState.QUEUED, NOON, due=NOON + HOUR)
    await database.batch(sending.settle, again)
    assert await _claimed(database, NOON + HOUR) == ["elig/1"]
    found = await database.read(push_days.past_of, ["one", "fake:42"], NOON - DAY)
    assert {past.at for mine in found.values() for past in mine} == {NOON + HOUR}


async def test_a_reminder_whose_time_is_over_does_not_leave(database: Database) -> None:
    found = Reminder("course/7", "account:fake:42", Kind.COURSE, NOON, NOON + HOUR, "明天")
    await database.run(reminders.plan, VAULT, found, NOON)
    await _push(database, "remind/1")
    await database.run(
        lambda s: reminders.settle(
            s, ["course/7"], reminders.State.QUEUED, NOON, outbox_key="remind/1"
        )
    )
    assert await _claimed(database, NOON + HOUR) == []
    assert await database.read(outbox.counts) == {"stopped": 1}


async def test_replies_are_not_counted(database: Database) -> None:
    for key in ("reply/1", "reply/2", "reply/3"):
        await database.run(outbox.enqueue, [an_outgoing(NOON, key=key)])
        assert await _claimed(database, NOON) == [key]
    await _push(database, "gap/1")
    assert await _claimed(database, NOON) == ["gap/1"]


async def _news(database: Database, key: str, at: datetime = NOON) -> None:
    news = an_outgoing(at, key=key, priority=Priority.NEWS)
    await database.run(outbox.enqueue, [news])


async def test_news_of_a_request_takes_the_day_and_is_never_held_up(database: Database) -> None:
    await _push(database, "gap/1")
    assert await _claimed(database, NOON) == ["gap/1"]
    for number in range(3):
        await _news(database, f"news/{number}")
        assert await _claimed(database, NOON) == [f"news/{number}"]
    await _news(database, "news/9", NOON + DAY)
    await _push(database, "gap/2")
    assert await _claimed(database, NOON + DAY) == ["news/9"]
    assert await _claimed(database, NOON + 2 * DAY) == ["gap/2"]


@pytest.mark.parametrize(
    ("hours", "at", "opens_at"),
    [("messages", 21, 20.5), ("night_shift", 9, 2), ("evening", 9, 6)],
)
async def test_news_keeps_quiet_hours_and_ones_own(
    database: Database, hours: str, at: int, opens_at: float
) -> None:
    await database.run(_register, "one", "fake:42", hours)
    await _news(database, "news/1")
    assert await _claimed(database, NOON + (at - 12) * HOUR) == []
    assert await _claimed(database, NOON + opens_at * HOUR) == ["news/1"]


async def test_stop_does_not_silence_what_somebody_waits_for(database: Database) -> None:
    await database.run(lambda s: stops.stop(s, ["fake:42"], reason=StopReason.ASKED, since=NOON))
    await _news(database, "news/1")
    assert await _claimed(database, NOON) == ["news/1"]


async def test_a_message_of_two_parts_is_not_begun_at_the_end_of_the_evening(
    database: Database,
) -> None:
    for key in ("gap/7/42", "gap/7/42/2"):
        await _push(database, key)
    assert await _claimed(database, NOON + 8.4 * HOUR) == []
    assert await _claimed(database, NOON + 20.5 * HOUR) == ["gap/7/42"]
    assert await _claimed(database, NOON + 20.5 * HOUR) == ["gap/7/42/2"]


async def test_a_part_that_was_left_behind_takes_no_day_of_its_own(database: Database) -> None:
    for key in ("gap/7/42", "gap/7/42/2", "gap/8"):
        await _push(database, key)
    assert await _claimed(database, NOON) == ["gap/7/42"]
    assert await _claimed(database, NOON + DAY) == ["gap/7/42/2"]
    assert await _claimed(database, NOON + DAY) == ["gap/8"]
