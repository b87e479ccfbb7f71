"""Whom an invitation is for, and how one that is going out is stopped (domain M-11)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from handlers.events.words import Choose, Switch, desk_wish_of
from outreach import reminders as sending
from outreach.calendars import CHINA
from outreach.caps import RULES
from outreach.events import audience, halting, inviting
from outreach.events.audience import Audience, AudienceUnclear
from outreach.events.halting import Fate
from outreach.events.inviting import EventRefused
from records import caps, consents, courses, events, people, standings
from records.caps import CappedClaim
from records.consents import CORE, PUSH, Said
from records.courses import Level, NewCourse, Seat, Topic
from records.database import Database, Session
from records.events import Answer, EventKind, Halt, NewEvent
from records.outbox import OutboxRow, OutboxState
from records.people import Entered
from records.sending import Claim, Outcome, settle
from records.standings import Tier
from records.vault import Vault

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=CHINA)
SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)

# id → where they are, city, intent, what they do, what they want to do
PEOPLE = {
    "wei": ("away", "广东广州", "ready", "", ["farming"]),
    "hua": ("away", "江苏苏州", "thinking", "", ["online", "shop"]),
    "mei": ("returned", "", "running", "farming", []),
    "jun": ("stayed", "", "not_returning", "", []),
}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", Audience()),
        ("在广州", Audience(cities=("广州",))),
        ("请在广州的人，在苏州", Audience(cities=("广州", "苏州"))),
        ("在家", Audience(where_now=frozenset({"returned", "stayed"}))),
        ("想创业的", Audience(intents=frozenset({"ready", "thinking"}))),
        ("做养殖的 电商", Audience(trades=frozenset({"farming", "online"}))),
        ("重点乡贤、入选乡贤", Audience(tiers=frozenset({Tier.KEY, Tier.SELECTED}))),
        ("课3学员 课 4", None),
        ("课3学员 课4", Audience(courses=frozenset({3, 4}))),
        ("13700001234", Audience(named=("13700001234",))),
        ("高个子", None),
    ],
)
def test_an_audience_is_read_from_plain_words(text: str, found: Audience | None) -> None:
    if found is None:
        with pytest.raises(AudienceUnclear):
            audience.read(text)
    else:
        assert audience.read(text) == found


def _register(session: Session, vault: Vault) -> None:
    said = tuple(Said(kind, True, NOON, "1") for kind in (CORE, PUSH))
    for number, (name, (where, city, intent, does, wants)) in enumerate(PEOPLE.items()):
        codes = {"where_now": where, "intent": intent, "biz_kind": does, "want_kind": wants}
        texts = {"nickname": name, "where_city": city, "phone": f"1370000000{number}"}
        entered = Entered(codes=codes, texts=texts, area="371703", said=said)
        people.enter(session, vault, name, entered, at=NOON, account=f"fake:{name}")
        consents.note(session, name, said, channel="fake")
    standings.place(session, "hua", Tier.KEY, owner="小刘", by="小刘", at=NOON)
    day = NOON.date() - DAY
    told = NewCourse("养殖班", Topic.FARMING, Level.NOTHING, "371703", day, day, 20)
    courses.put(session, courses.add(session, told, NOON), "jun", Seat.CAME, NOON)


@pytest.fixture
async def event(database: Database, vault: Vault) -> int:
    await database.run(_register, vault)
    told = NewEvent(EventKind.TALK, "恳谈会", "371703", NOON + 20 * DAY, "小刘", "会馆")
    return await database.run(events.add, told, NOON)


def _choose(session: Session, number: int, words: str) -> None:
    inviting.choose(session, number, words, by="小刘", now=NOON)


def _ask(session: Session, vault: Vault, number: int) -> inviting.Sent:
    return inviting.ask(session, vault, number, by="小刘", now=NOON)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", {"wei", "hua", "mei", "jun"}),
        ("在广州 在苏州", {"wei", "hua"}),
        ("在外 想创业 种养", {"wei"}),
        ("种养", {"wei", "mei"}),
        ("电商", {"hua"}),
        ("在家", {"mei", "jun"}),
        ("重点乡贤", {"hua"}),
        ("登记乡贤", set()),
        ("课1", {"jun"}),
        ("13700000002", {"mei"}),
        ("在广州 13700000003", {"wei", "jun"}),
    ],
)
async def test_only_whom_the_words_mean_are_invited(
    database: Database, vault: Vault, event: int, words: str, found: set[str]
) -> None:
    await database.run(_choose, event, words)
    await database.run(_ask, vault, event)
    assert {one.person_id for one in await database.read(events.guests, event)} == found


async def test_another_audience_has_to_be_agreed_to_anew(database: Database, event: int) -> None:
    await database.run(lambda s: events.change(s, event, asked_by="小刘"))
    await database.run(_choose, event, "在广州")
    found = await database.read(events.find, event)
    assert found is not None
    assert (found.asked_by, found.audience) == ("", "在广州")


async def _send(database: Database, vault: Vault, now: datetime, most: int = 50) -> list[str]:
    """What leaves at a moment: at most so many messages."""
    await sending.send_due(database, vault, now)
    wish = CappedClaim(Claim("one", ("fake",), most, now), RULES)
    rows = await database.batch(caps.claim, wish)
    for row in rows:
        await database.batch(settle, Outcome(row.id, OutboxState.SENT, now))
    return sorted(row.chat for row in rows)


async def _halt(database: Database, event: int, now: datetime, *, for_good: bool = False) -> int:
    return await database.run(
        lambda s: halting.halt(s, event, for_good=for_good, by="老张", now=now)
    )


async def _fates(database: Database, number: int) -> dict[str, Fate]:
    found = await database.read(events.find, number)
    assert found is not None
    return dict(await database.read(halting.fates, found))


async def test_what_is_paused_stays_and_goes_on_once(
    database: Database, vault: Vault, event: int
) -> None:
    await database.run(_ask, vault, event)
    first = await _send(database, vault, NOON, most=1)
    assert await _halt(database, event, NOON + SECOND) == 3
    assert await _send(database, vault, NOON + DAY) == []
    fates = await _fates(database, event)
    assert sorted(fates.values()) == sorted([Fate.GOT, *[Fate.HALTED] * 3])
    going_on = await database.run(_resume, vault, event, NOON + DAY)
    rest = await _send(database, vault, NOON + DAY + 2 * MINUTE)
    assert (len(first), going_on, len(rest)) == (1, 3, 3)
    assert set(first) | set(rest) == set(PEOPLE)
    assert await _send(database, vault, NOON + 3 * DAY) == []


def _resume(session: Session, vault: Vault, event: int, now: datetime) -> int:
    return halting.resume(session, vault, event, by="老张", now=now)


async def test_what_is_queued_while_it_is_stopped_does_not_leave(
    database: Database, vault: Vault, event: int
) -> None:
    await database.run(_ask, vault, event)
    await sending.send_due(database, vault, NOON)
    await _halt(database, event, NOON + SECOND, for_good=True)
    again = update(OutboxRow).values(state=OutboxState.QUEUED.value)  # as one that overtook it
    await database.run(lambda s: s.execute(again) and None)
    wish = CappedClaim(Claim("one", ("fake",), 50, NOON + MINUTE), RULES)
    assert await database.batch(caps.claim, wish) == []
    assert set((await _fates(database, event)).values()) == {Fate.HALTED}


async def test_what_is_stopped_does_not_go_on(
    database: Database, vault: Vault, event: int
) -> None:
    await database.run(_ask, vault, event)
    await _halt(database, event, NOON, for_good=True)
    for again in (_halt(database, event, NOON), database.run(_resume, vault, event, NOON)):
        with pytest.raises(EventRefused):
            await again
    assert await _send(database, vault, NOON + DAY) == []


async def test_nothing_is_paused_that_was_not_sent(database: Database, event: int) -> None:
    with pytest.raises(EventRefused):
        await _halt(database, event, NOON)


async def test_pausing_again_and_again_sends_nothing_twice(
    database: Database, vault: Vault, event: int
) -> None:
    await database.run(_ask, vault, event)
    got: list[str] = []
    for minute in range(0, 40, 5):
        now = NOON + minute * MINUTE
        got += await _send(database, vault, now, most=1)
        await _halt(database, event, now)
        await database.run(_resume, vault, event, now)
    assert sorted(got) == sorted(PEOPLE)


async def test_who_answered_before_the_stop_got_theirs(
    database: Database, vault: Vault, event: int
) -> None:
    await database.run(_ask, vault, event)
    await _send(database, vault, NOON)
    await database.run(inviting.answered, vault, event, "wei", Answer.YES, NOON)
    await _halt(database, event, NOON + SECOND)
    assert await _fates(database, event) == dict.fromkeys(PEOPLE, Fate.GOT)
    assert (await database.read(_states))["sent"] == len(PEOPLE)


def _states(session: Session) -> dict[str, int]:
    found = list(session.execute(select(OutboxRow)).scalars())
    return {state: [row.state for row in found].count(state) for state in ("sent", "stopped")}


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("请谁 3 在广州 种养", Choose(3, "在广州 种养")),
        ("请谁 活动3：重点乡贤", Choose(3, "重点乡贤")),
        ("请谁 3 所有人", Choose(3, "")),
        ("暂停请人 3", Switch(3, Halt.PAUSED)),
        ("停止请柬 活动3", Switch(3, Halt.STOPPED)),
        ("继续请人 3", Switch(3, Halt.NONE)),
        ("停", None),
        ("请谁帮我", None),
    ],
)
def test_lines_of_staff_choose_and_switch(text: str, wish: object) -> None:
    assert desk_wish_of(text, NOON) == wish
