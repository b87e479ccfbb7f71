"""The register of customers and groups on the stand-in: true whatever events do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime

import pytest
from sqlmodel import select

from channels.wecom.failures import WecomError
from records import contact_changes, customer_tags, customers, group_register, people
from records.customers import CustomerGroup
from records.database import Database, Session
from records.group_register import GroupState
from records.people import Entered
from records.vault import Vault
from tests.support.wecom import faults
from tests.support.wecom.clock import DAY, MINUTE
from tests.support.wecom.server import WeCom
from tests.support.wecom_contacts import Office, a_clock, listening


@pytest.fixture
async def wecom() -> AsyncIterator[WeCom]:
    async with WeCom(clock=a_clock()) as wecom:
        wecom.callbacks.habits.gap = 0.0
        wecom.contacts.steward("LiSi")
        wecom.contacts.steward("WangWu")
        yield wecom


@pytest.fixture
async def office(wecom: WeCom, database: Database, vault: Vault) -> AsyncIterator[Office]:
    office = Office(wecom, database, vault)
    async with listening(office):
        yield office
    await office.channel.close()


def a_friend(office: Office, steward: str = "LiSi", state: str = "") -> str:
    customer = office.wecom.contacts.customer()
    office.wecom.contacts.befriend(steward, customer, state=state)
    return customer


def _truth(office: Office) -> dict[str, tuple[str, str, set[str]]]:
    groups = office.wecom.contacts.groups.values()
    return {one.chat_id: (one.owner, one.name, set(one.people)) for one in groups}


async def _kept(office: Office) -> dict[str, tuple[str, str, set[str]]]:
    live = [one for one in (await office.groups()).values() if not one.is_dismissed]
    return {
        one.chat_id: (
            one.owner,
            one.name,
            set(await office.database.read(customers.members_of, one.chat_id)),
        )
        for one in live
    }


def _turmoil(office: Office) -> None:
    """Groups come, change in every way, and go."""
    world = office.wecom.contacts
    people = [a_friend(office) for _ in range(4)]
    kept, gone = world.group("LiSi", "张湾群", *people[:2]), world.group("LiSi", "旧群")
    world.joins(kept, people[2])
    world.quits(kept, people[0])
    world.joins(kept, people[0])
    world.quits(kept, people[1], is_removed=True)
    world.renames(kept, "张湾返乡群")
    world.passes_on(kept, "WangWu")
    world.joins(kept, "WangWu")
    world.dismisses(gone)


async def test_events_keep_groups_true(office: Office) -> None:
    _turmoil(office)
    await office.reads()
    assert await _kept(office) == _truth(office)


async def test_the_register_of_all_groups_follows(
    office: Office, database: Database, vault: Vault
) -> None:
    _turmoil(office)
    await office.reads()
    found = await database.read(group_register.known, vault)
    here = group_register.in_state(found, GroupState.WAITING)
    assert [(one.chat, one.owner, one.name) for one in here] == [
        (chat, owner, name) for chat, (owner, name, _) in _truth(office).items()
    ]
    assert [one.size for one in here] == [2]  # customers; a colleague is no customer


async def test_events_that_come_twice_and_out_of_order_keep_groups_true(office: Office) -> None:
    office.wecom.callbacks.habits.repeat_rate = 1.0
    office.wecom.callbacks.habits.reorder_rate = 0.7
    _turmoil(office)
    await office.reads()
    assert await _kept(office) == _truth(office)


async def test_what_happened_while_we_were_away_is_found(office: Office) -> None:
    _turmoil(office)
    office.wecom.callbacks.habits.tries = 0  # no event ever arrives
    stays, leaves = a_friend(office), a_friend(office)
    await office.channel.registry.synchronise()
    office.wecom.contacts.drops("LiSi", leaves)
    _turmoil(office)
    await office.channel.registry.synchronise()
    assert await _kept(office) == _truth(office)
    assert (stays, "LiSi") in await office.friends()
    assert (leaves, "LiSi") not in await office.friends()


async def test_everything_is_read_at_the_start_and_each_night(office: Office) -> None:
    reads = office.wecom.answers
    path = "externalcontact/get_follow_user_list", 0
    await office.channel.registry.step()
    await office.channel.registry.step()
    assert reads[path] == 1
    office.wecom.clock.advance(DAY)
    await office.channel.registry.step()
    assert reads[path] == 2


async def test_pages_are_read_to_their_end(office: Office) -> None:
    office.wecom.callbacks.habits.tries = 0
    found = {(a_friend(office), "LiSi") for _ in range(230)}
    await office.channel.registry.synchronise()
    assert await office.friends() == found


async def test_a_steward_who_may_not_be_read_spoils_nothing_for_others(office: Office) -> None:
    friend = a_friend(office)
    office.wecom.faults.next("externalcontact/batch/get_by_user", faults.code(84074), times=1)
    await office.channel.registry.synchronise()
    assert (friend, "LiSi") in await office.friends()


async def test_friendships_follow_events(office: Office) -> None:
    friend, former, back = [a_friend(office) for _ in range(3)]
    await office.reads()
    office.wecom.clock.advance(MINUTE)
    for one in (former, back):
        office.wecom.contacts.leaves(one, "LiSi")
    await office.reads()
    assert await office.friends() == {(friend, "LiSi")}
    office.wecom.clock.advance(MINUTE)
    office.wecom.contacts.befriend("LiSi", back)
    office.wecom.contacts.drops("LiSi", friend)
    await office.reads()
    assert await office.friends() == {(back, "LiSi")}


async def test_a_half_added_customer_is_one(office: Office) -> None:
    customer = office.wecom.contacts.customer()
    office.wecom.contacts.befriend("LiSi", customer, is_half=True)
    await office.reads()
    assert await office.friends() == {(customer, "LiSi")}


async def test_a_reading_that_fails_is_tried_again(office: Office) -> None:
    office.wecom.faults.next("externalcontact/groupchat/get", faults.code(45009))
    group = office.wecom.contacts.group("LiSi")
    await office.wecom.callbacks.settled()
    with pytest.raises(WecomError, match="too_fast"):
        await office.channel.registry.settle()
    office.wecom.clock.advance(2 * MINUTE)
    await office.channel.registry.settle()
    assert set(await office.groups()) == {group}
    assert await office.marks() == 0


async def test_where_a_group_lies_survives_every_reading(office: Office) -> None:
    group = office.wecom.contacts.group("LiSi")
    await office.reads()
    assert await office.database.run(customers.place_group, group, "371703")
    office.wecom.contacts.renames(group, "别名")
    await office.reads()
    found = (await office.groups())[group]
    assert (found.area, found.name) == ("371703", "别名")


async def test_names_are_sealed(office: Office) -> None:
    office.wecom.contacts.group("LiSi", "一个很特别的群名")
    await office.reads()
    (row,) = await office.database.read(_rows)
    assert "特别".encode() not in row.sealed
    assert "特别" in office.vault.open(row.sealed)["name"]


def _rows(session: Session) -> list[CustomerGroup]:
    return list(session.exec(select(CustomerGroup)))


async def test_a_new_customer_is_greeted_once_by_place(office: Office) -> None:
    office.wecom.callbacks.habits.repeat_rate = 1.0
    customer = a_friend(office, state="371703-张湾镇服务站")
    await office.wecom.callbacks.settled()
    await office.channel.welcomer.step()
    shown = office.wecom.phones.from_us(customer)
    assert [one.is_greeting for one in shown] == [True]
    assert "（定陶区张湾镇服务站）" in shown[0].text


@pytest.mark.parametrize(
    ("trouble", "greeted"),
    [(faults.code(41096), 1), (faults.CLOSED_AFTER, 1), (faults.BAD_GATEWAY, 1),
     (faults.code(41051), 0), (faults.code(41050), 0)],
)  # fmt: skip
async def test_a_greeting_is_neither_lost_nor_said_twice(
    office: Office, trouble: faults.Fault, greeted: int
) -> None:
    office.wecom.faults.next("externalcontact/send_welcome_msg", trouble)
    customer = a_friend(office)
    await office.wecom.callbacks.settled()
    await office.channel.welcomer.step()
    await office.channel.welcomer.step()
    assert len(office.wecom.phones.from_us(customer)) == greeted
    assert await office.database.read(contact_changes.greetings) == []


async def test_nobody_is_greeted_late(office: Office) -> None:
    a_friend(office)
    await office.wecom.callbacks.settled()
    office.wecom.clock.advance(21)
    await office.channel.welcomer.step()
    assert office.wecom.answers["externalcontact/send_welcome_msg", 41050] == 0


def _tags(office: Office, customer: str) -> set[tuple[str, str]]:
    contact = office.wecom.contacts.contacts["LiSi", customer]
    found = [office.wecom.contacts.tags.find(tag) for tag in contact.tags]
    return {(group.name, tag.name) for group, tag in filter(None, found)}


async def test_customers_are_tagged_by_place_and_intent(office: Office) -> None:
    customer = a_friend(office, state="371703-张湾镇服务站")
    account, at = f"wecom_kf:wk/{customer}", office.wecom.clock.moment()
    await office.database.run(_register, office.vault, account, at)
    await office.reads()
    assert _tags(office, customer) == {
        ("归雁-地区", "定陶区"),
        ("归雁-来路", "张湾镇服务站"),
        ("归雁-想法", "马上想干"),
    }


def _register(session: Session, vault: Vault, account: str, at: datetime) -> None:
    entered = Entered(codes={"intent": "ready"}, texts={})
    people.enter(session, vault, "p1", entered, at=at, account=account, basis="a test")


async def test_tags_of_others_are_left_alone_and_ours_follow_the_facts(office: Office) -> None:
    customer = a_friend(office, state="371703")
    theirs = office.wecom.contacts.makes_tag("客户等级", "重要")
    office.wecom.contacts.contacts["LiSi", customer].tags.add(theirs)
    await office.reads()
    await office.channel.registry.synchronise()
    assert _tags(office, customer) == {("客户等级", "重要"), ("归雁-地区", "定陶区")}
    office.wecom.contacts.contacts["LiSi", customer].state = ""
    await office.channel.registry.synchronise()
    assert _tags(office, customer) == {("客户等级", "重要")}


async def test_a_tag_made_without_an_answer_is_still_ours(office: Office) -> None:
    office.wecom.faults.next("externalcontact/add_corp_tag", faults.CLOSED_AFTER, times=1)
    customer = a_friend(office, state="371703")
    await office.reads()
    assert list(await office.database.read(customer_tags.ours)) == [("归雁-地区", "定陶区")]
    assert _tags(office, customer) == {("归雁-地区", "定陶区")}


async def test_a_tag_of_ours_that_was_deleted_by_hand_is_not_made_again(office: Office) -> None:
    a_friend(office, state="371703")
    await office.reads()
    (tag,) = (await office.database.read(customer_tags.ours)).values()
    office.wecom.contacts.deletes_tag(tag)
    await office.reads()
    await office.channel.registry.synchronise()
    assert not office.wecom.contacts.tags.groups


async def test_a_group_that_cannot_be_read_keeps_no_other_waiting(office: Office) -> None:
    path = "externalcontact/groupchat/get"
    groups = sorted(office.wecom.contacts.group("LiSi") for _ in range(4))
    await office.wecom.callbacks.settled()
    office.wecom.faults.next(path, faults.code(-1), times=3)  # every try for the first
    await office.channel.registry.settle()
    office.wecom.faults.next(path, faults.code(60011))
    office.wecom.contacts.renames(groups[0], "新名")
    await office.reads()
    assert (sorted(await office.groups()), await office.marks()) == (groups, 0)


async def test_one_process_reads_at_a_time(office: Office, vault: Vault) -> None:
    other = Office(office.wecom, office.database, vault, owner="another")
    async with office.channel.registry._lease.held():
        assert await other.channel.registry.synchronise() == {}
    assert (await other.channel.registry.synchronise())["stewards"] == 2
    await other.channel.close()
