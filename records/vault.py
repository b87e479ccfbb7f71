"""Seals what is personal before it is stored, and makes it findable without being readable."""

from __future__ import annotations

import hashlib
import os
from typing import Any, NamedTuple

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE = 12
_DRAWN = 256
_KEY, _HOLDER = 32, 8  # bytes
_BLOCK = 64  # bytes that SHA-256 works through at once
_VERSION = b"\x01"


class VaultError(Exception):
    """Something sealed cannot be opened: the key is another one, or the bytes were changed."""


class Keys(NamedTuple):
    """What a store is sealed with, 32 bytes each: for content, and for look-ups."""

    seal: bytes
    print: bytes


class Vault:
    """AES-256-GCM for content and HMAC-SHA-256 for look-ups.

    A sealed value is version (1 byte), nonce (12), ciphertext with tag. The keys of a new store
    are made from its first secret; it keeps them, wrapped by the secrets of the day (keyring.py).
    """

    def __init__(self, secret: str, *, is_closed: bool = False) -> None:
        """With `is_closed` it does nothing until the store's keys are known (`use`)."""
        if not secret:
            raise VaultError("there is no key to seal with: set GUIYAN_SECRET_KEY")
        self._nonces: list[bytes] = []
        self.first = Keys(_derive(secret, b"guiyan seal"), _derive(secret, b"guiyan fingerprint"))
        self.holder = _derive(secret, b"guiyan holder")[:_HOLDER].hex()
        self._wrapping = AESGCM(_derive(secret, b"guiyan wrap"))
        self._cipher: AESGCM | _Closed = _Closed()
        self._inner: Any = self._cipher
        if not is_closed:
            self.use(self.first)

    def use(self, keys: Keys) -> None:
        """Seal and open with these from now on."""
        self.keys = keys
        self._cipher = AESGCM(keys.seal)
        key = keys.print.ljust(_BLOCK, b"\0")
        # HMAC with its key worked in once: a list of people has three for each of them.
        self._inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in key))
        self._outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in key))

    def wrap(self, keys: Keys) -> bytes:
        """Keys of a store, so that only this secret brings them out again."""
        nonce = os.urandom(_NONCE)
        return nonce + self._wrapping.encrypt(nonce, keys.seal + keys.print, None)

    def unwrap(self, wrapped: bytes) -> Keys:
        """The keys again; VaultError if another secret wrapped them."""
        try:
            raw = self._wrapping.decrypt(wrapped[:_NONCE], wrapped[_NONCE:], None)
        except InvalidTag as error:
            raise VaultError("the store's keys were changed: restore a back-up") from error
        return Keys(raw[:_KEY], raw[_KEY:])

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


class _Closed:
    """Stands where the keys of the store will be."""

    def encrypt(self, *_: object) -> bytes:
        raise VaultError("the store's keys are not known yet: it is to be opened first")

    decrypt = copy = encrypt


def _derive(secret: str, purpose: bytes) -> bytes:
    derivation = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=purpose)
    return derivation.derive(secret.encode())
