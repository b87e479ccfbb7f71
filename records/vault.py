"""Seals what is personal before it is stored, and makes it findable without being readable."""

from __future__ import annotations

import hashlib
import os
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE = 12
_DRAWN = 256
_BLOCK = 64  # bytes that SHA-256 works through at once
_VERSION = b"\x01"


class VaultError(Exception):
    """Something sealed cannot be opened: the key is another one, or the bytes were changed."""


class Vault:
    """AES-256-GCM for content and HMAC-SHA-256 for look-ups, both from one secret.

    A sealed value is version (1 byte), nonce (12), ciphertext with tag.
    """

    def __init__(self, secret: str) -> None:
        if not secret:
            raise VaultError("there is no key to seal with: set GUIYAN_SECRET_KEY")
        self._cipher = AESGCM(_derive(secret, b"guiyan seal"))
        self._nonces: list[bytes] = []
        key = _derive(secret, b"guiyan fingerprint").ljust(_BLOCK, b"\0")
        # HMAC with its key worked in once: a list of people has three for each of them.
        self._inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in key))
        self._outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in key))

    def seal(self, value: Any) -> bytes:
        """Any JSON value as sealed bytes."""
        return self.seal_bytes(orjson.dumps(value))

    def seal_bytes(self, data: bytes) -> bytes:
        """Bytes as they are, sealed."""
        nonce = self._nonce()
        return _VERSION + nonce + self._cipher.encrypt(nonce, data, None)

    def _nonce(self) -> bytes:
        """Fresh random bytes, drawn from the system many at a time: a draw costs a system call."""
        try:
            return self._nonces.pop()  # atomic, whichever thread seals
        except IndexError:
            drawn = os.urandom(_NONCE * _DRAWN)
            self._nonces.extend(drawn[i : i + _NONCE] for i in range(_NONCE, len(drawn), _NONCE))
            return drawn[:_NONCE]

    def open(self, sealed: bytes) -> Any:
        """The value again; VaultError if it was sealed with another key."""
        return orjson.loads(self.open_bytes(sealed))

    def open_bytes(self, sealed: bytes) -> bytes:
        """The bytes again; VaultError if they were sealed with another key."""
        nonce, body = sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
        try:
            return self._cipher.decrypt(nonce, body, None)
        except InvalidTag as error:
            raise VaultError(
                "stored data was sealed with another key: restore the former GUIYAN_SECRET_KEY"
            ) from error

    def fingerprint(self, text: str) -> str:
        """A fixed code for `text` (a phone number, say) that finds the row and tells nothing."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(text.encode())
        outer.update(inner.digest())
        return outer.hexdigest()


def _derive(secret: str, purpose: bytes) -> bytes:
    derivation = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=purpose)
    return derivation.derive(secret.encode())
