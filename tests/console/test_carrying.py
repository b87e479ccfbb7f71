"""What was typed is not lost when somebody has first to prove who they are."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest

from console import passwords
from records import background, console_access
from records.database import Session
from tests.support.console import Answer, Browser, Stage

PASSWORD = "大雁三月往北飞 day"
WHY = "镇里要「名单」& 核对"


@pytest.fixture
async def late(stage: Stage) -> Browser:
    """Somebody who sat over a form for half an hour."""
    browser = await stage.staff("小周")

    def keep(session: Session) -> None:
        console_access.set_password(session, "小周", passwords.hashed(PASSWORD), at=stage.now)

    await stage.database.run(keep)
    stage.clock[0] += timedelta(minutes=30)
    return browser


def _hidden(answer: Answer) -> dict[str, str]:
    main = answer.text[answer.text.index("<main") :]
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', main)
    return {name: html.unescape(value) for name, value in found if name != "csrf"}


async def _typed(browser: Browser) -> dict[str, str]:
    answer = await browser.post("/exports/new?what=people", shape="csv", why=WHY)
    assert (answer.status, "刚才填的内容还在" in answer.words) == (200, True)
    return _hidden(answer)


async def test_after_the_proof_it_goes_on_as_it_was_typed(stage: Stage, late: Browser) -> None:
    kept = await _typed(late)
    assert (await late.post("/again", code="wrong", **kept)).status == 403
    page = await late.post("/again", code=PASSWORD, **kept)
    assert 'action="/console/exports/new?what=people"' in page.text
    assert _hidden(page) == {"shape": "csv", "why": WHY}
    answer = await late.post("/exports/new?what=people", **_hidden(page))
    assert (answer.status, answer.path) == (303, "/exports/1")


async def test_a_wrong_proof_keeps_it(late: Browser) -> None:
    kept = await _typed(late)
    assert _hidden(await late.post("/again", code="wrong", **kept)) == kept


async def test_it_is_nobody_elses_and_not_for_long(stage: Stage, late: Browser) -> None:
    kept = await _typed(late)
    other = await stage.staff("老李")
    await stage.database.run(
        lambda s: console_access.set_password(s, "老李", passwords.hashed(PASSWORD), at=stage.now)
    )
    assert (await other.post("/again", code=PASSWORD, **kept)).status == 303
    stage.clock[0] += timedelta(minutes=20)
    assert (await late.post("/again", code=PASSWORD, **kept)).status == 303


async def test_nothing_is_done_before_the_proof(stage: Stage, late: Browser) -> None:
    await _typed(late)
    due = await stage.database.read(background.due, stage.now, 9)
    assert list(due) == []


async def test_a_form_of_another_site_is_not_carried(late: Browser) -> None:
    answer = await late.post_bare("/exports/new?what=people", why=WHY)
    assert (answer.status, WHY in answer.words) == (403, False)


async def test_passwords_are_typed_again(late: Browser) -> None:
    answer = await late.post("/account/password", new="a new password of mine")
    assert answer.path.startswith("/again")


@pytest.mark.parametrize("kept", ["", "x", "AAAA", "不是"])
async def test_what_we_did_not_seal_is_left_out(late: Browser, kept: str) -> None:
    answer = await late.post("/again", code=PASSWORD, kept=kept, to="/exports")
    assert (answer.status, answer.path) == (303, "/exports")
