"""Lists of groups: kinds read or guessed, duplicates found, nothing said by staff overwritten."""

from __future__ import annotations

from datetime import datetime

import pytest

from handlers.places import country
from records import customers, group_register, groups, staff_accounts
from records.customers import Group
from records.database import Database, Session
from records.group_register import GroupState, Known
from records.groups import GroupKind, Joined
from records.staff_accounts import StaffRole
from records.vault import Vault
from registry import reading
from registry.groups_kind import guessed, kind_of
from registry.groups_store import GROUPS
from registry.importing import opened
from registry.lists import Origin, Outcome, Refused, Stored, Terms

HEAD = "编号,群名,类别,城市,县,平台,群号,群管,人数,最近发布\n"
GOOD = "g1,广州返乡创业群,城市群,广州,定陶区,微信,,小刘,约312人,2026年11月3日\n"


def _store(session: Session, vault: Vault, now: datetime, text: str) -> list[Stored | Refused]:
    terms = Terms(Origin(vault, "小刘", now), country(), "token")
    job = opened(reading.read((HEAD + text).encode()), GROUPS, terms)
    (batch,) = job.batches()
    stored = iter(GROUPS.store(session, batch.values, terms.origin))
    return [one if isinstance(one, Refused) else next(stored) for one in batch.read]


@pytest.fixture
async def filled(database: Database, now: datetime) -> Database:
    """A register with one steward."""
    await database.run(_hire, now)
    return database


def _hire(session: Session, at: datetime) -> None:
    staff_accounts.add(
        session, "小刘", role=StaffRole.STEWARD, area="371703", at=at, actor="system"
    )


async def _stored(database: Database, vault: Vault, now: datetime, *rows: str) -> list[Stored]:
    found = await database.run(_store, vault, now, "".join(rows))
    assert all(isinstance(one, Stored) for one in found), found
    return [one for one in found if isinstance(one, Stored)]


async def _known(database: Database, vault: Vault) -> list[Known]:
    return await database.read(group_register.known, vault)


async def test_a_row_becomes_a_group_to_copy_for(
    filled: Database, vault: Vault, now: datetime
) -> None:
    await _stored(filled, vault, now, GOOD)
    (one,) = await _known(filled, vault)
    assert (one.kind, one.city, one.area, one.size) == (GroupKind.CITY, "广州", "371703", 312)
    assert (one.steward, one.brought_by, one.state) == ("小刘", "小刘", GroupState.LIVE)
    assert one.is_copy_ready
    assert one.last_post_at is not None


AGAIN = [
    (GOOD, Outcome.SAME, ""),
    (GOOD.replace("g1,", ","), Outcome.SAME, ""),
    (GOOD.replace("g1,广州返乡创业群", ",广州 返乡创业群"), Outcome.SAME, ""),
    (GOOD.replace("312", "330"), Outcome.MERGED, ""),
    (GOOD.replace("11月3日", "11月9日"), Outcome.MERGED, ""),
    (GOOD.replace("11月3日", "10月9日"), Outcome.SAME, ""),
    (GOOD.replace("城市群", "企业家"), Outcome.DIFFERS, "类别"),
    (GOOD.replace(",广州,", ",深圳,"), Outcome.DIFFERS, "城市"),
    (GOOD.replace("返乡创业群", "老乡群"), Outcome.DIFFERS, "群名"),
    (GOOD.replace("小刘", "小张"), Outcome.SAME, "群管不是员工"),
    (GOOD.replace("g1,", ",").replace("定陶区", "湘乡市"), Outcome.NEW, ""),
    (GOOD.replace("g1,", "g2,"), Outcome.NEW, ""),
]


@pytest.mark.parametrize(("row", "outcome", "said"), AGAIN)
async def test_a_second_list_adds_and_says_what_differs(
    filled: Database, vault: Vault, now: datetime, row: str, outcome: Outcome, said: str
) -> None:
    await _stored(filled, vault, now, GOOD)
    (before,) = await _known(filled, vault)
    (told,) = await _stored(filled, vault, now, row)
    assert (told.outcome, said in "".join(told.remarks)) == (outcome, True)
    after = (await _known(filled, vault))[0]
    assert (after.kind, after.city, after.steward) == (before.kind, before.city, before.steward)


async def test_a_group_twice_in_a_list_comes_to_the_same_each_time(
    filled: Database, vault: Vault, now: datetime
) -> None:
    outcomes = []
    for _ in range(2):
        told = await _stored(filled, vault, now, GOOD, GOOD.replace("312", "330"))
        outcomes.append([one.outcome for one in told])
        assert [one.size for one in await _known(filled, vault)] == [312]
    assert outcomes == [[Outcome.NEW, Outcome.DIFFERS], [Outcome.SAME, Outcome.DIFFERS]]


async def test_what_is_not_said_waits_and_a_later_list_says_it(
    filled: Database, vault: Vault, now: datetime
) -> None:
    bare = ",联络群,,,定陶区,,,,,\n"
    assert [one.outcome for one in await _stored(filled, vault, now, bare, bare)] == [
        Outcome.NEW,
        Outcome.SAME,
    ]
    (one,) = await _known(filled, vault)
    assert one.lacks == ("kind", "steward")
    await _stored(filled, vault, now, ",联络群,学员,,定陶区,,,小刘,,\n")
    assert [one.state for one in await _known(filled, vault)] == [GroupState.LIVE]


FAULTS = [
    (",,城市群,广州,定陶区,微信,,,,\n", "群名", "哪个群"),
    (",广州群 13800000000,,,定陶区,,,,,\n", "群名", "号码"),
    (",广州群,饭友群,,定陶区,,,,,\n", "类别", "站长、志愿"),
    (",广州群,,,火星,,,,,\n", "县", "看不出"),
    (",广州群,,,,,,,,\n", "县", "没写"),
    (",广州群,,,定陶区,QQ,,,,\n", "平台", "微信、企业微信"),
    (",广州群,,,定陶区,电报,abc,,,\n", "群号", "-100"),
    (",广州群,,,定陶区,,,张三 13800000000,,\n", "群管", "不写电话"),
    (",广州群,,,定陶区,,,,很多,\n", "人数", "多少人"),
    (",广州群,,,定陶区,,,,9999999,\n", "人数", "最多"),
    (",广州群,,,定陶区,,,,,上周\n", "最近发布", "哪天"),
    (",广州群,,,定陶区,,,,,2027年1月1日\n", "最近发布", "还没到"),
]


@pytest.mark.parametrize(("row", "heading", "said"), FAULTS)
async def test_a_faulty_row_says_where_and_how_it_would_be_right(
    filled: Database, vault: Vault, now: datetime, row: str, heading: str, said: str
) -> None:
    refused, good = await filled.run(_store, vault, now, row + GOOD)
    assert isinstance(refused, Refused)
    assert [(f.heading, said in str(f)) for f in refused.faults] == [(heading, True)]
    assert isinstance(good, Stored)


def _telegram(session: Session, vault: Vault, at: datetime) -> None:
    groups.join(session, vault, Joined("telegram", "-1001", "广州老乡", 20), at)


async def test_a_list_places_a_group_that_the_bot_is_in(
    filled: Database, vault: Vault, now: datetime
) -> None:
    await filled.run(_telegram, vault, now)
    row = ",广州老乡群,城市群,,定陶区,电报,-1001,小刘,99,\n"
    (told,) = await _stored(filled, vault, now, row)
    (one,) = await _known(filled, vault)
    assert (told.outcome, one.state, one.size) == (Outcome.MERGED, GroupState.LIVE, 20)
    assert (one.name, "以群里的为准" in "".join(told.remarks)) == ("广州老乡", True)


@pytest.mark.parametrize(
    "row", [",广州群,,,定陶区,电报,-1009,,,\n", ",广州群,,,定陶区,企微,,,,\n"]
)
async def test_a_group_that_no_channel_knows_is_not_taken(
    filled: Database, vault: Vault, now: datetime, row: str
) -> None:
    (told,) = await _stored(filled, vault, now, row)
    assert (told.outcome, "还不在这个群里" in told.remarks[0]) == (Outcome.REFUSED, True)


def _customer_group(session: Session, vault: Vault, at: datetime) -> None:
    customers.keep_group(session, vault, Group("wr1", "LiSi", "返乡群", at), at)


async def test_a_customer_group_is_placed_and_its_owner_stays(
    filled: Database, vault: Vault, now: datetime
) -> None:
    await filled.run(_customer_group, vault, now)
    (told,) = await _stored(filled, vault, now, ",返乡群,返乡,,定陶区,企微,,小刘,,\n")
    (one,) = await _known(filled, vault)
    assert (told.outcome, "归群主管" in "".join(told.remarks)) == (Outcome.MERGED, True)
    assert (one.area, one.kind, one.lacks) == ("371703", GroupKind.RETURNEES, ("steward",))


async def test_which_of_two_groups_is_meant_is_asked(
    filled: Database, vault: Vault, now: datetime
) -> None:
    rows = [f"g{n},老乡群,,,定陶区,,,,,\n" for n in range(2)]
    await _stored(filled, vault, now, *rows)
    (told,) = await _stored(filled, vault, now, ",老乡群,,,定陶区,,,,,\n")
    assert (told.outcome, "1号、2号" in told.remarks[0]) == (Outcome.REFUSED, True)


@pytest.mark.parametrize(
    ("name", "city", "kind"),
    [
        ("广州、昆明、长春服务站站长群", "", GroupKind.HEADS),
        ("企业家返乡创业群", "", GroupKind.ENTREPRENEURS),
        ("党政军志愿服务群", "", GroupKind.VOLUNTEERS),
        ("国外人才服务群", "", GroupKind.ABROAD),
        ("高端人才微信群", "", GroupKind.TALENT),
        ("人才服务中心微信群", "", GroupKind.TALENT),
        ("乡贤返乡创业联盟", "", GroupKind.SAGES),
        ("定陶归雁", "", GroupKind.RETURNEES),
        ("昆明返乡创业群", "昆明", GroupKind.CITY),
        ("昆明企业家群", "昆明", GroupKind.ENTREPRENEURS),
        ("联络群", "", None),
    ],
)
def test_a_name_says_its_kind(name: str, city: str, kind: GroupKind | None) -> None:
    assert guessed(name, city) is kind


@pytest.mark.parametrize(
    ("name", "city"), [("昆明返乡创业群", "昆明"), ("定陶归雁", ""), ("广州、昆明站长群", "")]
)
async def test_a_name_says_its_city(
    filled: Database, vault: Vault, now: datetime, name: str, city: str
) -> None:
    await _stored(filled, vault, now, f",{name},,,定陶区,,,,,\n")
    assert [one.city for one in await _known(filled, vault)] == [city]


def test_every_kind_has_words_and_a_code() -> None:
    assert [kind_of(kind.value) for kind in GroupKind] == list(GroupKind)
    assert kind_of("饭友群") is None
