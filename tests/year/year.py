"""A year of pushes, reminders, words, outages and kills on a clock that jumps."""

from __future__ import annotations

import time as machine
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate, pairwise
from random import Random

from sqlalchemy import func, select

from outreach import linked_pushes, recheck
from outreach.calendars import CHINA, FESTIVALS
from outreach.pushes import a_push
from outreach.reach import ALL
from records import audit, outbox, reminders
from records.database import Session
from records.inbound import InboundRow
from records.outbox import OutboxRow
from records.pushes import Push
from records.reminders import Kind, Reminder, ReminderRow
from records.runs import DIED, JobRun, State
from scheduler.jobs import JOBS, Job
from scheduler.slots import Every
from tests.year.account import Planned, balance
from tests.year.house import PROBES, Clock, House
from tests.year.people import Human, hire, population, register

START = datetime(2026, 11, 23, 8, 0, tzinfo=CHINA)
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
_PARTS = ((8.5, 12.0), (12.0, 18.0), (18.0, 20.5), (20.5, 31.5))  # hours of a day, to next morning
_RUNS = JobRun.__table__.c  # type: ignore[attr-defined]
_OUTBOX = OutboxRow.__table__.c  # type: ignore[attr-defined]
_REMINDERS = ReminderRow.__table__.c  # type: ignore[attr-defined]
_CASELOAD, _TOGETHER = 50, 50
_SEEN_TO = 0.75  # of the parts of a day: in the others nothing rings
_LOOKED_AT = timedelta(days=30)  # runs that went well are dropped a day later
_STOP, _ALLOW = ("停", "恢复推送")
_WORDS = (_STOP, _ALLOW, "你好", "有什么补贴", "登记", "贷款最多多少", "想回家开店", "哪里能培训")
_HOME, _AWAY = 3.0, 0.8  # how much is written around a festival, and else
_AROUND = range(-12, 9)  # days of it


@dataclass(frozen=True, slots=True)
class Size:
    """How large a year is, and how much happens in it each day, as a share of the people."""

    people: int = 5000
    days: int = 365
    seed: int = 1
    campaigns: float = 0.15  # a day
    reached: float = 0.05  # of the people, by a campaign
    strays: float = 0.01
    planned: float = 0.005
    words: float = 0.011  # four times a year
    outages: float = 0.02  # a day
    kills: float = 0.1  # a day
    spoilt: tuple[str, ...] = ()  # statements run each day, to see that the account finds them


@dataclass
class Report:
    """What came of it; no fault is right."""

    faults: list[str] = field(default_factory=list)
    facts: dict[str, object] = field(default_factory=dict)


class Year:
    """The house, and what people and senders do to it."""

    def __init__(self, size: Size, url: str) -> None:
        self._size, self._dice = size, Random(size.seed)
        self.clock = Clock(START)
        self.house = House(url, self.clock, self._dice)
        self._people: list[Human] = population(size.people, self._dice)
        self._on: dict[str, list[Human]] = defaultdict(list)
        for human in self._people:
            for account in human.accounts:
                self._on[account].append(human)
        self._talkers = list(accumulate(human.talks for human in self._people))
        self._planned: dict[str, Planned] = {}
        self._later: list[tuple[datetime, str]] = []  # cancellations
        self._count: Counter[str] = Counter()
        self._numbers = iter(range(10**9))
        self._faults: list[str] = []
        self._looked = START

    async def run(self) -> Report:
        """Live through it, then balance."""
        began = machine.monotonic()
        await self.house.open()
        await self.house.run(hire, len(self._people) // _CASELOAD + 1, START)
        for first in range(0, len(self._people), _TOGETHER):
            group = self._people[first : first + _TOGETHER]
            await self.house.run(register, self.house.vault, group, START)
        for begin, at in self._moments():
            await self._wake(begin, at)
            self.clock.now = at
            await self._happens()
            await self.house.run(_spoil, self._size.spoilt)
            if self._dice.random() < self._size.kills / len(_PARTS):
                await self.house.kill()
            await self.house.tick()
            if at - self._looked > 2 / 3 * _LOOKED_AT:
                self._looked = at
                self._faults += await self.house.run(_slots, at)
        report = await self._report()
        report.facts["seconds"] = round(machine.monotonic() - began, 1)
        await self.house.close()
        return report

    async def _wake(self, begin: datetime, end: datetime) -> None:
        """To the second at which the first message or reminder of a stretch is due."""
        due = await self.house.run(_next_due, max(begin, self.clock.now))
        if due is not None and due < end:
            self.clock.now = due
            self._count["woken"] += 1
            await self.house.tick()

    def _moments(self) -> Iterator[tuple[datetime, datetime]]:
        """Some each day, and the begin of the stretch of each; none while the machine is off."""
        midnight, off_until = START.replace(hour=0), START
        for day in range(self._size.days):
            if self._dice.random() < self._size.outages:
                off_until = midnight + (day + self._dice.uniform(0.5, 6)) * _DAY
            for begin, end in _PARTS:
                at = midnight + day * _DAY + self._dice.uniform(begin, end) * _HOUR
                if at > max(START, off_until) and self._dice.random() < _SEEN_TO:
                    yield max(midnight + day * _DAY + begin * _HOUR, off_until), at

    async def _happens(self) -> None:
        part = 1 / len(_PARTS)
        if self._dice.random() < self._size.campaigns * part:
            await self._campaign()
        for _ in range(self._often(self._size.strays * part)):
            await self._stray()
        await self._plan(self._often(self._size.planned * part))
        for at, key in [each for each in self._later if each[0] <= self.clock.now]:
            self._later.remove((at, key))
            await self._cancel(key)
        await self._talk(self._often(self._size.words * self._season() * part))

    def _season(self) -> float:
        """Much is written when people are about to go home, are there, or leave again."""
        today = self.clock.now.astimezone(CHINA).date()
        return _HOME if any(today - n * _DAY in FESTIVALS for n in _AROUND) else _AWAY

    def _often(self, share: float) -> int:
        """So many of the people, on average."""
        whole, rest = divmod(share * len(self._people), 1)
        return int(whole) + (self._dice.random() < rest)

    async def _campaign(self) -> None:
        """A sender that asks who may be told, with or without a look at the caps."""
        kind = self._dice.choice(("elig/y", "project/"))
        now = self.clock.now
        caps = recheck.caps(now) if self._dice.random() < 0.5 else ()
        payload = outbox.sealed_content(self.house.vault, "有新消息", kind="notice")
        push = Push(f"{kind}{next(self._numbers)}", payload, now, caps)
        count = self._often(self._size.reached)
        ids = [human.id for human in self._dice.sample(self._people, count)]
        told = await self.house.run(linked_pushes.queue, ids, push, ALL, now)
        self._count["pushed"] += told["told"]

    async def _stray(self) -> None:
        """A sender that asks nobody."""
        account = self._dice.choice(self._dice.choice(self._people).accounts)
        kind = self._dice.choice(("fix", "gap", "elig", "project", "survey"))
        key = f"{kind}/{next(self._numbers)}"
        message = a_push(self.house.vault, account, "有变化", key=key, now=self.clock.now)
        await self.house.run(outbox.enqueue, [message])
        self._count["strays"] += 1

    async def _plan(self, count: int) -> None:
        for _ in range(count):
            key, human = f"year/{next(self._numbers)}", self._dice.choice(self._people)
            due = self.clock.now + self._dice.uniform(0, 10) * _DAY
            until = due + self._dice.uniform(0.2, 5) * _DAY
            kind = self._dice.choice((Kind.COURSE, Kind.APPOINTMENT, Kind.MILESTONE))
            found = Reminder(key, reminders.to_person(human.id), kind, due, until, "到日子了")
            await self.house.run(reminders.plan, self.house.vault, found, self.clock.now)
            self._planned[key] = Planned(due, until)
            if self._dice.random() < 0.2:
                self._later.append((self.clock.now + self._dice.uniform(0, 9) * _DAY, key))

    async def _cancel(self, key: str) -> None:
        await self.house.run(reminders.cancel, key, self.clock.now)
        plan = self._planned[key]
        self._planned[key] = Planned(plan.due, plan.until, self.clock.now)

    async def _talk(self, count: int) -> None:
        """So many write at once, each on one of their accounts."""
        people = self._dice.choices(self._people, cum_weights=self._talkers, k=count)
        said = {self._dice.choice(h.accounts): self._dice.choice(_WORDS) for h in people}
        await self.house.hears(list(said.items()))
        for account, text in said.items():
            for human in self._on[account]:
                human.says(text, self.clock.now)
        self._count["said"] += len(said)

    async def _report(self) -> Report:
        self.clock.now += 0.1 * _HOUR
        await self.house.tick()
        left = self.house.wire.left
        faults = self._faults + await self.house.run(_slots, self.clock.now)
        faults += balance(self._people, left, self._planned)
        faults += await self.house.run(_kept, self.clock.now)
        bulk = [message for message in left if message.is_bulk]
        facts = {
            "people": self._size.people,
            "days": self._size.days,
            "kills": self.house.kills,
            "queued": dict(self._count) | {"reminders": len(self._planned)},
            "left": Counter(message.key.split("/")[0] for message in bulk),
            "outbox": await self.house.run(outbox.counts),
            "runs": await self.house.run(_runs),
        }
        return Report(faults, facts)


def _spoil(session: Session, statements: tuple[str, ...]) -> None:
    for statement in statements:
        session.connection().exec_driver_sql(statement)


def _next_due(session: Session, after: datetime) -> datetime | None:
    """When the first message or reminder that waits is due after a moment."""
    found: list[datetime] = []
    for columns, state in ((_OUTBOX, "queued"), (_REMINDERS, "waiting")):
        query = select(func.min(columns.due)).where(columns.state == state, columns.due > after)
        found += filter(None, [session.execute(query).scalar()])
    return min(found, default=None)


def _slots(session: Session, now: datetime) -> list[str]:
    """Of the last month every slot of the calendar was seen to by its rule, and none twice."""
    faults = []
    since = now - _LOOKED_AT
    for job in (*JOBS, *PROBES):
        query = select(JobRun).where(_RUNS.job == job.name, _RUNS.slot >= since - job.late.limit)
        known = sorted(session.execute(query).scalars(), key=lambda row: row.slot)
        rows = [row for row in known if row.slot >= since]
        if not isinstance(job.when, Every):
            faults += _gaps(job.name, rows, job.when.following)
        done = [row for row in rows if row.state == State.DONE]
        faults += [
            f"{job.name} ran its slot of {row.slot} too late: {row.started_at}"
            for row in done
            if row.tries == 1 and row.started_at - row.slot > job.late.limit
        ]
        faults += [
            f"{job.name} failed: {row.fault}"
            for row in rows
            if row.state == State.FAILED and row.fault != DIED
        ]
        if job in PROBES:
            ran = [row for row in known if row.state == State.DONE]  # late ones of before as well
            faults += _probed(session, job, ran, since)
    return faults


def _probed(session: Session, job: Job, done: list[JobRun], since: datetime) -> list[str]:
    """Each run that is said to have been well has left its one mark."""
    marks = sorted(row.at for row in audit.of(session, job.name) if row.at >= since)
    moments = sorted(row.slot if job.late.is_each else row.started_at for row in done)
    kept = [at for at in moments if at >= since]
    return [] if marks == kept else [f"{job.name} ran {len(marks)} times in {len(kept)} slots"]


def _gaps(name: str, rows: list[JobRun], following: object) -> list[str]:
    kept = [row for row in rows if row.state != State.SEEN]
    return [
        f"{name} lost a slot after {before.slot}"
        for before, after in pairwise(kept)
        if following(before.slot) != after.slot  # type: ignore[operator]
    ]


def _kept(session: Session, now: datetime) -> list[str]:
    """Nothing is kept for longer than its purpose, and no reminder waits beyond its time."""
    faults = []
    for table, column in ((OutboxRow, "settled_at"), (InboundRow, "done_at")):
        oldest = session.execute(select(func.min(getattr(table, column)))).scalar()
        if oldest is not None and now - oldest > timedelta(days=188):  # an outage may delay it
            faults.append(f"a message of {oldest} is still kept")
    is_late = (_REMINDERS.state == "waiting", _REMINDERS.until < now - 8 * _DAY)
    late = select(func.count()).where(*is_late)
    if session.execute(late).scalar_one():
        faults.append("reminders wait beyond their time")
    return faults


def _runs(session: Session) -> dict[str, int]:
    rows = session.execute(select(_RUNS.state, func.count()).group_by(_RUNS.state))
    return {row[0]: int(row[1]) for row in rows}
