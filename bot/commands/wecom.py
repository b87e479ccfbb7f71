"""`guiyan wecom`: the accounts of 微信客服, and the QR code of a village or station."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from bot.cli import BAD_USE, OK, CommandError
from bot.packs import library_of, usable_pages
from bot.settings import Settings
from bot.wecom import Corp
from bot.wecom_doctor import accounts
from bot.wiring import App, build
from channels.wecom.client import Client
from channels.wecom.failures import OK as NO_CODE
from channels.wecom.failures import WecomError, advice
from channels.wecom_kf import entrance
from handlers import places
from handlers.places import Found
from knowledge.areas import Area, Gazetteer
from records.database import StoreUnavailable
from records.vault import VaultError

T = TypeVar("T")

_SECRET = "GUIYAN_WECOM_KF_SECRET"
_KINDS = (".svg", ".png")
_MILLIMETRE = 3.0  # of a module in print: read from a metre away
_PIXELS = 20


def list_accounts(options: argparse.Namespace, settings: Settings) -> int:
    """Each account with its name, and whether this app may manage it."""
    listed = _ask(settings, lambda app, client: accounts(client))
    for account in listed:
        _print(_line(account, settings.wecom_kf_accounts))
    if not listed:
        _print("还没有客服账号：先在管理后台的「微信客服」里新建一个。")
    return OK


def link(options: argparse.Namespace, settings: Settings) -> int:
    """Print the address of a QR code, and write the code to hang up."""
    account = _account(options.account, settings)
    target = Path(options.out) if options.out else None
    if target is not None and target.suffix not in _KINDS:
        raise CommandError(f"--out takes a name that ends in .svg or .png, not {target.name}", 2)
    _check_scene(options.scene)

    async def made(app: App, client: Client) -> tuple[str, str, str]:
        place, remark = await _place(app, options.place) if options.place else ("", "")
        url = await entrance.address(client, account, scene=options.scene, place=place)
        return url, place, remark

    url, place, remark = _ask(settings, made)
    target = target or Path(f"wecom-{place or options.scene}.svg")
    _draw(url, target)
    _print(url)
    sys.stderr.write(f"二维码已写到 {target}，打印出来贴在村里、站里就行。{remark}\n")
    return OK


def _ask(settings: Settings, work: Callable[[App, Client], Awaitable[T]]) -> T:
    """What WeCom says; whatever is wrong becomes one sentence."""
    if not settings.wecom_kf_secret:
        raise CommandError(
            "微信客服 is not set up: set GUIYAN_WECOM_CORP_ID and GUIYAN_WECOM_KF_SECRET "
            "(docs/howto/wecom_kf.md)",
            BAD_USE,
        )
    try:
        return asyncio.run(_asked(settings, work))
    except (StoreUnavailable, VaultError) as fault:
        raise CommandError(str(fault)) from fault
    except WecomError as error:
        raise CommandError(
            advice(error, _SECRET)
            if error.code != NO_CODE
            else f"WeCom does not answer {error.path} ({error.trouble.word}): try again later"
        ) from None


async def _asked(settings: Settings, work: Callable[[App, Client], Awaitable[T]]) -> T:
    app = build(settings, channels={})
    try:
        await app.open()
        corp = Corp(settings, app.database, app.vault, owner="command", now=app.now)
        client = corp.client("kf")
        try:
            return await work(app, client)
        finally:
            await client.close()
    finally:
        await app.database.close()


async def _place(app: App, name: str) -> tuple[str, str]:
    """The place's code with its town or village, and what it means for those who come by it."""
    gazetteer = library_of(app.settings.areas, await usable_pages(app.database)).areas
    area, village = _read(name, gazetteer)
    place = f"{area.code}-{village}" if village else area.code
    if gazetteer.pack_for(area.code) is None:
        return place, f"注意：还没有{area.name}的政策，扫码的人问了也只能答没有。"
    known = f"登记时不再问是哪个村镇，记作{village}。" if village else ""
    return place, f"谁扫了，就按{area.name}的政策答。{known}"


def _read(name: str, gazetteer: Gazetteer) -> tuple[Area, str]:
    """The county, city or province of a place, and the town or village in a county."""
    code, _, village = name.partition("-")
    area = gazetteer.area(code.strip())
    found = Found(area, village.strip()) if area else places.find(name, gazetteer)
    if found.others:
        listed = "、".join(area.name for area in found.others)
        raise CommandError(f"「{name}」可以是{listed}: 只写其中一个", BAD_USE)
    if found.area is None:
        raise CommandError(f"不知道「{name}」是哪里: 换成区划代码，或者带上省市的全名", BAD_USE)
    is_odd = found.detail and not places.is_lived_in(found.detail)
    if is_odd or (found.detail and not places.is_exact(found.area)):
        raise CommandError(
            f"不知道「{found.detail}」是{found.area.name}的哪里: 先写县名，再写乡镇、村的全名，"
            "比如 定陶区冉堌镇",
            BAD_USE,
        )
    return found.area, found.detail


def _account(wanted: str, settings: Settings) -> str:
    if wanted:
        return wanted
    if len(settings.wecom_kf_accounts) == 1:
        return settings.wecom_kf_accounts[0]
    raise CommandError(
        "name the account: --account wk… (`guiyan wecom accounts` lists them)", BAD_USE
    )


def _check_scene(scene: str) -> None:
    if not entrance.SCENE.fullmatch(scene):
        raise CommandError(
            f"--scene takes 1 to 32 of 0-9 a-z A-Z _ -, not {scene!r}: such as a station's name "
            "in pinyin",
            BAD_USE,
        )


def _draw(url: str, target: Path) -> None:
    import segno  # for this command only

    code = segno.make_qr(url, error="q")
    try:
        if target.suffix == ".png":
            code.save(str(target), scale=_PIXELS)
        else:
            code.save(str(target), scale=_MILLIMETRE, unit="mm")
    except OSError as fault:
        raise CommandError(f"{target} cannot be written: {fault.strerror}") from fault


def _line(account: Mapping[str, Any], served: tuple[str, ...]) -> str:
    number = str(account.get("open_kfid"))
    may = (
        "不能管理（后台：通过API管理会话消息）" if account.get("manage_privilege") is False else ""
    )
    serves = "在用" if number in served else "未用"
    return "  ".join(part for part in (number, account.get("name"), serves, may) if part)


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")
