"""Who is at the other end: a random number in a signed cookie, and how fast they may write."""

from __future__ import annotations

import hmac
import secrets
from functools import cached_property
from urllib.parse import urlsplit

from aiohttp import web

from records.vault import Vault

COOKIE = "guiyan_visitor"
_YEAR = 365 * 24 * 3600
_CROWD = 10_000  # visitors remembered before the rested ones are let go


class Visitors:
    """Makes and checks the cookie that names a visitor; nothing about it is stored."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    @cached_property
    def _key(self) -> bytes:
        """Made when the store is open."""
        secret = self._vault.fingerprint("visitor cookie")
        return hmac.digest(secret.encode(), b"guiyan visitor", "sha256")

    def of(self, request: web.Request) -> str:
        """The visitor who sent this, "" if the cookie is missing or was not made by us."""
        visitor, _, signature = request.cookies.get(COOKIE, "").partition(".")
        fits = hmac.compare_digest(signature.encode(), self._signature(visitor).encode())
        return visitor if fits else ""

    def welcome(self, request: web.Request, response: web.StreamResponse) -> None:
        """Name the visitor on this page, or keep the name for another year."""
        visitor = self.of(request) or secrets.token_hex(16)
        response.set_cookie(
            COOKIE,
            f"{visitor}.{self._signature(visitor)}",
            max_age=_YEAR,
            path="/",
            httponly=True,
            samesite="Lax",
            secure=_came_over_https(request),
        )

    def _signature(self, visitor: str) -> str:
        return hmac.digest(self._key, visitor.encode(), "sha256").hex()


class Pacer:
    """Lets each visitor write `burst` messages at once and `rate` a second from then on."""

    def __init__(self, burst: int, rate: float) -> None:
        self._gap = 1 / rate
        self._slack = (burst - 1) * self._gap
        self._rested_at: dict[str, float] = {}

    def wait(self, visitor: str, now: float) -> float:
        """Seconds until this visitor may write; 0 if now, which then counts."""
        rested_at = max(self._rested_at.get(visitor, 0.0), now)
        if rested_at - now > self._slack:
            return rested_at - now - self._slack
        self._rested_at[visitor] = rested_at + self._gap
        if len(self._rested_at) > _CROWD:
            self._rested_at = {v: at for v, at in self._rested_at.items() if at > now}
        return 0.0


def is_foreign(request: web.Request) -> bool:
    """Whether another site's page sent this; programs, which name no origin, may pass."""
    origin = request.headers.get("Origin")
    # Pages cannot set the headers that are asked here; a proxy that hides our name may.
    if origin is None or request.headers.get("Sec-Fetch-Site") == "same-origin":
        return False
    hosts = {request.headers.get("Host"), request.headers.get("X-Forwarded-Host")}
    return urlsplit(origin).netloc not in hosts


def _came_over_https(request: web.Request) -> bool:
    return request.secure or request.headers.get("X-Forwarded-Proto") == "https"
