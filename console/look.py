"""How things are written on pages: moments, days, masks, sizes; and where the files are."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from functools import cache
from importlib import resources

from outreach.calendars import CHINA
from outreach.masking import masked_name as masked_name
from outreach.masking import masked_phone as masked_phone

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_KINDS = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}
PARTS = ("console.css", "console.js", "icon.svg")


def moment(at: datetime | None) -> str:
    """2026-11-22 09:30, as clocks in China show it; "" for none."""
    return f"{at.astimezone(CHINA):%Y-%m-%d %H:%M}" if at else ""


def day(at: date | datetime | None) -> str:
    """2026-11-22."""
    if isinstance(at, datetime):
        at = at.astimezone(CHINA).date()
    return at.isoformat() if at else ""


def ago(at: datetime | None, now: datetime) -> str:
    """How long ago, as people say it; a day once it is more than six days."""
    if at is None:
        return "从来没有"
    seconds = (now - at).total_seconds()
    if seconds < _MINUTE:
        return "刚才"
    if seconds < _HOUR:
        return f"{int(seconds // _MINUTE)} 分钟前"
    days = (now.astimezone(CHINA).date() - at.astimezone(CHINA).date()).days
    if days == 0:
        return f"{int(seconds // _HOUR)} 小时前"
    return {1: "昨天", 2: "前天"}.get(days) or (f"{days} 天前" if days < 7 else day(at))


def number(value: float | None) -> str:
    """12,345; a dash where there is nothing to count."""
    return "—" if value is None else f"{value:,}"


_CALLED = {
    "database": "数据库",
    "entries": "政策条目",
    "schema": "数据表",
    "telegram": "Telegram",
    "terminal": "命令行",
    "webchat": "网页聊天",
    "wecom_app": "企业微信",
    "wecom_contact": "企业微信客户群",
    "wecom_kf": "微信客服",
    "wecom_robot": "企业微信群机器人",
}


def called(name: str) -> str:
    """A channel or another part of the service as people call it."""
    return _CALLED.get(name, name)


def size(count: int) -> str:
    """Bytes as people read them."""
    kilo = count / 1024
    return (
        f"{count} 字节"
        if kilo < 1
        else f"{kilo:.0f} KB"
        if kilo < 1024
        else f"{kilo / 1024:.1f} MB"
    )


@cache
def part(name: str) -> tuple[bytes, str, str]:
    """A file of ours: its bytes, its kind, and the code that its address carries."""
    body = (resources.files("console") / "static" / name).read_bytes()
    return body, _KINDS[name.rpartition(".")[2]], hashlib.sha256(body).hexdigest()[:12]


def address(name: str) -> str:
    """Where a file of ours is; the address changes with its content."""
    return f"/console/static/{name}?v={part(name)[2]}"
