"""Campaigns as they are written: any edit makes a draft again, and an approval void."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from matching.audience.parsing import Audience, AudienceFault
from outreach import segments
from outreach.campaigns import rights, schedule, texts
from outreach.campaigns.refusing import CampaignRefused
from outreach.campaigns.schedule import Wave
from outreach.posting.checking import Named
from outreach.segments import Office
from records import audit, staff_accounts
from records import campaign_drafts as drafts
from records.campaigns import Campaign, CampaignState, CampaignText
from records.database import Session

LETTER, INVITATION = "letter", "invitation"
WORDED = "worded"  # the step of an edit of what is said: a test send does not hold any more
CHANNELS = ("", *texts.CHANNELS)
_TITLE, _GOAL = 60, 200
_MOST_HELD_OUT, _MOST_WEIGHT = 50, 10
_OPEN = frozenset(
    {
        CampaignState.DRAFT,
        CampaignState.FREEZING,
        CampaignState.SUBMITTED,
        CampaignState.APPROVED,
    }
)


@dataclass(frozen=True, slots=True)
class New:
    """What a campaign begins with; `area` is a county's or wider, `town` the id of one in it."""

    title: str
    area: str
    town: str = ""
    goal: str = ""
    kind: str = "campaign"
    topic: str = ""
    kit: str = ""


@dataclass(frozen=True, slots=True)
class Wording:
    """What is said to those of a variant on a channel, "" every channel without its own."""

    text: str
    variant: str = "A"
    channel: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Against:
    """What a wording is held against: hosts that it may link to, registered names in it."""

    hosts: Sequence[str]
    known: Named


def new(session: Session, begun: New, by: str, now: datetime) -> int:
    """A new draft; its number."""
    staff = rights.named(session, by)
    title = begun.title.strip()
    if not title or len(title) > _TITLE:
        raise CampaignRefused(f"标题要1到{_TITLE}个字。")
    if not begun.area:
        raise CampaignRefused("要写是哪个县的：--area 定陶。")
    if not rights.may_run(staff, begun.area, begun.town):
        raise CampaignRefused(f"{by}不管这个地方的群发：要本县（或本镇）的工作人员来写。")
    campaign = Campaign(
        kind=begun.kind,
        topic=begun.topic,
        title=title,
        goal=begun.goal.strip()[:_GOAL],
        area=begun.area,
        town=begun.town,
        kit=begun.kit,
        state=CampaignState.DRAFT.value,
        drafted_by=by,
        created_at=now,
    )
    return _begun(session, campaign, by, now)


def begin(session: Session, drafted: Campaign, by: str, now: datetime) -> int:
    """Keep a draft that was made from something else; its number."""
    rights.must_run(session, by, drafted)
    return _begun(session, drafted, by, now)


def _begun(session: Session, drafted: Campaign, by: str, now: datetime) -> int:
    number = drafts.add(session, drafted)
    drafts.step(session, number, "drafted", by=by, at=now, note=drafted.title)
    _note(session, "campaign.drafted", number, by, now)
    return number


def found(session: Session, number: int, *, locks: bool = False) -> Campaign:
    """The campaign of this number; CampaignRefused where there is none."""
    campaign = drafts.find(session, number, locks=locks)
    if campaign is None:
        raise CampaignRefused(f"没有群发任务{number}：先看一下列表里的编号。")
    return campaign


def write(
    session: Session, number: int, said: Wording, against: Against, by: str, now: datetime
) -> str:
    """Keep a wording, if it may be sent to many; how it is kept."""
    campaign = _opened(session, number, by)
    if said.variant not in ("A", "B"):
        raise CampaignRefused("文字只有A和B两种，请写A或B。")
    if said.channel not in CHANNELS:
        known = "、".join(filter(None, CHANNELS))
        raise CampaignRefused(f"没有渠道“{said.channel}”，有：{known}；不写就是所有渠道。")
    text = texts.plain(said.text)
    most = texts.OF_A_LETTER if campaign.kind == LETTER else texts.MOST
    staff = [one.name for one in staff_accounts.everybody(session)]
    texts.check(text, hosts=against.hosts, most=most, known=against.known, but=staff)
    texts.check_link(said.link, against.hosts)
    row = CampaignText(
        campaign_id=number,
        variant=said.variant,
        channel=said.channel,
        text=text,
        link=said.link.strip(),
    )
    drafts.put_text(session, row)
    if said.variant == "B" and not campaign.second:
        campaign.second = 50
    what = texts.which(said.variant, said.channel)
    _edited(session, campaign, by, now, what, WORDED)
    return text


def unwrite(
    session: Session, number: int, variant: str, channel: str, by: str, now: datetime
) -> None:
    """Drop a wording."""
    campaign = _opened(session, number, by)
    if not drafts.drop_text(session, number, variant, channel):
        raise CampaignRefused(f"群发任务{number}没有这段文字，不用删。")
    if not any(one.variant == "B" for one in drafts.texts(session, number)):
        campaign.second = 0
    _edited(session, campaign, by, now, f"删了{texts.which(variant, channel)}", WORDED)


def aim(
    session: Session, office: Office, number: int, typed: str, by: str, now: datetime
) -> Audience:
    """Whom it is for, as typed or by the name of a saved audience, which is copied."""
    campaign = _opened(session, number, by)
    try:
        audience = segments.read(
            session, Office(office.places, campaign.town or campaign.area), typed, now
        )
    except AudienceFault as fault:
        raise CampaignRefused(str(fault)) from fault
    campaign.audience = audience.typed.strip()
    _edited(session, campaign, by, now, "对象")
    return audience


def plan(
    session: Session, number: int, typed: Sequence[str], ends: str, by: str, now: datetime
) -> list[Wave]:
    """When it goes out, and when what is left is not sent any more."""
    campaign = _opened(session, number, by)
    waves = schedule.read(typed, now)
    campaign.ends_at = schedule.ends(ends, waves, now)
    rows = [one.row(number, place) for place, one in enumerate(waves, 1)]
    drafts.put_waves(session, number, rows)
    _edited(session, campaign, by, now, "时间")
    return waves


@dataclass(frozen=True, slots=True)
class Split:
    """Who is not written to, who gets wording B, and what else; None leaves it as it is."""

    holdout: int | None = None
    second: int | None = None
    weight: int | None = None
    takes_late: bool | None = None


def split(session: Session, number: int, wanted: Split, by: str, now: datetime) -> None:
    """Change the shares of a campaign."""
    campaign = _opened(session, number, by)
    _within("留出来不发的比例", wanted.holdout, 0, _MOST_HELD_OUT)
    _within("看B文字的比例", wanted.second, 0, 99)
    _within("分量", wanted.weight, 1, _MOST_WEIGHT)
    for name in ("holdout", "second", "weight", "takes_late"):
        if (value := getattr(wanted, name)) is not None:
            setattr(campaign, name, value)
    _edited(session, campaign, by, now, "比例")


def _within(what: str, value: int | None, least: int, most: int) -> None:
    if value is not None and not least <= value <= most:
        raise CampaignRefused(f"{what}要在{least}到{most}之间。")


def _opened(session: Session, number: int, by: str) -> Campaign:
    """A campaign that may still be edited by this member of staff."""
    campaign = found(session, number, locks=True)
    rights.must_run(session, by, campaign)
    if CampaignState(campaign.state) not in _OPEN:
        raise CampaignRefused(
            f"群发任务{number}已经开始发或结束了，不能再改：要改就停下来，另起一个。"
        )
    return campaign


def _edited(
    session: Session, campaign: Campaign, by: str, now: datetime, what: str, step: str = "edited"
) -> None:
    """A draft again: the frozen list is forgotten, and what was agreed to is void."""
    number = campaign.id or 0
    was_agreed = campaign.state == CampaignState.APPROVED.value
    if campaign.state != CampaignState.DRAFT.value:
        drafts.thaw(session, number)
    campaign.state = CampaignState.DRAFT.value
    campaign.submitted_by = campaign.approved_by = campaign.digest = campaign.frozen_up_to = ""
    campaign.submitted_at = campaign.approved_at = campaign.frozen_at = None
    session.flush()
    note = f"{what}；原来的同意作废" if was_agreed else what
    drafts.step(session, number, step, by=by, at=now, note=note)
    _note(session, "campaign.edited", number, by, now)


def _note(session: Session, act: str, number: int, by: str, now: datetime) -> None:
    audit.write(session, act, at=now, actor=f"staff:{by}"[:60], subject=f"campaign:{number}")
