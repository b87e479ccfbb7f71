"""The entries as they are served now: the packs of our areas, edited pages in front of them."""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from bot.settings import Settings, SettingsError
from knowledge.answer import Answerer
from knowledge.library import Fault, Library, NoPack, in_service
from records import policies
from records.database import Database, StoreUnavailable
from records.engines import file_of
from records.policies import Served

log = logging.getLogger("guiyan.entries")

Pages = tuple[tuple[str, str | None], ...]  # path, and its words or None where it was withdrawn
AS_SHIPPED: Pages = ()
_T = TypeVar("_T")
_PATIENCE = 5.0  # seconds that a question waits for a database that does not answer


@dataclass(frozen=True, slots=True)
class Known:
    """What one revision of the entries comes to."""

    revision: int
    pages: Pages
    library: Library
    answerer: Answerer


class Knowledge:
    """What this process answers from; read again where the store's revision is another."""

    def __init__(self, database: Database, areas: tuple[str, ...]) -> None:
        self._database = database
        self._areas = areas
        self._known: Known | None = None
        self._turn = asyncio.Lock()

    @property
    def known(self) -> Known:
        """What was read last; the shipped entries if nothing was yet (seconds)."""
        if self._known is None:
            return Known(0, AS_SHIPPED, *_indexed(self._areas, AS_SHIPPED))
        return self._known

    async def now(self) -> Known:
        """The entries of this moment."""
        return await self.at(await self._database.read(policies.revision))

    async def at(self, revision: int) -> Known:
        """The entries of this revision, or a newer one."""
        known = self._known
        if known is not None and known.revision == revision:
            return known
        async with self._turn:  # one reads, the others wait for it
            if self._known is None or self._known.revision != revision:
                self._known = await self._read()
                if known is not None and known.answerer is not self._known.answerer:
                    await asyncio.to_thread(_tidy)
            return self._known

    async def _read(self) -> Known:
        served = await self._database.read(policies.served)
        old = self._known
        if old is not None and old.revision == served.revision:
            return old  # somebody who read a little earlier asked
        try:
            pages = await _usable(self._database, served)
            found = await asyncio.to_thread(_indexed, self._areas, pages)
        except Exception:  # an edit that we did not foresee must not silence the service
            if old is None and not served.pages:
                raise
            log.exception("the edited entries cannot be used: those before them go on serving")
            pages = old.pages if old else AS_SHIPPED
            found = await asyncio.to_thread(_indexed, self._areas, pages)
        log.info("entries read", extra={"revision": served.revision, "edited": len(pages)})
        return Known(served.revision, pages, *found)


async def edited_pages(settings: Settings, say: Callable[[str], None]) -> Pages:
    """The edited pages that can be used, for a command that needs no database of its own."""
    return await from_store(settings, usable_pages, AS_SHIPPED, say=say)


async def served_pages(settings: Settings, say: Callable[[str], None]) -> Served:
    """The edited pages as they stand, good or bad."""
    return await from_store(settings, _served, Served(0, {}), say=say)


async def from_store(
    settings: Settings,
    read: Callable[[Database], Awaitable[_T]],
    instead: _T,
    *,
    say: Callable[[str], None],
) -> _T:
    """What the store says. Where there is none, none is made; silence is said in a sentence."""
    if not _has_database(settings):
        return instead
    database = Database(settings.database_url)
    try:
        async with asyncio.timeout(_PATIENCE):
            return await read(database)
    except StoreUnavailable as fault:
        say(f"with the shipped entries only: {fault}")
    except TimeoutError:
        say("with the shipped entries only: the database does not answer")
    finally:
        await database.close()
    return instead


def _has_database(settings: Settings) -> bool:
    file = file_of(settings.database_url)
    return not settings.is_embedded or (file is not None and file.exists())


async def usable_pages(database: Database) -> Pages:
    """The edited pages that can be used; none in a database that is older than they."""
    return await _usable(database, await _served(database))


async def _served(database: Database) -> Served:
    return await database.read(policies.served_if_any)


def library_of(areas: tuple[str, ...], pages: Pages = AS_SHIPPED) -> Library:
    """The packs of these areas, all if none is named; SettingsError where there is no pack."""
    library, _ = in_service(dict(pages))
    try:
        return library.only(areas) if areas else library
    except NoPack as fault:
        known = ", ".join(fault.known)
        raise SettingsError(
            f"GUIYAN_AREAS: no pack for {fault.name!r}, only for {known}"
        ) from None


async def _usable(database: Database, served: Served) -> Pages:
    """The pages, with what served before in the place of those that cannot be used."""
    pages = dict(served.pages)
    _, left_out = await asyncio.to_thread(in_service, pages)
    if not left_out:
        return tuple(sorted(pages.items()))
    _report(left_out)
    earlier = await database.read(policies.earlier, list(left_out))
    while left_out:
        for path in left_out:
            if earlier[path]:
                pages[path] = earlier[path].pop(0)
            else:
                del pages[path]  # the shipped one
        _, left_out = await asyncio.to_thread(in_service, pages)
    return tuple(sorted(pages.items()))


def _report(left_out: dict[str, Fault]) -> None:
    for path, fault in left_out.items():
        log.error("an edited page cannot be used, the one before serves: %s: %s", path, fault)


@lru_cache(1)  # what several programs in one process share; the one before is let go
def _indexed(areas: tuple[str, ...], pages: Pages) -> tuple[Library, Answerer]:
    """The entries and their index (seconds)."""
    gc.disable()  # a million small values that all stay: looking through them again costs a fifth
    try:
        library = library_of(areas, pages)
        return library, Answerer(library)
    finally:
        gc.enable()
        gc.freeze()


def _tidy() -> None:
    """Let go of the entries before these."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
