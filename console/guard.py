"""What a request passes before its page: headers, session, factor, right, cross-site, limits."""

from __future__ import annotations

import hmac
import logging
import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from urllib.parse import quote, unquote, urlsplit

from aiohttp import http, web

from console import carrying
from console.desk import ROOT, Desk, NotHere, Refused
from console.forms import blank
from console.means import Means
from console.page import Door, Page
from records import console_access, staff_accounts
from records.console_access import SignedIn
from records.database import Session, StoreUnavailable
from records.staff_accounts import Staff, StaffRole

log = logging.getLogger("guiyan.console")

COOKIE = "guiyan_console"
BEFORE = "guiyan_before"  # names a browser that is not signed in yet, for its forms
_TOUCH = timedelta(minutes=1)
_NOBODY = Staff("", StaffRole.OPERATOR, until=datetime.fromtimestamp(0).astimezone())
_FORM_LIMIT = 512 * 1024  # bytes
_NUL = "\0"
GUARDS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def guarded(page: Page, means: Means) -> Handler:
    """The page behind its door."""

    async def handle(request: web.Request) -> web.StreamResponse:
        desk = Desk(request, means, means.now(), _NOBODY)
        response = await _answered(page, desk)
        if not response.prepared:
            response.headers.update({k: v for k, v in GUARDS.items() if k not in response.headers})
        return response

    return handle


async def _answered(page: Page, desk: Desk) -> web.StreamResponse:
    try:
        if _NUL in desk.request.path or any(_NUL in one for one in desk.query.values()):
            raise NotHere  # PostgreSQL keeps none
        turned_away = await _enter(page, desk)
        return turned_away or await page.does(desk)
    except web.HTTPException:
        raise
    except NotHere:
        return desk.render("refused.html", 404, title="没有这一页", text=_NOT_HERE)
    except Refused as fault:
        return desk.render("refused.html", 409, title="没有办成", text=str(fault))
    except StoreUnavailable as fault:
        log.error("console: %s", fault)
        return desk.render("refused.html", 503, title="系统正忙", text=_BUSY)
    except Exception:  # of the endless loop over requests: a fault is said, and is no blank page
        log.exception("console: %s %s", page.method, page.path)
        return desk.render("refused.html", 500, title="这一页出错了", text=_FAULT)


_NOT_HERE = "这里没有您要找的内容：可能已经删掉、搬走，或者不在您负责的范围里。"
_BUSY = "系统正忙，刚才的操作没有存下。请过一会儿再试一次，填的内容可以按浏览器的“返回”找回。"
_FAULT = "出错了，已经记下来。刚才的操作可能没有做成，请回上一页看看；一直这样请找管系统的同事。"
_GARBLED = "表单不完整，没有执行。请返回刷新以后再提交一次。"
_FORGED = "这个请求不是从本页面发出的，没有执行。请回到原来的页面，刷新以后再提交。"


async def _enter(page: Page, desk: Desk) -> web.StreamResponse | None:
    """Settle who it is and what they may; an answer of our own where they may not go on."""
    known = await _session(desk)
    if away := _at_the_door(page, desk, known):
        typed = page.door is Door.FRESH and desk.token_print and desk.request.method == "POST"
        return (typed and await _prove_first(page, desk, known)) or away
    if page.right is not None and not desk.may(page.right):
        raise NotHere
    if desk.request.method != "GET":
        return await _take_form(page, desk)
    return None


async def _prove_first(
    page: Page, desk: Desk, known: SignedIn | None
) -> web.StreamResponse | None:
    """What was typed goes on with who has to prove it; None where it cannot."""
    if known is None or not known.is_whole or page.takes_files:
        return None
    if refused := await _take_form(page, desk):
        return refused
    kept = carrying.sealed(desk)
    return await carrying.ask(desk, blank(), unquote(_quoted(desk)), kept=kept) if kept else None


async def _session(desk: Desk) -> SignedIn | None:
    token = desk.request.cookies.get(COOKIE, "")
    print_ = desk.means.vault.fingerprint(f"console {token}") if token else ""
    found = await desk.read(_who, print_) if token else None
    before = desk.request.cookies.get(BEFORE, "")
    desk.csrf = csrf_of(desk.means, token if found else before)
    if found is None or found[0].is_over(desk.now):
        return None
    known, desk.staff = found
    desk.token_print, desk.is_fresh = print_, known.is_fresh(desk.now)
    if desk.now - known.seen > _TOUCH:
        await desk.write(console_access.touch, print_, desk.now)
    return known


def csrf_of(means: Means, token: str) -> str:
    """What the forms of a browser carry, so that no other site can send them."""
    return means.vault.fingerprint(f"console form {token}")[:32] if token else ""


def _who(session: Session, token_print: str) -> tuple[SignedIn, Staff] | None:
    known = console_access.signed_in(session, token_print)
    staff = staff_accounts.active(session, known.name) if known else None
    return (known, staff) if known and staff else None


def _at_the_door(page: Page, desk: Desk, known: SignedIn | None) -> web.StreamResponse | None:
    match page.door:
        case Door.OPEN:
            return None
        case Door.HALF:
            return None if known else _to("/sign-in")
        case _ if known is None:
            return _to_sign_in(desk)
        case _ if not known.is_whole:
            return _to("/factor")
        case Door.FRESH if not desk.is_fresh:
            return _to(f"/again?to={_quoted(desk)}")
    return None


def _to_sign_in(desk: Desk) -> web.StreamResponse:
    if desk.request.headers.get("X-Fragment"):  # the script's: it has to show the page itself
        return web.Response(status=401)
    return _to(f"/sign-in?to={_quoted(desk)}")


def _quoted(desk: Desk) -> str:
    """Where they wanted to go, to be brought there afterwards; a form's page, not its address."""
    from_ = urlsplit(desk.request.headers.get("Referer", "")).path
    path = desk.request.path_qs if desk.request.method == "GET" else from_
    inside = path.removeprefix(ROOT) if path.startswith(ROOT + "/") else "/"
    return quote(inside)


def safe_way(to: str) -> str:
    """A place of ours to go on to; the first page where it is none."""
    is_ours = to.startswith("/") and not to.startswith(("//", "/\\")) and to.isprintable()
    return to if is_ours else "/"


def _to(path: str) -> web.Response:
    return web.Response(status=303, headers={"Location": ROOT + path})


async def _take_form(page: Page, desk: Desk) -> web.StreamResponse | None:
    if not _is_own(desk):
        log.warning("console: a form from another site was refused")
        return desk.render("refused.html", 403, title="没有执行", text=_FORGED)
    if page.takes_files:
        return None
    if (desk.request.content_length or 0) > _FORM_LIMIT:
        return _too_long(desk)
    try:
        texts = await _texts(desk.request)
    except web.HTTPRequestEntityTooLarge:
        return _too_long(desk)
    except (ValueError, LookupError, http.HttpProcessingError):  # it is no form
        return desk.render("refused.html", 400, title="没有执行", text=_GARBLED)
    desk.form = dict(texts)
    lists: dict[str, list[str]] = {}
    for name, value in texts:
        lists.setdefault(name, []).append(value)
    desk.lists = lists
    given = desk.form.get("csrf", "").encode()
    if not desk.csrf or not hmac.compare_digest(given, desk.csrf.encode()):
        return desk.render("refused.html", 403, title="没有执行", text=_FORGED)
    return None


def _too_long(desk: Desk) -> web.StreamResponse:
    return desk.render("refused.html", 413, title="内容太长", text="请分几次提交。")


async def _texts(request: web.Request) -> list[tuple[str, str]]:
    posted = await request.post()
    return [(n, v.replace(_NUL, "")) for n, v in posted.items() if isinstance(v, str)]


def _is_own(desk: Desk) -> bool:
    """Whether a browser says that one of our pages sent it, where it says anything."""
    headers = desk.request.headers
    if headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return False
    ours = {desk.request.host, urlsplit(desk.means.public_url).netloc}
    return "Origin" not in headers or urlsplit(headers["Origin"]).netloc in ours - {""}


def admit(desk: Desk, response: web.StreamResponse, token: str, cookie: str = COOKIE) -> None:
    """Give this browser its token."""
    response.set_cookie(
        cookie,
        token,
        path=ROOT,
        httponly=True,
        samesite="Lax",
        secure=desk.means.public_url.startswith("https://"),
    )


def new_token() -> str:
    """256 random bits."""
    return secrets.token_urlsafe(32)
