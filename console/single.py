"""Single sign-on by OpenID Connect: a code with PKCE, the id token checked by its keys.

OpenID Connect Core 1.0, section 3.1; RFC 7636.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import aiohttp
import jwt
import orjson

from console.means import Single

LIFE = timedelta(minutes=10)  # of one way there and back
_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]
_PATIENCE = aiohttp.ClientTimeout(total=10)
_LARGEST = 256 * 1024  # bytes of an answer
_LEEWAY = 60  # seconds that clocks may differ


class SingleFault(Exception):
    """The provider refused, or said what cannot be believed; one sentence in Chinese."""


@dataclass(frozen=True, slots=True)
class Journey:
    """What we remember while somebody is at the provider's."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def new(cls) -> Journey:
        return cls(*(secrets.token_urlsafe(32) for _ in range(3)))


class Provider:
    """The provider that the settings name."""

    def __init__(self, single: Single, back: str) -> None:
        self._single = single
        self._back = back  # our address that it sends people back to

    async def address(self, journey: Journey) -> str:
        """Where somebody is sent to sign in."""
        async with aiohttp.ClientSession(timeout=_PATIENCE) as client:
            known = await self._discovered(client)
        challenge = hashlib.sha256(journey.verifier.encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": self._single.client,
            "redirect_uri": self._back,
            "scope": "openid profile",
            "state": journey.state,
            "nonce": journey.nonce,
            "code_challenge": base64.urlsafe_b64encode(challenge).decode().rstrip("="),
            "code_challenge_method": "S256",
        }
        return f"{known['authorization_endpoint']}?{urlencode(asked)}"

    async def who(self, journey: Journey, code: str) -> str:
        """Whom the provider vouches for: the value of the claim; SingleFault otherwise."""
        async with aiohttp.ClientSession(timeout=_PATIENCE) as client:
            known = await self._discovered(client)
            token = await self._token(client, str(known["token_endpoint"]), journey, code)
            keys = await _asked(client, "GET", str(known["jwks_uri"]))
        return self._believed(token, keys, str(known["issuer"]), journey)

    async def _discovered(self, client: aiohttp.ClientSession) -> Mapping[str, Any]:
        issuer = self._single.issuer
        known = await _asked(client, "GET", f"{issuer}/.well-known/openid-configuration")
        named = [known.get(n) for n in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
        is_whole = all(isinstance(one, str) and _is_safe(one, issuer) for one in named)
        if str(known.get("issuer")).rstrip("/") != issuer or not is_whole:
            raise SingleFault(
                "单位的登录服务给的资料不对，请管系统的同事检查 GUIYAN_OIDC_ISSUER。"
            )
        return known

    async def _token(
        self, client: aiohttp.ClientSession, endpoint: str, journey: Journey, code: str
    ) -> str:
        sent = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._back,
            "client_id": self._single.client,
            "code_verifier": journey.verifier,
        }
        proof = aiohttp.encode_basic_auth(self._single.client, self._single.secret)
        headers = {"Authorization": proof}
        answer = await _asked(client, "POST", endpoint, data=sent, headers=headers)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise SingleFault("单位的登录服务没有确认您是谁，请再登录一次。")
        return token

    def _believed(self, token: str, keys: Mapping[str, Any], issuer: str, journey: Journey) -> str:
        try:
            known = jwt.PyJWKSet.from_dict(dict(keys))
            key = known[str(jwt.get_unverified_header(token).get("kid", ""))]
            told = jwt.decode(
                token,
                key.key,
                algorithms=_ALGORITHMS,
                audience=self._single.client,
                issuer=issuer,
                leeway=_LEEWAY,
                options={"require": ["exp", "iat", "aud", "iss", "sub"]},
            )
        except (jwt.PyJWTError, KeyError) as fault:
            raise SingleFault("单位的登录服务给的证明核对不上，请再登录一次。") from fault
        if not secrets.compare_digest(str(told.get("nonce", "")).encode(), journey.nonce.encode()):
            raise SingleFault("这次登录和开始的不是同一次，请再登录一次。")
        return str(told.get(self._single.claim) or "")


def _is_safe(address: str, issuer: str) -> bool:
    """Encrypted, or on the very host that the settings name (a rehearsal on one machine)."""
    host = "/".join(issuer.split("/", 3)[:3])
    return address.startswith("https://") or address.startswith(host + "/")


async def _asked(
    client: aiohttp.ClientSession, method: str, address: str, **more: Any
) -> Mapping[str, Any]:
    try:
        async with client.request(method, address, allow_redirects=False, **more) as response:
            body = await response.content.read(_LARGEST)
            if response.status != 200:
                raise SingleFault("单位的登录服务拒绝了，请再登录一次；一直这样请找管系统的同事。")
            found = orjson.loads(body)
    except (aiohttp.ClientError, TimeoutError, ValueError) as fault:
        raise SingleFault("单位的登录服务现在连不上，请用密码登录，或过一会儿再试。") from fault
    if not isinstance(found, dict):
        raise SingleFault("单位的登录服务答得不对，请找管系统的同事。")
    return found
