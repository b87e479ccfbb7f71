"""What is due to people on a day: when that is, and the one sender of it all (domain M-10)."""

from __future__ import annotations

import calendar
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from outreach.calendars import CHINA, is_quiet
from outreach.pushes import a_push, reach, short
from outreach.reach import ALL, Lines
from outreach.texts import say
from records import account_links, outbox, people, pushes, reminders, staff_accounts
from records.database import Database, Session
from records.messages import Option, Priority
from records.outbox import NewOutgoing
from records.reminders import Place, Reminder, State
from records.vault import Vault

EVE = (1,)  # the day before
COUNTDOWN = (7, 3, 1)  # days before a deadline (domain S0-28)
_TOGETHER = 100  # reminders in one transaction, so that nobody's turn waits for all of them
_NINE = time(9, 0)
CALLED_OFF = "/off"  # ends the key of what tells that something does not take place
CHANGED = "/changed"  # the same, that it takes place at another time or in another place
_APP = "wecom_app:"


@dataclass(frozen=True, slots=True)
class Moment:
    """A day that lies `days` before another: said from nine on, true until midnight."""

    days: int
    due: datetime
    until: datetime


def before(day: date, days: Sequence[int], now: datetime) -> tuple[Moment, ...]:
    """The days so long before another that are not over yet: 7, 3 and 1 before a deadline."""
    found = (_moment(day - timedelta(days=each), each) for each in days)
    return tuple(moment for moment in found if now < moment.until)


def has_eve(day: date, now: datetime) -> bool:
    """Whether what takes place on a day is still reminded of the day before."""
    return any(not is_quiet(max(now, moment.due)) for moment in before(day, EVE, now))


def months_after(day: date, months: int) -> date:
    """The day on which so many months are full: the last of the month where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


async def send_due(
    database: Database, vault: Vault, now: datetime, lines: Lines = ALL
) -> dict[str, int]:
    """Queue what is due to whom it may be said now; by day only. How it went with each."""
    counts: Counter[str] = Counter(dropped=await database.run(reminders.drop_late, now))
    last = reminders.BEFORE_ALL
    while not is_quiet(now):
        found = await database.run(_some, vault, now, last, lines)
        if found is None:
            break
        last = found.last
        counts.update(found.counts)
    return {name: counts[name] for name in ("queued", "late", "unwelcome", "waiting", "dropped")}


@dataclass(frozen=True, slots=True)
class _Done:
    last: Place
    counts: Mapping[str, int]


def _some(
    session: Session, vault: Vault, now: datetime, after: Place, lines: Lines
) -> _Done | None:
    rows = reminders.due(session, now, after=after, limit=_TOGETHER)
    if not rows:
        return None
    late = [row for row in rows if row.until <= now]
    reminders.settle(session, [row.key for row in late], State.LATE, now)
    opened = [reminders.opened(row, vault) for row in rows if row.until > now]
    staff = [each for each in opened if reminders.staff_of(each.whom)]
    others = [each for each in opened if not reminders.staff_of(each.whom)]
    counts = Counter(late=len(late))
    counts.update(_tell_staff(session, vault, staff, now))
    counts.update(_tell_people(session, vault, others, now, lines))
    return _Done((rows[-1].due, rows[-1].key), counts)


def _tell_staff(
    session: Session, vault: Vault, found: Sequence[Reminder], now: datetime
) -> Counter[str]:
    """Work is not counted; it waits for the day like everything that is not urgent."""
    accounts = {each.name: each.accounts for each in staff_accounts.everybody(session)}
    counts: Counter[str] = Counter()
    for each in found:
        own = accounts.get(reminders.staff_of(each.whom), ())
        address = next((one for one in own if one.startswith(_APP)), own[0] if own else "")
        counts[_queue(session, vault, each, address, now, priority=Priority.NOTICE)] += 1
    return counts


def _tell_people(
    session: Session, vault: Vault, found: Sequence[Reminder], now: datetime, lines: Lines
) -> Counter[str]:
    keys = _keys(session, found, now)
    may = reach(session, vault, sorted(set(keys.values()) - {""}), now, lines)
    counts: Counter[str] = Counter()
    written: set[str] = set()  # one message a day, on whatever account
    for each in found:
        key = keys[each.key]
        is_enough = key in may.later or (key in may.now and may.who(key) in written)
        if is_enough and not _is_news(each):
            counts["waiting"] += 1
            continue
        address = may.account(key) if key in may.now or key in may.later else ""
        if address:
            written.add(may.who(key))
        counts[_queue(session, vault, each, address, now, priority=_priority(each))] += 1
    return counts


def _priority(found: Reminder) -> Priority:
    return Priority.NEWS if _is_news(found) else Priority.BULK


def _is_news(found: Reminder) -> bool:
    """That what they reckon with is off, or elsewhere, is held up by no cap."""
    return found.key.endswith((CALLED_OFF, CHANGED))


def _queue(
    session: Session,
    vault: Vault,
    found: Reminder,
    address: str,
    now: datetime,
    *,
    priority: Priority,
) -> str:
    """Queue it, or settle it where there is no address; the word for what came of it."""
    if not address:
        reminders.settle(session, [found.key], State.UNWELCOME, now)
        return State.UNWELCOME.value
    key = short(reminders.outbox_key(found.key, found.due))
    outbox.enqueue(session, [_message(vault, found, address, key, now, priority)])
    reminders.settle(session, [found.key], State.QUEUED, now, outbox_key=key)
    return State.QUEUED.value


def _message(
    vault: Vault, found: Reminder, address: str, key: str, now: datetime, priority: Priority
) -> NewOutgoing:
    stop = Option(say("answered.stop"), say("answered.stop_word"))
    options = (*found.options, stop) if found.kind.is_advice else found.options
    return a_push(vault, address, found.text, key=key, now=now, options=options, priority=priority)


def _keys(session: Session, found: Sequence[Reminder], now: datetime) -> dict[str, str]:
    """The account that each is to be told by, "" where nobody may be told."""
    ids = [reminders.person_of(each.whom) for each in found if reminders.person_of(each.whom)]
    homes = _homes(session, ids)
    wanting = pushes.wanting(session, ids, now) if any(e.kind.is_advice for e in found) else set()
    keys = {}
    for each in found:
        person = reminders.person_of(each.whom)
        is_agreed = not each.kind.is_advice or person in wanting
        account = homes.get(person, "") if person else reminders.account_of(each.whom)
        keys[each.key] = account if is_agreed else ""
    return keys


def _homes(session: Session, ids: Sequence[str]) -> dict[str, str]:
    """For each of these people an account on which nobody else reads along (domain P-30)."""
    accounts = {each: [home] for each, home in pushes.confirmed(session, ids).items()}
    for link in account_links.of_people(session, list(accounts)):
        accounts[link.person_id].append(link.account)
    everywhere = [key for own in accounts.values() for key in own]
    speaks = people.on_accounts(session, everywhere) if everywhere else {}
    return {
        each: next((key for key in own if speaks[key] == {each}), "")
        for each, own in accounts.items()
    }


def _moment(day: date, days: int) -> Moment:
    midnight = datetime.combine(day + timedelta(days=1), time(), CHINA)
    return Moment(days, datetime.combine(day, _NINE, CHINA), midnight)
