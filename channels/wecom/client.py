"""The client of WeCom's server API: one for each app and secret, and one for each robot."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from channels.wecom import media
from channels.wecom.calls import Calls, Patience
from channels.wecom.failures import OK, Trouble, WecomError
from channels.wecom.limits import HOOK, SYNC, SYNC_UNTOLD
from channels.wecom.media import DOWNLOAD_BYTES, Kind, Media, Shelf
from channels.wecom.pacing import Pacing, Use
from channels.wecom.tokens import Now, Token, Tokens, TokenStore
from channels.wecom.wire import Ask, Wire, answer, as_json

log = logging.getLogger("guiyan.wecom")

_FILE_SECONDS = 60.0
_SENT_BYTES = 10 * 1024**2  # what the platform lets people send
_PATIENCE = Patience()


class _Files:
    """Uploads; the same file goes once in three days."""

    def __init__(self, calls: Calls, path: str, now: Now) -> None:
        self._calls = calls
        self._path = path
        self._now = now
        self._shelf = Shelf()

    async def upload(self, kind: Kind, name: str, content: bytes) -> str:
        now = self._now()
        if known := self._shelf.find(kind, name, content, now):
            return known
        form = media.form(kind, name, content, self._path)
        query = {"type": kind.value}
        ask = Ask(self._path, query, form.body, form.content_type, seconds=_FILE_SECONDS)
        value = await self._calls.make(ask, Use(self._path), answer, may_repeat=True)
        media_id = value.get("media_id")
        if not isinstance(media_id, str) or not media_id:
            raise WecomError(OK, self._path, trouble=Trouble.UNREADABLE)
        self._shelf.put(media_id, kind, name, content, until=media.good_until(value, now))
        return media_id

    def forget(self, media_id: str) -> None:
        self._shelf.forget(media_id)


class Client:
    """Calls in the name of one app. `path` is what follows `/cgi-bin/`: "kf/send_msg".

    `may_repeat`: the call changes nothing, or carries a key by which the platform knows a
    repetition (`msgid`, `enable_duplicate_check`).
    """

    def __init__(
        self,
        *,
        base_url: str,
        corp_id: str,
        secret: str,
        store: TokenStore,
        now: Now,
        pacing: Pacing | None = None,
        setting: str = "the secret of the app",
        patience: Patience = _PATIENCE,
    ) -> None:
        pacing = pacing or Pacing()
        self._seconds = patience.each
        self._wire = Wire(base_url)
        self._tokens = Tokens(
            wire=self._wire,
            store=store,
            corp_id=corp_id,
            secret=secret,
            base_url=base_url,
            pacing=pacing,
            now=now,
            setting=setting,
        )
        self._calls = Calls(
            wire=self._wire,
            entry=self._tokens,
            pacing=pacing,
            now=now,
            setting=setting,
            patience=patience,
        )
        self._files = _Files(self._calls, "media/upload", now)

    async def call(
        self,
        path: str,
        body: Mapping[str, Any],
        *,
        query: Mapping[str, str] | None = None,
        may_repeat: bool = False,
        is_bulk: bool = False,
    ) -> dict[str, Any]:
        """The answer to a POST; raises WecomError. `is_bulk`: nobody waits for it."""
        ask = Ask(path, query or {}, as_json(body), seconds=self._seconds)
        use = _use(path, body, is_bulk=is_bulk)
        return await self._calls.make(ask, use, answer, may_repeat=may_repeat)

    async def read(self, path: str, query: Mapping[str, str] | None = None) -> dict[str, Any]:
        """The answer to a GET, which changes nothing; raises WecomError."""
        ask = Ask(path, query or {}, seconds=self._seconds)
        return await self._calls.make(ask, Use(path), answer, may_repeat=True)

    async def upload(self, kind: Kind, name: str, content: bytes) -> str:
        """The id of a file for the next three days; raises WecomError.

        The same file is uploaded once in that time. May take a minute: not inside of a send.
        """
        return await self._files.upload(kind, name, content)

    def forget(self, media_id: str) -> None:
        """A send was refused with 40007: the file is to be uploaded anew."""
        self._files.forget(media_id)

    async def download(self, media_id: str, *, most_bytes: int = DOWNLOAD_BYTES) -> Media:
        """A file that somebody sent, up to three days ago; raises WecomError."""
        ask = Ask(
            "media/get", {"media_id": media_id}, seconds=_FILE_SECONDS, most_bytes=most_bytes
        )
        return await self._calls.make(ask, Use("media/get"), media.download, may_repeat=True)

    async def sent(self, media_id: str) -> bytes | None:
        """A voice or a picture that somebody sent; None where it cannot be had."""
        try:
            return (await self.download(media_id, most_bytes=_SENT_BYTES)).content
        except WecomError as error:
            log.warning("what somebody sent could not be fetched: %s", error)
            return None

    def fault(self) -> str:
        """What keeps this app from working, in a sentence for operators; "" if nothing."""
        return self._calls.fault()

    async def check(self) -> str:
        """Whether WeCom knows corp id and secret (for `doctor`); "" if it does."""
        try:
            await self._tokens.get()
        except WecomError as error:
            return self.fault() or f"WeCom gives no token: {error}"
        return ""

    async def close(self) -> None:
        """Let go of the connections."""
        await self._wire.close()


class RobotClient:
    """Calls in the name of one group robot, whose key is its only pass."""

    def __init__(
        self,
        *,
        base_url: str,
        name: str,
        key: str,
        now: Now,
        pacing: Pacing | None = None,
        setting: str = "the key of the robot",
        patience: Patience = _PATIENCE,
    ) -> None:
        self._name = name
        self._seconds = patience.each
        self._wire = Wire(base_url)
        self._calls = Calls(
            wire=self._wire,
            entry=_Key(key),
            pacing=pacing or Pacing(),
            now=now,
            setting=setting,
            patience=patience,
        )
        self._files = _Files(self._calls, "webhook/upload_media", now)

    async def send(self, body: Mapping[str, Any]) -> None:
        """Say something in the robot's group; raises WecomError. It knows no repetition."""
        ask = Ask(HOOK, {}, as_json(body), seconds=self._seconds)
        use = Use(HOOK, robot=self._name)
        await self._calls.make(ask, use, answer, may_repeat=False)

    async def upload(self, kind: Kind, name: str, content: bytes) -> str:
        """The id of a file, good for this robot only; raises WecomError."""
        return await self._files.upload(kind, name, content)

    def fault(self) -> str:
        """What keeps this robot from working, in a sentence for operators; "" if nothing."""
        return self._calls.fault()

    async def close(self) -> None:
        """Let go of the connections."""
        await self._wire.close()


class _Key:
    """A robot's key: never renewed."""

    name = "key"

    def __init__(self, key: str) -> None:
        self._token = Token(key, datetime.max.replace(tzinfo=UTC), b"")

    async def get(self) -> Token:
        return self._token

    async def replaced(self, refused: Token) -> Token | None:
        return None

    def fault(self) -> str:
        return ""


def _use(path: str, body: Mapping[str, Any], *, is_bulk: bool) -> Use:
    if path == SYNC and not body.get("token"):
        return Use(SYNC_UNTOLD)
    to = body.get("touser")
    members = to.lower().split("|") if isinstance(to, str) else []
    return Use(path, members=tuple(members), is_bulk=is_bulk)
