"""The channels of WeCom that the settings turn on, put together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.settings import Settings
from bot.wecom_settings import robots_of
from channels.base import Channel
from channels.registry import channel_class
from channels.wecom.cipher import Cipher
from channels.wecom.client import Client, RobotClient
from channels.wecom.pacing import Pacing
from channels.wecom.tokens import TokenStore
from records.database import Database
from records.vault import Vault


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
        self._pacing = Pacing(settings.wecom_limits)

    def channels(self) -> list[Channel]:
        """Each mode whose secret is set."""
        chosen = []
        if self._settings.wecom_app_secret:
            chosen.append(self._app())
        if self._settings.wecom_kf_secret:
            chosen.append(self._customer_service())
        if self._settings.wecom_robots:
            chosen.append(self._robots())
        return chosen

    def _app(self) -> Channel:
        settings = self._settings
        channel: Channel = channel_class("wecom_app")(
            cipher=self._cipher(settings.wecom_app_token, settings.wecom_app_aes_key),
            client=self._client(settings.wecom_app_secret, "GUIYAN_WECOM_APP_SECRET"),
            database=self._database,
            vault=self._vault,
            corp_id=settings.wecom_corp_id,
            agent_id=int(settings.wecom_app_agent_id),
            now=self._now,
        )
        return channel

    def _robots(self) -> Channel:
        robots = {
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
        channel: Channel = channel_class("wecom_robot")(robots)
        return channel

    def _customer_service(self) -> Channel:
        settings = self._settings
        channel: Channel = channel_class("wecom_kf")(
            cipher=self._cipher(settings.wecom_kf_token, settings.wecom_kf_aes_key),
            client=self._client(settings.wecom_kf_secret, "GUIYAN_WECOM_KF_SECRET"),
            database=self._database,
            accounts=settings.wecom_kf_accounts,
            owner=self._owner,
            now=self._now,
        )
        return channel

    def _cipher(self, token: str, aes_key: str) -> Cipher:
        return Cipher(token, aes_key, self._settings.wecom_corp_id)

    def _client(self, secret: str, setting: str) -> Client:
        return Client(
            base_url=self._settings.wecom_base_url,
            corp_id=self._settings.wecom_corp_id,
            secret=secret,
            store=self._store,
            now=self._now,
            pacing=self._pacing,
            setting=setting,
        )
