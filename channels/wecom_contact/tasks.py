"""The life of a broadcast's task: created, reminded, read back, cancelled, settled.

The platform knows no repetition of `add_msg_template`. So a task is taken down as being created
before the call; where its outcome is not known, it is looked for among the platform's tasks by
time, text and steward, and created again only once it has certainly not come to be.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from channels.wecom.client import Client
from channels.wecom.failures import Trouble, WecomError
from channels.wecom_contact import parse
from channels.wecom_contact.bodies import Body, body_of
from channels.wecom_contact.finding import Finder
from channels.wecom_contact.lease import Lease, for_ever
from channels.wecom_contact.pages import is_final, pages
from outreach import broadcasts
from outreach.broadcast_quota import LIFE, awake, may_remind, next_look, next_reminder
from outreach.broadcasts import Kind
from outreach.calendars import is_quiet
from records import group_tasks
from records.database import Database, Session
from records.group_tasks import GroupTask, Result, TargetState, TaskState
from records.vault import Vault

log = logging.getLogger("guiyan.wecom")

_LOOK_SECONDS = 3.0
_IN_DOUBT = timedelta(minutes=2)  # so long a task may take to appear in the platform's list
_AGAIN, _SOON = timedelta(minutes=1), timedelta(seconds=15)
_LATE_RESULTS = timedelta(hours=1)  # after the confirmation: what is not told by then is not sent
_NOBODY, _BAD_MEDIA, _CANCELLED, _REMINDED = 41048, 40007, 41093, 41094
_LATER = frozenset(
    {
        Trouble.NOT_SENT,
        Trouble.BUSY,
        Trouble.TOO_FAST,
        Trouble.TOKEN,
        Trouble.CREDENTIALS,
        Trouble.CONFIGURATION,
    }
)


class Tasks:
    """Carries out what was asked for, one call after the other."""

    def __init__(
        self,
        client: Client,
        database: Database,
        vault: Vault,
        *,
        owner: str,
        now: Callable[[], datetime],
        tells_stewards: bool = False,
    ) -> None:
        self._client = client
        self._database = database
        self._vault = vault
        self._now = now
        self._tells_stewards = tells_stewards
        self._finder = Finder(client, database, vault)
        self._lease = Lease("wecom_contact:tasks", database, owner=owner, now=now)
        self._told = asyncio.Event()

    def tell(self) -> None:
        """Something was asked for."""
        self._told.set()

    async def run(self) -> None:
        """See to the tasks for ever."""
        await for_ever(self.step, self._told, _LOOK_SECONDS)

    async def step(self) -> None:
        """See to each task that it is time for."""
        if not await self._database.read(group_tasks.due, self._now()):
            return
        async with self._lease.held() as is_ours:
            if not is_ours:
                return
            # Read again: another process may have seen to them until now.
            for task in await self._database.read(group_tasks.due, self._now()):
                if not await self._lease.renew():
                    return
                await self._see_to(task)

    async def _see_to(self, task: GroupTask) -> None:
        try:
            match task.state:
                case TaskState.WANTED:
                    await self._begin(task)
                case TaskState.CREATING:
                    await self._find(task)
                case TaskState.CREATED:
                    await self._follow(task)
        except WecomError as error:
            log.warning("task %s waits: %s", task.id, error)
            if is_final(error) and self._now() >= task.wanted_at + LIFE:
                await self._settle(task, TaskState.FAILED, failure=str(error))
                return
            rest = max(_AGAIN, error.retry_after or _AGAIN)
            await self._change(task, next_at=self._now() + rest)

    async def _begin(self, task: GroupTask) -> None:
        now = self._now()
        if task.is_cancel_asked:
            await self._settle(task, TaskState.CANCELLED)
        elif now >= task.wanted_at + LIFE:
            await self._settle(task, TaskState.EXPIRED)
        elif is_quiet(now):
            await self._change(task, next_at=awake(now))
        elif task.steward in await self._database.read(group_tasks.in_doubt):
            await self._change(task, next_at=now + _SOON)
        else:
            await self._create(task)

    async def _create(self, task: GroupTask) -> None:
        content = broadcasts.opened(self._vault, task.sealed)
        targets = await self._waiting(task)
        try:
            body = await body_of(self._client, Kind(task.kind), task.steward, targets, content)
        except WecomError as error:  # of the picture
            if error.trouble in (Trouble.MEDIA, Trouble.CONTENT):
                await self._settle(task, TaskState.FAILED, failure=str(error))
                return
            raise
        now = self._now()
        # From here on it may have come to be, whatever happens to us.
        await self._change(task, state=TaskState.CREATING, tried_at=now, next_at=now + _SOON)
        try:
            answer = await self._client.call("externalcontact/add_msg_template", body)
        except WecomError as error:
            await self._refused(task, error, body)
            return
        outer_id = str(answer.get("msgid") or "")
        if outer_id:
            failed = [str(one) for one in answer.get("fail_list") or []]
            await self._database.run(self._created, task, outer_id, self._now(), failed)

    async def _refused(self, task: GroupTask, error: WecomError, body: Body) -> None:
        now = self._now()
        if error.is_doubtful:
            log.warning("task %s may have been created: %s", task.id, error)
        elif error.code == _NOBODY:
            await self._settle(
                task, TaskState.FAILED, failure=str(error), left=TargetState.UNREACHABLE
            )
        elif error.trouble in _LATER or error.code == _BAD_MEDIA:
            for one in body.get("attachments", ()):
                self._client.forget(str(one.get("image", {}).get("media_id", "")))
            log.warning("task %s is not created yet: %s", task.id, error)
            rest = max(_AGAIN, error.retry_after or _AGAIN)
            await self._change(task, state=TaskState.WANTED, next_at=now + rest)
        else:
            await self._settle(task, TaskState.FAILED, failure=str(error))

    async def _find(self, task: GroupTask) -> None:
        """Whether a task in doubt was created."""
        now, tried = self._now(), task.tried_at or task.wanted_at
        outer_id, created = await self._finder.look_for(task, tried, now)
        if outer_id:
            await self._database.run(self._created, task, outer_id, created or now, [])
        elif now >= tried + _IN_DOUBT:
            log.warning("task %s was not created", task.id)
            await self._change(task, state=TaskState.WANTED, next_at=now)
        else:
            await self._change(task, next_at=now + _SOON)

    async def _follow(self, task: GroupTask) -> None:
        now = self._now()
        confirmed = await self._read(task)
        if confirmed is not None:
            is_late = now >= confirmed + _LATE_RESULTS
            if is_late or not await self._waiting(task):
                await self._settle(task, TaskState.CONFIRMED, confirmed_at=confirmed)
            else:
                await self._change(task, confirmed_at=confirmed, read_at=now, next_at=now + _AGAIN)
        elif task.is_cancel_asked:
            await self._cancel(task, TaskState.CANCELLED)
        elif now >= task.wanted_at + LIFE:
            await self._cancel(task, TaskState.EXPIRED)
        else:
            await self._remind(task, now)

    async def _read(self, task: GroupTask) -> datetime | None:
        """Read the results back; when the steward confirmed, if so."""
        members = await self._finder.members(task.outer_id, self._now())
        confirmed = members.get(task.steward)
        if confirmed is None:
            return None
        body = {"msgid": task.outer_id, "userid": task.steward, "limit": 1000}
        async for page in pages(self._client, "get_groupmsg_send_result", body, "send_list"):
            results = [parse.result(row, confirmed) for row in page]
            known = [one for one in results if one is not None]
            await self._database.run(group_tasks.keep_results, task.id, known)
        return confirmed

    async def _cancel(self, task: GroupTask, end: TaskState) -> None:
        body = {"msgid": task.outer_id}
        try:
            await self._client.call("externalcontact/cancel_groupmsg_send", body, may_repeat=True)
        except WecomError as error:
            if error.code != _CANCELLED:
                raise
        confirmed = await self._read(task)  # perhaps just before
        state = end if confirmed is None else TaskState.CONFIRMED
        await self._settle(task, state, confirmed_at=confirmed)

    async def _remind(self, task: GroupTask, now: datetime) -> None:
        created = task.created_at or now
        reminded = group_tasks.moments(task.reminded)
        slot = next_reminder(created, reminded)
        is_due = task.is_reminder_asked or (slot is not None and slot <= now)
        if is_due and may_remind(reminded, now) and not is_quiet(now):
            # Counted before the call: an answer that is lost may have been a reminder.
            reminded.append(now)
            said = [moment.isoformat() for moment in reminded]
            await self._change(task, reminded=said, is_reminder_asked=False)
            await self._ask_again(task)
            slot = next_reminder(created, reminded)
        look = next_look(created, now)
        next_at = min(look, slot) if slot is not None and slot > now else look
        await self._change(task, read_at=now, next_at=next_at)

    async def _ask_again(self, task: GroupTask) -> None:
        body = {"msgid": task.outer_id}
        try:
            await self._client.call("externalcontact/remind_groupmsg_send", body)
        except WecomError as error:
            log.info("task %s: the reminder: %s", task.id, error)
            if error.code == _CANCELLED:  # by somebody in the console
                await self._change(task, is_cancel_asked=True)

    async def _waiting(self, task: GroupTask) -> list[str]:
        rows = await self._database.read(group_tasks.targets_of, [task.id], TargetState.WAITING)
        return [row.target for row in rows]

    async def _settle(
        self,
        task: GroupTask,
        state: TaskState,
        *,
        failure: str = "",
        confirmed_at: datetime | None = None,
        left: TargetState = TargetState.UNSENT,
    ) -> None:
        values = {"failure": failure[:40], "confirmed_at": confirmed_at, "read_at": self._now()}
        await self._database.run(_settle, task.id, state, left, self._now(), values)
        if state is TaskState.FAILED:
            log.warning("task %s failed: %s", task.id, failure)
        else:
            log.info("task %s is %s", task.id, state.value)

    async def _change(self, task: GroupTask, **values: Any) -> None:
        await self._database.run(_change, task.id, values)

    def _created(
        self,
        session: Session,
        task: GroupTask,
        outer_id: str,
        at: datetime,
        failed: Sequence[str],
    ) -> None:
        task_id = task.id or 0
        unreachable = [Result(one, TargetState.UNREACHABLE, None) for one in failed]
        group_tasks.keep_results(session, task_id, unreachable)
        values = {"outer_id": outer_id, "created_at": at, "next_at": self._now() + _AGAIN}
        group_tasks.change(session, task_id, state=TaskState.CREATED.value, **values)
        if self._tells_stewards:
            broadcasts.tell_steward(session, self._vault, task, self._now())


def _change(session: Session, task_id: int, values: dict[str, Any]) -> None:
    group_tasks.change(session, task_id, **values)


def _settle(
    session: Session,
    task_id: int,
    state: TaskState,
    left: TargetState,
    now: datetime,
    values: dict[str, Any],
) -> None:
    group_tasks.give_up(session, task_id, left)
    group_tasks.change(session, task_id, state=state.value, settled_at=now, **values)
