"""Whoever is shown somebody, and be it masked, is in the trail: every page is looked at for it."""

from __future__ import annotations

import re
from datetime import timedelta

from sqlalchemy import func, select

from bot.benching.console_world import NOW, World
from outreach.ticket_lists import Tab
from records.audit import AuditRow
from records.database import Session
from tests.support.console import Browser, Stage
from tests.support.console_walk import walked

SOMEBODY = re.compile(r"\d{3}\*{4}\d{4}|[\u4e00-\u9fff]\*\*")  # as pages mask phones and names
AN_HOUR = timedelta(hours=1, minutes=1)


async def _acts(stage: Stage) -> int:
    def count(session: Session) -> int:
        return int(session.execute(select(func.count()).select_from(AuditRow)).scalar_one())

    return await stage.database.read(count)


async def _filled(stage: Stage) -> Browser:
    stage.clock[0] = NOW
    await World(stage.vault, 16).fill(stage.database, messages=16, tickets=16)
    return await stage.staff()


async def test_no_page_shows_anybody_without_a_line_in_the_trail(stage: Stage) -> None:
    browser, silent = await _filled(stage), []
    paths = list(await walked(browser))
    stage.clock[0] += AN_HOUR  # what was read by walking is past
    for path in paths:
        before = await _acts(stage)
        shown = SOMEBODY.search((await browser.get(path)).text)
        if shown and await _acts(stage) == before and not path.startswith("/inbox?"):
            silent.append(path)
    assert (silent, len(paths) > 20) == ([], True)


async def test_a_list_that_renews_itself_is_in_the_trail_once_an_hour(stage: Stage) -> None:
    browser, counts = await _filled(stage), []
    lists = [f"/inbox?tab={tab}" for tab in Tab]
    for minutes in (0, 1, 61):
        stage.clock[0] += timedelta(minutes=minutes)
        before = await _acts(stage)
        shown = [(await browser.get(path)).text for path in lists]
        counts.append(await _acts(stage) > before)
    assert any(SOMEBODY.search(text) for text in shown)
    assert counts == [True, False, True]
