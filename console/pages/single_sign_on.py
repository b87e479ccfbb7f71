"""Signing in with the account of one's own office, where the settings name a provider."""

from __future__ import annotations

import base64
import hmac
from datetime import datetime

from aiohttp import web

from console.desk import ROOT, Desk, NotHere, Refused
from console.guard import admit, new_token
from console.page import Door, Page
from console.single import LIFE, Journey, Provider, SingleFault
from records import console_access, staff_accounts
from records.database import Session
from records.vault import VaultError

_COOKIE = "guiyan_single"
ACCOUNT = "oidc:"  # begins the account of staff that the provider vouches for
_STALE = "登录放得太久了，请从登录页重新开始。"
_UNKNOWN = "登录服务认识您，可是这里还没有把您的单位账号和工作人员对上，请找管人员的同事。"


async def leave(desk: Desk) -> web.StreamResponse:
    """To the provider."""
    provider, journey = _provider(desk), Journey.new()
    response = web.Response(status=303, headers={"Location": await _address(provider, journey)})
    kept = desk.means.vault.seal(
        {"journey": [journey.state, journey.nonce, journey.verifier], "at": desk.now.isoformat()}
    )
    admit(desk, response, base64.urlsafe_b64encode(kept).decode(), _COOKIE)
    return response


async def _address(provider: Provider, journey: Journey) -> str:
    try:
        return await provider.address(journey)
    except SingleFault as fault:
        raise Refused(str(fault)) from fault


async def back(desk: Desk) -> web.StreamResponse:
    """From the provider, with its word on who it is."""
    provider, journey = _provider(desk), _journey(desk)
    given = desk.query.get("state", "").encode()
    if not hmac.compare_digest(given, journey.state.encode()):
        raise Refused(_STALE)
    try:
        who = await provider.who(journey, desk.query.get("code", ""))
    except SingleFault as fault:
        raise Refused(str(fault)) from fault
    token = new_token()
    print_ = desk.means.vault.fingerprint(f"console {token}")
    if not who or not await desk.write(_sign_in, desk, who, print_):
        raise Refused(_UNKNOWN)
    response = desk.go("/")
    admit(desk, response, token)
    response.del_cookie(_COOKIE, path=ROOT)
    return response


def _provider(desk: Desk) -> Provider:
    single = desk.means.single
    if not single.issuer:
        raise NotHere
    root = desk.means.public_url or f"{desk.request.scheme}://{desk.request.host}"
    return Provider(single, f"{root}{ROOT}/single/back")


def _journey(desk: Desk) -> Journey:
    try:
        sealed = base64.urlsafe_b64decode(desk.request.cookies.get(_COOKIE, "").encode())
        kept = desk.means.vault.open(sealed)
        is_stale = desk.now - datetime.fromisoformat(kept["at"]) > LIFE
        journey = Journey(*kept["journey"])
    except (VaultError, ValueError, IndexError, KeyError, TypeError) as fault:
        raise Refused(_STALE) from fault
    if is_stale:
        raise Refused(_STALE)
    return journey


def _sign_in(session: Session, desk: Desk, who: str, print_: str) -> bool:
    account = f"{ACCOUNT}{who}"
    staff = staff_accounts.who_are(session, [account]).get(account)
    if staff is None:
        return False
    console_access.open_session(
        session, print_, staff.name, is_whole=True, at=desk.now, browser=desk.browser
    )
    return True


PAGES = (
    Page("GET", "/single", leave, door=Door.OPEN),
    Page("GET", "/single/back", back, door=Door.OPEN),
)
