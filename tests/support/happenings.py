"""What offices bring into a story: a course, a task, a station, from a line's words.

course 电商直播入门 430381 2026-12-11 1 [programme 小刘]
task 报送材料 371703 2026-12-01|每月
invited 1, the list of this event's invitations is frozen, and they go out
arrived 1 telegram:老王, the invitation to this event has reached this account
stalls 温暖回家路 371703, a campaign with stalls that goes out
talk telegram:老王, as somebody who can be written to there
group 昆明老乡群 city 371703 王姐 212 [fake:g1], without an address it is pasted into
share 定陶农商行 371703 name,plan, the newest person is asked whether this partner may see it
pointer 专栏 人社专栏 371700 打开“人社”APP, checked that day
station 昆明返乡创业服务站 371703 昆明 [官渡路2号 0871-0000000 丁会长], - for what is not known
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select, update
from sqlmodel import col

from handlers.places import country
from handlers.state import State
from outreach import sharing
from outreach.campaigns import freezing, states
from outreach.courses import attending
from outreach.events import telling
from outreach.pushes import a_push
from outreach.reach import ALL
from outreach.segments import Office
from records import (
    campaign_drafts,
    courses,
    events,
    groups,
    outbox,
    pointers,
    staff_accounts,
    stations,
    unit_tasks,
)
from records import freezing as pages
from records.campaigns import Campaign, CampaignRecipient
from records.courses import Level, NewCourse
from records.database import Session
from records.groups import GroupSource, Joined
from records.outbox import OutboxRow
from records.people import Person
from records.pointers import Pointer, PointerKind
from records.sharing import Wanted
from records.staff_accounts import StaffRole
from records.stations import Listed
from records.unit_tasks import NewTask, Rhythm
from records.vault import Vault
from registry.courses_kind import topic_words
from tests.support.builders import a_conversation

_AT_ONCE = 100  # people of one page


def happen(session: Session, vault: Vault, text: str, now: datetime) -> None:
    """Store what the line names."""
    kind, *words = text.split()
    {
        "course": _course,
        "task": _task,
        "pointer": _pointer,
        "station": _station,
        "group": _group,
        "talk": _talk,
        "invited": _invited,
        "arrived": _arrived,
        "stalls": _stalls,
        "share": _share,
    }[kind](session, vault, words, now)


def _share(session: Session, vault: Vault, words: list[str], now: datetime) -> None:
    name, area, fields = words
    if staff_accounts.active(session, name) is None:
        role = StaffRole.PARTNER
        staff_accounts.add(session, name, role=role, area=area, at=now, actor="system")
    newest = select(col(Person.id)).order_by(col(Person.created_at).desc())
    person = session.execute(newest).scalars().first() or ""
    wanted = Wanted(person, name, tuple(fields.split(",")), "loan", 30)
    sharing.propose(session, vault, wanted, by="小刘", now=now)


def _course(session: Session, vault: Vault, words: list[str], now: datetime) -> None:
    title, area, starts, seats, *rest = words
    first = date.fromisoformat(starts)
    told = NewCourse(
        title=title,
        topic=next(topic for word, topic in topic_words().items() if word in title),
        level=Level.NOTHING,
        area=area,
        starts_on=first,
        ends_on=first + timedelta(days=4),
        seats=int(seats),
        place="便民中心",
        hours="9:00",
        staff=rest[1] if rest else "",
        is_programme=bool(rest),
    )
    number = courses.add(session, told, now)
    attending.settle(session, vault, number, now)


def _task(session: Session, vault: Vault, words: list[str], now: datetime) -> None:
    title, area, when = words
    is_rhythm = when in Rhythm.__members__.values()
    told = NewTask(
        title=title,
        area=area,
        since=now.date(),
        due_on=None if is_rhythm else date.fromisoformat(when),
        rhythm=Rhythm(when) if is_rhythm else Rhythm.ONCE,
    )
    unit_tasks.add(session, told, now)


def _station(session: Session, vault: Vault, words: list[str], now: datetime) -> None:
    name, area, *rest = words
    city, address, phone, head = (*(word.strip("-") for word in rest), "", "", "", "")[:4]
    told = Listed(name=name, area=area, city=city, address=address, phone=phone, head=head)
    stations.put(session, told, now)


def _pointer(session: Session, vault: Vault, words: list[str], now: datetime) -> None:
    kind, name, area, way = words
    told = Pointer(PointerKind(kind), name, area, way=way, checked_on=now.date())
    pointers.put(session, told, by="小刘", at=now)


def _talk(session: Session, vault: Vault, words: list[str], now: datetime) -> None:
    channel, chat = words[0].split(":")
    talk = a_conversation(now, chat=chat, channel=channel)
    talk.state = vault.seal(State().as_dict())
    session.add(talk)


def _invited(session: Session, vault: Vault, words: list[str], now: datetime) -> None:
    campaign = campaign_drafts.of_event(session, int(words[0]))
    assert campaign is not None
    terms = freezing.terms_of(session, Office(country(), ""), campaign.id or 0, ALL, now)
    assert terms is not None
    while pages.page(session, terms, _AT_ONCE):
        pass
    states.agreed(session, campaign, campaign.submitted_by, now)


def _arrived(session: Session, vault: Vault, words: list[str], now: datetime) -> None:
    number, talk = int(words[0]), words[1]
    campaign = campaign_drafts.of_event(session, number)
    event = events.find(session, number)
    assert campaign is not None
    assert event is not None
    mine = col(CampaignRecipient.campaign_id) == campaign.id
    session.execute(update(CampaignRecipient).where(mine).values(state="sent", settled_at=now))
    key = f"test/invitation/{number}"
    one = a_push(
        vault, talk, telling.invitation(event), key=key, now=now, options=telling.ways(number)
    )
    outbox.enqueue(session, [one])
    gone = update(OutboxRow).where(col(OutboxRow.dedupe_key) == key)
    session.execute(gone.values(state="sent", settled_at=now))


def _stalls(session: Session, vault: Vault, words: list[str], now: datetime) -> None:
    title, area = words
    campaign = Campaign(
        title=title, area=area, kit=title, state="running", drafted_by="小刘", created_at=now
    )
    campaign_drafts.add(session, campaign)


def _group(session: Session, vault: Vault, words: list[str], now: datetime) -> None:
    """A group that is placed: one that the bot is in, or one of WeChat's."""
    name, kind, area, steward, size, *address = words
    placed = {"kind": kind, "area": area, "steward": steward}
    if not address:
        values = {"size": int(size), "source": GroupSource.ENTERED.value, "learnt_at": now}
        groups.add(session, vault, name, **placed, **values)
        return
    channel, chat = address[0].split(":")
    groups.join(session, vault, Joined(channel, chat, name, int(size)), now)
    number = next(n for n, _, c in groups.to_measure(session, 0, 1000) if c == chat)
    groups.change(session, number, **placed)
