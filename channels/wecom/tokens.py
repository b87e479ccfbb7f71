"""Access tokens: asked for once for everybody, shared between processes, never in a loop.

A token is one corp's and one secret's. Within the process a lock lets one refresh at a time;
between processes the table does, by a lease. After too many wrong secrets WeCom shuts the whole
address out for an hour: a refused one is tried again after minutes only, and never more often
than a named limit.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Protocol

from channels.wecom.failures import OK, TOKEN_PATH, TOO_OFTEN, Trouble, WecomError, advice
from channels.wecom.pacing import Pacing, Use
from channels.wecom.wire import Ask, Wire, answer
from records import access_tokens
from records.access_tokens import Lease
from records.database import Database, StoreUnavailable
from records.vault import Vault, VaultError

log = logging.getLogger("guiyan.wecom")

_EARLY = timedelta(seconds=200)  # before it expires; a tenth of its life if that is shorter
_LEAST = timedelta(seconds=1)
_LONGEST = timedelta(days=1)
_LEASE = timedelta(seconds=10)  # longer than asking for a token may take
_LOOK_SECONDS = 0.2  # between looks at the table while another process refreshes
_FIRST_REST, _LONGEST_REST = timedelta(seconds=1), timedelta(minutes=1)
_FIRST_REFUSED_REST, _LONGEST_REFUSED_REST = timedelta(minutes=5), timedelta(minutes=20)

Now = Callable[[], datetime]
Sleep = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Token:
    """A token, and until when it is used; `seal` tells two refreshes with one value apart."""

    value: str = field(repr=False)
    renew_at: datetime
    seal: bytes = field(repr=False)


class TokenStore:
    """The table of tokens, opened and sealed."""

    def __init__(self, database: Database, vault: Vault, owner: str) -> None:
        self._database = database
        self._vault = vault
        self._owner = owner

    def key(self, *parts: str) -> str:
        """The name of a token in the table; it tells nothing of the secret."""
        return self._vault.fingerprint("\n".join(["access token", *parts]))

    async def find(self, key: str) -> tuple[bytes, Token | None]:
        """What is stored and the token in it; None if there is none that can be opened."""
        sealed = await self._database.read(access_tokens.find, key)
        try:
            content = self._vault.open(sealed) if sealed else None
        except VaultError:  # the key of the vault has changed; tokens come anew
            content = None
        if content is None:
            return sealed, None
        renew_at = datetime.fromisoformat(content["renew_at"])
        return sealed, Token(content["token"], renew_at, sealed)

    async def hold(self, key: str, known: bytes, now: datetime) -> Lease | None:
        """The right to refresh, if nobody has it and the token is still the known one."""
        lease = Lease(key, self._owner, now + _LEASE)
        is_ours = await self._database.run(access_tokens.hold, lease, known, now)
        return lease if is_ours else None

    async def keep(self, lease: Lease, value: str, now: datetime, life: timedelta) -> Token:
        """Share a fresh token; the lease ends."""
        renew_at = now + max(life - min(_EARLY, life / 10), _LEAST)
        sealed = self._vault.seal({"token": value, "renew_at": renew_at.isoformat()})
        await self._database.run(access_tokens.keep, lease, sealed, now + life)
        return Token(value, renew_at, sealed)

    async def let_go(self, lease: Lease) -> None:
        """Leave the refresh to others."""
        await self._database.run(access_tokens.let_go, lease)


class Pass(Protocol):
    """What lets a call in: a token that is renewed, or a robot's key."""

    @property
    def name(self) -> str:
        """Its name in the query."""
        ...

    async def get(self) -> Token:
        """The one to use now; raises WecomError."""
        ...

    async def replaced(self, refused: Token) -> Token | None:
        """Another than the one that was refused; None if there can be no other."""
        ...

    def fault(self) -> str:
        """Why there is none, for operators; "" if there is."""
        ...


class Tokens:
    """The token of one corp and secret."""

    name = "access_token"

    def __init__(
        self,
        *,
        wire: Wire,
        store: TokenStore,
        corp_id: str,
        secret: str,
        base_url: str,
        pacing: Pacing,
        now: Now,
        setting: str,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._wire = wire
        self._store = store
        self._query = {"corpid": corp_id, "corpsecret": secret}
        self._names = (base_url, corp_id, secret)
        self._pacing = pacing
        self._now = now
        self._setting = setting
        self._sleep = sleep
        self._lock = asyncio.Lock()
        self._token: Token | None = None
        self._rest = _Rest()

    @cached_property
    def _key(self) -> str:
        """Made when the store is open."""
        return self._store.key(*self._names)

    async def get(self) -> Token:
        """The token that is good now; refreshed ahead of its end."""
        return self._usable(None) or await self._refreshed(None)

    async def replaced(self, refused: Token) -> Token | None:
        """The token after `refused`; asked for only if nobody else has done so yet."""
        return self._usable(refused) or await self._refreshed(refused)

    def fault(self) -> str:
        """What WeCom last said against the corp id or the secret, until it gives a token again."""
        error = self._rest.error
        if error is None:
            return ""
        if error.trouble.is_passing:
            return f"WeCom cannot be reached or does not answer: {error}"
        return advice(error, self._setting)

    def _usable(self, refused: Token | None) -> Token | None:
        token = self._token
        return token if token is not None and self._is_good(token, refused) else None

    def _is_good(self, token: Token, refused: Token | None) -> bool:
        is_refused = refused is not None and token.seal == refused.seal
        return not is_refused and self._now() < token.renew_at

    async def _refreshed(self, refused: Token | None) -> Token:
        async with self._lock:
            if token := self._usable(refused):
                return token
            if error := self._rest.at(self._now()):
                raise error
            try:
                self._token = await self._shared(refused)
            except StoreUnavailable:
                raise WecomError(OK, TOKEN_PATH, trouble=Trouble.NOT_SENT) from None
            self._rest = _Rest()
            return self._token

    async def _shared(self, refused: Token | None) -> Token:
        """The token that is in the table, or that we put there; waits while another refreshes."""
        while True:
            sealed, token = await self._store.find(self._key)
            if token is not None and self._is_good(token, refused):
                return token
            lease = await self._store.hold(self._key, sealed, self._now())
            if lease is not None:
                return await self._fetched(lease)
            await self._sleep(_LOOK_SECONDS)

    async def _fetched(self, lease: Lease) -> Token:
        is_kept = False
        try:
            value, life = await self._asked()
            token = await self._store.keep(lease, value, self._now(), life)
            is_kept = True
        finally:
            if not is_kept:
                await self._store.let_go(lease)
        return token

    async def _asked(self) -> tuple[str, timedelta]:
        now, use = self._now(), Use(TOKEN_PATH)
        try:
            slot = self._pacing.slot(use, now)
            if slot > now:
                raise WecomError(TOO_OFTEN, TOKEN_PATH, retry_after=slot - now)
            return _token(answer(await self._wire.ask(Ask(TOKEN_PATH, self._query)), TOKEN_PATH))
        except WecomError as error:
            if error.code == TOO_OFTEN and error.retry_after is None:
                error.retry_after = self._pacing.refused(use, now) - now
            self._note(error)
            raise self._rest.after(error, now) from None

    def _note(self, error: WecomError) -> None:
        before = self._rest.error
        if before is None or before.code != error.code or before.trouble is not error.trouble:
            log.error("no token: %s", advice(error, self._setting) if error.code else error)


class _Rest:
    """How long nobody asks after a failure; longer each time, and at once the same for all."""

    def __init__(self) -> None:
        self.error: WecomError | None = None
        self._until: datetime | None = None
        self._times = 0

    def at(self, now: datetime) -> WecomError | None:
        """The failure that still stands."""
        if self.error is None or self._until is None or now >= self._until:
            return None
        return _as_told(self.error, self._until - now)

    def after(self, error: WecomError, now: datetime) -> WecomError:
        """The failure as those are told who wanted the token."""
        is_same = self.error is not None and self.error.trouble is error.trouble
        self._times = self._times + 1 if is_same else 0
        first, longest = _FIRST_REST, _LONGEST_REST
        if not error.trouble.is_passing:
            first, longest = _FIRST_REFUSED_REST, _LONGEST_REFUSED_REST
        rest = error.retry_after or min(first * 2 ** min(self._times, 10), longest)
        self.error, self._until = error, now + rest
        return _as_told(error, rest)


def _as_told(error: WecomError, rest: timedelta) -> WecomError:
    # Whatever went wrong with the token: the call itself certainly never left.
    trouble = Trouble.NOT_SENT if error.trouble.is_passing else error.trouble
    code = OK if error.trouble.is_passing else error.code
    return WecomError(code, TOKEN_PATH, trouble=trouble, retry_after=rest)


def _token(value: dict[str, Any]) -> tuple[str, timedelta]:
    token, seconds = value.get("access_token"), value.get("expires_in")
    if isinstance(token, str) and token and isinstance(seconds, int) and seconds > 0:
        return token, min(timedelta(seconds=min(seconds, 10**6)), _LONGEST)
    raise WecomError(OK, TOKEN_PATH, trouble=Trouble.UNREADABLE)
