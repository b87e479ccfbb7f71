"""My account: password, second factor, where I am signed in."""

from __future__ import annotations

import asyncio
import base64
import io
from datetime import datetime

import segno
from aiohttp import web
from markupsafe import Markup

from console import factors, passwords
from console.desk import Desk, Refused
from console.forms import Filled, Form, blank, filled, wrong
from console.page import Door, Page
from records import audit, console_access
from records.database import Session
from records.rights import Post
from records.vault import VaultError

POSTS = {
    Post.CADRE: "村组干部",
    Post.CLERK: "乡镇服务站",
    Post.COMMISSIONER: "服务专员",
    Post.MENTOR: "导师",
    Post.STEWARD: "群管",
    Post.HEAD: "站长",
    Post.COUNTY: "县级",
    Post.CITY: "市级",
    Post.INSPECTOR: "督查",
    Post.PUBLICITY: "宣传",
    Post.PARTNER: "合作单位",
    Post.OPERATOR: "系统运维",
}


class _Password(Form):
    password: str
    repeated: str


class _App(Form):
    code: str
    secret: str


async def account(desk: Desk) -> web.StreamResponse:
    """What is set, and where I am signed in."""
    return await _account(desk, blank())


async def _account(desk: Desk, f: Filled[_Password], status: int = 200) -> web.StreamResponse:
    row = await desk.read(console_access.login_of, desk.staff.name)
    named = await desk.named(desk.staff.area)
    return desk.render(
        "account/account.html",
        status,
        f=f,
        post=POSTS[desk.post],
        area=named(desk.staff.area) if desk.staff.area else "全部地区",
        has_password=bool(row and row.password_hash),
        has_app=bool(row and row.sealed),
        chats=[one.partition(":")[0] for one in desk.staff.accounts],
        sessions=await desk.read(console_access.sessions_of, desk.staff.name),
    )


async def set_password(desk: Desk) -> web.StreamResponse:
    """A new password; other browsers are signed out."""
    f = filled(_Password, desk.form)
    if f.value is None:
        return await _account(desk, f, 422)
    weak = passwords.weakness(f.value.password, desk.staff.name)
    if weak:
        return await _account(desk, wrong(f.typed, password=weak), 422)
    if f.value.password != f.value.repeated:
        return await _account(desk, wrong(f.typed, repeated="两次输的不一样"), 422)
    kept = await asyncio.to_thread(passwords.hashed, f.value.password)
    await desk.write(_keep_password, desk.staff.name, kept, desk.token_print, desk.now)
    return desk.go("/account", "密码设好了，其他地方的登录都退出了。")


def _keep_password(
    session: Session, name: str, kept: str, token_print: str, now: datetime
) -> None:
    console_access.set_password(session, name, kept, at=now)
    console_access.end_all(session, name, but=token_print)


async def app(desk: Desk) -> web.StreamResponse:
    """The code to scan, for an app that shows six digits."""
    return _app(desk, blank(), factors.new_secret())


def _app(desk: Desk, f: Filled[_App], secret: str, status: int = 200) -> web.StreamResponse:
    drawn = io.BytesIO()
    address = factors.address(secret, desk.staff.name)
    segno.make(address, error="m").save(drawn, kind="svg", xmldecl=False, svgns=True, scale=4)
    sealed = desk.means.vault.seal({"secret": secret, "name": desk.staff.name})
    return desk.render(
        "account/app.html",
        status,
        f=f,
        secret=" ".join(secret[i : i + 4] for i in range(0, len(secret), 4)),
        sealed=base64.urlsafe_b64encode(sealed).decode(),
        otpauth=address,
        drawn=Markup(drawn.getvalue().decode()),
    )


async def set_app(desk: Desk) -> web.StreamResponse:
    """Kept once the app has shown that it knows the secret."""
    f = filled(_App, desk.form)
    secret = _opened(desk, f.typed.get("secret", ""))
    step = factors.step_of(secret, f.value.code, desk.now) if f.value else None
    if step is None:
        fault = "和应用里显示的不一样：看看手机时间准不准，等下一个码再试"
        return _app(desk, wrong(f.typed, code=fault), secret, 422)
    await desk.write(_keep_app, desk, secret, step)
    return desk.go("/account", "第二步验证设好了，下次登录用应用里的验证码。")


def _opened(desk: Desk, sealed: str) -> str:
    try:
        kept = desk.means.vault.open(base64.urlsafe_b64decode(sealed.encode()))
    except (VaultError, ValueError, IndexError) as fault:
        raise Refused("页面放得太久了，请从“我的账号”重新开始。") from fault
    if kept.get("name") != desk.staff.name:
        raise Refused("页面放得太久了，请从“我的账号”重新开始。")
    return str(kept["secret"])


def _keep_app(session: Session, desk: Desk, secret: str, step: int) -> None:
    console_access.set_totp(session, desk.means.vault, desk.staff.name, secret, at=desk.now)
    console_access.use_step(session, desk.staff.name, step)


async def remove_app(desk: Desk) -> web.StreamResponse:
    """Another telephone: the old one's codes open nothing any more."""
    await desk.write(_remove_app, desk)
    return desk.go(
        "/account", "去掉了。请马上重新设一个，或绑定聊天账号，不然下次登录要请同事发链接。"
    )


def _remove_app(session: Session, desk: Desk) -> None:
    console_access.set_totp(session, desk.means.vault, desk.staff.name, "", at=desk.now)


async def leave_others(desk: Desk) -> web.StreamResponse:
    """Every other browser is signed out."""
    count = await desk.write(_leave_others, desk)
    return desk.go("/account", f"退出了 {count} 处。")


def _leave_others(session: Session, desk: Desk) -> int:
    name = desk.staff.name
    audit.write(session, "console.signed_out", at=desk.now, actor=desk.actor, subject=name)
    return console_access.end_all(session, name, but=desk.token_print)


async def leave_one(desk: Desk) -> web.StreamResponse:
    """One other browser is signed out."""
    is_out = await desk.write(_leave_one, desk, desk.form.get("mark", ""))
    return desk.go("/account", "那一处退出了。" if is_out else "那一处已经退出了。")


def _leave_one(session: Session, desk: Desk, mark: str) -> bool:
    name = desk.staff.name
    is_out = console_access.end_marked(session, name, mark)
    if is_out:
        audit.write(session, "console.signed_out", at=desk.now, actor=desk.actor, subject=name)
    return is_out


PAGES = (
    Page("GET", "/account", account),
    Page("POST", "/account/password", set_password, door=Door.FRESH),
    Page("GET", "/account/app", app, door=Door.FRESH),
    Page("POST", "/account/app", set_app, door=Door.FRESH),
    Page("POST", "/account/app/remove", remove_app, door=Door.FRESH),
    Page("POST", "/account/leave-others", leave_others),
    Page("POST", "/account/leave", leave_one),
)
