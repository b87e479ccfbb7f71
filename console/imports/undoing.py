"""An import is taken back in the background: looked at first, then done, some people at a time."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from console.exports.mark import Mark
from console.exports.sheet import Csv
from console.keeping import Writer
from console.work import Task, WorkRefusal
from records import background, rights, staff_accounts
from records.database import Session
from records.kept_files import Purpose
from registry import taking_back
from registry.taking_back import Fate, Undo, Undone

LOOK, UNDO = "unimport-look", "unimport"
_TOGETHER = 50  # people of one transaction
_SHOWN = 100
_WITHOUT_REASON = (Fate.GONE, Fate.BACK)  # their number is all that is told of them


async def look(task: Task) -> Mapping[str, Any]:
    """What would become of everybody; nothing is changed."""
    return await _through(task, is_trial=True)


async def undo(task: Task) -> Mapping[str, Any]:
    """Take it back; after a kill it goes on with who is left."""
    return await _through(task, is_trial=False)


async def _through(task: Task, *, is_trial: bool) -> Mapping[str, Any]:
    staff = await task.read(staff_accounts.active, task.row.by)
    if staff is None or not rights.may(staff, rights.Right.IMPORT):
        raise WorkRefusal("您没有导入名单的权限。")
    one = Undo(int(task.asked["run"]), task.means.vault, staff.name, task.means.now(), is_trial)
    ids = await task.read(taking_back.everybody, one.run_id)
    found = before(task.row.outcome)
    total = len(found) + len(ids)
    for first in range(0, len(ids), _TOGETHER):
        some = ids[first : first + _TOGETHER]
        if is_trial:
            found += await task.read(taking_back.some, one, some)
        else:
            found += await task.write(step, task.number, one, some, found)
        await task.tell(len(found), total)
    if not is_trial:
        await task.write(taking_back.end, one)
    await _keep(task, found)
    counts = Counter(each.fate for each in found)
    return {"run": one.run_id, "fates": {fate.name.lower(): counts[fate] for fate in Fate}}


def step(
    session: Session, number: int, one: Undo, ids: Sequence[str], found: Sequence[Undone]
) -> list[Undone]:
    """Some people; with them it is kept what has become of everybody so far."""
    done = taking_back.some(session, one, ids)
    whole = [*found, *done]
    counts = Counter(each.fate for each in whole if each.fate in _WITHOUT_REASON)
    part = [(each.person_id, each.why) for each in whole if each.fate is Fate.PART]
    kept = {fate.name.lower(): counts[fate] for fate in _WITHOUT_REASON}
    background.keep(session, number, {**kept, "part": part})
    return done


def before(outcome: Mapping[str, Any]) -> list[Undone]:
    """What was done before a kill; who stayed is looked at again, and is not in it."""
    found = [
        Undone("", fate)
        for fate in _WITHOUT_REASON
        for _ in range(int(outcome.get(fate.name.lower(), 0)))
    ]
    return found + [Undone(who, Fate.PART, tuple(why)) for who, why in outcome.get("part", ())]


async def _keep(task: Task, found: list[Undone]) -> None:
    """Everybody for whom something stays, with the reason; nothing personal is in it."""
    left = [one for one in found if one.why]
    report = await Writer.begin(task, Purpose.REPORT, "退回导入-没动的.csv")
    mark = Mark(task.row.by, task.means.now(), task.number)
    table = Csv("退回导入没动的", ("档案", "结果", "原因"), mark)
    rows = [(one.person_id, one.fate.value, "；".join(one.why)) for one in left]
    await report.write(table.begin())
    await report.write(await asyncio.to_thread(table.add, rows))
    await report.write(table.end())
    await report.end()
    shown = await Writer.begin(task, Purpose.SHOWN, "shown")
    await shown.write(orjson.dumps(rows[:_SHOWN]))
    await shown.end()
