"""A local stand-in for Telegram's Bot API server: `python -m tests.support.bot_api --port 8081`.

Tests use it in their own process (`async with BotApi() as api`), benchmarks in another one over
`/control/…` (see bot_api_control.py). Times are `time.time()`, comparable between processes.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import orjson
import uvloop
from aiohttp import BodyPartReader, web

from tests.support.bot_api_checks import (
    Chat,
    Refused,
    bad,
    check_markup,
    check_message,
    check_photo,
    check_text,
)
from tests.support.bot_api_control import answer_control
from tests.support.bot_api_limits import SendLimits
from tests.support.bot_api_oddities import Oddity
from tests.support.bot_api_people import People
from tests.support.bot_api_updates import Updates, Webhook

TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw4"
USERNAME = "guiyan_test_bot"

_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


@dataclass(frozen=True, slots=True)
class Sent:
    """One message that the server accepted."""

    at: float
    chat: int
    message_id: int
    text: str
    params: dict[str, Any]

    @property
    def markup(self) -> dict[str, Any]:
        found: dict[str, Any] = self.params.get("reply_markup") or {}
        return found

    @property
    def rows(self) -> list[list[dict[str, Any]]]:
        """The buttons of the keyboard, inline or not, row by row."""
        rows = self.markup.get("inline_keyboard") or self.markup.get("keyboard") or []
        return [[b if isinstance(b, dict) else {"text": b} for b in row] for row in rows]

    @property
    def labels(self) -> list[str]:
        return [button["text"] for row in self.rows for button in row]


@dataclass(slots=True)
class Behaviour:
    """How the server treats calls; may be changed at any time."""

    latency: tuple[float, float] = (0.0, 0.0)  # seconds there and back
    error_rate: float = 0.0  # answered 502, not accepted
    reset_rate: float = 0.0  # accepted, then the connection is cut
    limits: SendLimits | None = None
    knows_everybody: bool = False  # else a chat that never wrote is "not found"
    oddity: Oddity | None = None  # what else becomes of sends


class BotApi(People):
    """The server, what it was sent, and the people on its other side."""

    def __init__(
        self, *, token: str = TOKEN, host: str = "127.0.0.1", port: int = 0, seed: int = 1
    ) -> None:
        self.rng = random.Random(seed)
        super().__init__(Updates(self.rng), USERNAME, _bot_id(token))
        self.token = token
        self.host, self.port = host, port
        self.behaviour = Behaviour()
        self.sent: list[Sent] = []
        self.deleted: list[Sent] = []
        self.calls: Counter[str] = Counter()
        self.answered: list[str] = []  # callback query ids
        self.failures: dict[str, list[Refused | None]] = {}  # method → answers for its next calls
        self._messages = 0
        self._changed = asyncio.Event()
        self._runner: web.ServerRunner | None = None
        self._token_path = f"/bot{token}/"
        self._methods = _methods(self)

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    async def __aenter__(self) -> BotApi:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        self._runner = web.ServerRunner(
            web.Server(self._serve, access_log=None), shutdown_timeout=0.1
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, self.host, self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Close the port; what was queued and sent stays, so that it may start again."""
        await self.updates.close()
        if self._runner is not None:
            await self._runner.cleanup()

    async def until(self, happened: Callable[[], bool], seconds: float = 5.0) -> None:
        """Wait for something that calls to this server, or their answers, bring about."""
        async with asyncio.timeout(seconds):
            while not happened():
                self._changed.clear()
                with suppress(TimeoutError):
                    async with asyncio.timeout(0.02):
                        await self._changed.wait()

    async def sent_count(self, count: int, seconds: float = 5.0) -> list[Sent]:
        """Wait until `count` messages have been accepted."""
        await self.until(lambda: len(self.sent) >= count, seconds)
        return self.sent

    def fail_next(
        self, method: str, status: int, description: str, *, after: int = 0, **parameters: int
    ) -> None:
        """Answer the next call of a method, or one `after` some good ones, with an error."""
        queue = self.failures.setdefault(method.lower(), [])
        queue += [*[None] * after, Refused(status, description, **parameters)]

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        path = request.path
        if path.startswith("/control/"):
            return await answer_control(self, request, path.removeprefix("/control/"))
        if path.startswith(f"/file{self._token_path}"):
            return self._file(path)
        if not path.startswith(self._token_path):
            is_token = re.fullmatch(r"/bot\d+:[A-Za-z0-9_-]{30,}/\w+", path)
            return _refusal(Refused(401, "Unauthorized") if is_token else _not_found())
        try:
            return await self._call(request, path[len(self._token_path) :].lower())
        except Refused as refused:
            return _refusal(refused)
        finally:
            self._changed.set()

    def _file(self, path: str) -> web.Response:
        content = self.files.get(path.rsplit("/", 1)[-1].removesuffix(".oga"))
        if content is None:
            return _refusal(_not_found())
        return web.Response(body=content, content_type="application/octet-stream")

    async def _call(self, request: web.BaseRequest, method: str) -> web.StreamResponse:
        params = await _params(request)
        half = self.rng.uniform(*self.behaviour.latency) / 2
        if half:
            await asyncio.sleep(half)
        if method != "getupdates" and self.rng.random() < self.behaviour.error_rate:
            return web.Response(status=502, text="<html>502 Bad Gateway</html>")
        oddity = self.behaviour.oddity if method == "sendmessage" else None
        if oddity is not None and (answer := await oddity.before(self.rng)):
            return answer
        try:
            result = await self._result(method, params)
        finally:
            if half:
                await asyncio.sleep(half)
        if oddity is not None and (answer := oddity.after(self.rng)):
            return answer
        if method == "sendmessage" and self.rng.random() < self.behaviour.reset_rate:
            assert request.transport is not None
            request.transport.abort()
        return _json(200, {"ok": True, "result": result})

    async def _result(self, method: str, params: dict[str, Any]) -> Any:
        self.calls[method] += 1
        if self.failures.get(method) and (refused := self.failures[method].pop(0)):
            raise refused
        if method == "getupdates":
            return await self._get_updates(params)
        if method not in self._methods:
            raise _not_found()
        return self._methods[method](params)

    async def _get_updates(self, params: dict[str, Any]) -> list[dict[str, Any]]:
        self._choose_kinds(params)
        limit = min(int(params.get("limit", 100)), 100)
        timeout = min(float(params.get("timeout", 0)), 50.0)
        return await self.updates.poll(int(params.get("offset", 0)), limit, timeout)

    def set_webhook(self, params: dict[str, Any]) -> bool:
        url, secret = str(params.get("url", "")), str(params.get("secret_token", ""))
        if secret and not _SECRET.fullmatch(secret):
            raise bad("secret token contains unallowed characters")
        self._choose_kinds(params)
        most = int(params.get("max_connections", 40))
        self.updates.hook(Webhook(url, secret, most) if url else None)
        return True

    def delete_webhook(self, params: dict[str, Any]) -> bool:
        if params.get("drop_pending_updates"):
            self.updates.pending.clear()
        self.updates.hook(None)
        return True

    def webhook_info(self, params: dict[str, Any]) -> dict[str, Any]:
        hook = self.updates.webhook
        return {
            "url": hook.url if hook else "",
            "has_custom_certificate": False,
            "pending_update_count": len(self.updates.pending),
            "last_error_message": self.updates.last_error,
        }

    def send_message(self, params: dict[str, Any]) -> dict[str, Any]:
        now = time.time()
        chat = self._known(params)
        check_message(params, chat)
        if self.behaviour.limits is not None:
            self.behaviour.limits.check(chat.id, now)
        self._messages += 1
        self.sent.append(Sent(now, chat.id, self._messages, params["text"], params))
        return self.bot_message(self.sent[-1].message_id, chat, params, now)

    def send_photo(self, params: dict[str, Any]) -> dict[str, Any]:
        """A file, or the id of one that the server has; its caption is kept as the text."""
        photo = params.get("photo")
        if isinstance(photo, bytes):
            check_photo(photo)
            file_id = f"AgACAgUAAxk{len(self.files)}"
            self.files[file_id] = photo
        elif photo not in self.files:
            raise bad("wrong file identifier/HTTP URL specified")
        else:
            file_id = str(photo)
        words = {"text": params.get("caption", ""), "photo": file_id}
        shown = self.send_message({**params, **words})
        return {**shown, "photo": [{"file_id": file_id}]}

    def bot_message(
        self, number: int, chat: Chat, params: dict[str, Any], at: float
    ) -> dict[str, Any]:
        """A message of the bot as the server shows it: an inline keyboard is part of it."""
        message = {
            "message_id": number,
            "from": self.me,
            "chat": chat.as_json(),
            "date": int(at),
            "text": params["text"],
        }
        if "inline_keyboard" in (params.get("reply_markup") or {}):
            message["reply_markup"] = params["reply_markup"]
        return message

    def edit_text(self, params: dict[str, Any]) -> dict[str, Any]:
        check_text(params.get("text"))
        return self._edited(params, {"text": params["text"]})

    def edit_markup(self, params: dict[str, Any]) -> dict[str, Any]:
        return self._edited(params, {})

    def delete_message(self, params: dict[str, Any]) -> bool:
        self.deleted.append(self._message(params, "message to delete not found"))
        self.sent.remove(self.deleted[-1])
        return True

    def answer_callback(self, params: dict[str, Any]) -> bool:
        number = str(params.get("callback_query_id"))
        if number not in self.taps:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        self.answered.append(number)
        return True

    def _edited(self, params: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
        old = self._message(params, "message to edit not found")
        chat = self._known(params)
        check_markup(params.get("reply_markup"), chat)
        change["reply_markup"] = params.get("reply_markup")
        if all(old.params.get(key) == value for key, value in change.items()):
            raise bad("message is not modified")
        old.params.update(change)
        return self.bot_message(old.message_id, chat, old.params, old.at)

    def _message(self, params: dict[str, Any], missing: str) -> Sent:
        wanted = (int(params["chat_id"]), params.get("message_id"))
        for sent in reversed(self.sent):
            if (sent.chat, sent.message_id) == wanted:
                return sent
        raise bad(missing)

    def _known(self, params: dict[str, Any]) -> Chat:
        if "chat_id" not in params:
            raise bad("chat_id is empty")
        number = int(params["chat_id"])
        if number not in self.chats and not self.behaviour.knows_everybody:
            raise bad("chat not found")
        return self.chat(number)

    def _choose_kinds(self, params: dict[str, Any]) -> None:
        if params.get("allowed_updates"):
            self.updates.kinds = frozenset(params["allowed_updates"])


def _bot_id(token: str) -> int:
    head = token.partition(":")[0]
    return int(head) if head.isdecimal() else 1


def _methods(api: BotApi) -> dict[str, Callable[[dict[str, Any]], Any]]:
    return {
        "getfile": api.find_file,
        "getme": lambda params: api.me,
        "getchat": lambda params: api.find_chat(params).as_json(),
        "getchatmembercount": lambda params: api.find_chat(params).members,
        "setwebhook": api.set_webhook,
        "deletewebhook": api.delete_webhook,
        "getwebhookinfo": api.webhook_info,
        "sendmessage": api.send_message,
        "sendphoto": api.send_photo,
        "editmessagetext": api.edit_text,
        "editmessagereplymarkup": api.edit_markup,
        "deletemessage": api.delete_message,
        "answercallbackquery": api.answer_callback,
        "sendchataction": lambda params: True,
        "setmycommands": lambda params: True,
    }


async def _params(request: web.BaseRequest) -> dict[str, Any]:
    if request.content_type == "application/json":
        body = await request.read()
        params: dict[str, Any] = orjson.loads(body) if body else {}
    elif request.content_type == "multipart/form-data":
        params = await _parts(request)
    else:
        form = {**request.query, **await request.post()}
        params = {key: _value(key, str(value)) for key, value in form.items()}
    if isinstance(params.get("reply_markup"), str):
        params["reply_markup"] = orjson.loads(params["reply_markup"])
    return params


async def _parts(request: web.BaseRequest) -> dict[str, Any]:
    """A form with files, which may be larger than other calls."""
    params: dict[str, Any] = {}
    async for part in await request.multipart():
        assert isinstance(part, BodyPartReader)
        assert part.name
        content = b""
        while piece := await part.read_chunk(2**16):
            content += piece
        params[part.name] = content if part.filename else _value(part.name, content.decode())
    return params


def _value(key: str, value: str) -> Any:
    return value if key in {"text", "caption"} else _field(value)


def _field(text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return text


def _json(status: int, value: object) -> web.Response:
    return web.Response(status=status, body=orjson.dumps(value), content_type="application/json")


def _refusal(refused: Refused) -> web.Response:
    value: dict[str, Any] = {
        "ok": False,
        "error_code": refused.status,
        "description": refused.description,
    }
    if refused.parameters:
        value["parameters"] = refused.parameters
    return _json(refused.status, value)


def _not_found() -> Refused:
    return Refused(404, "Not Found")


async def _run(options: argparse.Namespace) -> None:
    api = BotApi(token=options.token, port=options.port, seed=options.seed)
    low, high = options.latency_ms
    api.behaviour.latency = (low / 1000, high / 1000)
    api.behaviour.knows_everybody = options.knows_everybody
    await api.start()
    print(f"Bot API stand-in at {api.url}, token {api.token}", flush=True)  # noqa: T201
    await asyncio.Event().wait()


def main() -> None:
    """Run the stand-in until it is interrupted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--token", default=TOKEN)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--latency-ms", type=float, nargs=2, default=(0, 0), metavar=("LOW", "HIGH")
    )
    parser.add_argument("--knows-everybody", action="store_true", help="no chat is 'not found'")
    uvloop.run(_run(parser.parse_args()))


if __name__ == "__main__":
    main()
