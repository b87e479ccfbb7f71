"""The register of groups: learnt, left, moved, measured, and told to whoever keeps them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from outreach.groups import crowds, joining, registry
from outreach.groups.crowds import Crowd
from records import customers, group_register, group_tasks, groups, staff_accounts
from records.customers import Group, Member
from records.database import Database, Session
from records.group_register import GroupState, Known
from records.groups import GroupKind
from records.messages import Inbound, InboundKind
from records.staff_accounts import Staff, StaffRole
from records.vault import Vault

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
KEEPER = Staff("小刘", StaffRole.STEWARD, "371703")
K = InboundKind


async def _tell(
    database: Database, vault: Vault, kind: InboundKind, chat: str, **told: str
) -> None:
    text, sender = told.pop("text", ""), told.pop("sender", "")
    notice = Inbound("telegram", chat, "1", kind, text, NOW, sender, is_group=True, extra=told)
    await database.run(joining.note, vault, notice, NOW)


def _hired(session: Session, at: datetime, account: str = "telegram:7") -> None:
    staff_accounts.add(
        session, KEEPER.name, role=KEEPER.role, area=KEEPER.area, at=at, actor="system"
    )
    staff_accounts.bind(session, KEEPER.name, account, at=at, actor="system")


def _disabled(session: Session, at: datetime) -> None:
    staff_accounts.disable(session, KEEPER.name, at=at, actor="system")


def _dropped(session: Session, at: datetime) -> None:
    groups.change(session, 1, kind="city", dropped_at=at)


def _placed(session: Session, number: int) -> None:
    groups.change(session, number, kind="city", area="371703", steward=KEEPER.name)


async def _all(database: Database, vault: Vault) -> list[Known]:
    return await database.read(group_register.known, vault)


async def test_a_new_group_waits_with_who_brought_it(
    database: Database, vault: Vault, now: datetime
) -> None:
    await database.run(_hired, now)
    await _tell(database, vault, K.JOINED, "-1", title="广州群", size="9", sender="7")
    (one,) = await _all(database, vault)
    assert (one.name, one.size, one.brought_by) == ("广州群", 9, "小刘")
    assert (one.state, one.lacks) == (GroupState.WAITING, ("area", "kind", "steward"))


async def test_its_steward_sees_a_group_once_it_is_placed(
    database: Database, vault: Vault, now: datetime
) -> None:
    await database.run(_hired, now)
    await _tell(database, vault, K.JOINED, "-1", title="广州群", size="9")
    assert await database.read(registry.of_steward, vault, KEEPER) == []
    await database.run(_placed, 1)
    (group,) = await database.read(registry.of_steward, vault, KEEPER)
    assert (group.kind, group.chat, group.is_copy_ready) == (GroupKind.CITY, "-1", False)


async def test_the_groups_of_who_left_wait_again(
    database: Database, vault: Vault, now: datetime
) -> None:
    await database.run(_hired, now)
    await _tell(database, vault, K.JOINED, "-1", title="广州群")
    await database.run(_placed, 1)
    await database.run(_disabled, now)
    (one,) = await _all(database, vault)
    assert (one.state, one.lacks) == (GroupState.WAITING, ("steward",))


async def test_a_group_that_takes_the_bot_in_again_is_as_it_was(
    database: Database, vault: Vault, now: datetime
) -> None:
    await database.run(_hired, now)
    for kind in (K.JOINED, K.LEFT):
        await _tell(database, vault, kind, "-1", title="广州群", size="9")
        await database.run(_placed, 1)
    assert [one.state for one in await _all(database, vault)] == [GroupState.LEFT]
    await _tell(database, vault, K.JOINED, "-1", title="广州二群")
    (one,) = await _all(database, vault)
    assert (one.state, one.name, one.size) == (GroupState.LIVE, "广州二群", 9)


async def test_a_dropped_group_waits_when_it_takes_the_bot_in_anew(
    database: Database, vault: Vault, now: datetime
) -> None:
    await _tell(database, vault, K.JOINED, "-1", title="广州群")
    await database.run(_dropped, now)
    assert [one.state for one in await _all(database, vault)] == [GroupState.DROPPED]
    await _tell(database, vault, K.LEFT, "-1")
    await _tell(database, vault, K.JOINED, "-1", title="广州群")
    assert [one.state for one in await _all(database, vault)] == [GroupState.WAITING]


MOVED = {"text": "-100"}


@pytest.mark.parametrize(
    "told",
    [
        [(K.MIGRATED, "-1", MOVED)],
        [(K.MIGRATED, "-1", MOVED), (K.MIGRATED, "-1", MOVED)],
        [(K.LEFT, "-1", {}), (K.MIGRATED, "-1", MOVED)],
        [(K.MIGRATED, "-1", MOVED), (K.LEFT, "-1", {})],
        [(K.JOINED, "-100", {"title": "群"}), (K.MIGRATED, "-1", MOVED), (K.LEFT, "-1", {})],
        [(K.MIGRATED, "-1", MOVED), (K.JOINED, "-100", {"title": "群"})],
    ],
    ids=lambda told: "-".join(str(kind) for kind, _, _ in told),
)
async def test_a_group_that_moved_is_the_same_in_whatever_order_it_is_told(
    database: Database,
    vault: Vault,
    now: datetime,
    told: list[tuple[InboundKind, str, dict[str, str]]],
) -> None:
    await database.run(_hired, now)
    await _tell(database, vault, K.JOINED, "-1", title="群")
    await database.run(_placed, 1)
    for kind, chat, more in told:
        await _tell(database, vault, kind, chat, **more)
    assert [(one.id, one.chat, one.state) for one in await _all(database, vault)] == [
        (1, "-100", GroupState.LIVE)
    ]


async def test_the_last_post_only_moves_forward(
    database: Database, vault: Vault, now: datetime
) -> None:
    await _tell(database, vault, K.JOINED, "-1", title="群")
    for days in (2, 5, 1):
        await database.run(registry.posted, 1, now + timedelta(days=days))
    assert [one.last_post_at for one in await _all(database, vault)] == [now + timedelta(days=5)]


def _synced(session: Session, vault: Vault, at: datetime) -> None:
    people = (Member("LiSi", True, at), Member("wm1", False, at), Member("wm2", False, at))
    customers.keep_group(session, vault, Group("wr1", "LiSi", "返乡群", at, "1", people), at)


async def test_a_customer_group_stands_in_the_register_with_what_wecom_knows(
    database: Database, vault: Vault, now: datetime
) -> None:
    await database.run(_hired, now, "wecom_app:lisi")
    for _ in range(2):
        await database.run(_synced, vault, now)
    (one,) = await _all(database, vault)
    assert (one.name, one.owner, one.size, one.steward) == ("返乡群", "LiSi", 2, "小刘")
    assert one.lacks == ("area", "kind")


async def test_a_broadcast_that_was_sent_is_the_last_post_of_a_customer_group(
    database: Database, vault: Vault, now: datetime
) -> None:
    await database.run(_synced, vault, now)
    await database.run(_sent, now)
    assert [one.last_post_at for one in await _all(database, vault)] == [now]


def _sent(session: Session, at: datetime) -> None:
    session.add(group_tasks.GroupTaskTarget(task_id=1, target="wr1", state="sent", sent_at=at))


async def test_a_dismissed_customer_group_is_left(
    database: Database, vault: Vault, now: datetime
) -> None:
    await database.run(_synced, vault, now)
    await database.run(customers.dismiss_group, "wr1", now)
    assert [one.state for one in await _all(database, vault)] == [GroupState.LEFT]


async def test_all_groups_are_measured_and_what_is_gone_is_noted(
    database: Database, vault: Vault, now: datetime
) -> None:
    answers = {"-1": Crowd("新名", 20), "-2": Crowd(is_gone=True), "-3": Crowd(moved_to="-300")}
    for chat in (*answers, "-4"):
        await _tell(database, vault, K.JOINED, chat, title="旧名", size="9")
    await database.run(_synced, vault, now)

    async def ask(channel: str, chat: str) -> Crowd:
        return answers.get(chat, Crowd())

    counts = await crowds.measure_all(database, vault, ask, now)
    assert counts == {"measured": 1, "gone": 1, "silent": 2}
    found = {one.chat: (one.name, one.size, one.state) for one in await _all(database, vault)}
    waits, left = GroupState.WAITING, GroupState.LEFT
    assert found == {
        "wr1": ("返乡群", 2, waits),
        "-1": ("新名", 20, waits),
        "-2": ("旧名", 9, left),
        "-300": ("旧名", 9, waits),
        "-4": ("旧名", 9, waits),
    }
