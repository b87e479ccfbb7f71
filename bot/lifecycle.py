"""Start and stop in order: nothing taken in that cannot be kept, nothing dropped at the end."""

from __future__ import annotations

import asyncio
import errno
import gc
import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from aiohttp import web

from bot.console import means_of
from bot.listening import listen
from bot.metrics import Metrics
from bot.server import counted, make_server
from bot.wiring import App, Mind
from console.routes import Console
from console.work import Worker
from console.work_kinds import WORK
from knowledge.library import our_shelf
from outreach import shipped
from records import schema
from records.database import Database, StoreUnavailable

log = logging.getLogger("guiyan")

_REST = 1.0  # seconds before another try, when the store went away
PATIENCE = 10.0  # seconds that a stop waits for what is in flight
_WHOLE_STOP = 35.0  # seconds that its steps share
_BY_FORCE = 40.0  # seconds until it ends whatever hangs: the service's files give 45 and more


class StartFailure(Exception):
    """The program cannot start; one plain sentence."""


class Running:
    """The started program."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._metrics = Metrics()
        counting = counted(app, self._metrics)
        self._receive = app.tracing.receive(counting) if app.tracing else counting
        self._console = Console(means_of(app)) if "web" in app.parts else None
        self._loops: list[asyncio.Task[None]] = []
        self._site: web.AppRunner | None = None
        self._may_work = False  # the store is whole, ours to open, and no other service's
        self.address = ""

    async def start(self, host: str, port: int) -> None:
        """Schema first, then the loops, then the doors."""
        app = self._app
        await _refuse_half_moved(app.database)
        await app.open()
        app.sender.on_result = lambda kind, result: self._metrics.sends.labels(kind, result).inc()
        app.database.on_fault = self._metrics.store_faults.inc
        self._loop(self._metrics.watch_loop())
        if app.store_clock is not None:
            self._loop(app.store_clock.follow())
        app.database.reserve()
        self._may_work = True
        if app.bell is not None:
            self._loop(app.bell.run())
        if "sender" in app.parts:
            await app.sender.free_stale(at_start=True)
            self._loop(app.sender.run())
            self._loop(app.feeder().run())
        if "scheduler" in app.parts:
            await shipped.note(app.database, our_shelf(), app.now())
            app.runner.start()
        await self._listen(host, port)
        if "web" in app.parts:
            for channel in app.channels.values():
                await channel.start(self._receive)
        if "worker" in app.parts:
            self._loop(self._answer())
            self._loop(Worker(means_of(app), WORK).run())

    async def until(self, told: asyncio.Event) -> None:
        """Wait for the word to stop; a loop that ends by itself is a fault, and is raised."""
        word = asyncio.create_task(told.wait())
        ended, _ = await asyncio.wait({word, *self._loops}, return_when=asyncio.FIRST_COMPLETED)
        word.cancel()
        for loop in ended - {word}:
            loop.result()

    async def stop(self) -> None:
        """Close the doors, answer what came in, send what is due, let go."""
        app, left = self._app, _Left(_WHOLE_STOP)
        app.runner.stop()
        for channel in app.channels.values():
            await channel.stop()
        if self._console:
            self._console.live.stop()
        if self._site:
            await self._site.cleanup()
        if app.wakes is not None:
            app.wakes.stop()
        if "worker" in app.parts and self._may_work:
            await app.door.hand_over()
            await _patiently(app.door.settled(), left())
        if {"sender", "worker"} <= {*app.parts} and self._may_work:
            await _patiently(app.sender.settled(), left())  # what was answered last; a sender
            # alone leaves what is due to another, and does not wait until workers are silent
        for loop in self._loops:
            loop.cancel()
        if self._loops:  # one that does not end by its own cannot hold up the stop
            await asyncio.wait(self._loops, timeout=left())
        await app.door.close()
        await app.sender.drain(left())
        await _patiently(app.sender.let_go(), left())
        for channel in app.channels.values():
            await channel.close()
        if app.model is not None:
            await app.model.close()
        if app.speech is not None:
            await app.speech.close()
        await _patiently(app.database.close(), left())
        if app.tracing is not None:
            await asyncio.to_thread(app.tracing.close)

    async def _answer(self) -> None:
        # Messages are taken in while the entries are read: nobody is turned away at a start.
        app = self._app
        mind = await self._learned()
        async with asyncio.TaskGroup() as loops:
            for endless in (app.door.work(mind), app.door.work(mind), *self._woken()):
                loops.create_task(endless)

    async def _learned(self) -> Mind:
        """What answers; the store may go away while the entries are read."""
        while True:
            try:
                return await self._app.learn()
            except StoreUnavailable as fault:
                log.error("entries not read, will try again: %s", fault)
                await asyncio.sleep(_REST)

    def _woken(self) -> Sequence[Coroutine[Any, Any, None]]:
        """What brings work to the door: in one process its own sweep, in several the queue."""
        app = self._app
        if app.wakes is None:
            return (app.door.sweep(),)
        return app.wakes.work(app.door.answer), app.wakes.sweep(app.now)

    def _loop(self, endless: Coroutine[Any, Any, None]) -> None:
        self._loops.append(asyncio.create_task(endless))

    async def _listen(self, host: str, port: int) -> None:
        server = make_server(self._app, self._metrics, self._receive, self._console)
        # Nobody sends us packed bodies: what is small on the wire shall not grow here.
        self._site = web.AppRunner(
            server,
            access_log=None,
            handle_signals=False,
            auto_decompress=False,
            shutdown_timeout=PATIENCE,
        )
        await self._site.setup()
        try:
            await listen(self._site, host, port)
        except OSError as fault:
            raise StartFailure(f"cannot listen on {host}:{port}: {_remedy(fault)}") from fault
        bound = self._site.addresses[0]
        self.address = f"http://{bound[0]}:{bound[1]}"


class Word:
    """What the process was told by signals: to stop, or to begin anew with other settings."""

    def __init__(self, may_begin_anew: Callable[[], bool]) -> None:
        self._may_begin_anew = may_begin_anew
        self.told = asyncio.Event()
        self.begins_anew = False

    def listen(self) -> None:
        """SIGTERM and SIGINT stop; SIGHUP stops and begins anew, where that may be."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop)
        # A terminal that was closed hangs up too, and means what it says.
        hung_up = self._stop if os.isatty(0) else self._begin_anew
        loop.add_signal_handler(signal.SIGHUP, hung_up)

    def _stop(self) -> None:
        self.begins_anew = False
        self.told.set()

    def _begin_anew(self) -> None:
        if not self.told.is_set() and self._may_begin_anew():
            self.begins_anew = True
            self.told.set()


async def serve(
    app: App,
    host: str,
    port: int,
    announce: Callable[[str], Coroutine[Any, Any, None]],
    word: Word,
) -> None:
    """Run until the process is given the word to stop."""
    running = Running(app)
    word.listen()
    try:
        await running.start(host, port)
        gc.freeze()  # what stays; the end of the process would look through it for seconds
        await announce(running.address)
        await running.until(word.told)
        log.info("stopping")
    finally:
        _end_by_force_later()
        await running.stop()


def _end_by_force_later() -> None:
    guard = threading.Timer(_BY_FORCE, _end_by_force)
    guard.daemon = True  # a stop that is done sooner does not wait for it
    guard.start()


def _end_by_force() -> None:
    log.error("stopped by force: something hangs; what was taken in is answered after a start")
    os._exit(1)


async def _refuse_half_moved(database: Database) -> None:
    """Before anything is written: the move would find the target changed, and refuse to go on."""
    if not database.is_sqlite and await schema.is_half_moved(database):
        raise StartFailure(f"this database is only half moved: {schema.MOVE_ON}")


def _remedy(fault: OSError) -> str:
    if fault.errno == errno.EADDRINUSE:
        return (
            "another program uses that port: stop it, or choose another with --port or "
            "GUIYAN_HTTP_PORT"
        )
    if fault.errno == errno.EACCES:
        return "ports below 1024 are not for everybody: choose another with --port"
    return f"{fault.strerror or fault}: check --host or GUIYAN_HTTP_HOST"


class _Left:
    """How many seconds the next step of a stop may take."""

    def __init__(self, whole: float) -> None:
        self._end = time.monotonic() + whole

    def __call__(self) -> float:
        return min(PATIENCE, max(1.0, self._end - time.monotonic()))


async def _patiently(work: Coroutine[Any, Any, None], patience: float) -> None:
    try:
        await asyncio.wait_for(work, patience)
    except (TimeoutError, StoreUnavailable):
        log.warning("stopped before all was done: the rest goes on at the next start")
