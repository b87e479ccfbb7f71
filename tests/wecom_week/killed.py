"""A week of a few people with the real program as a process: each day it is started anew.

It ends in the middle of talks, politely or by kill -9; pushes are queued while it is away.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from outreach.pushes import a_push
from records import outbox
from records.database import Database
from records.vault import Vault
from tests.support.program import Program
from tests.support.wecom import faults
from tests.support.wecom.clock import Clock
from tests.support.wecom.server import WeCom
from tests.wecom_week.account import Books, balance
from tests.wecom_week.house import SECRET
from tests.wecom_week.week import START, Report

_DAYS = 7
_TEXTS = ("你好", "谢谢", "首页", "登记", "1", "定陶区个体户创业担保贷款最高多少")
_STUMBLES = (
    (faults.code(-1), 0.03),
    (faults.CLOSED, 0.03),
    (faults.CLOSED_AFTER, 0.03),
    (faults.BAD_GATEWAY_AFTER, 0.03),
    (faults.HTML, 0.02),
)


class KilledWeek:
    """The stand-in, the program's folder, and the people."""

    def __init__(self, people: int, folder: Path, seed: int = 1) -> None:
        began = time.monotonic()
        self._clock = Clock(lambda: START + timedelta(seconds=time.monotonic() - began))
        self._folder = folder
        self._dice = Random(seed)
        self._said: dict[str, str] = {}
        self.wecom = WeCom(clock=self._clock, seed=seed)
        self.customers = [self.wecom.kf.customer() for _ in range(people)]
        self._vault = Vault(SECRET)
        self._url = f"sqlite:///{folder}/killed.db"
        self._kills = 0

    async def run(self) -> Report:
        """Seven days, one more without faults, and the account."""
        self._stumble()
        async with self.wecom:
            for day in range(_DAYS):
                await self._day(day, is_last=False)
            self.wecom.faults.clear()
            await self._day(_DAYS, is_last=True)
            return await self._report()

    async def _day(self, day: int, *, is_last: bool) -> None:
        self._clock.advance((24 if day else 2) * 3600)  # from ten in the morning on
        async with Program(self._folder, self._settings()) as program:
            await program.start()
            await program.ready()
            await self.wecom.listen(program.address, "kf")
            self._talk(1.0 if is_last else 0.6)
            if is_last or day % 2 == 0:
                await self._all_answered()
                await program.stop()
            else:
                await asyncio.sleep(self._dice.uniform(0.3, 2.0))
                await program.kill()
                self._kills += 1
        self._talk(0.0 if is_last else 0.1)  # nobody is there
        if not is_last:
            await self._push(day)

    def _talk(self, share: float) -> None:
        account = next(iter(self.wecom.kf.accounts))
        for customer in self.customers:
            if self._dice.random() < share:
                for _ in range(self._dice.choice((1, 1, 2))):
                    msgid = self.wecom.kf.says(customer, self._dice.choice(_TEXTS))
                    self._said[msgid] = f"{account}/{customer}"

    async def _all_answered(self) -> None:
        """Until nothing is open or due for a while; the reply to a held push comes 5 s later."""
        still = 0
        database = Database(self._url)
        while still < 3:
            await asyncio.sleep(1.0)
            waiting = await database.read(outbox.waiting)
            still = 0 if waiting else still + 1
        await database.close()

    async def _push(self, day: int) -> None:
        database, now = Database(self._url), self._clock.moment()
        account = next(iter(self.wecom.kf.accounts))
        for customer in self.customers:
            key = f"wecom_kf:{account}/{customer}"
            text = f"〔{day}·{customer[-8:]}〕" + "有新的消息。" * self._dice.choice((1, 5, 40))
            push = a_push(self._vault, key, text, key=f"push/{day}/{key}", now=now)
            await database.run(outbox.enqueue, [push])
        await database.close()

    def _settings(self) -> dict[str, str]:
        return {
            **self.wecom.settings(),
            "GUIYAN_DATABASE_URL": self._url,
            "GUIYAN_SECRET_KEY": SECRET,
            "GUIYAN_AREAS": "定陶",
            "GUIYAN_NOW": self._now().isoformat(),
        }

    def _now(self) -> datetime:
        return self._clock.day()

    def _stumble(self) -> None:
        for path in ("kf/send_msg", "kf/sync_msg"):
            for fault, rate in _STUMBLES:
                self.wecom.faults.often(path, fault, rate)
        habits, paging = self.wecom.callbacks.habits, self.wecom.kf.paging
        habits.repeat_rate, habits.reorder_rate, habits.lost_rate = 0.2, 0.2, 0.02
        paging.most, paging.empty_rate, paging.repeat_rate = 10, 0.1, 0.2

    async def _report(self) -> Report:
        database = Database(self._url)
        books = await database.read(lambda s: Books(s, self._vault, self.wecom))
        await database.close()
        facts: dict[str, object] = {
            "people": len(self.customers),
            "killed": self._kills,
            "inbound": len(self._said),
            "injected": Counter(fault.kind.value for _, fault in self.wecom.faults.happened),
            "calls": {f"{p} {code}": n for (p, code), n in sorted(self.wecom.answers.items())},
            "overdrawn": self.wecom.kf.overdrawn,
        }
        return Report(balance(books, self._said, set()), books, self._said, facts)
