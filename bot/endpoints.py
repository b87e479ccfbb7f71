"""Addresses outside that settings name: complete, and inside the country where they must be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

TELEGRAM_API = "https://api.telegram.org"
WECOM_API = "https://qyapi.weixin.qq.com"


def telegram_faults(values: Mapping[str, Any]) -> list[str]:
    """What is wrong with the settings of Telegram, which are on."""
    if values["deployment"] == "gov":
        return [
            "GUIYAN_TELEGRAM_TOKEN is set, but a `gov` deployment keeps people's data inside "
            "mainland China (PIPL art. 36): remove it, or set GUIYAN_DEPLOYMENT=open"
        ]
    if values["telegram_mode"] != "webhook":
        return []
    faults = []
    public = values["public_url"]
    if not public:
        faults.append("GUIYAN_PUBLIC_URL is required when GUIYAN_TELEGRAM_MODE is webhook")
    elif values["telegram_base_url"] == TELEGRAM_API and not public.startswith("https://"):
        faults.append("GUIYAN_PUBLIC_URL must begin with https:// for Telegram's own servers")
    if not values["telegram_webhook_secret"]:
        faults.append(
            "GUIYAN_TELEGRAM_WEBHOOK_SECRET is required when GUIYAN_TELEGRAM_MODE is webhook: "
            "set 16 to 256 of A-Z a-z 0-9 _ -"
        )
    return faults


def model_faults(values: Mapping[str, Any]) -> list[str]:
    """What is wrong with the settings of the language model, which are on."""
    if not values["model_name"]:
        return ["GUIYAN_MODEL_NAME is required with GUIYAN_MODEL_URL: the model to ask for"]
    address = urlsplit(values["model_url"])
    host = address.hostname or ""
    if values["deployment"] != "gov" or _is_within(host):
        return []
    if host not in values["model_domestic_hosts"]:
        return [
            f"GUIYAN_MODEL_URL names {host}, and a `gov` deployment asks only models inside "
            "mainland China (PIPL art. 36): name the host in GUIYAN_MODEL_DOMESTIC_HOSTS if you "
            "vouch that it is, or remove GUIYAN_MODEL_URL"
        ]
    if address.scheme != "https":
        return ["GUIYAN_MODEL_URL must begin with https:// in a `gov` deployment"]
    return []


def is_domestic(address: str, vouched: Sequence[str] = ()) -> bool:
    """Whether an address is WeCom's own, our own network's, or vouched for as inside China."""
    host = urlsplit(address).hostname or ""
    return address == WECOM_API or _is_within(host) or host in vouched


def _is_within(host: str) -> bool:
    """Whether this is our own machine or an address of the office's own network."""
    try:
        return ip_address(host).is_private
    except ValueError:
        return host == "localhost"
