"""The channels that there are: kind → where its class is, loaded only when it is configured."""

from __future__ import annotations

from importlib import import_module
from typing import Any

CHANNELS = {
    "webchat": "channels.webchat.channel:WebChat",
    "terminal": "channels.terminal.channel:Terminal",
    "telegram": "channels.telegram.channel:Telegram",
    "wecom_app": "channels.wecom_app.channel:SelfBuiltApp",
    "wecom_contact": "channels.wecom_contact.channel:Contacts",
    "wecom_kf": "channels.wecom_kf.channel:CustomerService",
    "wecom_robot": "channels.wecom_robot.channel:Robots",
}


def channel_class(kind: str) -> Any:
    """The class of a channel."""
    module, name = CHANNELS[kind].split(":")
    return getattr(import_module(module), name)
