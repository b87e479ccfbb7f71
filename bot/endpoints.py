"""Addresses outside that settings name: complete, and inside the country where they must be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import IPv6Address, ip_address
from typing import Any
from urllib.parse import parse_qs, urlsplit

TELEGRAM_API = "https://api.telegram.org"
WECOM_API = "https://qyapi.weixin.qq.com"

# Settings with an address that is told something.
CALLED = ("wecom_base_url", "model_url", "speech_url", "oidc_issuer", "traces_url")


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


def aid_faults(aid: str, name: str, values: Mapping[str, Any]) -> list[str]:
    """What is wrong with the settings of the language model (MODEL) or the recogniser (SPEECH).

    `name` is the setting that says which model to ask for.
    """
    url, key = values[f"{aid.lower()}_url"], values[f"{aid.lower()}_key"]
    if url and not values[name.lower()]:
        return [f"GUIYAN_{name} is required with GUIYAN_{aid}_URL: the model to ask for"]
    if key and not url:
        return [f"GUIYAN_{aid}_KEY has no use without GUIYAN_{aid}_URL: set that, or drop it"]
    return []


def oidc_faults(values: Mapping[str, Any]) -> list[str]:
    """What is wrong with the settings of single sign-on."""
    issuer = values["oidc_issuer"]
    given = [name for name in ("oidc_client_id", "oidc_client_secret") if values[name]]
    if not issuer:
        return [f"GUIYAN_{n.upper()} has no use without GUIYAN_OIDC_ISSUER" for n in given]
    if len(given) < 2:
        return ["GUIYAN_OIDC_CLIENT_ID and GUIYAN_OIDC_CLIENT_SECRET go with GUIYAN_OIDC_ISSUER"]
    if not issuer.startswith("https://") and not is_within(urlsplit(issuer).hostname or ""):
        return ["GUIYAN_OIDC_ISSUER must begin with https://: whoever listens could be anybody"]
    return []


def gov_faults(values: Mapping[str, Any]) -> list[str]:
    """Why a `gov` deployment may not call an address of the settings, or store anything there."""
    set_fields = (field for field in CALLED if values[field])
    called = [fault for field in set_fields for fault in _abroad_faults(field, values)]
    return [*called, *_database_faults(values)]


def _abroad_faults(field: str, values: Mapping[str, Any]) -> list[str]:
    address = urlsplit(values[field])
    host = address.hostname or ""
    if values[field] == WECOM_API or is_within(host):
        return []
    name = f"GUIYAN_{field.upper()}"
    if host not in values["model_domestic_hosts"]:
        return [_abroad(name, host, does="calls only addresses")]
    if address.scheme != "https":
        return [f"{name} must begin with https:// in a `gov` deployment"]
    return []


def _database_faults(values: Mapping[str, Any]) -> list[str]:
    known = values["model_domestic_hosts"]
    hosts = database_hosts(values["database_url"])
    abroad = [host for host in hosts if not is_within(host) and host not in known]
    name = "GUIYAN_DATABASE_URL"
    return [_abroad(name, host, does="stores people's data only") for host in abroad]


def database_hosts(url: str) -> list[str]:
    """The servers that a database's address names; none for a file or a socket."""
    address = urlsplit(url)
    if address.scheme.startswith("sqlite"):
        return []
    _, _, place = address.netloc.rpartition("@")
    named = [place, *parse_qs(address.query).get("host", [])]
    hosts = (urlsplit(f"//{one}").hostname for each in named for one in each.split(","))
    return [host for host in hosts if host]


def without_password(value: str) -> str:
    """A setting as it may be shown: the address of a database without its password."""
    value = re.sub(r"(://[^:/@]*:).*@", r"\1***@", value)
    return re.sub(r"([?&]password=)[^&]*", r"\1***", value)


def _abroad(name: str, host: str, *, does: str) -> str:
    return (
        f"{name} names {host}, and a `gov` deployment {does} inside mainland "
        "China (PIPL art. 36): name the host in GUIYAN_MODEL_DOMESTIC_HOSTS if you vouch that "
        f"it is there, or remove {name}"
    )


def is_within(host: str) -> bool:
    """Whether this is our own machine or an address of the office's own network."""
    try:
        address = ip_address(host)
    except ValueError:
        return host == "localhost"
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_private
