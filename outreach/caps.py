"""How often and when people are written to unasked: the rules of the one gate (domain M-10)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta

from outreach.calendars import CHINA, EVENING, MORNING, day_of, is_quiet
from outreach.reach import connected
from records import caps, group_tasks
from records.caps import Known, Past, Rules, Verdict, is_later_part, is_part_of
from records.database import Session

MOST = ((1, 1), (7, 3), (30, 8))  # in so many days, so many messages
FORTNIGHT = 14  # days in which there is one recommendation, as the question of consent says
IGNORED = 2  # recommendations without a word: then none until they write
RECOMMENDS = ("elig/", "project/")  # how the keys of recommendations begin

_DAY = timedelta(days=1)
_SAME_IDS = "wecom_kf:"
_MANY = 500  # customers asked for in one statement
_FREE_BY = 32  # days after which no cap counts any more
_HOURS = {  # when somebody is written to, as they said at registration
    "day": (MORNING, time(18, 0)),
    "evening": (time(18, 0), EVENING),
    "night_shift": (time(14, 0), EVENING),  # has slept, and has not left for work
}


def is_batch(key: str) -> bool:
    """Whether a message recommends something."""
    return key.startswith(RECOMMENDS)


def judge(key: str, known: Known, now: datetime) -> Verdict:
    """Whether a message of this key may go to somebody now, later or never."""
    if any(is_later_part(key, one.key) for one in known.past):  # the first has left: no cap
        return _at(opens(now, known.hours), now)
    others = [one for one in known.past if not is_part_of(key, one.key)]
    if is_batch(key) and is_ignored(others, known.heard):
        return Verdict(stop="ignored")
    day = next(
        (n for n in range(_FREE_BY) if not _is_full(key, others, day_of(now) + n * _DAY)), _FREE_BY
    )
    return _at(opens(now if not day else day_of(now) + day * _DAY, known.hours), now)


def _at(moment: datetime, now: datetime) -> Verdict:
    return Verdict() if moment == now else Verdict(wait=moment)


def is_ignored(past: list[Past], heard: datetime | None) -> bool:
    """Whether the last recommendations were met with silence."""
    batches = sorted({(one.at, one.key) for one in past if one.is_batch})[-IGNORED:]
    return len(batches) == IGNORED and (heard is None or heard < batches[0][0])


def opens(now: datetime, hours: frozenset[str] = frozenset()) -> datetime:
    """The first moment from `now` on at which they may be written to, in their own hours."""
    own = next(iter(hours)) if len(hours) == 1 else ""
    begin, end = _HOURS.get(own, (MORNING, EVENING))
    at = now.astimezone(CHINA)
    while not begin <= at.time() < end or is_quiet(at):
        day = at.date() if at.time() < begin else at.date() + _DAY
        at = datetime.combine(day, begin, CHINA)
    return now if at == now else at


def _is_full(key: str, past: list[Past], day: datetime) -> bool:
    """Whether one more on this day would be too many."""
    days = {one.day for one in past}
    if any(sum(day - each < span * _DAY for each in days) >= most for span, most in MOST):
        return True
    return is_batch(key) and any(one.is_batch and day - one.day < FORTNIGHT * _DAY for one in past)


def broadcast_to(
    session: Session, accounts: Sequence[str], since: datetime
) -> dict[str, list[Past]]:
    """What stewards sent to the people of these accounts: at 微信客服 they have the same id."""
    ids = {key: key.rsplit("/", 1)[-1] for key in accounts if key.startswith(_SAME_IDS)}
    found = group_tasks.sent_to(session, list(ids.values()), since) if ids else []
    return {
        key: [Past(day_of(at), f"cast/{name}", False, at) for who, name, at in found if who == own]
        for key, own in ids.items()
    }


def over_caps(
    session: Session, targets: Sequence[str], talks: Callable[[str], Sequence[str]], now: datetime
) -> frozenset[str]:
    """Customers for whom one more broadcast would be too many; what waits may leave any day."""
    found: set[str] = set()
    for first in range(0, len(targets), _MANY):
        found |= _over(session, targets[first : first + _MANY], talks, now)
    return frozenset(found)


def _over(
    session: Session, targets: Sequence[str], talks: Callable[[str], Sequence[str]], now: datetime
) -> set[str]:
    whose = {key: target for target in targets for key in talks(target)}
    today = day_of(now)
    days: dict[str, set[datetime]] = {target: set() for target in targets}
    for key, pushed in caps.past_of(session, list(whose), today - _FREE_BY * _DAY).items():
        days[whose[key]] |= {one.day for one in pushed}
    for target, _, at in group_tasks.sent_to(session, targets, today - _FREE_BY * _DAY):
        days[target].add(day_of(at))
    waiting = {t: had.waiting for t, had in group_tasks.had(session, targets, now, now).items()}
    return {
        target
        for target, found in days.items()
        if any(
            sum(today - day < span * _DAY for day in found) + waiting.get(target, 0) >= most
            for span, most in MOST
        )
    }


RULES = Rules(judge, opens, is_batch, day_of, connected, broadcast_to)
