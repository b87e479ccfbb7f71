"""Who guesses passwords or codes: many at once count like many in a row."""

from __future__ import annotations

import asyncio

import pyotp

from console import passwords
from records import console_access
from records.database import Session
from tests.support.console import Browser, Stage

PASSWORD, SECRET = "大雁三月往北飞 day", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
FIVE = [403] * 5 + [429] * 15  # five are looked at, then the account is shut


async def _browsers(stage: Stage, count: int) -> list[Browser]:
    """Browsers of nobody, beside somebody with a password and an app."""
    await stage.staff()

    def keep(session: Session) -> None:
        console_access.set_password(session, "小周", passwords.hashed(PASSWORD), at=stage.now)
        console_access.set_totp(session, stage.vault, "小周", SECRET, at=stage.now)

    await stage.database.run(keep)
    return [stage.nobody() for _ in range(count)]


async def _send(browser: Browser, path: str, **fields: str) -> int:
    page = await browser.get(path)
    csrf = page.text.split('name="csrf" value="')[1].split('"')[0]
    return (await browser.post_bare(path, csrf=csrf, **fields)).status


async def _half_in(stage: Stage) -> Browser:
    [browser] = await _browsers(stage, 1)
    assert await _send(browser, "/sign-in", name="小周", password=PASSWORD) == 303
    return browser


async def test_passwords_side_by_side_are_counted_one_by_one(stage: Stage) -> None:
    tries = (
        _send(browser, "/sign-in", name="小周", password="not this one")
        for browser in await _browsers(stage, 20)
    )
    assert sorted(await asyncio.gather(*tries)) == FIVE


async def test_codes_side_by_side_are_counted_one_by_one(stage: Stage) -> None:
    browser = await _half_in(stage)
    tries = (_send(browser, "/factor", code=f"{number:06}") for number in range(20))
    assert sorted(await asyncio.gather(*tries)) == FIVE


async def test_a_locked_account_takes_no_right_code_either(stage: Stage) -> None:
    browser = await _half_in(stage)
    for number in range(5):
        await _send(browser, "/factor", code=f"{number:06}")
    assert await _send(browser, "/factor", code=pyotp.TOTP(SECRET).at(stage.now)) == 429
