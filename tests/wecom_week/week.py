"""A week of 微信客服 on a clock that jumps from one happening to the next."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from random import Random

from sqlalchemy import func, select

from outreach.pushes import a_push
from records import stops
from records.conversations import Conversation
from records.database import Session
from records.messages import Option, Priority
from records.outbox import NewOutgoing, OutboxRow, OutboxState, sealed_content
from tests.support.wecom import faults
from tests.support.wecom.clock import DAY, HOUR, Clock
from tests.support.wecom.kf_session import State
from tests.support.wecom.phones import By
from tests.support.wecom.server import WeCom
from tests.wecom_week.account import Account, Books, balance
from tests.wecom_week.house import House
from tests.wecom_week.people import DAYS, STEP, Act, Deed, Kind, kind_of, week

START = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)  # eight on a Monday morning in China
_STUMBLES = (
    (faults.code(-1), 0.02),
    (faults.code(45033), 0.01),
    (faults.CLOSED, 0.01),
    (faults.CLOSED_AFTER, 0.01),
    (faults.BAD_GATEWAY, 0.01),
    (faults.BAD_GATEWAY_AFTER, 0.01),
    (faults.HTML, 0.01),
    (faults.TIME_OUT, 0.003),
    (faults.TIME_OUT_AFTER, 0.003),
)
_PATHS = ("kf/send_msg", "kf/sync_msg", "kf/send_msg_on_event", "kf/service_state/trans")
_BOUNCES = 0.01  # of the deeds: the next message to them is taken and then does not arrive
_ROUNDS = 3
_OUTBOX, _TALKS = OutboxRow.__table__, Conversation.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Size:
    """How large a week is."""

    people: int = 2000
    days: int = DAYS
    seed: int = 1
    areas: str = ""
    patience: float = 20.0  # real seconds that a moment may take


@dataclass
class Report:
    """What came of it."""

    account: Account
    books: Books
    said: dict[str, str]  # msgid → chat
    facts: dict[str, object] = field(default_factory=dict)


class Week:
    """The stand-in, the program and everybody's deeds."""

    def __init__(self, size: Size, folder: Path) -> None:
        self._size = size
        self._dice = Random(size.seed)
        self._began = time.monotonic()
        self.wecom = _stumbling(size.seed, Clock(lambda: START + self._real()))
        self.house = House(self.wecom, folder, size.areas)
        self.said: dict[str, str] = {}  # msgid → chat
        self._served: set[str] = set()
        self._count: Counter[str] = Counter()
        self._peaks: Counter[str] = Counter()

    async def run(self) -> Report:
        """Live through it, then let everybody write once more, then balance the books."""
        async with self.wecom:
            self.customers = [self.wecom.kf.customer() for _ in range(self._size.people)]
            self.wecom.kf.servicer("servicer-1")
            self.wecom.kf.servicer("servicer-2")
            await self.house.open()
            for at, acts in self._moments():
                await self._moment(at, acts)
            rounds = await self._last_rounds()
            report = await self._report(rounds)
            await self.house.stop()
        return report

    def _real(self) -> timedelta:
        return timedelta(seconds=time.monotonic() - self._began)

    def _moments(self) -> Iterator[tuple[float, list[Act]]]:
        """The steps in which somebody does something, and each hour."""
        end = self._size.days * DAY
        acts = [act for act in week(self._size.people, self._size.seed) if act.at < end]
        hours = [Act(n * HOUR, -1, Deed.SAY) for n in range(int(end // HOUR))]
        everything = sorted([*acts, *hours], key=lambda act: act.at)
        for step, found in groupby(everything, key=lambda act: int(act.at // STEP)):
            yield step * STEP, list(found)

    async def _moment(self, at: float, acts: Sequence[Act]) -> None:
        self._reach(at)
        if any(act.person < 0 for act in acts):
            await self._hour(int(at // HOUR))
        new = [self._do(act) for act in acts if act.person >= 0]
        await self._settle([msgid for msgid in new if msgid])
        self._servicers_work()

    def _reach(self, at: float) -> None:
        ahead = at - (self.wecom.clock.moment() - START).total_seconds()
        self.wecom.clock.advance(max(0.0, ahead))

    async def _settle(self, said: Sequence[str]) -> None:
        """Until what was said is answered; what no notice told of is found by a later sweep."""
        with suppress(TimeoutError):
            await self.wecom.until(lambda: self.house.taken.issuperset(said), seconds=0.4)
        await self.house.quiet(self._size.patience)

    async def _hour(self, hour: int) -> None:
        """Jobs; at ten a push to everybody; in the evening reminders; tokens; restarts."""
        day, of_day = divmod(hour, 24)
        if of_day % 6 == 0:
            await self.house.jobs()
        if of_day == 2:
            await self._push(f"push/{day}", Priority.BULK, day)
        if of_day == 13:  # nine in the evening: it waits for nobody's morning
            await self._push(f"reminder/{day}", Priority.NOTICE, day, share=0.1)
        if of_day == 9:
            self.wecom.tokens.invalidate()
        if (day, of_day) == (self._size.days // 3, 6):
            await self._again(self.house.stop)
        if (day, of_day) == (2 * self._size.days // 3, 3):
            await self._again(self.house.cut_off)

    async def _again(self, end: object) -> None:
        """End in the middle of things, stay away while people write, begin anew."""
        for number in self._dice.sample(range(len(self.customers)), len(self.customers) // 20 + 1):
            self._says(number, "还在吗")
        await asyncio.sleep(self._dice.uniform(0.02, 0.2))
        await end()  # type: ignore[operator]
        for number in self._dice.sample(range(len(self.customers)), len(self.customers) // 20 + 1):
            self._says(number, "怎么不说话")
        self.wecom.clock.advance(120)
        await self.house.open()

    async def _push(self, name: str, priority: Priority, day: int, *, share: float = 1.0) -> None:
        chats = await self.house.read(_may_be_told)
        chosen = [chat for chat in chats if self._dice.random() < share]
        now = self.wecom.clock.moment()
        await self.house.queue([self._a_push(chat, name, priority, now) for chat in chosen])
        self._count[priority.name] += len(chosen)

    def _a_push(self, chat: str, name: str, priority: Priority, now: datetime) -> NewOutgoing:
        mark = f"〔{name}·{chat[-8:]}〕"
        text = mark + "今天有新的招工和补贴消息，方便时看看。" * self._dice.choice(
            (1, 1, 2, 8, 30)
        )
        options = (
            (Option("看看", "看看"), Option("不用", "不用")) if self._dice.random() < 0.2 else ()
        )
        key = f"{name}/{chat}"
        if priority is Priority.BULK:
            return a_push(
                self.house.vault, f"wecom_kf:{chat}", text, key=key, now=now, options=options
            )
        payload = sealed_content(self.house.vault, text, kind="notice")
        return NewOutgoing("wecom_kf", chat, key[:120], payload, now, priority.value)

    def _do(self, act: Act) -> str:
        customer = self.customers[act.person]
        self._count[act.deed.value] += 1
        if self._dice.random() < _BOUNCES:
            self.wecom.kf.fails_next(customer, self._dice.choice((4, 5, 6)))
        match act.deed:
            case Deed.ENTER:
                self.wecom.kf.enters(customer, scene="poster", scene_param=act.text)
            case Deed.SAY:
                return self._says(act.person, act.text)
            case Deed.TAP:
                return self._taps(act)
            case Deed.BLOCK:
                self.wecom.kf.blocks(customer)
            case Deed.UNBLOCK:
                self.wecom.kf.blocks(customer, False)
        return ""

    def _taps(self, act: Act) -> str:
        """An option of the newest menu; words where there is none."""
        customer = self.customers[act.person]
        menus = [s for s in self.wecom.kf.shown(customer) if s.by is By.US and s.choices]
        if not menus:
            return self._says(act.person, act.text)
        msgid = self.wecom.kf.taps(customer, self._dice.choice(menus[-1].choices))
        self.said[msgid] = self._chat(act.person)
        return msgid

    def _says(self, person: int, text: str) -> str:
        msgid = self.wecom.kf.says(self.customers[person], text)
        self.said[msgid] = self._chat(person)
        return msgid

    def _chat(self, person: int) -> str:
        return f"{next(iter(self.wecom.kf.accounts))}/{self.customers[person]}"

    def _servicers_work(self, everybody: bool = False) -> None:
        """A servicer answers by hand, and ends the talk at some later moment."""
        for customer in self.customers:
            session = self.wecom.kf.session(customer)
            if session.state is State.SERVICER and (everybody or self._dice.random() < 0.1):
                self.wecom.kf.servicer_says(session.servicer, customer, "您好，我来帮您看。")
                self.wecom.kf.ends(customer)
                self._served.add(customer)

    async def _last_rounds(self) -> list[dict[str, int]]:
        """Everybody writes once more, by day, until nothing waits; what waited before each."""
        self.wecom.faults.clear()
        self.wecom.kf.failing.clear()
        self.wecom.callbacks.habits.lost_rate = 0.0
        at, waited = self._size.days * DAY + 2.0 * HOUR, []
        for number in range(_ROUNDS):
            self._reach(at + number * DAY)
            self._servicers_work(everybody=True)
            with suppress(TimeoutError):  # a sweep finds what no notice told of
                await self.wecom.until(lambda: self.house.taken.issuperset(self.said), seconds=9.0)
            await self.house.quiet(self._size.patience)
            held = await self.house.read(_held)
            waited.append(held)
            if number and not held:
                break
            for first in range(0, len(self.customers), 50):
                self._reach(at + number * DAY + first * 6)
                batch = range(first, min(first + 50, len(self.customers)))
                await self._settle([self._says(n, f"最后问一句{number}") for n in batch])
            self.wecom.clock.advance(10)
            await self.house.quiet(self._size.patience)
            self.wecom.clock.advance(60)
            await self.house.quiet(self._size.patience)
        return waited

    async def _report(self, rounds: list[dict[str, int]]) -> Report:
        self.wecom.clock.advance(120)
        await self.house.quiet(self._size.patience)
        books = await self.house.read(lambda s: Books(s, self.house.vault, self.wecom))
        account = balance(books, self.said, set(self._excused()))
        answers = self.wecom.answers
        facts = {
            "people": self._size.people,
            "days": self._size.days,
            "deeds": dict(self._count),
            "inbound": len(self.said),
            "sent by the phones' count": sum(len(found) for found in books.shown.values()),
            "calls": {f"{path} {code}": n for (path, code), n in sorted(answers.items())},
            "injected": Counter(fault.kind.value for _, fault in self.wecom.faults.happened),
            "overdrawn": self.wecom.kf.overdrawn,
            "served by hand": len(self._served),
            "held before each last round": rounds,
            "starts": self.house.opened,
            "seconds": round(self._real().total_seconds()),
        }
        return Report(account, books, self.said, facts)

    def _excused(self) -> Iterator[str]:
        for number in range(len(self.customers)):
            if kind_of(number) in {Kind.STOPS, Kind.DELETES, Kind.BLOCKS}:
                yield self._chat(number)


def _stumbling(seed: int, clock: Clock) -> WeCom:
    wecom = WeCom(clock=clock, seed=seed)
    for path in _PATHS:
        for fault, rate in _STUMBLES:
            wecom.faults.often(path, fault, rate)
    wecom.faults.often("gettoken", faults.code(-1), 0.05)
    wecom.faults.hang = 0.3
    wecom.tokens.repeats = False
    habits, paging = wecom.callbacks.habits, wecom.kf.paging
    habits.repeat_rate, habits.reorder_rate, habits.lost_rate = 0.1, 0.1, 0.03
    paging.most, paging.empty_rate, paging.repeat_rate = 40, 0.05, 0.1
    return wecom


def _may_be_told(session: Session) -> list[str]:
    """Who can be reached, did not say stop, and is not about to be forgotten."""
    can_be = (_TALKS.c.unreachable == "", _TALKS.c.forget_at.is_(None))
    found = session.execute(select(_TALKS.c.key, _TALKS.c.chat).where(*can_be)).all()
    stopped = stops.stopped(session, [key for key, _ in found], START)
    return sorted(chat for key, chat in found if key not in stopped)


def _held(session: Session) -> dict[str, int]:
    """How many messages wait, and why."""
    query = select(_OUTBOX.c.failure, func.count()).where(
        _OUTBOX.c.state == OutboxState.HELD.value
    )
    rows = session.execute(query.group_by(_OUTBOX.c.failure))
    return {why: int(number) for why, number in rows}
