"""Campaigns: the list, a draft begun from a kit, and one campaign as it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from aiohttp import web
from pydantic import Field

from console.campaigns import finding
from console.campaigns.finding import TONES, house
from console.desk import Desk, NotHere, Refused
from console.forms import Filled, Form, blank, filled, wrong
from console.page import Page, Waiting
from handlers.places import country
from knowledge.entry import Entry
from outreach.campaigns import drafting, preparing, rights, schedule, states
from outreach.campaigns.drafting import Against, New
from outreach.campaigns.kits import loading
from outreach.campaigns.materials import Place
from outreach.campaigns.refusing import CampaignRefused
from outreach.posting.checking import Named
from records import campaign_drafts as drafts
from records.campaigns import Campaign, CampaignState
from records.database import Session
from records.rights import Right
from records.scope import is_local, is_within
from records.staff_accounts import Staff
from records.wishes import REFUSABLE, Topic
from registry import villages

_MOST = 40
TOPICS_SAID = {
    Topic.POLICY: "政策",
    Topic.PROJECTS: "项目",
    Topic.TRAINING: "培训",
    Topic.EVENTS: "活动",
    Topic.JOBS: "招工",
    Topic.STORIES: "身边的例子",
    Topic.GREETINGS: "问候",
    Topic.SURVEYS: "问卷",
}


PREPARED = {
    preparing.LETTER: ("一封信", "给在外的人，说说县里有哪些政策，最多600字"),
    preparing.STORY: ("身边的例子", "告诉大家这周有一个例子能看，例子里的话不进消息"),
    preparing.PROJECTS: ("上个月的新项目", "上个月发布、现在还在的项目"),
}


class Begun(Form):
    """A new draft."""

    kit: str = Field(default="", max_length=40)
    title: str = Field(max_length=60)
    goal: str = Field(default="", max_length=200)
    topic: Topic | None = None
    area: str = Field(default="", max_length=20)


@dataclass(frozen=True, slots=True)
class Line:
    """One campaign in the list."""

    campaign: Campaign
    planned: int
    when: str

    @property
    def state(self) -> CampaignState:
        return CampaignState(self.campaign.state)


async def campaigns(desk: Desk) -> web.StreamResponse:
    """Those that somebody may run, the newest first."""
    with_over, before = desk.query.get("all") == "1", _before(desk)
    lines = await desk.read(listed, desk.staff, with_over, before)
    named = await desk.named(*(line.campaign.area for line in lines))
    shown, last = lines[:_MOST], "&all=1" if with_over else ""
    more = len(lines) > _MOST
    older = f"/console/campaigns?before={shown[-1].campaign.id}{last}" if more else ""
    return desk.render(
        "campaigns/list.html",
        lines=shown,
        older=older,
        with_over=with_over,
        named=named,
        words=states.WORDS,
        tones=TONES,
    )


def _before(desk: Desk) -> int | None:
    text = desk.query.get("before", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def listed(session: Session, staff: Staff, with_over: bool, before: int | None) -> list[Line]:
    """One page of them and one more."""
    area = villages.county_of(session, staff.area) if is_local(staff.area) else staff.area
    found = drafts.listed(session, area, with_over=with_over)
    mine = (one for one in found if rights.is_theirs(staff, one))
    page = [one for one in mine if before is None or (one.id or 0) < before][: _MOST + 1]
    return [_line(session, one) for one in page]


def _line(session: Session, one: Campaign) -> Line:
    number = one.id or 0
    when = schedule.first(drafts.waves(session, number))
    return Line(one, drafts.planned(session, number), when)


async def begin(desk: Desk) -> web.StreamResponse:
    """The kits, and the form of a new draft."""
    return await _begin(desk, blank({"kit": desk.query.get("kit", "")}))


async def _begin(desk: Desk, f: Filled[Begun], status: int = 200) -> web.StreamResponse:
    return desk.render(
        "campaigns/new.html",
        status,
        f=f,
        kits=[(kit.name, kit.name) for kit in loading.kits()],
        goals={kit.name: kit.goal for kit in loading.kits()},
        topics=[(topic.value, TOPICS_SAID[topic]) for topic in REFUSABLE],
        is_wide=_is_wide(desk.staff),
        prepared=() if is_local(desk.staff.area) else PREPARED.items(),
    )


def _is_wide(staff: Staff) -> bool:
    """Whether they have to say which county."""
    return not staff.area or (not is_local(staff.area) and staff.area.endswith("00"))


async def begun(desk: Desk) -> web.StreamResponse:
    """A new draft, from a kit or from nothing."""
    f = filled(Begun, desk.form)
    if f.value is None:
        return await _begin(desk, f, 422)
    area = _area_of(desk.staff, f.value.area)
    if not area:
        return await _begin(desk, wrong(f.typed, area="请写您管的一个县、市、区的名字"), 422)
    try:
        number, notes = await desk.write(_begun, desk, f.value, area)
    except CampaignRefused as refusal:
        return await _begin(desk, wrong(f.typed, title=finding.said(refusal)), 422)
    said = "草稿建好了。" + "".join(finding.said(CampaignRefused(note)) for note in notes)
    return desk.go(f"/campaigns/{number}", said=said[:400])


def _area_of(staff: Staff, typed: str) -> str:
    """The area of a new campaign, "" where it is not said or not theirs; a town's is its own."""
    if not _is_wide(staff):
        return staff.area
    found = country().resolve(typed) if typed else None
    return found.code if found and is_within(found.code, staff.area) else ""


def _begun(session: Session, desk: Desk, begun: Begun, area: str) -> tuple[int, list[str]]:
    town, by = (area, desk.staff.name) if is_local(area) else ("", desk.staff.name)
    topic = begun.topic.value if begun.topic else ""
    county = villages.county_of(session, area) if town else area
    new = New(begun.title, county, town, begun.goal, topic=topic, kit=begun.kit)
    if not begun.kit:
        return drafting.new(session, new, by, desk.now), []
    shipped = Against(desk.means.link_hosts, Named())
    return loading.begin(session, house(desk), new, shipped, by, desk.now)


async def prepared(desk: Desk) -> web.StreamResponse:
    """A new draft from what there is: a letter, the story of the week, the new projects."""
    if is_local(desk.staff.area):  # no town is offered them: they are a county's
        raise NotHere
    kind, area = desk.form.get("kind", ""), _area_of(desk.staff, desk.form.get("area", ""))
    found = country().area(area) if area and not is_local(area) else None
    if kind not in PREPARED:
        raise Refused("请选一样现成的。")
    if found is None:
        raise Refused("这几样按县起草：请写您管的一个县、市、区，或者请县里的同事来起草。")
    place = Place(found.code, found.short, found.name)
    entries = (await desk.means.answerer()).library.entries.values()
    with finding.on_a_page():
        number = await desk.write(_prepared, desk, kind, place, list(entries))
    said = f"{PREPARED[kind][0]}的草稿建好了，看看文字、对象和时间，改好再提交。"
    return desk.go(f"/campaigns/{number}", said=said)


def _prepared(session: Session, desk: Desk, kind: str, place: Place, entries: list[Entry]) -> int:
    vault, by, now = desk.means.vault, desk.staff.name, desk.now
    number, _ = preparing.prepare(session, vault, kind, place, entries, by=by, now=now)
    return number


def to_agree(session: Session, staff: Staff, now: datetime) -> int:
    """How many wait for this one's agreement."""
    waiting = drafts.in_state(session, CampaignState.SUBMITTED)
    found = (drafts.find(session, number) for number in waiting)
    return sum(one is not None and _may_agree(session, staff, one) for one in found)


def _may_agree(session: Session, staff: Staff, one: Campaign) -> bool:
    is_theirs = rights.may_agree(staff, one.area)
    return is_theirs and staff.name not in states.authors(session, one.id or 0)


def to_mend(session: Session, staff: Staff, now: datetime) -> int:
    """How many of this one's drafts came back with a reason."""
    back = drafts.sent_back(session)
    return sum(staff.name in states.authors(session, number) for number in back)


PAGES = (
    Page("GET", "/campaigns", campaigns, Right.CAMPAIGNS, menu="campaigns"),
    Page("GET", "/campaigns/new", begin, Right.CAMPAIGNS),
    Page("POST", "/campaigns/new", begun, Right.CAMPAIGNS),
    Page("POST", "/campaigns/prepare", prepared, Right.CAMPAIGNS),
)
WAITING = (
    Waiting("推送等您同意", "/campaigns", Right.APPROVE, to_agree, topic="campaigns"),
    Waiting("推送退回来了，等您改", "/campaigns", Right.CAMPAIGNS, to_mend, topic="campaigns"),
)
TOPICS = {"campaign": finding.version}
