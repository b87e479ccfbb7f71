"""A policy goes live: those whom it newly fits and who agreed are told once, nobody else."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from sqlalchemy import select, update

from knowledge.library import load_library, our_shelf
from knowledge.shelf import Library
from matching.facts import Entity
from outreach import recheck as rechecking
from outreach.recheck import recheck
from records import consents, outbox, people, person_facts, policies, stops, unasked
from records.consents import CORE, PUSH, Said
from records.conversations import Conversation
from records.database import Database, Session
from records.messages import Priority
from records.outbox import NewOutgoing, OutboxRow
from records.people import Entered, Person
from records.policies import PageVersion, Stage
from records.stops import StopReason
from records.vault import Vault

PATH = "dingtao/policies/dingtao-new-subsidy.toml"
DAY = datetime(2026, 11, 22, 4, tzinfo=UTC)  # noon in China
DINGTAO = "371703"


def page(
    *rules: str,
    status: str = "in_force",
    matter: str = "开业补贴",
    more: str = "",
    bound: str = "max",
) -> str:
    """A content file with these rules, each "attr op value"."""
    return f"""
id = "dingtao-new-subsidy"
kind = "policy"
topic = "补贴"
matter = "{matter}"
slot = "额度"
who = []
title = "开业补贴有多少"
answer = "开业补贴{{amount}}。"
detail = ""
status = "{status}"
agency = "区人社局"
source = "plan"
asked_as = ["开业补贴多少"]
{more}
[figures.amount]
value = 5000
unit = "元"
bound = "{bound}"
printed = "最高5000元"
""" + "".join(map(_rule, rules))


def _rule(rule: str) -> str:
    attr, op, value, *undefined = rule.split()
    stated = f'attr = "{attr}"\nop = "{op}"\nvalue = {value}\nprinted = "要{attr[:5]}"'
    return f"\n[[rules]]\n{stated}\ndefined = {'false' if undefined else 'true'}\n"


FIRST, TWO, AWAY = (
    "first_registration is true",
    "headcount_incl_founder ge 2",
    "is_returnee is true undefined",
)


@cache
def library() -> Library:
    return load_library()


@dataclass
class Town:
    """A database with people, pages and what was queued for whom."""

    database: Database
    vault: Vault

    async def person(
        self,
        name: str,
        told: Mapping[str, Any],
        *,
        area: str = DINGTAO,
        push: bool = True,
        codes: Mapping[str, Any] | None = None,
        account: str = "",
    ) -> None:
        await self.database.run(
            self._enter, name, told, area, push, codes or {}, account or f"fake:{name}"
        )

    def _enter(
        self, session: Session, name: str, told: Mapping[str, Any], area: str, push: bool,
        codes: Mapping[str, Any], account: str,
    ) -> None:  # fmt: skip
        said = (Said(CORE, True, DAY), Said(PUSH, push, DAY))
        entered = Entered(codes=codes, texts={"phone": f"139{name}"}, area=area, said=said)
        people.enter(session, self.vault, name, entered, at=DAY, account=account)
        consents.note(session, name, said, channel="fake")
        person_facts.keep(session, name, told, at=DAY)
        if session.get(Conversation, account) is None:
            chat = account.split(":")[1]
            session.add(Conversation(key=account, channel="fake", chat=chat, state=b"",
                                     created_at=DAY, updated_at=DAY))  # fmt: skip

    async def release(self, *texts: str) -> None:
        """These versions of the page, one after another; only the last is live."""
        await self.database.run(_release, texts)

    async def run(self, now: datetime = DAY) -> list[str]:
        """A run of the job; the ids of all who have a message by now."""
        await recheck(self.database, self.vault, library(), now)
        return sorted(row.dedupe_key.rsplit("/", 1)[1] for row in await self.queued())

    async def queued(self) -> list[OutboxRow]:
        return await self.database.read(_queued)

    async def text(self) -> str:
        return outbox.as_outgoing((await self.queued())[0], self.vault).text


def _release(session: Session, texts: Sequence[str]) -> None:
    session.execute(
        update(PageVersion).where(PageVersion.stage == Stage.LIVE).values(stage=Stage.REPLACED)  # type: ignore[arg-type]
    )
    number = len(policies.versions(session, PATH))
    for text in texts:
        number += 1
        stage = Stage.LIVE if text == texts[-1] else Stage.REPLACED
        session.add(PageVersion(path=PATH, number=number, stage=stage, text=text, live_at=DAY,
                                made_at=DAY))  # fmt: skip
    session.flush()


def _queued(session: Session) -> list[OutboxRow]:
    return list(session.execute(select(OutboxRow)).scalars())


@pytest.fixture
def town(database: Database, vault: Vault) -> Town:
    return Town(database, vault)


GOOD = {"first_registration": True, "headcount_incl_founder": 2}


@pytest.mark.parametrize(
    ("told", "is_told"),
    [
        (GOOD, True),
        (GOOD | {"is_returnee": True}, True),
        (GOOD | {"is_returnee": False}, False),  # told us that they were not away
        (GOOD | {"first_registration": False}, False),
        (GOOD | {"headcount_incl_founder": 1}, False),
        ({"first_registration": True}, False),
        (GOOD | {"unsure": ["is_returnee"]}, False),
        ({}, False),
    ],
)
async def test_who_meets_all_that_can_be_checked_is_told(
    town: Town, told: Mapping[str, Any], is_told: bool
) -> None:
    await town.person("anna", told)
    await town.release(page(FIRST, TWO, AWAY))
    assert await town.run() == (["anna"] if is_told else [])


async def test_a_policy_of_open_words_alone_is_told_to_nobody(town: Town) -> None:
    await town.person("anna", GOOD | {"is_returnee": True})
    await town.release(page(AWAY))
    assert await town.run() == []


@pytest.mark.parametrize(
    ("area", "is_told"),
    [(DINGTAO, True), ("371700", False), ("420500", False), ("371721", False), ("", False)],
)
async def test_only_people_of_the_area_are_told(town: Town, area: str, is_told: bool) -> None:
    await town.person("anna", GOOD, area=area)
    await town.release(page(FIRST))
    assert await town.run() == (["anna"] if is_told else [])


@pytest.mark.parametrize("status", ["planned", "pool", "not_stated", "not_held", "background"])
async def test_what_is_not_in_force_promises_nothing(town: Town, status: str) -> None:
    await town.person("anna", GOOD)
    await town.release(page(FIRST, status=status))
    assert await town.run() == []
    assert await town.database.read(_is_done)


def _is_done(session: Session) -> bool:
    (row,) = [v for v in policies.versions(session, PATH) if v.stage == Stage.LIVE]
    return row.rechecked_at is not None


def _refuse_pushes(session: Session) -> None:
    consents.note(session, "anna", (Said(PUSH, False, DAY),), channel="fake")


def _stop(session: Session) -> None:
    stops.stop(session, ["fake:anna"], reason=StopReason.ASKED, since=DAY)


def _stop_the_number(session: Session) -> None:
    row = session.get_one(Person, "anna")
    stops.stop(session, [row.phone_print], reason=StopReason.ASKED, since=DAY)


def _stop_until_tomorrow(session: Session) -> None:
    until = DAY + timedelta(days=1)
    stops.stop(session, ["fake:anna"], reason=StopReason.CLOSED, since=DAY, until=until)


def _withdraw(session: Session) -> None:
    people.set_aside(session, "anna", at=DAY)


def _look_alike(session: Session) -> None:
    people.choose_view(session, ["anna"], is_personal=False)


def _block(session: Session) -> None:
    session.get_one(Conversation, "fake:anna").unreachable = "blocked"
    session.flush()


def _leave(session: Session) -> None:
    session.get_one(Conversation, "fake:anna").forget_at = DAY
    session.flush()


@pytest.mark.parametrize(
    "what",
    [
        _refuse_pushes,
        _stop,
        _stop_the_number,
        _stop_until_tomorrow,
        _withdraw,
        _look_alike,
        _block,
        _leave,
    ],
)
async def test_who_may_not_be_told_is_not_told(town: Town, what: Any) -> None:
    await town.person("anna", GOOD)
    await town.person("berta", GOOD)
    await town.database.run(what)
    await town.release(page(FIRST))
    assert await town.run() == ["berta"]


async def test_who_never_agreed_is_not_told(town: Town) -> None:
    await town.person("anna", GOOD, push=False)
    await town.release(page(FIRST))
    assert await town.run() == []


async def test_on_a_shared_account_nobodys_facts_are_told(town: Town) -> None:
    await town.person("anna", GOOD, account="fake:both")
    await town.person("berta", {}, account="fake:both")
    await town.release(page(FIRST))
    assert await town.run() == []


async def test_a_loan_is_offered_only_to_who_lacks_money(town: Town) -> None:
    await town.person("anna", GOOD, codes={"lacks": ["capital", "site"]})
    await town.person("berta", GOOD, codes={"lacks": ["site"]})
    await town.person("clara", GOOD)
    await town.release(page(FIRST, matter="创业担保贷款"))
    assert await town.run() == ["anna"]


async def test_what_was_registered_counts_as_well(town: Town) -> None:
    months = {"biz_licence": "yes", "biz_months": 14}
    await town.person("anna", {}, codes=months)
    await town.person("berta", {}, codes=months | {"biz_months": 2})
    await town.release(page("months_operating ge 12"))
    assert await town.run() == ["anna"]


async def test_a_rule_made_easier_is_told_only_to_those_whom_it_newly_fits(town: Town) -> None:
    await town.person("anna", GOOD)
    await town.person("berta", GOOD | {"headcount_incl_founder": 1})
    await town.release(page(FIRST, TWO))
    assert await town.run() == ["anna"]
    await town.release(page(FIRST, "headcount_incl_founder ge 1"))
    assert await town.run() == ["anna", "berta"]
    assert len(await town.queued()) == 2


async def test_new_words_for_the_same_rule_are_told_to_nobody(town: Town) -> None:
    await town.person("anna", GOOD)
    await town.release(page(FIRST))
    await town.run()
    await town.release(page(FIRST).replace("开业补贴有多少", "开业补贴给多少"))
    assert len(await town.run()) == 1


async def test_a_plan_that_comes_into_force_is_new_to_all(town: Town) -> None:
    await town.person("anna", GOOD)
    await town.release(page(FIRST, status="planned"))
    assert await town.run() == []
    await town.release(page(FIRST))
    assert await town.run() == ["anna"]


async def test_versions_that_nobody_was_held_against_do_not_count(town: Town) -> None:
    await town.person("anna", GOOD)
    await town.release(page(FIRST, TWO), page(FIRST))
    assert await town.run() == ["anna"]


async def test_what_comes_back_after_a_withdrawal_is_new(town: Town) -> None:
    await town.person("anna", GOOD)
    await town.release(page(FIRST))
    await town.run()
    await town.database.run(_withdraw_page)
    await town.release(page(FIRST))
    assert await town.run() == ["anna", "anna"]


def _withdraw_page(session: Session, at: datetime | None = None) -> None:
    for row in policies.versions(session, PATH):
        row.stage, row.ended_at = Stage.WITHDRAWN, at
        session.add(row)


async def test_an_edited_entry_of_ours_is_compared_with_the_shipped_one(town: Town) -> None:
    path = "dingtao/policies/dingtao-post-subsidy-amount.toml"
    await town.person("anna", {"contracts_1y": 3})
    text = (our_shelf().shipped(path) or "").replace("一次性给", "一回给清")
    await town.database.run(_release_at, path, text)
    assert await town.run() == []


async def test_whom_a_figure_of_another_entry_newly_fits_is_told(town: Town) -> None:
    path = "dingtao/policies/dingtao-startup-subsidy-months.toml"
    facts = {"first_registration": True, "entity_type": Entity.FIRM, "contracts_signed": True}
    for name, months in (("anna", 4), ("berta", 14), ("cora", 1)):
        day = (DAY - timedelta(days=31 * months)).date().isoformat()
        await town.person(name, facts | {"social_insurance": "paid", "registered_on": [day, day]})
    text = (our_shelf().shipped(path) or "").replace("value = 1\n", "value = 3\n")
    text = text.replace('unit = "年"', 'unit = "个月"').replace("1年以上", "3个月以上")
    await town.database.run(_release_at, path, text)
    assert await town.run() == ["anna"]
    assert (await town.text()).startswith("一次性创业补贴：看起来够条件")


def _release_at(session: Session, path: str, text: str) -> None:
    session.add(PageVersion(path=path, number=1, stage=Stage.LIVE, text=text, live_at=DAY,
                            made_at=DAY))  # fmt: skip


async def test_run_twice_tells_nobody_twice(town: Town) -> None:
    await town.person("anna", GOOD)
    await town.release(page(FIRST))
    await town.run()
    assert await town.run(DAY + timedelta(minutes=1)) == ["anna"]


async def test_two_processes_at_once_tell_nobody_twice(town: Town) -> None:
    await town.person("anna", GOOD)
    await town.release(page(FIRST))
    await asyncio.gather(town.run(), town.run())
    assert len(await town.queued()) == 1


async def test_what_died_in_the_middle_goes_on(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("anna", "berta", "clara"):
        await town.person(name, GOOD)
    await town.release(page(FIRST))
    monkeypatch.setattr(rechecking, "TOGETHER", 1)
    with pytest.raises(RuntimeError):
        await recheck(_Dying(town.database), town.vault, library(), DAY)
    assert len(await town.queued()) == 2
    assert await town.run() == ["anna", "berta", "clara"]


class _Dying(Database):
    """Stops once it has looked for withdrawals and queued two people, as if killed."""

    def __init__(self, real: Database) -> None:
        self._real = real
        self._writes = 0

    async def run(self, function: Any, *args: Any) -> Any:
        self._writes += 1
        if self._writes > 3:
            raise RuntimeError("killed")
        return await self._real.run(function, *args)

    async def read(self, function: Any, *args: Any) -> Any:
        return await self._real.read(function, *args)


@pytest.mark.parametrize("hour", [0, 7, 8, 21, 23])
async def test_at_night_nobody_is_written_to_until_the_morning(town: Town, hour: int) -> None:
    night = datetime(2026, 11, 22, hour, 10, tzinfo=UTC) - timedelta(hours=8)
    await town.person("anna", GOOD)
    await town.release(page(FIRST))
    assert await town.run(night) == []
    assert await town.run(DAY + timedelta(days=1)) == ["anna"]


async def test_what_is_not_valid_yet_waits(town: Town) -> None:
    await town.person("anna", GOOD)
    await town.release(page(FIRST, more='valid_from = "2026-12-01"'))
    assert await town.run() == []
    assert await town.run(datetime(2026, 12, 1, 4, tzinfo=UTC)) == ["anna"]


async def test_the_message_gives_its_reason_amount_and_source(town: Town) -> None:
    await town.person("anna", GOOD)
    await town.release(page(FIRST, TWO, AWAY))
    await town.run()
    text = await town.text()
    for words in ("看起来够条件，最后由区人社局审核", "要first、要headc；最高5000元",
                  "菏定政办发〔2017〕38号", "2017年12月21日", "电话待补"):  # fmt: skip
        assert words in text
    assert "要is_re" not in text


async def test_the_message_may_wait_behind_every_reply(town: Town) -> None:
    await town.person("anna", GOOD)
    await town.release(page(FIRST))
    await town.run()
    (row,) = await town.queued()
    assert (row.priority, row.state, row.dedupe_key) == (
        9,
        "queued",
        "elig/dingtao-new-subsidy/1/anna",
    )


async def test_of_several_policies_one_comes_in_two_weeks(town: Town) -> None:
    await town.person("anna", GOOD)
    for minute in range(3):
        await town.database.run(_withdraw_page)
        await town.release(page(FIRST))
        await town.run(DAY + timedelta(minutes=minute))
    due = sorted(row.due for row in await town.queued())
    assert [(at - due[0]).days for at in due] == [0, 13, 27]


async def test_what_waits_is_dropped_when_the_policy_is_withdrawn(town: Town) -> None:
    await town.person("anna", GOOD)
    await town.release(page(FIRST))
    await town.run()
    await town.database.run(_withdraw_page, DAY)
    await town.run(DAY + timedelta(minutes=1))
    assert [row.state for row in await town.queued()] == ["stopped"]


@pytest.mark.parametrize(
    ("ago", "due"),
    [
        ([1], DAY),
        ([0], datetime(2026, 11, 23, 0, 30, tzinfo=UTC)),
        ([1, 3, 6], datetime(2026, 11, 29, 0, 30, tzinfo=UTC)),
        ([1, 3, 7], DAY),
        ([1, 3, 8, 10, 13, 20, 25, 29], datetime(2026, 12, 22, 0, 30, tzinfo=UTC)),
    ],
)
async def test_nobody_is_written_to_too_often(
    town: Town, ago: Sequence[int], due: datetime
) -> None:
    await town.person("anna", GOOD)
    await town.database.run(_earlier, ago)
    await town.release(page(FIRST))
    await town.run()
    assert max(row.due for row in await town.queued()) == due


def _earlier(session: Session, ago: Sequence[int]) -> None:
    at = [DAY - timedelta(days=days) for days in ago]
    outbox.enqueue(session, [
        NewOutgoing("fake", "anna", f"earlier/{moment}", b"", moment, Priority.BULK.value)
        for moment in at
    ])  # fmt: skip


async def test_what_waits_is_dropped_when_somebody_says_stop(town: Town) -> None:
    await town.person("anna", GOOD)
    await town.release(page(FIRST))
    await town.run()
    await town.database.run(unasked.cancel_pushes, "fake:anna", DAY)
    assert [row.state for row in await town.queued()] == ["stopped"]
