"""Posts to groups: sent once, told honestly, read by a second person, taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from outreach.broadcast_quota import Quota
from outreach.broadcasts import Rules
from outreach.groups import registry
from outreach.posting import limits, recalling, reviewing, sending, standing
from outreach.posting.sending import Draft
from outreach.posting.telling import reached, summary
from records import (
    customers,
    group_posts,
    group_tasks,
    groups,
    outbox,
    staff_accounts,
)
from records import (
    sending as leaving,
)
from records.customers import Group
from records.database import Database, Session
from records.group_posts import Post, PostState, TargetState
from records.groups import GroupSource, Joined
from records.outbox import OutboxState
from records.sending import Claim, Outcome
from records.staff_accounts import Staff, StaffRole
from records.vault import Vault

WRITER = Staff("王姐", StaffRole.STEWARD, "371703")
COUNTY = Staff("小刘", StaffRole.STAFF, "371703")
RULES = Rules(Quota.MONTH, lambda customer: [])
T = TargetState
_PLACED = {"kind": "city", "area": "371703", "steward": WRITER.name}


def _hire(session: Session, now: datetime) -> None:
    for one, account in ((WRITER, "telegram:7"), (COUNTY, "telegram:8")):
        staff_accounts.add(session, one.name, role=one.role, area=one.area, at=now, actor="system")
        staff_accounts.bind(session, one.name, account, at=now, actor="system")


def _prepare(session: Session, vault: Vault, now: datetime) -> None:
    """One group of Telegram's, one to paste into."""
    _hire(session, now)
    groups.join(session, vault, Joined("telegram", "-1", "昆明群", 12), now)
    groups.change(session, 1, **_PLACED)
    entered = {"source": GroupSource.ENTERED.value, "learnt_at": now, "size": 30}
    groups.add(session, vault, "长春群", **_PLACED, **entered)


def _draft(session: Session, vault: Vault, *doubts: str) -> Draft:
    mine = registry.of_steward(session, vault, WRITER)
    number = group_posts.next_number(session)
    return Draft(number, "周六招聘会", tuple(enumerate(mine, 1)), doubts=doubts)


def _asked(session: Session, vault: Vault, now: datetime, *doubts: str) -> Post:
    draft = _draft(session, vault, *doubts)
    assert sending.ask(session, vault, draft, WRITER, now)
    return _post(session, vault, draft.number)


def _post(session: Session, vault: Vault, number: int = 1) -> Post:
    post = group_posts.find(session, vault, number)
    assert post is not None
    return post


def _states(post: Post) -> list[TargetState]:
    return [one.state for one in post.targets]


def _leave(session: Session, now: datetime, state: OutboxState = OutboxState.SENT) -> list[str]:
    """What is due leaves, or does not; the keys of what went to groups."""
    claim = Claim("tests", ("telegram",), 10, now + timedelta(days=2))
    (rows,) = leaving.claim(session, [claim])
    outcomes = [Outcome(row.id, state, now, outer_id=str(900 + row.id)) for row in rows]
    if outcomes:
        leaving.settle(session, outcomes)
    return [row.dedupe_key for row in rows if row.chat.startswith("-")]


def _settled(session: Session, vault: Vault, now: datetime) -> Post:
    standing.settle(session, vault, 1, RULES, now)
    return _post(session, vault)


def _told(session: Session, vault: Vault) -> list[str]:
    return _written_to(session, vault, "7", "8")


def _written_to(session: Session, vault: Vault, *chats: str) -> list[str]:
    query = (session.get(outbox.OutboxRow, n) for n in range(1, 30))
    rows = [row for row in query if row is not None and row.chat in chats]
    return [vault.open(row.payload)["text"] for row in rows]


@pytest.fixture
async def ready(database: Database, vault: Vault, now: datetime) -> Database:
    await database.run(_prepare, vault, now)
    return database


async def test_a_post_leaves_by_what_each_group_allows(
    ready: Database, vault: Vault, now: datetime
) -> None:
    post = await ready.run(_asked, vault, now)
    assert _states(post) == [T.LEAVING, T.PASTE]
    assert await ready.run(_leave, now) == ["post/1/1"]


async def test_a_group_counts_as_reached_once_it_was_sent_or_marked(
    ready: Database, vault: Vault, now: datetime
) -> None:
    post = await ready.run(_asked, vault, now)
    assert reached(post) == (0, 0)
    await ready.run(_leave, now)
    assert reached(await ready.run(_settled, vault, now)) == (1, 12)
    await ready.run(sending.mark, await ready.read(_post, vault), (2,), now)
    assert reached(await ready.read(_post, vault)) == (2, 42)


async def test_the_writer_is_told_once(ready: Database, vault: Vault, now: datetime) -> None:
    await ready.run(_asked, vault, now)
    await ready.run(_settled, vault, now)
    assert await ready.read(_told, vault) == []
    await ready.run(_leave, now)
    for _ in range(3):
        await ready.run(_settled, vault, now)
    told = "群发1：2个群：1个已发（共12人），1个等您粘贴。"
    assert await ready.read(_told, vault) == [told]


async def test_the_register_learns_when_a_group_was_posted_to(
    ready: Database, vault: Vault, now: datetime
) -> None:
    await ready.run(_asked, vault, now)
    await ready.run(_leave, now)
    await ready.run(_settled, vault, now)
    mine = await ready.read(registry.of_steward, vault, WRITER)
    assert [one.last_post_at for one in mine] == [now, None]


async def test_what_is_uncertain_is_named_and_never_repeated(
    ready: Database, vault: Vault, now: datetime
) -> None:
    await ready.run(_asked, vault, now)
    await ready.run(_leave, now, OutboxState.UNCERTAIN)
    post = await ready.run(_settled, vault, now)
    assert (_states(post)[0], "说不准" in summary(post)) == (T.UNCERTAIN, True)
    assert await ready.run(_leave, now) == []


async def test_a_number_is_given_once(ready: Database, vault: Vault, now: datetime) -> None:
    draft = await ready.read(_draft, vault)
    assert await ready.run(sending.ask, vault, draft, WRITER, now)
    assert not await ready.run(sending.ask, vault, draft, WRITER, now)


async def test_a_held_post_leaves_once_a_second_person_let_it(
    ready: Database, vault: Vault, now: datetime
) -> None:
    post = await ready.run(_asked, vault, now, "头一次")
    assert await ready.run(_leave, now) == []
    assert await ready.run(reviewing.let_pass, vault, post, COUNTY.name, now)
    assert not await ready.run(reviewing.let_pass, vault, post, COUNTY.name, now)
    assert _states(await ready.read(_post, vault)) == [T.LEAVING, T.PASTE]


@pytest.mark.parametrize(
    ("role", "area", "name", "may"),
    [
        (StaffRole.STAFF, "371703", "小刘", True),
        (StaffRole.STAFF, "", "小刘", True),
        (StaffRole.STAFF, "371703", "王姐", False),  # their own
        (StaffRole.STAFF, "430381", "小刘", False),
        (StaffRole.STAFF, "371703100", "小刘", False),  # of a town
        (StaffRole.MENTOR, "371703", "小刘", False),
    ],
)
def test_only_the_county_decides_and_never_on_its_own(
    role: StaffRole, area: str, name: str, may: bool, now: datetime
) -> None:
    post = Post(1, "王姐", "371703", "", PostState.HELD, now)
    assert reviewing.may_decide(Staff(name, role, area), post) is may


async def test_who_was_given_back_is_read_again(
    ready: Database, vault: Vault, now: datetime
) -> None:
    assert await ready.read(sending.is_first, WRITER.name)
    post = await ready.run(_asked, vault, now, "头一次")
    await ready.run(reviewing.let_pass, vault, post, COUNTY.name, now)
    assert not await ready.read(sending.is_first, WRITER.name)
    later = now + timedelta(days=1)
    post = await ready.run(_asked, vault, later, "多")
    await ready.run(reviewing.give_back, vault, post, COUNTY.name, "有人名", later)
    assert await ready.read(sending.is_first, WRITER.name)
    assert _states(await ready.read(_post, vault, 2)) == [T.DROPPED, T.DROPPED]


async def test_a_group_that_had_enough_meanwhile_is_left_out(
    ready: Database, vault: Vault, now: datetime
) -> None:
    post = await ready.run(_asked, vault, now - timedelta(days=1), "头一次")
    await ready.run(_asked, vault, now)
    await ready.run(reviewing.let_pass, vault, post, COUNTY.name, now)
    assert _states(await ready.read(_post, vault)) == [T.DROPPED, T.DROPPED]


@pytest.mark.parametrize(
    ("days", "full"), [([0], True), ([1, 2, 3], True), ([1, 2], False), ([7, 8, 9], False)]
)
def test_a_group_gets_one_a_day_and_three_a_week(
    now: datetime, days: list[int], full: bool
) -> None:
    past = [now - timedelta(days=day) for day in days]
    assert bool(limits.full_of(past, limits.limits().group, now)) is full


async def _withdrawn(ready: Database, vault: Vault, now: datetime) -> Post:
    post = await ready.read(_post, vault)
    post = await ready.read(standing.seen, post, now)
    return await ready.run(recalling.withdraw, vault, post, WRITER.name, now)


async def test_what_has_not_left_does_not_leave(
    ready: Database, vault: Vault, now: datetime
) -> None:
    await ready.run(_asked, vault, now)
    assert _states(await _withdrawn(ready, vault, now)) == [T.DROPPED, T.DROPPED]
    assert await ready.run(_leave, now) == []


async def test_what_is_out_is_deleted_once(ready: Database, vault: Vault, now: datetime) -> None:
    await ready.run(_asked, vault, now)
    await ready.run(_leave, now)
    await ready.run(_settled, vault, now)
    assert _states(await _withdrawn(ready, vault, now))[0] is T.RECALLING
    assert await ready.run(_leave, now) == ["unpost/1/1"]
    assert _states(await ready.run(_settled, vault, now))[0] is T.RECALLED
    await ready.run(_settled, vault, now)
    assert "unpost/1/1" not in await ready.run(_leave, now)


async def test_what_was_just_being_sent_is_deleted_afterwards(
    ready: Database, vault: Vault, now: datetime
) -> None:
    await ready.run(_asked, vault, now)
    claim = Claim("tests", ("telegram",), 10, now)
    ((row,),) = await ready.run(leaving.claim, [claim])
    await _withdrawn(ready, vault, now)
    await ready.run(leaving.settle, [Outcome(row.id, OutboxState.SENT, now, outer_id="9")])
    assert _states(await ready.run(_settled, vault, now))[0] is T.RECALLING
    assert await ready.run(_leave, now) == ["unpost/1/1"]


async def test_after_two_days_telegram_deletes_nothing(
    ready: Database, vault: Vault, now: datetime
) -> None:
    await ready.run(_asked, vault, now)
    await ready.run(_leave, now)
    await ready.run(_settled, vault, now)
    late = now + timedelta(hours=48)
    assert _states(await _withdrawn(ready, vault, late))[0] is T.POSTED


async def test_what_nobody_pasted_in_a_week_is_old(
    ready: Database, vault: Vault, now: datetime
) -> None:
    await ready.run(_asked, vault, now)
    post = await ready.run(_settled, vault, now + timedelta(days=8))
    assert (post.targets[1].state, post.targets[1].failure) == (T.DROPPED, "not_pasted")


def _prepare_wecom(session: Session, vault: Vault, now: datetime) -> None:
    _hire(session, now)
    staff_accounts.bind(session, WRITER.name, "wecom_app:wangjie", at=now, actor="system")
    group = Group("chat1", "wangjie", "客户群", now)
    customers.keep_group(session, vault, group, now)
    groups.link(session, "chat1", now)
    groups.change(session, 1, kind="city")
    customers.place_group(session, "chat1", "371703")


def _confirmed(session: Session, now: datetime) -> None:
    (task,) = group_tasks.of_broadcast(session, "post-1")
    result = group_tasks.Result("chat1", group_tasks.TargetState.SENT, now)
    group_tasks.keep_results(session, task.id or 0, [result])


async def test_groups_of_wecom_wait_for_their_owner(
    database: Database, vault: Vault, now: datetime
) -> None:
    await database.run(_prepare_wecom, vault, now)
    await database.run(_asked, vault, now)
    for _ in range(2):
        assert _states(await database.run(_settled, vault, now)) == [T.TASK]
    await database.run(_confirmed, now)
    assert _states(await database.run(_settled, vault, now)) == [T.POSTED]


async def test_the_writer_hears_how_it_ended_once(
    database: Database, vault: Vault, now: datetime
) -> None:
    await database.run(_prepare_wecom, vault, now)
    await database.run(_asked, vault, now)
    await database.run(_settled, vault, now)
    await database.run(_confirmed, now)
    for _ in range(3):
        await database.run(_settled, vault, now)
    query = await database.read(_written_to, vault, "wangjie")
    assert query[-1] == "群发1：1个群：1个已发（共0人）。"
    assert sum("已发" in text for text in query) == 1


async def test_a_task_that_is_taken_back_is_cancelled(
    database: Database, vault: Vault, now: datetime
) -> None:
    await database.run(_prepare_wecom, vault, now)
    await database.run(_asked, vault, now)
    await database.run(_settled, vault, now)
    await _withdrawn(database, vault, now)
    (task,) = await database.read(group_tasks.of_broadcast, "post-1")
    assert task.is_cancel_asked


async def test_a_task_that_nobody_made_yet_is_not_made(
    database: Database, vault: Vault, now: datetime
) -> None:
    await database.run(_prepare_wecom, vault, now)
    await database.run(_asked, vault, now)
    await _withdrawn(database, vault, now)
    assert _states(await database.run(_settled, vault, now)) == [T.DROPPED]
    assert await database.read(group_tasks.of_broadcast, "post-1") == []


def test_people_are_counted_where_somebody_counted(now: datetime) -> None:
    known = group_posts.Target(1, 1, 1, "wechat", "", 12, T.POSTED, now)
    post = Post(
        1, "王姐", "", "", PostState.PASSED, now, targets=(known, replace(known, size=None))
    )
    assert summary(post) == "2个群：2个已发（共12人，1个群没登记人数）。"
