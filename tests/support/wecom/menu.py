"""The menu at the bottom of an app."""

from __future__ import annotations

from collections.abc import Iterable

from tests.support.wecom.tokens import App
from tests.support.wecom.wire import Body, Refused, size

_TYPES = {
    "click",
    "view",
    "scancode_push",
    "scancode_waitmsg",
    "pic_sysphoto",
    "pic_photo_or_album",
    "pic_weixin",
    "location_select",
    "view_miniprogram",
}


class MenuCalls:
    """The menu, and the calls that set it."""

    def __init__(self) -> None:
        self.buttons: list[Body] = []

    def create(self, app: App, body: Body) -> Body:
        _check_agent(app, body)
        buttons = body.get("button")
        if not isinstance(buttons, list) or not 1 <= len(buttons) <= 3:
            raise Refused(40017, "invalid button count")
        for button in buttons:
            _check(button)
        self.buttons = buttons
        return {}

    def get(self, app: App, body: Body) -> Body:
        _check_agent(app, body)
        return {"button": self.buttons}

    def delete(self, app: App, body: Body) -> Body:
        _check_agent(app, body)
        self.buttons = []
        return {}


def key_of(buttons: Iterable[Body], label: str) -> str:
    """The key under the words of a menu item."""
    for button in buttons:
        for one in button.get("sub_button") or [button]:
            if one["name"] == label and one.get("type") == "click":
                return str(one["key"])
    raise LookupError(f"no item {label!r} in the menu")


def _check_agent(app: App, body: Body) -> None:
    if str(body.get("agentid")) != str(app.agent_id):
        raise Refused(301002, "not allow operate another agent with this accesstoken")


def _check(button: Body) -> None:
    _check_name(button, 16, 40018)
    below = button.get("sub_button")
    if below is None:
        _check_action(button, 40016, 40019, 40020)
        return
    if not isinstance(below, list) or not 1 <= len(below) <= 5:
        raise Refused(40023, "invalid sub button count")
    for one in below:
        _check_name(one, 40, 40025)
        _check_action(one, 40024, 40026, 40027)


def _check_name(button: Body, most: int, code: int) -> None:
    name = button.get("name")
    if not isinstance(name, str) or not 0 < size(name) <= most:
        raise Refused(code, "invalid button name length")


def _check_action(button: Body, type_code: int, key_code: int, url_code: int) -> None:
    kind = button.get("type")
    if kind not in _TYPES:
        raise Refused(type_code, "invalid button type")
    if kind == "view":
        if not 0 < size(str(button.get("url") or "")) <= 1024:
            raise Refused(url_code, "invalid button url length")
    elif kind != "view_miniprogram" and not 0 < size(str(button.get("key") or "")) <= 128:
        raise Refused(key_code, "invalid button key length")
