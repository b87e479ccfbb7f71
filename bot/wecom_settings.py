"""The settings of WeCom: each mode whole or off, and each value checked before the start."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from channels.wecom.cipher import BadKey, Cipher

MODES = {"app": "the self-built app", "kf": "微信客服", "contact": "客户联系"}
# What a mode needs, and where the console shows it.
_CALLBACK = {
    "secret": "Secret on the app's page (应用管理 → 自建)",
    "token": "Token under 接收消息 → 设置API接收 on the app's page",
    "aes_key": "EncodingAESKey, beside the Token",
}
_ROBOT = re.compile(r"\s*[^=\s][^=]*=\s*[\w-]+\s*")  # name=key; an address is no key
_HEARING = ("token", "aes_key")
_NEEDED = {
    "app": {"agent_id": "AgentId on the app's page", **_CALLBACK},
    "kf": _CALLBACK,
    "contact": _CALLBACK,
}


def is_set(values: Mapping[str, Any]) -> bool:
    """Whether anything of WeCom is configured."""
    return any(value for name, value in values.items() if _is_ours(name))


def is_on(values: Mapping[str, Any], mode: str) -> bool:
    """Whether a mode is configured."""
    return any(value for name, value in values.items() if name.startswith(f"wecom_{mode}_"))


def wecom_faults(values: Mapping[str, Any], *, hears: bool = True) -> list[str]:
    """What is wrong with the settings of WeCom, of which some are set.

    Who does not hear WeCom may leave out the keys of callbacks.
    """
    faults = _base_faults(values)
    for mode, called in MODES.items():
        if is_on(values, mode):
            faults.extend(_mode_faults(values, mode, called, hears=hears))
    faults.extend(_robot_faults(values["wecom_robots"]))
    return faults


def robots_of(pairs: tuple[str, ...]) -> dict[str, str]:
    """Robots by name, with their keys."""
    return dict((part.strip() for part in pair.split("=", 1)) for pair in pairs)  # type: ignore[misc]


def other_cipher(pair: str, corp_id: str) -> Cipher:
    """The cipher of a second Token and EncodingAESKey; BadKey where they cannot be right."""
    token, _, key = pair.partition(" ")
    return Cipher(token, key.strip(), corp_id)


def alert_robot(pairs: tuple[str, ...]) -> str:
    """The robot that tells staff of requests: the one called so, else the first; "" if none."""
    names = list(robots_of(pairs))
    return "alerts" if "alerts" in names else (names[0] if names else "")


def _base_faults(values: Mapping[str, Any]) -> list[str]:
    faults = []
    has_modes = any(is_on(values, mode) for mode in MODES)
    if has_modes and not values["wecom_corp_id"]:
        faults.append(
            "GUIYAN_WECOM_CORP_ID is required: 企业ID under 我的企业 → 企业信息 in the console"
        )
    if values["wecom_corp_id"] and not has_modes:
        faults.append(
            "GUIYAN_WECOM_CORP_ID is set, but no mode is: set the values of the app, of 微信客服 "
            "or of 客户联系 (docs/howto/wecom.md), or remove it"
        )
    return faults


def _mode_faults(values: Mapping[str, Any], mode: str, called: str, *, hears: bool) -> list[str]:
    missing = [
        f"{_variable(mode, part)} is required for {called}: {where} (docs/howto/wecom_{mode}.md)"
        for part, where in _NEEDED[mode].items()
        if not values[f"wecom_{mode}_{part}"] and (hears or part not in _HEARING)
    ]
    if missing:
        return missing
    token, key = values[f"wecom_{mode}_token"], values[f"wecom_{mode}_aes_key"]
    try:
        if token and key:
            Cipher(token, key, values["wecom_corp_id"] or "unknown")
    except BadKey as fault:
        return [f"GUIYAN_WECOM_{mode.upper()}_TOKEN or _AES_KEY cannot be right: {fault}"]
    if (pair := values[f"wecom_{mode}_callback_other"]) and (wrong := _other_fault(pair)):
        return [f"{_variable(mode, 'callback_other')} {wrong}"]
    if mode == "app" and not values["wecom_app_agent_id"].isdigit():
        return ["GUIYAN_WECOM_APP_AGENT_ID must be a number: AgentId on the app's page"]
    return []


def _other_fault(pair: str) -> str:
    """What is wrong with a second Token and EncodingAESKey; "" if nothing is."""
    try:
        other_cipher(pair, "unknown")
    except BadKey as fault:
        return f"must be a Token and its EncodingAESKey, with a space between: {fault}"
    return ""


def _robot_faults(pairs: tuple[str, ...]) -> list[str]:
    if not all(_ROBOT.fullmatch(pair) for pair in pairs):  # a key is a secret: none is shown
        return [
            "GUIYAN_WECOM_ROBOTS must be name=key, separated by commas; the key is only what "
            "follows key= in the robot's address"
        ]
    names = [pair.partition("=")[0].strip() for pair in pairs]
    twice = sorted({name for name in names if names.count(name) > 1})
    return [f"GUIYAN_WECOM_ROBOTS names {name} twice: give each robot its own" for name in twice]


def _is_ours(name: str) -> bool:
    return name.startswith("wecom_") and name not in {
        "wecom_base_url",
        "wecom_limits",
        "wecom_quota",
    }


def _variable(mode: str, part: str) -> str:
    return f"GUIYAN_WECOM_{mode}_{part}".upper()
