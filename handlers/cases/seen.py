"""What a turn knows of cases: examples for a home, the teller's own, or what staff name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from handlers.cases.words import Examples, Line, May, Serve, Verb, Who, line_of, wish_of
from handlers.state import State
from outreach.calendars import CHINA
from outreach.cases import asking, cards, publishing, quota, serving, success
from outreach.cases.publishing import Leave, Story
from outreach.cases.quota import Count
from outreach.cases.traces import Trace
from records import ambassadors, assignments, cases, people, rights, scope
from records.ambassadors import Ambassador
from records.cases import Case, Taken
from records.database import Session
from records.people import Profile, Status
from records.rights import Right
from records.staff_accounts import Staff
from records.vault import Vault

FLOW = "cases"
_MOST = 3  # examples at once


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that staff may know of one case; the bars are sentences, "" where there is none."""

    case: Case
    name: str
    leave: Leave
    history: tuple[Taken, ...]
    gives_away: tuple[Trace, ...]
    doubt: str
    bar_to_ask: str
    bar_to_serve: str
    story: Story | None
    serves: Ambassador | None


@dataclass(frozen=True, slots=True)
class Cases:
    """What the writer may see; most is filled for one kind of writer only."""

    near: tuple[Story, ...] = ()
    stories: Mapping[int, Story] = field(default_factory=dict)
    own: tuple[Case, ...] = ()
    is_asked: bool = False  # whether they were ever asked D18
    serving: tuple[Ambassador, ...] = ()
    listed: tuple[tuple[Case, Leave], ...] = ()
    sheets: Mapping[int, Sheet] = field(default_factory=dict)
    named: tuple[Profile, ...] = ()
    trades: Mapping[str, str] = field(default_factory=dict)  # of those named, by person
    known: frozenset[str] = frozenset()  # those named who have a case already
    count: Count | None = None
    of_the_week: Story | None = None


NONE = Cases()


def of_talk(
    session: Session,
    vault: Vault,
    texts: Sequence[str],
    state: State,
    *,
    staff: Staff | None,
    profiles: Sequence[Profile],
    home: str,
    now: datetime,
) -> Cases | None:
    """What these messages speak of; None where it is not of cases, and nothing is read."""
    if staff is not None and rights.may(staff, Right.CASES):
        lines = [line for text in texts if (line := line_of(text))]
        if lines:
            return _of_staff(session, vault, staff, lines, now)
    wishes = [wish for text in texts if (wish := wish_of(text))]
    if any(isinstance(wish, May | Serve) for wish in wishes):
        return _of_teller(session, vault, profiles)
    if wishes or state.flow == FLOW:
        return _of_listener(session, vault, wishes, state, profiles, home)
    return None


def _of_listener(
    session: Session,
    vault: Vault,
    wishes: Iterable[object],
    state: State,
    profiles: Sequence[Profile],
    home: str,
) -> Cases:
    asked = [wish for wish in wishes if isinstance(wish, Examples)]
    numbers = {wish.number for wish in asked if wish.number}
    if state.flow == FLOW:
        numbers |= set(map(int, state.data.get("numbers", ())))
    stories = {
        number: story
        for number in sorted(numbers)
        if (story := publishing.numbered(session, vault, number)) is not None
    }
    wants_list = state.flow == FLOW or any(not wish.number for wish in asked)
    trades = frozenset(trade for profile in profiles for trade in _trades(profile))
    near = publishing.near(session, vault, home, trades, _MOST) if wants_list else []
    return Cases(tuple(near), stories | {story.case.number: story for story in near})


def _trades(profile: Profile) -> list[str]:
    wanted = profile.answers.get("want_kind") or []
    return [
        *([wanted] if isinstance(wanted, str) else wanted),
        str(profile.answers.get("biz_kind")),
    ]


def _of_teller(session: Session, vault: Vault, profiles: Sequence[Profile]) -> Cases:
    ids = [profile.id for profile in profiles]
    own = tuple(cases.of_people(session, vault, ids))
    is_asked = any(cases.stepped(session, each, cases.Step.ASKED) for each in ids)
    return Cases(own=own, is_asked=is_asked, serving=tuple(ambassadors.of_people(session, ids)))


def _of_staff(
    session: Session, vault: Vault, staff: Staff, lines: Sequence[Line], now: datetime
) -> Cases:
    if any(line.verb is Verb.NEW for line in lines):
        who = next(line.who for line in lines if line.verb is Verb.NEW)
        return _of_new(session, vault, staff, who)
    if any(line.verb is Verb.CARD and not line.number for line in lines):
        return Cases(of_the_week=cards.of_the_week(session, vault, staff.area))
    mine = {case.number: case for case in cases.within(session, vault, staff.area)}
    numbers = {line.number for line in lines} & set(mine)
    sheets = {n: sheet(session, vault, mine[n], now) for n in numbers}
    is_list = any(line.verb is Verb.LOOK and not line.number for line in lines)
    listed = [(case, publishing.leave(session, case.person_id)) for case in mine.values()]
    return Cases(
        listed=tuple(listed) if is_list else (),
        sheets=sheets,
        count=_count(session, staff, now) if is_list else None,
    )


def sheet(session: Session, vault: Vault, case: Case, now: datetime) -> Sheet:
    """All that is to be known of one case."""
    profile = people.by_ids(session, vault, [case.person_id]).get(case.person_id)
    doubt = success.doubt(session, vault, case.person_id, now)
    return Sheet(
        case=case,
        name=profile.nickname if profile else "",
        leave=publishing.leave(session, case.person_id),
        history=tuple(cases.history(session, vault, case.number)),
        gives_away=publishing.given_away(session, vault, case),
        doubt=doubt.value if doubt else "",
        bar_to_ask=asking.hindrance(session, vault, case, now),
        bar_to_serve=serving.hindrance(session, vault, case, now),
        story=publishing.story(session, vault, case),
        serves=serving.serving(session, case, now),
    )


def _count(session: Session, staff: Staff, now: datetime) -> Count | None:
    if not quota.is_county(staff.area):
        return None
    return quota.of_year(session, [staff.area], now.astimezone(CHINA).year)[0]


def _of_new(session: Session, vault: Vault, staff: Staff, who: Who) -> Cases:
    found = _people(session, vault, staff, who)
    spots = scope.spots(session, [one.id for one in found])
    may = tuple(
        one
        for one in found
        if one.status is Status.CONFIRMED and scope.may_see(staff.area, spots[one.id])
    )
    ids = [one.id for one in may]
    known = frozenset(case.person_id for case in cases.of_people(session, vault, ids))
    return Cases(named=may, known=known, trades=success.trades(session, ids))


def _people(session: Session, vault: Vault, staff: Staff, who: Who) -> Sequence[Profile]:
    if who.dossier:
        mine = assignments.of_helper(session, staff.name)
        ids = [one.person_id for one in mine if one.number == who.dossier]
        return list(people.by_ids(session, vault, ids).values())
    if who.phone:
        return people.with_phone(session, vault, [who.phone]).get(who.phone, ())
    if not who.name:
        return ()
    proof = (who.last, who.name)
    return people.with_proof(session, vault, [proof]).get(proof, ())
