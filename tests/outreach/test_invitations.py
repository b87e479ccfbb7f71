"""Invitations go by the road of campaigns: whom, agreed to by whom, halted, counted (M-11)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from handlers.campaigns.words import Do
from handlers.campaigns.words import wish_of as push_wish_of
from handlers.events.words import Choose, Switch, desk_wish_of
from handlers.state import State
from matching.audience.parsing import AudienceFault
from outreach.calendars import CHINA
from outreach.campaigns import asking, freezing, states
from outreach.campaigns.feeding import feed, start_due
from outreach.campaigns.refusing import CampaignRefused
from outreach.campaigns.states import Act
from outreach.campaigns.wording import Wording
from outreach.caps import RULES
from outreach.events import account, inviting
from outreach.events.account import Fate
from outreach.events.inviting import EventRefused
from records import (
    campaign_drafts,
    caps,
    consents,
    courses,
    events,
    ledger,
    outbox,
    people,
    standings,
    wishes,
)
from records.campaigns import Campaign, CampaignState
from records.caps import CappedClaim
from records.consents import CORE, PUSH, Said
from records.courses import Level, NewCourse, Seat, Topic
from records.database import Database, Session
from records.events import Answer, EventKind, NewEvent
from records.ledger import Stand
from records.outbox import Claimed, OutboxState
from records.people import Entered
from records.sending import Claim, Outcome, settle
from records.standings import Tier
from records.vault import Vault
from records.wishes import Wanted
from tests.support import campaign_stage as stage
from tests.support.builders import a_conversation
from tests.support.campaign_stage import DINGTAO, FAKE, OFFICE, SECOND, STRANGER, WRITER

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=CHINA)
SECONDS, DAY = timedelta(seconds=1), timedelta(days=1)

# id → where they are, city, intent, what they do, what they want to do
PEOPLE = {
    "wei": ("away", "440100", "ready", "", ["farming"]),
    "hua": ("away", "320500", "thinking", "", ["online", "shop"]),
    "mei": ("returned", "", "running", "farming", []),
    "jun": ("stayed", "", "not_returning", "", []),
}


def _register(session: Session, vault: Vault) -> None:
    stage.staff_of(session, NOON)
    said = tuple(Said(kind, True, NOON, "1") for kind in (CORE, PUSH))
    for number, (name, (where, city, intent, does, wants)) in enumerate(PEOPLE.items()):
        codes: dict[str, object] = {"where_now": where, "where_area": city, "intent": intent}
        codes |= {"biz_kind": does, "want_kind": wants}
        texts = {"nickname": name, "phone": f"1370000000{number}"}
        entered = Entered(codes=codes, texts=texts, area=DINGTAO, said=said)
        people.enter(session, vault, name, entered, at=NOON, account=f"fake:{name}")
        consents.note(session, name, said, channel="fake")
        talk = a_conversation(NOON, chat=name)
        talk.state = vault.seal(State().as_dict())
        session.add(talk)
    standings.place(session, "hua", Tier.KEY, owner=WRITER, by=WRITER, at=NOON)
    day = NOON.date() - DAY
    told = NewCourse("养殖班", Topic.FARMING, Level.NOTHING, DINGTAO, day, day, 20)
    courses.put(session, courses.add(session, told, NOON), "jun", Seat.CAME, NOON)


def _add(session: Session, city: str = "") -> int:
    at = NOON + 20 * DAY
    told = NewEvent(EventKind.TALK, "恳谈会", DINGTAO, at, WRITER, "会馆", city)
    return events.add(session, told, NOON)


@pytest.fixture
async def event(database: Database, vault: Vault) -> int:
    await database.run(_register, vault)
    return await database.run(_add)


def _choose(session: Session, number: int, words: str, by: str = WRITER) -> None:
    inviting.choose(session, OFFICE, number, words, by=by, now=NOON)


def _ask(session: Session, number: int, by: str = WRITER) -> None:
    inviting.ask(session, number, by=by, now=NOON)


def _switch(session: Session, number: int, act: Act, now: datetime) -> None:
    inviting.switch(session, number, act, by=WRITER, now=now)


def _campaign(session: Session, number: int) -> Campaign:
    found = campaign_drafts.of_event(session, number)
    assert found is not None
    return found


async def _freeze(database: Database, vault: Vault, number: int, now: datetime = NOON) -> int:
    """The list is frozen, and who has to be asked is; how many of them were told."""
    campaign = (await database.read(_campaign, number)).id or 0
    assert await freezing.freeze(database, OFFICE, campaign, FAKE, now)
    return await database.run(asking.ask_a_second, vault, campaign, now)


async def _invite(database: Database, vault: Vault, number: int) -> None:
    await database.run(_ask, number)
    await _freeze(database, vault, number)


async def _guests(database: Database, number: int) -> set[str]:
    return {one.person_id for one in await database.read(events.guests, number)}


async def _claimed(database: Database, vault: Vault, now: datetime, most: int) -> list[Claimed]:
    await database.run(start_due, now)
    await database.run(feed, "fake", 60, now)
    claim = Claim("one", ("fake",), most, now)
    return await database.batch(caps.claim, CappedClaim(claim, RULES, Wording(vault).worded))


async def _send(database: Database, vault: Vault, now: datetime, most: int = 60) -> list[str]:
    """What leaves at a moment: at most so many messages."""
    rows = await _claimed(database, vault, now, most)
    for row in rows:
        await database.batch(settle, Outcome(row.id, OutboxState.SENT, now))
    return sorted(row.chat for row in rows)


async def _fates(database: Database, number: int) -> dict[str, Fate]:
    campaign = await database.read(_campaign, number)
    return dict(await database.read(account.fates, campaign))


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", set(PEOPLE)),
        ("在广州、苏州", {"wei", "hua"}),
        ("在外 想创业 想做种养", {"wei"}),
        ("种养", {"wei", "mei"}),
        ("电商", {"hua"}),
        ("在家", {"mei", "jun"}),
        ("重点乡贤", {"hua"}),
        ("不（乡贤） 且 在外地", {"wei"}),
        ("课1", {"jun"}),
    ],
)
async def test_only_whom_the_words_mean_are_invited(
    database: Database, vault: Vault, event: int, words: str, found: set[str]
) -> None:
    await database.run(_choose, event, words)
    await _invite(database, vault, event)
    assert await _guests(database, event) == found


async def test_an_event_for_a_city_asks_who_works_there(database: Database, vault: Vault) -> None:
    await database.run(_register, vault)
    event = await database.run(_add, "广州")
    await _invite(database, vault, event)
    assert await _guests(database, event) == {"wei"}


@pytest.mark.parametrize(
    ("words", "place"), [("高个子", 1), ("在外地 且 高个子", 7), ("13700000002", 1)]
)
async def test_what_is_not_understood_is_named_with_its_place(
    database: Database, event: int, words: str, place: int
) -> None:
    told = await database.read(events.find, event)
    assert told is not None
    with pytest.raises(AudienceFault) as fault:
        await database.read(inviting.outlook, OFFICE, told, FAKE, NOON, words)
    assert fault.value.where == place


async def test_who_is_left_out_is_counted_by_reason_beforehand(
    database: Database, vault: Vault, event: int
) -> None:
    refused = (Said(PUSH, False, NOON, "1"),)
    await database.run(lambda s: consents.note(s, "mei", refused, channel="fake"))
    told = await database.read(events.find, event)
    assert told is not None
    _, seen = await database.read(inviting.outlook, OFFICE, told, FAKE, NOON, "")
    assert (seen.selected, seen.planned, seen.left_out) == (4, 3, {"not_agreed": 1})


async def test_a_few_are_invited_without_a_second(
    database: Database, vault: Vault, event: int
) -> None:
    await _invite(database, vault, event)
    found = await database.read(_campaign, event)
    assert (found.kind, found.state, found.approved_by) == ("invitation", "approved", WRITER)
    assert await _send(database, vault, NOON + SECONDS) == sorted(PEOPLE)


async def test_an_invitation_to_nobody_is_a_draft_again(
    database: Database, vault: Vault, event: int
) -> None:
    await database.run(_choose, event, "入选乡贤")
    await _invite(database, vault, event)
    assert (await database.read(_campaign, event)).state == CampaignState.DRAFT
    assert not await _guests(database, event)
    told = [one.chat for one in await database.read(_queued)]
    assert told == [WRITER]


def _queued(session: Session) -> list[outbox.OutboxRow]:
    return list(session.execute(select(outbox.OutboxRow)).scalars())


@pytest.fixture
async def many(database: Database, vault: Vault) -> int:
    """An event to which fifty-one are to be asked, whose list is frozen."""
    await database.run(stage.staff_of, NOON)
    await database.run(stage.people_of, vault, 51, NOON)
    event = await database.run(_add)
    await database.run(_ask, event)
    assert await _freeze(database, vault, event) == 1
    return event


async def _approve(database: Database, event: int, by: str) -> None:
    campaign = (await database.read(_campaign, event)).id or 0
    await database.run(states.look, campaign, by, NOON)
    await database.run(states.approve, campaign, by, NOON)


async def test_many_wait_for_a_second_of_the_county(
    database: Database, vault: Vault, many: int
) -> None:
    assert [one.chat for one in await database.read(_queued)] == [SECOND]
    for by in (WRITER, STRANGER):
        with pytest.raises(CampaignRefused):
            await _approve(database, many, by)
    assert not await _guests(database, many)
    await _approve(database, many, SECOND)
    assert len(await _guests(database, many)) == 51
    assert len(await _send(database, vault, NOON + SECONDS)) == 52


async def test_other_words_void_what_was_asked_for(database: Database, many: int) -> None:
    await database.run(_choose, many, "在广州")
    with pytest.raises(CampaignRefused):
        await _approve(database, many, SECOND)
    found = await database.read(_campaign, many)
    assert (found.state, found.audience, found.digest) == ("draft", "在广州", "")


async def test_nobody_is_invited_twice(database: Database, vault: Vault, event: int) -> None:
    await _invite(database, vault, event)
    for again in (_ask, _choose):
        arguments = (event,) if again is _ask else (event, "在广州")
        with pytest.raises((EventRefused, CampaignRefused)):
            await database.run(again, *arguments)


async def test_only_who_runs_events_there_may_invite(database: Database, event: int) -> None:
    with pytest.raises(CampaignRefused):
        await database.run(_ask, event, STRANGER)


async def test_an_invitation_is_answered_by_a_digit(
    database: Database, vault: Vault, event: int
) -> None:
    await _invite(database, vault, event)
    rows = await _claimed(database, vault, NOON, 9)
    said = outbox.as_outgoing(rows[0], vault)
    assert [way.value for way in said.options] == [f"来 活动{event}", f"不来 活动{event}"]
    assert said.text.startswith("请您来恳谈会：12月14日12点，会馆。")


async def test_what_is_paused_stays_and_goes_on_once(
    database: Database, vault: Vault, event: int
) -> None:
    await _invite(database, vault, event)
    first = await _send(database, vault, NOON, most=1)
    await database.run(_switch, event, Act.PAUSE, NOON + SECONDS)
    assert await _send(database, vault, NOON + DAY) == []
    fates = await _fates(database, event)
    assert sorted(fates.values()) == sorted([Fate.GOT, *[Fate.HALTED] * 3])
    await database.run(_switch, event, Act.RESUME, NOON + DAY)
    rest = await _send(database, vault, NOON + DAY)
    assert sorted((*first, *rest)) == sorted(PEOPLE)
    assert await _send(database, vault, NOON + 3 * DAY) == []


async def test_what_is_stopped_does_not_go_on(
    database: Database, vault: Vault, event: int
) -> None:
    await _invite(database, vault, event)
    await _send(database, vault, NOON, most=1)
    await database.run(_switch, event, Act.STOP, NOON)
    for act in (Act.RESUME, Act.STOP):
        with pytest.raises(CampaignRefused):
            await database.run(_switch, event, act, NOON)
    assert await _send(database, vault, NOON + DAY) == []
    campaign = (await database.read(_campaign, event)).id or 0
    whole = (await database.read(ledger.figures, campaign)).whole
    assert whole == {Stand.SENT: 1, Stand.STOPPED: 3}


async def test_nothing_is_paused_that_was_not_sent(database: Database, event: int) -> None:
    with pytest.raises(EventRefused):
        await database.run(_switch, event, Act.PAUSE, NOON)


async def test_an_event_that_is_off_invites_nobody_more(
    database: Database, vault: Vault, event: int
) -> None:
    await _invite(database, vault, event)
    first = await _send(database, vault, NOON, most=1)
    off = inviting.cancel
    assert await database.run(lambda s: off(s, vault, event, by="terminal", now=NOON)) == 1
    assert len(first) == 1
    assert await _send(database, vault, NOON + 2 * SECONDS) == []
    assert (await database.read(_campaign, event)).state == CampaignState.STOPPED


async def test_nobody_is_asked_once_the_event_has_begun(
    database: Database, vault: Vault, event: int
) -> None:
    await _invite(database, vault, event)
    begun = NOON + 20 * DAY
    await database.run(lambda s: states.pause(s, _campaign(s, event).id or 0, WRITER, NOON))
    with pytest.raises(CampaignRefused):
        await database.run(_switch, event, Act.RESUME, begun)


async def test_who_said_no_to_events_is_left_out(
    database: Database, vault: Vault, event: int
) -> None:
    wanted = [Wanted("topic:events")]
    await database.run(lambda s: wishes.say(s, "fake:wei", wanted, [], NOON))
    await _invite(database, vault, event)
    assert await _guests(database, event) == {"hua", "mei", "jun"}


async def test_who_answered_has_theirs(database: Database, vault: Vault, event: int) -> None:
    await _invite(database, vault, event)
    await _send(database, vault, NOON)
    await database.run(inviting.answered, vault, event, "wei", Answer.YES, NOON)
    found = await database.read(events.find, event)
    assert found is not None
    assert (found.invited, found.yes, found.no) == (4, 1, 0)
    assert await _fates(database, event) == dict.fromkeys(PEOPLE, Fate.GOT)


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("请谁 3 在广州 种养", Choose(3, "在广州 种养")),
        ("请谁 活动3：重点乡贤", Choose(3, "重点乡贤")),
        ("请谁 3 所有人", Choose(3, "")),
        ("暂停请人 3", Switch(3, Act.PAUSE)),
        ("停止请柬 活动3", Switch(3, Act.STOP)),
        ("继续请人 3", Switch(3, Act.RESUME)),
        ("停", None),
        ("请谁帮我", None),
    ],
)
def test_lines_of_staff_choose_and_switch(text: str, wish: object) -> None:
    assert desk_wish_of(text, NOON) == wish


def test_a_second_agrees_by_the_number_of_the_event() -> None:
    assert push_wish_of("同意 活动3") == Do(Act.APPROVE, 0, event=3)
