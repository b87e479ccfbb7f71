"""The life of a campaign: submitted, frozen, agreed to, sent, paused, stopped, finished.

Every step is written down with who did it; one that does not fit says what to do instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from outreach.campaigns import drafting, freezing, rights, schedule
from outreach.campaigns.refusing import CampaignRefused
from records import audit, events, feeding, ledger
from records import campaign_drafts as drafts
from records.campaign_drafts import Step
from records.campaigns import Campaign, CampaignState
from records.database import Session
from records.ledger import Stand

MANY = 50  # more than so many only with the agreement of a second (domain M-11)
STEPS = {
    "drafted": "起草",
    "edited": "改了",
    "worded": "改了",
    "submitted": "提交",
    "looked": "看过",
    "tested": "试发",
    "approved": "同意",
    "refused": "退回",
    "withdrawn": "撤回",
    "started": "开始发",
    "voided": "同意作废",
    "paused": "暂停",
    "resumed": "继续",
    "stopped": "停止",
    "finished": "结束",
    "late": "补人",
}
WORDS = {
    CampaignState.DRAFT: "草稿",
    CampaignState.FREEZING: "正在列名单",
    CampaignState.SUBMITTED: "等着同意",
    CampaignState.APPROVED: "同意了，等着开始",
    CampaignState.RUNNING: "正在发",
    CampaignState.PAUSED: "暂停了",
    CampaignState.STOPPED: "停了",
    CampaignState.FINISHED: "发完了",
}
_NEXT = {
    CampaignState.DRAFT: "先提交：guiyan campaign submit {n}",
    CampaignState.FREEZING: "名单列好以后再来，大约几秒到一分钟",
    CampaignState.SUBMITTED: "先要有人同意：回“同意 {n}”",
    CampaignState.APPROVED: "到时间自己会开始；不想发了回“停止推送 {n}”",
    CampaignState.RUNNING: "要停一停回“暂停推送 {n}”，不发了回“停止推送 {n}”",
    CampaignState.PAUSED: "接着发回“继续推送 {n}”，不发了回“停止推送 {n}”",
    CampaignState.STOPPED: "停了就不能再发，要发另起一个",
    CampaignState.FINISHED: "已经结束，看结果回“推送情况 {n}”",
}


class Act(StrEnum):
    """What a member of staff may do with a campaign that was submitted."""

    APPROVE = "同意"
    REFUSE = "退回"
    PAUSE = "暂停"
    RESUME = "继续"
    STOP = "停止"


_FROM = {
    Act.APPROVE: frozenset({CampaignState.SUBMITTED}),
    Act.REFUSE: frozenset({CampaignState.SUBMITTED}),
    Act.PAUSE: frozenset({CampaignState.RUNNING, CampaignState.APPROVED}),
    Act.RESUME: frozenset({CampaignState.PAUSED}),
    Act.STOP: frozenset(CampaignState) - {CampaignState.STOPPED, CampaignState.FINISHED},
}
_AUTHORS = frozenset({"drafted", "edited", drafting.WORDED, "submitted"})


def submit(session: Session, number: int, by: str, now: datetime) -> None:
    """It is written: its list is to be frozen, and then a second person asked."""
    campaign = _in(session, number, CampaignState.DRAFT, what="提交")
    rights.must_run(session, by, campaign)
    check_whole(session, campaign, now)
    drafts.thaw(session, number)
    campaign.state = CampaignState.FREEZING.value
    campaign.submitted_by, campaign.submitted_at = by, now
    campaign.frozen_up_to = campaign.digest = ""
    _done(session, number, "submitted", by, now)


def look(session: Session, number: int, by: str, now: datetime) -> None:
    """Somebody of the staff saw the texts, the audience in words and the counts."""
    campaign = drafting.found(session, number)
    rights.must_run(session, by, campaign)
    if campaign.state == CampaignState.SUBMITTED.value:
        _done(session, number, "looked", by, now)


def tested(session: Session, number: int, by: str, now: datetime) -> None:
    """Somebody had it sent to themselves."""
    rights.must_run(session, by, drafting.found(session, number))
    _done(session, number, "tested", by, now)


def fault(
    session: Session, act: Act, number: int, by: str, now: datetime, *, has_looked: bool = False
) -> str:
    """Why somebody cannot do this now, "" where they can; `has_looked`: once they have looked."""
    try:
        campaign = _placed(session, act, number, by, now, locks=False)
        if act is Act.APPROVE:
            _check_agreed(session, campaign, by, has_looked=has_looked)
    except CampaignRefused as refusal:
        return str(refusal)
    return ""


def approve(session: Session, number: int, by: str, now: datetime) -> None:
    """Somebody agrees to exactly what was frozen: who wrote none of it, where it is for many."""
    agreed(session, _allowed(session, Act.APPROVE, number, by, now), by, now)


def agreed(session: Session, campaign: Campaign, by: str, now: datetime, note: str = "") -> None:
    """It may leave from now on; who is asked to an event is on its list."""
    number = campaign.id or 0
    own = [wave.number for wave in drafts.waves(session, number) if wave.day]
    drafts.let_pass(session, number, own, now)
    campaign.state = CampaignState.APPROVED.value
    campaign.approved_by, campaign.approved_at = by, now
    if campaign.event_id:
        events.invite_planned(session, campaign.event_id, number, now)
    _done(session, number, "approved", by, now, note=note)


def refuse(session: Session, number: int, by: str, now: datetime, why: str) -> None:
    """A second person does not agree: a draft again, with the reason."""
    send_back(session, _allowed(session, Act.REFUSE, number, by, now), by, now, why)


def withdraw(session: Session, number: int, by: str, now: datetime) -> None:
    """What nobody has agreed to yet is a draft again."""
    waiting = (CampaignState.FREEZING, CampaignState.SUBMITTED)
    campaign = _in(session, number, *waiting, what="撤回")
    rights.must_run(session, by, campaign)
    _melt(session, campaign)
    _done(session, number, "withdrawn", by, now)


def send_back(session: Session, campaign: Campaign, by: str, now: datetime, why: str) -> None:
    """A draft again, and why."""
    _melt(session, campaign)
    _done(session, campaign.id or 0, "refused", by, now, note=why)


def _melt(session: Session, campaign: Campaign) -> None:
    """A draft again, its list forgotten."""
    drafts.thaw(session, campaign.id or 0)
    campaign.state = CampaignState.DRAFT.value
    campaign.digest = campaign.submitted_by = campaign.frozen_up_to = ""
    campaign.submitted_at = campaign.frozen_at = None


def pause(session: Session, number: int, by: str, now: datetime) -> None:
    """Nothing more of it leaves until it is resumed."""
    campaign = _allowed(session, Act.PAUSE, number, by, now)
    campaign.state = CampaignState.PAUSED.value
    feeding.pause(session, number)
    _done(session, number, "paused", by, now)


def resume(session: Session, number: int, by: str, now: datetime) -> None:
    """What was paused goes on; nobody gets it twice."""
    campaign = _allowed(session, Act.RESUME, number, by, now)
    has_begun = any(step.what == "started" for step in drafts.steps(session, number))
    campaign.state = (CampaignState.RUNNING if has_begun else CampaignState.APPROVED).value
    feeding.resume(session, number)
    _done(session, number, "resumed", by, now)


def stop(session: Session, number: int, by: str, now: datetime, why: str = "") -> None:
    """Nothing more of it leaves, for good, from this moment."""
    halt(session, _allowed(session, Act.STOP, number, by, now), by, now, why)


def halt(session: Session, campaign: Campaign, by: str, now: datetime, why: str = "") -> None:
    """The same by whoever decides on what it is for."""
    number = campaign.id or 0
    if campaign.state in (CampaignState.FREEZING.value, CampaignState.DRAFT.value):
        drafts.thaw(session, number)
    campaign.state, campaign.finished_at = CampaignState.STOPPED.value, now
    feeding.stop(session, number, now)
    _done(session, number, "stopped", by, now, note=why)


def finish(session: Session, number: int, by: str, now: datetime) -> None:
    """It is over, for everybody has got it or will not."""
    campaign = _in(session, number, CampaignState.RUNNING, CampaignState.PAUSED, what="结束")
    rights.must_run(session, by, campaign)
    waits = sum(c.number for c in ledger.counts(session, number) if c.stand is Stand.HELD)
    if waits:
        raise CampaignRefused(
            f"群发任务{number}还有{waits}人没发：等发完，或回“停止推送 {number}”不再发。"
        )
    campaign.state, campaign.finished_at = CampaignState.FINISHED.value, now
    session.flush()
    after = ""
    while (page := ledger.keep_ends(session, number, after)).last:
        after = page.last
    _done(session, number, "finished", by, now)


def who_agrees(planned: int) -> str:
    """Who may agree to what goes to so many."""
    if planned > MANY:
        return f"要发{planned}人，超过{MANY}人，要没写过它的人同意。"
    return f"要发{planned}人，不超过{MANY}人，看过的人自己就能同意。"


def needs_test(session: Session, campaign: Campaign, planned: int) -> bool:
    """Whether nobody can agree to it before somebody got it as a test."""
    is_ours = bool(campaign.event_id)  # the words of an invitation are the house's
    return (
        planned > MANY and not is_ours and not _is_tested(drafts.steps(session, campaign.id or 0))
    )


def authors(session: Session, number: int) -> frozenset[str]:
    """Everybody who wrote at it or submitted it."""
    return frozenset(step.by for step in drafts.steps(session, number) if step.what in _AUTHORS)


def may_be(act: Act, campaign: Campaign) -> bool:
    """Whether this may be done to a campaign as it stands."""
    return CampaignState(campaign.state) in _FROM[act]


def how_on(campaign: Campaign) -> str:
    """What can be done with it as it stands."""
    return _NEXT[CampaignState(campaign.state)].format(n=campaign.id)


def _allowed(session: Session, act: Act, number: int, by: str, now: datetime) -> Campaign:
    """The campaign, locked, if this may be done to it by this member of staff."""
    campaign = _placed(session, act, number, by, now, locks=True)
    if act is Act.APPROVE:
        _check_agreed(session, campaign, by)
    return campaign


def _placed(
    session: Session, act: Act, number: int, by: str, now: datetime, *, locks: bool
) -> Campaign:
    """The same, but for what makes an approval void."""
    campaign = drafting.found(session, number, locks=locks)
    if act in (Act.APPROVE, Act.REFUSE):
        if not rights.may_agree(rights.named(session, by), campaign.area):
            raise CampaignRefused(f"{by}不能{act}群发任务{number}：要本县一级的工作人员。")
    else:
        rights.must_run(session, by, campaign)
    if CampaignState(campaign.state) not in _FROM[act]:
        raise _misplaced(campaign, act.value)
    if act is Act.APPROVE:
        _check_ahead(session, campaign, now)
    if act is Act.RESUME and campaign.ends_at is not None and campaign.ends_at <= now:
        raise CampaignRefused(
            f"群发任务{number}的结束时间（{schedule.spoken(campaign.ends_at)}）过了，不能再发。"
        )
    return campaign


def _in(session: Session, number: int, *states: CampaignState, what: str) -> Campaign:
    """The campaign, locked, if it stands so."""
    campaign = drafting.found(session, number, locks=True)
    if CampaignState(campaign.state) not in states:
        raise _misplaced(campaign, what)
    return campaign


def _misplaced(campaign: Campaign, what: str) -> CampaignRefused:
    state = WORDS[CampaignState(campaign.state)]
    return CampaignRefused(
        f"群发任务{campaign.id}现在是“{state}”，不能{what}：{how_on(campaign)}。"
    )


def check_whole(session: Session, campaign: Campaign, now: datetime) -> None:
    """CampaignRefused where something is missing that it cannot be sent without."""
    number = campaign.id or 0
    said = {(one.variant, one.channel) for one in drafts.texts(session, number)}
    if ("A", "") not in said:
        raise CampaignRefused(f'还没写发什么：guiyan campaign text {number} "正文"。')
    if campaign.second and ("B", "") not in said:
        raise CampaignRefused(
            f"{campaign.second}%的人要看B文字，B还没写：加 --variant B，或把比例改成0。"
        )
    if ("B", "") in said and not campaign.second:
        raise CampaignRefused(
            f"写了B文字，没说给多少人看：guiyan campaign split {number} --b 50。"
        )
    if not campaign.audience:
        raise CampaignRefused(f'还没写发给谁：guiyan campaign audience {number} "所有人"。')
    if not drafts.waves(session, number):
        raise CampaignRefused(
            f'还没写什么时候发：guiyan campaign waves {number} "腊月廿三 9:30"。'
        )
    _check_ahead(session, campaign, now)


def _check_ahead(session: Session, campaign: Campaign, now: datetime) -> None:
    number = campaign.id or 0
    if campaign.event_id:  # leaves once it is agreed to, until the event begins
        if campaign.ends_at is None or campaign.ends_at <= now:
            raise CampaignRefused(f"活动{campaign.event_id}已经开始了，不能再请人。")
        return
    for wave in drafts.waves(session, number):
        if schedule.is_past(wave, now):
            raise CampaignRefused(
                f"第{wave.number}波（{schedule.spoken(wave.at)}）的时间过了：请改时间，重新提交。"
            )
    last = drafts.last_due(session, number)
    if last is not None and last <= now:
        raise CampaignRefused(f"群发任务{number}名单上每个人的日子都过了：请重新提交。")


def _check_agreed(
    session: Session, campaign: Campaign, by: str, *, has_looked: bool = False
) -> None:
    number = campaign.id or 0
    count, steps = drafts.planned(session, number), drafts.steps(session, number)
    if not count:
        raise CampaignRefused(f"群发任务{number}一个人也发不到：先看看发给谁、为什么都不发。")
    if count > MANY and by in authors(session, number):
        raise CampaignRefused(
            f"群发任务{number}要发{count}人，超过{MANY}人要另一个人同意：{by}写过或提交过它。"
            "还没有别的同事，就在“人员与权限”里加一位，或 guiyan staff add。"
        )
    seen = [one.by for one in _since_submitted(steps) if one.what == "looked"]
    if by not in seen and not has_looked:
        raise CampaignRefused(
            f"先看一遍再同意：回“看推送 {number}”，或 guiyan campaign preview {number}。"
        )
    if needs_test(session, campaign, count):
        raise CampaignRefused(
            f"群发任务{number}还没试发过：先发给自己看看，guiyan campaign test {number}。"
        )
    if freezing.digest_of(session, number) != campaign.digest:
        raise CampaignRefused(f"群发任务{number}提交以后变过了：请重新提交，再看一遍。")


def _since_submitted(steps: Sequence[Step]) -> Sequence[Step]:
    last = max((n for n, one in enumerate(steps) if one.what == "submitted"), default=0)
    return steps[last:]


def _is_tested(steps: Sequence[Step]) -> bool:
    """Whether somebody got it as it is worded now."""
    marks = [one.what for one in steps if one.what in (drafting.WORDED, "tested")]
    return bool(marks) and marks[-1] == "tested"


def _done(
    session: Session, number: int, what: str, by: str, now: datetime, note: str = ""
) -> None:
    session.flush()
    drafts.step(session, number, what, by=by, at=now, note=note)
    subject = f"campaign:{number}"
    audit.write(session, f"campaign.{what}", at=now, actor=f"staff:{by}"[:60], subject=subject)
