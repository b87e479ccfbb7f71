"""What a turn of staff knows of campaigns: those of their area, and the one that they name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers.campaigns.words import Came, Do, Look, Standing, Try, Wish, asks_which, wish_of
from handlers.places import country
from handlers.state import State
from outreach import stalls
from outreach.campaigns import effect, looking, rights, schedule, states, telling, trying
from outreach.campaigns.looking import House
from outreach.campaigns.states import Act
from outreach.reach import Lines
from outreach.segments import Office
from records import campaign_drafts as drafts
from records.campaigns import Campaign, CampaignState
from records.database import Session
from records.rights import Right, may
from records.staff_accounts import Staff
from records.vault import Vault

FLOW = "campaigns"
_DAYS = 14  # after their turn, what people did counts
_MOST = 12


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the list."""

    number: int
    title: str
    state: str
    planned: int
    when: str


@dataclass(frozen=True, slots=True)
class Named:
    """The campaign that they name: as much of it as they asked for."""

    number: int
    state: CampaignState
    digest: str
    shown: tuple[str, ...] = ()
    standing: tuple[str, ...] = ()
    fault: str = ""  # why what they want cannot be done
    unseen: str = ""  # the same once they have looked at it


@dataclass(frozen=True, slots=True)
class Campaigns:
    """Nothing for who is not of the staff, or talks of something else."""

    items: tuple[Item, ...] = ()
    more: int = 0
    named: Named | None = None
    which: tuple[Item, ...] = ()  # those that could be meant where none is named


NONE = Campaigns()


def of_talk(
    session: Session,
    vault: Vault,
    staff: Staff | None,
    texts: Sequence[str],
    state: State,
    *,
    now: datetime,
    lines: Lines,
) -> Campaigns:
    """What these messages are about; for most nothing is read."""
    if staff is None or not may(staff, Right.CAMPAIGNS):
        return NONE
    wish = next((found for text in texts if (found := wish_of(text))), None)
    if state.flow == FLOW and wish is None:
        wish = Do(Act.APPROVE, int(state.data.get("number", 0)))
    if wish is None:
        return NONE
    if isinstance(wish, Look) and not wish.number:
        return _listed(session, staff)
    if isinstance(wish, Do) and asks_which(wish):
        return Campaigns(which=_which(session, staff, wish.act))
    campaign = _campaign(session, wish)
    if campaign is None or not _is_theirs(staff, campaign):
        return NONE
    house = House(Office(country(), ""), lines)
    return Campaigns(named=_named(session, vault, house, staff.name, campaign, wish=wish, now=now))


def _campaign(session: Session, wish: Wish) -> Campaign | None:
    if isinstance(wish, Do) and wish.event:
        return drafts.of_event(session, wish.event)
    return drafts.find(session, wish.number)


def _named(
    session: Session,
    vault: Vault,
    house: House,
    by: str,
    campaign: Campaign,
    *,
    wish: Wish,
    now: datetime,
) -> Named:
    number, standing, fault, unseen = campaign.id or 0, tuple[str, ...](), "", ""
    shown: tuple[str, ...] = ()
    if isinstance(wish, Standing):
        stood = telling.standing(session, campaign)
        standing = (*stood, *stalls.lines(session, vault, campaign))
    elif isinstance(wish, Came):
        standing = tuple(effect.lines(effect.measure(session, campaign, _DAYS, now)))
    elif isinstance(wish, Try):
        fault = trying.fault(session, number, by)
    elif isinstance(wish, Look) or wish.act is Act.APPROVE:
        shown = tuple(looking.lines(looking.look(session, vault, house, number, now)))
    if isinstance(wish, Do):
        fault = states.fault(session, wish.act, number, by, now)
        if wish.act is Act.APPROVE:
            unseen = states.fault(session, wish.act, number, by, now, has_looked=True)
    state = CampaignState(campaign.state)
    return Named(number, state, campaign.digest, shown, standing, fault, unseen)


def _listed(session: Session, staff: Staff) -> Campaigns:
    found = [one for one in drafts.listed(session, staff.area) if _is_theirs(staff, one)]
    return Campaigns(tuple(_item(session, one) for one in found[:_MOST]), len(found[_MOST:]))


def _which(session: Session, staff: Staff, act: Act) -> tuple[Item, ...]:
    found = [one for one in drafts.listed(session, staff.area) if _is_theirs(staff, one)]
    return tuple(_item(session, one) for one in found if states.may_be(act, one))[:_MOST]


def _item(session: Session, one: Campaign) -> Item:
    number = one.id or 0
    when = schedule.first(drafts.waves(session, number))
    state = states.WORDS[CampaignState(one.state)]
    return Item(number, one.title, state, drafts.planned(session, number), when)


def _is_theirs(staff: Staff, one: Campaign) -> bool:
    return rights.is_theirs(staff, one)
