"""What of settings and log lines may leave the house: nothing that could name a person."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import orjson

from bot.logs import scrub
from bot.settings import SETTINGS, Setting, Settings

_OF_PEOPLE = frozenset({"office_phone", "privacy_contact", "security_contact"})
_WORD = re.compile(r"[A-Za-z0-9_.:+-]{1,60}")
_SAFE_FIELDS = ("channel", "kind", "job", "flow", "step", "conversations", "slots", "revision")
_OURS = "guiyan"


def masked(text: str) -> str:
    """The text without long numbers, and without anything that is not plain English."""
    text = re.sub(r"\d{5,}", "#", scrub(text))
    return re.sub(r"[^\x20-\x7e]+", "…", text)


def word(value: object) -> str:
    """One word of ours; "" for anything else."""
    return masked(str(value)) if _WORD.fullmatch(str(value)) else ""


def numbers(counts: object) -> dict[str, int]:
    """What is a count under a word."""
    known = counts if isinstance(counts, Mapping) else {}
    return {word(k): n for k, n in known.items() if word(k) and type(n) is int}


def settings_lines(settings: Settings, origins: Mapping[str, str]) -> Iterator[str]:
    """Each setting and where it comes from; of secrets and people only whether they are set."""
    for setting in SETTINGS:
        shown = _shown(setting, getattr(settings, setting.field))
        yield f"{setting.variable} = {shown} ({origins.get(setting.field, 'default')})"


def _shown(setting: Setting, value: Any) -> str:
    if not value:
        return "(empty)"
    if setting.is_secret or setting.field in _OF_PEOPLE:
        return "(set)"
    if isinstance(value, str) and "://" in value:
        address = urlsplit(value)
        return f"{address.scheme}://{address.hostname or ''}" + (
            f":{address.port}" if address.port else ""
        )
    return str(value)


def log_lines(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The log's lines with the fields that are known to be safe; others are left out."""
    for line in lines:
        try:
            told = orjson.loads(line)
        except orjson.JSONDecodeError:
            continue
        if isinstance(told, dict):
            yield orjson.dumps(_safe(told))


def _safe(told: Mapping[str, Any]) -> dict[str, object]:
    kept: dict[str, object] = {n: word(told.get(n, "")) for n in ("time", "level", "logger")}
    if str(kept["logger"]).split(".")[0] == _OURS:
        # What our sentences tell of comes behind a colon.
        kept["message"] = masked(str(told.get("message", "")).partition(":")[0])
    if "fault" in told:
        kept["fault"] = masked(str(told["fault"]))
    kept |= {name: word(told[name]) for name in _SAFE_FIELDS if name in told}
    return kept | ({"counts": numbers(told["counts"])} if "counts" in told else {})
