"""What waited for somebody leaves as one message instead of a burst or a trickle."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from handlers.wishes.clauses import heard
from handlers.wishes.effects import KeepWishes, OpenPush, apply, open_push
from outreach.calendars import CHINA
from outreach.caps import RULES
from outreach.digests import Gathering, line_of
from outreach.pushes import a_push
from records import caps, digests, inbound, outbox, sending, stops, wishes
from records.account_links import AccountLink
from records.caps import CappedClaim, as_they_are
from records.database import Database, Session
from records.inbound import NewInbound
from records.messages import Option, Outgoing, Priority
from records.outbox import OutboxRow, OutboxState
from records.people import Person
from records.sending import Claim
from records.stops import StopReason
from records.vault import Vault
from records.wishes import Topic, Wanted, topic_name

VAULT = Vault("for tests")
MORNING = datetime(2026, 11, 24, 8, 30, tzinfo=CHINA)
DAY = timedelta(days=1)
_INSIDE = select(OutboxRow).where(OutboxRow.state == "merged")
THREE = {"gap/1": "您问的贷款有答案了。最多20万", "fix/2": "有变化", "gap/3": "三。"}


async def _push(database: Database, key: str, text: str, account: str = "fake:42") -> None:
    options = (Option("感兴趣", f"感兴趣{key}"),)
    new = a_push(VAULT, account, text, key=key, now=MORNING - DAY / 4, options=options)
    await database.run(outbox.enqueue, [new])


async def _left(database: Database, now: datetime = MORNING) -> list[Outgoing]:
    gather = Gathering(VAULT, as_they_are).gathered
    wish = CappedClaim(Claim("one", ("fake",), 50, now), RULES, gather=gather)
    rows = await database.batch(caps.claim, wish)
    for row in rows:
        await database.batch(sending.settle, sending.Outcome(row.id, OutboxState.SENT, now))
    return [outbox.as_outgoing(row, VAULT) for row in rows]


async def _three(database: Database) -> Outgoing:
    for key, text in (
        ("gap/1", "您问的贷款有答案了。最多20万"),
        ("fix/2", "有变化"),
        ("gap/3", "三。"),
    ):
        await _push(database, key, text)
    (found,) = await _left(database)
    return found


async def test_three_that_waited_over_night_are_one_with_a_line_each(database: Database) -> None:
    found = await _three(database)
    assert [o.label for o in found.options] == ["1 您问的贷款有答案了", "2 有变化", "3 三"]
    assert "3件事" in found.text
    assert len(found.text) <= 90
    assert await database.read(outbox.counts) == {"sent": 1, "merged": 2}


async def test_they_take_one_day_of_the_cap(database: Database) -> None:
    await _three(database)
    await _push(database, "gap/9", "又一件")
    assert await _left(database) == []
    assert len(await _left(database, MORNING + DAY)) == 1


async def test_two_of_one_minute_have_not_waited_and_leave_as_they_are(database: Database) -> None:
    for key in THREE:
        await _push(database, key, THREE[key])
    minute = timedelta(minutes=1)
    at = MORNING + 2 * minute
    await database.run(_due, MORNING + minute)
    assert [one.text for one in await _left(database, at)] == [THREE["gap/1"]]
    assert await database.read(outbox.counts) == {"sent": 1, "queued": 2}


def _due(session: Session, at: datetime) -> None:
    for row in session.exec(select(OutboxRow)):
        row.due = at


async def test_what_is_inside_names_the_message_it_left_in(database: Database) -> None:
    found = await _three(database)
    query = select(OutboxRow.outer_id).where(OutboxRow.state == "merged")
    assert set(await database.read(lambda s: list(s.exec(query)))) == {str(found.id)}


def _two_accounts(session: Session, used: str, people: int = 1) -> None:
    """Both accounts speak for one; they wrote last on one of them, or nowhere."""
    at: dict[str, Any] = {"created_at": MORNING, "updated_at": MORNING}
    link = {"account": "other:42", "home": "fake:42", "proof": "code"}
    session.add(AccountLink(person_id="one", linked_at=MORNING, **link))
    for name in ("one", "two")[:people]:
        known: dict[str, Any] = {
            "account": "fake:42",
            "status": "confirmed",
            "source": "chat",
            "area": "",
        }
        session.add(Person(id=name, sealed=b"", **known, **at))
    spoke = NewInbound(used.split(":")[0], "1", used, 1, b"", MORNING - DAY, MORNING - DAY)
    inbound.store(session, [spoke])


async def _of_two_accounts(database: Database, used: str, people: int = 1) -> list[str]:
    """What the first of two accounts gets while something waits for either."""
    await database.run(_two_accounts, used, people)
    await _push(database, "gap/1", "一件")
    await _push(database, "gap/2", "另一件", "other:42")
    (found,) = await _left(database)
    return [option.label for option in found.options]


async def test_what_waits_for_another_account_leaves_where_they_wrote_last(
    database: Database,
) -> None:
    assert await _of_two_accounts(database, "fake:42") == ["1 一件", "2 另一件"]
    (row,) = await database.read(lambda s: list(s.exec(_INSIDE)))
    assert (row.channel, row.chat, row.conversation) == ("fake", "42", "fake:42")
    await _open(database, row.id or 0)
    (shown,) = await _left(database, MORNING + DAY / 24)
    assert shown.text == "另一件"


@pytest.mark.parametrize(("used", "people"), [("other:42", 1), ("fake:42", 2)])
async def test_nothing_moves_to_an_account_that_they_left_or_that_others_read(
    database: Database, used: str, people: int
) -> None:
    assert await _of_two_accounts(database, used, people) == ["感兴趣"]


async def test_one_alone_stays_as_it_is(database: Database) -> None:
    await _push(database, "gap/1", "一件。详细")
    (found,) = await _left(database)
    assert found.text == "一件。详细"


async def test_the_parts_of_one_message_are_no_digest(database: Database) -> None:
    for key in ("gap/1", "gap/1/2"):
        await _push(database, key, key)
    assert [one.text for one in await _left(database)] == ["gap/1"]
    assert [one.text for one in await _left(database)] == ["gap/1/2"]


async def test_news_and_answers_stay_whole(database: Database) -> None:
    for key, priority in (("news/1", Priority.NEWS), ("re/1", Priority.REPLY)):
        new = a_push(VAULT, "fake:42", key, key=key, now=MORNING, priority=priority)
        await database.run(outbox.enqueue, [new])
    await _push(database, "gap/1", "一件")
    texts = [one.text for _ in range(3) for one in await _left(database)]
    assert texts == ["re/1", "news/1"]


async def test_a_refused_topic_is_not_inside(database: Database) -> None:
    refused = Wanted(topic_name(Topic.PROJECTS))
    await database.run(wishes.say, "fake:42", (refused,), (), MORNING)
    for key in ("gap/1", "project/2", "gap/3"):
        await _push(database, key, key)
    (found,) = await _left(database)
    assert [o.label for o in found.options] == ["1 gap/1", "2 gap/3"]


@pytest.mark.parametrize(
    ("said", "days", "hour"),
    [
        ("我上夜班", 0, 14),
        ("晚上再发", 0, 18),
        ("周二别发", 1, 8.5),
        ("周末再发", 4, 8.5),
        ("这个星期别发", 6, 8.5),
        ("12月5号再发", 11, 8.5),
    ],
)
async def test_what_is_wished_while_they_wait_moves_all_of_it(
    database: Database, said: str, days: int, hour: float
) -> None:
    for number in range(5):
        await _push(database, f"gap/{number}", f"第{number}件")
    await database.run(_wishes, said)
    then = MORNING + days * DAY + (hour - 8.5) * DAY / 24
    assert await _left(database, then - DAY / 1440) == []
    (found,) = await _left(database, then)
    assert len(found.options) == 5


def _wishes(session: Session, said: str) -> None:
    wished = heard(said, MORNING - DAY / 8)
    assert wished is not None
    apply(KeepWishes(wished.wanted), session, "fake:42", MORNING - DAY / 8)


async def test_less_often_holds_for_all_that_waits(database: Database) -> None:
    await _push(database, "gap/0", "早的一件")
    await _left(database)
    await database.run(_wishes, "少发点")
    for number in (1, 2, 3):
        await _push(database, f"gap/{number}", f"第{number}件")
    for day in range(1, 7):
        assert await _left(database, MORNING + day * DAY) == []
    (found,) = await _left(database, MORNING + 7 * DAY)
    assert len(found.options) == 3


@pytest.mark.parametrize("stopped", [True, False])
async def test_over_the_family_dinner_five_wait_and_come_as_one(
    database: Database, stopped: bool
) -> None:
    dinner = datetime(2027, 2, 5, 18, 1, tzinfo=CHINA)
    for number in range(5):
        await _push(database, f"gap/{number}", f"第{number}件")
    for hour in range(0, 39):
        assert await _left(database, dinner + hour * DAY / 24) == []
    if stopped:
        await database.run(_stop, dinner)
    after = await _left(database, datetime(2027, 2, 7, 8, 30, tzinfo=CHINA))
    assert [len(one.options) for one in after] == ([] if stopped else [5])


def _stop(session: Session, at: datetime) -> None:
    stops.stop(session, ["fake:42"], reason=StopReason.ASKED, since=at)


async def test_six_are_five_and_one_for_another_day(database: Database) -> None:
    for number in range(6):
        await _push(database, f"gap/{number}", f"第{number}件")
    (found,) = await _left(database)
    assert len(found.options) == 5
    assert (await database.read(outbox.counts))["queued"] == 1


@pytest.mark.parametrize(("number", "text"), [(0, "您问的贷款有答案了。最多20万"), (1, "有变化")])
async def test_a_number_opens_the_whole(database: Database, number: int, text: str) -> None:
    found = await _three(database)
    await _open(database, int(found.options[number].value.split()[1]))
    (shown,) = await _left(database, MORNING + DAY / 24)
    assert (shown.text, shown.options[0].label) == (text, "感兴趣")


async def test_a_line_opens_what_stands_behind_it(database: Database) -> None:
    await _three(database)
    await _open(database, 0, line=2)
    (shown,) = await _left(database, MORNING + DAY / 24)
    assert shown.text == "有变化"


async def test_a_line_that_is_not_there_shows_the_lines_again(database: Database) -> None:
    found = await _three(database)
    await _open(database, 0, line=7)
    (shown,) = await _left(database, MORNING + DAY / 24)
    assert shown.options == found.options


async def test_nobody_opens_what_another_got(database: Database) -> None:
    found = await _three(database)
    await _open(database, found.id, "fake:other")
    (shown,) = await _left(database, MORNING + DAY / 24)
    assert "不在了" in shown.text


async def _open(database: Database, row: int, account: str = "fake:42", line: int = 0) -> None:
    def work(session: Session) -> None:
        now = MORNING + DAY / 24
        open_push(OpenPush(row, line), session, VAULT, account=account, message=7, now=now)

    await database.run(work)


@pytest.mark.parametrize(
    ("text", "line"),
    [("好。别的", "好"), ("没有句号", "没有句号"), ("一" * 30, "一" * 19 + "…"), ("。怪", "。怪")],
)
def test_a_line_is_what_it_begins_with(text: str, line: str) -> None:
    assert line_of(text) == line


async def test_nothing_is_opened_that_has_not_left(database: Database) -> None:
    await _push(database, "gap/1", "还没到")
    assert await database.read(digests.opened, "fake:42", 1) == []
