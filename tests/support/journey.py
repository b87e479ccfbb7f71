"""Plays a story over the whole program: real intake, packs, store, sender; a fake wire only.

# what the story shows
@ 老周           somebody else talks from here on (a chat of their own)
> text          they write; >> label taps an option of the last messages
+ text          a line of what they write next, above it; `>` alone sends the lines
< words         a reply to it holds these words (in any of its messages)
! words         no reply to it holds these words
~ 5 hours       time passes, jobs run; what comes unasked counts as replies
% withdraw ID   editors withdraw an entry, or `% change ID | old | new | …` in it
$ reply text    staff does something at the desk with the newest ticket: take, reply, close, decide
& commissioner 小刘 371703   who talks here is one of the staff, for an area or everywhere
^ course 电商直播入门 371703 2026-12-11 1   an office brings something (happenings.py)
* real          the demonstration projects and places are there, as a department's
- 小刘          leaves: others take the dossiers over; what this chat is told counts as replies
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.settings import load
from bot.wiring import App, build
from handlers import desk, desk_acts
from handlers.desk import Clerk
from handlers.tickets import applying
from handlers.tickets.applying import DecideApplication
from knowledge.editing import Editor
from knowledge.library import our_shelf
from outreach.helping import assigning
from records import staff_accounts
from records.applications import Outcome
from records.database import Session
from records.messages import Inbound, InboundKind, Outgoing
from records.staff_accounts import StaffRole
from scheduler.jobs import JOBS
from tests.support.database import fresh_file
from tests.support.fake_channel import FakeChannel
from tests.support.happenings import happen
from tests.support.library import stock

START = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)  # nine in the morning in China


@dataclass
class Journey:
    """The program, and the people who talk to it."""

    folder: Path
    now: datetime = START
    chat: str = "somebody"
    channel: FakeChannel = field(default_factory=FakeChannel)
    settings: Mapping[str, str] = field(default_factory=dict)
    replies: list[Outgoing] = field(default_factory=list)
    _said: int = 0
    _lines: list[str] = field(default_factory=list)
    _loops: list[asyncio.Task[None]] = field(default_factory=list)

    async def __aenter__(self) -> Journey:
        stored = {"GUIYAN_DATABASE_URL": await fresh_file(self.folder / "journey.db")}
        settings = load({**stored, **self.settings})
        self.app: App = build(settings, channels={"fake": self.channel}, now=lambda: self.now)
        await self.app.open()
        self._loops = [
            asyncio.create_task(self.app.door.work(await self.app.learn())),
            asyncio.create_task(self.app.sender.run()),
        ]
        return self

    async def __aexit__(self, *fault: object) -> None:
        for loop in self._loops:
            loop.cancel()
            with suppress(asyncio.CancelledError):
                await loop
        if self.app.model is not None:
            await self.app.model.close()
        if self.app.speech is not None:
            await self.app.speech.close()
        await self.app.database.close()

    async def play(self, story: str) -> list[str]:
        """What went otherwise than the story says, line by line."""
        faults = []
        for number, line in enumerate(story.splitlines(), 1):
            sign, _, text = line.partition(" ")
            if sign and sign != "#" and not await self._line(sign, text.strip()):
                heard = " / ".join(reply.text for reply in self.replies)
                faults.append(f"line {number}: {line}\n    heard: {heard}")
        return faults

    async def say(self, text: str, kind: InboundKind = InboundKind.TEXT) -> list[Outgoing]:
        """One message from the person; the replies to it."""
        self.now += timedelta(seconds=20)
        self._said += 1
        before = len(self.channel.sent)
        message = Inbound(
            channel="fake",
            chat=self.chat,
            outer_id=f"{self.chat}-{self._said}",
            kind=kind,
            text=text,
            sent_at=self.now,
            sender=self.chat,
            sequence=self._said,
        )
        await self.app.door.receive([message])
        await self.quiet()
        self.replies = self.channel.sent[before:]
        return self.replies

    async def quiet(self) -> None:
        """Until everything is answered and every answer is out."""
        await self.app.door.settled()
        await self.app.sender.settled()

    async def _line(self, sign: str, text: str) -> bool:
        heard = "\n".join(reply.text for reply in self.replies)
        if sign == ">":
            whole, self._lines = [*self._lines, text], []
            await self.say("\n".join(whole).strip())
        elif sign == "+":
            self._lines.append(text)
        elif sign == ">>":
            await self.say(self._value(text), InboundKind.OPTION)
        elif sign == "<":
            return all(part.strip() in heard for part in text.split("|"))
        elif sign == "!":
            return not any(part.strip() in heard for part in text.split("|"))
        elif sign == "@":
            self.chat = text
        elif sign == "~":
            await self.wait(text)
        elif sign == "$":
            await self._desk(text)
        elif sign == "%":
            await self._edit(text)
        elif sign == "&":
            await self.app.database.run(_serve, self, *text.split())
        elif sign == "^":
            await self.app.database.run(happen, self.app.vault, text, self.now)
        elif sign == "*":
            await self.app.database.run(stock, self.app.vault, self.now)
        elif sign == "-":
            await self._leaves(text)
        else:
            raise ValueError(f"no such sign: {sign}")
        return True

    def _value(self, label: str) -> str:
        options = [option for reply in self.replies for option in reply.options]
        return next(option.value for option in options if label in option.label)

    async def _desk(self, text: str) -> None:
        action, _, words = text.partition(" ")
        before = len(self.channel.sent)
        await self.app.database.run(_at_the_desk, self.app, action, words, self.now)
        self.app.sender.wake()
        await self.quiet()
        self.replies = self.channel.sent[before:]

    async def wait(self, length: str) -> None:
        """Time passes, and the jobs that are due by then have run."""
        number, unit = re.fullmatch(r"(\d+) (minute|hour|day)s?", length).groups()  # type: ignore[union-attr]
        self.now += timedelta(**{f"{unit}s": int(number)})
        before = len(self.channel.sent)
        for job in JOBS:
            await self.app.runner.run(job)
        await self.app.feeder().round()
        self.app.sender.wake()
        await self.quiet()
        self.replies = [sent for sent in self.channel.sent[before:] if sent.chat == self.chat]

    async def _leaves(self, name: str) -> None:
        self.now += timedelta(seconds=20)
        before = len(self.channel.sent)
        await self.app.database.run(_hand_over, self, name)
        self.app.sender.wake()
        await self.quiet()
        self.replies = [sent for sent in self.channel.sent[before:] if sent.chat == self.chat]

    async def _edit(self, text: str) -> None:
        """Editors withdraw an entry, or agree on other words of it."""
        self.now += timedelta(seconds=20)
        editor = Editor(self.app.database, now=lambda: self.now)
        await self.app.open()
        action, _, rest = text.partition(" ")
        id_, *words = (part.strip() for part in rest.split("|"))
        path = f"{id_.split('-')[0]}/policies/{id_}.toml"
        if action == "withdraw":
            await editor.withdraw(path, by="小刘", note="文件废止")
            return
        page = our_shelf().shipped(path) or ""
        for old, new in zip(words[::2], words[1::2], strict=True):
            assert old in page
            page = page.replace(old, new)
        draft = await editor.draft(path, page, author="小刘")
        number = draft.version.id or 0
        assert draft.faults == ()
        await editor.review(number, reviewer="老张")
        await editor.release(number, by="老张")


def _at_the_desk(session: Session, app: App, action: str, words: str, now: datetime) -> None:
    clerk = Clerk(account="clerk", name="小刘")
    newest = max(desk.list_open(session, app.vault), key=lambda case: case.opened_at).number
    if action == "reply":
        desk_acts.reply(session, app.vault, newest, words, clerk=clerk, now=now)
    elif action == "decide":
        decided = DecideApplication(newest, Outcome(words), clerk.name)
        applying.decide(session, app.vault, decided, now)
    elif action == "close":
        desk_acts.close(session, app.vault, newest, clerk=clerk, now=now)
    else:
        desk_acts.take(session, newest, clerk=clerk, now=now)


def _serve(session: Session, journey: Journey, role: str, name: str, area: str = "") -> None:
    at, actor = journey.now, "system"
    staff_accounts.add(session, name, role=StaffRole(role), area=area, at=at, actor=actor)
    staff_accounts.bind(session, name, f"fake:{journey.chat}", at=at, actor=actor)


def _hand_over(session: Session, journey: Journey, name: str) -> None:
    vault, now = journey.app.vault, journey.now
    assigning.hand_over(session, vault, name, actor="system", now=now)
    staff_accounts.disable(session, name, at=now, actor="system")
