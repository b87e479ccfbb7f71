"""Looks for a task of ours among the platform's, and for who has confirmed it."""

from __future__ import annotations

from datetime import datetime, timedelta

from channels.wecom.client import Client
from channels.wecom_contact import parse
from channels.wecom_contact.bodies import is_same
from channels.wecom_contact.pages import pages
from outreach import broadcasts
from outreach.broadcast_quota import LIFE
from records import group_tasks
from records.database import Database
from records.group_tasks import GroupTask
from records.vault import Vault

_SKEW = timedelta(minutes=10)  # between the platform's clock and ours


class Finder:
    """Reads only; raises WecomError."""

    def __init__(self, client: Client, database: Database, vault: Vault) -> None:
        self._client = client
        self._database = database
        self._vault = vault

    async def look_for(
        self, task: GroupTask, tried: datetime, now: datetime
    ) -> tuple[str, datetime | None]:
        """The platform's id of a task tried then, and when it was created; "" if it was not.

        It says the same to the same steward, and is no other task of ours.
        """
        content = broadcasts.opened(self._vault, task.sealed)
        body = {
            "chat_type": task.kind,
            "start_time": int((tried - _SKEW).timestamp()),
            "end_time": int((min(now, tried + LIFE) + _SKEW).timestamp()),
            "filter_type": 0,
            "limit": 100,
        }
        async for page in pages(self._client, "get_groupmsg_list_v2", body, "group_msg_list"):
            alike = {str(one.get("msgid")): one for one in page if is_same(one, content)}
            known = await self._database.read(group_tasks.known_outside, list(alike))
            for outer_id in [each for each in alike if each not in known]:
                if task.steward in await self.members(outer_id, now):
                    return outer_id, parse.moment(alike[outer_id].get("create_time"))
        return "", None

    async def members(self, outer_id: str, now: datetime) -> dict[str, datetime | None]:
        """Who is to confirm a task → when they did, None if not yet."""
        found: dict[str, datetime | None] = {}
        body = {"msgid": outer_id, "limit": 1000}
        async for page in pages(self._client, "get_groupmsg_task", body, "task_list"):
            for one in page:
                at = parse.moment(one.get("send_time")) or now
                found[str(one.get("userid"))] = at if one.get("status") else None
        return found
