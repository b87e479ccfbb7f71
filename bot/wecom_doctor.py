"""The steps of WeCom's console, tried one by one: which is missing, and how to make it good."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from bot.endpoints import WECOM_API, is_within
from bot.findings import Finding, finding, note
from bot.settings import Settings
from bot.wecom import Corp
from bot.wecom_settings import MODES
from channels.wecom.client import Client, RobotClient
from channels.wecom.failures import OK, WecomError, advice
from channels.wecom.outside import address_fault, clock_skew

TEST_LINE = "归雁测试消息：群机器人已接通，不用回复。"

_SKEW = timedelta(minutes=5)
_PAGE = 100  # accounts that one call lists
_RECEIVES = 0

Steps = Callable[[Client, list[Finding]], Awaitable[None]]  # adds what it finds


class WecomDoctor:
    """One corporation, looked at as its administrator would."""

    def __init__(self, settings: Settings, corp: Corp, now: Callable[[], datetime]) -> None:
        self._settings = settings
        self._corp = corp
        self._now = now
        self._steps: Mapping[str, Steps] = {
            "app": self._app,
            "kf": self._customer_service,
            "contact": self._contacts,
        }

    async def findings(self, *, speaks: bool) -> list[Finding]:
        """Everything that can be tried; robots only where we may speak in their groups."""
        found = [await self._clock()]
        if found[0].words:
            return [*found, note("wecom", "the rest is tried once that is mended")]
        for mode, called in MODES.items():
            found += await self._mode(mode, called)
        for name, robot in self._corp.robots().items():
            found.append(await _robot(name, robot, speaks=speaks))
        return found

    async def _clock(self) -> Finding:
        base = self._settings.wecom_base_url
        skew = await clock_skew(base, self._now())
        if isinstance(skew, str):
            return finding(f"wecom at {base}", f"it cannot be asked: {skew}")
        if abs(skew) <= _SKEW:
            return finding("wecom clock", "")
        minutes, way = (
            round(abs(skew).total_seconds() / 60),
            "ahead of" if skew.days >= 0 else "behind",
        )
        return finding(
            "wecom clock",
            f"this machine's is {minutes} minutes {way} WeCom's: switch on time synchronisation "
            "(callbacks more than an hour apart are refused)",
        )

    async def _mode(self, mode: str, called: str) -> list[Finding]:
        name = f"wecom {mode} ({called})"
        if not getattr(self._settings, f"wecom_{mode}_secret"):
            return [note(name, f"off; to switch it on: docs/howto/wecom_{mode}.md")]
        client = self._corp.client(mode)
        try:
            found = [finding(f"wecom {mode} corp id and secret", await client.check())]
            found.append(await self._callback(mode))
            if found[0].words:
                return [*found, note(name, "the rest is tried once there is a token")]
            await self._steps[mode](client, found)
        except WecomError as error:
            found.append(finding(f"wecom {mode} calls", _told(error, mode)))
        finally:
            await client.close()
        return found

    async def _callback(self, mode: str) -> Finding:
        name, public = f"wecom {mode} callback address", self._settings.public_url
        if not public:
            return finding(
                name,
                "GUIYAN_PUBLIC_URL is not set, so nothing can be tried: set it to the address "
                "that people and WeCom reach us by, such as https://guiyan.example",
            )
        url = f"{public}/wecom/{mode}"
        if self._settings.wecom_base_url == WECOM_API and is_within(urlsplit(url).hostname or ""):
            return finding(name, f"{url} is an address of your own network: WeCom cannot reach it")
        fault = await address_fault(url, self._corp.cipher(mode), self._now())
        return finding(name, f"{url}: {fault}" if fault else "")

    async def _app(self, client: Client, found: list[Finding]) -> None:
        agent_id = self._settings.wecom_app_agent_id
        told = await client.read("agent/get", {"agentid": agent_id})
        closed = "it is stopped: 应用管理 → the app → 启用" if told.get("close") else ""
        people = _size(told, "allow_userinfos", "user")
        groups = _size(told, "allow_partys", "partyid") + _size(told, "allow_tags", "tagid")
        nobody = (
            "" if people or groups else "nobody can see the app: set its 可见范围 in the console"
        )
        seen = f"({people} members, {groups} departments and tags)"
        found.append(finding("wecom app agent id", closed))
        found.append(finding(f"wecom app 可见范围 {seen}", nobody))

    async def _customer_service(self, client: Client, found: list[Finding]) -> None:
        listed = {str(one.get("open_kfid")): one for one in await accounts(client)}
        served = self._settings.wecom_kf_accounts
        if not served:
            found.append(finding("wecom kf accounts", _choose(list(listed.values()))))
        for account in served:
            found.append(
                finding(f"wecom kf account {account}", _account_fault(listed.get(account)))
            )
            if not found[-1].words:
                found.append(await _servicers(client, account))

    async def _contacts(self, client: Client, found: list[Finding]) -> None:
        told = await client.read("externalcontact/get_follow_user_list")
        stewards = told.get("follow_user") or []
        nobody = (
            "nobody may use 客户联系: choose members under 客户与上下游 → 客户联系 → 权限配置, "
            "and have them in the app's 可见范围"
        )
        name = f"wecom contact members with 客户联系 ({len(stewards)})"
        found.append(finding(name, "" if stewards else nobody))


async def accounts(client: Client) -> list[Mapping[str, Any]]:
    """All accounts of 微信客服 that the app is told of; raises WecomError."""
    found: list[Mapping[str, Any]] = []
    while True:
        body = {"offset": len(found), "limit": _PAGE}
        page = (await client.call("kf/account/list", body, may_repeat=True)).get("account_list")
        found += page or []
        if len(page or []) < _PAGE:
            return found


def _account_fault(account: Mapping[str, Any] | None) -> str:
    if account is None:
        return (
            "this app knows no such account: `guiyan wecom accounts` lists those that it does; "
            "correct GUIYAN_WECOM_KF_ACCOUNTS, or add the account to the app's 可管理的客服账号"
        )
    if account.get("manage_privilege") is False:
        return (
            "this app may not manage it (48007): 微信客服 → 通过API管理会话消息 → 企业内部开发 → "
            "the app → 可管理的客服账号"
        )
    return ""


def _choose(listed: Sequence[Mapping[str, Any]]) -> str:
    if not listed:
        return (
            "there is none yet: make one under 微信客服 in the console, and let the app manage it"
        )
    return (
        "GUIYAN_WECOM_KF_ACCOUNTS is empty: choose from "
        + ", ".join(str(account.get("open_kfid")) for account in listed)
        + " (`guiyan wecom accounts` shows their names)"
    )


async def _servicers(client: Client, account: str) -> Finding:
    told = await client.read("kf/servicer/list", {"open_kfid": account})
    servicers = told.get("servicer_list") or []
    receiving = [one for one in servicers if one.get("status") == _RECEIVES]
    name = f"wecom kf 接待人员 of {account} ({len(receiving)} of {len(servicers)} receive)"
    if not servicers:
        return finding(
            name, "nobody can take over a talk: add some in the console, 微信客服 → the account"
        )
    if not receiving:
        return note(name, "people who ask for a human wait until one of them begins to receive")
    return finding(name, "")


async def _robot(name: str, robot: RobotClient, *, speaks: bool) -> Finding:
    called = f"wecom robot {name}"
    if not speaks:
        await robot.close()
        return note(called, "not tried, as it can only speak: `guiyan doctor --speak` lets it")
    try:
        await robot.send({"msgtype": "text", "text": {"content": TEST_LINE}})
    except WecomError as error:
        return finding(called, robot.fault() or _told(error, "robots"))
    finally:
        await robot.close()
    return finding(f"{called} (it spoke in its group)", "")


def _told(error: WecomError, mode: str) -> str:
    setting = f"GUIYAN_WECOM_{mode.upper()}" + ("" if mode == "robots" else "_SECRET")
    if error.code == OK:
        return f"WeCom does not answer {error.path} ({error.trouble.word}): try again later"
    return advice(error, setting)


def _size(told: Mapping[str, Any], outer: str, inner: str) -> int:
    return len((told.get(outer) or {}).get(inner) or [])
