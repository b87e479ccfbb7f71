"""What a browser says of itself, in words by which its owner knows it again."""

from __future__ import annotations

_BROWSERS = (  # the first that is named: most of them name others, too
    ("wxwork", "企业微信"),
    ("MicroMessenger", "微信"),
    ("Edg", "Edge"),
    ("360SE", "360浏览器"),
    ("QIHU", "360浏览器"),
    ("QQBrowser", "QQ浏览器"),
    ("UCBrowser", "UC浏览器"),
    ("HuaweiBrowser", "华为浏览器"),
    ("MiuiBrowser", "小米浏览器"),
    ("Firefox", "火狐"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
    ("MSIE", "IE"),
    ("Trident", "IE"),
)
_DEVICES = (
    ("HarmonyOS", "鸿蒙手机"),
    ("Android", "安卓手机"),
    ("iPhone", "苹果手机"),
    ("iPad", "苹果平板"),
    ("Windows", "Windows 电脑"),
    ("Mac OS", "苹果电脑"),
    ("Linux", "Linux 电脑"),
)


def browser_of(agent: str) -> str:
    """«微信，安卓手机» of a User-Agent; what is not known is not guessed."""
    found = [_first(known, agent) for known in (_BROWSERS, _DEVICES)]
    return "，".join(one for one in found if one) or "认不出的浏览器"


def _first(known: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((name for sign, name in known if sign in agent), "")
