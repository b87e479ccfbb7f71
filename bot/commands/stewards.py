"""What the commands on customer groups and broadcasts share: the store, places, 客户联系."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from bot.cli import BAD_USE, OK, CommandError
from bot.packs import library_of, usable_pages
from bot.settings import Settings
from bot.wiring import App, build
from channels.wecom.failures import WecomError, advice
from knowledge.areas import Area, Gazetteer
from outreach.broadcasts import BroadcastRefused, Kind
from records import customers
from records.customers import GroupLine, Wanted
from records.database import Session, StoreUnavailable
from records.vault import Vault, VaultError


@dataclass(frozen=True, slots=True)
class Counter:
    """What such a command works with."""

    options: argparse.Namespace
    settings: Settings
    app: App
    places: Gazetteer

    def area(self) -> Area | None:
        """The area of --area; None where none is given."""
        if not self.options.area:
            return None
        found = self.places.resolve(self.options.area)
        if found is None:
            raise CommandError(
                f"不知道“{self.options.area}”是哪里：请写区县名或六位代码。", BAD_USE
            )
        return found

    def is_within(self, code: str, area: Area) -> bool:
        """Whether a place lies in an area; a village's code is longer than its county's."""
        return bool(code) and area.code in self.places.lineage(code[:6])

    def place(self, code: str) -> str:
        """The name of an area, for people."""
        area = self.places.area(code[:6]) if code else None
        return area.name if area else "没说是哪里"

    async def owners(self, kind: Kind) -> tuple[str, ...]:
        """The members of --owner as WeCom spells them; case means nothing in userids."""
        asked = self.options.owner or ()
        if not asked:
            return ()
        found = await self.app.database.read(_stewards, self.app.vault, kind)
        known = {userid.lower(): userid for userid in found}
        for one in asked:
            if one.lower() not in known:
                what = "客户群" if kind is Kind.GROUP else "客户"
                raise CommandError(
                    f"{one} 名下没有{what}：请核对账号，刚有的话先 guiyan groups sync。"
                )
        return tuple(known[one.lower()] for one in asked)

    async def groups(self, wanted: Wanted) -> list[GroupLine]:
        return await self.app.database.read(customers.groups, self.app.vault, wanted)


Work = Callable[[Counter], Coroutine[Any, Any, list[str]]]


def at_counter(work: Work, options: argparse.Namespace, settings: Settings) -> int:
    """Do one thing and print its lines; refusals become sentences."""
    try:
        lines = asyncio.run(_worked(work, options, settings))
    except BroadcastRefused as refusal:
        raise CommandError(str(refusal), BAD_USE) from refusal
    except WecomError as error:
        raise CommandError(advice(error, "GUIYAN_WECOM_CONTACT_SECRET")) from error
    except (StoreUnavailable, VaultError) as fault:
        raise CommandError(str(fault)) from fault
    sys.stdout.writelines(line + "\n" for line in lines)
    return OK


def must_be_on(settings: Settings) -> None:
    """CommandError where 客户联系 is not configured: nobody would do it."""
    if not settings.wecom_contact_secret:
        raise CommandError(
            "客户联系还没有配置：请按 docs/howto/wecom_contact.md 设好 GUIYAN_WECOM_CONTACT_…。",
            BAD_USE,
        )


def _stewards(session: Session, vault: Vault, kind: Kind) -> set[str]:
    """The members who have groups, or customers."""
    if kind is Kind.GROUP:
        found = customers.groups(session, vault, Wanted())
        return {group.owner for group in found if not group.is_dismissed}
    return {row.steward for row in customers.contacts_of(session)}


async def _worked(work: Work, options: argparse.Namespace, settings: Settings) -> list[str]:
    app = build(settings, channels={})
    try:
        await app.open()
        places = library_of(settings.areas, await usable_pages(app.database)).areas
        return await work(Counter(options, settings, app, places))
    finally:
        await app.database.close()
