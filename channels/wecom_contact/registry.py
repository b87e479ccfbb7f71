"""Keeps customers, groups and tags as the platform has them.

An event only marks what is to be read anew, so events may come late, twice, in any order or not at
all: what is kept is always what a reading said. A full reading at the start and every night finds
what happened while we were away.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from channels.wecom.client import Client
from channels.wecom.failures import Trouble, WecomError
from channels.wecom_contact import parse
from channels.wecom_contact.lease import Lease, for_ever
from channels.wecom_contact.pages import is_final, pages, stops
from channels.wecom_contact.tagging import Tagger
from outreach.calendars import CHINA
from records import contact_changes, customer_tags, customers
from records.contact_changes import CUSTOMER, GROUP, TAGS, ContactChange
from records.customers import Contact
from records.database import Database, Session
from records.vault import Vault

log = logging.getLogger("guiyan.wecom")

_NIGHT = time(2, 40)
_LOOK_SECONDS = 5.0
_TOGETHER, _SOME = 50, 2
_STEWARDS, _CONTACTS, _GROUPS = 100, 100, 1000  # the most of a page
_TOO_MANY_OWNERS, _NO_STEWARD = 81017, 84074
_NO_GROUP = frozenset({49008, *range(90500, 90512)})


class Registry:
    """Reads what was marked, and everything now and then."""

    def __init__(
        self,
        client: Client,
        database: Database,
        vault: Vault,
        *,
        tagger: Tagger,
        owner: str,
        now: Callable[[], datetime],
    ) -> None:
        self._client = client
        self._database = database
        self._vault = vault
        self._tagger = tagger
        self._now = now
        self._lease = Lease("wecom_contact:registry", database, owner=owner, now=now)
        self._told = asyncio.Event()
        self._is_new = True

    def tell(self) -> None:
        """Something was marked."""
        self._told.set()

    async def run(self) -> None:
        """Read for ever."""
        await for_ever(self.step, self._told, _LOOK_SECONDS)

    async def step(self) -> None:
        """Read what was marked; everything if it is time."""
        is_time = self._is_new or await self._is_night()
        marked = await self._database.read(contact_changes.marked, 1)
        if not (is_time or marked):
            return
        async with self._lease.held() as is_ours:
            if is_ours:
                await self.settle()
            if is_ours and is_time:
                await self._read_all()

    async def synchronise(self) -> dict[str, int]:
        """Read everything; how many there are, nothing if another process is reading now."""
        async with self._lease.held() as is_ours:
            return await self._read_all() if is_ours else {}

    async def _read_all(self) -> dict[str, int]:
        began = self._now()
        await self._database.run(contact_changes.mark, TAGS, ["all"])
        await self.settle()
        stewards = await self._stewards()
        contacts = await self._read_contacts(stewards)
        groups = await self._mark_groups(stewards)
        await self._lease.done(began)  # what is marked is read, whatever happens
        self._is_new = False
        await self.settle()
        counts = {"stewards": len(stewards), "contacts": contacts, "groups": groups}
        log.info("客户联系 was read", extra={"counts": counts})
        return counts

    async def settle(self) -> None:
        """Read what was marked until nothing is; raises WecomError if some could not be."""
        while found := await self._database.read(contact_changes.marked, _TOGETHER):
            failed = 0
            for change in found:
                try:
                    await self._read(change)
                except WecomError as error:
                    failed += 1  # one that cannot be read keeps nobody waiting
                    if failed > _SOME or change is found[-1] or stops(error):
                        raise
                await self._lease.renew()

    async def _is_night(self) -> bool:
        now = self._now().astimezone(CHINA)
        tonight = datetime.combine(now.date(), _NIGHT, CHINA)
        last = await self._lease.done_at()
        return last is None or last < (tonight if now >= tonight else tonight - timedelta(days=1))

    async def _stewards(self) -> list[str]:
        answer = await self._client.read("externalcontact/get_follow_user_list")
        return [str(one) for one in answer.get("follow_user") or []]

    async def _read_contacts(self, stewards: Sequence[str]) -> int:
        before = await self._database.read(customers.known_pairs)
        seen: set[tuple[str, str]] = set()
        for start in range(0, len(stewards), _STEWARDS):
            async for found in self._contact_pages(stewards[start : start + _STEWARDS]):
                seen.update((one.external_id, one.steward) for one in found)
                await self._keep(found)
                await self._lease.renew()
        # Only a reading of its own says that somebody is gone: they may have come in meanwhile.
        missing = sorted({customer for customer, _ in before - seen})
        await self._database.run(_mark_all, CUSTOMER, missing)
        return len(seen)

    async def _contact_pages(self, stewards: Sequence[str]) -> AsyncIterator[list[Contact]]:
        body = {"userid_list": list(stewards), "limit": _CONTACTS}
        name, field = "batch/get_by_user", "external_contact_list"
        try:
            async for page in pages(self._client, name, body, field):
                yield [one for one in map(_listed, page) if one is not None]
        except WecomError as error:
            if not (is_final(error) or error.code == _NO_STEWARD):
                raise
            if len(stewards) == 1:
                log.info("a steward's customers cannot be read: %s", error)
                return
            for steward in stewards:  # one of them spoils it for all
                async for found in self._contact_pages([steward]):
                    yield found

    async def _mark_groups(self, stewards: Sequence[str]) -> int:
        """Every group that is listed or known: each is read by itself."""
        listed: set[str] = set()
        async for page in self._group_pages(stewards):
            ids = [str(one.get("chat_id") or "") for one in page]
            listed.update(chat_id for chat_id in ids if chat_id)
        known = await self._database.read(customers.live_groups)
        await self._database.run(_mark_all, GROUP, sorted(listed | set(known)))
        return len(listed)

    async def _group_pages(self, stewards: Sequence[str]) -> AsyncIterator[list[Any]]:
        body: dict[str, Any] = {"status_filter": 0, "limit": _GROUPS}
        try:
            async for page in pages(self._client, "groupchat/list", body, "group_chat_list"):
                yield page
            return
        except WecomError as error:
            if error.code != _TOO_MANY_OWNERS:
                raise
        for start in range(0, len(stewards), _STEWARDS):
            some = {"owner_filter": {"userid_list": list(stewards[start : start + _STEWARDS])}}
            async for page in pages(
                self._client, "groupchat/list", {**body, **some}, "group_chat_list"
            ):
                yield page

    async def _read(self, change: ContactChange) -> None:
        """Read one thing anew; raises WecomError if it is to be tried again."""
        try:
            if change.kind == GROUP:
                await self._read_group(change.id)
            elif change.kind == CUSTOMER:
                await self._read_customer(change.id)
            else:
                await self._read_tags()
        except WecomError as error:
            if not is_final(error):
                raise
            log.warning("客户联系: something cannot be read: %s", error)
        await self._database.run(contact_changes.settle, change)

    async def _read_group(self, chat_id: str) -> None:
        body = {"chat_id": chat_id, "need_name": 0}
        try:
            answer = await self._client.call(
                "externalcontact/groupchat/get", body, may_repeat=True
            )
        except WecomError as error:
            if error.code not in _NO_GROUP:
                raise
            await self._database.run(customers.dismiss_group, chat_id, self._now())
            return
        found = parse.group(answer)
        if found is None:
            log.warning("a group's answer makes no sense")
            return
        await self._database.run(customers.keep_group, self._vault, found, self._now())

    async def _read_customer(self, external_id: str) -> None:
        found: list[Contact] = []
        cursor = ""
        try:
            while True:
                query = {"external_userid": external_id, **({"cursor": cursor} if cursor else {})}
                answer = await self._client.read("externalcontact/get", query)
                follows = answer.get("follow_user") or []
                read = [parse.contact(answer.get("external_contact"), one) for one in follows]
                found += [one for one in read if one is not None]
                cursor = str(answer.get("next_cursor") or "")
                if not cursor or not follows:
                    break
        except WecomError as error:
            if error.trouble is not Trouble.RECIPIENT:
                raise
        await self._keep(found)
        stewards = [one.steward for one in found]
        await self._database.run(
            customers.only_stewards, self._vault, external_id, stewards, self._now()
        )

    async def _read_tags(self) -> None:
        answer = await self._client.call("externalcontact/get_corp_tag_list", {}, may_repeat=True)
        found = parse.tags(answer)
        if found is None:
            log.warning("the list of tags makes no sense")
            return
        await self._database.run(_keep_tags, found, self._now())

    async def _keep(self, found: Sequence[Contact]) -> None:
        await self._database.run(customers.keep_contacts, self._vault, found)
        await self._tagger.put(found)


def note(session: Session, vault: Vault, told: parse.Told) -> None:
    """Take down what an event told."""
    if told.is_dismissed:
        customers.dismiss_group(session, told.id, told.at)
        return
    if told.version and customers.version_of(session, told.id) == told.version:
        return  # a repeat of what was read already
    if told.is_left:
        customers.has_left(session, vault, told.id, told.steward, told.at)
    elif told.is_added:
        customers.was_added(session, told.id, told.steward, told.at)
        if told.code:
            until = told.at + parse.WELCOME_LIFE
            contact_changes.may_greet(session, told.code, told.state, until=until)
    contact_changes.mark(session, told.kind, [told.id])


def _listed(entry: Any) -> Contact | None:
    if not isinstance(entry, dict):
        return None
    return parse.contact(entry.get("external_contact"), entry.get("follow_info"))


def _mark_all(session: Session, kind: str, ids: Sequence[str]) -> None:
    contact_changes.mark(session, kind, ids, rank=1)


def _keep_tags(session: Session, found: Sequence[customer_tags.Tag], now: datetime) -> None:
    customer_tags.keep(session, found)
    customer_tags.only(session, [tag.id for tag in found], now)
