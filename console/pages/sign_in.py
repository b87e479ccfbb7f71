"""Signing in: password and second factor, one-time link, proving it once more, signing out."""

from __future__ import annotations

import asyncio
from datetime import datetime
from ipaddress import ip_address
from urllib.parse import quote

from aiohttp import web

from console import carrying, factors, passwords
from console.desk import Desk
from console.forms import Filled, Form, blank, filled, wrong
from console.guard import BEFORE, COOKIE, admit, csrf_of, new_token, safe_way
from console.page import Door, Page
from records import audit, console_access, staff_accounts
from records.console_access import Stop, Try
from records.database import Session
from records.staff_accounts import Staff
from records.vault import Vault

_WRONG = "姓名或密码不对。忘了密码，请同事在“人员与权限”里给您发一个登录链接。"
_LOCKED_NAME = "试错的次数太多，这个账号锁了 15 分钟。可以等一会儿，或请同事给您发登录链接。"
_TOO_MANY = "这里试错的次数太多，请 15 分钟以后再来。"
_STOPPED = {Stop.NAME: _LOCKED_NAME, Stop.PLACE: _TOO_MANY}
_NO_FACTOR = "这个账号还没有第二步验证，请同事给您发一个登录链接，进来以后在“我的账号”里设好。"
_WRONG_CODE = "验证码不对，或者已经用过、过了时间，请再看一次。"
_AGAIN = "进来了。忘了密码、换了手机的，点右上角自己的名字，到“我的账号”重新设。"
_DEAD_LINK = "这个登录链接已经用过，或者过期了。请同事再发一个，或用密码登录。"


class _SignIn(Form):
    name: str
    password: str


class _Code(Form):
    code: str


async def sign_in(desk: Desk) -> web.StreamResponse:
    """The form; somebody who is signed in goes on."""
    if desk.staff.name:
        return desk.go(safe_way(desk.query.get("to", "/")))
    return _form(desk, blank())


def _form(desk: Desk, f: Filled[_SignIn], status: int = 200) -> web.StreamResponse:
    token = "" if desk.csrf else new_token()
    desk.csrf = desk.csrf or csrf_of(desk.means, token)
    to = desk.form.get("to") or desk.query.get("to", "")
    single = desk.means.single
    response = desk.render(
        "account/sign_in.html", status, f=f, to=to, single=single.label if single.issuer else ""
    )
    if token:
        admit(desk, response, token, BEFORE)
    return response


async def try_password(desk: Desk) -> web.StreamResponse:
    """Name and password; the second factor comes next."""
    f = filled(_SignIn, desk.form)
    if f.value is None:
        return _form(desk, f, 422)
    tried = await _begin(desk, f.value.name)
    if tried.stop:
        return _form(desk, wrong(f.typed, password=_STOPPED[tried.stop]), 429)
    known = await desk.read(_known, f.value.name)
    fits = await asyncio.to_thread(passwords.fits, known.password_hash, f.value.password)
    if not fits or known.staff is None:
        await desk.write(console_access.note_failure, f.value.name, desk.now)
        return _form(desk, wrong(f.typed, password=_WRONG), 403)
    await desk.write(console_access.take_back, tried, f.value.name)
    if not known.has_app and not factors.chat_of(known.staff):
        return _form(desk, wrong(f.typed, password=_NO_FACTOR), 403)
    token = new_token()
    print_ = desk.means.vault.fingerprint(f"console {token}")
    await desk.write(_half_open, desk.means.vault, print_, known, desk.now)
    desk.means.wake_sender()
    response = desk.go(f"/factor?to={quote(desk.form.get('to', ''))}")
    admit(desk, response, token)
    return response


class _Known:
    """What is known of who tries to sign in."""

    def __init__(self, session: Session, name: str) -> None:
        self.staff: Staff | None = staff_accounts.active(session, name)
        row = console_access.login_of(session, name)
        self.password_hash = row.password_hash if row else ""
        self.has_app = bool(row and row.sealed)


def _known(session: Session, name: str) -> _Known:
    return _Known(session, name)


async def _begin(desk: Desk, name: str) -> Try:
    """Count a try; what it tries is looked at afterwards."""
    return await desk.write(console_access.begin_try, _source(desk), name, desk.now)


def _source(desk: Desk) -> str:
    """Where the browser is, as a fingerprint: addresses are not kept."""
    return desk.means.vault.fingerprint(f"console from {caller(desk.request)}")


def caller(request: web.Request) -> str:
    """The address that asks; behind a proxy of our own network the one that it names."""
    peer = request.remote or ""
    named = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return named if named and _is_ours(peer) else peer


def _is_ours(address: str) -> bool:
    try:
        return ip_address(address).is_private
    except ValueError:
        return False


def _half_open(session: Session, vault: Vault, print_: str, known: _Known, now: datetime) -> None:
    staff = known.staff
    if staff is None:
        return
    console_access.open_session(session, print_, staff.name, is_whole=False, at=now)
    if not known.has_app:
        factors.send_code(session, vault, print_, staff, code=factors.new_code(), now=now)


async def factor(desk: Desk) -> web.StreamResponse:
    """The form for the code."""
    return await _factor_form(desk, blank())


async def _factor_form(desk: Desk, f: Filled[_Code], status: int = 200) -> web.StreamResponse:
    row = await desk.read(console_access.login_of, desk.staff.name)
    to = desk.form.get("to") or desk.query.get("to", "")
    way = "app" if row and row.sealed else "chat"
    chat = factors.chat_of(desk.staff)
    return desk.render("account/factor.html", status, f=f, to=to, way=way, has_chat=bool(chat))


async def try_code(desk: Desk) -> web.StreamResponse:
    """The code of the app, or the one that was sent."""
    f = filled(_Code, desk.form)
    if f.value is None:
        return await _factor_form(desk, f, 422)
    name, token = desk.staff.name, new_token()
    print_ = desk.means.vault.fingerprint(f"console {token}")
    tried = await _begin(desk, name)
    if tried.stop:
        return await _factor_form(desk, wrong(f.typed, code=_STOPPED[tried.stop]), 429)
    if not await desk.write(_spend, desk, print_, f.value.code):
        await desk.write(console_access.note_failure, name, desk.now)
        return await _factor_form(desk, wrong(f.typed, code=_WRONG_CODE), 403)
    await desk.write(console_access.take_back, tried, name)
    response = desk.go(safe_way(desk.form.get("to", "/")))
    admit(desk, response, token)  # a new one: what was known before signing in opens nothing
    return response


def _spend(session: Session, desk: Desk, whole: str, code: str) -> bool:
    vault, half, name = desk.means.vault, desk.token_print, desk.staff.name
    sent = factors.code_print(vault, half, code)
    is_right = console_access.spend_code(session, half, sent, at=desk.now)
    if is_right or _by_app(session, vault, name, code, desk.now):
        console_access.end(session, half)
        _open(session, desk, whole, name)
        return True
    return False


def _open(session: Session, desk: Desk, print_: str, name: str) -> None:
    browser = desk.browser
    console_access.open_session(session, print_, name, is_whole=True, at=desk.now, browser=browser)


async def send_again(desk: Desk) -> web.StreamResponse:
    """A code to their chat, a minute apart at most."""
    if factors.chat_of(desk.staff):
        await desk.write(_send, desk.means.vault, desk.token_print, desk.staff, desk.now)
        desk.means.wake_sender()
    return desk.go(
        f"/factor?to={quote(desk.form.get('to', ''))}", "验证码发到您绑定的聊天账号了。"
    )


def _send(session: Session, vault: Vault, print_: str, staff: Staff, now: datetime) -> None:
    factors.send_code(session, vault, print_, staff, code=factors.new_code(), now=now)


async def enter(desk: Desk) -> web.StreamResponse:
    """A one-time link: opening it does nothing yet, for chat programs fetch links."""
    code = desk.query.get("code", "")
    name = await desk.read(console_access.link_for, _link_print(desk, code), desk.now)
    token = "" if desk.csrf else new_token()
    desk.csrf = desk.csrf or csrf_of(desk.means, token)
    fault = "" if name else _DEAD_LINK
    response = desk.render("account/enter.html", name=name, code=code, fault=fault)
    if token:
        admit(desk, response, token, BEFORE)
    return response


async def use_link(desk: Desk) -> web.StreamResponse:
    """The button of the link."""
    tried, token = await _begin(desk, ""), new_token()
    print_ = desk.means.vault.fingerprint(f"console {token}")
    code = _link_print(desk, desk.form.get("code", ""))
    name = "" if tried.stop else await desk.write(_by_link, desk, code, print_)
    if not name:
        return desk.render("account/enter.html", 403, name="", code="", fault=_DEAD_LINK)
    await desk.write(console_access.take_back, tried, "")
    row = await desk.read(console_access.login_of, name)
    is_set = bool(row and row.password_hash)
    response = desk.go(
        "/" if is_set else "/account",
        _AGAIN if is_set else "先设一个密码和第二步验证，下次就能自己登录。",
    )
    admit(desk, response, token)
    return response


def _by_link(session: Session, desk: Desk, code: str, print_: str) -> str:
    name = console_access.spend_link(session, code, desk.now)
    if not name or staff_accounts.active(session, name) is None:
        return ""
    _open(session, desk, print_, name)
    return name


def _link_print(desk: Desk, code: str) -> str:
    return console_access.link_print(desk.means.vault, code)


async def again(desk: Desk) -> web.StreamResponse:
    """Who sits there shows once more who they are, before what needs it."""
    return await _again_form(desk, blank())


async def _again_form(desk: Desk, f: Filled[_Code], status: int = 200) -> web.StreamResponse:
    to = desk.form.get("to") or desk.query.get("to", "/")
    return await carrying.ask(desk, f, to, kept=desk.form.get("kept", ""), status=status)


async def prove(desk: Desk) -> web.StreamResponse:
    """The password, or a code of the app."""
    f = filled(_Code, desk.form)
    if f.value is None:
        return await _again_form(desk, f, 422)
    name, given = desk.staff.name, f.value.code
    tried = await _begin(desk, name)
    if tried.stop:
        return await _again_form(desk, wrong(f.typed, code=_STOPPED[tried.stop]), 429)
    known = await desk.read(_known, name)
    is_right = await asyncio.to_thread(passwords.fits, known.password_hash, given)
    is_right = is_right or await desk.write(_by_app, desk.means.vault, name, given, desk.now)
    if not is_right:
        await desk.write(console_access.note_failure, name, desk.now)
        return await _again_form(desk, wrong(f.typed, code="不对，请再输一次。"), 403)
    await desk.write(console_access.take_back, tried, name)
    await desk.write(console_access.prove, desk.token_print, desk.now)
    to = safe_way(desk.form.get("to", "/"))
    if carried := carrying.opened(desk):
        return desk.render("account/go_on.html", carried=carried, to=to)
    return desk.go(to)


def _by_app(session: Session, vault: Vault, name: str, code: str, now: datetime) -> bool:
    row = console_access.login_of(session, name)
    if row is None or not row.sealed:
        return False
    step = factors.step_of(console_access.totp_of(vault, row), code, now)
    return step is not None and console_access.use_step(session, name, step)


async def sign_out(desk: Desk) -> web.StreamResponse:
    """This browser forgets it."""
    await desk.write(_leave, desk.token_print, desk.staff.name, desk.now)
    response = desk.go("/sign-in")
    response.del_cookie(COOKIE, path="/console")
    return response


def _leave(session: Session, token_print: str, name: str, now: datetime) -> None:
    console_access.end(session, token_print)
    audit.write(session, "console.signed_out", at=now, actor=f"staff:{name}", subject=name)


PAGES = (
    Page("GET", "/sign-in", sign_in, door=Door.OPEN),
    Page("POST", "/sign-in", try_password, door=Door.OPEN),
    Page("GET", "/factor", factor, door=Door.HALF),
    Page("POST", "/factor", try_code, door=Door.HALF),
    Page("POST", "/factor/send", send_again, door=Door.HALF),
    Page("GET", "/enter", enter, door=Door.OPEN),
    Page("POST", "/enter", use_link, door=Door.OPEN),
    Page("GET", "/again", again),
    Page("POST", "/again", prove),
    Page("POST", "/sign-out", sign_out, door=Door.HALF),
)
