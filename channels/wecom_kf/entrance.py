"""The address behind a QR code of 微信客服: it says by which village or station somebody came."""

from __future__ import annotations

import re
from urllib.parse import quote

from channels.wecom.client import Client
from channels.wecom.failures import OK, Trouble, WecomError

SCENE = re.compile(r"[0-9a-zA-Z_-]{1,32}")

_PATH = "kf/add_contact_way"


async def address(client: Client, account: str, *, scene: str, place: str = "") -> str:
    """A fresh address of the account; raises WecomError.

    `place` comes back as the scene_param of whoever enters. What WeCom gave is not touched, only
    continued: it is checked when somebody enters.
    """
    body = {"open_kfid": account, "scene": scene}
    url = (await client.call(_PATH, body, may_repeat=True)).get("url")
    if not isinstance(url, str) or not url.startswith("https://"):
        raise WecomError(OK, _PATH, trouble=Trouble.UNREADABLE)
    return f"{url}&scene_param={quote(place, safe='')}" if place else url
