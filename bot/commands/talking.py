"""`guiyan talk`: the conversation in the terminal, through the real door, outbox and sender."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bot.cli import BAD_USE, OK, CommandError
from bot.commands.service import run_loop
from bot.logs import set_up
from bot.settings import Settings
from bot.wiring import TERMINAL, App, build
from channels.terminal.channel import Terminal
from channels.terminal.channel import talk as talk_through
from channels.terminal.lines import read_lines
from handlers.dialogue import State
from knowledge.areas import Gazetteer
from records import conversations
from records.database import Session


def talk(options: argparse.Namespace, settings: Settings) -> int:
    """Talk until the input ends and the last reply is out."""
    set_up("WARNING")
    with _transcript(options.transcript) as transcript:
        run_loop(_talk(settings, options.area, options.name, transcript))
    return OK


async def _talk(
    settings: Settings, area: str | None, name: str, transcript: Callable[[str], None]
) -> None:
    terminal = Terminal(_write, chat=name or "me", transcript=transcript)
    app = build(settings, channels={TERMINAL: terminal}, is_beside=True)
    await app.open()
    await app.sender.free_stale(at_start=True)
    mind = await app.learn()
    home = mind.talk.home = _home(mind.talk.places, area)
    if home:
        await app.database.run(_move, app, f"{TERMINAL}:{terminal.chat}", home)
    loops = [asyncio.create_task(app.door.work(mind)), asyncio.create_task(app.sender.run())]
    await talk_through(
        terminal,
        read_lines(sys.stdin.fileno()),
        receive=app.door.receive,
        settled=lambda: _settled(app),
        now=app.now,
    )
    for loop in loops:
        loop.cancel()
        with suppress(asyncio.CancelledError):
            await loop
    if app.model is not None:
        await app.model.close()
    await app.database.close()


async def _settled(app: App) -> None:
    await app.door.settled()
    await app.sender.settled()


def _home(places: Gazetteer, name: str | None) -> str:
    if not name:
        return ""
    area = places.resolve(name)
    if area is None:
        raise CommandError(f"不知道「{name}」是哪里：请写县、市、区的名字或行政区划代码", BAD_USE)
    return area.code


def _move(session: Session, app: App, key: str, area: str) -> None:
    """Someone who has talked here before says now where home is."""
    known = conversations.load(session, [key]).get(key)
    if known is not None:
        state = State.from_dict(app.vault.open(known.state)).remember(area=area)
        conversations.settle_in(session, key, area, app.vault.seal(state.as_dict()))


@contextmanager
def _transcript(path: str | None) -> Iterator[Callable[[str], None]]:
    if not path:
        yield lambda text: None
        return
    try:
        with Path(path).open("w", encoding="utf-8") as file:
            yield lambda text: _append(file.write, text)
    except OSError as fault:
        raise CommandError(f"cannot write {path}: {fault.strerror}", BAD_USE) from fault


def _append(write: Callable[[str], int], text: str) -> None:
    write(text)


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
