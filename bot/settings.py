"""All settings: one frozen value, from the environment and guiyan.toml, refused early in words."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.endpoints import (
    TELEGRAM_API,
    WECOM_API,
    aid_faults,
    gov_faults,
    oidc_faults,
    telegram_faults,
)
from bot.security_txt import reachable
from bot.wecom_settings import is_set, wecom_faults
from channels.wecom.limits import Limit, limits_from
from outreach.reports.rules import festival_of

PREFIX = "GUIYAN_"


_AHEAD = re.compile(r"\+(?P<hours>\d{1,3}):(?P<minutes>[0-5]\d)")
_BOT_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+")
_CONTACT = 24  # characters of a name with a number


class SettingsError(ValueError):
    """Settings that cannot be used; one plain sentence per line."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its field, its default as text, how it is read, what it means."""

    field: str
    default: str
    read: Callable[[str], Any]
    meaning: str
    is_secret: bool = False

    @property
    def variable(self) -> str:
        return PREFIX + self.field.upper()

    @property
    def may_be_a_file(self) -> bool:
        """Whether `…_FILE` may name a file with it: a database's address holds a password."""
        return self.is_secret or self.field == "database_url"


@dataclass(frozen=True, slots=True)
class Settings:
    """What the program was told. `now` is set only in tests and rehearsals."""

    database_url: str
    http_host: str
    http_port: int
    public_url: str
    areas: tuple[str, ...]
    deployment: str
    secret_key: str
    office_name: str
    office_phone: str
    privacy_contact: str
    security_contact: str
    link_hosts: tuple[str, ...]
    forms_dir: str
    count_urban_by: str
    count_half_year: str
    count_district_moves: str
    count_festival: str
    count_thinking: str
    count_short_away: str
    telegram_token: str
    telegram_base_url: str
    telegram_mode: str
    telegram_webhook_secret: str
    telegram_webhook_secret_other: str
    wecom_corp_id: str
    wecom_base_url: str
    wecom_app_agent_id: str
    wecom_app_secret: str
    wecom_app_token: str
    wecom_app_aes_key: str
    wecom_app_callback_other: str
    wecom_kf_secret: str
    wecom_kf_token: str
    wecom_kf_aes_key: str
    wecom_kf_callback_other: str
    wecom_kf_accounts: tuple[str, ...]
    wecom_contact_secret: str
    wecom_contact_token: str
    wecom_contact_aes_key: str
    wecom_contact_callback_other: str
    wecom_robots: tuple[str, ...]
    wecom_quota: str
    wecom_limits: tuple[Limit, ...]
    model_url: str
    model_key: str
    model_name: str
    model_timeout: float
    model_domestic_hosts: tuple[str, ...]
    speech_url: str
    speech_key: str
    speech_model: str
    speech_timeout: float
    oidc_issuer: str
    oidc_client_id: str
    oidc_client_secret: str
    oidc_claim: str
    oidc_label: str
    traces_url: str
    timezone: ZoneInfo
    log_level: str
    now: datetime | timedelta | None

    @property
    def is_embedded(self) -> bool:
        """Whether the database is the one that comes with the program."""
        return self.database_url.startswith("sqlite")


def load(
    environment: Mapping[str, str] | None = None, folder: Path | None = None, *, hears: bool = True
) -> Settings:
    """Settings of this process; SettingsError with a sentence for each that is wrong.

    A command that only calls WeCom, and does not hear it, needs no keys of a callback.
    """
    given = dict(os.environ if environment is None else environment)
    texts, faults = _texts(given, folder or Path.cwd())
    values: dict[str, Any] = {}
    for setting in SETTINGS:
        try:
            values[setting.field] = setting.read(texts.get(setting.field, setting.default))
        except ValueError as fault:
            faults.append(f"{setting.variable} {fault}")
    if not faults:
        faults.extend(_contradictions(values, hears=hears))
    if faults:
        raise SettingsError("\n".join(faults))
    return Settings(**values)


def origins(
    environment: Mapping[str, str] | None = None, folder: Path | None = None
) -> dict[str, str]:
    """Field → «environment» or «file»; what is a default is not there."""
    given = dict(os.environ if environment is None else environment)
    known = {setting.variable: setting for setting in SETTINGS}
    found = dict.fromkeys(_from_file(given, folder or Path.cwd(), known)[0], "file")
    for name in filter(given.get, given):
        setting = known.get(name) or known.get(name.removesuffix("_FILE"))
        if setting is not None:
            found[setting.field] = "environment"
    return found


def environment_with(settings: Mapping[str, str]) -> dict[str, str]:
    """This process's environment with other settings of ours, for a program it starts."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    return kept | dict(settings)


def _texts(given: Mapping[str, str], folder: Path) -> tuple[dict[str, str], list[str]]:
    """Field → text, the environment winning over the file, `…_FILE` read for secrets."""
    known = {setting.variable: setting for setting in SETTINGS}
    texts, faults = _from_file(given, folder, known)
    for name, value in given.items():
        if not name.startswith(PREFIX) or name == "GUIYAN_CONFIG" or value == "":
            continue
        setting = known.get(name.removesuffix("_FILE"))
        if name in known:
            texts[known[name].field] = value
        elif setting is not None and setting.may_be_a_file:
            _read_secret(name, value, setting, texts, faults)
        else:
            faults.append(_unknown(name))
    return texts, faults


def _from_file(
    given: Mapping[str, str], folder: Path, known: Mapping[str, Setting]
) -> tuple[dict[str, str], list[str]]:
    path = Path(given["GUIYAN_CONFIG"]) if given.get("GUIYAN_CONFIG") else folder / "guiyan.toml"
    if not path.is_file():
        missing = "GUIYAN_CONFIG" in given and given["GUIYAN_CONFIG"]
        return {}, [f"GUIYAN_CONFIG names {path}, and there is no such file"] if missing else []
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        return {}, [f"{path} is not valid TOML: {fault}"]
    except OSError as fault:
        return {}, [f"{path} cannot be read: {fault.strerror}"]
    texts, faults = {}, []
    for key, value in content.items():
        setting = known.get(PREFIX + key.upper().removeprefix(PREFIX))
        if setting is None:
            faults.append(f"{path} sets {key!r}: there is no such setting (see `guiyan config`)")
        else:
            texts[setting.field] = ",".join(value) if isinstance(value, list) else str(value)
    return texts, faults


def _read_secret(
    name: str, path: str, setting: Setting, texts: dict[str, str], faults: list[str]
) -> None:
    try:
        texts[setting.field] = Path(path).read_text(encoding="utf-8").strip()
    except OSError as fault:
        faults.append(f"{name} names a file that cannot be read: {fault.strerror}")


def _unknown(name: str) -> str:
    return f"{name} is no setting of ours: correct or remove it (see `guiyan config`)"


def _contradictions(values: Mapping[str, Any], *, hears: bool) -> list[str]:
    faults = []
    if values["telegram_token"]:
        faults.extend(telegram_faults(values))
    if is_set(values):
        faults.extend(wecom_faults(values, hears=hears))
    faults.extend(aid_faults("MODEL", "MODEL_NAME", values))
    faults.extend(aid_faults("SPEECH", "SPEECH_MODEL", values))
    faults.extend(oidc_faults(values))
    if values["deployment"] == "gov":
        faults.extend(gov_faults(values))
    if not values["secret_key"] and not values["database_url"].startswith("sqlite"):
        faults.append(
            "GUIYAN_SECRET_KEY is required with PostgreSQL: set it to 32 or more random characters"
        )
    return faults


def _seconds(most: int) -> Callable[[str], float]:
    def read(value: str) -> float:
        try:
            seconds = float(value)
        except ValueError:
            seconds = 0.0
        if not 0.1 <= seconds <= most:
            raise ValueError(f"must be seconds from 0.1 to {most}, not {value!r}")
        return seconds

    return read


def _text(value: str) -> str:
    return value.strip()


def _contact(value: str) -> str:
    if len(value.strip()) > _CONTACT:
        raise ValueError(f"takes {_CONTACT} characters at most, for it stands in a short message")
    return value.strip()


def _url(value: str) -> str:
    value = value.strip().rstrip("/")
    if value and (urlsplit(value).scheme not in {"http", "https"} or not urlsplit(value).netloc):
        raise ValueError(f"must be an address that begins with http:// or https://, not {value!r}")
    return value


def _database(value: str) -> str:
    scheme = value.split(":", 1)[0]
    if scheme not in {"sqlite", "postgres", "postgresql"}:
        raise ValueError("must begin with sqlite:/// or postgresql://")
    return value


def _folder(value: str) -> str:
    if value and not Path(value).is_dir():
        raise ValueError(f"names {value!r}, and there is no such folder")
    return value


def _token(value: str) -> str:
    if value and not _BOT_TOKEN.fullmatch(value.strip()):
        raise ValueError("is no token as BotFather gives them: digits, a colon, letters")
    return value.strip()


def port(value: str) -> int:
    """A port's number; ValueError with a sentence if it is none."""
    if not value.isdigit() or not 0 <= int(value) <= 65535:
        raise ValueError(f"must be a number from 0 to 65535, not {value!r}")
    return int(value)


def _list(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.replace("，", ",").split(",") if part.strip())


def _one_of(*words: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value not in words:
            raise ValueError(f"must be one of {', '.join(words)}, not {value!r}")
        return value

    return read


def _festival(value: str) -> str:
    festival_of(value)
    return value.strip()


def _zone(value: str) -> ZoneInfo:
    try:
        return ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError) as fault:
        raise ValueError(f"is no known time zone: {value!r}") from fault


def _moment(value: str) -> datetime | timedelta | None:
    if not value:
        return None
    if ahead := _AHEAD.fullmatch(value):
        return timedelta(hours=int(ahead["hours"]), minutes=int(ahead["minutes"]))
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as fault:
        raise ValueError(
            f"must be a moment such as 2027-02-06T09:00+08:00, or how far ahead such as +9:30,"
            f" not {value!r}"
        ) from fault
    if moment.tzinfo is None:
        raise ValueError("needs a time zone, such as 2027-02-06T09:00+08:00")
    return moment


def _webhook_secret(value: str) -> str:
    allowed = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")
    if value and (len(value) > 256 or not set(value) <= allowed):
        raise ValueError("may hold only A-Z a-z 0-9 _ - and 256 characters at the most")
    return value


SETTINGS = (
    Setting("database_url", "sqlite:///var/guiyan.db", _database, "where everything is stored"),
    Setting("http_host", "127.0.0.1", _text, "address that the server listens on"),
    Setting("http_port", "8080", port, "port that the server listens on; 0 picks a free one"),
    Setting("public_url", "", _url, "our address as seen from outside, for webhooks and links"),
    Setting("areas", "", _list, "packs to serve, by name or code; empty = all"),
    Setting("deployment", "open", _one_of("open", "gov"), "gov keeps data in the country"),
    Setting("secret_key", "", _text, "seals personal data; made in var/ when embedded", True),
    Setting("office_name", "返乡创业服务中心", _text, "the office in whose name we talk"),
    Setting("office_phone", "", _text, "a number to verify us; empty = 电话待补"),
    Setting("privacy_contact", "", _contact, "who answers for personal data, with a number"),
    Setting("security_contact", "", reachable, "who is told of a hole: mailto:, https: or tel:"),
    Setting("link_hosts", "gov.cn", _list, "hosts that a message to many may link to"),
    Setting("forms_dir", "", _folder, "folder with form files that replace or extend ours"),
    Setting("count_urban_by", "hukou", _one_of("hukou", "home"), "what makes people 城镇 or 农村"),
    Setting(
        "count_half_year",
        "total",
        _one_of("total", "unbroken"),
        "half a year away: added up over twelve months, or without a stay at home",
    ),
    Setting(
        "count_district_moves",
        "no",
        _one_of("no", "yes"),
        "whether from one district of a city to another is 出县",
    ),
    Setting("count_festival", "12-20/1-15", _festival, "春节期间, in days of the moon"),
    Setting("count_thinking", "yes", _one_of("no", "yes"), "whether 有想法没想好 is an intent"),
    Setting(
        "count_short_away",
        "no",
        _one_of("no", "yes"),
        "whether who was away for less than half a year can be 返乡",
    ),
    Setting("telegram_token", "", _token, "token from BotFather; empty = off", True),
    Setting("telegram_base_url", TELEGRAM_API, _url, "the Bot API server's root"),
    Setting("telegram_mode", "polling", _one_of("polling", "webhook"), "how updates arrive"),
    Setting("telegram_webhook_secret", "", _webhook_secret, "proves that Telegram calls", True),
    Setting("telegram_webhook_secret_other", "", _webhook_secret, "believed as well", True),
    Setting("wecom_corp_id", "", _text, "the corporation's id in WeCom; empty = off"),
    Setting("wecom_base_url", WECOM_API, _url, "the root of WeCom's server API"),
    Setting("wecom_app_agent_id", "", _text, "the self-built app's AgentId"),
    Setting("wecom_app_secret", "", _text, "the self-built app's Secret; empty = no app", True),
    Setting("wecom_app_token", "", _text, "Token of the app's callback", True),
    Setting("wecom_app_aes_key", "", _text, "EncodingAESKey of the app's callback", True),
    Setting("wecom_app_callback_other", "", _text, "Token and key believed as well", True),
    Setting("wecom_kf_secret", "", _text, "Secret of the app for 微信客服; empty = off", True),
    Setting("wecom_kf_token", "", _text, "Token of the callback of 微信客服", True),
    Setting("wecom_kf_aes_key", "", _text, "EncodingAESKey of the callback of 微信客服", True),
    Setting("wecom_kf_callback_other", "", _text, "Token and key believed as well", True),
    Setting("wecom_kf_accounts", "", _list, "accounts of 微信客服 to serve (open_kfid)"),
    Setting(
        "wecom_contact_secret", "", _text, "Secret of the app for 客户联系; empty = off", True
    ),
    Setting("wecom_contact_token", "", _text, "Token of the callback of 客户联系", True),
    Setting(
        "wecom_contact_aes_key", "", _text, "EncodingAESKey of the callback of 客户联系", True
    ),
    Setting("wecom_contact_callback_other", "", _text, "Token and key believed as well", True),
    Setting("wecom_robots", "", _list, "group robots: name=key, name=key", True),
    Setting(
        "wecom_quota",
        "month",
        _one_of("month", "week", "day"),
        "most broadcasts to a customer or group: as a month has days, 7 a week, 1 a day",
    ),
    Setting("wecom_limits", "", limits_from, "other figures for WeCom's limits: name=figure"),
    Setting("model_url", "", _url, "a language model that may help to understand; empty = off"),
    Setting("model_key", "", _text, "the key that the model's address asks for", True),
    Setting("model_name", "", _text, "the model to ask for"),
    Setting("model_timeout", "2", _seconds(10), "seconds that an answer waits for the model"),
    Setting("model_domestic_hosts", "", _list, "hosts that gov may ask: inside mainland China"),
    Setting("speech_url", "", _url, "what recognises spoken messages; empty = off"),
    Setting("speech_key", "", _text, "the key that the recogniser's address asks for", True),
    Setting("speech_model", "", _text, "the recogniser's model to ask for"),
    Setting("speech_timeout", "20", _seconds(30), "seconds that a spoken message may take"),
    Setting("oidc_issuer", "", _url, "who vouches for staff in the console; empty = nobody"),
    Setting("oidc_client_id", "", _text, "what the issuer knows the console by"),
    Setting("oidc_client_secret", "", _text, "the console's secret at the issuer", True),
    Setting("oidc_claim", "sub", _text, "the claim that names somebody: staff link --oidc"),
    Setting("oidc_label", "单位账号", _text, "what the button of the sign-in page calls it"),
    Setting("traces_url", "", _url, "where traces go (OTLP over HTTP); empty = none are made"),
    Setting("timezone", "Asia/Shanghai", _zone, "the time zone of people and schedules"),
    Setting(
        "log_level", "INFO", _one_of("DEBUG", "INFO", "WARNING", "ERROR"), "least level logged"
    ),
    Setting(
        "now", "", _moment, "tests and rehearsals only: the clock starts there, or is so far ahead"
    ),
)

assert {s.field for s in SETTINGS} == {f.name for f in fields(Settings)}
