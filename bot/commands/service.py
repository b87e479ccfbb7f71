"""`guiyan run`: the service."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import signal
import sys
from collections.abc import Coroutine
from typing import Any

from bot.cli import OK, CommandError
from bot.console import first_link
from bot.lifecycle import StartFailure, Word, serve
from bot.logs import set_up
from bot.settings import Settings, SettingsError, load
from bot.tracing.following import begin
from bot.wiring import App, build, parts_of
from handlers.forms.form import FormError
from knowledge.reading import EntryFault
from records.database import StoreUnavailable
from records.vault import VaultError

log = logging.getLogger("guiyan")

_SWITCH_SECONDS = 0.002


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Serve until told to stop; told to read the settings anew, begin again with them."""
    set_up(settings.log_level)
    host = options.host or settings.http_host
    port = settings.http_port if options.port is None else options.port
    word = Word(_settings_are_sound)
    run_loop(_serve(settings, host, port, options.only, word))
    if word.begins_anew:
        log.info("beginning anew with the settings of the moment")
        signal.signal(signal.SIGHUP, signal.SIG_IGN)  # one more would end it before it listens
        os.execv(sys.executable, sys.orig_argv)  # the same process to whoever keeps us
    return OK


def _settings_are_sound() -> bool:
    try:
        load()
    except SettingsError as fault:
        log.error("settings not read anew, those of the start stay: %s", fault)
        return False
    return True


async def _serve(
    settings: Settings, host: str, port: int, only: tuple[str, ...], word: Word
) -> None:
    app = build(settings, is_service=True)
    app.parts = parts_of(only)
    app.tracing = begin(settings, app.vault, app.database)
    await serve(app, host, port, lambda address: _announce(app, address), word)


async def _announce(app: App, address: str) -> None:
    is_web = "web" in app.parts
    page = f"聊天页面: {address}/chat" if is_web else f"状态: {address}/readyz"
    desk = f"工作台: {await first_link(app, address)}\n" if is_web else ""
    sys.stdout.write(f"归雁已启动。{page}\n{desk}")
    sys.stdout.flush()


def run_loop(work: Coroutine[Any, Any, None]) -> None:
    """Run on the fast event loop where there is one; known faults become one sentence."""
    # The storage thread gives the interpreter away at every call of SQLite's and must not wait
    # five milliseconds each time to get it back from a busy loop.
    sys.setswitchinterval(_SWITCH_SECONDS)
    try:
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            runner.run(work)
    except (StartFailure, StoreUnavailable, EntryFault, FormError, VaultError) as fault:
        raise CommandError(str(fault)) from fault


def _loop_factory() -> Any:
    if sys.platform == "win32":
        return None
    import uvloop

    return uvloop.new_event_loop
