"""Coming in: passwords, second factors, links, locks, forged forms."""

from __future__ import annotations

from datetime import datetime, timedelta

import pyotp
import pytest
from aiohttp.test_utils import make_mocked_request

from console import factors, passwords
from console.browsers import browser_of
from console.pages.sign_in import caller
from records import console_access, staff_accounts
from records.database import Session
from tests.support.console import Browser, Stage

PASSWORD = "大雁三月往北飞 day"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


async def _with_password(stage: Stage, name: str = "小周") -> None:
    await stage.staff(name)

    def keep(session: Session) -> None:
        console_access.set_password(session, name, passwords.hashed(PASSWORD), at=stage.now)
        console_access.set_totp(session, stage.vault, name, SECRET, at=stage.now)

    await stage.database.run(keep)


async def _tries(browser: Browser, password: str, name: str = "小周") -> int:
    page = await browser.get("/sign-in")
    assert page.status == 200
    csrf = page.text.split('name="csrf" value="')[1].split('"')[0]
    answer = await browser.post_bare("/sign-in", csrf=csrf, name=name, password=password)
    return answer.status


async def _code(browser: Browser, code: str) -> tuple[int, str]:
    page = await browser.get("/factor")
    csrf = page.text.split('name="csrf" value="')[1].split('"')[0]
    answer = await browser.post_bare("/factor", csrf=csrf, code=code)
    return answer.status, answer.path


def _now_code(now: datetime) -> str:
    return pyotp.TOTP(SECRET).at(now)


async def test_who_is_not_signed_in_is_sent_to_the_form(stage: Stage) -> None:
    answer = await stage.nobody().get("/account")
    assert (answer.status, answer.path) == (303, "/sign-in?to=/account")


async def test_password_and_code_sign_in(stage: Stage) -> None:
    await _with_password(stage)
    browser = stage.nobody()
    assert await _tries(browser, PASSWORD) == 303
    assert await _code(browser, _now_code(stage.now)) == (303, "/")
    assert (await browser.get("/")).status == 200


async def test_half_signed_in_opens_nothing(stage: Stage) -> None:
    await _with_password(stage)
    browser = stage.nobody()
    await _tries(browser, PASSWORD)
    assert (await browser.get("/")).path == "/factor"


async def test_signing_in_changes_the_token(stage: Stage) -> None:
    await _with_password(stage)
    browser = stage.nobody()
    await _tries(browser, PASSWORD)
    before = browser.cookies["guiyan_console"]
    await _code(browser, _now_code(stage.now))
    assert browser.cookies["guiyan_console"] != before


async def test_a_code_is_good_once(stage: Stage) -> None:
    await _with_password(stage)
    one, other = stage.nobody(), stage.nobody()
    for browser in (one, other):
        await _tries(browser, PASSWORD)
    assert (await _code(one, _now_code(stage.now)))[0] == 303
    assert (await _code(other, _now_code(stage.now)))[0] == 403


@pytest.mark.parametrize("name", ["小周", "没有这个人"])
async def test_a_wrong_password_says_the_same_for_everybody(stage: Stage, name: str) -> None:
    await _with_password(stage)
    assert await _tries(stage.nobody(), "not this one", name) == 403


async def test_five_wrong_passwords_lock_for_a_while(stage: Stage) -> None:
    await _with_password(stage)
    for _ in range(5):
        assert await _tries(stage.nobody(), "not this one") == 403
    assert await _tries(stage.nobody(), PASSWORD) == 429
    stage.clock[0] += timedelta(minutes=16)
    assert await _tries(stage.nobody(), PASSWORD) == 303


async def test_thirty_failures_from_one_place_are_too_many(stage: Stage) -> None:
    for number in range(30):
        await _tries(stage.nobody(), "not this one", f"somebody {number}")
    assert await _tries(stage.nobody(), "not this one", "another") == 429


async def _offer(stage: Stage, code: str) -> None:
    await stage.staff()
    print_ = console_access.link_print(stage.vault, code)
    args = {"at": stage.now, "actor": "system"}

    def keep(session: Session) -> None:
        console_access.offer_link(session, print_, "小周", **args)  # type: ignore[arg-type]

    await stage.database.run(keep)


async def _press(browser: Browser, code: str) -> tuple[int, str]:
    page = await browser.get(f"/enter?code={code}")
    parts = page.text.split('name="csrf" value="')
    csrf = parts[1].split('"')[0] if len(parts) > 1 else ""
    answer = await browser.post_bare("/enter", csrf=csrf, code=code)
    return answer.status, answer.path


async def test_a_link_signs_in_once(stage: Stage) -> None:
    await _offer(stage, "abc")
    assert await _press(stage.nobody(), "abc") == (303, "/account")
    assert (await _press(stage.nobody(), "abc"))[0] == 403


async def test_opening_a_link_does_not_spend_it(stage: Stage) -> None:
    await _offer(stage, "abc")
    for _ in range(3):
        await stage.nobody().get("/enter?code=abc")
    assert (await _press(stage.nobody(), "abc"))[0] == 303


async def test_a_link_is_good_for_a_day(stage: Stage) -> None:
    await _offer(stage, "abc")
    stage.clock[0] += timedelta(hours=25)
    assert (await _press(stage.nobody(), "abc"))[0] == 403


async def test_a_form_without_its_mark_is_refused(stage: Stage) -> None:
    browser = await stage.staff()
    assert (await browser.post_bare("/account/leave-others")).status == 403


async def test_a_form_with_anothers_mark_is_refused(stage: Stage) -> None:
    mine, other = await stage.staff(), await stage.staff("小吴")
    answer = await mine.post_bare("/account/leave-others", csrf=other.csrf)
    assert answer.status == 403


async def test_a_session_ends_after_two_idle_hours(stage: Stage) -> None:
    browser = await stage.staff()
    stage.clock[0] += timedelta(hours=2, minutes=1)
    assert (await browser.get("/")).status == 303


async def test_a_session_ends_after_twelve_hours(stage: Stage) -> None:
    browser = await stage.staff()
    for _ in range(12):
        stage.clock[0] += timedelta(minutes=59)
        assert (await browser.get("/")).status == 200
    stage.clock[0] += timedelta(minutes=59)
    assert (await browser.get("/")).status == 303


async def test_who_is_disabled_is_out_at_once(stage: Stage) -> None:
    browser = await stage.staff()

    def leave(session: Session) -> None:
        staff_accounts.disable(session, "小周", at=stage.now, actor="system")

    await stage.database.run(leave)
    assert (await browser.get("/")).status == 303


@pytest.mark.parametrize("to", ["//evil.example", "https://evil.example", "/\\evil.example"])
async def test_signing_in_leads_nowhere_else(stage: Stage, to: str) -> None:
    browser = await stage.staff()
    answer = await browser.get(f"/sign-in?to={to}")
    assert (answer.status, answer.path) == (303, "/")


async def test_every_answer_has_its_guards(stage: Stage) -> None:
    answer = await (await stage.staff()).get("/")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


async def test_an_address_that_is_none_says_so(stage: Stage) -> None:
    answer = await (await stage.staff()).get("/no/such/page")
    assert answer.status == 404
    assert "没有" in answer.words


@pytest.mark.parametrize(
    "password", ["short", "1234567890", "aaaaaaaaaaaa", "小周小周小周小周小周"]
)
def test_a_weak_password_is_told_why(password: str) -> None:
    assert passwords.weakness(password, "小周")


def test_codes_of_a_clock_that_is_half_a_minute_off_are_taken(now: datetime) -> None:
    assert factors.step_of(SECRET, _now_code(now - timedelta(seconds=30)), now) is not None
    assert factors.step_of(SECRET, _now_code(now - timedelta(seconds=90)), now) is None


async def test_a_new_password_signs_other_browsers_out(stage: Stage) -> None:
    browser = await stage.staff()
    other = stage.vault.fingerprint("console another")

    def elsewhere(session: Session) -> None:
        console_access.open_session(session, other, "小周", is_whole=True, at=stage.now)

    await stage.database.run(elsewhere)
    answer = await browser.post("/account/password", password=PASSWORD, repeated=PASSWORD)
    assert answer.path == "/account"
    assert await stage.database.read(console_access.signed_in, other) is None


CALLERS = [
    ("127.0.0.1", "203.0.113.7", "203.0.113.7"),
    ("10.0.0.2", "spoofed, 203.0.113.7", "203.0.113.7"),
    ("8.8.8.8", "203.0.113.7", "8.8.8.8"),
    ("127.0.0.1", "", "127.0.0.1"),
]


@pytest.mark.parametrize(("peer", "forwarded", "found"), CALLERS)
def test_only_a_proxy_of_our_own_says_who_asks(peer: str, forwarded: str, found: str) -> None:
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    request = make_mocked_request("GET", "/", headers=headers).clone(remote=peer)
    assert caller(request) == found


AGENTS = [
    ("Mozilla/5.0 (Linux; Android 10) Chrome/120 Mobile MicroMessenger/8.0", "微信，安卓手机"),
    ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Safari/604", "Safari，苹果手机"),
    ("Mozilla/5.0 (Windows NT 6.1) Chrome/109 Safari/537 Edg/109", "Edge，Windows 电脑"),
    ("curl/8.0", "认不出的浏览器"),
]


@pytest.mark.parametrize(("agent", "said"), AGENTS)
def test_a_browser_is_known_again_by_words(agent: str, said: str) -> None:
    assert browser_of(agent) == said


async def test_one_other_browser_is_signed_out_by_itself(stage: Stage) -> None:
    browser = await stage.staff()
    lost = stage.vault.fingerprint("console lost")

    def in_wechat(session: Session) -> None:
        phone, at = "微信，安卓手机", stage.now
        console_access.open_session(session, lost, "小周", is_whole=True, at=at, browser=phone)

    await stage.database.run(in_wechat)
    assert "微信，安卓手机" in (await browser.get("/account")).words
    await browser.post("/account/leave", mark=lost[:12])
    assert await stage.database.read(console_access.signed_in, lost) is None
    assert (await browser.get("/account")).status == 200


async def test_nobody_signs_out_a_browser_of_another(stage: Stage) -> None:
    browser, _ = await stage.staff(), await stage.staff("小吴")
    theirs = stage.vault.fingerprint(f"console {'token of 小吴'.replace(' ', '-').encode().hex()}")
    answer = await browser.post("/account/leave", mark=theirs[:12])
    assert answer.path == "/account"
    assert await stage.database.read(console_access.signed_in, theirs) is not None


async def test_a_link_from_a_colleague_lifts_the_lock(stage: Stage) -> None:
    await _with_password(stage)
    for _ in range(5):
        await _tries(stage.nobody(), "not this one")
    await _offer(stage, "a code of a link")
    await _press(stage.nobody(), "a code of a link")
    assert await _tries(stage.nobody(), PASSWORD) == 303


async def test_a_phone_that_cannot_scan_itself_has_a_link_for_its_app(stage: Stage) -> None:
    page = await (await stage.staff()).get("/account/app")
    assert page.status == 200
    assert 'href="otpauth://totp/' in page.text


async def test_who_has_nothing_to_prove_by_is_told_the_way(stage: Stage) -> None:
    page = await (await stage.staff()).get("/again?to=/exports")
    assert "再发一个登录链接" in page.words
    await _with_password(stage)
    assert "密码或 6 位验证码" in (await (await stage.staff()).get("/again")).words
