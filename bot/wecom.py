"""The channels of WeCom that the settings turn on, put together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from bot.settings import Settings
from bot.wecom_settings import other_cipher, robots_of
from channels.base import Channel
from channels.pictures import Pictures
from channels.registry import channel_class
from channels.wecom.cipher import Cipher
from channels.wecom.client import Client, RobotClient
from channels.wecom.pacing import Pacing
from channels.wecom.shares import StoredCounts
from channels.wecom.tokens import TokenStore
from knowledge.areas import Gazetteer
from outreach.broadcast_quota import Quota
from outreach.broadcasts import Rules
from records.database import Database
from records.vault import Vault

if TYPE_CHECKING:
    from channels.wecom_contact.channel import Contacts


class Corp:
    """One corporation: what all of its modes share."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        vault: Vault,
        *,
        owner: str,
        now: Callable[[], datetime],
    ) -> None:
        self._settings = settings
        self._database = database
        self._vault = vault
        self._owner = owner
        self._now = now
        self._store = TokenStore(database, vault, owner)
        self._pacing = Pacing(settings.wecom_limits, StoredCounts(database))
        self._pictures = Pictures(database, vault)

    def channels(self) -> list[Channel]:
        """Each mode whose secret is set."""
        chosen: list[Channel] = []
        if self._settings.wecom_app_secret:
            chosen.append(self._app())
        if self._settings.wecom_kf_secret:
            chosen.append(self._customer_service())
        if self._settings.wecom_contact_secret:
            chosen.append(self.contacts())
        if self._settings.wecom_robots:
            chosen.append(self._robots())
        return chosen

    def _app(self) -> Channel:
        settings = self._settings
        channel: Channel = channel_class("wecom_app")(
            cipher=self.cipher("app"),
            client=self.client("app"),
            database=self._database,
            vault=self._vault,
            corp_id=settings.wecom_corp_id,
            agent_id=int(settings.wecom_app_agent_id),
            now=self._now,
            pictures=self._pictures,
        )
        return channel

    def contacts(self) -> Contacts:
        """客户联系."""
        settings = self._settings
        channel: Contacts = channel_class("wecom_contact")(
            cipher=self.cipher("contact"),
            client=self.client("contact"),
            database=self._database,
            vault=self._vault,
            owner=self._owner,
            now=self._now,
            office=settings.office_name,
            rules=broadcast_rules(settings),
            places=_place_name,
            tells_stewards=bool(settings.wecom_app_secret),
        )
        return channel

    def _robots(self) -> Channel:
        channel: Channel = channel_class("wecom_robot")(self.robots(), self._pictures)
        return channel

    def _customer_service(self) -> Channel:
        settings = self._settings
        channel: Channel = channel_class("wecom_kf")(
            cipher=self.cipher("kf"),
            client=self.client("kf"),
            database=self._database,
            accounts=settings.wecom_kf_accounts,
            owner=self._owner,
            now=self._now,
            pictures=self._pictures,
        )
        return channel

    def cipher(self, mode: str) -> Cipher:
        """The cipher of a mode's callbacks; the modes are those of bot/wecom_settings.py."""
        token, key = self._setting(mode, "token"), self._setting(mode, "aes_key")
        corp = self._settings.wecom_corp_id
        pair = self._setting(mode, "callback_other")
        return Cipher(token, key, corp, other=other_cipher(pair, corp) if pair else None)

    def client(self, mode: str) -> Client:
        """Calls with a mode's secret."""
        return Client(
            base_url=self._settings.wecom_base_url,
            corp_id=self._settings.wecom_corp_id,
            secret=self._setting(mode, "secret"),
            store=self._store,
            now=self._now,
            pacing=self._pacing,
            setting=f"GUIYAN_WECOM_{mode.upper()}_SECRET",
        )

    def robots(self) -> dict[str, RobotClient]:
        """Calls with each robot's key, by its name."""
        return {
            name: RobotClient(
                base_url=self._settings.wecom_base_url,
                name=name,
                key=key,
                now=self._now,
                pacing=self._pacing,
                setting=f"the key of {name} in GUIYAN_WECOM_ROBOTS",
            )
            for name, key in robots_of(self._settings.wecom_robots).items()
        }

    def _setting(self, mode: str, part: str) -> str:
        value: str = getattr(self._settings, f"wecom_{mode}_{part}")
        return value


def broadcast_rules(settings: Settings) -> Rules:
    """The quota; and where a customer, who has the same id at 微信客服, talks to us."""
    accounts = settings.wecom_kf_accounts
    quota = Quota(settings.wecom_quota)
    return Rules(quota, lambda customer: [f"wecom_kf:{one}/{customer}" for one in accounts])


def _place_name(code: str) -> str:
    """An area's name; a village's code is longer than its county's."""
    area = _gazetteer().area(code[:6])
    return area.name if area else ""


@cache
def _gazetteer() -> Gazetteer:
    return Gazetteer()
