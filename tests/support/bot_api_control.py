"""The stand-in's controls over HTTP, for a program in another process.

POST a JSON body to /control/<command>; GET where there is none:

    say      [{"chat": 1, "text": "…", "sender": 1}, …] → ids of the updates
    tap      [{"chat": 1, "label": "…"}, …]    presses that button, where it was sent last → ids
    updates  [{…}, …]                          raw updates, as they are → ids
    chat     {"chat": 1, "status": 403, "description": "…", "parameters": {…}}    refuse its sends;
             without a status accept them again
    block    {"chat": 1}      migrate  {"chat": -5, "to": -100500}
    fail     {"method": "sendMessage", "status": 429, "description": "…", "parameters": {…}}
    behave   {"latency": [0.04, 0.08], "error_rate": 0.05, "reset_rate": 0.0,
              "duplicate_rate": 0.0, "limits": true, "knows_everybody": true}    what is named
    sent     ?since=N         [{"at", "chat", "message_id", "text", "labels"}, …] from the Nth on
    state                     counts of calls, pending updates, the webhook
    reset                     forget what was sent
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import orjson
from aiohttp import web

from tests.support.bot_api_checks import Refused
from tests.support.bot_api_limits import SendLimits

if TYPE_CHECKING:
    from tests.support.bot_api import BotApi, Sent

Command = Callable[["BotApi", Any], Any]


async def answer_control(api: BotApi, request: web.BaseRequest, name: str) -> web.Response:
    """Do what /control/<name> asks for."""
    if name not in COMMANDS:
        return web.Response(status=404, text=f"no such control: {name}")
    body = await request.read()
    given = orjson.loads(body) if body else dict(request.query)
    return web.Response(
        body=orjson.dumps(COMMANDS[name](api, given)), content_type="application/json"
    )


def _say(api: BotApi, given: list[dict[str, Any]]) -> list[int]:
    return [api.say(**one) for one in given]


def _tap(api: BotApi, given: list[dict[str, Any]]) -> list[int]:
    return [press(api, one["chat"], one["label"]) for one in given]


def _updates(api: BotApi, given: list[dict[str, Any]]) -> list[int]:
    return [api.give(one, is_raw=True) for one in given]


def _chat(api: BotApi, given: dict[str, Any]) -> bool:
    api.chat(given["chat"]).refusal = _refused(given) if "status" in given else None
    return True


def _block(api: BotApi, given: dict[str, Any]) -> bool:
    api.block(given["chat"])
    return True


def _migrate(api: BotApi, given: dict[str, Any]) -> bool:
    api.migrate(given["chat"], given["to"])
    return True


def _fail(api: BotApi, given: dict[str, Any]) -> bool:
    refused = _refused(given)
    api.fail_next(given["method"], refused.status, refused.description, **refused.parameters)
    return True


def _behave(api: BotApi, given: dict[str, Any]) -> bool:
    if "latency" in given:
        api.behaviour.latency = tuple(given["latency"])
    if "limits" in given:
        api.behaviour.limits = SendLimits() if given["limits"] else None
    for name in ("error_rate", "reset_rate", "knows_everybody"):
        if name in given:
            setattr(api.behaviour, name, given[name])
    api.updates.duplicate_rate = given.get("duplicate_rate", api.updates.duplicate_rate)
    return True


def _sent(api: BotApi, given: dict[str, str]) -> list[dict[str, Any]]:
    return [_as_json(sent) for sent in api.sent[int(given.get("since", 0)) :]]


def _state(api: BotApi, given: object) -> dict[str, Any]:
    hook = api.updates.webhook
    return {
        "calls": dict(api.calls),
        "sent": len(api.sent),
        "answered": len(api.answered),
        "pending": len(api.updates.pending),
        "webhook": hook.url if hook else "",
        "last_error": api.updates.last_error,
    }


def _reset(api: BotApi, given: object) -> bool:
    api.sent.clear()
    api.calls.clear()
    return True


def press(api: BotApi, chat: int, label: str) -> int:
    """Press the button with this label under the last message that has one."""
    for sent in reversed(api.sent):
        for row in sent.rows if sent.chat == chat else ():
            for button in row:
                if button["text"] == label:
                    message = api.bot_message(
                        sent.message_id, api.chat(chat), sent.params, sent.at
                    )
                    return api.tap(chat, message, button["callback_data"])
    raise LookupError(f"no button {label!r} in chat {chat}")


def _refused(given: dict[str, Any]) -> Refused:
    return Refused(given["status"], given["description"], **given.get("parameters", {}))


def _as_json(sent: Sent) -> dict[str, Any]:
    return {
        "at": sent.at,
        "chat": sent.chat,
        "message_id": sent.message_id,
        "text": sent.text,
        "labels": sent.labels,
    }


COMMANDS: dict[str, Command] = {
    "say": _say,
    "tap": _tap,
    "updates": _updates,
    "chat": _chat,
    "block": _block,
    "migrate": _migrate,
    "fail": _fail,
    "behave": _behave,
    "sent": _sent,
    "state": _state,
    "reset": _reset,
}
