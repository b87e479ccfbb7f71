"""A county on the wire: people to write to, staff, groups, and the program that is killed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from sqlalchemy import select

from outreach.calendars import CHINA
from records import groups, staff_accounts
from records.consents import PUSH, Consent
from records.conversations import Conversation
from records.database import Database, Session
from records.groups import Joined
from records.messages import Priority
from records.outbox import OutboxRow, OutboxState
from records.people import Person
from records.staff_accounts import StaffRole
from records.vault import Vault
from tests.campaign_kill.nursery import Nursery
from tests.support.bot_api import TOKEN, BotApi, Sent
from tests.support.campaign_stage import DINGTAO, SECOND, WRITER

T = TypeVar("T")

SECRET = "a key for tests only"
VAULT = Vault(SECRET)
BEGIN = datetime(2027, 2, 22, 9, 30, tzinfo=CHINA)
GROUPS = tuple(range(-104, -100))
_FIRST_CHAT = 1000
_EVENING = 20  # every so many-th person is written to in the evening
_OUTBOX = OutboxRow.__table__.c  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Kill:
    """A kill, and what it found: `open` are the messages that were in the sender's hands."""

    stage: str
    campaign: int
    state: str
    open: dict[int, str]  # by what their keys begin with


@dataclass
class World:
    """The wire, the store, the program, and a clock that jumps when the program begins anew."""

    api: BotApi
    database: Database
    nursery: Nursery
    dice: Random
    people: int
    settings: dict[str, str]
    kills: list[Kill] = field(default_factory=list)
    starts: list[float] = field(default_factory=list)  # of the machine's clock
    slowest: float = 0.0
    _clock: list[tuple[float, datetime]] = field(default_factory=list)

    def now(self, at: float | None = None) -> datetime:
        """The time of the story at a moment of the machine's clock."""
        at = time.time() if at is None else at
        begun, said = next((c for c in reversed(self._clock) if c[0] <= at), self._clock[0])
        return said + timedelta(seconds=at - begun)

    def skip_to(self, moment: datetime) -> None:
        """It is this moment now, unless it is later already; the program must not run."""
        self._clock.append((time.time(), max(moment, self.now())))

    async def run(self, function: Callable[..., T], *args: Any) -> T:
        return await self.database.run(function, *args)

    async def start(self) -> None:
        begun = time.time()
        await self.nursery.start(self.settings | {"GUIYAN_NOW": self.now().isoformat()})
        self.starts.append(begun)
        self.slowest = max(self.slowest, time.time() - begun)

    def arrived(self, mark: str) -> Iterator[Sent]:
        """What came to people of a campaign whose words begin so, by itself or in a digest."""
        for sent in self.api.sent:
            if sent.chat > 0 and (mark in sent.text or any(mark in one for one in sent.labels)):
                yield sent


async def made(
    api: BotApi, url: str, folder: Path, *, people: int, nursery: Nursery, seed: int
) -> World:
    """A world with everybody in it, in which nothing runs yet."""
    settings = {
        "GUIYAN_DATABASE_URL": url,
        "GUIYAN_SECRET_KEY": SECRET,
        "GUIYAN_AREAS": "定陶",
        "GUIYAN_TELEGRAM_TOKEN": TOKEN,
        "GUIYAN_TELEGRAM_BASE_URL": api.url,
    }
    world = World(api, Database(url), nursery, Random(seed), people, settings)
    world._clock.append((time.time(), BEGIN))
    await world.run(_fill, people)
    return world


def account_of(number: int) -> str:
    return f"telegram:{_FIRST_CHAT + number}"


def number_of(chat: int) -> int:
    """The person of a chat."""
    return chat - _FIRST_CHAT


def is_of_evening(number: int) -> bool:
    return number % _EVENING == 1


def register(session: Session, number: int, at: datetime) -> None:
    """One more who works away and agreed to be written to."""
    one, account = f"p{number:04}", account_of(number)
    common: dict[str, Any] = {"created_at": at, "updated_at": at}
    known: dict[str, Any] = {"account": account, "status": "confirmed", "source": "chat"}
    hours = {"contact_time": "evening"} if is_of_evening(number) else {}
    codes = {"where_now": "away", **hours}
    sealed = VAULT.seal({})
    session.add(Person(id=one, area=DINGTAO, codes=codes, sealed=sealed, **known, **common))
    session.add(Consent(person_id=one, kind=PUSH, given=True, given_at=at))
    chat = account.removeprefix("telegram:")
    session.add(Conversation(key=account, channel="telegram", chat=chat, state=sealed, **common))


def _fill(session: Session, people: int) -> None:
    for number in range(people):
        register(session, number, BEGIN)
    for chat, name in enumerate((WRITER, SECOND), 1):
        role = StaffRole.STAFF
        staff_accounts.add(session, name, role=role, area=DINGTAO, at=BEGIN, actor="system")
        staff_accounts.bind(session, name, f"telegram:{chat}", at=BEGIN, actor="system")
    for number, group in enumerate(GROUPS, 1):
        groups.join(session, VAULT, Joined("telegram", str(group), f"群{number}", 9), BEGIN)
        groups.change(session, number, kind="city", area=DINGTAO, steward=WRITER)


def in_hand(session: Session) -> dict[int, str]:
    """The messages that nobody waits for and that some sender has claimed."""
    query = select(_OUTBOX.id, _OUTBOX.dedupe_key).where(
        _OUTBOX.state == OutboxState.SENDING.value, _OUTBOX.priority > Priority.NOTICE.value
    )
    return {number: key.split("/")[0] for number, key in session.execute(query)}
