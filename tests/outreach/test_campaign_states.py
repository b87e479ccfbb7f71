"""A campaign is agreed to by a second person, exactly as it was frozen, and halts at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from outreach.campaigns import asking, drafting, schedule, states
from outreach.campaigns.drafting import Split, Wording
from outreach.campaigns.feeding import start_due
from outreach.campaigns.refusing import CampaignRefused
from outreach.campaigns.states import Act
from records import audit
from records import campaign_drafts as drafts
from records.campaigns import CampaignState
from records.database import Database, Session
from records.vault import Vault
from tests.support import campaign_stage as stage
from tests.support.campaign_stage import CLERK, HOSTS, NOW, OFFICE, SECOND, STRANGER, WRITER

WAVE = NOW + timedelta(days=20, minutes=31)


@pytest.fixture
async def many(database: Database, vault: Vault) -> int:
    """Submitted, frozen, tried out; for sixty people."""
    return await _frozen(database, vault, 60)


async def _frozen(database: Database, vault: Vault, count: int) -> int:
    await database.run(stage.people_of, vault, count)
    await database.run(stage.staff_of)
    number: int = await database.run(stage.draft)
    await stage.frozen(database, number)
    await database.run(states.tested, number, WRITER, NOW)
    return number


async def _approve(database: Database, number: int, by: str) -> str:
    """What it says; "" where it is done."""
    await database.run(states.look, number, by, NOW)
    try:
        await database.run(states.approve, number, by, NOW)
    except CampaignRefused as refusal:
        return str(refusal)
    return ""


async def _state(database: Database, number: int) -> str:
    return await database.read(lambda s: drafting.found(s, number).state)


async def test_a_second_of_the_county_agrees(database: Database, many: int) -> None:
    assert await _approve(database, many, SECOND) == ""
    assert await _state(database, many) == CampaignState.APPROVED


async def test_who_wrote_it_does_not(database: Database, many: int) -> None:
    assert "另一个人" in await _approve(database, many, WRITER)
    assert await _state(database, many) == CampaignState.SUBMITTED


async def test_who_changed_a_word_of_it_does_not(database: Database, vault: Vault) -> None:
    await database.run(stage.people_of, vault, 60)
    await database.run(stage.staff_of)
    number = await database.run(stage.draft)
    await database.run(drafting.split, number, Split(holdout=1), SECOND, NOW)
    await stage.frozen(database, number)
    await database.run(states.tested, number, WRITER, NOW)
    assert SECOND in await _approve(database, number, SECOND)


@pytest.mark.parametrize("who", [STRANGER, CLERK])
async def test_who_is_of_elsewhere_or_of_a_town_does_not(
    database: Database, many: int, who: str
) -> None:
    with pytest.raises(CampaignRefused, match="要本县"):
        await database.run(states.approve, many, who, NOW)


async def test_few_need_one_look_and_no_second(database: Database, vault: Vault) -> None:
    number = await _frozen(database, vault, 50)
    with pytest.raises(CampaignRefused, match="先看一遍"):
        await database.run(states.approve, number, WRITER, NOW)
    assert await _approve(database, number, WRITER) == ""


async def test_who_did_not_look_at_this_list_cannot_agree(database: Database, many: int) -> None:
    await database.run(states.look, many, SECOND, NOW)
    await database.run(states.refuse, many, SECOND, NOW, "改一下")
    await stage.frozen(database, many)
    with pytest.raises(CampaignRefused, match="先看一遍"):
        await database.run(states.approve, many, SECOND, NOW)


async def test_many_are_tried_out_first(database: Database, many: int) -> None:
    await database.run(drafting.write, many, Wording(stage.TEXT), HOSTS, WRITER, NOW)
    await stage.frozen(database, many)
    assert "试发" in await _approve(database, many, SECOND)


async def test_other_days_need_no_new_trial(database: Database, many: int) -> None:
    await database.run(_edit_waves, many)
    await stage.frozen(database, many)
    assert await _approve(database, many, SECOND) == ""


TONIGHT = NOW + timedelta(hours=9, minutes=1)  # 18:01 in China


@pytest.mark.parametrize(("hours", "is_past"), [(-1, False), (0, False), (2, False), (2.6, True)])
async def test_an_evening_lasts_until_nobody_is_written_to(
    database: Database, vault: Vault, hours: float, is_past: bool
) -> None:
    number = await _frozen(database, vault, 60)
    await database.run(drafting.plan, number, ["今天每人晚上"], "", WRITER, NOW)
    await stage.frozen(database, number)
    await database.run(states.look, number, SECOND, NOW)
    at = TONIGHT + timedelta(hours=hours)
    fault = await database.read(states.fault, Act.APPROVE, number, SECOND, at)
    assert ("时间过了" in fault) is is_past


def test_an_evening_that_has_begun_may_be_named() -> None:
    (wave,) = schedule.read(["今天每人晚上"], TONIGHT)
    assert (wave.at, wave.is_evening) == (TONIGHT.replace(minute=0), True)


@pytest.mark.parametrize(("count", "says"), [(51, "没写过它的人"), (50, "自己就能同意")])
def test_it_is_said_who_may_agree(count: int, says: str) -> None:
    assert says in states.who_agrees(count)


def _edit_text(session: Session, number: int) -> None:
    drafting.write(session, number, Wording(f"改了。{stage.TEXT}"), HOSTS, WRITER, NOW)


def _edit_waves(session: Session, number: int) -> None:
    drafting.plan(session, number, ["初六"], "", WRITER, NOW)


def _edit_audience(session: Session, number: int) -> None:
    drafting.aim(session, OFFICE, number, "所有人", WRITER, NOW)


def _edit_holdout(session: Session, number: int) -> None:
    drafting.split(session, number, Split(holdout=5), WRITER, NOW)


EDITS = [_edit_text, _edit_waves, _edit_audience, _edit_holdout]


@pytest.mark.parametrize("edit", EDITS)
async def test_any_edit_makes_the_approval_void(
    database: Database, many: int, edit: Callable[[Session, int], None]
) -> None:
    await _approve(database, many, SECOND)
    await database.run(edit, many)
    found = await database.read(drafting.found, many)
    assert (found.state, found.approved_by, found.digest) == (CampaignState.DRAFT, "", "")
    assert await database.read(drafts.planned, many) == 0
    assert await database.run(start_due, WAVE) == []


def _slip_in(session: Session, number: int) -> None:
    """A text changed behind the back of the rules."""
    drafts.texts(session, number)[0].text = "别的话"
    session.flush()


async def test_what_was_changed_behind_the_rules_is_not_agreed_to(
    database: Database, many: int
) -> None:
    await database.run(_slip_in, many)
    assert "变过" in await _approve(database, many, SECOND)


async def test_nor_does_it_begin(database: Database, many: int) -> None:
    await _approve(database, many, SECOND)
    await database.run(_slip_in, many)
    assert await database.run(start_due, WAVE) == []


async def test_it_is_not_agreed_to_once_its_time_is_over(database: Database, many: int) -> None:
    await database.run(states.look, many, SECOND, NOW)
    with pytest.raises(CampaignRefused, match="时间过了"):
        await database.run(states.approve, many, SECOND, WAVE)


async def test_paused_before_its_day_it_waits_for_its_day_again(
    database: Database, many: int
) -> None:
    await _approve(database, many, SECOND)
    await database.run(states.pause, many, WRITER, NOW)
    assert await database.run(start_due, WAVE) == []
    await database.run(states.resume, many, WRITER, NOW)
    assert await database.run(start_due, WAVE) == [many]


async def test_paused_while_it_runs_it_runs_again(database: Database, many: int) -> None:
    await _approve(database, many, SECOND)
    await database.run(start_due, WAVE)
    await database.run(states.pause, many, SECOND, WAVE)
    assert await _state(database, many) == CampaignState.PAUSED
    await database.run(states.resume, many, SECOND, WAVE)
    assert await _state(database, many) == CampaignState.RUNNING


STEPS = {
    "submit": states.submit,
    "pause": states.pause,
    "resume": states.resume,
    "finish": states.finish,
    "approve": states.approve,
}


@pytest.mark.parametrize("step", sorted(STEPS))
async def test_what_is_stopped_stays_so(database: Database, many: int, step: str) -> None:
    await database.run(states.stop, many, SECOND, NOW, "不发了")
    with pytest.raises(CampaignRefused, match="停了就不能再发"):
        await database.run(STEPS[step], many, SECOND, NOW)


@pytest.mark.parametrize("step", ["pause", "resume", "finish", "approve"])
async def test_a_draft_is_submitted_first(database: Database, step: str) -> None:
    await database.run(stage.staff_of)
    number = await database.run(stage.draft)
    with pytest.raises(CampaignRefused, match="先提交"):
        await database.run(STEPS[step], number, SECOND, NOW)


async def test_a_campaign_of_which_some_wait_is_not_over(database: Database, many: int) -> None:
    await _approve(database, many, SECOND)
    await database.run(start_due, WAVE)
    with pytest.raises(CampaignRefused, match="还有60人没发"):
        await database.run(states.finish, many, SECOND, WAVE)


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [("text", "还没写发什么"), ("audience", "还没写发给谁"), ("waves", "还没写什么时候发")],
)
async def test_what_is_not_whole_is_not_submitted(
    database: Database, missing: str, sentence: str
) -> None:
    await database.run(stage.staff_of)
    number = await database.run(_draft_without, missing)
    with pytest.raises(CampaignRefused, match=sentence):
        await database.run(states.submit, number, WRITER, NOW)


def _draft_without(session: Session, missing: str) -> int:
    number = stage.draft(session)
    if missing == "text":
        drafts.drop_text(session, number, "A", "")
    elif missing == "audience":
        drafting.found(session, number).audience = ""
    else:
        drafts.put_waves(session, number, [])
    session.flush()
    return number


async def test_wording_b_needs_to_be_there_for_who_gets_it(
    database: Database,
) -> None:
    await database.run(stage.staff_of)
    number = await database.run(stage.draft)
    await database.run(drafting.split, number, Split(second=30), WRITER, NOW)
    with pytest.raises(CampaignRefused, match="B还没写"):
        await database.run(states.submit, number, WRITER, NOW)


async def test_each_step_is_written_down(database: Database, many: int) -> None:
    await _approve(database, many, SECOND)
    steps = await database.read(drafts.steps, many)
    assert [one.what for one in steps][-4:] == ["submitted", "tested", "looked", "approved"]
    acts = [row.act for row in await database.read(audit.of, f"campaign:{many}")]
    assert acts[-1] == "campaign.approved"


async def test_those_who_may_agree_are_told_once(
    database: Database, vault: Vault, many: int
) -> None:
    assert await database.run(asking.ask_a_second, vault, many, NOW) == 1
