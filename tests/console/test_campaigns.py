"""Campaigns on pages: from a kit to the report, by the same rules as in the chat."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import datetime

import pytest
from sqlalchemy import update

from console.campaigns import finding
from console.pages.campaigns_report import progress
from console.work_kinds import WORK
from outreach.campaigns import drafting
from records import audit, campaign_drafts, feeding, staff_accounts
from records.database import Database, Session
from records.outbox import OutboxRow, OutboxState
from records.vault import Vault
from tests.support import campaign_stage as people_and_staff
from tests.support.campaign_stage import DINGTAO, NOW, SECOND, STRANGER, WRITER
from tests.support.console import Browser, Stage, served
from tests.support.working import work

KIT = "温暖回家路"


@pytest.fixture
async def at_home(stage: Stage) -> Stage:
    """A county with sixty people who work away, nine in the morning on a day of the last month."""
    stage.clock[0] = NOW
    await stage.database.run(_people, stage.vault)
    await stage.database.run(people_and_staff.staff_of)
    return stage


def _people(session: Session, vault: Vault) -> None:
    people_and_staff.people_of(session, vault, 60, channel="telegram")


@pytest.fixture
async def hurried(database: Database, vault: Vault) -> AsyncIterator[Stage]:
    """The same, whose pages wait for no count."""
    async with served(database, vault, NOW, patience=0) as stage:
        await stage.database.run(_people, stage.vault)
        await stage.database.run(people_and_staff.staff_of)
        yield stage


@pytest.fixture
async def writer(at_home: Stage) -> Browser:
    return await at_home.staff(WRITER, area=DINGTAO)


@pytest.fixture
async def second(at_home: Stage) -> Browser:
    return await at_home.staff(SECOND, area=DINGTAO)


async def drafted(writer: Browser) -> int:
    """A draft from a kit, for those who are there."""
    answer = await writer.post("/campaigns/new", kit=KIT, title="回家路")
    number = int(answer.path.rpartition("/")[2])
    await writer.post(f"/campaigns/{number}/audience", audience="在外地")
    return number


async def submitted(stage: Stage, writer: Browser) -> int:
    number = await drafted(writer)
    await writer.post(f"/campaigns/{number}/test")
    await writer.post(f"/campaigns/{number}/submit")
    await work(stage.means, WORK)
    return number


async def approved(stage: Stage, writer: Browser, second: Browser) -> int:
    number = await submitted(stage, writer)
    await second.post(f"/campaigns/{number}/approve", digest=await digest(second, number))
    return number


async def digest(browser: Browser, number: int) -> str:
    """What the page to look through carries."""
    found = re.search(
        r'name="digest" value="(\w+)"', (await browser.get(f"/campaigns/{number}/look")).text
    )
    return found[1] if found else ""


async def state(database: Database, number: int) -> str:
    return (await database.read(drafting.found, number)).state


async def test_a_campaign_goes_from_a_kit_to_its_report(
    at_home: Stage, writer: Browser, second: Browser
) -> None:
    number = await approved(at_home, writer, second)
    assert await state(at_home.database, number) == "approved"
    at_home.clock[0] = await at_home.database.run(_leave, number)
    reader = await at_home.staff("小李", area=DINGTAO)
    report = await reader.get(f"/campaigns/{number}/report")
    assert "已发" in report.words
    assert "有没有用" in report.words


def _leave(session: Session, number: int) -> datetime:
    """All that is due leaves."""
    last = campaign_drafts.waves(session, number)[-1].at
    feeding.feed(session, number, "telegram", 99, last)
    session.execute(update(OutboxRow).values(state=OutboxState.SENT.value))
    return last


async def test_a_draft_from_a_kit_brings_words_people_and_days(writer: Browser) -> None:
    answer = await writer.post("/campaigns/new", kit=KIT, title="回家路")
    page = await writer.get(answer.path)
    for said in ("回家路上辛苦了", "在外地", "40%", "文字B"):
        assert said in page.words


async def test_an_audience_is_read_back_and_counted_by_reason(writer: Browser) -> None:
    number = await drafted(writer)
    page = await writer.get(f"/campaigns/{number}")
    assert "合条件 60 人" in page.words


@pytest.mark.parametrize(
    ("path", "fields", "fault"),
    [
        ("audience", {"audience": "属龙的人"}, "第1个字"),
        ("audience", {"audience": ""}, "请填写这一项"),
        ("waves", {"waves": "半夜两点"}, "半夜"),
        ("split", {"holdout": "99", "second": "0", "weight": "1"}, "要在0到50之间"),
        ("split", {"holdout": "几个", "second": "0", "weight": "1"}, "请填一个整数"),
        ("text", {"text": "加我私人电话13800000000"}, "号码"),
        ("text", {"text": "你好{昵称}"}, "没有占位符"),
    ],
)
async def test_a_fault_stands_at_its_field_and_nothing_typed_is_lost(
    writer: Browser, path: str, fields: dict[str, str], fault: str
) -> None:
    number = await drafted(writer)
    answer = await writer.post(f"/campaigns/{number}/{path}", **fields)
    assert answer.status == 422
    assert fault in answer.words
    assert re.search(rf'name="{next(iter(fields))}"[^>]* autofocus', answer.text)
    assert all(value in answer.text for value in fields.values())


async def test_a_refusal_names_no_command_line(writer: Browser) -> None:
    answer = await writer.post("/campaigns/new", title="空的")
    page = await writer.get(answer.path)
    assert "还没写发什么" in page.words
    assert "guiyan" not in page.words


async def test_who_wrote_it_cannot_agree_to_many(at_home: Stage, writer: Browser) -> None:
    number = await submitted(at_home, writer)
    page = await writer.get(f"/campaigns/{number}/look")
    assert "要另一个人同意" in page.words
    seen = (await at_home.database.read(drafting.found, number)).digest
    answer = await writer.post(f"/campaigns/{number}/approve", digest=seen)
    assert (answer.status, await state(at_home.database, number)) == (409, "submitted")


async def test_what_changed_since_it_was_looked_at_is_not_agreed_to(
    at_home: Stage, writer: Browser, second: Browser
) -> None:
    number = await submitted(at_home, writer)
    before = await digest(second, number)
    await writer.post(f"/campaigns/{number}/text", text="换了一句，想问什么直接回我。")
    await writer.post(f"/campaigns/{number}/test")
    await writer.post(f"/campaigns/{number}/submit")
    await work(at_home.means, WORK)
    answer = await second.post(f"/campaigns/{number}/approve", digest=before)
    assert (answer.status, await state(at_home.database, number)) == (409, "submitted")


async def test_agreeing_twice_is_told_and_does_no_harm(
    at_home: Stage, writer: Browser, second: Browser
) -> None:
    number = await submitted(at_home, writer)
    seen = await digest(second, number)
    first = await second.post(f"/campaigns/{number}/approve", digest=seen)
    again = await second.post(f"/campaigns/{number}/approve", digest=seen)
    assert (first.status, again.status) == (303, 409)


async def test_it_goes_back_with_a_reason_only(
    at_home: Stage, writer: Browser, second: Browser
) -> None:
    number = await submitted(at_home, writer)
    seen = await digest(second, number)
    assert (await second.post(f"/campaigns/{number}/refuse", digest=seen)).status == 409
    await second.post(f"/campaigns/{number}/refuse", digest=seen, why="太长了")
    page = await writer.get(f"/campaigns/{number}")
    assert f"{SECOND}退回来了：太长了" in page.words
    assert await state(at_home.database, number) == "draft"
    assert "推送退回来了，等您改" in (await writer.get("/")).words
    assert "推送退回来了，等您改" not in (await second.get("/")).words


async def test_who_takes_it_back_is_not_told_that_it_came_back(
    at_home: Stage, writer: Browser
) -> None:
    number = await submitted(at_home, writer)
    await writer.post(f"/campaigns/{number}/take-back")
    page = await writer.get(f"/campaigns/{number}")
    assert (await state(at_home.database, number), "撤回" in page.words) == ("draft", True)
    assert "退回" not in page.words
    assert (await writer.post(f"/campaigns/{number}/take-back")).status == 409


async def test_many_are_tested_first_and_the_second_person_can_do_it(
    at_home: Stage, writer: Browser, second: Browser
) -> None:
    number = await drafted(writer)
    assert "先试发一次，同事才能同意" in (await writer.get(f"/campaigns/{number}")).words
    await writer.post(f"/campaigns/{number}/submit")
    await work(at_home.means, WORK)
    assert "先发给我自己看看" in (await second.get(f"/campaigns/{number}/look")).words
    await second.post(f"/campaigns/{number}/test")
    seen = await digest(second, number)
    assert (await second.post(f"/campaigns/{number}/approve", digest=seen)).status == 303


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        (
            "群发任务3还有2人没发：等发完，或回“停止推送 3”不再发。",
            "推送3还有2人没发：等发完，或按“停止”不再发。",
        ),
        ("先看一遍再同意：回“看推送 3”，或 guiyan campaign preview 3。", "先看一遍再同意。"),
        ("请在“人员与权限”里加一位，或 guiyan staff add。", "请在“人员与权限”里加一位。"),
        ("不能暂停：先要有人同意：回“同意 3”。", "不能暂停：先要有人同意。"),
    ],
)
def test_a_refusal_says_what_a_page_can_do(told: str, shown: str) -> None:
    assert finding.plain(told) == shown


async def test_it_is_halted_goes_on_and_stops(
    at_home: Stage, writer: Browser, second: Browser
) -> None:
    number = await approved(at_home, writer, second)
    stood = []
    for act in ("pause", "resume", "stop"):
        await writer.post(f"/campaigns/{number}/{act}")
        stood.append(await state(at_home.database, number))
    assert stood == ["paused", "approved", "stopped"]
    assert (await writer.post(f"/campaigns/{number}/resume")).status == 409


@pytest.mark.parametrize("name", [STRANGER, "镇上小孙"])
@pytest.mark.parametrize("path", ["", "/look", "/report", "/people?stand=held", "/text"])
async def test_anothers_campaign_is_not_there(
    at_home: Stage, writer: Browser, name: str, path: str
) -> None:
    number = await drafted(writer)
    other = await at_home.staff(name)
    assert (await other.get(f"/campaigns/{number}{path}")).status == 404


@pytest.mark.parametrize(
    "path",
    [
        *("text", "text/drop", "audience", "waves", "split", "test", "submit", "take-back"),
        *("approve", "refuse", "pause", "resume", "stop", "finish", "late", "proof"),
    ],
)
async def test_nothing_can_be_done_to_anothers_campaign(
    at_home: Stage, writer: Browser, path: str
) -> None:
    number = await drafted(writer)
    other = await at_home.staff(STRANGER)
    fields = {"audience": "所有人", "waves": "现在", "text": "你好", "why": "不", "holdout": "1"}
    assert (await other.post(f"/campaigns/{number}/{path}", **fields)).status == 404


async def test_lists_are_masked_and_noted(
    at_home: Stage, writer: Browser, second: Browser
) -> None:
    number = await approved(at_home, writer, second)
    page = await writer.get(f"/campaigns/{number}/people?stand=held")
    assert "老**" in page.words
    assert "老乡1" not in page.words
    assert await at_home.database.read(audit.with_acts, ["campaign.recipients"])


@pytest.mark.parametrize("path", ["", "/look"])
async def test_a_draft_does_not_wait_for_its_count(hurried: Stage, path: str) -> None:
    writer = await hurried.staff(WRITER, area=DINGTAO)
    number = await drafted(writer)
    page = await writer.get(f"/campaigns/{number}{path}")
    assert f'href="/console/campaigns/{number}{path}?count=now"' in page.text
    assert "正在数人数" in page.words
    assert "合条件 60 人" in (await writer.get(f"/campaigns/{number}{path}?count=now")).words
    assert "合条件 60 人" in (await writer.get(f"/campaigns/{number}{path}")).words


async def test_that_nobody_would_get_it_is_said(writer: Browser) -> None:
    number = await drafted(writer)
    await writer.post(f"/campaigns/{number}/audience", audience="想做电商")
    page = await writer.get(f"/campaigns/{number}")
    assert "没有人合这个条件" in page.words
    assert "不发的人和原因" not in page.words


@pytest.mark.parametrize("path", ["", "/look"])
async def test_samples_are_masked_and_noted(at_home: Stage, writer: Browser, path: str) -> None:
    number = await drafted(writer)
    await writer.post(f"/campaigns/{number}/text", text="{称呼|老乡}，有事直接回我。")
    page = await writer.get(f"/campaigns/{number}{path}")
    assert "老***，有事直接回我。" in page.words
    assert "老乡1" not in page.words
    assert await at_home.database.read(audit.with_acts, ["campaign.previewed"])


async def test_the_proof_is_made_and_fetched_by_who_asked(
    at_home: Stage, writer: Browser, second: Browser
) -> None:
    number = await approved(at_home, writer, second)
    await writer.post(f"/campaigns/{number}/proof", ending="csv")
    before = await at_home.database.run(_files, WRITER, at_home.now)
    await work(at_home.means, WORK)
    assert await at_home.database.run(_files, WRITER, at_home.now) != before
    page = await writer.get(f"/campaigns/{number}/report")
    path = re.search(rf"/console(/campaigns/{number}/proof/\d+)", page.text)
    assert path is not None
    assert "要发".encode() in (await writer.get(path[1])).body
    assert (await second.get(path[1])).status == 404


async def test_a_town_runs_campaigns_of_its_own(at_home: Stage) -> None:
    clerk = await at_home.staff("镇上小钱", area="371703102")
    answer = await clerk.post("/campaigns/new", title="镇上的事")
    kept = await at_home.database.read(drafting.found, int(answer.path.rpartition("/")[2]))
    assert (kept.area, kept.town) == (DINGTAO, "371703102")


async def test_who_looks_after_everything_says_which_county(stage: Stage) -> None:
    browser = await stage.staff("大家的小吴", area="")
    without = await browser.post("/campaigns/new", title="一件事")
    assert (without.status, "请写您管的一个县" in without.words) == (422, True)
    answer = await browser.post("/campaigns/new", title="一件事", area="定陶区")
    kept = await stage.database.read(drafting.found, int(answer.path.rpartition("/")[2]))
    assert kept.area == DINGTAO


async def test_what_waits_for_agreement_is_on_the_first_page(
    at_home: Stage, writer: Browser, second: Browser
) -> None:
    await submitted(at_home, writer)
    assert "推送等您同意" in (await second.get("/")).words
    assert "推送等您同意" not in (await writer.get("/")).words


async def test_an_open_page_learns_of_each_step_and_strangers_of_none(
    at_home: Stage, writer: Browser
) -> None:
    number = await drafted(writer)
    versions = []
    for path in ("audience", "waves"):
        await writer.post(f"/campaigns/{number}/{path}", audience="所有人", waves="腊月廿三 9:30")
        versions.append(await at_home.database.run(_version, WRITER, str(number), at_home.now))
    assert versions[0] != versions[1]
    assert await at_home.database.run(_version, STRANGER, str(number), at_home.now) == ""


@pytest.mark.parametrize("key", ["", "77", "x", "9" * 30, "1 or 1"])
async def test_a_topic_that_there_is_not_says_nothing(at_home: Stage, key: str) -> None:
    assert await at_home.database.run(_version, WRITER, key, at_home.now) == ""


def _files(session: Session, name: str, now: datetime) -> str:
    staff = staff_accounts.active(session, name)
    assert staff is not None
    return progress(session, staff, "", now)


def _version(session: Session, name: str, key: str, now: datetime) -> str:
    staff = staff_accounts.active(session, name)
    assert staff is not None
    return finding.version(session, staff, key, now)


async def test_a_list_that_waits_is_taken_back(at_home: Stage, writer: Browser) -> None:
    number = await submitted(at_home, writer)
    first = await writer.post(f"/campaigns/{number}/take-back")
    again = await writer.post(f"/campaigns/{number}/take-back")
    assert (first.status, again.status) == (303, 409)
    assert await state(at_home.database, number) == "draft"


async def test_a_letter_is_drafted_from_the_entries(writer: Browser) -> None:
    assert "起草一封信" in (await writer.get("/campaigns/new")).words
    answer = await writer.post("/campaigns/prepare", kind="letter")
    assert "定陶" in (await writer.get(answer.path)).words
    again = await writer.post("/campaigns/prepare", kind="letter")
    assert again.status == 409
    assert "已经有一份" in again.words


@pytest.mark.parametrize(
    ("kind", "fault"),
    [("cases", "还没有能讲的案例"), ("digest", "没有新添的项目"), ("别的", "请选一样")],
)
async def test_what_cannot_be_drafted_says_why(writer: Browser, kind: str, fault: str) -> None:
    answer = await writer.post("/campaigns/prepare", kind=kind)
    assert answer.status == 409
    assert fault in answer.words
