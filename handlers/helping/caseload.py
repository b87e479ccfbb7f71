"""What a helper sees of those whom they look after, and what a person sees of their helpers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from handlers import commands, hearing
from handlers.helping import holdings, relay_words
from handlers.helping.holdings import Held
from handlers.helping.relay_words import Message, message_of
from handlers.helping.words import is_about_helpers, wants_expert, wants_mentor, wish_of
from matching import helping
from matching.codes import Category
from matching.profiles import seeker_of
from outreach.calendars import CHINA
from outreach.helping import assigning, relaying
from outreach.helping.calling import due_for
from outreach.helping.relaying import NO_LEAVE, Passage
from outreach.reach import ALL, Lines
from records import assignments, people, relays, scope, visits
from records.assignments import Assigned, Help
from records.database import Session
from records.people import Profile, Status
from records.relays import Leave, Line
from records.scope import Spot
from records.staff_accounts import Staff, StaffRole
from records.vault import Vault
from records.visits import Due, Seen

HELPERS = {StaffRole.COMMISSIONER: Help.COMMISSIONER, StaffRole.MENTOR: Help.MENTOR}
TAKE_BACK = timedelta(minutes=30)
_VISITS = 5
_TALK = 6  # lines of their talk that a dossier shows
_ANSWERS_FOR = timedelta(days=3)  # what is written so long after a helper's words may answer them
RELAY = "relay"  # the flow in which a person writes to a helper


@dataclass(frozen=True, slots=True)
class Dossier:
    """One person as their helper sees them (一人一档); `visits` only where it is looked at."""

    assigned: Assigned
    profile: Profile
    next: Due | None = None
    visits: tuple[Seen, ...] = ()
    others: tuple[Assigned, ...] = ()
    leave: Leave = NO_LEAVE
    talk: tuple[Line, ...] = ()  # the last lines, the last first, where they are looked at
    passage: Passage | None = None  # where something is to be passed on

    @property
    def number(self) -> int:
        return self.assigned.number


@dataclass(frozen=True, slots=True)
class Mentor:
    """A mentor as people read of one before they choose."""

    name: str
    about: str


@dataclass(frozen=True, slots=True)
class Caseload:
    """A helper's dossiers; or who looks after the person who writes, and whom they may choose."""

    dossiers: tuple[Dossier, ...] = ()
    due: frozenset[int] = frozenset()  # numbers to be called today
    last: tuple[int, str] | None = None  # told of lately: the contact, and whose it was
    helpers: Mapping[str, tuple[Assigned, ...]] = field(default_factory=dict)  # by person
    mentors: tuple[Mentor, ...] = ()
    held: Mapping[str, Held] = field(default_factory=dict)  # by person, where they look at it
    leaves: Mapping[tuple[str, str], Leave] = field(default_factory=dict)  # person and helper
    wrote: tuple[Assigned, ...] = ()  # who wrote to them since their last turn, the last first

    def numbered(self, number: int) -> Dossier | None:
        """The dossier that the helper calls by this number."""
        return next((one for one in self.dossiers if one.number == number), None)

    def called(self, name: str) -> tuple[Dossier, ...]:
        """Those whose names are this, or end so."""
        return tuple(one for one in self.dossiers if name and one.profile.nickname.endswith(name))


NONE = Caseload()


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes, and where they stand."""

    staff: Staff | None
    profiles: Sequence[Profile]
    account: str = ""
    last: str = ""  # when their last turn was, as ISO text
    is_reading: bool = False  # they look at what is held of them
    is_relaying: bool = False  # they are writing to a helper


def of_talk(
    session: Session,
    vault: Vault,
    texts: Sequence[str],
    writer: Writer,
    now: datetime,
    lines: Lines = ALL,
) -> Caseload:
    """What these messages speak of, of whoever wrote them; for most nothing is read."""
    staff, profiles = writer.staff, writer.profiles
    if profiles and writer.is_reading:
        return _of_reader(session, vault, profiles, writer.account)
    if staff is not None:
        return of_helper(session, vault, staff, texts, now, lines)
    if not profiles:
        return NONE
    is_asked = any(is_about_helpers(text) for text in texts)
    if is_asked or writer.is_relaying or any(map(relay_words.may_concern, texts)):
        wants_one = any(map(wants_expert, texts))
        wants = wants_one or any(map(wants_mentor, texts))
        return of_person(
            session, profiles, now, wants_mentor=wants, is_expert=wants_one, last=writer.last
        )
    if writer.last and any(map(may_answer, texts)) and _wrote(session, profiles, writer.last, now):
        return of_person(session, profiles, now, wants_mentor=False, last=writer.last)
    return NONE


def may_answer(text: str) -> bool:
    """Whether a message may simply answer who wrote last: no command, no number of a list."""
    return bool(text.strip()) and not hearing.numbers(text) and commands.of(text) is None


def of_helper(
    session: Session,
    vault: Vault,
    staff: Staff,
    texts: Sequence[str],
    now: datetime,
    lines: Lines = ALL,
) -> Caseload:
    """The dossiers of a helper, if what they wrote concerns them; else nothing is read."""
    if staff.role not in HELPERS:
        return NONE
    today = now.astimezone(CHINA).date()
    wishes = [wish for text in texts if (wish := wish_of(text, today))]
    messages = [message for text in texts if (message := message_of(text))]
    if not (wishes or messages):
        return NONE
    mine = assignments.of_helper(session, staff.name)
    ids = [one.person_id for one in mine]
    profiles = people.by_ids(session, vault, ids)
    nexts = _nexts(visits.waiting(session, ids))
    others = assignments.of_people(session, ids)
    leaves = relays.leaves(session, ids)
    shown = {number for wish in wishes if (number := getattr(wish, "number", 0))}
    dossiers = [
        Dossier(
            one,
            profiles[one.person_id],
            nexts.get(one.person_id),
            _visits(session, vault, one) if one.number in shown else (),
            others.get(one.person_id, ()),
            leaves.get((one.person_id, one.helper), NO_LEAVE),
            _talk(session, vault, one) if one.number in shown else (),
        )
        for one in mine
        if one.person_id in profiles and profiles[one.person_id].status is not Status.WITHDRAWN
    ]
    addressed = [
        replace(one, passage=_passage(session, vault, one, now, lines))
        if any(_is_to(message, one) for message in messages)
        else one
        for one in dossiers
    ]
    last = visits.last_of(session, staff.name, now - TAKE_BACK)
    return Caseload(tuple(addressed), _due(session, staff.name, today), last)


def of_person(
    session: Session,
    profiles: Sequence[Profile],
    now: datetime,
    *,
    wants_mentor: bool,
    is_expert: bool = False,
    last: str = "",
) -> Caseload:
    """Who looks after these people and wrote to them, and which mentors they may choose."""
    ids = [profile.id for profile in profiles]
    found = assignments.of_people(session, ids)
    today = now.astimezone(CHINA).date()
    is_wanted = bool(profiles) and wants_mentor
    mentors = _mentors(session, profiles[0], today, is_expert=is_expert) if is_wanted else ()
    wrote = _wrote(session, profiles, last, now) if last else []
    by_pair = {(one.person_id, one.helper): one for given in found.values() for one in given}
    return Caseload(
        helpers=found,
        mentors=mentors,
        leaves=relays.leaves(session, ids),
        wrote=tuple(by_pair[pair] for pair in wrote if pair in by_pair),
    )


def _wrote(
    session: Session, profiles: Sequence[Profile], last: str, now: datetime
) -> list[tuple[str, str]]:
    """Whose helpers wrote since the last turn, as pairs of person and helper."""
    since = max(datetime.fromisoformat(last), now - _ANSWERS_FOR)
    return relays.written_since(session, [profile.id for profile in profiles], since)


def _is_to(message: Message, one: Dossier) -> bool:
    if message.number:
        return message.number == one.number
    return bool(message.name) and one.profile.nickname.endswith(message.name)


def _passage(session: Session, vault: Vault, one: Dossier, now: datetime, lines: Lines) -> Passage:
    return relaying.passage(session, vault, one.profile, one.assigned.helper, now, lines)


def _talk(session: Session, vault: Vault, one: Assigned) -> tuple[Line, ...]:
    """The commissioner sees the talks with all who help; a mentor those with mentors."""
    help = Help.MENTOR if one.help is Help.MENTOR else None
    return tuple(relays.of_person(session, vault, one.person_id, _TALK, help=help))


def _of_reader(
    session: Session, vault: Vault, profiles: Sequence[Profile], account: str
) -> Caseload:
    ids = [profile.id for profile in profiles]
    return Caseload(
        helpers=assignments.of_people(session, ids),
        held=holdings.of_people(session, vault, profiles, account),
        leaves=relays.leaves(session, ids),
    )


def _visits(session: Session, vault: Vault, one: Assigned) -> tuple[Seen, ...]:
    return tuple(visits.latest(session, vault, one.person_id, _VISITS))


def _due(session: Session, helper: str, today: date) -> frozenset[int]:
    return frozenset(one.number for one, _ in due_for(session, helper, today))


def _nexts(waiting: Sequence[Due]) -> dict[str, Due]:
    nexts: dict[str, Due] = {}
    for due in waiting:
        nexts.setdefault(due.person_id, due)
    return nexts


def _mentors(
    session: Session, profile: Profile, today: date, *, is_expert: bool
) -> tuple[Mentor, ...]:
    """The two who fit best: of the line or one beside it, then the least laden (domain 6.7).

    `is_expert`: of the experts only.
    """
    home = scope.spots(session, [profile.id]).get(profile.id, Spot(profile.area))
    able = assigning.with_room(session, home, Help.MENTOR)
    told = assignments.helpers(session, [staff.name for staff, _ in able])
    if is_expert:
        able = [one for one in able if one[0].name in told and told[one[0].name].is_expert]
    seeker = seeker_of(profile.answers, id=profile.id, county=profile.area)
    pool = [_guide(staff.name, told.get(staff.name), load, seeker.county) for staff, load in able]
    return tuple(
        Mentor(one.id, told[one.id].about if one.id in told else "")
        for one in helping.mentors_for(seeker, pool, today)
    )


def _guide(name: str, helper: assignments.Helper | None, load: int, county: str) -> helping.Mentor:
    """One who may help there and has room, as the rules of matching see them."""
    lines = frozenset(line for line in Category if helper and line in helper.trades)
    return helping.Mentor(id=name, lines=lines, county=county, cases=load, most=load + 1)
