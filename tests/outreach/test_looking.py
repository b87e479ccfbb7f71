"""Who looks at a campaign sees every wording that will leave, and how many get it."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from outreach import genuine
from outreach.campaigns import drafting, freezing, looking, states, trying
from outreach.campaigns.drafting import Split, Wording
from outreach.campaigns.looking import House
from outreach.reach import Lines
from records.database import Database, Session
from records.outbox import OutboxRow
from records.vault import Vault
from tests.support import campaign_stage as stage
from tests.support.campaign_stage import HOSTS, NOW, OFFICE, WRITER

BOTH = Lines(frozenset({"telegram", "fake"}))
ONE = Lines(frozenset({"fake"}))
TELEGRAM, SECOND = "{称呼|老乡}，摊子在汽车站。", "{称呼|老乡}，有事直接回我。"


def _world(session: Session, vault: Vault) -> int:
    stage.people_of(session, vault, 40)
    stage.people_of(session, vault, 20, name="t{:03}", channel="telegram")
    stage.staff_of(session)
    number = stage.draft(session)
    said = Wording(TELEGRAM, channel="telegram")
    drafting.write(session, number, said, HOSTS, WRITER, NOW)
    return number


async def _seen(
    database: Database, vault: Vault, number: int, lines: Lines, *, is_frozen: bool
) -> list[str]:
    if is_frozen:
        await database.run(states.submit, number, WRITER, NOW)
        await freezing.freeze(database, OFFICE, number, lines, NOW)
    look = await database.read(looking.look, vault, House(OFFICE, lines), number, NOW)
    return list(looking.lines(look))


@pytest.mark.parametrize("is_frozen", [False, True])
async def test_each_wording_is_shown_with_who_gets_it(
    database: Database, vault: Vault, is_frozen: bool
) -> None:
    number = await database.run(_world, vault)
    seen = await _seen(database, vault, number, BOTH, is_frozen=is_frozen)
    assert "收到文字A的：fake40人。" in seen
    assert "收到文字A（Telegram）的：Telegram20人。" in seen
    assert any("文字A（Telegram），最长的" in one and "摊子在汽车站" in one for one in seen)


@pytest.mark.parametrize("is_frozen", [False, True])
async def test_a_wording_that_nobody_gets_is_said_to_be_so(
    database: Database, vault: Vault, is_frozen: bool
) -> None:
    number = await database.run(_world, vault)
    said = Wording(SECOND, channel="webchat")
    await database.run(drafting.write, number, said, HOSTS, WRITER, NOW)
    seen = await _seen(database, vault, number, BOTH, is_frozen=is_frozen)
    assert "收到文字A（网页）的：照现在的名单没有人。" in seen
    assert not any("——文字A（网页）" in one for one in seen)


@pytest.mark.parametrize("is_frozen", [False, True])
async def test_of_two_wordings_each_has_its_people(
    database: Database, vault: Vault, is_frozen: bool
) -> None:
    number = await database.run(_world, vault)
    await database.run(drafting.write, number, Wording(SECOND, "B"), HOSTS, WRITER, NOW)
    await database.run(drafting.split, number, Split(second=50), WRITER, NOW)
    seen = await _seen(database, vault, number, BOTH, is_frozen=is_frozen)
    got = [one for one in seen if one.startswith("收到文字")]
    assert sum(int(n) for one in got for n in _numbers(one)) == 60
    assert any(one.startswith("——文字B") and "有事直接回我" in one for one in seen)


def _numbers(line: str) -> list[str]:
    return re.findall(r"(\d+)人", line)


@pytest.mark.parametrize("is_frozen", [False, True])
async def test_a_channel_that_is_not_set_up_here_is_named(
    database: Database, vault: Vault, is_frozen: bool
) -> None:
    number = await database.run(_world, vault)
    seen = await _seen(database, vault, number, ONE, is_frozen=is_frozen)
    assert "不发：现在发不到20人。" in seen
    assert any(one.startswith("这里没接Telegram") for one in seen)


async def test_where_everything_is_set_up_nothing_is_missing(
    database: Database, vault: Vault
) -> None:
    number = await database.run(_world, vault)
    seen = await _seen(database, vault, number, BOTH, is_frozen=False)
    assert not any(one.startswith("这里没接") for one in seen)


def _named(session: Session, vault: Vault) -> int:
    number = _world(session, vault)
    said = Wording("{称呼|老乡}，有事直接回我。")
    drafting.write(session, number, said, HOSTS, WRITER, NOW)
    return number


@pytest.mark.parametrize("is_frozen", [False, True])
async def test_samples_have_names_masked(
    database: Database, vault: Vault, is_frozen: bool
) -> None:
    number = await database.run(_named, vault)
    seen = "\n".join(await _seen(database, vault, number, BOTH, is_frozen=is_frozen))
    assert "——文字A，最长的：\n老***，有事直接回我。" in seen
    assert "老乡1" not in seen


def _evening(session: Session, vault: Vault) -> int:
    number = _world(session, vault)
    drafting.plan(session, number, ["腊月廿三 晚上"], "", WRITER, NOW)
    return number


async def test_what_an_evening_is_for_whom_is_said(database: Database, vault: Vault) -> None:
    number = await database.run(_evening, vault)
    seen = await _seen(database, vault, number, BOTH, is_frozen=False)
    assert any("14:00" in one and "第二天8:30" in one for one in seen)


async def test_a_trial_bears_the_code_that_everybody_gets(
    database: Database, vault: Vault
) -> None:
    number = await database.run(_world, vault)
    house = House(OFFICE, BOTH)
    await database.run(trying.send, vault, house, number, WRITER, NOW)
    rows = await database.read(_outbox)
    codes = {genuine.code_in(vault.open(row.payload)["text"]) for row in rows}
    assert len(rows) == 2
    assert codes == {genuine.of_campaign(vault, number)}


def _outbox(session: Session) -> list[OutboxRow]:
    return list(session.execute(select(OutboxRow)).scalars())
