"""What goes out by the road of campaigns from the library: letters, stories, projects of a month.

Each is only drafted: staff look, change and submit it, and another agrees.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files

from knowledge.entry import Entry, Kind, Status
from outreach.calendars import CHINA
from outreach.campaigns import drafting, schedule, texts
from outreach.campaigns.refusing import CampaignRefused
from outreach.cases import cards
from outreach.cases.publishing import Story
from records import audit, campaign_drafts, project_lists, reminders, staff_accounts
from records.campaigns import Campaign, CampaignState, CampaignText
from records.database import Session
from records.project_lists import Listed
from records.projects import ProjectState, Provenance
from records.reminders import Reminder
from records.scope import is_local
from records.staff_accounts import StaffRole
from records.vault import Vault
from records.wishes import Topic

CASES, DIGEST = "cases", "digest"
SYSTEM = "系统"  # as who drafted what no member of staff began
_LETTER_OF = "一封信"  # as the matter of the entry that names a county's letter
_TITLED = re.compile(r"《([^》]+)》")
_MATTERS = 5  # that a letter names
_NAMED = (3, 2, 1)  # projects in a digest, as many as fit
_SAID_FOR = timedelta(days=5)  # in which staff are still told of a draft
_WHEN = "{month}月{day}日 10:00"
_AHEAD = timedelta(days=3)  # so that there is time to look and to agree


@dataclass(frozen=True, slots=True)
class Place:
    """A county by its code, as people call it, and with all its names as audiences have it."""

    area: str
    name: str
    full: str


@dataclass(frozen=True, slots=True)
class Material:
    """What a campaign of another kind begins with."""

    kind: str
    topic: str
    title: str
    goal: str
    audience: str
    text: str
    at: str = ""  # when it is to go out; "" is for staff to say


def letter(place: Place, entries: Iterable[Entry], today: date) -> Material:
    """A letter to who is away, named as the county's papers name theirs, with what holds now."""
    said = _said("letter")
    own = [one for one in entries if one.area == place.area and one.is_served(today)]
    matters = _matters(own)
    told = said["policies"].replace("{matters}", "、".join(matters))
    news = told if matters else said["nothing_new"]
    parts = (said["greeting"], said["news"], news, said["ask"])
    return Material(
        kind=drafting.LETTER,
        topic=Topic.POLICY.value,
        title=_name_of(own) or said["title"],
        goal=said["goal"],
        audience=f"老家在{place.full} 且 在外地",
        text="\n".join(parts).replace("{county}", place.name),
    )


def _name_of(entries: Sequence[Entry]) -> str:
    """As the papers call the letter."""
    named = (_TITLED.search(one.answer) for one in entries if one.matter == _LETTER_OF)
    return next((found[1] for found in named if found), "")


def _matters(entries: Sequence[Entry]) -> list[str]:
    """What there is to ask about, each once, what most is written about first."""
    held = [
        one.matter
        for one in entries
        if one.kind is Kind.POLICY and one.status is Status.IN_FORCE and one.matter
    ]
    return sorted(set(held), key=lambda one: (-held.count(one), one))[:_MATTERS]


def story(place: Place, found: Story, now: datetime) -> Material:
    """The story of the week, without words of it: it is told as it may be told when they ask."""
    said, here = _said("cases"), now.astimezone(CHINA).isocalendar()
    trade = cards.trade(found.case.trade) or said["some"]
    return Material(
        kind=CASES,
        topic=Topic.STORIES.value,
        title=said["title"].format(year=here.year, week=here.week),
        goal=said["goal"],
        audience=f"老家在{place.full}",
        text=said["text"].format(county=place.name, trade=trade),
        at=_soon(now),
    )


def digest(place: Place, new: Sequence[Listed], now: datetime) -> Material:
    """The projects that a county has since last month."""
    said = _said("digest")
    first, _ = _last_month(now)
    return Material(
        kind=DIGEST,
        topic=Topic.PROJECTS.value,
        title=said["title"].format(year=first.year, month=first.month, county=place.name),
        goal=said["goal"],
        audience=f"老家在{place.full}",
        text=_of_projects(place, new),
        at=_soon(now),
    )


def _of_projects(place: Place, new: Sequence[Listed]) -> str:
    """With the names of as many as fit and may be sent to many."""
    said = _said("digest")
    for number in _NAMED:
        titles = "、".join(one.title for one in new[:number])
        more = said["more"] if len(new) > number else ""
        text = said["with_titles"].format(
            county=place.name, count=len(new), titles=titles, more=more
        )
        if _may_be_sent(text):
            return text
    return said["without"].format(county=place.name, count=len(new))


def _may_be_sent(text: str) -> bool:
    try:
        texts.check(text)
    except CampaignRefused:
        return False
    return True


def new_projects(session: Session, area: str, now: datetime) -> list[Listed]:
    """What was published last month and still is, the made-up ones aside."""
    first, last = _last_month(now)
    return [
        one
        for one in project_lists.within(session, [area], [ProjectState.PUBLISHED])
        if one.provenance != Provenance.DEMO.value
        and one.published_on is not None
        and first <= one.published_on <= last
    ]


def keep(session: Session, place: Place, found: Material, by: str, now: datetime) -> int | None:
    """Draft it; None where there is a draft of this kind already, or one with its title."""
    known = campaign_drafts.listed(session, place.area, with_over=True)
    same = (one for one in known if one.kind == found.kind and one.area == place.area)
    if any(one.title == found.title or _is_draft(one) for one in same):
        return None
    texts.check(found.text, most=_most(found.kind))
    number = campaign_drafts.add(session, _campaign(place, found, by, now))
    text = CampaignText(campaign_id=number, variant="A", channel="", text=found.text)
    campaign_drafts.put_text(session, text)
    if found.at:
        _plan(session, number, found.at, now)
    campaign_drafts.step(session, number, "drafted", by=by, at=now, note=found.title)
    actor = SYSTEM if by == SYSTEM else f"staff:{by}"[:60]
    audit.write(session, "campaign.drafted", at=now, actor=actor, subject=f"campaign:{number}")
    return number


def tell(session: Session, vault: Vault, place: Place, text: str, key: str, now: datetime) -> int:
    """Tell the staff of the county that a draft waits for them; how many."""
    found = [
        one
        for one in staff_accounts.everybody(session)
        if one.role is StaffRole.STAFF and one.area == place.area and not is_local(one.area)
    ]
    for one in found:
        own = f"{key}/{vault.fingerprint(one.name)[:16]}"
        to, kind = reminders.to_staff(one.name), reminders.Kind.TASK
        reminders.plan(session, vault, Reminder(own, to, kind, now, now + _SAID_FOR, text), now)
    return len(found)


def told_of_story(place: Place, number: int) -> str:
    """What staff are told of the draft of a week."""
    return _said("cases")["told"].format(county=place.name, number=number)


def told_of_projects(place: Place, number: int, count: int) -> str:
    """What staff are told of the draft of a month."""
    return _said("digest")["told"].format(county=place.name, number=number, count=count)


def _is_draft(one: Campaign) -> bool:
    return one.state == CampaignState.DRAFT.value


def _most(kind: str) -> int:
    return texts.OF_A_LETTER if kind == drafting.LETTER else texts.MOST


def _campaign(place: Place, found: Material, by: str, now: datetime) -> Campaign:
    return Campaign(
        kind=found.kind,
        topic=found.topic,
        title=found.title[:60],
        goal=found.goal,
        area=place.area,
        audience=found.audience,
        state=CampaignState.DRAFT.value,
        drafted_by=by,
        created_at=now,
    )


def _plan(session: Session, number: int, at: str, now: datetime) -> None:
    (wave,) = schedule.read([at], now)
    campaign = campaign_drafts.find(session, number)
    assert campaign is not None
    campaign.ends_at = schedule.ends("", [wave], now)
    campaign_drafts.put_waves(session, number, [wave.row(number, 1)])


def _soon(now: datetime) -> str:
    day = (now + _AHEAD).astimezone(CHINA).date()
    return _WHEN.format(month=day.month, day=day.day)


def _last_month(now: datetime) -> tuple[date, date]:
    last = now.astimezone(CHINA).date().replace(day=1) - timedelta(days=1)
    return last.replace(day=1), last


def _said(name: str) -> Mapping[str, str]:
    return _read()[name]


@cache
def _read() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(files(__package__).joinpath("materials.toml").read_text("utf-8"))
