"""What each room of the house knows of a talk; a new room is one line in `Rooms`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from handlers import agenda, commands, queue
from handlers.agenda import Agenda
from handlers.cadre import entering, marking
from handlers.cadre.entering import Entering
from handlers.cadre.marking import Standings
from handlers.campaigns import seen as campaigns
from handlers.campaigns.seen import Campaigns
from handlers.commands import Command
from handlers.helping import caseload
from handlers.helping.caseload import Caseload
from handlers.posting import seen as posting
from handlers.posting.seen import Posting
from handlers.projects import market
from handlers.projects.market import Market
from handlers.queue import Queue
from handlers.segments import seen as segments
from handlers.segments.seen import Kinds
from handlers.stalls import seen as stalls
from handlers.stalls.seen import Stalls
from handlers.state import State
from handlers.stewards import seen as stewards
from handlers.stewards.seen import Kept
from handlers.tickets import own
from handlers.tickets.own import Requests
from handlers.wishes import checked as checking
from handlers.wishes import seen as wishing
from handlers.wishes.checked import Checking
from handlers.wishes.seen import Wishing
from outreach.reach import ALL, Lines
from records.database import Session
from records.people import Profile
from records.seen import Shown
from records.staff_accounts import Staff
from records.vault import Vault

MY_DATA = "my_data"  # the flow in which people look at what is held of them
_READER = "reader"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A talk before its turn, as the rooms see it."""

    session: Session
    vault: Vault
    account: str
    texts: Sequence[str]
    state: State
    now: datetime
    staff: Staff | None = None
    profiles: tuple[Profile, ...] = ()
    area: str = ""
    shown: Sequence[Shown] = ()  # what reached them, the last first; () where it does not matter
    lines: Lines = ALL


def is_reading(text: str, state: State) -> bool:
    """Whether a message may ask for what is held."""
    return state.flow == MY_DATA or commands.of(text) in (Command.MINE, Command.EXPORT)


def _caseload(heard: Heard) -> Caseload:
    state = heard.state
    writer = caseload.Writer(
        heard.staff,
        heard.profiles,
        account=heard.account,
        last=str(state.memory.get("at") or ""),
        is_reading=any(is_reading(text, state) for text in heard.texts),
        is_relaying=state.flow == caseload.RELAY,
    )
    return caseload.of_talk(
        heard.session, heard.vault, heard.texts, writer, heard.now, heard.lines
    )


def _entering(heard: Heard) -> Entering:
    return entering.of_talk(heard.session, heard.vault, heard.staff, heard.texts, heard.now)


def _standings(heard: Heard) -> Standings:
    return marking.of_talk(
        heard.session,
        heard.vault,
        heard.texts,
        staff=heard.staff,
        profiles=heard.profiles,
        is_mine=heard.state.flow == MY_DATA,
        now=heard.now,
    )


def _agenda(heard: Heard) -> Agenda:
    who = agenda.asking(
        heard.texts,
        [option for one in heard.shown for option in one.offered],
        heard.state,
        staff=heard.staff,
        profiles=heard.profiles,
        home=heard.area,
        lines=heard.lines,
        account=heard.account,
    )
    return agenda.of_talk(heard.session, heard.vault, who, heard.now)


def _requests(heard: Heard) -> Requests:
    return own.of_talk(
        heard.session,
        heard.vault,
        heard.texts,
        staff=heard.staff,
        account=heard.account,
        profiles=heard.profiles,
        now=heard.now,
    )


def _queue(heard: Heard) -> Queue:
    return queue.of_talk(heard.session, heard.texts, heard.area, heard.now)


def _market(heard: Heard) -> Market:
    return market.of_talk(
        heard.session,
        heard.vault,
        market.texts(heard.texts, heard.shown),
        heard.state,
        profiles=heard.profiles,
        area=heard.area,
        now=heard.now,
    )


def _checking(heard: Heard) -> Checking:
    return checking.of_talk(heard.session, heard.vault, heard.account, heard.texts, heard.now)


def _wishing(heard: Heard) -> Wishing:
    is_open = heard.state.flow in (wishing.FLOW, MY_DATA)
    return wishing.of_talk(
        heard.session, heard.account, heard.texts, is_open=is_open, now=heard.now
    )


def _kept(heard: Heard) -> Kept:
    return stewards.of_talk(heard.session, heard.vault, heard.staff, heard.texts)


def _posting(heard: Heard) -> Posting:
    return posting.of_talk(
        heard.session,
        heard.vault,
        heard.staff,
        heard.texts,
        heard.state,
        heard.now,
        channel=heard.account.partition(":")[0],
    )


def _campaigns(heard: Heard) -> Campaigns:
    return campaigns.of_talk(
        heard.session,
        heard.vault,
        heard.staff,
        heard.texts,
        heard.state,
        now=heard.now,
        lines=heard.lines,
    )


def _kinds(heard: Heard) -> Kinds:
    return segments.of_talk(
        heard.session, heard.vault, heard.staff, heard.texts, now=heard.now, lines=heard.lines
    )


def _stalls(heard: Heard) -> Stalls:
    return stalls.of_talk(heard.session, heard.vault, heard.staff, heard.texts, heard.now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rooms:
    """What was read for a turn, room by room, each with its reader.

    A reader decides by what was written whether it is needed: for strangers it asks no query.
    """

    caseload: Caseload = field(default=caseload.NONE, metadata={_READER: _caseload})
    entering: Entering = field(default=entering.NONE, metadata={_READER: _entering})
    standings: Standings = field(default=marking.NONE, metadata={_READER: _standings})
    agenda: Agenda = field(default_factory=Agenda, metadata={_READER: _agenda})
    requests: Requests = field(default=own.NONE, metadata={_READER: _requests})
    queue: Queue = field(default=queue.NONE, metadata={_READER: _queue})
    market: Market = field(default=market.NONE, metadata={_READER: _market})
    campaigns: Campaigns = field(default=campaigns.NONE, metadata={_READER: _campaigns})
    posting: Posting = field(default=posting.NONE, metadata={_READER: _posting})
    kinds: Kinds = field(default=segments.NONE, metadata={_READER: _kinds})
    stalls: Stalls = field(default=stalls.NONE, metadata={_READER: _stalls})
    kept: Kept = field(default=stewards.NONE, metadata={_READER: _kept})
    checking: Checking = field(default=checking.NONE, metadata={_READER: _checking})
    wishing: Wishing = field(default=wishing.NONE, metadata={_READER: _wishing})


def read(heard: Heard) -> Rooms:
    """Everything that the rooms know of this talk; for most nothing is read."""
    return Rooms(**{room.name: room.metadata[_READER](heard) for room in fields(Rooms)})


def by_name(rooms: Rooms) -> dict[str, Any]:
    """The rooms as the fields of a scene."""
    return {room.name: getattr(rooms, room.name) for room in fields(Rooms)}
