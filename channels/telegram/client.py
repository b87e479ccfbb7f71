"""PTB's Bot over our transport, with a lean way to make the calls that every message needs."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import quote

from telegram import Bot, InputFile
from telegram.request import BaseRequest, RequestData

from channels.telegram.request import AiohttpRequest, UnreadableAnswer


@dataclass(frozen=True, slots=True)
class Plain:
    """What our transport reads of a RequestData, without an object for each value."""

    parameters: dict[str, Any]
    contains_files: bool = False


class Client(Bot):
    """A Bot whose hot calls skip PTB's objects.

    `send_message` builds a keyboard of objects, and out of the answer a Message that nobody reads:
    0.6 ms of CPU a message, against 0.33 ms by `call` and 0.28 ms for the bare HTTP request (three
    buttons, `python -m tests.support.telegram_bench`). `get_updates` takes 0.17 ms an update where
    parse.py takes 0.01 ms, and parses a batch as a whole: one malformed update would lose it all.
    """

    def __init__(self, token: str, base_url: str, request: AiohttpRequest) -> None:
        self._files = request
        # At DEBUG, PTB writes the token and the texts into the log.
        logging.getLogger("telegram").setLevel(logging.INFO)
        super().__init__(
            token,
            base_url=base_url + "/bot",
            base_file_url=base_url + "/file/bot",
            request=request,
            get_updates_request=request,
        )

    def __repr__(self) -> str:
        return "Client()"  # PTB's shows the token

    async def call(
        self,
        method: str,
        parameters: dict[str, Any],
        *,
        seconds: Any = BaseRequest.DEFAULT_NONE,
    ) -> Any:
        """Call a method with plain values; its result as plain values. Raises TelegramError."""
        values = {name: value for name, value in parameters.items() if value is not None}
        if any(isinstance(value, InputFile) for value in values.values()):
            return await self._post(method, values, read_timeout=seconds)
        plain = cast(RequestData, Plain(values))
        return await self.request.post(f"{self.base_url}/{method}", plain, read_timeout=seconds)

    async def download(self, file_id: str) -> bytes:
        """The file of a message, within the limits of the transport. Raises TelegramError."""
        found = await self.call("getFile", {"file_id": file_id})
        path = found.get("file_path")
        if not isinstance(path, str) or path.startswith("/"):
            raise UnreadableAnswer("No path")  # a server in local mode keeps files for itself
        return await self._files.download(f"{self.base_file_url}/{quote(path)}")
