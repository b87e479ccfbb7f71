"""The one gate that every message nobody waits for passes when it leaves (domain M-10).

A person's day holds one such message: a row of `push_day` for each name that the person is known
by (records/push_days.py), so that no two processes, accounts or senders exceed it together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlmodel import Session

from records import feeding, inbound, people, push_days, reminders, sending, stops, wishes
from records.consents import PUSH, Consent
from records.messages import Priority
from records.outbox import Claimed, OutboxRow, OutboxState
from records.people import Person, Status
from records.push_days import LOOKED_BACK, Past, PushDay, Taken, is_later_part
from records.sending import Claim
from records.waits import OF_THE_GATE, Wait
from records.wishes import Topic, Wish

_BOTH_PARTS = timedelta(minutes=10)  # in which what follows a first part has left as well
_ROUNDS = 5  # claims in one transaction whose messages all wait
_WIDER, _WIDEST = 4, 256  # each takes so many times more than the one before


@dataclass(frozen=True, slots=True)
class Known:
    """What decides whether one more message may go to somebody."""

    past: tuple[Past, ...] = ()
    heard: datetime | None = None  # when they last wrote to us
    hours: frozenset[str] = frozenset()  # what the people there said of when to be told
    wish: Wish = wishes.NONE


@dataclass(frozen=True, slots=True)
class Verdict:
    """It may go now (neither is set), at another moment and why, or not at all and why."""

    wait: datetime | None = None
    stop: str = ""
    why: Wait = Wait.CAPPED  # it waits


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules themselves, which are no matter of the store: see outreach/caps.py.

    `connected` are the other accounts of the people of an account, `elsewhere` is what was sent
    to accounts by other ways than the outbox since a moment.
    """

    judge: Callable[[str, Known, datetime], Verdict]
    opens: Callable[[datetime, frozenset[str], Wish], datetime]  # the first in their own hours
    is_batch: Callable[[str], bool]
    topics: Callable[[Session, Sequence[str]], Mapping[str, Topic]]  # of keys
    day_of: Callable[[datetime], datetime]
    connected: Callable[[Session, Sequence[str]], Mapping[str, Sequence[str]]]
    elsewhere: Callable[[Session, Sequence[str], datetime], Mapping[str, Sequence[Past]]]


Word = Callable[[Session, Sequence[Claimed]], list[Claimed]]


def as_they_are(session: Session, rows: Sequence[Claimed]) -> list[Claimed]:
    """Every message has its words."""
    return list(rows)


Gather = Callable[[Session, Sequence[Claimed], datetime], list[Claimed]]


def apart(session: Session, rows: Sequence[Claimed], now: datetime) -> list[Claimed]:
    """Every message leaves by itself."""
    return list(rows)


@dataclass(frozen=True, slots=True)
class CappedClaim:
    """A claim of which the messages that nobody waits for pass the gate.

    `word` gives words to those that waited without, `gather` puts what waits for the same person
    into them.
    """

    claim: Claim
    rules: Rules
    word: Word = as_they_are
    gather: Gather = apart


_TABLE = PushDay.__table__  # type: ignore[attr-defined]
_OUTBOX = OutboxRow.__table__  # type: ignore[attr-defined]
_PEOPLE, _CONSENTS = Person.__table__, Consent.__table__  # type: ignore[attr-defined]


def claim(session: Session, wishes: Sequence[CappedClaim]) -> list[list[Claimed]]:
    """As `sending.claim`, but what nobody waits for only within the caps; the rest waits."""
    return [_claim(session, wish) for wish in wishes]


def _claim(session: Session, wish: CappedClaim) -> list[Claimed]:
    """Where all that was taken has to wait, more behind it is looked at in the same breath."""
    most = wish.claim.limit
    for number in range(_ROUNDS):
        wider = replace(wish.claim, limit=max(most, min(_WIDEST, most * _WIDER**number)))
        rows = sending.claim(session, [wider])[0]
        admitted = admit(session, rows, wish.rules, wish.claim.now, most=most)
        if admitted or not rows:
            worded = with_words(session, wish.word(session, admitted), wish.claim.now)
            return wish.gather(session, worded, wish.claim.now)
    return []


def admit(
    session: Session,
    rows: Sequence[Claimed],
    rules: Rules,
    now: datetime,
    *,
    most: int | None = None,
) -> list[Claimed]:
    """Those of the claimed messages that may leave; the others wait for their moment or stop.

    What lies behind the first `most` of them is left to another claim.
    """
    rows = feeding.under_way(session, rows, now)
    pushes = [row for row in rows if is_push(row)]
    if not pushes:
        return list(rows)
    gate = _Gate(session, pushes, rules, now)
    let_through = gate.let_through(pushes, most)
    return [row for row in rows if not is_push(row) or row.id in let_through]


def joining(
    session: Session, rows: Sequence[Claimed], rules: Rules, now: datetime
) -> list[Claimed]:
    """Those of some waiting messages that may leave inside one that leaves now.

    The day is taken already; what is refused, over or unwelcome stays, to be stopped in its turn.
    """
    rows = feeding.under_way(session, rows, now)
    gate = _Gate(session, rows, rules, now)
    return [row for row in rows if gate.may_join(row)]


def with_words(session: Session, rows: Sequence[Claimed], now: datetime) -> list[Claimed]:
    """Those that have words; the others were for somebody who is erased, and stop."""
    for row in rows:
        if not row.payload:
            _put_aside(session, row, Verdict(stop="unwelcome"), now)
    return [row for row in rows if row.payload]


def look_again(session: Session, accounts: Sequence[str], now: datetime) -> None:
    """What waits for its moment there is judged anew: what is wished has changed."""
    waits = (
        _OUTBOX.c.conversation.in_(accounts),
        _OUTBOX.c.state == OutboxState.QUEUED.value,
        _OUTBOX.c.failure.in_(OF_THE_GATE),
        _OUTBOX.c.due > now,
    )
    session.execute(update(_OUTBOX).where(*waits).values(due=now))


class _Gate:
    """What is known of all whom some messages go to, read at once."""

    def __init__(
        self, session: Session, pushes: Sequence[Claimed], rules: Rules, now: datetime
    ) -> None:
        self._session, self._rules, self._now = session, rules, now
        keys = sorted({row.conversation for row in pushes})
        circles = {k: (k, *found) for k, found in rules.connected(session, keys).items()}
        accounts = sorted({key for circle in circles.values() for key in circle})
        ids = people.on_accounts(session, accounts)
        self._people = {key: frozenset().union(*(ids[a] for a in circles[key])) for key in keys}
        self._here = {key: ids[key] for key in keys}
        self._names = {key: sorted({*circles[key], *self._people[key]}) for key in keys}
        names = sorted({name for found in self._names.values() for name in found})
        since = rules.day_of(now) - LOOKED_BACK
        self._past = push_days.past_of(session, names, since)
        for name, found in rules.elsewhere(session, accounts, since).items():
            self._past.setdefault(name, []).extend(found)
        self._heard = inbound.last_heard(session, accounts) if self._any_batch(pushes) else {}
        everybody = frozenset().union(*self._people.values())
        self._rows = _people_of(session, everybody)
        self._agreed = _agreed(session, everybody) if self._any_batch(pushes) else frozenset()
        prints = [row.phone_print for row in self._rows.values() if row.phone_print]
        self._stopped = stops.stopped(session, [*accounts, *prints], now)
        self._wishes = wishes.of(session, self._names, now)
        self._topics = rules.topics(session, [row.dedupe_key for row in pushes])
        self._over = reminders.over(session, [row.dedupe_key for row in pushes], now)

    def let_through(self, rows: Sequence[Claimed], most: int | None) -> set[int]:
        """The ids of the first that may leave now; the others before them are put aside."""
        wanted: dict[int, list[Taken]] = {}
        for number, row in enumerate(rows):
            if most is not None and len(wanted) >= most:
                sending.give_back(self._session, [left.id for left in rows[number:]])
                break
            if self._may_leave(row):
                wanted[row.id] = self._day_of(row)
        taken = push_days.take(self._session, (past for days in wanted.values() for past in days))
        late = self._rules.day_of(self._now) + timedelta(days=1)
        for row in rows:
            lost = [one for one in wanted.get(row.id, ()) if one not in taken]
            if lost and not _is_news(row):  # another process was first with one of them
                mine = [name for name, past in wanted.pop(row.id) if (name, past) in taken]
                push_days.give_back(self._session, mine, self._rules.day_of(self._now))
                _put_aside(self._session, row, Verdict(wait=late), self._now)
        return set(wanted)

    def _may_leave(self, row: Claimed) -> bool:
        """Whether nothing is in its way that is known; if there is, it is put aside."""
        verdict = self._verdict(row)
        if verdict == Verdict():
            return True
        _put_aside(self._session, row, verdict, self._now)
        return False

    def may_join(self, row: Claimed) -> bool:
        """Whether nothing but the day was in its way; one more recommendation counts as such."""
        names = self._names[row.conversation]
        past = {p for name in names for p in self._past.get(name, ()) if p.is_batch}
        if row.dedupe_key in self._over or self._is_refused(row):
            return False
        if not self._rules.is_batch(row.dedupe_key):
            return True
        heard = [self._heard[name] for name in names if name in self._heard]
        known = Known(tuple(past), max(heard, default=None))
        if self._rules.judge(row.dedupe_key, known, self._now) != Verdict():
            return False
        self._note_batch(row, names)
        return True

    def _note_batch(self, row: Claimed, names: Sequence[str]) -> None:
        day = self._rules.day_of(self._now)
        mine = (_TABLE.c.who.in_(names), _TABLE.c.day == day)
        self._session.execute(update(_TABLE).where(*mine).values(is_batch=True))
        for name in names:
            past = Past(day, row.dedupe_key, True, self._now)
            self._past.setdefault(name, []).append(past)

    def _is_refused(self, row: Claimed) -> bool:
        refused = self._wishes[row.conversation].refused
        return self._topics[row.dedupe_key] in refused or self._is_unwelcome(row)

    def _verdict(self, row: Claimed) -> Verdict:
        if row.dedupe_key in self._over:
            return Verdict(stop="late")
        if self._is_unwelcome(row):
            return Verdict(stop="unwelcome")
        if self._topics[row.dedupe_key] in self._wishes[row.conversation].refused:
            return Verdict(stop="topic")
        if _is_news(row):
            return self._when_open(row, self._now)
        if self._begins_late(row):
            return self._when_open(row, self._now + _BOTH_PARTS)
        names = self._names[row.conversation]
        past = {p for name in names for p in self._past.get(name, ())}
        heard = [self._heard[name] for name in names if name in self._heard]
        wish = self._wishes[row.conversation]
        known = Known(tuple(past), max(heard, default=None), self._hours(row), wish)
        return self._rules.judge(row.dedupe_key, known, self._now)

    def _hours(self, row: Claimed) -> frozenset[str]:
        """When the people there said that they are to be told."""
        here = [self._rows[each] for each in self._here[row.conversation] if each in self._rows]
        return frozenset(one.hours or "" for one in here)

    def _when_open(self, row: Claimed, at: datetime) -> Verdict:
        opens = self._opens(row, at)
        is_quiet = opens == self._rules.opens(at, frozenset(), wishes.NONE)
        why = Wait.QUIET if is_quiet else Wait.HOURS
        return Verdict() if opens == self._now else Verdict(wait=opens, why=why)

    def _opens(self, row: Claimed, at: datetime) -> datetime:
        return self._rules.opens(at, self._hours(row), self._wishes[row.conversation])

    def _begins_late(self, row: Claimed) -> bool:
        """Whether the evening would end between this message and its next part."""
        end = self._now + _BOTH_PARTS
        is_ending = self._opens(row, end) != end
        return is_ending and _has_parts(self._session, row.dedupe_key)

    def _is_unwelcome(self, row: Claimed) -> bool:
        """Who said stop, is gone, or never agreed to what fits them."""
        around = [self._rows[i] for i in self._people[row.conversation] if i in self._rows]
        targets = {*self._names[row.conversation], *(one.phone_print for one in around)}
        if any(one.status == Status.DECEASED.value for one in around):
            return True
        if _is_news(row):  # «停» stops what is pushed, not what they wait for
            return False
        if targets & self._stopped:
            return True
        is_batch = self._rules.is_batch(row.dedupe_key)
        return is_batch and not self._people[row.conversation] & self._agreed

    def _day_of(self, row: Claimed) -> list[Taken]:
        """What takes the day of all of them who have it free; nothing for a later part."""
        day, is_batch = self._rules.day_of(self._now), self._rules.is_batch(row.dedupe_key)
        if self._has_begun(row):
            return []
        past = Past(day, row.dedupe_key, is_batch, self._now)
        names = self._names[row.conversation]
        free = [n for n in names if all(one.day != day for one in self._past.get(n, ()))]
        self._try_again([n for n in names if n not in free], past)
        for name in free:
            self._past.setdefault(name, []).append(past)
        return [(name, past) for name in free]

    def _try_again(self, names: Sequence[str], past: Past) -> None:
        """A message that has their day is tried once more: it is as if it was written now."""
        if any(one.key == past.key for name in names for one in self._past[name]):
            mine = (_TABLE.c.who.in_(names), _TABLE.c.day == past.day, _TABLE.c.key == past.key)
            self._session.execute(update(_TABLE).where(*mine).values(at=past.at))

    def _has_begun(self, row: Claimed) -> bool:
        """Whether a part of the same message has left: what follows takes no day of its own."""
        past = (one for name in self._names[row.conversation] for one in self._past.get(name, ()))
        return any(is_later_part(row.dedupe_key, one.key) for one in past)

    def _any_batch(self, pushes: Sequence[Claimed]) -> bool:
        return any(self._rules.is_batch(row.dedupe_key) for row in pushes)


def is_push(row: Claimed) -> bool:
    """Whether nobody waits for it."""
    return row.priority > Priority.NOTICE.value


def _is_news(row: Claimed) -> bool:
    return row.priority == Priority.NEWS.value


def _has_parts(session: Session, key: str) -> bool:
    query = select(_OUTBOX.c.id).where(_OUTBOX.c.dedupe_key == f"{key}/2")
    return session.execute(query).first() is not None


def _put_aside(session: Session, row: Claimed, verdict: Verdict, now: datetime) -> None:
    values: dict[str, object] = {"claimed_by": "", "failure": verdict.stop or verdict.why.value}
    if verdict.stop:
        values |= {"state": OutboxState.STOPPED.value, "settled_at": now}
    else:
        values |= {"state": OutboxState.QUEUED.value, "due": verdict.wait}
    session.execute(update(_OUTBOX).where(_OUTBOX.c.id == row.id).values(**values))


@dataclass(frozen=True, slots=True)
class _Someone:
    status: str
    phone_print: str
    hours: str | None  # when they said that they are to be told


def _people_of(session: Session, ids: Iterable[str]) -> dict[str, _Someone]:
    hours = _PEOPLE.c.codes["contact_time"].as_string()
    columns = (_PEOPLE.c.status, _PEOPLE.c.phone_print, hours)
    query = select(_PEOPLE.c.id, *columns).where(_PEOPLE.c.id.in_(list(ids)))
    return {row[0]: _Someone(*row[1:]) for row in session.execute(query)}


def _agreed(session: Session, ids: Iterable[str]) -> frozenset[str]:
    """Those who agreed to be sent what fits them."""
    query = select(_CONSENTS.c.person_id).where(
        _CONSENTS.c.person_id.in_(list(ids)),
        _CONSENTS.c.kind == PUSH,
        _CONSENTS.c.given.is_(True),
        _CONSENTS.c.ended_at.is_(None),
    )
    return frozenset(session.execute(query).scalars())
