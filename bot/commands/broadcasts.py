"""`guiyan broadcast`: ask for broadcasts, follow them, remind their stewards, cancel them."""

from __future__ import annotations

import argparse
from collections import Counter as Tally
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from bot.cli import BAD_USE, CommandError
from bot.commands.stewards import Counter, at_counter, must_be_on
from bot.settings import Settings
from bot.wecom import broadcast_rules
from knowledge.areas import Area
from outreach import broadcasts
from outreach.broadcast_quota import may_remind
from outreach.broadcasts import Broadcast, Content, Kind, Plan
from outreach.calendars import CHINA, is_quiet
from outreach.customers import area_of
from records import customers, group_tasks
from records.customers import Wanted
from records.database import Session
from records.group_tasks import GroupTask, TargetState, TaskState
from records.vault import Vault

_STATES = {
    TaskState.WANTED: "等着建",
    TaskState.CREATING: "正在建",
    TaskState.CREATED: "等确认",
    TaskState.CONFIRMED: "已发出",
    TaskState.CANCELLED: "已取消",
    TaskState.EXPIRED: "过期没发",
    TaskState.FAILED: "没建成",
    TaskState.EMPTY: "不发",
}
_OUTCOMES = {
    TargetState.WAITING: "等确认",
    TargetState.SENT: "已发到",
    TargetState.NOT_FRIEND: "不再是好友",
    TargetState.FULL: "平台说次数满了",
    TargetState.OVER_QUOTA: "次数到上限，没发",
    TargetState.STOPPED: "说过不要再发",
    TargetState.GONE: "群已解散或不认识",
    TargetState.UNREACHABLE: "平台说发不到",
    TargetState.UNSENT: "没发",
}
_LISTED = 50
_FILE_NAME, _ID_LENGTH = 255, 80


def new(options: argparse.Namespace, settings: Settings) -> int:
    """Ask for a broadcast, or show whom it would reach."""
    if not options.dry_run:
        must_be_on(settings)
    return at_counter(_new, options, settings)


def list_broadcasts(options: argparse.Namespace, settings: Settings) -> int:
    """The newest first."""
    return at_counter(_list, options, settings)


def show(options: argparse.Namespace, settings: Settings) -> int:
    """What became of each customer and group."""
    return at_counter(_show, options, settings)


def remind(options: argparse.Namespace, settings: Settings) -> int:
    """Ask the stewards once more."""
    must_be_on(settings)
    return at_counter(_remind, options, settings)


def cancel(options: argparse.Namespace, settings: Settings) -> int:
    """Let nobody confirm it any more."""
    must_be_on(settings)
    return at_counter(_cancel, options, settings)


async def _new(counter: Counter) -> list[str]:
    app, options = counter.app, counter.options
    content = _content(options)
    content.check()
    kind = Kind.SINGLE if options.customers else Kind.GROUP
    wanted = await _wanted(counter, kind)
    now, rules = app.now(), broadcast_rules(counter.settings)
    key = options.key or broadcasts.key_of(kind, wanted, content, now)
    broadcast = Broadcast(key, kind, content, wanted)
    names = await app.database.read(_names, app.vault, kind)
    if options.dry_run:
        plan = await app.database.read(broadcasts.plan, app.vault, broadcast, now, rules)
        return [*_planned(plan, kind, names), "只是看看，什么也没有发。"]
    known = await app.database.read(group_tasks.of_broadcast, key)
    if known:
        raise CommandError(
            f"已经有群发 {key}：guiyan broadcast show {key} 可以看。要再发，请用 --key 另起名字。"
        )
    tasks = await app.database.run(broadcasts.want, app.vault, broadcast, now, rules)
    lines = await app.database.read(_outcomes, tasks, names)
    return [*lines, *_ending(key, tasks, is_quiet(now))]


def _ending(key: str, tasks: Sequence[GroupTask], is_night: bool) -> list[str]:
    if all(task.state == TaskState.EMPTY for task in tasks):
        return [f"群发 {key}：一个也发不了。"]
    when = "天亮以后" if is_night else "服务运行着的话，几秒之内"
    return [f"群发 {key}：{when}交给平台，员工在企业微信里确认之后才会发出。"]


async def _list(counter: Counter) -> list[str]:
    tasks = await counter.app.database.read(group_tasks.listed, _LISTED)
    by_key: dict[str, list[GroupTask]] = {}
    for task in tasks:
        by_key.setdefault(task.broadcast, []).append(task)
    counts = await counter.app.database.read(group_tasks.counts, [task.id for task in tasks])
    return [_headline(key, found, counts) for key, found in by_key.items()] or ["没有。"]


async def _show(counter: Counter) -> list[str]:
    app = counter.app
    tasks = await _tasks(counter)
    counts = await app.database.read(group_tasks.counts, [task.id for task in tasks])
    names = await app.database.read(_names, app.vault, Kind(tasks[0].kind))
    content = broadcasts.opened(app.vault, tasks[0].sealed)
    lines = [_headline(tasks[0].broadcast, tasks, counts), content.text]
    lines += [_task_line(task) for task in tasks if task.steward]
    return [*lines, *await app.database.read(_outcomes, tasks, names)]


async def _remind(counter: Counter) -> list[str]:
    tasks = [task for task in await _tasks(counter) if task.state == TaskState.CREATED]
    now = counter.app.now()
    if not tasks:
        raise CommandError("没有等确认的了，不用提醒。")
    if not any(may_remind(group_tasks.moments(task.reminded), now) for task in tasks):
        raise CommandError("24小时里已经提醒过三次，平台不让再提醒。")
    await counter.app.database.run(_ask_reminder, counter.options.key, now)
    return [
        "记下了，天亮以后提醒。" if is_quiet(now) else "记下了，服务运行着的话，几秒之内提醒。"
    ]


async def _cancel(counter: Counter) -> list[str]:
    await _tasks(counter)
    asked = await counter.app.database.run(_ask_cancel, counter.options.key, counter.app.now())
    if not asked:
        raise CommandError("已经发完或取消了，没有可取消的。")
    return [f"记下了，服务运行着的话，几秒之内取消{asked}个任务；已经发出的收不回。"]


async def _tasks(counter: Counter) -> list[GroupTask]:
    tasks = await counter.app.database.read(group_tasks.of_broadcast, counter.options.key)
    if not tasks:
        raise CommandError(
            f"没有群发 {counter.options.key}。用 guiyan broadcast list 看看有哪些。"
        )
    return tasks


def _content(options: argparse.Namespace) -> Content:
    link = {}
    if options.link:
        link = {"title": options.link_title or "点开看看", "url": options.link}
        link |= {"desc": options.link_text} if options.link_text else {}
    image = b""
    if options.image:
        image = _read(Path(options.image))
    name = Path(options.image).name if options.image else ""
    return Content(_text(options.text), link, name, image)


def _text(given: str) -> str:
    """The text itself, or what the file of this name holds."""
    path = Path(given)
    if len(given.encode()) <= _FILE_NAME and "\n" not in given:
        if path.is_file():
            return _as_text(_read(path), path)
        if path.suffix in (".txt", ".md"):
            raise CommandError(f"没有文件 {path}。", BAD_USE)
    return given


def _as_text(raw: bytes, path: Path) -> str:
    try:
        return raw.decode("utf-8-sig").strip()
    except UnicodeDecodeError as fault:
        raise CommandError(f"{path} 不是UTF-8文字：请另存为UTF-8再试。", BAD_USE) from fault


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as fault:
        raise CommandError(f"打不开 {path}（{fault.strerror}）。", BAD_USE) from fault


async def _wanted(counter: Counter, kind: Kind) -> Wanted:
    options, area = counter.options, counter.area()
    owners = await counter.owners(kind)
    ids = tuple(dict.fromkeys(options.groups or ()))
    if any(len(one) > _ID_LENGTH for one in ids):
        raise CommandError("编号太长了，请核对 --groups。", BAD_USE)
    if kind is Kind.SINGLE and ids:
        raise CommandError("--groups 和 --customers 只能写一个。", BAD_USE)
    if ids and area is not None:
        raise CommandError("写了 --groups 就不用写 --area。", BAD_USE)
    if not (ids or owners or area):
        raise CommandError("请说发给谁：--groups、--owner 或 --area。", BAD_USE)
    if area is None:
        return Wanted(ids=ids, owners=owners)
    inside = await _inside(counter, kind, area, Wanted(owners=owners))
    if not inside:
        raise CommandError(
            f"{area.name}没有可发的：群要先用 guiyan groups place 记下是哪里的，"
            "客户看来路里的地区代码。"
        )
    return Wanted(ids=inside, owners=owners)


async def _inside(counter: Counter, kind: Kind, area: Area, wanted: Wanted) -> tuple[str, ...]:
    """Those meant who are from an area."""
    if kind is Kind.GROUP:
        found = [g for g in await counter.groups(wanted) if not g.is_dismissed]
        return tuple(g.chat_id for g in found if counter.is_within(g.area, area))
    rows = await counter.app.database.read(customers.contacts_of)
    mine = [row for row in rows if not wanted.owners or row.steward in wanted.owners]
    inside = [r.external_id for r in mine if counter.is_within(area_of(r.state), area)]
    return tuple(dict.fromkeys(inside))


def _names(session: Session, vault: Vault, kind: Kind) -> dict[str, str]:
    """How people call each group or customer."""
    if kind is Kind.GROUP:
        found = customers.groups(session, vault, Wanted())
        return {group.chat_id: group.name for group in found}
    rows = customers.contacts_of(session)
    return {row.external_id: str(vault.open(row.sealed).get("name", "")) for row in rows}


def _planned(plan: Plan, kind: Kind, names: Mapping[str, str]) -> Iterator[str]:
    unit = "个群" if kind is Kind.GROUP else "位客户"
    yield f"会发给{plan.reached}{unit}，{len({who for who, _ in plan.lots})}位员工确认。"
    for steward, targets in plan.lots:
        yield f"{steward}（{len(targets)}{unit}）"
        yield from (f"  {target}  {names.get(target, '')}" for target in targets)
    if plan.left_out:
        yield f"不发的{len(plan.left_out)}{unit}："
        for target, why in sorted(plan.left_out.items()):
            yield f"  {target}  {names.get(target, '')}  {_OUTCOMES[why]}"


def _outcomes(session: Session, tasks: Sequence[GroupTask], names: Mapping[str, str]) -> list[str]:
    stewards = {task.id: task.steward or "－" for task in tasks}
    return [
        f"  {stewards[row.task_id]}  {row.target}  {names.get(row.target, '')}  "
        f"{_OUTCOMES[TargetState(row.state)]}"
        for row in group_tasks.targets_of(session, [task.id or 0 for task in tasks])
    ]


def _headline(key: str, tasks: Sequence[GroupTask], counts: Mapping[tuple[int, str], int]) -> str:
    at = tasks[0].wanted_at.astimezone(CHINA)
    states = Tally(_STATES[TaskState(task.state)] for task in tasks if task.steward)
    totals: Tally[str] = Tally()
    for task in tasks:
        for state in TargetState:
            totals[_OUTCOMES[state]] += counts.get((task.id or 0, state.value), 0)
    said = "、".join(f"{word}{number}" for word, number in totals.items() if number)
    steps = "、".join(f"{word}{number}" for word, number in states.items()) or "一个也不发"
    return f"{key}  {at:%m-%d %H:%M}  任务：{steps}  结果：{said or '无'}"


def _task_line(task: GroupTask) -> str:
    asks = "，等着取消" if task.is_cancel_asked and task.settled_at is None else ""
    reminded = f"，提醒过{len(task.reminded)}次" if task.reminded else ""
    fault = f"（{task.failure}）" if task.failure else ""
    return f"{task.steward}：{_STATES[TaskState(task.state)]}{fault}{reminded}{asks}"


def _ask_reminder(session: Session, key: str, now: datetime) -> int:
    return group_tasks.ask(session, key, now, is_reminder_asked=True)


def _ask_cancel(session: Session, key: str, now: datetime) -> int:
    return group_tasks.ask(session, key, now, is_cancel_asked=True)
