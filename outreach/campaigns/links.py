"""Links in what is sent to many: only to places that the office answers for (domain M-13)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from outreach.campaigns.refusing import CampaignRefused

_LINK = re.compile(
    r"(?:(?P<scheme>[a-z]{2,10})://)?(?:[^\s/@，。；！？、]*@)?"
    r"(?P<host>(?:[a-z0-9_-]+\.)+[a-z]{2,}|\d{1,3}(?:\.\d{1,3}){3}|xn--[a-z0-9.-]+)"
    r"(?::\d{1,5})?(?P<rest>[/?#][^\s，。；！？、）)]*)?",
    re.IGNORECASE | re.ASCII,
)
_SHORT = frozenset(
    (
        *("t.cn", "url.cn", "dwz.cn", "suo.im", "w.url.cn", "mrw.so", "sourl.cn", "u.nu"),
        *("bit.ly", "t.co", "goo.gl", "tinyurl.com", "is.gd", "ow.ly", "dwz.win", "c7.gg"),
        *("tb.cn", "3.cn", "m.tb.cn", "v.ht", "985.so", "xsurl.com", "urlc.cn", "dlj.cn"),
    )
)


def check(text: str, allowed: Sequence[str]) -> None:
    """CampaignRefused where a link leads elsewhere than to these hosts, or hides where."""
    for scheme, host in _found(text):
        if host in _SHORT:
            raise CampaignRefused(f"“{host}”是短链接，看不出去哪里，不能发：请写完整的官方网址。")
        if not any(host == one or host.endswith(f".{one}") for one in allowed):
            known = "、".join(allowed)
            raise CampaignRefused(f"“{host}”不在允许的网址里（允许：{known}）：请换官方网址。")
        if scheme not in ("", "http", "https"):
            raise CampaignRefused(f"“{scheme}://”开头的链接不能发：请写https开头的网址。")


def without(text: str) -> str:
    """The text without its links, as people count its characters."""
    return _LINK.sub("", text)


def found(text: str) -> list[str]:
    """The links in a text, as they stand there."""
    return [one.group() for one in _LINK.finditer(text)]


def _found(text: str) -> Iterator[tuple[str, str]]:
    for found in _LINK.finditer(text):
        yield (found["scheme"] or "").lower(), found["host"].lower()
