"""How often and when people are written to unasked: the rules of the one gate (domain M-10)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time, timedelta
from functools import lru_cache

from outreach.calendars import CHINA, EVENING, MORNING, day_of, is_quiet
from outreach.reach import connected
from outreach.wishes import most_of, topics_of, windows
from records import group_tasks, people, push_days, wishes
from records.caps import Known, Rules, Verdict
from records.database import Session
from records.push_days import Past, is_later_part, is_part_of
from records.waits import Wait
from records.wishes import Wish

MOST = ((1, 1), (7, 3), (30, 8))  # in so many days, so many messages
FORTNIGHT = 14  # days in which there is one recommendation, as the question of consent says
IGNORED = 2  # recommendations without a word: then none until they write
RECOMMENDS = ("elig/", "project/")  # how the keys of recommendations begin

_DAY = timedelta(days=1)
_SAME_IDS = "wecom_kf:"
_MANY = 500  # customers asked for in one statement
_FREE_BY = 32  # days after which no cap counts any more
_LONGEST_WAIT = 32  # days
_BY_DAY = ((MORNING, EVENING),)
HOURS = {  # when somebody is written to, as they said at registration
    "day": ((MORNING, time(18, 0)),),
    "evening": ((time(18, 0), EVENING),),
    "night_shift": ((time(14, 0), EVENING),),  # has slept, and has not left for work
}


def is_batch(key: str) -> bool:
    """Whether a message recommends something."""
    return key.startswith(RECOMMENDS)


def judge(key: str, known: Known, now: datetime) -> Verdict:
    """Whether a message of this key may go to somebody now, later or never."""
    if any(is_later_part(key, one.key) for one in known.past):  # the first has left: no cap
        return _at(opens(now, known.hours, known.wish), now, None)
    others = [one for one in known.past if not is_part_of(key, one.key)]
    if is_batch(key) and is_ignored(others, known.heard):
        return Verdict(stop="ignored")
    free, wish = _unpaused(now, known.wish), known.wish
    why = Wait.WISHED if free > now else None
    for _ in range(_FREE_BY):
        at = opens(free, known.hours, wish)
        if not _is_full(key, others, day_of(at), most_of(wish, MOST)):
            return _at(at, now, why)
        free, why = day_of(at) + _DAY, why or Wait.CAPPED
    return _at(opens(free, known.hours, wish), now, why)


def _unpaused(now: datetime, wish: Wish) -> datetime:
    return max(now, wish.pause) if wish.pause is not None else now


def _at(moment: datetime, now: datetime, why: Wait | None) -> Verdict:
    """Now or then; where nothing else is in the way, the night is, or their own hours."""
    if moment == now:
        return Verdict()
    return Verdict(wait=moment, why=why or (Wait.QUIET if moment == opens(now) else Wait.HOURS))


def is_ignored(past: list[Past], heard: datetime | None) -> bool:
    """Whether the last recommendations were met with silence."""
    batches = sorted({(one.at, one.key) for one in past if one.is_batch})[-IGNORED:]
    return len(batches) == IGNORED and (heard is None or heard < batches[0][0])


@lru_cache(_MANY)  # a claim asks the same of most of its people
def opens(
    now: datetime, hours: frozenset[str] = frozenset(), wish: Wish = wishes.NONE
) -> datetime:
    """The first moment from `now` on at which they may be written to, in their own hours.

    What somebody wished in so many words goes before what they answered at registration.
    """
    own = wish.hours
    if own is None:
        said = next(iter(hours)) if len(hours) == 1 else ""
        own = HOURS.get(said, _BY_DAY)
    spans, at = windows(own, _BY_DAY[0]), now.astimezone(CHINA)
    for _ in range(_LONGEST_WAIT):
        for begin, end in spans if _suits(at, wish) else ():
            found = max(at, datetime.combine(at.date(), begin, CHINA))
            if found.time() < end and not is_quiet(found):
                return now if found == now else found
        at = datetime.combine(at.date() + _DAY, time(), CHINA)
    return at


def _suits(at: datetime, wish: Wish) -> bool:
    return wish.days is None or at.isoweekday() in wish.days


def _is_full(
    key: str, past: list[Past], day: datetime, most: Sequence[tuple[int, int]] = MOST
) -> bool:
    """Whether one more on this day would be too many."""
    days = {one.day for one in past}
    if any(sum(day - each < span * _DAY for each in days) >= limit for span, limit in most):
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


def free_at(session: Session, account: str, key: str, now: datetime) -> datetime:
    """The first moment at which whoever uses an account may be written to unasked by this key.

    For what does not go through the gate: the words of one person to another.
    """
    names = _names(session, account)
    since = day_of(now) - _FREE_BY * _DAY
    found = push_days.past_of(session, names, since)
    past = [one for name in names for one in found.get(name, ())]
    for sent in broadcast_to(session, names, since).values():
        past += sent
    wish = wishes.of(session, {account: names}, now)[account]
    return judge(key, Known(tuple(dict.fromkeys(past)), wish=wish), now).wait or now


def take_day(session: Session, account: str, key: str, now: datetime) -> None:
    """They were written to unasked by this key: their day holds nothing more."""
    past = Past(day_of(now), key, False, now)
    push_days.take(session, [(name, past) for name in _names(session, account)])


def _names(session: Session, account: str) -> list[str]:
    """All names by which whoever uses an account is known."""
    accounts = [account, *connected(session, [account])[account]]
    ids = people.on_accounts(session, accounts)
    return [*accounts, *sorted(frozenset[str]().union(*ids.values()))]


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
    for key, pushed in push_days.past_of(session, list(whose), today - _FREE_BY * _DAY).items():
        days[whose[key]] |= {one.day for one in pushed}
    for target, _, at in group_tasks.sent_to(session, targets, today - _FREE_BY * _DAY):
        days[target].add(day_of(at))
    waiting = {t: had.waiting for t, had in group_tasks.had(session, targets, now, now).items()}
    held = _wished(session, whose, now)
    return {
        target
        for target, found in days.items()
        if _is_paused(held[target], now)
        or any(
            sum(today - day < span * _DAY for day in found) + waiting.get(target, 0) >= most
            for span, most in most_of(held[target], MOST)
        )
    }


def _is_paused(wish: Wish, now: datetime) -> bool:
    return wish.pause is not None and wish.pause > now


def _wished(session: Session, whose: Mapping[str, str], now: datetime) -> dict[str, Wish]:
    """What the customers wish on whose talks these are."""
    ids = people.on_accounts(session, list(whose))
    circles: dict[str, list[str]] = {target: [] for target in whose.values()}
    for key, target in whose.items():
        circles[target] += [key, *sorted(ids[key])]
    return defaultdict(Wish, wishes.of(session, circles, now))


RULES = Rules(judge, opens, is_batch, topics_of, day_of, connected, broadcast_to)
