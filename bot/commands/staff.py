"""`guiyan staff`: who works here, for which area, and which chat accounts speak for them."""

from __future__ import annotations

import argparse
import asyncio
import secrets
import sys

from bot.cli import BAD_USE, OK, CommandError
from bot.commands import helpers
from bot.packs import library_of, usable_pages
from bot.settings import Settings
from bot.wecom_settings import alert_robot
from bot.wiring import App, build
from handlers import staffing
from handlers.staffing import Doing, Left
from knowledge.areas import Gazetteer
from records import console_access, staff_accounts
from records.database import Session, StoreUnavailable
from records.staff_accounts import NAME_LENGTH, Staff, StaffRefusal, StaffRole
from records.vault import VaultError
from registry import naming, villages
from registry.naming import NoSuchPlace
from registry.villages import Villages

_ACTOR = "staff:terminal"
_OTHER_PORT = (
    "服务要是用 run --port 换了端口，把上面地址里的端口也换成那个；"
    "别的机器上打开，要先设 GUIYAN_PUBLIC_URL。"
)

Lines = list[str]


def staff(options: argparse.Namespace, settings: Settings) -> int:
    """One change, or the list."""
    try:
        lines = asyncio.run(_act(options, settings))
    except (StoreUnavailable, VaultError, StaffRefusal) as fault:
        raise CommandError(str(fault)) from fault
    sys.stdout.writelines(line + "\n" for line in lines)
    if options.action == "link" and not (options.wecom or options.console or options.oidc):
        sys.stderr.write(
            "good for one day and one account: they send it to the service as it is\n"
        )
    if options.action == "link" and options.console and not settings.public_url:
        sys.stderr.write(f"{_OTHER_PORT}\n")
    return OK


async def _act(options: argparse.Namespace, settings: Settings) -> Lines:
    app = build(settings, channels={})
    try:
        await app.open()
        gazetteer = library_of(settings.areas, await usable_pages(app.database)).areas
        return await app.database.run(_do, options, app, gazetteer)
    finally:
        await app.database.close()


def _do(session: Session, options: argparse.Namespace, app: App, gazetteer: Gazetteer) -> Lines:
    now, here = app.now(), villages.known(session)
    if options.action == "list":
        everybody = staff_accounts.everybody(session, with_disabled=options.all)
        return [_line(one, gazetteer, here) for one in everybody]
    name = _name(options.name)
    match options.action:
        case "add":
            role, area = StaffRole(options.role), _area(options.area, gazetteer, here) or ""
            staff_accounts.add(session, name, role=role, area=area, at=now, actor=_ACTOR)
        case "role":
            role, other = StaffRole(options.role), _area(options.area, gazetteer, here)
            left = staffing.change(session, app.vault, name, role, other, _doing(app))
            return _told(left)
        case "disable":
            return _told(staffing.disable(session, app.vault, name, _doing(app)))
        case "helper":
            return helpers.keep(session, name, options)
        case "handover":
            staff_accounts.named(session, name)
            return helpers.hand_over(session, app, name, _name(options.to) if options.to else "")
        case "link" if options.oidc:
            account = f"oidc:{options.oidc}"
            staff_accounts.bind(session, name, account, at=now, actor=_ACTOR)
            return []
        case "link" if options.console:
            return [_console_link(session, app, name)]
        case "link" if not options.wecom:
            code = staffing.new_code()
            staff_accounts.offer(session, app.vault, name, code, at=now, actor=_ACTOR)
            return [code]
    if options.action in ("add", "link") and options.wecom:
        account = staff_accounts.wecom_account(options.wecom)
        staff_accounts.bind(session, name, account, at=now, actor=_ACTOR)
    return []


def _console_link(session: Session, app: App, name: str) -> str:
    staff_accounts.named(session, name)
    code, settings = secrets.token_urlsafe(18), app.settings
    print_ = console_access.link_print(app.vault, code)
    console_access.offer_link(session, print_, name, at=app.now(), actor=_ACTOR)
    root = settings.public_url or f"http://{settings.http_host}:{settings.http_port}"
    return f"{root}/console/enter?code={code}"


def _doing(app: App) -> Doing:
    return Doing(_ACTOR, app.now(), alert_robot(app.settings.wecom_robots))


def _told(left: Left) -> Lines:
    """What went to others."""
    back = [f"handed back to colleagues: {', '.join(left.tickets)}"] if left.tickets else []
    return [*helpers.told(left.over), *back]


def _name(given: str) -> str:
    name = given.strip()
    if not name or len(name) > NAME_LENGTH or not name.isprintable():
        raise CommandError(f"a name has 1 to {NAME_LENGTH} characters, on one line", BAD_USE)
    return name


def _area(given: str | None, gazetteer: Gazetteer, here: Villages) -> str | None:
    """The code of an area, a town or a village; None where none was given, "" for everywhere."""
    if not given:
        return given
    try:
        return naming.code_of(given, gazetteer, here)
    except NoSuchPlace as fault:
        raise CommandError(str(fault), BAD_USE) from fault


def _line(one: Staff, gazetteer: Gazetteer, here: Villages) -> str:
    where = naming.spoken(one.area, gazetteer, here) if one.area else "everywhere"
    accounts = ", ".join(one.accounts) or "no account bound"
    state = f"disabled {one.until:%Y-%m-%d}" if one.until else accounts
    return f"{one.name}  {one.role.value}  {where or one.area}  {state}"
