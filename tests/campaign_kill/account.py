"""What is written of a campaign, held against itself and against what came to people's phones."""

from __future__ import annotations

import re
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import select

from outreach.calendars import CHINA
from outreach.campaigns.schedule import LATE
from records import ledger
from records.campaigns import CampaignRecipient
from records.database import Session
from records.ledger import Figures, Line, Stand
from records.outbox import OutboxRow, OutboxState
from records.stops import PushStop
from records.waits import Wait
from records.wishes import WishRow
from tests.campaign_kill import world as worlds
from tests.campaign_kill.world import World
from tests.support.bot_api import Sent

TEN_SECONDS = 10.0  # within which a pause and a stop hold
_IN_HAND = timedelta(seconds=2)  # what a word of theirs may cross on the way
_NO_TURN = (Stand.LEFT_OUT, Stand.HELD_OUT)
_WAITS = (Wait.TURN, Wait.QUEUE, Wait.BEHIND, Wait.PAUSED)
_UNASKED = re.compile(r"大集\d+[甲乙]|问[12]有回音")
_EVENING, _AFTERNOON = 18, 14  # o'clock
_RECIPIENTS = CampaignRecipient.__table__.c  # type: ignore[attr-defined]
_OUTBOX = OutboxRow.__table__.c  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Book:
    """What is written of a campaign at one moment."""

    lines: dict[str, Line]
    figures: Figures
    rows: dict[str, tuple[int, str, str, datetime | None]]  # wave, channel, state, due
    open: frozenset[str]  # accounts to which a sender had something in its hands


@dataclass
class Account:
    """Looks at one campaign after each death, and remembers what it saw."""

    world: World
    number: int
    mark: str
    worst_lag: float = 0.0  # seconds between a pause or a stop and the last that left
    checks: int = 0
    _faults: list[str] = field(default_factory=list)
    _seen: dict[str, Line] = field(default_factory=dict)
    _listed: frozenset[str] = frozenset()
    _approved: float = 0.0
    _acts: list[tuple[float, str]] = field(default_factory=list)

    def void(self) -> None:
        """It was edited: nobody has agreed to what it is now."""
        self._approved, self._listed = 0.0, frozenset()
        self._seen.clear()

    def acted(self, act: str) -> None:
        """Staff paused, resumed or stopped it just now."""
        self._acts.append((time.time(), act))

    async def approved(self) -> None:
        self._approved = time.time()
        await self.grown()

    async def grown(self) -> None:
        """From now on the list is as it is now."""
        self._listed = frozenset((await self._book()).rows)

    async def share_done(self, wave: int) -> float:
        """Of those of a wave who may have it now, the share for whom nothing is to be done."""
        book = await self._book()
        mine = [one for one in book.lines.values() if one.wave == wave and one.stand != "left_out"]
        waits = sum(one.stand is Stand.HELD and one.reason in _WAITS for one in mine)
        return 1 - waits / max(1, len(mine))

    async def told(self) -> str:
        return str(
            [(c.wave, c.stand, c.reason, c.number) for c in (await self._book()).figures.counts]
        )

    async def check(self) -> None:
        """The program is dead: all that is written fits itself, and what has arrived."""
        book = await self._book()
        arrived = list(self.world.arrived(self.mark))
        self.checks += 1
        self._faults += _sums(book)
        self._faults += self._changes(book)
        self._faults += _arrivals(book, arrived)
        self._faults += self._approvals(book, arrived)
        self._faults += self._halts(arrived)
        self._seen = book.lines
        assert self._faults == [], self._faults[:5]

    async def close(self) -> None:
        """It is over: everybody has a last word."""
        book = await self._book()
        assert book.figures.whole.get(Stand.HELD, 0) == 0, await self.told()
        other = self.mark[:-1] + ("甲" if self.mark.endswith("乙") else "乙")
        assert not list(self.world.arrived(other)), "words that nobody agreed to arrived"

    async def _book(self) -> Book:
        book: Book = await self.world.database.read(_read, self.number)
        return book

    def _changes(self, book: Book) -> list[str]:
        """Nobody comes to the list or goes, and no last word is changed."""
        faults = []
        if self._listed and not self._listed <= set(book.rows):
            faults.append("somebody went from the list")
        new = set(book.rows) - self._listed if self._listed else set()
        if any(book.rows[one][0] != LATE for one in new):
            faults.append("somebody came to the list")
        for one, line in self._seen.items():
            after = book.lines.get(one)
            if line.stand is not Stand.HELD and (after is None or after.stand is not line.stand):
                faults.append(f"{one} was {line.stand}, is {after and after.stand}")
        return faults

    def _approvals(self, book: Book, arrived: list[Sent]) -> list[str]:
        """Nothing left before it was agreed to, before its time, or at another hour."""
        faults = []
        for sent in arrived:
            number, at = worlds.number_of(sent.chat), self.world.now(sent.at).astimezone(CHINA)
            due = book.rows[f"p{number:04}"][3]
            if not self._approved or sent.at < self._approved:
                faults.append(f"{number} got what nobody agreed to")
            if due is None or at < due:
                faults.append(f"{number} got it at {at}, before {due}")
            if worlds.is_of_evening(number) and at.hour < _EVENING:
                faults.append(f"{number} got it at {at}, not in the evening")
        return faults

    def _halts(self, arrived: list[Sent]) -> list[str]:
        """After a pause or a stop nothing left that was not in the sender's hands."""
        faults = []
        for begun, ended in self._spans():
            for sent in arrived:
                if begun < sent.at < ended:
                    self.worst_lag = max(self.worst_lag, sent.at - begun)
                    is_new = any(begun < start < sent.at for start in self.world.starts)
                    if is_new or sent.at - begun > TEN_SECONDS:
                        faults.append(f"left {sent.at - begun:.1f} s after a halt")
        return faults

    def _spans(self) -> list[tuple[float, float]]:
        acts = [*self._acts, (float("inf"), "")]
        return [(at, end) for (at, act), (end, _) in pairwise(acts) if act in ("pause", "stop")]


def _sums(book: Book) -> list[str]:
    """Planned is the sum of what became of them, as a whole, by wave and by channel."""
    whole, faults = book.figures.whole, []
    rows = Counter((wave, channel) for wave, channel, _, _ in book.rows.values())
    parts = {key: sum(part.values()) for key, part in book.figures.parts.items()}
    had_turn = sum(state not in _NO_TURN for _, _, state, _ in book.rows.values())
    if sum(whole.values()) != len(book.rows) or parts != rows:
        faults.append(f"{dict(whole)}, {parts} of {rows}")
    if book.figures.planned != had_turn:
        faults.append(f"planned {book.figures.planned} of {had_turn}")
    if Counter(line.stand for line in book.lines.values()) != whole:
        faults.append("the lines are not the figures")
    return faults


def _arrivals(book: Book, arrived: list[Sent]) -> list[str]:
    """Nobody got it twice; who got it, is said to have, or was in the sender's hands."""
    got = Counter(worlds.number_of(sent.chat) for sent in arrived)
    faults = [f"{one} got it {count} times" for one, count in got.items() if count > 1]
    for one, line in book.lines.items():
        has_it = int(one[1:]) in got
        if line.stand is Stand.SENT and not has_it:
            faults.append(f"{one} is said to have it, and has not")
        is_open = line.stand is Stand.HELD and worlds.account_of(int(one[1:])) in book.open
        if has_it and not is_open and line.stand not in (Stand.SENT, Stand.UNCERTAIN):
            faults.append(f"{one} has it, and is said to be {line.stand} ({line.reason})")
    return faults


def _read(session: Session, number: int) -> Book:
    r = _RECIPIENTS
    query = select(r.person_id, r.wave, r.channel, r.state, r.due).where(r.campaign_id == number)
    rows = {row[0]: tuple(row[1:]) for row in session.execute(query)}
    is_open = select(_OUTBOX.conversation).where(_OUTBOX.state == OutboxState.SENDING.value)
    return Book(
        lines={line.person_id: line for line in ledger.lines(session, number)},
        figures=ledger.figures(session, number),
        rows=rows,
        open=frozenset(session.execute(is_open).scalars()),
    )


async def in_doubt(world: World) -> list[list[str]]:
    """What of each kill nobody knows of, whether it arrived: by what the keys begin with."""
    ids = {one for kill in world.kills for one in kill.open}
    doubtful = await world.database.read(_uncertain, ids)
    return [[kind for one, kind in k.open.items() if one in doubtful] for k in world.kills]


def _uncertain(session: Session, ids: set[int]) -> frozenset[int]:
    is_so = _OUTBOX.state == OutboxState.UNCERTAIN.value
    query = select(_OUTBOX.id).where(_OUTBOX.id.in_(ids), is_so)
    return frozenset(session.execute(query).scalars())


async def wishes_broken(world: World) -> list[str]:
    """Nobody was written to twice on a day, after 停, or about what they refused."""
    said = await world.database.read(_said)
    faults, days = [], Counter[tuple[int, Any]]()
    for sent in world.api.sent:
        words = " ".join([sent.text, *sent.labels])
        if sent.chat < 1000 or not _UNASKED.search(words):
            continue
        at = world.now(sent.at).astimezone(CHINA)
        days[sent.chat, at.date()] += 1
        for wish, since in said.get(f"telegram:{sent.chat}", {}).items():
            is_late = at > since + _IN_HAND
            is_campaign = "大集" in words
            is_broken = (
                wish == "stop"
                or (wish == "topic:events" and is_campaign)
                or (wish == "hours" and at.hour < _AFTERNOON)
            )
            if is_late and is_broken:
                faults.append(f"{sent.chat} said {wish} at {since}, got {words[:9]} at {at}")
    return faults + [f"{who}: {count} in a day" for who, count in days.items() if count > 1]


def _said(session: Session) -> dict[str, dict[str, datetime]]:
    found: dict[str, dict[str, datetime]] = {}
    for stop in session.execute(select(PushStop)).scalars():
        found.setdefault(stop.target, {})["stop"] = stop.since
    for wish in session.execute(select(WishRow)).scalars():
        found.setdefault(wish.who, {})[wish.name] = wish.said_at
    return found


async def posts_broken(world: World) -> list[str]:
    """Each post came to each group once, or is uncertain there."""
    got = Counter(
        (sent.chat, sent.text.split("：")[0]) for sent in world.api.sent if sent.chat < 0
    )
    return [f"{key} got it {count} times" for key, count in got.items() if count > 1]
