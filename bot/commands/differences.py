"""`guiyan import list|differences|take|keep`: what came in, and who decides what was different."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from bot.cli import BAD_USE, FAILED, OK, CommandError
from bot.commands import acting
from bot.commands.asking import warn
from bot.commands.editors_desk import write
from bot.settings import Settings
from bot.wiring import App, build
from records import imports
from records.database import StoreUnavailable
from records.imports import Difference, DifferenceState, Run
from records.people import Source
from records.rights import Right
from records.vault import VaultError
from registry import differences
from registry.differences import DecisionRefused
from registry.lists import Outcome

_MOST = 200
_STATES = {
    DifferenceState.OPEN: "待定",
    DifferenceState.TAKEN: "用了新的",
    DifferenceState.KEPT: "没动",
}
_SOURCES = {
    Source.CHAT: "本人",
    Source.COUNTER: "窗口",
    Source.HOUSEHOLD: "入户",
    Source.PROXY: "代填",
    Source.BULK: "名单",
}
Work = Callable[[App], Any]


def list_runs(options: argparse.Namespace, settings: Settings) -> int:
    """The imports, a line each."""

    async def work(app: App) -> list[Run]:
        return await app.database.read(_runs, app, options.open)

    write(_run_line(run) for run in _done(work, settings))
    return OK


def list_differences(options: argparse.Namespace, settings: Settings) -> int:
    """Differences with old and new, a line each."""

    async def work(app: App) -> list[Difference]:
        return await app.database.read(_differences, app, options)

    found = _done(work, settings)
    write(_line(one) for one in found)
    if not found:
        warn("there is nothing yet")
    if len(found) == _MOST:
        warn(f"the first {_MOST} are shown: decide these, then ask again")
    return OK


def take(options: argparse.Namespace, settings: Settings) -> int:
    """The list is right."""
    return _decided(options, settings, differences.take)


def keep(options: argparse.Namespace, settings: Settings) -> int:
    """The register is right."""
    return _decided(options, settings, differences.keep)


def _decided(options: argparse.Namespace, settings: Settings, decide: Callable[..., Any]) -> int:
    """Each number by itself: one that cannot be decided keeps none of the others."""
    by = options.staff.strip()
    if not by or len(by) > 40:
        raise CommandError("--staff takes a name of 1 to 40 characters", BAD_USE)

    async def work(app: App) -> int:
        refused = 0
        for number in options.numbers:
            try:
                await app.database.run(_decide, decide, app, number, by, app.now())
            except DecisionRefused as refusal:
                refused += 1
                warn(f"{refusal}。")
        return refused

    refused = _done(work, settings)
    write([f"定了 {len(options.numbers) - refused} 条。"])
    return FAILED if refused else OK


def _decide(
    session: Any, decide: Callable[..., Any], app: App, number: int, by: str, at: datetime
) -> None:
    found = imports.difference(session, app.vault, number)
    if found is not None:
        acting.of_person(session, by, found.person_id, Right.IMPORT, at)
    decide(session, app.vault, number, by=by, at=at)


def _runs(session: Any, app: App, only_open: bool) -> list[Run]:
    return imports.runs(session, app.vault, only_open=only_open)


def _differences(session: Any, app: App, options: argparse.Namespace) -> list[Difference]:
    state = None if options.all else DifferenceState.OPEN
    return imports.differences(session, app.vault, state=state, run_id=options.run, most=_MOST)


def _done(work: Work, settings: Settings) -> Any:
    async def worked() -> Any:
        app = build(settings, channels={})
        try:
            await app.open()
            return await work(app)
        finally:
            await app.database.close()

    try:
        return asyncio.run(worked())
    except (StoreUnavailable, VaultError) as fault:
        raise CommandError(str(fault)) from fault


def _run_line(run: Run) -> str:
    state = "做完" if run.ended_at else f"没做完，存了 {run.rows_done} 行，再导入一次就接着做"
    counts = "，".join(_counted(run.counts))
    head = f"{run.id}  {run.started_at:%Y-%m-%d}  {run.kind}  {run.name}  {run.staff}"
    return f"{head}  {state}  {counts}".rstrip()


def _counted(counts: Any) -> Iterator[str]:
    for outcome in Outcome:
        if counts.get(outcome.name.lower()):
            yield f"{outcome.value} {counts[outcome.name.lower()]}"


def _line(one: Difference) -> str:
    state = _STATES[one.state]
    if one.decided_by:
        by = "按先后" if one.decided_by == imports.BY_RANK else one.decided_by
        state += f"（{by} {one.decided_at:%Y-%m-%d}）"
    place = f"第{one.run_id}次导入第{one.line}行" if one.run_id else ""
    parts: Sequence[str] = (
        str(one.id),
        state,
        one.person_id,
        differences.called(one.field),
        f"{differences.said(one.field, one.old)}（{_SOURCES[one.held_source]}） → "
        f"{differences.said(one.field, one.new)}（{_SOURCES[one.source]}）",
        place,
        one.found_by,
    )
    return "  ".join(part for part in parts if part)
