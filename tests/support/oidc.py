"""A provider of OpenID Connect, as far as signing in asks for one; it can be told to lie."""

from __future__ import annotations

import base64
import hashlib
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from aiohttp import encode_basic_auth, web
from aiohttp.test_utils import TestServer
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "guiyan", "a secret for tests"
_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
_OTHER = rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Issuer:
    """Codes for whoever signs in, and tokens for codes."""

    def __init__(self) -> None:
        self.address = ""
        self.lies: dict[str, Any] = {}  # claims that differ from what is right
        self.signs_with_another_key = False
        self.names_another_issuer = False
        self._codes: dict[str, dict[str, str]] = {}

    def sign_in(self, address: str, who: str) -> dict[str, str]:
        """Somebody signs in at the address that we sent them to; what they come back with."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        code = f"code-{len(self._codes)}"
        self._codes[code] = {**asked, "who": who}
        return {"code": code, "state": asked["state"]}

    async def known(self, _request: web.Request) -> web.Response:
        issuer = "https://another.example" if self.names_another_issuer else self.address
        return web.json_response(
            {
                "issuer": issuer,
                "authorization_endpoint": f"{self.address}/authorize",
                "token_endpoint": f"{self.address}/token",
                "jwks_uri": f"{self.address}/keys",
            }
        )

    async def token(self, request: web.Request) -> web.Response:
        form = await request.post()
        asked = self._codes.pop(str(form["code"]), None)
        verifier = hashlib.sha256(str(form["code_verifier"]).encode()).digest()
        challenge = base64.urlsafe_b64encode(verifier).decode().rstrip("=")
        is_right = request.headers["Authorization"] == encode_basic_auth(CLIENT, SECRET)
        if asked is None or not is_right or asked["code_challenge"] != challenge:
            return web.json_response({"error": "invalid_grant"}, status=400)
        return web.json_response({"id_token": self._signed(asked)})

    def _signed(self, asked: dict[str, str]) -> str:
        now = int(time.time())
        told = {
            "iss": self.address,
            "aud": CLIENT,
            "sub": asked["who"],
            "nonce": asked["nonce"],
            "iat": now,
            "exp": now + 300,
            **self.lies,
        }
        key = _OTHER if self.signs_with_another_key else _KEY
        return jwt.encode(told, key, algorithm="RS256", headers={"kid": "one"})

    async def keys(self, _request: web.Request) -> web.Response:
        public = jwt.algorithms.RSAAlgorithm.to_jwk(_KEY.public_key(), as_dict=True)
        return web.json_response({"keys": [{**public, "kid": "one", "use": "sig"}]})


@asynccontextmanager
async def issuing() -> AsyncIterator[Issuer]:
    """A provider that serves for as long as the block lasts."""
    issuer, app = Issuer(), web.Application()
    app.router.add_get("/.well-known/openid-configuration", issuer.known)
    app.router.add_post("/token", issuer.token)
    app.router.add_get("/keys", issuer.keys)
    async with TestServer(app) as server:
        issuer.address = str(server.make_url("")).rstrip("/")
        yield issuer
